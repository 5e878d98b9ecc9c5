//! A trace: what runs while it is open.

use crate::error::os_error;
use crate::gate::detached;
use manycore::Tracing;
use manycore::trace;
use pyo3::prelude::*;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

/// A trace, which is open from the start until it is stopped; `manycore.Trace` is its face.
#[pyclass(frozen, module = "manycore._core")]
pub struct Trace {
    // Locked with the GIL held, and never while it is let go of.
    state: Mutex<State>,
}

#[derive(Clone)]
enum State {
    Open(Arc<Tracing>),
    Stopped(Arc<trace::Trace>),
}

/// A lane, its workers and tasks; seconds busy and idle.
type Lane = (&'static str, usize, usize, f64, f64);
/// An op, its lane and tasks; seconds of all and of the longest; bytes.
type Op = (String, &'static str, usize, f64, f64, u64);
/// A kind of notes, how many, seconds, bytes.
type Note = (&'static str, usize, f64, u64);

#[pymethods]
impl Trace {
    #[new]
    fn new() -> Self {
        Self { state: Mutex::new(State::Open(Arc::new(Tracing::start()))) }
    }

    fn stop(&self, py: Python<'_>) {
        let trace = self.trace(py);
        *self.state.lock().unwrap_or_else(PoisonError::into_inner) = State::Stopped(trace);
    }

    /// Runs, tasks that ran, seconds.
    fn size(&self, py: Python<'_>) -> (usize, usize, f64) {
        let trace = self.trace(py);
        (trace.runs(), trace.events().len(), seconds(trace.length()))
    }

    /// By lane, by op and by kind of note, and the texts of the decisions.
    fn summary(&self, py: Python<'_>) -> (Vec<Lane>, Vec<Op>, Vec<Note>, Vec<String>) {
        let trace = self.trace(py);
        let summary = detached(py, || trace.summary());
        let lanes = summary.lanes.into_iter().map(|lane| {
            let name = lane.lane.name();
            (name, lane.workers, lane.tasks, seconds(lane.busy), seconds(lane.idle))
        });
        let ops = summary.ops.into_iter().map(|op| {
            let times = (seconds(op.time), seconds(op.longest));
            (op.name, op.lane.name(), op.tasks, times.0, times.1, op.bytes)
        });
        let notes = summary
            .notes
            .into_iter()
            .map(|note| (note.kind.name(), note.count, seconds(note.time), note.bytes));
        let decisions = trace.notes().iter().filter(|note| note.kind == trace::NoteKind::Decision);
        let decisions = decisions.map(|note| note.text.clone());
        (lanes.collect(), ops.collect(), notes.collect(), decisions.collect())
    }

    /// The op, partition and seconds of each task on it.
    fn critical_path(&self, py: Python<'_>) -> Vec<(String, u32, f64)> {
        let trace = self.trace(py);
        let path = detached(py, || trace.critical_path());
        let step = |event: &trace::Event| {
            (trace.name(event).to_owned(), trace.partition(event), seconds(event.length()))
        };
        path.iter().map(step).collect()
    }

    /// The trace in the Trace Event Format.
    fn chrome(&self, py: Python<'_>) -> String {
        let trace = self.trace(py);
        detached(py, || trace.chrome())
    }

    /// Writes that to a file: all of it, or none.
    fn save(&self, py: Python<'_>, path: PathBuf) -> PyResult<()> {
        let trace = self.trace(py);
        let saved = detached(py, || trace.save(&path));
        saved.map_err(|error| os_error(&error, path.as_os_str(), error.to_string()))
    }
}

impl Trace {
    /// All of it, or, while it is open, so far.
    fn trace(&self, py: Python<'_>) -> Arc<trace::Trace> {
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner).clone();
        match state {
            State::Open(tracing) => detached(py, || Arc::new(tracing.trace())),
            State::Stopped(trace) => trace,
        }
    }
}

fn seconds(nanoseconds: u64) -> f64 {
    nanoseconds as f64 / 1e9
}
