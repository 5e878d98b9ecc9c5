//! External programs: options in, events out, signals looked for meanwhile.

use crate::error::os_error;
use crate::gate;
use manycore::programs::{
    Ended, Environment, Event, Failure, Input, Options, Program, ProgramError, RunError, Stream,
    Watch, run,
};
use pyo3::exceptions::{PyChildProcessError, PyRuntimeError, PyValueError};
use pyo3::prelude::*;
use pyo3::pybacked::PyBackedBytes;
use pyo3::types::{PyBytes, PyList};
use std::ffi::{CString, OsString};
use std::os::unix::ffi::OsStringExt;
use std::os::unix::process::ExitStatusExt;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

/// What programs read: bytes, or the file of that name.
#[derive(FromPyObject)]
pub enum PythonInput {
    Bytes(PyBackedBytes),
    File(PathBuf),
}

/// Runs programs while the calling thread looks for signals.
///
/// `watch(lines, ended)` is called with what has happened, at least fifty times a second: a list of
/// (index, whether it is standard error, whole lines), and one of (index, return code, standard
/// output, standard error, seconds, attempts, why it was not started, whether it timed out).
#[pyfunction]
#[expect(clippy::too_many_arguments, reason = "programs.py, which calls it, names them")]
pub fn run_programs(
    py: Python<'_>,
    commands: Vec<Vec<OsString>>,
    jobs: usize,
    timeout: Option<f64>,
    retries: u32,
    input: PythonInput,
    directory: Option<OsString>,
    environment: Option<Vec<(OsString, OsString)>>,
    keep: bool,
    lines: bool,
    watch: Py<PyAny>,
) -> PyResult<()> {
    let refused = |error: ProgramError| PyValueError::new_err(error.to_string());
    let programs: Result<Vec<_>, _> = commands.into_iter().map(Program::new).collect();
    let programs = programs.map_err(refused)?;
    let options = Options {
        jobs,
        // A time that can't be counted is as good as none.
        timeout: timeout.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok()),
        retries,
        input: match input {
            PythonInput::Bytes(bytes) => Input::Bytes(Arc::new(bytes)),
            PythonInput::File(path) => Input::File(path),
        },
        directory: directory.map(|directory| CString::new(directory.into_vec())).transpose()?,
        environment: match environment {
            Some(variables) => Environment::new(variables).map_err(refused)?,
            None => Environment::inherited(),
        },
        keep,
        lines,
    };
    let mut watch = PythonWatch { watch, interrupt: None };
    match gate::detached(py, || run(&programs, &options, &mut watch)) {
        Ok(()) => Ok(()),
        Err(RunError::System(error)) => Err(error.into()),
        Err(error) => Err(watch.interrupt.unwrap_or(PyRuntimeError::new_err(error.to_string()))),
    }
}

struct PythonWatch {
    watch: Py<PyAny>,
    interrupt: Option<PyErr>,
}

impl Watch for PythonWatch {
    fn go_on(&mut self, events: Vec<Event>) -> bool {
        let Some(_inside) = gate::enter() else { return false };
        let told = Python::attach(|py| {
            py.check_signals()?;
            let (lines, ended) = (PyList::empty(py), PyList::empty(py));
            for event in events {
                match event {
                    Event::Lines { index, stream, bytes } => {
                        let is_error = stream == Stream::Error;
                        lines.append((index, is_error, PyBytes::new(py, &bytes)))?;
                    }
                    Event::Ended { index, ended: program } => {
                        ended.append(result(py, index, &program))?;
                    }
                }
            }
            self.watch.call1(py, (lines, ended)).map(drop)
        });
        self.interrupt = told.err();
        self.interrupt.is_none()
    }
}

type PythonEnded<'py> =
    (usize, Option<i32>, Bound<'py, PyBytes>, Bound<'py, PyBytes>, f64, u32, Option<PyErr>, bool);

fn result<'py>(py: Python<'py>, index: usize, ended: &Ended) -> PythonEnded<'py> {
    // A program that a signal has ended has the number below zero, as `subprocess` has it.
    let code = ended.status.and_then(|status| status.code().or(status.signal().map(|s| -s)));
    let failure = match &ended.failure {
        Some(Failure::NotStarted { path, source }) => {
            Some(os_error(source, path, source.to_string()))
        }
        Some(failure @ Failure::Lost) => Some(PyChildProcessError::new_err(failure.to_string())),
        Some(Failure::TimedOut | Failure::Stopped) | None => None,
    };
    let timed_out = matches!(ended.failure, Some(Failure::TimedOut));
    let bytes = |bytes| PyBytes::new(py, bytes);
    let (stdout, stderr) = (bytes(&ended.stdout), bytes(&ended.stderr));
    let seconds = ended.duration.as_secs_f64();
    (index, code, stdout, stderr, seconds, ended.attempts, failure, timed_out)
}
