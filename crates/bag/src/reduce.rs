//! Reductions: many elements to one result, partition by partition.
//!
//! A partition's batches go into a [`Partial`]; partials merge. An *ordered* reduction merges them
//! in the order of the partitions, in a tree. A *commutative* one with a large partial (a table of
//! all words) would rather not have one for each of 2,000 partitions: its partials are handed from
//! task to task, so that there are never more than tasks that run at one time.

mod collect;
mod count;
mod distinct;
mod extreme;
mod frequencies;
mod number;
mod slots;
mod table;
mod top;
mod write;

pub use collect::{Collect, Head};
pub use count::Count;
pub use distinct::Distinct;
pub use extreme::Extreme;
pub use frequencies::Frequencies;
pub use number::{Mean, Sum};
pub use top::Top;
pub use write::WriteText;

use crate::{BagError, Batch, Element, Partition};
use graph::{Context, Kind, OpError};
use std::any::Any;
use std::sync::Arc;

/// Whether a reduction wants more batches of this partition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flow {
    /// Go on.
    More,
    /// Whatever comes, the result would be the same.
    Enough,
}

/// How elements become a result.
#[typetag::serde]
pub trait Reduction: Send + Sync {
    /// What plans, errors and traces call it.
    fn name(&self) -> String;

    /// The type of the result's elements, given that of the bag's.
    ///
    /// # Errors
    /// [`BagError::Type`] if such elements can't be reduced that way.
    fn element(&self, input: Element) -> Result<Element, BagError>;

    /// What it needs of a lane.
    fn kind(&self) -> Kind {
        Kind::Native
    }

    /// Whether partials may be merged in any order, and hold elements of several partitions.
    fn is_commutative(&self) -> bool {
        false
    }

    /// A partial result of no element, for `partition`.
    fn partial(&self, partition: u32) -> Box<dyn Partial>;

    /// What another process makes of a partition for this reduction to go on with: its elements,
    /// unless less will do.
    fn early(&self) -> Arc<dyn Reduction> {
        Arc::new(Collect)
    }

    /// The same reduction, if only the first `count` elements of its result are wanted.
    fn first(&self, count: usize) -> Option<Arc<dyn Reduction>> {
        let _ = count;
        None
    }
}

/// A reduction under way.
pub trait Partial: Any + Send {
    /// Takes in a batch.
    ///
    /// # Errors
    /// Whatever the reduction raises.
    fn push(&mut self, batch: Batch<'_>, context: &Context<'_>) -> Result<Flow, OpError>;

    /// Called once when the partition has no more batches, in the partition's own task.
    ///
    /// # Errors
    /// Whatever the reduction raises.
    fn seal(&mut self, context: &Context<'_>) -> Result<(), OpError> {
        let _ = context;
        Ok(())
    }

    /// Takes in what [`Reduction::early`] has made of a whole partition; no batch or seal comes behind.
    ///
    /// # Errors
    /// Whatever the reduction raises.
    fn absorb(&mut self, early: Partition, context: &Context<'_>) -> Result<(), OpError> {
        for batch in early.batches {
            context.check()?;
            if self.push(batch, context)? == Flow::Enough {
                break;
            }
        }
        self.seal(context)
    }

    /// Takes in the partial result of the partitions behind this one's.
    ///
    /// # Errors
    /// Whatever the reduction raises.
    fn merge(&mut self, next: Box<dyn Partial>, context: &Context<'_>) -> Result<(), OpError>;

    /// The result.
    ///
    /// # Errors
    /// Whatever the reduction raises, such as [`BagError::Empty`].
    fn finish(self: Box<Self>, context: &Context<'_>) -> Result<Partition, OpError>;

    /// Bytes that it holds.
    fn bytes(&self) -> usize;
}

/// The other partial, which is of the same reduction and so of the same type.
pub(crate) fn same<T: Partial>(partial: Box<dyn Partial>) -> Box<T> {
    (partial as Box<dyn Any>).downcast().expect("partials of one reduction are of one type")
}
