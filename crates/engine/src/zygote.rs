//! Forks workers: a process with one thread that has what they need and does nothing else.
//!
//! To start an interpreter takes tens of milliseconds, to fork one takes one. This process has threads
//! and can't be forked, so it starts another one when it first has a pool (with `posix_spawn`, which
//! threads don't mind) and asks that to fork. The fork is the zygote's child, so the zygote is also
//! asked how it ended.
//!
//! A zygote is used for as long as what its forks inherit from it is what is asked for. It ends with
//! this process, or is ended by [`end_zygotes`]; one that was killed is replaced.

use crate::worker::Program;
use channel::{Channel, Outgoing, Parcel, Process};
use std::fs::File;
use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::process::ExitStatusExt;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use trace::Home;

/// Asks for a fork; standard output, standard error and the worker's end of its channel come along.
pub const FORK: u32 = 0;
/// Asks how the process ended whose number is the tag.
pub const STATUS: u32 = 1;
/// Answers with a number: of the new process, whose descriptor comes along, or the status.
pub const DONE: u32 = 2;
/// Answers with an error's number.
pub const FAILED: u32 = 3;

/// How many there may be: two pools with different threads for BLAS in their workers may take turns.
const MOST: usize = 2;

/// Last is the one used last.
static ZYGOTES: Home<Vec<Arc<Zygote>>> = Home::new();

struct Zygote {
    key: Arc<[u8]>,
    channel: Mutex<Channel>,
    child: Mutex<Child>,
}

/// A process that a zygote forked.
pub(crate) struct Fork {
    pub process: Process,
    number: u64,
    zygote: Arc<Zygote>,
}

impl Fork {
    /// The system's number of the process.
    pub fn pid(&self) -> u32 {
        self.number as u32
    }

    /// Has this process's zygote fork a worker with `end` as its end of the channel.
    pub fn new(program: &Program, end: OwnedFd) -> io::Result<Self> {
        let mut zygotes = ZYGOTES.lock();
        if let Some(fork) = Zygote::ready(&mut zygotes, program)?.fork(&end)? {
            return Ok(fork);
        }
        // It has been killed, and another one must do.
        zygotes.as_mut().and_then(Vec::pop);
        let fork = Zygote::ready(&mut zygotes, program)?.fork(&end)?;
        fork.ok_or_else(|| io::Error::other("the process that forks workers ended"))
    }

    /// Waits for the end, and says how it was; nothing if the zygote is gone.
    pub fn wait(&self) -> Option<ExitStatus> {
        self.process.wait().ok()?;
        let (status, _) = self.zygote.ask(STATUS, self.number, &[]).ok()??;
        Some(ExitStatus::from_raw(status as i32))
    }
}

impl Zygote {
    /// One that will do for this program, put last.
    fn ready(zygotes: &mut Option<Vec<Arc<Self>>>, program: &Program) -> io::Result<Arc<Self>> {
        let zygotes = zygotes.get_or_insert_default();
        let zygote = match zygotes.iter().position(|zygote| zygote.key == program.key) {
            Some(index) => zygotes.remove(index),
            None => Arc::new(Self::start(program)?),
        };
        zygotes.push(Arc::clone(&zygote));
        if zygotes.len() > MOST {
            zygotes.remove(0);
        }
        Ok(zygote)
    }

    fn start(program: &Program) -> io::Result<Self> {
        let (here, there) = Channel::pair()?;
        let Some((name, arguments)) = program.command.split_first() else {
            return Err(io::Error::other("no program to start workers with"));
        };
        // Not our own environment: other threads may be changing it.
        let child = Command::new(name)
            .args(arguments)
            .env_clear()
            .envs(program.environment.iter().map(|(key, value)| (key, value)))
            .stdin(Stdio::from(OwnedFd::from(there)))
            .spawn()?;
        let (key, channel, child) = (program.key.clone(), Mutex::new(here), Mutex::new(child));
        Ok(Self { key, channel, child })
    }

    /// Nothing if the zygote is gone.
    fn fork(self: &Arc<Self>, end: &OwnedFd) -> io::Result<Option<Fork>> {
        let (output, error) = (standard(io::stdout())?, standard(io::stderr())?);
        let Some((number, descriptor)) = self.ask(FORK, 0, &[&output, &error, end])? else {
            return Ok(None);
        };
        let lost = || io::Error::other("the new process's descriptor was lost");
        let process = descriptor.ok_or_else(lost)?.into();
        Ok(Some(Fork { process, number, zygote: Arc::clone(self) }))
    }

    /// Nothing if the zygote is gone.
    fn ask(
        &self,
        kind: u32,
        tag: u64,
        beside: &[&OwnedFd],
    ) -> io::Result<Option<(u64, Option<OwnedFd>)>> {
        let channel = self.channel.lock().unwrap_or_else(PoisonError::into_inner);
        let beside: Vec<_> = beside.iter().map(AsFd::as_fd).collect();
        let question = Outgoing { kind, tag, ..Outgoing::default() };
        let Ok(()) = channel.send_descriptors(&[question], &beside) else { return Ok(None) };
        let Ok(Some((answer, mut descriptors))) = channel.receive_descriptors() else {
            return Ok(None);
        };
        match answer[..] {
            [Parcel { kind: DONE, tag, .. }] => Ok(Some((tag, descriptors.pop()))),
            [Parcel { kind: FAILED, tag, .. }] => Err(io::Error::from_raw_os_error(tag as i32)),
            _ => Err(io::Error::other("a strange answer to a request for a fork")),
        }
    }
}

impl Drop for Zygote {
    fn drop(&mut self) {
        let child = self.child.get_mut().unwrap_or_else(PoisonError::into_inner);
        // It may have ended already, and somebody else may have waited for it.
        let _ = child.kill();
        let _ = child.wait();
    }
}

/// One of the standard streams, or nothing's if it is closed.
fn standard(stream: impl AsFd) -> io::Result<OwnedFd> {
    let nothing = |_| File::options().write(true).open("/dev/null").map(OwnedFd::from);
    stream.as_fd().try_clone_to_owned().or_else(nothing)
}

/// Starts a zygote for this program, unless there is one, without waiting until it is ready.
pub(crate) fn prepare(program: &Program) {
    // An error comes again when a worker is needed, and then somebody is told.
    let _ = Zygote::ready(&mut ZYGOTES.lock(), program);
}

/// Ends this process's zygotes; workers live on.
pub fn end_zygotes() {
    ZYGOTES.lock().take();
}
