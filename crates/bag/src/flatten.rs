//! `flatten`: the elements of the elements.

use crate::{BagError, Batch, Element, Pieces, Step, Strings, Unit};
use arrow_array::Array;
use arrow_array::cast::AsArray;
use graph::{Context, OpError};
use serde::{Deserialize, Serialize};

/// One bag of all the lists' elements.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct Flatten;

#[typetag::serde]
impl Step for Flatten {
    fn name(&self) -> String {
        "flatten".into()
    }

    fn element(&self, input: Element) -> Result<Element, BagError> {
        match input {
            Element::StrList => Ok(Element::Str),
            found => Err(BagError::Type { operation: "flatten", expected: "list[str]", found }),
        }
    }

    fn flattens(&self) -> bool {
        true
    }

    fn apply<'text>(
        &self,
        batch: Batch<'text>,
        _context: &Context<'_>,
    ) -> Result<Batch<'text>, OpError> {
        Ok(match batch {
            // The words of all lists are the words of the whole text.
            Batch::Strings(Strings { pieces, unit: Unit::WordList }) => {
                Batch::Strings(Strings { pieces, unit: Unit::Word })
            }
            Batch::Column(column) => {
                let list = column.as_list::<i64>();
                let offsets = list.value_offsets();
                let (first, last) = (offsets[0] as usize, offsets[list.len()] as usize);
                let strings = list.values().as_string::<i64>().slice(first, last - first);
                Batch::Strings(Strings { pieces: Pieces::Column(strings), unit: Unit::Item })
            }
            other => other,
        })
    }
}
