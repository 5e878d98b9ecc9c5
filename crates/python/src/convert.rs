//! Elements to Python objects and back.
//!
//! Strings, integers and the like travel as Arrow columns or text as long as only native steps touch
//! them; a Python callable gets ordinary Python objects, made one at a time.

use crate::error::note;
use crate::gate;
use crate::object::{Pickled, pickle, unpickle};
use manycore::bag::{Batch, Element, Objects, PackedObjects, Partition, Unit};
use manycore::graph::{OpError, Shared};
use pyo3::IntoPyObjectExt;
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyFloat, PyInt, PyList, PyString};
use std::any::Any;
use std::iter;
use std::sync::Arc;

use arrow_array::builder::LargeStringBuilder;
use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, Int64Type};
use arrow_array::{Array, ArrayRef, BooleanArray, Float64Array, Int64Array, LargeStringArray};
use arrow_schema::DataType;

/// Python objects as a part of a partition.
pub struct PyObjects {
    pub list: Py<PyList>,
    length: usize,
    bytes: usize,
}

/// How many objects are asked for their size.
const SAMPLE: usize = 16;

impl PyObjects {
    pub fn batch(list: &Bound<'_, PyList>) -> Batch<'static> {
        let length = list.len();
        let measure = |item: Bound<'_, PyAny>| {
            item.call_method0("__sizeof__").and_then(|size| size.extract::<usize>()).unwrap_or(64)
        };
        let step = (length / SAMPLE).max(1);
        let sampled: Vec<_> = list.iter().step_by(step).take(SAMPLE).map(measure).collect();
        let mean = sampled.iter().sum::<usize>() / sampled.len().max(1);
        let bytes = length * (mean + size_of::<usize>());
        Batch::Objects(Arc::new(Self { list: list.clone().unbind(), length, bytes }))
    }
}

impl Objects for PyObjects {
    fn len(&self) -> usize {
        self.length
    }

    fn bytes(&self) -> usize {
        self.bytes
    }

    fn pack(&self) -> Result<Vec<Shared>, OpError> {
        let Some(_inside) = gate::enter() else { return Err("the process exits".into()) };
        let Pickled { bytes, buffers } = gate::attach(|py| {
            let hint = "the elements can't go from one process to another: \
                        mc.config(lane='threads') keeps the functions in this process";
            let pickled = pickle(self.list.bind(py).as_any());
            pickled.inspect_err(|error| note(py, error, hint))
        })?;
        Ok(iter::once(bytes).chain(buffers).collect())
    }
}

/// The list of objects that are Python's, here or still pickled.
fn objects<'py>(py: Python<'py>, objects: Arc<dyn Objects>) -> PyResult<Bound<'py, PyList>> {
    let objects: Arc<dyn Any + Send + Sync> = objects;
    if let Some(here) = objects.downcast_ref::<PyObjects>() {
        return Ok(here.list.bind(py).clone());
    }
    let packed = objects.downcast_ref::<PackedObjects>().expect("objects here are Python's");
    let [bytes, buffers @ ..] = packed.parts() else { return Ok(PyList::empty(py)) };
    let pickled = Pickled { bytes: Arc::clone(bytes), buffers: buffers.to_vec() };
    Ok(unpickle(py, &pickled)?.cast_into()?)
}

/// Calls `each` with every element of `batch` as a Python object, until it fails.
pub fn for_each<'py>(
    py: Python<'py>,
    batch: Batch<'_>,
    mut each: impl FnMut(Bound<'py, PyAny>) -> PyResult<()>,
) -> PyResult<()> {
    match batch {
        Batch::Strings(strings) if strings.unit == Unit::WordList => {
            column(py, &(Arc::new(strings.into_lists()) as ArrayRef), &mut each)
        }
        Batch::Strings(strings) => {
            let mut result = Ok(());
            strings.for_each(|item| {
                if result.is_ok() {
                    result = each(PyString::new(py, item).into_any());
                }
            });
            result
        }
        Batch::Column(array) => column(py, &array, &mut each),
        Batch::Objects(objects) => self::objects(py, objects)?.iter().try_for_each(each),
    }
}

fn column<'py>(
    py: Python<'py>,
    array: &ArrayRef,
    each: &mut dyn FnMut(Bound<'py, PyAny>) -> PyResult<()>,
) -> PyResult<()> {
    match array.data_type() {
        DataType::Int64 => array
            .as_primitive::<Int64Type>()
            .values()
            .iter()
            .try_for_each(|v| each(v.into_bound_py_any(py)?)),
        DataType::Float64 => array
            .as_primitive::<Float64Type>()
            .values()
            .iter()
            .try_for_each(|v| each(v.into_bound_py_any(py)?)),
        DataType::Boolean => {
            array.as_boolean().values().iter().try_for_each(|v| each(v.into_bound_py_any(py)?))
        }
        DataType::LargeList(_) => {
            let lists = array.as_list::<i64>();
            (0..lists.len()).try_for_each(|index| {
                let list = lists.value(index);
                let strings = list.as_string::<i64>();
                let items = (0..strings.len()).map(|i| strings.value(i));
                each(PyList::new(py, items.collect::<Vec<_>>())?.into_any())
            })
        }
        DataType::Struct(_) => {
            let columns = array.as_struct();
            let words = columns.column(0).as_string::<i64>();
            let counts = columns.column(1).as_primitive::<Int64Type>();
            (0..array.len()).try_for_each(|index| {
                each((words.value(index), counts.value(index)).into_bound_py_any(py)?)
            })
        }
        other => unreachable!("no step makes a column of {other}"),
    }
}

/// The elements of `batch` as a list.
pub fn list<'py>(py: Python<'py>, batch: Batch<'_>) -> PyResult<Bound<'py, PyList>> {
    if let Batch::Objects(objects) = batch {
        return self::objects(py, objects);
    }
    let list = PyList::empty(py);
    for_each(py, batch, |item| list.append(item))?;
    Ok(list)
}

/// Appends the elements of `partition` to `list`.
pub fn extend(py: Python<'_>, list: &Bound<'_, PyList>, partition: &Partition) -> PyResult<()> {
    partition.batches.iter().try_for_each(|batch| {
        // A hundred million objects take their time.
        py.check_signals()?;
        for_each(py, batch.clone(), |item| list.append(item))
    })
}

/// Partitions of Python objects: as a column each if all of them are of one type that has one, else as
/// they are.
pub fn partitions(lists: &[Bound<'_, PyList>]) -> (Element, Vec<Arc<Partition>>) {
    let (element, batches) = columns(lists)
        .unwrap_or_else(|| (Element::Object, lists.iter().map(PyObjects::batch).collect()));
    (element, batches.into_iter().map(|batch| Arc::new(Partition::of(batch))).collect())
}

fn columns(lists: &[Bound<'_, PyList>]) -> Option<(Element, Vec<Batch<'static>>)> {
    let first = lists.iter().find_map(|list| list.get_item(0).ok())?;
    let of = |batch: &mut dyn FnMut(&Bound<'_, PyList>) -> Option<Batch<'static>>| {
        lists.iter().map(batch).collect::<Option<Vec<_>>>()
    };
    let column = |array: ArrayRef| Some(Batch::Column(array));
    // A subclass may mean something else by its methods, so it is the type itself that counts.
    Some(if first.is_exact_instance_of::<PyString>() {
        (Element::Str, of(&mut |list| Some(Batch::strings(strings(list)?)))?)
    } else if first.is_exact_instance_of::<PyInt>() {
        let mut total = 0;
        (Element::Int, of(&mut |list| column(Arc::new(integers(list, &mut total)?)))?)
    } else if first.is_exact_instance_of::<PyFloat>() {
        (Element::Float, of(&mut |list| column(Arc::new(floats(list)?)))?)
    } else if first.is_exact_instance_of::<PyBool>() {
        (Element::Bool, of(&mut |list| column(Arc::new(truths(list)?)))?)
    } else {
        return None;
    })
}

/// The items of `list` if all are strings that have a UTF-8 form (lone surrogates have none).
fn strings(list: &Bound<'_, PyList>) -> Option<LargeStringArray> {
    let mut builder = LargeStringBuilder::new();
    for item in list.iter() {
        builder.append_value(item.cast_exact::<PyString>().ok()?.to_str().ok()?);
    }
    Some(builder.finish())
}

/// The items of `list` if all are integers so small that no sum of them needs more than a float's 53 bits:
/// Python's have no width, and the answers must be the same.
fn integers(list: &Bound<'_, PyList>, total: &mut u64) -> Option<Int64Array> {
    let integer = |item: Bound<'_, PyAny>| {
        let value: i64 = item.cast_exact::<PyInt>().ok()?.extract().ok()?;
        *total = total.checked_add(value.unsigned_abs()).filter(|total| *total <= 1 << 53)?;
        Some(value)
    };
    list.iter().map(integer).collect::<Option<Vec<_>>>().map(Int64Array::from)
}

fn floats(list: &Bound<'_, PyList>) -> Option<Float64Array> {
    let float = |item: Bound<'_, PyAny>| Some(item.cast_exact::<PyFloat>().ok()?.value());
    list.iter().map(float).collect::<Option<Vec<_>>>().map(Float64Array::from)
}

fn truths(list: &Bound<'_, PyList>) -> Option<BooleanArray> {
    let truth = |item: Bound<'_, PyAny>| Some(item.cast_exact::<PyBool>().ok()?.is_true());
    list.iter().map(truth).collect::<Option<Vec<_>>>().map(BooleanArray::from)
}
