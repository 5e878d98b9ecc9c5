//! The facade: a Rust user's door to the engine, its collections and its measurements.
//!
//! The crates below know nothing of each other's settings; here they meet. [`configure`] says once
//! for the process which lane, how many workers and how much memory, and [`engine()`] is the engine
//! that follows from it.
//!
//! ```
//! # let folder = std::env::temp_dir().join(format!("manycore-doc-{}", std::process::id()));
//! # std::fs::create_dir_all(&folder)?;
//! # std::fs::write(folder.join("a.txt"), "to be or not to be")?;
//! use manycore::bag::Bag;
//!
//! let engine = manycore::engine()?;
//! let words = Bag::read_text(&[folder.clone()], &Default::default())?.split()?.flatten()?;
//! assert_eq!(words.count().run(&engine)?.integer(), Some(6));
//! let top = words.frequencies(true)?.take(2, &engine)?.pairs();
//! assert_eq!(top, [("be".to_string(), 2), ("to".to_string(), 2)]);
//! # std::fs::remove_dir_all(folder)?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
#![forbid(unsafe_code)]

mod configuration;
mod tracing;

pub use ::array;
pub use ::bag;
pub use ::channel;
pub use ::engine;
pub use ::graph;
pub use ::kernel;
pub use ::linalg;
pub use ::measure;
pub use ::programs;
pub use ::random;
pub use ::trace;
pub use configuration::{Asked, Configuration, configuration, configure, engine, engine_for};
pub use tracing::{Tracing, collector};
