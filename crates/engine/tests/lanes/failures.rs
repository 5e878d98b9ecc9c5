//! A run that fails says which task failed, on what, and why; and the next run works.

use crate::suite::{
    PATIENCE, add, add_layer, alone, breathe, engine, failure, lanes, number, numbers, op, sum,
};
use engine::{EngineError, Options};
use graph::{Data, Graph, Op, Plan, TaskId, value};
use std::error::Error;
use std::fmt;
use std::panic::resume_unwind;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

#[derive(Debug, PartialEq)]
struct NoSuchDay(u32);

impl fmt::Display for NoSuchDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "no day {}", self.0)
    }
}

impl Error for NoSuchDay {}

/// Ten partitions of `bad` and one task that adds their results.
fn plan_of(bad: &Arc<dyn Op>) -> Plan {
    let mut graph = Graph::new();
    let layer = add_layer(&mut graph, bad, 10);
    let all = add(&mut graph, &sum(), 0, &layer);
    Plan::new(graph, vec![all])
}

fn fail(options: &Options, bad: &Arc<dyn Op>) -> EngineError {
    failure(options, plan_of(bad))
}

fn works(options: &Options) {
    let one = op("one", |_, _| Ok(value(1_u64)));
    let results = engine(options).run(plan_of(&one)).expect("a sum works");
    assert_eq!(numbers(&results), [10], "{options:?} works after a failure");
}

#[test]
fn an_error_ends_the_run_with_the_tasks_name_partition_origin_and_its_own_error() {
    let _alone = alone();
    let read = op("read", |_, context| match context.partition {
        7 => Err(NoSuchDay(7).into()),
        day => Ok(value(u64::from(day))),
    });
    for options in lanes() {
        let error = fail(&options, &read);
        assert_eq!(error.to_string(), "read failed on partition 7 (day-7.txt): no day 7");
        let EngineError::Task { name, partition, origin, source } = error else {
            panic!("{options:?}: {error:?}");
        };
        assert_eq!((&*name, partition, origin.as_deref()), ("read", 7, Some("day-7.txt")));
        assert_eq!(source.downcast_ref(), Some(&NoSuchDay(7)), "{options:?}");
        works(&options);
    }
}

#[test]
fn a_task_that_comes_from_nowhere_fails_without_an_origin() {
    let _alone = alone();
    let divide = op("divide", |_, _| Err("division by zero".into()));
    for options in lanes() {
        let EngineError::Task { partition, origin, source, .. } = fail(&options, &divide) else {
            panic!("{options:?} reports the task");
        };
        assert!(partition < 10);
        assert_eq!(origin, None);
        assert_eq!(source.to_string(), "division by zero");
    }
    let first = fail(&lanes()[0], &divide);
    assert_eq!(first.to_string(), "divide failed on partition 0: division by zero");
}

#[test]
fn a_panic_ends_the_run_with_its_message_and_the_pool_works_afterwards() {
    let _alone = alone();
    let read = op("read", |_, context| match context.partition {
        4 => panic!("index {} is out of range", 12),
        day => Ok(value(u64::from(day))),
    });
    for options in lanes() {
        let error = fail(&options, &read);
        assert_eq!(
            error.to_string(),
            "read panicked on partition 4 (day-4.txt): index 12 is out of range; \
             this is a bug in manycore"
        );
        let EngineError::Panic { name, partition, origin, message } = error else {
            panic!("{options:?}: {error:?}");
        };
        assert_eq!((&*name, partition, origin.as_deref()), ("read", 4, Some("day-4.txt")));
        assert_eq!(message, "index 12 is out of range");
        works(&options);
    }
}

#[test]
fn a_panic_says_what_it_can() {
    let _alone = alone();
    // These skip the panic hook, which would print them.
    let text = op("text", |_, _| resume_unwind(Box::new("no luck")));
    let thing = op("thing", |_, _| resume_unwind(Box::new(12)));
    for options in lanes() {
        for (bad, expected) in [(&text, "no luck"), (&thing, "no message")] {
            let EngineError::Panic { message, .. } = fail(&options, bad) else {
                panic!("{options:?} reports the panic");
            };
            assert_eq!(message, expected);
        }
    }
}

#[test]
fn a_result_that_panics_when_asked_for_its_size_is_a_panic_of_its_task() {
    let _alone = alone();
    struct Sizeless;
    impl Data for Sizeless {
        fn bytes(&self) -> usize {
            resume_unwind(Box::new("no size"))
        }
    }
    let sizeless = op("sizeless", |_, _| Ok(value(Sizeless)));
    for options in lanes() {
        for options in [options.clone(), Options { trace: Some(Arc::default()), ..options }] {
            let EngineError::Panic { name, message, .. } = fail(&options, &sizeless) else {
                panic!("{options:?} reports the panic");
            };
            assert_eq!((&*name, &*message), ("sizeless", "no size"));
            works(&options);
        }
    }
}

#[test]
fn the_first_failure_wins_and_later_tasks_do_not_start() {
    let _alone = alone();
    for options in lanes() {
        let workers = engine(&options).workers();
        let begun = Arc::new(AtomicUsize::new(0));
        let counter = Arc::clone(&begun);
        // Partition 0 fails when every worker has a task. The others fail when they are told to stop.
        let fail_in_turn = op("fail", move |_, context| {
            counter.fetch_add(1, Ordering::SeqCst);
            let begin = Instant::now();
            let waits = || match context.partition {
                0 => counter.load(Ordering::SeqCst) < workers,
                _ => context.check().is_ok(),
            };
            while waits() && begin.elapsed() < PATIENCE {
                breathe();
            }
            Err(NoSuchDay(context.partition).into())
        });
        let read = Arc::new(AtomicUsize::new(0));
        let counter = Arc::clone(&read);
        let reader = op("reader", move |inputs, _| {
            counter.fetch_add(1, Ordering::Relaxed);
            Ok(value(number(&inputs[0])))
        });
        let mut graph = Graph::new();
        let failing = add_layer(&mut graph, &fail_in_turn, 1000);
        for id in failing {
            add(&mut graph, &reader, 0, &[id]);
        }
        let begin = Instant::now();
        let error = failure(&options, Plan::new(graph, vec![]));
        assert!(begin.elapsed() < PATIENCE, "{options:?}: the others are told to stop");
        let EngineError::Task { partition, source, .. } = error else {
            panic!("{options:?}: {error:?}");
        };
        assert_eq!(partition, 0, "{options:?}");
        assert_eq!(source.downcast_ref(), Some(&NoSuchDay(0)));
        assert_eq!(begun.load(Ordering::SeqCst), workers, "{options:?}: no other task begins");
        assert_eq!(read.load(Ordering::Relaxed), 0, "{options:?}: nothing to read");
    }
}

#[test]
fn a_failure_in_the_middle_of_a_graph_runs_nothing_behind_it() {
    let _alone = alone();
    for options in lanes() {
        let behind = Arc::new(AtomicUsize::new(0));
        let counter = Arc::clone(&behind);
        let mut graph = Graph::new();
        let one = add(&mut graph, &op("one", |_, _| Ok(value(1_u64))), 0, &[]);
        let bad = add(&mut graph, &op("bad", |_, _| Err("no".into())), 0, &[one]);
        let count = op("count", move |_, _| Ok(value(counter.fetch_add(1, Ordering::Relaxed))));
        let mut last: TaskId = bad;
        for partition in 0..50 {
            last = add(&mut graph, &count, partition, &[last]);
        }
        let error = failure(&options, Plan::new(graph, vec![last]));
        assert_eq!(error.to_string(), "bad failed on partition 0: no");
        assert_eq!(behind.load(Ordering::Relaxed), 0, "{options:?}");
    }
}
