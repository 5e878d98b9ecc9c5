//! Kernels over arrays of any shape and layout, of few operations that are exact.

use super::{elements, run, step};
use crate::Interpreter;
use crate::fused::{Fused, KernelError, Output, Reduction, Step};
use crate::layouts::{Layout, indices, layouts, shapes, within};
use crate::view::{Target, View};
use kernel::types::Scalar::{self, Bool, F64, I64, U8};
use proptest::prelude::*;
use std::sync::atomic::AtomicU64;

/// The elements of a view in C order, as numbers.
fn numbers(view: &View) -> Vec<i64> {
    let scalar = view.dtype().scalar().expect("numbers");
    let view = view.contiguous();
    let bytes = view.as_bytes().expect("a contiguous view");
    bytes.chunks_exact(scalar.size()).map(|bytes| number(scalar, bytes)).collect()
}

fn number(scalar: Scalar, bytes: &[u8]) -> i64 {
    match scalar {
        F64 => f64::from_ne_bytes(bytes.try_into().unwrap()) as i64,
        I64 => i64::from_ne_bytes(bytes.try_into().unwrap()),
        _ => i64::from(bytes[0]),
    }
}

/// The bytes of a number of a type.
fn bytes(scalar: Scalar, number: i64) -> Vec<u8> {
    match scalar {
        F64 => (number as f64).to_ne_bytes().to_vec(),
        I64 => number.to_ne_bytes().to_vec(),
        _ => vec![number as u8],
    }
}

/// Gives elements numbers from 0 to 9, truth values 0 and 1.
fn filled(layout: &Layout, scalar: Scalar, seed: usize) -> View {
    let most = if scalar == Bool { 2 } else { 10 };
    layout.view(scalar.into(), |(place, to)| {
        let mixed = (place + seed).wrapping_mul(2_654_435_761) >> 7;
        to.copy_from_slice(&bytes(scalar, (mixed % most) as i64));
    })
}

/// Three inputs, the last of truth values, and steps that take them: value 5 is `where(c, a * b, a)
/// + b`.
fn mixture(of: Scalar) -> (Vec<Scalar>, Vec<Step>) {
    let steps = vec![
        step("multiply", &[0, 1], of),
        step("where", &[2, 3, 0], of),
        step("add", &[4, 1], of),
    ];
    (vec![of, of, Bool], steps)
}

/// What value `which` of that kernel is.
fn mixed(which: u16, [a, b, c]: [i64; 3]) -> i64 {
    match which {
        0 => a,
        3 => a * b,
        _ => (if c != 0 { a * b } else { a }) + b,
    }
}

#[derive(Clone, Debug)]
struct Case {
    shape: Vec<usize>,
    inputs: [Layout; 3],
    output: Layout,
    reduced: Vec<bool>,
    of: Scalar,
    kept: u16,
}

fn cases() -> impl Strategy<Value = Case> {
    let reduced = |shape: &[usize]| prop::collection::vec(any::<bool>(), shape.len());
    shapes(10_000).prop_flat_map(move |shape| (reduced(&shape), Just(shape))).prop_flat_map(
        |(reduced, shape)| {
            let layout = || layouts(shape.clone());
            let of = prop::sample::select(vec![F64, I64, U8]);
            let kept = prop::sample::select(vec![0u16, 3, 5]);
            let inputs = [layout(), layout(), layout()];
            (inputs, layout(), Just(shape.clone()), Just(reduced), of, kept).prop_map(
                |(inputs, output, shape, reduced, of, kept)| Case {
                    shape,
                    inputs,
                    output,
                    reduced,
                    of,
                    kept,
                },
            )
        },
    )
}

impl Case {
    fn views(&self) -> Vec<View> {
        let [a, b, c] = &self.inputs;
        vec![filled(a, self.of, 1), filled(b, self.of, 50), filled(c, Bool, 7)]
    }

    /// The value that is kept, of each element in C order.
    fn expected(&self, views: &[View]) -> Vec<i64> {
        let [a, b, c] = [0, 1, 2].map(|input| numbers(&views[input]));
        (0..a.len()).map(|place| mixed(self.kept, [a[place], b[place], c[place]])).collect()
    }
}

proptest! {
    #[test]
    fn elements_of_any_layout(case in cases()) {
        let (inputs, steps) = mixture(case.of);
        let fused = elements(&inputs, steps, &[5, case.kept]);
        let views = case.views();
        let (base, cuts) = case.output.cuts();
        let mut first = Target::zeros(case.of.into(), &case.shape);
        let mut second = Target::zeros(case.of.into(), &base);
        let reduced = vec![false; case.shape.len()];
        let interpreter = Interpreter::new(&fused).unwrap();
        let outputs = &mut [&mut first, &mut *second.sliced(&cuts)];
        interpreter.run(&views, &case.shape, &reduced, outputs, &AtomicU64::new(0)).unwrap();
        let expected = case.expected(&views);
        let (first, second) = (first.freeze(), second.freeze());
        let whole = Case { kept: 5, ..case.clone() }.expected(&views);
        prop_assert_eq!(numbers(&first), whole);
        for (place, number) in indices(&base).into_iter().zip(numbers(&second)) {
            let at = |index: Vec<usize>| {
                let flat = |flat, (index, length): (&usize, &usize)| flat * length + index;
                expected[index.iter().zip(&case.shape).fold(0, flat)]
            };
            prop_assert_eq!(number, within(&place, &cuts).map_or(0, at), "at {:?}", place);
        }
    }

    #[test]
    fn reductions_over_any_axes(case in cases()) {
        let (inputs, steps) = mixture(case.of);
        let kinds = [Reduction::Add, Reduction::Maximum, Reduction::Minimum];
        let output = Output::Reductions(kinds.iter().map(|&kind| (kind, case.kept)).collect());
        let fused = Fused {
            inputs: inputs.into_iter().map(Into::into).collect(),
            steps,
            output,
        };
        let views = case.views();
        let axes = case.shape.iter().zip(&case.reduced);
        let kept: Vec<usize> =
            axes.filter(|(_, reduced)| !**reduced).map(|(&length, _)| length).collect();
        let start = [3, 4, 5];
        let mut targets = start.map(|start| {
            let mut target = Target::new(case.of.into(), &kept);
            target.fill(&bytes(case.of, start));
            target
        });
        let mut expected = start.map(|start| vec![start; kept.iter().product()]);
        for (index, value) in indices(&case.shape).iter().zip(case.expected(&views)) {
            let axes = index.iter().zip(&case.shape).zip(&case.reduced);
            let kept = axes.filter(|(_, reduced)| !**reduced);
            let place = kept.fold(0, |flat, ((index, length), _)| flat * length + index);
            expected[0][place] += value;
            expected[1][place] = value.max(expected[1][place]);
            expected[2][place] = value.min(expected[2][place]);
        }
        let interpreter = Interpreter::new(&fused).unwrap();
        let mut outputs: Vec<&mut Target> = targets.iter_mut().collect();
        let alarm = AtomicU64::new(0);
        interpreter.run(&views, &case.shape, &case.reduced, &mut outputs, &alarm).unwrap();
        for (target, expected) in targets.into_iter().zip(expected) {
            let wrapped = expected.into_iter().map(|value| number(case.of, &bytes(case.of, value)));
            prop_assert_eq!(numbers(&target.freeze()), wrapped.collect::<Vec<_>>());
        }
    }

    /// Each step of a long chain takes any values before it, of which some are kept.
    #[test]
    fn buffers_are_not_used_for_two_values(
        operands in prop::collection::vec((any::<u16>(), any::<u16>()), 1..40),
        kept in any::<u16>(),
        length in 1..3_000usize,
    ) {
        let steps = operands.iter().enumerate().map(|(number, (a, b))| {
            let values = 2 + number as u16;
            step(["add", "subtract", "multiply"][number % 3], &[a % values, b % values], I64)
        });
        let last = 1 + operands.len() as u16;
        let fused = elements(&[I64, I64], steps.collect(), &[kept % (last + 1), last]);
        let view = |seed: i64, length: usize| {
            let mut target = Target::new(I64.into(), &[length]);
            for (place, to) in target.bytes().chunks_exact_mut(8).enumerate() {
                to.copy_from_slice(&(place as i64 * 7 + seed).to_ne_bytes());
            }
            target.freeze()
        };
        let inputs = [view(3, length), view(11, 1).broadcast(&[length])];
        let mut values: Vec<Vec<i64>> = inputs.iter().map(numbers).collect();
        for (number, (a, b)) in operands.iter().enumerate() {
            let operand = |which: &u16| values[usize::from(*which) % values.len()].clone();
            let pairs = operand(a).into_iter().zip(operand(b));
            values.push(match number % 3 {
                0 => pairs.map(|(a, b)| a.wrapping_add(b)).collect(),
                1 => pairs.map(|(a, b)| a.wrapping_sub(b)).collect(),
                _ => pairs.map(|(a, b)| a.wrapping_mul(b)).collect(),
            });
        }
        let interpreter = Interpreter::new(&fused).unwrap();
        let mut targets = [0, 1].map(|_| Target::new(I64.into(), &[length]));
        let mut outputs: Vec<&mut Target> = targets.iter_mut().collect();
        interpreter.run(&inputs, &[length], &[false], &mut outputs, &AtomicU64::new(0)).unwrap();
        for (target, value) in targets.into_iter().zip(fused.outputs()) {
            prop_assert_eq!(&numbers(&target.freeze()), &values[usize::from(value)]);
        }
    }
}

#[test]
fn a_sum_loses_little() {
    // One after the other, a million times 0.1 is off by 1e-6.
    let mut target = Target::new(F64.into(), &[1_000_000]);
    target.fill(&0.1_f64.to_ne_bytes());
    let (view, mut sum) = (target.freeze(), Target::zeros(F64.into(), &[]));
    let output = Output::Reductions([(Reduction::Add, 0)].as_slice().into());
    let fused = Fused { inputs: vec![F64.into()], steps: vec![], output };
    let interpreter = Interpreter::new(&fused).unwrap();
    let alarm = AtomicU64::new(0);
    interpreter.run(&[view], &[1_000_000], &[true], &mut [&mut sum], &alarm).unwrap();
    let sum = f64::from_ne_bytes(sum.freeze().as_bytes().unwrap().try_into().unwrap());
    assert!((sum - 100_000.0).abs() < 1e-9, "{sum}");
}

#[test]
fn an_alarm_ends_a_run() {
    let fused = elements(&[I64], vec![step("negative", &[0], I64)], &[1]);
    let view = Target::zeros(I64.into(), &[1_000_000]).freeze();
    let mut target = Target::new(I64.into(), &[1_000_000]);
    let interpreter = Interpreter::new(&fused).unwrap();
    let outputs = &mut [&mut target];
    let result = interpreter.run(&[view], &[1_000_000], &[false], outputs, &AtomicU64::new(1));
    assert!(matches!(result, Err(KernelError::Stopped)));
}

#[test]
fn a_negative_power_is_refused() {
    let fused = elements(&[I64, I64], vec![step("power", &[0, 1], I64)], &[2]);
    let view = |number: i64| View::scalar(I64.into(), &number.to_ne_bytes());
    assert_eq!(numbers(&run(&fused, &[view(-3), view(3)], &[]).unwrap()), [-27]);
    let error = run(&fused, &[view(3), view(-3)], &[]).expect_err("an error");
    assert_eq!(error.to_string(), "Integers to negative integer powers are not allowed.");
}

#[test]
fn what_is_not_known_is_refused() {
    let known = |op: &str, of: &[Scalar], to: Scalar| {
        let operands: Vec<u16> = (0..of.len() as u16).collect();
        let kept = [operands.len() as u16];
        Interpreter::new(&elements(of, vec![step(op, &operands, to)], &kept)).is_some()
    };
    assert!(known("add", &[F64, F64], F64));
    assert!(known("less", &[F64, F64], Bool));
    for (op, of, to) in [
        ("frobnicate", &[F64][..], F64),
        ("add", &[F64, I64], F64),
        ("add", &[F64, F64], I64),
        ("less", &[F64, F64], F64),
        ("subtract", &[Bool, Bool], Bool),
        ("bitwise_and", &[F64, F64], F64),
        ("sin", &[I64], I64),
        ("where", &[I64, F64, F64], F64),
        ("add", &[F64], F64),
    ] {
        assert!(!known(op, of, to), "{op} {of:?} {to}");
    }
}
