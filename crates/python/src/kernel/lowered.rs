//! A function with its types inferred, on its way to a compiler.

use super::function::{Types, compile_error};
use super::globals::Names;
use super::pack::{Packed, codes};
use super::specialisation::{Code, Entry, Specialisation};
use manycore::kernel::abi::slots as slots_of;
use manycore::kernel::count;
use manycore::kernel::globals::Callee;
use manycore::kernel::interpret::Interpreter;
use manycore::kernel::llvm::{self, Module};
use manycore::kernel::lower::{self, Compiled};
use manycore::kernel::types::{Named, Type};
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::PyType;
use std::sync::Arc;

/// What inference made of a function.
#[pyclass(frozen, module = "manycore._core")]
pub struct Lowered {
    name: String,
    compiled: Compiled,
    module: Module,
    arguments: Vec<Type>,
    classes: Vec<(Arc<Named>, Py<PyType>)>,
    objects: Vec<(u64, Py<PyAny>)>,
    captured: (Vec<u64>, Vec<Py<PyAny>>),
    is_declared: bool,
    is_counted: bool,
}

impl Lowered {
    pub fn new(
        py: Python<'_>,
        callee: &Arc<Callee>,
        types: &Types,
        names: &mut Names<'_>,
    ) -> PyResult<Self> {
        let declared = types.result.as_ref().and_then(Type::as_scalar);
        let compiled = lower::compile(callee, &types.types, declared, names);
        if let Some(error) = names.error.take() {
            return Err(error);
        }
        let mut compiled = compiled.map_err(|error| compile_error(py, &error))?;
        let is_counted = callee.options.counted;
        if is_counted && let Some(program) = count::counted(&compiled.program) {
            compiled.program = program;
        }
        let found = &compiled.program.functions[0].result;
        if let Some(declared) = types.result.as_ref().filter(|declared| !agree(declared, found)) {
            let name = &callee.function.name;
            let message = format!("{name} returns {found}, not {declared} as its signature says");
            return Err(PyTypeError::new_err(message));
        }
        let mut packed = Packed::new();
        for number in &compiled.captured {
            packed.push(&names.arrays[*number as usize], &|| "a global array".to_owned())?;
        }
        let arrays = packed.arrays.into_iter().map(Bound::unbind).collect();
        let given = types.classes.iter();
        let mut classes: Vec<_> =
            given.map(|(named, class)| (Arc::clone(named), class.clone_ref(py))).collect();
        classes.extend(names.classes.drain(..).map(|(named, class)| (named, class.unbind())));
        Ok(Self {
            name: callee.function.name.to_string(),
            module: llvm::module(&compiled.program),
            compiled,
            arguments: types.types.clone(),
            classes,
            objects: clone_objects(py, &types.objects),
            captured: (packed.slots.to_vec(), arrays),
            is_declared: types.is_declared,
            is_counted,
        })
    }

    /// Whether a call ends at once: there are no loops, and nothing to be worked on that may be large.
    fn is_short(&self) -> bool {
        self.module.is_straight && self.arguments.iter().all(is_small)
    }

    /// The codes of the arguments' types.
    pub fn codes(&self) -> Box<[u64]> {
        let mut all = Vec::new();
        self.arguments.iter().for_each(|ty| codes(ty, &self.classes, &mut all));
        all.into()
    }

    /// The code to be called.
    pub fn finish(
        &self,
        py: Python<'_>,
        address: Option<usize>,
        keeper: Py<PyAny>,
    ) -> Specialisation {
        let code = match address {
            Some(address) => {
                let address = std::ptr::with_exposed_provenance::<()>(address);
                // SAFETY: the compiler says that the module's entry is there, and the keeper keeps it.
                let entry = unsafe { std::mem::transmute::<*const (), Entry>(address) };
                Code::Native { entry, keeper }
            }
            None => Code::Interpreted(Interpreter::new(&self.compiled.program)),
        };
        let clone =
            |(named, class): &(Arc<Named>, Py<PyType>)| (Arc::clone(named), class.clone_ref(py));
        let (slots, arrays) = &self.captured;
        let result = &self.compiled.program.functions[0].result;
        Specialisation {
            name: self.name.clone(),
            arguments: self.arguments.clone(),
            width: slots_of(result),
            result: result.clone(),
            code,
            raises: self.module.raises.clone(),
            captured: (slots.clone(), arrays.iter().map(|array| array.clone_ref(py)).collect()),
            classes: self.classes.iter().map(clone).collect(),
            objects: clone_objects(py, &self.objects),
            is_declared: self.is_declared,
            is_counted: self.is_counted,
            file: Arc::clone(&self.compiled.program.functions[0].file),
            is_short: self.is_short(),
        }
    }
}

fn is_small(ty: &Type) -> bool {
    match ty {
        Type::Scalar(..) | Type::None | Type::Object(_) => true,
        Type::Tuple(items, _) => items.iter().all(is_small),
        _ => false,
    }
}

fn clone_objects(py: Python<'_>, objects: &[(u64, Py<PyAny>)]) -> Vec<(u64, Py<PyAny>)> {
    objects.iter().map(|(id, object)| (*id, object.clone_ref(py))).collect()
}

/// Whether a result is what a signature says that it is, as far as a caller from Python can tell.
fn agree(declared: &Type, found: &Type) -> bool {
    match (declared, found) {
        (Type::Scalar(declared, _), Type::Scalar(found, _)) => declared.kind() == found.kind(),
        (Type::Array(declared), Type::Array(found)) => {
            declared.dtype == found.dtype && declared.ndim == found.ndim
        }
        (Type::Tuple(declared, _), Type::Tuple(found, _)) => {
            declared.len() == found.len()
                && declared.iter().zip(found.iter()).all(|(declared, found)| agree(declared, found))
        }
        (declared, found) => declared == found,
    }
}

#[pymethods]
impl Lowered {
    /// LLVM's assembly language.
    #[getter]
    fn text(&self) -> &str {
        &self.module.text
    }

    /// Functions of the C library that the text calls.
    #[getter]
    fn symbols(&self) -> Vec<String> {
        self.module.symbols.clone()
    }

    /// The function's own name.
    #[getter]
    fn name(&self) -> &str {
        &self.compiled.program.functions[0].name
    }

    /// The types of the arguments, by name.
    #[getter]
    fn arguments(&self) -> Vec<String> {
        self.arguments.iter().map(Type::to_string).collect()
    }

    /// The type of the result.
    #[getter]
    fn result(&self) -> String {
        self.compiled.program.functions[0].result.to_string()
    }

    /// Name, line of the first assignment and type of each variable.
    #[getter]
    fn variables(&self) -> Vec<(String, u32, String)> {
        let all = self.compiled.variables.iter();
        all.map(|(name, line, ty)| (name.clone(), *line, ty.to_string())).collect()
    }

    /// What was fused, run in parallel, allocated: line and sentence.
    #[getter]
    fn notes(&self) -> Vec<(u32, String)> {
        self.compiled.notes.clone()
    }
}
