//! Mathematical functions on words: the C library's, as compiled code has them within an ulp.

use super::complex::Complex;
use super::libm;
use super::scalar::{One, Two, Word};
use crate::ir::Math;
use crate::types::Scalar;

/// A function of as many words as it takes.
#[derive(Clone, Copy)]
pub(crate) enum Real {
    One(One),
    Two(Two),
    Three(fn(u64, u64, u64) -> u64),
}

/// A function of complex numbers, each in two words.
#[derive(Clone, Copy)]
pub(crate) enum OfComplex {
    One(fn([u64; 2]) -> [u64; 2]),
    Two(fn([u64; 2], [u64; 2]) -> [u64; 2]),
    /// Says yes or no.
    Test(fn([u64; 2]) -> u64),
}

/// Finds a function of floats of one type: Rust's methods, and C's functions with the type's suffix.
macro_rules! of_floats {
    ($math:expr, $ty:ident, $asinh:ident, $acosh:ident, $atanh:ident, $erf:ident, $erfc:ident,
     $gamma:ident, $log_gamma:ident, $next_after:ident) => {{
        /// Of one operand: by a method, or by a function of C's.
        macro_rules! one {
            ($function:path) => {
                Real::One(|x| $function($ty::of(x)).word())
            };
        }
        macro_rules! two {
            ($function:path) => {
                Real::Two(|x, y| $function($ty::of(x), $ty::of(y)).word())
            };
        }
        match $math {
            Math::Sqrt => one!($ty::sqrt),
            Math::Cbrt => one!($ty::cbrt),
            Math::Exp => one!($ty::exp),
            Math::Exp2 => one!($ty::exp2),
            Math::Expm1 => one!($ty::exp_m1),
            Math::Log => one!($ty::ln),
            Math::Log2 => one!($ty::log2),
            Math::Log10 => one!($ty::log10),
            Math::Log1p => one!($ty::ln_1p),
            Math::Sin => one!($ty::sin),
            Math::Cos => one!($ty::cos),
            Math::Tan => one!($ty::tan),
            Math::Asin => one!($ty::asin),
            Math::Acos => one!($ty::acos),
            Math::Atan => one!($ty::atan),
            Math::Atan2 => two!($ty::atan2),
            Math::Sinh => one!($ty::sinh),
            Math::Cosh => one!($ty::cosh),
            Math::Tanh => one!($ty::tanh),
            Math::Asinh => one!(libm::$asinh),
            Math::Acosh => one!(libm::$acosh),
            Math::Atanh => one!(libm::$atanh),
            Math::Pow => two!($ty::powf),
            Math::Hypot => two!($ty::hypot),
            Math::Erf => one!(libm::$erf),
            Math::Erfc => one!(libm::$erfc),
            Math::Gamma => one!(libm::$gamma),
            Math::LogGamma => one!(libm::$log_gamma),
            Math::Floor => one!($ty::floor),
            Math::Ceil => one!($ty::ceil),
            Math::Trunc => one!($ty::trunc),
            Math::Round => one!($ty::round_ties_even),
            Math::Fma => Real::Three(|x, y, z| $ty::of(x).mul_add($ty::of(y), $ty::of(z)).word()),
            Math::NextAfter => two!(libm::$next_after),
            Math::IsNan => one!($ty::is_nan),
            Math::IsInf => one!($ty::is_infinite),
            Math::IsFinite => one!($ty::is_finite),
            Math::SignBit => one!($ty::is_sign_negative),
        }
    }};
}

/// A function of floats.
pub(crate) fn real(math: Math, scalar: Scalar) -> Option<Real> {
    match scalar {
        Scalar::F32 => Some(of_floats!(
            math, f32, asinhf, acoshf, atanhf, erff, erfcf, tgammaf, lgammaf, nextafterf
        )),
        Scalar::F64 => {
            Some(of_floats!(math, f64, asinh, acosh, atanh, erf, erfc, tgamma, lgamma, nextafter))
        }
        _ => None,
    }
}

/// Finds a function of complex numbers with parts of one type.
macro_rules! of_complex {
    ($math:expr, $ty:ident, $sqrt:ident, $exp:ident, $log:ident, $sin:ident, $cos:ident, $tan:ident,
     $asin:ident, $acos:ident, $atan:ident, $sinh:ident, $cosh:ident, $tanh:ident, $asinh:ident,
     $acosh:ident, $atanh:ident, $pow:ident) => {{
        macro_rules! one {
            ($function:expr) => {
                OfComplex::One(|z| $function(Complex::<$ty>::of(z)).words())
            };
        }
        macro_rules! test {
            ($any:ident, $test:path) => {
                OfComplex::Test(|z| [z[0], z[1]].into_iter().$any(|x| $test($ty::of(x))).word())
            };
        }
        Some(match $math {
            Math::Sqrt => one!(libm::$sqrt),
            Math::Exp => one!(libm::$exp),
            Math::Log => one!(libm::$log),
            Math::Sin => one!(libm::$sin),
            Math::Cos => one!(libm::$cos),
            Math::Tan => one!(libm::$tan),
            Math::Asin => one!(libm::$asin),
            Math::Acos => one!(libm::$acos),
            Math::Atan => one!(libm::$atan),
            Math::Sinh => one!(libm::$sinh),
            Math::Cosh => one!(libm::$cosh),
            Math::Tanh => one!(libm::$tanh),
            Math::Asinh => one!(libm::$asinh),
            Math::Acosh => one!(libm::$acosh),
            Math::Atanh => one!(libm::$atanh),
            Math::Exp2 => one!(|z: Complex<$ty>| libm::$exp(z.scale(std::$ty::consts::LN_2))),
            Math::Log2 => one!(|z| libm::$log(z).scale(std::$ty::consts::LOG2_E)),
            Math::Log10 => one!(|z| libm::$log(z).scale(std::$ty::consts::LOG10_E)),
            Math::Expm1 => one!(|z: Complex<$ty>| {
                let half = (z.im / 2.0).sin();
                Complex {
                    re: z.re.exp_m1() * z.im.cos() - 2.0 * half * half,
                    im: z.re.exp() * z.im.sin(),
                }
            }),
            Math::Log1p => one!(|z: Complex<$ty>| {
                let re = z.re + 1.0;
                Complex { re: re.hypot(z.im).ln(), im: z.im.atan2(re) }
            }),
            Math::Pow => OfComplex::Two(|z, w| libm::$pow(Complex::of(z), Complex::of(w)).words()),
            Math::IsNan => test!(any, $ty::is_nan),
            Math::IsInf => test!(any, $ty::is_infinite),
            Math::IsFinite => test!(all, $ty::is_finite),
            _ => return None,
        })
    }};
}

/// A function of complex numbers.
pub(crate) fn of_complex(math: Math, scalar: Scalar) -> Option<OfComplex> {
    match scalar {
        Scalar::C64 => of_complex!(
            math, f32, csqrtf, cexpf, clogf, csinf, ccosf, ctanf, casinf, cacosf, catanf, csinhf,
            ccoshf, ctanhf, casinhf, cacoshf, catanhf, cpowf
        ),
        Scalar::C128 => of_complex!(
            math, f64, csqrt, cexp, clog, csin, ccos, ctan, casin, cacos, catan, csinh, ccosh,
            ctanh, casinh, cacosh, catanh, cpow
        ),
        _ => None,
    }
}

/// Whether a function says yes or no.
pub(crate) fn is_test(math: Math) -> bool {
    matches!(math, Math::IsNan | Math::IsInf | Math::IsFinite | Math::SignBit)
}
