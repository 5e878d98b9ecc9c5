//! The passes change a graph's shape and never its results.

use graph::{Context, Control, Graph, Op, OpError, Plan, TaskId, Value, downcast, value};
use proptest::prelude::*;
use std::sync::Arc;

/// Mixes its inputs and its partition in an order-dependent way.
struct Mix;

impl Op for Mix {
    fn name(&self) -> String {
        "mix".into()
    }

    fn run(&self, inputs: Vec<Value>, context: &Context<'_>) -> Result<Value, OpError> {
        let start = u64::from(context.partition) + 1;
        Ok(value(inputs.iter().fold(start, |mixed, input| {
            mixed.wrapping_mul(31).wrapping_add(*downcast::<u64>(input).expect("a u64"))
        })))
    }
}

fn evaluate(plan: &Plan) -> Vec<u64> {
    let control = Control::default();
    let mut results: Vec<Value> = Vec::new();
    for id in plan.graph.ids() {
        let task = plan.graph.task(id);
        let inputs = task.inputs.iter().map(|i| Arc::clone(&results[i.index()])).collect();
        let context = Context { partition: task.partition, control: &control, ask: None };
        results.push(task.op.run(inputs, &context).expect("mix never fails"));
    }
    plan.outputs.iter().map(|id| *downcast::<u64>(&results[id.index()]).expect("u64")).collect()
}

fn graph_of(shape: &[Vec<u32>]) -> Graph {
    let mix: Arc<dyn Op> = Arc::new(Mix);
    let mut graph = Graph::new();
    for (index, inputs) in shape.iter().enumerate() {
        let index = index as u32;
        let inputs: Vec<_> =
            inputs.iter().filter(|_| index > 0).map(|i| TaskId(i % index.max(1))).collect();
        graph.add(&mix, index, &inputs).expect("inputs come first");
    }
    graph
}

proptest! {
    #[test]
    fn every_pass_keeps_the_results(
        shape in prop::collection::vec(prop::collection::vec(0u32..1000, 0..4), 1..60),
        wanted in prop::collection::vec(0u32..1000, 1..5),
    ) {
        let outputs: Vec<_> = wanted.iter().map(|w| TaskId(w % shape.len() as u32)).collect();
        let plan = || Plan::new(graph_of(&shape), outputs.clone());
        let expected = evaluate(&plan());
        for (name, pass) in graph::PASSES {
            prop_assert_eq!(&evaluate(&pass(plan())), &expected, "{}", name);
        }
        prop_assert_eq!(evaluate(&plan().optimize()), expected);
    }
}

#[test]
fn cull_drops_what_no_output_needs() {
    let plan = Plan::new(graph_of(&[vec![], vec![], vec![0]]), vec![TaskId(2)]).apply("cull");
    assert_eq!(plan.graph.len(), 2);
}

#[test]
fn fuse_makes_one_task_of_a_chain_and_names_its_parts() {
    let plan = Plan::new(graph_of(&[vec![], vec![0], vec![1]]), vec![TaskId(2)]).apply("fuse");
    assert_eq!(plan.graph.len(), 1);
    assert_eq!(plan.graph.task(plan.outputs[0]).op.name(), "mix+mix+mix");
}

#[test]
fn fuse_leaves_a_value_that_is_asked_for() {
    let outputs = vec![TaskId(0), TaskId(1)];
    let plan = Plan::new(graph_of(&[vec![], vec![0]]), outputs).apply("fuse");
    assert_eq!(plan.graph.len(), 2);
}

#[test]
fn order_finishes_one_branch_before_it_starts_the_next() {
    // Two leaves, then their readers, then the sum of both: breadth first as built.
    let plan =
        Plan::new(graph_of(&[vec![], vec![], vec![0], vec![1], vec![2, 3]]), vec![TaskId(4)])
            .apply("order");
    let partitions: Vec<_> = plan.graph.ids().map(|id| plan.graph.task(id).partition).collect();
    assert_eq!(partitions, [0, 2, 1, 3, 4]);
}

#[test]
fn a_task_cannot_read_one_that_is_not_there() {
    let mix: Arc<dyn Op> = Arc::new(Mix);
    let error = Graph::new().add(&mix, 0, &[TaskId(3)]).expect_err("task 3 is unknown");
    assert_eq!(
        error.to_string(),
        "task \"mix\" reads task 3, but the graph has 0 tasks; add the task that it reads first"
    );
}

#[test]
fn fuse_gives_chains_of_the_same_ops_one_op() {
    let (first, second): (Arc<dyn Op>, Arc<dyn Op>) = (Arc::new(Mix), Arc::new(Mix));
    let mut graph = Graph::new();
    let mut outputs = Vec::new();
    for partition in 0..3 {
        let input = graph.add(&first, partition, &[]).expect("no inputs");
        outputs.push(graph.add(&second, partition, &[input]).expect("the input is there"));
    }
    let plan = Plan::new(graph, outputs);
    let expected = evaluate(&plan);
    let plan = plan.apply("fuse");
    assert_eq!((plan.graph.len(), evaluate(&plan)), (3, expected));
    let op = |id: &TaskId| Arc::as_ptr(plan.graph.task(*id).op).cast::<()>();
    assert!(plan.outputs.iter().all(|id| op(id) == op(&plan.outputs[0])));
}
