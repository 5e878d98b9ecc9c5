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

/// An array that kernels can take, as its fields: no more than their address, which fits a register.
#[derive(Clone, Copy)]
pub struct View<'a>(&'a ArrayFields);

impl<'a> View<'a> {
    pub fn ty(self) -> ArrayType {
        let Self(fields) = self;
        let layout = if fields.flags & C_CONTIGUOUS != 0 {
            Layout::C
        } else if fields.flags & F_CONTIGUOUS != 0 {
            Layout::F
        } else {
            Layout::Any
        };
        let dtype = scalar(fields.descriptor().number).expect("a view is of a type that is known");
        let readonly = fields.flags & WRITEABLE == 0;
        ArrayType { ones: 0, dtype, ndim: fields.ndim as u8, layout, readonly }
    }

    pub fn data(self) -> *mut u8 {
        self.0.data
    }

    pub fn shape(self) -> &'a [isize] {
        self.sizes(self.0.shape)
    }

    pub fn strides(self) -> &'a [isize] {
        self.sizes(self.0.strides)
    }

    fn sizes(self, start: *const isize) -> &'a [isize] {
        if self.0.ndim == 0 {
            return &[];
        }
        // SAFETY: shape and strides are the array's own, one of each for a dimension.
        unsafe { std::slice::from_raw_parts(start, self.0.ndim as usize) }
    }
}

impl ArrayFields {
    fn descriptor(&self) -> &Descriptor {
        // SAFETY: every array has one.
        unsafe { &*self.descriptor }
    }
}

/// An array's address, shape and strides, and which of the numbers its elements are.
pub type Fields<'a> = (*mut u8, &'a [isize], &'a [isize], Option<Scalar>);

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
    #[inline]
    pub fn view<'a>(&self, object: &'a Bound<'_, PyAny>) -> Result<View<'a>, Unfit> {
        // Most are no instances of subclasses, and this takes no reference.
        if object.get_type_ptr().cast() != self.array.as_ptr() {
            self.check_class(object)?;
        }
        // SAFETY: the object is an instance of ndarray, whose fields these are.
        let fields = unsafe { &*object.as_ptr().cast::<ArrayFields>() };
        let descriptor = fields.descriptor();
        let foreign = if cfg!(target_endian = "little") { b'>' } else { b'<' };
        let is_foreign = descriptor.byteorder as u8 == foreign;
        let is_aligned = fields.flags & ALIGNED != 0;
        if is_foreign || !is_aligned || scalar(descriptor.number).is_none() {
            return Err(unfit(object, descriptor, is_foreign));
        }
        Ok(View(fields))
    }

    /// The fields of an array of any dtype: address, shape and strides; nothing if it is none.
    pub fn fields<'a>(&self, object: &'a Bound<'_, PyAny>) -> Option<Fields<'a>> {
        // SAFETY: an object, and a class that is kept here.
        if unsafe { ffi::PyObject_TypeCheck(object.as_ptr(), self.array.as_ptr().cast()) } == 0 {
            return None;
        }
        // SAFETY: the object is an instance of ndarray, whose fields these are.
        let view = View(unsafe { &*object.as_ptr().cast::<ArrayFields>() });
        let descriptor = view.0.descriptor();
        let foreign = if cfg!(target_endian = "little") { b'>' } else { b'<' };
        let is_native = descriptor.byteorder as u8 != foreign;
        let number = scalar(descriptor.number).filter(|_| is_native);
        Some((view.data(), view.shape(), view.strides(), number))
    }

    /// Whether an object is an array of a class that is not NumPy's own.
    #[cold]
    fn check_class(&self, object: &Bound<'_, PyAny>) -> Result<(), Unfit> {
        // Not `isinstance`, which believes an object that says it is of another class than it is.
        // SAFETY: an object, and a class that is kept here.
        if unsafe { ffi::PyObject_TypeCheck(object.as_ptr(), self.array.as_ptr().cast()) } == 0 {
            return Err(Unfit::NoArray);
        }
        // These mean something else by their elements or operators.
        for (module, name) in [("numpy.ma", "MaskedArray"), ("numpy", "matrix")] {
            if inherits(&object.get_type(), module, name) {
                let why = format!("a {name} is more than its elements; give numpy.asarray(it)");
                return Err(Unfit::Because(why));
            }
        }
        Ok(())
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

/// What is wrong with an array.
#[cold]
fn unfit(array: &Bound<'_, PyAny>, descriptor: &Descriptor, is_foreign: bool) -> Unfit {
    Unfit::Because(if scalar(descriptor.number).is_none() {
        let dtype = array.getattr("dtype").map(|dtype| dtype.to_string()).unwrap_or_default();
        format!("arrays of dtype {dtype} can't be compiled for")
    } else if is_foreign {
        let way = "convert it by a.astype(a.dtype.newbyteorder(\"=\"))";
        format!("its bytes are in the other order; {way}")
    } else {
        "its elements are not aligned; copy it".to_owned()
    })
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
