//! Pictures of measurements, as SVG text.

use manycore::measure::picture::{self, Axis, Chart, Ink, Mark, Shape, Unfit, Unit};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

/// What a mark's shape takes beside its places: upper bounds of a band, names of labels.
#[derive(FromPyObject)]
pub enum Beside {
    Upper(Vec<f64>),
    Names(Vec<String>),
}

type GivenMark = (String, String, String, Vec<f64>, Vec<f64>, Option<Beside>);

fn unfit(error: Unfit) -> PyErr {
    PyValueError::new_err(error.to_string())
}

fn unknown(what: &str, given: &str, known: &str) -> PyErr {
    PyValueError::new_err(format!("a mark's {what} is one of {known}, not {given:?}"))
}

fn mark((shape, name, ink, x, y, beside): GivenMark) -> PyResult<Mark> {
    let shape = match (shape.as_str(), beside) {
        ("points", None) => Shape::Points,
        ("line", None) => Shape::Line,
        ("dashed", None) => Shape::Dashed,
        ("band", Some(Beside::Upper(upper))) => Shape::Band(upper),
        // An empty list is a list of anything.
        ("labels", Some(Beside::Upper(none))) if none.is_empty() => Shape::Labels(Vec::new()),
        ("labels", Some(Beside::Names(names))) => Shape::Labels(names),
        _ => {
            let known = "points, line, dashed (alone), band (with numbers), labels (with names)";
            return Err(unknown("shape", &shape, known));
        }
    };
    let ink = match ink.as_str() {
        "measured" => Ink::Measured,
        "fitted" => Ink::Fitted,
        "ideal" => Ink::Ideal,
        "other" => Ink::Other,
        "another" => Ink::Another,
        _ => return Err(unknown("ink", &ink, "measured, fitted, ideal, other, another")),
    };
    Ok(Mark { name, ink, shape, x, y })
}

fn axis((label, log, seconds): (String, bool, bool)) -> Axis {
    Axis { label, log, unit: if seconds { Unit::Seconds } else { Unit::Number } }
}

/// A chart as SVG. An axis is a label, whether it is logarithmic and whether it counts seconds.
#[pyfunction]
pub fn chart(
    py: Python<'_>,
    marks: Vec<GivenMark>,
    title: String,
    x: (String, bool, bool),
    y: (String, bool, bool),
    size: (u32, u32),
) -> PyResult<String> {
    let marks = marks.into_iter().map(mark).collect::<PyResult<_>>()?;
    let chart = Chart { title, x: axis(x), y: axis(y), marks, size };
    py.detach(|| chart.svg()).map_err(unfit)
}

/// A flame graph of collapsed stacks as SVG.
#[pyfunction]
pub fn flame(py: Python<'_>, collapsed: &str, title: &str) -> PyResult<String> {
    py.detach(|| picture::flame(collapsed, title)).map_err(unfit)
}
