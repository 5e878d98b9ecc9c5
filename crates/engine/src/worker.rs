//! One worker process: started, spoken to, and gone when we say so or when it dies.

use channel::{Channel, Outgoing, Parcel};
use graph::Request;
use std::collections::HashSet;
use std::ffi::OsString;
use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::process::ExitStatusExt;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

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

/// A worker process died while it held tasks.
#[derive(Clone, Debug, thiserror::Error)]
#[error("a worker process died {}; it held {tasks}", how(.status))]
pub struct WorkerDied {
    /// How it ended, if that is known.
    pub status: Option<ExitStatus>,
    /// What it was doing.
    pub tasks: String,
}

fn how(status: &Option<ExitStatus>) -> String {
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
        let child = Killer::new(child);
        let worker = Self { channel: here, child, functions: HashSet::new() };
        let greeting = Outgoing { kind: GREETING, tag: 0, bytes: &program.greeting, buffers: &[] };
        worker.channel.send(&[greeting])?;
        Ok(worker)
    }

    pub fn killer(&self) -> Killer {
        self.child.clone()
    }

    /// Sends tasks, each with a tag; functions that the worker doesn't know yet go first.
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
            buffers: &[],
        });
        let calls =
            tasks.iter().zip(&payloads).zip(&buffers).map(|(((tag, _), bytes), buffers)| {
                Outgoing { kind: TASK, tag: *tag, bytes, buffers }
            });
        self.channel.send(&functions.chain(calls).collect::<Vec<_>>())
    }

    /// Waits for answers; nothing if the worker is gone.
    pub fn receive(&self) -> Option<Vec<Parcel>> {
        self.channel.receive().ok().flatten()
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
