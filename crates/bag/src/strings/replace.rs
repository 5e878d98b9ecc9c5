//! `replace`.

use super::{map_strings, of_strings};
use crate::{BagError, Batch, Element, Step};
use graph::{Context, OpError};
use serde::{Deserialize, Serialize};

/// Replaces occurrences of one string by another.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Replace {
    /// What to look for; the empty string stands between all characters.
    pub old: String,
    /// What to put there.
    pub new: String,
    /// How many occurrences, from the left; nothing means all.
    pub count: Option<usize>,
}

#[typetag::serde]
impl Step for Replace {
    fn name(&self) -> String {
        "str.replace".into()
    }

    fn element(&self, input: Element) -> Result<Element, BagError> {
        of_strings("str.replace", input, Element::Str)
    }

    fn apply<'text>(
        &self,
        batch: Batch<'text>,
        _context: &Context<'_>,
    ) -> Result<Batch<'text>, OpError> {
        let Batch::Strings(strings) = batch else { return Ok(batch) };
        Ok(map_strings(&strings, |item, out| {
            out.append_value(match self.count {
                None => item.replace(&self.old, &self.new),
                Some(count) => item.replacen(&self.old, &self.new, count),
            });
        }))
    }
}
