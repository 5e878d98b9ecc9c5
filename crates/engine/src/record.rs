//! What the engine tells a trace: what a run's tasks are, who may work for it, where we are.

use crate::run::Run;
use graph::{Graph, TaskId};
use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};
use trace::{Collector, Crew, Lane, Outline, Recorder, Row, thread_number};

/// The recorder of a run of `graph` that starts now, asked for by the calling thread, if there is a
/// trace.
pub(crate) fn recorder(
    collector: Option<&Arc<Collector>>,
    graph: &Graph,
    crews: impl IntoIterator<Item = Option<Crew>>,
) -> Option<Recorder> {
    let crews = crews.into_iter().flatten().collect();
    collector.map(|collector| Recorder::new(collector, outline(graph), crews))
}

fn outline(graph: &Graph) -> Outline {
    let mut outline = Outline::default();
    let mut ops = HashMap::new();
    // A layer's tasks stand together: one look-up for all of them.
    let mut layer = (std::ptr::null(), 0);
    for id in graph.ids() {
        let task = graph.task(id);
        let op = Arc::as_ptr(task.op).cast::<()>();
        if op != layer.0 {
            layer = (op, *ops.entry(op).or_insert_with(|| outline.op(task.op.name())));
        }
        outline.task(layer.1, task.partition, task.inputs.iter().map(|input| input.0));
    }
    outline
}

/// The row of what the calling thread runs.
pub(crate) fn here() -> Row {
    match rayon::current_thread_index() {
        Some(index) => Row::Thread(index as u32),
        None => Row::Caller(thread_number()),
    }
}

/// The calling thread, which works for itself.
pub(crate) fn caller() -> Crew {
    Crew { lane: Lane::Inline, number: thread_number(), workers: 1 }
}

/// The pool's threads.
pub(crate) fn threads(workers: usize) -> Crew {
    Crew { lane: Lane::Threads, number: 0, workers: workers as u32 }
}

/// What a worker process has done by now: tasks one after the other, as it timed them itself.
pub(crate) struct Past {
    row: Row,
    time: Instant,
    now: Instant,
}

impl Past {
    /// Tasks of so many nanoseconds in all, none of which ran before `earliest`.
    pub fn new(row: Row, nanoseconds: u64, earliest: Instant) -> Self {
        let now = Instant::now();
        let start = now.checked_sub(Duration::from_nanos(nanoseconds));
        Self { row, time: start.map_or(earliest, |start| start.max(earliest)), now }
    }

    /// The next of them took `nanoseconds` and gave a result of `bytes`.
    pub fn record(&mut self, run: &Run, task: TaskId, nanoseconds: u64, bytes: u64) {
        let start = self.time;
        self.time = (start + Duration::from_nanos(nanoseconds)).min(self.now);
        if let Some(recorder) = &run.recorder {
            recorder.record(task.0, self.row, start, self.time, bytes);
        }
    }
}
