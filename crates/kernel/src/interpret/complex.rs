//! Arithmetic of complex numbers, each in two words.

use super::scalar::{self, Float, Word};
use crate::ir::{Binary, Compare, Reduction, Unary};
use crate::types::Scalar;

/// An operation on one number.
pub(crate) type One = fn([u64; 2]) -> [u64; 2];
/// An operation on two.
pub(crate) type Two = fn([u64; 2], [u64; 2]) -> [u64; 2];

/// A comparison of two.
pub(crate) type Test = fn([u64; 2], [u64; 2]) -> u64;

/// A complex number as C has it.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Complex<T> {
    /// The real part.
    pub re: T,
    /// The imaginary part.
    pub im: T,
}

impl<T: Float> Complex<T> {
    pub(crate) fn of(words: [u64; 2]) -> Self {
        Self { re: T::of(words[0]), im: T::of(words[1]) }
    }

    pub(crate) fn words(self) -> [u64; 2] {
        [self.re.word(), self.im.word()]
    }

    pub(crate) fn scale(self, by: T) -> Self {
        Self { re: self.re * by, im: self.im * by }
    }

    fn add(self, other: Self) -> Self {
        Self { re: self.re + other.re, im: self.im + other.im }
    }

    fn sub(self, other: Self) -> Self {
        Self { re: self.re - other.re, im: self.im - other.im }
    }

    fn mul(self, other: Self) -> Self {
        Self {
            re: self.re * other.re - self.im * other.im,
            im: self.re * other.im + self.im * other.re,
        }
    }

    /// Smith's method (Algorithm 116: Complex division, 1962), step by step as NumPy has it.
    fn div(self, other: Self) -> Self {
        let (re, im) = (other.re.abs(), other.im.abs());
        if re >= im {
            if re == T::ZERO {
                return Self { re: self.re / re, im: self.im / re };
            }
            let ratio = other.im / other.re;
            let scale = T::ONE / (other.re + other.im * ratio);
            Self {
                re: (self.re + self.im * ratio) * scale,
                im: (self.im - self.re * ratio) * scale,
            }
        } else {
            let ratio = other.re / other.im;
            let scale = T::ONE / (other.im + other.re * ratio);
            Self {
                re: (self.re * ratio + self.im) * scale,
                im: (self.im * ratio - self.re) * scale,
            }
        }
    }
}

/// An operation on one operand of a type.
pub(crate) fn unary(op: Unary, scalar: Scalar) -> Option<One> {
    fn negated<T: Float>(z: [u64; 2]) -> [u64; 2] {
        [(-T::of(z[0])).word(), (-T::of(z[1])).word()]
    }
    match (op, scalar) {
        (Unary::Neg, Scalar::C64) => Some(negated::<f32>),
        (Unary::Neg, Scalar::C128) => Some(negated::<f64>),
        _ => None,
    }
}

/// The absolute value.
pub(crate) fn abs(scalar: Scalar) -> Option<fn([u64; 2]) -> u64> {
    match scalar {
        Scalar::C64 => Some(|z| f32::of(z[0]).hypot(f32::of(z[1])).word()),
        Scalar::C128 => Some(|z| f64::of(z[0]).hypot(f64::of(z[1])).word()),
        _ => None,
    }
}

/// An operation on two operands of a type.
pub(crate) fn binary(op: Binary, scalar: Scalar) -> Option<Two> {
    match scalar {
        Scalar::C64 => binary_of::<f32>(op),
        Scalar::C128 => binary_of::<f64>(op),
        _ => None,
    }
}

fn binary_of<T: Float>(op: Binary) -> Option<Two> {
    Some(match op {
        Binary::Add => |a, b| Complex::<T>::of(a).add(Complex::of(b)).words(),
        Binary::Sub => |a, b| Complex::<T>::of(a).sub(Complex::of(b)).words(),
        Binary::Mul => |a, b| Complex::<T>::of(a).mul(Complex::of(b)).words(),
        Binary::Div => |a, b| Complex::<T>::of(a).div(Complex::of(b)).words(),
        _ => return None,
    })
}

/// A comparison; complex numbers have no order.
pub(crate) fn compare(op: Compare, scalar: Scalar) -> Option<Test> {
    fn equal<T: Float>(a: [u64; 2], b: [u64; 2]) -> bool {
        Complex::<T>::of(a) == Complex::of(b)
    }
    match (op, scalar) {
        (Compare::Eq, Scalar::C64) => Some(|a, b| u64::from(equal::<f32>(a, b))),
        (Compare::Ne, Scalar::C64) => Some(|a, b| u64::from(!equal::<f32>(a, b))),
        (Compare::Eq, Scalar::C128) => Some(|a, b| u64::from(equal::<f64>(a, b))),
        (Compare::Ne, Scalar::C128) => Some(|a, b| u64::from(!equal::<f64>(a, b))),
        _ => None,
    }
}

/// What a reduction begins with.
pub(crate) fn identity(reduction: Reduction, scalar: Scalar) -> Option<[u64; 2]> {
    match reduction {
        Reduction::Add | Reduction::Mul if scalar.is_complex() => {
            Some([scalar::identity(reduction, scalar.real())?, 0])
        }
        _ => None,
    }
}
