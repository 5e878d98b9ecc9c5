//! Operations on truth values: bytes, of which all but 0 are true.

use super::loops::{Loop, one, two};

/// Of one truth value, which makes another.
pub(super) fn unary(op: &str) -> Option<Loop> {
    Some(match op {
        "logical_not" | "invert" => one(|x: u8| x == 0),
        "isfinite" => one(|_: u8| true),
        "isnan" | "isinf" => one(|_: u8| false),
        _ => return None,
    })
}

/// Of two truth values, which make another.
pub(super) fn binary(op: &str) -> Option<Loop> {
    Some(match op {
        "add" | "maximum" | "fmax" | "logical_or" | "bitwise_or" => two(|a: u8, b: u8| a | b != 0),
        "multiply" | "minimum" | "fmin" | "logical_and" | "bitwise_and" => {
            two(|a: u8, b: u8| (a != 0) & (b != 0))
        }
        "logical_xor" | "bitwise_xor" | "not_equal" => two(|a: u8, b: u8| (a != 0) ^ (b != 0)),
        "equal" => two(|a: u8, b: u8| (a != 0) == (b != 0)),
        "less" => two(|a: u8, b: u8| (a == 0) & (b != 0)),
        "less_equal" => two(|a: u8, b: u8| (a == 0) | (b != 0)),
        "greater" => two(|a: u8, b: u8| (a != 0) & (b == 0)),
        "greater_equal" => two(|a: u8, b: u8| (a != 0) | (b == 0)),
        _ => return None,
    })
}
