//! A Python function that is compiled when it is called: finds the code for its arguments' types.

use super::counts;
use super::globals::{Names, read};
use super::lowered::Lowered;
use super::pack::{Packed, types};
use super::prepared::Prepared;
use super::signature;
use super::specialisation::{CCall, Conversion, Specialisation, call_from_c};
use super::syntax::Unread;
use manycore::kernel::error::CompileError;
use manycore::kernel::globals::{Callee, Options};
use manycore::kernel::ir::FastMath;
use manycore::kernel::types::{Named, Type};
use pyo3::exceptions::PyTypeError;
use pyo3::gc::{PyTraverseError, PyVisit};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyString, PyTuple, PyType};
use smallvec::SmallVec;
use std::iter;
use std::sync::{Arc, OnceLock};

/// A Python function that is compiled for each set of argument types that it is called with.
#[pyclass(subclass, frozen, module = "manycore._core")]
pub struct Kernel {
    pub function: Py<PyAny>,
    options: Options,
    /// As the code has them: keywords are the same objects nearly always.
    parameters: Vec<Py<PyString>>,
    /// How many of the parameters may be given without their names.
    positional: usize,
    /// Whether the last one takes what is given beside the others.
    has_rest: bool,
    /// The defaults of the last parameters.
    defaults: Vec<Option<Py<PyAny>>>,
    callee: OnceLock<Arc<Callee>>,
    known: Link,
}

/// How arguments of certain types are taken, and what is known beside. Nothing is ever taken out of the
/// chain, so calls go through it without a lock.
struct Known {
    codes: Box<[u64]>,
    conversion: Option<Conversion>,
    specialisation: Arc<Specialisation>,
    next: Link,
}

type Link = OnceLock<Box<Known>>;

/// Types of arguments.
#[pyclass(frozen, module = "manycore._core")]
pub struct Types {
    pub types: Vec<Type>,
    pub classes: Vec<(Arc<Named>, Py<PyType>)>,
    /// Arguments that are compiled in, by the numbers in their types.
    pub objects: Vec<(u64, Py<PyAny>)>,
    /// What is to be returned, if the signature says so.
    pub result: Option<Type>,
    /// Whether they are those of a signature.
    pub is_declared: bool,
}

#[pymethods]
impl Types {
    /// Reads a signature such as `"f8(f8[:], i8)"`, with the result's type or without.
    #[staticmethod]
    fn parse(text: &str) -> PyResult<Self> {
        let (result, types) = signature::parse(text)?;
        Ok(Self { types, classes: Vec::new(), objects: Vec::new(), result, is_declared: true })
    }

    /// The arguments' types, by name.
    #[getter]
    fn names(&self) -> Vec<String> {
        self.types.iter().map(Type::to_string).collect()
    }

    /// The result's type, if the signature says which.
    #[getter]
    fn returns(&self) -> Option<String> {
        self.result.as_ref().map(Type::to_string)
    }

    fn __repr__(&self) -> String {
        format!("({})", self.names().join(", "))
    }
}

#[pymethods]
impl Kernel {
    #[new]
    #[pyo3(signature = (
        function, *, parallel, fastmath, boundscheck, numpy_errors, sums=false, counted=false
    ))]
    fn new(
        function: &Bound<'_, PyAny>,
        parallel: bool,
        fastmath: bool,
        boundscheck: bool,
        numpy_errors: bool,
        sums: bool,
        counted: bool,
    ) -> PyResult<Self> {
        let fastmath = match (fastmath, sums) {
            (true, _) => FastMath::All,
            (false, true) => FastMath::Sums,
            (false, false) => FastMath::None,
        };
        let options = Options { parallel, fastmath, boundscheck, numpy_errors, counted };
        let code = function.getattr("__code__")?;
        let positional: usize = code.getattr("co_argcount")?.extract()?;
        let keywords: usize = code.getattr("co_kwonlyargcount")?.extract()?;
        let mut parameters: Vec<Py<PyString>> = code.getattr("co_varnames")?.extract()?;
        const HAS_REST: u32 = 4;
        let flags: u32 = code.getattr("co_flags")?.extract()?;
        let has_rest = flags & HAS_REST != 0;
        parameters.truncate(positional + keywords + usize::from(has_rest));
        let mut defaults: Vec<Option<Py<PyAny>>> = Vec::new();
        defaults.resize_with(parameters.len(), || None);
        if let Ok(given) = function.getattr("__defaults__")?.cast::<PyTuple>() {
            let first = positional - given.len();
            for (place, default) in defaults[first..positional].iter_mut().zip(given.iter()) {
                *place = Some(default.unbind());
            }
        }
        if let Ok(given) = function.getattr("__kwdefaults__")?.cast::<PyDict>() {
            for (name, place) in parameters.iter().zip(&mut defaults).skip(positional) {
                *place = given.get_item(name)?.map(Bound::unbind);
            }
        }
        Ok(Self {
            function: function.clone().unbind(),
            options,
            parameters,
            positional,
            has_rest,
            defaults,
            callee: OnceLock::new(),
            known: Link::new(),
        })
    }

    #[pyo3(signature = (*args, **kwargs))]
    fn __call__<'py>(
        slf: &Bound<'py, Self>,
        args: &Bound<'py, PyTuple>,
        kwargs: Option<&Bound<'py, PyDict>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let (this, py) = (slf.get(), slf.py());
        if counts::are_kept() && !this.options.counted {
            return Self::call_counted(slf, args, kwargs);
        }
        // Filled in its place: it is too large to be handed around.
        let mut packed = Packed::new();
        this.pack(&mut packed, args, kwargs)?;
        let Some(known) = Self::known(slf, &packed)? else {
            return this.function.bind(py).call(args, kwargs);
        };
        if let Some(conversion) = &known.conversion {
            packed.slots = conversion.apply(&packed.slots)?;
        }
        known.specialisation.call(py, &mut packed)
    }

    /// The Python function.
    #[getter]
    fn py_func(&self, py: Python<'_>) -> Py<PyAny> {
        self.function.clone_ref(py)
    }

    /// Infers types for arguments of `types`, and makes the code that a compiler takes.
    fn _lower(slf: &Bound<'_, Self>, types: &Bound<'_, Types>) -> PyResult<Lowered> {
        let (this, py) = (slf.get(), slf.py());
        let callee = this.callee(py).map_err(|unread| match unread {
            Unread::Refused(error) => compile_error(py, &error),
            Unread::Failed(error) => error,
        })?;
        let mut names = Names::new(this.function.bind(py), &callee, &types.get().objects);
        Lowered::new(py, &callee, types.get(), &mut names)
    }

    /// Whether there is code for arguments of `types`.
    fn _knows(&self, types: &Bound<'_, Types>) -> bool {
        self.all().any(|known| known.specialisation.arguments == types.get().types)
    }

    /// Keeps code for later calls: at `address`, kept by `keeper`; without an address, it is interpreted.
    fn _install(
        &self,
        lowered: &Bound<'_, Lowered>,
        address: Option<usize>,
        keeper: Py<PyAny>,
    ) -> PyResult<()> {
        let specialisation = Arc::new(lowered.get().finish(lowered.py(), address, keeper));
        let codes = lowered.get().codes();
        self.keep(codes, None, specialisation);
        Ok(())
    }

    /// Where C code finds what it was compiled for as its `number`th: the specialisation's address, and that of
    /// the function that calls it.
    fn _c_parts(&self, number: usize) -> Option<(usize, usize)> {
        let specialisation = &self.all().nth(number)?.specialisation;
        // For ever: nobody can tell when C forgets an address.
        let address = Arc::into_raw(Arc::clone(specialisation)).expose_provenance();
        let call: CCall = call_from_c;
        Some((address, (call as *const ()).expose_provenance()))
    }

    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        visit.call(&self.function)
    }
}

impl Types {
    /// # Safety
    /// The arguments are alive.
    unsafe fn of(py: Python<'_>, packed: &Packed<'_>) -> PyResult<Self> {
        let mut classes = Vec::new();
        // SAFETY: as the caller says.
        let types = unsafe { types(py, packed, &mut classes) }?;
        let objects = packed.objects.iter().map(|(id, object)| (*id, object.clone().unbind()));
        let objects = objects.collect();
        let classes = classes.into_iter().map(|(named, class)| (named, class.unbind())).collect();
        Ok(Self { types, classes, objects, result: None, is_declared: false })
    }
}

impl Kernel {
    /// Calls the same function as one that counts.
    #[cold]
    fn call_counted<'py>(
        slf: &Bound<'py, Self>,
        args: &Bound<'py, PyTuple>,
        kwargs: Option<&Bound<'py, PyDict>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        slf.call_method0(intern!(slf.py(), "_counted"))?.call(args, kwargs)
    }

    /// The code for such arguments, compiled now if it has not been; nothing where the function runs in Python.
    fn known<'a>(slf: &'a Bound<'_, Self>, packed: &Packed<'_>) -> PyResult<Option<&'a Known>> {
        match slf.get().find(&packed.codes) {
            Some(known) => Ok(Some(known)),
            None => Self::learn(slf, packed),
        }
    }

    /// What calls with many values of the type of the first argument need; nothing where they need Python, or a
    /// state that they would share.
    pub fn prepare(
        slf: &Bound<'_, Self>,
        args: &Bound<'_, PyTuple>,
        kwargs: Option<&Bound<'_, PyDict>>,
    ) -> PyResult<Option<Prepared>> {
        let mut packed = Packed::new();
        slf.get().pack(&mut packed, args, kwargs)?;
        Ok(match Self::known(slf, &packed)? {
            Some(Known { conversion: None, specialisation, .. }) => {
                Prepared::new(Arc::clone(specialisation), packed)
            }
            _ => None,
        })
    }

    /// Compiles for types that are known, without arguments of them.
    pub fn compile_for(
        slf: &Bound<'_, Self>,
        types: Vec<Type>,
    ) -> PyResult<Option<Arc<Specialisation>>> {
        let types = Types {
            types,
            classes: Vec::new(),
            objects: Vec::new(),
            result: None,
            is_declared: true,
        };
        slf.call_method1("_make", (types,))?;
        Ok(slf.get().first())
    }

    /// What it was compiled for first.
    pub fn first(&self) -> Option<Arc<Specialisation>> {
        self.all().next().map(|known| Arc::clone(&known.specialisation))
    }

    /// The function's source.
    pub fn callee(&self, py: Python<'_>) -> Result<Arc<Callee>, Unread> {
        if let Some(callee) = self.callee.get() {
            return Ok(Arc::clone(callee));
        }
        let callee = read(self.function.bind(py), self.options)?;
        Ok(Arc::clone(self.callee.get_or_init(|| callee)))
    }

    fn pack<'py>(
        &self,
        packed: &mut Packed<'py>,
        args: &Bound<'py, PyTuple>,
        kwargs: Option<&Bound<'py, PyDict>>,
    ) -> PyResult<()> {
        let py = args.py();
        let name = |index: usize| {
            format!("argument {:?}", self.parameters[index].bind(py).to_string_lossy())
        };
        if args.len() == self.parameters.len()
            && args.len() == self.positional
            && !self.has_rest
            && kwargs.is_none_or(|kwargs| kwargs.is_empty())
        {
            for (index, value) in args.iter_borrowed().enumerate() {
                packed.push(&value, &|| name(index))?;
            }
            return Ok(());
        }
        for (index, value) in self.bind(py, args, kwargs)?.iter().enumerate() {
            let value = value.as_ref().expect("`bind` has found one");
            packed.push(value, &|| name(index))?;
        }
        Ok(())
    }

    /// A value for each parameter.
    fn bind<'py>(
        &self,
        py: Python<'py>,
        args: &Bound<'py, PyTuple>,
        kwargs: Option<&Bound<'py, PyDict>>,
    ) -> PyResult<SmallVec<[Option<Bound<'py, PyAny>>; 8]>> {
        let mut values: SmallVec<[Option<Bound<'py, PyAny>>; 8]> =
            args.iter().take(self.positional).map(Some).collect();
        let mut is_sound = args.len() <= self.positional || self.has_rest;
        values.resize(self.parameters.len(), None);
        if self.has_rest {
            let rest = args.get_slice(self.positional, args.len());
            *values.last_mut().expect("the rest is a parameter") = Some(rest.into_any());
        }
        for (name, value) in kwargs.into_iter().flatten() {
            let names = || self.parameters.iter().map(|parameter| parameter.bind(py));
            let place = names().position(|parameter| name.is(parameter));
            let equal = || names().position(|parameter| name.eq(parameter).unwrap_or(false));
            match place.or_else(equal) {
                Some(place) if values[place].is_none() => values[place] = Some(value),
                _ => is_sound = false,
            }
        }
        for (value, default) in values.iter_mut().zip(&self.defaults) {
            if value.is_none() {
                *value = default.as_ref().map(|default| default.bind(py).clone());
            }
        }
        if is_sound && values.iter().all(Option::is_some) {
            return Ok(values);
        }
        // Python itself says best what is wrong.
        let signature = py.import("inspect")?.call_method1("signature", (&self.function,))?;
        signature.call_method("bind", args, kwargs)?;
        Err(PyTypeError::new_err("the arguments are not those of the function"))
    }

    /// What is known, from the first on.
    fn all(&self) -> impl Iterator<Item = &Known> {
        iter::successors(self.known.get(), |known| known.next.get()).map(|known| &**known)
    }

    fn keep(
        &self,
        codes: Box<[u64]>,
        conversion: Option<Conversion>,
        specialisation: Arc<Specialisation>,
    ) {
        let mut known = Box::new(Known { codes, conversion, specialisation, next: Link::new() });
        let mut end = &self.known;
        // Another thread may have been there before.
        while let Err(mine) = end.set(known) {
            known = mine;
            end = &end.get().expect("it was set").next;
        }
    }

    fn find(&self, codes: &[u64]) -> Option<&Known> {
        // Word by word: there are few, and a call of `memcmp` takes longer.
        self.all().find(|known| known.codes.iter().eq(codes))
    }

    /// Makes known how arguments of new types are taken: by what was compiled for others that they can be
    /// converted to, if signatures asked for it, or by new code; nothing if there can't be any.
    fn learn<'a>(slf: &'a Bound<'_, Self>, packed: &Packed<'_>) -> PyResult<Option<&'a Known>> {
        let this = slf.get();
        let codes = &*packed.codes;
        // SAFETY: the caller holds the arguments.
        let types = unsafe { Types::of(slf.py(), packed) }?;
        let declared = this.all().map(|known| &known.specialisation).filter(|one| one.is_declared);
        let converted = declared.into_iter().find_map(|specialisation| {
            let conversion = Conversion::new(&types.types, &specialisation.arguments)?;
            Some((Arc::clone(specialisation), conversion))
        });
        if let Some((specialisation, conversion)) = converted {
            let conversion = Some(conversion).filter(|conversion| !conversion.is_none());
            this.keep(codes.into(), conversion, specialisation);
        } else if !slf.call_method1("_specialise", (types,))?.is_truthy()? {
            return Ok(None);
        }
        Ok(this.find(codes))
    }
}

/// The exception for what can't be compiled.
pub fn compile_error(py: Python<'_>, error: &CompileError) -> PyErr {
    let raise = || -> PyResult<PyErr> {
        let class = py.import("manycore._jit")?.getattr("CompileError")?;
        let CompileError { function, file, span, message, hint } = error;
        let place = (&**file, span.line, span.column, function);
        Ok(PyErr::from_value(class.call1((message, hint, place))?))
    };
    raise().unwrap_or_else(|error| error)
}
