//! One worker process: started, spoken to, and gone when we say so or when it dies.

use crate::notice;
use crate::zygote::Fork;
use channel::{Channel, Marker, Outgoing, Outside, Parcel, Spares};
use graph::{Request, Shared};
use std::any::Any;
use std::collections::HashSet;
use std::ffi::OsString;
use std::io;
use std::os::fd::AsFd;
use std::os::unix::process::ExitStatusExt;
use std::process::ExitStatus;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

/// How to start workers.
#[derive(Clone, Debug)]
pub struct Program {
    /// The program that forks them, then its arguments. It finds its end of a channel as its standard
    /// input.
    pub command: Vec<OsString>,
    /// All of its environment variables.
    pub environment: Vec<(OsString, OsString)>,
    /// What must not differ between two programs that have their workers forked by the same process.
    pub key: Arc<[u8]>,
    /// What each worker is told before its first task.
    pub greeting: Arc<[u8]>,
    /// How many tasks a worker does before another takes its place; nothing means any number.
    pub tasks: Option<u64>,
}

/// The kinds of parcels that go to a worker.
pub const GREETING: u32 = 0;
/// A function; its tag is the function's id.
pub const FUNCTION: u32 = 1;
/// A task; its first eight bytes are the function's id.
pub const TASK: u32 = 2;
/// The kinds of parcels that come back: a result, with the task's tag.
pub const RESULT: u32 = 3;
/// An error, with the task's tag.
pub const ERROR: u32 = 4;
/// The last of the kinds that go to a worker: what [`crate::announce`] was called with.
pub const NOTICE: u32 = 5;

/// What a worker's marker says when it is in no task: it waits, or it has not got so far yet.
pub const WAITING: u64 = u64::MAX;
/// See [`WAITING`].
pub const STARTING: u64 = u64::MAX - 1;
/// What its marker says, beside the task's tag, before it calls the task's function: it unpickles, and
/// may import libraries for that.
pub const PREPARING: u64 = 1 << 63;

/// How often to look whether a worker has begun a task with a time limit: so many times within the
/// limit, but neither more nor less often than this.
const LOOKS: u32 = 32;
const SHORTEST_LOOK: Duration = Duration::from_millis(1);
const LONGEST_LOOK: Duration = Duration::from_millis(20);

/// What came from a worker.
pub(crate) enum Received {
    /// Answers.
    Parcels(Vec<Parcel>),
    /// Nothing before the deadline.
    Late,
    /// The worker is gone.
    Gone,
}

/// A worker process died in the middle of a task.
#[derive(Clone, Debug, thiserror::Error)]
#[error("a worker process died {} in {task}", how(.status))]
pub struct WorkerDied {
    /// How it ended, if that is known.
    pub status: Option<ExitStatus>,
    /// What it was doing.
    pub task: String,
}

/// A task took too long; its worker process was killed.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{task} took longer than {} s; its worker process was killed", .timeout.as_secs_f64())]
pub struct TimedOut {
    /// The limit.
    pub timeout: Duration,
    /// What it was doing.
    pub task: String,
}

pub(crate) fn how(status: &Option<ExitStatus>) -> String {
    match status.map(|status| (status.signal(), status.code())) {
        Some((Some(signal), _)) => format!("of signal {signal}"),
        Some((None, Some(code))) => format!("with exit code {code}"),
        _ => "for an unknown reason".to_owned(),
    }
}

/// Ends a process from another thread.
#[derive(Clone)]
pub(crate) struct Killer {
    fork: Arc<Fork>,
    killed: Arc<AtomicBool>,
}

impl Killer {
    /// Kills the process, if it has not ended.
    pub fn kill(&self) {
        self.killed.store(true, Ordering::Relaxed);
        self.fork.process.kill();
    }

    /// Whether it was us who killed it.
    pub fn has_killed(&self) -> bool {
        self.killed.load(Ordering::Relaxed)
    }
}

/// A worker process.
pub(crate) struct Worker {
    channel: Channel,
    fork: Arc<Fork>,
    killer: Killer,
    status: OnceLock<Option<ExitStatus>>,
    functions: HashSet<u64>,
    // The number of the notice that it was told last.
    told: u64,
    marker: Marker,
}

impl Worker {
    pub fn start(program: &Program, spares: &Arc<Spares>) -> io::Result<Self> {
        let (here, there) = Channel::pair()?;
        let (marker, descriptor) = Marker::new(STARTING)?;
        let fork = Arc::new(Fork::new(program, there.into())?);
        let killer = Killer { fork: Arc::clone(&fork), killed: Arc::default() };
        let (status, functions) = (OnceLock::new(), HashSet::new());
        let channel = here.with_spares(spares);
        let worker = Self { channel, fork, killer, status, functions, told: 0, marker };
        let greeting =
            Outgoing { kind: GREETING, bytes: &[&program.greeting], ..Outgoing::default() };
        worker.channel.send_descriptors(&[greeting], &[descriptor.as_fd()])?;
        Ok(worker)
    }

    /// The system's number of the process.
    pub fn pid(&self) -> u32 {
        self.fork.pid()
    }

    pub fn killer(&self) -> Killer {
        self.killer.clone()
    }

    /// Sends tasks, each with a tag that no other task of this worker has; functions that the worker
    /// doesn't know yet go first.
    pub fn send(&mut self, tasks: &[(u64, Request)]) -> io::Result<()> {
        let new: Vec<_> = tasks
            .iter()
            .filter(|(_, request)| self.functions.insert(request.function.id))
            .map(|(_, request)| &request.function)
            .collect();
        let ids: Vec<_> = tasks.iter().map(|(_, task)| task.function.id.to_le_bytes()).collect();
        let bytes = ids.iter().zip(tasks).map(|(id, (_, task))| {
            let pieces = task.bytes.iter().map(|piece| (**piece).as_ref());
            [id, &task.head[..]].into_iter().chain(pieces).collect::<Vec<_>>()
        });
        let bytes: Vec<_> = bytes.collect();
        let buffers: Vec<Vec<_>> =
            tasks.iter().map(|(_, task)| task.buffers.iter().map(outside).collect()).collect();
        let code: Vec<_> = new.iter().map(|function| [&function.bytes[..]]).collect();
        let functions = new.iter().zip(&code).map(|(function, bytes)| Outgoing {
            kind: FUNCTION,
            tag: function.id,
            bytes,
            ..Outgoing::default()
        });
        let notice = notice::after(&mut self.told);
        let notice = notice.as_ref().map(|text| [&text[..]]);
        let notice =
            notice.iter().map(|bytes| Outgoing { kind: NOTICE, bytes, ..Outgoing::default() });
        let calls = tasks.iter().zip(&bytes).zip(&buffers).map(|(((tag, _), bytes), buffers)| {
            Outgoing { kind: TASK, tag: *tag, nanoseconds: 0, bytes, buffers }
        });
        self.channel.send(&notice.chain(functions).chain(calls).collect::<Vec<_>>())
    }

    /// Waits for answers; if there is a limit, no longer than the task with that tag may take.
    pub fn receive(&self, limit: Option<(u64, Duration)>) -> Received {
        let in_time = limit.map_or(Ok(true), |(tag, limit)| self.wait(tag, limit));
        match in_time.and_then(|in_time| in_time.then(|| self.channel.receive()).transpose()) {
            Ok(None) => Received::Late,
            Ok(Some(Some(parcels))) => Received::Parcels(parcels),
            Ok(Some(None)) | Err(_) => Received::Gone,
        }
    }

    /// Waits for an answer no longer than task `tag` may take, and tells whether there is one. What
    /// passes before the worker calls the task's function does not count.
    fn wait(&self, tag: u64, limit: Duration) -> io::Result<bool> {
        let look = (limit / LOOKS).clamp(SHORTEST_LOOK, LONGEST_LOOK);
        while self.marker.get() != tag {
            if self.channel.wait_until(Instant::now() + look)? {
                return Ok(true);
            }
        }
        self.channel.wait_until(Instant::now() + limit)
    }

    /// The task that the worker is in, or was in when it died.
    ///
    /// The worker leaves its last task when that one's answer is sent, so the answer may be here first.
    pub fn current(&self) -> Option<u64> {
        Some(self.marker.get()).filter(|&tag| tag < STARTING).map(|tag| tag & !PREPARING)
    }

    /// Whether the worker came as far as waiting for its first task.
    pub fn has_started(&self) -> bool {
        self.marker.get() != STARTING
    }

    /// Ends a worker that has nothing to do: it leaves in its own way, or is killed by its own watch.
    pub fn dismiss(self) {
        self.bury();
    }

    /// Waits for the end of a worker that is gone, and says how it ended.
    pub fn bury(&self) -> Option<ExitStatus> {
        self.channel.shut_down();
        *self.status.get_or_init(|| self.fork.wait())
    }
}

/// How a buffer is sent: what came through a channel need not be copied.
pub fn outside(buffer: &Shared) -> Outside<'_> {
    let bytes: &dyn Any = &**buffer;
    match bytes.downcast_ref() {
        Some(buffer) => Outside::Buffer(buffer),
        None => Outside::Bytes((**buffer).as_ref()),
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        // A worker ends when its channel does; one that is in the middle of something is killed.
        self.killer.kill();
        self.bury();
    }
}
