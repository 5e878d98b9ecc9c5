//! Events of a run: who ran what, when, on which lane; the critical path and exports.
//!
//! Recording must not disturb what it records, so an event is forty bytes of numbers, each worker
//! appends to a list of its own, and names are looked up once, when the run is over.
//!
//! ```
//! use trace::{Event, Lane, Recorder};
//!
//! let recorder = Recorder::new(1);
//! let start = recorder.now();
//! recorder.record(0, Event { task: 0, worker: 0, lane: Lane::Inline, start, end: start + 10, bytes: 8 });
//! let trace = recorder.finish(|_| trace::Label { name: "load".into(), partition: 0 });
//! assert_eq!(trace.events().len(), 1);
//! assert!(trace.chrome().contains("\"load\""));
//! ```
#![forbid(unsafe_code)]

mod chrome;
mod critical;
mod event;

pub use event::{Event, Label, Lane, Recorder, Trace};
