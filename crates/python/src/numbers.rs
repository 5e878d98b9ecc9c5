//! Long lists of numbers: they travel side by side, eight bytes each.
//!
//! The standard pickler writes and reads them one by one, and that is most of what it costs to send
//! the results of many short calls.

use crate::channel::PythonBytes;
use pyo3::exceptions::PyValueError;
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyFloat, PyInt, PyList, PyTuple};

/// The numbers of a list or tuple, and whether they are floats; nothing unless they are all floats, or
/// all integers of 64 bits.
#[pyfunction]
pub fn pack<'py>(items: &Bound<'py, PyAny>) -> Option<(Bound<'py, PyBytes>, bool)> {
    let bytes = |numbers: Option<Vec<_>>| Some(PyBytes::new(items.py(), numbers?.as_flattened()));
    if items.get_item(0).ok()?.is_exact_instance_of::<PyFloat>() {
        return Some((bytes(all(items, float))?, true));
    }
    Some((bytes(all(items, integer))?, false))
}

/// Puts a list together again.
#[pyfunction]
pub fn unpack<'py>(data: &Bound<'py, PyAny>, are_floats: bool) -> PyResult<Bound<'py, PyList>> {
    let py = data.py();
    let data = PythonBytes::new(data)?;
    let (numbers, rest) = data.as_ref().as_chunks();
    if !rest.is_empty() {
        return Err(PyValueError::new_err("a part of a number is missing"));
    }
    if are_floats {
        return PyList::new(py, numbers.iter().map(|bytes| f64::from_le_bytes(*bytes)));
    }
    PyList::new(py, numbers.iter().map(|bytes| i64::from_le_bytes(*bytes)))
}

type Number = [u8; 8];

/// The items as numbers, if every one of them is one.
fn all(
    items: &Bound<'_, PyAny>,
    number: impl Fn(Borrowed<'_, '_, PyAny>) -> Option<Number>,
) -> Option<Vec<Number>> {
    let py = items.py();
    let get = if items.is_exact_instance_of::<PyList>() {
        ffi::PyList_GetItem
    } else if items.is_exact_instance_of::<PyTuple>() {
        ffi::PyTuple_GetItem
    } else {
        return None;
    };
    let item = |index| {
        // SAFETY: it is a list or tuple as long as that; what is asked of its items runs nobody's
        // code, so that nobody takes them out meanwhile.
        unsafe { Borrowed::from_ptr_or_opt(py, get(items.as_ptr(), index)) }
    };
    (0..items.len().ok()? as isize).map(|index| number(item(index)?)).collect()
}

fn float(item: Borrowed<'_, '_, PyAny>) -> Option<Number> {
    Some(item.cast_exact::<PyFloat>().ok()?.value().to_le_bytes())
}

fn integer(item: Borrowed<'_, '_, PyAny>) -> Option<Number> {
    let item = item.cast_exact::<PyInt>().ok()?;
    let mut overflow = 0;
    // SAFETY: it is an integer.
    let number = unsafe { ffi::PyLong_AsLongLongAndOverflow(item.as_ptr(), &raw mut overflow) };
    (overflow == 0).then(|| number.to_le_bytes())
}
