//! Makes one task of each linear chain.
//!
//! Where a task's only input has no other reader, running the two apart buys nothing: they can't
//! run at the same time, and the value between them would cross a queue. Both must be of one kind,
//! or a native task would follow a Python one to its worker process.

//!
//! Chains of the same ops share one op, as their tasks did before: the engine learns by op how large
//! results are.

use crate::{Context, Graph, Kind, Op, OpError, Plan, TaskId, Value};
use std::collections::HashMap;
use std::sync::Arc;

struct Chain {
    // Behind the first, each op reads the one before it. With the partition that it computes, unless
    // that is the chain's own.
    links: Vec<(Arc<dyn Op>, Option<u32>)>,
}

impl Op for Chain {
    fn name(&self) -> String {
        let names: Vec<_> = self.links.iter().map(|(op, _)| op.name()).collect();
        names.join("+")
    }

    fn kind(&self) -> Kind {
        self.links[0].0.kind()
    }

    fn origin(&self, partition: u32) -> Option<String> {
        self.links.iter().find_map(|(op, own)| op.origin(own.unwrap_or(partition)))
    }

    fn run(&self, mut inputs: Vec<Value>, context: &Context<'_>) -> Result<Value, OpError> {
        let own = |partition: &Option<u32>| Context {
            partition: partition.unwrap_or(context.partition),
            ..*context
        };
        let ((last, partition), before) = self.links.split_last().expect("a chain has links");
        for (op, partition) in before {
            inputs = vec![op.run(inputs, &own(partition))?];
            context.check()?;
        }
        last.run(inputs, &own(partition))
    }
}

pub(crate) fn fuse(plan: Plan) -> Plan {
    let Plan { graph, outputs } = plan;
    let mut readers = graph.readers();
    for output in &outputs {
        // An output's value is asked for, so nothing may swallow it.
        readers[output.index()] += 1;
    }
    let swallows = |id: TaskId| match graph.inputs(id) {
        &[input] if readers[input.index()] == 1 => {
            (graph.task(input).kind() == graph.task(id).kind()).then_some(input)
        }
        _ => None,
    };
    let mut swallowed = vec![false; graph.len()];
    for id in graph.ids() {
        if let Some(input) = swallows(id) {
            swallowed[input.index()] = true;
        }
    }
    let mut fused = Graph::new();
    let mut renamed = vec![TaskId(u32::MAX); graph.len()];
    let mut chains: HashMap<Vec<*const ()>, Arc<dyn Op>> = HashMap::new();
    for last in graph.ids().filter(|id| !swallowed[id.index()]) {
        let mut links = vec![last];
        while let Some(input) = swallows(links[links.len() - 1]) {
            links.push(input);
        }
        links.reverse();
        let op = chain(&graph, &links, &mut chains);
        let inputs = graph.inputs(links[0]).iter().map(|input| renamed[input.index()]);
        renamed[last.index()] = fused.push(op, graph.task(last).partition, inputs);
    }
    Plan { graph: fused, outputs: outputs.iter().map(|id| renamed[id.index()]).collect() }
}

/// The op that runs `links` one after the other.
fn chain(
    graph: &Graph,
    links: &[TaskId],
    chains: &mut HashMap<Vec<*const ()>, Arc<dyn Op>>,
) -> Arc<dyn Op> {
    let tasks: Vec<_> = links.iter().map(|link| graph.task(*link)).collect();
    if let [only] = tasks.as_slice() {
        return Arc::clone(only.op);
    }
    let make = |own: &dyn Fn(u32) -> Option<u32>| -> Arc<dyn Op> {
        let link = |task: &crate::Task<'_>| (Arc::clone(task.op), own(task.partition));
        Arc::new(Chain { links: tasks.iter().map(link).collect() })
    };
    if tasks.iter().any(|task| task.partition != tasks[0].partition) {
        return make(&Some);
    }
    let ops = tasks.iter().map(|task| Arc::as_ptr(task.op).cast()).collect();
    Arc::clone(chains.entry(ops).or_insert_with(|| make(&|_| None)))
}
