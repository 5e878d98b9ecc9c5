//! What a bag's elements are, known before anything runs.

use std::fmt;

/// The type of a bag's elements.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Element {
    /// A string.
    Str,
    /// A list of strings, such as a split line.
    StrList,
    /// A 64-bit integer.
    Int,
    /// A boolean.
    Bool,
    /// A 64-bit float.
    Float,
    /// A string and how often it occurs.
    Pair,
    /// Objects of a language above, about which nothing is known here.
    Object,
}

impl fmt::Display for Element {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Str => "str",
            Self::StrList => "list[str]",
            Self::Int => "int",
            Self::Bool => "bool",
            Self::Float => "float",
            Self::Pair => "tuple[str, int]",
            Self::Object => "object",
        })
    }
}
