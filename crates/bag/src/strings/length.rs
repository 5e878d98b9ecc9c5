//! `len`: characters, not bytes.

use super::of_strings;
use crate::{BagError, Batch, Element, Step};
use arrow_array::Int64Array;
use graph::{Context, OpError};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// The number of characters (code points) of each string.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct Length;

#[typetag::serde]
impl Step for Length {
    fn name(&self) -> String {
        "str.len".into()
    }

    fn element(&self, input: Element) -> Result<Element, BagError> {
        of_strings("str.len", input, Element::Int)
    }

    fn apply<'text>(
        &self,
        batch: Batch<'text>,
        _context: &Context<'_>,
    ) -> Result<Batch<'text>, OpError> {
        let Batch::Strings(strings) = batch else { return Ok(batch) };
        let mut lengths = Vec::new();
        strings.for_each(|item| lengths.push(item.chars().count() as i64));
        Ok(Batch::Column(Arc::new(Int64Array::from(lengths))))
    }
}
