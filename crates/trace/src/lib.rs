//! Events of runs: who ran what, when, on which lane; summary, critical path and exports.
//!
//! Recording must not disturb what it records, so an event is a handful of numbers, each thread
//! appends to a list of its own, and names are looked up once, when a run starts.
//!
//! ```
//! use std::sync::Arc;
//! use trace::{Collector, Crew, Lane, Outline, Row, Recorder};
//!
//! let collector = Arc::new(Collector::default());
//! let mut outline = Outline::default();
//! let load = outline.op("load".into());
//! outline.task(load, 0, []);
//! let crew = Crew { lane: Lane::Threads, number: 0, workers: 1 };
//! let recorder = Recorder::new(&collector, outline, vec![crew]);
//! let begun = recorder.begin(0);
//! recorder.end(begun, Row::Thread(0), 8);
//! recorder.finish();
//!
//! let trace = collector.trace(0);
//! assert_eq!(trace.name(&trace.events()[0]), "load");
//! assert_eq!(trace.summary().ops[0].bytes, 8);
//! assert!(trace.chrome().contains("\"thread 0\""));
//! ```
#![forbid(unsafe_code)]

mod chrome;
mod collector;
mod critical;
pub mod doing;
mod event;
mod home;
mod outline;
mod summary;
mod trace;

pub use collector::{Begun, Collector, Recorder};
pub use event::{Crew, Event, Lane, Note, NoteKind, Row, thread_number};
pub use home::Home;
pub use outline::Outline;
pub use summary::{LaneTime, NoteTime, OpTime, Summary};
pub use trace::Trace;
