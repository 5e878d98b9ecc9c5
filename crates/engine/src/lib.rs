//! Runs a graph: one pure state machine, lanes, a memory budget.
//!
//! [`State`] decides what may run next and what may be freed; it holds no value, clock or thread,
//! so tests replay it. A lane is a loop around it: [`Lane::Inline`] in the caller's thread,
//! [`Lane::Threads`] on the process's one rayon pool. What a lane adds is the same for all of them:
//! it takes tasks, runs their ops, and hands the results back.
//!
//! ```
//! use engine::{Engine, Options};
//! use graph::{Context, Graph, Op, OpError, Plan, Value, downcast, value};
//! use std::sync::Arc;
//!
//! struct Square;
//! impl Op for Square {
//!     fn name(&self) -> String { "square".into() }
//!     fn run(&self, _: Vec<Value>, context: &Context<'_>) -> Result<Value, OpError> {
//!         Ok(value(u64::from(context.partition).pow(2)))
//!     }
//! }
//!
//! let mut graph = Graph::new();
//! let square: Arc<dyn Op> = Arc::new(Square);
//! let nine = graph.add(&square, 3, &[])?;
//! let results = Engine::new(Options::default())?.run(Plan::new(graph, vec![nine]))?;
//! assert_eq!(downcast::<u64>(&results[0]), Some(&9));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
#![forbid(unsafe_code)]

mod error;
mod inline;
mod job;
mod notice;
mod options;
mod place;
mod pool;
mod processes;
mod record;
mod run;
mod spill;
mod state;
mod stopwatch;
mod threads;
mod worker;
mod zygote;

pub use error::EngineError;
pub use job::{Job, OnEnd};
pub use notice::announce;
pub use options::{Engine, Options, Watch};
pub use place::{Measured, Place, Placement, Time};
pub use pool::{before_forks, is_worker, spread};
pub use processes::{Manner, Workers};
pub use spill::default_folder as default_spill_folder;
pub use state::State;
pub use trace::Lane;
pub use worker::{
    ERROR, FUNCTION, GREETING, NOTICE, PREPARING, Program, RESULT, STARTING, TASK, TimedOut,
    WAITING, WorkerDied, outside,
};
pub use zygote::{DONE, FAILED, FORK, STATUS, end_zygotes};
