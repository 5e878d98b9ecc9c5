//! `count`.

use super::{Flow, Partial, Reduction, same};
use crate::{BagError, Batch, Element, Partition};
use arrow_array::Int64Array;
use graph::{Context, OpError};
use std::sync::Arc;

/// The number of elements.
#[derive(Clone, Copy, Debug)]
pub struct Count;

impl Reduction for Count {
    fn name(&self) -> String {
        "count".into()
    }

    fn element(&self, _input: Element) -> Result<Element, BagError> {
        Ok(Element::Int)
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
