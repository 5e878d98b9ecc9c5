//! From syntax to typed kernels: inference, and loops for everything that is done to arrays.

use crate::error::CompileError;
use crate::globals::{Callee, Globals};
use crate::ir::Program;
use crate::types::Type;
use std::sync::Arc;

/// A function compiled for arguments of certain types.
#[derive(Clone, Debug)]
pub struct Compiled {
    /// What it does; the entry's parameters are the function's, then the captured arrays.
    pub program: Program,
    /// Arrays among the globals, as [`crate::globals::Global::Array`] numbered them.
    pub captured: Vec<u32>,
    /// The types of the source's variables, by name and line of the first assignment.
    pub variables: Vec<(String, u32, Type)>,
    /// What was fused, run in parallel, allocated: sentences with line numbers.
    pub notes: Vec<(u32, String)>,
}

/// Compiles `callee` for arguments of `arguments`' types, one for each parameter.
///
/// # Errors
/// What can't be compiled, and where.
pub fn compile(
    callee: &Arc<Callee>,
    arguments: &[Type],
    globals: &mut dyn Globals,
) -> Result<Compiled, CompileError> {
    let _ = globals;
    Err(CompileError {
        function: callee.function.name.clone(),
        file: Arc::clone(&callee.function.file),
        span: callee.function.span,
        message: format!("nothing can be compiled for {} arguments yet", arguments.len()),
        hint: None,
    })
}
