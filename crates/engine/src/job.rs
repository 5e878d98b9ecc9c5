//! One run on its way: what the threads and the worker processes that do its tasks share.

use crate::processes;
use crate::run::{Ended, Outcome, Run, Started, Table};
use crate::{EngineError, Place, Watch, pool};
use graph::{Control, Value};
use rayon::ThreadPool;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// After a cancellation, how long to wait for tasks that don't ask whether to stop.
const GRACE: Duration = Duration::from_millis(150);

/// What is called with a run's outcome.
pub type OnEnd = Box<dyn FnOnce(Result<Vec<Value>, EngineError>) + Send>;

/// A run on its way.
pub struct Job {
    pub(crate) control: Arc<Control>,
    /// Who runs what runs in this process; nothing if nothing does.
    pub(crate) pool: Option<Arc<ThreadPool>>,
    /// How many threads may work for it.
    pub(crate) threads: usize,
    /// Who runs what runs in worker processes; nothing if nothing does.
    pub(crate) processes: Option<Arc<processes::Shared>>,
    /// How many tasks are sent to a worker together at the most; nothing means as many as seems good.
    pub(crate) batch: Option<usize>,
    pub(crate) timeout: Option<Duration>,
    inner: Mutex<Inner>,
    /// Threads spawned and not gone home; the pool may not have come to all of them yet. It changes
    /// only under the lock.
    pub(crate) active: AtomicUsize,
    /// Whether there is something for a thread that looks out for it; changed under the lock.
    pub(crate) is_startable: AtomicBool,
    over: Condvar,
}

/// What is behind the lock.
pub(crate) struct Inner {
    pub table: Table,
    /// Nothing once the run is over: a worker that the pool comes to late, or that lets go of what is
    /// shared last, must not be the one that drops the ops. They may hold Python objects, which only
    /// the waiting thread knows when to drop.
    pub run: Option<Arc<Run>>,
    /// How many threads are at it, and tasks with worker processes: they may hold values of the run.
    pub inside: usize,
    /// Whether a thread is at the short tasks of the interpreter.
    pub interpreting: bool,
    on_end: Option<OnEnd>,
}

impl Inner {
    /// How many threads there is something to do for in this process.
    pub fn startable(&self) -> usize {
        let tasks = self.table.startable(Place::Thread) + self.interpretable();
        tasks + usize::from(self.table.state.excess() > 0)
    }

    /// How many threads there is something to do for in the interpreter.
    pub fn interpretable(&self) -> usize {
        match self.table.startable(Place::Interpreter) {
            0 => 0,
            // Long tasks may release the interpreter's lock, and must not wait for each other.
            count if self.table.next(Place::Interpreter).is_some_and(|next| next.is_long()) => {
                count
            }
            _ => usize::from(!self.interpreting),
        }
    }

    pub fn is_over(&self) -> bool {
        self.table.state.is_over() && self.inside == 0
    }
}

impl Job {
    pub(crate) fn new(
        run: Run,
        memory: Option<u64>,
        pool: Option<(Arc<ThreadPool>, usize)>,
        processes: Option<Arc<processes::Shared>>,
        batch: Option<usize>,
        on_end: Option<OnEnd>,
    ) -> Arc<Self> {
        let table = Table::new(&run, memory);
        let (control, timeout) = (Arc::clone(&run.control), run.timeout);
        let run = Some(Arc::new(run));
        let inner = Mutex::new(Inner { table, run, inside: 0, interpreting: false, on_end });
        let (pool, threads) = pool.map_or((None, 0), |(pool, threads)| (Some(pool), threads));
        Arc::new(Self {
            control,
            pool,
            threads,
            processes,
            batch,
            timeout,
            inner,
            active: AtomicUsize::new(0),
            is_startable: AtomicBool::new(false),
            over: Condvar::new(),
        })
    }

    pub(crate) fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Has somebody come for every task that could start now.
    pub(crate) fn wake(self: &Arc<Self>, guard: MutexGuard<'_, Inner>) {
        let home = self.threads - self.active.load(Ordering::Relaxed);
        let startable = guard.startable();
        self.is_startable.store(startable > 0, Ordering::Relaxed);
        let helpers = startable.min(home);
        if helpers > 0 {
            self.active.fetch_add(helpers, Ordering::Relaxed);
        }
        let remote = match &self.processes {
            Some(_) => guard.table.startable(Place::Worker),
            None => 0,
        };
        drop(guard);
        for _ in 0..helpers {
            self.spawn();
        }
        if let (Some(processes), true) = (&self.processes, remote > 0) {
            processes.wake(self, remote);
        }
    }

    /// Starts nothing more.
    pub(crate) fn stop(&self) {
        self.control.stop();
        self.lock().table.state.stop();
    }

    /// Tells whoever waits, if nothing of the run is going on any more. Who is to be called with the
    /// outcome is called by [`Finished::call`].
    #[must_use]
    pub(crate) fn end_if_over(&self, mut guard: MutexGuard<'_, Inner>) -> Option<Finished> {
        if !guard.is_over() {
            return None;
        }
        let Some(on_end) = guard.on_end.take() else {
            drop(guard);
            self.over.notify_all();
            return None;
        };
        let run = guard.run.take().expect("a run has one outcome");
        let outcome = guard.table.outcome(&run);
        Some(Finished { on_end, outcome, run })
    }

    /// Waits for the end, and asks `watch` meanwhile.
    pub(crate) fn wait(self: &Arc<Self>, watch: &mut dyn Watch) -> Result<Vec<Value>, EngineError> {
        let mut guard = self.lock();
        let mut cancelled: Option<Instant> = None;
        loop {
            if guard.is_over() {
                return outcome(guard);
            }
            let patience = match cancelled {
                None => watch.interval(),
                Some(since) => match GRACE.checked_sub(since.elapsed()) {
                    Some(grace) => grace,
                    // A task that won't end keeps its thread; the run is over for the caller, and the
                    // next one gets a pool whose threads are all free.
                    None => {
                        let outcome = outcome(guard);
                        self.pool.iter().for_each(pool::abandon);
                        return outcome;
                    }
                },
            };
            (guard, _) =
                self.over.wait_timeout(guard, patience).unwrap_or_else(PoisonError::into_inner);
            if cancelled.is_none() && !guard.table.state.is_over() {
                drop(guard);
                if !watch.go_on(&self.control) {
                    self.cancel();
                    cancelled = Some(Instant::now());
                    watch.interrupt();
                }
                guard = self.lock();
            }
        }
    }

    /// Stops the run: tasks not started never will, and workers that hold its tasks are killed.
    pub fn cancel(self: &Arc<Self>) {
        self.stop();
        if let Some(processes) = &self.processes {
            processes.cancel(self);
        }
        self.end_if_over(self.lock()).into_iter().for_each(Finished::call);
    }

    /// Takes the run back, if none of its tasks is under way; tells whether it was.
    pub fn withdraw(&self) -> bool {
        let mut guard = self.lock();
        if guard.inside > 0 || guard.is_over() {
            return false;
        }
        self.control.stop();
        guard.table.state.stop();
        self.end_if_over(guard).into_iter().for_each(Finished::call);
        true
    }

    /// How many of its tasks are done.
    pub fn done(&self) -> u64 {
        self.control.tasks()
    }

    /// Whether tasks of it are under way.
    pub fn is_running(&self) -> bool {
        self.lock().inside > 0
    }

    /// Takes note of tasks that were done elsewhere, and lets go of what they held.
    #[must_use]
    pub(crate) fn end(self: &Arc<Self>, run: Arc<Run>, ended: Vec<Ended>) -> Option<Finished> {
        let mut garbage = Vec::new();
        let mut guard = self.lock();
        guard.inside -= ended.len();
        for ended in ended {
            guard.table.end(ended, &run, &mut garbage);
        }
        drop(run);
        if guard.is_over() {
            return self.end_if_over(guard);
        }
        self.wake(guard);
        None
    }

    /// Takes back tasks that were to be done elsewhere.
    pub(crate) fn give_back(self: &Arc<Self>, run: Arc<Run>, started: Vec<Started>) {
        let mut guard = self.lock();
        guard.inside -= started.len();
        guard.table.give_back(started.into_iter());
        drop(run);
        self.wake(guard);
    }
}

/// A run that is over, for whoever is to be called with its outcome.
pub(crate) struct Finished {
    on_end: OnEnd,
    outcome: Outcome,
    run: Arc<Run>,
}

impl Finished {
    /// Calls them.
    pub fn call(self) {
        let Self { on_end, outcome, run } = self;
        let result = outcome.finish(&run);
        drop(run);
        on_end(result);
    }

    /// Calls several of them, the way that the first one's ops like it.
    pub fn call_all(all: Vec<Self>) {
        let Some(first) = all.first() else { return };
        let run = Arc::clone(&first.run);
        let mut all = all.into_iter();
        run.together(run.plan.graph.ids().next(), &mut || all.by_ref().for_each(Self::call));
    }
}

/// The outcome; the ops are gone afterwards, but for those of a task that won't end.
fn outcome(mut guard: MutexGuard<'_, Inner>) -> Result<Vec<Value>, EngineError> {
    let run = guard.run.take().expect("a run has one outcome");
    let outcome = guard.table.outcome(&run);
    drop(guard);
    outcome.finish(&run)
}
