//! Another process, held by a descriptor of its own.
//!
//! The kernel gives a process's number to another one once somebody has asked how it ended. A
//! descriptor means this very process or none, so that it may be killed at any time from any thread.

use crate::wait::wait;
use rustix::event::{PollFd, PollFlags};
use rustix::process::{Pid, PidfdFlags, Signal, pidfd_open, pidfd_send_signal};
use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};

/// A process that can be killed, and whose end can be waited for.
#[derive(Debug)]
pub struct Process {
    descriptor: OwnedFd,
}

impl Process {
    /// The process with this number, which must not have been waited for.
    ///
    /// # Errors
    /// Those of `pidfd_open`.
    pub fn open(number: u32) -> io::Result<Self> {
        let number = Pid::from_raw(number as i32).ok_or(io::ErrorKind::InvalidInput)?;
        Ok(Self { descriptor: pidfd_open(number, PidfdFlags::empty())? })
    }

    /// Kills it, if it has not ended.
    pub fn kill(&self) {
        // There is no other reason to fail: it is one of ours.
        let _ = pidfd_send_signal(&self.descriptor, Signal::KILL);
    }

    /// Waits until it has ended.
    ///
    /// # Errors
    /// Those of `poll`.
    pub fn wait(&self) -> io::Result<()> {
        wait(&mut [PollFd::new(&self.descriptor, PollFlags::IN)], None).map(drop)
    }
}

impl AsFd for Process {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.descriptor.as_fd()
    }
}

impl From<OwnedFd> for Process {
    fn from(descriptor: OwnedFd) -> Self {
        Self { descriptor }
    }
}
