//! C's mathematical functions that Rust's library does not hand on.
//!
//! A complex number is returned in registers as a structure of its two parts is, on every platform
//! that we build for (System V x86-64, AArch64), so `Complex` stands for C's `complex`.

#![allow(unsafe_code)]

use super::complex::Complex;

/// Declares functions of the C library for each type of operand.
macro_rules! functions {
    ($($name:ident($($parameter:ident),*) -> $ty:ty;)*) => {
        // SAFETY: The signatures are those of <math.h> and <complex.h>; these functions take any values.
        unsafe extern "C" {
            $(
                #[doc = concat!("C's `", stringify!($name), "`.")]
                pub safe fn $name($($parameter: $ty),*) -> $ty;
            )*
        }
    };
}

functions! {
    asinh(x) -> f64;
    asinhf(x) -> f32;
    acosh(x) -> f64;
    acoshf(x) -> f32;
    atanh(x) -> f64;
    atanhf(x) -> f32;
    erf(x) -> f64;
    erff(x) -> f32;
    erfc(x) -> f64;
    erfcf(x) -> f32;
    tgamma(x) -> f64;
    tgammaf(x) -> f32;
    lgamma(x) -> f64;
    lgammaf(x) -> f32;
    nextafter(x, y) -> f64;
    nextafterf(x, y) -> f32;
    csqrt(z) -> Complex<f64>;
    csqrtf(z) -> Complex<f32>;
    cexp(z) -> Complex<f64>;
    cexpf(z) -> Complex<f32>;
    clog(z) -> Complex<f64>;
    clogf(z) -> Complex<f32>;
    csin(z) -> Complex<f64>;
    csinf(z) -> Complex<f32>;
    ccos(z) -> Complex<f64>;
    ccosf(z) -> Complex<f32>;
    ctan(z) -> Complex<f64>;
    ctanf(z) -> Complex<f32>;
    casin(z) -> Complex<f64>;
    casinf(z) -> Complex<f32>;
    cacos(z) -> Complex<f64>;
    cacosf(z) -> Complex<f32>;
    catan(z) -> Complex<f64>;
    catanf(z) -> Complex<f32>;
    csinh(z) -> Complex<f64>;
    csinhf(z) -> Complex<f32>;
    ccosh(z) -> Complex<f64>;
    ccoshf(z) -> Complex<f32>;
    ctanh(z) -> Complex<f64>;
    ctanhf(z) -> Complex<f32>;
    casinh(z) -> Complex<f64>;
    casinhf(z) -> Complex<f32>;
    cacosh(z) -> Complex<f64>;
    cacoshf(z) -> Complex<f32>;
    catanh(z) -> Complex<f64>;
    catanhf(z) -> Complex<f32>;
    cpow(z, w) -> Complex<f64>;
    cpowf(z, w) -> Complex<f32>;
}

// SAFETY: as above.
unsafe extern "C" {
    /// C's `ldexp`.
    pub safe fn ldexp(x: f64, exponent: i32) -> f64;
    /// C's `ldexpf`.
    pub safe fn ldexpf(x: f32, exponent: i32) -> f32;
}
