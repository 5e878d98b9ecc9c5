//! `lower` and `upper`.
//!
//! Full case mappings of the Unicode standard, as in Python: `'ß'.upper()` is `'SS'`, and a capital
//! sigma at a word's end becomes `ς`. (Characters that got their case after the running Python's
//! Unicode version are mapped here already.) Text stays one block: what decides about a final sigma never
//! crosses white space, so a stretch of ASCII is mapped byte by byte, and only the words around
//! other characters take the slow path.

use super::{map_strings, of_strings};
use crate::{BagError, Batch, Element, Pieces, Step, Strings, Unit};
use graph::{Context, OpError};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// Changes the case of strings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Case {
    /// `str.lower`.
    Lower,
    /// `str.upper`.
    Upper,
}

impl Case {
    /// `text` with its case changed.
    pub fn change(self, text: &str) -> String {
        let mut changed = String::with_capacity(text.len());
        let mut rest = text;
        while !rest.is_empty() {
            let ascii = rest.bytes().position(|byte| !byte.is_ascii()).unwrap_or(rest.len());
            let is_white = |byte: &u8| byte.is_ascii_whitespace();
            // The word with the first character beyond ASCII, from its start to its end.
            let bytes = rest.as_bytes();
            let start = match ascii {
                end if end == rest.len() => end,
                end => bytes[..end].iter().rposition(is_white).map_or(0, |white| white + 1),
            };
            let end = bytes[ascii..].iter().position(is_white).map_or(rest.len(), |e| ascii + e);
            let from = changed.len();
            changed.push_str(&rest[..start]);
            match self {
                Self::Lower => {
                    changed[from..].make_ascii_lowercase();
                    changed.push_str(&rest[start..end].to_lowercase());
                }
                Self::Upper => {
                    changed[from..].make_ascii_uppercase();
                    changed.push_str(&rest[start..end].to_uppercase());
                }
            }
            rest = &rest[end..];
        }
        changed
    }

    fn method(self) -> &'static str {
        match self {
            Self::Lower => "str.lower",
            Self::Upper => "str.upper",
        }
    }
}

#[typetag::serde]
impl Step for Case {
    fn name(&self) -> String {
        self.method().into()
    }

    fn element(&self, input: Element) -> Result<Element, BagError> {
        of_strings(self.method(), input, Element::Str)
    }

    // No case mapping makes or removes white space.
    fn keeps_words(&self) -> bool {
        true
    }

    fn apply<'text>(
        &self,
        batch: Batch<'text>,
        _context: &Context<'_>,
    ) -> Result<Batch<'text>, OpError> {
        Ok(match batch {
            Batch::Strings(Strings { pieces: Pieces::Block(text), unit })
                if unit != Unit::WordList =>
            {
                let text = Cow::Owned(self.change(&text));
                Batch::Strings(Strings { pieces: Pieces::Block(text), unit })
            }
            Batch::Strings(strings) => {
                map_strings(&strings, |item, out| out.append_value(self.change(item)))
            }
            other => other,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Case;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_block_changes_as_its_text_does(text in "([a-zA-Z]|\\s|ß|İ|Σ|σ|É|ǅ|'|\\.|日){0,60}") {
            prop_assert_eq!(Case::Lower.change(&text), text.to_lowercase());
            prop_assert_eq!(Case::Upper.change(&text), text.to_uppercase());
        }
    }
}
