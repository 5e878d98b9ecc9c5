//! The interpreter, and the check of what it runs.

mod build;
mod check;
mod counts;
mod lists;
mod programs;
mod runtime;
mod scalars;
