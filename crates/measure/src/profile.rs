//! A sampling profiler of the process that it is in.
//!
//! A thread looks at where all of Python's threads are, so many times a second, and counts. It reads
//! CPython's own structures by address ([`Walker`]): it needs no lock, no signal and no right that the
//! process doesn't have, and stops nobody. So a program is slowed down by little more than what its
//! machine has no free core for.
//!
//! From what a sample shows of a thread (whether it holds the GIL, its instruction, its system call)
//! follows what its time goes to ([`Class`]). Counts are a [`Profile`]: by line, function and thread,
//! and as files that other programs show.

mod chrome;
mod class;
#[allow(unsafe_code)]
mod clock;
mod collapsed;
mod counts;
mod lines;
#[allow(unsafe_code)]
mod memory;
mod offsets;
mod sampler;
mod speedscope;
mod tables;
mod walk;

pub use class::{Class, Instructions};
pub use counts::{Builder, Count, Frame, Key, Profile, Span, Thread};
pub use memory::{Memory, OwnMemory};
pub use offsets::Offsets;
pub use sampler::{
    Part, Sampler, Settings, close_folder, is_open, leave, open_folder, run, stop, work_for,
};
pub use tables::{Row, ThreadRow, Times};
pub use walk::{Interpreter, Walker};
