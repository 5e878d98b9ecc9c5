//! The tasks of a lowered bag: one for each partition, and those that merge what they leave.
//!
//! The steps between a source and a reduction are one task: batches stream through them, so what
//! stands between two steps is a block of text and never a partition.

use crate::expression::Origin;
use crate::{Bag, Part, Partial, Partition, Reduction, Source, Stage};
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
pub struct Pipeline {
    source: Option<Arc<dyn Source>>,
    stage: Stage,
    after: After,
}

impl Pipeline {
    pub(crate) fn new(bag: &Bag, reduction: Arc<dyn Reduction>, after: After) -> Self {
        let source = match &bag.origin {
            Origin::Source(source) => Some(Arc::clone(source)),
            Origin::Reduced(_) => None,
        };
        Self { source, stage: Stage::new(&bag.steps, reduction), after }
    }

    /// What is done with each partition.
    pub fn stage(&self) -> &Stage {
        &self.stage
    }

    /// What it is done with in one task.
    ///
    /// # Panics
    /// If a bag without a source is given anything but the one reduction that it reads.
    pub fn part(&self, inputs: &[Value], partition: u32) -> Part {
        match (&self.source, inputs) {
            (Some(source), _) => source.part(partition),
            (None, [input]) => Part::Memory(Partition::of_value(Arc::clone(input))),
            (None, _) => unreachable!("a bag without a source reads one reduction"),
        }
    }

    /// Goes on with what [`Stage::early`] made of a part elsewhere.
    ///
    /// # Errors
    /// Whatever the reduction raises.
    pub fn absorb(&self, early: Partition, context: &Context<'_>) -> Result<Value, OpError> {
        self.leave(context, |partial| partial.absorb(early, context))
    }

    /// Has `work` fill a partial, and leaves that to whoever comes next.
    fn leave(
        &self,
        context: &Context<'_>,
        work: impl FnOnce(&mut dyn Partial) -> Result<(), OpError>,
    ) -> Result<Value, OpError> {
        let new = || self.stage.reduction.partial(context.partition);
        match &self.after {
            After::Finish => {
                let mut partial = new();
                work(&mut *partial)?;
                Ok(value(partial.finish(context)?))
            }
            After::Merge => {
                let mut partial = new();
                work(&mut *partial)?;
                Ok(PartialValue::wrap(partial))
            }
            After::Pool(pool) => {
                let mut partial =
                    if self.adds_to_pooled() { pool.take() } else { None }.unwrap_or_else(new);
                work(&mut *partial)?;
                if !self.adds_to_pooled()
                    && let Some(pooled) = pool.take()
                {
                    let next = std::mem::replace(&mut partial, pooled);
                    partial.merge(next, context)?;
                }
                pool.put(partial);
                Ok(value(()))
            }
        }
    }

    /// Whether a partition goes right into what others have left behind: quicker than a table of its own
    /// that is merged, but not beside the user's function, which may fail and be tried again.
    fn adds_to_pooled(&self) -> bool {
        matches!(self.after, After::Pool(_)) && self.kind() == Kind::Native
    }
}

impl Op for Pipeline {
    fn name(&self) -> String {
        let source = self.source.iter().map(|source| source.name());
        let steps = self.stage.steps.iter().map(|step| step.name());
        let names: Vec<_> = source.chain(steps).chain([self.stage.reduction.name()]).collect();
        names.join("+")
    }

    fn kind(&self) -> Kind {
        let source = self.source.as_ref().map(|source| source.kind());
        if source == Some(Kind::Python) { Kind::Python } else { self.stage.kind() }
    }

    fn origin(&self, partition: u32) -> Option<String> {
        self.source.as_ref()?.origin(partition)
    }

    fn is_repeatable(&self) -> bool {
        // Half of a partition in what others have left behind can't be taken out again.
        !self.adds_to_pooled()
    }

    fn run(&self, inputs: Vec<Value>, context: &Context<'_>) -> Result<Value, OpError> {
        let part = self.part(&inputs, context.partition);
        drop(inputs);
        self.leave(context, |partial| self.stage.reduce(&part, partial, context))
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

    fn is_repeatable(&self) -> bool {
        // Partials are taken, and may have been merged in part.
        false
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

    fn is_repeatable(&self) -> bool {
        // Partials are taken, and may have been merged in part.
        false
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

    fn is_repeatable(&self) -> bool {
        // Partials are taken, and may have been merged in part.
        false
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
