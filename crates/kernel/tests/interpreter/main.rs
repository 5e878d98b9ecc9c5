//! The interpreter, and the check of what it runs.

mod build;
mod check;
mod programs;
mod runtime;
mod scalars;
