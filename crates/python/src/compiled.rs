//! Compiled functions as steps of a pipeline: `map` and `filter` in threads, without the GIL and without
//! a Python object per element.

use crate::gate;
use crate::kernel::{Kernel, Prepared};
use crate::pickled;
use crate::steps::{Call, Role, blame};
use arrow_array::builder::LargeStringBuilder;
use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, Int64Type};
use arrow_array::{ArrayRef, BooleanArray, Float64Array, Int64Array};
use arrow_schema::DataType;
use manycore::bag::{BagError, Batch, Element, Step};
use manycore::graph::{Context, OpError};
use manycore::kernel::types::{Scalar, Type};
use pyo3::IntoPyObjectExt;
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::sync::Arc;

/// A compiled function that is called with each element.
pub struct Compiled {
    call: Call,
    input: Element,
    prepared: Prepared,
    /// What the function returns for such elements.
    result: Scalar,
}

impl Compiled {
    /// The step that a call is if its function is compiled, and if no element and no result of it is
    /// Python's business.
    pub fn new(py: Python<'_>, call: &Call, input: Element) -> PyResult<Option<Self>> {
        let Ok(kernel) = call.function.bind(py).cast::<Kernel>() else { return Ok(None) };
        let sample = match input {
            Element::Int => Given::Int(0),
            Element::Float => Given::Float(0.0),
            Element::Bool => Given::Bool(false),
            Element::Str => Given::Text(""),
            _ => return Ok(None),
        };
        let (arguments, keywords) = call.arguments(sample.object(py)?)?;
        let Some(prepared) = Kernel::prepare(kernel, &arguments, keywords)? else {
            return Ok(None);
        };
        match *prepared.result() {
            Type::Scalar(Scalar::U64 | Scalar::C64 | Scalar::C128, _) => Ok(None),
            Type::Scalar(result, _) => {
                Ok(Some(Self { call: call.clone_ref(py), input, prepared, result }))
            }
            _ => Ok(None),
        }
    }

    /// For each element, the slot that holds the function's result.
    fn results(&self, batch: &Batch<'_>, context: &Context<'_>) -> Result<Vec<u64>, OpError> {
        let mut results = Vec::new();
        let mut has_failed = false;
        let ended = self.prepared.call_each(context.control.alarm(), |call| {
            for_each(batch, &mut |given| {
                if !has_failed {
                    match call(given.slots().as_ref()) {
                        Some(result) => results.push(result),
                        None => has_failed = true,
                    }
                }
            });
        });
        // A kernel also ends where the run was stopped.
        context.check()?;
        match ended {
            Ok(()) => Ok(results),
            Err(error) => Err(at(batch, results.len(), error).into()),
        }
    }

    fn column(&self, results: Vec<u64>) -> ArrayRef {
        let results = results.into_iter();
        match self.result {
            Scalar::Bool => Arc::new(BooleanArray::from_iter(results.map(|slot| Some(slot != 0)))),
            Scalar::F32 | Scalar::F64 => {
                Arc::new(Float64Array::from_iter_values(results.map(|slot| self.float(slot))))
            }
            _ => Arc::new(Int64Array::from_iter_values(results.map(u64::cast_signed))),
        }
    }

    fn float(&self, slot: u64) -> f64 {
        match self.result {
            Scalar::F32 => f64::from(f32::from_bits(slot as u32)),
            _ => f64::from_bits(slot),
        }
    }

    fn is_true(&self, slot: u64) -> bool {
        if self.result.is_float() { self.float(slot) != 0.0 } else { slot != 0 }
    }
}

#[typetag::serde(name = "compiled calls")]
impl Step for Compiled {
    fn name(&self) -> String {
        self.call.name.clone()
    }

    fn element(&self, input: Element) -> Result<Element, BagError> {
        Ok(match (&self.call.role, self.result) {
            (Role::Filter, _) => input,
            (_, Scalar::Bool) => Element::Bool,
            (_, Scalar::F32 | Scalar::F64) => Element::Float,
            _ => Element::Int,
        })
    }

    fn apply<'text>(
        &self,
        batch: Batch<'text>,
        context: &Context<'_>,
    ) -> Result<Batch<'text>, OpError> {
        let results = self.results(&batch, context)?;
        Ok(match self.call.role {
            Role::Map { .. } => Batch::Column(self.column(results)),
            Role::Filter => kept(&batch, results.into_iter().map(|slot| self.is_true(slot))),
        })
    }
}

impl Serialize for Compiled {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let written = |py: Python<'_>| {
            let sample = self.input.to_string();
            Ok((sample, self.call.written(py)).into_pyobject(py)?.into_any().unbind())
        };
        pickled::write(written, serializer)
    }
}

impl<'de> Deserialize<'de> for Compiled {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let read = |written: Bound<'_, PyAny>| {
            let (input, call): (String, _) = written.extract()?;
            let inputs = [Element::Int, Element::Float, Element::Bool, Element::Str];
            let input = inputs.into_iter().find(|element| element.to_string() == input);
            let input = input.ok_or_else(|| PyTypeError::new_err("a step of unknown elements"))?;
            let step = Self::new(written.py(), &Call::read(call), input)?;
            step.ok_or_else(|| PyTypeError::new_err("a compiled step has lost its code"))
        };
        pickled::read(read, deserializer)
    }
}

/// An element, as a compiled function is given it.
#[derive(Clone, Copy)]
enum Given<'text> {
    Int(i64),
    Float(f64),
    Bool(bool),
    Text(&'text str),
}

impl Given<'_> {
    /// As `kernel::abi` says.
    fn slots(self) -> Slots {
        let one = |slot| Slots([slot, 0], 1);
        match self {
            Self::Int(value) => one(value.cast_unsigned()),
            Self::Float(value) => one(value.to_bits()),
            Self::Bool(value) => one(u64::from(value)),
            Self::Text(text) => Slots([text.as_ptr().addr() as u64, text.len() as u64], 2),
        }
    }

    fn object(self, py: Python<'_>) -> PyResult<Bound<'_, PyAny>> {
        match self {
            Self::Int(value) => value.into_bound_py_any(py),
            Self::Float(value) => value.into_bound_py_any(py),
            Self::Bool(value) => value.into_bound_py_any(py),
            Self::Text(text) => text.into_bound_py_any(py),
        }
    }
}

struct Slots([u64; 2], usize);

impl AsRef<[u64]> for Slots {
    fn as_ref(&self) -> &[u64] {
        &self.0[..self.1]
    }
}

/// Calls `each` with each element of a batch of numbers or strings.
fn for_each(batch: &Batch<'_>, each: &mut dyn FnMut(Given<'_>)) {
    match batch {
        Batch::Strings(strings) => strings.for_each(|text| each(Given::Text(text))),
        Batch::Column(column) => match column.data_type() {
            DataType::Int64 => {
                let values = column.as_primitive::<Int64Type>().values();
                values.iter().for_each(|value| each(Given::Int(*value)));
            }
            DataType::Float64 => {
                let values = column.as_primitive::<Float64Type>().values();
                values.iter().for_each(|value| each(Given::Float(*value)));
            }
            _ => column.as_boolean().values().iter().for_each(|value| each(Given::Bool(value))),
        },
        Batch::Objects(_) => unreachable!("objects are not numbers or strings"),
    }
}

/// The elements of a batch that are kept.
fn kept<'text>(batch: &Batch<'_>, mut keep: impl Iterator<Item = bool>) -> Batch<'text> {
    let (mut ints, mut floats, mut bools) = (Vec::new(), Vec::new(), Vec::new());
    let mut texts = LargeStringBuilder::new();
    for_each(batch, &mut |given| {
        if keep.next() == Some(true) {
            match given {
                Given::Int(value) => ints.push(value),
                Given::Float(value) => floats.push(value),
                Given::Bool(value) => bools.push(value),
                Given::Text(text) => texts.append_value(text),
            }
        }
    });
    match batch {
        Batch::Column(column) => Batch::Column(match column.data_type() {
            DataType::Int64 => Arc::new(Int64Array::from(ints)),
            DataType::Float64 => Arc::new(Float64Array::from(floats)),
            _ => Arc::new(BooleanArray::from(bools)),
        }),
        _ => Batch::strings(texts.finish()),
    }
}

/// Adds to an exception which element it was raised for.
fn at(batch: &Batch<'_>, index: usize, error: PyErr) -> PyErr {
    let Some(_inside) = gate::enter() else { return error };
    gate::attach(|py| {
        let (mut number, mut item) = (0, None);
        for_each(batch, &mut |given| {
            if number == index {
                item = given.object(py).ok();
            }
            number += 1;
        });
        match item {
            Some(item) => blame(py, error, &item),
            None => error,
        }
    })
}
