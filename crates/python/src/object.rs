//! A Python object as a task's result: as it is, pickled as it travels, or both.

use crate::channel::{Buffer, shared};
use crate::gate;
use manycore::graph::{Data, Load, OpError, Shared, Spill, Value, value};
use memmap2::Mmap;
use pyo3::prelude::*;
use pyo3::pybacked::PyBackedBytes;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyBytes, PyModule};
use std::fs::File;
use std::io::Write;
use std::ops::Range;
use std::sync::atomic::{AtomicBool, Ordering};
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

/// Pickles an object.
pub fn pickle(object: &Bound<'_, PyAny>) -> PyResult<Pickled> {
    let pickled = pickler(object.py())?.call_method1("dumps", (object,))?;
    let (bytes, buffers): (Bound<'_, PyBytes>, Vec<Bound<'_, PyAny>>) = pickled.extract()?;
    let buffers = buffers.iter().map(shared).collect::<PyResult<_>>()?;
    Ok(Pickled { bytes: Arc::new(PyBackedBytes::from(bytes)), buffers })
}

/// Puts an object together again.
pub fn unpickle<'py>(py: Python<'py>, pickled: &Pickled) -> PyResult<Bound<'py, PyAny>> {
    let buffers = pickled.buffers.iter().map(|buffer| Buffer::new(Arc::clone(buffer)));
    let buffers: Vec<_> = buffers.collect();
    let bytes = Buffer::new(Arc::clone(&pickled.bytes));
    pickler(py)?.call_method1("loads", (bytes, buffers))
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
    fn spill(&self, file: &mut File) -> Result<Box<dyn Load>, OpError> {
        let Some(_inside) = gate::enter() else { return Err("the process exits".into()) };
        let pickled = gate::attach(|py| self.pickle(py))?;
        // Padded, so that arrays start where vector loads like it.
        let mut write = |bytes: &[u8]| -> std::io::Result<usize> {
            let length = bytes.len().next_multiple_of(ALIGNMENT);
            file.write_all(bytes)?;
            file.write_all(&[0; ALIGNMENT][..length - bytes.len()])?;
            Ok(length)
        };
        IS_TIGHT.store(true, Ordering::Relaxed);
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
    fn load(&self, file: &File) -> Result<Value, OpError> {
        // SAFETY: the file is ours alone and has no name; it was written once and never changes.
        let map = Arc::new(unsafe { Mmap::map(file) }?);
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
        if self.bytes >= LARGE && IS_TIGHT.load(Ordering::Relaxed) {
            trim();
        }
    }
}

/// What is smaller is not worth asking the allocator for.
const LARGE: usize = 1 << 20;
/// Whether values have had to go to disk in this process.
static IS_TIGHT: AtomicBool = AtomicBool::new(false);

/// Gives memory that was freed back to the operating system.
///
/// glibc keeps freed blocks of up to 32 MiB for the next that asks, in each thread's arena: with large
/// arrays that comes to more than they are.
#[pyfunction]
pub fn trim() {
    // SAFETY: may be called at any time, by any thread.
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    unsafe {
        libc::malloc_trim(0)
    };
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
        || object.is_exact_instance_of::<pyo3::types::PyBool>()
        || object.is_exact_instance_of::<pyo3::types::PyInt>()
        || object.is_exact_instance_of::<pyo3::types::PyFloat>()
    {
        return SMALL;
    }
    let told = pickler(py).and_then(|pickler| pickler.call_method1("size_of", (object,)));
    told.and_then(|told| told.extract()).unwrap_or(SMALL)
}
