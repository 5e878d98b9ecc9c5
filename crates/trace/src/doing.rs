//! What each thread does that has no frame of Python's: a task of the engine's, a compiled function.
//!
//! Whoever does it says so here while a profile is made, whose thread looks it up. Where none is made
//! this costs a load.

use crate::Home;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

static IS_PROFILED: AtomicBool = AtomicBool::new(false);
/// How often this process and those that it comes of were forked.
static FORKS: AtomicU32 = AtomicU32::new(0);
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
        op: Arc<str>,
        /// Whether it calls Python.
        is_python: bool,
        /// The kernel's number of the thread that waits for it, if one does.
        asker: Option<i32>,
    },
}

#[derive(Debug)]
struct Thread {
    forks: u32,
    number: i32,
    // The outermost first: compiled functions call Python, which calls them.
    doing: Mutex<Vec<Doing>>,
}

impl Thread {
    fn lock(&self) -> MutexGuard<'_, Vec<Doing>> {
        self.doing.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The calling thread.
    fn here() -> Arc<Self> {
        let forks = FORKS.load(Ordering::Relaxed);
        THREAD.with_borrow_mut(|here| match here {
            Some(here) if here.forks == forks => Arc::clone(here),
            // New, or forked: the other's lock may be held by a thread that is not here.
            _ => {
                let new = Arc::new(Self { forks, number: thread(), doing: Mutex::default() });
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
    IS_PROFILED.load(Ordering::Relaxed).then(|| enter_profiled(doing()))
}

#[cold]
fn enter_profiled(doing: Doing) -> Inside {
    let thread = Thread::here();
    thread.lock().push(doing);
    Inside(thread)
}

impl Drop for Inside {
    fn drop(&mut self) {
        // In a fork the lock may be held for ever.
        if self.0.forks == FORKS.load(Ordering::Relaxed) {
            self.0.lock().pop();
        }
    }
}

/// From now on it is asked for, or no more.
pub fn profiled(is_profiled: bool) {
    IS_PROFILED.store(is_profiled, Ordering::Relaxed);
}

/// Called in the child after a fork, which is not profiled unless it says so itself.
pub fn forked() {
    profiled(false);
    FORKS.fetch_add(1, Ordering::Relaxed);
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
    use super::{Doing, all, enter, forked, profiled, thread};

    fn kernel(name: &str) -> Doing {
        Doing::Kernel(name.to_owned())
    }

    #[test]
    fn kernels_within_tasks() {
        assert!(enter(|| unreachable!("nobody asks")).is_none());
        profiled(true);
        let task = Doing::Task { op: "sum".into(), is_python: false, asker: Some(7) };
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
        // What was begun before a fork is nothing of the child's.
        forked();
        assert!(enter(|| kernel("early")).is_none());
        profiled(true);
        let own = enter(|| kernel("child's")).unwrap();
        drop(outer);
        assert_eq!(all()[&here], [kernel("child's")]);
        profiled(false);
        drop(own);
        assert!(!all().contains_key(&here));
    }
}
