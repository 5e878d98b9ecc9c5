//! Tasks, values and dependencies, and the passes that rewrite a graph before it runs.
//!
//! One form of graph for everything: a task is an [`Op`] and the ids of its inputs. No task is an
//! object of its own: a whole layer of a collection shares one `Arc<dyn Op>` and differs only in
//! the partition number, so 100,000 tasks cost a few megabytes and no allocation each. A graph is
//! acyclic by construction, because an input must exist before the task that reads it.
//!
//! Nothing here runs anything: no thread, no clock, no file. The crate `engine` does that.
//!
//! ```
//! use graph::{Context, Control, Graph, Op, OpError, Plan, Value, value};
//! use std::sync::Arc;
//!
//! struct Add;
//! impl Op for Add {
//!     fn name(&self) -> String { "add".into() }
//!     fn run(&self, inputs: Vec<Value>, context: &Context<'_>) -> Result<Value, OpError> {
//!         let sum: u64 = inputs.iter().map(|v| *graph::downcast::<u64>(v).unwrap()).sum();
//!         Ok(value(sum + u64::from(context.partition)))
//!     }
//! }
//!
//! let mut graph = Graph::new();
//! let add: Arc<dyn Op> = Arc::new(Add);
//! let one = graph.add(&add, 1, &[])?;
//! let two = graph.add(&add, 2, &[])?;
//! let total = graph.add(&add, 0, &[one, two])?;
//! let plan = Plan::new(graph, vec![total]).optimize();
//! assert_eq!(plan.graph.len(), 3);
//! # Ok::<(), graph::GraphError>(())
//! ```
#![forbid(unsafe_code)]

mod cull;
mod fuse;
mod op;
mod order;
mod plan;
mod task;
mod value;

pub use op::{
    Answer, Ask, Bytes, Context, Control, Function, Kind, Op, OpError, Remote, Request, Shared,
    Stopped,
};
pub use plan::{PASSES, Pass, Plan};
pub use task::{Graph, GraphError, Task, TaskId};
pub use value::{Data, Load, Spill, Value, downcast, value};
