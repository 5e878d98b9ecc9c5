//! Compiled functions: their sources read, their arguments packed, their code called.

mod failure;
mod function;
mod globals;
mod lowered;
mod memory;
mod numpy;
mod pack;
mod prepared;
mod runtime;
mod signature;
mod specialisation;
mod syntax;
mod ufunc;
mod unpack;

pub use function::{Kernel, Types};
pub use lowered::Lowered;
pub use prepared::Prepared;
pub use runtime::after_fork;
pub use ufunc::make_ufunc;
