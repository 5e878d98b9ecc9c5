//! From our errors to Python's exceptions: the only match of its kind.

use manycore::array::{NegativePower, StoredError};
use manycore::bag::BagError;
use manycore::engine::{self, EngineError};
use manycore::graph::OpError;
use manycore::random::BadParameters;
use pyo3::exceptions::{
    PyEOFError, PyFileNotFoundError, PyMemoryError, PyOSError, PyRuntimeError, PyTimeoutError,
    PyTypeError, PyUnicodeDecodeError, PyValueError, PyZeroDivisionError,
};
use pyo3::prelude::*;
use pyo3::types::PyBytes;
use std::ffi::{OsStr, OsString};
use std::io;

pyo3::create_exception!(
    manycore,
    WorkerDied,
    PyRuntimeError,
    "A worker process died while it held tasks: killed, out of memory, crashed, or by os._exit."
);

/// `ENOENT`, which every platform that we build on numbers alike.
const NO_SUCH_FILE: i32 = 2;

/// The exception for an engine's error; `interrupt` is what ended a cancelled run.
pub fn engine_error(py: Python<'_>, error: EngineError, interrupt: Option<PyErr>) -> PyErr {
    // What workers raise once a run is interrupted comes of the interruption.
    if let Some(interrupt) = interrupt {
        return interrupt;
    }
    match error {
        EngineError::Task { name, partition, origin, source } => match source.downcast::<PyErr>() {
            Ok(error) => {
                let origin = origin.map(|origin| format!(" ({origin})")).unwrap_or_default();
                note(py, &error, &format!("in partition {partition}{origin} of {name}"));
                *error
            }
            Err(source) => op_error(py, source),
        },
        EngineError::Spill { ref folder, ref source } => {
            os_error(source, folder.as_os_str(), error.to_string())
        }
        EngineError::Option { .. } => PyValueError::new_err(error.to_string()),
        EngineError::Cancelled
        | EngineError::Closed
        | EngineError::Panic { .. }
        | EngineError::Threads { .. } => PyRuntimeError::new_err(error.to_string()),
    }
}

/// The exception for an op's own error.
pub fn op_error(py: Python<'_>, error: OpError) -> PyErr {
    match error.downcast::<PyErr>() {
        Ok(error) => *error,
        Err(error) => match error.downcast::<BagError>() {
            Ok(error) => bag_error(py, *error),
            Err(error) => match error.downcast::<StoredError>() {
                Ok(error) => stored_error(*error),
                Err(error) => task_error(&*error),
            },
        },
    }
}

/// The exception for an array's file that can't be read.
pub fn stored_error(error: StoredError) -> PyErr {
    os_error(&error.source, error.path.as_os_str(), error.to_string())
}

/// The exception for what became of a task in a worker process.
fn task_error(error: &(dyn std::error::Error + Send + Sync + 'static)) -> PyErr {
    if error.is::<engine::WorkerDied>() {
        WorkerDied::new_err(error.to_string())
    } else if error.is::<engine::TimedOut>() {
        PyTimeoutError::new_err(error.to_string())
    } else if error.is::<BadParameters>() || error.is::<NegativePower>() {
        PyValueError::new_err(error.to_string())
    } else {
        PyRuntimeError::new_err(error.to_string())
    }
}

/// The exception for a bag's error.
pub fn bag_error(py: Python<'_>, error: BagError) -> PyErr {
    let message = error.to_string();
    match error {
        BagError::Io { path, source, .. } => os_error(&source, path.as_os_str(), message),
        BagError::NoFiles { pattern } => {
            PyFileNotFoundError::new_err((NO_SUCH_FILE, "No file matches", OsString::from(pattern)))
        }
        BagError::Decode { path, offset, window, start, reason } => {
            let reason = format!("{reason} ({}, byte offset {offset})", path.display());
            let end = window.len();
            let window = PyBytes::new(py, &window).unbind();
            PyUnicodeDecodeError::new_err(("utf-8", window, start, end, reason))
        }
        BagError::Truncated { .. } => PyEOFError::new_err(message),
        BagError::Compressed { format: "gzip", .. } => {
            let bad = py.import("gzip").and_then(|gzip| gzip.getattr("BadGzipFile"));
            match bad.and_then(|class| class.call1((&message,))) {
                Ok(exception) => PyErr::from_value(exception),
                Err(error) => error,
            }
        }
        BagError::Compressed { .. } | BagError::Shrank { .. } => PyOSError::new_err(message),
        BagError::Argument { .. } | BagError::Pattern { .. } => PyValueError::new_err(message),
        BagError::Type { .. } => PyTypeError::new_err(message),
        BagError::Empty { operation: "mean" } => PyZeroDivisionError::new_err(message),
        BagError::Empty { .. } => PyValueError::new_err(message),
    }
}

/// The subclass of OSError that the error number asks for, with the file's name.
pub fn os_error(source: &io::Error, path: &OsStr, message: String) -> PyErr {
    match (source.raw_os_error(), source.kind()) {
        (Some(number), _) => {
            let text = source.to_string();
            let text = text.split(" (os error").next().unwrap_or_default().to_owned();
            // Python picks the subclass by the number.
            PyOSError::new_err((number, text, path.to_owned()))
        }
        (None, io::ErrorKind::OutOfMemory) => PyMemoryError::new_err(message),
        // A name with a null byte, for which `open` raises it too.
        (None, io::ErrorKind::InvalidInput) => PyValueError::new_err(message),
        (None, _) => PyOSError::new_err(message),
    }
}

/// Adds a line to what the exception shows (PEP 678).
pub fn note(py: Python<'_>, error: &PyErr, text: &str) {
    // An exception that refuses notes is raised without.
    let _ = error.value(py).call_method1("add_note", (text,));
}
