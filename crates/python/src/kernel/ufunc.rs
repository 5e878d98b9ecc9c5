//! NumPy's ufuncs of compiled loops.
//!
//! A loop gets addresses, sizes and steps from NumPy, and hands them on to a compiled function as arrays. That
//! is compiled for the *pattern* of the steps when it is first met: elements one behind the other, one element
//! for all, or anything. So the common patterns are loops that LLVM vectorises.

use super::function::Kernel;
use super::numpy::{number, table};
use super::specialisation::Specialisation;
use crate::gate;
use manycore::kernel::types::Scalar;
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
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
/// one and the same for all,
const SINGLE: char = 's';
/// or anyhow.
const STRIDED: char = 'a';

impl Loop {
    fn pattern(&self, addresses: &[*mut u8], count: isize, steps: &[isize]) -> String {
        if self.cores > 0 || self.operands.iter().any(|operand| operand.is_cell) {
            return STRIDED.to_string().repeat(self.operands.len());
        }
        let outputs = self.inputs..self.operands.len();
        // A reduction reads what it has written.
        let is_folded = count > 1 && outputs.clone().any(|output| steps[output] == 0);
        let letter = |(index, operand): (usize, &Operand)| {
            let is_dense = steps[index] == operand.size.cast_signed() || count == 1;
            let is_aligned = addresses[index].addr().is_multiple_of(operand.size.min(8));
            if is_folded || !is_aligned {
                STRIDED
            } else if steps[index] == 0 && index < self.inputs {
                SINGLE
            } else if is_dense {
                DENSE
            } else {
                STRIDED
            }
        };
        self.operands.iter().enumerate().map(letter).collect()
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
        let pattern = self.pattern(addresses, rounds, steps);
        let singles: Vec<bool> = pattern.chars().map(|letter| letter == SINGLE).collect();
        let mut slots = Vec::with_capacity(1 + 8 * count);
        slots.push(rounds.cast_unsigned() as u64);
        let mut core_steps = steps[count..].iter();
        for (index, operand) in self.operands.iter().enumerate() {
            const NO_OWNER: u64 = 0;
            slots.extend([addresses[index].addr() as u64, NO_OWNER]);
            let mut sizes = vec![if singles[index] { 1 } else { rounds }];
            let mut strides = vec![steps[index]];
            sizes.extend(operand.cores.iter().map(|core| dimensions[1 + core]));
            strides.extend(core_steps.by_ref().take(operand.cores.len()));
            if operand.is_cell {
                sizes.push(1);
                strides.push(operand.size.cast_signed());
            }
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
