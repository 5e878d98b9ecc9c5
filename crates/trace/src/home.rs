//! A place that each process has for itself.
//!
//! A fork may happen while another thread holds a lock, and in the child nobody ever lets go of it: so
//! the child makes a place of its own behind its parent's, and what stands there is not its own.

use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

/// A process's place for a value that may be there.
#[derive(Debug)]
pub struct Home<T> {
    first: OnceLock<Box<Place<T>>>,
}

#[derive(Debug)]
struct Place<T> {
    process: u32,
    value: Mutex<Option<T>>,
    next: OnceLock<Box<Place<T>>>,
}

impl<T> Place<T> {
    fn new() -> Box<Self> {
        let process = std::process::id();
        Box::new(Self { process, value: Mutex::new(None), next: OnceLock::new() })
    }
}

impl<T> Default for Home<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T> Home<T> {
    /// Nothing stands there.
    pub const fn new() -> Self {
        Self { first: OnceLock::new() }
    }

    /// Locks this process's place.
    pub fn lock(&self) -> MutexGuard<'_, Option<T>> {
        let process = std::process::id();
        let mut place = self.first.get_or_init(Place::new);
        while place.process != process {
            place = place.next.get_or_init(Place::new);
        }
        place.value.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
