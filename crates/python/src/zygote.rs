//! The zygote's end of its channel: what the process that forks workers is asked, and its answers.

use manycore::channel::{self, Outgoing, Process, Ready};
use manycore::engine::{DONE, FAILED};
use pyo3::exceptions::PyOSError;
use pyo3::prelude::*;
use std::ffi::c_int;
use std::io;
use std::os::fd::{AsFd, FromRawFd, IntoRawFd, OwnedFd};
use std::time::{Duration, Instant};

/// A zygote's end.
#[pyclass(frozen, module = "manycore._core")]
pub struct Requests {
    channel: channel::Channel,
    parent: Process,
}

#[pymethods]
impl Requests {
    /// The channel behind a descriptor, which it then owns.
    #[new]
    fn new(descriptor: c_int) -> PyResult<Self> {
        // SAFETY: the zygote's start hands its own new descriptor over and never uses it again.
        let descriptor = unsafe { OwnedFd::from_raw_fd(descriptor) };
        let channel = channel::Channel::from(descriptor);
        let parent = channel.peer()?;
        Ok(Self { channel, parent })
    }

    /// Whether nothing is asked for so many seconds.
    fn is_quiet(&self, py: Python<'_>, seconds: f64) -> PyResult<bool> {
        let deadline = Instant::now() + Duration::from_secs_f64(seconds);
        let ready = py.detach(|| self.channel.wait_with(&self.parent, Some(deadline)))?;
        Ok(ready == Ready::Late)
    }

    /// Waits for a request: kind, number, and descriptors, which are the caller's; None at the end.
    fn receive(&self, py: Python<'_>) -> PyResult<Option<(u32, u64, Vec<c_int>)>> {
        let received = py.detach(|| match self.channel.wait_with(&self.parent, None)? {
            Ready::Message => self.channel.receive_descriptors(),
            Ready::Gone | Ready::Late => Ok(None),
        });
        let Some((parcels, descriptors)) = received? else { return Ok(None) };
        let [parcel] = &parcels[..] else {
            return Err(PyOSError::new_err("a request is one parcel"));
        };
        let descriptors = descriptors.into_iter().map(IntoRawFd::into_raw_fd).collect();
        Ok(Some((parcel.kind, parcel.tag, descriptors)))
    }

    /// Answers with a process that was forked.
    fn forked(&self, number: u32) -> PyResult<()> {
        match Process::open(number) {
            Ok(process) => {
                let answer = Outgoing { kind: DONE, tag: number.into(), ..Outgoing::default() };
                Ok(self.channel.send_descriptors(&[answer], &[process.as_fd()])?)
            }
            Err(error) => self.failed(error.raw_os_error().unwrap_or_default()),
        }
    }

    /// Answers how a process ended.
    fn ended(&self, status: i32) -> PyResult<()> {
        self.answer(DONE, status)
    }

    /// Answers that it can't be done, with the error's number.
    fn failed(&self, number: i32) -> PyResult<()> {
        self.answer(FAILED, number)
    }
}

impl Requests {
    fn answer(&self, kind: u32, number: i32) -> PyResult<()> {
        let tag = number as u64;
        let sent: io::Result<()> =
            self.channel.send(&[Outgoing { kind, tag, ..Outgoing::default() }]);
        Ok(sent?)
    }
}
