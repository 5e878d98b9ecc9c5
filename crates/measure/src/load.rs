//! How many requests a server takes, asked the way that its users ask.
//!
//! The generator is *open*: a request leaves when its time has come, whether or not the ones before
//! it have been answered, as users do who know nothing of each other. A generator that waits for
//! answers asks a slow server less, and so measures it when it rests (G. Tene calls it coordinated
//! omission). Latency counts from the time at which a request was to leave.
//!
//! What is not answered in time, or with an error, is counted and is never in the latencies: a
//! quantile takes it for slower than all that were answered.
//!
//! Only this host is asked unless the caller says that the host is theirs.

mod arrivals;
mod bottleneck;
mod client;
mod outcome;
mod request;
mod search;

use std::time::Duration;

pub use arrivals::Arrivals;
pub use bottleneck::Bottleneck;
pub use client::Client;
pub use outcome::{Counts, Outcome};
pub use request::Request;
pub use search::{Report, Search, search};

/// What is wrong with what was asked for.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// Not an address of HTTP.
    #[error("{url:?} is no address such as http://127.0.0.1:8000/predict: {reason}")]
    Url {
        /// What was given.
        url: String,
        /// What is wrong with it.
        reason: String,
    },
    /// Another host.
    #[error(
        "{host} is not this machine ({address}): load can put a server out of service, so another \
         host is asked only by its owner, who says --i-own-this-host (i_own_this_host=True)"
    )]
    Foreign {
        /// The name in the URL.
        host: String,
        /// What it stands for.
        address: std::net::IpAddr,
    },
    /// A header or method that HTTP does not have.
    #[error("{0}")]
    Request(String),
    /// A number out of its range.
    #[error("{name} must be {range}, not {value}")]
    Range {
        /// The setting.
        name: &'static str,
        /// What it may be.
        range: &'static str,
        /// What it was.
        value: f64,
    },
    /// The system does not give us what we need.
    #[error("no load can be made: {0}")]
    System(#[from] std::io::Error),
}

/// A time in words: `4.2 ms`, `1.5 s`.
pub(crate) fn in_words(time: Duration) -> String {
    let seconds = time.as_secs_f64();
    if seconds < 0.001 {
        format!("{:.0} µs", seconds * 1e6)
    } else if seconds < 0.01 {
        format!("{:.1} ms", seconds * 1e3)
    } else if seconds < 1.0 {
        format!("{:.0} ms", seconds * 1e3)
    } else {
        format!("{seconds:.1} s")
    }
}
