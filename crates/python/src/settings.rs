//! The process's settings, and what the machine has.

use crate::error::engine_error;
use crate::gate::detached;
use manycore::Configuration;
use manycore::engine::Lane;
use manycore::measure;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList};
use std::path::PathBuf;

/// The lane called `name`.
pub fn parse_lane(name: &str) -> PyResult<Lane> {
    let lanes = [Lane::Inline, Lane::Threads, Lane::Processes, Lane::Mixed];
    lanes.into_iter().find(|lane| lane.name() == name).ok_or_else(|| {
        let names = "\"inline\", \"threads\", \"processes\" or \"mixed\"";
        PyValueError::new_err(format!("lane must be {names}, not {name:?}"))
    })
}

/// Sets lane, workers, memory (bytes), retries and spill folder; `None` means the default.
#[pyfunction]
#[pyo3(signature = (lane, workers, memory, retries, spill))]
pub fn configure(
    py: Python<'_>,
    lane: &str,
    workers: Option<usize>,
    memory: Option<u64>,
    retries: u32,
    spill: Option<PathBuf>,
) -> PyResult<()> {
    let lane = parse_lane(lane)?;
    manycore::configure(Configuration { lane, workers, memory, retries, spill })
        .map(drop)
        .map_err(|error| engine_error(py, error, None))
}

/// Lane, workers, memory, retries and spill folder as they were set.
type Set = (&'static str, Option<usize>, Option<u64>, u32, Option<PathBuf>);

/// The settings as they were set; then workers, memory and spill folder as they work out.
#[pyfunction]
pub fn configuration() -> (Set, usize, Option<u64>, PathBuf) {
    let set = manycore::configuration();
    let (workers, memory) = (set.workers(), set.memory());
    let Configuration { lane, workers: asked, memory: budget, retries, spill } = set;
    let folder = spill.clone().unwrap_or_else(manycore::engine::default_spill_folder);
    ((lane.name(), asked, budget, retries, spill), workers, memory, folder)
}

/// What the machine has, as a dictionary (`manycore.Machine` says what the entries mean).
#[pyfunction]
pub fn machine(py: Python<'_>) -> PyResult<Bound<'_, PyDict>> {
    let machine = detached(py, measure::Machine::detect);
    let caches = PyList::empty(py);
    for cache in &machine.caches {
        let entry = PyDict::new(py);
        entry.set_item("level", cache.level)?;
        entry.set_item("kind", cache.kind)?;
        entry.set_item("bytes", cache.bytes)?;
        entry.set_item("shared_by", cache.shared_by)?;
        entry.set_item("line_bytes", cache.line_bytes)?;
        entry.set_item("instances", cache.instances)?;
        caches.append(entry)?;
    }
    let entries = PyDict::new(py);
    entries.set_item("usable_memory", machine.usable_memory())?;
    entries.set_item("model", machine.model)?;
    entries.set_item("physical_cores", machine.physical_cores)?;
    entries.set_item("logical_cores", machine.logical_cores)?;
    entries.set_item("usable_cores", machine.usable_cores)?;
    entries.set_item("affinity_cores", machine.affinity_cores)?;
    entries.set_item("cgroup_quota", machine.cgroup_quota)?;
    entries.set_item("caches", caches)?;
    entries.set_item("memory_total", machine.memory_total)?;
    entries.set_item("memory_available", machine.memory_available)?;
    entries.set_item("memory_limit", machine.memory_limit)?;
    entries.set_item("vector", machine.vector)?;
    entries.set_item("allowed", machine.allowed)?;
    entries.set_item("gpus", machine.gpus)?;
    Ok(entries)
}

/// Measures memory bandwidth: threads used, bytes read per second, bytes copied per second, spread.
#[pyfunction]
pub fn bandwidth(py: Python<'_>, threads: usize) -> (usize, f64, f64, f64) {
    let measured = detached(py, || measure::bandwidth(threads));
    (measured.threads, measured.read, measured.copy, measured.spread)
}

/// Measures the cores: float64 operations per second, bytes per second read from first-level caches.
#[pyfunction]
pub fn peak(py: Python<'_>, threads: usize) -> (f64, f64) {
    let measured = detached(py, || measure::peak(threads));
    (measured.operations, measured.cache)
}
