//! Arithmetic of real scalars on words: 64 bits that hold a value as a slot of [`crate::abi`] does.
//!
//! Nothing is returned for what is not defined for a type, which is also what [`crate::check`] asks.

use crate::ir::{Binary, Compare, Reduction, Unary};
use crate::types::{Kind, Scalar};
use std::ops::{Add, Div, Mul, Neg, Rem, Sub};

/// An operation on one word.
pub(crate) type One = fn(u64) -> u64;
/// An operation on two words.
pub(crate) type Two = fn(u64, u64) -> u64;

/// A scalar type as Rust has it, in a word.
pub trait Word: Copy + PartialEq + PartialOrd {
    /// The value in a word.
    fn of(word: u64) -> Self;
    /// The word that holds it: extended as the type says.
    fn word(self) -> u64;
}

impl Word for bool {
    fn of(word: u64) -> Self {
        word != 0
    }

    fn word(self) -> u64 {
        u64::from(self)
    }
}

/// Integers: what Rust has as methods of each type.
pub(crate) trait Integer: Word {
    const BITS: u32;
    const MIN: Self;
    const MAX: Self;
    const ZERO: Self;
    const ONE: Self;
    fn add(self, other: Self) -> Self;
    fn sub(self, other: Self) -> Self;
    fn mul(self, other: Self) -> Self;
    /// Towards zero; the other is not 0.
    fn div(self, other: Self) -> Self;
    /// With the sign of the first; the other is not 0.
    fn rem(self, other: Self) -> Self;
    fn not(self) -> Self;
    fn shl(self, by: u32) -> Self;
    fn shr(self, by: u32) -> Self;
    fn ones(self) -> Self;
}

macro_rules! integers {
    ($($ty:ident as $wide:ident),*) => {$(
        impl Word for $ty {
            fn of(word: u64) -> Self {
                word as $ty
            }

            fn word(self) -> u64 {
                $wide::from(self) as u64
            }
        }

        impl Integer for $ty {
            const BITS: u32 = $ty::BITS;
            const MIN: Self = $ty::MIN;
            const MAX: Self = $ty::MAX;
            const ZERO: Self = 0;
            const ONE: Self = 1;

            fn add(self, other: Self) -> Self {
                self.wrapping_add(other)
            }

            fn sub(self, other: Self) -> Self {
                self.wrapping_sub(other)
            }

            fn mul(self, other: Self) -> Self {
                self.wrapping_mul(other)
            }

            fn div(self, other: Self) -> Self {
                self.wrapping_div(other)
            }

            fn rem(self, other: Self) -> Self {
                self.wrapping_rem(other)
            }

            fn not(self) -> Self {
                !self
            }

            fn shl(self, by: u32) -> Self {
                self.wrapping_shl(by)
            }

            fn shr(self, by: u32) -> Self {
                self.wrapping_shr(by)
            }

            fn ones(self) -> Self {
                self.count_ones() as $ty
            }
        }
    )*};
}

integers!(i8 as i64, i16 as i64, i32 as i64, i64 as i64);
integers!(u8 as u64, u16 as u64, u32 as u64, u64 as u64);

/// Floats: what Rust has as methods of each type.
pub trait Float:
    Word
    + Add<Output = Self>
    + Sub<Output = Self>
    + Mul<Output = Self>
    + Div<Output = Self>
    + Rem<Output = Self>
    + Neg<Output = Self>
{
    const ZERO: Self;
    const ONE: Self;
    const INFINITY: Self;
    fn is_nan(self) -> bool;
    /// Whether the sign is set.
    fn is_negative(self) -> bool;
    fn abs(self) -> Self;
    fn floor(self) -> Self;
    fn copysign(self, sign: Self) -> Self;
    fn of_f64(value: f64) -> Self;
    fn f64(self) -> f64;
}

macro_rules! floats {
    ($($ty:ident as $bits:ident),*) => {$(
        impl Word for $ty {
            fn of(word: u64) -> Self {
                $ty::from_bits(word as $bits)
            }

            fn word(self) -> u64 {
                u64::from(self.to_bits())
            }
        }

        impl Float for $ty {
            const ZERO: Self = 0.0;
            const ONE: Self = 1.0;
            const INFINITY: Self = $ty::INFINITY;

            fn is_nan(self) -> bool {
                self.is_nan()
            }

            fn is_negative(self) -> bool {
                self.is_sign_negative()
            }

            fn abs(self) -> Self {
                self.abs()
            }

            fn floor(self) -> Self {
                self.floor()
            }

            fn copysign(self, sign: Self) -> Self {
                self.copysign(sign)
            }

            fn of_f64(value: f64) -> Self {
                value as $ty
            }

            fn f64(self) -> f64 {
                f64::from(self)
            }
        }
    )*};
}

floats!(f32 as u32, f64 as u64);

/// Calls a generic function for the Rust type of a real scalar type.
macro_rules! real {
    ($scalar:expr, bool: $bool:expr, integer: $integer:ident, float: $float:ident, ($($arg:expr),*)) => {
        match $scalar {
            Scalar::Bool => $bool,
            Scalar::I8 => $integer::<i8>($($arg),*),
            Scalar::I16 => $integer::<i16>($($arg),*),
            Scalar::I32 => $integer::<i32>($($arg),*),
            Scalar::I64 => $integer::<i64>($($arg),*),
            Scalar::U8 => $integer::<u8>($($arg),*),
            Scalar::U16 => $integer::<u16>($($arg),*),
            Scalar::U32 => $integer::<u32>($($arg),*),
            Scalar::U64 => $integer::<u64>($($arg),*),
            Scalar::F32 => $float::<f32>($($arg),*),
            Scalar::F64 => $float::<f64>($($arg),*),
            Scalar::C64 | Scalar::C128 => None,
        }
    };
}

/// An operation on one operand of a type.
pub(crate) fn unary(op: Unary, scalar: Scalar) -> Option<One> {
    real!(scalar, bool: unary_bool(op), integer: unary_integer, float: unary_float, (op))
}

fn unary_bool(op: Unary) -> Option<One> {
    match op {
        Unary::Not | Unary::Invert => Some(|x| (!bool::of(x)).word()),
        Unary::Abs => Some(|x| x),
        _ => None,
    }
}

fn unary_integer<T: Integer>(op: Unary) -> Option<One> {
    Some(match op {
        Unary::Neg => |x| T::ZERO.sub(T::of(x)).word(),
        Unary::Invert => |x| T::of(x).not().word(),
        Unary::Abs => |x| {
            let x = T::of(x);
            if x < T::ZERO { T::ZERO.sub(x).word() } else { x.word() }
        },
        Unary::PopCount => |x| T::of(x).ones().word(),
        Unary::Not => return None,
    })
}

fn unary_float<T: Float>(op: Unary) -> Option<One> {
    match op {
        Unary::Neg => Some(|x| (-T::of(x)).word()),
        Unary::Abs => Some(|x| T::of(x).abs().word()),
        _ => None,
    }
}

/// An operation on two operands of a type.
pub(crate) fn binary(op: Binary, scalar: Scalar) -> Option<Two> {
    real!(scalar, bool: binary_bool(op), integer: binary_integer, float: binary_float, (op))
}

fn binary_bool(op: Binary) -> Option<Two> {
    match op {
        Binary::Add | Binary::Or | Binary::Max | Binary::FMax => Some(|a, b| a | b),
        Binary::Mul | Binary::And | Binary::Min | Binary::FMin => Some(|a, b| a & b),
        Binary::Xor => Some(|a, b| a ^ b),
        _ => None,
    }
}

/// A function on words of one on values.
macro_rules! two {
    (|$a:ident, $b:ident| $value:expr) => {
        |a, b| {
            let ($a, $b) = (T::of(a), T::of(b));
            $value.word()
        }
    };
}

fn binary_integer<T: Integer>(op: Binary) -> Option<Two> {
    Some(match op {
        Binary::Add => two!(|a, b| a.add(b)),
        Binary::Sub => two!(|a, b| a.sub(b)),
        Binary::Mul => two!(|a, b| a.mul(b)),
        Binary::FloorDiv => two!(|a, b| floor_div(a, b)),
        Binary::Mod => two!(|a, b| floor_mod(a, b)),
        Binary::Rem => two!(|a, b| if b == T::ZERO { T::ZERO } else { a.rem(b) }),
        Binary::Pow => two!(|a, b| pow(a, b.word())),
        Binary::And => |a, b| a & b,
        Binary::Or => |a, b| a | b,
        Binary::Xor => |a, b| a ^ b,
        Binary::ShiftLeft => {
            two!(|a, b| if b.word() < T::BITS.into() { a.shl(b.word() as u32) } else { T::ZERO })
        }
        Binary::ShiftRight => two!(|a, b| a.shr(b.word().min(u64::from(T::BITS) - 1) as u32)),
        Binary::Min | Binary::FMin => two!(|a, b| if b < a { b } else { a }),
        Binary::Max | Binary::FMax => two!(|a, b| if b > a { b } else { a }),
        Binary::Div | Binary::CopySign => return None,
    })
}

fn floor_div<T: Integer>(a: T, b: T) -> T {
    if b == T::ZERO {
        return T::ZERO;
    }
    let quotient = a.div(b);
    let inexact = quotient.mul(b) != a;
    if inexact && (a < T::ZERO) != (b < T::ZERO) { quotient.sub(T::ONE) } else { quotient }
}

fn floor_mod<T: Integer>(a: T, b: T) -> T {
    if b == T::ZERO { T::ZERO } else { a.sub(floor_div(a, b).mul(b)) }
}

fn pow<T: Integer>(mut base: T, mut exponent: u64) -> T {
    let mut power = T::ONE;
    while exponent > 0 {
        if exponent & 1 == 1 {
            power = power.mul(base);
        }
        base = base.mul(base);
        exponent >>= 1;
    }
    power
}

fn binary_float<T: Float>(op: Binary) -> Option<Two> {
    Some(match op {
        Binary::Add => two!(|a, b| (a + b)),
        Binary::Sub => two!(|a, b| (a - b)),
        Binary::Mul => two!(|a, b| (a * b)),
        Binary::Div => two!(|a, b| (a / b)),
        Binary::FloorDiv => two!(|a, b| float_floor_div(a, b)),
        Binary::Mod => two!(|a, b| float_mod(a, b)),
        Binary::Rem => two!(|a, b| (a % b)),
        Binary::Min => two!(|a, b| if a.is_nan() || is_less(a, b) { a } else { b }),
        Binary::Max => two!(|a, b| if a.is_nan() || is_less(b, a) { a } else { b }),
        Binary::FMin => two!(|a, b| if b.is_nan() || is_less(a, b) { a } else { b }),
        Binary::FMax => two!(|a, b| if b.is_nan() || is_less(b, a) { a } else { b }),
        Binary::CopySign => two!(|a, b| a.copysign(b)),
        _ => return None,
    })
}

/// Whether one is the smaller; -0.0 is smaller than 0.0.
fn is_less<T: Float>(a: T, b: T) -> bool {
    a < b || a == b && a.is_negative()
}

/// As NumPy's `floor_divide`: the remainder is taken off first, so that the quotient is nearly whole.
fn float_floor_div<T: Float>(a: T, b: T) -> T {
    if b == T::ZERO {
        return a / b;
    }
    let rest = a % b;
    let mut quotient = (a - rest) / b;
    if rest != T::ZERO && (rest < T::ZERO) != (b < T::ZERO) {
        quotient = quotient - T::ONE;
    }
    if quotient == T::ZERO {
        return T::ZERO.copysign(a / b);
    }
    let floor = quotient.floor();
    if quotient - floor > T::of_f64(0.5) { floor + T::ONE } else { floor }
}

/// As NumPy's `remainder`.
fn float_mod<T: Float>(a: T, b: T) -> T {
    let rest = a % b;
    if b == T::ZERO {
        rest
    } else if rest == T::ZERO {
        T::ZERO.copysign(b)
    } else if (rest < T::ZERO) != (b < T::ZERO) {
        rest + b
    } else {
        rest
    }
}

/// A comparison of two operands of a type.
pub(crate) fn compare(op: Compare, scalar: Scalar) -> Option<Two> {
    real!(scalar, bool: compare_words::<bool>(op), integer: compare_words, float: compare_words, (op))
}

fn compare_words<T: Word>(op: Compare) -> Option<Two> {
    Some(match op {
        Compare::Eq => two!(|a, b| (a == b)),
        Compare::Ne => two!(|a, b| (a != b)),
        Compare::Lt => two!(|a, b| (a < b)),
        Compare::Le => two!(|a, b| (a <= b)),
        Compare::Gt => two!(|a, b| (a > b)),
        Compare::Ge => two!(|a, b| (a >= b)),
    })
}

/// The conversion from one real type to another.
pub(crate) fn cast(from: Scalar, to: Scalar) -> Option<One> {
    match from {
        Scalar::F32 => cast_float::<f32>(to),
        Scalar::F64 => cast_float::<f64>(to),
        _ => cast_integer(from.kind() == Kind::Unsigned, to),
    }
}

fn cast_integer(unsigned: bool, to: Scalar) -> Option<One> {
    match to {
        Scalar::F32 if unsigned => Some(|x| (x as f32).word()),
        Scalar::F64 if unsigned => Some(|x| (x as f64).word()),
        Scalar::F32 => Some(|x| (x.cast_signed() as f32).word()),
        Scalar::F64 => Some(|x| (x.cast_signed() as f64).word()),
        _ => narrow(to),
    }
}

/// From an integer to one of a type.
fn narrow(to: Scalar) -> Option<One> {
    fn to_bool() -> Option<One> {
        Some(|x| bool::of(x).word())
    }
    fn to_integer<T: Word>() -> Option<One> {
        Some(|x| T::of(x).word())
    }
    real!(to, bool: to_bool(), integer: to_integer, float: to_integer, ())
}

/// What does not fit becomes the nearest that fits 32 or 64 bits, and narrower types take the low bits of
/// that, as NumPy's conversions do on most machines.
fn cast_float<T: Float>(to: Scalar) -> Option<One> {
    match to {
        Scalar::Bool => Some(|x| (T::of(x) != T::ZERO).word()),
        Scalar::I8 => Some(|x| i8::of((T::of(x).f64() as i32).word()).word()),
        Scalar::I16 => Some(|x| i16::of((T::of(x).f64() as i32).word()).word()),
        Scalar::I32 => Some(|x| (T::of(x).f64() as i32).word()),
        Scalar::I64 => Some(|x| (T::of(x).f64() as i64).word()),
        Scalar::U8 => Some(|x| u8::of((T::of(x).f64() as i32).word()).word()),
        Scalar::U16 => Some(|x| u16::of((T::of(x).f64() as i32).word()).word()),
        Scalar::U32 => Some(|x| u32::of((T::of(x).f64() as i64).word()).word()),
        Scalar::U64 => Some(|x| {
            let x = T::of(x).f64();
            // Negative numbers wrap around.
            if x < 0.0 { (x as i64).word() } else { x as u64 }
        }),
        Scalar::F32 => Some(|x| (T::of(x).f64() as f32).word()),
        Scalar::F64 => Some(|x| T::of(x).f64().word()),
        Scalar::C64 | Scalar::C128 => None,
    }
}

/// What a reduction begins with: a value that changes no other.
pub(crate) fn identity(reduction: Reduction, scalar: Scalar) -> Option<u64> {
    real!(
        scalar,
        bool: Some(matches!(reduction, Reduction::Mul | Reduction::Min | Reduction::And).word()),
        integer: integer_identity,
        float: float_identity,
        (reduction)
    )
}

fn integer_identity<T: Integer>(reduction: Reduction) -> Option<u64> {
    let identity = match reduction {
        Reduction::Add | Reduction::Or | Reduction::Xor => T::ZERO,
        Reduction::Mul => T::ONE,
        Reduction::Min => T::MAX,
        Reduction::Max => T::MIN,
        Reduction::And => T::ZERO.not(),
    };
    Some(identity.word())
}

fn float_identity<T: Float>(reduction: Reduction) -> Option<u64> {
    let identity = match reduction {
        Reduction::Add => T::ZERO,
        Reduction::Mul => T::ONE,
        Reduction::Min => T::INFINITY,
        Reduction::Max => -T::INFINITY,
        Reduction::And | Reduction::Or | Reduction::Xor => return None,
    };
    Some(identity.word())
}

/// The operation that combines partial results.
pub(crate) fn combination(reduction: Reduction) -> Binary {
    match reduction {
        Reduction::Add => Binary::Add,
        Reduction::Mul => Binary::Mul,
        Reduction::Min => Binary::Min,
        Reduction::Max => Binary::Max,
        Reduction::And => Binary::And,
        Reduction::Or => Binary::Or,
        Reduction::Xor => Binary::Xor,
    }
}
