//! Arrays in chunks: NumPy's interface over expressions, fused kernels and the engine's graph.
//!
//! An [`Array`] is an expression: building one runs nothing. [`compute`] plans which of its nodes are arrays in
//! memory (`plan`), fuses the others into the kernels that read them ([`fused`]), and runs a graph of tasks, one
//! for each chunk (`lower`). A task pulls what it needs (`pull`), so slices and other cuts reach the sources by
//! themselves.
// Memory is the subject of `view.rs`, `copy.rs` and `interpret/`; the rest is safe.
#![deny(unsafe_code)]

mod arg;
mod copy;
mod dtype;
mod explain;
pub mod fused;
mod generated;
mod grid;
mod group;
mod interpret;
mod lower;
mod node;
mod plan;
mod pull;
mod reduce;
mod runs;
mod source;
mod stored;
mod text;
#[allow(unsafe_code)]
pub mod view;

pub use dtype::DType;
pub use explain::{Explanation, Stage};
pub use generated::{Draw, Generated};
pub use grid::Grid;
pub use interpret::{Interpreter, NegativePower};
pub use lower::{Lowered, compute, lower};
pub use node::{Array, Fold, Item, Regions};
pub use runs::runs;
pub use source::{BlockFunction, Source};
pub use stored::{Stored, StoredError};
pub use text::Text;
