//! The elements themselves: all of a partition, or the first few.

use super::{Flow, Partial, Reduction, same};
use crate::{BagError, Batch, Element, Partition};
use graph::{Context, OpError};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// All elements, in order.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct Collect;

/// The first elements, in order.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct Head {
    /// How many.
    pub count: usize,
}

#[typetag::serde]
impl Reduction for Collect {
    fn name(&self) -> String {
        "collect".into()
    }

    fn element(&self, input: Element) -> Result<Element, BagError> {
        Ok(input)
    }

    fn partial(&self, _partition: u32) -> Box<dyn Partial> {
        Box::new(Collected { missing: None, partition: Partition::default() })
    }
}

#[typetag::serde]
impl Reduction for Head {
    fn name(&self) -> String {
        "take".into()
    }

    fn element(&self, input: Element) -> Result<Element, BagError> {
        Ok(input)
    }

    fn early(&self) -> Arc<dyn Reduction> {
        Arc::new(*self)
    }

    fn partial(&self, _partition: u32) -> Box<dyn Partial> {
        Box::new(Collected { missing: Some(self.count), partition: Partition::default() })
    }
}

struct Collected {
    // How many elements are still wanted; nothing means all there are.
    missing: Option<usize>,
    partition: Partition,
}

impl Partial for Collected {
    fn push(&mut self, batch: Batch<'_>, context: &Context<'_>) -> Result<Flow, OpError> {
        let batch = match self.missing {
            None => batch.into_owned(),
            Some(0) => return Ok(Flow::Enough),
            Some(missing) => batch.head(missing),
        };
        let count = batch.len();
        context.control.advance(0, count as u64);
        if count > 0 {
            self.partition.batches.push(batch);
        }
        match &mut self.missing {
            Some(missing) => {
                *missing = missing.saturating_sub(count);
                Ok(if *missing == 0 { Flow::Enough } else { Flow::More })
            }
            None => Ok(Flow::More),
        }
    }

    fn merge(&mut self, next: Box<dyn Partial>, _: &Context<'_>) -> Result<(), OpError> {
        let next = same::<Self>(next);
        for batch in next.partition.batches {
            let batch = match self.missing {
                None => batch,
                Some(0) => break,
                Some(missing) => batch.head(missing),
            };
            self.missing = self.missing.map(|missing| missing.saturating_sub(batch.len()));
            self.partition.batches.push(batch);
        }
        Ok(())
    }

    fn finish(self: Box<Self>, _: &Context<'_>) -> Result<Partition, OpError> {
        Ok(self.partition)
    }

    fn bytes(&self) -> usize {
        self.partition.batches.iter().map(Batch::bytes).sum()
    }
}
