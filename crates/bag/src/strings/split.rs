//! `split`: by white space, or by a separator.

use super::of_strings;
use crate::{BagError, Batch, Element, Step, Strings, Unit, is_whitespace};
use arrow_array::builder::{LargeListBuilder, LargeStringBuilder};
use graph::{Context, OpError};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Splits each string into a list of strings, as `str.split(separator, maxsplit)` does.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Split {
    separator: Option<String>,
    most: Option<usize>,
}

impl Split {
    /// Splits at white space, with no limit: this one costs nothing until the words are needed.
    pub fn whitespace() -> Self {
        Self { separator: None, most: None }
    }

    /// Splits at `separator` (nothing: white space) at most `most` times (nothing: no limit).
    ///
    /// # Errors
    /// [`BagError::Argument`] for an empty separator.
    pub fn new(separator: Option<String>, most: Option<usize>) -> Result<Self, BagError> {
        if separator.as_deref() == Some("") {
            return Err(BagError::Argument {
                argument: "sep",
                expected: "None or a string of at least one character",
                value: "an empty separator".into(),
            });
        }
        Ok(Self { separator, most })
    }

    fn split<'item>(&self, item: &'item str, mut each: impl FnMut(&'item str)) {
        match (&self.separator, self.most) {
            (None, None) => crate::words(item, each),
            (None, Some(most)) => {
                let mut rest = item.trim_start_matches(is_whitespace);
                for _ in 0..most {
                    let Some(end) = rest.find(is_whitespace) else { break };
                    each(&rest[..end]);
                    rest = rest[end..].trim_start_matches(is_whitespace);
                }
                if !rest.is_empty() {
                    each(rest);
                }
            }
            (Some(separator), None) => item.split(separator.as_str()).for_each(each),
            (Some(separator), Some(most)) => {
                item.splitn(most.saturating_add(1), separator.as_str()).for_each(each);
            }
        }
    }
}

#[typetag::serde]
impl Step for Split {
    fn name(&self) -> String {
        "str.split".into()
    }

    fn element(&self, input: Element) -> Result<Element, BagError> {
        of_strings("str.split", input, Element::StrList)
    }

    fn splits_words(&self) -> bool {
        self.separator.is_none() && self.most.is_none()
    }

    fn apply<'text>(
        &self,
        batch: Batch<'text>,
        _context: &Context<'_>,
    ) -> Result<Batch<'text>, OpError> {
        let Batch::Strings(strings) = batch else { return Ok(batch) };
        if self.splits_words() {
            // The words of words are themselves, one in each list.
            return Ok(Batch::Strings(match strings.unit {
                Unit::Item => Strings { pieces: strings.pieces, unit: Unit::WordList },
                _ => Strings {
                    pieces: crate::Pieces::Column(strings.into_column()),
                    unit: Unit::WordList,
                },
            }));
        }
        let mut lists = LargeListBuilder::new(LargeStringBuilder::new());
        strings.for_each(|item| {
            self.split(item, |part| lists.values().append_value(part));
            lists.append(true);
        });
        Ok(Batch::Column(Arc::new(lists.finish())))
    }
}

#[cfg(test)]
mod tests {
    use super::Split;

    fn split(item: &str, separator: Option<&str>, most: Option<usize>) -> Vec<String> {
        let mut parts = Vec::new();
        let split = Split::new(separator.map(str::to_owned), most).expect("a good separator");
        split.split(item, |part| parts.push(part.to_owned()));
        parts
    }

    #[test]
    fn splits_as_python_does() {
        // Each line was typed into CPython.
        assert_eq!(split(" a b  c ", None, Some(1)), ["a", "b  c "]);
        assert_eq!(split(" a b  c ", None, Some(0)), ["a b  c "]);
        assert_eq!(split("  ", None, Some(0)), Vec::<String>::new());
        assert_eq!(split("a ", None, Some(1)), ["a"]);
        assert_eq!(split("a,,b,", Some(","), None), ["a", "", "b", ""]);
        assert_eq!(split("a,,b,", Some(","), Some(1)), ["a", ",b,"]);
        assert_eq!(split("", Some(","), None), [""]);
        assert_eq!(split("a,b", Some(","), Some(usize::MAX)), ["a", "b"]);
    }
}
