//! The processes lane: a thread for each worker process, around the same state machine.
//!
//! A driver thread takes started tasks, sends them to its worker, waits for the answers and ends the
//! tasks. Its thread mostly sleeps. Runs queue up, the oldest goes first, and several may go on at one
//! time, so that asynchronous calls need no thread each.
//!
//! Sending one short task at a time would cost two context switches each. So a driver measures how
//! long its worker's tasks take and sends about a millisecond's worth together, never more than its fair
//! share of what could start.
//!
//! A worker that dies fails the tasks it held. Its driver starts another when there is a task for it.

use crate::run::{Ended, Failure, Run, Started, Table};
use crate::worker::{Killer, Program, RESULT, Received, Worker, WorkerDied};
use crate::{EngineError, Lane};
use graph::{Answer, Control, OpError, Plan, Shared as SharedBytes, Value};
use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// How much work a driver sends at one time.
const BATCH: Duration = Duration::from_millis(1);
const LARGEST_BATCH: usize = 512;

/// What is called with a run's outcome.
pub type OnEnd = Box<dyn FnOnce(Result<Vec<Value>, EngineError>) + Send>;

/// Worker processes, and the threads that drive them.
pub struct Workers {
    shared: Arc<Shared>,
    drivers: Mutex<Vec<JoinHandle<()>>>,
    // A fork of this process has no driver, and no right to end its parent's workers.
    process: u32,
}

/// A run on its way.
pub struct Submission {
    run: Run,
    // How many tasks go together at the most; nothing means as many as seems good.
    batch: Option<usize>,
    state: Mutex<Pending>,
}

struct Pending {
    table: Table,
    on_end: Option<OnEnd>,
}

struct Shared {
    program: Program,
    workers: usize,
    queue: Mutex<Queue>,
    work: Condvar,
}

#[derive(Default)]
struct Queue {
    runs: VecDeque<Arc<Submission>>,
    // Which processes work for which runs.
    busy: HashMap<usize, (Killer, Vec<Arc<Submission>>)>,
    idle: usize,
    closing: bool,
    terminated: bool,
}

/// A task that a driver holds.
struct Held {
    submission: Arc<Submission>,
    started: Started,
}

impl Workers {
    /// Drivers for `workers` processes, which are started when there is work for them.
    pub fn new(program: Program, workers: usize) -> Self {
        let shared = Arc::new(Shared {
            program,
            workers: workers.max(1),
            queue: Mutex::default(),
            work: Condvar::new(),
        });
        let drive = |index| {
            let shared = Arc::clone(&shared);
            let name = format!("manycore-driver-{index}");
            let builder = std::thread::Builder::new().name(name);
            builder.spawn(move || Driver { shared, index, worker: None, mean: BATCH }.drive())
        };
        let drivers = (0..shared.workers).map_while(|index| drive(index).ok()).collect();
        Self { shared, drivers: Mutex::new(drivers), process: std::process::id() }
    }

    /// How many processes there may be.
    pub fn workers(&self) -> usize {
        self.shared.workers
    }

    /// Queues a plan whose ops all have a remote form; `on_end` is called with its outcome, on a driver's
    /// thread. `batch` tasks at the most are sent together.
    ///
    /// # Errors
    /// [`EngineError::Closed`] after [`Workers::close`].
    pub fn submit(
        &self,
        plan: Plan,
        batch: Option<usize>,
        on_end: OnEnd,
    ) -> Result<Arc<Submission>, EngineError> {
        let control = Arc::<Control>::default();
        let run = Run { plan, control, recorder: None, lane: Lane::Processes };
        let table = Table::new(&run, None);
        let is_over = table.state.is_over();
        let state = Mutex::new(Pending { table, on_end: Some(on_end) });
        let submission = Arc::new(Submission { run, batch, state });
        if is_over {
            submission.end_if_over();
            return Ok(submission);
        }
        let mut queue = self.shared.lock();
        if queue.closing {
            return Err(EngineError::Closed);
        }
        queue.runs.push_back(Arc::clone(&submission));
        let wake = queue.idle > 0;
        drop(queue);
        if wake {
            self.shared.work.notify_all();
        }
        Ok(submission)
    }

    /// Stops a run: tasks not started never will, and workers that hold its tasks are killed.
    pub fn cancel(&self, submission: &Arc<Submission>) {
        submission.stop();
        let queue = self.shared.lock();
        for (killer, runs) in queue.busy.values() {
            if runs.iter().any(|run| Arc::ptr_eq(run, submission)) {
                killer.kill();
            }
        }
        drop(queue);
        submission.end_if_over();
        self.shared.work.notify_all();
    }

    /// Takes no more runs; workers end when the queue is empty.
    pub fn close(&self) {
        self.shared.lock().closing = true;
        self.shared.work.notify_all();
    }

    /// Stops everything now.
    pub fn terminate(&self) {
        self.close();
        let mut queue = self.shared.lock();
        queue.terminated = true;
        let runs = std::mem::take(&mut queue.runs);
        let held = queue.busy.values().flat_map(|(_, runs)| runs.iter().cloned());
        let all: Vec<_> = runs.into_iter().chain(held).collect();
        all.iter().for_each(|run| run.stop());
        for (killer, _) in queue.busy.values() {
            killer.kill();
        }
        drop(queue);
        for run in &all {
            run.end_if_over();
        }
        self.shared.work.notify_all();
    }

    /// Waits until all drivers have ended, which they do after [`Workers::close`].
    pub fn join(&self) {
        let drivers = std::mem::take(&mut *lock(&self.drivers));
        for driver in drivers {
            // A driver does not panic; if it did, its worker is gone with it.
            let _ = driver.join();
        }
    }
}

impl Drop for Workers {
    fn drop(&mut self) {
        if self.process == std::process::id() {
            self.terminate();
        }
    }
}

impl Submission {
    fn lock(&self) -> MutexGuard<'_, Pending> {
        lock(&self.state)
    }

    /// Starts nothing more of it.
    fn stop(&self) {
        self.run.control.stop();
        self.lock().table.state.stop();
    }

    fn is_all_started(&self) -> bool {
        let pending = self.lock();
        pending.on_end.is_none() || pending.table.is_all_started()
    }

    /// Hands the outcome over, once, when nothing of the run is going on any more.
    fn end_if_over(&self) {
        let mut pending = self.lock();
        if !pending.table.state.is_over() {
            return;
        }
        let Some(on_end) = pending.on_end.take() else { return };
        let outcome = pending.table.outcome(&self.run).map(|(values, _)| values);
        drop(pending);
        on_end(outcome);
    }
}

impl Shared {
    /// Queues a run again, which has tasks to start again.
    fn put_back(&self, submission: Arc<Submission>) {
        let mut queue = self.lock();
        if !queue.runs.iter().any(|run| Arc::ptr_eq(run, &submission)) {
            queue.runs.push_front(submission);
        }
    }

    fn lock(&self) -> MutexGuard<'_, Queue> {
        lock(&self.queue)
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The thread of one worker.
struct Driver {
    shared: Arc<Shared>,
    index: usize,
    worker: Option<Worker>,
    // What a task has taken lately.
    mean: Duration,
}

impl Driver {
    fn drive(mut self) {
        while let Some(held) = self.take() {
            let runs: Vec<_> = held.iter().map(|task| Arc::clone(&task.submission)).collect();
            let ended = self.run(held);
            self.shared.lock().busy.remove(&self.index);
            let mut garbage = Vec::new();
            let mut ended = ended.into_iter();
            together(runs.first(), || {
                for (submission, ended) in ended.by_ref() {
                    submission.lock().table.end(ended, &submission.run, &mut garbage);
                }
                let mut last: Option<&Arc<Submission>> = None;
                for run in &runs {
                    if last.is_none_or(|last| !Arc::ptr_eq(last, run)) {
                        run.end_if_over();
                    }
                    last = Some(run);
                }
                garbage.clear();
            });
            if self.shared.lock().idle > 0 {
                // What ended may have made others ready.
                self.shared.work.notify_all();
            }
        }
        if let Some(worker) = self.worker.take() {
            worker.dismiss();
        }
    }

    /// Waits for tasks; nothing when the workers are closed and the queue is empty.
    fn take(&mut self) -> Option<Vec<Held>> {
        let wanted =
            (BATCH.as_nanos() / self.mean.as_nanos().max(1)).clamp(1, LARGEST_BATCH as u128);
        let wanted = wanted as usize;
        let mut queue = self.shared.lock();
        loop {
            let mut held = Vec::new();
            let startable: usize =
                queue.runs.iter().take(wanted).map(|run| run.lock().table.startable()).sum();
            let share = (startable / self.shared.workers).max(1);
            for run in &queue.runs {
                let most = wanted.min(share).min(run.batch.unwrap_or(usize::MAX));
                let mut pending = run.lock();
                while held.len() < most {
                    let Some(started) = pending.table.start(&run.run) else { break };
                    held.push(Held { submission: Arc::clone(run), started });
                }
                if held.len() >= wanted.min(share) {
                    break;
                }
            }
            // A run with nothing left to start needs no place in the queue. The oldest are the first
            // to come to that, so the others need not be looked at.
            while queue.runs.front().is_some_and(|run| run.is_all_started()) {
                queue.runs.pop_front();
            }
            if !held.is_empty() {
                return Some(held);
            }
            if queue.closing && queue.runs.is_empty() {
                return None;
            }
            queue.idle += 1;
            queue = self.shared.work.wait(queue).unwrap_or_else(PoisonError::into_inner);
            queue.idle -= 1;
        }
    }

    /// Has the worker do the tasks.
    fn run(&mut self, held: Vec<Held>) -> Vec<(Arc<Submission>, Ended)> {
        let mut ended = Vec::with_capacity(held.len());
        let mut sent: HashMap<u64, Held> = HashMap::with_capacity(held.len());
        let mut requests = Vec::with_capacity(held.len());
        let first = held.first().map(|task| Arc::clone(&task.submission));
        let mut held = held.into_iter().enumerate();
        together(first.as_ref(), || {
            for (tag, task) in held.by_ref() {
                match task.request() {
                    Ok(request) => {
                        requests.push((tag as u64, request));
                        sent.insert(tag as u64, task);
                    }
                    Err(failure) => {
                        let id = task.started.id;
                        ended.push((task.submission, Ended { id, result: Err(failure) }));
                    }
                }
            }
        });
        if requests.is_empty() {
            return ended;
        }
        let begin = Instant::now();
        let count = requests.len() as u32;
        let outcome = self.exchange(&requests, &mut sent, &mut ended);
        match outcome {
            Ok(()) => {
                let now = begin.elapsed() / count;
                // Quick to believe that tasks are long, slower to believe that they are short.
                self.mean = if now > self.mean { now } else { (self.mean + now) / 2 };
            }
            Err(error) => self.lose(&error, sent, &mut ended),
        }
        ended
    }

    fn exchange(
        &mut self,
        requests: &[(u64, graph::Request)],
        sent: &mut HashMap<u64, Held>,
        ended: &mut Vec<(Arc<Submission>, Ended)>,
    ) -> Result<(), OpError> {
        let worker = match &mut self.worker {
            Some(worker) => worker,
            None => self.worker.insert(Worker::start(&self.shared.program)?),
        };
        let mut runs: Vec<Arc<Submission>> = Vec::new();
        for task in sent.values() {
            if !runs.iter().any(|run| Arc::ptr_eq(run, &task.submission)) {
                runs.push(Arc::clone(&task.submission));
            }
        }
        let mut queue = self.shared.lock();
        // Whoever cancels or terminates says so before it looks at who is busy: it misses none.
        if queue.terminated {
            runs.iter().for_each(|run| run.stop());
        }
        if runs.iter().any(|run| run.run.control.is_stopped()) {
            worker.killer().kill();
        }
        queue.busy.insert(self.index, (worker.killer(), runs));
        drop(queue);
        let gone = || OpError::from("gone");
        worker.send(requests).map_err(|_| gone())?;
        while !sent.is_empty() {
            let Received::Parcels(parcels) = worker.receive(None) else { return Err(gone()) };
            let first = sent.values().next().map(|task| Arc::clone(&task.submission));
            let mut parcels = parcels.into_iter();
            together(first.as_ref(), || {
                for parcel in parcels.by_ref() {
                    if let Some(task) = sent.remove(&parcel.tag) {
                        ended.push(task.end(parcel));
                    }
                }
            });
        }
        Ok(())
    }

    /// The worker is gone, and what it held with it; but if we killed it for one run's sake, the tasks
    /// of others go back.
    fn lose(
        &mut self,
        error: &OpError,
        sent: HashMap<u64, Held>,
        ended: &mut Vec<(Arc<Submission>, Ended)>,
    ) {
        let worker = self.worker.take();
        let has_killed = worker.as_ref().is_some_and(|worker| worker.killer().has_killed());
        let status = worker.map(|worker| worker.bury());
        let tasks = names(&sent);
        for (_, Held { submission, started }) in sent {
            let id = started.id;
            let failure: OpError = match status {
                _ if submission.run.control.is_stopped() => {
                    ended.push((submission, Ended { id, result: Err(Failure::Dropped) }));
                    continue;
                }
                _ if has_killed => {
                    submission.lock().table.give_back(std::iter::once(started));
                    self.shared.put_back(submission);
                    continue;
                }
                Some(status) => Box::new(WorkerDied { status, tasks: tasks.clone() }),
                None => format!("cannot start a worker process: {error}").into(),
            };
            ended.push((submission, Ended { id, result: Err(Failure::Error(failure)) }));
        }
    }
}

/// Does `work` the way that the ops of `submission` like it.
fn together(submission: Option<&Arc<Submission>>, mut work: impl FnMut()) {
    let graph = submission.map(|submission| &submission.run.plan.graph);
    let first = graph.and_then(|graph| Some(graph.task(graph.ids().next()?)));
    match first.as_ref().and_then(|task| task.op.remote()) {
        Some(remote) => remote.together(&mut work),
        None => work(),
    }
}

impl Held {
    fn request(&self) -> Result<graph::Request, Failure> {
        let run = &self.submission.run;
        let task = run.plan.graph.task(self.started.id);
        if run.control.is_stopped() {
            return Err(Failure::Dropped);
        }
        let remote = task.op.remote();
        let remote = remote.ok_or_else(|| Failure::Error("this op has no remote form".into()))?;
        remote.request(&self.started.inputs, task.partition).map_err(Failure::Error)
    }

    fn end(self, parcel: channel::Parcel) -> (Arc<Submission>, Ended) {
        let task = self.submission.run.plan.graph.task(self.started.id);
        let buffers = parcel.buffers.into_iter();
        let answer = Answer {
            is_result: parcel.kind == RESULT,
            bytes: parcel.bytes,
            buffers: buffers.map(|buffer| Arc::new(buffer) as SharedBytes).collect(),
        };
        let remote = task.op.remote().expect("it was sent");
        let result = remote.answer(answer).map_err(Failure::Error).map(|value| {
            let bytes = value.bytes() as u64;
            (value, bytes)
        });
        (self.submission, Ended { id: self.started.id, result })
    }
}

/// What some tasks are, cut short.
fn names(held: &HashMap<u64, Held>) -> String {
    const SHOWN: usize = 4;
    let name = |task: &Held| {
        let node = task.submission.run.plan.graph.task(task.started.id);
        let origin = node.op.origin(node.partition);
        origin.unwrap_or_else(|| format!("{} {}", node.op.name(), node.partition))
    };
    let mut names: Vec<_> = held.values().take(SHOWN).map(name).collect();
    if held.len() > SHOWN {
        names.push(format!("{} more", held.len() - SHOWN));
    }
    names.join(", ")
}
