//! Scaling laws over measured times, and whether a measurement was disturbed.

use crate::gate::detached;
use manycore::measure::laws::{
    self, Cores, Error, Forecast, Interval, Observations, Sizes, fit_amdahl, fit_gustafson, fit_usl,
};
use manycore::measure::{Machine, Watch};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use std::sync::OnceLock;

pub(crate) fn refused(error: Error) -> PyErr {
    PyValueError::new_err(error.to_string())
}

/// Value, low, high.
type Parameter = (f64, f64, f64);

fn parameter(interval: Interval) -> Parameter {
    (interval.value, interval.low, interval.high)
}

/// Seconds, low, high.
fn forecast(ahead: Forecast) -> Parameter {
    (ahead.seconds, ahead.low, ahead.high)
}

/// Place, seconds (geometric mean), repeats.
type Level = (f64, f64, usize);

fn levels(seen: &Observations) -> Vec<Level> {
    seen.levels().into_iter().map(|level| (level.at, level.seconds, level.repeats)).collect()
}

/// Times over cores. Predictions are fitted when they are first asked for.
#[pyclass(frozen)]
pub struct CoreTimes {
    seen: Observations,
    fitted: OnceLock<Result<Cores, Error>>,
}

impl CoreTimes {
    pub(crate) fn fit(&self) -> PyResult<&Cores> {
        let fitted = self.fitted.get_or_init(|| Cores::fit(&self.seen));
        fitted.as_ref().map_err(|error| refused(error.clone()))
    }
}

#[pymethods]
impl CoreTimes {
    #[new]
    fn new(cores: Vec<f64>, seconds: Vec<f64>) -> PyResult<CoreTimes> {
        let seen = Observations::over_cores(&cores, &seconds).map_err(refused)?;
        Ok(CoreTimes { seen, fitted: OnceLock::new() })
    }

    fn levels(&self) -> Vec<Level> {
        levels(&self.seen)
    }

    /// Time on one core, serial fraction, spread; seconds at `places`.
    fn amdahl(&self, places: Vec<f64>) -> PyResult<(f64, Parameter, f64, Vec<f64>)> {
        let law = fit_amdahl(&self.seen).map_err(refused)?;
        let curve = places.into_iter().map(|n| law.seconds(n)).collect();
        Ok((law.one_core, parameter(law.serial_fraction), law.spread, curve))
    }

    /// Time on one core, serial fraction, spread; seconds at `places`.
    fn gustafson(&self, places: Vec<f64>) -> PyResult<(f64, Parameter, f64, Vec<f64>)> {
        let law = fit_gustafson(&self.seen).map_err(refused)?;
        let curve = places.into_iter().map(|n| law.seconds(n)).collect();
        Ok((law.one_core, parameter(law.serial_fraction), law.spread, curve))
    }

    /// Gamma, sigma, kappa, peak, spread; seconds at `places`.
    fn usl(&self, places: Vec<f64>) -> PyResult<(f64, Parameter, Parameter, f64, f64, Vec<f64>)> {
        let law = fit_usl(&self.seen).map_err(refused)?;
        let curve = places.into_iter().map(|n| law.seconds(n)).collect();
        Ok((law.gamma, parameter(law.sigma), parameter(law.kappa), law.peak, law.spread, curve))
    }

    fn predict(&self, py: Python<'_>, cores: f64) -> PyResult<Parameter> {
        detached(py, || self.fit()?.predict(cores).map(forecast).map_err(refused))
    }

    fn best(&self, py: Python<'_>) -> PyResult<&'static str> {
        detached(py, || self.fit().map(Cores::best))
    }
}

/// Times over sizes.
#[pyclass(frozen)]
pub struct SizeTimes {
    seen: Observations,
    fitted: Sizes,
}

#[pymethods]
impl SizeTimes {
    /// `element` is the bytes of one element, from which caches' sizes are breakpoints.
    #[new]
    fn new(
        py: Python<'_>,
        sizes: Vec<f64>,
        seconds: Vec<f64>,
        element: Option<f64>,
    ) -> PyResult<SizeTimes> {
        let seen = Observations::over_sizes(&sizes, &seconds).map_err(refused)?;
        let fitted = detached(py, || {
            let breakpoints = element.map(|bytes| cache_sizes(&sizes, bytes)).unwrap_or_default();
            Sizes::fit(&seen, &breakpoints).map_err(refused)
        })?;
        Ok(SizeTimes { seen, fitted })
    }

    fn levels(&self) -> Vec<Level> {
        levels(&self.seen)
    }

    fn predict(&self, py: Python<'_>, size: f64) -> PyResult<Parameter> {
        detached(py, || self.fitted.predict(size).map(forecast).map_err(refused))
    }

    fn best(&self) -> String {
        self.fitted.best()
    }
}

/// The sizes at which elements of so many bytes leave a cache, as far as they are between the
/// measured ones.
fn cache_sizes(sizes: &[f64], bytes: f64) -> Vec<f64> {
    let least = sizes.iter().copied().fold(f64::INFINITY, f64::min);
    let most = sizes.iter().copied().fold(0.0, f64::max);
    let caches = Machine::detect().caches;
    let data = caches.iter().filter(|cache| cache.kind != "instruction");
    data.map(|cache| cache.bytes as f64 / bytes).filter(|&at| at > least && at < most).collect()
}

/// Karp and Flatt's serial fraction.
#[pyfunction]
pub fn karp_flatt(speedup: f64, cores: f64) -> f64 {
    laws::karp_flatt(speedup, cores)
}

/// Amdahl's speed-up.
#[pyfunction]
pub fn amdahl(p: f64, n: f64) -> f64 {
    laws::amdahl(p, n)
}

/// Gustafson's scaled speed-up.
#[pyfunction]
pub fn gustafson(s: f64, n: f64) -> f64 {
    laws::gustafson(s, n)
}

/// The universal scalability law's speed-up.
#[pyfunction]
pub fn usl(sigma: f64, kappa: f64, n: f64) -> f64 {
    laws::usl(sigma, kappa, n)
}

/// A measurement that runs.
#[pyclass(frozen)]
pub struct NoiseWatch(Watch);

#[pymethods]
impl NoiseWatch {
    /// What happened since: `"quiet"` or `"not certain: ..."`, load average, steal share, cores that
    /// others used.
    fn verdict(
        &self,
        py: Python<'_>,
        spread: Option<f64>,
    ) -> (String, Option<f64>, Option<f64>, Option<f64>) {
        let noise = detached(py, || self.0.noise(spread));
        (noise.to_string(), noise.load, noise.steal, noise.others)
    }
}

/// Begins to watch what others do on the machine.
#[pyfunction]
pub fn noise(py: Python<'_>) -> NoiseWatch {
    NoiseWatch(detached(py, Watch::start))
}
