//! The tasks of a lowered bag: one for each partition, and those that merge what they leave.
//!
//! The steps between a source and a reduction are one task: batches stream through them, so what
//! stands between two steps is a block of text and never a partition.

use crate::expression::Origin;
use crate::source::push_all;
use crate::{Bag, Demand, Flow, Partial, Partition, Reduction, Source, Step};
use graph::{Context, Data, Kind, Op, OpError, Value, downcast, value};
use std::sync::{Arc, Mutex, PoisonError};

/// A partial on its way between tasks; its one reader takes it out.
struct PartialValue {
    partial: Mutex<Option<Box<dyn Partial>>>,
    bytes: usize,
}

impl PartialValue {
    fn wrap(partial: Box<dyn Partial>) -> Value {
        let bytes = partial.bytes();
        value(Self { partial: Mutex::new(Some(partial)), bytes })
    }

    fn take(value: &Value) -> Box<dyn Partial> {
        let held = downcast::<Self>(value).expect("the inputs of a merge are partials");
        let mut partial = held.partial.lock().unwrap_or_else(PoisonError::into_inner);
        partial.take().expect("a partial has one reader")
    }
}

impl Data for PartialValue {
    fn bytes(&self) -> usize {
        self.bytes
    }
}

/// Partials of a commutative reduction that no task is working on.
#[derive(Default)]
pub(crate) struct Pool {
    partials: Mutex<Vec<Box<dyn Partial>>>,
}

impl Pool {
    fn take(&self) -> Option<Box<dyn Partial>> {
        self.partials.lock().unwrap_or_else(PoisonError::into_inner).pop()
    }

    fn put(&self, partial: Box<dyn Partial>) {
        self.partials.lock().unwrap_or_else(PoisonError::into_inner).push(partial);
    }
}

/// What becomes of a partition's partial.
pub(crate) enum After {
    /// It is the result.
    Finish,
    /// A merge takes it.
    Merge,
    /// The next task goes on with it.
    Pool(Arc<Pool>),
}

/// One partition: source, steps, reduction.
pub(crate) struct Pipeline {
    source: Option<Arc<dyn Source>>,
    steps: Vec<Arc<dyn Step>>,
    reduction: Arc<dyn Reduction>,
    demand: Demand,
    after: After,
}

impl Pipeline {
    pub fn new(bag: &Bag, reduction: Arc<dyn Reduction>, after: After) -> Self {
        let source = match &bag.origin {
            Origin::Source(source) => Some(Arc::clone(source)),
            Origin::Reduced(_) => None,
        };
        let steps = fused(&bag.steps);
        let demand = demand(&steps);
        Self { source, steps, reduction, demand, after }
    }

    fn reduce(
        &self,
        inputs: &[Value],
        partial: &mut dyn Partial,
        context: &Context<'_>,
    ) -> Result<(), OpError> {
        let mut push = |batch: crate::Batch<'_>| -> Result<Flow, OpError> {
            let through = self.steps.iter().try_fold(batch, |b, step| step.apply(b, context));
            let flow = partial.push(through?, context)?;
            context.check()?;
            Ok(flow)
        };
        match (&self.source, inputs) {
            (Some(source), _) => source.read(context.partition, self.demand, context, &mut push),
            (None, [input]) => {
                let input = downcast::<Partition>(input).expect("a reduced bag's value");
                push_all(input, context, &mut push)
            }
            (None, _) => unreachable!("a bag without a source reads one reduction"),
        }
    }
}

/// The steps, with those made one that would rather be.
fn fused(steps: &[Arc<dyn Step>]) -> Vec<Arc<dyn Step>> {
    let mut fused: Vec<Arc<dyn Step>> = Vec::with_capacity(steps.len());
    for step in steps {
        match fused.last().and_then(|last| last.fuse(&**step)) {
            Some(both) => *fused.last_mut().expect("there is a last step") = both,
            None => fused.push(Arc::clone(step)),
        }
    }
    fused
}

/// Where steps that keep words lead to a split and a flatten, words are all that is asked for.
fn demand(steps: &[Arc<dyn Step>]) -> Demand {
    let mut steps = steps.iter().skip_while(|step| step.keeps_words());
    match (steps.next(), steps.next()) {
        (Some(split), Some(flatten)) if split.splits_words() && flatten.flattens() => Demand::Words,
        _ => Demand::Lines,
    }
}

impl Op for Pipeline {
    fn name(&self) -> String {
        let source = self.source.iter().map(|source| source.name());
        let steps = self.steps.iter().map(|step| step.name());
        let names: Vec<_> = source.chain(steps).chain([self.reduction.name()]).collect();
        names.join("+")
    }

    fn kind(&self) -> Kind {
        let source = self.source.iter().map(|source| source.kind());
        let steps = self.steps.iter().map(|step| step.kind());
        let mut kinds = source.chain(steps).chain([self.reduction.kind()]);
        if kinds.any(|kind| kind == Kind::Python) { Kind::Python } else { Kind::Native }
    }

    fn origin(&self, partition: u32) -> Option<String> {
        self.source.as_ref()?.origin(partition)
    }

    fn run(&self, inputs: Vec<Value>, context: &Context<'_>) -> Result<Value, OpError> {
        let pooled = match &self.after {
            After::Pool(pool) => pool.take(),
            After::Finish | After::Merge => None,
        };
        let mut partial = pooled.unwrap_or_else(|| self.reduction.partial(context.partition));
        self.reduce(&inputs, &mut *partial, context)?;
        partial.seal(context)?;
        match &self.after {
            After::Finish => Ok(value(partial.finish(context)?)),
            After::Merge => Ok(PartialValue::wrap(partial)),
            After::Pool(pool) => {
                pool.put(partial);
                Ok(value(()))
            }
        }
    }
}

/// Merges partials in the order of their partitions.
pub(crate) struct Merge {
    pub reduction: Arc<dyn Reduction>,
}

impl Op for Merge {
    fn name(&self) -> String {
        format!("{}-merge", self.reduction.name())
    }

    fn kind(&self) -> Kind {
        self.reduction.kind()
    }

    fn run(&self, inputs: Vec<Value>, context: &Context<'_>) -> Result<Value, OpError> {
        Ok(PartialValue::wrap(merge(inputs.iter().map(PartialValue::take), context, || {
            self.reduction.partial(0)
        })?))
    }
}

/// Merges what commutative tasks left behind, and makes the result of it.
pub(crate) struct Gather {
    pub reduction: Arc<dyn Reduction>,
    pub pool: Arc<Pool>,
}

impl Op for Gather {
    fn name(&self) -> String {
        format!("{}-gather", self.reduction.name())
    }

    fn kind(&self) -> Kind {
        self.reduction.kind()
    }

    fn run(&self, _inputs: Vec<Value>, context: &Context<'_>) -> Result<Value, OpError> {
        let partials = std::iter::from_fn(|| self.pool.take());
        Ok(value(merge(partials, context, || self.reduction.partial(0))?.finish(context)?))
    }
}

/// Makes the result of the last partial.
pub(crate) struct Finish {
    pub reduction: Arc<dyn Reduction>,
}

impl Op for Finish {
    fn name(&self) -> String {
        format!("{}-finish", self.reduction.name())
    }

    fn kind(&self) -> Kind {
        self.reduction.kind()
    }

    fn run(&self, inputs: Vec<Value>, context: &Context<'_>) -> Result<Value, OpError> {
        let partials = inputs.iter().map(PartialValue::take);
        Ok(value(merge(partials, context, || self.reduction.partial(0))?.finish(context)?))
    }
}

fn merge(
    mut partials: impl Iterator<Item = Box<dyn Partial>>,
    context: &Context<'_>,
    nothing: impl Fn() -> Box<dyn Partial>,
) -> Result<Box<dyn Partial>, OpError> {
    let Some(mut merged) = partials.next() else { return Ok(nothing()) };
    for next in partials {
        context.check()?;
        merged.merge(next, context)?;
    }
    Ok(merged)
}
