//! Python callables as steps of a pipeline: `map`, `filter`, `flatten`.
//!
//! They run on the pool's threads and take the GIL a batch at a time. An exception is the user's own,
//! with a note that shows the element.

use crate::convert::{self, PyObjects};
use crate::error::note;
use arrow_array::builder::LargeStringBuilder;
use manycore::bag::{BagError, Batch, Element, Partition, Source, Step, Unit};
use manycore::graph::{Context, Control, Kind, OpError};
use pyo3::exceptions::PyKeyboardInterrupt;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList, PyString, PyTuple};
use std::ffi::c_long;
use std::sync::{Arc, Mutex, PoisonError};

/// Threads that are in a Python callable now, with the run that they do it for.
static RUNNING: Mutex<Vec<(usize, c_long)>> = Mutex::new(Vec::new());

/// Runs `work` with the GIL, interruptible through [`interrupt`].
pub fn attached<T>(
    context: &Context<'_>,
    work: impl FnOnce(Python<'_>) -> PyResult<T>,
) -> Result<T, OpError> {
    Python::attach(|py| {
        let thread: c_long = py.import("_thread")?.call_method0("get_ident")?.extract()?;
        let entry = (std::ptr::from_ref(context.control).addr(), thread);
        let running = || RUNNING.lock().unwrap_or_else(PoisonError::into_inner);
        running().push(entry);
        // Again with the GIL held: whoever interrupts holds it too, so none is missed.
        let result = if context.control.is_stopped() {
            Err(PyKeyboardInterrupt::new_err(()))
        } else {
            work(py)
        };
        let mut running = running();
        if let Some(index) = running.iter().position(|other| *other == entry) {
            running.swap_remove(index);
        }
        drop(running);
        result
    })
    .map_err(OpError::from)
}

/// Raises KeyboardInterrupt in every Python callable that runs for `control`'s run.
///
/// It takes effect at the next bytecode; a callable inside a C function goes on until that returns.
pub fn interrupt(py: Python<'_>, control: &Control) {
    let run = std::ptr::from_ref(control).addr();
    let exception = py.get_type::<PyKeyboardInterrupt>();
    for (_, thread) in
        RUNNING.lock().unwrap_or_else(PoisonError::into_inner).iter().filter(|(r, _)| *r == run)
    {
        // SAFETY: the GIL is held, and the exception class is alive.
        unsafe { pyo3::ffi::PyThreadState_SetAsyncExc(*thread, exception.as_ptr()) };
    }
}

/// Adds the element to an exception, cut short.
fn blame(py: Python<'_>, error: PyErr, item: &Bound<'_, PyAny>) -> PyErr {
    const SHOWN: usize = 200;
    let shown = item.repr().map(|repr| repr.to_string()).unwrap_or_else(|_| "…".to_owned());
    let cut = shown.char_indices().nth(SHOWN).map_or(shown.len(), |(index, _)| index);
    let dots = if cut < shown.len() { "…" } else { "" };
    note(py, &error, &format!("at the element {}{dots}", &shown[..cut]));
    error
}

/// Calls a function with each element.
pub struct Map {
    pub name: String,
    pub function: Py<PyAny>,
    pub arguments: Py<PyTuple>,
    pub keywords: Option<Py<PyDict>>,
}

impl Step for Map {
    fn name(&self) -> String {
        self.name.clone()
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
            let results = PyList::empty(py);
            let function = self.function.bind(py);
            let arguments = self.arguments.bind(py);
            let keywords = self.keywords.as_ref().map(|keywords| keywords.bind(py));
            convert::for_each(py, batch, |item| {
                if context.control.is_stopped() {
                    return Err(PyKeyboardInterrupt::new_err(()));
                }
                let result = if arguments.is_empty() && keywords.is_none() {
                    function.call1((&item,))
                } else {
                    let mut all = vec![item.clone()];
                    all.extend(arguments.iter());
                    function.call(PyTuple::new(py, all)?, keywords)
                };
                results.append(result.map_err(|error| blame(py, error, &item))?)
            })?;
            Ok(PyObjects::batch(&results))
        })
    }
}

/// Keeps the elements for which a function is true.
pub struct Filter {
    pub name: String,
    pub predicate: Py<PyAny>,
}

impl Step for Filter {
    fn name(&self) -> String {
        self.name.clone()
    }

    fn element(&self, input: Element) -> Result<Element, BagError> {
        // Strings that are kept stay native.
        Ok(if input == Element::Str { Element::Str } else { Element::Object })
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
            let predicate = self.predicate.bind(py);
            let keep = |item: &Bound<'_, PyAny>| {
                if context.control.is_stopped() {
                    return Err(PyKeyboardInterrupt::new_err(()));
                }
                predicate
                    .call1((item,))
                    .and_then(|answer| answer.is_truthy())
                    .map_err(|error| blame(py, error, item))
            };
            match batch {
                Batch::Strings(strings) if strings.unit != Unit::WordList => {
                    let mut kept = LargeStringBuilder::new();
                    let mut result = Ok(());
                    strings.for_each(|text| {
                        if result.is_ok() {
                            let item = PyString::new(py, text).into_any();
                            match keep(&item) {
                                Ok(true) => kept.append_value(text),
                                Ok(false) => {}
                                Err(error) => result = Err(error),
                            }
                        }
                    });
                    result?;
                    Ok(Batch::strings(kept.finish()))
                }
                other => {
                    let kept = PyList::empty(py);
                    convert::for_each(py, other, |item| {
                        if keep(&item)? { kept.append(item) } else { Ok(()) }
                    })?;
                    Ok(PyObjects::batch(&kept))
                }
            }
        })
    }
}

/// The elements of the elements, which are any iterables.
pub struct Flatten;

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
                    items.append(element.map_err(|error| blame(py, error, &item))?)?;
                }
                Ok(())
            })?;
            Ok(PyObjects::batch(&items))
        })
    }
}

/// Strings among Python objects, made native; anything else is a `TypeError`.
pub struct Native;

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
pub struct Calls {
    pub callables: Vec<Py<PyAny>>,
}

impl Source for Calls {
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

    fn read(
        &self,
        partition: u32,
        _demand: manycore::bag::Demand,
        context: &Context<'_>,
        push: &mut manycore::bag::Push<'_>,
    ) -> Result<(), OpError> {
        let batch = attached(context, |py| {
            let iterable = self.callables[partition as usize].bind(py).call0()?;
            let items = PyList::empty(py);
            for item in iterable.try_iter()? {
                items.append(item?)?;
            }
            Ok(PyObjects::batch(&items))
        })?;
        let partition = Arc::new(Partition::of(batch));
        for batch in &partition.batches {
            push(batch.clone())?;
        }
        Ok(())
    }
}
