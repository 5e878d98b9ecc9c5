//! Each operation for each type, of values that are odd, against a plain definition.

use super::{elements, run, step};
use crate::view::{Target, View};
use kernel::interpret::Complex;
use kernel::types::Scalar;
use proptest::prelude::*;

/// A type of elements.
trait Value: Copy + std::fmt::Debug + 'static {
    const SCALAR: Scalar;
    fn bytes(self) -> Vec<u8>;
    fn of(bytes: &[u8]) -> Self;
    /// Equal, or both not a number.
    fn is(self, other: Self) -> bool;
}

macro_rules! values {
    ($($ty:ident $scalar:ident),*) => {$(
        impl Value for $ty {
            const SCALAR: Scalar = Scalar::$scalar;

            fn bytes(self) -> Vec<u8> {
                self.to_ne_bytes().to_vec()
            }

            fn of(bytes: &[u8]) -> Self {
                $ty::from_ne_bytes(bytes.try_into().unwrap())
            }

            #[allow(clippy::eq_op)]
            fn is(self, other: Self) -> bool {
                self == other || self != self && other != other
            }
        }
    )*};
}

values!(i8 I8, i16 I16, i32 I32, i64 I64, u8 U8, u16 U16, u32 U32, u64 U64, f32 F32, f64 F64);

impl Value for bool {
    const SCALAR: Scalar = Scalar::Bool;

    fn bytes(self) -> Vec<u8> {
        vec![self.into()]
    }

    fn of(bytes: &[u8]) -> Self {
        assert!(bytes[0] < 2, "a truth value");
        bytes[0] == 1
    }

    fn is(self, other: Self) -> bool {
        self == other
    }
}

macro_rules! complex_values {
    ($($part:ident $scalar:ident),*) => {$(
        impl Value for Complex<$part> {
            const SCALAR: Scalar = Scalar::$scalar;

            fn bytes(self) -> Vec<u8> {
                [self.re.bytes(), self.im.bytes()].concat()
            }

            fn of(bytes: &[u8]) -> Self {
                let (re, im) = bytes.split_at(bytes.len() / 2);
                Self { re: $part::of(re), im: $part::of(im) }
            }

            fn is(self, other: Self) -> bool {
                self.re.is(other.re) && self.im.is(other.im)
            }
        }
    )*};
}

complex_values!(f32 C64, f64 C128);

fn view<T: Value>(values: &[T]) -> View {
    let mut target = Target::new(T::SCALAR.into(), &[values.len()]);
    target.bytes().copy_from_slice(&values.iter().flat_map(|x| x.bytes()).collect::<Vec<_>>());
    target.freeze()
}

/// What an operation makes of inputs of one length.
fn made<R: Value>(op: &str, inputs: &[View]) -> Vec<R> {
    let of: Vec<Scalar> =
        inputs.iter().map(|input| input.dtype().scalar().expect("numbers")).collect();
    let operands: Vec<u16> = (0..inputs.len() as u16).collect();
    let kept = [operands.len() as u16];
    let fused = elements(&of, vec![step(op, &operands, R::SCALAR)], &kept);
    let result = run(&fused, inputs, inputs[0].shape()).expect("no errors");
    result.as_bytes().expect("new elements").chunks_exact(R::SCALAR.size()).map(R::of).collect()
}

#[track_caller]
fn check_one<A: Value, R: Value>(op: &str, values: &[A], define: impl Fn(A) -> R) {
    for (&x, made) in values.iter().zip(made::<R>(op, &[view(values)])) {
        assert!(made.is(define(x)), "{op}({x:?}) is {:?}, not {made:?}", define(x));
    }
}

/// All pairs, also with one of the two the same all along.
#[track_caller]
fn check_two<A: Value, B: Value, R: Value>(
    op: &str,
    values: &[A],
    others: &[B],
    define: impl Fn(A, B) -> R,
) {
    let pairs = || values.iter().flat_map(|a| others.iter().map(move |b| (*a, *b)));
    let check = |a: A, b: B, made: R| {
        let expected = define(a, b);
        assert!(made.is(expected), "{op}({a:?}, {b:?}) is {expected:?}, not {made:?}");
    };
    let (first, second): (Vec<A>, Vec<B>) = pairs().unzip();
    for ((a, b), made) in pairs().zip(made::<R>(op, &[view(&first), view(&second)])) {
        check(a, b, made);
    }
    for &b in others {
        let repeated = view(&[b]).broadcast(&[values.len()]);
        for (&a, made) in values.iter().zip(made::<R>(op, &[view(values), repeated])) {
            check(a, b, made);
        }
    }
    for &a in values {
        let repeated = view(&[a]).broadcast(&[others.len()]);
        for (&b, made) in others.iter().zip(made::<R>(op, &[repeated, view(others)])) {
            check(a, b, made);
        }
    }
}

/// Small integers, large ones, and those given.
macro_rules! odd_integers {
    ($ty:ident, $more:expr) => {{
        let mut odd = vec![$ty::MIN, $ty::MAX, $ty::MIN + 1, $ty::MAX / 2];
        odd.extend((0..12).map(|x: i8| x as $ty));
        odd.extend((-5..0).map(|x: i8| x as $ty));
        odd.extend($more.iter().map(|x: &i64| *x as $ty));
        odd
    }};
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn integers(more in prop::collection::vec(any::<i64>(), 8)) {
        /// Definitions in integers so wide that nothing is lost.
        macro_rules! check {
            ($($ty:ident),*) => {$({
                let odd = odd_integers!($ty, more);
                let wide = |f: fn(i128, i128) -> i128| {
                    move |a: $ty, b: $ty| f(a.into(), b.into()) as $ty
                };
                fn floor_divide(a: i128, b: i128) -> i128 {
                    match b {
                        0 => 0,
                        _ => a / b - i128::from(a % b != 0 && (a < 0) != (b < 0)),
                    }
                }
                fn gcd(a: i128, b: i128) -> i128 {
                    if b == 0 { a.abs() } else { gcd(b, a % b) }
                }
                check_two("add", &odd, &odd, wide(|a, b| a + b));
                check_two("subtract", &odd, &odd, wide(|a, b| a - b));
                check_two("multiply", &odd, &odd, wide(i128::wrapping_mul));
                check_two("floor_divide", &odd, &odd, wide(floor_divide));
                check_two("remainder", &odd, &odd, wide(|a, b| {
                    if b == 0 { 0 } else { a - floor_divide(a, b) * b }
                }));
                check_two("fmod", &odd, &odd, wide(|a, b| if b == 0 { 0 } else { a % b }));
                check_two("gcd", &odd, &odd, wide(gcd));
                check_two("lcm", &odd, &odd, wide(|a, b| {
                    if a == 0 || b == 0 { 0 } else { (a.abs() / gcd(a, b)).wrapping_mul(b.abs()) }
                }));
                check_two("maximum", &odd, &odd, wide(|a, b| a.max(b)));
                check_two("minimum", &odd, &odd, wide(|a, b| a.min(b)));
                check_two("bitwise_and", &odd, &odd, wide(|a, b| a & b));
                check_two("bitwise_or", &odd, &odd, wide(|a, b| a | b));
                check_two("bitwise_xor", &odd, &odd, wide(|a, b| a ^ b));
                // A negative shift is one by very much.
                check_two("left_shift", &odd, &odd, wide(|a, by| {
                    if (0..$ty::BITS.into()).contains(&by) { a << by } else { 0 }
                }));
                check_two("right_shift", &odd, &odd, wide(|a, by| {
                    a >> if (0..$ty::BITS.into()).contains(&by) { by } else { 127 }
                }));
                let small: Vec<$ty> = (0..10).map(|x: u8| x as $ty).collect();
                check_two("power", &odd, &small, |a: $ty, b: $ty| {
                    (0..b).fold(1, |power: $ty, _| power.wrapping_mul(a))
                });
                check_two("equal", &odd, &odd, |a: $ty, b: $ty| a == b);
                check_two("not_equal", &odd, &odd, |a: $ty, b: $ty| a != b);
                check_two("less", &odd, &odd, |a: $ty, b: $ty| a < b);
                check_two("less_equal", &odd, &odd, |a: $ty, b: $ty| a <= b);
                check_two("greater", &odd, &odd, |a: $ty, b: $ty| a > b);
                check_two("greater_equal", &odd, &odd, |a: $ty, b: $ty| a >= b);
                check_two("logical_and", &odd, &odd, |a: $ty, b: $ty| a != 0 && b != 0);
                check_two("logical_or", &odd, &odd, |a: $ty, b: $ty| a != 0 || b != 0);
                check_two("logical_xor", &odd, &odd, |a: $ty, b: $ty| (a != 0) != (b != 0));
                let one = |f: fn(i128) -> i128| move |a: $ty| f(a.into()) as $ty;
                check_one("negative", &odd, one(|a| -a));
                check_one("positive", &odd, one(|a| a));
                check_one("absolute", &odd, one(|a| a.abs()));
                check_one("invert", &odd, one(|a| !a));
                check_one("square", &odd, one(|a| a.wrapping_mul(a)));
                check_one("sign", &odd, one(|a| a.signum()));
                check_one("floor", &odd, one(|a| a));
                check_one("logical_not", &odd, |a: $ty| a == 0);
                check_one("isfinite", &odd, |_: $ty| true);
                check_one("isnan", &odd, |_: $ty| false);
                check_one("bitwise_count", &odd, |a: $ty| i128::from(a).abs().count_ones() as u8);
            })*};
        }
        check!(i8, i16, i32, i64, u8, u16, u32, u64);
    }

    #[test]
    fn floats(
        more in prop::collection::vec(any::<f64>(), 8),
        small in prop::collection::vec(-9.0..9.0f64, 8),
    ) {
        macro_rules! check {
            ($($ty:ident),*) => {$({
                let mut odd: Vec<$ty> = vec![
                    0.0, -0.0, 1.0, -1.0, 0.5, -0.5, 1.5, 2.5, -2.5, 2.0, 3.0, 1e6, $ty::MAX,
                    $ty::MIN, $ty::MIN_POSITIVE, $ty::INFINITY, -$ty::INFINITY, $ty::NAN,
                ];
                odd.extend(more.iter().chain(&small).map(|x| *x as $ty));
                check_two("add", &odd, &odd, |a: $ty, b: $ty| a + b);
                check_two("subtract", &odd, &odd, |a: $ty, b: $ty| a - b);
                check_two("multiply", &odd, &odd, |a: $ty, b: $ty| a * b);
                check_two("divide", &odd, &odd, |a: $ty, b: $ty| a / b);
                check_two("fmod", &odd, &odd, |a: $ty, b: $ty| a % b);
                check_two("remainder", &odd, &odd, |a: $ty, b: $ty| {
                    let rest = a % b;
                    if rest != 0.0 && (rest < 0.0) != (b < 0.0) { rest + b } else { rest }
                });
                check_two("maximum", &odd, &odd, |a: $ty, b: $ty| {
                    if a.is_nan() || b.is_nan() { $ty::NAN } else { a.max(b) }
                });
                check_two("minimum", &odd, &odd, |a: $ty, b: $ty| {
                    if a.is_nan() || b.is_nan() { $ty::NAN } else { a.min(b) }
                });
                check_two("fmax", &odd, &odd, $ty::max);
                check_two("fmin", &odd, &odd, $ty::min);
                check_two("float_power", &odd, &odd, $ty::powf);
                let (first, second): (Vec<$ty>, Vec<$ty>) =
                    odd.iter().flat_map(|a| odd.iter().map(move |b| (*a, *b))).unzip();
                let powers: Vec<$ty> = made("power", &[view(&first), view(&second)]);
                for ((a, b), power) in first.iter().zip(&second).zip(powers) {
                    assert!(power.is(a.powf(*b)), "{a} ** {b} is {}, not {power}", a.powf(*b));
                }
                // All are squared.
                let two = view(&[2.0 as $ty]).broadcast(&[odd.len()]);
                for (a, square) in odd.iter().zip(made::<$ty>("power", &[view(&odd), two])) {
                    assert!(square.is(a * a), "{a} ** 2 is {}, not {square}", a * a);
                }
                check_two("hypot", &odd, &odd, $ty::hypot);
                check_two("arctan2", &odd, &odd, $ty::atan2);
                check_two("copysign", &odd, &odd, $ty::copysign);
                check_two("equal", &odd, &odd, |a: $ty, b: $ty| a == b);
                check_two("not_equal", &odd, &odd, |a: $ty, b: $ty| a != b);
                check_two("less", &odd, &odd, |a: $ty, b: $ty| a < b);
                check_two("less_equal", &odd, &odd, |a: $ty, b: $ty| a <= b);
                check_two("greater", &odd, &odd, |a: $ty, b: $ty| a > b);
                check_two("greater_equal", &odd, &odd, |a: $ty, b: $ty| a >= b);
                check_two("logical_and", &odd, &odd, |a: $ty, b: $ty| a != 0.0 && b != 0.0);
                check_two("ldexp", &odd, &[-3i32, 0, 5], |a: $ty, by: i32| {
                    (f64::from(a) * f64::from(by).exp2()) as $ty
                });
                check_one("negative", &odd, |a: $ty| -a);
                check_one("absolute", &odd, $ty::abs);
                check_one("sqrt", &odd, $ty::sqrt);
                check_one("square", &odd, |a: $ty| a * a);
                check_one("reciprocal", &odd, |a: $ty| 1.0 / a);
                check_one("rint", &odd, $ty::round_ties_even);
                check_one("floor", &odd, $ty::floor);
                check_one("ceil", &odd, $ty::ceil);
                check_one("trunc", &odd, $ty::trunc);
                check_one("exp", &odd, $ty::exp);
                check_one("log", &odd, $ty::ln);
                check_one("sin", &odd, $ty::sin);
                check_one("tanh", &odd, $ty::tanh);
                check_one("isnan", &odd, $ty::is_nan);
                check_one("isinf", &odd, $ty::is_infinite);
                check_one("isfinite", &odd, $ty::is_finite);
                check_one("signbit", &odd, $ty::is_sign_negative);
                check_one("sign", &odd, |a: $ty| if a == 0.0 { 0.0 } else { a.signum() });
            })*};
        }
        check!(f32, f64);
    }

    #[test]
    fn conversions(more in prop::collection::vec(any::<i64>(), 8)) {
        /// From and to each integer: the low bits. From and to floats, as long as it fits.
        macro_rules! check {
            ($([$from:ident $($to:ident)*])*) => {$({
                let odd = odd_integers!($from, more);
                $(check_one("cast", &odd, |x: $from| x as $to);)*
                check_one("cast", &odd, |x: $from| x as f32);
                check_one("cast", &odd, |x: $from| x as f64);
                check_one("cast", &odd, |x: $from| x != 0);
                check_one("cast", &odd, |x: $from| Complex { re: x as f64, im: 0.0 });
                check_one("cast", &[true, false], |x: bool| $from::from(x));
                let floats: Vec<f64> = odd.iter().map(|x| *x as f64 * 0.75).collect();
                check_one("cast", &floats, |x: f64| x as $from);
                let floats: Vec<f32> = floats.iter().map(|x| *x as f32).collect();
                check_one("cast", &floats, |x: f32| x as $from);
            })*};
        }
        check!(
            [i8 i8 i16 i32 i64 u8 u16 u32 u64] [i16 i8 i16 i32 i64 u8 u16 u32 u64]
            [i32 i8 i16 i32 i64 u8 u16 u32 u64] [i64 i8 i16 i32 i64 u8 u16 u32 u64]
            [u8 i8 i16 i32 i64 u8 u16 u32 u64] [u16 i8 i16 i32 i64 u8 u16 u32 u64]
            [u32 i8 i16 i32 i64 u8 u16 u32 u64] [u64 i8 i16 i32 i64 u8 u16 u32 u64]
        );
    }
}

#[test]
fn what_an_integer_cannot_hold() {
    let odd = [f64::NAN, f64::INFINITY, -f64::INFINITY, 1e30, -1e30];
    check_one("cast", &odd, |_: f64| i32::MIN);
    check_one("cast", &odd, |_: f64| i64::MIN);
    check_one("cast", &odd, |_: f64| 0_i8);
    check_one("cast", &[300.0, -1.0, -300.9], |x: f64| x as i32 as u8);
    check_one("cast", &[-1.0, -2.5], |x: f64| x as i64 as u64);
    check_one("cast", &[f64::NAN, 0.0, 0.1], |x: f64| x != 0.0);
}

#[test]
fn truth_values() {
    let both = [false, true];
    check_two("add", &both, &both, |a: bool, b: bool| a || b);
    check_two("multiply", &both, &both, |a: bool, b: bool| a && b);
    check_two("bitwise_xor", &both, &both, |a: bool, b: bool| a != b);
    check_two("maximum", &both, &both, |a: bool, b: bool| a.max(b));
    check_two("minimum", &both, &both, |a: bool, b: bool| a.min(b));
    check_two("equal", &both, &both, |a: bool, b: bool| a == b);
    check_two("less", &both, &both, |a: bool, b: bool| !a & b);
    check_two("less_equal", &both, &both, |a: bool, b: bool| a <= b);
    check_two("greater", &both, &both, |a: bool, b: bool| a & !b);
    check_two("greater_equal", &both, &both, |a: bool, b: bool| a >= b);
    check_one("logical_not", &both, |a: bool| !a);
    check_one("absolute", &both, |a: bool| a);
}

#[test]
fn integers_with_and_without_sign() {
    let (signed, unsigned) = ([i64::MIN, -1, 0, 1, i64::MAX], [0, 1, i64::MAX as u64, u64::MAX]);
    check_two("less", &signed, &unsigned, |a: i64, b: u64| i128::from(a) < i128::from(b));
    check_two("equal", &unsigned, &signed, |a: u64, b: i64| i128::from(a) == i128::from(b));
}

#[test]
fn complex_numbers() {
    let z = |re: f64, im: f64| Complex { re, im };
    let odd = [z(0.0, 0.0), z(1.0, -2.0), z(-3.0, 0.5), z(f64::INFINITY, 1.0), z(0.0, f64::NAN)];
    check_two("add", &odd, &odd, |a, b| z(a.re + b.re, a.im + b.im));
    check_two("multiply", &odd, &odd, |a: Complex<f64>, b: Complex<f64>| {
        z(a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re)
    });
    check_two("equal", &odd, &odd, |a: Complex<f64>, b: Complex<f64>| a == b);
    check_one("absolute", &odd, |a: Complex<f64>| a.re.hypot(a.im));
    check_one("conjugate", &odd, |a: Complex<f64>| z(a.re, -a.im));
    check_one("real", &odd, |a: Complex<f64>| a.re);
    check_one("imag", &odd, |a: Complex<f64>| a.im);
    check_one("isnan", &odd, |a: Complex<f64>| a.re.is_nan() || a.im.is_nan());
    check_one("cast", &odd, |a: Complex<f64>| a.re);
    check_one("cast", &odd, |a: Complex<f64>| a.re != 0.0 || a.im != 0.0);
    check_one("cast", &odd, |a: Complex<f64>| Complex { re: a.re as f32, im: a.im as f32 });
    check_two("divide", &[z(1.0, 3.0)], &[z(2.0, -4.0)], |_, _| z(-0.5, 0.5));
    check_two("power", &[z(0.0, 2.0)], &[z(2.0, 0.0)], |_, _| z(-4.0, 0.0));
    check_two("power", &[z(0.0, 1.0)], &[z(-2.0, 0.0)], |_, _| z(-1.0, -0.0));
    check_one("sign", &[z(3.0, 4.0), z(0.0, 0.0)], |a: Complex<f64>| z(a.re / 5.0, a.im / 5.0));
    check_two("less", &[z(1.0, 2.0)], &[z(1.0, 3.0), z(0.0, 9.0)], |a, b| {
        a.im < b.im && a.re == b.re
    });
}

#[test]
fn where_and_clip() {
    let (truth, a, b) = ([true, false, true], [1.0, 2.0, 3.0], [-1.0, f64::NAN, -3.0]);
    let picked: Vec<f64> = made("where", &[view(&truth), view(&a), view(&b)]);
    assert!(picked[0] == 1.0 && picked[1].is_nan() && picked[2] == 3.0);
    let one = view(&[7.0]).broadcast(&[3]);
    for is_true in [false, true] {
        let condition = view(&[is_true]).broadcast(&[3]);
        let picked: Vec<f64> = made("where", &[condition.clone(), view(&a), one.clone()]);
        assert_eq!(picked, if is_true { a } else { [7.0; 3] });
        let picked: Vec<f64> = made("where", &[condition, one.clone(), view(&a)]);
        assert_eq!(picked, if is_true { [7.0; 3] } else { a });
    }
    let [low, high] = [1.5, 2.5].map(|end| view(&[end]).broadcast(&[3]));
    let clipped: Vec<f64> = made("clip", &[view(&a), low, high]);
    assert_eq!(clipped, [1.5, 2.0, 2.5]);
}
