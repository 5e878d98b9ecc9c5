//! Operations on integers, which wrap around; what is divided by 0 is 0.
#![allow(unsafe_code)]
// What converts one of the types is nothing for another.
#![allow(clippy::useless_conversion)]

use super::loops::{Loop, long, long_three, one, slice, two};
use super::types::{integers, typed, words};
use kernel::types::{Kind, Scalar};

/// Of one integer, which makes another of its type.
pub(super) fn unary(op: &str, of: Scalar) -> Option<Loop> {
    let signed = of.kind() == Kind::Signed;
    match op {
        "negative" => words!(of, Some(one(|x: T| x.wrapping_neg()))),
        "invert" => words!(of, Some(one(|x: T| !x))),
        "square" => words!(of, Some(one(|x: T| x.wrapping_mul(x)))),
        "absolute" => {
            typed!(of, [I8 i8, I16 i16, I32 i32, I64 i64], Some(one(|x: T| x.wrapping_abs())))
        }
        "sign" if signed => {
            typed!(of, [I8 i8, I16 i16, I32 i32, I64 i64], Some(one(|x: T| x.signum())))
        }
        "sign" => words!(of, Some(one(|x: T| T::from(x != 0)))),
        "reciprocal" => integers!(of, Some(one(|x: T| reciprocal(x.into(), T::MIN.into()) as T))),
        _ => None,
    }
}

/// A whole number's reciprocal, which only 1 and -1 have. For 0 it is what becomes of an infinity,
/// which is the least integer if that is one of the processor's conversions.
fn reciprocal(x: i128, least: i128) -> i128 {
    match x {
        0 if least <= i32::MIN.into() => least,
        1 | -1 => x,
        _ => 0,
    }
}

/// How many bits of the absolute value are 1.
pub(super) fn count(of: Scalar) -> Option<Loop> {
    integers!(of, Some(one(|x: T| magnitude(x.into()).count_ones() as u8)))
}

fn magnitude(x: i128) -> u64 {
    x.unsigned_abs() as u64
}

/// A test of one integer.
pub(super) fn test(op: &str, of: Scalar) -> Option<Loop> {
    words!(
        of,
        Some(match op {
            "logical_not" => one(|x: T| x == 0),
            "isfinite" => one(|_: T| true),
            "isnan" | "isinf" => one(|_: T| false),
            _ => return None,
        })
    )
}

/// A comparison of two integers of a type.
pub(super) fn compare(op: &str, of: Scalar) -> Option<Loop> {
    match op {
        "equal" => words!(of, Some(two(|a: T, b: T| a == b))),
        "not_equal" => words!(of, Some(two(|a: T, b: T| a != b))),
        "less" => integers!(of, Some(two(|a: T, b: T| a < b))),
        "less_equal" => integers!(of, Some(two(|a: T, b: T| a <= b))),
        "greater" => integers!(of, Some(two(|a: T, b: T| a > b))),
        "greater_equal" => integers!(of, Some(two(|a: T, b: T| a >= b))),
        "logical_and" => words!(of, Some(two(|a: T, b: T| (a != 0) & (b != 0)))),
        "logical_or" => words!(of, Some(two(|a: T, b: T| a | b != 0))),
        "logical_xor" => words!(of, Some(two(|a: T, b: T| (a != 0) ^ (b != 0)))),
        _ => None,
    }
}

/// A comparison of integers of which one has a sign and the other has not, for which there is no
/// common type.
pub(super) fn compare_mixed(op: &str, a: Scalar, b: Scalar) -> Option<Loop> {
    macro_rules! compare {
        ($a:ty, $b:ty) => {
            Some(match op {
                "equal" => long(|a: $a, b: $b| i128::from(a) == i128::from(b)),
                "not_equal" => long(|a: $a, b: $b| i128::from(a) != i128::from(b)),
                "less" => long(|a: $a, b: $b| i128::from(a) < i128::from(b)),
                "less_equal" => long(|a: $a, b: $b| i128::from(a) <= i128::from(b)),
                "greater" => long(|a: $a, b: $b| i128::from(a) > i128::from(b)),
                "greater_equal" => long(|a: $a, b: $b| i128::from(a) >= i128::from(b)),
                _ => return None,
            })
        };
    }
    match (a, b) {
        (Scalar::I64, Scalar::U64) => compare!(i64, u64),
        (Scalar::U64, Scalar::I64) => compare!(u64, i64),
        _ => None,
    }
}

/// Of two integers of a type, which make another.
pub(super) fn binary(op: &str, of: Scalar) -> Option<Loop> {
    match op {
        "add" => words!(of, Some(two(|a: T, b: T| a.wrapping_add(b)))),
        "subtract" => words!(of, Some(two(|a: T, b: T| a.wrapping_sub(b)))),
        "multiply" => words!(of, Some(two(|a: T, b: T| a.wrapping_mul(b)))),
        "bitwise_and" => words!(of, Some(two(|a: T, b: T| a & b))),
        "bitwise_or" => words!(of, Some(two(|a: T, b: T| a | b))),
        "bitwise_xor" => words!(of, Some(two(|a: T, b: T| a ^ b))),
        // What is shifted out is gone, however far that is.
        "left_shift" => words!(
            of,
            Some(two(|a: T, by: T| if u64::from(by) < u64::from(T::BITS) { a << by } else { 0 }))
        ),
        "right_shift" => shift_right(of),
        "maximum" | "fmax" => integers!(of, Some(two(|a: T, b: T| a.max(b)))),
        "minimum" | "fmin" => integers!(of, Some(two(|a: T, b: T| a.min(b)))),
        "power" => words!(of, Some(long(|a: T, b: T| power(u64::from(a), u64::from(b)) as T))),
        _ => divide(op, of),
    }
}

fn shift_right(of: Scalar) -> Option<Loop> {
    if of.kind() == Kind::Signed {
        return typed!(
            of,
            [I8 i8, I16 i16, I32 i32, I64 i64],
            Some(two(|a: T, by: T| {
                let within = (0..T::BITS as T).contains(&by);
                if within { a >> by } else { a >> (T::BITS - 1) }
            }))
        );
    }
    typed!(
        of,
        [U8 u8, U16 u16, U32 u32, U64 u64],
        Some(two(|a: T, by: T| if by < T::BITS as T { a >> by } else { 0 }))
    )
}

/// The low bits of a power; those of the operands are enough for them.
fn power(mut base: u64, mut exponent: u64) -> u64 {
    let mut power = 1_u64;
    while exponent > 0 {
        if exponent & 1 == 1 {
            power = power.wrapping_mul(base);
        }
        base = base.wrapping_mul(base);
        exponent >>= 1;
    }
    power
}

fn divide(op: &str, of: Scalar) -> Option<Loop> {
    match op {
        "floor_divide" | "remainder" | "fmod" | "gcd" | "lcm" => {}
        _ => return None,
    }
    if of.kind() == Kind::Signed {
        return typed!(
            of,
            [I8 i8, I16 i16, I32 i32, I64 i64],
            Some(match op {
                "floor_divide" => long(|a: T, b: T| {
                    if b == 0 {
                        return 0;
                    }
                    let (quotient, rest) = (a.wrapping_div(b), a.wrapping_rem(b));
                    if rest != 0 && (a < 0) != (b < 0) { quotient - 1 } else { quotient }
                }),
                "remainder" => long(|a: T, b: T| {
                    if b == 0 {
                        return 0;
                    }
                    let rest = a.wrapping_rem(b);
                    if rest != 0 && (a < 0) != (b < 0) { rest + b } else { rest }
                }),
                "fmod" => long(|a: T, b: T| if b == 0 { 0 } else { a.wrapping_rem(b) }),
                "gcd" => long(|a: T, b: T| {
                    gcd(a.unsigned_abs().into(), b.unsigned_abs().into()) as T
                }),
                _ => long(|a: T, b: T| lcm(a.unsigned_abs().into(), b.unsigned_abs().into()) as T),
            })
        );
    }
    typed!(
        of,
        [U8 u8, U16 u16, U32 u32, U64 u64],
        Some(match op {
            "floor_divide" => long(|a: T, b: T| a.checked_div(b).unwrap_or(0)),
            "remainder" | "fmod" => long(|a: T, b: T| a.checked_rem(b).unwrap_or(0)),
            "gcd" => long(|a: T, b: T| gcd(a.into(), b.into()) as T),
            _ => long(|a: T, b: T| lcm(a.into(), b.into()) as T),
        })
    )
}

fn gcd(mut a: u64, mut b: u64) -> u64 {
    while a != 0 {
        (a, b) = (b % a, a);
    }
    b
}

fn lcm(a: u64, b: u64) -> u64 {
    match gcd(a, b) {
        0 => 0,
        common => (a / common).wrapping_mul(b),
    }
}

/// The nearest that is within bounds.
pub(super) fn clip(of: Scalar) -> Option<Loop> {
    integers!(of, Some(long_three(|x: T, low: T, high: T| x.max(low).min(high))))
}

/// Whether one of so many integers of a type is negative.
///
/// # Safety
/// They are there.
pub(super) unsafe fn any_negative(of: Scalar, data: *const u8, count: usize) -> bool {
    // SAFETY: as the caller says.
    let any = typed!(of, [I8 i8, I16 i16, I32 i32, I64 i64], unsafe {
        Some(slice::<T>(data, count).iter().any(|x| x.0 < 0))
    });
    any.unwrap_or(false)
}
