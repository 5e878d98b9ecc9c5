//! What every lane does with a task: gather its inputs, run its op, keep its result.

use crate::spill::{self, Disk};
use crate::stopwatch::Stopwatch;
use crate::{EngineError, Lane, Measured, Place, Placement, State, Time};
use graph::{Ask, Context, Control, Kind, Op, OpError, Plan, Stopped, TaskId, Value};
use std::cell::RefCell;
use std::collections::HashMap;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};
use trace::doing::{self, Doing};
use trace::{NoteKind, Recorder, Row};

/// One run: the plan, its stop flag, and how it is to be done.
pub(crate) struct Run {
    /// No other run of this process has it.
    pub number: u64,
    pub plan: Plan,
    pub control: Arc<Control>,
    pub recorder: Option<Recorder>,
    /// The kernel's number of the thread that waits for it, if one does.
    pub asker: Option<i32>,
    pub lane: Lane,
    /// How often a task that failed is tried again.
    pub retries: u32,
    /// How long a task may take in a worker process.
    pub timeout: Option<Duration>,
    /// Whether Python functions run side by side in threads.
    pub is_free_threaded: bool,
    /// Where values go that the budget has no room for; nothing means nowhere.
    pub spill: Option<Disk>,
    /// Whether a worker process has answered before; nothing if there are none.
    pub warm: Option<Arc<AtomicBool>>,
}

/// How long it takes until a worker has answered for the first time: it may import Dask and pandas.
const COLD_START: Duration = Duration::from_secs(1);

/// The state machine with the values that it speaks of.
pub(crate) struct Table {
    pub state: State,
    values: Vec<Option<Value>>,
    // Started, and handed back by a worker that could not run them soon; the last is the next.
    given_back: [Vec<Started>; Place::COUNT],
    failures: HashMap<TaskId, u32>,
    // With the task that failed.
    failure: Option<(Option<TaskId>, EngineError)>,
}

/// What a run came to, and what is left of it: to be dropped and looked at outside any lock, because
/// values and ops may hold Python objects.
pub(crate) struct Outcome {
    result: Result<Vec<Value>, (Option<TaskId>, EngineError)>,
    _left: (Vec<Option<Value>>, [Vec<Started>; Place::COUNT]),
}

/// A task that has been started, with its inputs.
pub(crate) struct Started {
    pub id: TaskId,
    pub inputs: Vec<Value>,
    pub measured: Measured,
}

/// A task that has ended.
pub(crate) struct Ended {
    pub id: TaskId,
    // The value and its size.
    pub result: Result<(Value, u64), Failure>,
    /// How long it took, as far as that was measured.
    pub time: Time,
    /// The same task for another try, if it may have one.
    pub again: Option<Started>,
}

/// Why a task gave no result.
pub(crate) enum Failure {
    Error(OpError),
    Panic(String),
    // It can't be sent to a worker process.
    CannotTravel(OpError),
    // Never run, because the run was stopped first.
    Dropped,
}

impl Table {
    pub fn new(run: &Run, memory: Option<u64>) -> Self {
        let Plan { graph, outputs } = &run.plan;
        let budget = memory.unwrap_or(u64::MAX);
        let (is_limited, is_free_threaded) = (run.timeout.is_some(), run.is_free_threaded);
        let mut state = State::placed(graph, outputs, budget, |op| {
            Placement::of(op, run.lane, is_limited, is_free_threaded)
        });
        if run.spill.is_some() {
            state.allow_spill();
        }
        Self {
            state,
            values: vec![None; graph.len()],
            given_back: Default::default(),
            failures: HashMap::new(),
            failure: None,
        }
    }

    /// Starts the next task at `place`, if one may start.
    pub fn start(&mut self, run: &Run, place: Place) -> Option<Started> {
        if let Some(started) = self.given_back[place.index()].pop() {
            return Some(started);
        }
        let id = self.state.start(place)?;
        let inputs = run.plan.graph.inputs(id);
        let mut gathered = Vec::with_capacity(inputs.len());
        for input in inputs {
            let slot = &mut self.values[input.index()];
            // The last reader gets the value itself, so that it may change it in place.
            let value = if self.state.is_last_reader(*input) { slot.take() } else { slot.clone() };
            gathered.push(value.expect("an input has finished and is not freed"));
        }
        let measured = self.state.placement(id).measured();
        Some(Started { id, inputs: gathered, measured })
    }

    /// Takes started tasks back, for any worker to run; they start again in the same order.
    pub fn give_back(&mut self, started: impl DoubleEndedIterator<Item = Started>) {
        for started in started.rev() {
            let place = self.state.placement(started.id).place();
            self.given_back[place.index()].push(started);
        }
    }

    /// Whether every task has been started, or never will be.
    pub fn is_all_started(&self) -> bool {
        self.given_back.iter().all(Vec::is_empty) && self.state.is_all_started()
    }

    /// About how many tasks could be started now at `place`.
    pub fn startable(&self, place: Place) -> usize {
        self.state.startable(place) + self.given_back[place.index()].len()
    }

    /// What is known about the task that starts next at `place`.
    pub fn next(&self, place: Place) -> Option<&Placement> {
        let given_back = self.given_back[place.index()].last().map(|started| started.id);
        given_back.or_else(|| self.state.next(place)).map(|id| self.state.placement(id))
    }

    /// Takes note of an ended task; values to be dropped go to `garbage`, outside any lock.
    pub fn end(&mut self, ended: Ended, run: &Run, garbage: &mut Vec<Value>) {
        let Ended { id, result, time, again } = ended;
        let failure = match result {
            Ok((value, bytes)) => {
                if self.state.placement(id).is_movable() {
                    let inputs = run.plan.graph.inputs(id).iter();
                    let read: u64 = inputs.map(|input| self.state.size(*input)).sum();
                    let start = if run.is_warm() { Duration::ZERO } else { COLD_START };
                    if self.state.learn(id, time, bytes + read, start.as_nanos() as u64) {
                        self.sort_given_back();
                        let placement = self.state.placement(id);
                        run.decided(id, |name| format!("{name} moves to {placement}"));
                    }
                }
                run.control.finish_task();
                let can_spill = run.spill.is_some() && spill::can_spill(&value);
                let values = &mut self.values;
                values[id.index()] = Some(value);
                self.state.finish(id, bytes, &run.plan.graph, |freed| {
                    garbage.extend(values[freed.index()].take());
                });
                garbage.extend(again.into_iter().flat_map(|again| again.inputs));
                if can_spill && self.values[id.index()].is_some() {
                    self.state.offer(id);
                }
                return;
            }
            Err(failure) => failure,
        };
        if let Some(again) = again {
            if !run.control.is_stopped() && self.is_tried_again(id, &failure, run) {
                self.give_back(std::iter::once(again));
                return;
            }
            garbage.extend(again.inputs);
        }
        self.state.abandon(id);
        run.control.stop();
        let task = run.plan.graph.task(id);
        let (name, partition) = (task.op.name(), task.partition);
        let origin = None;
        let failure = match failure {
            Failure::Error(source) if source.is::<Stopped>() => return,
            Failure::Dropped => return,
            Failure::Error(source) | Failure::CannotTravel(source) => {
                EngineError::Task { name, partition, origin, source }
            }
            Failure::Panic(message) => EngineError::Panic { name, partition, origin, message },
        };
        self.failure.get_or_insert((Some(id), failure));
    }

    fn is_tried_again(&mut self, id: TaskId, failure: &Failure, run: &Run) -> bool {
        match failure {
            Failure::Error(source) if source.is::<Stopped>() => false,
            Failure::CannotTravel(_) if self.state.placement(id).is_movable() => {
                self.state.keep_here(id);
                self.sort_given_back();
                run.decided(id, |name| format!("{name} stays in this process: it can't be sent"));
                true
            }
            // Another task of the op was on its way at the same time, and has told us already.
            Failure::CannotTravel(_) if self.state.placement(id).place() != Place::Worker => true,
            Failure::Error(_) if !run.plan.graph.task(id).op.is_repeatable() => false,
            Failure::Error(_) => {
                let count = self.failures.entry(id).or_default();
                *count += 1;
                let (count, most) = (*count, run.retries);
                if count <= most {
                    run.decided(id, |name| format!("{name} is tried again, {count} of {most}"));
                }
                count <= most
            }
            Failure::Panic(_) | Failure::CannotTravel(_) | Failure::Dropped => false,
        }
    }

    /// Puts what was given back where it runs now.
    fn sort_given_back(&mut self) {
        if self.given_back.iter().any(|given_back| !given_back.is_empty()) {
            let all: Vec<_> = self.given_back.iter_mut().flat_map(std::mem::take).collect();
            self.give_back(all.into_iter().rev());
        }
    }

    /// A value that is to be written to disk now.
    pub fn next_spill(&mut self) -> Option<(TaskId, Value)> {
        let id = self.state.spill()?;
        let value = self.values[id.index()].clone();
        Some((id, value.expect("a value that is offered is there")))
    }

    /// Puts what stands for a value that was written to disk in its place, if that went well; what is
    /// returned is to be dropped before [`Table::spilled`] says that there is room.
    pub fn put_on_disk(
        &mut self,
        id: TaskId,
        result: Result<Option<Value>, EngineError>,
        run: &Run,
    ) -> Option<Value> {
        match result {
            // Nobody may need it any more.
            Ok(Some(on_disk)) => {
                self.values[id.index()].as_mut().map(|value| std::mem::replace(value, on_disk))
            }
            Ok(None) => {
                self.state.stays(id);
                None
            }
            Err(error) => {
                self.state.stop();
                run.control.stop();
                self.failure.get_or_insert((None, error));
                None
            }
        }
    }

    /// The outputs, or why there are none; the values are gone afterwards, also where a task that
    /// won't end keeps the table.
    pub fn outcome(&mut self, run: &Run) -> Outcome {
        let output = |id: &TaskId| self.values[id.index()].clone().expect("an output is kept");
        let result = match self.failure.take() {
            Some(failure) => Err(failure),
            None if !self.state.is_complete() => Err((None, EngineError::Cancelled)),
            None => Ok(run.plan.outputs.iter().map(output).collect()),
        };
        // A task that won't end may still bring a value: its place stays.
        let kept = if self.state.is_over() { 0 } else { self.values.len() };
        let values = std::mem::replace(&mut self.values, vec![None; kept]);
        let left = (values, std::mem::take(&mut self.given_back));
        if let Some(recorder) = &run.recorder {
            recorder.finish();
        }
        Outcome { result, _left: left }
    }
}

impl Outcome {
    /// The outputs, all in memory, or the error, with where the failed task's partition comes from.
    pub fn finish(self, run: &Run) -> Result<Vec<Value>, EngineError> {
        match self.result {
            Ok(outputs) => run.load(outputs),
            Err((id, mut error)) => {
                if let EngineError::Task { origin, .. } | EngineError::Panic { origin, .. } =
                    &mut error
                    && let Some(id) = id
                {
                    let task = run.plan.graph.task(id);
                    *origin = task.op.origin(task.partition);
                }
                Err(error)
            }
        }
    }
}

impl Run {
    /// The number of the next run.
    pub fn next() -> u64 {
        static RUNS: AtomicU64 = AtomicU64::new(0);
        RUNS.fetch_add(1, Ordering::Relaxed)
    }

    /// Runs one task in this process; a panic in it is caught.
    pub fn execute(&self, started: Started, row: Row, ask: Option<&dyn Ask>) -> Ended {
        let Started { id, inputs, measured } = started;
        if self.control.is_stopped() {
            let (result, time) = (Err(Failure::Dropped), Time::default());
            return Ended { id, result, time, again: None };
        }
        let again = (self.retries > 0).then(|| Started { id, inputs: inputs.clone(), measured });
        let task = self.plan.graph.task(id);
        let context = Context { partition: task.partition, control: &self.control, ask };
        let _profiled = doing::enter(|| Doing::Task {
            op: self.name(task.op),
            is_python: task.op.kind() == Kind::Python,
            asker: self.asker,
        });
        let begun = self.recorder.as_ref().map(|recorder| recorder.begin(id.0));
        let stopwatch = Stopwatch::start(measured);
        let caught = catch_unwind(AssertUnwindSafe(|| {
            let value = task.op.run(self.in_memory(inputs)?, &context)?;
            let bytes = value.bytes() as u64;
            Ok((value, bytes))
        }));
        let time = stopwatch.stop();
        let result = match caught {
            Ok(result) => result.map_err(Failure::Error),
            Err(panic) => Err(Failure::Panic(message(&*panic))),
        };
        if let (Some(recorder), Some(begun)) = (&self.recorder, begun) {
            recorder.end(begun, row, result.as_ref().map_or(0, |(_, bytes)| *bytes));
        }
        Ended { id, result, time, again }
    }

    /// The name of an op. To put it together takes as long as a short task, and the tasks of an op come
    /// one after the other.
    fn name(&self, op: &Arc<dyn Op>) -> Arc<str> {
        thread_local! {
            static LAST: RefCell<Option<(u64, usize, Arc<str>)>> = const { RefCell::new(None) };
        }
        let address = Arc::as_ptr(op).cast::<()>().addr();
        LAST.with_borrow_mut(|last| match last {
            Some((run, op, name)) if (*run, *op) == (self.number, address) => Arc::clone(name),
            _ => Arc::clone(&last.insert((self.number, address, op.name().into())).2),
        })
    }

    /// Writes a value to disk, if it can be.
    pub fn spill(&self, value: &Value) -> Result<Option<Value>, EngineError> {
        let Some(disk) = &self.spill else { return Ok(None) };
        let begin = Instant::now();
        let written = disk.spill(value)?;
        if let (Some(_), Some(recorder)) = (&written, &self.recorder) {
            let bytes = value.bytes() as u64;
            recorder.collector().note(NoteKind::Spill, None, Some(begin), bytes, "spill");
        }
        Ok(written)
    }

    /// The values themselves, those on disk read from there.
    pub fn in_memory(&self, values: Vec<Value>) -> Result<Vec<Value>, OpError> {
        let begin = self.recorder.as_ref().map(|_| Instant::now());
        let (values, bytes) = spill::load_all(values)?;
        if let (Some(recorder), true) = (&self.recorder, bytes > 0) {
            recorder.collector().note(NoteKind::Load, None, begin, bytes, "load");
        }
        Ok(values)
    }

    /// Reads from disk what of a run's outputs is there.
    pub fn load(&self, outputs: Vec<Value>) -> Result<Vec<Value>, EngineError> {
        let folder = self.spill.as_ref().map_or_else(PathBuf::new, |disk| disk.folder().into());
        self.in_memory(outputs).map_err(|error| {
            let source = match error.downcast::<io::Error>() {
                Ok(error) => *error,
                Err(error) => io::Error::other(error),
            };
            EngineError::Spill { folder, source }
        })
    }

    fn is_warm(&self) -> bool {
        self.warm.as_ref().is_some_and(|warm| warm.load(Ordering::Relaxed))
    }

    /// Tells the trace what was decided about the op of a task, whose name `text` is given.
    fn decided(&self, id: TaskId, text: impl FnOnce(&str) -> String) {
        if let Some(recorder) = &self.recorder {
            let text = text(&self.plan.graph.task(id).op.name());
            recorder.collector().note(NoteKind::Decision, None, None, 0, text);
        }
    }

    /// Does `work` the way that the op of `task` likes it for several tasks.
    pub fn together(&self, task: Option<TaskId>, work: &mut dyn FnMut()) {
        match task {
            Some(id) => self.plan.graph.task(id).op.together(work),
            None => work(),
        }
    }
}

fn message(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| panic.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "no message".to_owned())
}
