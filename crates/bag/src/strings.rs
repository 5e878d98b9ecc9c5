//! The `.str` namespace: Python's string methods, natively.
//!
//! Each means what the method of that name means in Python; one family a file.

mod case;
mod length;
mod replace;
mod search;
mod split;
mod strip;

pub use case::Case;
pub use length::Length;
pub use replace::Replace;
pub use search::{Affix, Contains, Keep, Side};
pub use split::Split;
pub use strip::Strip;

use crate::{BagError, Batch, Element, Pieces, Strings, Unit};
use arrow_array::builder::LargeStringBuilder;
use arrow_array::{ArrayRef, BooleanArray};
use std::sync::Arc;

/// Checks that a string method gets strings.
fn of_strings(
    operation: &'static str,
    input: Element,
    output: Element,
) -> Result<Element, BagError> {
    match input {
        Element::Str => Ok(output),
        found => Err(BagError::Type { operation, expected: "str", found }),
    }
}

/// One string for each string of `strings`.
fn map_strings(
    strings: &Strings<'_>,
    mut change: impl FnMut(&str, &mut LargeStringBuilder),
) -> Batch<'static> {
    let mut builder = LargeStringBuilder::new();
    strings.for_each(|item| change(item, &mut builder));
    Batch::Strings(Strings { pieces: Pieces::Column(builder.finish()), unit: Unit::Item })
}

/// One boolean for each string of `strings`.
fn test_strings(strings: &Strings<'_>, mut test: impl FnMut(&str) -> bool) -> Batch<'static> {
    let mut results = Vec::new();
    strings.for_each(|item| results.push(test(item)));
    let column: ArrayRef = Arc::new(BooleanArray::from(results));
    Batch::Column(column)
}
