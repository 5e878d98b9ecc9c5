//! `sum` and `mean` of integers and booleans.

use super::{Flow, Partial, Reduction, same};
use crate::{BagError, Batch, Element, Partition};
use arrow_array::cast::AsArray;
use arrow_array::types::Int64Type;
use arrow_array::{Array, Float64Array, Int64Array};
use graph::{Context, OpError};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// The sum of the elements; 0 for none.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct Sum;

/// The arithmetic mean of the elements.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct Mean;

fn of_numbers(
    operation: &'static str,
    input: Element,
    output: Element,
) -> Result<Element, BagError> {
    match input {
        Element::Int | Element::Bool => Ok(output),
        found => Err(BagError::Type { operation, expected: "int or bool", found }),
    }
}

#[typetag::serde]
impl Reduction for Sum {
    fn name(&self) -> String {
        "sum".into()
    }

    fn element(&self, input: Element) -> Result<Element, BagError> {
        of_numbers("sum", input, Element::Int)
    }

    fn partial(&self, _partition: u32) -> Box<dyn Partial> {
        Box::new(Total { mean: false, sum: 0, count: 0 })
    }
}

#[typetag::serde]
impl Reduction for Mean {
    fn name(&self) -> String {
        "mean".into()
    }

    fn element(&self, input: Element) -> Result<Element, BagError> {
        of_numbers("mean", input, Element::Float)
    }

    fn partial(&self, _partition: u32) -> Box<dyn Partial> {
        Box::new(Total { mean: true, sum: 0, count: 0 })
    }
}

struct Total {
    mean: bool,
    // 2^63 elements of 2^63 fit.
    sum: i128,
    count: u64,
}

impl Partial for Total {
    fn push(&mut self, batch: Batch<'_>, context: &Context<'_>) -> Result<Flow, OpError> {
        if let Batch::Column(column) = batch {
            let count = column.len() as u64;
            context.control.advance(0, count);
            self.count += count;
            self.sum += match column.as_primitive_opt::<Int64Type>() {
                Some(integers) => integers.values().iter().map(|i| i128::from(*i)).sum(),
                None => column.as_boolean().true_count() as i128,
            };
        }
        Ok(Flow::More)
    }

    fn merge(&mut self, next: Box<dyn Partial>, _: &Context<'_>) -> Result<(), OpError> {
        let next = same::<Self>(next);
        self.sum += next.sum;
        self.count += next.count;
        Ok(())
    }

    fn finish(self: Box<Self>, _: &Context<'_>) -> Result<Partition, OpError> {
        let column: arrow_array::ArrayRef = if !self.mean {
            let sum = i64::try_from(self.sum).map_err(|_| BagError::Argument {
                argument: "the sum",
                expected: "within 64 bits",
                value: self.sum.to_string(),
            })?;
            Arc::new(Int64Array::from(vec![sum]))
        } else if self.count == 0 {
            return Err(BagError::Empty { operation: "mean" }.into());
        } else {
            Arc::new(Float64Array::from(vec![self.sum as f64 / self.count as f64]))
        };
        Ok(Partition::of(Batch::Column(column)))
    }

    fn bytes(&self) -> usize {
        size_of::<Self>()
    }
}
