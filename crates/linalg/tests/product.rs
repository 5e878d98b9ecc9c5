//! Products of matrices in memory, of any layout and size, against sums written out.

use kernel::types::Scalar;
use linalg::{Accum, Strided, multiply};
use proptest::prelude::*;

/// A matrix in the middle of memory of its own.
#[derive(Clone, Debug)]
struct Matrix {
    memory: Vec<f64>,
    start: usize,
    shape: [usize; 2],
    strides: [isize; 2],
}

/// How far apart elements are, and in which direction, along the axis that is quick and the other.
#[derive(Clone, Copy, Debug)]
struct Layout {
    is_turned: bool,
    steps: [isize; 2],
}

const C_ORDER: Layout = Layout { is_turned: false, steps: [1, 1] };

impl Matrix {
    /// Small whole numbers, of which sums are exact in any order.
    fn new(shape: [usize; 2], layout: Layout, seed: usize) -> Self {
        let (slow, fast) = if layout.is_turned { (1, 0) } else { (0, 1) };
        let mut strides = [0; 2];
        strides[fast] = layout.steps[1];
        strides[slow] = layout.steps[0] * layout.steps[1].abs() * shape[fast] as isize;
        let back = |axis: usize| match strides[axis] {
            stride if stride < 0 => stride.unsigned_abs() * (shape[axis] - 1),
            _ => 0,
        };
        let start = back(0) + back(1);
        let span: usize =
            (0..2).map(|axis| strides[axis].unsigned_abs() * (shape[axis] - 1)).sum::<usize>() + 1;
        let memory = (0..span).map(|place| ((place + seed) * 7919 % 17) as f64 - 8.0).collect();
        Self { memory, start, shape, strides }
    }

    fn turned(&self) -> Self {
        let ([rows, columns], [down, across]) = (self.shape, self.strides);
        Self { shape: [columns, rows], strides: [across, down], ..self.clone() }
    }

    fn place(&self, row: usize, column: usize) -> usize {
        let [down, across] = self.strides;
        let place = self.start as isize + row as isize * down + column as isize * across;
        place as usize
    }

    fn at(&self, row: usize, column: usize) -> f64 {
        self.memory[self.place(row, column)]
    }

    fn strided<T>(&self, memory: &mut [T]) -> Strided {
        let data = (&raw mut memory[self.start]).cast();
        Strided { data, shape: self.shape, strides: self.strides }
    }
}

/// Checks `out` after a product, and that nothing else in its memory has changed.
fn check(a: &Matrix, b: &Matrix, out: &Matrix, accum: Accum, is_gram: bool) {
    let mut wanted = out.clone();
    let is_added = matches!(accum, Accum::Add);
    for row in 0..out.shape[0] {
        for column in 0..out.shape[1] {
            let sum: f64 = (0..a.shape[1]).map(|k| a.at(row, k) * b.at(k, column)).sum();
            let place = out.place(row, column);
            wanted.memory[place] = if is_added { wanted.memory[place] + sum } else { sum };
        }
    }
    let (mut left, mut right) = (a.memory.clone(), b.memory.clone());
    let mut found = out.memory.clone();
    let (first, second, target) =
        (a.strided(&mut left), b.strided(&mut right), out.strided(&mut found));
    // SAFETY: the matrices are within their memory, which nobody else has.
    assert!(unsafe { multiply(Scalar::F64, first, second, target, accum, is_gram) });
    assert!(found == wanted.memory, "float64");

    let single = |memory: &[f64]| memory.iter().map(|value| *value as f32).collect::<Vec<f32>>();
    let (mut left, mut right, mut found) =
        (single(&a.memory), single(&b.memory), single(&out.memory));
    let (first, second, target) =
        (a.strided(&mut left), b.strided(&mut right), out.strided(&mut found));
    // SAFETY: as above.
    assert!(unsafe { multiply(Scalar::F32, first, second, target, accum, is_gram) });
    assert!(found == single(&wanted.memory), "float32");
}

fn layouts() -> impl Strategy<Value = Layout> {
    let step = prop_oneof![Just(1), Just(1), Just(2), Just(-1), Just(-3)];
    (any::<bool>(), [step.clone(), step]).prop_map(|(is_turned, steps)| Layout { is_turned, steps })
}

fn accums() -> impl Strategy<Value = Accum> {
    prop_oneof![Just(Accum::Replace), Just(Accum::Add)]
}

proptest! {
    #[test]
    fn a_product_is_the_sum_of_products(
        (rows, inside, columns) in (1..60_usize, 1..60_usize, prop_oneof![1..60_usize, 120..200_usize]),
        [a, b, out] in [layouts(), layouts(), layouts()],
        accum in accums(),
    ) {
        let a = Matrix::new([rows, inside], a, 1);
        let b = Matrix::new([inside, columns], b, 2);
        check(&a, &b, &Matrix::new([rows, columns], out, 3), accum, false);
    }

    #[test]
    fn a_gram_is_the_product_with_the_transpose(
        (rows, inside) in (prop_oneof![1..60_usize, 120..200_usize], 1..60_usize),
        [a, out] in [layouts(), layouts()],
        accum in accums(),
    ) {
        let a = Matrix::new([rows, inside], a, 1);
        let mut out = Matrix::new([rows, rows], out, 3);
        for row in 0..rows {
            for column in 0..row {
                let place = out.place(column, row);
                out.memory[place] = out.at(row, column);
            }
        }
        check(&a, &a.turned(), &out, accum, true);
    }
}

#[test]
fn products_of_several_blocks() {
    for accum in [Accum::Replace, Accum::Add] {
        let a = Matrix::new([1043, 337], C_ORDER, 1);
        let b = Matrix::new([337, 523], C_ORDER, 2);
        check(&a, &b, &Matrix::new([1043, 523], C_ORDER, 3), accum, false);
    }
    let a = Matrix::new([337, 1043], C_ORDER, 1).turned();
    check(&a, &a.turned(), &Matrix::new([1043, 1043], C_ORDER, 0), Accum::Replace, true);
}

#[test]
fn what_is_not_a_number_stays_where_it_belongs() {
    let mut a = Matrix::new([21, 19], C_ORDER, 1);
    let b = Matrix::new([19, 131], C_ORDER, 2);
    a.memory[5 * 19] = f64::INFINITY;
    a.memory[7 * 19] = f64::NAN;
    let mut found = vec![0.0_f64; 21 * 131];
    let (mut left, mut right) = (a.memory.clone(), b.memory.clone());
    let out = Matrix::new([21, 131], C_ORDER, 3);
    let (first, second, target) =
        (a.strided(&mut left), b.strided(&mut right), out.strided(&mut found));
    // SAFETY: the matrices are within their memory, which nobody else has.
    unsafe { multiply(Scalar::F64, first, second, target, Accum::Replace, false) };
    for (row, numbers) in found.chunks(131).enumerate() {
        assert!(numbers.iter().all(|number| number.is_finite() != [5, 7].contains(&row)));
        assert!(row != 7 || numbers.iter().all(|number| number.is_nan()));
    }
}
