//! The gate to the interpreter: which of our threads may ask for the GIL, and how they are ended.
//!
//! **Interrupting.** Python callables run on the pool's threads, which get no signals. They are told
//! by the run's stop flag between two elements, and, if that does not help soon, by a
//! KeyboardInterrupt at their next bytecode. Not at once: it may hit anywhere, as Ctrl-C may in a
//! script, also between taking a lock and the `try` behind it.
//!
//! **Leaving.** Up to CPython 3.13, a thread that asks for the GIL while the interpreter is torn down
//! is ended by `pthread_exit`, and that aborts the process when it unwinds through our frames. So at
//! exit the gate closes: runs are stopped, those inside come out, and a daemon thread that returns
//! from a run is held for ever, which is what CPython itself does from 3.14 on.

use manycore::engine::end_zygotes;
use manycore::graph::{Context, Control, OpError};
use pyo3::exceptions::PyKeyboardInterrupt;
use pyo3::prelude::*;
use std::cell::Cell;
use std::ffi::c_long;
use std::sync::atomic::{AtomicIsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::thread::{self, ThreadId};
use std::time::{Duration, Instant};

/// How long callables have to end by themselves before they are interrupted.
const GENTLE: Duration = Duration::from_millis(20);
/// How long the interpreter's exit waits for those that were interrupted.
const PATIENCE: Duration = Duration::from_millis(150);

/// Who is in a Python callable, and what runs; looked at with the GIL held only, so that a fork,
/// for which it is held too, finds the lock open.
struct Open {
    process: u32,
    callables: Vec<(Run, c_long)>,
    runs: Vec<Arc<Control>>,
}

/// A run's identity: the address of its control.
type Run = usize;

static OPEN: Mutex<Open> = Mutex::new(Open { process: 0, callables: Vec::new(), runs: Vec::new() });
/// Threads that hold the GIL or are about to ask for it, but for those that came from Python.
static INSIDE: AtomicIsize = AtomicIsize::new(0);
/// The thread in which the interpreter exits.
static LEAVING: OnceLock<ThreadId> = OnceLock::new();

thread_local! {
    static DEPTH: Cell<isize> = const { Cell::new(0) };
}

fn open() -> MutexGuard<'static, Open> {
    let mut open = OPEN.lock().unwrap_or_else(PoisonError::into_inner);
    let process = std::process::id();
    if open.process != process {
        // A child process has none of its parent's threads but the one that forked.
        if open.process != 0 {
            INSIDE.store(DEPTH.get(), Ordering::SeqCst);
        }
        *open = Open { process, callables: Vec::new(), runs: Vec::new() };
    }
    open
}

/// Being inside, until it is dropped.
pub struct Inside;

impl Inside {
    fn new() -> Self {
        INSIDE.fetch_add(1, Ordering::SeqCst);
        DEPTH.set(DEPTH.get() + 1);
        Self
    }
}

impl Drop for Inside {
    fn drop(&mut self) {
        DEPTH.set(DEPTH.get() - 1);
        INSIDE.fetch_sub(1, Ordering::SeqCst);
    }
}

/// Lets a thread in; nothing once the gate has closed, but for whoever is inside already.
pub fn enter() -> Option<Inside> {
    let is_inside = DEPTH.get() > 0;
    // Announced before the look: who closes the gate closes it first and then counts.
    let inside = Inside::new();
    (is_inside || !is_closed()).then_some(inside)
}

/// Whether the interpreter exits, in another thread.
fn is_closed() -> bool {
    LEAVING.get().is_some_and(|leaving| *leaving != thread::current().id())
}

/// A thread of ours as the interpreter knows it, kept for the thread's life.
///
/// Without it, every taking of the GIL would make a thread state and every release destroy it: some
/// microseconds, and a lock of CPython's that a fork must find open.
struct Known(pyo3::ffi::PyGILState_STATE, *mut pyo3::ffi::PyThreadState);

impl Known {
    fn new() -> Option<Self> {
        // SAFETY: may be called with or without the GIL, by any thread.
        if !unsafe { pyo3::ffi::PyGILState_GetThisThreadState() }.is_null() {
            return None;
        }
        // SAFETY: the thread has no state yet, so it does not hold the GIL, which is let go at once.
        unsafe { Some(Self(pyo3::ffi::PyGILState_Ensure(), pyo3::ffi::PyEval_SaveThread())) }
    }
}

impl Drop for Known {
    fn drop(&mut self) {
        let Some(_inside) = enter() else { return };
        // SAFETY: the state is the one that `new` saved on this thread, whose other takers of the GIL
        // have let go of it: the thread ends. The interpreter waits for who is inside.
        unsafe {
            pyo3::ffi::PyEval_RestoreThread(self.1);
            pyo3::ffi::PyGILState_Release(self.0);
        }
    }
}

/// Runs `work` with the GIL; the caller is inside the gate.
pub fn attach<T>(work: impl FnOnce(Python<'_>) -> T) -> T {
    thread_local! {
        static KNOWN: Option<Known> = Known::new();
    }
    KNOWN.with(|_| {
        let _held = Held::new();
        Python::attach(work)
    })
}

/// The GIL, for as long as this lives. pyo3 counts who it has given it to, and does not know of C code, such as
/// NumPy's loops, that has let go of it in between and calls us.
struct Held(pyo3::ffi::PyGILState_STATE);

impl Held {
    fn new() -> Self {
        // SAFETY: may be called with or without the GIL, by any thread; the caller is inside the gate.
        Self(unsafe { pyo3::ffi::PyGILState_Ensure() })
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        // SAFETY: the state is the one that `new` got, on this thread.
        unsafe { pyo3::ffi::PyGILState_Release(self.0) }
    }
}

/// Runs `work` without the GIL.
pub fn detached<T: Send>(py: Python<'_>, work: impl FnOnce() -> T + Send) -> T {
    // Whoever comes too late is held here until the process has ended.
    let hold = || -> Inside {
        loop {
            thread::park();
        }
    };
    let (result, _inside) = py.detach(|| {
        if is_closed() && DEPTH.get() == 0 {
            hold();
        }
        (work(), enter().unwrap_or_else(hold))
    });
    result
}

/// Runs `work`, which computes what `control` controls, without the GIL.
pub fn run<T: Send>(py: Python<'_>, control: &Arc<Control>, work: impl FnOnce() -> T + Send) -> T {
    // Up to CPython 3.12, `threading` takes the thread that imports it for the main thread, for which
    // the interpreter's exit waits: it must not be one of ours. Nobody is harmed if it isn't there.
    let _ = py.import("threading");
    open().runs.push(Arc::clone(control));
    let result = detached(py, work);
    open().runs.retain(|other| !Arc::ptr_eq(other, control));
    result
}

/// The calling thread as the interpreter knows it.
fn identify(py: Python<'_>) -> PyResult<c_long> {
    thread_local! {
        static IDENT: Cell<Option<c_long>> = const { Cell::new(None) };
    }
    if let Some(ident) = IDENT.get() {
        return Ok(ident);
    }
    let ident = py.import("_thread")?.call_method0("get_ident")?.extract()?;
    IDENT.set(Some(ident));
    Ok(ident)
}

fn identity(control: &Control) -> Run {
    std::ptr::from_ref(control).addr()
}

/// Runs `work` with the GIL, where it can be interrupted.
pub fn attached<T>(
    context: &Context<'_>,
    work: impl FnOnce(Python<'_>) -> PyResult<T>,
) -> Result<T, OpError> {
    let _inside = Inside::new();
    // A run that the exit has stopped must not ask for the GIL any more.
    context.check()?;
    attach(|py| {
        let entry = (identity(context.control), identify(py)?);
        open().callables.push(entry);
        // Again with the GIL held: whoever interrupts holds it too, so none is missed.
        let result = context.check().map_err(OpError::from);
        let result = result.and_then(|()| work(py).map_err(OpError::from));
        let callables = &mut open().callables;
        if let Some(index) = callables.iter().position(|other| *other == entry) {
            callables.swap_remove(index);
        }
        result
    })
}

/// Whether there is no GIL: a build of CPython without it (PEP 703), where nothing has turned it on.
#[pyfunction]
pub fn is_free_threaded(py: Python<'_>) -> PyResult<bool> {
    // CPython has it from 3.13 on.
    match py.import("sys")?.getattr_opt("_is_gil_enabled")? {
        Some(is_enabled) => Ok(!is_enabled.call0()?.is_truthy()?),
        None => Ok(false),
    }
}

/// Called between two elements: fails if the run was stopped, or a signal's handler raises.
pub fn ask(py: Python<'_>, context: &Context<'_>) -> PyResult<()> {
    if context.control.is_stopped() {
        return Err(PyKeyboardInterrupt::new_err(()));
    }
    // On the inline lane this may be the main thread, and what it calls may be written in C.
    py.check_signals()
}

/// Ends the Python callables of a run that was stopped: waits a little, then interrupts them.
///
/// One that is inside a C function goes on until that returns.
pub fn interrupt(control: &Control) {
    let run = identity(control);
    let begin = Instant::now();
    loop {
        let Some(_inside) = enter() else { return };
        let is_done = attach(|py| {
            let is_over = !open().callables.iter().any(|(other, _)| *other == run);
            if !is_over && begin.elapsed() >= GENTLE {
                raise(py, |other| other == run);
                return true;
            }
            is_over
        });
        if is_done {
            return;
        }
        thread::sleep(Duration::from_millis(1));
    }
}

fn raise(py: Python<'_>, is_meant: impl Fn(Run) -> bool) {
    let exception = py.get_type::<PyKeyboardInterrupt>();
    for (_, thread) in open().callables.iter().filter(|(run, _)| is_meant(*run)) {
        // SAFETY: the GIL is held, and the exception class is alive.
        unsafe { pyo3::ffi::PyThreadState_SetAsyncExc(*thread, exception.as_ptr()) };
    }
}

/// Closes the gate: `atexit` calls it, before the interpreter is torn down.
#[pyfunction]
pub fn leave(py: Python<'_>) {
    // A second time, in a child process that was forked meanwhile, there is nothing to close.
    let _ = LEAVING.set(thread::current().id());
    open().runs.iter().for_each(|run| run.stop());
    py.detach(|| wait(GENTLE));
    raise(py, |_| true);
    py.detach(|| wait(PATIENCE));
    crate::workers::leave(py);
    py.detach(end_zygotes);
}

/// Waits until nobody is inside.
fn wait(patience: Duration) {
    let begin = Instant::now();
    while INSIDE.load(Ordering::SeqCst) > 0 && begin.elapsed() < patience {
        thread::sleep(Duration::from_millis(1));
    }
}
