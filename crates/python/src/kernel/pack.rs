//! Python's arguments as a compiled function takes them: what types they are of, and their slots.
//!
//! Both come of one pass. The types are written as *codes*, whole numbers, since each call compares them
//! with what was compiled for; a [`Type`] is made of them where something is to be compiled.

use super::function::Kernel;
use super::numpy::{NumPy, Unfit, View, inherits};
use manycore::kernel::types::{ArrayType, Layout, Named, Object, Scalar, Type};
use pyo3::exceptions::{PyOverflowError, PyTypeError};
use pyo3::prelude::*;
use pyo3::types::{
    PyBool, PyComplex, PyComplexMethods, PyFloat, PyFunction, PyInt, PyMemoryView, PyString,
    PyTuple, PyType,
};
use smallvec::SmallVec;
use std::sync::Arc;

/// Values as `kernel::abi` says. Those of most calls need no memory of their own.
pub type Slots = SmallVec<[u64; 24]>;

/// What a call's arguments are.
pub struct Packed<'py> {
    /// Their types.
    pub codes: SmallVec<[u64; 8]>,
    /// Their values.
    pub slots: Slots,
    /// The arrays among them.
    pub arrays: SmallVec<[Bound<'py, PyAny>; 4]>,
    /// What is compiled in, by the number in its code.
    pub objects: Vec<(u64, Bound<'py, PyAny>)>,
    /// What random generators have for a state during the call; boxed, as its address is in a slot.
    #[allow(clippy::vec_box)]
    streams: Vec<Box<[u64; 2]>>,
    numpy: Option<&'py NumPy>,
}

// What a code's lowest byte says it is.
const SCALAR: u64 = 1;
const ARRAY: u64 = 2;
const NONE: u64 = 3;
const STR: u64 = 4;
/// Behind it come its items.
const TUPLE: u64 = 5;
/// Behind it come its class's address and its items.
const NAMED: u64 = 6;
const GENERATOR: u64 = 7;
/// Behind it comes its number.
const OBJECT: u64 = 8;
/// Behind it come its items' codes.
const LIST: u64 = 9;

const fn scalar_code(scalar: Scalar, weak: bool) -> u64 {
    SCALAR | (scalar as u64) << 8 | (weak as u64) << 16
}

fn array_code(ty: ArrayType) -> u64 {
    let bits = [ty.dtype as u64, u64::from(ty.ndim), ty.layout as u64, u64::from(ty.readonly)];
    bits.iter().rev().fold(0, |code, bits| code << 8 | bits) << 8 | ARRAY
}

impl<'py> Packed<'py> {
    pub fn new() -> Self {
        Self {
            codes: SmallVec::new(),
            slots: Slots::new(),
            arrays: SmallVec::new(),
            objects: Vec::new(),
            streams: Vec::new(),
            numpy: None,
        }
    }

    /// Whether there are random generators among the arguments, whose states are this call's own.
    pub fn has_streams(&self) -> bool {
        !self.streams.is_empty()
    }

    /// Adds an argument; `name` says which in an error.
    pub fn push(&mut self, value: &Bound<'py, PyAny>, name: &dyn Fn() -> String) -> PyResult<()> {
        if let Ok(float) = value.cast_exact::<PyFloat>() {
            self.codes.push(scalar_code(Scalar::F64, true));
            self.slots.push(float.value().to_bits());
        } else if value.is_exact_instance_of::<PyInt>() {
            self.integer(value, name)?;
        } else if let Ok(truth) = value.cast_exact::<PyBool>() {
            self.codes.push(scalar_code(Scalar::Bool, true));
            self.slots.push(u64::from(truth.is_true()));
        } else if let Some(view) = self.array(value, name)? {
            self.push_array(view, value);
        } else if value.is_none() {
            self.codes.push(NONE);
        } else if let Ok(complex) = value.cast_exact::<PyComplex>() {
            self.codes.push(scalar_code(Scalar::C128, true));
            self.slots.extend([complex.real().to_bits(), complex.imag().to_bits()]);
        } else if let Ok(text) = value.cast_exact::<PyString>() {
            // The address is that of bytes which the string keeps for its life.
            let text = text.to_str()?;
            self.codes.push(STR);
            self.slots.extend([text.as_ptr().addr() as u64, text.len() as u64]);
        } else if let Ok(items) = value.cast::<PyTuple>() {
            self.tuple(items, name)?;
        } else {
            return self.rarely(value, name);
        }
        Ok(())
    }

    fn integer(&mut self, value: &Bound<'py, PyAny>, name: &dyn Fn() -> String) -> PyResult<()> {
        if let Ok(integer) = value.extract::<i64>() {
            self.codes.push(scalar_code(Scalar::I64, true));
            self.slots.push(integer.cast_unsigned());
        } else if let Ok(integer) = value.extract::<u64>() {
            self.codes.push(scalar_code(Scalar::U64, false));
            self.slots.push(integer);
        } else {
            let message = format!(
                "{} is {value}, which does not fit 64 bits; integers in compiled functions are of \
                 fixed width: give a float",
                name()
            );
            return Err(PyOverflowError::new_err(message));
        }
        Ok(())
    }

    fn numpy(&mut self, py: Python<'py>) -> PyResult<Option<&'py NumPy>> {
        if self.numpy.is_none() {
            self.numpy = NumPy::seen(py)?;
        }
        Ok(self.numpy)
    }

    /// The array that a value is, if it is one.
    #[inline]
    fn array<'a>(
        &mut self,
        value: &'a Bound<'py, PyAny>,
        name: &dyn Fn() -> String,
    ) -> PyResult<Option<View<'a>>> {
        let Some(numpy) = self.numpy(value.py())? else { return Ok(None) };
        match numpy.view(value) {
            Ok(view) => Ok(Some(view)),
            Err(Unfit::NoArray) => Ok(None),
            Err(Unfit::Because(why)) => Err(not_taken(&why, name)),
        }
    }

    fn push_array(&mut self, view: View<'_>, value: &Bound<'py, PyAny>) {
        const NO_OWNER: u64 = 0;
        self.codes.push(array_code(view.ty()));
        self.arrays.push(value.clone());
        let slots = &mut self.slots;
        slots.push(view.data().addr() as u64);
        slots.push(NO_OWNER);
        for sizes in [view.shape(), view.strides()] {
            sizes.iter().for_each(|size| slots.push(size.cast_unsigned() as u64));
        }
    }

    fn tuple(&mut self, items: &Bound<'py, PyTuple>, name: &dyn Fn() -> String) -> PyResult<()> {
        let class = items.get_type();
        if items.is_exact_instance_of::<PyTuple>() {
            self.codes.push(TUPLE | (items.len() as u64) << 8);
        } else if class.hasattr("_fields")? {
            self.codes.extend([NAMED | (items.len() as u64) << 8, class.as_ptr().addr() as u64]);
        } else {
            return Err(unknown(items, name));
        }
        for (index, item) in items.iter().enumerate() {
            self.push(&item, &|| format!("{}[{index}]", name()))?;
        }
        Ok(())
    }

    /// What is not of the types that most arguments are of.
    fn rarely(&mut self, value: &Bound<'py, PyAny>, name: &dyn Fn() -> String) -> PyResult<()> {
        if let Some(numpy) = self.numpy(value.py())? {
            if let Some((scalar, bytes)) = numpy.scalar(value) {
                self.codes.push(scalar_code(scalar, false));
                // SAFETY: the value's bytes, which `value` keeps.
                unsafe { read(scalar, bytes, &mut self.slots) };
                return Ok(());
            }
            if inherits(&value.get_type(), "numpy.random", "Generator") {
                // Each call draws the key of its stream.
                let key = value.getattr("bit_generator")?.call_method0("random_raw")?.extract()?;
                self.streams.push(Box::new([key, 0]));
                let stream = self.streams.last_mut().expect("one was pushed");
                self.codes.push(GENERATOR);
                self.slots.push(stream.as_mut_ptr().addr() as u64);
                return Ok(());
            }
        }
        if let Some(id) = identity(value)? {
            self.codes.extend([OBJECT, id]);
            self.objects.push((id, value.clone()));
            return Ok(());
        }
        // A subclass of a number, such as an enumeration's members.
        if value.is_instance_of::<PyInt>() {
            return self.integer(value, name);
        }
        if let Ok(float) = value.cast::<PyFloat>() {
            self.codes.push(scalar_code(Scalar::F64, true));
            self.slots.push(float.value().to_bits());
            return Ok(());
        }
        // Whatever else gives its memory: bytes, array.array, memoryview, ctypes' arrays.
        if !value.is_instance_of::<PyString>() && pyo3::buffer::PyUntypedBuffer::get(value).is_ok()
        {
            let numpy = NumPy::get(value.py())?;
            // NumPy takes bytes for a text, but not a view of them.
            let view = PyMemoryView::from(value)?;
            let array = numpy.module.bind(value.py()).call_method1("asarray", (view,))?;
            if let Some(view) = self.array(&array, name)? {
                self.push_array(view, &array);
                return Ok(());
            }
        }
        Err(unknown(value, name))
    }
}

#[cold]
fn not_taken(why: &str, name: &dyn Fn() -> String) -> PyErr {
    PyTypeError::new_err(format!("{} can't be taken: {why}", name()))
}

/// A number for a function, a class or a dtype: they can be compiled in. It is an address, of the code where
/// that is all there is to a function, as with most lambdas.
fn identity(value: &Bound<'_, PyAny>) -> PyResult<Option<u64>> {
    let class = value.get_type();
    let is_known = || -> PyResult<bool> {
        let name = class.name()?;
        let names = ["builtin_function_or_method", "ufunc", "_ArrayFunctionDispatcher"];
        Ok(names.iter().any(|known| name == *known)
            || value.is_instance_of::<Kernel>()
            || value.is_instance_of::<PyType>()
            || inherits(&class, "numpy", "dtype"))
    };
    let address = |value: &Bound<'_, PyAny>| Some(value.as_ptr().addr() as u64);
    if value.is_exact_instance_of::<PyFunction>() {
        let is_bare = value.getattr("__closure__")?.is_none()
            && value.getattr("__defaults__")?.is_none()
            && value.getattr("__kwdefaults__")?.is_none();
        return Ok(address(&if is_bare { value.getattr("__code__")? } else { value.clone() }));
    }
    Ok(if is_known()? { address(value) } else { None })
}

fn unknown(value: &Bound<'_, PyAny>, name: &dyn Fn() -> String) -> PyErr {
    let class = value.get_type();
    let hint = match class.name().map(|name| name.to_string()).unwrap_or_default().as_str() {
        "list" | "range" => "; give numpy.array(it), or a tuple if it is short",
        "dict" | "set" => "; give its keys and values as arrays",
        "Series" | "DataFrame" => "; give its .to_numpy()",
        _ => "",
    };
    PyTypeError::new_err(format!(
        "{} is a {}, which compiled functions can't take{hint}",
        name(),
        class.fully_qualified_name().map(|name| name.to_string()).unwrap_or_default()
    ))
}

/// Reads a number as slots.
///
/// # Safety
/// A number of that type is there.
unsafe fn read(scalar: Scalar, bytes: *const u8, slots: &mut Slots) {
    // SAFETY: the caller vouches for the number.
    let (first, second) = unsafe {
        match scalar {
            Scalar::Bool | Scalar::U8 => (u64::from(bytes.read_unaligned()), None),
            Scalar::I8 => (i64::from(bytes.cast::<i8>().read_unaligned()).cast_unsigned(), None),
            Scalar::I16 => (i64::from(bytes.cast::<i16>().read_unaligned()).cast_unsigned(), None),
            Scalar::I32 => (i64::from(bytes.cast::<i32>().read_unaligned()).cast_unsigned(), None),
            Scalar::U16 => (u64::from(bytes.cast::<u16>().read_unaligned()), None),
            Scalar::U32 | Scalar::F32 => (u64::from(bytes.cast::<u32>().read_unaligned()), None),
            Scalar::I64 | Scalar::U64 | Scalar::F64 => (bytes.cast::<u64>().read_unaligned(), None),
            Scalar::C64 => {
                let [real, imag] = bytes.cast::<[u32; 2]>().read_unaligned();
                (u64::from(real), Some(u64::from(imag)))
            }
            Scalar::C128 => {
                let [real, imag] = bytes.cast::<[u64; 2]>().read_unaligned();
                (real, Some(imag))
            }
        }
    };
    slots.push(first);
    slots.extend(second);
}

/// The types that codes stand for, and the classes of the named tuples among them.
///
/// # Safety
/// The codes were made of arguments that are alive.
pub unsafe fn types<'py>(
    py: Python<'py>,
    packed: &Packed<'_>,
    classes: &mut Vec<(Arc<Named>, Bound<'py, PyType>)>,
) -> PyResult<Vec<Type>> {
    let mut codes = packed.codes.iter().copied();
    let name = |id: u64| {
        let object = packed.objects.iter().find(|(number, _)| *number == id);
        let name = object.and_then(|(_, object)| object.getattr("__name__").ok());
        name.map_or_else(|| "object".to_owned(), |name| name.to_string())
    };
    let mut types = Vec::new();
    while let Some(code) = codes.next() {
        // SAFETY: as the caller says.
        types.push(unsafe { one(py, code, &mut codes, classes, &name) }?);
    }
    Ok(types)
}

/// # Safety
/// As for [`types`].
unsafe fn one<'py>(
    py: Python<'py>,
    code: u64,
    rest: &mut dyn Iterator<Item = u64>,
    classes: &mut Vec<(Arc<Named>, Bound<'py, PyType>)>,
    name: &dyn Fn(u64) -> String,
) -> PyResult<Type> {
    let byte = |number: u32| (code >> (8 * number)) as u8;
    let scalar = |number: u32| Scalar::ALL[usize::from(byte(number))];
    Ok(match u64::from(byte(0)) {
        SCALAR => Type::Scalar(scalar(1), byte(2) != 0),
        ARRAY => {
            let layouts = [Layout::C, Layout::F, Layout::Any];
            Type::Array(ArrayType {
                ones: 0,
                dtype: scalar(1),
                ndim: byte(2),
                layout: layouts[usize::from(byte(3))],
                readonly: byte(4) != 0,
            })
        }
        NONE => Type::None,
        STR => Type::Str,
        GENERATOR => Type::Generator,
        OBJECT => {
            let id = rest.next().expect("an object's number follows it");
            Type::Object(Arc::new(Object { id, name: name(id) }))
        }
        kind @ (TUPLE | NAMED) => {
            let named = if kind == NAMED {
                let address = rest.next().expect("a named tuple's class follows it");
                let address = address as usize as *mut pyo3::ffi::PyObject;
                // SAFETY: the class of an argument that is alive.
                let class = unsafe { Bound::from_borrowed_ptr(py, address) };
                let class = class.cast_into::<PyType>()?;
                let name = class.name()?.to_string();
                let named = Arc::new(Named { name, fields: class.getattr("_fields")?.extract()? });
                classes.push((Arc::clone(&named), class));
                Some(named)
            } else {
                None
            };
            let mut items = Vec::new();
            for _ in 0..code >> 8 {
                let code = rest.next().expect("a tuple's items follow it");
                // SAFETY: as the caller says.
                items.push(unsafe { one(py, code, rest, classes, name) }?);
            }
            Type::Tuple(items.into(), named)
        }
        other => unreachable!("no code begins with {other}"),
    })
}

/// A type's codes; `classes` are those of the named tuples among the types.
pub fn codes(ty: &Type, classes: &[(Arc<Named>, Py<PyType>)], all: &mut Vec<u64>) {
    match ty {
        Type::Scalar(scalar, weak) => all.push(scalar_code(*scalar, *weak)),
        Type::Array(array) => all.push(array_code(*array)),
        Type::Str => all.push(STR),
        Type::Generator => all.push(GENERATOR),
        Type::Object(object) => all.extend([OBJECT, object.id]),
        Type::Tuple(items, named) => {
            let count = (items.len() as u64) << 8;
            let class = named.as_ref().and_then(|named| {
                classes.iter().find(|(known, _)| known == named).map(|(_, class)| class)
            });
            match class {
                Some(class) => all.extend([NAMED | count, class.as_ptr().addr() as u64]),
                None => all.push(TUPLE | count),
            }
            items.iter().for_each(|item| codes(item, classes, all));
        }
        Type::List(item) => {
            all.push(LIST);
            codes(item, classes, all);
        }
        Type::None | Type::Unknown | Type::Optional(_) => all.push(NONE),
    }
}
