//! Compiled functions: their sources read, their arguments packed, their code called.

mod cache;
mod counts;
mod cpuid;
mod failure;
mod function;
mod globals;
mod lowered;
mod machine_code;
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

pub use cache::{cache_key, cache_load, cache_store};
pub use counts::{count_kernels, kernel_counts};
pub use cpuid::processor;
pub use function::{Kernel, Types};
pub use lowered::Lowered;
pub use machine_code::MachineCode;
pub use numpy::NumPy;
pub use pack::Slots;
pub use prepared::Prepared;
pub use runtime::after_fork;
pub use specialisation::Specialisation;
pub use ufunc::{kinds, make_ufunc};
