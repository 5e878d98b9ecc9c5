//! What a kernel's free names stand for: its door to the language above.

use crate::ir::FastMath;
use crate::syntax::{Constant, Function};
use crate::types::{ArrayType, Named};
use std::sync::Arc;

/// Answers for the names that a function uses and does not assign.
pub trait Globals {
    /// What `name` stands for in the function with this scope; nothing if it is not defined there.
    fn name(&mut self, scope: Scope, name: &str) -> Option<Global>;

    /// What an attribute of something [known](Global::Known) stands for; nothing if it has no such.
    fn attribute(&mut self, path: &str, name: &str) -> Option<Global>;

    /// What an argument of type [`Type::Object`](crate::types::Type::Object) with this number is.
    fn object(&mut self, id: u64) -> Option<Global>;

    /// The definition, in the language that is compiled, of something known: most of NumPy is. Nothing if
    /// there is none.
    fn library(&mut self, path: &str) -> Option<Arc<Callee>>;
}

/// Where a function's free names are looked up: a number of whoever answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Scope(pub u32);

/// What a name stands for.
#[derive(Clone, Debug)]
pub enum Global {
    /// A constant: compiled in.
    Constant(Constant),
    /// Something that kernels know by where it is defined, whatever the source calls it: modules (`numpy`,
    /// `numpy.linalg`, `math`, `random`), their functions (`numpy.sin`, `math.sqrt`, `random.random`),
    /// types (`numpy.float64`, `builtins.int`), exceptions (`builtins.ValueError`), `manycore.prange`.
    Known(String),
    /// A function that can be compiled too.
    Function(Arc<Callee>),
    /// A function of numbers that is called for each element of arrays.
    Ufunc(Arc<Callee>),
    /// An array, which is given to the kernel as one more argument behind the others: a number of whoever
    /// answers, and its type.
    Array(u32, ArrayType),
    /// A class of named tuples.
    Named(Arc<Named>),
    /// Something that kernels know nothing about: what to call it in a message.
    Unknown(String),
}

/// A function that kernels call.
#[derive(Debug)]
pub struct Callee {
    /// The same for the same function, and for no other.
    pub id: u64,
    /// Its source.
    pub function: Arc<Function>,
    /// Of its free names.
    pub scope: Scope,
    /// How it was asked to be compiled.
    pub options: Options,
}

/// How a function is compiled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Options {
    /// Whether `prange`, array expressions and reductions run on all cores.
    pub parallel: bool,
    /// Which liberties floating-point arithmetic may take.
    pub fastmath: FastMath,
    /// Whether indices are checked.
    pub boundscheck: bool,
    /// Whether a division by zero gives infinity or NaN as in NumPy (`error_model="numpy"`), not an
    /// exception as in Python.
    pub numpy_errors: bool,
    /// Whether it counts what it does ([`crate::count`]).
    pub counted: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            parallel: false,
            fastmath: FastMath::None,
            boundscheck: true,
            numpy_errors: false,
            counted: false,
        }
    }
}
