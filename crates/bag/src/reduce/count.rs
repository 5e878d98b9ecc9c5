//! `count`.

use super::{Flow, Partial, Reduction, same};
use crate::{BagError, Batch, Element, Partition};
use arrow_array::Int64Array;
use graph::{Context, OpError};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// The number of elements.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct Count;

#[typetag::serde]
impl Reduction for Count {
    fn name(&self) -> String {
        "count".into()
    }

    fn element(&self, _input: Element) -> Result<Element, BagError> {
        Ok(Element::Int)
    }

    fn early(&self) -> Arc<dyn Reduction> {
        Arc::new(Self)
    }

    fn partial(&self, _partition: u32) -> Box<dyn Partial> {
        Box::new(Counted(0))
    }
}

struct Counted(u64);

impl Partial for Counted {
    fn push(&mut self, batch: Batch<'_>, context: &Context<'_>) -> Result<Flow, OpError> {
        let count = batch.len() as u64;
        context.control.advance(0, count);
        self.0 += count;
        Ok(Flow::More)
    }

    fn absorb(&mut self, early: Partition, _: &Context<'_>) -> Result<(), OpError> {
        self.0 += early.integer().map_or(0, i64::cast_unsigned);
        Ok(())
    }

    fn merge(&mut self, next: Box<dyn Partial>, _: &Context<'_>) -> Result<(), OpError> {
        self.0 += same::<Self>(next).0;
        Ok(())
    }

    fn finish(self: Box<Self>, _: &Context<'_>) -> Result<Partition, OpError> {
        let count = Int64Array::from(vec![self.0.cast_signed()]);
        Ok(Partition::of(Batch::Column(Arc::new(count))))
    }

    fn bytes(&self) -> usize {
        size_of::<Self>()
    }
}
