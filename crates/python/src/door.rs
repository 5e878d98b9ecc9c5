//! The one door into the engine: releases the GIL, polls for Ctrl-C, maps errors.

use crate::error::engine_error;
use crate::gate;
use manycore::bag::{Lowered, Partition, Run};
use manycore::engine::Watch;
use manycore::graph::Control;
use pyo3::prelude::*;
use std::sync::Arc;

/// Runs a lowered bag while the calling thread looks for signals and shows progress.
///
/// `progress(bytes, files, items)` is called about fifty times a second.
pub fn run(
    py: Python<'_>,
    lowered: Lowered,
    progress: Option<Py<PyAny>>,
) -> PyResult<Vec<Arc<Partition>>> {
    let engine = manycore::engine().map_err(|error| engine_error(py, error, None))?;
    let control = Arc::<Control>::default();
    let mut door = Door { control: Arc::clone(&control), progress, interrupt: None };
    let result = gate::run(py, &Arc::clone(&control), || {
        lowered.run(&mut Run::watched(&engine, control, &mut door))
    });
    result.map_err(|error| engine_error(py, error, door.interrupt.take()))
}

struct Door {
    control: Arc<Control>,
    progress: Option<Py<PyAny>>,
    interrupt: Option<PyErr>,
}

impl Watch for Door {
    fn go_on(&mut self, control: &Control) -> bool {
        let Some(_inside) = gate::enter() else { return false };
        let asked = Python::attach(|py| {
            py.check_signals()?;
            if let Some(progress) = &self.progress {
                progress.call1(py, (control.bytes(), control.files(), control.items()))?;
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
