//! Why a function can't be compiled.

use crate::syntax::Span;
use std::sync::Arc;

/// Why a function can't be compiled: the place, the construct, and what to write instead.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message} ({file}, line {})", span.line)]
pub struct CompileError {
    /// The function in which it is.
    pub function: String,
    /// The source's file.
    pub file: Arc<str>,
    /// Where.
    pub span: Span,
    /// What is wrong, with names and types.
    pub message: String,
    /// What to write instead, if there is something.
    pub hint: Option<String>,
}
