//! `distinct` strings.

use super::table::Table;
use super::{Flow, Partial, Reduction, same};
use crate::{BagError, Batch, Element, Partition};
use arrow_array::builder::LargeStringBuilder;
use graph::{Context, OpError};
use rayon::slice::ParallelSliceMut;
use serde::{Deserialize, Serialize};

/// Each distinct string once, by code points.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct Distinct;

#[typetag::serde]
impl Reduction for Distinct {
    fn name(&self) -> String {
        "distinct".into()
    }

    fn element(&self, input: Element) -> Result<Element, BagError> {
        match input {
            Element::Str => Ok(Element::Str),
            found => Err(BagError::Type { operation: "distinct", expected: "str", found }),
        }
    }

    fn is_commutative(&self) -> bool {
        true
    }

    fn partial(&self, _partition: u32) -> Box<dyn Partial> {
        Box::new(Seen(Table::new()))
    }
}

struct Seen(Table);

impl Partial for Seen {
    fn push(&mut self, batch: Batch<'_>, context: &Context<'_>) -> Result<Flow, OpError> {
        if let Batch::Strings(strings) = batch {
            let items = self.0.add(&strings);
            context.control.advance(0, items);
        }
        Ok(Flow::More)
    }

    fn merge(&mut self, next: Box<dyn Partial>, _: &Context<'_>) -> Result<(), OpError> {
        self.0.merge(same::<Self>(next).0);
        Ok(())
    }

    fn finish(self: Box<Self>, _: &Context<'_>) -> Result<Partition, OpError> {
        let mut words = Vec::with_capacity(self.0.len());
        self.0.for_each(|word, _| words.push(word));
        words.par_sort_unstable_by(|a, b| a.as_bytes().cmp(b.as_bytes()));
        let mut column = LargeStringBuilder::with_capacity(words.len(), 0);
        words.iter().for_each(|word| column.append_value(word.as_str()));
        Ok(Partition::of(Batch::strings(column.finish())))
    }

    fn bytes(&self) -> usize {
        self.0.bytes()
    }
}
