//! The classes behind `manycore.bag`: a bag, and the single result of a reduction.

use crate::accumulate::Accumulate;
use crate::compiled::Compiled;
use crate::error::bag_error;
use crate::gate::detached;
use crate::pipeline::as_op;
use crate::steps::{Call, Calls, Delayed, Flatten, Native, Role};
use crate::{convert, door};
use manycore::bag::{
    Affix, BagError, Blocksize, Case, Collect, Compression, Contains, Count, Distinct, Element,
    Errors, Extreme, Frequencies, Length, Mean, Memory, Reduced, Reduction, Replace, Side, Split,
    Step, Strip, Sum, TextOptions, Top, WriteText,
};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList, PyString, PyTuple};
use std::path::PathBuf;
use std::sync::Arc;

/// A lazy, partitioned collection; `manycore.Bag` is its face.
#[pyclass(frozen, module = "manycore._core")]
pub struct Bag {
    bag: manycore::bag::Bag,
}

/// One result, not computed yet; `manycore.Item` is its face.
#[pyclass(frozen, module = "manycore._core")]
pub struct Item {
    reduced: Reduced,
}

fn compression(name: &str) -> PyResult<Option<Option<Compression>>> {
    Ok(match name {
        "infer" => None,
        "none" => Some(None),
        "gzip" => Some(Some(Compression::Gzip)),
        "zstd" => Some(Some(Compression::Zstd)),
        other => {
            let message =
                format!("compression must be 'infer', None, 'gzip' or 'zstd', not {other:?}");
            return Err(PyValueError::new_err(message));
        }
    })
}

#[pymethods]
impl Bag {
    #[staticmethod]
    fn read_text(
        py: Python<'_>,
        paths: Vec<PathBuf>,
        blocksize: Option<u64>,
        is_auto: bool,
        compression: &str,
        errors: &str,
    ) -> PyResult<Self> {
        let options = TextOptions {
            blocksize: match blocksize {
                Some(bytes) => Blocksize::Bytes(bytes),
                None if is_auto => Blocksize::Auto,
                None => Blocksize::File,
            },
            compression: self::compression(compression)?,
            errors: match errors {
                "strict" => Errors::Strict,
                "replace" => Errors::Replace,
                "ignore" => Errors::Ignore,
                other => {
                    let message =
                        format!("errors must be 'strict', 'replace' or 'ignore', not {other:?}");
                    return Err(PyValueError::new_err(message));
                }
            },
        };
        let found = detached(py, || manycore::bag::Bag::read_text(&paths, &options));
        found.map(Self::from).map_err(|error| bag_error(py, error))
    }

    #[staticmethod]
    fn from_lists(lists: Vec<Bound<'_, PyList>>) -> Self {
        let (element, partitions) = convert::partitions(&lists);
        let memory = Memory::new("from_sequence", element, partitions);
        manycore::bag::Bag::new(Arc::new(memory)).into()
    }

    #[staticmethod]
    fn from_calls(callables: Vec<Py<PyAny>>) -> Self {
        manycore::bag::Bag::new(Arc::new(Delayed::new(callables))).into()
    }

    #[getter]
    fn npartitions(&self) -> usize {
        self.bag.partitions()
    }

    #[getter]
    fn element(&self) -> String {
        self.bag.element().to_string()
    }

    #[getter]
    fn description(&self) -> String {
        self.bag.description()
    }

    #[getter]
    fn pipeline(&self) -> Vec<String> {
        self.bag.pipeline()
    }

    /// Input bytes and files, where they are known.
    #[getter]
    fn size(&self) -> Option<(u64, u64)> {
        self.bag.size()
    }

    fn map(
        &self,
        py: Python<'_>,
        name: String,
        function: Py<PyAny>,
        arguments: Py<PyTuple>,
        keywords: &Bound<'_, PyDict>,
    ) -> PyResult<Self> {
        let keywords = (!keywords.is_empty()).then(|| keywords.clone().unbind());
        let role = Role::Map { arguments, keywords };
        self.calls(py, Call { name, function, role })
    }

    fn filter(&self, py: Python<'_>, name: String, predicate: Py<PyAny>) -> PyResult<Self> {
        self.calls(py, Call { name, function: predicate, role: Role::Filter })
    }

    fn flatten(&self, py: Python<'_>) -> PyResult<Self> {
        match self.bag.element() {
            Element::StrList => self.then(py, manycore::bag::Flatten),
            _ => self.then(py, Flatten),
        }
    }

    /// The strings that the elements must be.
    fn strings(&self, py: Python<'_>) -> PyResult<Self> {
        match self.bag.element() {
            Element::Str => Ok(self.bag.clone().into()),
            _ => self.then(py, Native),
        }
    }

    /// The native form of a string method with these arguments, if there is one.
    #[pyo3(signature = (name, text = None, new = None, number = None))]
    fn string(
        &self,
        py: Python<'_>,
        name: &str,
        text: Option<Bound<'_, PyString>>,
        new: Option<Bound<'_, PyString>>,
        number: Option<usize>,
    ) -> PyResult<Option<Self>> {
        if self.bag.element() != Element::Str {
            return Ok(None);
        }
        let utf8 = |text: Option<Bound<'_, PyString>>| {
            text.map(|text| text.to_str().map(str::to_owned)).transpose()
        };
        // Lone surrogates have no UTF-8 form: Python knows what to do with them.
        let (Ok(text), Ok(new)) = (utf8(text), utf8(new)) else { return Ok(None) };
        let step: Arc<dyn Step> = match (name, text) {
            ("lower", None) => Arc::new(Case::Lower),
            ("upper", None) => Arc::new(Case::Upper),
            ("len", None) => Arc::new(Length),
            ("strip", characters) => Arc::new(Strip { side: None, characters }),
            ("lstrip", characters) => Arc::new(Strip { side: Some(Side::Start), characters }),
            ("rstrip", characters) => Arc::new(Strip { side: Some(Side::End), characters }),
            ("split", separator) => {
                Arc::new(Split::new(separator, number).map_err(|error| bag_error(py, error))?)
            }
            ("contains", Some(pattern)) => Arc::new(Contains::new(&pattern)),
            ("startswith", Some(pattern)) => Arc::new(Affix { side: Side::Start, pattern }),
            ("endswith", Some(pattern)) => Arc::new(Affix { side: Side::End, pattern }),
            ("replace", Some(old)) => {
                let Some(new) = new else { return Ok(None) };
                Arc::new(Replace { old, new, count: number })
            }
            _ => return Ok(None),
        };
        self.bag.then(step).map(|bag| Some(bag.into())).map_err(|error| bag_error(py, error))
    }

    /// The native form of a reduction, if there is one for such elements.
    #[pyo3(signature = (name, number = 0, flag = false))]
    fn reduce_native(&self, name: &str, number: usize, flag: bool) -> PyResult<Option<Item>> {
        let reduction: Arc<dyn Reduction> = match name {
            "count" => Arc::new(Count),
            "sum" => Arc::new(Sum),
            "mean" => Arc::new(Mean),
            "min" => Arc::new(Extreme::Min),
            "max" => Arc::new(Extreme::Max),
            "topk" => Arc::new(Top { k: number }),
            "distinct" => Arc::new(Distinct),
            "frequencies" => Arc::new(Frequencies { sort: flag, first: None }),
            other => return Err(PyValueError::new_err(format!("no reduction {other:?}"))),
        };
        match self.bag.try_reduce(reduction) {
            Ok(reduced) => Ok(Some(Item { reduced })),
            // Other elements are Python's business.
            Err(BagError::Type { .. }) => Ok(None),
            Err(error) => Python::attach(|py| Err(bag_error(py, error))),
        }
    }

    /// A reduction by an accumulator of `manycore._accumulate`.
    fn accumulate(&self, name: String, accumulator: Py<PyAny>) -> Item {
        Item { reduced: self.bag.reduce(Arc::new(Accumulate::new(name, accumulator))) }
    }

    #[pyo3(signature = (progress = None))]
    fn compute<'py>(
        &self,
        py: Python<'py>,
        progress: Option<Py<PyAny>>,
    ) -> PyResult<Bound<'py, PyList>> {
        let list = PyList::empty(py);
        let lowered = self.bag.lower(Arc::new(Collect), 0..self.bag.partitions() as u32, as_op);
        // Each partition is freed as soon as its elements are in the list.
        for partition in door::run(py, lowered, progress)? {
            convert::extend(py, &list, &partition)?;
        }
        Ok(list)
    }

    #[pyo3(signature = (progress = None))]
    fn persist(&self, py: Python<'_>, progress: Option<Py<PyAny>>) -> PyResult<Self> {
        let lowered = self.bag.lower(Arc::new(Collect), 0..self.bag.partitions() as u32, as_op);
        Ok(self.bag.in_memory(door::run(py, lowered, progress)?).into())
    }

    /// The first `count` elements of partitions `first..last`.
    fn take<'py>(
        &self,
        py: Python<'py>,
        count: usize,
        first: u32,
        last: u32,
    ) -> PyResult<Bound<'py, PyList>> {
        let list = PyList::empty(py);
        for partition in door::run(py, self.bag.lower_head(count, first..last, as_op), None)? {
            convert::extend(py, &list, &partition)?;
        }
        if list.len() > count {
            list.del_slice(count, list.len())?;
        }
        Ok(list)
    }

    #[pyo3(signature = (paths, last_endline, compression, progress = None))]
    fn to_textfiles(
        &self,
        py: Python<'_>,
        paths: Vec<PathBuf>,
        last_endline: bool,
        compression: &str,
        progress: Option<Py<PyAny>>,
    ) -> PyResult<()> {
        let compression = self::compression(compression)?;
        let write = WriteText { paths: paths.into(), last_endline, compression };
        write.element(self.bag.element()).map_err(|error| bag_error(py, error))?;
        let lowered = self.bag.lower(Arc::new(write), 0..self.bag.partitions() as u32, as_op);
        door::run(py, lowered, progress).map(drop)
    }
}

impl Bag {
    /// Natively, if the function is compiled and takes such elements.
    fn calls(&self, py: Python<'_>, call: Call) -> PyResult<Self> {
        match Compiled::new(py, &call, self.bag.element())? {
            Some(compiled) => self.then(py, compiled),
            None => self.then(py, Calls::new(call)),
        }
    }

    fn then(&self, py: Python<'_>, step: impl Step + 'static) -> PyResult<Self> {
        let bag = self.bag.then(Arc::new(step)).map_err(|error| bag_error(py, error))?;
        Ok(bag.into())
    }
}

impl From<manycore::bag::Bag> for Bag {
    fn from(bag: manycore::bag::Bag) -> Self {
        Self { bag }
    }
}

#[pymethods]
impl Item {
    #[getter]
    fn pipeline(&self) -> Vec<String> {
        self.reduced.pipeline()
    }

    /// Input bytes and files, where they are known.
    #[getter]
    fn size(&self) -> Option<(u64, u64)> {
        self.reduced.bag().size()
    }

    /// The results as a bag of one partition.
    fn to_bag(&self) -> Bag {
        self.reduced.clone().into_bag().into()
    }

    /// The results as a list.
    #[pyo3(signature = (progress = None))]
    fn compute<'py>(
        &self,
        py: Python<'py>,
        progress: Option<Py<PyAny>>,
    ) -> PyResult<Bound<'py, PyList>> {
        let list = PyList::empty(py);
        for partition in door::run(py, self.reduced.lower(as_op), progress)? {
            convert::extend(py, &list, &partition)?;
        }
        Ok(list)
    }
}
