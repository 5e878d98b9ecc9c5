//! What can be told of a run: which task ran where and when, and what else happened beside it.

use std::sync::atomic::{AtomicU32, Ordering};

/// Where tasks run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Lane {
    /// The caller's own thread.
    Inline,
    /// A thread of the process's pool.
    Threads,
    /// A worker process.
    Processes,
    /// Wherever seems best, task by task: as a setting, never of an event.
    Mixed,
}

impl Lane {
    /// The lane's name, as in `mc.config(lane=...)`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Inline => "inline",
            Self::Threads => "threads",
            Self::Processes => "processes",
            Self::Mixed => "mixed",
        }
    }
}

/// A worker: a row of the timeline.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Row {
    /// A thread that runs its tasks itself, by [`thread_number`].
    Caller(u32),
    /// A thread of the process's pool, from 0.
    Thread(u32),
    /// A worker process.
    Process {
        /// Which of this process's pools it belongs to.
        pool: u32,
        /// Its number within that pool, from 0; a worker that dies leaves it to its successor.
        index: u32,
        /// The system's number of it.
        pid: u32,
    },
}

impl Row {
    /// The lane that the worker belongs to.
    pub fn lane(self) -> Lane {
        self.crew().0
    }

    /// Those who work together: the lane, and which crew of that lane.
    pub(crate) fn crew(self) -> (Lane, u32) {
        match self {
            Self::Caller(number) => (Lane::Inline, number),
            Self::Thread(_) => (Lane::Threads, 0),
            Self::Process { pool, .. } => (Lane::Processes, pool),
        }
    }
}

/// A number of the calling thread's own, counted from 0 in the order of first calls.
pub fn thread_number() -> u32 {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    thread_local! {
        static NUMBER: u32 = NEXT.fetch_add(1, Ordering::Relaxed);
    }
    NUMBER.with(|number| *number)
}

/// The workers that may run a run's tasks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Crew {
    /// Where they work.
    pub lane: Lane,
    /// Which of the lane's crews: a caller's number, a pool's; 0 for the one pool of threads.
    pub number: u32,
    /// How many they are.
    pub workers: u32,
}

/// One task's run. Times are nanoseconds since the trace's start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Event {
    /// Which run the task belongs to.
    pub run: u32,
    /// The task's number in its graph.
    pub task: u32,
    /// Who ran it.
    pub row: Row,
    /// When it started.
    pub start: u64,
    /// When it ended.
    pub end: u64,
    /// Size of its result, in bytes; 0 if it failed.
    pub bytes: u64,
}

impl Event {
    /// Nanoseconds from start to end.
    pub fn length(&self) -> u64 {
        self.end - self.start
    }
}

/// What else happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NoteKind {
    /// A value went to disk.
    Spill,
    /// A value came back from disk.
    Load,
    /// Bytes went to a worker process, or came from it.
    Copy,
    /// A worker process was started.
    Start,
    /// A worker process died.
    Death,
    /// The engine chose; the text says what, and why.
    Decision,
}

impl NoteKind {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::Spill, Self::Load, Self::Copy, Self::Start, Self::Death, Self::Decision];

    /// One word.
    pub fn name(self) -> &'static str {
        match self {
            Self::Spill => "spill",
            Self::Load => "load",
            Self::Copy => "copy",
            Self::Start => "start",
            Self::Death => "death",
            Self::Decision => "decision",
        }
    }
}

/// Something that happened and is no task. Times are nanoseconds since the trace's start.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// What kind of thing.
    pub kind: NoteKind,
    /// Whose row it stands in, if it is one worker's.
    pub row: Option<Row>,
    /// When it began.
    pub start: u64,
    /// When it was over; the same for what takes no time.
    pub end: u64,
    /// How many bytes it moved.
    pub bytes: u64,
    /// What the reader is told.
    pub text: String,
}
