//! The results are those of the graph, evaluated task by task.

use crate::suite::{add, add_layer, alone, engine, lanes, mix, number, numbers, op, sum, threads};
use engine::Options;
use graph::{Context, Control, Graph, Plan, TaskId, Value, value};
use proptest::prelude::*;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// The reference: every task in the order of its id, no engine.
fn evaluate(plan: &Plan) -> Vec<u64> {
    let control = Control::default();
    let mut results: Vec<Value> = Vec::new();
    for id in plan.graph.ids() {
        let task = plan.graph.task(id);
        let inputs = task.inputs.iter().map(|i| Arc::clone(&results[i.index()])).collect();
        let context = Context { partition: task.partition, control: &control, ask: None };
        results.push(task.op.run(inputs, &context).expect("mix never fails"));
    }
    plan.outputs.iter().map(|id| number(&results[id.index()])).collect()
}

/// Runs what `plan` builds on every lane, as built and optimised.
fn check(plan: impl Fn() -> Plan) {
    let expected = evaluate(&plan());
    for options in lanes() {
        for optimised in [false, true] {
            let plan = if optimised { plan().optimize() } else { plan() };
            let results = engine(&options).run(plan).expect("mix never fails");
            assert_eq!(numbers(&results), expected, "{options:?}, optimised: {optimised}");
        }
    }
}

fn graph_of(shape: &[Vec<u32>]) -> Graph {
    let mix = mix();
    let mut graph = Graph::new();
    for (index, inputs) in shape.iter().enumerate() {
        let index = index as u32;
        let inputs = inputs.iter().filter(|_| index > 0);
        let inputs: Vec<_> = inputs.map(|input| TaskId(input % index)).collect();
        add(&mut graph, &mix, index, &inputs);
    }
    graph
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn every_lane_returns_the_reference_results_for_any_graph(
        shape in prop::collection::vec(prop::collection::vec(0u32..1000, 0..4), 1..80),
        wanted in prop::collection::vec(0u32..1000, 0..5),
        memory in prop::option::of(1u64..200),
    ) {
        let _alone = alone();
        let outputs: Vec<_> = wanted.iter().map(|w| TaskId(w % shape.len() as u32)).collect();
        let plan = || Plan::new(graph_of(&shape), outputs.clone());
        let expected = evaluate(&plan());
        for options in lanes() {
            let engine = engine(&Options { memory, ..options.clone() });
            for plan in [plan(), plan().optimize()] {
                let tasks = plan.graph.len();
                let results = engine.run(plan).expect("mix never fails");
                prop_assert_eq!(numbers(&results), &*expected, "{:?}, {} tasks", options, tasks);
            }
        }
    }
}

#[test]
fn a_diamond_joins_what_it_split() {
    let _alone = alone();
    check(|| Plan::new(graph_of(&[vec![], vec![0], vec![0], vec![1, 2]]), vec![TaskId(3)]));
}

#[test]
fn a_thousand_results_meet_in_one_task_in_the_order_of_its_inputs() {
    let _alone = alone();
    check(|| {
        let mix = mix();
        let mut graph = Graph::new();
        let layer = add_layer(&mut graph, &mix, 1000);
        let all = add(&mut graph, &mix, 0, &layer);
        Plan::new(graph, vec![all])
    });
}

#[test]
fn a_chain_of_ten_thousand_keeps_its_order() {
    let _alone = alone();
    check(|| {
        let mix = mix();
        let mut graph = Graph::new();
        let mut last = add(&mut graph, &mix, 0, &[]);
        for partition in 1..10_000 {
            last = add(&mut graph, &mix, partition, &[last]);
        }
        Plan::new(graph, vec![last])
    });
}

#[test]
fn a_plan_without_tasks_returns_nothing() {
    let _alone = alone();
    check(|| Plan::new(Graph::new(), vec![]));
}

#[test]
fn a_plan_that_is_not_culled_runs_what_nobody_asked_for() {
    let _alone = alone();
    for options in lanes() {
        let runs = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&runs);
        let count = op("count", move |_, _| Ok(value(count.fetch_add(1, Ordering::Relaxed))));
        let mut graph = Graph::new();
        add_layer(&mut graph, &count, 3000);
        let results = engine(&options).run(Plan::new(graph, vec![])).expect("counting works");
        assert!(results.is_empty());
        assert_eq!(runs.load(Ordering::Relaxed), 3000, "{options:?}");
    }
}

#[test]
fn an_output_asked_for_twice_is_returned_twice() {
    let _alone = alone();
    check(|| {
        let outputs = vec![TaskId(1), TaskId(0), TaskId(1)];
        Plan::new(graph_of(&[vec![], vec![0]]), outputs)
    });
}

#[test]
fn a_task_may_read_one_value_twice() {
    let _alone = alone();
    check(|| Plan::new(graph_of(&[vec![], vec![0, 0], vec![0, 1, 1, 0]]), vec![TaskId(2)]));
}

#[test]
fn the_last_reader_owns_its_input_and_may_change_it_in_place() {
    let _alone = alone();
    let fill = op("fill", |_, _| Ok(value(vec![1_u8, 2, 3])));
    let owned = op("owned", |mut inputs, _| Ok(value(Arc::get_mut(&mut inputs[0]).is_some())));
    for options in lanes() {
        let mut graph = Graph::new();
        let filled = add(&mut graph, &fill, 0, &[]);
        let first = add(&mut graph, &owned, 0, &[filled]);
        let kept = add(&mut graph, &fill, 0, &[]);
        let second = add(&mut graph, &owned, 0, &[kept]);
        let plan = Plan::new(graph, vec![first, second, kept]);
        let mut results = engine(&options).run(plan).expect("asking works");
        let owned = |result: &Value| *graph::downcast::<bool>(result).expect("a bool");
        assert!(owned(&results[0]), "{options:?}: nobody else reads it");
        assert!(!owned(&results[1]), "{options:?}: the caller asked for it");
        assert!(Arc::get_mut(&mut results[2]).is_some(), "{options:?}: it is the caller's alone");
    }
}

#[test]
fn an_engine_runs_plans_from_several_threads_at_one_time() {
    let _alone = alone();
    let engine = engine(&threads(2));
    std::thread::scope(|scope| {
        for base in 0..4 {
            let engine = &engine;
            scope.spawn(move || {
                let (partition, sum) =
                    (op("n", |_, context| Ok(value(u64::from(context.partition)))), sum());
                for _ in 0..20 {
                    let mut graph = Graph::new();
                    let layer = add_layer(&mut graph, &partition, 100 + base);
                    let all = add(&mut graph, &sum, 0, &layer);
                    let results = engine.run(Plan::new(graph, vec![all])).expect("a sum works");
                    let count = u64::from(100 + base);
                    assert_eq!(numbers(&results), [count * (count - 1) / 2]);
                }
            });
        }
    });
}
