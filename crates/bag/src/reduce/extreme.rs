//! `min` and `max` of strings, integers and booleans.

use super::{Flow, Partial, Reduction, same};
use crate::{BagError, Batch, Element, Partition};
use arrow_array::cast::AsArray;
use arrow_array::types::Int64Type;
use arrow_array::{BooleanArray, Int64Array, LargeStringArray};
use graph::{Context, OpError};
use serde::{Deserialize, Serialize};
use std::cmp::Ordering;
use std::sync::Arc;

/// The smallest or the largest element; strings by code points, as Python orders them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Extreme {
    /// `min`.
    Min,
    /// `max`.
    Max,
}

impl Extreme {
    fn method(self) -> &'static str {
        match self {
            Self::Min => "min",
            Self::Max => "max",
        }
    }

    fn wanted(self) -> Ordering {
        match self {
            Self::Min => Ordering::Less,
            Self::Max => Ordering::Greater,
        }
    }
}

#[typetag::serde]
impl Reduction for Extreme {
    fn name(&self) -> String {
        self.method().into()
    }

    fn element(&self, input: Element) -> Result<Element, BagError> {
        match input {
            Element::Str | Element::Int | Element::Bool => Ok(input),
            found => Err(BagError::Type {
                operation: self.method(),
                expected: "str, int or bool",
                found,
            }),
        }
    }

    fn partial(&self, _partition: u32) -> Box<dyn Partial> {
        Box::new(Found { extreme: *self, best: None })
    }
}

enum Best {
    Str(String),
    Int(i64),
    Bool(bool),
}

struct Found {
    extreme: Extreme,
    best: Option<Best>,
}

impl Found {
    fn string(&mut self, item: &str) {
        match &mut self.best {
            Some(Best::Str(best)) if item.cmp(best.as_str()) == self.extreme.wanted() => {
                best.clear();
                best.push_str(item);
            }
            Some(_) => {}
            None => self.best = Some(Best::Str(item.to_owned())),
        }
    }

    fn other(&mut self, item: Best) {
        let order = match (&item, &self.best) {
            (Best::Int(item), Some(Best::Int(best))) => item.cmp(best),
            (Best::Bool(item), Some(Best::Bool(best))) => item.cmp(best),
            _ => self.extreme.wanted(),
        };
        if order == self.extreme.wanted() {
            self.best = Some(item);
        }
    }
}

impl Partial for Found {
    fn push(&mut self, batch: Batch<'_>, context: &Context<'_>) -> Result<Flow, OpError> {
        let mut count = 0;
        match batch {
            Batch::Strings(strings) => strings.for_each(|item| {
                count += 1;
                self.string(item);
            }),
            Batch::Column(column) => {
                count = column.len() as u64;
                if let Some(integers) = column.as_primitive_opt::<Int64Type>() {
                    integers.values().iter().for_each(|item| self.other(Best::Int(*item)));
                } else {
                    let booleans = column.as_boolean().values();
                    booleans.iter().for_each(|item| self.other(Best::Bool(item)));
                }
            }
            Batch::Objects(_) => {}
        }
        context.control.advance(0, count);
        Ok(Flow::More)
    }

    fn merge(&mut self, next: Box<dyn Partial>, _: &Context<'_>) -> Result<(), OpError> {
        match same::<Self>(next).best {
            Some(Best::Str(item)) => self.string(&item),
            Some(item) => self.other(item),
            None => {}
        }
        Ok(())
    }

    fn finish(self: Box<Self>, _: &Context<'_>) -> Result<Partition, OpError> {
        Ok(Partition::of(match self.best {
            Some(Best::Str(item)) => Batch::strings(LargeStringArray::from(vec![item])),
            Some(Best::Int(item)) => Batch::Column(Arc::new(Int64Array::from(vec![item]))),
            Some(Best::Bool(item)) => Batch::Column(Arc::new(BooleanArray::from(vec![item]))),
            None => return Err(BagError::Empty { operation: self.extreme.method() }.into()),
        }))
    }

    fn bytes(&self) -> usize {
        size_of::<Self>()
    }
}
