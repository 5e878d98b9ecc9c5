//! Linear algebra of dense matrices: what kernels call where NumPy calls LAPACK.
//!
//! The algorithms are faer's, which are LAPACK's blocked ones in Rust, so that nothing has to be found or
//! linked on a user's machine; only large real products are our own, which is a third faster. They stand in a crate of their own because compiling them for each type takes
//! longer than the rest of us; kernels see [`callback`] only.
//!
//! One call runs on one core: parallel loops call it from all of them.
#![deny(unsafe_code)]

mod callback;
mod gemm;
mod operations;
mod product;

pub use callback::callback;
pub use faer::Accum;
pub use product::{Strided, is_packed, multiply};
