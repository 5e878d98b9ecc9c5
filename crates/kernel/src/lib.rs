//! Kernels: functions of Python's language over numbers and arrays, compiled.
//!
//! [`syntax`] is a function as its source has it; `lower` infers types and makes [`ir`] of it, where array
//! expressions, reductions and NumPy's functions are loops over single elements; `interpret` does what a
//! program says, slowly and surely; `llvm` writes it as LLVM's text, which a backend compiles to an address
//! that is called as [`abi`] says.
// Memory is the subject of `interpret/memory.rs` and `list.rs`, C's functions of `interpret/libm.rs`; the rest is safe.
#![deny(unsafe_code)]

pub mod abi;
pub mod check;
pub mod count;
pub mod error;
pub mod globals;
pub mod interpret;
pub mod ir;
pub mod list;
pub mod llvm;
pub mod lower;
pub mod message;
pub mod syntax;
pub mod types;
