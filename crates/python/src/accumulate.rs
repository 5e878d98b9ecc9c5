//! Reductions of Python objects: an accumulator written in Python, driven by the engine.
//!
//! The accumulator (see `python/manycore/_accumulate.py`) has five methods: `start()` makes a state,
//! `push(state, items)` takes in a list of elements, `seal(state)` ends a partition,
//! `merge(state, other)` joins two in the order of their partitions, and `finish(state)` makes the
//! list of results. Each returns the new state.

use crate::convert::{self, PyObjects};
use crate::gate::attached;
use manycore::bag::{BagError, Batch, Element, Flow, Partial, Partition, Reduction};
use manycore::graph::{Context, Kind, OpError};
use pyo3::prelude::*;
use pyo3::types::PyList;
use serde::{Deserialize, Serialize};
use std::any::Any;
use std::sync::Arc;

/// A reduction whose steps are Python's.
#[derive(Serialize, Deserialize)]
pub struct Accumulate {
    name: String,
    #[serde(with = "crate::pickled")]
    accumulator: Arc<Py<PyAny>>,
    // Whether the result is the state itself, for another process to go on with.
    is_early: bool,
}

impl Accumulate {
    pub fn new(name: String, accumulator: Py<PyAny>) -> Self {
        Self { name, accumulator: Arc::new(accumulator), is_early: false }
    }
}

#[typetag::serde]
impl Reduction for Accumulate {
    fn name(&self) -> String {
        self.name.clone()
    }

    fn element(&self, _input: Element) -> Result<Element, BagError> {
        Ok(Element::Object)
    }

    fn kind(&self) -> Kind {
        Kind::Python
    }

    fn early(&self) -> Arc<dyn Reduction> {
        let (name, accumulator) = (self.name.clone(), Arc::clone(&self.accumulator));
        Arc::new(Self { name, accumulator, is_early: true })
    }

    fn partial(&self, _partition: u32) -> Box<dyn Partial> {
        let (accumulator, is_early) = (Arc::clone(&self.accumulator), self.is_early);
        Box::new(Accumulated { accumulator, is_early, state: None, bytes: 0 })
    }
}

struct Accumulated {
    accumulator: Arc<Py<PyAny>>,
    is_early: bool,
    // Nothing: not started yet.
    state: Option<Py<PyAny>>,
    bytes: usize,
}

impl Accumulated {
    /// The state, or its start.
    fn state<'py>(&mut self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        match self.state.take() {
            Some(state) => Ok(state.into_bound(py)),
            None => self.accumulator.bind(py).call_method0("start"),
        }
    }

    fn keep(&mut self, state: Bound<'_, PyAny>) {
        // What a Python state holds can't be known in general; its shallow size is a lower bound.
        let size = state.call_method0("__sizeof__");
        self.bytes = size.and_then(|size| size.extract()).unwrap_or(0);
        self.state = Some(state.unbind());
    }
}

impl Partial for Accumulated {
    fn push(&mut self, batch: Batch<'_>, context: &Context<'_>) -> Result<Flow, OpError> {
        attached(context, |py| {
            let items = convert::list(py, batch)?;
            context.control.advance(0, items.len() as u64);
            let state = self.state(py)?;
            self.keep(self.accumulator.bind(py).call_method1("push", (state, items))?);
            Ok(Flow::More)
        })
    }

    fn seal(&mut self, context: &Context<'_>) -> Result<(), OpError> {
        attached(context, |py| {
            let state = self.state(py)?;
            self.keep(self.accumulator.bind(py).call_method1("seal", (state,))?);
            Ok(())
        })
    }

    fn absorb(&mut self, early: Partition, context: &Context<'_>) -> Result<(), OpError> {
        attached(context, |py| {
            let states = PyList::empty(py);
            convert::extend(py, &states, &early)?;
            self.keep(states.get_item(0)?);
            Ok(())
        })
    }

    fn merge(&mut self, next: Box<dyn Partial>, context: &Context<'_>) -> Result<(), OpError> {
        let next: Box<dyn Any> = next;
        let mut next = next.downcast::<Self>().expect("partials of one reduction are of one type");
        attached(context, |py| {
            let states = (self.state(py)?, next.state(py)?);
            self.keep(self.accumulator.bind(py).call_method1("merge", states)?);
            Ok(())
        })
    }

    fn finish(mut self: Box<Self>, context: &Context<'_>) -> Result<Partition, OpError> {
        attached(context, |py| {
            let state = self.state(py)?;
            if self.is_early {
                return Ok(Partition::of(PyObjects::batch(&PyList::new(py, [state])?)));
            }
            let results = self.accumulator.bind(py).call_method1("finish", (state,))?;
            Ok(Partition::of(PyObjects::batch(results.cast::<PyList>()?)))
        })
    }

    fn bytes(&self) -> usize {
        self.bytes
    }
}
