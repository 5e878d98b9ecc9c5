//! What a run costs on rented machines.

use crate::gate::detached;
use crate::laws::{CoreTimes, refused};
use manycore::measure::price::{Ask, Burst, Error, Offer, Span, Table, costs};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

/// Value, low, high.
type Wide = (f64, f64, f64);

/// Name, region, cores, vCPUs, GiB, GPUs, hours, dollars, in time, notes, date of the price, source.
type Row =
    (String, String, u32, u32, f64, Option<String>, Wide, Wide, bool, Vec<String>, String, String);

/// The offers for work that takes `hours` on one core here (if not given, what was measured), the
/// cheapest first. `table` is the text of the user's own.
#[pyfunction]
#[expect(clippy::too_many_arguments, reason = "its one caller names them")]
pub fn offers(
    py: Python<'_>,
    times: &CoreTimes,
    hours: Option<f64>,
    patterns: &str,
    table: Option<&str>,
    gib: Option<f64>,
    deadline: Option<f64>,
    standard: bool,
) -> PyResult<Vec<Row>> {
    detached(py, || {
        let all = match table {
            Some(text) => Table::own().with(&Table::parse(text).map_err(wrong)?),
            None => Table::own().clone(),
        };
        let fit = times.fit()?;
        let here = fit.predict(1.0).map_err(refused)?.seconds;
        let scale = hours.map_or(1.0 / 3600.0, |hours| hours / here);
        let burst = if standard { Burst::Baseline } else { Burst::Surplus };
        let ask = Ask { gib, deadline, burst, today: None };
        let on = |cores| {
            // A row has at least one core.
            fit.predict(cores).map_or_else(
                |_| Span::exactly(f64::INFINITY),
                |ahead| Span {
                    low: scale * ahead.low,
                    value: scale * ahead.seconds,
                    high: scale * ahead.high,
                },
            )
        };
        let instances = all.matching(patterns).map_err(wrong)?;
        Ok(costs(&instances, on, &ask).into_iter().map(row).collect())
    })
}

fn wrong(error: Error) -> PyErr {
    PyValueError::new_err(error.to_string())
}

fn row(offer: Offer) -> Row {
    let Offer { instance, hours, usd, in_time, notes } = offer;
    let wide = |span: Span| (span.value, span.low, span.high);
    let gpus = instance.gpu.zip(instance.gpu_count).map(|(gpu, count)| format!("{count} x {gpu}"));
    (
        instance.name,
        instance.region,
        instance.cores,
        instance.vcpus,
        instance.gib,
        gpus,
        wide(hours),
        wide(usd),
        in_time,
        notes,
        instance.priced.to_string(),
        instance.source,
    )
}
