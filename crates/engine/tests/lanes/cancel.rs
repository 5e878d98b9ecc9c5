//! Whoever watches a run sees how far it is, and can end it within a fifth of a second.

use crate::suite::{
    PATIENCE, add, add_layer, alone, breathe, engine, lanes, numbers, op, sum, threads,
};
use engine::{EngineError, Options, Watch};
use graph::{Control, Graph, Op, Plan, value};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// Cancels as soon as a task says that it runs.
struct CancelWhenRunning {
    running: Receiver<()>,
    cancelled: Option<Instant>,
    interrupts: usize,
}

impl CancelWhenRunning {
    fn new() -> (Sender<()>, Self) {
        let (sender, running) = mpsc::channel();
        (sender, Self { running, cancelled: None, interrupts: 0 })
    }

    /// Runs `plan` until it is cancelled, and returns how long the engine took to come back.
    fn cancel(&mut self, options: &Options, plan: Plan) -> Duration {
        let error = match engine(options).run_watched(plan, &Arc::default(), self) {
            Ok(_) => panic!("{options:?}: the run was not cancelled"),
            Err(error) => error,
        };
        let elapsed = self.cancelled.expect("the watcher has cancelled").elapsed();
        assert!(matches!(error, EngineError::Cancelled), "{options:?}: {error}");
        assert_eq!(error.to_string(), "the run was cancelled");
        elapsed
    }
}

impl Watch for CancelWhenRunning {
    fn go_on(&mut self, _: &Control) -> bool {
        assert_eq!(self.cancelled, None, "nobody asks after a cancellation");
        let go_on = self.running.try_recv().is_err();
        if !go_on {
            self.cancelled = Some(Instant::now());
        }
        go_on
    }

    fn interrupt(&mut self) {
        self.interrupts += 1;
    }
}

fn works(options: &Options) {
    let one = op("one", |_, _| Ok(value(1_u64)));
    let mut graph = Graph::new();
    let layer = add_layer(&mut graph, &one, 10);
    let all = add(&mut graph, &sum(), 0, &layer);
    let results = engine(options).run(Plan::new(graph, vec![all])).expect("a sum works");
    assert_eq!(numbers(&results), [10], "{options:?} works after a cancellation");
}

#[test]
fn tasks_that_ask_whether_to_stop_end_within_a_fifth_of_a_second() {
    let _alone = alone();
    for options in [1, 2, 4].map(threads) {
        let (running, mut watch) = CancelWhenRunning::new();
        let begun = Arc::new(AtomicUsize::new(0));
        let counter = Arc::clone(&begun);
        let work = op("work", move |_, context| {
            counter.fetch_add(1, Ordering::Relaxed);
            running.send(())?;
            loop {
                context.check()?;
                breathe();
            }
        });
        let mut graph = Graph::new();
        add_layer(&mut graph, &work, 100);
        let elapsed = watch.cancel(&options, Plan::new(graph, vec![]));
        assert!(elapsed < Duration::from_millis(200), "{options:?}: {elapsed:?}");
        assert_eq!(watch.interrupts, 1, "{options:?}");
        let workers = options.workers.expect("the number is given");
        assert!(begun.load(Ordering::Relaxed) <= workers, "{options:?}: nothing more starts");
        works(&options);
    }
}

#[test]
fn a_task_that_does_not_ask_whether_to_stop_keeps_its_thread_but_not_the_caller() {
    let _alone = alone();
    for options in [1, 2, 4].map(threads) {
        let (running, mut watch) = CancelWhenRunning::new();
        let (release, released) = mpsc::channel::<()>();
        let (left, gone) = mpsc::channel();
        let released = Mutex::new(released);
        let block = op("block", move |_, _| {
            running.send(())?;
            // Ends when the test drops its side.
            let _ = released.lock().map(|released| released.recv_timeout(PATIENCE));
            left.send(())?;
            Ok(value(1_u64))
        });
        let mut graph = Graph::new();
        let blocked = add(&mut graph, &block, 0, &[]);
        let all = add(&mut graph, &sum(), 0, &[blocked]);
        let elapsed = watch.cancel(&options, Plan::new(graph, vec![all]));
        assert!(gone.try_recv().is_err(), "{options:?}: the task is still there");
        assert!(elapsed < Duration::from_millis(300), "{options:?}: {elapsed:?}");
        assert_eq!(watch.interrupts, 1, "{options:?}");
        drop(release);
        gone.recv_timeout(PATIENCE).expect("the task ends by itself");
        works(&options);
    }
}

/// Cancels the first time it is asked.
struct CancelAtOnce;

impl Watch for CancelAtOnce {
    fn interval(&self) -> Duration {
        Duration::ZERO
    }

    fn go_on(&mut self, _: &Control) -> bool {
        false
    }
}

fn counting() -> (Arc<AtomicUsize>, Arc<dyn Op>) {
    let runs = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&runs);
    (runs, op("count", move |_, _| Ok(value(counter.fetch_add(1, Ordering::Relaxed)))))
}

#[test]
fn the_inline_lane_asks_between_two_tasks() {
    let _alone = alone();
    let (runs, count) = counting();
    let mut graph = Graph::new();
    add_layer(&mut graph, &count, 100);
    let inline = engine(&lanes()[0]);
    let outcome = inline.run_watched(Plan::new(graph, vec![]), &Arc::default(), &mut CancelAtOnce);
    assert!(matches!(outcome, Err(EngineError::Cancelled)));
    assert_eq!(runs.load(Ordering::Relaxed), 1);
}

#[test]
fn a_run_that_was_stopped_before_it_began_runs_nothing() {
    let _alone = alone();
    for options in lanes() {
        let (runs, count) = counting();
        let mut graph = Graph::new();
        add_layer(&mut graph, &count, 100);
        let control = Arc::new(Control::default());
        control.stop();
        let outcome = engine(&options).run_watched(Plan::new(graph, vec![]), &control, &mut ());
        assert!(matches!(outcome, Err(EngineError::Cancelled)), "{options:?}");
        assert_eq!(runs.load(Ordering::Relaxed), 0, "{options:?}");
    }
}

#[test]
fn a_task_may_stop_the_run_itself() {
    let _alone = alone();
    for options in lanes() {
        let (runs, count) = counting();
        let stop = op("stop", |_, context| {
            context.control.stop();
            Ok(value(()))
        });
        let mut graph = Graph::new();
        let stopped = add(&mut graph, &stop, 0, &[]);
        let counted = add(&mut graph, &count, 0, &[stopped]);
        let outcome = engine(&options).run(Plan::new(graph, vec![counted]));
        assert!(matches!(outcome, Err(EngineError::Cancelled)), "{options:?}");
        assert_eq!(runs.load(Ordering::Relaxed), 0, "{options:?}");
    }
}

/// Tells the tasks when it has seen what the first of them has counted.
struct Observe {
    seen: Arc<AtomicBool>,
}

impl Watch for Observe {
    fn interval(&self) -> Duration {
        Duration::ZERO
    }

    fn go_on(&mut self, control: &Control) -> bool {
        if (control.bytes(), control.items(), control.files()) == (150, 5, 1) {
            self.seen.store(true, Ordering::Release);
        }
        true
    }
}

#[test]
fn the_watcher_sees_bytes_items_and_files_while_the_run_goes_on() {
    let _alone = alone();
    for options in lanes() {
        let seen = Arc::new(AtomicBool::new(false));
        let read = op("read", |_, context| {
            context.control.advance(100, 3);
            context.control.advance(50, 2);
            context.control.finish_file();
            Ok(value(()))
        });
        let watched = Arc::clone(&seen);
        let wait = op("wait", move |_, _| {
            let begin = Instant::now();
            while !watched.load(Ordering::Acquire) && begin.elapsed() < PATIENCE {
                breathe();
            }
            Ok(value(watched.load(Ordering::Acquire)))
        });
        let mut graph = Graph::new();
        let first = add(&mut graph, &read, 0, &[]);
        let second = add(&mut graph, &wait, 0, &[first]);
        let plan = Plan::new(graph, vec![second]);
        let results = engine(&options)
            .run_watched(plan, &Arc::default(), &mut Observe { seen })
            .expect("nobody cancels");
        assert_eq!(graph::downcast(&results[0]), Some(&true), "{options:?}");
    }
}
