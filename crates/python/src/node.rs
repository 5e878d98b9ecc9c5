//! Graphs of Python calls: a node for each, as the user makes them, lowered when they are computed.

use crate::calls::{Call, Calls, Form, Template};
use crate::door;
use crate::object::{Object, pickler};
use manycore::graph::{Context, Graph, Op, OpError, Plan, TaskId, Value, downcast, value};
use pyo3::exceptions::{PyOverflowError, PyTypeError};
use pyo3::prelude::*;
use pyo3::pyclass::{PyTraverseError, PyVisit};
use pyo3::types::{PyCFunction, PyDict, PyFrozenSet, PyFunction, PyList, PySet, PyString, PyTuple};
use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::Arc;

/// A call that has not been made yet, or a value; `manycore.delayed` makes them.
#[pyclass(frozen, subclass, weakref, module = "manycore._core")]
pub struct Node {
    what: What,
    inputs: Vec<Py<Node>>,
}

enum What {
    Value(Value),
    Call(Call),
}

thread_local! {
    /// Inputs of nodes that are gone, and whether somebody is dropping them.
    static TRASH: RefCell<(Vec<Py<Node>>, bool)> = const { RefCell::new((Vec::new(), false)) };
}

impl Drop for Node {
    fn drop(&mut self) {
        // One by one: a chain of a million nodes is deeper than any stack.
        let is_first = TRASH.with_borrow_mut(|(trash, is_dropping)| {
            trash.append(&mut self.inputs);
            !std::mem::replace(is_dropping, true)
        });
        if is_first {
            while let Some(node) = TRASH.with_borrow_mut(|(trash, _)| trash.pop()) {
                drop(node);
            }
            TRASH.with_borrow_mut(|(_, is_dropping)| *is_dropping = false);
        }
    }
}

/// Finds the nodes in an argument.
struct Finder {
    inputs: Vec<Py<Node>>,
}

impl Finder {
    /// The argument as a template; `None` where it contains no node.
    fn find(&mut self, object: &Bound<'_, PyAny>) -> PyResult<Option<Template>> {
        if let Ok(node) = object.cast::<Node>() {
            return Ok(Some(self.input(node)));
        }
        if object.is_exact_instance_of::<PyList>() {
            let items = object.cast::<PyList>()?;
            return Ok(self.all(items.iter())?.map(Template::List));
        }
        if object.is_exact_instance_of::<PyTuple>() {
            let items = object.cast::<PyTuple>()?;
            return Ok(self.all(items.iter())?.map(Template::Tuple));
        }
        if object.is_exact_instance_of::<PyDict>() {
            let flat: Vec<_> =
                object.cast::<PyDict>()?.iter().flat_map(|(key, item)| [key, item]).collect();
            let Some(flat) = self.all(flat.into_iter())? else { return Ok(None) };
            let mut pairs = Vec::with_capacity(flat.len() / 2);
            let mut flat = flat.into_iter();
            while let (Some(key), Some(item)) = (flat.next(), flat.next()) {
                pairs.push((key, item));
            }
            return Ok(Some(Template::Dict(pairs)));
        }
        if object.is_exact_instance_of::<PySet>() {
            return Ok(self.all(object.cast::<PySet>()?.iter())?.map(Template::Set));
        }
        if object.is_exact_instance_of::<PyFrozenSet>() {
            return Ok(self.all(object.cast::<PyFrozenSet>()?.iter())?.map(Template::FrozenSet));
        }
        Ok(None)
    }

    fn template(&mut self, object: &Bound<'_, PyAny>) -> PyResult<Template> {
        Ok(self.find(object)?.unwrap_or_else(|| Template::Constant(object.clone().unbind())))
    }

    fn input(&mut self, node: &Bound<'_, Node>) -> Template {
        // Among many it is not worth looking for: it may stand twice.
        let is_few = self.inputs.len() < 64;
        let known = || self.inputs.iter().position(|other| other.is(node));
        Template::Input(is_few.then(known).flatten().unwrap_or_else(|| {
            self.inputs.push(node.clone().unbind());
            self.inputs.len() - 1
        }) as u32)
    }

    /// Templates for all items, if one of them contains a node.
    fn all<'py>(
        &mut self,
        items: impl Iterator<Item = Bound<'py, PyAny>>,
    ) -> PyResult<Option<Vec<Template>>> {
        let mut all = Vec::with_capacity(items.size_hint().0);
        let mut has_node = false;
        for item in items {
            let found = self.find(&item)?;
            has_node |= found.is_some();
            all.push(found.unwrap_or_else(|| Template::Constant(item.unbind())));
        }
        Ok(has_node.then_some(all))
    }
}

#[pymethods]
impl Node {
    /// A call of `function`; nodes in the arguments, also those in lists, tuples, sets and dictionaries,
    /// stand for their values. Without a function: its one argument as a value.
    #[new]
    #[pyo3(signature = (function, arguments, keywords = None))]
    fn new(
        function: Option<Bound<'_, PyAny>>,
        arguments: Bound<'_, PyTuple>,
        keywords: Option<Bound<'_, PyDict>>,
    ) -> PyResult<Self> {
        let Some(function) = function else { return constant(&arguments.get_item(0)?) };
        if !function.is_callable() {
            let message = format!("{} is not callable", function.repr()?);
            return Err(PyTypeError::new_err(message));
        }
        let mut finder = Finder { inputs: Vec::new() };
        let found = arguments.iter().map(|argument| finder.template(&argument));
        let mut arguments = found.collect::<PyResult<Vec<_>>>()?;
        let keywords = keywords.filter(|keywords| !keywords.is_empty());
        let mut function = function;
        let mut constant = None;
        if let Some(keywords) = keywords {
            // Keywords that contain nodes travel as one more argument, a dictionary.
            match finder.find(&keywords)? {
                None => constant = Some(keywords.unbind()),
                Some(template) => {
                    let py = function.py();
                    let callable = Template::Constant(function.unbind());
                    arguments = vec![callable, Template::Tuple(arguments), template];
                    function = py.import("manycore._worker")?.getattr("apply")?;
                }
            }
        }
        let call = Call { function: function.unbind(), arguments, keywords: constant };
        Ok(Self { what: What::Call(call), inputs: finder.inputs })
    }

    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        if let What::Call(call) = &self.what {
            visit.call(&call.function)?;
        }
        self.inputs.iter().try_for_each(|input| visit.call(input))
    }

    /// Function (None of a value), inputs, arguments with holes for the inputs, and keywords.
    #[getter]
    fn _parts<'py>(&self, py: Python<'py>) -> PyResult<Parts<'py>> {
        let inputs: Vec<_> = self.inputs.iter().map(|input| input.bind(py).clone()).collect();
        match &self.what {
            What::Value(value) => {
                let object = downcast::<Object>(value).expect("an object").get(py)?;
                Ok((None, inputs, PyTuple::new(py, [object])?, None))
            }
            What::Call(call) => {
                let holes = pickler(py)?.call_method1("holes", (inputs.len(),))?;
                let arguments = call.arguments(py, &holes.extract::<Vec<_>>()?)?;
                let keywords = call.keywords.as_ref().map(|keywords| keywords.bind(py).clone());
                Ok((Some(call.function.bind(py).clone()), inputs, arguments, keywords))
            }
        }
    }
}

type Parts<'py> = (
    Option<Bound<'py, PyAny>>,
    Vec<Bound<'py, Node>>,
    Bound<'py, PyTuple>,
    Option<Bound<'py, PyDict>>,
);

/// A node that is a value already; it shares the value of one that is.
fn constant(object: &Bound<'_, PyAny>) -> PyResult<Node> {
    let known = object.cast::<Node>().ok().and_then(|node| match &node.get().what {
        What::Value(value) => Some(Arc::clone(value)),
        What::Call(_) => None,
    });
    let what = What::Value(known.unwrap_or_else(|| value(Object::new(object))));
    Ok(Node { what, inputs: Vec::new() })
}

/// Values that are there already.
struct Values(Vec<Value>);

impl Op for Values {
    fn name(&self) -> String {
        "value".into()
    }

    fn run(&self, _: Vec<Value>, context: &Context<'_>) -> Result<Value, OpError> {
        Ok(Arc::clone(&self.0[context.partition as usize]))
    }
}

/// The op that a node's task belongs to: functions of the same code are expected to behave alike.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Key {
    Values,
    Function(usize),
}

fn key(py: Python<'_>, node: &Node) -> Key {
    match &node.what {
        What::Value(_) => Key::Values,
        What::Call(call) => {
            let function = call.function.bind(py);
            let code = || function.getattr("__code__").ok().map(|code| code.as_ptr().addr());
            let is_function = function.is_exact_instance_of::<PyFunction>();
            let code = if is_function { code() } else { None };
            Key::Function(code.unwrap_or_else(|| function.as_ptr().addr()))
        }
    }
}

/// What errors and traces call a function.
pub fn name(function: &Bound<'_, PyAny>) -> String {
    let name = function.getattr("__name__").or_else(|_| function.get_type().getattr("__name__"));
    name.and_then(|name| Ok(name.cast::<PyString>()?.to_string()))
        .unwrap_or_else(|_| "call".to_owned())
}

/// The nodes that `outputs` need, each behind its inputs, and where in that list each is.
fn needed<'py>(outputs: &[Bound<'py, Node>]) -> (Vec<Bound<'py, Node>>, HashMap<usize, u32>) {
    let mut places: HashMap<usize, u32> = HashMap::new();
    let mut sorted: Vec<Bound<'py, Node>> = Vec::new();
    // A node, and how many of its inputs have been looked at: a graph may be a million deep.
    let mut stack: Vec<(Bound<'py, Node>, usize)> = Vec::new();
    for output in outputs {
        stack.push((output.clone(), 0));
        while let Some((node, next)) = stack.last_mut() {
            let inputs = &node.get().inputs;
            if *next == 0 && places.contains_key(&node.as_ptr().addr()) {
                stack.pop();
            } else if let Some(input) = inputs.get(*next) {
                *next += 1;
                let input = input.bind(node.py());
                if !places.contains_key(&input.as_ptr().addr()) {
                    let input = input.clone();
                    stack.push((input, 0));
                }
            } else if let Some((node, _)) = stack.pop() {
                let place = sorted.len() as u32;
                // An input that stands twice has been looked at twice.
                if places.insert(node.as_ptr().addr(), place).is_none() {
                    sorted.push(node);
                }
            }
        }
    }
    (sorted, places)
}

fn lower(py: Python<'_>, outputs: &[Bound<'_, Node>], is_trusted: bool) -> PyResult<Plan> {
    let (sorted, places) = needed(outputs);
    let mut groups: HashMap<Key, u32> = HashMap::new();
    let mut members: Vec<(Key, Vec<u32>)> = Vec::new();
    let mut group = Vec::with_capacity(sorted.len());
    for (place, node) in sorted.iter().enumerate() {
        let key = key(py, node.get());
        let index = *groups.entry(key).or_insert_with(|| {
            members.push((key, Vec::new()));
            members.len() as u32 - 1
        });
        let members = &mut members[index as usize].1;
        group.push((index, members.len() as u32));
        members.push(place as u32);
    }
    let ops = members.iter().map(|(key, members)| -> Arc<dyn Op> {
        let nodes = members.iter().map(|place| sorted[*place as usize].get());
        if *key == Key::Values {
            let value = |node: &Node| match &node.what {
                What::Value(value) => Some(Arc::clone(value)),
                What::Call(_) => None,
            };
            return Arc::new(Values(nodes.filter_map(value).collect()));
        }
        let call = |node: &Node| match &node.what {
            What::Value(_) => None,
            What::Call(call) => Some(call.clone_ref(py)),
        };
        let calls: Vec<_> = nodes.filter_map(call).collect();
        let function = calls[0].function.bind(py);
        // What is written in C and built in neither takes long nor crashes.
        let is_builtin = function.is_exact_instance_of::<PyCFunction>()
            && function.getattr("__module__").is_ok_and(|module| {
                module.eq("_operator").unwrap_or(false) || module.eq("builtins").unwrap_or(false)
            });
        let name = name(function);
        Arc::new(Calls::new(name, Form::Apply, is_trusted || is_builtin, calls))
    });
    let ops: Vec<_> = ops.collect();
    let mut graph = Graph::new();
    let mut inputs = Vec::new();
    let at = |node: &Py<Node>| TaskId(places[&node.as_ptr().addr()]);
    for (node, (op, partition)) in sorted.iter().zip(group) {
        inputs.clear();
        inputs.extend(node.get().inputs.iter().map(at));
        graph
            .add(&ops[op as usize], partition, &inputs)
            .map_err(|error| PyOverflowError::new_err(error.to_string()))?;
    }
    let outputs = outputs.iter().map(|node| TaskId(places[&node.as_ptr().addr()])).collect();
    Ok(Plan::new(graph, outputs))
}

/// Computes nodes' values. `is_trusted` functions are tried in place before they travel.
#[pyfunction]
#[pyo3(signature = (nodes, is_trusted, lane, workers, retries, timeout, progress))]
#[allow(clippy::too_many_arguments)]
pub fn compute<'py>(
    py: Python<'py>,
    nodes: Vec<Bound<'py, Node>>,
    is_trusted: bool,
    lane: Option<&str>,
    workers: Option<usize>,
    retries: Option<u32>,
    timeout: Option<f64>,
    progress: Option<Py<PyAny>>,
) -> PyResult<Vec<Bound<'py, PyAny>>> {
    let asked = door::asked(py, lane, workers, retries, timeout)?;
    let values = door::run_plan(py, lower(py, &nodes, is_trusted)?, asked, progress)?;
    values.iter().map(|value| downcast::<Object>(value).expect("an object").get(py)).collect()
}

/// Computes nodes, and returns nodes that are their values.
#[pyfunction]
#[pyo3(signature = (nodes, is_trusted, lane, workers, retries, timeout, progress))]
#[allow(clippy::too_many_arguments)]
pub fn persist(
    py: Python<'_>,
    nodes: Vec<Bound<'_, Node>>,
    is_trusted: bool,
    lane: Option<&str>,
    workers: Option<usize>,
    retries: Option<u32>,
    timeout: Option<f64>,
    progress: Option<Py<PyAny>>,
) -> PyResult<Vec<Node>> {
    let asked = door::asked(py, lane, workers, retries, timeout)?;
    let values = door::run_plan(py, lower(py, &nodes, is_trusted)?, asked, progress)?;
    let node = |value| Node { what: What::Value(value), inputs: Vec::new() };
    Ok(values.into_iter().map(node).collect())
}
