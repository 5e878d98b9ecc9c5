//! Arrays in chunks: NumPy's interface over expressions, fused kernels and the engine's graph.
//!
//! An [`Array`] is an expression: building one runs nothing. [`compute`] plans which of its nodes are arrays in
//! memory (`plan`), fuses the others into the kernels that read them ([`fused`]), and runs a graph of tasks, one
//! for each chunk (`lower`). A task pulls what it needs (`pull`), so slices and other cuts reach the sources by
//! themselves.
//!
//! ```
//! use array::{Array, Fold, compute};
//! use array::fused::Reduction;
//! use engine::{Engine, Options};
//!
//! let x = Array::of(&[0.5, 1.0, 1.5, 2.0, 2.5, 3.0], &[2, 3]);
//! let wave = x.apply("sin", &[]).apply("square", &[]);
//! let rows = wave.reduce(Fold::Simple(Reduction::Add), &[1], x.dtype().clone());
//! let engine = Engine::new(Options::default())?;
//! let [rows] = &compute(&[rows], &engine, None, None, &Default::default(), &mut ())?[..] else {
//!     unreachable!("one array was asked for")
//! };
//! let expected = [0.5_f64, 1.0, 1.5].map(|x| x.sin().powi(2)).iter().sum::<f64>();
//! assert!((rows.to_vec::<f64>().unwrap()[0] - expected).abs() < 1e-15);
//! # Ok::<(), engine::EngineError>(())
//! ```
// Memory is the subject of `view.rs`, `copy.rs` and `interpret/`; the rest is safe.
#![deny(unsafe_code)]

mod arg;
mod copy;
mod dtype;
mod element;
mod explain;
pub mod fused;
mod generated;
mod grid;
mod group;
mod interpret;
#[cfg(test)]
mod layouts;
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
pub use element::Element;
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
