//! What an array's elements are.

use kernel::types::Scalar;
use std::fmt;
use std::sync::Arc;

/// The type of an array's elements.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum DType {
    /// A number or truth value that kernels know.
    Number(Scalar),
    /// So many bytes that only NumPy knows the meaning of, under NumPy's name for it, such as
    /// `"<M8[ns]"` or `"<f2"`.
    Opaque(Arc<str>, usize),
}

impl DType {
    /// Bytes of one element.
    pub fn size(&self) -> usize {
        match self {
            Self::Number(scalar) => scalar.size(),
            Self::Opaque(_, size) => *size,
        }
    }

    /// The number type, if it is one that kernels know.
    pub fn scalar(&self) -> Option<Scalar> {
        match self {
            Self::Number(scalar) => Some(*scalar),
            Self::Opaque(..) => None,
        }
    }
}

impl From<Scalar> for DType {
    fn from(scalar: Scalar) -> Self {
        Self::Number(scalar)
    }
}

impl fmt::Display for DType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(scalar) => f.write_str(scalar.name()),
            Self::Opaque(name, _) => f.write_str(name),
        }
    }
}
