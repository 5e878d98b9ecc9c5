//! The operations on slots, as compiled code calls them.
//!
//! Where an array's elements are aligned and a whole number of elements apart, a product works on them where
//! they lie; whatever takes longer than reading its operands copies them first.
#![allow(unsafe_code)]

use crate::operations;
use faer::traits::{ComplexField, RealField};
use faer::{Mat, MatMut, MatRef, c32, c64};
use kernel::abi::LINALG_DTYPE;
use kernel::ir::Runtime;
use kernel::types::Scalar;

/// Does what [`kernel::abi::linalg`] says to the arrays whose slots these are: see [`Runtime`].
///
/// # Safety
/// The slots are those of as many arrays as the operation has, of the dtype; the arrays that it writes to
/// overlap with no other.
///
/// # Panics
/// If the arrays' shapes are not those of the operation. A panic here ends the process, so whoever compiles
/// such calls checks shapes before them.
pub unsafe extern "C" fn callback(which: u64, slots: *const u64) -> i64 {
    let operation = which % LINALG_DTYPE;
    let dtype = Scalar::ALL[(which / LINALG_DTYPE) as usize];
    // SAFETY: The caller's promise.
    let arrays = unsafe { Arrays::new(slots) };
    match dtype {
        Scalar::F32 => of_reals::<f32>(operation, arrays).unwrap_or_else(unknown),
        Scalar::F64 => of_reals::<f64>(operation, arrays).unwrap_or_else(unknown),
        Scalar::C64 => of_numbers::<c32>(operation, arrays).unwrap_or_else(unknown),
        Scalar::C128 => of_numbers::<c64>(operation, arrays).unwrap_or_else(unknown),
        _ => unknown(),
    }
}

fn unknown() -> i64 {
    panic!("there is no such operation on such numbers")
}

/// Operations on real or complex numbers.
fn of_numbers<T: ComplexField + Copy>(operation: u64, mut arrays: Arrays) -> Option<i64> {
    let found = if operation == Runtime::MatMul as u64 {
        product::<T>([arrays.matrix(), arrays.matrix(), arrays.matrix()]);
        true
    } else if operation == Runtime::Solve as u64 {
        let (a, b, x) = (arrays.matrix(), arrays.matrix(), arrays.matrix());
        x.set(operations::solution::<T>(a.get().as_ref(), b.get().as_ref()))
    } else if operation == Runtime::Inverse as u64 {
        let (a, out) = (arrays.matrix(), arrays.matrix());
        out.set(operations::inverse::<T>(a.get().as_ref()))
    } else if operation == Runtime::Cholesky as u64 {
        let (a, out) = (arrays.matrix(), arrays.matrix());
        out.set(operations::cholesky::<T>(a.get().as_ref()))
    } else if operation == Runtime::Qr as u64 {
        let a: Matrix<T> = arrays.matrix();
        operations::qr(a.get().as_ref()).into_iter().all(|part| arrays.matrix().set(Some(part)))
    } else {
        return None;
    };
    Some(i64::from(!found))
}

/// Operations on real numbers.
fn of_reals<T: RealField + Copy + Into<f64>>(operation: u64, mut arrays: Arrays) -> Option<i64> {
    let found = if operation == Runtime::Determinant as u64 {
        let a: Matrix<T> = arrays.matrix();
        let determinant: f64 = operations::determinant(a.get().as_ref()).into();
        return Some(determinant.to_bits().cast_signed());
    } else if operation == Runtime::SymmetricEigen as u64 {
        let a: Matrix<T> = arrays.matrix();
        operations::symmetric_eigen(a.get().as_ref()).is_some_and(|(values, vectors)| {
            arrays.vector().set(Some(values)) && arrays.matrix().set(Some(vectors))
        })
    } else if operation == Runtime::Svd as u64 {
        let a: Matrix<T> = arrays.matrix();
        operations::svd(a.get().as_ref()).is_some_and(|[u, values, vt]| {
            arrays.matrix().set(Some(u))
                && arrays.vector().set(Some(values))
                && arrays.matrix().set(Some(vt))
        })
    } else {
        return of_numbers::<T>(operation, arrays);
    };
    Some(i64::from(!found))
}

fn product<T: ComplexField + Copy>([a, b, out]: [Matrix<T>; 3]) {
    let (mut copied, mut other) = (Mat::new(), Mat::new());
    let (a, b) = (a.view(&mut copied), b.view(&mut other));
    if let Some(out) = out.in_place() {
        return operations::product(a, b, out);
    }
    let mut product = Mat::zeros(out.rows, out.columns);
    operations::product(a, b, product.as_mut());
    out.set(Some(product));
}

/// The arrays of a call, one after the other.
struct Arrays {
    slots: *const u64,
}

impl Arrays {
    /// # Safety
    /// There are the slots of as many arrays as will be asked for, of those dimensions and dtypes; those that
    /// are written to overlap with no other.
    unsafe fn new(slots: *const u64) -> Self {
        Self { slots }
    }

    fn next(&mut self) -> u64 {
        // SAFETY: There is one more slot, `new`'s caller has promised.
        unsafe {
            let slot = self.slots.read();
            self.slots = self.slots.add(1);
            slot
        }
    }

    fn matrix<T>(&mut self) -> Matrix<T> {
        let [address, _, rows, columns, row_stride, column_stride] =
            std::array::from_fn(|_| self.next());
        Matrix {
            address: std::ptr::with_exposed_provenance_mut(address as usize),
            rows: rows as usize,
            columns: columns as usize,
            strides: [row_stride.cast_signed() as isize, column_stride.cast_signed() as isize],
        }
    }

    /// A vector as a column.
    fn vector<T>(&mut self) -> Matrix<T> {
        let [address, _, rows, row_stride] = std::array::from_fn(|_| self.next());
        Matrix {
            address: std::ptr::with_exposed_provenance_mut(address as usize),
            rows: rows as usize,
            columns: 1,
            strides: [row_stride.cast_signed() as isize, 0],
        }
    }
}

/// A matrix in the caller's memory.
struct Matrix<T> {
    address: *mut T,
    rows: usize,
    columns: usize,
    /// Bytes from row to row, and from column to column.
    strides: [isize; 2],
}

impl<T: ComplexField + Copy> Matrix<T> {
    /// The address of an element that there is.
    fn element(&self, row: usize, column: usize) -> *mut T {
        let [down, along] = self.strides;
        self.address.wrapping_byte_offset(row as isize * down + column as isize * along)
    }

    /// A copy.
    fn get(&self) -> Mat<T> {
        Mat::from_fn(self.rows, self.columns, |row, column| {
            // SAFETY: The array has this element, `Arrays::new`'s caller has promised.
            unsafe { self.element(row, column).read_unaligned() }
        })
    }

    /// Takes over a result, if there is one; says whether.
    fn set(&self, result: Option<Mat<T>>) -> bool {
        let Some(result) = result else { return false };
        assert_eq!(result.shape(), (self.rows, self.columns), "shape of a result");
        for column in 0..self.columns {
            for row in 0..self.rows {
                // SAFETY: The array has this element, and is written to by this call only.
                unsafe { self.element(row, column).write_unaligned(result[(row, column)]) };
            }
        }
        true
    }

    /// The strides in elements, if they and the elements are aligned.
    fn aligned(&self) -> Option<[isize; 2]> {
        let size = size_of::<T>() as isize;
        let whole = self.strides.iter().all(|stride| stride % size == 0);
        (whole && self.address.is_aligned()).then(|| self.strides.map(|stride| stride / size))
    }

    /// The elements where they lie, or a copy.
    fn view<'a>(&'a self, copied: &'a mut Mat<T>) -> MatRef<'a, T> {
        let Some([down, along]) = self.aligned() else {
            *copied = self.get();
            return copied.as_ref();
        };
        // SAFETY: These are the elements of an array that nobody writes to meanwhile.
        unsafe { MatRef::from_raw_parts(self.address, self.rows, self.columns, down, along) }
    }

    /// The elements where they lie, to be written.
    fn in_place(&self) -> Option<MatMut<'_, T>> {
        let [down, along] = self.aligned()?;
        // SAFETY: These are the elements of an array that only this call reads or writes.
        let view = || unsafe {
            MatMut::from_raw_parts_mut(self.address, self.rows, self.columns, down, along)
        };
        Some(view())
    }
}
