//! Linear algebra as kernels call it, on arrays of any layout.

use kernel::abi::linalg as code;
use kernel::ir::Runtime;
use kernel::types::Scalar;
use linalg::callback;
use proptest::prelude::*;

/// A matrix of float64 in C order.
#[derive(Clone, Debug, PartialEq)]
struct Matrix {
    rows: usize,
    columns: usize,
    elements: Vec<f64>,
}

impl Matrix {
    fn zeros(rows: usize, columns: usize) -> Self {
        Self { rows, columns, elements: vec![0.0; rows * columns] }
    }

    fn of<const M: usize, const N: usize>(rows: [[f64; N]; M]) -> Self {
        Self { rows: M, columns: N, elements: rows.concat() }
    }

    fn identity(n: usize) -> Self {
        let mut one = Self::zeros(n, n);
        (0..n).for_each(|k| one.elements[k * n + k] = 1.0);
        one
    }

    fn at(&self, row: usize, column: usize) -> f64 {
        self.elements[row * self.columns + column]
    }

    fn times(&self, other: &Self) -> Self {
        let mut product = Self::zeros(self.rows, other.columns);
        for row in 0..self.rows {
            for column in 0..other.columns {
                product.elements[row * other.columns + column] =
                    (0..self.columns).map(|k| self.at(row, k) * other.at(k, column)).sum();
            }
        }
        product
    }

    fn transposed(&self) -> Self {
        let mut other = Self::zeros(self.columns, self.rows);
        for row in 0..self.rows {
            for column in 0..self.columns {
                other.elements[column * self.rows + row] = self.at(row, column);
            }
        }
        other
    }

    /// Its slots as an array of two dimensions.
    fn slots(&mut self) -> Vec<u64> {
        let along = self.columns as u64 * 8;
        let address = self.elements.as_mut_ptr().expose_provenance() as u64;
        vec![address, 0, self.rows as u64, self.columns as u64, along, 8]
    }

    /// Its slots as an array of one dimension.
    fn vector(&mut self) -> Vec<u64> {
        let address = self.elements.as_mut_ptr().expose_provenance() as u64;
        vec![address, 0, self.rows as u64, 8]
    }

    fn is_near(&self, other: &Self) -> bool {
        let most = other.elements.iter().fold(1.0, |most: f64, value| most.max(value.abs()));
        let near = |(a, b): (&f64, &f64)| (a - b).abs() <= 1e-9 * most;
        (self.rows, self.columns) == (other.rows, other.columns)
            && self.elements.iter().zip(&other.elements).all(near)
    }
}

fn call_as(which: Runtime, dtype: Scalar, arrays: &[Vec<u64>]) -> i64 {
    let slots = arrays.concat();
    // SAFETY: The slots are those of arrays that the test owns, of the shapes that the operation has.
    unsafe { callback(code(which, dtype), slots.as_ptr()) }
}

fn call(which: Runtime, arrays: &[Vec<u64>]) -> i64 {
    call_as(which, Scalar::F64, arrays)
}

fn determinant(matrix: &mut Matrix) -> f64 {
    f64::from_bits(call(Runtime::Determinant, &[matrix.slots()]).cast_unsigned())
}

fn matrix(rows: usize, columns: usize) -> impl Strategy<Value = Matrix> {
    prop::collection::vec(-1.0..1.0, rows * columns).prop_map(move |elements| Matrix {
        rows,
        columns,
        elements,
    })
}

/// A matrix of any shape, also an empty one.
fn any_matrix() -> impl Strategy<Value = Matrix> {
    (0_usize..40, 0_usize..40).prop_flat_map(|(rows, columns)| matrix(rows, columns))
}

/// A square matrix that is far from singular.
fn regular() -> impl Strategy<Value = Matrix> {
    (0_usize..40).prop_flat_map(|n| matrix(n, n)).prop_map(|mut matrix| {
        let n = matrix.rows;
        (0..n).for_each(|k| matrix.elements[k * n + k] += n as f64);
        matrix
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(50))]

    #[test]
    fn products_are_sums_of_products(
        (mut a, mut b) in (0_usize..70, 0_usize..70, 0_usize..70)
            .prop_flat_map(|(m, k, n)| (matrix(m, k), matrix(k, n))),
    ) {
        let mut out = Matrix::zeros(a.rows, b.columns);
        // What was there before does not matter.
        out.elements.fill(f64::NAN);
        call(Runtime::MatMul, &[a.slots(), b.slots(), out.slots()]);
        prop_assert!(out.is_near(&a.times(&b)));
    }

    #[test]
    fn solutions_solve_and_inverses_invert(mut a in regular(), columns in 0_usize..5) {
        let n = a.rows;
        let mut b = Matrix::zeros(n, columns);
        b.elements.iter_mut().enumerate().for_each(|(k, value)| *value = k as f64);
        let mut x = Matrix::zeros(n, columns);
        prop_assert_eq!(call(Runtime::Solve, &[a.slots(), b.slots(), x.slots()]), 0);
        prop_assert!(a.times(&x).is_near(&b));
        let mut inverse = Matrix::zeros(n, n);
        prop_assert_eq!(call(Runtime::Inverse, &[a.slots(), inverse.slots()]), 0);
        prop_assert!(a.times(&inverse).is_near(&Matrix::identity(n)));
    }

    #[test]
    fn determinants_multiply(mut a in matrix(5, 5), mut b in matrix(5, 5)) {
        let mut both = a.times(&b);
        let expected = determinant(&mut a) * determinant(&mut b);
        prop_assert!((determinant(&mut both) - expected).abs() < 1e-12);
    }

    #[test]
    fn cholesky_factors_are_lower_and_their_squares_the_matrix(a in regular()) {
        let mut square = a.times(&a.transposed());
        let mut factor = Matrix::zeros(a.rows, a.rows);
        prop_assert_eq!(call(Runtime::Cholesky, &[square.slots(), factor.slots()]), 0);
        prop_assert!(factor.times(&factor.transposed()).is_near(&square));
        for row in 0..a.rows {
            prop_assert!((row + 1..a.rows).all(|column| factor.at(row, column) == 0.0));
        }
    }

    #[test]
    fn eigenvectors_are_stretched_by_ascending_eigenvalues(a in regular()) {
        let n = a.rows;
        let mut sum = a.transposed();
        sum.elements.iter_mut().zip(&a.elements).for_each(|(value, other)| *value += other);
        let (mut values, mut vectors) = (Matrix::zeros(n, 1), Matrix::zeros(n, n));
        let status =
            call(Runtime::SymmetricEigen, &[sum.slots(), values.vector(), vectors.slots()]);
        prop_assert_eq!(status, 0);
        prop_assert!(values.elements.is_sorted());
        let mut stretched = vectors.clone();
        for (k, value) in stretched.elements.iter_mut().enumerate() {
            *value *= values.elements[k % n];
        }
        prop_assert!(sum.times(&vectors).is_near(&stretched));
        prop_assert!(vectors.transposed().times(&vectors).is_near(&Matrix::identity(n)));
    }

    #[test]
    fn singular_values_and_their_vectors_make_the_matrix(mut a in any_matrix()) {
        let k = a.rows.min(a.columns);
        let (mut u, mut s) = (Matrix::zeros(a.rows, k), Matrix::zeros(k, 1));
        let mut vt = Matrix::zeros(k, a.columns);
        let status = call(Runtime::Svd, &[a.slots(), u.slots(), s.vector(), vt.slots()]);
        prop_assert_eq!(status, 0);
        prop_assert!(s.elements.iter().rev().is_sorted() && s.elements.iter().all(|s| *s >= 0.0));
        let mut scaled = vt.clone();
        for (index, value) in scaled.elements.iter_mut().enumerate() {
            *value *= s.elements[index / a.columns];
        }
        prop_assert!(u.times(&scaled).is_near(&a));
        prop_assert!(u.transposed().times(&u).is_near(&Matrix::identity(k)));
        prop_assert!(vt.times(&vt.transposed()).is_near(&Matrix::identity(k)));
    }

    #[test]
    fn orthogonal_and_upper_factors_make_the_matrix(mut a in any_matrix()) {
        let k = a.rows.min(a.columns);
        let (mut q, mut r) = (Matrix::zeros(a.rows, k), Matrix::zeros(k, a.columns));
        call(Runtime::Qr, &[a.slots(), q.slots(), r.slots()]);
        prop_assert!(q.times(&r).is_near(&a));
        prop_assert!(q.transposed().times(&q).is_near(&Matrix::identity(k)));
        for row in 0..k {
            prop_assert!((0..row).all(|column| r.at(row, column) == 0.0));
        }
        // As LAPACK has it: a reflection away from the column.
        if k > 0 && a.rows > 1 {
            prop_assert!(r.at(0, 0) * a.at(0, 0) <= 0.0);
        }
    }
}

#[test]
fn what_is_singular_or_indefinite_is_said() {
    for mut singular in [
        Matrix::of([[1.0, 2.0], [2.0, 4.0]]),
        Matrix::zeros(2, 2),
        Matrix::of([[0.0, 1.0], [0.0, 1.0]]),
    ] {
        let (mut b, mut x) = (Matrix::identity(2), Matrix::zeros(2, 2));
        assert_ne!(call(Runtime::Solve, &[singular.slots(), b.slots(), x.slots()]), 0);
        assert_ne!(call(Runtime::Inverse, &[singular.slots(), x.slots()]), 0);
        assert_eq!(determinant(&mut singular), 0.0);
        assert_ne!(call(Runtime::Cholesky, &[singular.slots(), x.slots()]), 0);
    }
    let mut huge = Matrix::zeros(20, 20);
    assert_eq!(determinant(&mut huge), 0.0);
    let (mut nan, mut u, mut vt) =
        (Matrix::of([[f64::NAN, 1.0], [1.0, 1.0]]), Matrix::zeros(2, 2), Matrix::zeros(2, 2));
    let mut s = Matrix::zeros(2, 1);
    assert_ne!(call(Runtime::Svd, &[nan.slots(), u.slots(), s.vector(), vt.slots()]), 0);
    assert_ne!(call(Runtime::SymmetricEigen, &[nan.slots(), s.vector(), u.slots()]), 0);
}

#[test]
fn determinants_know_their_sign() {
    assert_eq!(determinant(&mut Matrix::of([[0.0, 1.0], [1.0, 0.0]])), -1.0);
    let cycle = [[0.0, 1.0, 0.0], [0.0, 0.0, 1.0], [1.0, 0.0, 0.0]];
    assert_eq!(determinant(&mut Matrix::of(cycle)), 1.0);
    assert_eq!(determinant(&mut Matrix::zeros(0, 0)), 1.0);
}

#[test]
fn arrays_may_lie_anyhow() {
    let mut a = Matrix::of([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]);
    // Its transpose with the rows from the end, and packed one byte off where a float64 may lie.
    let [address, _, rows, columns, down, along] = a.slots()[..] else { unreachable!("six slots") };
    let last = address + (columns - 1) * along;
    let flipped = vec![last, 0, columns, rows, 0_u64.wrapping_sub(along), down];
    let mut bytes = vec![0_u8; 49];
    for (k, value) in a.elements.iter().enumerate() {
        bytes[1 + 8 * k..9 + 8 * k].copy_from_slice(&value.to_le_bytes());
    }
    let odd = bytes.as_mut_ptr().expose_provenance() as u64 + 1;
    for right in [a.slots(), vec![odd, 0, rows, columns, down, along]] {
        let mut out = Matrix::zeros(3, 3);
        call(Runtime::MatMul, &[flipped.clone(), right, out.slots()]);
        let product = Matrix::of([[3.0, 6.0], [2.0, 5.0], [1.0, 4.0]]).times(&a);
        assert_eq!(out, product);
    }
}

#[test]
fn every_floating_point_type_is_one() {
    // i * i = -1, and the same as a matrix of two rows.
    let mut i = [0.0_f32, 1.0];
    let mut out = [0.0_f32; 2];
    let slots = |elements: &mut [f32]| {
        vec![elements.as_mut_ptr().expose_provenance() as u64, 0, 1, 1, 8, 8]
    };
    let (left, right) = (slots(&mut i), slots(&mut out));
    call_as(Runtime::MatMul, Scalar::C64, &[left.clone(), left.clone(), right.clone()]);
    assert_eq!(out, [-1.0, 0.0]);
    call_as(Runtime::Inverse, Scalar::C64, &[left, right]);
    assert_eq!(out, [0.0, -1.0]);

    let mut a = [4.0_f32];
    let a = vec![a.as_mut_ptr().expose_provenance() as u64, 0, 1, 1, 4, 4];
    let determinant = call_as(Runtime::Determinant, Scalar::F32, std::slice::from_ref(&a));
    assert_eq!(f64::from_bits(determinant.cast_unsigned()), 4.0);
}
