//! What of NumPy's C interface calls need: an array's fields, a scalar's value, a new array.
//!
//! Asking an array by Python's buffer protocol takes longer than a short kernel runs. The fields read here
//! are those that NumPy's own headers give away to compiled extensions, alike in versions 1 and 2.

use manycore::kernel::types::{ArrayType, Layout, Scalar};
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyCapsule, PyCapsuleMethods, PyType, PyTypeMethods};
use std::ffi::{c_char, c_int, c_void};

/// `PyArrayObject_fields`, as far as it is the same everywhere.
#[repr(C)]
struct ArrayFields {
    head: ffi::PyObject,
    data: *mut u8,
    ndim: c_int,
    shape: *const isize,
    strides: *const isize,
    base: *mut ffi::PyObject,
    descriptor: *const Descriptor,
    flags: c_int,
}

/// The beginning of `PyArray_Descr`.
#[repr(C)]
struct Descriptor {
    head: ffi::PyObject,
    scalar: *mut ffi::PyTypeObject,
    kind: c_char,
    code: c_char,
    byteorder: c_char,
    former_flags: c_char,
    number: c_int,
}

const C_CONTIGUOUS: c_int = 0x1;
const F_CONTIGUOUS: c_int = 0x2;
const ALIGNED: c_int = 0x100;
const WRITEABLE: c_int = 0x400;

type New = unsafe extern "C" fn(
    *mut ffi::PyTypeObject,
    c_int,
    *const isize,
    c_int,
    *const isize,
    *mut c_void,
    c_int,
    c_int,
    *mut ffi::PyObject,
) -> *mut ffi::PyObject;
type SetBase = unsafe extern "C" fn(*mut ffi::PyObject, *mut ffi::PyObject) -> c_int;

/// NumPy, once it has been imported.
pub struct NumPy {
    pub module: Py<PyModule>,
    array: Py<PyType>,
    generic: Py<PyType>,
    scalars: Vec<(Py<PyType>, Scalar)>,
    new: New,
    set_base: SetBase,
}

/// An array's fields.
pub struct View {
    pub ty: ArrayType,
    pub data: *mut u8,
    shape: *const isize,
    strides: *const isize,
}

impl View {
    pub fn shape(&self) -> &[isize] {
        slice(self.shape, self.ty.ndim)
    }

    pub fn strides(&self) -> &[isize] {
        slice(self.strides, self.ty.ndim)
    }
}

fn slice<'a>(start: *const isize, length: u8) -> &'a [isize] {
    if length == 0 {
        return &[];
    }
    // SAFETY: a view is made of an array that its user holds, and these are that array's own.
    unsafe { std::slice::from_raw_parts(start, usize::from(length)) }
}

/// Why an object is no array for kernels.
pub enum Unfit {
    /// It is no array at all.
    NoArray,
    /// What is wrong with it.
    Because(String),
}

impl NumPy {
    /// NumPy if the program has imported it; else nothing here can be NumPy's.
    pub fn seen(py: Python<'_>) -> PyResult<Option<&Self>> {
        if let Some(numpy) = NUMPY.get(py) {
            return Ok(Some(numpy));
        }
        let modules = py.import("sys")?.getattr("modules")?;
        if modules.contains("numpy")? { Self::get(py).map(Some) } else { Ok(None) }
    }

    /// NumPy, imported if need be.
    pub fn get(py: Python<'_>) -> PyResult<&Self> {
        NUMPY.get_or_try_init(py, || Self::load(py))
    }

    fn load(py: Python<'_>) -> PyResult<Self> {
        let module = py.import("numpy")?;
        let class = |name| -> PyResult<Py<PyType>> {
            Ok(module.getattr(name)?.cast_into::<PyType>()?.unbind())
        };
        let table = table(py, "_ARRAY_API")?;
        const NEW: usize = 93;
        const SET_BASE: usize = 282;
        // SAFETY: these are the places of these functions in NumPy's table, which never change.
        let (new, set_base) = unsafe {
            (
                std::mem::transmute::<*mut c_void, New>(*table.add(NEW)),
                std::mem::transmute::<*mut c_void, SetBase>(*table.add(SET_BASE)),
            )
        };
        let mut scalars = Vec::new();
        for scalar in Scalar::ALL {
            let name = if scalar == Scalar::Bool { "bool_" } else { scalar.name() };
            scalars.push((class(name)?, scalar));
        }
        // On every platform one more C type has the width of another.
        for name in ["intc", "uintc", "longlong", "ulonglong", "int_", "uint"] {
            let alias = class(name)?;
            let name: String =
                module.getattr("dtype")?.call1((&alias,))?.getattr("name")?.extract()?;
            if let (false, Some(scalar)) =
                (scalars.iter().any(|(known, _)| known.is(&alias)), Scalar::named(&name))
            {
                scalars.push((alias, scalar));
            }
        }
        Ok(Self {
            array: class("ndarray")?,
            generic: class("generic")?,
            scalars,
            new,
            set_base,
            module: module.unbind(),
        })
    }

    /// An array's fields.
    pub fn view(&self, object: &Bound<'_, PyAny>) -> Result<View, Unfit> {
        let py = object.py();
        let class = object.get_type();
        if !class.is(&self.array) {
            if !object.is_instance(self.array.bind(py)).unwrap_or(false) {
                return Err(Unfit::NoArray);
            }
            // These mean something else by their elements or operators.
            for (module, name) in [("numpy.ma", "MaskedArray"), ("numpy", "matrix")] {
                if inherits(&class, module, name) {
                    let why = format!("a {name} is more than its elements; give numpy.asarray(it)");
                    return Err(Unfit::Because(why));
                }
            }
        }
        // SAFETY: the object is an instance of ndarray, whose fields these are.
        let (fields, descriptor) = unsafe {
            let fields = &*object.as_ptr().cast::<ArrayFields>();
            (fields, &*fields.descriptor)
        };
        let Some(dtype) = scalar(descriptor.number) else {
            let dtype = object.getattr("dtype").map(|dtype| dtype.to_string());
            let dtype = dtype.unwrap_or_default();
            return Err(Unfit::Because(format!("arrays of dtype {dtype} can't be compiled for")));
        };
        let foreign = if cfg!(target_endian = "little") { b'>' } else { b'<' };
        if descriptor.byteorder as u8 == foreign {
            let way = "convert it by a.astype(a.dtype.newbyteorder(\"=\"))";
            return Err(Unfit::Because(format!("its bytes are in the other order; {way}")));
        }
        if fields.flags & ALIGNED == 0 {
            return Err(Unfit::Because("its elements are not aligned; copy it".to_owned()));
        }
        let layout = if fields.flags & C_CONTIGUOUS != 0 {
            Layout::C
        } else if fields.flags & F_CONTIGUOUS != 0 {
            Layout::F
        } else {
            Layout::Any
        };
        let ty = ArrayType {
            ones: 0,
            dtype,
            ndim: fields.ndim as u8,
            layout,
            readonly: fields.flags & WRITEABLE == 0,
        };
        Ok(View { ty, data: fields.data, shape: fields.shape, strides: fields.strides })
    }

    /// Which of NumPy's numbers an object is, and its bytes.
    pub fn scalar(&self, object: &Bound<'_, PyAny>) -> Option<(Scalar, *const u8)> {
        let class = object.get_type();
        let (_, scalar) = self.scalars.iter().find(|(known, _)| class.is(known))?;
        // SAFETY: NumPy's numbers have their value behind the head of the object.
        Some((*scalar, unsafe { object.as_ptr().cast::<u8>().add(size_of::<ffi::PyObject>()) }))
    }

    /// The number type that a class stands for.
    pub fn scalar_class(&self, class: &Bound<'_, PyType>) -> Option<Scalar> {
        self.scalars.iter().find(|(known, _)| class.is(known)).map(|(_, scalar)| *scalar)
    }

    /// Whether an object is a scalar of NumPy's, also of a kind that kernels don't know.
    pub fn is_generic(&self, object: &Bound<'_, PyAny>) -> bool {
        object.is_instance(self.generic.bind(object.py())).unwrap_or(false)
    }

    /// An array of memory that `base` keeps.
    pub fn array<'py>(
        &self,
        py: Python<'py>,
        view: ArrayType,
        data: *mut u8,
        shape: &[isize],
        strides: &[isize],
        base: Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let flags = ALIGNED | if view.readonly { 0 } else { WRITEABLE };
        // SAFETY: the memory is `base`'s, which the array keeps from here on; NumPy copies shape and
        // strides, and works the other flags out.
        unsafe {
            let array = (self.new)(
                self.array.as_ptr().cast(),
                c_int::from(view.ndim),
                shape.as_ptr(),
                number(view.dtype),
                strides.as_ptr(),
                data.cast(),
                0,
                flags,
                std::ptr::null_mut(),
            );
            let array = Bound::from_owned_ptr_or_err(py, array)?;
            if (self.set_base)(array.as_ptr(), base.into_ptr()) < 0 {
                return Err(PyErr::fetch(py));
            }
            Ok(array)
        }
    }
}

/// Whether a class or one that it inherits from has that name and comes of that package; asked by name, as the
/// module may not even have been imported.
pub fn inherits(class: &Bound<'_, PyType>, package: &str, name: &str) -> bool {
    class.mro().iter().any(|base| {
        let text =
            |attribute: &str| base.getattr(attribute).and_then(|text| text.extract::<String>());
        text("__name__").is_ok_and(|found| found == name)
            && text("__module__").is_ok_and(|module| module.starts_with(package))
    })
}

static NUMPY: PyOnceLock<NumPy> = PyOnceLock::new();

/// A table of NumPy's C functions.
pub fn table(py: Python<'_>, name: &str) -> PyResult<*mut *mut c_void> {
    let module = py
        .import("numpy._core._multiarray_umath")
        .or_else(|_| py.import("numpy.core._multiarray_umath"))?;
    let capsule = module.getattr(name)?.cast_into::<PyCapsule>()?;
    Ok(capsule.pointer_checked(None)?.as_ptr().cast())
}

const LONG_IS_64: bool = size_of::<std::ffi::c_long>() == 8;

/// The scalar type of one of NumPy's type numbers.
fn scalar(number: c_int) -> Option<Scalar> {
    Some(match number {
        0 => Scalar::Bool,
        1 => Scalar::I8,
        2 => Scalar::U8,
        3 => Scalar::I16,
        4 => Scalar::U16,
        5 => Scalar::I32,
        6 => Scalar::U32,
        7 => {
            if LONG_IS_64 {
                Scalar::I64
            } else {
                Scalar::I32
            }
        }
        8 => {
            if LONG_IS_64 {
                Scalar::U64
            } else {
                Scalar::U32
            }
        }
        9 => Scalar::I64,
        10 => Scalar::U64,
        11 => Scalar::F32,
        12 => Scalar::F64,
        14 => Scalar::C64,
        15 => Scalar::C128,
        _ => return None,
    })
}

/// NumPy's type number of a scalar type.
pub fn number(scalar: Scalar) -> c_int {
    match scalar {
        Scalar::Bool => 0,
        Scalar::I8 => 1,
        Scalar::U8 => 2,
        Scalar::I16 => 3,
        Scalar::U16 => 4,
        Scalar::I32 => 5,
        Scalar::U32 => 6,
        Scalar::I64 => {
            if LONG_IS_64 {
                7
            } else {
                9
            }
        }
        Scalar::U64 => {
            if LONG_IS_64 {
                8
            } else {
                10
            }
        }
        Scalar::F32 => 11,
        Scalar::F64 => 12,
        Scalar::C64 => 14,
        Scalar::C128 => 15,
    }
}
