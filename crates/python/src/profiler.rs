//! The profiler: finds the interpreter, makes sure that its frames are read right, and shows profiles.

use crate::error::os_error;
use crate::gate::detached;
use manycore::engine;
use manycore::measure::profile::{
    self, Builder, Class, Frame, Instructions, Interpreter, Memory, Offsets, OwnMemory, Part, Row,
    Sampler, Settings, Walker,
};
use manycore::trace::doing;
use pyo3::exceptions::{PyRuntimeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::PyBytes;
use std::collections::HashMap;
use std::ffi::CStr;
use std::path::PathBuf;
use std::time::Duration;

/// What `_PyRuntime` begins with is read up to here: more than where its offsets are.
const RUNTIME: usize = 512;

/// The address of a symbol that CPython exports.
fn symbol(name: &CStr) -> Option<usize> {
    // SAFETY: it is a name, and nothing is called.
    let address = unsafe { libc::dlsym(libc::RTLD_DEFAULT, name.as_ptr()) } as usize;
    (address != 0).then_some(address)
}

/// A walker over this interpreter's frames, which has found the caller's stack as `sys._getframe` does.
fn walker(py: Python<'_>) -> PyResult<Walker<OwnMemory>> {
    let refused = |why: &str| PyRuntimeError::new_err(why.to_owned());
    let version = py.version_info();
    let named = format!("Python {}.{}.{}", version.major, version.minor, version.patch);
    if crate::gate::is_free_threaded(py)? {
        return Err(refused("frames of free-threaded builds of Python can't be read"));
    }
    let (Some(runtime), Some(code_type), Some(text_type)) =
        (symbol(c"_PyRuntime"), symbol(c"PyCode_Type"), symbol(c"PyUnicode_Type"))
    else {
        return Err(refused("this Python doesn't export its runtime's symbols"));
    };
    let start = OwnMemory.get(runtime, RUNTIME);
    let start = start.ok_or_else(|| refused("the system doesn't let a process read its memory"))?;
    let Some(offsets) = Offsets::of((version.major, version.minor), &start) else {
        return Err(refused(&format!("frames of {named} can't be read (those of 3.11-3.13 can)")));
    };
    // SAFETY: the GIL is held.
    let state = unsafe { pyo3::ffi::PyInterpreterState_Get() } as usize;
    let interpreter = Interpreter { state, runtime, code_type, text_type };
    let mut walker = Walker::new(OwnMemory, interpreter, offsets);
    let known = known_stack(py)?;
    if walker.own_stack().is_none_or(|seen| seen != known) {
        return Err(refused(&format!(
            "frames of this build of {named} are not where they should be"
        )));
    }
    Ok(walker)
}

/// The calling thread's stack as Python knows it.
fn known_stack(py: Python<'_>) -> PyResult<Vec<(String, String, i32)>> {
    let mut frame = py.import("sys")?.call_method0("_getframe")?;
    let mut stack = Vec::new();
    while !frame.is_none() {
        let code = frame.getattr("f_code")?;
        let (file, function) = (code.getattr("co_filename")?, code.getattr("co_qualname")?);
        let line: Option<i32> = frame.getattr("f_lineno")?.extract()?;
        let line = match line {
            Some(line) => line,
            None => code.getattr("co_firstlineno")?.extract()?,
        };
        let lossy =
            |text: Bound<'_, PyAny>| Ok::<_, PyErr>(text.str()?.to_string_lossy().into_owned());
        stack.push((lossy(file)?, lossy(function)?, line));
        frame = frame.getattr("f_back")?;
    }
    Ok(stack)
}

fn instructions(names: &[(String, u8)]) -> Instructions {
    Instructions::new(names.iter().map(|(name, number)| (name.as_str(), *number)))
}

fn settings(hz: f64, memory: bool) -> PyResult<Settings> {
    if !(0.1..=10_000.0).contains(&hz) {
        let text = format!("hz must be samples in a second, from 0.1 to 10000, not {hz}");
        return Err(PyValueError::new_err(text));
    }
    Ok(Settings { hz, memory })
}

/// Starts to sample this process; `main` is the kernel's number of its main thread, `names` are those
/// of the interpreter's instructions.
///
/// # Errors
/// RuntimeError, if a profile is being made, or if this interpreter's frames can't be read.
#[pyfunction]
pub fn profile_start(
    py: Python<'_>,
    names: Vec<(String, u8)>,
    hz: f64,
    memory: bool,
    main: i32,
) -> PyResult<()> {
    let settings = settings(hz, memory)?;
    let walker = walker(py)?;
    let started = profile::run(|| Sampler::start(walker, instructions(&names), settings, main));
    match started {
        None => Err(PyRuntimeError::new_err("a profile of this process is being made already")),
        Some(Err(error)) => Err(PyRuntimeError::new_err(error.to_string())),
        Some(Ok(())) => Ok(()),
    }
}

/// Ends it; nothing if none is made.
#[pyfunction]
pub fn profile_stop(py: Python<'_>) -> Option<Profile> {
    detached(py, profile::stop).map(|profile| Profile { profile })
}

/// Lets workers write their profiles into a folder; those that are there already are told so, in the
/// words that `_worker.py` understands.
#[pyfunction]
pub fn profile_open(folder: PathBuf, told: &str) -> PyResult<()> {
    profile::open_folder(&folder)
        .map_err(|error| os_error(&error, folder.as_os_str(), error.to_string()))?;
    engine::announce(Some(told.as_bytes().into()));
    Ok(())
}

/// Ends the workers' profiles, which are waited for so many seconds.
#[pyfunction]
pub fn profile_close(py: Python<'_>, folder: PathBuf, limit: f64) -> Vec<Profile> {
    engine::announce(None);
    let profiles = detached(py, || profile::close_folder(&folder, Duration::from_secs_f64(limit)));
    profiles.into_iter().map(|profile| Profile { profile }).collect()
}

/// Samples this process into a folder until the profile is over that it is part of: as a child of one
/// that takes part, or else as a worker.
#[pyfunction]
pub fn profile_work(
    py: Python<'_>,
    folder: PathBuf,
    names: Vec<(String, u8)>,
    hz: f64,
    memory: bool,
    main: i32,
    is_child: bool,
) -> PyResult<()> {
    let settings = settings(hz, memory)?;
    if !profile::is_open(&folder) {
        return Ok(());
    }
    let part = if is_child { Part::Child } else { Part::Worker };
    profile::work_for(folder, walker(py)?, instructions(&names), settings, main, part)
        .map_err(|error| PyRuntimeError::new_err(error.to_string()))
}

/// Ends that, and writes down what was seen.
#[pyfunction]
pub fn profile_leave(py: Python<'_>) {
    detached(py, profile::leave);
}

/// Called in the child after a fork.
#[pyfunction]
pub fn after_fork() {
    doing::forked();
}

/// What was seen of a program; `manycore.Profile` is its face.
#[pyclass(frozen, module = "manycore._core")]
pub struct Profile {
    profile: profile::Profile,
}

/// A file, line, function, and whether they are the user's; seconds: Python, native, waiting for the GIL,
/// waiting, own; bytes, samples.
type RowOut = ((String, i32, String, bool), (f64, f64, f64, f64, f64), i64, u64);
/// A process, a name, whether Python runs in it; seconds: Python, native, waiting for the GIL, waiting,
/// idle, of processor time.
type ThreadOut = (u32, String, bool, (f64, f64, f64, f64, f64, f64));
/// A thread's name, a stack, whether it waited, seconds from when to when, samples.
type Seen = (String, StackOut, bool, (f64, f64), u64);
/// Seconds.
type Times = (f64, f64, f64, f64, f64);
/// Places, the outermost first: file, function, line.
type StackOut = Vec<(String, String, i32)>;

#[pymethods]
impl Profile {
    /// One that was made otherwise: a thread's name, a stack, whether it waited, from when to when, how
    /// often it was seen.
    #[staticmethod]
    fn seen(seen: Vec<Seen>, seconds: f64, processor: f64, samples: u64) -> Self {
        let seen = seen.into_iter().map(|(name, stack, waited, times, samples)| {
            let place = |(file, function, line)| Frame { file, function, line };
            let class = if waited { Class::Idle } else { Class::Python };
            (name, stack.into_iter().map(place).collect(), class, times, samples)
        });
        let mut builder = Builder::seen(std::process::id(), seen);
        let figures = builder.figures();
        (figures.end, figures.samples) = ((seconds * 1e9) as u64, samples);
        figures.processor_time = (processor * 1e9) as u64;
        Self { profile: builder.profile() }
    }

    /// Seconds from its start to its end, all threads', of processor time, of the sampler's, of children's;
    /// samples, dropped ones, workers.
    fn figures(&self) -> (Times, (u64, u64, u32)) {
        let profile = &self.profile;
        let length = profile.end.saturating_sub(profile.start);
        let times = [length, profile.total(), profile.processor_time, profile.own_time];
        let [length, total, processor, own] = times.map(seconds);
        let child = seconds(profile.child_time);
        (
            (length, total, processor, own, child),
            (profile.samples, profile.dropped, profile.workers),
        )
    }

    /// Together with workers' profiles.
    fn merged(&self, py: Python<'_>, workers: Vec<Py<Self>>) -> Self {
        let workers: Vec<_> = workers.iter().map(|worker| worker.get().profile.clone()).collect();
        Self { profile: detached(py, || self.profile.merged(&workers)) }
    }

    /// Without the frames of the profiler's own file, and what called them.
    fn without(&self, file: &str) -> Self {
        Self { profile: self.profile.without(file) }
    }

    /// With the names of threads, by the kernel's numbers, as Python has them.
    fn named(&self, names: HashMap<i32, String>) -> Self {
        let mut profile = self.profile.clone();
        for thread in &mut profile.threads {
            if let Some(name) = names.get(&thread.number) {
                thread.name.clone_from(name);
            }
        }
        Self { profile }
    }

    /// By line; files under `libraries` are not the user's.
    fn lines(&self, libraries: Vec<String>) -> Vec<RowOut> {
        self.profile.lines(&libraries).into_iter().map(row).collect()
    }

    /// By function, likewise.
    fn functions(&self, libraries: Vec<String>) -> Vec<RowOut> {
        self.profile.functions(&libraries).into_iter().map(row).collect()
    }

    /// By thread.
    fn threads(&self) -> Vec<ThreadOut> {
        let row = |row: profile::ThreadRow| {
            let times = row.times;
            let [python, native, gil, waiting, idle, processor] = [
                times.python,
                times.native,
                times.gil_wait,
                times.waiting,
                times.idle,
                row.processor_time,
            ]
            .map(seconds);
            let seconds = (python, native, gil, waiting, idle, processor);
            (row.process, row.name, row.is_python, seconds)
        };
        self.profile.thread_rows().into_iter().map(row).collect()
    }

    /// Each stack that was not idle, and its seconds.
    fn stacks(&self) -> Vec<(StackOut, f64)> {
        let busy = self.profile.counts.iter().filter(|(key, _)| key.2 != Class::Idle);
        let stack = |&((_, stack, _), count): &(profile::Key, profile::Count)| {
            let place = |frame: &Frame| (frame.file.clone(), frame.function.clone(), frame.line);
            (self.profile.places(stack).map(place).collect(), seconds(count.time))
        };
        busy.map(stack).collect()
    }

    /// As collapsed stacks.
    fn collapsed(&self) -> String {
        self.profile.collapsed()
    }

    /// As speedscope's JSON.
    fn speedscope(&self, py: Python<'_>, name: &str) -> String {
        detached(py, || self.profile.speedscope(name))
    }

    /// In the Trace Event Format.
    fn chrome(&self, py: Python<'_>) -> String {
        detached(py, || self.profile.chrome())
    }

    /// As bytes, for another process.
    fn __reduce__<'py>(
        &self,
        py: Python<'py>,
    ) -> PyResult<(Bound<'py, PyAny>, (Bound<'py, PyBytes>,))> {
        let load = py.get_type::<Self>().getattr("loaded")?;
        Ok((load, (PyBytes::new(py, &self.profile.to_bytes()),)))
    }

    /// One from another process.
    #[staticmethod]
    fn loaded(bytes: &[u8]) -> PyResult<Self> {
        let profile = profile::Profile::from_bytes(bytes);
        let profile = profile.ok_or_else(|| PyValueError::new_err("these bytes are no profile"))?;
        Ok(Self { profile })
    }
}

fn row(row: Row) -> RowOut {
    let times = row.times;
    let [python, native, gil, waiting, own] =
        [times.python, times.native, times.gil_wait, times.waiting, row.own].map(seconds);
    let place = (row.place.file, row.place.line, row.place.function, row.is_user);
    (place, (python, native, gil, waiting, own), row.growth, row.samples)
}

fn seconds(nanoseconds: u64) -> f64 {
    nanoseconds as f64 / 1e9
}
