//! What each thread does that has no frame of Python's: a task of the engine's, a compiled function.
//!
//! Whoever does it says so here while a profile is made, whose thread looks it up. Where none is made
//! this costs a load.

use crate::Home;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

/// The process that is profiled; a fork of it is not, unless it says so itself.
static PROFILED: AtomicU32 = AtomicU32::new(0);
/// The process's threads that have ever said what they do.
static THREADS: Home<Vec<Weak<Thread>>> = Home::new();

thread_local! {
    static THREAD: RefCell<Option<Arc<Thread>>> = const { RefCell::new(None) };
}

/// What is done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Doing {
    /// A compiled function that Python called.
    Kernel(String),
    /// A task of the engine's.
    Task {
        /// Its op.
        op: String,
        /// Whether it calls Python.
        is_python: bool,
        /// The kernel's number of the thread that waits for it, if one does.
        asker: Option<i32>,
    },
}

#[derive(Debug)]
struct Thread {
    process: u32,
    number: i32,
    // The outermost first: compiled functions call Python, which calls them.
    doing: Mutex<Vec<Doing>>,
}

impl Thread {
    fn lock(&self) -> MutexGuard<'_, Vec<Doing>> {
        self.doing.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The calling thread.
    fn here(process: u32) -> Arc<Self> {
        THREAD.with_borrow_mut(|here| match here {
            Some(here) if here.process == process => Arc::clone(here),
            // New, or forked: the other's lock may be held by a thread that is not here.
            _ => {
                let new = Arc::new(Self { process, number: thread(), doing: Mutex::default() });
                THREADS.lock().get_or_insert_default().push(Arc::downgrade(&new));
                Arc::clone(here.insert(new))
            }
        })
    }
}

/// The calling thread is at it until this is dropped, there.
#[derive(Debug)]
pub struct Inside(Arc<Thread>);

/// Says what the calling thread does from now on.
#[inline]
pub fn enter(doing: impl FnOnce() -> Doing) -> Option<Inside> {
    match PROFILED.load(Ordering::Relaxed) {
        0 => None,
        process => enter_profiled(process, doing),
    }
}

#[cold]
fn enter_profiled(process: u32, doing: impl FnOnce() -> Doing) -> Option<Inside> {
    if process != std::process::id() {
        return None;
    }
    let thread = Thread::here(process);
    thread.lock().push(doing());
    Some(Inside(thread))
}

impl Drop for Inside {
    fn drop(&mut self) {
        // In a fork nobody looks, and the lock may be held for ever.
        if self.0.process == std::process::id() {
            self.0.lock().pop();
        }
    }
}

/// From now on it is asked for, or no more.
pub fn profiled(is_profiled: bool) {
    let process = if is_profiled { std::process::id() } else { 0 };
    PROFILED.store(process, Ordering::Relaxed);
}

/// What threads do, by the kernel's numbers, the outermost first; only those that do something.
pub fn all() -> BTreeMap<i32, Vec<Doing>> {
    let mut threads = THREADS.lock();
    let threads = threads.get_or_insert_default();
    threads.retain(|thread| thread.strong_count() > 0);
    let doing = |thread: &Weak<Thread>| {
        let thread = thread.upgrade()?;
        let doing = thread.lock().clone();
        (!doing.is_empty()).then_some((thread.number, doing))
    };
    threads.iter().filter_map(doing).collect()
}

/// The kernel's number of the calling thread.
#[cfg(target_os = "linux")]
pub fn thread() -> i32 {
    rustix::thread::gettid().as_raw_pid()
}

/// No number: what threads do is looked up by Linux's.
#[cfg(not(target_os = "linux"))]
pub fn thread() -> i32 {
    0
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::{Doing, all, enter, profiled, thread};

    fn kernel(name: &str) -> Doing {
        Doing::Kernel(name.to_owned())
    }

    #[test]
    fn kernels_within_tasks() {
        assert!(enter(|| unreachable!("nobody asks")).is_none());
        profiled(true);
        let task = Doing::Task { op: "sum".to_owned(), is_python: false, asker: Some(7) };
        let outer = enter(|| task.clone()).unwrap();
        let inner = enter(|| kernel("inner")).unwrap();
        let (here, other) = (
            thread(),
            std::thread::spawn(|| {
                let _inside = enter(|| kernel("other")).unwrap();
                (thread(), all())
            })
            .join()
            .unwrap(),
        );
        assert_ne!(here, other.0);
        assert_eq!(other.1[&here], [task.clone(), kernel("inner")]);
        assert_eq!(other.1[&other.0], [kernel("other")]);
        drop(inner);
        // A thread that is gone does nothing.
        assert_eq!(all().into_iter().collect::<Vec<_>>(), [(here, vec![task])]);
        profiled(false);
        drop(outer);
        assert!(all().is_empty());
    }
}
