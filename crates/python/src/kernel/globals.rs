//! What the free names of a Python function stand for.
//!
//! Things that kernels know are found by identity, whatever the source calls them: `from math import sin
//! as s` makes `s` the function `math.sin`.

use super::function::Kernel;
use super::numpy::NumPy;
use super::syntax::{self, Unread};
use manycore::kernel::error::CompileError;
use manycore::kernel::globals::{Callee, Global, Globals, Options, Scope};
use manycore::kernel::types::Named;
use pyo3::prelude::*;
use pyo3::types::{PyAnyMethods, PyDict, PyModule, PyString, PyTuple, PyType};
use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

/// Answers for names while one function is compiled, and for those of the functions that it calls.
pub struct Names<'py> {
    py: Python<'py>,
    options: Options,
    /// Python's function for each scope.
    functions: HashMap<Scope, Bound<'py, PyAny>>,
    /// What has been made of functions, by their addresses.
    callees: HashMap<usize, Arc<Callee>>,
    /// What each path that was given out stands for.
    paths: HashMap<String, Bound<'py, PyAny>>,
    /// Arguments that are compiled in, by their numbers.
    objects: HashMap<u64, Bound<'py, PyAny>>,
    /// Classes of named tuples.
    pub classes: Vec<(Arc<Named>, Bound<'py, PyType>)>,
    /// Arrays, by their numbers.
    pub arrays: Vec<Bound<'py, PyAny>>,
    /// What Python raised meanwhile; the answer was that there is nothing.
    pub error: Option<PyErr>,
    /// Why a called function could not be read.
    pub refused: Option<CompileError>,
}

/// A number that no other function has.
fn number() -> u32 {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    NEXT.fetch_add(1, Ordering::Relaxed)
}

/// Reads a Python function's source.
pub fn read(function: &Bound<'_, PyAny>, options: Options) -> Result<Arc<Callee>, Unread> {
    let py = function.py();
    let source = py.import("manycore._source")?;
    let found = source.call_method1("find", (function,))?;
    let (node, shift): (Bound<'_, PyAny>, i64) = found.extract()?;
    let file: String = function.getattr("__code__")?.getattr("co_filename")?.extract()?;
    let function = syntax::function(&node, &file.into(), shift)?;
    let number = number();
    Ok(Arc::new(Callee {
        id: u64::from(number),
        function: Arc::new(function),
        scope: Scope(number),
        options,
    }))
}

/// What a lookup found.
type Found = PyResult<Option<Global>>;

impl<'py> Names<'py> {
    /// For a function that is compiled: `root` was made of `function`; `objects` are what it is given that is
    /// compiled in.
    pub fn new(
        function: &Bound<'py, PyAny>,
        root: &Arc<Callee>,
        objects: &[(u64, Py<PyAny>)],
    ) -> Self {
        let object = |(id, object): &(u64, Py<PyAny>)| (*id, object.bind(function.py()).clone());
        let mut names = Self {
            py: function.py(),
            options: root.options,
            functions: HashMap::new(),
            callees: HashMap::new(),
            paths: HashMap::new(),
            classes: Vec::new(),
            objects: objects.iter().map(object).collect(),
            arrays: Vec::new(),
            error: None,
            refused: None,
        };
        names.adopt(function, root);
        names
    }

    fn adopt(&mut self, function: &Bound<'py, PyAny>, callee: &Arc<Callee>) {
        self.functions.insert(callee.scope, function.clone());
        self.callees.insert(function.as_ptr().addr(), Arc::clone(callee));
    }

    fn answer(&mut self, found: Found) -> Option<Global> {
        found.unwrap_or_else(|error| {
            self.error.get_or_insert(error);
            None
        })
    }

    fn look_up(&mut self, scope: Scope, name: &str) -> Found {
        let function = self.functions.get(&scope).expect("scopes are given out here").clone();
        let code = function.getattr("__code__")?;
        let free = code.getattr("co_freevars")?.cast_into::<PyTuple>()?;
        let mut value = None;
        if let Some(place) = free.iter().position(|free| free.eq(name).unwrap_or(false)) {
            let cell = function.getattr("__closure__")?.get_item(place)?;
            // A cell is empty until what it is for has been made.
            value = cell.getattr("cell_contents").ok();
        } else {
            let globals = function.getattr("__globals__")?.cast_into::<PyDict>()?;
            value = globals.get_item(name)?.or(value);
            if value.is_none() {
                value = self.py.import("builtins")?.getattr_opt(name)?;
            }
        }
        match value {
            Some(value) => self.classify(&value).map(Some),
            // A function that is compiled before its name stands for it.
            None if function.getattr("__name__")?.eq(name)? => {
                Ok(self.callees.get(&function.as_ptr().addr()).cloned().map(Global::Function))
            }
            None => Ok(None),
        }
    }

    fn known(&mut self, path: String, value: &Bound<'py, PyAny>) -> Global {
        self.paths.insert(path.clone(), value.clone());
        Global::Known(path)
    }

    /// What a Python object is to kernels.
    fn classify(&mut self, value: &Bound<'py, PyAny>) -> PyResult<Global> {
        if let Some(constant) = syntax::constant(value)? {
            return Ok(Global::Constant(constant));
        }
        if let Ok(module) = value.cast::<PyModule>() {
            let name = module.name()?.to_string();
            return Ok(self.known(name, value));
        }
        if let Ok(kernel) = value.cast::<Kernel>() {
            return self.kernel(kernel);
        }
        if let Some(numpy) = NumPy::seen(self.py)?
            && let Some(global) = self.of_numpy(numpy, value)?
        {
            return Ok(global);
        }
        if let Some(path) = self.path(value)? {
            return Ok(self.known(path, value));
        }
        let kind = value.get_type().name()?.to_string();
        if kind == "function" {
            return self.function(value);
        }
        // What another compiler made of a function can be made of it here.
        if let Some(function) = value.getattr_opt("py_func")? {
            let made = self.function(&function)?;
            return Ok(match made {
                Global::Function(callee) if kind == "Vectorized" || kind == "DUFunc" => {
                    Global::Ufunc(callee)
                }
                made => made,
            });
        }
        if let Some(bound) = value.cast::<PyTuple>().ok().map(|items| items.len()) {
            return Ok(Global::Unknown(format!("a tuple of {bound} with items of other kinds")));
        }
        if let Ok(class) = value.cast::<PyType>()
            && class.is_subclass_of::<PyTuple>()?
            && class.hasattr("_fields")?
        {
            let name = class.name()?.to_string();
            let named = Arc::new(Named { name, fields: class.getattr("_fields")?.extract()? });
            self.classes.push((Arc::clone(&named), class.clone()));
            return Ok(Global::Named(named));
        }
        let known = |class: &Bound<'_, PyType>| class.fully_qualified_name().map(|n| n.to_string());
        Ok(Global::Unknown(match value.cast::<PyType>() {
            Ok(class) => format!("the class {}", known(class)?),
            Err(_) => format!("a {}", known(&value.get_type())?),
        }))
    }

    fn of_numpy(&mut self, numpy: &NumPy, value: &Bound<'py, PyAny>) -> PyResult<Option<Global>> {
        if let Ok(class) = value.cast::<PyType>() {
            let Some(scalar) = numpy.scalar_class(class) else { return Ok(None) };
            return Ok(Some(self.known(format!("numpy.{scalar}"), value)));
        }
        for name in ["mgrid", "ogrid", "r_", "c_", "s_"] {
            if numpy.module.bind(self.py).getattr(name)?.is(value) {
                return Ok(Some(self.known(format!("numpy.{name}"), value)));
            }
        }
        if numpy.is_generic(value) {
            return Ok(syntax::constant(&value.call_method0("item")?)?.map(Global::Constant));
        }
        if let Ok(view) = numpy.view(value) {
            let same = self.arrays.iter().position(|array| array.is(value));
            let number = same.unwrap_or(self.arrays.len());
            if same.is_none() {
                self.arrays.push(value.clone());
            }
            return Ok(Some(Global::Array(number as u32, view.ty())));
        }
        if value.is_instance(&numpy.module.bind(self.py).getattr("dtype")?)? {
            return self.of_numpy(numpy, &value.getattr("type")?);
        }
        Ok(None)
    }

    /// Where something that kernels may know is defined.
    fn path(&self, value: &Bound<'py, PyAny>) -> PyResult<Option<String>> {
        let Some(name) = value.getattr_opt("__name__")? else { return Ok(None) };
        let Ok(name) = name.cast_into::<PyString>().map(|name| name.to_string()) else {
            return Ok(None);
        };
        let module = value.getattr_opt("__module__")?.filter(|module| !module.is_none());
        let module: String = module.map(|module| module.to_string()).unwrap_or_default();
        if name == "prange" && (module.starts_with("numba") || module == "manycore._jit") {
            return Ok(Some("manycore.prange".to_owned()));
        }
        let is_known = KNOWN.iter().any(|known| {
            module.strip_prefix(known).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        });
        if !module.is_empty() && !is_known {
            return Ok(None);
        }
        let modules = self.py.import("sys")?.getattr("modules")?;
        for candidate in HOMES.into_iter().chain([module.as_str()]) {
            // Only what was imported can be meant.
            let Ok(home) = modules.get_item(candidate) else { continue };
            if home.getattr_opt(name.as_str())?.is_some_and(|found| found.is(value)) {
                return Ok(Some(format!("{candidate}.{name}")));
            }
        }
        Ok(None)
    }

    fn kernel(&mut self, kernel: &Bound<'py, Kernel>) -> PyResult<Global> {
        let function = kernel.get().function.bind(self.py).clone();
        if let Some(callee) = self.callees.get(&function.as_ptr().addr()) {
            return Ok(Global::Function(Arc::clone(callee)));
        }
        let read = kernel.get().callee(self.py);
        self.read(&function, read)
    }

    /// A function that nobody has asked to compile: it is, as the one that calls it.
    fn function(&mut self, function: &Bound<'py, PyAny>) -> PyResult<Global> {
        if let Some(callee) = self.callees.get(&function.as_ptr().addr()) {
            return Ok(Global::Function(Arc::clone(callee)));
        }
        self.read(function, read(function, self.options))
    }

    fn read(
        &mut self,
        function: &Bound<'py, PyAny>,
        read: Result<Arc<Callee>, Unread>,
    ) -> PyResult<Global> {
        match read {
            Ok(callee) => {
                self.adopt(function, &callee);
                Ok(Global::Function(callee))
            }
            Err(Unread::Refused(error)) => {
                let what = format!("a function that can't be compiled: {error}");
                self.refused.get_or_insert(*error);
                Ok(Global::Unknown(what))
            }
            Err(Unread::Failed(error)) => Err(error),
        }
    }
}

/// Packages whose functions kernels may know.
const KNOWN: [&str; 13] = [
    "numpy",
    "math",
    "cmath",
    "random",
    "builtins",
    "operator",
    "manycore",
    "scipy",
    "_operator",
    "heapq",
    "_heapq",
    "bisect",
    "_bisect",
];

/// Where such functions are looked for first, as some don't know where they are from.
const HOMES: [&str; 11] = [
    "builtins",
    "math",
    "cmath",
    "random",
    "numpy",
    "numpy.random",
    "numpy.linalg",
    "operator",
    "heapq",
    "bisect",
    "scipy.special",
];

impl Globals for Names<'_> {
    fn name(&mut self, scope: Scope, name: &str) -> Option<Global> {
        let found = self.look_up(scope, name);
        self.answer(found)
    }

    fn attribute(&mut self, path: &str, name: &str) -> Option<Global> {
        let value = self.paths.get(path)?.clone();
        let found = value.getattr_opt(name).and_then(|found| match found {
            Some(found) => self.classify(&found).map(Some),
            None => Ok(None),
        });
        self.answer(found)
    }

    fn object(&mut self, id: u64) -> Option<Global> {
        let object = self.objects.get(&id)?.clone();
        let found = self.classify(&object).map(Some);
        self.answer(found)
    }

    fn library(&mut self, path: &str) -> Option<Arc<Callee>> {
        let found = self.py.import("manycore._kernel_library").and_then(|library| {
            let function = library.call_method1("find", (path,))?;
            if function.is_none() { Ok(None) } else { self.function(&function).map(Some) }
        });
        match self.answer(found)? {
            Global::Function(callee) => Some(callee),
            _ => None,
        }
    }
}
