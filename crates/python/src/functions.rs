//! Functions as worker processes are sent them.
//!
//! Many calls of one function, submitted one by one, are common, so the function that was asked for
//! last is remembered here: to ask `manycore._pickle`, which knows all, takes a tenth of such a call.

use crate::object::pickler;
use manycore::graph::Function;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyCFunction, PyFunction, PyWeakrefMethods, PyWeakrefReference};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// A function, as long as it lives, and what it is for a worker.
type Known = (Py<PyWeakrefReference>, Function);

/// Looked at with the GIL held only, so that a fork finds the lock open.
static LATEST: Mutex<Option<Known>> = Mutex::new(None);

fn latest() -> MutexGuard<'static, Option<Known>> {
    LATEST.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A function as workers are sent it, if it is the one that was asked for last.
pub fn remembered(function: &Bound<'_, PyAny>) -> Option<Function> {
    let latest = latest();
    let (known, pickled) = latest.as_ref()?;
    let is_known = known.bind(function.py()).upgrade().is_some_and(|known| known.is(function));
    is_known.then(|| pickled.clone())
}

/// Pickles a function.
pub fn pickled(function: &Bound<'_, PyAny>) -> PyResult<Function> {
    let dumped = pickler(function.py())?.call_method1("dump_function", (function,))?;
    let (id, bytes): (u64, Bound<'_, PyBytes>) = dumped.extract()?;
    let pickled = Function { id, bytes: bytes.as_bytes().into() };
    // Others may change, and then mean something else.
    if function.is_exact_instance_of::<PyFunction>()
        || function.is_exact_instance_of::<PyCFunction>()
    {
        let known = PyWeakrefReference::new(function)?.unbind();
        let old = latest().replace((known, pickled.clone()));
        drop(old);
    }
    Ok(pickled)
}
