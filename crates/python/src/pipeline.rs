//! A bag's pipelines that call Python, in a form for worker processes too.
//!
//! A worker is sent the stage (steps and the beginning of the reduction) once, and for each task the
//! part that it is done to: a file's name, or elements. What it makes of that, the pipeline goes on
//! with here.

use crate::calls::raised;
use crate::channel::{Buffer, shared};
use crate::error::op_error;
use crate::gate::{self, detached};
use crate::object::{Pickled, pickle, pickler, unpickle};
use crate::pickled;
use manycore::bag::{Packed, Pipeline, Stage as BagStage};
use manycore::graph::{
    Answer, Context, Function, Kind, Op, OpError, Remote, Request, Shared, Value,
};
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyTuple};
use std::iter;
use std::sync::{Arc, OnceLock};

/// A pipeline as an op, which can travel if it calls Python.
pub fn as_op(pipeline: Pipeline) -> Arc<dyn Op> {
    match pipeline.kind() {
        Kind::Native => Arc::new(pipeline),
        Kind::Python => Arc::new(Traveller { pipeline, function: OnceLock::new() }),
    }
}

/// A pipeline with Python's steps.
struct Traveller {
    pipeline: Pipeline,
    function: OnceLock<Function>,
}

impl Traveller {
    /// The stage as workers are sent it.
    fn function(&self, py: Python<'_>) -> Result<Function, OpError> {
        if let Some(function) = self.function.get() {
            return Ok(function.clone());
        }
        let bytes = self.pipeline.stage().early().pack().map_err(pickled::own)?;
        let stage = Bound::new(py, Stage::new(bytes))?;
        let dumped = pickler(py)?.call_method1("dump_function", (stage,))?;
        let (id, bytes): (u64, Bound<'_, PyBytes>) = dumped.extract()?;
        let function = Function { id, bytes: bytes.as_bytes().into() };
        Ok(self.function.get_or_init(|| function).clone())
    }
}

impl Op for Traveller {
    fn name(&self) -> String {
        self.pipeline.name()
    }

    fn kind(&self) -> Kind {
        Kind::Python
    }

    fn origin(&self, partition: u32) -> Option<String> {
        self.pipeline.origin(partition)
    }

    fn remote(&self) -> Option<&dyn Remote> {
        Some(self)
    }

    fn run(&self, inputs: Vec<Value>, context: &Context<'_>) -> Result<Value, OpError> {
        self.pipeline.run(inputs, context)
    }
}

impl Remote for Traveller {
    fn request(&self, inputs: &[Value], partition: u32) -> Result<Request, OpError> {
        const APPLY: u8 = 0;
        let Some(_inside) = gate::enter() else { return Err("the process exits".into()) };
        gate::attach(|py| {
            let function = self.function(py)?;
            let part = self.pipeline.part(inputs, partition).pack().map_err(pickled::own)?;
            let part = parcel(py, part)?;
            let Pickled { bytes, buffers } = pickle((APPLY, part).into_pyobject(py)?.as_any())?;
            // No inputs of its own: they are in the part.
            Ok(Request { function, head: 0_u32.to_le_bytes().into(), bytes: vec![bytes], buffers })
        })
    }

    fn answer(&self, answer: Answer, context: &Context<'_>) -> Result<Value, OpError> {
        let Answer { is_result, bytes, buffers } = answer;
        let pickled = Pickled { bytes, buffers };
        if !is_result {
            return Err(raised(&pickled));
        }
        let Some(_inside) = gate::enter() else { return Err("the process exits".into()) };
        let packed = gate::attach(|py| {
            let parcel = unpickle(py, &pickled)?;
            unparcel(parcel.cast::<PyTuple>().map_err(PyErr::from)?)
        })?;
        let (early, counts) = BagStage::result(packed)?;
        counts.add_to(context.control);
        self.pipeline.absorb(early, context)
    }
}

/// The head and the parts, each something that is pickled without a copy if it is large.
fn parcel(py: Python<'_>, packed: Packed) -> PyResult<Bound<'_, PyTuple>> {
    let buffer = py.import("pickle")?.getattr("PickleBuffer")?;
    let head = PyBytes::new(py, &packed.head).into_any();
    let parts = packed.parts.into_iter().map(|part| buffer.call1((Buffer::new(part),)));
    let all: Vec<_> = iter::once(Ok(head)).chain(parts).collect::<PyResult<_>>()?;
    PyTuple::new(py, all)
}

fn unparcel(parcel: &Bound<'_, PyTuple>) -> PyResult<Packed> {
    let head = parcel.get_item(0)?.cast::<PyBytes>()?.as_bytes().to_vec();
    let parts: PyResult<Vec<Shared>> = parcel.iter().skip(1).map(|part| shared(&part)).collect();
    Ok(Packed { head, parts: parts? })
}

/// A stage in a worker process, which calls it with the head and the parts of a bag's part.
#[pyclass(frozen, module = "manycore._core")]
pub struct Stage {
    bytes: Vec<u8>,
    stage: OnceLock<BagStage>,
}

#[pymethods]
impl Stage {
    #[new]
    fn new(bytes: Vec<u8>) -> Self {
        Self { bytes, stage: OnceLock::new() }
    }

    fn __reduce__<'py>(slf: Bound<'py, Self>) -> (Bound<'py, PyAny>, (Bound<'py, PyBytes>,)) {
        let bytes = PyBytes::new(slf.py(), &slf.get().bytes);
        (slf.get_type().into_any(), (bytes,))
    }

    #[pyo3(signature = (*parcel))]
    fn __call__<'py>(&self, parcel: &Bound<'py, PyTuple>) -> PyResult<Bound<'py, PyTuple>> {
        let py = parcel.py();
        let part = unparcel(parcel)?;
        let run = || {
            let stage = match self.stage.get() {
                Some(stage) => stage,
                None => {
                    let stage = BagStage::unpack(&self.bytes)?;
                    self.stage.get_or_init(|| stage)
                }
            };
            stage.run(part)
        };
        let packed = detached(py, run).map_err(|error| op_error(py, pickled::own(error)))?;
        self::parcel(py, packed)
    }
}
