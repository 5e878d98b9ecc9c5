//! Worker processes and the calls that they are given.

use crate::calls::{Call, Calls, Form, Template};
use crate::error::engine_error;
use crate::gate;
use crate::object::Object;
use manycore::engine::{Job, Lane, Manner, Program, Workers as EngineWorkers};
use manycore::graph::{Graph, GraphError, Op, Plan, Value, downcast};
use manycore::{Asked, configuration};
use pyo3::exceptions::{PyRuntimeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList, PyTuple};
use std::ffi::OsString;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// The worker processes of all graphs; looked at with the GIL held only, so that a fork finds the lock
/// open.
static COMMON: Mutex<Option<Common>> = Mutex::new(None);

/// The workers, whether they were told that memory is short, and what they took over.
type Common = (Arc<EngineWorkers>, bool, Surroundings);

/// What a function may see of its process, and expects of a worker's too: one that was started before
/// the user went to another folder would open other files.
#[derive(Clone, PartialEq, Eq)]
struct Surroundings {
    folder: Option<PathBuf>,
    environment: Vec<(OsString, OsString)>,
    path: Vec<String>,
}

impl Surroundings {
    fn now(py: Python<'_>) -> PyResult<Self> {
        let path = py.import("sys")?.getattr("path")?.try_iter()?;
        let path = path.filter_map(|entry| entry.ok()?.extract().ok()).collect();
        // pytest names each test there: that is no reason for new workers.
        let environment = std::env::vars_os().filter(|(name, _)| name != "PYTEST_CURRENT_TEST");
        let environment = environment.collect();
        Ok(Self { folder: std::env::current_dir().ok(), environment, path })
    }
}

/// What `_program.program` returns: a command, its environment, a key, a greeting.
type Description = (Vec<OsString>, Vec<(OsString, OsString)>, Vec<u8>, Vec<u8>);

fn described(description: Description, tasks: Option<u64>) -> Program {
    let (command, environment, key, greeting) = description;
    Program { command, environment, key: key.into(), greeting: greeting.into(), tasks }
}

/// Worker processes for a graph of Python calls, if its lane has any.
pub fn common(py: Python<'_>, asked: &Asked) -> PyResult<Option<Arc<EngineWorkers>>> {
    let configuration = configuration();
    let lane = asked.lane.unwrap_or(configuration.lane);
    if !matches!(lane, Lane::Processes | Lane::Mixed) {
        return Ok(None);
    }
    let count = asked.workers.unwrap_or_else(|| configuration.workers());
    let is_tight = configuration.memory.is_some();
    let known = COMMON.lock().unwrap_or_else(PoisonError::into_inner).clone();
    let surroundings = Surroundings::now(py)?;
    let fits = |(workers, was_tight, around): &Common| {
        let is_same = workers.workers() == count && *was_tight == is_tight;
        workers.is_ours() && is_same && *around == surroundings
    };
    if let Some((workers, ..)) = known.filter(fits) {
        return Ok(Some(workers));
    }
    let program = py.import("manycore._program")?.call_method1("program", (count,))?;
    let workers = Arc::new(EngineWorkers::new(described(program.extract()?, None), count));
    let new = (Arc::clone(&workers), is_tight, surroundings);
    let old = COMMON.lock().unwrap_or_else(PoisonError::into_inner).replace(new);
    // Graphs that it still works for keep it.
    gate::detached(py, || drop(old));
    Ok(Some(workers))
}

/// Ends the worker processes of all graphs, at the interpreter's exit.
pub fn leave(py: Python<'_>) {
    let old = COMMON.lock().unwrap_or_else(PoisonError::into_inner).take();
    if let Some((workers, ..)) = old.filter(|(workers, ..)| workers.is_ours()) {
        py.detach(|| {
            workers.terminate();
            workers.join();
        });
    }
}

/// A handle on calls under way.
#[pyclass(frozen, module = "manycore._core")]
pub struct Running {
    job: Arc<Job>,
    // They live until nobody asks about their calls any more.
    _workers: Arc<EngineWorkers>,
}

#[pymethods]
impl Running {
    /// Takes the calls back, if none is under way; tells whether it was so.
    fn withdraw(&self, py: Python<'_>) -> bool {
        py.detach(|| self.job.withdraw())
    }

    /// How many of the calls are done.
    #[getter]
    fn done(&self) -> u64 {
        self.job.done()
    }

    /// Whether one of the calls is under way.
    #[getter]
    fn is_under_way(&self, py: Python<'_>) -> bool {
        py.detach(|| self.job.is_running())
    }
}

/// Worker processes.
#[pyclass(frozen, module = "manycore._core")]
pub struct Workers {
    workers: Arc<EngineWorkers>,
}

#[pymethods]
impl Workers {
    /// So many of them, each of which does so many tasks before another takes its place.
    #[new]
    #[pyo3(signature = (count, program, tasks=None))]
    fn new(count: usize, program: Description, tasks: Option<u64>) -> Self {
        Self { workers: Arc::new(EngineWorkers::new(described(program, tasks), count)) }
    }

    /// Those of all graphs.
    #[staticmethod]
    #[pyo3(name = "common")]
    fn of_graphs(py: Python<'_>, count: Option<usize>) -> PyResult<Self> {
        let asked = Asked { lane: Some(Lane::Processes), workers: count, ..Asked::default() };
        let workers = common(py, &asked)?.expect("the lane has workers");
        Ok(Self { workers })
    }

    /// Calls `function` with each chunk of items (`form` is "map" or "starmap").
    ///
    /// `on_end(results, error)` is called once, on another thread, with the list of results or the
    /// exception. At most `batch` calls are sent to a worker at one time.
    #[pyo3(signature = (form, function, chunks, on_end, batch, retries, timeout))]
    #[allow(clippy::too_many_arguments)]
    fn map(
        &self,
        py: Python<'_>,
        form: &str,
        function: Bound<'_, PyAny>,
        chunks: Vec<Py<PyAny>>,
        on_end: Py<PyAny>,
        batch: Option<usize>,
        retries: u32,
        timeout: Option<f64>,
    ) -> PyResult<Running> {
        let form = match form {
            "map" => Form::Map,
            "starmap" => Form::Starmap,
            other => return Err(PyValueError::new_err(format!("no form {other:?}"))),
        };
        let call = |chunk| Call {
            function: function.clone().unbind(),
            arguments: vec![Template::Constant(chunk)],
            keywords: None,
        };
        let calls = chunks.into_iter().map(call).collect();
        let (timeout, trace) = (timeout.map(Duration::from_secs_f64), manycore::collector());
        let manner = Manner { batch, retries, timeout, trace };
        self.submit(py, form, &function, calls, on_end, manner)
    }

    /// Calls `function(*arguments, **keywords)`; `on_end` as above, with a list of one result.
    #[pyo3(signature = (function, arguments, keywords, on_end, retries, timeout))]
    #[allow(clippy::too_many_arguments)]
    fn apply(
        &self,
        py: Python<'_>,
        function: Bound<'_, PyAny>,
        arguments: Bound<'_, PyTuple>,
        keywords: Option<Bound<'_, PyDict>>,
        on_end: Py<PyAny>,
        retries: u32,
        timeout: Option<f64>,
    ) -> PyResult<Running> {
        let call = Call {
            function: function.clone().unbind(),
            arguments: arguments.iter().map(|item| Template::Constant(item.unbind())).collect(),
            keywords: keywords.filter(|keywords| !keywords.is_empty()).map(Bound::unbind),
        };
        let (timeout, trace) = (timeout.map(Duration::from_secs_f64), manycore::collector());
        let manner = Manner { batch: None, retries, timeout, trace };
        self.submit(py, Form::Apply, &function, vec![call], on_end, manner)
    }

    /// Stops calls under way; workers that are in one of them are killed.
    fn cancel(&self, py: Python<'_>, running: &Running) {
        py.detach(|| running.job.cancel());
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

impl Workers {
    fn submit(
        &self,
        py: Python<'_>,
        form: Form,
        function: &Bound<'_, PyAny>,
        calls: Vec<Call>,
        on_end: Py<PyAny>,
        manner: Manner,
    ) -> PyResult<Running> {
        let count = calls.len() as u32;
        let calls = Calls::new(crate::node::name(function), form, false, calls);
        calls.check(py)?;
        let op: Arc<dyn Op> = Arc::new(calls);
        let mut graph = Graph::new();
        let outputs: Result<Vec<_>, GraphError> =
            (0..count).map(|partition| graph.add(&op, partition, &[])).collect();
        let outputs = outputs.map_err(|error| PyRuntimeError::new_err(error.to_string()))?;
        let ended = move |outcome: Result<Vec<Value>, _>| {
            let Some(_inside) = gate::enter() else {
                // Nobody is left to be told.
                std::mem::forget((outcome, on_end));
                return;
            };
            gate::attach(|py| {
                let results = match outcome {
                    Ok(values) => results(py, &values),
                    Err(error) => Err(engine_error(py, error, None)),
                };
                let told = match results {
                    Ok(results) => on_end.call1(py, (results, py.None())),
                    Err(error) => on_end.call1(py, (py.None(), error)),
                };
                if let Err(error) = told {
                    error.write_unraisable(py, Some(on_end.bind(py)));
                }
                drop(on_end);
            });
        };
        let plan = Plan::new(graph, outputs);
        // With the GIL held: nobody who holds one of its locks ever waits for the GIL.
        match self.workers.submit(plan, manner, Box::new(ended)) {
            Ok(job) => Ok(Running { job, _workers: Arc::clone(&self.workers) }),
            Err(error) => Err(engine_error(py, error, None)),
        }
    }
}

fn results<'py>(py: Python<'py>, values: &[Value]) -> PyResult<Bound<'py, PyList>> {
    let list = PyList::empty(py);
    for value in values {
        list.append(downcast::<Object>(value).expect("calls make objects").get(py)?)?;
    }
    Ok(list)
}
