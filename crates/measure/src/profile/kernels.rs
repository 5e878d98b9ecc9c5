//! Which compiled function each thread is in, told by who calls them.
//!
//! A kernel has no frame of Python's. Its caller says its name here while a profile is made; the
//! sampler looks the names up.

use super::clock;
use std::cell::Cell;
use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

static IS_PROFILED: AtomicBool = AtomicBool::new(false);
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
    IS_PROFILED.load(Ordering::Relaxed).then(|| enter_profiled(name))
}

#[cold]
fn enter_profiled(name: &str) -> Inside {
    let thread = THREAD.get();
    // A fork has another number, but no thread of a fork was in a kernel before.
    let thread = if thread == 0 { clock::this_thread() } else { thread };
    THREAD.set(thread);
    let mut names = NAMES.lock().unwrap_or_else(PoisonError::into_inner);
    let around = names.get_or_insert_default().insert(thread, name.to_owned());
    Inside { thread, around }
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
    IS_PROFILED.store(is_profiled, Ordering::Relaxed);
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
