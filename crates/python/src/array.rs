//! Arrays in chunks: the primitives that `manycore.array` is composed of.
//!
//! Arguments are checked in Python, at the line that builds an expression; what is wrong here is our mistake.

mod backend;
mod blocks;
mod convert;
mod products;

use crate::{door, gate};
use blocks::Blocks;
use convert::{array_of, dtype_of, grid_of, name_of, view_of};
use manycore::array::fused::{Function, Operation, Reduction};
use manycore::array::{self as core, Fold, Grid, Regions};
use manycore::engine::Lane;
use manycore::kernel::types::Scalar;
pub use products::multiply;
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList, PyString, PyTuple};
use std::path::PathBuf;
use std::sync::Arc;

/// An array that is computed when somebody asks for it.
#[pyclass(frozen, module = "manycore._core")]
pub struct Array(core::Array);

type Items = Vec<(usize, isize, usize)>;

#[pymethods]
impl Array {
    /// Elements in memory, without a copy.
    #[staticmethod]
    #[pyo3(signature = (array, chunks=None))]
    fn from_numpy(array: &Bound<'_, PyAny>, chunks: Option<&Bound<'_, PyAny>>) -> PyResult<Self> {
        let grid = chunks.map(grid_of).transpose()?;
        Ok(Self(core::Array::from_view(view_of(array)?, grid)))
    }

    /// One element everywhere.
    #[staticmethod]
    #[pyo3(signature = (shape, value, chunks=None))]
    fn full(
        shape: Vec<usize>,
        value: &Bound<'_, PyAny>,
        chunks: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Self> {
        let grid = chunks.map(grid_of).transpose()?;
        Ok(Self(core::Array::full(&view_of(value)?, &shape, grid)))
    }

    /// Elements one behind the other in a file, from `offset` on; `swapped` bytes are turned round.
    #[staticmethod]
    #[pyo3(signature = (path, offset, dtype, shape, chunks=None, swapped=None))]
    fn from_file(
        path: PathBuf,
        offset: u64,
        dtype: &Bound<'_, PyAny>,
        shape: Vec<usize>,
        chunks: Option<&Bound<'_, PyAny>>,
        swapped: Option<usize>,
    ) -> PyResult<Self> {
        let dtype = dtype_of(dtype)?;
        let stored = core::Stored::open(&path, offset, &shape, &dtype, swapped);
        let stored = stored.map_err(crate::error::stored_error)?;
        Self::from_source(Arc::new(stored), dtype, &shape, chunks)
    }

    /// Random numbers of a distribution with these parameters.
    #[staticmethod]
    #[pyo3(signature = (name, parameters, draw, dtype, shape, chunks=None))]
    fn random(
        name: &str,
        parameters: Vec<f64>,
        draw: crate::random::Draw,
        dtype: &Bound<'_, PyAny>,
        shape: Vec<usize>,
        chunks: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Self> {
        let what = match name.parse() {
            Ok(counted) => core::Draw::Counts(counted, parameters),
            Err(_) => {
                core::Draw::Numbers(name.parse().map_err(crate::random::unknown)?, parameters)
            }
        };
        let source = core::Generated::new(what, crate::random::key(draw), &shape);
        Self::from_source(Arc::new(source), dtype_of(dtype)?, &shape, chunks)
    }

    /// Random integers from `low` to `low + range`, as 64-bit words.
    #[staticmethod]
    #[pyo3(signature = (low, range, draw, dtype, shape, chunks=None))]
    fn random_integers(
        low: u64,
        range: u64,
        draw: crate::random::Draw,
        dtype: &Bound<'_, PyAny>,
        shape: Vec<usize>,
        chunks: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Self> {
        let what = core::Draw::Integers(low, range);
        let source = core::Generated::new(what, crate::random::key(draw), &shape);
        Self::from_source(Arc::new(source), dtype_of(dtype)?, &shape, chunks)
    }

    /// The index along an axis.
    #[staticmethod]
    #[pyo3(signature = (shape, axis, chunks=None))]
    fn iota(shape: Vec<usize>, axis: usize, chunks: Option<&Bound<'_, PyAny>>) -> PyResult<Self> {
        let grid = chunks.map(grid_of).transpose()?;
        Ok(Self(core::Array::iota(&shape, axis, grid)))
    }

    /// One of NumPy's ufuncs, `"where"` or `"cast"`, element by element.
    #[staticmethod]
    fn map(op: &str, inputs: Vec<Bound<'_, Self>>, dtype: &Bound<'_, PyAny>) -> PyResult<Self> {
        let inputs = inputs.iter().map(|input| input.get().0.clone()).collect();
        Ok(Self(core::Array::map(Operation::Named(op.into()), inputs, dtype_of(dtype)?)))
    }

    /// A function of the user's, element by element.
    #[staticmethod]
    fn call(
        function: Py<PyAny>,
        inputs: Vec<Bound<'_, Self>>,
        dtype: &Bound<'_, PyAny>,
        name: &str,
    ) -> PyResult<Self> {
        let inputs = inputs.iter().map(|input| input.get().0.clone()).collect();
        let function = Function { name: name.into(), callable: Arc::new(function) };
        Ok(Self(core::Array::map(Operation::Function(function), inputs, dtype_of(dtype)?)))
    }

    /// From `start` on every `step`-th, so many, along each axis.
    fn slice(&self, items: Items) -> Self {
        Self(self.0.slice(&items))
    }

    /// Axes in another order; `None` is a new one.
    fn axes(&self, axes: Vec<Option<usize>>) -> Self {
        Self(self.0.axes(&axes))
    }

    fn broadcast_to(&self, shape: Vec<usize>) -> Self {
        Self(self.0.broadcast(&shape))
    }

    fn reshape(&self, shape: Vec<usize>) -> Self {
        Self(self.0.reshape(&shape))
    }

    fn rechunk(&self, chunks: &Bound<'_, PyAny>) -> PyResult<Self> {
        Ok(Self(self.0.rechunk(grid_of(chunks)?)))
    }

    /// The elements at some indices of an axis.
    fn take(&self, indices: &Bound<'_, PyAny>, axis: usize) -> PyResult<Self> {
        let view = view_of(indices)?.contiguous();
        let bytes = view.as_bytes().unwrap_or_default().chunks_exact(8);
        let indices = bytes.map(|bytes| i64::from_ne_bytes(bytes.try_into().expect("8 bytes")));
        Ok(Self(self.0.take(indices.collect(), axis)))
    }

    /// Arrays of one dtype behind one another.
    #[staticmethod]
    fn concatenate(arrays: Vec<Bound<'_, Self>>, axis: usize) -> PyResult<Self> {
        if arrays.is_empty() {
            return Err(PyValueError::new_err("need at least one array to concatenate"));
        }
        let arrays = arrays.iter().map(|array| array.get().0.clone()).collect();
        Ok(Self(core::Array::concatenate(arrays, axis)))
    }

    /// The array with other elements in a box.
    fn put(&self, items: Items, value: &Bound<'_, Self>) -> Self {
        Self(self.0.put(&items, &value.get().0))
    }

    /// Elements combined along some axes.
    #[pyo3(signature = (kind, axes, dtype, ddof=0.0))]
    fn reduce(
        &self,
        kind: &str,
        axes: Vec<usize>,
        dtype: &Bound<'_, PyAny>,
        ddof: f64,
    ) -> PyResult<Self> {
        let fold = match kind {
            "add" => Fold::Simple(Reduction::Add),
            "multiply" => Fold::Simple(Reduction::Multiply),
            "minimum" => Fold::Simple(Reduction::Minimum),
            "maximum" => Fold::Simple(Reduction::Maximum),
            "logical_and" => Fold::Simple(Reduction::And),
            "logical_or" => Fold::Simple(Reduction::Or),
            "mean" => Fold::Mean,
            "var" => Fold::Var(ddof),
            "argmin" => Fold::Arg(false),
            "argmax" => Fold::Arg(true),
            _ => return Err(PyValueError::new_err(format!("no reduction is called {kind:?}"))),
        };
        let dtype = dtype_of(dtype)?;
        let is_complex =
            self.0.dtype().scalar().is_some_and(manycore::kernel::types::Scalar::is_complex);
        if let (Fold::Var(_), true) = (fold, is_complex) {
            // The variance of the parts, together.
            let part = |name: &str| {
                let operation = Operation::Named(name.into());
                let inputs = [self.0.clone()].into_iter().collect();
                let real = self.0.dtype().scalar().unwrap_or(Scalar::C128).real();
                core::Array::map(operation, inputs, real.into()).reduce(fold, &axes, dtype.clone())
            };
            let parts = [part("real"), part("imag")].into_iter().collect();
            return Ok(Self(core::Array::map(Operation::Named("add".into()), parts, dtype)));
        }
        Ok(Self(self.0.reduce(fold, &axes, dtype)))
    }

    /// What a function makes of regions, chunk by chunk.
    #[staticmethod]
    #[pyo3(signature = (function, inputs, regions, outputs, name, index=false))]
    fn blocks(
        function: Py<PyAny>,
        inputs: Vec<Bound<'_, Self>>,
        regions: Vec<Bound<'_, PyAny>>,
        outputs: Vec<(Bound<'_, PyAny>, Bound<'_, PyAny>)>,
        name: &str,
        index: bool,
    ) -> PyResult<Vec<Self>> {
        let inputs = inputs.iter().map(|input| input.get().0.clone()).collect();
        let regions: Vec<_> = regions.iter().map(regions_of).collect::<PyResult<_>>()?;
        let outputs =
            outputs.iter().map(|(dtype, chunks)| Ok((dtype_of(dtype)?, grid_of(chunks)?)));
        let outputs: Vec<(core::DType, Grid)> = outputs.collect::<PyResult<_>>()?;
        let function = Arc::new(Blocks { function, index, outputs: outputs.len() });
        let arrays = core::Array::blocks(name, function, inputs, regions, outputs);
        Ok(arrays.into_iter().map(Self).collect())
    }

    /// The sum of what a function makes of regions: it is called so many times for each chunk, one call after the other,
    /// with the sum, to which it adds.
    #[staticmethod]
    fn sums(
        function: Py<PyAny>,
        inputs: Vec<Bound<'_, Self>>,
        regions: Vec<Bound<'_, PyAny>>,
        output: (Bound<'_, PyAny>, Bound<'_, PyAny>),
        calls: usize,
        name: &str,
    ) -> PyResult<Self> {
        let inputs = inputs.iter().map(|input| input.get().0.clone()).collect();
        let regions: Vec<_> = regions.iter().map(regions_of).collect::<PyResult<_>>()?;
        let output = (dtype_of(&output.0)?, grid_of(&output.1)?);
        let function = Arc::new(Blocks { function, index: false, outputs: 1 });
        Ok(Self(core::Array::sums(name, function, inputs, regions, output, calls)))
    }

    #[getter]
    fn dtype<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        name_of(py, self.0.dtype())
    }

    #[getter]
    fn shape<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, self.0.shape())
    }

    #[getter]
    fn chunks<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        let grid = self.0.grid();
        let axes = (0..grid.ndim()).map(|axis| {
            let bounds = grid.bounds(axis);
            PyTuple::new(py, bounds.windows(2).map(|pair| pair[1] - pair[0]))
        });
        PyTuple::new(py, axes.collect::<PyResult<Vec<_>>>()?)
    }

    #[getter]
    fn numblocks<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        let grid = self.0.grid();
        PyTuple::new(py, (0..grid.ndim()).map(|axis| grid.blocks(axis)))
    }

    #[getter]
    fn ndim(&self) -> usize {
        self.0.shape().len()
    }

    #[getter]
    fn size(&self) -> usize {
        self.0.len()
    }

    #[getter]
    fn nbytes(&self) -> usize {
        self.0.nbytes()
    }

    #[getter]
    fn name(&self) -> &str {
        self.0.name()
    }
}

impl Array {
    fn from_source(
        source: Arc<dyn core::Source>,
        dtype: core::DType,
        shape: &[usize],
        chunks: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Self> {
        let grid = match chunks {
            Some(chunks) => grid_of(chunks)?,
            None => Grid::chosen(shape, dtype.size(), 0..shape.len()),
        };
        Ok(Self(core::Array::from_source(source, dtype, grid)))
    }
}

fn regions_of(regions: &Bound<'_, PyAny>) -> PyResult<Regions> {
    if let Ok(name) = regions.cast::<PyString>() {
        return match name.to_str()? {
            "same" => Ok(Regions::Same),
            "all" => Ok(Regions::All),
            other => Err(PyValueError::new_err(format!("no regions are called {other:?}"))),
        };
    }
    let list: Vec<Vec<(usize, usize)>> = regions.extract().map_err(|_| {
        PyTypeError::new_err("regions are \"same\", \"all\" or a list of (start, stop) tuples")
    })?;
    let each = list
        .into_iter()
        .map(|region| region.into_iter().map(|(start, stop)| start..stop).collect());
    Ok(Regions::List(each.collect()))
}

/// So many elements are computed faster in the caller's thread than others are woken.
const FEW: usize = 1 << 15;

/// Computes arrays.
#[pyfunction]
#[pyo3(signature = (arrays, lane=None, workers=None, progress=None))]
pub fn compute_arrays<'py>(
    py: Python<'py>,
    arrays: Vec<Bound<'py, Array>>,
    lane: Option<&str>,
    workers: Option<usize>,
    progress: Option<Py<PyAny>>,
) -> PyResult<Bound<'py, PyList>> {
    let roots: Vec<_> = arrays.iter().map(|array| array.get().0.clone()).collect();
    let memory = manycore::configuration().memory();
    let lowered = core::lower(&roots, Some(backend::backend()), memory);
    let lowered = lowered.map_err(|error| crate::error::op_error(py, error))?;
    let mut asked = door::asked(py, lane, workers, None, None)?;
    let is_small = lowered.tasks() <= 4 && roots.iter().all(|root| root.len() <= FEW);
    if is_small && lane.is_none() && lowered.elements() <= FEW {
        asked.lane = Some(Lane::Inline);
    }
    let views = door::run_arrays(py, lowered, asked, progress)?;
    let arrays: Vec<_> =
        views.iter().map(|view| array_of(py, view, true)).collect::<PyResult<_>>()?;
    PyList::new(py, arrays)
}

/// What computing arrays would do: a dictionary for each stage, the bytes of the results, the most bytes of memory, and
/// the budget.
#[pyfunction]
#[allow(clippy::type_complexity)]
pub fn explain_arrays<'py>(
    py: Python<'py>,
    arrays: Vec<Bound<'py, Array>>,
) -> PyResult<(Vec<Bound<'py, PyDict>>, u64, u64, Option<u64>)> {
    let roots: Vec<_> = arrays.iter().map(|array| array.get().0.clone()).collect();
    let configuration = manycore::configuration();
    let memory = configuration.memory();
    let lowered = core::lower(&roots, Some(backend::backend()), memory);
    let lowered = lowered.map_err(|error| crate::error::op_error(py, error))?;
    let explanation = lowered.explanation();
    let stages = explanation.stages.iter().filter(|stage| stage.tasks > 0).map(|stage| {
        let row = PyDict::new(py);
        row.set_item("name", &stage.name)?;
        row.set_item("kind", stage.kind)?;
        row.set_item("tasks", stage.tasks)?;
        row.set_item("fused", &stage.fused)?;
        row.set_item("compiled", stage.is_compiled)?;
        row.set_item("dtype", name_of(py, &stage.dtype)?)?;
        row.set_item("shape", PyTuple::new(py, &stage.shape)?)?;
        row.set_item("chunk", PyTuple::new(py, &stage.chunk)?)?;
        row.set_item("read", stage.read)?;
        row.set_item("received", stage.received)?;
        row.set_item("written", stage.written)?;
        row.set_item("task", stage.task)?;
        Ok(row)
    });
    let stages = stages.collect::<PyResult<Vec<_>>>()?;
    let peak = explanation.peak(configuration.workers(), memory);
    Ok((stages, explanation.results, peak, memory))
}

/// What is asked of Python from within a task: nothing once the process exits.
fn with_python<T>(work: impl FnOnce(Python<'_>) -> PyResult<T>) -> PyResult<T> {
    let Some(_inside) = gate::enter() else {
        return Err(pyo3::exceptions::PyKeyboardInterrupt::new_err(()));
    };
    gate::attach(work)
}
