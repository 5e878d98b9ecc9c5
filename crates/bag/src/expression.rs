//! The lazy bag: a source, or another bag's reduction, and the steps behind it.

use crate::read::TextOptions;
use crate::{
    BagError, Case, Count, Element, Flatten, Frequencies, Memory, Partition, ReadText, Reduction,
    Source, Split, Step,
};
use std::path::PathBuf;
use std::sync::Arc;

/// A lazy, partitioned collection.
#[derive(Clone)]
pub struct Bag {
    pub(crate) origin: Origin,
    pub(crate) steps: Vec<Arc<dyn Step>>,
    element: Element,
}

#[derive(Clone)]
pub(crate) enum Origin {
    Source(Arc<dyn Source>),
    Reduced(Arc<Reduced>),
}

/// A bag's reduction, not computed yet: one result.
#[derive(Clone)]
pub struct Reduced {
    pub(crate) bag: Bag,
    pub(crate) reduction: Arc<dyn Reduction>,
    pub(crate) element: Element,
}

impl Bag {
    /// A bag of the elements of `source`.
    pub fn new(source: Arc<dyn Source>) -> Self {
        let element = source.element();
        Self { origin: Origin::Source(source), steps: Vec::new(), element }
    }

    /// A bag of the lines of the text files that `paths` (files, folders, patterns) name.
    ///
    /// # Errors
    /// See [`ReadText::new`].
    pub fn read_text(paths: &[PathBuf], options: &TextOptions) -> Result<Self, BagError> {
        Ok(Self::new(Arc::new(ReadText::new(paths, options)?)))
    }

    /// The type of the elements.
    pub fn element(&self) -> Element {
        self.element
    }

    /// How many partitions there are.
    pub fn partitions(&self) -> usize {
        match &self.origin {
            Origin::Source(source) => source.partitions(),
            Origin::Reduced(_) => 1,
        }
    }

    /// This bag's elements, after `step`.
    ///
    /// # Errors
    /// [`BagError::Type`] if the step can't be done to such elements.
    pub fn then(&self, step: Arc<dyn Step>) -> Result<Self, BagError> {
        let element = step.element(self.element)?;
        let mut steps = self.steps.clone();
        steps.push(step);
        Ok(Self { origin: self.origin.clone(), steps, element })
    }

    /// The list of each string's words.
    ///
    /// # Errors
    /// [`BagError::Type`] if the elements are not strings.
    pub fn split(&self) -> Result<Self, BagError> {
        self.then(Arc::new(Split::whitespace()))
    }

    /// Each string in lower case.
    ///
    /// # Errors
    /// [`BagError::Type`] if the elements are not strings.
    pub fn lower_case(&self) -> Result<Self, BagError> {
        self.then(Arc::new(Case::Lower))
    }

    /// The elements of the elements.
    ///
    /// # Errors
    /// [`BagError::Type`] if the elements are not lists.
    pub fn flatten(&self) -> Result<Self, BagError> {
        self.then(Arc::new(Flatten))
    }

    /// The number of elements.
    pub fn count(&self) -> Reduced {
        self.reduce(Arc::new(Count))
    }

    /// The distinct strings with their counts, the most frequent first if `sort`.
    ///
    /// # Errors
    /// [`BagError::Type`] if the elements are not strings.
    pub fn frequencies(&self, sort: bool) -> Result<Self, BagError> {
        self.try_reduce(Arc::new(Frequencies { sort, first: None })).map(Reduced::into_bag)
    }

    /// All elements reduced to one result.
    ///
    /// # Errors
    /// [`BagError::Type`] if such elements can't be reduced that way.
    pub fn try_reduce(&self, reduction: Arc<dyn Reduction>) -> Result<Reduced, BagError> {
        let element = reduction.element(self.element)?;
        Ok(Reduced { bag: self.clone(), reduction, element })
    }

    /// Like [`Bag::try_reduce`], for a reduction that works on elements of any type.
    ///
    /// # Panics
    /// If the reduction refuses this bag's element type.
    pub fn reduce(&self, reduction: Arc<dyn Reduction>) -> Reduced {
        self.try_reduce(reduction).expect("the reduction takes elements of any type")
    }

    /// A bag of the same elements, which are in memory.
    pub fn in_memory(&self, partitions: Vec<Arc<Partition>>) -> Self {
        Self::new(Arc::new(Memory::new("persist", self.element, partitions)))
    }

    /// Input bytes and files, where they are known.
    pub fn size(&self) -> Option<(u64, u64)> {
        match &self.origin {
            Origin::Source(source) => source.size(),
            Origin::Reduced(reduced) => reduced.bag.size(),
        }
    }

    /// Where the elements come from, in words.
    pub fn description(&self) -> String {
        match &self.origin {
            Origin::Source(source) => source.description(),
            Origin::Reduced(reduced) => reduced.bag.description(),
        }
    }

    /// What is done, from the source on.
    pub fn pipeline(&self) -> Vec<String> {
        let mut names = match &self.origin {
            Origin::Source(source) => vec![source.name()],
            Origin::Reduced(reduced) => reduced.pipeline(),
        };
        names.extend(self.steps.iter().map(|step| step.name()));
        names
    }
}

impl Reduced {
    /// The bag that is reduced.
    pub fn bag(&self) -> &Bag {
        &self.bag
    }

    /// The type of the result's elements.
    pub fn element(&self) -> Element {
        self.element
    }

    /// The result as a bag of one partition.
    pub fn into_bag(self) -> Bag {
        let element = self.element;
        Bag { origin: Origin::Reduced(Arc::new(self)), steps: Vec::new(), element }
    }

    /// What is done, from the source on.
    pub fn pipeline(&self) -> Vec<String> {
        let mut names = self.bag.pipeline();
        names.push(self.reduction.name());
        names
    }
}
