//! Orders tasks so that memory is released early.
//!
//! Depth first from the outputs, because breadth first holds every intermediate. The order is the
//! numbering: in an ordered graph a lower id is to run earlier, and the engine needs no priorities
//! beside the ids.

use crate::{Graph, Plan, TaskId};
use std::sync::Arc;

pub(crate) fn order(plan: Plan) -> Plan {
    let Plan { graph, outputs } = plan;
    const UNSEEN: TaskId = TaskId(u32::MAX);
    let mut renamed = vec![UNSEEN; graph.len()];
    let mut ordered = Graph::new();
    // Outputs first; then, for a plan that was not culled, whatever nobody asked for.
    let mut stack: Vec<TaskId> = graph.ids().rev().collect();
    stack.extend(outputs.iter().rev());
    let mut opened = vec![false; graph.len()];
    while let Some(&id) = stack.last() {
        if renamed[id.index()] != UNSEEN {
            stack.pop();
        } else if opened[id.index()] {
            stack.pop();
            let task = graph.task(id);
            let inputs = task.inputs.iter().map(|input| renamed[input.index()]);
            renamed[id.index()] = ordered.push(Arc::clone(task.op), task.partition, inputs);
        } else {
            opened[id.index()] = true;
            let unseen = |input: &&TaskId| renamed[input.index()] == UNSEEN;
            stack.extend(graph.inputs(id).iter().rev().filter(unseen));
        }
    }
    Plan { graph: ordered, outputs: outputs.iter().map(|id| renamed[id.index()]).collect() }
}
