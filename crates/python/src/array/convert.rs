//! Between NumPy's arrays and views, without a copy.

use crate::kernel::NumPy;
use manycore::array::view::{Shape, Strides, View};
use manycore::array::{DType, Grid};
use manycore::kernel::types::{ArrayType, Layout, Scalar};
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use std::sync::Arc;

/// What keeps the memory of a view that Python looks at.
#[pyclass(frozen, module = "manycore._core")]
struct Keeper(#[allow(dead_code)] View);

/// Keeps an array for as long as views of it live.
struct Kept(#[allow(dead_code)] Py<PyAny>);

/// The elements of an array.
pub fn view_of(array: &Bound<'_, PyAny>) -> PyResult<View> {
    let numpy = NumPy::get(array.py())?;
    let Some((data, shape, strides, number)) = numpy.fields(array) else {
        let class = array.get_type().name()?;
        return Err(PyTypeError::new_err(format!("an array of NumPy's is needed, not a {class}")));
    };
    let dtype = match number {
        Some(scalar) => DType::Number(scalar),
        None => dtype_of(&array.getattr("dtype")?)?,
    };
    let shape: Shape = shape.iter().map(|size| size.cast_unsigned()).collect();
    let strides: Strides = strides.iter().copied().collect();
    let owner = Arc::new(Kept(array.clone().unbind()));
    // SAFETY: these are the array's own fields, and the owner keeps it. Whoever gives an array away to be
    // computed with does not change it meanwhile, as with any NumPy function that lets go of the GIL.
    Ok(unsafe { View::new(data, dtype, shape, strides, owner) })
}

/// An array of a view's elements; they may be changed if nobody else knows them.
pub fn array_of<'py>(py: Python<'py>, view: &View, is_own: bool) -> PyResult<Bound<'py, PyAny>> {
    let numpy = NumPy::get(py)?;
    let signed =
        |sizes: &[usize]| -> Vec<isize> { sizes.iter().map(|size| size.cast_signed()).collect() };
    let (view, dtype) = match view.dtype() {
        DType::Number(scalar) => (view.clone(), *scalar),
        DType::Opaque(..) => {
            // As bytes, which NumPy is told the meaning of.
            let view = view.contiguous();
            let bytes = view.as_flat_bytes();
            let ty = ArrayType { readonly: !is_own, ..ArrayType::new(Scalar::U8, 1) };
            let base = Bound::new(py, Keeper(bytes.clone()))?.into_any();
            let data = bytes.data().cast_mut();
            let flat = numpy.array(py, ty, data, &signed(bytes.shape()), bytes.strides(), base)?;
            let dtype = name_of(py, view.dtype())?;
            if view.is_empty() {
                let empty = numpy.module.bind(py).getattr("empty")?;
                return empty.call1((view.shape().to_vec(), dtype));
            }
            let flat = flat.call_method1("view", (dtype,))?;
            return flat.call_method1("reshape", (view.shape().to_vec(),));
        }
    };
    let ndim = view.shape().len() as u8;
    let ty = ArrayType { dtype, ndim, layout: Layout::Any, ones: 0, readonly: !is_own };
    let base = Bound::new(py, Keeper(view.clone()))?.into_any();
    let data = view.data().cast_mut();
    numpy.array(py, ty, data, &signed(view.shape()), view.strides(), base)
}

/// The type that a dtype of NumPy's is.
pub fn dtype_of(dtype: &Bound<'_, PyAny>) -> PyResult<DType> {
    let text: String = dtype.getattr("str")?.extract()?;
    let size: usize = dtype.getattr("itemsize")?.extract()?;
    let foreign = if cfg!(target_endian = "little") { '>' } else { '<' };
    if !text.starts_with(foreign)
        && let Some(scalar) = match &text[1..] {
            "b1" => Some(Scalar::Bool),
            name if name.starts_with(['i', 'u', 'f', 'c']) => Scalar::named(name),
            _ => None,
        }
    {
        return Ok(DType::Number(scalar));
    }
    if text.ends_with('O') || size == 0 {
        let message = format!("elements of dtype {dtype} are not numbers or fixed-size values");
        return Err(PyTypeError::new_err(message));
    }
    Ok(DType::Opaque(text.into(), size))
}

/// The dtype of NumPy's that a type is.
pub fn name_of<'py>(py: Python<'py>, dtype: &DType) -> PyResult<Bound<'py, PyAny>> {
    static KNOWN: PyOnceLock<Vec<Py<PyAny>>> = PyOnceLock::new();
    let numpy = NumPy::get(py)?;
    let make = |name: &str| numpy.module.bind(py).getattr("dtype")?.call1((name,));
    let DType::Number(scalar) = dtype else { return make(&dtype.to_string()) };
    let known = KNOWN.get_or_try_init(py, || -> PyResult<_> {
        Scalar::ALL.iter().map(|scalar| Ok(make(scalar.name())?.unbind())).collect()
    })?;
    let place = Scalar::ALL.iter().position(|other| other == scalar).expect("all are known");
    Ok(known[place].bind(py).clone())
}

/// A grid of chunks of these sizes.
pub fn grid_of(chunks: &Bound<'_, PyAny>) -> PyResult<Grid> {
    Ok(Grid::of_sizes(chunks.extract::<Vec<Vec<usize>>>()?))
}
