//! Products of matrices that lie anywhere in memory.
#![allow(unsafe_code)]

use crate::gemm::{self, Real};
use faer::linalg::matmul::matmul;
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

impl Strided {
    /// # Safety
    /// The element is there.
    #[inline(always)]
    pub(crate) unsafe fn element<T>(self, row: usize, column: usize) -> *mut T {
        let [down, across] = self.strides;
        let data: *mut T = self.data.cast();
        // SAFETY: as the caller says.
        unsafe { data.offset(row.cast_signed() * down + column.cast_signed() * across) }
    }

    /// What begins at an element; of no shape in particular.
    ///
    /// # Safety
    /// The element is there.
    #[inline(always)]
    pub(crate) unsafe fn at<T>(self, row: usize, column: usize) -> Self {
        // SAFETY: as the caller says.
        Self { data: unsafe { self.element::<T>(row, column) }.cast(), ..self }
    }

    /// The transpose.
    #[inline(always)]
    pub(crate) fn turned(self) -> Self {
        let ([rows, columns], [down, across]) = (self.shape, self.strides);
        Self { shape: [columns, rows], strides: [across, down], ..self }
    }
}

/// `a @ b` into `out`, in place of what is there or added to it, on one core; if `b` is `a`'s transpose (`is_gram`),
/// half is computed. Returns whether the type is one that matrices are multiplied in.
///
/// # Safety
/// All elements are there, of type `dtype`, and initialised but for those that are replaced; `out` is of the product's
/// shape (of a gram, symmetric if it is added to), and nobody else reads or writes it.
pub unsafe fn multiply(
    dtype: Scalar,
    a: Strided,
    b: Strided,
    out: Strided,
    accum: Accum,
    is_gram: bool,
) -> bool {
    // SAFETY: as the caller says.
    unsafe {
        match dtype {
            Scalar::F32 => real::<f32>(dtype, a, b, out, accum, is_gram),
            Scalar::F64 => real::<f64>(dtype, a, b, out, accum, is_gram),
            Scalar::C64 => any::<c32>(a, b, out, accum, is_gram),
            Scalar::C128 => any::<c64>(a, b, out, accum, is_gram),
            _ => return false,
        }
    }
    true
}

/// Whether [`multiply`] copies blocks into an order of its own, so that it does not matter how elements lie.
pub fn is_packed(dtype: Scalar, [rows, inside, columns]: [usize; 3]) -> bool {
    let is_large = rows.min(inside) >= LEAST && columns >= LEAST_COLUMNS;
    is_large && matches!(dtype, Scalar::F32 | Scalar::F64)
}

/// Along axes that are shorter, tiles would be filled up with zeros,
const LEAST: usize = 16;
/// and what is copied of the left matrix is used too seldom.
const LEAST_COLUMNS: usize = 128;

/// # Safety
/// As for [`multiply`].
unsafe fn real<T: ComplexField + Real>(
    dtype: Scalar,
    a: Strided,
    b: Strided,
    out: Strided,
    accum: Accum,
    is_gram: bool,
) {
    let shape = [a.shape[0], a.shape[1], b.shape[1]];
    // SAFETY: as the caller says.
    unsafe {
        if !is_packed(dtype, shape) {
            any::<T>(a, b, out, accum, is_gram);
        } else if is_gram {
            gemm::product::<T>(a, b, out, accum, true);
            mirror(write::<T>(out));
        } else if out.strides[1] == 1 {
            gemm::product::<T>(a, b, out, accum, false);
        } else {
            // Rows of a tile are written at once where their elements are side by side.
            gemm::product::<T>(b.turned(), a.turned(), out.turned(), accum, false);
        }
    }
}

/// # Safety
/// As for [`multiply`].
unsafe fn any<T: ComplexField>(a: Strided, b: Strided, out: Strided, accum: Accum, is_gram: bool) {
    // SAFETY: as the caller says.
    let (left, right, mut target) = unsafe { (read::<T>(a), read::<T>(b), write::<T>(out)) };
    let one = faer::traits::math_utils::one();
    if !is_gram {
        return matmul(target, accum, left, right, one, Par::Seq);
    }
    let (rectangle, lower) = (BlockStructure::Rectangular, BlockStructure::TriangularLower);
    let (to, par) = (target.as_mut(), Par::Seq);
    triangular::matmul(to, lower, accum, left, rectangle, right, rectangle, one, par);
    mirror(target);
}

/// Fills the half above the diagonal from the other, by squares that stay in cache.
fn mirror<T: Clone>(mut target: MatMut<'_, T>) {
    let count = target.nrows();
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
