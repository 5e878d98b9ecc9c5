//! `contains`, `startswith`, `endswith`, and filters made of them.

use super::{of_strings, test_strings};
use crate::{BagError, Batch, Element, Step};
use arrow_array::builder::LargeStringBuilder;
use graph::{Context, OpError};
use memchr::memmem::Finder;
use serde::{Deserialize, Serialize};

/// An end of a string.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Side {
    /// Its start.
    Start,
    /// Its end.
    End,
}

/// Whether each string contains another.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub struct Contains {
    finder: Finder<'static>,
}

impl Contains {
    /// Looks for `pattern` as it stands; it is no regular expression.
    pub fn new(pattern: &str) -> Self {
        Self { finder: Finder::new(pattern).into_owned() }
    }

    fn test(&self, item: &str) -> bool {
        self.finder.find(item.as_bytes()).is_some()
    }
}

impl From<String> for Contains {
    fn from(pattern: String) -> Self {
        Self::new(&pattern)
    }
}

impl From<Contains> for String {
    fn from(contains: Contains) -> Self {
        String::from_utf8_lossy(contains.finder.needle()).into_owned()
    }
}

#[typetag::serde]
impl Step for Contains {
    fn name(&self) -> String {
        "str.contains".into()
    }

    fn element(&self, input: Element) -> Result<Element, BagError> {
        of_strings("str.contains", input, Element::Bool)
    }

    fn apply<'text>(
        &self,
        batch: Batch<'text>,
        _context: &Context<'_>,
    ) -> Result<Batch<'text>, OpError> {
        Ok(match batch {
            Batch::Strings(strings) => test_strings(&strings, |item| self.test(item)),
            other => other,
        })
    }
}

/// Keeps the strings that contain another.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Keep(pub Contains);

#[typetag::serde]
impl Step for Keep {
    fn name(&self) -> String {
        "filter(str.contains)".into()
    }

    fn element(&self, input: Element) -> Result<Element, BagError> {
        of_strings("filter(str.contains)", input, Element::Str)
    }

    fn apply<'text>(
        &self,
        batch: Batch<'text>,
        _context: &Context<'_>,
    ) -> Result<Batch<'text>, OpError> {
        let Batch::Strings(strings) = batch else { return Ok(batch) };
        let mut kept = LargeStringBuilder::new();
        strings.for_each(|item| {
            if self.0.test(item) {
                kept.append_value(item);
            }
        });
        Ok(Batch::strings(kept.finish()))
    }
}

/// Whether each string starts or ends with another.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Affix {
    /// Which end.
    pub side: Side,
    /// The other string.
    pub pattern: String,
}

impl Affix {
    fn method(&self) -> &'static str {
        match self.side {
            Side::Start => "str.startswith",
            Side::End => "str.endswith",
        }
    }
}

#[typetag::serde]
impl Step for Affix {
    fn name(&self) -> String {
        self.method().into()
    }

    fn element(&self, input: Element) -> Result<Element, BagError> {
        of_strings(self.method(), input, Element::Bool)
    }

    fn apply<'text>(
        &self,
        batch: Batch<'text>,
        _context: &Context<'_>,
    ) -> Result<Batch<'text>, OpError> {
        Ok(match batch {
            Batch::Strings(strings) => test_strings(&strings, |item| match self.side {
                Side::Start => item.starts_with(&self.pattern),
                Side::End => item.ends_with(&self.pattern),
            }),
            other => other,
        })
    }
}
