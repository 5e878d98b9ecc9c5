//! What the machine has and how fast it is.
//!
//! Every plan starts from three facts: how many cores this process may use, how much memory it may
//! hold, and how fast bytes move between the two. The first two are often less than what the
//! machine shows (a container's quota, a batch job's affinity), so [`Machine`] reports both what is
//! there and what may be used. The third is written down nowhere, so [`bandwidth`] measures it.
//!
//! ```
//! let machine = measure::Machine::detect();
//! assert!(machine.usable_cores >= 1);
//! assert!(machine.usable_cores <= machine.logical_cores);
//! ```
//!
//! Measuring is the first half, deciding the second: [`Watch`] says whether a measurement was
//! disturbed, [`laws`] what measured times say about more cores or more data, and [`price`] what
//! that costs on machines that can be rented.
//!
//! All that is read is text, and all parsing is functions from text to values, so that the tests
//! hold texts from machines that we don't have. Nothing here fails: a file that is missing or odd
//! means the next best source, because a report with a gap is worth more than an error.

// All but the profiler's look at memory and clocks, which is allowed where it is.
#![deny(unsafe_code)]

mod bandwidth;
mod cache;
mod cgroup;
mod gpu;
pub mod laws;
pub mod load;
mod machine;
mod memory;
mod noise;
mod peak;
pub mod picture;
pub mod price;
mod processor;
pub mod profile;
mod sysctl;
mod text;
#[cfg(test)]
mod tree;
mod vector;

pub use bandwidth::{Bandwidth, bandwidth};
pub use cache::Cache;
pub use machine::Machine;
pub use noise::{Noise, Watch};
pub use peak::{Peak, peak};
