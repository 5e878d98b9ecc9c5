//! How a run ends when it does not end well.

use graph::OpError;
use std::io;
use std::path::PathBuf;
use thiserror::Error;

/// Why a run gave no results.
#[derive(Debug, Error)]
pub enum EngineError {
    /// An op returned an error.
    #[error("{name} failed on partition {partition}{}: {source}", of(.origin))]
    Task {
        /// The op's name.
        name: String,
        /// Which partition it was computing.
        partition: u32,
        /// Where that partition comes from, such as a file's path.
        origin: Option<String>,
        /// The op's own error.
        source: OpError,
    },
    /// An op panicked, which is a bug of ours.
    #[error("{name} panicked on partition {partition}{}: {message}; this is a bug in manycore", of(.origin))]
    Panic {
        /// The op's name.
        name: String,
        /// Which partition it was computing.
        partition: u32,
        /// Where that partition comes from, such as a file's path.
        origin: Option<String>,
        /// What the panic said.
        message: String,
    },
    /// Whoever watches the run asked it to stop.
    #[error("the run was cancelled")]
    Cancelled,
    /// Work was given to workers that were told to take no more.
    #[error("the workers are closed")]
    Closed,
    /// A value could not be written to disk, or not read again.
    #[error("cannot spill to {}: {source}", .folder.display())]
    Spill {
        /// Where to.
        folder: PathBuf,
        /// What the operating system says.
        source: io::Error,
    },
    /// An option has a value that can't work.
    #[error("{option} must be {expected}, not {value}")]
    Option {
        /// The option's name.
        option: &'static str,
        /// What would do.
        expected: &'static str,
        /// What was given.
        value: String,
    },
    /// The operating system gave no threads.
    #[error("cannot start {workers} threads: {source}")]
    Threads {
        /// How many were asked for.
        workers: usize,
        /// What rayon says.
        source: rayon::ThreadPoolBuildError,
    },
}

fn of(origin: &Option<String>) -> String {
    origin.as_ref().map(|origin| format!(" ({origin})")).unwrap_or_default()
}
