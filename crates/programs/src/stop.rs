//! A flag that wakes those who wait for a program.

use rustix::event::{EventfdFlags, eventfd};
use rustix::io::{Errno, write};
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::sync::atomic::{AtomicBool, Ordering};

/// Whether the run is to end; its descriptor is readable once it is.
#[derive(Debug)]
pub(crate) struct Stop {
    is_set: AtomicBool,
    event: OwnedFd,
}

impl Stop {
    pub fn new() -> Result<Self, Errno> {
        let flags = EventfdFlags::CLOEXEC | EventfdFlags::NONBLOCK;
        Ok(Self { is_set: AtomicBool::new(false), event: eventfd(0, flags)? })
    }

    pub fn set(&self) {
        self.is_set.store(true, Ordering::Relaxed);
        // A counter that is full is readable too.
        let _ = write(&self.event, &1_u64.to_ne_bytes());
    }

    pub fn is_set(&self) -> bool {
        self.is_set.load(Ordering::Relaxed)
    }
}

impl AsFd for Stop {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.event.as_fd()
    }
}
