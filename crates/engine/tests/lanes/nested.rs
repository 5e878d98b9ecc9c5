//! A task may run a graph of its own, and needs no second worker for it.

use crate::suite::{
    PATIENCE, add, add_layer, alone, engine, failure, lanes, number, numbers, op, sum,
};
use engine::{Options, Watch};
use graph::{Control, Graph, Plan, Value, value};
use std::sync::Arc;
use std::time::Instant;

/// Ends a run that stands still, so that a deadlock is a failure and not a hang.
struct Deadline(Instant);

impl Watch for Deadline {
    fn go_on(&mut self, _: &Control) -> bool {
        self.0.elapsed() < PATIENCE
    }
}

fn run(options: &Options, plan: Plan) -> Vec<Value> {
    let mut deadline = Deadline(Instant::now());
    let outcome = engine(options).run_watched(plan, &Arc::default(), &mut deadline);
    outcome.unwrap_or_else(|error| panic!("{options:?}: {error}"))
}

/// Adds up 0..8 with `depth` runs inside each other, each with eight tasks.
fn plan(options: &Options, depth: u32) -> Plan {
    let inner = options.clone();
    let nested = op("nested", move |_, context| {
        if depth == 0 {
            return Ok(value(u64::from(context.partition)));
        }
        let results = engine(&inner).run(plan(&inner, depth - 1))?;
        Ok(value(number(&results[0])))
    });
    let mut graph = Graph::new();
    let layer = add_layer(&mut graph, &nested, 8);
    let all = add(&mut graph, &sum(), 0, &layer);
    Plan::new(graph, vec![all])
}

#[test]
fn a_run_inside_a_task_ends() {
    let _alone = alone();
    for outer in lanes() {
        for inner in lanes() {
            let sum_of_eight = 28;
            let inner_plan = inner.clone();
            let nested = op("nested", move |_, _| {
                let results = engine(&inner_plan).run(plan(&inner_plan, 1))?;
                Ok(value(number(&results[0])))
            });
            let mut graph = Graph::new();
            let layer = add_layer(&mut graph, &nested, 8);
            let all = add(&mut graph, &sum(), 0, &layer);
            let results = run(&outer, Plan::new(graph, vec![all]));
            assert_eq!(numbers(&results), [8 * 8 * sum_of_eight], "{outer:?} around {inner:?}");
        }
    }
}

#[test]
fn runs_may_stand_inside_each_other_on_one_worker() {
    let _alone = alone();
    for options in lanes() {
        assert_eq!(numbers(&run(&options, plan(&options, 2))), [8 * 8 * 28], "{options:?}");
    }
}

#[test]
fn an_error_inside_a_nested_run_comes_out_with_both_names() {
    let _alone = alone();
    for options in lanes() {
        let inner_options = options.clone();
        let outer = op("outer", move |_, _| {
            let inner = op("inner", |_, _| Err("no".into()));
            let mut graph = Graph::new();
            let bad = add(&mut graph, &inner, 3, &[]);
            let results = engine(&inner_options).run(Plan::new(graph, vec![bad]))?;
            Ok(value(number(&results[0])))
        });
        let mut graph = Graph::new();
        let bad = add(&mut graph, &outer, 1, &[]);
        let error = failure(&options, Plan::new(graph, vec![bad]));
        let expected = "outer failed on partition 1: inner failed on partition 3: no";
        assert_eq!(error.to_string(), expected, "{options:?}");
    }
}
