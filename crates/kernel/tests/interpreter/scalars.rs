//! Random expressions of every dtype, against definitions in whole numbers and in Rust's floats.

use crate::build::{compare, expr, program};
use crate::runtime::run;
use kernel::ir::*;
use kernel::types::{Kind, Scalar, Type};
use proptest::prelude::*;

/// A real number, however wide it is.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Number {
    Int(i128),
    Float(f64),
}

use Number::{Float, Int};

/// Brings a result back into a type: integers wrap around, floats are rounded.
fn wrap(number: Number, scalar: Scalar) -> Number {
    match (number, scalar.kind()) {
        (Int(value), Kind::Signed | Kind::Unsigned) => {
            let modulus = 1_i128 << (8 * scalar.size());
            let value = value.rem_euclid(modulus);
            let is_negative = scalar.kind() == Kind::Signed && value >= modulus / 2;
            Int(if is_negative { value - modulus } else { value })
        }
        (Float(value), _) if scalar == Scalar::F32 => Float(f64::from(value as f32)),
        _ => number,
    }
}

/// A value's slot.
fn slot(number: Number, scalar: Scalar) -> u64 {
    match number {
        Int(value) => value as i64 as u64,
        Float(value) if scalar == Scalar::F32 => u64::from((value as f32).to_bits()),
        Float(value) => value.to_bits(),
    }
}

/// What an operation on integers gives, before it is wrapped around.
fn integers(op: Binary, a: i128, b: i128, scalar: Scalar) -> i128 {
    let bits = 8 * scalar.size() as i128;
    let shift = if (0..bits).contains(&b) { b } else { bits };
    match op {
        Binary::Add => a + b,
        Binary::Sub => a - b,
        Binary::Mul => a.wrapping_mul(b),
        _ if b == 0 && matches!(op, Binary::FloorDiv | Binary::Mod | Binary::Rem) => 0,
        Binary::FloorDiv => a / b - i128::from(a % b != 0 && (a < 0) != (b < 0)),
        Binary::Mod => a - b * integers(Binary::FloorDiv, a, b, scalar),
        Binary::Rem => a % b,
        Binary::Pow => (0..b).fold(1, |power, _| match wrap(Int(power.wrapping_mul(a)), scalar) {
            Int(power) => power,
            Float(_) => unreachable!("a whole number"),
        }),
        Binary::And => a & b,
        Binary::Or => a | b,
        Binary::Xor => a ^ b,
        Binary::ShiftLeft => {
            if shift == bits {
                0
            } else {
                a << shift
            }
        }
        Binary::ShiftRight => a >> shift.min(bits - 1),
        Binary::Min | Binary::FMin => a.min(b),
        Binary::Max | Binary::FMax => a.max(b),
        Binary::Div | Binary::CopySign => unreachable!("not of integers"),
    }
}

/// What an operation on floats gives; of float32, that is rounded once more, which changes nothing for these
/// (Figueroa: When is double rounding innocuous?, 1995).
fn floats(op: Binary, a: f64, b: f64) -> f64 {
    match op {
        Binary::Add => a + b,
        Binary::Sub => a - b,
        Binary::Mul => a * b,
        Binary::Div => a / b,
        Binary::Rem => a % b,
        Binary::Min | Binary::Max if a.is_nan() || b.is_nan() => f64::NAN,
        Binary::FMin | Binary::FMax if a.is_nan() => b,
        Binary::FMin | Binary::FMax if b.is_nan() => a,
        // The total order of IEEE 754 has -0 before 0.
        Binary::Min | Binary::FMin => std::cmp::min_by(a, b, f64::total_cmp),
        Binary::Max | Binary::FMax => std::cmp::max_by(a, b, f64::total_cmp),
        Binary::CopySign => a.copysign(b),
        _ => unreachable!("{op:?} of floats"),
    }
}

fn real() -> impl Strategy<Value = Scalar> {
    prop::sample::select(&Scalar::ALL[1..11])
}

fn number(scalar: Scalar) -> BoxedStrategy<Number> {
    if scalar.is_float() {
        let special = prop::sample::select(vec![
            0.0,
            -0.0,
            1.0,
            -1.0,
            0.5,
            3.0,
            1e10,
            f64::INFINITY,
            f64::NEG_INFINITY,
            f64::NAN,
            f64::MIN_POSITIVE,
        ]);
        prop_oneof![special, -100.0..100.0, any::<f64>()]
            .prop_map(move |value| wrap(Float(value), scalar))
            .boxed()
    } else {
        prop_oneof![
            -9_i64..70,
            any::<i64>(),
            prop::sample::select(vec![i64::MIN, i64::MAX, 1 << 31])
        ]
        .prop_map(move |value| wrap(Int(value.into()), scalar))
        .boxed()
    }
}

/// An expression that is built and computed at one time.
#[derive(Clone, Debug)]
struct Built {
    scalar: Scalar,
    expr: Expr,
    value: Number,
}

fn constant(value: Number, scalar: Scalar) -> Built {
    let kind = match value {
        Int(value) => Value::Int(value as i64),
        Float(value) => Value::Float(value),
    };
    Built { scalar, expr: expr(Type::scalar(scalar), ExprKind::Const(kind)), value }
}

const INTEGERS: [Binary; 15] = [
    Binary::Add,
    Binary::Sub,
    Binary::Mul,
    Binary::FloorDiv,
    Binary::Mod,
    Binary::Rem,
    Binary::And,
    Binary::Or,
    Binary::Xor,
    Binary::ShiftLeft,
    Binary::ShiftRight,
    Binary::Min,
    Binary::Max,
    Binary::FMin,
    Binary::FMax,
];
const FLOATS: [Binary; 10] = [
    Binary::Add,
    Binary::Sub,
    Binary::Mul,
    Binary::Div,
    Binary::Rem,
    Binary::Min,
    Binary::Max,
    Binary::FMin,
    Binary::FMax,
    Binary::CopySign,
];

fn combine(left: &Built, right: &Built, choice: usize) -> Built {
    let scalar = left.scalar;
    let right = convert(right, scalar);
    let (op, value) = match (left.value, right.value) {
        (Int(a), Int(b)) => {
            let op = INTEGERS[choice % INTEGERS.len()];
            (op, Int(integers(op, a, b, scalar)))
        }
        (Float(a), Float(b)) => {
            let op = match FLOATS[choice % FLOATS.len()] {
                // The sign of a NaN that was computed is the machine's choice.
                Binary::CopySign if b.is_nan() => Binary::Min,
                op => op,
            };
            (op, Float(floats(op, a, b)))
        }
        _ => unreachable!("of one type"),
    };
    let kind = ExprKind::Binary(op, left.expr.clone().into(), right.expr.into());
    Built { scalar, expr: expr(Type::scalar(scalar), kind), value: wrap(value, scalar) }
}

fn convert(built: &Built, to: Scalar) -> Built {
    let value = match built.value {
        Int(value) if to == Scalar::F32 => Float(f64::from(value as f32)),
        Int(value) if to.is_float() => Float(value as f64),
        Float(value) if !to.is_float() => {
            // What does not fit is as near as 32 or 64 bits allow.
            let wide = match to {
                Scalar::U64 if value >= 0.0 => i128::from(value as u64),
                Scalar::I64 | Scalar::U64 | Scalar::U32 => i128::from(value as i64),
                _ => i128::from(value as i32),
            };
            Int(wide)
        }
        same => same,
    };
    let kind = ExprKind::Cast(built.expr.clone().into());
    Built { scalar: to, expr: expr(Type::scalar(to), kind), value: wrap(value, to) }
}

fn one(built: &Built, choice: usize) -> Built {
    let (op, value) = match (built.value, choice % 3) {
        (Int(value), 0) => (Unary::Neg, Int(-value)),
        (Int(value), 1) => (Unary::Invert, Int(-value - 1)),
        (Int(value), _) => (Unary::Abs, Int(value.abs())),
        (Float(value), 0) => (Unary::Neg, Float(-value)),
        (Float(value), _) => (Unary::Abs, Float(value.abs())),
    };
    let kind = ExprKind::Unary(op, built.expr.clone().into());
    let value = wrap(value, built.scalar);
    Built { scalar: built.scalar, expr: expr(built.expr.ty.clone(), kind), value }
}

fn expression() -> impl Strategy<Value = Built> {
    let leaf = real()
        .prop_flat_map(|scalar| number(scalar).prop_map(move |value| constant(value, scalar)));
    leaf.prop_recursive(6, 40, 2, |inner| {
        prop_oneof![
            4 => (inner.clone(), inner.clone(), any::<usize>())
                .prop_map(|(left, right, choice)| combine(&left, &right, choice)),
            1 => (inner.clone(), any::<usize>()).prop_map(|(built, choice)| one(&built, choice)),
            1 => (inner, real()).prop_map(|(built, to)| convert(&built, to)),
        ]
    })
}

fn result(value: &Expr) -> u64 {
    let body = vec![crate::build::give(value.clone())];
    let function = crate::build::function(&[], &[], value.ty.clone(), body);
    run(&program(function), &[]).result.expect("nothing fails")[0]
}

/// Whether a slot holds a value; any NaN is any other.
fn holds(slot_found: u64, value: Number, scalar: Scalar) -> bool {
    let is_nan = match scalar {
        Scalar::F32 => f32::from_bits(slot_found as u32).is_nan(),
        Scalar::F64 => f64::from_bits(slot_found).is_nan(),
        _ => false,
    };
    match value {
        Float(value) if value.is_nan() => is_nan,
        value => slot_found == slot(value, scalar),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn expressions_are_what_their_definitions_say(built in expression()) {
        let found = result(&built.expr);
        prop_assert!(holds(found, built.value, built.scalar), "{found:#x}, not {:?}", built.value);
    }

    #[test]
    fn comparisons_are_those_of_the_numbers(
        (scalar, a, b) in real().prop_flat_map(|scalar| (Just(scalar), number(scalar), number(scalar))),
    ) {
        let order = match (a, b) {
            (Int(a), Int(b)) => a.partial_cmp(&b),
            (Float(a), Float(b)) => a.partial_cmp(&b),
            _ => unreachable!("of one type"),
        };
        for (op, expected) in [
            (Compare::Eq, order.is_some_and(|order| order.is_eq())),
            (Compare::Ne, order.is_none_or(|order| order.is_ne())),
            (Compare::Lt, order.is_some_and(|order| order.is_lt())),
            (Compare::Le, order.is_some_and(|order| order.is_le())),
            (Compare::Gt, order.is_some_and(|order| order.is_gt())),
            (Compare::Ge, order.is_some_and(|order| order.is_ge())),
        ] {
            let value = compare(op, constant(a, scalar).expr, constant(b, scalar).expr);
            prop_assert_eq!(result(&value), u64::from(expected), "{:?}", op);
        }
    }

    #[test]
    fn powers_are_repeated_products(
        (scalar, a, b) in real()
            .prop_filter("integers", |scalar| scalar.is_integer())
            .prop_flat_map(|scalar| (Just(scalar), number(scalar), 0_i128..70)),
    ) {
        let (base, exponent) = (constant(a, scalar), constant(Int(b), scalar));
        let kind = ExprKind::Binary(Binary::Pow, base.expr.into(), exponent.expr.into());
        let value = expr(Type::scalar(scalar), kind);
        let Int(base) = a else { unreachable!("a whole number") };
        let expected = Int(integers(Binary::Pow, base, b, scalar));
        prop_assert!(holds(result(&value), expected, scalar));
    }

    #[test]
    fn quotients_of_floats_round_down_and_rests_have_the_divisors_sign(
        a in -1e6_f64..1e6,
        b in prop_oneof![-1e3_f64..-1e-3, 1e-3_f64..1e3],
    ) {
        let operation = |op| {
            let operands = [a, b].map(|value| Box::new(constant(Float(value), Scalar::F64).expr));
            let [left, right] = operands;
            let value = expr(Type::scalar(Scalar::F64), ExprKind::Binary(op, left, right));
            f64::from_bits(result(&value))
        };
        let (quotient, rest) = (operation(Binary::FloorDiv), operation(Binary::Mod));
        prop_assert_eq!(quotient, quotient.floor());
        prop_assert!(rest == 0.0 || (rest < 0.0) == (b < 0.0));
        prop_assert!(rest.abs() < b.abs());
        prop_assert!((quotient * b + rest - a).abs() <= 1e-9 * (a.abs() + b.abs()));
    }
}

#[test]
fn divisions_of_floats_have_pythons_special_cases() {
    let operation = |op, a: f64, b: f64| {
        let [left, right] = [a, b].map(|value| constant(Float(value), Scalar::F64).expr.into());
        let value = expr(Type::scalar(Scalar::F64), ExprKind::Binary(op, left, right));
        f64::from_bits(result(&value))
    };
    let infinity = f64::INFINITY;
    for (a, b, quotient, rest) in [
        (7.0, 2.0, 3.0, 1.0),
        (-7.0, 2.0, -4.0, 1.0),
        (7.0, -2.0, -4.0, -1.0),
        (-1.0, infinity, -1.0, infinity),
        (1.0, infinity, 0.0, 1.0),
        (1.0, -infinity, -1.0, -infinity),
        (-0.0, 3.0, -0.0, 0.0),
        (6.0, -3.0, -2.0, -0.0),
        (1.0, 0.1, 9.0, 0.099_999_999_999_999_95),
        (1.0, 0.0, infinity, f64::NAN),
    ] {
        for (op, expected) in [(Binary::FloorDiv, quotient), (Binary::Mod, rest)] {
            let found = operation(op, a, b);
            let same =
                found.to_bits() == f64::to_bits(expected) || found.is_nan() && expected.is_nan();
            assert!(same, "{a} {op:?} {b} is {found}, not {expected}");
        }
    }
}

#[test]
fn complex_numbers_multiply_and_divide() {
    let constant =
        |re, im| Box::new(expr(crate::build::C128, ExprKind::Const(Value::Complex(re, im))));
    for (op, re, im) in [
        (Binary::Add, 4.0, 1.0),
        (Binary::Sub, -2.0, 3.0),
        (Binary::Mul, 5.0, 5.0),
        (Binary::Div, 0.1, 0.7),
    ] {
        let kind = ExprKind::Binary(op, constant(1.0, 2.0), constant(3.0, -1.0));
        let value = expr(crate::build::C128, kind);
        let body = vec![crate::build::give(value)];
        let function = crate::build::function(&[], &[], crate::build::C128, body);
        let slots = run(&program(function), &[]).result.unwrap();
        for (slot, expected) in slots.into_iter().zip([re, im]) {
            assert!((f64::from_bits(slot) - expected).abs() < 1e-15, "{op:?}");
        }
    }
}

#[test]
fn functions_are_the_c_librarys() {
    let of = |math, operands: &[f64]| {
        let operands = operands.iter().map(|value| constant(Float(*value), Scalar::F64).expr);
        let kind = ExprKind::Math(math, operands.collect());
        f64::from_bits(result(&expr(Type::scalar(Scalar::F64), kind)))
    };
    for (math, operands, expected) in [
        (Math::Sqrt, &[2.0][..], std::f64::consts::SQRT_2),
        (Math::Erf, &[1.0], 0.842_700_792_949_714_9),
        (Math::Gamma, &[5.0], 24.0),
        (Math::LogGamma, &[10.0], 12.801_827_480_081_469),
        (Math::Atan2, &[-1.0, -1.0], -2.356_194_490_192_345),
        (Math::Round, &[2.5], 2.0),
        (Math::Fma, &[1e16, 1.000_000_000_000_000_2, -1e16], 2.220_446_049_250_313),
        (Math::NextAfter, &[1.0, 2.0], 1.000_000_000_000_000_2),
        (Math::Asinh, &[1e-10], 1e-10),
    ] {
        let found = of(math, operands);
        assert!((found - expected).abs() <= 2e-16 * expected.abs(), "{math:?}: {found}");
    }
    let z = expr(crate::build::C128, ExprKind::Const(Value::Complex(-1.0, 0.0)));
    let root = expr(crate::build::C128, ExprKind::Math(Math::Sqrt, vec![z]));
    let part = expr(crate::build::F64, ExprKind::Part(root.into(), true));
    assert_eq!(f64::from_bits(result(&part)), 1.0);
}
