//! A worker's end of its channel to the parent, and the memory that arrives through it.

use manycore::channel::{self, Marker, Outgoing};
use manycore::engine::{PREPARING, TASK, WAITING, outside};
use manycore::graph::Shared;
use pyo3::buffer::PyBuffer;
use pyo3::exceptions::PyBufferError;
use pyo3::prelude::*;
use pyo3::pybacked::PyBackedBytes;
use pyo3::types::PyBytes;
use std::any::Any;
use std::collections::VecDeque;
use std::ffi::{c_int, c_void};
use std::os::fd::{FromRawFd, OwnedFd};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, Instant};

/// Bytes that arrived, read-only; in shared memory if there are many.
#[pyclass(frozen, module = "manycore._core")]
pub struct Buffer {
    bytes: Shared,
}

impl Buffer {
    pub fn new(bytes: Shared) -> Self {
        Self { bytes }
    }

    /// The arrived bytes that an object's are a part of, if it is a view of a `Buffer`.
    fn within(object: &Bound<'_, PyAny>, bytes: &[u8]) -> Option<channel::Buffer> {
        // How NumPy and memoryview name what they are views of. A chain of more is not looked at.
        const NAMES: [&str; 2] = ["obj", "base"];
        let mut owner = object.clone();
        for _ in 0..8 {
            if let Ok(buffer) = owner.cast::<Self>() {
                let known: &dyn Any = &*buffer.get().bytes;
                return known.downcast_ref::<channel::Buffer>()?.within(bytes);
            }
            owner = NAMES.iter().find_map(|name| owner.getattr_opt(*name).ok()?)?;
        }
        None
    }
}

/// Called around each fork of this process.
#[pyfunction]
pub fn note_fork() {
    channel::note_fork();
}

/// The bytes of a Python buffer; if it is a view of bytes that arrived, these.
pub fn shared(object: &Bound<'_, PyAny>) -> PyResult<Shared> {
    let own = PythonBytes::new(object)?;
    Ok(match Buffer::within(object, own.as_ref()) {
        Some(arrived) => Arc::new(arrived),
        None => Arc::new(own),
    })
}

#[pymethods]
impl Buffer {
    fn __len__(&self) -> usize {
        (*self.bytes).as_ref().len()
    }

    /// # Safety
    /// `view` is null or points to a view to be filled, as the buffer protocol says.
    unsafe fn __getbuffer__(
        slf: Bound<'_, Self>,
        view: *mut pyo3::ffi::Py_buffer,
        flags: c_int,
    ) -> PyResult<()> {
        if view.is_null() {
            return Err(PyBufferError::new_err("there is no view to fill"));
        }
        let bytes = (*slf.get().bytes).as_ref();
        // SAFETY: the bytes live as long as `slf`, which the view keeps alive; they are shared and
        // exported as read-only, and a request for a writable view fails.
        let result = unsafe {
            pyo3::ffi::PyBuffer_FillInfo(
                view,
                slf.as_ptr(),
                bytes.as_ptr().cast_mut().cast::<c_void>(),
                bytes.len() as isize,
                1,
                flags,
            )
        };
        if result == 0 { Ok(()) } else { Err(PyErr::fetch(slf.py())) }
    }
}

/// The bytes of a Python buffer, for as long as they are being sent.
pub struct PythonBytes(PyBuffer<u8>);

impl PythonBytes {
    pub fn new(object: &Bound<'_, PyAny>) -> PyResult<Self> {
        let buffer = PyBuffer::get(object)?;
        if !buffer.is_c_contiguous() {
            return Err(PyBufferError::new_err("a buffer to be sent must be contiguous"));
        }
        Ok(Self(buffer))
    }
}

impl AsRef<[u8]> for PythonBytes {
    fn as_ref(&self) -> &[u8] {
        let length = self.0.len_bytes();
        if length == 0 {
            return &[];
        }
        // SAFETY: the buffer is contiguous and its owner keeps it in place until the view is released.
        // Python code that changes it meanwhile changes what is sent, as with any asynchronous write.
        unsafe { std::slice::from_raw_parts(self.0.buf_ptr().cast(), length) }
    }
}

/// Bytes that Python can read: a copy if they are few, which is quicker then.
pub fn readable<'py>(py: Python<'py>, bytes: &Shared) -> PyResult<Bound<'py, PyAny>> {
    const FEW: usize = 4096;
    let known = (**bytes).as_ref();
    if known.len() < FEW {
        return Ok(PyBytes::new(py, known).into_any());
    }
    Ok(Bound::new(py, Buffer::new(Arc::clone(bytes)))?.into_any())
}

/// How long a worker may take to leave when its parent has closed the channel.
const GRACE: Duration = Duration::from_secs(1);

/// Answers of short tasks go back together, but none waits longer than this.
const PATIENCE: Duration = Duration::from_millis(1);

/// Kind, tag, bytes, buffers.
type Parcel<'py> = (u32, u64, Bound<'py, PyAny>, Vec<Buffer>);

/// A worker's end.
#[pyclass(frozen, module = "manycore._core")]
pub struct Channel {
    channel: channel::Channel,
    // Comes with the first message.
    marker: OnceLock<Marker>,
    work: Mutex<Work>,
}

/// What a worker has to do, and has done.
struct Work {
    parcels: VecDeque<channel::Parcel>,
    answers: Vec<Answer>,
    tag: u64,
    begun: Instant,
    sent: Instant,
}

struct Answer {
    kind: u32,
    tag: u64,
    nanoseconds: u64,
    bytes: PyBackedBytes,
    buffers: Vec<Shared>,
}

#[pymethods]
impl Channel {
    /// The channel behind a descriptor, which it then owns. The process dies soon after its parent.
    #[new]
    fn new(descriptor: c_int) -> PyResult<Self> {
        // SAFETY: the worker's start hands its own new descriptor over and never uses it again.
        let descriptor = unsafe { OwnedFd::from_raw_fd(descriptor) };
        let channel = channel::Channel::from(descriptor);
        channel.die_with_peer(GRACE)?;
        let (now, answers) = (Instant::now(), Vec::new());
        let parcels = VecDeque::new();
        let work = Mutex::new(Work { parcels, answers, tag: WAITING, begun: now, sent: now });
        Ok(Self { channel, marker: OnceLock::new(), work })
    }

    /// Waits for a parcel: kind, tag, bytes, buffers; None when the parent has closed its end.
    ///
    /// Should the task end this process, the parent knows which one it was.
    fn next<'py>(&self, py: Python<'py>) -> PyResult<Option<Parcel<'py>>> {
        let work = &mut *self.lock();
        while work.parcels.is_empty() {
            // A task ends when its answer is sent: that may be what ends this process.
            self.flush(py, work)?;
            self.mark(WAITING);
            let received = py.detach(|| self.channel.receive_descriptors())?;
            let Some((parcels, descriptors)) = received else { return Ok(None) };
            for descriptor in descriptors {
                let _ = self.marker.set(Marker::open(descriptor)?);
            }
            work.parcels.extend(parcels);
            work.sent = Instant::now();
        }
        let Some(parcel) = work.parcels.pop_front() else { return Ok(None) };
        let bytes = if parcel.kind == TASK {
            readable(py, &(Arc::new(parcel.bytes) as Shared))?
        } else {
            PyBytes::new(py, parcel.bytes.as_ref()).into_any()
        };
        let buffers = parcel.buffers.into_iter().map(|buffer| Buffer::new(Arc::new(buffer)));
        if parcel.kind == TASK {
            self.mark(parcel.tag | PREPARING);
            (work.tag, work.begun) = (parcel.tag, Instant::now());
        }
        Ok(Some((parcel.kind, parcel.tag, bytes, buffers.collect())))
    }

    /// Begins the task that came last: its time limit counts from now.
    fn begin(&self) {
        self.mark(self.lock().tag);
    }

    /// Answers the task that was begun last; the answer is sent soon.
    fn answer(
        &self,
        py: Python<'_>,
        kind: u32,
        bytes: PyBackedBytes,
        buffers: Vec<Bound<'_, PyAny>>,
    ) -> PyResult<()> {
        let work = &mut *self.lock();
        let now = Instant::now();
        let nanoseconds = now.duration_since(work.begun).as_nanos() as u64;
        let buffers = buffers.iter().map(shared).collect::<PyResult<_>>()?;
        work.answers.push(Answer { kind, tag: work.tag, nanoseconds, bytes, buffers });
        if now.duration_since(work.sent) > PATIENCE {
            self.flush(py, work)?;
        }
        Ok(())
    }
}

impl Channel {
    fn flush(&self, py: Python<'_>, work: &mut Work) -> PyResult<()> {
        if work.answers.is_empty() {
            return Ok(());
        }
        let buffers: Vec<Vec<_>> = work
            .answers
            .iter()
            .map(|answer| answer.buffers.iter().map(outside).collect())
            .collect();
        let bytes: Vec<_> = work.answers.iter().map(|answer| [&answer.bytes[..]]).collect();
        let outgoing = work.answers.iter().zip(&bytes).zip(&buffers);
        let outgoing = outgoing.map(|((answer, bytes), buffers)| {
            let &Answer { kind, tag, nanoseconds, .. } = answer;
            Outgoing { kind, tag, nanoseconds, bytes, buffers }
        });
        let outgoing: Vec<_> = outgoing.collect();
        py.detach(|| self.channel.send(&outgoing))?;
        work.answers.clear();
        work.sent = Instant::now();
        Ok(())
    }

    fn mark(&self, tag: u64) {
        if let Some(marker) = self.marker.get() {
            marker.set(tag);
        }
    }

    fn lock(&self) -> MutexGuard<'_, Work> {
        self.work.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
