//! Load on a server: it is asked by a thread of its own, while this one looks for signals.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use manycore::measure::load::{
    Arrivals, Client, LoadError, Outcome, Report, Request, Search, search,
};
use pyo3::exceptions::{PyKeyboardInterrupt, PyOSError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::gate;

const LOOK: Duration = Duration::from_millis(50);

/// What came of it: of a search, or of one stream.
enum Found {
    Report(Box<Report>),
    Outcome(Box<Outcome>),
}

fn refused(error: LoadError) -> PyErr {
    match error {
        LoadError::System(error) => PyOSError::new_err(error.to_string()),
        error => PyValueError::new_err(error.to_string()),
    }
}

fn duration(name: &'static str, seconds: f64) -> PyResult<Duration> {
    let range = "above 0 and at most 3600 seconds";
    let error = || refused(LoadError::Range { name, range, value: seconds });
    let time = Duration::try_from_secs_f64(seconds).map_err(|_| error())?;
    if time.is_zero() || seconds > 3600.0 { Err(error()) } else { Ok(time) }
}

/// Puts load on a server; `manycore.load` says what the arguments and the entries mean.
///
/// Ctrl-C ends it with what was measured so far.
#[pyfunction]
#[expect(clippy::too_many_arguments, reason = "_load.py, which calls it, names them")]
pub fn load(
    py: Python<'_>,
    url: &str,
    method: &str,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
    is_mine: bool,
    patience: f64,
    rates: Option<(f64, f64)>,
    goal: (f64, f64),
    seconds: f64,
    most: u64,
    watch: Option<Py<PyAny>>,
) -> PyResult<Py<PyDict>> {
    let patience = duration("the timeout", patience)?;
    let limit = duration("the limit", goal.1)?;
    let request = gate::detached(py, || Request::new(url, method, &headers, body, is_mine));
    let request = request.map_err(refused)?;
    let (stop, (sender, ended)) = (Arc::new(AtomicBool::new(false)), std::sync::mpsc::channel());
    let worker = {
        let stop = Arc::clone(&stop);
        // What a client is made of stays on the thread that made it.
        move || -> Result<Found, LoadError> {
            let client = Client::new(request, patience, stop)?;
            let Some((from, to)) = rates else {
                let search_for = Search { quantile: goal.0, limit, seconds, most };
                let tell = &mut |outcome: &Outcome| drop(sender.send(outcome.to_string()));
                return search(&client, search_for, tell).map(Box::new).map(Found::Report);
            };
            let arrivals = Arrivals::new(from, to, seconds, most)?;
            Ok(Found::Outcome(Box::new(client.run(arrivals))))
        }
    };
    let mut raised = None;
    let found = gate::detached(py, || {
        let ended = ended;
        let worker = thread::Builder::new().name("manycore-load".to_owned()).spawn(worker)?;
        while !worker.is_finished() {
            thread::sleep(LOOK);
            let said: Vec<String> = ended.try_iter().collect();
            let Some(_inside) = gate::enter() else {
                stop.store(true, Ordering::Relaxed);
                continue;
            };
            let asked = gate::attach(|py| {
                py.check_signals()?;
                if let Some(watch) = &watch {
                    said.iter().try_for_each(|line| watch.call1(py, (line,)).map(drop))?;
                }
                PyResult::Ok(())
            });
            if let Err(error) = asked {
                stop.store(true, Ordering::Relaxed);
                raised.get_or_insert(error);
            }
        }
        // A panic of ours goes on here.
        worker.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    });
    let found = found.map_err(refused)?;
    if let Some(error) = raised.filter(|error| !error.is_instance_of::<PyKeyboardInterrupt>(py)) {
        return Err(error);
    }
    let is_stopped = stop.load(Ordering::Relaxed);
    match found {
        Found::Report(report) => convert_report(py, &report),
        Found::Outcome(outcome) => {
            let entries = PyDict::new(py);
            entries.set_item("streams", [convert(py, &outcome)?])?;
            entries.set_item("words", outcome.to_string())?;
            entries.set_item("is_stopped", is_stopped)?;
            Ok(entries.unbind())
        }
    }
}

fn convert_report(py: Python<'_>, report: &Report) -> PyResult<Py<PyDict>> {
    let entries = PyDict::new(py);
    let streams = report.streams.iter().map(|stream| convert(py, stream));
    entries.set_item("streams", streams.collect::<PyResult<Vec<_>>>()?)?;
    entries.set_item("probe", convert(py, &report.probe)?)?;
    entries.set_item("held", report.held)?;
    entries.set_item("failed", report.failed)?;
    entries.set_item("goal", report.search.goal())?;
    entries.set_item("bottleneck", report.bottleneck.to_string())?;
    let law = report.law.as_ref();
    entries.set_item("law", law.map(|law| (law.gamma, law.sigma.value, law.kappa.value)))?;
    entries.set_item("noise", report.noise.to_string())?;
    entries.set_item("words", report.words())?;
    entries.set_item("is_stopped", report.is_stopped)?;
    Ok(entries.unbind())
}

fn convert<'py>(py: Python<'py>, outcome: &Outcome) -> PyResult<Bound<'py, PyDict>> {
    let entries = PyDict::new(py);
    let counts = PyDict::new(py);
    for (name, count) in outcome.counts.named() {
        counts.set_item(name, count)?;
    }
    entries.set_item("rate", outcome.rate)?;
    entries.set_item("seconds", outcome.seconds)?;
    entries.set_item("counts", counts)?;
    entries.set_item("throughput", outcome.throughput())?;
    entries.set_item("concurrency", outcome.concurrency())?;
    for (name, share) in [("p50", 0.5), ("p90", 0.9), ("p99", 0.99), ("p999", 0.999)] {
        entries.set_item(name, outcome.quantile(share).map(|time| time.as_secs_f64()))?;
    }
    entries.set_item("mean", outcome.mean().map(|time| time.as_secs_f64()))?;
    entries.set_item("lag", outcome.lag().as_secs_f64())?;
    Ok(entries)
}
