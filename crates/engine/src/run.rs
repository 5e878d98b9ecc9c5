//! What every lane does with a task: gather its inputs, run its op, keep its result.

use crate::{EngineError, Lane, State};
use graph::{Context, Control, OpError, Plan, Stopped, TaskId, Value};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use trace::{Event, Label, Recorder, Trace};

/// One run: the plan, its stop flag, and its recorder if it is traced.
pub(crate) struct Run {
    pub plan: Plan,
    pub control: Arc<Control>,
    pub recorder: Option<Recorder>,
    pub lane: Lane,
}

/// The state machine with the values that it speaks of.
pub(crate) struct Table {
    pub state: State,
    values: Vec<Option<Value>>,
    pub failure: Option<EngineError>,
}

/// A task that has been started, with its inputs.
pub(crate) struct Started {
    pub id: TaskId,
    inputs: Vec<Value>,
}

/// A task that has ended.
pub(crate) struct Ended {
    pub id: TaskId,
    result: Result<Value, Failure>,
}

enum Failure {
    Error(OpError),
    Panic(String),
    // Never run, because the run was stopped first.
    Dropped,
}

impl Table {
    pub fn new(run: &Run, memory: Option<u64>) -> Self {
        let Plan { graph, outputs } = &run.plan;
        Self {
            state: State::new(graph, outputs, memory.unwrap_or(u64::MAX)),
            values: vec![None; graph.len()],
            failure: None,
        }
    }

    /// Starts the next task, if one may start.
    pub fn start(&mut self, run: &Run) -> Option<Started> {
        let id = self.state.start()?;
        let inputs = run.plan.graph.inputs(id);
        let mut gathered = Vec::with_capacity(inputs.len());
        for input in inputs {
            let slot = &mut self.values[input.index()];
            // The last reader gets the value itself, so that it may change it in place.
            let value = if self.state.is_last_reader(*input) { slot.take() } else { slot.clone() };
            gathered.push(value.expect("an input has finished and is not freed"));
        }
        Some(Started { id, inputs: gathered })
    }

    /// Takes note of an ended task; values to be dropped go to `garbage`, outside any lock.
    pub fn end(&mut self, ended: Ended, run: &Run, garbage: &mut Vec<Value>) {
        let Ended { id, result } = ended;
        let failure = match result {
            Ok(value) => {
                let bytes = value.bytes() as u64;
                let values = &mut self.values;
                values[id.index()] = Some(value);
                self.state.finish(id, bytes, &run.plan.graph, |freed| {
                    garbage.extend(values[freed.index()].take());
                });
                return;
            }
            Err(failure) => failure,
        };
        self.state.abandon(id);
        run.control.stop();
        let task = run.plan.graph.task(id);
        let (name, partition) = (task.op.name(), task.partition);
        let origin = task.op.origin(partition);
        let failure = match failure {
            Failure::Error(source) if source.is::<Stopped>() => return,
            Failure::Dropped => return,
            Failure::Error(source) => EngineError::Task { name, partition, origin, source },
            Failure::Panic(message) => EngineError::Panic { name, partition, origin, message },
        };
        self.failure.get_or_insert(failure);
    }

    /// The outputs, or why there are none.
    pub fn outcome(&mut self, run: &Run) -> Result<(Vec<Value>, Trace), EngineError> {
        if let Some(failure) = self.failure.take() {
            return Err(failure);
        }
        if !self.state.is_complete() {
            return Err(EngineError::Cancelled);
        }
        let output = |id: &TaskId| self.values[id.index()].clone().expect("an output is kept");
        let values = run.plan.outputs.iter().map(output).collect();
        self.values.clear();
        Ok((values, run.trace()))
    }
}

impl Run {
    /// Runs one task; a panic in it is caught.
    pub fn execute(&self, started: Started, worker: usize) -> Ended {
        let Started { id, inputs } = started;
        if self.control.is_stopped() {
            return Ended { id, result: Err(Failure::Dropped) };
        }
        let task = self.plan.graph.task(id);
        let context = Context { partition: task.partition, control: &self.control };
        let start = self.recorder.as_ref().map(Recorder::now);
        let caught = catch_unwind(AssertUnwindSafe(|| task.op.run(inputs, &context)));
        let result = match caught {
            Ok(result) => result.map_err(Failure::Error),
            Err(panic) => Err(Failure::Panic(message(&*panic))),
        };
        if let (Some(recorder), Some(start)) = (&self.recorder, start) {
            let bytes = result.as_ref().map_or(0, |value| value.bytes() as u64);
            let (worker_id, end) = (worker as u32, recorder.now());
            let event =
                Event { task: id.0, worker: worker_id, lane: self.lane, start, end, bytes };
            recorder.record(worker, event);
        }
        Ended { id, result }
    }

    fn trace(&self) -> Trace {
        let Some(recorder) = &self.recorder else { return Trace::default() };
        recorder.finish(|task| {
            let task = self.plan.graph.task(TaskId(task));
            Label { name: task.op.name(), partition: task.partition }
        })
    }
}

fn message(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| panic.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "no message".to_owned())
}
