//! Random numbers of a block, given its place in the whole array.
//!
//! The blocks are NumPy arrays that `python/manycore/array/random.py` has just made and nobody else has seen.

use manycore::array::runs;
use manycore::random::{
    self, BadParameters, Counted, Integer, Key, Measured, Real, Row, State, UnknownDistribution,
};
use pyo3::buffer::{Element, PyBuffer};
use pyo3::exceptions::{PyBufferError, PyTypeError, PyValueError};
use pyo3::prelude::*;

/// A draw's state and number.
pub(crate) type Draw = ([u32; 4], u64);

pub(crate) fn key((state, draw): Draw) -> Key {
    State(state).key(draw)
}

/// Fills a block, which begins at `starts` of an array of that shape, from a distribution.
///
/// Each parameter has one value, or one for each element of the block.
#[pyfunction]
pub fn random_numbers(
    py: Python<'_>,
    name: &str,
    parameters: Vec<PyBuffer<f64>>,
    draw: Draw,
    shape: Vec<usize>,
    starts: Vec<usize>,
    out: &Bound<'_, PyAny>,
) -> PyResult<()> {
    let parameters = parameters.iter().map(items).collect::<PyResult<Vec<_>>>()?;
    let key = key(draw);
    if let Ok(counted) = name.parse::<Counted>() {
        let block = Block::<i64>::new(out, &shape, &starts, 1)?;
        return block.fill(py, |at, first, out| {
            random::counts(counted, &part(&parameters, at, out.len()), key, first, out)
        });
    }
    let measured: Measured = name.parse().map_err(unknown)?;
    if let Ok(block) = Block::<f64>::new(out, &shape, &starts, 1) {
        return block.fill(py, numbers(measured, &parameters, key));
    }
    Block::<f32>::new(out, &shape, &starts, 1)?.fill(py, numbers(measured, &parameters, key))
}

fn numbers<T: Real>(
    measured: Measured,
    parameters: &[&[f64]],
    key: Key,
) -> impl Fn(usize, u64, &mut [T]) -> Result<(), BadParameters> {
    move |at, first, out| {
        random::numbers(measured, &part(parameters, at, out.len()), key, first, out)
    }
}

/// Fills a block with integers from `low` to `low + range`, given as 64-bit words.
#[pyfunction]
pub fn random_integers(
    py: Python<'_>,
    low: PyBuffer<u64>,
    range: PyBuffer<u64>,
    draw: Draw,
    shape: Vec<usize>,
    starts: Vec<usize>,
    out: &Bound<'_, PyAny>,
) -> PyResult<()> {
    let bounds = [items(&low)?, items(&range)?];
    let key = key(draw);
    macro_rules! fill {
        ($($ty:ty),*) => {
            $(
                if let Ok(block) = Block::<$ty>::new(out, &shape, &starts, 1) {
                    return block.fill(py, integers(bounds, key));
                }
            )*
        };
    }
    fill!(i64, i32, u8, u64, i8, i16, u16, u32);
    Err(PyTypeError::new_err("a block of integers"))
}

fn integers<T: Integer>(
    bounds: [&[u64]; 2],
    key: Key,
) -> impl Fn(usize, u64, &mut [T]) -> Result<(), BadParameters> {
    move |at, first, out| {
        let [low, range] = bounds.map(|values| one_or_part(values, at, out.len()));
        random::integers(low, range, key, first, out);
        Ok(())
    }
}

/// Fills a block of rows (its last axis, which is not split) with how often each outcome came up.
///
/// `n` has one value or one for each row, `probabilities` one row or as many as the block.
#[pyfunction]
pub fn random_multinomial(
    py: Python<'_>,
    n: PyBuffer<i64>,
    probabilities: PyBuffer<f64>,
    draw: Draw,
    shape: Vec<usize>,
    starts: Vec<usize>,
    out: &Bound<'_, PyAny>,
) -> PyResult<()> {
    let width = width(out)?;
    let (n, probabilities, key) = (items(&n)?, items(&probabilities)?, key(draw));
    Block::new(out, &shape, &starts, width)?.fill(py, |at, first, out| {
        let rows = out.len() / width;
        let one = probabilities.len() == width;
        let probabilities =
            if one { probabilities } else { &probabilities[at * width..][..rows * width] };
        let row = Row { key, first, width, out };
        random::multinomial(one_or_part(n, at, rows), probabilities, row);
        Ok(())
    })
}

/// Fills a block of rows with how many balls of each colour were drawn.
#[pyfunction]
pub fn random_multivariate_hypergeometric(
    py: Python<'_>,
    colors: PyBuffer<i64>,
    sample: i64,
    draw: Draw,
    shape: Vec<usize>,
    starts: Vec<usize>,
    out: &Bound<'_, PyAny>,
) -> PyResult<()> {
    let width = width(out)?;
    let (colors, key) = (items(&colors)?, key(draw));
    Block::new(out, &shape, &starts, width)?.fill(py, |_, first, out| {
        random::multivariate_hypergeometric(colors, sample, Row { key, first, width, out });
        Ok(())
    })
}

/// Fills a block of rows with shares that sum up to 1.
#[pyfunction]
pub fn random_dirichlet(
    py: Python<'_>,
    alpha: PyBuffer<f64>,
    draw: Draw,
    shape: Vec<usize>,
    starts: Vec<usize>,
    out: &Bound<'_, PyAny>,
) -> PyResult<()> {
    let width = width(out)?;
    let (alpha, key) = (items(&alpha)?, key(draw));
    Block::new(out, &shape, &starts, width)?.fill(py, |_, first, out| {
        random::dirichlet(alpha, Row { key, first, width, out });
        Ok(())
    })
}

/// Fills an array with the numbers below its length in a random order.
#[pyfunction]
pub fn random_permutation(py: Python<'_>, draw: Draw, out: &Bound<'_, PyAny>) -> PyResult<()> {
    let length = out.len()?;
    let key = key(draw);
    Block::new(out, &[length], &[0], 1)?.fill(py, |_, _, out| {
        out.copy_from_slice(&random::permutation(key, length));
        Ok(())
    })
}

pub(crate) fn unknown(error: UnknownDistribution) -> PyErr {
    PyValueError::new_err(error.to_string())
}

/// The values of a contiguous array.
fn items<T: Element>(buffer: &PyBuffer<T>) -> PyResult<&[T]> {
    if !buffer.is_c_contiguous() {
        return Err(PyBufferError::new_err("parameters must be contiguous"));
    }
    // SAFETY: so many contiguous elements are there for as long as the buffer is; nobody writes parameters.
    Ok(unsafe { std::slice::from_raw_parts(address(buffer), buffer.item_count()) })
}

/// The first element's address; an empty buffer may have none.
fn address<T: Element>(buffer: &PyBuffer<T>) -> *mut T {
    let address: *mut T = buffer.buf_ptr().cast();
    if address.is_null() { std::ptr::dangling_mut() } else { address }
}

/// The one value there is, or those of some elements.
fn one_or_part<T>(values: &[T], at: usize, length: usize) -> &[T] {
    if values.len() == 1 { values } else { &values[at..at + length] }
}

fn part<'a>(parameters: &[&'a [f64]], at: usize, length: usize) -> Vec<&'a [f64]> {
    parameters.iter().map(|values| one_or_part(values, at, length)).collect()
}

/// The length of the last axis.
fn width(out: &Bound<'_, PyAny>) -> PyResult<usize> {
    out.getattr("shape")?.get_item(-1)?.extract()
}

/// A block that is to be filled, by runs of elements that are neighbours in the whole array.
struct Block<T: Element> {
    out: PyBuffer<T>,
    /// Values of an element: more than 1 where rows are drawn.
    width: usize,
    /// The length of each run, in elements.
    length: usize,
    /// The numbers of the runs' first elements.
    firsts: Vec<u64>,
}

impl<T: Element + Send> Block<T> {
    /// `shape` and `starts` are those of the elements, so without the rows' axis.
    fn new(
        out: &Bound<'_, PyAny>,
        shape: &[usize],
        starts: &[usize],
        width: usize,
    ) -> PyResult<Self> {
        let out = PyBuffer::<T>::get(out)?;
        if out.readonly() || !out.is_c_contiguous() {
            return Err(PyBufferError::new_err("a block must be contiguous, and not read-only"));
        }
        let sizes = &out.shape()[..shape.len()];
        let region: Vec<_> =
            sizes.iter().zip(starts).map(|(size, start)| *start..start + size).collect();
        let (firsts, length) = runs(shape, &region);
        Ok(Self { out, width, length, firsts })
    }

    /// Calls `fill` for each run, with its position in the block, its first element's number and its elements.
    fn fill(
        self,
        py: Python<'_>,
        fill: impl Fn(usize, u64, &mut [T]) -> Result<(), BadParameters> + Sync,
    ) -> PyResult<()> {
        let Self { out, width, length, firsts } = &self;
        // SAFETY: so many contiguous elements are there, and our caller keeps the block to itself.
        let elements = unsafe { std::slice::from_raw_parts_mut(address(out), out.item_count()) };
        if elements.is_empty() {
            return Ok(());
        }
        let filled = py.detach(|| {
            let runs = elements.chunks_mut(length * width).zip(firsts);
            runs.enumerate().try_for_each(|(run, (out, first))| fill(run * length, *first, out))
        });
        filled.map_err(|error| PyValueError::new_err(error.to_string()))
    }
}
