//! What compiled code raised, as Python's exception with a traceback that ends in the kernel's line.

use manycore::kernel::ir::Exception;
use pyo3::exceptions::{
    PyArithmeticError, PyAssertionError, PyAttributeError, PyException, PyFloatingPointError,
    PyIndexError, PyKeyError, PyMemoryError, PyNotImplementedError, PyOverflowError,
    PyRuntimeError, PyStopIteration, PyTypeError, PyUnboundLocalError, PyValueError,
    PyZeroDivisionError,
};
use pyo3::prelude::*;
use pyo3::types::PyDict;

/// Where something was raised.
pub struct Place<'a> {
    pub file: &'a str,
    pub line: u32,
    pub function: &'a str,
}

/// The exception.
pub fn raised(py: Python<'_>, exception: Exception, message: String, place: &Place<'_>) -> PyErr {
    let error = match exception {
        Exception::Index => PyIndexError::new_err(message),
        Exception::ZeroDivision => PyZeroDivisionError::new_err(message),
        Exception::Value => PyValueError::new_err(message),
        Exception::Type => PyTypeError::new_err(message),
        Exception::Assertion if message.is_empty() => PyAssertionError::new_err(()),
        Exception::Assertion => PyAssertionError::new_err(message),
        Exception::Overflow => PyOverflowError::new_err(message),
        Exception::Runtime => PyRuntimeError::new_err(message),
        Exception::Arithmetic => PyArithmeticError::new_err(message),
        Exception::Key => PyKeyError::new_err(message),
        Exception::NotImplemented => PyNotImplementedError::new_err(message),
        Exception::Memory => PyMemoryError::new_err(message),
        Exception::StopIteration => PyStopIteration::new_err(message),
        Exception::FloatingPoint => PyFloatingPointError::new_err(message),
        Exception::UnboundLocal => PyUnboundLocalError::new_err(message),
        Exception::Attribute => PyAttributeError::new_err(message),
        Exception::LinAlg => lin_alg(py, &message),
        Exception::Exception => PyException::new_err(message),
    };
    traced(py, &error, place).err().unwrap_or(error)
}

fn lin_alg(py: Python<'_>, message: &str) -> PyErr {
    let class = py.import("numpy.linalg").and_then(|linalg| linalg.getattr("LinAlgError"));
    match class.and_then(|class| class.call1((message,))) {
        Ok(error) => PyErr::from_value(error),
        Err(error) => error,
    }
}

/// Raises the exception in code that says that it is the kernel's line, so that the traceback shows it.
fn traced(py: Python<'_>, error: &PyErr, place: &Place<'_>) -> PyResult<()> {
    let builtins = py.import("builtins")?;
    let code = builtins.call_method1("compile", ("raise error", place.file, "exec"))?;
    let names = PyDict::new(py);
    names.set_item("co_name", place.function)?;
    names.set_item("co_firstlineno", place.line)?;
    let code = code.call_method("replace", (), Some(&names))?;
    let globals = PyDict::new(py);
    globals.set_item("error", error.value(py))?;
    builtins.call_method1("exec", (code, &globals)).map(drop)
}
