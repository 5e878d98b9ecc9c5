//! The process's open traces.
//!
//! One collector records what runs while any trace is open. A trace is a window on it: two that
//! overlap, in one thread or in several, cost one recording.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use trace::{Collector, Trace};

struct Open {
    collector: Arc<Collector>,
    traces: usize,
    /// A fork of this process records nothing: nobody would see it, and a thread that it does not
    /// have may hold a lock of the collector's.
    process: u32,
}

static OPEN: Mutex<Option<Open>> = Mutex::new(None);

fn open() -> MutexGuard<'static, Option<Open>> {
    let mut open = OPEN.lock().unwrap_or_else(PoisonError::into_inner);
    if open.as_ref().is_some_and(|open| open.process != std::process::id()) {
        *open = None;
    }
    open
}

/// What runs that start now are recorded by: something while a trace is open.
pub fn collector() -> Option<Arc<Collector>> {
    open().as_ref().map(|open| Arc::clone(&open.collector))
}

/// An open trace: every run that starts from now on, in any thread, belongs to it.
///
/// ```
/// use manycore::bag::Bag;
/// use manycore::{Tracing, engine};
///
/// # let folder = std::env::temp_dir().join(format!("manycore-trace-{}", std::process::id()));
/// # std::fs::create_dir_all(&folder)?;
/// # std::fs::write(folder.join("a.txt"), "to be or not to be")?;
/// let tracing = Tracing::start();
/// Bag::read_text(&[folder.clone()], &Default::default())?.count().run(&engine()?)?;
/// let trace = tracing.trace();
/// assert_eq!(trace.runs(), 1);
/// assert!(trace.name(&trace.events()[0]).starts_with("read_text"));
/// # std::fs::remove_dir_all(folder)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Tracing {
    collector: Arc<Collector>,
    start: u64,
}

impl Tracing {
    /// Opens a trace.
    pub fn start() -> Self {
        let mut open = open();
        let open = open.get_or_insert_with(|| Open {
            collector: Arc::default(),
            traces: 0,
            process: std::process::id(),
        });
        open.traces += 1;
        let collector = Arc::clone(&open.collector);
        Self { start: collector.now(), collector }
    }

    /// What has run since then; dropping `self` closes the trace.
    pub fn trace(&self) -> Trace {
        self.collector.trace(self.start)
    }
}

impl Drop for Tracing {
    fn drop(&mut self) {
        let mut open = open();
        if let Some(own) = open.as_mut().filter(|own| Arc::ptr_eq(&own.collector, &self.collector))
        {
            own.traces -= 1;
            if own.traces == 0 {
                *open = None;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Tracing, collector};

    #[test]
    fn traces_that_overlap_share_a_collector_which_goes_with_the_last() {
        let first = Tracing::start();
        let shared = collector().expect("a trace is open");
        let second = Tracing::start();
        drop(first);
        assert!(std::sync::Arc::ptr_eq(&shared, &collector().expect("one is still open")));
        drop(second);
        assert!(collector().is_none());
    }
}
