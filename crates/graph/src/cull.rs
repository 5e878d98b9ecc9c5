//! Drops tasks that no output needs.

use crate::{Graph, Plan, TaskId};
use std::sync::Arc;

pub(crate) fn cull(plan: Plan) -> Plan {
    let Plan { graph, outputs } = plan;
    let mut needed = vec![false; graph.len()];
    for output in &outputs {
        needed[output.index()] = true;
    }
    // Readers stand behind what they read, so one sweep from the end sees every need.
    for id in graph.ids().rev() {
        if needed[id.index()] {
            for input in graph.inputs(id) {
                needed[input.index()] = true;
            }
        }
    }
    if needed.iter().all(|needed| *needed) {
        return Plan { graph, outputs };
    }
    let mut kept = Graph::new();
    let mut renamed = vec![TaskId(u32::MAX); graph.len()];
    for id in graph.ids().filter(|id| needed[id.index()]) {
        let task = graph.task(id);
        let inputs = task.inputs.iter().map(|input| renamed[input.index()]);
        renamed[id.index()] = kept.push(Arc::clone(task.op), task.partition, inputs);
    }
    Plan { graph: kept, outputs: outputs.iter().map(|id| renamed[id.index()]).collect() }
}
