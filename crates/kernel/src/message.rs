//! What failures and `print` say: texts, and values as Python writes them.

use crate::abi::PrintKind;
use crate::ir::{Piece, Raise};
use crate::types::{Scalar, Type};
use std::fmt::{LowerExp, Write as _};

/// A part of a message, of which a run only adds the values.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Part {
    /// As it stands.
    Text(String),
    /// The next of the values.
    Value(PrintKind),
}

/// The parts of what `raise` says.
pub fn parts(raise: &Raise) -> Vec<Part> {
    let part = |piece: &Piece| match piece {
        Piece::Text(text) => Part::Text(text.clone()),
        Piece::Value(value) => Part::Value(kind(&value.ty)),
    };
    raise.message.iter().map(part).collect()
}

/// What an index that an array does not have says; the values are the index and the size.
pub fn out_of_bounds(axis: usize) -> Vec<Part> {
    vec![
        Part::Text("index ".into()),
        Part::Value(PrintKind::Int),
        Part::Text(format!(" is out of bounds for axis {axis} with size ")),
        Part::Value(PrintKind::Int),
    ]
}

/// There is no memory for a list's items.
pub fn no_list() -> Vec<Part> {
    vec![Part::Text("unable to allocate a list's items".into())]
}

/// What an array that does not fit into memory says; the value is its size in bytes.
pub fn no_memory() -> Vec<Part> {
    vec![
        Part::Text("unable to allocate ".into()),
        Part::Value(PrintKind::Unsigned),
        Part::Text(" bytes for an array".into()),
    ]
}

/// A message, with its values' 64 bits in their places.
///
/// ```
/// use kernel::message;
/// let parts = message::out_of_bounds(0);
/// let text = message::format(&parts, &[7, 3]);
/// assert_eq!(text, "index 7 is out of bounds for axis 0 with size 3");
/// ```
pub fn format(parts: &[Part], values: &[u64]) -> String {
    let mut values = values.iter();
    let mut message = String::new();
    for part in parts {
        match part {
            Part::Text(text) => message += text,
            Part::Value(kind) => message += &text(*kind, &[*values.next().unwrap_or(&0)]),
        }
    }
    message
}

/// What is printed for a value of a type: see [`PrintKind`].
///
/// # Panics
/// If such values are not printed.
pub fn kind(ty: &Type) -> PrintKind {
    match ty {
        Type::None => PrintKind::None,
        Type::Str => PrintKind::Str,
        Type::Scalar(scalar, _) => match scalar {
            Scalar::Bool => PrintKind::Bool,
            Scalar::I8 | Scalar::I16 | Scalar::I32 | Scalar::I64 => PrintKind::Int,
            Scalar::U8 | Scalar::U16 | Scalar::U32 | Scalar::U64 => PrintKind::Unsigned,
            Scalar::F32 => PrintKind::Float32,
            Scalar::F64 => PrintKind::Float,
            Scalar::C64 | Scalar::C128 => PrintKind::Complex,
        },
        other => panic!("a value of type {other} is not printed"),
    }
}

/// A value as Python's `print` writes it, from its slots; of a text, which is elsewhere, nothing.
pub fn text(kind: PrintKind, slots: &[u64]) -> String {
    match kind {
        PrintKind::Int => slots[0].cast_signed().to_string(),
        PrintKind::Unsigned => slots[0].to_string(),
        PrintKind::Float => float(f64::from_bits(slots[0])),
        PrintKind::Float32 => single(f32::from_bits(slots[0] as u32)),
        PrintKind::Bool => if slots[0] == 0 { "False" } else { "True" }.into(),
        PrintKind::Complex => complex(f64::from_bits(slots[0]), f64::from_bits(slots[1])),
        PrintKind::None => "None".into(),
        PrintKind::Str => String::new(),
    }
}

/// Python's `repr` of a float: the shortest digits that give the number back.
pub fn float(value: f64) -> String {
    shortest(value, value.is_finite(), value.is_nan(), ".0")
}

/// NumPy's `str` of a float32.
pub fn single(value: f32) -> String {
    shortest(value, value.is_finite(), value.is_nan(), ".0")
}

/// Python's `repr` of a complex number.
pub fn complex(real: f64, imaginary: f64) -> String {
    let part = |value: f64| shortest(value, value.is_finite(), value.is_nan(), "");
    let imaginary = part(imaginary);
    if real == 0.0 && real.is_sign_positive() {
        return format!("{imaginary}j");
    }
    let sign = if imaginary.starts_with('-') { "" } else { "+" };
    format!("({}{sign}{imaginary}j)", part(real))
}

/// Python's format `r`: an exponent where the number is 1e16 or more, or less than 1e-4; `whole` goes
/// behind whole numbers without one.
fn shortest(value: impl LowerExp, finite: bool, nan: bool, whole: &str) -> String {
    let scientific = format!("{value:e}");
    if nan {
        return "nan".into();
    }
    if !finite {
        return scientific;
    }
    let (mantissa, exponent) = scientific.split_once('e').expect("an exponent");
    let exponent: i32 = exponent.parse().expect("a whole exponent");
    let (sign, mantissa) = match mantissa.strip_prefix('-') {
        Some(mantissa) => ("-", mantissa),
        None => ("", mantissa),
    };
    if !(-4..16).contains(&exponent) {
        let direction = if exponent < 0 { '-' } else { '+' };
        return format!("{sign}{mantissa}e{direction}{:02}", exponent.abs());
    }
    let digits = mantissa.replace('.', "");
    let mut text = String::from(sign);
    if exponent < 0 {
        let zeros = "0".repeat(exponent.unsigned_abs() as usize - 1);
        let _ = write!(text, "0.{zeros}{digits}");
        return text;
    }
    let point = exponent as usize + 1;
    if digits.len() <= point {
        let _ = write!(text, "{digits:0<point$}{whole}");
    } else {
        let _ = write!(text, "{}.{}", &digits[..point], &digits[point..]);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn floats_look_as_in_python() {
        for (value, text) in [
            (0.0, "0.0"),
            (-0.0, "-0.0"),
            (1.0, "1.0"),
            (0.1, "0.1"),
            (-2.5, "-2.5"),
            (1e15, "1000000000000000.0"),
            (123_456_789_012_345_680.0, "1.2345678901234568e+17"),
            (1e16, "1e+16"),
            (9_999_999_999_999_998.0, "9999999999999998.0"),
            (0.0001, "0.0001"),
            (0.000_012_5, "1.25e-05"),
            (1e-300, "1e-300"),
            (5e-324, "5e-324"),
            (f64::INFINITY, "inf"),
            (f64::NEG_INFINITY, "-inf"),
            (f64::NAN, "nan"),
            (-f64::NAN, "nan"),
        ] {
            assert_eq!(float(value), text);
        }
        assert_eq!(single(0.1), "0.1");
        assert_eq!(single(16_777_216.0), "16777216.0");
    }

    #[test]
    fn complex_numbers_look_as_in_python() {
        assert_eq!(complex(1.0, 2.0), "(1+2j)");
        assert_eq!(complex(0.0, -2.5), "-2.5j");
        assert_eq!(complex(-0.0, 0.0), "(-0+0j)");
        assert_eq!(complex(f64::NAN, f64::NEG_INFINITY), "(nan-infj)");
        assert_eq!(complex(1e-7, 1e16), "(1e-07+1e+16j)");
    }

    #[test]
    fn values_stand_where_their_parts_are() {
        let parts = [
            Part::Text("x is ".into()),
            Part::Value(PrintKind::Float),
            Part::Text(", n ".into()),
            Part::Value(PrintKind::Unsigned),
            Part::Value(PrintKind::Bool),
        ];
        let text = format(&parts, &[0.5_f64.to_bits(), u64::MAX, 1]);
        assert_eq!(text, "x is 0.5, n 18446744073709551615True");
    }
}
