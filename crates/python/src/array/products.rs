//! Products of matrices in memory, on the core that asks, without the GIL.

use super::convert::{array_of, view_of};
use crate::gate;
use manycore::array::view::{Target, View};
use manycore::kernel::types::Scalar;
use manycore::linalg::{Accum, Strided, multiply as product};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

/// With fewer columns of the right one a copy of the left one takes too long.
const FEW: usize = 64;

/// The product of two matrices of one floating-point or complex type; nothing for other types.
#[pyfunction]
pub fn multiply<'py>(
    py: Python<'py>,
    a: &Bound<'py, PyAny>,
    b: &Bound<'py, PyAny>,
) -> PyResult<Option<Bound<'py, PyAny>>> {
    let (left, right) = (view_of(a)?, view_of(b)?);
    let (&[rows, inside], &[other, columns]) = (left.shape(), right.shape()) else {
        return Err(PyValueError::new_err("multiply takes two matrices"));
    };
    if inside != other {
        let message = format!("matrices of shapes {:?} and {:?}", left.shape(), right.shape());
        return Err(PyValueError::new_err(message));
    }
    let kinds = [Scalar::F32, Scalar::F64, Scalar::C64, Scalar::C128];
    let Some(scalar) = left.dtype().scalar().filter(|scalar| kinds.contains(scalar)) else {
        return Ok(None);
    };
    if left.dtype() != right.dtype() {
        return Ok(None);
    }
    // Of a matrix with its own transpose half need not be computed.
    let is_gram = left.data() == right.data()
        && left.shape().iter().eq(right.shape().iter().rev())
        && left.strides().iter().eq(right.strides().iter().rev());
    let result = gate::detached(py, || {
        let in_place = |view: &View| {
            let size = scalar.size() as isize;
            let is_whole = view.strides().iter().all(|stride| stride % size == 0);
            if is_whole && view.is_aligned() { view.clone() } else { view.contiguous() }
        };
        // Complex products take a third longer where the left one's rows are not in order.
        let is_complex = matches!(scalar, Scalar::C64 | Scalar::C128);
        let is_worth = is_complex && left.strides()[0] < left.strides()[1] && columns >= FEW;
        let left = if is_worth { left.contiguous() } else { in_place(&left) };
        let right = in_place(&right);
        if rows * columns * inside == 0 {
            return Target::zeros(left.dtype().clone(), &[rows, columns]).freeze();
        }
        let mut target = Target::new(left.dtype().clone(), &[rows, columns]);
        {
            let strided = |data: *mut u8, shape: &[usize], strides: &[isize]| {
                let size = scalar.size() as isize;
                let shape = [shape[0], shape[1]];
                Strided { data, shape, strides: [strides[0] / size, strides[1] / size] }
            };
            let a = strided(left.data().cast_mut(), left.shape(), left.strides());
            let b = strided(right.data().cast_mut(), right.shape(), right.strides());
            let data = target.data();
            let out = strided(data, target.shape(), target.strides());
            // SAFETY: the views' elements are there, of this type, and the target is nobody else's.
            unsafe { product(scalar, a, b, out, Accum::Replace, is_gram) };
        }
        target.freeze()
    });
    array_of(py, &result, true).map(Some)
}
