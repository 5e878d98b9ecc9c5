//! Calls of Python functions as tasks: in this interpreter, or in a worker process.

use crate::functions;
use crate::gate::{self, attached};
use crate::object::{Object, Pickled, pickle, pickler, unpickle};
use crate::strings::Strings;
use manycore::graph::{
    Answer, Context, Function, Kind, Op, OpError, Remote, Request, Value, downcast, value,
};
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict, PyFrozenSet, PyList, PySet, PyTuple};
use std::collections::HashMap;
use std::iter;
use std::sync::{Mutex, PoisonError};

/// How a function meets its arguments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// `function(*arguments, **keywords)`.
    Apply,
    /// `[function(item) for item in items]`.
    Map,
    /// `[function(*items) for items in chunk]`.
    Starmap,
}

impl Form {
    /// Its number, as `manycore._worker` knows it.
    fn number(self) -> u8 {
        self as u8
    }
}

/// The number of `Form::Map` with a chunk of `Strings`.
const STRINGS: u8 = 3;

/// Something to be put together when a task's inputs are there.
pub enum Template {
    /// Nothing in it waits for anything.
    Constant(Py<PyAny>),
    /// The task's input of that number.
    Input(u32),
    List(Vec<Template>),
    Tuple(Vec<Template>),
    Set(Vec<Template>),
    FrozenSet(Vec<Template>),
    Dict(Vec<(Template, Template)>),
}

impl Template {
    /// The object, with these for its inputs.
    pub fn build<'py>(
        &self,
        py: Python<'py>,
        inputs: &[Bound<'py, PyAny>],
    ) -> PyResult<Bound<'py, PyAny>> {
        let all = |items: &[Self]| -> PyResult<Vec<_>> {
            items.iter().map(|item| item.build(py, inputs)).collect()
        };
        Ok(match self {
            Self::Constant(object) => object.bind(py).clone(),
            Self::Input(number) => inputs[*number as usize].clone(),
            Self::List(items) => PyList::new(py, all(items)?)?.into_any(),
            Self::Tuple(items) => PyTuple::new(py, all(items)?)?.into_any(),
            Self::Set(items) => PySet::new(py, all(items)?)?.into_any(),
            Self::FrozenSet(items) => PyFrozenSet::new(py, all(items)?)?.into_any(),
            Self::Dict(items) => {
                let dict = PyDict::new(py);
                for (key, item) in items {
                    dict.set_item(key.build(py, inputs)?, item.build(py, inputs)?)?;
                }
                dict.into_any()
            }
        })
    }

    /// How many inputs it may ask for.
    fn inputs(&self) -> u32 {
        match self {
            Self::Constant(_) => 0,
            Self::Input(number) => number + 1,
            Self::List(items) | Self::Tuple(items) | Self::Set(items) | Self::FrozenSet(items) => {
                items.iter().map(Self::inputs).max().unwrap_or(0)
            }
            Self::Dict(items) => {
                items.iter().map(|(key, item)| key.inputs().max(item.inputs())).max().unwrap_or(0)
            }
        }
    }

    fn clone_ref(&self, py: Python<'_>) -> Self {
        let all = |items: &[Self]| items.iter().map(|item| item.clone_ref(py)).collect();
        match self {
            Self::Constant(object) => Self::Constant(object.clone_ref(py)),
            Self::Input(number) => Self::Input(*number),
            Self::List(items) => Self::List(all(items)),
            Self::Tuple(items) => Self::Tuple(all(items)),
            Self::Set(items) => Self::Set(all(items)),
            Self::FrozenSet(items) => Self::FrozenSet(all(items)),
            Self::Dict(items) => {
                let both = |(key, item): &(Self, Self)| (key.clone_ref(py), item.clone_ref(py));
                Self::Dict(items.iter().map(both).collect())
            }
        }
    }
}

/// A function and what it is called with.
pub struct Call {
    pub function: Py<PyAny>,
    pub arguments: Vec<Template>,
    pub keywords: Option<Py<PyDict>>,
}

impl Call {
    pub fn clone_ref(&self, py: Python<'_>) -> Self {
        Self {
            function: self.function.clone_ref(py),
            arguments: self.arguments.iter().map(|argument| argument.clone_ref(py)).collect(),
            keywords: self.keywords.as_ref().map(|keywords| keywords.clone_ref(py)),
        }
    }

    /// The arguments, with these for its inputs.
    pub fn arguments<'py>(
        &self,
        py: Python<'py>,
        inputs: &[Bound<'py, PyAny>],
    ) -> PyResult<Bound<'py, PyTuple>> {
        let arguments = self.arguments.iter().map(|argument| argument.build(py, inputs));
        PyTuple::new(py, arguments.collect::<PyResult<Vec<_>>>()?)
    }
}

/// Calls of one function, or of functions of the same code, one a partition.
pub struct Calls {
    name: String,
    form: Form,
    is_trusted: bool,
    calls: Vec<Call>,
    // The functions' pickles, by the functions' addresses.
    functions: Mutex<HashMap<usize, Function>>,
}

impl Calls {
    pub fn new(name: String, form: Form, is_trusted: bool, calls: Vec<Call>) -> Self {
        Self { name, form, is_trusted, calls, functions: Mutex::default() }
    }

    /// A function as workers are sent it.
    fn function(&self, function: &Bound<'_, PyAny>) -> PyResult<Function> {
        if let Some(function) = functions::remembered(function) {
            return Ok(function);
        }
        let key = function.as_ptr().addr();
        let known = || self.functions.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(function) = known().get(&key) {
            return Ok(function.clone());
        }
        let function = functions::pickled(function)?;
        known().insert(key, function.clone());
        Ok(function)
    }

    /// Finds out whether the function can travel, before anything does.
    pub fn check(&self, py: Python<'_>) -> PyResult<()> {
        self.calls.first().map_or(Ok(()), |call| self.function(call.function.bind(py)).map(drop))
    }
}

impl Drop for Calls {
    fn drop(&mut self) {
        let Some(_inside) = gate::enter() else {
            std::mem::forget(std::mem::take(&mut self.calls));
            return;
        };
        // With the GIL, or the arguments would live on until somebody happens to take it.
        gate::attach(|_| self.calls.clear());
    }
}

fn object(input: &Value) -> &Object {
    downcast(input).expect("Python tasks read what Python tasks made")
}

impl Op for Calls {
    fn name(&self) -> String {
        self.name.clone()
    }

    fn kind(&self) -> Kind {
        Kind::Python
    }

    fn origin(&self, partition: u32) -> Option<String> {
        const SHOWN: usize = 80;
        let _inside = gate::enter()?;
        gate::attach(|py| {
            let call = self.calls.get(partition as usize)?;
            let shown = pickler(py).and_then(|pickler| {
                let inputs = call.arguments.iter().map(Template::inputs).max().unwrap_or(0);
                let holes = pickler.call_method1("holes", (inputs,))?.extract::<Vec<_>>()?;
                let shown = match (self.form, call.arguments.first()) {
                    (Form::Apply, _) | (_, None) => call.arguments(py, &holes)?.into_any(),
                    (_, Some(items)) => items.build(py, &holes)?,
                };
                Ok(shown.repr()?.to_string())
            });
            let shown = shown.ok()?;
            let cut = shown.char_indices().nth(SHOWN).map_or(shown.len(), |(index, _)| index);
            let dots = if cut < shown.len() { "…" } else { "" };
            Some(format!("{}{}{dots}", self.name, &shown[..cut]))
        })
    }

    fn remote(&self) -> Option<&dyn Remote> {
        Some(self)
    }

    fn is_trusted(&self) -> bool {
        self.is_trusted
    }

    fn together(&self, work: &mut dyn FnMut()) {
        match gate::enter() {
            Some(_inside) => gate::attach(|_| work()),
            None => work(),
        }
    }

    fn run(&self, inputs: Vec<Value>, context: &Context<'_>) -> Result<Value, OpError> {
        attached(context, |py| {
            let objects = inputs.iter().map(|input| object(input).get(py));
            let objects: Vec<_> = objects.collect::<PyResult<_>>()?;
            let call = &self.calls[context.partition as usize];
            let function = call.function.bind(py);
            let arguments = call.arguments(py, &objects)?;
            drop(objects);
            let result = match self.form {
                Form::Apply => {
                    function.call(arguments, call.keywords.as_ref().map(|all| all.bind(py)))?
                }
                form => {
                    let work = py.import("manycore._worker")?;
                    let name = if form == Form::Map { "map_chunk" } else { "starmap_chunk" };
                    work.call_method1(name, (function, arguments.get_item(0)?))?
                }
            };
            Ok(value(Object::new(&result)))
        })
    }
}

impl Remote for Calls {
    fn request(&self, inputs: &[Value], partition: u32) -> Result<Request, OpError> {
        // How many inputs, how many buffers each of them has, then the pickled arguments.
        let request = |py: Python<'_>| {
            let call = &self.calls[partition as usize];
            let function = self.function(call.function.bind(py))?;
            let pickler = pickler(py)?;
            let holes = match inputs.len() {
                0 => Vec::new(),
                count => pickler.call_method1("holes", (count,))?.extract()?,
            };
            let arguments = call.arguments(py, &holes)?;
            let keywords = call.keywords.as_ref().map(|keywords| keywords.bind(py).as_any());
            let form = self.form.number();
            let strings = match self.form {
                Form::Map => Strings::of(&arguments.get_item(0)?),
                Form::Apply | Form::Starmap => None,
            };
            let task = match (self.form, keywords, &strings) {
                (_, _, Some(Strings { lengths, is_text, .. })) => {
                    (STRINGS, PyBytes::new(py, lengths), is_text).into_pyobject(py)?.into_any()
                }
                (Form::Apply, None, _) => (form, arguments).into_pyobject(py)?.into_any(),
                (Form::Apply, Some(all), _) => (form, arguments, all).into_pyobject(py)?.into_any(),
                (Form::Map, _, None) => {
                    let chunk = pickler.call_method1("packed", (arguments.get_item(0)?,))?;
                    (form, chunk).into_pyobject(py)?.into_any()
                }
                (Form::Starmap, _, None) => {
                    (form, arguments.get_item(0)?).into_pyobject(py)?.into_any()
                }
            };
            let Pickled { bytes, mut buffers } = pickle(&task)?;
            let pieces = strings.map(|strings| strings.pieces).unwrap_or_default();
            let bytes = iter::once(bytes).chain(pieces).collect();
            let mut head = Vec::with_capacity(4 + 4 * inputs.len());
            head.extend((inputs.len() as u32).to_le_bytes());
            for input in inputs {
                let input = object(input).pickle(py)?;
                head.extend((input.buffers.len() as u32).to_le_bytes());
                buffers.push(input.bytes);
                buffers.extend(input.buffers);
            }
            PyResult::Ok(Request { function, head, bytes, buffers })
        };
        let Some(_inside) = gate::enter() else { return Err("the process exits".into()) };
        Ok(gate::attach(request)?)
    }

    fn answer(&self, answer: Answer, _: &Context<'_>) -> Result<Value, OpError> {
        let Answer { is_result, bytes, buffers } = answer;
        let pickled = Pickled { bytes, buffers };
        if is_result {
            return Ok(value(Object::from_pickle(pickled)));
        }
        Err(raised(&pickled))
    }
}

/// The exception that a worker sent back.
pub fn raised(pickled: &Pickled) -> OpError {
    let Some(_inside) = gate::enter() else { return "the process exits".into() };
    Box::new(gate::attach(|py| match unpickle(py, pickled) {
        Ok(exception) => PyErr::from_value(exception),
        Err(error) => error,
    }))
}
