//! `frequencies` of strings.

use super::table::Table;
use super::{Flow, Partial, Reduction, same};
use crate::{BagError, Batch, Element, Partition};
use arrow_array::builder::LargeStringBuilder;
use arrow_array::{Int64Array, StructArray};
use arrow_schema::{DataType, Field};
use graph::{Context, OpError};
use rayon::slice::ParallelSliceMut;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Each distinct string with the number of times that it occurs.
///
/// Sorted: the most frequent first, equally frequent ones by code points. Not sorted: by code points.
/// Either way the result does not depend on the number of threads.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct Frequencies {
    /// Whether to sort by count.
    pub sort: bool,
    /// How many of the result are wanted; nothing means all.
    pub first: Option<usize>,
}

#[typetag::serde]
impl Reduction for Frequencies {
    fn name(&self) -> String {
        "frequencies".into()
    }

    fn element(&self, input: Element) -> Result<Element, BagError> {
        match input {
            Element::Str => Ok(Element::Pair),
            found => Err(BagError::Type { operation: "frequencies", expected: "str", found }),
        }
    }

    fn is_commutative(&self) -> bool {
        true
    }

    fn partial(&self, _partition: u32) -> Box<dyn Partial> {
        Box::new(Counting { options: *self, table: Table::new() })
    }

    fn first(&self, count: usize) -> Option<Arc<dyn Reduction>> {
        let first = self.first.map_or(count, |first| first.min(count));
        Some(Arc::new(Self { first: Some(first), ..*self }))
    }
}

struct Counting {
    options: Frequencies,
    table: Table,
}

impl Partial for Counting {
    fn push(&mut self, batch: Batch<'_>, context: &Context<'_>) -> Result<Flow, OpError> {
        if let Batch::Strings(strings) = batch {
            let items = self.table.add(&strings);
            context.control.advance(0, items);
        }
        Ok(Flow::More)
    }

    fn merge(&mut self, next: Box<dyn Partial>, _: &Context<'_>) -> Result<(), OpError> {
        self.table.merge(same::<Self>(next).table);
        Ok(())
    }

    fn finish(self: Box<Self>, _: &Context<'_>) -> Result<Partition, OpError> {
        let mut pairs = Vec::with_capacity(self.table.len());
        self.table.for_each(|word, count| pairs.push((word, count)));
        let by_word = |a: &(super::table::Word<'_>, u64), b: &(super::table::Word<'_>, u64)| {
            a.0.as_bytes().cmp(b.0.as_bytes())
        };
        let sort = self.options.sort;
        let by = |a: &(_, u64), b: &(_, u64)| {
            let by_count = if sort { b.1.cmp(&a.1) } else { std::cmp::Ordering::Equal };
            by_count.then_with(|| by_word(a, b))
        };
        if let Some(first) = self.options.first.filter(|first| *first < pairs.len()) {
            if first > 0 {
                pairs.select_nth_unstable_by(first - 1, by);
            }
            pairs.truncate(first);
        }
        pairs.par_sort_unstable_by(by);
        let mut words = LargeStringBuilder::with_capacity(pairs.len(), 0);
        pairs.iter().for_each(|(word, _)| words.append_value(word.as_str()));
        let counts: Int64Array = pairs.iter().map(|(_, count)| count.cast_signed()).collect();
        let fields = vec![
            Field::new("item", DataType::LargeUtf8, false),
            Field::new("count", DataType::Int64, false),
        ];
        let columns: Vec<arrow_array::ArrayRef> = vec![Arc::new(words.finish()), Arc::new(counts)];
        let pairs = StructArray::new(fields.into(), columns, None);
        Ok(Partition::of(Batch::Column(Arc::new(pairs))))
    }

    fn bytes(&self) -> usize {
        self.table.bytes()
    }
}
