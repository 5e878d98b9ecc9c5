//! What a task does, and what it is told while it does it.

use crate::Value;
use std::any::Any;
use std::error::Error;
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Why an op failed: the op's own error, kept whole so that the caller can have it back.
pub type OpError = Box<dyn Error + Send + Sync>;

/// What an op needs of the lane that runs it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Rust or compiled code: runs without the GIL, on any thread.
    Native,
    /// Calls Python: takes the GIL by itself, or travels to a worker interpreter.
    Python,
}

/// A computation over values. It does not know where it runs.
pub trait Op: Send + Sync {
    /// What errors and traces call it, such as `"read_text+split+count"`.
    fn name(&self) -> String;

    /// What it needs of a lane.
    fn kind(&self) -> Kind {
        Kind::Native
    }

    /// Where partition `partition` came from, such as a file's path, for error messages.
    fn origin(&self, partition: u32) -> Option<String> {
        let _ = partition;
        None
    }

    /// This op in the form in which a worker process can do it, if it has one.
    fn remote(&self) -> Option<&dyn Remote> {
        None
    }

    /// Whether tasks of this op can be tried in place before it is known how long they take.
    fn is_trusted(&self) -> bool {
        false
    }

    /// Whether a task that has failed can be done once more with the same inputs.
    fn is_repeatable(&self) -> bool {
        true
    }

    /// Does `work`, which runs, sends or ends several tasks.
    ///
    /// What each of them would take by itself, such as an interpreter's lock, can be taken once.
    fn together(&self, work: &mut dyn FnMut()) {
        work();
    }

    /// Computes one task of this op from its inputs, in the order the graph names them.
    ///
    /// An op that works for more than some milliseconds calls [`Context::check`] now and then.
    ///
    /// # Errors
    /// Whatever the op raises; the run then ends with this task's name and partition.
    fn run(&self, inputs: Vec<Value>, context: &Context<'_>) -> Result<Value, OpError>;
}

/// An op that another process can do: what to send there, and what to make of the answer.
pub trait Remote: Send + Sync {
    /// What a worker is sent to compute `partition` from `inputs`.
    ///
    /// # Errors
    /// Whatever keeps the inputs from being sent, such as an object that can't be pickled.
    fn request(&self, inputs: &[Value], partition: u32) -> Result<Request, OpError>;

    /// The result, or the error, that the worker sent back.
    ///
    /// # Errors
    /// What the task raised.
    fn answer(&self, answer: Answer, context: &Context<'_>) -> Result<Value, OpError>;
}

/// Bytes that somebody keeps in their place; who knows the type may know more about them.
pub trait Bytes: AsRef<[u8]> + Any + Send + Sync {}

impl<T: AsRef<[u8]> + Any + Send + Sync> Bytes for T {}

/// Bytes that are sent without a copy if they are many.
pub type Shared = Arc<dyn Bytes>;

/// A task on its way to a worker.
pub struct Request {
    /// What to call; a worker is sent it once.
    pub function: Function,
    /// What to call it with, in the words of whoever wrote the worker: the first bytes of that,
    pub head: Vec<u8>,
    /// the others, in pieces,
    pub bytes: Vec<Shared>,
    /// and large parts.
    pub buffers: Vec<Shared>,
}

/// Something that workers can call.
#[derive(Clone)]
pub struct Function {
    /// The same for the same bytes, and for no others.
    pub id: u64,
    /// In the words of whoever wrote the worker.
    pub bytes: Arc<[u8]>,
}

/// What a worker made of a task.
pub struct Answer {
    /// Whether it is a result; else it is an error.
    pub is_result: bool,
    /// In the words of whoever wrote the worker.
    pub bytes: Shared,
    /// Large parts of that.
    pub buffers: Vec<Shared>,
}

/// What a running op is told: which partition it computes, and whether to go on.
#[derive(Clone, Copy, Debug)]
pub struct Context<'run> {
    /// The task's number within its layer.
    pub partition: u32,
    /// Shared by all tasks of a run.
    pub control: &'run Control,
    /// Who is to be asked whether to go on, where nobody else can stop the run meanwhile.
    pub ask: Option<&'run dyn Ask>,
}

/// Looks at a run from within its tasks.
pub trait Ask: fmt::Debug + Sync {
    /// Stops the run's control if the run is not to go on; called often, so it does little.
    fn ask(&self);
}

impl Context<'_> {
    /// Returns an error if the run was cancelled or has failed elsewhere.
    ///
    /// # Errors
    /// [`Stopped`], which the engine knows and does not report as the op's own failure.
    pub fn check(&self) -> Result<(), Stopped> {
        if let Some(ask) = self.ask {
            ask.ask();
        }
        if self.control.is_stopped() { Err(Stopped) } else { Ok(()) }
    }
}

/// The run was told to stop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stopped;

impl fmt::Display for Stopped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the run was stopped")
    }
}

impl Error for Stopped {}

/// One run's stop flag and progress counters; tasks write, whoever waits reads.
#[derive(Debug, Default)]
pub struct Control {
    stopped: AtomicU64,
    bytes: AtomicU64,
    items: AtomicU64,
    files: AtomicU64,
    tasks: AtomicU64,
}

impl Control {
    /// Asks every task of the run to end.
    pub fn stop(&self) {
        self.stopped.store(1, Ordering::Relaxed);
    }

    /// Whether the run was asked to end.
    pub fn is_stopped(&self) -> bool {
        self.stopped.load(Ordering::Relaxed) != 0
    }

    /// What is not 0 once the run was asked to end: for code that looks at it in every round.
    pub fn alarm(&self) -> &AtomicU64 {
        &self.stopped
    }

    /// Counts input bytes consumed and items (words, lines, elements) produced.
    pub fn advance(&self, bytes: u64, items: u64) {
        self.bytes.fetch_add(bytes, Ordering::Relaxed);
        self.items.fetch_add(items, Ordering::Relaxed);
    }

    /// Counts one input file read to its end.
    pub fn finish_file(&self) {
        self.files.fetch_add(1, Ordering::Relaxed);
    }

    /// Counts one task done.
    pub fn finish_task(&self) {
        self.tasks.fetch_add(1, Ordering::Relaxed);
    }

    /// Tasks done so far.
    pub fn tasks(&self) -> u64 {
        self.tasks.load(Ordering::Relaxed)
    }

    /// Input bytes consumed so far.
    pub fn bytes(&self) -> u64 {
        self.bytes.load(Ordering::Relaxed)
    }

    /// Items seen so far.
    pub fn items(&self) -> u64 {
        self.items.load(Ordering::Relaxed)
    }

    /// Input files finished so far.
    pub fn files(&self) -> u64 {
        self.files.load(Ordering::Relaxed)
    }
}
