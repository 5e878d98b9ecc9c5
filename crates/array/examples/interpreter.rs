//! What the interpreter of fused kernels takes for an element, and for a call.
//!
//! `cargo run --release -p manycore-array --example interpreter`
#![allow(clippy::print_stdout)]

use array::fused::{Fused, Operation, Output, Reduction, Step};
use array::view::{Target, View};
use array::{DType, Interpreter};
use kernel::types::Scalar::{self, Bool, F32, F64, I64};
use std::hint::black_box;
use std::sync::atomic::AtomicU64;
use std::time::Instant;

/// Nanoseconds that a call takes: the least of several.
fn nanoseconds(mut call: impl FnMut()) -> f64 {
    let mut least = f64::INFINITY;
    let begin = Instant::now();
    while begin.elapsed().as_millis() < 300 {
        let start = Instant::now();
        call();
        least = least.min(start.elapsed().as_nanos() as f64);
    }
    least
}

fn step(op: &str, operands: &[u16], of: Scalar) -> Step {
    Step { op: Operation::Named(op.into()), operands: operands.into(), dtype: of.into() }
}

fn ones(of: Scalar, shape: &[usize]) -> View {
    let mut target = Target::new(of.into(), shape);
    match of {
        F64 => target.fill(&1_f64.to_ne_bytes()),
        F32 => target.fill(&1_f32.to_ne_bytes()),
        I64 => target.fill(&1_i64.to_ne_bytes()),
        _ => target.fill(&[1]),
    }
    target.freeze()
}

fn measure(name: &str, fused: &Fused, inputs: &[View], shape: &[usize], reduced: &[bool]) {
    let interpreter = Interpreter::new(fused).expect("operations that are known");
    let inputs: Vec<View> = inputs.iter().map(|input| input.broadcast(shape)).collect();
    let kept: Vec<usize> = (shape.iter().zip(reduced))
        .filter(|(_, reduced)| !**reduced)
        .map(|(length, _)| *length)
        .collect();
    let mut targets: Vec<Target> =
        fused.outputs().iter().map(|&v| Target::zeros(fused.dtype(v).clone(), &kept)).collect();
    let alarm = AtomicU64::new(0);
    let run = || {
        let mut outputs: Vec<&mut Target> = targets.iter_mut().collect();
        interpreter.run(&inputs, shape, reduced, &mut outputs, &alarm).expect("no errors");
    };
    let time = nanoseconds(run);
    let elements: usize = shape.iter().product();
    println!(
        "{name:<44} {shape:>20?} {:8.3} ns an element, {time:10.0} ns",
        time / elements as f64
    );
    black_box(&targets);
}

fn elements(inputs: &[Scalar], steps: Vec<Step>) -> Fused {
    let last = (inputs.len() + steps.len() - 1) as u16;
    let inputs = inputs.iter().map(|&input| DType::Number(input)).collect();
    Fused { inputs, steps, output: Output::Elements([last].as_slice().into()) }
}

fn reductions(inputs: &[Scalar], steps: Vec<Step>, kind: Reduction) -> Fused {
    let last = (inputs.len() + steps.len() - 1) as u16;
    let inputs = inputs.iter().map(|&input| DType::Number(input)).collect();
    Fused { inputs, steps, output: Output::Reductions([(kind, last)].as_slice().into()) }
}

fn main() {
    let five = elements(
        &[F64, F64],
        vec![
            step("add", &[0, 1], F64),
            step("multiply", &[2, 0], F64),
            step("subtract", &[3, 1], F64),
            step("sqrt", &[4], F64),
            step("maximum", &[5, 0], F64),
        ],
    );
    for length in [10, 1000, 10_000, 1_000_000, 10_000_000] {
        let inputs = [ones(F64, &[length]), ones(F64, &[length])];
        measure("five steps of float64", &five, &inputs, &[length], &[false]);
    }
    for of in [F64, F32, I64] {
        for length in [1000, 1_000_000, 30_000_000] {
            let inputs = [ones(of, &[length]), ones(of, &[length])];
            let add = elements(&[of, of], vec![step("add", &[0, 1], of)]);
            measure(&format!("add {of}"), &add, &inputs, &[length], &[false]);
            let sum = reductions(&[of], vec![], Reduction::Add);
            measure(&format!("sum {of}"), &sum, &inputs[..1], &[length], &[true]);
            let max = reductions(&[of], vec![], Reduction::Maximum);
            measure(&format!("max {of}"), &max, &inputs[..1], &[length], &[true]);
        }
    }
    let length = 1_000_000;
    let (x, b) = (ones(F64, &[length]), ones(Bool, &[length]));
    for (op, to) in [
        ("negative", F64),
        ("sqrt", F64),
        ("floor", F64),
        ("rint", F64),
        ("sign", F64),
        ("isnan", Bool),
        ("exp", F64),
        ("sin", F64),
        ("log", F64),
        ("tanh", F64),
    ] {
        measure(
            op,
            &elements(&[F64], vec![step(op, &[0], to)]),
            std::slice::from_ref(&x),
            &[length],
            &[false],
        );
    }
    for to in [F32, I64, Bool, Scalar::U8, Scalar::U64] {
        let cast = elements(&[F64], vec![step("cast", &[0], to)]);
        measure(&format!("float64 as {to}"), &cast, std::slice::from_ref(&x), &[length], &[false]);
    }
    for op in
        ["multiply", "divide", "less", "maximum", "floor_divide", "remainder", "power", "hypot"]
    {
        let to = if op == "less" { Bool } else { F64 };
        let two = elements(&[F64, F64], vec![step(op, &[0, 1], to)]);
        measure(op, &two, &[x.clone(), x.clone()], &[length], &[false]);
        let scalar = ones(F64, &[1]);
        measure(&format!("{op} by a scalar"), &two, &[x.clone(), scalar], &[length], &[false]);
    }
    let pick = elements(&[Bool, F64, F64], vec![step("where", &[0, 1, 2], F64)]);
    measure("where", &pick, &[b.clone(), x.clone(), x.clone()], &[length], &[false]);
    measure("where, a scalar", &pick, &[b, x, ones(F64, &[1])], &[length], &[false]);

    // Of rows and columns.
    let standardise = elements(
        &[F64, F64, F64],
        vec![step("subtract", &[0, 1], F64), step("divide", &[3, 2], F64)],
    );
    for (rows, columns) in [(333_333, 3), (20_000, 50), (2_000, 500), (200, 5_000)] {
        let x = ones(F64, &[rows, columns]);
        let row = ones(F64, &[1, columns]);
        let column = ones(F64, &[rows, 1]);
        let shape = [rows, columns];
        let no = [false; 2];
        measure(
            "(x - row) / row",
            &standardise,
            &[x.clone(), row.clone(), row.clone()],
            &shape,
            &no,
        );
        measure(
            "(x - column) / column",
            &standardise,
            &[x.clone(), column.clone(), column],
            &shape,
            &no,
        );
        let sum = reductions(&[F64], vec![], Reduction::Add);
        measure("sum of columns", &sum, std::slice::from_ref(&x), &shape, &[true, false]);
        measure("sum of rows", &sum, std::slice::from_ref(&x), &shape, &[false, true]);
        let squares = reductions(
            &[F64, F64],
            vec![step("subtract", &[0, 1], F64), step("multiply", &[2, 2], F64)],
            Reduction::Add,
        );
        measure("sum of (x - row) ** 2", &squares, &[x.clone(), row], &shape, &[true, false]);
        let turned = ones(F64, &[columns, rows]).axes(&[Some(1), Some(0)]);
        let add = elements(&[F64, F64], vec![step("add", &[0, 1], F64)]);
        measure("x + y.T", &add, &[x.clone(), turned.clone()], &shape, &no);
        measure("x.T + y.T", &add, &[turned.clone(), turned], &shape, &no);
    }
}
