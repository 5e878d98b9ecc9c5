//! What flows through a pipeline: a block of text, an Arrow column, or objects from above.

use crate::{Element, lines, words};
use arrow_array::builder::{LargeListBuilder, LargeStringBuilder};
use arrow_array::cast::AsArray;
use arrow_array::types::Int64Type;
use arrow_array::{Array, ArrayRef, LargeListArray, LargeStringArray};
use graph::{Data, OpError, Shared, Spill, Value};
use std::any::Any;
use std::borrow::Cow;
use std::sync::Arc;

/// A part of a partition's elements, on its way through the pipeline.
#[derive(Clone)]
pub enum Batch<'text> {
    /// Strings, or lists of them, not necessarily told apart yet.
    Strings(Strings<'text>),
    /// An Arrow array: numbers, booleans, lists of strings, pairs.
    Column(ArrayRef),
    /// Objects of a language above.
    Objects(Arc<dyn Objects>),
}

/// Text, and what counts as an element of it.
#[derive(Clone)]
pub struct Strings<'text> {
    /// The text.
    pub pieces: Pieces<'text>,
    /// What counts as an element.
    pub unit: Unit,
}

/// How text is held.
#[derive(Clone)]
pub enum Pieces<'text> {
    /// Whole lines, one after the other, as they stand in the file.
    Block(Cow<'text, str>),
    /// Strings told apart.
    Column(LargeStringArray),
}

/// What counts as an element of some [`Pieces`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// A line of the block, with its end, or a string of the column.
    Item,
    /// The list of an item's words.
    WordList,
    /// A word of any item.
    Word,
}

/// Objects that only a language above can look into.
pub trait Objects: Any + Send + Sync {
    /// How many there are.
    fn len(&self) -> usize;

    /// Whether there are none.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// About how many bytes they keep alive.
    fn bytes(&self) -> usize;

    /// Them in the words of the language above, for another process or for the disk.
    ///
    /// # Errors
    /// What can't be written down.
    fn pack(&self) -> Result<Vec<Shared>, OpError>;
}

impl<'text> Batch<'text> {
    /// A batch of the lines of `text`.
    pub fn block(text: impl Into<Cow<'text, str>>) -> Self {
        Self::Strings(Strings { pieces: Pieces::Block(text.into()), unit: Unit::Item })
    }

    /// A batch of strings.
    pub fn strings(column: LargeStringArray) -> Batch<'static> {
        Batch::Strings(Strings { pieces: Pieces::Column(column), unit: Unit::Item })
    }

    /// How many elements there are; counts the words of a text.
    pub fn len(&self) -> usize {
        match self {
            Self::Strings(strings) => strings.len(),
            Self::Column(column) => column.len(),
            Self::Objects(objects) => objects.len(),
        }
    }

    /// Whether there is no element.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Bytes that the batch keeps alive.
    pub fn bytes(&self) -> usize {
        match self {
            Self::Strings(Strings { pieces: Pieces::Block(text), .. }) => text.len(),
            Self::Strings(Strings { pieces: Pieces::Column(column), .. }) => {
                column.get_array_memory_size()
            }
            Self::Column(column) => column.get_array_memory_size(),
            Self::Objects(objects) => objects.bytes(),
        }
    }

    /// The same elements, borrowing nothing; text is told apart into a column.
    pub fn into_owned(self) -> Batch<'static> {
        match self {
            Self::Strings(strings) if strings.unit == Unit::WordList => {
                Batch::Column(Arc::new(strings.into_lists()))
            }
            Self::Strings(strings) => Batch::strings(strings.into_column()),
            Self::Column(column) => Batch::Column(column),
            Self::Objects(objects) => Batch::Objects(objects),
        }
    }

    /// The first `count` elements, owned.
    pub fn head(self, count: usize) -> Batch<'static> {
        match self.into_owned() {
            Batch::Strings(Strings { pieces: Pieces::Column(column), unit }) => {
                let column = column.slice(0, count.min(column.len()));
                Batch::Strings(Strings { pieces: Pieces::Column(column), unit })
            }
            Batch::Column(column) => Batch::Column(column.slice(0, count.min(column.len()))),
            other => other,
        }
    }
}

impl Strings<'_> {
    /// How many elements there are.
    pub fn len(&self) -> usize {
        match (&self.pieces, self.unit) {
            (Pieces::Block(text), Unit::Item | Unit::WordList) => lines(text).count(),
            (Pieces::Column(column), Unit::Item | Unit::WordList) => column.len(),
            (pieces, Unit::Word) => {
                let mut count = 0;
                pieces.for_each(|piece| count += crate::count_words(piece) as usize);
                count
            }
        }
    }

    /// Whether there is no element.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Calls `each` with each element; a list of words counts as the item that it was made of.
    pub fn for_each(&self, mut each: impl FnMut(&str)) {
        match (&self.pieces, self.unit) {
            (Pieces::Block(text), Unit::Item | Unit::WordList) => lines(text).for_each(each),
            (pieces, Unit::Word) => pieces.for_each(|piece| words(piece, &mut each)),
            (pieces, _) => pieces.for_each(each),
        }
    }

    /// The elements told apart; a list of words counts as the item that it was made of.
    pub fn into_column(self) -> LargeStringArray {
        match (self.pieces, self.unit) {
            (Pieces::Column(column), Unit::Item | Unit::WordList) => column,
            (pieces, unit) => {
                let mut builder = LargeStringBuilder::new();
                Strings { pieces, unit }.for_each(|item| builder.append_value(item));
                builder.finish()
            }
        }
    }

    /// The words of each item.
    pub fn into_lists(self) -> LargeListArray {
        let mut builder = LargeListBuilder::new(LargeStringBuilder::new());
        Strings { unit: Unit::Item, ..self }.for_each(|item| {
            words(item, |word| builder.values().append_value(word));
            builder.append(true);
        });
        builder.finish()
    }
}

impl Pieces<'_> {
    /// Calls `each` with each stretch of text; words and lines never cross two.
    pub fn for_each(&self, mut each: impl FnMut(&str)) {
        match self {
            Self::Block(text) => each(text),
            Self::Column(column) => (0..column.len()).for_each(|index| each(column.value(index))),
        }
    }
}

/// The elements of one partition, or the result of a reduction.
#[derive(Clone, Default)]
pub struct Partition {
    /// In order.
    pub batches: Vec<Batch<'static>>,
}

impl Partition {
    /// A partition of one batch.
    pub fn of(batch: Batch<'static>) -> Self {
        Self { batches: vec![batch] }
    }

    /// The partition that a task made.
    ///
    /// # Panics
    /// If the value is something else.
    pub(crate) fn of_value(value: Value) -> Arc<Self> {
        (value as Arc<dyn Any + Send + Sync>).downcast().expect("the value is a partition")
    }

    /// How many elements there are.
    pub fn len(&self) -> usize {
        self.batches.iter().map(Batch::len).sum()
    }

    /// Whether there is no element.
    pub fn is_empty(&self) -> bool {
        self.batches.iter().all(Batch::is_empty)
    }

    /// The one integer that it holds, if that is what it holds.
    pub fn integer(&self) -> Option<i64> {
        match self.batches.as_slice() {
            [Batch::Column(column)] if column.len() == 1 => {
                column.as_primitive_opt::<Int64Type>().map(|column| column.value(0))
            }
            _ => None,
        }
    }

    /// The strings with their counts, if it holds such pairs.
    pub fn pairs(&self) -> Vec<(String, i64)> {
        let mut pairs = Vec::new();
        for batch in &self.batches {
            let Batch::Column(column) = batch else { continue };
            let Some(columns) = column.as_struct_opt() else { continue };
            let words = columns.column(0).as_string::<i64>();
            let counts = columns.column(1).as_primitive::<Int64Type>();
            pairs.extend((0..column.len()).map(|i| (words.value(i).to_owned(), counts.value(i))));
        }
        pairs
    }

    /// The strings, if it holds strings.
    pub fn strings(&self) -> Vec<String> {
        let mut strings = Vec::new();
        for batch in &self.batches {
            if let Batch::Strings(batch) = batch {
                batch.for_each(|item| strings.push(item.to_owned()));
            }
        }
        strings
    }
}

impl Data for Partition {
    fn bytes(&self) -> usize {
        size_of::<Self>() + self.batches.iter().map(Batch::bytes).sum::<usize>()
    }

    fn spill(&self) -> Option<&dyn Spill> {
        Some(self)
    }
}

/// The element type of a batch that a native step returned.
impl Element {
    /// Whether elements of this type are held in Arrow columns or text.
    pub fn is_native(self) -> bool {
        self != Self::Object
    }
}
