//! Products of matrices that lie anywhere in memory.
#![allow(unsafe_code)]

use crate::operations;
use faer::linalg::matmul::triangular::{self, BlockStructure};
use faer::traits::ComplexField;
use faer::{Accum, MatMut, MatRef, Par, c32, c64};
use kernel::types::Scalar;

/// A matrix in memory: where it is, rows and columns, and how many elements it is from one to the next of each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Strided {
    /// The first element.
    pub data: *mut u8,
    /// Rows and columns.
    pub shape: [usize; 2],
    /// Elements from one row to the next, and from one column.
    pub strides: [isize; 2],
}

/// `a @ b` into `out`, on one core; if `b` is `a`'s transpose (`is_gram`), half is computed. Returns whether the type is
/// one that matrices are multiplied in.
///
/// # Safety
/// All elements are there, initialised but for `out`'s, and of type `dtype`; `out` is of the product's shape, and
/// nobody else reads or writes it.
pub unsafe fn multiply(dtype: Scalar, a: Strided, b: Strided, out: Strided, is_gram: bool) -> bool {
    // SAFETY: as the caller says.
    unsafe {
        match dtype {
            Scalar::F32 => of::<f32>(a, b, out, is_gram),
            Scalar::F64 => of::<f64>(a, b, out, is_gram),
            Scalar::C64 => of::<c32>(a, b, out, is_gram),
            Scalar::C128 => of::<c64>(a, b, out, is_gram),
            _ => return false,
        }
    }
    true
}

/// # Safety
/// As for [`multiply`].
unsafe fn of<T: ComplexField>(a: Strided, b: Strided, out: Strided, is_gram: bool) {
    // SAFETY: as the caller says.
    let (left, right, mut target) = unsafe { (read::<T>(a), read::<T>(b), write::<T>(out)) };
    if !is_gram {
        return operations::product(left, right, target);
    }
    let (rectangle, lower) = (BlockStructure::Rectangular, BlockStructure::TriangularLower);
    let one = faer::traits::math_utils::one();
    triangular::matmul(
        target.as_mut(),
        lower,
        Accum::Replace,
        left,
        rectangle,
        right,
        rectangle,
        one,
        Par::Seq,
    );
    let count = target.nrows();
    // The other half, by squares that stay in cache.
    for start in (0..count).step_by(SQUARE) {
        for other in (start..count).step_by(SQUARE) {
            for row in start..(start + SQUARE).min(count) {
                for column in other.max(row + 1)..(other + SQUARE).min(count) {
                    target[(row, column)] = target[(column, row)].clone();
                }
            }
        }
    }
}

/// Rows and columns that are copied at a time.
const SQUARE: usize = 32;

/// # Safety
/// As for [`multiply`].
unsafe fn read<'a, T>(matrix: Strided) -> MatRef<'a, T> {
    let Strided { data, shape: [rows, columns], strides: [down, across] } = matrix;
    // SAFETY: as the caller says.
    unsafe { MatRef::from_raw_parts(data.cast_const().cast(), rows, columns, down, across) }
}

/// # Safety
/// As for [`multiply`].
unsafe fn write<'a, T>(matrix: Strided) -> MatMut<'a, T> {
    let Strided { data, shape: [rows, columns], strides: [down, across] } = matrix;
    // SAFETY: as the caller says.
    unsafe { MatMut::from_raw_parts_mut(data.cast(), rows, columns, down, across) }
}
