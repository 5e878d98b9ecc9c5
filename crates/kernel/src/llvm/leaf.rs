//! Leaves: the numbers and addresses that a value is made of, one for each of its slots.

use crate::types::{Kind, Scalar, Type};

/// One number or address of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Leaf {
    /// A number that is not complex.
    Number(Scalar),
    /// An address.
    Address,
}

/// A leaf that counts something.
pub(super) const COUNT: Leaf = Leaf::Number(Scalar::I64);

impl Leaf {
    /// LLVM's type.
    pub(super) fn text(self) -> &'static str {
        match self {
            Self::Number(scalar) => number(scalar),
            Self::Address => "ptr",
        }
    }

    /// A leaf of nothing.
    pub(super) fn zero(self) -> &'static str {
        match self {
            Self::Number(Scalar::Bool) => "false",
            Self::Number(Scalar::F32 | Scalar::F64) => "0.0",
            Self::Number(_) => "0",
            Self::Address => "null",
        }
    }
}

/// LLVM's type of a number that is not complex; of the parts of one that is.
pub(super) fn number(scalar: Scalar) -> &'static str {
    match scalar {
        Scalar::Bool => "i1",
        Scalar::I8 | Scalar::U8 => "i8",
        Scalar::I16 | Scalar::U16 => "i16",
        Scalar::I32 | Scalar::U32 => "i32",
        Scalar::I64 | Scalar::U64 => "i64",
        Scalar::F32 | Scalar::C64 => "float",
        Scalar::F64 | Scalar::C128 => "double",
    }
}

/// Bits of a number that is not complex.
pub(super) fn width(scalar: Scalar) -> usize {
    if scalar == Scalar::Bool { 1 } else { 8 * scalar.size() }
}

/// Whether a number is negative if its highest bit is set.
pub(super) fn is_signed(scalar: Scalar) -> bool {
    scalar.kind() == Kind::Signed
}

/// What a value of a type is made of.
pub(super) fn leaves(ty: &Type) -> Vec<Leaf> {
    let mut row = Vec::new();
    push(ty, &mut row);
    row
}

fn push(ty: &Type, row: &mut Vec<Leaf>) {
    match ty {
        Type::Unknown | Type::None | Type::Object(_) => {}
        Type::Scalar(scalar, _) => {
            row.push(Leaf::Number(scalar.real()));
            if scalar.is_complex() {
                row.push(Leaf::Number(scalar.real()));
            }
        }
        Type::Str => row.extend([Leaf::Address, COUNT]),
        Type::Array(array) => {
            row.extend([Leaf::Address, Leaf::Address]);
            row.extend(std::iter::repeat_n(COUNT, 2 * usize::from(array.ndim)));
        }
        Type::Tuple(items, _) => items.iter().for_each(|item| push(item, row)),
        Type::Optional(inner) => {
            row.push(Leaf::Number(Scalar::Bool));
            push(inner, row);
        }
        Type::List(_) | Type::Generator => row.push(Leaf::Address),
    }
}

/// Which leaves of a value are the owners of arrays and lists: a leaf is a slot.
pub(super) fn owners(ty: &Type) -> Vec<usize> {
    crate::abi::owners(ty, 0)
}

/// Where the leaves of a tuple's item are.
pub(super) fn item(tuple: &Type, index: usize) -> std::ops::Range<usize> {
    let Type::Tuple(items, _) = tuple else { unreachable!("an item of {tuple}") };
    let start = items[..index].iter().map(|item| leaves(item).len()).sum();
    start..start + leaves(&items[index]).len()
}

/// A sound spelling of a float64 constant.
pub(super) fn double(value: f64) -> String {
    format!("0x{:016X}", value.to_bits())
}

/// A floating-point constant; LLVM writes float32 with the digits of a float64.
pub(super) fn float(scalar: Scalar, value: f64) -> String {
    if scalar.real() == Scalar::F32 { double(f64::from(value as f32)) } else { double(value) }
}

/// An integer constant: as a signed number of its width, which is how LLVM reads them all.
pub(super) fn integer(scalar: Scalar, value: i64) -> String {
    let unused = 64 - width(scalar);
    ((value << unused) >> unused).to_string()
}
