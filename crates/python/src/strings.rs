//! Chunks of long strings, of bytes or of text: they travel as they stand in memory, side by side.
//!
//! To pickle them would first copy them all into one more place, and that is most of what it costs to
//! send a chunk of them.

use crate::channel::PythonBytes;
use manycore::graph::Shared;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::pybacked::{PyBackedBytes, PyBackedStr};
use pyo3::types::{PyBytes, PyList, PyString, PyTuple};
use std::sync::Arc;

/// If they are shorter than this on average, pickling is as fast.
const LONG: usize = 1 << 10;

/// The items of a chunk, all bytes or all text.
pub struct Strings {
    /// Their bytes.
    pub pieces: Vec<Shared>,
    /// How many bytes each of them has, as little endian numbers of eight bytes.
    pub lengths: Vec<u8>,
    /// Whether they are text.
    pub is_text: bool,
}

impl Strings {
    /// The items of a list or tuple, if they are long and of one type.
    pub fn of(chunk: &Bound<'_, PyAny>) -> Option<Self> {
        if !chunk.is_exact_instance_of::<PyTuple>() && !chunk.is_exact_instance_of::<PyList>() {
            return None;
        }
        let is_text = chunk.get_item(0).ok()?.is_exact_instance_of::<PyString>();
        let piece = if is_text { text } else { bytes };
        let items = chunk.try_iter().ok()?;
        let pieces: Vec<_> = items.map(|item| piece(item.ok()?)).collect::<Option<_>>()?;
        let length = |piece: &Shared| (**piece).as_ref().len();
        if pieces.iter().map(length).sum::<usize>() < LONG * pieces.len() {
            return None;
        }
        let lengths = pieces.iter().flat_map(|piece| (length(piece) as u64).to_le_bytes());
        Some(Self { lengths: lengths.collect(), pieces, is_text })
    }
}

fn bytes(item: Bound<'_, PyAny>) -> Option<Shared> {
    Some(Arc::new(PyBackedBytes::from(item.cast_into_exact::<PyBytes>().ok()?)))
}

fn text(item: Bound<'_, PyAny>) -> Option<Shared> {
    let item = item.cast_into_exact::<PyString>().ok()?;
    // Python would keep the UTF-8 of any other string beside it for as long as it lives.
    let is_ascii = item.call_method0("isascii").ok()?.is_truthy().ok()?;
    if is_ascii { Some(Arc::new(PyBackedStr::try_from(item).ok()?)) } else { None }
}

/// Puts a chunk's strings together again, which stand at the end of `data`.
#[pyfunction]
pub fn split<'py>(
    data: &Bound<'py, PyAny>,
    lengths: &[u8],
    is_text: bool,
) -> PyResult<Bound<'py, PyList>> {
    let py = data.py();
    let data = PythonBytes::new(data)?;
    let data = data.as_ref();
    let (lengths, _) = lengths.as_chunks();
    let lengths = lengths.iter().map(|length| u64::from_le_bytes(*length) as usize);
    let missing = || PyValueError::new_err("strings that should be here are not");
    let mut start = data.len().checked_sub(lengths.clone().sum()).ok_or_else(missing)?;
    let strings = PyList::empty(py);
    for length in lengths {
        let bytes = &data[start..start + length];
        if is_text {
            strings.append(PyString::from_bytes(py, bytes)?)?;
        } else {
            strings.append(PyBytes::new(py, bytes))?;
        }
        start += length;
    }
    Ok(strings)
}
