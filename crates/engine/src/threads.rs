//! The threads lane: workers on the process's rayon pool around one locked state machine.
//!
//! A worker ends the tasks it ran and starts its next ones under one lock, then runs them without
//! it. Under a lock of some hundred nanoseconds, tasks shorter than that would queue for it, so a
//! worker whose tasks turn out short takes several at a time: at most its fair share of what is
//! ready, and of ops whose results are known to be small, because what a batch makes is read after
//! it. When one of them turns out long while other workers are at home, it gives back those behind
//! it. There are never more workers than tasks to start, and a worker that finds none goes home: the
//! pool's threads are free for others.

use crate::run::{Ended, Run, Started, Table};
use crate::{EngineError, Lane, Options, Watch, pool};
use graph::{Control, Plan, Value};
use rayon::ThreadPool;
use std::collections::VecDeque;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use trace::{Recorder, Trace};

/// Batches grow while they take less than this.
const SHORT_BATCH: Duration = Duration::from_micros(20);
/// Batches shrink when they take more than this.
const LONG_BATCH: Duration = Duration::from_micros(100);
const LARGEST_BATCH: usize = 128;
/// A batch ends with the task that makes its expected results larger than this.
const LARGEST_BATCH_BYTES: u64 = 1 << 18;
/// After a cancellation, how long to wait for tasks that don't ask whether to stop.
const GRACE: Duration = Duration::from_millis(150);

struct Shared {
    pool: Arc<ThreadPool>,
    workers: usize,
    state: Mutex<Inner>,
    /// Workers spawned and not gone home; the pool may not have come to all of them yet. It changes
    /// only under the lock.
    active: AtomicUsize,
    over: Condvar,
}

struct Inner {
    table: Table,
    /// Nothing once the run is over: a worker that the pool comes to late, or that lets go of what is
    /// shared last, must not be the one that drops the ops. They may hold Python objects, which only
    /// the waiting thread knows when to drop.
    run: Option<Arc<Run>>,
    /// How many workers are in their loop, and may hold values of the run.
    inside: usize,
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
    let table = Table::new(&run, options.memory);
    let first = table.startable().min(workers);
    let active = AtomicUsize::new(first);
    let state = Mutex::new(Inner { table, run: Some(Arc::new(run)), inside: 0 });
    let shared = Arc::new(Shared { pool, workers, state, active, over: Condvar::new() });
    for _ in 0..first {
        shared.spawn();
    }
    shared.wait(control, watch)
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn spawn(self: &Arc<Self>) {
        let shared = Arc::clone(self);
        self.pool.spawn(move || shared.work());
    }

    /// The loop of one worker.
    fn work(self: &Arc<Self>) {
        let worker = rayon::current_thread_index().unwrap_or(0);
        let mut ended: Vec<Ended> = Vec::new();
        let mut started: VecDeque<Started> = VecDeque::new();
        let mut garbage = Vec::new();
        let mut batch = 1;
        let run = {
            let mut guard = self.lock();
            let Some(run) = guard.run.clone() else { return };
            guard.inside += 1;
            run
        };
        loop {
            let mut guard = self.lock();
            let Inner { table, inside, .. } = &mut *guard;
            for task in ended.drain(..) {
                table.end(task, &run, &mut garbage);
            }
            table.give_back(started.drain(..));
            let share = table.startable() / (2 * self.workers);
            let held = table.state.memory();
            while started.len() < batch.min(share.max(1)) {
                let Some(task) = table.start(&run) else { break };
                let small = table.state.is_foreseen(task.id)
                    && table.state.memory() - held < LARGEST_BATCH_BYTES;
                started.push_back(task);
                if !small {
                    break;
                }
            }
            if started.is_empty() && garbage.is_empty() {
                self.active.fetch_sub(1, Ordering::Relaxed);
                drop(run);
                *inside -= 1;
                if is_over(table, *inside) {
                    self.over.notify_all();
                }
                return;
            }
            let home = self.workers - self.active.load(Ordering::Relaxed);
            let helpers = table.startable().min(home);
            if helpers > 0 {
                self.active.fetch_add(helpers, Ordering::Relaxed);
            }
            drop(guard);
            garbage.clear();
            for _ in 0..helpers {
                self.spawn();
            }
            // One task is no batch: not worth a look at the clock.
            let begin = (share > 1).then(Instant::now);
            let elapsed = || begin.map(|begin| begin.elapsed());
            while let Some(task) = started.pop_front() {
                ended.push(run.execute(task, worker, None));
                if !started.is_empty()
                    && self.active.load(Ordering::Relaxed) < self.workers
                    && elapsed() > Some(LONG_BATCH)
                {
                    break;
                }
            }
            match elapsed() {
                Some(elapsed) if elapsed < SHORT_BATCH => batch = (batch * 2).min(LARGEST_BATCH),
                Some(elapsed) if elapsed > LONG_BATCH => batch = (ended.len() / 2).max(1),
                _ => (),
            }
        }
    }

    /// Waits for the end, and asks `watch` meanwhile.
    fn wait(
        &self,
        control: &Control,
        watch: &mut dyn Watch,
    ) -> Result<(Vec<Value>, Trace), EngineError> {
        let mut guard = self.lock();
        let mut cancelled: Option<Instant> = None;
        loop {
            if is_over(&guard.table, guard.inside) {
                return Self::outcome(guard);
            }
            let patience = match cancelled {
                None => watch.interval(),
                Some(since) => match GRACE.checked_sub(since.elapsed()) {
                    Some(grace) => grace,
                    // A task that won't end keeps its thread; the run is over for the caller, and the
                    // next one gets a pool whose threads are all free.
                    None => {
                        let outcome = Self::outcome(guard);
                        pool::abandon(&self.pool);
                        return outcome;
                    }
                },
            };
            (guard, _) =
                self.over.wait_timeout(guard, patience).unwrap_or_else(PoisonError::into_inner);
            if cancelled.is_none() && !guard.table.state.is_over() {
                drop(guard);
                let go_on = watch.go_on(control);
                if !go_on {
                    control.stop();
                    cancelled = Some(Instant::now());
                    watch.interrupt();
                }
                guard = self.lock();
                if !go_on {
                    guard.table.state.stop();
                }
            }
        }
    }

    /// The outcome; the ops are gone afterwards, but for those of a task that won't end.
    fn outcome(mut guard: MutexGuard<'_, Inner>) -> Result<(Vec<Value>, Trace), EngineError> {
        let run = guard.run.take().expect("a run has one outcome");
        let outcome = guard.table.outcome(&run);
        drop(guard);
        outcome
    }
}

fn is_over(table: &Table, inside: usize) -> bool {
    table.state.is_over() && inside == 0
}
