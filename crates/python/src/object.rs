//! A Python object as a task's result: as it is, pickled as it travels, or both.

use crate::channel::{Buffer, readable, shared};
use crate::gate;
use manycore::graph::{Data, Load, OpError, Shared, Spill, Value, value};
use memmap2::{Mmap, MmapOptions};
use pyo3::prelude::*;
use pyo3::pybacked::PyBackedBytes;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyBool, PyBytes, PyFloat, PyInt, PyList, PyModule, PyString, PyTuple};
use std::fs::File;
use std::io::Write;
use std::ops::Range;
use std::sync::{Arc, OnceLock};

/// A pickle, and the buffers that stand beside it.
#[derive(Clone)]
pub struct Pickled {
    pub bytes: Shared,
    pub buffers: Vec<Shared>,
}

/// The value of a Python task. What came from a worker stays pickled until somebody here looks at it,
/// and what was made here is not pickled before it leaves.
pub struct Object {
    object: OnceLock<Py<PyAny>>,
    pickled: OnceLock<Pickled>,
    bytes: usize,
}

/// The module `manycore._pickle`.
pub fn pickler(py: Python<'_>) -> PyResult<&Bound<'_, PyModule>> {
    static PICKLER: PyOnceLock<Py<PyModule>> = PyOnceLock::new();
    let import = || PyResult::Ok(py.import("manycore._pickle")?.unbind());
    Ok(PICKLER.get_or_try_init(py, import)?.bind(py))
}

/// The standard library's `pickle`, which is written in C: nine tenths of the time for a small object
/// would go into Python code around it.
struct Standard {
    dumps: Py<PyAny>,
    loads: Py<PyAny>,
}

fn standard(py: Python<'_>) -> PyResult<&Standard> {
    static STANDARD: PyOnceLock<Standard> = PyOnceLock::new();
    STANDARD.get_or_try_init(py, || {
        let module = py.import("pickle")?;
        let [dumps, loads] = ["dumps", "loads"].map(|name| module.getattr(name));
        Ok(Standard { dumps: dumps?.unbind(), loads: loads?.unbind() })
    })
}

/// What is longer is worth a look at how it travels best.
const SHORT: usize = 1024;

/// Whether an object is small, and nothing in it is of a kind that cloudpickle would treat otherwise
/// than `pickle`.
fn is_plain(object: &Bound<'_, PyAny>, depth: u32) -> bool {
    const FEW: usize = 16;
    if let Ok(items) = object.cast_exact::<PyTuple>() {
        let is_small = depth > 0 && items.len() <= FEW;
        return is_small && items.iter().all(|item| is_plain(&item, depth - 1));
    }
    if let Ok(items) = object.cast_exact::<PyList>() {
        let is_small = depth > 0 && items.len() <= FEW;
        return is_small && items.iter().all(|item| is_plain(&item, depth - 1));
    }
    if let Ok(bytes) = object.cast_exact::<PyBytes>() {
        return bytes.as_bytes().len() < SHORT;
    }
    if object.is_exact_instance_of::<PyString>() {
        return object.len().is_ok_and(|length| length < SHORT / 4);
    }
    object.is_none()
        || object.is_exact_instance_of::<PyInt>()
        || object.is_exact_instance_of::<PyFloat>()
        || object.is_exact_instance_of::<PyBool>()
}

/// Pickles an object.
pub fn pickle(object: &Bound<'_, PyAny>) -> PyResult<Pickled> {
    const DEPTH: u32 = 4;
    const PROTOCOL: u32 = 5;
    if is_plain(object, DEPTH) {
        let py = object.py();
        let pickled = standard(py)?.dumps.bind(py).call1((object, PROTOCOL))?;
        let bytes = PyBackedBytes::from(pickled.cast_into::<PyBytes>()?);
        return Ok(Pickled { bytes: Arc::new(bytes), buffers: Vec::new() });
    }
    let pickled = pickler(object.py())?.call_method1("dumps", (object,))?;
    let (bytes, buffers): (Bound<'_, PyBytes>, Vec<Bound<'_, PyAny>>) = pickled.extract()?;
    let buffers = buffers.iter().map(shared).collect::<PyResult<_>>()?;
    Ok(Pickled { bytes: Arc::new(PyBackedBytes::from(bytes)), buffers })
}

/// Puts an object together again.
pub fn unpickle<'py>(py: Python<'py>, pickled: &Pickled) -> PyResult<Bound<'py, PyAny>> {
    if pickled.buffers.is_empty() {
        return standard(py)?.loads.bind(py).call1((readable(py, &pickled.bytes)?,));
    }
    let buffers = pickled.buffers.iter().map(|buffer| Buffer::new(Arc::clone(buffer)));
    let buffers: Vec<_> = buffers.collect();
    pickler(py)?.call_method1("loads", (readable(py, &pickled.bytes)?, buffers))
}

impl Object {
    pub fn new(object: &Bound<'_, PyAny>) -> Self {
        let bytes = size_of(object);
        Self { object: OnceLock::from(object.clone().unbind()), pickled: OnceLock::new(), bytes }
    }

    pub fn from_pickle(pickled: Pickled) -> Self {
        let shared: usize = pickled.buffers.iter().map(|buffer| (**buffer).as_ref().len()).sum();
        let bytes = (*pickled.bytes).as_ref().len() + shared;
        Self { object: OnceLock::new(), pickled: OnceLock::from(pickled), bytes }
    }

    /// The object itself.
    pub fn get<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        if let Some(object) = self.object.get() {
            return Ok(object.bind(py).clone());
        }
        let pickled = self.pickled.get().expect("an object is here in one form at least");
        let object = unpickle(py, pickled)?;
        // Another thread may have been quicker, while the pickle's own code ran.
        Ok(self.object.get_or_init(|| object.unbind()).bind(py).clone())
    }

    /// Its pickle.
    pub fn pickle(&self, py: Python<'_>) -> PyResult<Pickled> {
        if let Some(pickled) = self.pickled.get() {
            return Ok(pickled.clone());
        }
        let pickled = pickle(&self.get(py)?)?;
        Ok(self.pickled.get_or_init(|| pickled).clone())
    }
}

impl Data for Object {
    fn bytes(&self) -> usize {
        self.bytes
    }

    fn spill(&self) -> Option<&dyn Spill> {
        Some(self)
    }
}

impl Spill for Object {
    fn spill(&self, file: &mut dyn Write) -> Result<Box<dyn Load>, OpError> {
        let Some(_inside) = gate::enter() else { return Err("the process exits".into()) };
        let pickled = gate::attach(|py| self.pickle(py))?;
        // Padded, so that arrays start where vector loads like it.
        let mut write = |bytes: &[u8]| -> std::io::Result<usize> {
            let length = bytes.len().next_multiple_of(ALIGNMENT);
            file.write_all(bytes)?;
            file.write_all(&[0; ALIGNMENT][..length - bytes.len()])?;
            Ok(length)
        };
        give_back_freed();
        let pickle = (*pickled.bytes).as_ref();
        let start = write(pickle)?;
        let mut buffers = Vec::with_capacity(pickled.buffers.len());
        let mut at = start;
        for buffer in &pickled.buffers {
            let buffer = (**buffer).as_ref();
            buffers.push(at..at + buffer.len());
            at += write(buffer)?;
        }
        Ok(Box::new(Spilled { pickle: pickle.len(), buffers }))
    }
}

/// Where parts of a file start.
const ALIGNMENT: usize = 64;

/// A pickle in a file: how long it is, and where its buffers are.
struct Spilled {
    pickle: usize,
    buffers: Vec<Range<usize>>,
}

impl Load for Spilled {
    fn load(&self, file: &File, start: u64) -> Result<Value, OpError> {
        let length = self.buffers.last().map_or(self.pickle, |last| last.end);
        // SAFETY: the file is ours alone and has no name; this part was written once and never changes.
        let map = unsafe { MmapOptions::new().offset(start).len(length).map(file) };
        let map = Arc::new(map?);
        let buffer =
            |range: &Range<usize>| Arc::new(Mapped(Arc::clone(&map), range.clone())) as Shared;
        let buffers = self.buffers.iter().map(buffer).collect();
        let bytes = buffer(&(0..self.pickle));
        Ok(value(Object::from_pickle(Pickled { bytes, buffers })))
    }
}

/// A part of a file.
struct Mapped(Arc<Mmap>, Range<usize>);

impl AsRef<[u8]> for Mapped {
    fn as_ref(&self) -> &[u8] {
        &self.0[self.1.clone()]
    }
}

impl Drop for Object {
    fn drop(&mut self) {
        let (Some(object), Some(_inside)) = (self.object.take(), gate::enter()) else { return };
        // With the GIL, or it would live on until somebody happens to take it.
        gate::attach(|_| drop(object));
    }
}

/// From now on has large blocks of memory go back to the operating system when they are freed.
///
/// glibc keeps freed blocks of up to 32 MiB for the next that asks, in each thread's arena: with large
/// arrays that comes to more than they are. It saves page faults, so it is only changed where memory is
/// short. `manycore._program` does the same for worker processes.
fn give_back_freed() {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    {
        const LARGE: libc::c_int = 1 << 17;
        static ONCE: std::sync::Once = std::sync::Once::new();
        // SAFETY: may be called at any time, by any thread.
        ONCE.call_once(|| unsafe {
            libc::mallopt(libc::M_MMAP_THRESHOLD, LARGE);
            libc::malloc_trim(0);
        });
    }
}

/// About how many bytes an object keeps alive: what its type can tell, and for lists and the like what
/// a few of their elements tell of all.
fn size_of(object: &Bound<'_, PyAny>) -> usize {
    const SMALL: usize = 32;
    let py = object.py();
    if let Ok(bytes) = object.cast::<PyBytes>() {
        return SMALL + bytes.as_bytes().len();
    }
    if object.is_none()
        || object.is_exact_instance_of::<PyBool>()
        || object.is_exact_instance_of::<PyInt>()
        || object.is_exact_instance_of::<PyFloat>()
    {
        return SMALL;
    }
    let told = pickler(py).and_then(|pickler| pickler.call_method1("size_of", (object,)));
    told.and_then(|told| told.extract()).unwrap_or(SMALL)
}
