//! Arrays in chunks.
// Memory is the subject of `view.rs`, `copy.rs` and `interpret/`; the rest is safe.
#![deny(unsafe_code)]

mod copy;
mod dtype;
pub mod fused;
mod interpret;
#[cfg(test)]
mod layouts;
#[allow(unsafe_code)]
pub mod view;

pub use dtype::DType;
pub use interpret::{Interpreter, NegativePower};
