//! One worker process: started, spoken to, and gone when we say so or when it dies.

use channel::{Channel, Marker, Outgoing, Parcel};
use graph::Request;
use std::collections::HashSet;
use std::ffi::OsString;
use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::process::ExitStatusExt;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// How to start a worker. It finds its end of the channel as its standard input.
#[derive(Clone, Debug)]
pub struct Program {
    /// The program, then its arguments.
    pub command: Vec<OsString>,
    /// Environment variables on top of ours.
    pub environment: Vec<(OsString, OsString)>,
    /// What each worker is told before its first task.
    pub greeting: Arc<[u8]>,
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

/// What a worker's marker says when it is in no task: it waits, or it has not got so far yet.
pub const WAITING: u64 = u64::MAX;
/// See [`WAITING`].
pub const STARTING: u64 = u64::MAX - 1;

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
#[derive(Clone, Debug)]
pub(crate) struct Killer {
    child: Arc<Mutex<Option<Child>>>,
    killed: Arc<AtomicBool>,
}

impl Killer {
    fn new(child: Child) -> Self {
        Self { child: Arc::new(Mutex::new(Some(child))), killed: Arc::default() }
    }

    /// Kills the process, if it still is ours to kill.
    pub fn kill(&self) {
        self.killed.store(true, Ordering::Relaxed);
        if let Some(child) = &mut *self.child.lock().unwrap_or_else(PoisonError::into_inner) {
            // It may have died already.
            let _ = child.kill();
        }
    }

    /// Whether it was us who killed it.
    pub fn has_killed(&self) -> bool {
        self.killed.load(Ordering::Relaxed)
    }

    /// Waits for the end of a process whose channel is closed.
    fn wait(&self) -> Option<ExitStatus> {
        let mut slot = self.child.lock().unwrap_or_else(PoisonError::into_inner);
        slot.take().and_then(|mut child| child.wait().ok())
    }
}

/// A worker process.
pub(crate) struct Worker {
    channel: Channel,
    child: Killer,
    functions: HashSet<u64>,
    marker: Marker,
    pid: u32,
}

impl Worker {
    pub fn start(program: &Program) -> io::Result<Self> {
        let (here, there) = Channel::pair()?;
        let Some((name, arguments)) = program.command.split_first() else {
            return Err(io::Error::other("no program to start workers with"));
        };
        // Rust's Command starts it with posix_spawn or vfork and exec: safe with threads.
        let child = Command::new(name)
            .args(arguments)
            .envs(program.environment.iter().map(|(key, value)| (key, value)))
            .stdin(Stdio::from(OwnedFd::from(there)))
            .spawn()?;
        let pid = child.id();
        let child = Killer::new(child);
        let (marker, descriptor) = Marker::new(STARTING)?;
        let worker = Self { channel: here, child, functions: HashSet::new(), marker, pid };
        let greeting = Outgoing { kind: GREETING, bytes: &program.greeting, ..Outgoing::default() };
        worker.channel.send_descriptor(&[greeting], descriptor.as_fd())?;
        Ok(worker)
    }

    /// The system's number of the process.
    pub fn pid(&self) -> u32 {
        self.pid
    }

    pub fn killer(&self) -> Killer {
        self.child.clone()
    }

    /// Sends tasks, each with a tag that no other task of this worker has; functions that the worker
    /// doesn't know yet go first.
    pub fn send(&mut self, tasks: &[(u64, Request)]) -> io::Result<()> {
        let new: Vec<_> = tasks
            .iter()
            .filter(|(_, request)| self.functions.insert(request.function.id))
            .map(|(_, request)| &request.function)
            .collect();
        let payloads: Vec<Vec<u8>> = tasks
            .iter()
            .map(|(_, request)| {
                let mut bytes = Vec::with_capacity(8 + request.bytes.len());
                bytes.extend_from_slice(&request.function.id.to_le_bytes());
                bytes.extend_from_slice(&request.bytes);
                bytes
            })
            .collect();
        let buffers: Vec<Vec<&[u8]>> = tasks
            .iter()
            .map(|(_, request)| request.buffers.iter().map(|b| (**b).as_ref()).collect())
            .collect();
        let functions = new.iter().map(|function| Outgoing {
            kind: FUNCTION,
            tag: function.id,
            bytes: &function.bytes,
            ..Outgoing::default()
        });
        let calls =
            tasks.iter().zip(&payloads).zip(&buffers).map(|(((tag, _), bytes), buffers)| {
                Outgoing { kind: TASK, tag: *tag, bytes, buffers, ..Outgoing::default() }
            });
        self.channel.send(&functions.chain(calls).collect::<Vec<_>>())
    }

    /// Waits for answers, until the deadline if there is one.
    pub fn receive(&self, deadline: Option<Instant>) -> Received {
        let in_time = deadline.map_or(Ok(true), |deadline| self.channel.wait_until(deadline));
        match in_time.and_then(|in_time| in_time.then(|| self.channel.receive()).transpose()) {
            Ok(None) => Received::Late,
            Ok(Some(Some(parcels))) => Received::Parcels(parcels),
            Ok(Some(None)) | Err(_) => Received::Gone,
        }
    }

    /// The task that the worker is in, or was in when it died.
    ///
    /// The worker leaves its last task when that one's answer is sent, so the answer may be here first.
    pub fn current(&self) -> Option<u64> {
        Some(self.marker.get()).filter(|&tag| tag < STARTING)
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
        self.child.wait()
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        // A worker ends when its channel does; one that is in the middle of something is killed.
        self.channel.shut_down();
        self.child.kill();
        self.child.wait();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn start(script: &str) -> Worker {
        let command = ["sh", "-c", script].map(Into::into).to_vec();
        let program = Program { command, environment: Vec::new(), greeting: Arc::new([]) };
        Worker::start(&program).expect("there is a shell")
    }

    #[test]
    fn a_worker_that_says_nothing_is_late_and_one_that_ended_is_gone() {
        let worker = start("exec sleep 60");
        let soon = Instant::now() + Duration::from_millis(20);
        assert!(matches!(worker.receive(Some(soon)), Received::Late));
        assert!(Instant::now() >= soon);
        worker.killer().kill();
        assert!(matches!(worker.receive(None), Received::Gone));
        assert!(matches!(worker.receive(Some(soon)), Received::Gone));
        assert_eq!(worker.bury().and_then(|status| status.signal()), Some(9));
    }

    #[test]
    fn what_a_worker_was_in_is_known_after_its_end() {
        let worker = start("exec sleep 60");
        assert!(!worker.has_started());
        assert_eq!(worker.current(), None);
        worker.marker.set(WAITING);
        assert!(worker.has_started());
        assert_eq!(worker.current(), None);
        worker.marker.set(5);
        worker.killer().kill();
        worker.bury();
        assert_eq!(worker.current(), Some(5));
    }
}
