//! Python callables as steps of a pipeline: `map`, `filter`, `flatten`.
//!
//! They run on the pool's threads and take the GIL a batch at a time. An exception is the user's own,
//! with a note that shows the element.

use crate::convert::{self, PyObjects};
use crate::error::note;
use crate::gate::{ask, attached};
use crate::pickled;
use arrow_array::builder::LargeStringBuilder;
use manycore::bag::{BagError, Batch, Demand, Element, Part, Push, Reader, Source, Step, Unit};
use manycore::graph::{Context, Kind, OpError};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList, PyString, PyTuple};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::any::Any;
use std::sync::Arc;

/// Adds the element to an exception, cut short.
pub fn blame(py: Python<'_>, error: PyErr, item: &Bound<'_, PyAny>) -> PyErr {
    const SHOWN: usize = 200;
    let shown = item.repr().map(|repr| repr.to_string()).unwrap_or_else(|_| "…".to_owned());
    let cut = shown.char_indices().nth(SHOWN).map_or(shown.len(), |(index, _)| index);
    let dots = if cut < shown.len() { "…" } else { "" };
    note(py, &error, &format!("at the element {}{dots}", &shown[..cut]));
    error
}

/// What is done with each element: `map` and `filter`, one or several in a row.
///
/// Several, because between two of them an element stays the Python object that it is; as steps of
/// their own they would make every object twice.
pub struct Calls {
    calls: Vec<Arc<Call>>,
}

/// One Python function, and what becomes of its results.
pub struct Call {
    pub name: String,
    pub function: Py<PyAny>,
    pub role: Role,
}

/// What a function's result is.
pub enum Role {
    /// The new element; the function takes these arguments behind the old one.
    Map { arguments: Py<PyTuple>, keywords: Option<Py<PyDict>> },
    /// Whether to keep the element.
    Filter,
}

impl Calls {
    pub fn new(call: Call) -> Self {
        Self { calls: vec![Arc::new(call)] }
    }

    /// What becomes of `item` behind all functions; nothing if one of them does not keep it.
    fn call<'py>(
        &self,
        mut item: Bound<'py, PyAny>,
        context: &Context<'_>,
    ) -> PyResult<Option<Bound<'py, PyAny>>> {
        ask(item.py(), context)?;
        for call in &self.calls {
            match call.call(item)? {
                Some(result) => item = result,
                None => return Ok(None),
            }
        }
        Ok(Some(item))
    }

    fn is_filter(&self) -> bool {
        self.calls.iter().all(|call| matches!(call.role, Role::Filter))
    }
}

/// A call's name, function, arguments and keywords; what has no arguments is a filter.
pub type Written = (String, Py<PyAny>, Option<Py<PyTuple>>, Option<Py<PyDict>>);

impl Serialize for Calls {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let calls = |py: Python<'_>| {
            let calls: Vec<Written> = self.calls.iter().map(|call| call.written(py)).collect();
            Ok(calls.into_pyobject(py)?.unbind())
        };
        pickled::write(calls, serializer)
    }
}

impl<'de> Deserialize<'de> for Calls {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let calls = |calls: Bound<'_, PyAny>| {
            let calls = calls.extract::<Vec<Written>>()?.into_iter();
            Ok(Self { calls: calls.map(|written| Arc::new(Call::read(written))).collect() })
        };
        pickled::read(calls, deserializer)
    }
}

impl Call {
    pub fn clone_ref(&self, py: Python<'_>) -> Self {
        Self::read(self.written(py))
    }

    /// It in a form that can be pickled.
    pub fn written(&self, py: Python<'_>) -> Written {
        let (arguments, keywords) = match &self.role {
            Role::Map { arguments, keywords } => {
                let keywords = keywords.as_ref().map(|keywords| keywords.clone_ref(py));
                (Some(arguments.clone_ref(py)), keywords)
            }
            Role::Filter => (None, None),
        };
        (self.name.clone(), self.function.clone_ref(py), arguments, keywords)
    }

    pub fn read((name, function, arguments, keywords): Written) -> Self {
        let role = match arguments {
            Some(arguments) => Role::Map { arguments, keywords },
            None => Role::Filter,
        };
        Self { name, function, role }
    }

    /// What the function is called with for an element.
    pub fn arguments<'py>(
        &self,
        item: Bound<'py, PyAny>,
    ) -> PyResult<(Bound<'py, PyTuple>, Option<&Bound<'py, PyDict>>)> {
        let py = item.py();
        let mut all = vec![item];
        let mut named = None;
        if let Role::Map { arguments, keywords } = &self.role {
            all.extend(arguments.bind(py).iter());
            named = keywords.as_ref().map(|keywords| keywords.bind(py));
        }
        Ok((PyTuple::new(py, all)?, named))
    }

    /// What becomes of `item`; nothing if it is not kept.
    fn call<'py>(&self, item: Bound<'py, PyAny>) -> PyResult<Option<Bound<'py, PyAny>>> {
        let py = item.py();
        let function = self.function.bind(py);
        let result = match &self.role {
            Role::Filter => {
                let keep = function.call1((&item,)).and_then(|answer| answer.is_truthy());
                return match keep {
                    Ok(keep) => Ok(keep.then_some(item)),
                    Err(error) => Err(blame(py, error, &item)),
                };
            }
            Role::Map { arguments, keywords } => {
                if arguments.bind(py).is_empty() && keywords.is_none() {
                    function.call1((&item,))
                } else {
                    let (arguments, keywords) = self.arguments(item.clone())?;
                    function.call(arguments, keywords)
                }
            }
        };
        result.map(Some).map_err(|error| blame(py, error, &item))
    }
}

#[typetag::serde(name = "Python's calls")]
impl Step for Calls {
    fn name(&self) -> String {
        let names: Vec<_> = self.calls.iter().map(|call| call.name.as_str()).collect();
        names.join("+")
    }

    fn element(&self, input: Element) -> Result<Element, BagError> {
        // Strings that are kept stay native.
        let stays = input == Element::Str && self.is_filter();
        Ok(if stays { Element::Str } else { Element::Object })
    }

    fn kind(&self) -> Kind {
        Kind::Python
    }

    fn fuse(&self, next: &dyn Step) -> Option<Arc<dyn Step>> {
        let next = (next as &dyn Any).downcast_ref::<Self>()?;
        let calls = self.calls.iter().chain(&next.calls).cloned().collect();
        Some(Arc::new(Self { calls }))
    }

    fn apply<'text>(
        &self,
        batch: Batch<'text>,
        context: &Context<'_>,
    ) -> Result<Batch<'text>, OpError> {
        attached(context, |py| match batch {
            Batch::Strings(strings) if strings.unit != Unit::WordList && self.is_filter() => {
                let mut kept = LargeStringBuilder::new();
                let mut result = Ok(());
                strings.for_each(|text| {
                    if result.is_ok() {
                        match self.call(PyString::new(py, text).into_any(), context) {
                            Ok(Some(_)) => kept.append_value(text),
                            Ok(None) => {}
                            Err(error) => result = Err(error),
                        }
                    }
                });
                result.map(|()| Batch::strings(kept.finish()))
            }
            other => {
                let results = PyList::empty(py);
                convert::for_each(py, other, |item| match self.call(item, context)? {
                    Some(result) => results.append(result),
                    None => Ok(()),
                })?;
                Ok(PyObjects::batch(&results))
            }
        })
    }
}

/// The elements of the elements, which are any iterables.
#[derive(Serialize, Deserialize)]
pub struct Flatten;

#[typetag::serde(name = "Python's flatten")]
impl Step for Flatten {
    fn name(&self) -> String {
        "flatten".into()
    }

    fn element(&self, _input: Element) -> Result<Element, BagError> {
        Ok(Element::Object)
    }

    fn kind(&self) -> Kind {
        Kind::Python
    }

    fn apply<'text>(
        &self,
        batch: Batch<'text>,
        context: &Context<'_>,
    ) -> Result<Batch<'text>, OpError> {
        attached(context, |py| {
            let items = PyList::empty(py);
            convert::for_each(py, batch, |item| {
                let inner = item.try_iter().map_err(|error| blame(py, error, &item))?;
                for element in inner {
                    ask(py, context)?;
                    items.append(element.map_err(|error| blame(py, error, &item))?)?;
                }
                Ok(())
            })?;
            Ok(PyObjects::batch(&items))
        })
    }
}

/// Strings among Python objects, made native; anything else is a `TypeError`.
#[derive(Serialize, Deserialize)]
pub struct Native;

#[typetag::serde]
impl Step for Native {
    fn name(&self) -> String {
        "str".into()
    }

    fn element(&self, _input: Element) -> Result<Element, BagError> {
        Ok(Element::Str)
    }

    fn kind(&self) -> Kind {
        Kind::Python
    }

    fn apply<'text>(
        &self,
        batch: Batch<'text>,
        context: &Context<'_>,
    ) -> Result<Batch<'text>, OpError> {
        attached(context, |py| {
            let mut strings = LargeStringBuilder::new();
            convert::for_each(py, batch, |item| {
                let text = item.cast::<PyString>().map_err(PyErr::from);
                let text = text.map_err(|error| blame(py, error, &item))?;
                strings.append_value(text.to_str().map_err(|error| blame(py, error, &item))?);
                Ok(())
            })?;
            Ok(Batch::strings(strings.finish()))
        })
    }
}

/// Partitions that callables make when they are due.
pub struct Delayed {
    callables: Vec<Arc<Py<PyAny>>>,
}

impl Delayed {
    pub fn new(callables: Vec<Py<PyAny>>) -> Self {
        Self { callables: callables.into_iter().map(Arc::new).collect() }
    }
}

impl Source for Delayed {
    fn name(&self) -> String {
        "from_delayed".into()
    }

    fn partitions(&self) -> usize {
        self.callables.len()
    }

    fn element(&self) -> Element {
        Element::Object
    }

    fn kind(&self) -> Kind {
        Kind::Python
    }

    fn part(&self, partition: u32) -> Part {
        let callable = Arc::clone(&self.callables[partition as usize]);
        Part::Reader(Box::new(DelayedPart { callable }))
    }
}

/// A callable that makes a partition.
#[derive(Serialize, Deserialize)]
struct DelayedPart {
    #[serde(with = "crate::pickled")]
    callable: Arc<Py<PyAny>>,
}

#[typetag::serde]
impl Reader for DelayedPart {
    fn read(
        &self,
        _demand: Demand,
        context: &Context<'_>,
        push: &mut Push<'_>,
    ) -> Result<(), OpError> {
        let batch = attached(context, |py| {
            let iterable = self.callable.bind(py).call0()?;
            let items = PyList::empty(py);
            for item in iterable.try_iter()? {
                ask(py, context)?;
                items.append(item?)?;
            }
            Ok(PyObjects::batch(&items))
        })?;
        push(batch).map(drop)
    }
}
