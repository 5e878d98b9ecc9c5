//! NumPy's ufuncs of compiled loops.
//!
//! A loop gets addresses, sizes and steps from NumPy, and hands them on to a compiled function as arrays. That
//! is compiled for the *pattern* of the steps when it is first met: elements one behind the other, one element
//! for all, or anything. So the common patterns are loops that LLVM vectorises.

use super::function::Kernel;
use super::numpy::{NumPy, number, table};
use super::pack::Slots;
use super::specialisation::Specialisation;
use crate::gate;
use manycore::kernel::types::Scalar;
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyComplex, PyFloat, PyInt, PyTuple};
use std::ffi::{CString, c_char, c_int, c_void};
use std::sync::{Arc, PoisonError, RwLock};

type Inner = unsafe extern "C" fn(*mut *mut u8, *const isize, *const isize, *mut c_void);

type Make = unsafe extern "C" fn(
    *const Inner,
    *const *mut c_void,
    *const c_char,
    c_int,
    c_int,
    c_int,
    c_int,
    *const c_char,
    *const c_char,
    c_int,
    *const c_char,
) -> *mut pyo3::ffi::PyObject;

/// What one of a ufunc's loops is made of.
struct Loop {
    operands: Vec<Operand>,
    inputs: usize,
    /// How many core dimensions there are.
    cores: usize,
    /// Makes a `Kernel` with one specialisation for a pattern: a letter for each operand.
    make: Py<PyAny>,
    known: RwLock<Vec<(String, Arc<Specialisation>)>>,
}

/// An operand of a loop.
struct Operand {
    size: usize,
    /// Its core dimensions, by number.
    cores: Vec<usize>,
    /// Whether it has none and the function takes an array all the same.
    is_cell: bool,
}

/// How an operand's elements follow each other: one behind the other,
const DENSE: char = 'c';
/// one and the same for all rounds,
const SINGLE: char = 's';
/// anyhow,
const STRIDED: char = 'a';
/// or anyhow, where a round reads what another has written.
const FOLDED: char = 'f';

/// Where an operand's elements are.
struct Extent {
    address: usize,
    sizes: Vec<isize>,
    strides: Vec<isize>,
}

impl Extent {
    /// The addresses of the first and the last element.
    fn bounds(&self) -> (usize, usize) {
        let (mut low, mut high) = (self.address, self.address);
        for (size, stride) in self.sizes.iter().zip(&self.strides) {
            let reach = (size - 1).max(0) * stride;
            low = low.wrapping_add_signed(reach.min(0));
            high = high.wrapping_add_signed(reach.max(0));
        }
        (low, high)
    }

    /// Whether elements of that size lie one behind the other.
    fn is_dense(&self, size: usize) -> bool {
        let mut expected = size.cast_signed();
        self.sizes.iter().zip(&self.strides).rev().all(|(size, stride)| {
            let is_next = *size <= 1 || *stride == expected;
            expected *= size;
            is_next
        })
    }
}

impl Loop {
    /// A letter for each operand.
    fn pattern(&self, extents: &[Extent]) -> String {
        let (inputs, outputs) = extents.split_at(self.inputs);
        let is_folded = outputs.iter().any(|output| {
            let (low, high) = output.bounds();
            let overlaps = |input: &&Extent| {
                let (first, last) = input.bounds();
                let is_same = first == low && input.strides == output.strides;
                first <= high && low <= last && (!is_same || !self.is_elementwise())
            };
            let is_one = output.sizes[0] > 1 && output.strides[0] == 0;
            is_one || inputs.iter().any(|input| overlaps(&input))
        });
        let letter = |(index, (extent, operand)): (usize, (&Extent, &Operand))| {
            let is_number = operand.cores.is_empty() && !operand.is_cell;
            if is_folded {
                FOLDED
            } else if extent.is_dense(operand.size) {
                DENSE
            } else if extent.strides[0] == 0 && index < self.inputs && is_number {
                SINGLE
            } else {
                STRIDED
            }
        };
        extents.iter().zip(&self.operands).enumerate().map(letter).collect()
    }

    /// Whether a round touches one element of each operand.
    fn is_elementwise(&self) -> bool {
        self.cores == 0
    }

    fn specialisation(&self, pattern: String) -> PyResult<Arc<Specialisation>> {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, specialisation)) = known.iter().find(|(known, _)| *known == pattern) {
            return Ok(Arc::clone(specialisation));
        }
        drop(known);
        let made = gate::attach(|py| {
            let kernel = self.make.bind(py).call1((&pattern,))?.cast_into::<Kernel>()?;
            let first = kernel.get().first();
            first.ok_or_else(|| PyTypeError::new_err("a loop has not been compiled"))
        })?;
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        known.push((pattern, Arc::clone(&made)));
        Ok(made)
    }

    /// Does the loop.
    ///
    /// # Safety
    /// The arguments are those that NumPy gives to a loop of these operands.
    unsafe fn run(
        &self,
        addresses: *mut *mut u8,
        dimensions: *const isize,
        steps: *const isize,
    ) -> PyResult<()> {
        let count = self.operands.len();
        let core_steps: usize = self.operands.iter().map(|operand| operand.cores.len()).sum();
        // SAFETY: as NumPy's documentation of generalised loops says.
        let (addresses, dimensions, steps) = unsafe {
            (
                std::slice::from_raw_parts(addresses, count),
                std::slice::from_raw_parts(dimensions, 1 + self.cores),
                std::slice::from_raw_parts(steps, count + core_steps),
            )
        };
        let rounds = dimensions[0];
        if rounds == 0 {
            return Ok(());
        }
        let mut core_steps = steps[count..].iter();
        let extent = |(index, operand): (usize, &Operand)| {
            let mut sizes = vec![rounds];
            let mut strides = vec![steps[index]];
            sizes.extend(operand.cores.iter().map(|core| dimensions[1 + core]));
            strides.extend(core_steps.by_ref().take(operand.cores.len()));
            if operand.is_cell {
                sizes.push(1);
                strides.push(operand.size.cast_signed());
            }
            Extent { address: addresses[index].addr(), sizes, strides }
        };
        let extents: Vec<_> = self.operands.iter().enumerate().map(extent).collect();
        let pattern = self.pattern(&extents);
        let mut slots = Slots::from_slice(&[rounds.cast_unsigned() as u64]);
        for Extent { address, sizes, strides } in extents {
            const NO_OWNER: u64 = 0;
            slots.extend([address as u64, NO_OWNER]);
            slots.extend(sizes.into_iter().chain(strides).map(|size| size.cast_unsigned() as u64));
        }
        let specialisation = self.specialisation(pattern)?;
        // SAFETY: the kernel was made for a count and arrays of these dimensions, and returns nothing.
        unsafe { specialisation.call_bare(&mut slots, std::ptr::null_mut()) }
    }
}

/// A ufunc's loop, as NumPy calls it.
///
/// # Safety
/// `data` is a `Loop`, and the rest is for it.
unsafe extern "C" fn inner(
    addresses: *mut *mut u8,
    dimensions: *const isize,
    steps: *const isize,
    data: *mut c_void,
) {
    let Some(_inside) = gate::enter() else { return };
    // SAFETY: NumPy hands on what the ufunc was made with.
    let result = unsafe { (*data.cast_const().cast::<Loop>()).run(addresses, dimensions, steps) };
    if let Err(error) = result {
        gate::attach(|py| error.restore(py));
    }
}

/// A number for the types of the first `count` arguments of a ufunc, from which follows the loop that they
/// need; nothing where that is not to be had quickly.
#[pyfunction]
pub fn kinds(arguments: &Bound<'_, PyTuple>, count: usize) -> PyResult<Option<u64>> {
    /// What is added to a dtype's number in [`Scalar::ALL`]; Python's own numbers come before.
    const DTYPES: u64 = 8;
    const BITS: usize = 8;
    if count >= size_of::<u64>() {
        return Ok(None);
    }
    let numpy = NumPy::get(arguments.py())?;
    // As many bytes as arguments, behind a one: fewer arguments are another number.
    Ok(arguments.iter_borrowed().take(count).try_fold(1, |all: u64, value| {
        let kind = if value.is_exact_instance_of::<PyFloat>() {
            1
        } else if value.is_exact_instance_of::<PyInt>() {
            2
        } else if value.is_exact_instance_of::<PyBool>() {
            3
        } else if value.is_exact_instance_of::<PyComplex>() {
            4
        } else if let Ok(view) = numpy.view(&value) {
            DTYPES + view.ty().dtype as u64
        } else if let Some((scalar, _)) = numpy.scalar(&value) {
            DTYPES + scalar as u64
        } else {
            return None;
        };
        Some(all << BITS | kind)
    }))
}

/// Dtypes of a loop's operands, whether each is an array without core dimensions, and what makes its kernels.
type Described<'py> = (Vec<String>, Vec<bool>, Bound<'py, PyAny>);

/// A ufunc; with a signature, a generalised one. `cores` says which core dimensions each operand has.
#[pyfunction]
#[pyo3(signature = (name, doc, inputs, outputs, identity, signature, cores, loops))]
#[allow(clippy::too_many_arguments)]
pub fn make_ufunc<'py>(
    py: Python<'py>,
    name: &str,
    doc: &str,
    inputs: usize,
    outputs: usize,
    identity: c_int,
    signature: Option<&str>,
    cores: Vec<Vec<usize>>,
    loops: Vec<Described<'py>>,
) -> PyResult<Bound<'py, PyAny>> {
    let count = cores.iter().flatten().max().map_or(0, |most| most + 1);
    let mut types: Vec<c_char> = Vec::new();
    let mut data: Vec<*mut c_void> = Vec::new();
    for (dtypes, cells, make) in loops {
        let mut operands = Vec::new();
        for ((dtype, cores), is_cell) in dtypes.iter().zip(&cores).zip(cells) {
            let scalar = Scalar::named(dtype).ok_or_else(|| {
                PyTypeError::new_err(format!("ufuncs have no operands of type {dtype}"))
            })?;
            types.push(number(scalar) as c_char);
            operands.push(Operand { size: scalar.size(), cores: cores.clone(), is_cell });
        }
        let make = make.unbind();
        let known = RwLock::default();
        // For ever, as the ufunc is: NumPy has no way to tell when it is gone.
        let made = Box::leak(Box::new(Loop { operands, inputs, cores: count, make, known }));
        data.push(std::ptr::from_mut(made).cast());
    }
    let functions: &[Inner] = Box::leak(vec![inner as Inner; data.len()].into());
    let text = |text: &str| {
        let text = CString::new(text)?;
        PyResult::Ok(Box::leak(text.into_boxed_c_str()).as_ptr())
    };
    const FROM_FUNCTIONS_AND_SIGNATURE: usize = 31;
    let table = table(py, "_UFUNC_API")?;
    let signature = signature.map(text).transpose()?.unwrap_or(std::ptr::null());
    let data: &[*mut c_void] = Box::leak(data.into());
    let types: &[c_char] = Box::leak(types.into());
    const UNUSED: c_int = 0;
    // SAFETY: the function's place in NumPy's table never changes, and all that it is given lives for ever.
    unsafe {
        let make =
            std::mem::transmute::<*mut c_void, Make>(*table.add(FROM_FUNCTIONS_AND_SIGNATURE));
        let ufunc = make(
            functions.as_ptr(),
            data.as_ptr(),
            types.as_ptr(),
            functions.len() as c_int,
            inputs as c_int,
            outputs as c_int,
            identity,
            text(name)?,
            text(doc)?,
            UNUSED,
            signature,
        );
        Bound::from_owned_ptr_or_err(py, ufunc)
    }
}
