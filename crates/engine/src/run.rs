//! What every lane does with a task: gather its inputs, run its op, keep its result.

use crate::{EngineError, Lane, State};
use graph::{Ask, Context, Control, OpError, Plan, Stopped, TaskId, Value};
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
    // Started, and handed back by a worker that could not run them soon; the last is the next.
    given_back: Vec<Started>,
    failure: Option<EngineError>,
}

/// A task that has been started, with its inputs.
pub(crate) struct Started {
    pub id: TaskId,
    pub inputs: Vec<Value>,
}

/// A task that has ended.
pub(crate) struct Ended {
    pub id: TaskId,
    // The value and its size.
    pub result: Result<(Value, u64), Failure>,
}

/// Why a task gave no result.
pub(crate) enum Failure {
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
            given_back: Vec::new(),
            failure: None,
        }
    }

    /// Starts the next task, if one may start.
    pub fn start(&mut self, run: &Run) -> Option<Started> {
        if let Some(started) = self.given_back.pop() {
            return Some(started);
        }
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

    /// Takes started tasks back, for any worker to run; they start again in the same order.
    pub fn give_back(&mut self, started: impl DoubleEndedIterator<Item = Started>) {
        self.given_back.extend(started.rev());
    }

    /// Whether every task has been started, or never will be.
    pub fn is_all_started(&self) -> bool {
        self.given_back.is_empty() && self.state.is_all_started()
    }

    /// About how many tasks could be started now.
    pub fn startable(&self) -> usize {
        self.state.startable() + self.given_back.len()
    }

    /// Takes note of an ended task; values to be dropped go to `garbage`, outside any lock.
    pub fn end(&mut self, ended: Ended, run: &Run, garbage: &mut Vec<Value>) {
        let Ended { id, result } = ended;
        let failure = match result {
            Ok((value, bytes)) => {
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

    /// The outputs, or why there are none; the values are gone afterwards, also where a task that
    /// won't end keeps the table.
    pub fn outcome(&mut self, run: &Run) -> Result<(Vec<Value>, Trace), EngineError> {
        let output = |id: &TaskId| self.values[id.index()].clone().expect("an output is kept");
        let outputs = match self.failure.take() {
            Some(failure) => Err(failure),
            None if !self.state.is_complete() => Err(EngineError::Cancelled),
            None => Ok(run.plan.outputs.iter().map(output).collect()),
        };
        self.values.fill(None);
        self.given_back.clear();
        Ok((outputs?, run.trace()))
    }
}

impl Run {
    /// Runs one task; a panic in it is caught.
    pub fn execute(&self, started: Started, worker: usize, ask: Option<&dyn Ask>) -> Ended {
        let Started { id, inputs } = started;
        if self.control.is_stopped() {
            return Ended { id, result: Err(Failure::Dropped) };
        }
        let task = self.plan.graph.task(id);
        let context = Context { partition: task.partition, control: &self.control, ask };
        let start = self.recorder.as_ref().map(Recorder::now);
        let caught = catch_unwind(AssertUnwindSafe(|| {
            let value = task.op.run(inputs, &context)?;
            let bytes = value.bytes() as u64;
            Ok((value, bytes))
        }));
        let result = match caught {
            Ok(result) => result.map_err(Failure::Error),
            Err(panic) => Err(Failure::Panic(message(&*panic))),
        };
        if let (Some(recorder), Some(start)) = (&self.recorder, start) {
            let bytes = result.as_ref().map_or(0, |(_, bytes)| *bytes);
            let (worker_id, end) = (worker as u32, recorder.now());
            let event = Event { task: id.0, worker: worker_id, lane: self.lane, start, end, bytes };
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
