//! A graph with the tasks whose results are wanted, and the table of passes that rewrite it.

use crate::{Graph, TaskId, cull, fuse, order};

/// What is to be run: a graph, and which results the caller keeps.
pub struct Plan {
    /// The tasks.
    pub graph: Graph,
    /// The tasks whose results the caller gets, in the caller's order.
    pub outputs: Vec<TaskId>,
}

/// A rewrite: same results, cheaper to run.
pub type Pass = fn(Plan) -> Plan;

/// The passes in the order in which [`Plan::optimize`] applies them.
pub const PASSES: [(&str, Pass); 3] =
    [("cull", cull::cull), ("fuse", fuse::fuse), ("order", order::order)];

impl Plan {
    /// A plan that runs `graph` as it stands.
    pub fn new(graph: Graph, outputs: Vec<TaskId>) -> Self {
        Self { graph, outputs }
    }

    /// Applies all [`PASSES`].
    pub fn optimize(self) -> Self {
        PASSES.iter().fold(self, |plan, (_, pass)| pass(plan))
    }

    /// Applies the pass called `name`; unknown names leave the plan as it is.
    pub fn apply(self, name: &str) -> Self {
        match PASSES.iter().find(|(pass, _)| *pass == name) {
            Some((_, pass)) => pass(self),
            None => self,
        }
    }
}
