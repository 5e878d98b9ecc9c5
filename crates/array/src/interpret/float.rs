//! Operations on floats.

use super::loops::{Loop, long, long_three, long_unless, one, two};
use super::types::{floats, typed};
use kernel::interpret::libm;
use kernel::types::Scalar;

/// Functions of C's library, which have a name for each type.
pub(super) trait Float: Copy {
    /// That of one float.
    fn c(self, single: impl Fn(f32) -> f32, double: impl Fn(f64) -> f64) -> Self;
    /// The float that comes next in the direction of another.
    fn next_after(self, other: Self) -> Self;
    /// Times a power of 2.
    fn scaled(self, by: i32) -> Self;
}

impl Float for f32 {
    #[inline(always)]
    fn c(self, single: impl Fn(f32) -> f32, _: impl Fn(f64) -> f64) -> Self {
        single(self)
    }

    #[inline(always)]
    fn next_after(self, other: Self) -> Self {
        libm::nextafterf(self, other)
    }

    #[inline(always)]
    fn scaled(self, by: i32) -> Self {
        libm::ldexpf(self, by)
    }
}

impl Float for f64 {
    #[inline(always)]
    fn c(self, _: impl Fn(f32) -> f32, double: impl Fn(f64) -> f64) -> Self {
        double(self)
    }

    #[inline(always)]
    fn next_after(self, other: Self) -> Self {
        libm::nextafter(self, other)
    }

    #[inline(always)]
    fn scaled(self, by: i32) -> Self {
        libm::ldexp(self, by)
    }
}

/// Of one float, which makes another of its type.
pub(super) fn unary(op: &str, of: Scalar) -> Option<Loop> {
    floats!(
        of,
        Some(match op {
            "negative" => one(|x: T| -x),
            "absolute" | "fabs" => one(|x: T| x.abs()),
            "sign" => one(|x: T| {
                let sign = T::from(i8::from(x > 0.0) - i8::from(x < 0.0));
                if x.is_nan() { x } else { sign }
            }),
            "reciprocal" => one(|x: T| 1.0 / x),
            "square" => one(|x: T| x * x),
            "sqrt" => one(|x: T| x.sqrt()),
            "rint" => one(|x: T| x.round_ties_even()),
            "floor" => one(|x: T| x.floor()),
            "ceil" => one(|x: T| x.ceil()),
            "trunc" => one(|x: T| x.trunc()),
            "degrees" | "rad2deg" => one(|x: T| x * (180.0 / std::f64::consts::PI as T)),
            "radians" | "deg2rad" => one(|x: T| x * (std::f64::consts::PI as T / 180.0)),
            "cbrt" => one(|x: T| x.cbrt()),
            "exp" => one(|x: T| x.exp()),
            "exp2" => one(|x: T| x.exp2()),
            "expm1" => one(|x: T| x.exp_m1()),
            "log" => one(|x: T| x.ln()),
            "log2" => one(|x: T| x.log2()),
            "log10" => one(|x: T| x.log10()),
            "log1p" => one(|x: T| x.ln_1p()),
            "sin" => one(|x: T| x.sin()),
            "cos" => one(|x: T| x.cos()),
            "tan" => one(|x: T| x.tan()),
            "arcsin" => one(|x: T| x.asin()),
            "arccos" => one(|x: T| x.acos()),
            "arctan" => one(|x: T| x.atan()),
            "sinh" => one(|x: T| x.sinh()),
            "cosh" => one(|x: T| x.cosh()),
            "tanh" => one(|x: T| x.tanh()),
            "arcsinh" => one(|x: T| x.c(|x| libm::asinhf(x), |x| libm::asinh(x))),
            "arccosh" => one(|x: T| x.c(|x| libm::acoshf(x), |x| libm::acosh(x))),
            "arctanh" => one(|x: T| x.c(|x| libm::atanhf(x), |x| libm::atanh(x))),
            // To the next float away from 0.
            "spacing" => one(|x: T| {
                let away = if x < 0.0 { -T::INFINITY } else { T::INFINITY };
                if x.is_infinite() { T::NAN } else { x.next_after(away) - x }
            }),
            _ => return None,
        })
    )
}

/// A test of one float.
pub(super) fn test(op: &str, of: Scalar) -> Option<Loop> {
    floats!(
        of,
        Some(match op {
            "logical_not" => one(|x: T| x == 0.0),
            "isfinite" => one(|x: T| x.is_finite()),
            "isinf" => one(|x: T| x.is_infinite()),
            "isnan" => one(|x: T| x.is_nan()),
            "signbit" => one(|x: T| x.is_sign_negative()),
            _ => return None,
        })
    )
}

/// A comparison of two floats.
pub(super) fn compare(op: &str, of: Scalar) -> Option<Loop> {
    floats!(
        of,
        Some(match op {
            "equal" => two(|a: T, b: T| a == b),
            "not_equal" => two(|a: T, b: T| a != b),
            "less" => two(|a: T, b: T| a < b),
            "less_equal" => two(|a: T, b: T| a <= b),
            "greater" => two(|a: T, b: T| a > b),
            "greater_equal" => two(|a: T, b: T| a >= b),
            "logical_and" => two(|a: T, b: T| (a != 0.0) & (b != 0.0)),
            "logical_or" => two(|a: T, b: T| (a != 0.0) | (b != 0.0)),
            "logical_xor" => two(|a: T, b: T| (a != 0.0) ^ (b != 0.0)),
            _ => return None,
        })
    )
}

/// Of two floats, which make another of their type.
pub(super) fn binary(op: &str, of: Scalar) -> Option<Loop> {
    floats!(
        of,
        Some(match op {
            "add" => two(|a: T, b: T| a + b),
            "subtract" => two(|a: T, b: T| a - b),
            "multiply" => two(|a: T, b: T| a * b),
            "divide" => two(|a: T, b: T| a / b),
            "maximum" => two(|a: T, b: T| if (a > b) | a.is_nan() { a } else { b }),
            "minimum" => two(|a: T, b: T| if (a < b) | a.is_nan() { a } else { b }),
            "fmax" => two(|a: T, b: T| if (a > b) | b.is_nan() { a } else { b }),
            "fmin" => two(|a: T, b: T| if (a < b) | b.is_nan() { a } else { b }),
            "copysign" => two(|a: T, b: T| a.copysign(b)),
            "fmod" => long(|a: T, b: T| a % b),
            "remainder" => long(|a: T, b: T| {
                let rest = a % b;
                if b == 0.0 {
                    rest
                } else if rest == 0.0 {
                    (0.0 as T).copysign(b)
                } else if (rest < 0.0) != (b < 0.0) {
                    rest + b
                } else {
                    rest
                }
            }),
            // The remainder is taken off first, so that the quotient is nearly whole.
            "floor_divide" => long(|a: T, b: T| {
                if b == 0.0 {
                    return a / b;
                }
                let rest = a % b;
                let mut quotient = (a - rest) / b;
                if rest != 0.0 && (rest < 0.0) != (b < 0.0) {
                    quotient -= 1.0;
                }
                if quotient == 0.0 {
                    return (0.0 as T).copysign(a / b);
                }
                let floor = quotient.floor();
                if quotient - floor > 0.5 { floor + 1.0 } else { floor }
            }),
            // NumPy multiplies if all are squared, which may differ from a power in the last bit.
            "power" => long_unless(|a: T, b: T| a.powf(b), |b: T| b == 2.0, |a: T| a * a),
            "float_power" => long(|a: T, b: T| a.powf(b)),
            "arctan2" => long(|a: T, b: T| a.atan2(b)),
            "hypot" => long(|a: T, b: T| a.hypot(b)),
            "nextafter" => long(|a: T, b: T| a.next_after(b)),
            "heaviside" => long(|x: T, middle: T| {
                if x.is_nan() {
                    x
                } else if x == 0.0 {
                    middle
                } else {
                    T::from(u8::from(x > 0.0))
                }
            }),
            "logaddexp" => long(|a: T, b: T| {
                let less = a - b;
                if a == b {
                    a + std::f64::consts::LN_2 as T
                } else if less > 0.0 {
                    a + (-less).exp().ln_1p()
                } else if less <= 0.0 {
                    b + less.exp().ln_1p()
                } else {
                    less
                }
            }),
            "logaddexp2" => long(|a: T, b: T| {
                let log2_1p = |x: T| std::f64::consts::LOG2_E as T * x.ln_1p();
                let less = a - b;
                if a == b {
                    a + 1.0
                } else if less > 0.0 {
                    a + log2_1p((-less).exp2())
                } else if less <= 0.0 {
                    b + log2_1p(less.exp2())
                } else {
                    less
                }
            }),
            _ => return None,
        })
    )
}

/// A float times a power of 2, which an integer says.
pub(super) fn scale(of: Scalar, by: Scalar) -> Option<Loop> {
    match by {
        Scalar::I32 => floats!(of, Some(long(|x: T, by: i32| x.scaled(by)))),
        Scalar::I64 => floats!(
            of,
            Some(long(|x: T, by: i64| {
                x.scaled(by.clamp(i32::MIN.into(), i32::MAX.into()) as i32)
            }))
        ),
        _ => None,
    }
}

/// The nearest that is within bounds; NaN if one of them is.
pub(super) fn clip(of: Scalar) -> Option<Loop> {
    floats!(
        of,
        Some(long_three(|x: T, low: T, high: T| {
            let above = if (x > low) | x.is_nan() { x } else { low };
            if (above < high) | above.is_nan() { above } else { high }
        }))
    )
}
