//! The events of one run, recorded by its workers and joined at its end.

use std::sync::{Mutex, PoisonError};
use std::time::Instant;

/// Where a task ran.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Lane {
    /// The caller's own thread.
    Inline,
    /// A thread of the process's pool.
    Threads,
    /// A worker process.
    Processes,
    /// Wherever seems best, task by task: as a setting, never of an event.
    Mixed,
}

impl Lane {
    /// The lane's name, as in `mc.config(lane=...)`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Inline => "inline",
            Self::Threads => "threads",
            Self::Processes => "processes",
            Self::Mixed => "mixed",
        }
    }
}

/// One task's run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Event {
    /// The task's number in its graph.
    pub task: u32,
    /// Which worker of the lane ran it, from 0.
    pub worker: u32,
    /// Where it ran.
    pub lane: Lane,
    /// Nanoseconds from the run's start to the task's start.
    pub start: u64,
    /// Nanoseconds from the run's start to the task's end.
    pub end: u64,
    /// Size of its result, in bytes.
    pub bytes: u64,
}

/// What a task is called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// The op's name.
    pub name: String,
    /// The partition it computed.
    pub partition: u32,
}

/// Collects events while a run goes on.
#[derive(Debug)]
pub struct Recorder {
    start: Instant,
    workers: Vec<Mutex<Vec<Event>>>,
}

impl Recorder {
    /// A recorder for `workers` workers; the run starts now.
    pub fn new(workers: usize) -> Self {
        let workers = (0..workers.max(1)).map(|_| Mutex::default()).collect();
        Self { start: Instant::now(), workers }
    }

    /// Nanoseconds since the run's start.
    pub fn now(&self) -> u64 {
        u64::try_from(self.start.elapsed().as_nanos()).unwrap_or(u64::MAX)
    }

    /// Adds `event` to the list of `worker`; only that worker's own lock is taken.
    pub fn record(&self, worker: usize, event: Event) {
        let list = &self.workers[worker % self.workers.len()];
        list.lock().unwrap_or_else(PoisonError::into_inner).push(event);
    }

    /// Ends the recording; `label` names each task.
    pub fn finish(&self, label: impl Fn(u32) -> Label) -> Trace {
        let mut events = Vec::new();
        for list in &self.workers {
            events.append(&mut list.lock().unwrap_or_else(PoisonError::into_inner));
        }
        events.sort_by_key(|event| (event.start, event.task));
        let labels = events.iter().map(|event| label(event.task)).collect();
        Trace { events, labels }
    }
}

/// A finished run's events, in the order of their starts.
#[derive(Clone, Debug, Default)]
pub struct Trace {
    pub(crate) events: Vec<Event>,
    pub(crate) labels: Vec<Label>,
}

impl Trace {
    /// The events, by start.
    pub fn events(&self) -> &[Event] {
        &self.events
    }

    /// Each event's label, in the events' order.
    pub fn labels(&self) -> &[Label] {
        &self.labels
    }
}
