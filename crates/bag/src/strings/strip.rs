//! `strip`, `lstrip`, `rstrip`.

use super::{map_strings, of_strings};
use crate::{BagError, Batch, Element, Side, Step, is_whitespace};
use graph::{Context, OpError};
use serde::{Deserialize, Serialize};

/// Takes characters off the ends of strings.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Strip {
    /// From which end; nothing means both.
    pub side: Option<Side>,
    /// Which characters; nothing means white space.
    pub characters: Option<String>,
}

impl Strip {
    fn strip<'item>(&self, item: &'item str) -> &'item str {
        let goes = |character: char| match &self.characters {
            None => is_whitespace(character),
            Some(characters) => characters.contains(character),
        };
        match self.side {
            None => item.trim_matches(goes),
            Some(Side::Start) => item.trim_start_matches(goes),
            Some(Side::End) => item.trim_end_matches(goes),
        }
    }

    fn method(&self) -> &'static str {
        match self.side {
            None => "str.strip",
            Some(Side::Start) => "str.lstrip",
            Some(Side::End) => "str.rstrip",
        }
    }
}

#[typetag::serde]
impl Step for Strip {
    fn name(&self) -> String {
        self.method().into()
    }

    fn element(&self, input: Element) -> Result<Element, BagError> {
        of_strings(self.method(), input, Element::Str)
    }

    // Without white space at its ends a text has the words that it had.
    fn keeps_words(&self) -> bool {
        self.characters.is_none()
    }

    fn apply<'text>(
        &self,
        batch: Batch<'text>,
        _context: &Context<'_>,
    ) -> Result<Batch<'text>, OpError> {
        Ok(match batch {
            Batch::Strings(strings) => {
                map_strings(&strings, |item, out| out.append_value(self.strip(item)))
            }
            other => other,
        })
    }
}
