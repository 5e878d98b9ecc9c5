//! A step of a pipeline: elements in, elements out, a batch at a time.

use crate::{BagError, Batch, Element};
use graph::{Context, Kind, OpError};
use std::any::Any;
use std::sync::Arc;

/// What a pipeline does with each batch on its way.
#[typetag::serde]
pub trait Step: Any + Send + Sync {
    /// What plans, errors and traces call it.
    fn name(&self) -> String;

    /// The type of the elements that come out, given that of those that go in.
    ///
    /// # Errors
    /// [`BagError::Type`] if the step can't be done to such elements.
    fn element(&self, input: Element) -> Result<Element, BagError>;

    /// What it needs of a lane.
    fn kind(&self) -> Kind {
        Kind::Native
    }

    /// Whether it turns a text into a text whose words are the old words, each changed by itself.
    ///
    /// Where only words are asked for behind such a step, text need not be cut at ends of lines.
    fn keeps_words(&self) -> bool {
        false
    }

    /// Whether it turns strings into their lists of words.
    fn splits_words(&self) -> bool {
        false
    }

    /// Whether it turns lists into their elements.
    fn flattens(&self) -> bool {
        false
    }

    /// The step that does this one and `next` at once, if that is cheaper.
    fn fuse(&self, next: &dyn Step) -> Option<Arc<dyn Step>> {
        let _ = next;
        None
    }

    /// Does it.
    ///
    /// # Errors
    /// Whatever the step raises.
    fn apply<'text>(
        &self,
        batch: Batch<'text>,
        context: &Context<'_>,
    ) -> Result<Batch<'text>, OpError>;
}
