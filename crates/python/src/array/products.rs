//! Products of matrices in memory, on the core that asks, without the GIL.

use super::convert::{array_of, view_of};
use crate::gate;
use manycore::array::view::{Target, View};
use manycore::kernel::types::Scalar;
use manycore::linalg::{Accum, Strided, is_packed, multiply as product};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

/// With fewer columns of the right one a copy of the left one takes too long.
const FEW: usize = 64;

/// The product of two matrices of one floating-point or complex type, or `out`, to which it is added; nothing for
/// other types.
#[pyfunction]
#[pyo3(signature = (a, b, out=None))]
pub fn multiply<'py>(
    py: Python<'py>,
    a: &Bound<'py, PyAny>,
    b: &Bound<'py, PyAny>,
    out: Option<Bound<'py, PyAny>>,
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
    let known = out.as_ref().map(view_of).transpose()?;
    if let Some(known) = &known
        && (known.dtype() != left.dtype()
            || known.shape() != [rows, columns]
            || !fits(known, scalar))
    {
        let (dtype, shape) = (known.dtype(), known.shape());
        let message = format!("{dtype} of shape {shape:?} for a product of {rows} by {columns}");
        return Err(PyValueError::new_err(message));
    }
    // Of a matrix with its own transpose half need not be computed.
    let is_gram = left.data() == right.data()
        && left.shape().iter().eq(right.shape().iter().rev())
        && left.strides().iter().eq(right.strides().iter().rev());
    let result = gate::detached(py, || {
        let in_place = |view: View| if fits(&view, scalar) { view } else { view.contiguous() };
        // faer takes a third longer where the left one's rows are not in order.
        let is_worth = !is_packed(scalar, [rows, inside, columns])
            && left.strides()[0] < left.strides()[1]
            && columns >= FEW;
        let left = if is_worth { left.contiguous() } else { in_place(left) };
        let right = in_place(right);
        let strided = |data: *const u8, view: &View| {
            let size = scalar.size() as isize;
            let (shape, strides) = (view.shape(), view.strides());
            Strided {
                data: data.cast_mut(),
                shape: [shape[0], shape[1]],
                strides: [strides[0] / size, strides[1] / size],
            }
        };
        let (a, b) = (strided(left.data(), &left), strided(right.data(), &right));
        let is_empty = rows * columns * inside == 0;
        match known {
            Some(_) if is_empty => None,
            Some(known) => {
                let out = strided(known.data(), &known);
                // SAFETY: the views' elements are there, of this type, and who calls lends us those of `out`.
                unsafe { product(scalar, a, b, out, Accum::Add, is_gram) };
                None
            }
            None if is_empty => {
                Some(Target::zeros(left.dtype().clone(), &[rows, columns]).freeze())
            }
            None => {
                let mut target = Target::new(left.dtype().clone(), &[rows, columns]);
                let out = strided(target.data(), &target.peek());
                // SAFETY: the views' elements are there, of this type, and the target is nobody else's.
                unsafe { product(scalar, a, b, out, Accum::Replace, is_gram) };
                Some(target.freeze())
            }
        }
    });
    match result {
        Some(result) => array_of(py, &result, true).map(Some),
        None => Ok(out),
    }
}

/// Whether elements are a whole number of elements apart, and aligned.
fn fits(view: &View, scalar: Scalar) -> bool {
    let size = scalar.size() as isize;
    view.strides().iter().all(|stride| stride % size == 0) && view.is_aligned()
}
