//! What is done with a partition, by this process or another: steps, then a reduction.

use crate::packed::{self, Form};
use crate::{Demand, Flow, Packed, Part, Partial, Partition, Reader, Reduction, Step};
use graph::{Context, Control, Kind, OpError, Shared};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Steps and a reduction.
#[derive(Clone, Serialize, Deserialize)]
pub struct Stage {
    pub(crate) steps: Vec<Arc<dyn Step>>,
    pub(crate) reduction: Arc<dyn Reduction>,
    demand: Demand,
}

/// What a stage has counted while another process did it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Input bytes.
    pub bytes: u64,
    /// Elements, words, lines.
    pub items: u64,
    /// Files read to their end.
    pub files: u64,
}

impl Counts {
    /// Adds them to those of a run.
    pub fn add_to(self, control: &Control) {
        control.advance(self.bytes, self.items);
        (0..self.files).for_each(|_| control.finish_file());
    }
}

impl Stage {
    /// `steps`, then `reduction`.
    pub fn new(steps: &[Arc<dyn Step>], reduction: Arc<dyn Reduction>) -> Self {
        let steps = fused(steps);
        let demand = demand(&steps);
        Self { steps, reduction, demand }
    }

    /// The stage that does of this one what a process can do by itself.
    pub fn early(&self) -> Self {
        Self { reduction: self.reduction.early(), ..self.clone() }
    }

    /// What it needs of a lane.
    pub fn kind(&self) -> Kind {
        let mut kinds = self.steps.iter().map(|step| step.kind()).chain([self.reduction.kind()]);
        if kinds.any(|kind| kind == Kind::Python) { Kind::Python } else { Kind::Native }
    }

    /// Has the elements of `part` go through the steps and into `partial`, and seals that.
    pub(crate) fn reduce(
        &self,
        part: &Part,
        partial: &mut dyn Partial,
        context: &Context<'_>,
    ) -> Result<(), OpError> {
        part.read(self.demand, context, &mut |batch| -> Result<Flow, OpError> {
            let through = self.steps.iter().try_fold(batch, |b, step| step.apply(b, context));
            let flow = partial.push(through?, context)?;
            context.check()?;
            Ok(flow)
        })?;
        partial.seal(context)
    }

    /// The stage as bytes.
    ///
    /// # Errors
    /// What can't be written down.
    pub fn pack(&self) -> Result<Vec<u8>, OpError> {
        Ok(Packed::new(self, Vec::new())?.head)
    }

    /// The stage that became these bytes.
    ///
    /// # Errors
    /// What is no stage.
    pub fn unpack(bytes: &[u8]) -> Result<Self, OpError> {
        Packed { head: bytes.to_vec(), parts: Vec::new() }.head()
    }

    /// Does it to a packed part, for another process.
    ///
    /// # Errors
    /// Whatever the source, a step or the reduction raises.
    pub fn run(&self, part: Packed) -> Result<Packed, OpError> {
        let control = Control::default();
        let context = Context { partition: 0, control: &control, ask: None };
        let mut partial = self.reduction.partial(0);
        self.reduce(&Part::unpack(part)?, &mut *partial, &context)?;
        let result = partial.finish(&context)?;
        let (bytes, items, files) = (control.bytes(), control.items(), control.files());
        let mut parts = Vec::new();
        let forms = packed::pack(&result, &mut parts)?;
        Packed::new(&(forms, Counts { bytes, items, files }), parts)
    }

    /// What [`Stage::run`] made of a part.
    ///
    /// # Errors
    /// What no stage makes.
    pub fn result(packed: Packed) -> Result<(Partition, Counts), OpError> {
        let (forms, counts) = packed.head()?;
        Ok((packed::unpack(forms, &mut packed.parts.into_iter())?, counts))
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

/// A part that is written down.
#[derive(Serialize, Deserialize)]
enum Written<R> {
    Memory(Vec<Form>),
    Reader(R),
}

impl Part {
    /// The part as it travels.
    ///
    /// # Errors
    /// What can't be written down.
    pub fn pack(&self) -> Result<Packed, OpError> {
        let mut parts = Vec::<Shared>::new();
        let written = match self {
            Self::Memory(partition) => Written::Memory(packed::pack(partition, &mut parts)?),
            Self::Reader(reader) => Written::Reader(&**reader),
        };
        Packed::new(&written, parts)
    }

    fn unpack(packed: Packed) -> Result<Self, OpError> {
        Ok(match packed.head::<Written<Box<dyn Reader>>>()? {
            Written::Memory(forms) => {
                let partition = packed::unpack(forms, &mut packed.parts.into_iter())?;
                Self::Memory(Arc::new(partition))
            }
            Written::Reader(reader) => Self::Reader(reader),
        })
    }
}
