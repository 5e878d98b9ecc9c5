//! What the runtime does for compiled code: memory, signals, all cores, print, random streams.

use super::memory;
use crate::gate;
use manycore::engine;
use manycore::kernel::abi::{
    Body, Callbacks, Context, FAILED, MAX_VALUES, PrintKind, chunk, chunk_key, chunks, mix,
};
use manycore::kernel::message;
use manycore::linalg;
use pyo3::prelude::*;
use std::cell::Cell;
use std::collections::hash_map::RandomState;
use std::ffi::c_void;
use std::hash::BuildHasher;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicIsize, AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, OnceLock, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

/// How often a call in the main thread looks for signals, and what it prints is shown.
const TICK: Duration = Duration::from_millis(50);

/// What callbacks have to say of the call that they are made for; most have nothing.
#[derive(Default)]
struct Call(OnceLock<Box<Report>>);

#[derive(Default)]
struct Report {
    /// What ended it, if that was not the program.
    error: Mutex<Option<PyErr>>,
    output: Mutex<Output>,
}

/// What was printed and has not been shown.
#[derive(Default)]
struct Output {
    text: String,
    /// When something was shown, or first printed.
    shown: Option<Instant>,
}

/// The interpreter calls back as compiled code does.
pub static CALLBACKS: Callbacks = Callbacks {
    allocate: memory::allocate,
    free: memory::free,
    poll,
    parallel,
    print,
    linalg: linalg::callback,
    shift: manycore::kernel::list::shift,
};

/// Set twenty times a second while a call runs in the main thread.
static ALARM: AtomicU64 = AtomicU64::new(0);
/// For calls in other threads, which get no signals.
static NEVER: AtomicU64 = AtomicU64::new(0);
/// Calls in the main thread.
static ACTIVE: AtomicIsize = AtomicIsize::new(0);
/// Whether a thread sets the alarm.
static IS_TICKING: AtomicBool = AtomicBool::new(false);
/// Counts forks, behind which threads are others and random streams must be.
static GENERATION: AtomicU64 = AtomicU64::new(0);

/// Called in the child after a fork.
#[pyfunction]
pub fn after_fork() {
    ACTIVE.store(0, Ordering::SeqCst);
    IS_TICKING.store(false, Ordering::SeqCst);
    GENERATION.fetch_add(1, Ordering::SeqCst);
}

/// What a thread keeps between calls.
#[derive(Clone, Copy)]
struct Thread {
    generation: u64,
    is_main: bool,
    key: u64,
    counter: u64,
}

thread_local! {
    static THREAD: Cell<Option<Thread>> = const { Cell::new(None) };
    /// Whether this thread runs a part of a parallel loop, in which there is no other.
    static IS_PART: Cell<bool> = const { Cell::new(false) };
}

impl Thread {
    /// What the thread kept, if no fork came between.
    fn known() -> Option<Self> {
        let generation = GENERATION.load(Ordering::Relaxed);
        THREAD.get().filter(|thread| thread.generation == generation)
    }

    /// What it keeps from now on.
    fn new(is_main: bool) -> Self {
        let generation = GENERATION.load(Ordering::Relaxed);
        let key = mix(RandomState::new().hash_one((generation, std::process::id())));
        let thread = Self { generation, is_main, key, counter: 0 };
        THREAD.set(Some(thread));
        thread
    }

    fn current(py: Python<'_>) -> Self {
        Self::known().unwrap_or_else(|| {
            let is_main = || -> PyResult<bool> {
                let main = py.import("threading")?.call_method0("main_thread")?;
                let ident = py.import("_thread")?.call_method0("get_ident")?;
                main.getattr("ident")?.eq(ident)
            };
            Self::new(is_main().unwrap_or(false))
        })
    }
}

/// Runs compiled code with a context; `work` is given it and calls the code.
///
/// # Errors
/// If a signal's handler raised something meanwhile, that.
pub fn call<T: Send>(
    py: Python<'_>,
    is_short: bool,
    work: impl FnOnce(&mut Context) -> T + Send,
) -> PyResult<T> {
    let thread = Thread::current(py);
    if is_short {
        // It ends before the GIL could have been handed over.
        return with_context(thread, NEVER.as_ptr(), work);
    }
    let _ticking = thread.is_main.then(Ticking::new);
    let alarm = Alarm(if thread.is_main { ALARM.as_ptr() } else { NEVER.as_ptr() });
    gate::detached(py, move || with_context(thread, { alarm }.0, work))
}

/// The same for callers that are not Python: with or without the GIL, and nobody looks for signals.
///
/// # Errors
/// As for [`call`].
pub fn call_bare<T>(work: impl FnOnce(&mut Context) -> T) -> PyResult<T> {
    call_until(&NEVER, work)
}

/// The same, until `alarm` is not 0.
///
/// # Errors
/// As for [`call`].
pub fn call_until<T>(alarm: &AtomicU64, work: impl FnOnce(&mut Context) -> T) -> PyResult<T> {
    with_context(Thread::known().unwrap_or_else(|| Thread::new(false)), alarm.as_ptr(), work)
}

fn with_context<T>(
    thread: Thread,
    alarm: *const u64,
    work: impl FnOnce(&mut Context) -> T,
) -> PyResult<T> {
    let call = Call::default();
    let mut context = Context {
        alarm,
        key: thread.key,
        counter: thread.counter,
        site: u64::MAX,
        values: [0; MAX_VALUES],
        callbacks: &raw const CALLBACKS,
        user: (&raw const call).cast_mut().cast::<c_void>(),
        output: std::ptr::null_mut(),
        operations: 0,
        bytes: 0,
    };
    let result = work(&mut context);
    if (context.key, context.counter) != (thread.key, thread.counter) {
        THREAD.set(Some(Thread { key: context.key, counter: context.counter, ..thread }));
    }
    let Some(report) = call.0.into_inner() else { return Ok(result) };
    let mut output = report.output.into_inner().unwrap_or_else(PoisonError::into_inner);
    let mut error = report.error.into_inner().unwrap_or_else(PoisonError::into_inner);
    if !output.text.is_empty()
        && let Some(_inside) = gate::enter()
    {
        error = gate::attach(|py| output.show(py)).err().or(error);
    }
    error.map_or(Ok(result), Err)
}

/// The alarm's address, on its way to where the GIL is not held.
struct Alarm(*const u64);

// SAFETY: the alarms are statics.
unsafe impl Send for Alarm {}

/// A call in the main thread.
struct Ticking;

impl Ticking {
    fn new() -> Self {
        // Nobody else counts these. Counted before the look at the thread that sets the alarm, which looks
        // at the count behind its last act: one of the two sees the other.
        ACTIVE.store(ACTIVE.load(Ordering::Relaxed) + 1, Ordering::SeqCst);
        if !IS_TICKING.load(Ordering::SeqCst) && !IS_TICKING.swap(true, Ordering::SeqCst) {
            // Without one nobody looks for signals; the call is right all the same.
            let _ = thread::Builder::new().name("manycore-alarm".to_owned()).spawn(tick);
        }
        Self
    }
}

impl Drop for Ticking {
    fn drop(&mut self) {
        ACTIVE.store(ACTIVE.load(Ordering::Relaxed) - 1, Ordering::Release);
    }
}

/// Sets the alarm, for as long as there are calls.
fn tick() {
    let is_needed = || ACTIVE.load(Ordering::SeqCst) > 0;
    loop {
        thread::sleep(TICK);
        if is_needed() {
            ALARM.store(1, Ordering::Relaxed);
            continue;
        }
        IS_TICKING.store(false, Ordering::SeqCst);
        if !is_needed() || IS_TICKING.swap(true, Ordering::SeqCst) {
            break;
        }
    }
}

/// # Safety
/// The context is [`call`]'s, or a parallel loop's copy of it.
unsafe fn report<'a>(context: *const Context) -> &'a Report {
    // SAFETY: `call` outlives whatever runs in it.
    let call = unsafe { &*(*context).user.cast_const().cast::<Call>() };
    call.0.get_or_init(Box::default)
}

/// Looks for signals; in a part of a parallel loop the alarm says that another part has failed.
///
/// # Safety
/// The context is [`call`]'s, or a parallel loop's copy of it.
unsafe extern "C" fn poll(context: *mut Context) -> i32 {
    // SAFETY: as the caller says.
    let alarm = unsafe { (*context).alarm };
    if alarm != ALARM.as_ptr().cast_const() {
        return 1;
    }
    ALARM.store(0, Ordering::Relaxed);
    let Some(_inside) = gate::enter() else { return 1 };
    i32::from(gate::attach(|py| match py.check_signals() {
        Ok(()) => false,
        Err(error) => {
            // SAFETY: as the caller says.
            *unsafe { report(context) }.error.lock().unwrap_or_else(PoisonError::into_inner) =
                Some(error);
            true
        }
    }))
}

/// A parallel loop.
struct Loop {
    body: Body,
    closure: *const u8,
    count: i64,
    partials: *mut u8,
    stride: usize,
    /// What the parts' contexts are made of.
    context: Context,
    /// The chunk to be done next.
    next: AtomicI64,
    /// The first chunk that failed, and what its context says.
    failed: AtomicI64,
    failure: Mutex<Option<(u64, [u64; MAX_VALUES])>>,
    /// What the chunks have counted: operations and bytes.
    counted: [AtomicU64; 2],
    /// Tells other threads to stop.
    stop: AtomicU64,
    done: Mutex<i64>,
    is_done: Condvar,
}

// SAFETY: the addresses are used for as long as there are chunks to be done, which the caller waits for; the
// bodies are made to run at one time.
unsafe impl Send for Loop {}
// SAFETY: as above.
unsafe impl Sync for Loop {}

impl Loop {
    /// Does chunks until there is none left.
    fn work(&self, alarm: *const u64) {
        let outer = IS_PART.replace(true);
        loop {
            let number = self.next.fetch_add(1, Ordering::SeqCst);
            if number >= chunks(self.count) {
                break;
            }
            // A chunk behind one that failed would not have been reached.
            if number < self.failed.load(Ordering::SeqCst) {
                self.chunk(number, alarm);
            }
            let mut done = self.done.lock().unwrap_or_else(PoisonError::into_inner);
            *done += 1;
            if *done == chunks(self.count) {
                self.is_done.notify_all();
            }
        }
        IS_PART.set(outer);
    }

    fn chunk(&self, number: i64, alarm: *const u64) {
        let parent = &self.context;
        let mut context = Context {
            alarm,
            key: chunk_key(parent.key, parent.counter, number),
            counter: 0,
            operations: 0,
            bytes: 0,
            ..Context { ..*parent }
        };
        let (from, to) = chunk(self.count, number);
        // SAFETY: whoever called `parallel` vouches for body, closure and partials, and waits for us.
        let status = unsafe {
            let partials = self.partials.add(number as usize * self.stride);
            (self.body)(&mut context, self.closure, from, to, partials)
        };
        for (all, own) in self.counted.iter().zip([context.operations, context.bytes]) {
            all.fetch_add(own, Ordering::Relaxed);
        }
        if status != FAILED {
            return;
        }
        let mut failure = self.failure.lock().unwrap_or_else(PoisonError::into_inner);
        if number < self.failed.fetch_min(number, Ordering::SeqCst) {
            *failure = Some((context.site, context.values));
        }
        // SAFETY: the call that the loop belongs to waits for us.
        let report = unsafe { report(&context) };
        if report.error.lock().unwrap_or_else(PoisonError::into_inner).is_some() {
            self.failed.store(-1, Ordering::SeqCst);
            self.stop.store(1, Ordering::SeqCst);
        }
    }
}

/// `kernel::abi::Callbacks::parallel`: this thread does chunks, and those of the pool that have time.
///
/// # Safety
/// As `kernel::abi` says.
unsafe extern "C" fn parallel(
    context: *mut Context,
    body: Body,
    closure: *const u8,
    count: i64,
    partials: *mut u8,
    stride: u64,
) -> i32 {
    // SAFETY: the context is the caller's.
    let parent = unsafe { &mut *context };
    let work = Arc::new(Loop {
        body,
        closure,
        count,
        partials,
        stride: stride as usize,
        context: Context { ..*parent },
        next: AtomicI64::new(0),
        failed: AtomicI64::new(i64::MAX),
        failure: Mutex::new(None),
        counted: [const { AtomicU64::new(0) }; 2],
        stop: AtomicU64::new(0),
        done: Mutex::new(0),
        is_done: Condvar::new(),
    });
    // The next parallel loop has other streams.
    parent.counter = parent.counter.wrapping_add(1);
    let helpers = helpers().min(chunks(count).max(1) as usize - 1);
    if helpers > 0 {
        let theirs = Arc::clone(&work);
        let theirs: Arc<dyn Fn() + Send + Sync> =
            Arc::new(move || theirs.work(theirs.stop.as_ptr()));
        // If there can't be threads, this one does it all.
        let _ = engine::spread(helpers + 1, helpers, &theirs);
    }
    work.work(parent.alarm);
    let mut done = work.done.lock().unwrap_or_else(PoisonError::into_inner);
    while *done < chunks(count) {
        done = work.is_done.wait_timeout(done, TICK).unwrap_or_else(PoisonError::into_inner).0;
        if *done < chunks(count) && parent.alarm == ALARM.as_ptr().cast_const() {
            drop(done);
            // SAFETY: the context is the caller's.
            if unsafe { poll(context) } != 0 {
                work.stop.store(1, Ordering::SeqCst);
                work.failed.store(-1, Ordering::SeqCst);
            }
            done = work.done.lock().unwrap_or_else(PoisonError::into_inner);
        }
    }
    drop(done);
    let [operations, bytes] = &work.counted;
    parent.operations = parent.operations.wrapping_add(operations.load(Ordering::Relaxed));
    parent.bytes = parent.bytes.wrapping_add(bytes.load(Ordering::Relaxed));
    if work.failed.load(Ordering::SeqCst) == i64::MAX {
        return 0;
    }
    let failure = work.failure.lock().unwrap_or_else(PoisonError::into_inner);
    (parent.site, parent.values) = failure.unwrap_or((parent.site, parent.values));
    FAILED
}

/// How many threads may help in a parallel loop: none within another, or within a task, since all cores have
/// work then.
fn helpers() -> usize {
    let settings = manycore::configuration();
    if IS_PART.get() || engine::is_worker() || settings.lane == engine::Lane::Inline {
        return 0;
    }
    settings.workers().saturating_sub(1)
}

impl Output {
    /// Writes to `sys.stdout`.
    fn show(&mut self, py: Python<'_>) -> PyResult<()> {
        let text = std::mem::take(&mut self.text);
        let out = py.import("sys")?.getattr("stdout")?;
        if out.is_none() { Ok(()) } else { out.call_method1("write", (text,)).map(drop) }
    }
}

/// `kernel::abi::Callbacks::print`.
///
/// # Safety
/// As `kernel::abi` says.
unsafe extern "C" fn print(
    context: *mut Context,
    count: u64,
    kinds: *const u8,
    values: *const u64,
) {
    const MUCH: usize = 1 << 16;
    let mut line = String::new();
    let mut values = values;
    for index in 0..count as usize {
        if index > 0 {
            line.push(' ');
        }
        // SAFETY: there are so many kinds, each with the slots that it says.
        unsafe {
            let kind = kind(*kinds.add(index));
            let slots = std::slice::from_raw_parts(values, width(kind));
            if kind == PrintKind::Str {
                let address = slots[0] as usize as *const u8;
                let bytes = std::slice::from_raw_parts(address, slots[1] as usize);
                line += &String::from_utf8_lossy(bytes);
            } else {
                line += &message::text(kind, slots);
            }
            values = values.add(slots.len());
        }
    }
    line.push('\n');
    // SAFETY: the context is `call`'s, or a parallel loop's copy of it.
    let report = unsafe { report(context) };
    let mut output = report.output.lock().unwrap_or_else(PoisonError::into_inner);
    output.text += &line;
    let shown = *output.shown.get_or_insert_with(Instant::now);
    if output.text.len() < MUCH && shown.elapsed() < TICK {
        return;
    }
    output.shown = Some(Instant::now());
    // Not under the lock: writing may call Python.
    let mut now = Output { text: std::mem::take(&mut output.text), shown: None };
    drop(output);
    let Some(_inside) = gate::enter() else { return };
    if let Err(error) = gate::attach(|py| now.show(py)) {
        report.error.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(error);
    }
}

/// What a printed value is, by its number.
fn kind(number: u8) -> PrintKind {
    use PrintKind::{Bool, Complex, Float, Float32, Int, None, Str, Unsigned};
    [Int, Unsigned, Float, Bool, Str, Complex, None, Float32][usize::from(number)]
}

/// How many slots it takes.
fn width(kind: PrintKind) -> usize {
    match kind {
        PrintKind::None => 0,
        PrintKind::Str | PrintKind::Complex => 2,
        _ => 1,
    }
}
