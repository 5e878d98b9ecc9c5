//! `topk` of strings and integers.

use super::{Flow, Partial, Reduction, same};
use crate::{BagError, Batch, Element, Partition};
use arrow_array::cast::AsArray;
use arrow_array::types::Int64Type;
use arrow_array::{Int64Array, LargeStringArray};
use graph::{Context, OpError};
use serde::{Deserialize, Serialize};
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::sync::Arc;

/// The `k` largest elements, the largest first.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct Top {
    /// How many.
    pub k: usize,
}

#[typetag::serde]
impl Reduction for Top {
    fn name(&self) -> String {
        "topk".into()
    }

    fn element(&self, input: Element) -> Result<Element, BagError> {
        match input {
            Element::Str | Element::Int => Ok(input),
            found => Err(BagError::Type { operation: "topk", expected: "str or int", found }),
        }
    }

    fn partial(&self, _partition: u32) -> Box<dyn Partial> {
        Box::new(Largest { k: self.k, strings: BinaryHeap::new(), integers: BinaryHeap::new() })
    }
}

struct Largest {
    k: usize,
    // The smallest of the largest on top; one of the two stays empty.
    strings: BinaryHeap<Reverse<String>>,
    integers: BinaryHeap<Reverse<i64>>,
}

impl Largest {
    fn string(&mut self, item: &str) {
        if self.strings.len() < self.k {
            self.strings.push(Reverse(item.to_owned()));
        } else if let Some(mut least) = self.strings.peek_mut()
            && least.0.as_str() < item
        {
            least.0.replace_range(.., item);
        }
    }

    fn integer(&mut self, item: i64) {
        if self.integers.len() < self.k {
            self.integers.push(Reverse(item));
        } else if let Some(mut least) = self.integers.peek_mut()
            && least.0 < item
        {
            least.0 = item;
        }
    }
}

impl Partial for Largest {
    fn push(&mut self, batch: Batch<'_>, context: &Context<'_>) -> Result<Flow, OpError> {
        let mut count = 0;
        match batch {
            Batch::Strings(strings) => strings.for_each(|item| {
                count += 1;
                self.string(item);
            }),
            Batch::Column(column) => {
                count = column.len() as u64;
                let integers = column.as_primitive::<Int64Type>();
                integers.values().iter().for_each(|item| self.integer(*item));
            }
            Batch::Objects(_) => {}
        }
        context.control.advance(0, count);
        Ok(Flow::More)
    }

    fn merge(&mut self, next: Box<dyn Partial>, _: &Context<'_>) -> Result<(), OpError> {
        let next = same::<Self>(next);
        next.strings.iter().for_each(|item| self.string(&item.0));
        next.integers.iter().for_each(|item| self.integer(item.0));
        Ok(())
    }

    fn finish(self: Box<Self>, _: &Context<'_>) -> Result<Partition, OpError> {
        // Reversed twice: ascending in the heap's order is descending in ours.
        let strings: Vec<_> =
            self.strings.into_sorted_vec().into_iter().map(|Reverse(item)| item).collect();
        let integers: Vec<_> =
            self.integers.into_sorted_vec().into_iter().map(|Reverse(item)| item).collect();
        Ok(Partition::of(if integers.is_empty() {
            Batch::strings(LargeStringArray::from(strings))
        } else {
            Batch::Column(Arc::new(Int64Array::from(integers)))
        }))
    }

    fn bytes(&self) -> usize {
        self.strings.iter().map(|item| item.0.len() + size_of::<String>()).sum::<usize>()
            + self.integers.len() * size_of::<i64>()
    }
}
