//! Which compiled function each thread is in, told by who calls them.
//!
//! A kernel has no frame of Python's. Its caller says its name here while a profile is made; the
//! sampler looks the names up.

use super::clock;
use std::cell::Cell;
use std::collections::HashMap;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, PoisonError};

/// The process that is profiled; a fork of it is not.
static PROFILED: AtomicU32 = AtomicU32::new(0);
static NAMES: Mutex<Option<HashMap<i32, String>>> = Mutex::new(None);

thread_local! {
    static THREAD: Cell<i32> = const { Cell::new(0) };
}

/// The calling thread is in a kernel until this is dropped.
#[derive(Debug)]
pub struct Inside {
    thread: i32,
    // Kernels that call Python, which calls kernels.
    around: Option<String>,
}

/// Says that the calling thread is in the kernel `name`; costs one load where no profile is made.
#[inline]
pub fn enter(name: &str) -> Option<Inside> {
    let process = PROFILED.load(Ordering::Relaxed);
    if process == 0 { None } else { enter_profiled(process, name) }
}

#[cold]
fn enter_profiled(process: u32, name: &str) -> Option<Inside> {
    if process != std::process::id() {
        return None;
    }
    let thread = THREAD.get();
    let thread = if thread == 0 { clock::this_thread() } else { thread };
    THREAD.set(thread);
    let mut names = NAMES.lock().unwrap_or_else(PoisonError::into_inner);
    let around = names.get_or_insert_default().insert(thread, name.to_owned());
    Some(Inside { thread, around })
}

impl Drop for Inside {
    fn drop(&mut self) {
        let mut names = NAMES.lock().unwrap_or_else(PoisonError::into_inner);
        let names = names.get_or_insert_default();
        match self.around.take() {
            Some(around) => names.insert(self.thread, around),
            None => names.remove(&self.thread),
        };
    }
}

/// From now on it is asked for, or no more.
pub(super) fn profiled(is_profiled: bool) {
    let process = if is_profiled { std::process::id() } else { 0 };
    PROFILED.store(process, Ordering::Relaxed);
}

/// The kernel that a thread is in.
pub(super) fn of(thread: i32) -> Option<String> {
    let names = NAMES.lock().unwrap_or_else(PoisonError::into_inner);
    names.as_ref()?.get(&thread).cloned()
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::{enter, of, profiled};
    use crate::profile::clock::this_thread;

    #[test]
    fn kernels_within_kernels() {
        assert!(enter("early").is_none());
        profiled(true);
        let outer = enter("outer").unwrap();
        let inner = enter("inner").unwrap();
        assert_eq!(of(this_thread()).as_deref(), Some("inner"));
        drop(inner);
        assert_eq!(of(this_thread()).as_deref(), Some("outer"));
        drop(outer);
        profiled(false);
        assert_eq!(of(this_thread()), None);
    }
}
