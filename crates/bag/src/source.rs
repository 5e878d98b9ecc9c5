//! Where a bag's elements come from.

use crate::{Batch, Element, Flow, Partition};
use graph::{Context, Kind, OpError};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// What the pipeline behind a source needs of its text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Demand {
    /// Whole lines, their ends translated.
    Lines,
    /// Whole words: blocks may end within a line, and ends of lines may stay as they are.
    Words,
}

/// Hands a batch on; answers whether it wants more.
pub type Push<'a> = dyn FnMut(Batch<'_>) -> Result<Flow, OpError> + 'a;

/// Partitions of elements.
pub trait Source: Send + Sync {
    /// What plans, errors and traces call it.
    fn name(&self) -> String;

    /// How many partitions there are.
    fn partitions(&self) -> usize;

    /// The type of the elements.
    fn element(&self) -> Element;

    /// What it needs of a lane.
    fn kind(&self) -> Kind {
        Kind::Native
    }

    /// Where a partition comes from, such as a file's path.
    fn origin(&self, partition: u32) -> Option<String> {
        let _ = partition;
        None
    }

    /// Bytes and files to be read, where that is known.
    fn size(&self) -> Option<(u64, u64)> {
        None
    }

    /// The whole source in words, for a repr.
    fn description(&self) -> String {
        self.name()
    }

    /// One partition, to be read by this process or another.
    fn part(&self, partition: u32) -> Part;
}

/// A partition of a source.
pub enum Part {
    /// It is in memory.
    Memory(Arc<Partition>),
    /// It is to be read.
    Reader(Box<dyn Reader>),
}

impl Part {
    /// Hands the elements to `push` until there are no more, or no more are wanted.
    ///
    /// # Errors
    /// Whatever goes wrong at the source, and whatever `push` returns.
    pub fn read(
        &self,
        demand: Demand,
        context: &Context<'_>,
        push: &mut Push<'_>,
    ) -> Result<(), OpError> {
        match self {
            Self::Memory(partition) => {
                for batch in &partition.batches {
                    context.check()?;
                    if push(batch.clone())? == Flow::Enough {
                        break;
                    }
                }
                Ok(())
            }
            Self::Reader(reader) => reader.read(demand, context, push),
        }
    }
}

/// Reads a partition from where it is.
#[typetag::serde]
pub trait Reader: Send + Sync {
    /// Hands the elements to `push` until there are no more, or no more are wanted.
    ///
    /// # Errors
    /// Whatever goes wrong at the source, and whatever `push` returns.
    fn read(
        &self,
        demand: Demand,
        context: &Context<'_>,
        push: &mut Push<'_>,
    ) -> Result<(), OpError>;
}

/// Partitions that are in memory.
pub struct Memory {
    name: &'static str,
    element: Element,
    partitions: Vec<Arc<Partition>>,
}

impl Memory {
    /// A source of `partitions`, called `name`.
    pub fn new(name: &'static str, element: Element, partitions: Vec<Arc<Partition>>) -> Self {
        Self { name, element, partitions }
    }
}

impl Source for Memory {
    fn name(&self) -> String {
        self.name.into()
    }

    fn partitions(&self) -> usize {
        self.partitions.len()
    }

    fn element(&self) -> Element {
        self.element
    }

    fn part(&self, partition: u32) -> Part {
        Part::Memory(Arc::clone(&self.partitions[partition as usize]))
    }
}
