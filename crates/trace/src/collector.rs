//! Records events while runs go on, from any number of runs and threads at one time.
//!
//! A run says at its start what its tasks are ([`Outline`]); an event then is numbers only. So a task
//! of a run that fails, or goes on when the trace ends, is as well known as any other.

use crate::{Crew, Event, Note, NoteKind, Outline, Row, Trace, thread_number};
use std::cell::Cell;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

/// Lists of events; a thread appends to one of them, which hardly ever is another's too.
const LISTS: usize = 64;

/// What the runs of a process have done since it was made.
#[derive(Debug)]
pub struct Collector {
    start: Instant,
    lists: Vec<List>,
    runs: Mutex<Vec<Run>>,
    notes: Mutex<Vec<Note>>,
}

/// Alone on its cache lines, as another thread appends to the next one.
#[derive(Debug, Default)]
#[repr(align(128))]
struct List(Mutex<Vec<Event>>);

/// One run. Times are nanoseconds since the collector's start.
#[derive(Clone, Debug)]
pub(crate) struct Run {
    pub outline: Arc<Outline>,
    pub crews: Vec<Crew>,
    /// The thread that asked for it.
    pub caller: u32,
    /// The run and the task within which it was asked for.
    pub within: Option<(u32, u32)>,
    pub start: u64,
    /// Nothing while it goes on.
    pub end: Option<u64>,
}

impl Default for Collector {
    fn default() -> Self {
        let lists = (0..LISTS).map(|_| List::default()).collect();
        Self { start: Instant::now(), lists, runs: Mutex::default(), notes: Mutex::default() }
    }
}

impl Collector {
    /// Nanoseconds since the collector's start.
    pub fn now(&self) -> u64 {
        self.time(Instant::now())
    }

    /// Notes something that has taken since `start`, or that takes no time.
    pub fn note(
        &self,
        kind: NoteKind,
        row: Option<Row>,
        start: Option<Instant>,
        bytes: u64,
        text: impl Into<String>,
    ) {
        let end = self.now();
        let start = start.map_or(end, |start| self.time(start));
        lock(&self.notes).push(Note { kind, row, start, end, bytes, text: text.into() });
    }

    /// The runs that have started since `from`, and what has happened in them.
    pub fn trace(&self, from: u64) -> Trace {
        let to = self.now();
        let mut events = Vec::new();
        for list in &self.lists {
            let list = lock(&list.0);
            events.extend(list.iter().filter(|event| event.start >= from && event.end <= to));
        }
        // Behind the events, so that each one's run is there.
        let runs = lock(&self.runs).clone();
        let notes = lock(&self.notes).clone();
        Trace::new(from..to, runs, events, notes)
    }

    fn push(&self, event: Event) {
        let list = &self.lists[thread_number() as usize % LISTS];
        lock(&list.0).push(event);
    }

    fn time(&self, instant: Instant) -> u64 {
        let since = instant.saturating_duration_since(self.start);
        u64::try_from(since.as_nanos()).unwrap_or(u64::MAX)
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Writes down what one run does.
#[derive(Clone, Debug)]
pub struct Recorder {
    collector: Arc<Collector>,
    run: u32,
}

/// A task that a recorder has seen start.
#[derive(Debug)]
pub struct Begun {
    task: u32,
    start: u64,
    outer: Option<Within>,
}

/// A task of a collector's, which is told from others by its address.
#[derive(Clone, Copy, Debug)]
struct Within {
    collector: usize,
    run: u32,
    task: u32,
}

thread_local! {
    /// What this thread is doing: a run that it asks for now is part of it.
    static WITHIN: Cell<Option<Within>> = const { Cell::new(None) };
}

impl Recorder {
    /// A run of these tasks by these workers starts now, in the calling thread.
    pub fn new(collector: &Arc<Collector>, outline: Outline, crews: Vec<Crew>) -> Self {
        let within = WITHIN.get().filter(|within| within.collector == address(collector));
        let run = Run {
            outline: Arc::new(outline),
            crews,
            caller: thread_number(),
            within: within.map(|within| (within.run, within.task)),
            start: collector.now(),
            end: None,
        };
        let mut runs = lock(&collector.runs);
        runs.push(run);
        Self { collector: Arc::clone(collector), run: runs.len() as u32 - 1 }
    }

    /// What the run is recorded by.
    pub fn collector(&self) -> &Arc<Collector> {
        &self.collector
    }

    /// The calling thread starts a task.
    pub fn begin(&self, task: u32) -> Begun {
        let within = Within { collector: address(&self.collector), run: self.run, task };
        let outer = WITHIN.replace(Some(within));
        Begun { task, start: self.collector.now(), outer }
    }

    /// It has ended the task, with a result of `bytes`.
    pub fn end(&self, begun: Begun, row: Row, bytes: u64) {
        let Begun { task, start, outer } = begun;
        WITHIN.set(outer);
        let end = self.collector.now();
        self.collector.push(Event { run: self.run, task, row, start, end, bytes });
    }

    /// A task ran elsewhere, from `start` to `end`, with a result of `bytes`.
    pub fn record(&self, task: u32, row: Row, start: Instant, end: Instant, bytes: u64) {
        let [start, end] = [start, end].map(|time| self.collector.time(time));
        self.collector.push(Event { run: self.run, task, row, start, end, bytes });
    }

    /// The run is over.
    pub fn finish(&self) {
        let end = self.collector.now();
        lock(&self.collector.runs)[self.run as usize].end.get_or_insert(end);
    }
}

fn address(collector: &Arc<Collector>) -> usize {
    Arc::as_ptr(collector).addr()
}

#[cfg(test)]
mod tests {
    use super::{Collector, Recorder};
    use crate::{Crew, Lane, NoteKind, Outline, Row};
    use std::sync::Arc;
    use std::time::{Duration, Instant};

    fn recorder(collector: &Arc<Collector>, name: &str) -> Recorder {
        let mut outline = Outline::default();
        let op = outline.op(name.into());
        (0..4).for_each(|partition| outline.task(op, partition, []));
        let crew = Crew { lane: Lane::Threads, number: 0, workers: 1 };
        Recorder::new(collector, outline, vec![crew])
    }

    fn run(recorder: &Recorder, task: u32) {
        recorder.end(recorder.begin(task), Row::Thread(0), 0);
    }

    #[test]
    fn a_trace_holds_the_runs_that_start_in_it_and_what_they_have_done_so_far() {
        let collector = Arc::new(Collector::default());
        let early = recorder(&collector, "early");
        let from = collector.now();
        let late = recorder(&collector, "late");
        for task in 0..3 {
            run(&early, task);
            run(&late, task);
        }
        early.finish();
        let _unfinished = late.begin(3);
        let trace = collector.trace(from);
        let names: Vec<_> = trace.events().iter().map(|event| trace.name(event)).collect();
        assert_eq!(names, ["late"; 3]);
        assert_eq!(trace.runs(), 1);
        assert!(trace.events().is_sorted_by_key(|event| event.start));
        assert!(trace.events().iter().all(|event| event.end <= trace.length()));
        assert_eq!(collector.trace(0).events().len(), 6);
    }

    #[test]
    fn threads_record_at_one_time_and_nothing_is_lost() {
        const TASKS: u32 = 1000;
        let collector = Arc::new(Collector::default());
        let recorder = recorder(&collector, "op");
        std::thread::scope(|scope| {
            for thread in 0..8 {
                let recorder = &recorder;
                scope.spawn(move || {
                    for _ in 0..TASKS {
                        recorder.end(recorder.begin(thread % 4), Row::Thread(thread), 0);
                    }
                });
            }
        });
        recorder.finish();
        let events = collector.trace(0).events().to_vec();
        for thread in 0..8 {
            let own = events.iter().filter(|event| event.row == Row::Thread(thread));
            let own: Vec<_> = own.collect();
            assert_eq!(own.len(), TASKS as usize);
            assert!(own.is_sorted_by_key(|event| event.end));
        }
    }

    #[test]
    fn a_run_knows_the_task_that_asked_for_it() {
        let collector = Arc::new(Collector::default());
        let outer = recorder(&collector, "outer");
        let begun = outer.begin(2);
        let inner = recorder(&collector, "inner");
        run(&inner, 0);
        let second = recorder(&collector, "second");
        outer.end(begun, Row::Thread(0), 0);
        let after = recorder(&collector, "after");
        [&inner, &second, &after].into_iter().for_each(Recorder::finish);
        let within: Vec<_> = collector.trace(0).runs.iter().map(|run| run.within).collect();
        assert_eq!(within, [None, Some((0, 2)), Some((0, 2)), None]);
    }

    #[test]
    fn what_ran_elsewhere_is_recorded_by_the_clock_of_whoever_saw_it() {
        let collector = Arc::new(Collector::default());
        let recorder = recorder(&collector, "op");
        let start = Instant::now();
        let end = start + Duration::from_nanos(500);
        let row = Row::Process { pool: 0, index: 1, pid: 42 };
        recorder.record(3, row, start, end, 7);
        collector.note(NoteKind::Death, Some(row), None, 0, "killed");
        collector.note(NoteKind::Copy, Some(row), Some(start), 9, "to it");
        while collector.now() < 1000 {}
        let trace = collector.trace(0);
        let event = trace.events()[0];
        assert_eq!((event.task, event.row, event.length(), event.bytes), (3, row, 500, 7));
        let [first, second] = trace.notes() else { panic!("{:?}", trace.notes()) };
        assert_eq!((&*first.text, first.bytes, first.start), ("to it", 9, event.start));
        assert_eq!((&*second.text, second.start), ("killed", second.end));
    }
}
