//! Makes one task of each linear chain.
//!
//! Where a task's only input has no other reader, running the two apart buys nothing: they can't
//! run at the same time, and the value between them would cross a queue. Both must be of one kind,
//! or a native task would follow a Python one to its worker process.

use crate::{Context, Graph, Kind, Op, OpError, Plan, TaskId, Value};
use std::sync::Arc;

struct Chain {
    // Behind the first, each op reads the one before it.
    links: Vec<(Arc<dyn Op>, u32)>,
}

impl Op for Chain {
    fn name(&self) -> String {
        let names: Vec<_> = self.links.iter().map(|(op, _)| op.name()).collect();
        names.join("+")
    }

    fn kind(&self) -> Kind {
        self.links[0].0.kind()
    }

    fn origin(&self, _partition: u32) -> Option<String> {
        self.links.iter().find_map(|(op, partition)| op.origin(*partition))
    }

    fn run(&self, mut inputs: Vec<Value>, context: &Context<'_>) -> Result<Value, OpError> {
        let (last, before) = self.links.split_last().expect("a chain has links");
        for (op, partition) in before {
            let result = op.run(inputs, &Context { partition: *partition, ..*context })?;
            context.check()?;
            inputs = vec![result];
        }
        last.0.run(inputs, &Context { partition: last.1, ..*context })
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
    for last in graph.ids().filter(|id| !swallowed[id.index()]) {
        let mut links = Vec::new();
        let mut first = last;
        while let Some(input) = swallows(first) {
            links.push(link(&graph, first));
            first = input;
        }
        let task = graph.task(first);
        let inputs = task.inputs.iter().map(|input| renamed[input.index()]);
        let partition = graph.task(last).partition;
        let op: Arc<dyn Op> = if links.is_empty() {
            Arc::clone(task.op)
        } else {
            links.push(link(&graph, first));
            links.reverse();
            Arc::new(Chain { links })
        };
        renamed[last.index()] = fused.push(op, partition, inputs);
    }
    Plan { graph: fused, outputs: outputs.iter().map(|id| renamed[id.index()]).collect() }
}

fn link(graph: &Graph, id: TaskId) -> (Arc<dyn Op>, u32) {
    let task = graph.task(id);
    (Arc::clone(task.op), task.partition)
}
