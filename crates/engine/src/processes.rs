//! The processes lane: a thread for each worker process, around the same state machine.
//!
//! A driver thread takes started tasks, sends them to its worker, and ends them as the answers come.
//! Its thread mostly sleeps. Jobs queue up, the oldest goes first, and several may go on at one time,
//! so that asynchronous calls need no thread each.
//!
//! Sending one short task at a time would cost two context switches each. So a driver looks at how long
//! its worker's tasks take and sends about a millisecond's worth together, never more than its fair
//! share of what could start; and it sends the next batch before the last one is answered.
//!
//! **Faults.** A worker that dies takes one task with it, the one that it was in; what else it held is
//! done by others. Its driver starts another worker when there is a task for it. A task that has a time
//! limit travels alone, and its worker is killed at the limit, counted from when it calls the task's
//! function: the marker says so.

use crate::job::{Finished, Job, OnEnd};
use crate::record::{self, Past};
use crate::run::{Ended, Failure, Run, Started};
use crate::worker::{Killer, Program, RESULT, Received, TimedOut, Worker, WorkerDied, how};
use crate::{EngineError, Lane, Place, Time, spill, zygote};
use channel::{Buffer, Parcel, Spares};
use graph::{Answer, Context, OpError, Plan, Request, Shared as SharedBytes, TaskId, Value};
use std::collections::{HashMap, VecDeque};
use std::process::ExitStatus;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};
use trace::{Collector, Crew, NoteKind, Row};

/// How much work a driver sends at one time.
const BATCH: Duration = Duration::from_millis(1);
const LARGEST_BATCH: usize = 256;

/// Worker processes, and the threads that drive them.
pub struct Workers {
    shared: Arc<Shared>,
    drivers: Mutex<Vec<JoinHandle<()>>>,
    // A fork of this process has no driver, and no right to end its parent's workers.
    process: u32,
}

/// How a submitted plan is to be run.
#[derive(Clone, Debug, Default)]
pub struct Manner {
    /// How many tasks are sent together at the most; nothing means as many as seems good.
    pub batch: Option<usize>,
    /// How often a task that failed, or whose worker died, is tried again.
    pub retries: u32,
    /// How long a task may take, from when the worker calls its function; it is killed at the limit.
    pub timeout: Option<Duration>,
    /// What every task is recorded by, if it is to be.
    pub trace: Option<Arc<Collector>>,
}

pub(crate) struct Shared {
    program: Program,
    spares: Arc<Spares>,
    workers: usize,
    // Whether one of them has answered: it has started, and imported what its task needs.
    warm: Arc<AtomicBool>,
    // Which of the process's pools this is, for traces.
    number: u32,
    queue: Mutex<Queue>,
    work: Condvar,
}

#[derive(Default)]
struct Queue {
    jobs: VecDeque<Arc<Job>>,
    // Which processes work for which jobs.
    busy: HashMap<usize, (Killer, Vec<Arc<Job>>)>,
    idle: usize,
    closing: bool,
    terminated: bool,
}

/// Tasks of one job that a driver takes together.
struct Taken {
    job: Arc<Job>,
    run: Arc<Run>,
    started: Vec<Started>,
}

impl Workers {
    /// Drivers for `workers` processes, which are started when there is work for them.
    pub fn new(program: Program, workers: usize) -> Self {
        zygote::prepare(&program);
        static POOLS: AtomicU32 = AtomicU32::new(0);
        let shared = Arc::new(Shared {
            program,
            spares: Arc::default(),
            workers: workers.max(1),
            warm: Arc::default(),
            number: POOLS.fetch_add(1, Ordering::Relaxed),
            queue: Mutex::default(),
            work: Condvar::new(),
        });
        let drive = |index| {
            let shared = Arc::clone(&shared);
            let name = format!("manycore-driver-{index}");
            let builder = std::thread::Builder::new().name(name);
            builder.spawn(move || Driver::new(shared, index).drive())
        };
        let drivers = (0..shared.workers).map_while(|index| drive(index).ok()).collect();
        Self { shared, drivers: Mutex::new(drivers), process: std::process::id() }
    }

    /// How many processes there may be.
    pub fn workers(&self) -> usize {
        self.shared.workers
    }

    /// Whether they are of this process, and not of one that it was forked from.
    pub fn is_ours(&self) -> bool {
        self.process == std::process::id()
    }

    pub(crate) fn shared(&self) -> &Arc<Shared> {
        &self.shared
    }

    /// Queues a plan whose ops all have a remote form; `on_end` is called with its outcome, on a driver's
    /// thread.
    ///
    /// # Errors
    /// [`EngineError::Closed`] after [`Workers::close`].
    pub fn submit(
        &self,
        plan: Plan,
        manner: Manner,
        on_end: OnEnd,
    ) -> Result<Arc<Job>, EngineError> {
        let Manner { batch, retries, timeout, trace } = manner;
        let (control, lane) = (Arc::default(), Lane::Processes);
        let crews = [Some(self.shared.crew())];
        let recorder = record::recorder(trace.as_ref(), &plan.graph, crews);
        let run = Run {
            number: Run::next(),
            plan,
            control,
            recorder,
            asker: None,
            lane,
            retries,
            timeout,
            is_free_threaded: false,
            spill: None,
            warm: None,
        };
        let processes = Some(Arc::clone(&self.shared));
        let job = Job::new(run, None, None, processes, batch, Some(on_end));
        if job.lock().table.is_all_started() {
            job.end_if_over(job.lock()).into_iter().for_each(Finished::call);
        } else {
            self.shared.add(&job)?;
        }
        Ok(job)
    }

    /// Takes no more jobs; workers end when the queue is empty.
    pub fn close(&self) {
        self.shared.lock().closing = true;
        self.shared.work.notify_all();
    }

    /// Stops everything now.
    pub fn terminate(&self) {
        self.close();
        let mut queue = self.shared.lock();
        queue.terminated = true;
        let jobs = std::mem::take(&mut queue.jobs);
        let held = queue.busy.values().flat_map(|(_, jobs)| jobs.iter().cloned());
        let all: Vec<_> = jobs.into_iter().chain(held).collect();
        all.iter().for_each(|job| job.stop());
        for (killer, _) in queue.busy.values() {
            killer.kill();
        }
        drop(queue);
        for job in &all {
            job.end_if_over(job.lock()).into_iter().for_each(Finished::call);
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

impl std::fmt::Debug for Workers {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Workers").field("workers", &self.shared.workers).finish_non_exhaustive()
    }
}

impl Drop for Workers {
    fn drop(&mut self) {
        if self.is_ours() {
            self.terminate();
        }
    }
}

impl Shared {
    /// The worker processes, as a trace knows them.
    pub fn crew(&self) -> Crew {
        Crew { lane: Lane::Processes, number: self.number, workers: self.workers as u32 }
    }

    /// Whether a worker has answered before.
    pub fn warm(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.warm)
    }

    /// Queues a job.
    pub fn add(&self, job: &Arc<Job>) -> Result<(), EngineError> {
        let tasks = job.lock().table.startable(Place::Worker);
        let mut queue = self.lock();
        if queue.closing {
            return Err(EngineError::Closed);
        }
        queue.jobs.push_back(Arc::clone(job));
        self.call(&queue, tasks);
        Ok(())
    }

    /// Has drivers come for `tasks` of a job.
    pub fn wake(&self, job: &Arc<Job>, tasks: usize) {
        let mut queue = self.lock();
        if !queue.jobs.iter().any(|other| Arc::ptr_eq(other, job)) {
            queue.jobs.push_front(Arc::clone(job));
        }
        self.call(&queue, tasks);
    }

    fn call(&self, queue: &Queue, tasks: usize) {
        match (queue.idle, tasks) {
            (0, _) | (_, 0) => (),
            (_, 1) => self.work.notify_one(),
            _ => self.work.notify_all(),
        }
    }

    /// Kills the workers that hold tasks of a job, which has been stopped.
    pub fn cancel(&self, job: &Arc<Job>) {
        let queue = self.lock();
        for (killer, jobs) in queue.busy.values() {
            if jobs.iter().any(|other| Arc::ptr_eq(other, job)) {
                killer.kill();
            }
        }
        drop(queue);
        // Somebody drops what the job has in the queue.
        self.work.notify_all();
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
    // What the worker holds, in the order in which it was sent: its tasks' tags count up.
    sent: VecDeque<Sent>,
    next_tag: u64,
    // What a task has taken lately.
    mean: Duration,
    // When the worker's last answers came.
    answered: Instant,
    // Workers lost one after the other before they came as far as their first task.
    lost: u32,
    // How many tasks more the worker may be sent.
    left: u64,
}

/// A task that the worker holds.
struct Sent {
    tag: u64,
    job: Arc<Job>,
    run: Arc<Run>,
    started: Started,
}

/// A worker that dies before its first task is replaced so many times.
const MOST_LOST: u32 = 3;

impl Driver {
    fn new(shared: Arc<Shared>, index: usize) -> Self {
        let (worker, sent) = (None, VecDeque::new());
        let left = shared.program.tasks.unwrap_or(u64::MAX);
        Self {
            shared,
            index,
            worker,
            sent,
            next_tag: 0,
            mean: BATCH,
            answered: Instant::now(),
            lost: 0,
            left,
        }
    }

    fn drive(mut self) {
        while let Some(taken) = self.take() {
            if let Err(error) = self.send(taken).and_then(|()| self.receive()) {
                self.lose(error);
            }
            if self.sent.is_empty() {
                self.shared.lock().busy.remove(&self.index);
                if self.left == 0 {
                    self.replace().into_iter().for_each(Worker::dismiss);
                }
            }
        }
        // When all is terminated, it is not asked to leave in its own way: to drop it kills it.
        let worker = self.worker.take().filter(|_| !self.shared.lock().terminated);
        if let Some(worker) = worker {
            worker.dismiss();
        }
    }

    /// Takes the worker away; another is started when there is a task for it.
    fn replace(&mut self) -> Option<Worker> {
        self.left = self.shared.program.tasks.unwrap_or(u64::MAX);
        self.worker.take()
    }

    /// Waits for tasks, but not if the worker has some already; nothing when the workers are closed
    /// and the queue is empty.
    fn take(&mut self) -> Option<Vec<Taken>> {
        let batch = (BATCH.as_nanos() / self.mean.as_nanos().max(1)) as usize;
        let most = self.left.clamp(1, LARGEST_BATCH as u64) as usize;
        let batch = batch.clamp(1, most);
        // The next batch is sent when the last one is half done; long tasks go one by one.
        let has_enough = match self.sent.len() {
            0 => false,
            held => {
                let is_limited = self.left == 0 || self.sent[0].job.timeout.is_some();
                batch == 1 || held > batch / 2 || is_limited
            }
        };
        if has_enough {
            return Some(Vec::new());
        }
        let mut queue = self.shared.lock();
        loop {
            let taken = self.take_from(&queue, batch);
            // A job with nothing left to start needs no place in the queue. The oldest are the first
            // to come to that, so the others need not be looked at.
            // They are dropped outside the lock: they may hold Python objects.
            let mut gone = Vec::new();
            while queue.jobs.front().is_some_and(|job| job.lock().table.is_all_started()) {
                gone.extend(queue.jobs.pop_front());
            }
            if !gone.is_empty() && taken.is_empty() {
                drop(queue);
                gone.clear();
                queue = self.shared.lock();
                if self.sent.is_empty() {
                    continue;
                }
            }
            if !taken.is_empty() || !self.sent.is_empty() {
                drop(queue);
                return Some(taken);
            }
            if queue.closing && queue.jobs.is_empty() {
                return None;
            }
            queue.idle += 1;
            queue = self.rest(queue);
            queue.idle -= 1;
        }
    }

    /// Waits until there is something new. When nobody has had work for a while, spare memory goes.
    fn rest<'queue>(&self, queue: MutexGuard<'queue, Queue>) -> MutexGuard<'queue, Queue> {
        let Shared { work, spares, workers, .. } = &*self.shared;
        if spares.is_empty() {
            return work.wait(queue).unwrap_or_else(PoisonError::into_inner);
        }
        let waited = work.wait_timeout(queue, Spares::KEPT);
        let (queue, waited) = waited.unwrap_or_else(PoisonError::into_inner);
        if waited.timed_out() && queue.idle == *workers {
            spares.clear();
        }
        queue
    }

    fn take_from(&self, queue: &Queue, batch: usize) -> Vec<Taken> {
        let startable = queue.jobs.iter().take(2 * batch);
        let startable: usize = startable.map(|job| job.lock().table.startable(Place::Worker)).sum();
        let share = (startable / self.shared.workers).max(1).min(batch);
        // With one task left for each worker, none is to wait behind another.
        if !self.sent.is_empty() && startable <= self.shared.workers {
            return Vec::new();
        }
        let mut taken: Vec<Taken> = Vec::new();
        let mut count = 0;
        for job in &queue.jobs {
            let alone = job.timeout.is_some();
            if count >= share || (alone && count > 0) {
                break;
            }
            let most = if alone { 1 } else { share.min(job.batch.unwrap_or(usize::MAX)) };
            let mut inner = job.lock();
            let Some(run) = inner.run.clone() else { continue };
            let mut started = Vec::new();
            while count < most {
                let Some(task) = inner.table.start(&run, Place::Worker) else { break };
                started.push(task);
                count += 1;
            }
            if !started.is_empty() {
                inner.inside += started.len();
                taken.push(Taken { job: Arc::clone(job), run, started });
            }
            if alone && count > 0 {
                break;
            }
        }
        taken
    }

    /// Sends tasks to the worker, which is started if there is none.
    fn send(&mut self, mut taken: Vec<Taken>) -> Result<(), Lost> {
        let mut requests: Vec<(u64, Request)> = Vec::new();
        let mut failed = Vec::new();
        together(taken.first().map(|taken| Arc::clone(&taken.run)), || {
            for Taken { job, run, started } in taken.drain(..) {
                let mut unsent = Vec::new();
                for task in started {
                    match request(&run, &task, &self.shared.spares) {
                        Ok(request) => {
                            let tag = self.next_tag;
                            self.next_tag += 1;
                            requests.push((tag, request));
                            let (job, run) = (Arc::clone(&job), Arc::clone(&run));
                            self.sent.push_back(Sent { tag, job, run, started: task });
                        }
                        Err(failure) => unsent.push(ended(&run, task, Err(failure), 0)),
                    }
                }
                if !unsent.is_empty() {
                    failed.push((job, run, unsent));
                }
            }
        });
        end_all(failed);
        if requests.is_empty() {
            return Ok(());
        }
        if self.worker.is_none() {
            let begin = Instant::now();
            self.worker = Some(
                Worker::start(&self.shared.program, &self.shared.spares)
                    .map_err(Lost::NeverStarted)?,
            );
            self.note(NoteKind::Start, self.row(), Some(begin), || 0, || "start".into());
        }
        self.left = self.left.saturating_sub(requests.len() as u64);
        let worker = self.worker.as_mut().ok_or(Lost::Died)?;
        let mut jobs: Vec<Arc<Job>> = Vec::new();
        for task in &self.sent {
            if jobs.last().is_none_or(|job| !Arc::ptr_eq(job, &task.job)) {
                jobs.push(Arc::clone(&task.job));
            }
        }
        let mut queue = self.shared.lock();
        // Whoever cancels or terminates says so before it looks at who is busy: it misses none.
        if queue.terminated {
            jobs.iter().for_each(|job| job.stop());
        }
        if jobs.iter().any(|job| job.control.is_stopped()) {
            worker.killer().kill();
        }
        queue.busy.insert(self.index, (worker.killer(), jobs));
        drop(queue);
        let begin = Instant::now();
        worker.send(&requests).map_err(|_| Lost::Died)?;
        let bytes = || requests.iter().map(|(_, request)| request_size(request)).sum();
        self.note(NoteKind::Copy, self.row(), Some(begin), bytes, || "to the worker".into());
        Ok(())
    }

    /// Tells the trace of the run that the worker is at what happened to the worker.
    fn note(
        &self,
        kind: NoteKind,
        row: Option<Row>,
        since: Option<Instant>,
        bytes: impl FnOnce() -> u64,
        text: impl FnOnce() -> String,
    ) {
        let recorder = self.sent.front().and_then(|sent| sent.run.recorder.as_ref());
        if let Some(recorder) = recorder {
            recorder.collector().note(kind, row, since, bytes(), text());
        }
    }

    fn row(&self) -> Option<Row> {
        let (pool, index) = (self.shared.number, self.index as u32);
        self.worker.as_ref().map(|worker| Row::Process { pool, index, pid: worker.pid() })
    }

    /// Waits for answers, and ends their tasks.
    fn receive(&mut self) -> Result<(), Lost> {
        let (Some(worker), Some(first)) = (&self.worker, self.sent.front()) else { return Ok(()) };
        let limit = first.job.timeout.map(|timeout| (first.tag, timeout));
        let parcels = match worker.receive(limit) {
            Received::Parcels(parcels) => parcels,
            Received::Late => return Err(Lost::Late(first.job.timeout.unwrap_or_default())),
            Received::Gone => return Err(Lost::Died),
        };
        self.lost = 0;
        self.shared.warm.store(true, Ordering::Relaxed);
        let bytes = || parcels.iter().map(parcel_size).sum();
        self.note(NoteKind::Copy, self.row(), None, bytes, || "from the worker".into());
        let answers = parcels.len().max(1) as u64;
        let nanoseconds: u64 = parcels.iter().map(|parcel| parcel.nanoseconds).sum();
        let mean = nanoseconds / answers;
        let mut past = self.row().map(|row| Past::new(row, nanoseconds, self.answered));
        self.answered = Instant::now();
        // A worker answers in the order in which it was asked.
        let mut answered: Vec<(Arc<Job>, Arc<Run>, Vec<Ended>)> = Vec::new();
        let count = parcels.len().min(self.sent.len());
        let run = self.sent.front().map(|sent| Arc::clone(&sent.run));
        let mut answers = parcels.into_iter().zip(self.sent.drain(..count));
        together(run, || {
            for (parcel, Sent { job, run, started, .. }) in answers.by_ref() {
                let nanoseconds = parcel.nanoseconds;
                let result = answer(&run, started.id, parcel);
                if let Some(past) = &mut past {
                    let bytes = result.as_ref().map_or(0, |(_, bytes)| *bytes);
                    past.record(&run, started.id, nanoseconds, bytes);
                }
                let ended = ended(&run, started, result, nanoseconds);
                match answered.last_mut() {
                    Some((last, _, all)) if Arc::ptr_eq(last, &job) => all.push(ended),
                    _ => answered.push((job, run, vec![ended])),
                }
            }
        });
        drop(answers);
        end_all(answered);
        // Quick to believe that tasks are long, slower to believe that they are short.
        let now = Duration::from_nanos(mean);
        self.mean = if now > self.mean { now } else { (self.mean + now) / 2 };
        Ok(())
    }

    /// The worker is gone. The task that it was in fails; what else it held is done by others.
    fn lose(&mut self, lost: Lost) {
        let row = self.row();
        let worker = self.replace();
        let has_killed = worker.as_ref().is_some_and(|worker| worker.killer().has_killed());
        let mut guilty = worker.as_ref().and_then(Worker::current);
        self.lost += u32::from(worker.as_ref().is_none_or(|worker| !worker.has_started()));
        let status = worker.and_then(|worker| {
            if matches!(lost, Lost::Late(_)) {
                worker.killer().kill();
            }
            worker.bury()
        });
        self.note(NoteKind::Death, row, None, || 0, || format!("died {}", how(&status)));
        if matches!(lost, Lost::Late(_) | Lost::NeverStarted(_)) || self.lost > MOST_LOST {
            guilty = self.sent.front().map(|task| task.tag);
        }
        let mut failed = Vec::new();
        for Sent { tag, job, run, started } in std::mem::take(&mut self.sent) {
            let is_guilty = Some(tag) == guilty && !has_killed;
            let failure = match &lost {
                _ if run.control.is_stopped() => Failure::Dropped,
                _ if !is_guilty => {
                    job.give_back(run, vec![started]);
                    continue;
                }
                lost => Failure::Error(lost.error(status, &name(&run, started.id))),
            };
            let ended = vec![ended(&run, started, Err(failure), 0)];
            failed.push((job, run, ended));
        }
        end_all(failed);
    }
}

/// Why a worker is gone.
enum Lost {
    NeverStarted(std::io::Error),
    Died,
    Late(Duration),
}

impl Lost {
    fn error(&self, status: Option<ExitStatus>, task: &str) -> OpError {
        match self {
            Self::NeverStarted(error) => format!("cannot start a worker process: {error}").into(),
            Self::Died => Box::new(WorkerDied { status, task: task.to_owned() }),
            Self::Late(timeout) => Box::new(TimedOut { timeout: *timeout, task: task.to_owned() }),
        }
    }
}

/// What the worker is sent for a task.
fn request(run: &Run, started: &Started, spares: &Spares) -> Result<Request, Failure> {
    if run.control.is_stopped() {
        return Err(Failure::Dropped);
    }
    let task = run.plan.graph.task(started.id);
    let remote = task.op.remote();
    let remote = remote.ok_or_else(|| Failure::Error("this op has no remote form".into()))?;
    let inputs = run.in_memory(started.inputs.clone()).map_err(Failure::Error)?;
    let mut request = remote.request(&inputs, task.partition).map_err(Failure::CannotTravel)?;
    drop(inputs);
    if started.inputs.iter().any(spill::is_on_disk) {
        // Memory is short: one after the other, and all before the worker fills some more with its
        // result, they go where the worker will find them.
        for buffer in &mut request.buffers {
            let copy = Buffer::copy((**buffer).as_ref(), spares);
            *buffer = Arc::new(copy.map_err(|error| Failure::Error(error.into()))?);
        }
    }
    Ok(request)
}

/// A task that has ended, with what another try would need.
fn ended(
    run: &Run,
    started: Started,
    result: Result<(Value, u64), Failure>,
    elapsed: u64,
) -> Ended {
    let id = started.id;
    let is_kept = match &result {
        Ok(_) | Err(Failure::Dropped | Failure::Panic(_)) => false,
        Err(Failure::CannotTravel(_)) => true,
        Err(Failure::Error(_)) => run.retries > 0,
    };
    let time = Time { elapsed, closely: None };
    Ended { id, result, time, again: is_kept.then_some(started) }
}

/// Does `work` on tasks, most of which are of `run`, the way that its ops like it.
fn together(run: Option<Arc<Run>>, mut work: impl FnMut()) {
    match run {
        Some(run) => run.together(run.plan.graph.ids().next(), &mut work),
        None => work(),
    }
}

/// Ends tasks of several jobs, then tells who waits for jobs that are over.
fn end_all(ended: Vec<(Arc<Job>, Arc<Run>, Vec<Ended>)>) {
    let finished = ended.into_iter().filter_map(|(job, run, ended)| job.end(run, ended));
    Finished::call_all(finished.collect());
}

fn answer(run: &Run, id: TaskId, parcel: Parcel) -> Result<(Value, u64), Failure> {
    let buffers = parcel.buffers.into_iter();
    let answer = Answer {
        is_result: parcel.kind == RESULT,
        bytes: Arc::new(parcel.bytes),
        buffers: buffers.map(|buffer| Arc::new(buffer) as SharedBytes).collect(),
    };
    let task = run.plan.graph.task(id);
    let context = Context { partition: task.partition, control: &run.control, ask: None };
    let remote = task.op.remote().expect("it was sent");
    let value = remote.answer(answer, &context).map_err(Failure::Error)?;
    let bytes = value.bytes() as u64;
    Ok((value, bytes))
}

fn request_size(request: &Request) -> u64 {
    let parts = request.bytes.iter().chain(&request.buffers);
    parts.map(|part| (**part).as_ref().len() as u64).sum()
}

fn parcel_size(parcel: &Parcel) -> u64 {
    let buffers = parcel.buffers.iter().map(|buffer| buffer.as_ref().len());
    (parcel.bytes.as_ref().len() + buffers.sum::<usize>()) as u64
}

/// What a task is, as errors show it.
fn name(run: &Run, id: TaskId) -> String {
    let task = run.plan.graph.task(id);
    let origin = task.op.origin(task.partition);
    origin.unwrap_or_else(|| format!("{} {}", task.op.name(), task.partition))
}
