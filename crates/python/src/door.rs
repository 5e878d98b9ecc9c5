//! The one door into the engine: releases the GIL, polls for Ctrl-C, maps errors.

use crate::error::engine_error;
use crate::settings::parse_lane;
use crate::{gate, workers};
use manycore::Asked;
use manycore::bag::{Lowered, Partition, Run};
use manycore::engine::Watch;
use manycore::graph::{Control, Plan, Value};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use std::sync::Arc;
use std::time::Duration;

/// What a call asks for instead of the process's settings.
pub fn asked(
    py: Python<'_>,
    lane: Option<&str>,
    workers: Option<usize>,
    retries: Option<u32>,
    timeout: Option<f64>,
) -> PyResult<Asked> {
    let timeout = match timeout {
        Some(seconds) if seconds > 0.0 => Some(Duration::from_secs_f64(seconds.min(1e9))),
        Some(seconds) => {
            let message = format!("timeout must be more than 0 seconds, not {seconds}");
            return Err(PyValueError::new_err(message));
        }
        None => None,
    };
    let lane = lane.map(parse_lane).transpose()?;
    let is_free_threaded = gate::is_free_threaded(py)?;
    Ok(Asked { lane, workers, retries, timeout, is_free_threaded })
}

/// Runs a lowered bag while the calling thread looks for signals and shows progress.
///
/// `progress(bytes, files, items, tasks, all tasks)` is called about fifty times a second.
pub fn run(
    py: Python<'_>,
    lowered: Lowered,
    progress: Option<Py<PyAny>>,
) -> PyResult<Vec<Arc<Partition>>> {
    let asked = asked(py, None, None, None, None)?;
    let processes = if lowered.has_python() { workers::common(py, &asked)? } else { None };
    let engine = manycore::engine_for(asked, processes);
    let engine = engine.map_err(|error| engine_error(py, error, None))?;
    let control = Arc::<Control>::default();
    let tasks = lowered.tasks();
    let mut door = Door { control: Arc::clone(&control), tasks, progress, interrupt: None };
    let result = gate::run(py, &Arc::clone(&control), || {
        lowered.run(&mut Run::watched(&engine, control, &mut door))
    });
    result.map_err(|error| engine_error(py, error, door.interrupt.take()))
}

/// Runs a plan of Python calls in the same way, with worker processes where the lane has them.
pub fn run_plan(
    py: Python<'_>,
    plan: Plan,
    asked: Asked,
    progress: Option<Py<PyAny>>,
) -> PyResult<Vec<Value>> {
    let processes = workers::common(py, &asked)?;
    let engine = manycore::engine_for(asked, processes);
    let engine = engine.map_err(|error| engine_error(py, error, None))?;
    let control = Arc::<Control>::default();
    let tasks = plan.graph.len();
    let mut door = Door { control: Arc::clone(&control), tasks, progress, interrupt: None };
    let result =
        gate::run(py, &Arc::clone(&control), || engine.run_watched(plan, &control, &mut door));
    result.map_err(|error| engine_error(py, error, door.interrupt.take()))
}

/// Computes arrays in the same way, in this process: their tasks are native, or let go of the GIL.
pub fn run_arrays(
    py: Python<'_>,
    lowered: manycore::array::Lowered,
    asked: Asked,
    progress: Option<Py<PyAny>>,
) -> PyResult<Vec<manycore::array::view::View>> {
    let engine = manycore::engine_for(asked, None);
    let engine = engine.map_err(|error| engine_error(py, error, None))?;
    let control = Arc::<Control>::default();
    let tasks = lowered.tasks();
    let mut door = Door { control: Arc::clone(&control), tasks, progress, interrupt: None };
    let result = gate::run(py, &Arc::clone(&control), || lowered.run(&engine, &control, &mut door));
    result.map_err(|error| engine_error(py, error, door.interrupt.take()))
}

struct Door {
    control: Arc<Control>,
    tasks: usize,
    progress: Option<Py<PyAny>>,
    interrupt: Option<PyErr>,
}

impl Watch for Door {
    fn go_on(&mut self, control: &Control) -> bool {
        let Some(_inside) = gate::enter() else { return false };
        let asked = gate::attach(|py| {
            py.check_signals()?;
            if let Some(progress) = &self.progress {
                let (files, items) = (control.files(), control.items());
                let done = (control.bytes(), files, items, control.tasks(), self.tasks);
                progress.call1(py, done)?;
            }
            PyResult::Ok(())
        });
        self.interrupt = asked.err();
        self.interrupt.is_none()
    }

    fn interrupt(&mut self) {
        gate::interrupt(&self.control);
    }
}
