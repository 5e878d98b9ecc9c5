//! The threads lane: workers on the process's rayon pool around a job's locked state machine.
//!
//! A worker ends the tasks it ran and starts its next ones under one lock, then runs them without
//! it. Under a lock of some hundred nanoseconds, tasks shorter than that would queue for it, so a
//! worker whose tasks turn out short takes several at a time: at most its fair share of what is
//! ready, and of ops whose results are known to be small, because what a batch makes is read after
//! it. When one of them turns out long while other workers are at home, it gives back those behind
//! it. There are never more workers than tasks to start, and a worker that finds none goes home: the
//! pool's threads are free for others. It looks out for one a little first, because a thread that has
//! gone to sleep takes as long to wake.

use crate::job::{Finished, Inner, Job};
use crate::run::{Ended, Run, Started};
use crate::{Place, record};
use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

/// Batches grow while they take less than this.
const SHORT_BATCH: Duration = Duration::from_micros(20);
/// Batches shrink when they take more than this.
const LONG_BATCH: Duration = Duration::from_micros(100);
const LARGEST_BATCH: usize = 128;
/// A batch ends with the task that makes its expected results larger than this.
/// How long a worker looks out for a task before it goes home.
const LOOK_OUT: Duration = Duration::from_micros(50);
const LARGEST_BATCH_BYTES: u64 = 1 << 18;

impl Job {
    /// Has a thread of the pool work for this job; it counts as active already.
    pub(crate) fn spawn(self: &Arc<Self>) {
        if let Some(pool) = &self.pool {
            let job = Arc::clone(self);
            pool.spawn(move || job.work());
        }
    }

    /// Waits a little for a task, as long as another thread is at work that may leave one.
    fn look_out(&self) {
        let begin = Instant::now();
        while !self.is_startable.load(Ordering::Relaxed)
            && self.active.load(Ordering::Relaxed) > 1
            && begin.elapsed() < LOOK_OUT
        {
            (0..32).for_each(|_| std::hint::spin_loop());
            // There may be more threads than cores.
            std::thread::yield_now();
        }
    }

    /// The loop of one thread.
    fn work(self: &Arc<Self>) {
        let row = record::here();
        let mut ended: Vec<Ended> = Vec::new();
        let mut started: VecDeque<Started> = VecDeque::new();
        let mut garbage = Vec::new();
        let mut batch = 1;
        let mut interpreting = false;
        let mut looked = false;
        let run = {
            let mut guard = self.lock();
            let Some(run) = guard.run.clone() else { return };
            guard.inside += 1;
            run
        };
        loop {
            let mut guard = self.lock();
            let inner = &mut *guard;
            for task in ended.drain(..) {
                inner.table.end(task, &run, &mut garbage);
            }
            inner.table.give_back(started.drain(..));
            if std::mem::take(&mut interpreting) {
                inner.interpreting = false;
            }
            let share = if inner.interpretable() > 0 {
                let share = inner.table.startable(Place::Interpreter);
                interpreting = take_interpreted(inner, &run, batch, &mut started);
                share
            } else {
                let share = inner.table.startable(Place::Thread) / (2 * self.threads);
                take(inner, &run, batch.min(share.max(1)), &mut started);
                share
            };
            if let Some((id, value)) =
                started.is_empty().then(|| inner.table.next_spill()).flatten()
            {
                self.wake(guard);
                let result = run.spill(&value);
                drop(value);
                let in_memory = self.lock().table.put_on_disk(id, result, &run);
                drop(in_memory);
                self.lock().table.state.spilled(id);
                continue;
            }
            if started.is_empty() && garbage.is_empty() {
                let is_over = inner.table.state.is_over();
                // If all is done, whoever looks out for more need not.
                self.is_startable.store(is_over, Ordering::Relaxed);
                if !is_over && !std::mem::replace(&mut looked, true) {
                    drop(guard);
                    self.look_out();
                    continue;
                }
                self.active.fetch_sub(1, Ordering::Relaxed);
                drop(run);
                inner.inside -= 1;
                if inner.is_over() {
                    self.end_if_over(guard).into_iter().for_each(Finished::call);
                } else {
                    // What is left is for others: for worker processes.
                    self.wake(guard);
                }
                return;
            }
            self.wake(guard);
            looked = false;
            garbage.clear();
            // One task is no batch: not worth a look at the clock.
            let first = started.front().map(|task| task.id);
            let begin = (share > 1).then(Instant::now);
            let elapsed = || begin.map(|begin| begin.elapsed());
            let mut execute = || {
                while let Some(task) = started.pop_front() {
                    ended.push(run.execute(task, row, None));
                    if !started.is_empty()
                        && self.active.load(Ordering::Relaxed) < self.threads
                        && elapsed() > Some(LONG_BATCH)
                    {
                        break;
                    }
                }
            };
            if interpreting {
                run.together(first, &mut execute);
            } else {
                execute();
            }
            match elapsed() {
                Some(elapsed) if elapsed < SHORT_BATCH => batch = (batch * 2).min(LARGEST_BATCH),
                Some(elapsed) if elapsed > LONG_BATCH => batch = (ended.len() / 2).max(1),
                _ => (),
            }
        }
    }
}

/// Starts tasks that any thread can run: at most `most`, and one at least if one may start.
fn take(inner: &mut Inner, run: &Run, most: usize, started: &mut VecDeque<Started>) {
    let table = &mut inner.table;
    let held = table.state.memory();
    while started.len() < most {
        let Some(task) = table.start(run, Place::Thread) else { break };
        let small =
            table.state.is_foreseen(task.id) && table.state.memory() - held < LARGEST_BATCH_BYTES;
        started.push_back(task);
        if !small {
            break;
        }
    }
}

/// Starts tasks of the interpreter; says whether they are short ones, which no other thread may run
/// meanwhile.
fn take_interpreted(
    inner: &mut Inner,
    run: &Run,
    most: usize,
    started: &mut VecDeque<Started>,
) -> bool {
    let is_long = inner.table.next(Place::Interpreter).is_none_or(|next| next.is_long());
    let most = if is_long { 1 } else { most };
    while started.len() < most {
        let Some(task) = inner.table.start(run, Place::Interpreter) else { break };
        started.push_back(task);
    }
    let is_exclusive = !is_long && !started.is_empty();
    inner.interpreting |= is_exclusive;
    is_exclusive
}
