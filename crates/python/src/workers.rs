//! Worker processes and the calls that they are given.

use crate::channel::{Buffer, PythonBytes};
use crate::error::engine_error;
use manycore::engine::{Program, Submission, Workers as EngineWorkers};
use manycore::graph::{
    Answer, Context, Data, Function, Graph, GraphError, Kind, Op, OpError, Plan, Remote, Request,
    Shared, Value, downcast, value,
};
use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyList};
use std::ffi::OsString;
use std::sync::Arc;

/// One function called with many tuples of arguments, one a partition.
struct Calls {
    name: String,
    function: Function,
    arguments: Vec<Py<PyAny>>,
    pickler: Arc<Py<PyAny>>,
}

impl Drop for Calls {
    fn drop(&mut self) {
        // With the GIL, or the arguments would live on until somebody happens to take it.
        Python::attach(|_| self.arguments.clear());
    }
}

/// What a call returned, still pickled.
struct Pickled {
    bytes: Vec<u8>,
    buffers: Vec<Shared>,
}

impl Data for Pickled {
    fn bytes(&self) -> usize {
        let shared: usize = self.buffers.iter().map(|buffer| (**buffer).as_ref().len()).sum();
        self.bytes.len() + shared
    }
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
        Python::attach(|py| {
            let arguments = self.arguments.get(partition as usize)?.bind(py);
            let shown = arguments.repr().ok()?.to_string();
            let cut = shown.char_indices().nth(SHOWN).map_or(shown.len(), |(index, _)| index);
            let dots = if cut < shown.len() { "…" } else { "" };
            Some(format!("{}{}{dots}", self.name, &shown[..cut]))
        })
    }

    fn remote(&self) -> Option<&dyn Remote> {
        Some(self)
    }

    fn run(&self, _inputs: Vec<Value>, _context: &Context<'_>) -> Result<Value, OpError> {
        Err("calls run in worker processes".into())
    }
}

impl Remote for Calls {
    fn request(&self, _inputs: &[Value], partition: u32) -> Result<Request, OpError> {
        Ok(Python::attach(|py| {
            let arguments = self.arguments[partition as usize].bind(py);
            let pickled = self.pickler.bind(py).call_method1("dumps", (arguments,))?;
            let (bytes, buffers): (Bound<'_, PyBytes>, Vec<Bound<'_, PyAny>>) =
                pickled.extract()?;
            let shared = |buffer: &Bound<'_, PyAny>| -> PyResult<Shared> {
                Ok(Arc::new(PythonBytes::new(buffer)?))
            };
            PyResult::Ok(Request {
                function: self.function.clone(),
                bytes: bytes.as_bytes().to_vec(),
                buffers: buffers.iter().map(shared).collect::<PyResult<_>>()?,
            })
        })?)
    }

    fn together(&self, work: &mut dyn FnMut()) {
        Python::attach(|_| work());
    }

    fn answer(&self, answer: Answer) -> Result<Value, OpError> {
        let Answer { is_result, bytes, buffers } = answer;
        if is_result {
            return Ok(value(Pickled { bytes, buffers }));
        }
        let raised = Python::attach(|py| match unpickle(py, &self.pickler, &bytes, &buffers) {
            Ok(exception) => PyErr::from_value(exception),
            Err(error) => error,
        });
        Err(Box::new(raised))
    }
}

fn unpickle<'py>(
    py: Python<'py>,
    pickler: &Py<PyAny>,
    bytes: &[u8],
    buffers: &[Shared],
) -> PyResult<Bound<'py, PyAny>> {
    let buffers: Vec<_> = buffers.iter().map(|buffer| Buffer::new(Arc::clone(buffer))).collect();
    pickler.bind(py).call_method1("loads", (PyBytes::new(py, bytes), buffers))
}

/// A handle on calls under way.
#[pyclass(frozen, module = "manycore._core")]
pub struct Running {
    submission: Arc<Submission>,
}

/// Worker processes.
#[pyclass(frozen, module = "manycore._core")]
pub struct Workers {
    workers: Arc<EngineWorkers>,
    pickler: Arc<Py<PyAny>>,
}

#[pymethods]
impl Workers {
    /// `pickler` has `dumps(object) -> (bytes, buffers)` and `loads(bytes, buffers) -> object`.
    #[new]
    fn new(
        count: usize,
        command: Vec<OsString>,
        environment: Vec<(OsString, OsString)>,
        greeting: &[u8],
        pickler: Py<PyAny>,
    ) -> Self {
        let program = Program { command, environment, greeting: greeting.into() };
        let workers = Arc::new(EngineWorkers::new(program, count));
        Self { workers, pickler: Arc::new(pickler) }
    }

    /// Calls a pickled function with each tuple of arguments.
    ///
    /// `on_end(results, error)` is called once, on another thread, with the list of results or the
    /// exception. At most `batch` calls are sent to a worker at one time.
    #[pyo3(signature = (name, function, arguments, on_end, batch = None))]
    fn submit(
        &self,
        py: Python<'_>,
        name: String,
        function: (u64, Bound<'_, PyBytes>),
        arguments: Vec<Py<PyAny>>,
        on_end: Py<PyAny>,
        batch: Option<usize>,
    ) -> PyResult<Running> {
        let function = Function { id: function.0, bytes: function.1.as_bytes().into() };
        let count = arguments.len() as u32;
        let pickler = Arc::clone(&self.pickler);
        let op: Arc<dyn Op> = Arc::new(Calls { name, function, arguments, pickler });
        let mut graph = Graph::new();
        let outputs: Result<Vec<_>, GraphError> =
            (0..count).map(|partition| graph.add(&op, partition, &[])).collect();
        let outputs = outputs.map_err(|error| PyRuntimeError::new_err(error.to_string()))?;
        let pickler = Arc::clone(&self.pickler);
        let ended = move |outcome: Result<Vec<Value>, _>| {
            Python::attach(|py| {
                let results = match outcome {
                    Ok(values) => results(py, &pickler, &values),
                    Err(error) => Err(engine_error(py, error, None)),
                };
                let told = match results {
                    Ok(results) => on_end.call1(py, (results, py.None())),
                    Err(error) => on_end.call1(py, (py.None(), error)),
                };
                if let Err(error) = told {
                    error.write_unraisable(py, Some(on_end.bind(py)));
                }
            });
        };
        let plan = Plan::new(graph, outputs);
        let submitted = py.detach(|| self.workers.submit(plan, batch, Box::new(ended)));
        match submitted {
            Ok(submission) => Ok(Running { submission }),
            Err(error) => Err(engine_error(py, error, None)),
        }
    }

    /// Stops calls under way; workers that are in one of them are killed.
    fn cancel(&self, py: Python<'_>, running: &Running) {
        py.detach(|| self.workers.cancel(&running.submission));
    }

    /// Takes no more calls; workers end when all are done.
    fn close(&self, py: Python<'_>) {
        py.detach(|| self.workers.close());
    }

    /// Ends everything now.
    fn terminate(&self, py: Python<'_>) {
        py.detach(|| self.workers.terminate());
    }

    /// Waits until all workers have ended.
    fn join(&self, py: Python<'_>) {
        py.detach(|| self.workers.join());
    }
}

fn results<'py>(
    py: Python<'py>,
    pickler: &Py<PyAny>,
    values: &[Value],
) -> PyResult<Bound<'py, PyList>> {
    let list = PyList::empty(py);
    for value in values {
        let pickled = downcast::<Pickled>(value).expect("calls make pickled values");
        list.append(unpickle(py, pickler, &pickled.bytes, &pickled.buffers)?)?;
    }
    Ok(list)
}
