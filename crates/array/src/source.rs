//! What arrays are made of that is not an expression: files, generators, functions of blocks.

use crate::view::{Target, View};
use graph::{Context, OpError};
use std::ops::Range;

/// Elements that are read or made by region.
pub trait Source: Send + Sync {
    /// What users call it.
    fn name(&self) -> &str;

    /// Whether a box costs what its elements cost, wherever they are.
    fn is_random_access(&self) -> bool;

    /// Writes the elements of a box.
    ///
    /// # Errors
    /// Whatever keeps them from being had.
    fn read(&self, region: &[Range<usize>], target: &mut Target) -> Result<(), OpError>;
}

/// Computes one chunk of each output from regions of inputs.
pub trait BlockFunction: Send + Sync {
    /// What it makes of them; `index` is the chunk's.
    ///
    /// # Errors
    /// Whatever the function raises.
    fn call(
        &self,
        index: &[usize],
        inputs: Vec<View>,
        context: &Context<'_>,
    ) -> Result<Vec<View>, OpError>;

    /// Adds what it makes of them to `sum`.
    ///
    /// # Errors
    /// Whatever the function raises.
    fn add(
        &self,
        sum: &mut Target,
        inputs: Vec<View>,
        context: &Context<'_>,
    ) -> Result<(), OpError>;
}
