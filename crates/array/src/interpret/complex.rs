//! Operations on complex numbers, step by step as NumPy has them; what is beyond arithmetic is C's
//! library's.

use super::loops::{Loop, long, one, two};
use super::types::typed;
use kernel::interpret::{Complex, libm};
use kernel::types::Scalar;

/// An expression in which `T` is the type of the parts.
macro_rules! parts {
    ($scalar:expr, $body:expr) => {
        typed!($scalar, [C64 f32, C128 f64], $body)
    };
}

/// What is defined for the parts of either type.
pub(super) trait Arithmetic: Copy {
    /// The product.
    fn times(self, other: Self) -> Self;
    /// The quotient, by Smith's method (Algorithm 116: Complex division, 1962).
    fn over(self, other: Self) -> Self;
    /// 1 over it.
    fn reciprocal(self) -> Self;
    /// The number of absolute value 1 in the same direction.
    fn sign(self) -> Self;
    /// The power.
    fn power(self, exponent: Self) -> Self;
    /// Whether a part is not a number.
    fn is_nan(self) -> bool;
    /// Whether a part is not 0.
    fn is_true(self) -> bool;
    /// Whether it comes before another: by the real parts, then by the others.
    fn is_less(self, other: Self) -> bool;
    /// Whether it comes before another or is the same.
    fn is_less_or_equal(self, other: Self) -> bool;
}

macro_rules! arithmetic {
    ($($ty:ident $power:ident),*) => {$(
        impl Arithmetic for Complex<$ty> {
            #[inline(always)]
            fn times(self, other: Self) -> Self {
                Self {
                    re: self.re * other.re - self.im * other.im,
                    im: self.re * other.im + self.im * other.re,
                }
            }

            #[inline(always)]
            fn over(self, other: Self) -> Self {
                if other.re.abs() >= other.im.abs() {
                    if other.re == 0.0 && other.im == 0.0 {
                        return Self { re: self.re / other.re.abs(), im: self.im / other.re.abs() };
                    }
                    let ratio = other.im / other.re;
                    let scale = 1.0 / (other.re + other.im * ratio);
                    Self {
                        re: (self.re + self.im * ratio) * scale,
                        im: (self.im - self.re * ratio) * scale,
                    }
                } else {
                    let ratio = other.re / other.im;
                    let scale = 1.0 / (other.im + other.re * ratio);
                    Self {
                        re: (self.re * ratio + self.im) * scale,
                        im: (self.im * ratio - self.re) * scale,
                    }
                }
            }

            #[inline(always)]
            fn reciprocal(self) -> Self {
                if self.im.abs() <= self.re.abs() {
                    let ratio = self.im / self.re;
                    let below = self.re + self.im * ratio;
                    Self { re: 1.0 / below, im: -ratio / below }
                } else {
                    let ratio = self.re / self.im;
                    let below = self.re * ratio + self.im;
                    Self { re: ratio / below, im: -1.0 / below }
                }
            }

            fn sign(self) -> Self {
                let Self { re, im } = self;
                let length = re.hypot(im);
                if length.is_nan() || re.is_infinite() && im.is_infinite() {
                    Self { re: $ty::NAN, im: $ty::NAN }
                } else if re.is_infinite() {
                    Self { re: re.signum(), im: 0.0 }
                } else if length.is_infinite() {
                    Self { re: 0.0, im: im.signum() }
                } else if length == 0.0 {
                    Self { re: 0.0, im: 0.0 }
                } else {
                    Self { re: re / length, im: im / length }
                }
            }

            fn power(self, exponent: Self) -> Self {
                if !exponent.is_true() {
                    return Self { re: 1.0, im: 0.0 };
                }
                if !self.is_true() {
                    let power = if exponent.re > 0.0 { 0.0 } else { $ty::NAN };
                    return Self { re: power, im: power };
                }
                let whole = exponent.re as i32;
                let is_whole = exponent.im == 0.0 && $ty::from(whole as i16) == exponent.re;
                if !is_whole || whole.abs() >= 100 {
                    return libm::$power(self, exponent);
                }
                // These have no product with 1, which is not exact where something is infinite.
                match whole {
                    1 => return self,
                    2 => return self.times(self),
                    3 => return self.times(self.times(self)),
                    _ => {}
                }
                let mut power = Self { re: 1.0, im: 0.0 };
                let (mut base, mut left) = (self, whole.unsigned_abs());
                while left > 0 {
                    if left & 1 == 1 {
                        power = power.times(base);
                    }
                    base = base.times(base);
                    left >>= 1;
                }
                if whole < 0 { power.reciprocal() } else { power }
            }

            #[inline(always)]
            fn is_nan(self) -> bool {
                self.re.is_nan() | self.im.is_nan()
            }

            #[inline(always)]
            fn is_true(self) -> bool {
                (self.re != 0.0) | (self.im != 0.0)
            }

            #[inline(always)]
            fn is_less(self, other: Self) -> bool {
                self.re < other.re && !self.im.is_nan() && !other.im.is_nan()
                    || self.re == other.re && self.im < other.im
            }

            #[inline(always)]
            fn is_less_or_equal(self, other: Self) -> bool {
                self.re < other.re && !self.im.is_nan() && !other.im.is_nan()
                    || self.re == other.re && self.im <= other.im
            }
        }
    )*};
}

arithmetic!(f32 cpowf, f64 cpow);

/// Of one complex number, which makes another of its type.
pub(super) fn unary(op: &str, of: Scalar) -> Option<Loop> {
    parts!(
        of,
        Some(match op {
            "negative" => one(|z: Complex<T>| Complex { re: -z.re, im: -z.im }),
            "conjugate" => one(|z: Complex<T>| Complex { re: z.re, im: -z.im }),
            "square" => one(|z: Complex<T>| z.times(z)),
            "rint" => one(|z: Complex<T>| Complex {
                re: z.re.round_ties_even(),
                im: z.im.round_ties_even(),
            }),
            "reciprocal" => one(|z: Complex<T>| z.reciprocal()),
            "sign" => one(|z: Complex<T>| z.sign()),
            "expm1" => one(|z: Complex<T>| {
                let half = (z.im / 2.0).sin();
                let re = z.re.exp_m1() * z.im.cos() - 2.0 * half * half;
                Complex { re, im: z.re.exp() * z.im.sin() }
            }),
            "log1p" => one(|z: Complex<T>| {
                let re = z.re + 1.0;
                Complex { re: re.hypot(z.im).ln(), im: z.im.atan2(re) }
            }),
            _ => return library(op, of),
        })
    )
}

/// Functions of C's library, of a number perhaps scaled before, scaled perhaps after.
fn library(op: &str, of: Scalar) -> Option<Loop> {
    fn scaled<T: std::ops::Mul<Output = T> + Copy>(z: Complex<T>, by: T) -> Complex<T> {
        Complex { re: z.re * by, im: z.im * by }
    }
    macro_rules! table {
        ($($name:literal $single:ident $double:ident),*) => {
            match (op, of) {
                $(
                    ($name, Scalar::C64) => Some(one(|z: Complex<f32>| libm::$single(z))),
                    ($name, Scalar::C128) => Some(one(|z: Complex<f64>| libm::$double(z))),
                )*
                _ => None,
            }
        };
    }
    macro_rules! logarithms {
        ($ty:ident, $exp:ident, $log:ident) => {{
            use std::$ty::consts::{LN_2, LOG2_E, LOG10_E};
            match op {
                "exp2" => Some(one(|z: Complex<$ty>| libm::$exp(scaled(z, LN_2)))),
                "log2" => Some(one(|z: Complex<$ty>| scaled(libm::$log(z), LOG2_E))),
                "log10" => Some(one(|z: Complex<$ty>| scaled(libm::$log(z), LOG10_E))),
                _ => None,
            }
        }};
    }
    let of_base_2_or_10 = match of {
        Scalar::C64 => logarithms!(f32, cexpf, clogf),
        Scalar::C128 => logarithms!(f64, cexp, clog),
        _ => None,
    };
    of_base_2_or_10.or_else(|| {
        table!(
            "sqrt" csqrtf csqrt, "exp" cexpf cexp, "log" clogf clog, "sin" csinf csin,
            "cos" ccosf ccos, "tan" ctanf ctan, "arcsin" casinf casin, "arccos" cacosf cacos,
            "arctan" catanf catan, "sinh" csinhf csinh, "cosh" ccoshf ccosh, "tanh" ctanhf ctanh,
            "arcsinh" casinhf casinh, "arccosh" cacoshf cacosh, "arctanh" catanhf catanh
        )
    })
}

/// A real number that a complex one has.
pub(super) fn part(op: &str, of: Scalar) -> Option<Loop> {
    parts!(
        of,
        Some(match op {
            "absolute" => one(|z: Complex<T>| z.re.hypot(z.im)),
            "real" => one(|z: Complex<T>| z.re),
            "imag" => one(|z: Complex<T>| z.im),
            _ => return None,
        })
    )
}

/// A test of one complex number.
pub(super) fn test(op: &str, of: Scalar) -> Option<Loop> {
    parts!(
        of,
        Some(match op {
            "logical_not" => one(|z: Complex<T>| !z.is_true()),
            "isfinite" => one(|z: Complex<T>| z.re.is_finite() & z.im.is_finite()),
            "isinf" => one(|z: Complex<T>| z.re.is_infinite() | z.im.is_infinite()),
            "isnan" => one(|z: Complex<T>| z.is_nan()),
            _ => return None,
        })
    )
}

/// A comparison of two complex numbers.
pub(super) fn compare(op: &str, of: Scalar) -> Option<Loop> {
    parts!(
        of,
        Some(match op {
            "equal" => two(|a: Complex<T>, b: Complex<T>| (a.re == b.re) & (a.im == b.im)),
            "not_equal" => two(|a: Complex<T>, b: Complex<T>| (a.re != b.re) | (a.im != b.im)),
            "less" => long(|a: Complex<T>, b: Complex<T>| a.is_less(b)),
            "less_equal" => long(|a: Complex<T>, b: Complex<T>| a.is_less_or_equal(b)),
            "greater" => long(|a: Complex<T>, b: Complex<T>| b.is_less(a)),
            "greater_equal" => long(|a: Complex<T>, b: Complex<T>| b.is_less_or_equal(a)),
            "logical_and" => long(|a: Complex<T>, b: Complex<T>| a.is_true() & b.is_true()),
            "logical_or" => long(|a: Complex<T>, b: Complex<T>| a.is_true() | b.is_true()),
            "logical_xor" => long(|a: Complex<T>, b: Complex<T>| a.is_true() ^ b.is_true()),
            _ => return None,
        })
    )
}

/// Of two complex numbers, which make another of their type.
pub(super) fn binary(op: &str, of: Scalar) -> Option<Loop> {
    parts!(
        of,
        Some(match op {
            "add" => two(|a: Complex<T>, b: Complex<T>| sum(a, b)),
            "subtract" =>
                two(|a: Complex<T>, b: Complex<T>| Complex { re: a.re - b.re, im: a.im - b.im }),
            "multiply" => two(|a: Complex<T>, b: Complex<T>| a.times(b)),
            "divide" => two(|a: Complex<T>, b: Complex<T>| a.over(b)),
            "power" | "float_power" => long(|a: Complex<T>, b: Complex<T>| a.power(b)),
            "maximum" => long(|a: Complex<T>, b: Complex<T>| {
                if a.is_nan() || b.is_less_or_equal(a) { a } else { b }
            }),
            "minimum" => long(|a: Complex<T>, b: Complex<T>| {
                if a.is_nan() || a.is_less_or_equal(b) { a } else { b }
            }),
            "fmax" => long(|a: Complex<T>, b: Complex<T>| {
                if b.is_nan() || b.is_less_or_equal(a) { a } else { b }
            }),
            "fmin" => long(|a: Complex<T>, b: Complex<T>| {
                if b.is_nan() || a.is_less_or_equal(b) { a } else { b }
            }),
            _ => return None,
        })
    )
}

/// The sum.
#[inline(always)]
pub(super) fn sum<T: std::ops::Add<Output = T>>(a: Complex<T>, b: Complex<T>) -> Complex<T> {
    Complex { re: a.re + b.re, im: a.im + b.im }
}
