//! Conversions: what NumPy's `astype` does on x86-64, where a float that an integer cannot hold
//! becomes what the processor makes of it.
#![allow(unsafe_code)]
// What converts one of the types is nothing for another.
#![allow(clippy::useless_conversion)]

use super::loops::{Loop, one};
use super::types::{floats, integers, typed};
use kernel::interpret::Complex;
use kernel::types::{Kind, Scalar};

/// The loop of a conversion.
pub(super) fn resolve(from: Scalar, to: Scalar) -> Option<Loop> {
    if from == to && from != Scalar::Bool {
        return Some(copy(from));
    }
    match from {
        Scalar::Bool => from_bool(to),
        Scalar::F32 | Scalar::F64 => from_float(from, to),
        Scalar::C64 | Scalar::C128 => from_complex(from, to),
        _ => from_integer(from, to),
    }
}

/// The elements as they are.
fn copy(of: Scalar) -> Loop {
    match of.size() {
        1 => one(|x: u8| x),
        2 => one(|x: u16| x),
        4 => one(|x: u32| x),
        8 => one(|x: u64| x),
        _ => one(|x: [u64; 2]| x),
    }
}

/// Conversions to the integers of each width, for which it does not matter whether they have a
/// sign.
macro_rules! to_words {
    ($to:expr, $from:ty) => {
        match $to.size() {
            1 => Some(one(|x: $from| x as u8)),
            2 => Some(one(|x: $from| x as u16)),
            4 => Some(one(|x: $from| x as u32)),
            _ => Some(one(|x: $from| x as u64)),
        }
    };
}

fn from_bool(to: Scalar) -> Option<Loop> {
    match to.kind() {
        Kind::Bool => Some(one(|x: u8| x != 0)),
        Kind::Signed | Kind::Unsigned => {
            integers!(to, Some(one(|x: u8| T::from(x != 0))))
        }
        Kind::Float => floats!(to, Some(one(|x: u8| T::from(u8::from(x != 0))))),
        Kind::Complex => typed!(
            to,
            [C64 f32, C128 f64],
            Some(one(|x: u8| Complex { re: T::from(u8::from(x != 0)), im: 0.0 }))
        ),
    }
}

fn from_integer(from: Scalar, to: Scalar) -> Option<Loop> {
    match to {
        Scalar::Bool => integers!(from, Some(one(|x: T| x != 0))),
        Scalar::F32 => integers!(from, Some(one(|x: T| x as f32))),
        Scalar::F64 => integers!(from, Some(one(|x: T| x as f64))),
        Scalar::C64 => integers!(from, Some(one(|x: T| Complex { re: x as f32, im: 0.0 }))),
        Scalar::C128 => integers!(from, Some(one(|x: T| Complex { re: x as f64, im: 0.0 }))),
        // A shorter one takes the low bits, whatever the sign was.
        _ if to.size() <= from.size() => match from.size() {
            1 => to_words!(to, u8),
            2 => to_words!(to, u16),
            4 => to_words!(to, u32),
            _ => to_words!(to, u64),
        },
        _ => integers!(from, to_words!(to, T)),
    }
}

/// Floats as integers: what is out of range, or not a number, is the least integer, as the
/// processor's instructions have it. It has none for integers without sign; compilers make them of
/// the others like this.
trait Truncate: Copy {
    fn to_i32(self) -> i32;
    fn to_u32(self) -> u32;
    fn to_i64(self) -> i64;
    fn to_u64(self) -> u64;
}

macro_rules! truncate {
    ($ty:ident, $($signed:ident $unsigned:ident: $to_signed:ident $to_unsigned:ident),*) => {
        impl Truncate for $ty {$(
            #[inline(always)]
            fn $to_signed(self) -> $signed {
                const HALF: $ty = (1_u64 << ($signed::BITS - 1)) as $ty;
                if (-HALF..HALF).contains(&self) {
                    // SAFETY: it is in range.
                    unsafe { self.to_int_unchecked() }
                } else {
                    $signed::MIN
                }
            }

            #[inline(always)]
            fn $to_unsigned(self) -> $unsigned {
                const HALF: $ty = (1_u64 << ($signed::BITS - 1)) as $ty;
                let upper = self >= HALF;
                let lower = (if upper { self - HALF } else { self }).$to_signed() as $unsigned;
                lower ^ (upper as $unsigned) << ($signed::BITS - 1)
            }
        )*}
    };
}

truncate!(f32, i32 u32: to_i32 to_u32, i64 u64: to_i64 to_u64);
truncate!(f64, i32 u32: to_i32 to_u32, i64 u64: to_i64 to_u64);

/// From a float, or from the parts of a complex number, of which other types only take the first.
macro_rules! from_parts {
    ($to:expr, |$x:ident: $of:ty| $truth:expr, $re:expr, $im:expr) => {
        Some(match $to {
            Scalar::Bool => one(|$x: $of| $truth),
            // Narrow integers are the low bits of wider ones.
            Scalar::I8 | Scalar::U8 => one(|$x: $of| $re.to_i32() as u8),
            Scalar::I16 | Scalar::U16 => one(|$x: $of| $re.to_i32() as u16),
            Scalar::I32 => one(|$x: $of| $re.to_i32()),
            Scalar::U32 => one(|$x: $of| $re.to_u32()),
            Scalar::I64 => one(|$x: $of| $re.to_i64()),
            Scalar::U64 => one(|$x: $of| $re.to_u64()),
            Scalar::F32 => one(|$x: $of| $re as f32),
            Scalar::F64 => one(|$x: $of| f64::from($re)),
            Scalar::C64 => one(|$x: $of| Complex { re: $re as f32, im: $im as f32 }),
            Scalar::C128 => one(|$x: $of| Complex { re: f64::from($re), im: f64::from($im) }),
        })
    };
}

fn from_float(from: Scalar, to: Scalar) -> Option<Loop> {
    floats!(from, from_parts!(to, |x: T| x != 0.0, x, 0.0 as T))
}

fn from_complex(from: Scalar, to: Scalar) -> Option<Loop> {
    typed!(
        from,
        [C64 f32, C128 f64],
        from_parts!(to, |z: Complex<T>| (z.re != 0.0) | (z.im != 0.0), z.re, z.im)
    )
}
