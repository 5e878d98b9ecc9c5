//! Values are gone as soon as nobody needs them.

use crate::suite::{add, add_layer, alone, engine, lanes, op};
use engine::{EngineError, Options};
use graph::{Data, Graph, Op, Plan, TaskId, Value, value};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

const MEGABYTE: usize = 1_000_000;

/// How many values there are, and were at most.
#[derive(Clone, Default)]
struct Census(Arc<Counts>);

#[derive(Default)]
struct Counts {
    live: AtomicUsize,
    most: AtomicUsize,
}

impl Census {
    /// A value that says it is `bytes` large.
    fn value(&self, bytes: usize) -> Value {
        let live = self.0.live.fetch_add(1, Ordering::SeqCst) + 1;
        self.0.most.fetch_max(live, Ordering::SeqCst);
        value(Counted { bytes, census: self.clone() })
    }

    fn load(&self) -> Arc<dyn Op> {
        let census = self.clone();
        op("load", move |_, _| Ok(census.value(MEGABYTE)))
    }

    fn live(&self) -> usize {
        self.0.live.load(Ordering::SeqCst)
    }

    fn most(&self) -> usize {
        self.0.most.load(Ordering::SeqCst)
    }
}

struct Counted {
    bytes: usize,
    census: Census,
}

impl Data for Counted {
    fn bytes(&self) -> usize {
        self.bytes
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.census.0.live.fetch_sub(1, Ordering::SeqCst);
    }
}

/// A thousand loads, then a thousand readers of one each: breadth first, as nobody should run it.
fn thousand_pairs(census: &Census) -> Plan {
    let length = op("length", |inputs, _| Ok(value(inputs[0].bytes())));
    let total = op("total", |inputs, _| {
        let length = |input| *graph::downcast::<usize>(input).expect("a usize");
        Ok(value(inputs.iter().map(length).sum::<usize>()))
    });
    let mut graph = Graph::new();
    let loads = add_layer(&mut graph, &census.load(), 1000);
    let lengths: Vec<_> = loads.iter().map(|load| add(&mut graph, &length, 0, &[*load])).collect();
    let total = add(&mut graph, &total, 0, &lengths);
    Plan::new(graph, vec![total])
}

#[test]
fn of_a_thousand_loads_only_about_one_for_each_worker_is_alive() {
    let _alone = alone();
    for options in lanes() {
        for optimised in [false, true] {
            let census = Census::default();
            let plan = thousand_pairs(&census);
            let plan = if optimised { plan.optimize() } else { plan };
            let engine = engine(&options);
            let results = engine.run(plan).expect("loading works");
            assert_eq!(graph::downcast(&results[0]), Some(&(1000 * MEGABYTE)));
            let (most, workers) = (census.most(), engine.workers());
            assert!(most <= 4 * workers, "{options:?}: {most} values for {workers} workers");
            assert_eq!(census.live(), 0, "{options:?}: all are gone before the run returns");
        }
    }
}

#[test]
fn an_op_of_unknown_size_is_not_run_many_times_before_its_results_are_read() {
    let _alone = alone();
    for options in lanes() {
        let census = Census::default();
        let small = op("small", |_, _| Ok(value(())));
        let look = op("look", |inputs, _| Ok(value(inputs.len())));
        let mut graph = Graph::new();
        // These teach the workers to take many tasks at a time.
        add_layer(&mut graph, &small, 2000);
        for load in add_layer(&mut graph, &census.load(), 1000) {
            add(&mut graph, &look, 0, &[load]);
        }
        let engine = engine(&options);
        engine.run(Plan::new(graph, vec![])).expect("looking works");
        let (most, workers) = (census.most(), engine.workers());
        assert!(most <= 4 * workers, "{options:?}: {most} values for {workers} workers");
    }
}

#[test]
fn a_chain_holds_two_values_at_most() {
    let _alone = alone();
    for options in lanes() {
        let census = Census::default();
        let maker = census.clone();
        let next = op("next", move |inputs, _| {
            let made = maker.value(MEGABYTE);
            drop(inputs);
            Ok(made)
        });
        let mut graph = Graph::new();
        let mut last = add(&mut graph, &next, 0, &[]);
        for partition in 1..1000 {
            last = add(&mut graph, &next, partition, &[last]);
        }
        let results = engine(&options).run(Plan::new(graph, vec![last])).expect("making works");
        assert_eq!(census.most(), 2, "{options:?}");
        assert_eq!(census.live(), 1, "{options:?}: the output");
        drop(results);
        assert_eq!(census.live(), 0, "{options:?}");
    }
}

#[test]
fn the_budget_bounds_what_waits_for_a_slow_reader() {
    let _alone = alone();
    for options in lanes() {
        let census = Census::default();
        let fold = op("fold", |inputs, _| Ok(value(inputs.len())));
        let mut graph = Graph::new();
        let loads = add_layer(&mut graph, &census.load(), 200);
        // Each reader needs five loads, so that some must wait for the others.
        let folds: Vec<_> = loads.chunks(5).map(|five| add(&mut graph, &fold, 0, five)).collect();
        let options = Options { memory: Some(8 * MEGABYTE as u64), ..options };
        let engine = engine(&options);
        engine.run(Plan::new(graph, folds)).expect("folding works");
        let (most, bound) = (census.most(), 8 + engine.workers());
        assert!(most <= bound, "{options:?}: {most} megabytes");
        assert_eq!(census.live(), 0, "{options:?}");
    }
}

#[test]
fn outputs_alone_stay_however_often_they_are_read() {
    let _alone = alone();
    for options in lanes() {
        let census = Census::default();
        let look = op("look", |inputs, _| Ok(value(inputs.len())));
        let mut graph = Graph::new();
        let loads = add_layer(&mut graph, &census.load(), 100);
        for load in &loads {
            add(&mut graph, &look, 0, &[*load]);
        }
        let wanted: Vec<TaskId> = loads.iter().step_by(10).copied().collect();
        let results = engine(&options).run(Plan::new(graph, wanted)).expect("looking works");
        assert_eq!((results.len(), census.live()), (10, 10), "{options:?}");
        drop(results);
        assert_eq!(census.live(), 0, "{options:?}");
    }
}

#[test]
fn a_run_returns_when_the_last_value_that_nobody_needs_is_gone() {
    let _alone = alone();
    struct Lingering(Arc<AtomicUsize>);
    impl Data for Lingering {
        fn bytes(&self) -> usize {
            0
        }
    }
    impl Drop for Lingering {
        fn drop(&mut self) {
            // Longer than the interval at which the caller looks at the run.
            std::thread::sleep(Duration::from_millis(60));
            self.0.fetch_add(1, Ordering::SeqCst);
        }
    }
    for options in lanes() {
        let gone = Arc::new(AtomicUsize::new(0));
        let counter = Arc::clone(&gone);
        let linger = op("linger", move |_, _| Ok(value(Lingering(Arc::clone(&counter)))));
        let mut graph = Graph::new();
        add_layer(&mut graph, &linger, 3);
        engine(&options).run(Plan::new(graph, vec![])).expect("lingering works");
        assert_eq!(gone.load(Ordering::SeqCst), 3, "{options:?}");
    }
}

#[test]
fn a_failed_run_leaves_nothing_behind() {
    let _alone = alone();
    for options in lanes() {
        let census = Census::default();
        let bad = op("bad", |_, _| Err("no".into()));
        let mut graph = Graph::new();
        let mut inputs = add_layer(&mut graph, &census.load(), 50);
        let wanted = inputs.clone();
        inputs.push(add(&mut graph, &bad, 0, &inputs));
        let outcome = engine(&options).run(Plan::new(graph, wanted));
        assert!(matches!(outcome, Err(EngineError::Task { .. })), "{options:?}");
        assert_eq!(census.most(), 50, "{options:?}");
        assert_eq!(census.live(), 0, "{options:?}");
    }
}
