//! The types of values in kernels, and how two of them become one.
//!
//! Numbers are NumPy's: of fixed width, wrapping around. A Python `int`, `float` or `complex`, written in
//! the source or given as an argument, is *weak* as in NumPy 2 (NEP 50): beside a NumPy number of the
//! same kind or a higher one it takes that number's type, so `array_of_float32 * 2.0` stays float32.

use std::fmt;
use std::sync::Arc;

/// A number's or a truth value's type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(missing_docs)]
pub enum Scalar {
    Bool,
    I8,
    I16,
    I32,
    I64,
    U8,
    U16,
    U32,
    U64,
    F32,
    F64,
    C64,
    C128,
}

/// What a scalar is, whatever its width.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs)]
pub enum Kind {
    Bool,
    Signed,
    Unsigned,
    Float,
    Complex,
}

impl Scalar {
    /// All of them.
    pub const ALL: [Self; 13] = [
        Self::Bool,
        Self::I8,
        Self::I16,
        Self::I32,
        Self::I64,
        Self::U8,
        Self::U16,
        Self::U32,
        Self::U64,
        Self::F32,
        Self::F64,
        Self::C64,
        Self::C128,
    ];

    /// What it is, whatever its width.
    pub fn kind(self) -> Kind {
        match self {
            Self::Bool => Kind::Bool,
            Self::I8 | Self::I16 | Self::I32 | Self::I64 => Kind::Signed,
            Self::U8 | Self::U16 | Self::U32 | Self::U64 => Kind::Unsigned,
            Self::F32 | Self::F64 => Kind::Float,
            Self::C64 | Self::C128 => Kind::Complex,
        }
    }

    /// Bytes in memory.
    pub fn size(self) -> usize {
        match self {
            Self::Bool | Self::I8 | Self::U8 => 1,
            Self::I16 | Self::U16 => 2,
            Self::I32 | Self::U32 | Self::F32 => 4,
            Self::I64 | Self::U64 | Self::F64 | Self::C64 => 8,
            Self::C128 => 16,
        }
    }

    /// Whether it is a whole number.
    pub fn is_integer(self) -> bool {
        matches!(self.kind(), Kind::Signed | Kind::Unsigned)
    }

    /// Whether it has a fraction.
    pub fn is_float(self) -> bool {
        self.kind() == Kind::Float
    }

    /// Whether it is complex.
    pub fn is_complex(self) -> bool {
        self.kind() == Kind::Complex
    }

    /// The type of a complex number's parts; any other type itself.
    pub fn real(self) -> Self {
        match self {
            Self::C64 => Self::F32,
            Self::C128 => Self::F64,
            other => other,
        }
    }

    /// The complex type with such parts.
    pub fn complex(self) -> Self {
        match self {
            Self::F32 | Self::C64 => Self::C64,
            _ => Self::C128,
        }
    }

    /// NumPy's name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Bool => "bool",
            Self::I8 => "int8",
            Self::I16 => "int16",
            Self::I32 => "int32",
            Self::I64 => "int64",
            Self::U8 => "uint8",
            Self::U16 => "uint16",
            Self::U32 => "uint32",
            Self::U64 => "uint64",
            Self::F32 => "float32",
            Self::F64 => "float64",
            Self::C64 => "complex64",
            Self::C128 => "complex128",
        }
    }

    /// The type with that name, or the code of NumPy and Numba for it (`"f8"`).
    pub fn named(name: &str) -> Option<Self> {
        Some(match name {
            "b1" | "boolean" | "bool_" | "?" => Self::Bool,
            "i1" => Self::I8,
            "i2" => Self::I16,
            "i4" => Self::I32,
            "i8" | "intp" | "int" | "int_" => Self::I64,
            "u1" => Self::U8,
            "u2" => Self::U16,
            "u4" => Self::U32,
            "u8" | "uintp" => Self::U64,
            "f4" | "single" => Self::F32,
            "f8" | "float" | "double" | "float_" => Self::F64,
            "c8" => Self::C64,
            "c16" | "complex" => Self::C128,
            name => return Self::ALL.into_iter().find(|scalar| scalar.name() == name),
        })
    }

    /// The smallest type that both go into, as `numpy.promote_types` says.
    pub fn promote(self, other: Self) -> Self {
        use Scalar::*;
        if self == other {
            return self;
        }
        let (low, high) = if self.kind() <= other.kind() { (self, other) } else { (other, self) };
        match (low.kind(), high.kind()) {
            (Kind::Bool, _) => high,
            (Kind::Signed, Kind::Signed)
            | (Kind::Unsigned, Kind::Unsigned)
            | (Kind::Float, Kind::Float)
            | (Kind::Complex, Kind::Complex) => low.max(high),
            (Kind::Signed, Kind::Unsigned) => match (low.size(), high.size()) {
                (signed, unsigned) if signed > unsigned => low,
                (_, 1) => I16,
                (_, 2) => I32,
                (_, 4) => I64,
                _ => F64,
            },
            (Kind::Signed | Kind::Unsigned, Kind::Float) => {
                if low.size() <= 2 {
                    high
                } else {
                    F64
                }
            }
            (Kind::Signed | Kind::Unsigned, Kind::Complex) => {
                if low.size() <= 2 {
                    high
                } else {
                    C128
                }
            }
            (Kind::Float, Kind::Complex) => {
                if low == F64 {
                    C128
                } else {
                    high
                }
            }
            _ => unreachable!("kinds are in order"),
        }
    }
}

impl fmt::Display for Scalar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// How an array's elements lie in memory, as far as its type says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Layout {
    /// One after the other, the last index fastest.
    C,
    /// One after the other, the first index fastest.
    F,
    /// Anyhow.
    Any,
}

/// An array's type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ArrayType {
    /// Of its elements.
    pub dtype: Scalar,
    /// How many indices it has.
    pub ndim: u8,
    /// How the elements lie.
    pub layout: Layout,
    /// Along which dimensions there is known to be one element: a bit for each of the first eight.
    pub ones: u8,
    /// Whether they may not be changed.
    pub readonly: bool,
}

impl ArrayType {
    /// An array as kernels make them.
    pub fn new(dtype: Scalar, ndim: usize) -> Self {
        Self { dtype, ndim: ndim as u8, layout: Layout::C, ones: 0, readonly: false }
    }

    /// Whether it is known that there is one element along a dimension.
    pub fn is_one(self, dimension: usize) -> bool {
        dimension < 8 && self.ones >> dimension & 1 == 1
    }
}

/// The type of a value at run time.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Type {
    /// Nothing is known yet: a recursive call's result, or a variable before its first assignment.
    Unknown,
    /// `None`.
    None,
    /// A number or truth value; weak if it is Python's own.
    Scalar(Scalar, bool),
    /// A text that is known when the kernel is compiled, or given to it: an address and a length.
    Str,
    /// An array.
    Array(ArrayType),
    /// A tuple; with names if it is a named one.
    Tuple(Arc<[Type]>, Option<Arc<Named>>),
    /// A list of items of one type; of none that is known, one that holds nothing.
    List(Arc<Type>),
    /// A value or `None`.
    Optional(Arc<Type>),
    /// A `numpy.random.Generator`, or what stands for it: a key and a counter.
    Generator,
    /// An argument that is compiled in, such as a function or a dtype: nothing is left of it at run time.
    Object(Arc<Object>),
}

/// An object of the language above that a kernel is given.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Object {
    /// Whoever answers for globals knows it by this number.
    pub id: u64,
    /// What it is called.
    pub name: String,
}

/// A named tuple's name and the names of its items.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Named {
    /// The class.
    pub name: String,
    /// Of the items.
    pub fields: Vec<String>,
}

impl Type {
    /// A number of NumPy's.
    pub fn scalar(scalar: Scalar) -> Self {
        Self::Scalar(scalar, false)
    }

    /// A number of Python's.
    pub fn weak(scalar: Scalar) -> Self {
        Self::Scalar(scalar, true)
    }

    /// A tuple without names.
    pub fn tuple(items: impl IntoIterator<Item = Self>) -> Self {
        Self::Tuple(items.into_iter().collect(), None)
    }

    /// The scalar that it is.
    pub fn as_scalar(&self) -> Option<Scalar> {
        match self {
            Self::Scalar(scalar, _) => Some(*scalar),
            _ => None,
        }
    }

    /// The array that it is.
    pub fn as_array(&self) -> Option<ArrayType> {
        match self {
            Self::Array(array) => Some(*array),
            _ => None,
        }
    }

    /// A list of such items.
    pub fn list(item: Self) -> Self {
        Self::List(Arc::new(item))
    }

    /// The type of a list's items.
    pub fn as_list(&self) -> Option<&Self> {
        match self {
            Self::List(item) => Some(item),
            _ => None,
        }
    }

    /// Whether values of it are lists or hold some, which stay the same ones wherever they go.
    pub fn has_list(&self) -> bool {
        match self {
            Self::List(_) => true,
            Self::Tuple(items, _) => items.iter().any(Self::has_list),
            Self::Optional(inner) => inner.has_list(),
            _ => false,
        }
    }

    /// Whether a value of it lies in memory as one of the other: numbers are Python's own or not,
    /// and a list that holds nothing may be one of anything.
    pub fn is_alike(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Scalar(one, _), Self::Scalar(two, _)) => one == two,
            (Self::List(one), Self::List(two)) => **one == Self::Unknown || one.is_alike(two),
            (Self::Tuple(one, _), Self::Tuple(two, _)) => {
                one.len() == two.len() && one.iter().zip(two.iter()).all(|(a, b)| a.is_alike(b))
            }
            (Self::Optional(one), Self::Optional(two)) => one.is_alike(two),
            (one, two) => one == two,
        }
    }

    /// Whether values of it keep memory alive that is counted.
    pub fn is_managed(&self) -> bool {
        match self {
            Self::Array(_) | Self::List(_) => true,
            Self::Tuple(items, _) => items.iter().any(Self::is_managed),
            Self::Optional(inner) => inner.is_managed(),
            _ => false,
        }
    }

    /// The type of a variable that is assigned values of both; nothing if there is none.
    pub fn unify(&self, other: &Self) -> Option<Self> {
        Some(match (self, other) {
            (Self::Unknown, known) | (known, Self::Unknown) => known.clone(),
            (one, two) if one == two => one.clone(),
            (Self::Scalar(one, weak), Self::Scalar(two, also)) => {
                // True and 1 are different things to a reader, so a truth value stays one or is refused.
                Self::Scalar(one.promote(*two), *weak && *also)
            }
            (Self::Array(one), Self::Array(two))
                if one.dtype == two.dtype && one.ndim == two.ndim =>
            {
                let layout = if one.layout == two.layout { one.layout } else { Layout::Any };
                let (ones, readonly) = (one.ones & two.ones, one.readonly || two.readonly);
                Self::Array(ArrayType { layout, ones, readonly, ..*one })
            }
            (Self::Tuple(one, name), Self::Tuple(two, other)) if one.len() == two.len() => {
                let items: Option<Arc<[_]>> =
                    one.iter().zip(two.iter()).map(|(one, two)| one.unify(two)).collect();
                Self::Tuple(items?, if name == other { name.clone() } else { None })
            }
            (Self::List(one), Self::List(two)) => Self::list(one.unify(two)?),
            (Self::None, value) | (value, Self::None) => match value {
                Self::Optional(_) => value.clone(),
                _ => Self::Optional(Arc::new(value.clone())),
            },
            (Self::Optional(one), Self::Optional(two)) => Self::Optional(Arc::new(one.unify(two)?)),
            (Self::Optional(inner), value) | (value, Self::Optional(inner)) => {
                Self::Optional(Arc::new(inner.unify(value)?))
            }
            _ => return None,
        })
    }
}

impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown => f.write_str("unknown"),
            Self::None => f.write_str("None"),
            Self::Scalar(scalar, _) => scalar.fmt(f),
            Self::Str => f.write_str("str"),
            Self::Array(ArrayType { dtype, ndim, layout, readonly, .. }) => {
                let layout = match layout {
                    Layout::C => "C",
                    Layout::F => "F",
                    Layout::Any => "A",
                };
                let only = if *readonly { ", readonly" } else { "" };
                write!(f, "array({dtype}, {ndim}d, {layout}{only})")
            }
            Self::Tuple(items, named) => {
                if let Some(named) = named {
                    f.write_str(&named.name)?;
                }
                f.write_str("(")?;
                for (index, item) in items.iter().enumerate() {
                    write!(f, "{}{item}", if index > 0 { ", " } else { "" })?;
                }
                f.write_str(if items.len() == 1 { ",)" } else { ")" })
            }
            Self::List(item) => write!(f, "list({item})"),
            Self::Optional(inner) => write!(f, "{inner} or None"),
            Self::Generator => f.write_str("Generator"),
            Self::Object(object) => f.write_str(&object.name),
        }
    }
}
