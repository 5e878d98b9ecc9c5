//! Which loop an operation is: NumPy's ufuncs by name, for the types that their loops take.
//!
//! What no table has is not known here, and is NumPy's to do.

use super::loops::{Loop, select};
use super::{cast, complex, float, integer, truth};
use kernel::types::{Kind, Scalar};

/// The loop of an operation that takes elements of the types `inputs` and makes ones of type
/// `output`.
pub(super) fn resolve(op: &str, inputs: &[Scalar], output: Scalar) -> Option<Loop> {
    match *inputs {
        [from] if op == "cast" => cast::resolve(from, output),
        [a] => unary(op, a, output),
        [a, b] if a == b => binary(op, a, output),
        [a, b] => match (op, a.kind(), b) {
            ("ldexp", Kind::Float, Scalar::I32 | Scalar::I64) if a == output => float::scale(a, b),
            _ if output == Scalar::Bool => integer::compare_mixed(op, a, b),
            _ => None,
        },
        [Scalar::Bool, a, b] if op == "where" && a == output && b == output => Some(pick(output)),
        [a, b, c] if op == "clip" && [b, c, output] == [a; 3] => clip(a),
        _ => None,
    }
}

fn unary(op: &str, of: Scalar, output: Scalar) -> Option<Loop> {
    let same = of == output;
    let is_copy = match op {
        "positive" | "conjugate" => of != Scalar::Bool && !(op == "conjugate" && of.is_complex()),
        "absolute" | "floor" | "ceil" | "trunc" => {
            matches!(of.kind(), Kind::Bool | Kind::Unsigned)
                || of.kind() == Kind::Signed && op != "absolute"
        }
        "real" => !of.is_complex(),
        _ => false,
    };
    if is_copy {
        return if same { cast::resolve(of, of) } else { None };
    }
    match of.kind() {
        Kind::Bool if output == Scalar::Bool => truth::unary(op),
        Kind::Signed | Kind::Unsigned if output == Scalar::Bool => integer::test(op, of),
        Kind::Signed | Kind::Unsigned if op == "bitwise_count" => {
            if output == Scalar::U8 {
                integer::count(of)
            } else {
                None
            }
        }
        Kind::Signed | Kind::Unsigned if same => integer::unary(op, of),
        Kind::Float if output == Scalar::Bool => float::test(op, of),
        Kind::Float if same => float::unary(op, of),
        Kind::Complex if output == Scalar::Bool => complex::test(op, of),
        Kind::Complex if output == of.real() => complex::part(op, of),
        Kind::Complex if same => complex::unary(op, of),
        _ => None,
    }
}

fn binary(op: &str, of: Scalar, output: Scalar) -> Option<Loop> {
    let same = of == output;
    match of.kind() {
        Kind::Bool if same => truth::binary(op),
        Kind::Signed | Kind::Unsigned if output == Scalar::Bool => integer::compare(op, of),
        Kind::Signed | Kind::Unsigned if same => integer::binary(op, of),
        Kind::Float if output == Scalar::Bool => float::compare(op, of),
        Kind::Float if same => float::binary(op, of),
        Kind::Complex if output == Scalar::Bool => complex::compare(op, of),
        Kind::Complex if same => complex::binary(op, of),
        _ => None,
    }
}

fn pick(of: Scalar) -> Loop {
    match of.size() {
        1 => select::<u8>(),
        2 => select::<u16>(),
        4 => select::<u32>(),
        8 => select::<u64>(),
        _ => select::<[u64; 2]>(),
    }
}

fn clip(of: Scalar) -> Option<Loop> {
    match of.kind() {
        Kind::Signed | Kind::Unsigned => integer::clip(of),
        Kind::Float => float::clip(of),
        _ => None,
    }
}
