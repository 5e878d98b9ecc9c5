//! Compiled kernels for arrays, and NumPy for what only it knows.

use super::convert::{array_of, name_of, view_of};
use super::with_python;
use crate::kernel::{Kernel, Slots, Specialisation};
use manycore::array::fused::{
    Backend, Compiled, Fused, KernelError, Nest, Operation, Reduction, Step,
};
use manycore::array::view::{Target, View};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList, PyTuple};
use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// What kernels are compiled by.
pub fn backend() -> &'static Arc<dyn Backend> {
    static BACKEND: OnceLock<Arc<dyn Backend>> = OnceLock::new();
    BACKEND.get_or_init(|| Arc::new(Llvm::default()))
}

/// A kernel, if it could be compiled.
type Made = Option<Arc<dyn Compiled>>;

#[derive(Default)]
struct Llvm {
    /// What was compiled, or could not be.
    known: Mutex<HashMap<(Fused, Nest), Made>>,
}

/// How many kernels are remembered.
const MOST: usize = 4096;

impl Llvm {
    fn find(&self, fused: &Fused, nest: &Nest) -> Option<Made> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.get(&(fused.clone(), nest.clone())).cloned()
    }

    fn make(fused: &Fused, nest: &Nest) -> Option<Arc<dyn Compiled>> {
        let text = fused.text(nest)?;
        let make = |py: Python<'_>| -> PyResult<Option<Arc<Specialisation>>> {
            let functions = PyDict::new(py);
            for (number, step) in fused.steps.iter().enumerate() {
                if let Operation::Function(function) = &step.op {
                    let Some(callable) = function.callable.downcast_ref::<Py<PyAny>>() else {
                        return Ok(None);
                    };
                    functions.set_item(format!("f{number}"), callable)?;
                }
            }
            let module = py.import("manycore.array._kernels")?;
            let kernel =
                module.call_method1("kernel", (text.source, functions, text.reassociates))?;
            let Ok(kernel) = kernel.cast::<Kernel>() else { return Ok(None) };
            Kernel::compile_for(kernel, text.arguments)
        };
        // What can't be compiled is interpreted.
        let specialisation = with_python(make).ok().flatten()?;
        Some(Arc::new(Native { specialisation }))
    }
}

impl Backend for Llvm {
    fn compile(&self, fused: &Fused, nest: &Nest) -> Option<Arc<dyn Compiled>> {
        if let Some(known) = self.find(fused, nest) {
            return known;
        }
        let made = Self::make(fused, nest);
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= MOST {
            known.clear();
        }
        known.entry((fused.clone(), nest.clone())).or_insert(made).clone()
    }

    fn compiled(&self, fused: &Fused, nest: &Nest) -> Option<Arc<dyn Compiled>> {
        self.find(fused, nest).flatten()
    }

    fn apply(&self, step: &Step, inputs: &[View]) -> Result<View, KernelError> {
        let call = |py: Python<'_>| {
            let arrays = inputs.iter().map(|input| array_of(py, input, false));
            let arrays = PyList::new(py, arrays.collect::<PyResult<Vec<_>>>()?)?;
            let dtype = name_of(py, &step.dtype)?;
            let module = py.import("manycore.array._kernels")?;
            let result = match &step.op {
                Operation::Named(name) => module.call_method1("apply", (&**name, dtype, arrays))?,
                Operation::Function(function) => {
                    let callable = function.callable.downcast_ref::<Py<PyAny>>();
                    let callable = callable.expect("functions are Python's");
                    module.call_method1("call", (callable, &*function.name, dtype, arrays))?
                }
            };
            view_of(&result)
        };
        with_python(call).map_err(|error| KernelError::Raised(Box::new(error)))
    }

    fn reduce(&self, how: Reduction, input: &View, axes: &[usize]) -> Result<View, KernelError> {
        let call = |py: Python<'_>| {
            let array = array_of(py, input, false)?;
            let module = py.import("manycore.array._kernels")?;
            let name = how.ufunc(input.dtype());
            let axes = PyTuple::new(py, axes)?;
            view_of(&module.call_method1("reduce", (name, array, axes))?)
        };
        with_python(call).map_err(|error| KernelError::Raised(Box::new(error)))
    }
}

/// Machine code.
struct Native {
    specialisation: Arc<Specialisation>,
}

impl Compiled for Native {
    fn run(
        &self,
        inputs: &[View],
        shape: &[usize],
        outputs: &mut [&mut Target],
        alarm: &AtomicU64,
    ) -> Result<(), KernelError> {
        let mut slots = Slots::new();
        slots.extend(shape.iter().map(|size| *size as u64));
        // As `kernel::abi` says: address, owner, sizes, strides.
        let mut push = |data: usize, shape: &[usize], strides: &[isize]| {
            slots.extend([data as u64, 0]);
            slots.extend(shape.iter().map(|size| *size as u64));
            slots.extend(strides.iter().map(|stride| *stride as u64));
        };
        for output in outputs {
            let data = output.data().expose_provenance();
            push(data, output.shape(), output.strides());
        }
        for input in inputs {
            push(input.data().expose_provenance(), input.shape(), input.strides());
        }
        // SAFETY: the slots are those of arrays of the types and layouts that the code was made for, which live
        // until it ends; the outputs are written by nobody else.
        let ended = unsafe { self.specialisation.call_until(&mut slots, alarm) };
        match ended {
            Ok(()) => Ok(()),
            Err(_) if alarm.load(Ordering::Relaxed) != 0 => Err(KernelError::Stopped),
            Err(error) => Err(KernelError::Raised(Box::new(error))),
        }
    }
}
