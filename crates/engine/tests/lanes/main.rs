//! Every lane runs the same suite: what a run returns, how it fails, is cancelled, frees memory and is
//! traced does not depend on where its tasks run.

mod batches;
mod cancel;
mod failures;
mod memory;
mod nested;
mod options;
mod results;
mod suite;
mod traces;
