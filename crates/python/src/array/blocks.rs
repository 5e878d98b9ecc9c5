//! Functions of Python's that make a chunk of regions.

use super::convert::{array_of, view_of};
use crate::gate::attached;
use crate::kernel::NumPy;
use manycore::array::BlockFunction;
use manycore::array::view::{Target, View};
use manycore::graph::{Context, OpError};
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::PyTuple;

/// A function, whether it is given the chunk's index, and how many arrays it makes.
pub struct Blocks {
    pub function: Py<PyAny>,
    pub index: bool,
    pub outputs: usize,
}

impl BlockFunction for Blocks {
    fn call(
        &self,
        index: &[usize],
        inputs: Vec<View>,
        context: &Context<'_>,
    ) -> Result<Vec<View>, OpError> {
        attached(context, |py| {
            let mut arguments = Vec::with_capacity(inputs.len() + 1);
            for input in &inputs {
                arguments.push(array_of(py, input, false)?);
            }
            drop(inputs);
            if self.index {
                arguments.push(PyTuple::new(py, index)?.into_any());
            }
            let result = self.function.bind(py).call1(PyTuple::new(py, arguments)?)?;
            if self.outputs == 1 {
                return Ok(vec![view(&result)?]);
            }
            let results: Vec<Bound<'_, PyAny>> = result.extract()?;
            if results.len() != self.outputs {
                let (got, wanted) = (results.len(), self.outputs);
                let message = format!("the function returned {got} arrays, not {wanted}");
                return Err(PyTypeError::new_err(message));
            }
            results.iter().map(view).collect()
        })
    }

    fn add(
        &self,
        sum: &mut Target,
        inputs: Vec<View>,
        context: &Context<'_>,
    ) -> Result<(), OpError> {
        attached(context, |py| {
            // Ours to write until the function returns, which keeps none of them.
            let mut arguments = vec![array_of(py, &sum.peek(), true)?];
            for input in &inputs {
                arguments.push(array_of(py, input, false)?);
            }
            drop(inputs);
            self.function.bind(py).call1(PyTuple::new(py, arguments)?)?;
            Ok(())
        })
    }
}

/// The elements of what a function returned, also if that is a number of NumPy's.
fn view(result: &Bound<'_, PyAny>) -> PyResult<View> {
    let numpy = NumPy::get(result.py())?;
    if numpy.fields(result).is_some() {
        return view_of(result);
    }
    view_of(&numpy.module.bind(result.py()).getattr("asarray")?.call1((result,))?)
}
