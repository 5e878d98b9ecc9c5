//! A compiled function's result as Python's: numbers, tuples, arrays that need no copy.

use super::memory::{self, Memory};
use super::numpy::NumPy;
use manycore::kernel::abi::{owners, slots as width};
use manycore::kernel::list;
use manycore::kernel::types::{ArrayType, Named, Scalar, Type};
use pyo3::IntoPyObjectExt;
use pyo3::prelude::*;
use pyo3::types::{PyComplex, PyList, PyString, PyTuple, PyType};
use smallvec::SmallVec;
use std::sync::Arc;

/// What a result is made of.
pub struct Unpack<'a, 'py> {
    pub py: Python<'py>,
    /// The result's slots that have not been read yet.
    pub slots: &'a [u64],
    /// The arguments that are arrays, of which a result may be a part, and the globals.
    pub arrays: (&'a [Bound<'py, PyAny>], &'a [Py<PyAny>]),
    /// The classes of the named tuples that were given.
    pub classes: &'a [(Arc<Named>, Py<PyType>)],
}

impl<'py> Unpack<'_, 'py> {
    fn slot(&mut self) -> u64 {
        let (first, rest) = self.slots.split_first().expect("a result has slots for its type");
        self.slots = rest;
        *first
    }

    /// The next value.
    pub fn value(&mut self, ty: &Type) -> PyResult<Bound<'py, PyAny>> {
        let py = self.py;
        match ty {
            Type::None | Type::Unknown | Type::Object(_) => Ok(py.None().into_bound(py)),
            Type::Scalar(scalar, _) => self.scalar(*scalar),
            Type::Str => {
                let (address, length) = (self.slot(), self.slot());
                // SAFETY: texts are arguments or constants of the code, both of which the caller holds.
                let bytes = unsafe {
                    std::slice::from_raw_parts(address as usize as *const u8, length as usize)
                };
                Ok(PyString::new(py, &String::from_utf8_lossy(bytes)).into_any())
            }
            Type::Array(array) => self.array(*array),
            Type::List(item) => {
                let list = self.slot();
                let values = self.items(list, item);
                // SAFETY: a result brings a reference to its lists; its items had ones of their own.
                unsafe { list::release(list, memory::free) };
                Ok(PyList::new(py, values?)?.into_any())
            }
            Type::Tuple(items, named) => {
                let values = items.iter().map(|item| self.value(item));
                let values: Vec<_> = values.collect::<PyResult<_>>()?;
                let tuple = PyTuple::new(py, values)?;
                let known = |named: &Arc<Named>| {
                    self.classes.iter().find(|(known, _)| known == named).map(|(_, class)| class)
                };
                match named.as_ref().and_then(known) {
                    Some(class) => class.bind(py).call1(tuple),
                    None => Ok(tuple.into_any()),
                }
            }
            Type::Optional(inner) => {
                if self.slot() != 0 {
                    return self.value(inner);
                }
                self.slots = &self.slots[width(inner)..];
                Ok(py.None().into_bound(py))
            }
            // No kernel returns one: it has nothing that could be called.
            Type::Generator => Ok(py.None().into_bound(py)),
        }
    }

    /// A list's items, each with references of its own.
    fn items(&self, list: u64, item: &Type) -> PyResult<Vec<Bound<'py, PyAny>>> {
        // SAFETY: the list lives, and nobody else knows it.
        let fields = unsafe { list::fields(list as usize as *mut u8) };
        let (width, owners) = (width(item), owners(item, 0));
        let one = |number: usize| {
            // SAFETY: so many items of so many slots are there.
            let slots =
                unsafe { std::slice::from_raw_parts(fields.items.add(number * width), width) };
            for owner in &owners {
                // SAFETY: what a list holds lives.
                unsafe { list::retain(slots[*owner]) };
            }
            let (arrays, classes) = (self.arrays, self.classes);
            Unpack { py: self.py, slots, arrays, classes }.value(item)
        };
        let count = if width == 0 { 0 } else { fields.length as usize };
        (0..count).map(one).collect()
    }

    /// A number, as Python's own.
    fn scalar(&mut self, scalar: Scalar) -> PyResult<Bound<'py, PyAny>> {
        let py = self.py;
        let slot = self.slot();
        let float = |slot: u64| f64::from(f32::from_bits(slot as u32));
        match scalar {
            Scalar::Bool => (slot != 0).into_bound_py_any(py),
            Scalar::I8 | Scalar::I16 | Scalar::I32 | Scalar::I64 => {
                slot.cast_signed().into_bound_py_any(py)
            }
            Scalar::U8 | Scalar::U16 | Scalar::U32 | Scalar::U64 => slot.into_bound_py_any(py),
            Scalar::F32 => float(slot).into_bound_py_any(py),
            Scalar::F64 => f64::from_bits(slot).into_bound_py_any(py),
            Scalar::C64 => {
                let imag = float(self.slot());
                Ok(PyComplex::from_doubles(py, float(slot), imag).into_any())
            }
            Scalar::C128 => {
                let imag = f64::from_bits(self.slot());
                Ok(PyComplex::from_doubles(py, f64::from_bits(slot), imag).into_any())
            }
        }
    }

    fn array(&mut self, ty: ArrayType) -> PyResult<Bound<'py, PyAny>> {
        let data = self.slot() as usize as *mut u8;
        let owner = self.slot() as usize as *mut u8;
        let ndim = usize::from(ty.ndim);
        let mut sizes = || -> SmallVec<[isize; 4]> {
            (0..ndim).map(|_| self.slot().cast_signed() as isize).collect()
        };
        let (shape, strides) = (sizes(), sizes());
        let numpy = NumPy::get(self.py)?;
        let base = if owner.is_null() {
            match self.source(numpy, ty, data, &shape, &strides) {
                Source::Same(array) => return Ok(array),
                Source::Part(array) => array,
            }
        } else {
            // SAFETY: a result brings a reference to its owner.
            Bound::new(self.py, unsafe { Memory::new(owner) })?.into_any()
        };
        numpy.array(self.py, ty, data, &shape, &strides, base)
    }

    /// The argument that an array without an owner is, or is a part of.
    fn source(
        &self,
        numpy: &NumPy,
        ty: ArrayType,
        data: *const u8,
        shape: &[isize],
        strides: &[isize],
    ) -> Source<'py> {
        let (arguments, globals) = self.arrays;
        let globals = globals.iter().map(|array| array.bind(self.py));
        let arrays = || arguments.iter().chain(globals.clone());
        for array in arrays() {
            let Ok(view) = numpy.view(array) else { continue };
            let is_same = view.data().cast_const() == data
                && view.ty().dtype == ty.dtype
                && view.shape() == shape
                && view.strides() == strides;
            if is_same {
                return Source::Same(array.clone());
            }
        }
        let holds = |array: &Bound<'py, PyAny>| {
            numpy.view(array).is_ok_and(|view| {
                let (mut low, mut high) = (view.data().addr(), view.data().addr());
                for (size, stride) in view.shape().iter().zip(view.strides()) {
                    let extent = (size - 1).max(0) * stride;
                    low = low.wrapping_add_signed(extent.min(0));
                    high = high.wrapping_add_signed(extent.max(0));
                }
                (low..=high + view.ty().dtype.size()).contains(&data.addr())
            })
        };
        // Without any, it has no elements that could be asked for.
        let holder = arrays().find(|array| holds(array)).or_else(|| arrays().next()).cloned();
        Source::Part(holder.unwrap_or_else(|| self.py.None().into_bound(self.py)))
    }
}

/// Where an array without an owner comes from.
enum Source<'py> {
    Same(Bound<'py, PyAny>),
    Part(Bound<'py, PyAny>),
}
