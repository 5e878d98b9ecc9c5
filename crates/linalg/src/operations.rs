//! The operations on faer's matrices.

use faer::linalg::matmul::matmul;
use faer::linalg::solvers::{DenseSolveCore, PartialPivLu, Solve};
use faer::traits::{ComplexField, RealField};
use faer::{Accum, Mat, MatMut, MatRef, Par, Side};

/// `a @ b` into `out`.
pub fn product<T: ComplexField>(a: MatRef<'_, T>, b: MatRef<'_, T>, out: MatMut<'_, T>) {
    matmul(out, Accum::Replace, a, b, faer::traits::math_utils::one(), Par::Seq);
}

/// The LU decomposition; nothing if `a` is singular, to which LAPACK says the same: a pivot is exactly 0.
fn decomposition<T: ComplexField>(a: MatRef<'_, T>) -> Option<PartialPivLu<T>> {
    let lu = a.partial_piv_lu();
    let zero = faer::traits::math_utils::zero::<T>();
    (0..a.nrows()).all(|k| lu.U()[(k, k)] != zero).then_some(lu)
}

/// `x` such that `a @ x = b`; nothing if `a` is singular.
pub fn solution<T: ComplexField>(a: MatRef<'_, T>, b: MatRef<'_, T>) -> Option<Mat<T>> {
    Some(decomposition(a)?.solve(b))
}

/// The inverse; nothing if `a` is singular.
pub fn inverse<T: ComplexField>(a: MatRef<'_, T>) -> Option<Mat<T>> {
    Some(decomposition(a)?.inverse())
}

/// The determinant.
pub fn determinant<T: RealField>(a: MatRef<'_, T>) -> T {
    let Some(lu) = decomposition(a) else {
        return faer::traits::math_utils::zero();
    };
    let one = faer::traits::math_utils::one::<T>;
    let product = (0..a.nrows()).fold(one(), |product, k| product * lu.U()[(k, k)].clone());
    if is_odd(lu.P().arrays().0) { -product } else { product }
}

/// Whether a permutation is an odd number of exchanges: each cycle is one fewer than it has members.
fn is_odd(permutation: &[usize]) -> bool {
    let mut seen = vec![false; permutation.len()];
    let mut odd = false;
    for start in 0..permutation.len() {
        let mut at = start;
        while !seen[at] {
            seen[at] = true;
            at = permutation[at];
            odd ^= at != start;
        }
    }
    odd
}

/// The lower Cholesky factor; nothing if `a` is not positive definite.
pub fn cholesky<T: ComplexField>(a: MatRef<'_, T>) -> Option<Mat<T>> {
    Some(a.llt(Side::Lower).ok()?.L().to_owned())
}

/// Eigenvalues in ascending order as a column, and eigenvectors as columns; of the lower triangle.
pub fn symmetric_eigen<T: RealField>(a: MatRef<'_, T>) -> Option<(Mat<T>, Mat<T>)> {
    if a.nrows() == 0 {
        return Some((Mat::zeros(0, 1), Mat::zeros(0, 0)));
    }
    if !a.is_all_finite() {
        return None;
    }
    let eigen = a.self_adjoint_eigen(Side::Lower).ok()?;
    Some((eigen.S().column_vector().as_mat().to_owned(), eigen.U().to_owned()))
}

/// The thin singular value decomposition: `u`, the singular values as a column, and `v` transposed.
pub fn svd<T: RealField>(a: MatRef<'_, T>) -> Option<[Mat<T>; 3]> {
    if a.nrows() == 0 || a.ncols() == 0 {
        return Some([Mat::zeros(a.nrows(), 0), Mat::zeros(0, 1), Mat::zeros(0, a.ncols())]);
    }
    if !a.is_all_finite() {
        return None;
    }
    let svd = a.thin_svd().ok()?;
    let values = svd.S().column_vector().as_mat().to_owned();
    Some([svd.U().to_owned(), values, svd.V().transpose().to_owned()])
}

/// The thin QR decomposition, with LAPACK's signs: the diagonal of `r` has those against the columns'.
pub fn qr<T: ComplexField>(a: MatRef<'_, T>) -> [Mat<T>; 2] {
    let qr = a.qr();
    [qr.compute_thin_Q(), qr.thin_R().to_owned()]
}
