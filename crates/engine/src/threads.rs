//! The threads lane: workers on the process's rayon pool around one locked state machine.
//!
//! A worker ends the tasks it ran and starts its next ones under one lock, then runs them without
//! it. Under a lock of some hundred nanoseconds, tasks shorter than that would queue for it, so a
//! worker whose tasks turn out short takes several at a time (at most its fair share of what is
//! ready), and as soon as they turn out long, one. There are never more workers than tasks to start,
//! and a worker that finds none goes home: the pool's threads are free for others.

use crate::run::{Ended, Run, Started, Table};
use crate::{EngineError, Lane, Options, Watch, pool};
use graph::{Control, Plan, Value};
use rayon::ThreadPool;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use trace::{Recorder, Trace};

/// Batches grow while they take less than this.
const SHORT_BATCH: Duration = Duration::from_micros(20);
/// Batches shrink when they take more than this.
const LONG_BATCH: Duration = Duration::from_micros(100);
const LARGEST_BATCH: usize = 128;
/// After a cancellation, how long to wait for tasks that don't ask whether to stop.
const GRACE: Duration = Duration::from_millis(150);

struct Shared {
    run: Run,
    pool: Arc<ThreadPool>,
    workers: usize,
    table: Mutex<(Table, Workers)>,
    over: Condvar,
}

struct Workers {
    active: usize,
}

pub(crate) fn run(
    plan: Plan,
    options: &Options,
    workers: usize,
    control: &Arc<Control>,
    watch: &mut dyn Watch,
) -> Result<(Vec<Value>, Trace), EngineError> {
    let pool = pool::pool(workers)?;
    let recorder = options.trace.then(|| Recorder::new(workers));
    let run = Run { plan, control: Arc::clone(control), recorder, lane: Lane::Threads };
    let table = Mutex::new((Table::new(&run, options.memory), Workers { active: 0 }));
    let shared = Arc::new(Shared { run, pool, workers, table, over: Condvar::new() });
    let mut guard = shared.lock();
    let first = guard.0.state.startable().min(workers);
    guard.1.active = first;
    drop(guard);
    for _ in 0..first {
        shared.spawn();
    }
    shared.wait(watch)
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, (Table, Workers)> {
        self.table.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn spawn(self: &Arc<Self>) {
        let shared = Arc::clone(self);
        self.pool.spawn(move || shared.work());
    }

    /// The loop of one worker.
    fn work(self: &Arc<Self>) {
        let worker = rayon::current_thread_index().unwrap_or(0);
        let mut ended: Vec<Ended> = Vec::new();
        let mut started: Vec<Started> = Vec::new();
        let mut garbage = Vec::new();
        let mut batch = 1;
        loop {
            let mut guard = self.lock();
            let (table, workers) = &mut *guard;
            for task in ended.drain(..) {
                table.end(task, &self.run, &mut garbage);
            }
            let share = table.state.startable() / (2 * self.workers);
            while started.len() < batch.min(share.max(1)) {
                let Some(task) = table.start(&self.run) else { break };
                started.push(task);
            }
            if started.is_empty() {
                workers.active -= 1;
                if table.state.is_over() {
                    self.over.notify_all();
                }
                return;
            }
            let helpers = table.state.startable().min(self.workers - workers.active);
            workers.active += helpers;
            drop(guard);
            garbage.clear();
            for _ in 0..helpers {
                self.spawn();
            }
            let begin = Instant::now();
            ended.extend(started.drain(..).map(|task| self.run.execute(task, worker)));
            let elapsed = begin.elapsed();
            if elapsed < SHORT_BATCH {
                batch = (batch * 2).min(LARGEST_BATCH);
            } else if elapsed > LONG_BATCH {
                batch = (batch / 2).max(1);
            }
        }
    }

    /// Waits for the end, and asks `watch` meanwhile.
    fn wait(&self, watch: &mut dyn Watch) -> Result<(Vec<Value>, Trace), EngineError> {
        let mut guard = self.lock();
        let mut cancelled: Option<Instant> = None;
        loop {
            if guard.0.state.is_over() {
                return guard.0.outcome(&self.run);
            }
            if cancelled.is_some_and(|since| since.elapsed() > GRACE) {
                // A task that won't end keeps its thread; the run is over for the caller.
                return Err(EngineError::Cancelled);
            }
            (guard, _) = self
                .over
                .wait_timeout(guard, watch.interval())
                .unwrap_or_else(PoisonError::into_inner);
            if cancelled.is_none() && !guard.0.state.is_over() {
                drop(guard);
                let go_on = watch.go_on(&self.run.control);
                if !go_on {
                    self.run.control.stop();
                    watch.interrupt();
                    cancelled = Some(Instant::now());
                }
                guard = self.lock();
                if !go_on {
                    guard.0.state.stop();
                }
            }
        }
    }
}
