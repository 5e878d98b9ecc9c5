//! Python objects within what is written down for worker processes: as pickles.

use crate::gate;
use crate::object::{Pickled, pickler, unpickle};
use manycore::graph::OpError;
use pyo3::prelude::*;
use pyo3::types::PyBytes;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de, ser};
use std::cell::RefCell;
use std::sync::Arc;

thread_local! {
    /// What Python raised; serde's errors carry a message only.
    static RAISED: RefCell<Option<PyErr>> = const { RefCell::new(None) };
}

/// The user's own exception, if that is what became of what was written or read on this thread.
pub fn own(error: OpError) -> OpError {
    RAISED.take().map_or(error, OpError::from)
}

fn with_gil<T>(work: impl FnOnce(Python<'_>) -> PyResult<T>) -> Result<T, String> {
    let Some(_inside) = gate::enter() else { return Err("the process exits".into()) };
    gate::attach(work).map_err(|error| {
        let message = error.to_string();
        RAISED.set(Some(error));
        message
    })
}

/// Writes an object; functions and classes of `__main__` by content.
pub fn write<S: Serializer>(
    object: impl FnOnce(Python<'_>) -> PyResult<Py<PyAny>>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let dump = |py: Python<'_>| {
        let dumped = pickler(py)?.call_method1("dump_function", (object(py)?,))?;
        let (_, bytes): (u64, Bound<'_, PyBytes>) = dumped.extract()?;
        Ok(bytes.as_bytes().to_vec())
    };
    with_gil(dump).map_err(ser::Error::custom)?.serialize(serializer)
}

/// Reads one, and has `make` make something of it.
pub fn read<'de, T, D: Deserializer<'de>>(
    make: impl FnOnce(Bound<'_, PyAny>) -> PyResult<T>,
    deserializer: D,
) -> Result<T, D::Error> {
    let bytes = Arc::new(Vec::<u8>::deserialize(deserializer)?);
    let load = |py: Python<'_>| make(unpickle(py, &Pickled { bytes, buffers: Vec::new() })?);
    with_gil(load).map_err(de::Error::custom)
}

/// For `#[serde(with = "pickled")]`.
pub fn serialize<S: Serializer>(object: &Py<PyAny>, serializer: S) -> Result<S::Ok, S::Error> {
    write(|py| Ok(object.clone_ref(py)), serializer)
}

/// For `#[serde(with = "pickled")]`.
pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Arc<Py<PyAny>>, D::Error> {
    read(|object| Ok(Arc::new(object.unbind())), deserializer)
}
