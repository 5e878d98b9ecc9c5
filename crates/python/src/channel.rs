//! A worker's end of its channel to the parent, and the memory that arrives through it.

use manycore::channel::{self, Marker, Outgoing};
use manycore::engine::WAITING;
use pyo3::buffer::PyBuffer;
use pyo3::exceptions::PyBufferError;
use pyo3::prelude::*;
use pyo3::types::PyBytes;
use std::ffi::{c_int, c_void};
use std::os::fd::{FromRawFd, OwnedFd};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

/// Bytes that arrived, read-only; in shared memory if there are many.
#[pyclass(frozen, module = "manycore._core")]
pub struct Buffer {
    bytes: Arc<dyn AsRef<[u8]> + Send + Sync>,
}

impl Buffer {
    pub fn new(bytes: Arc<dyn AsRef<[u8]> + Send + Sync>) -> Self {
        Self { bytes }
    }
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

/// How long a worker may take to leave when its parent has closed the channel.
const GRACE: Duration = Duration::from_secs(1);

/// A parcel from the parent: kind, tag, bytes, buffers.
type Parcel<'py> = (u32, u64, Bound<'py, PyBytes>, Vec<Buffer>);

/// A parcel to the parent: kind, tag, nanoseconds, bytes, buffers.
type Reply<'py> = (u32, u64, u64, Bound<'py, PyBytes>, Vec<Bound<'py, PyAny>>);

/// A worker's end.
#[pyclass(frozen, module = "manycore._core")]
pub struct Channel {
    channel: channel::Channel,
    // Comes with the first message.
    marker: OnceLock<Marker>,
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
        Ok(Self { channel, marker: OnceLock::new() })
    }

    /// Waits for a message; None when the parent has closed its end.
    fn receive<'py>(&self, py: Python<'py>) -> PyResult<Option<Vec<Parcel<'py>>>> {
        let received = py.detach(|| self.channel.receive_descriptors())?;
        let Some((parcels, descriptors)) = received else { return Ok(None) };
        for descriptor in descriptors {
            let _ = self.marker.set(Marker::open(descriptor)?);
        }
        let parcel = |parcel: channel::Parcel| {
            let buffers = parcel.buffers.into_iter().map(|buffer| Buffer::new(Arc::new(buffer)));
            let bytes = PyBytes::new(py, &parcel.bytes);
            (parcel.kind, parcel.tag, bytes, buffers.collect())
        };
        Ok(Some(parcels.into_iter().map(parcel).collect()))
    }

    /// Says that a task is begun: should it end this process, the parent knows which one it was.
    fn begin(&self, tag: u64) {
        if let Some(marker) = self.marker.get() {
            marker.set(tag);
        }
    }

    /// Says that no task is under way.
    fn rest(&self) {
        self.begin(WAITING);
    }

    /// Sends a message.
    fn send(&self, py: Python<'_>, parcels: Vec<Reply<'_>>) -> PyResult<()> {
        let mut owned = Vec::with_capacity(parcels.len());
        for (.., buffers) in &parcels {
            owned.push(buffers.iter().map(PythonBytes::new).collect::<PyResult<Vec<_>>>()?);
        }
        let views: Vec<Vec<&[u8]>> =
            owned.iter().map(|buffers| buffers.iter().map(AsRef::as_ref).collect()).collect();
        let outgoing: Vec<_> = parcels
            .iter()
            .zip(&views)
            .map(|((kind, tag, nanoseconds, bytes, _), buffers)| Outgoing {
                kind: *kind,
                tag: *tag,
                nanoseconds: *nanoseconds,
                bytes: bytes.as_bytes(),
                buffers,
            })
            .collect();
        py.detach(|| self.channel.send(&outgoing))?;
        Ok(())
    }
}
