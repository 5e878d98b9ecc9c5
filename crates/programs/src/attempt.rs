//! One attempt at a program: its pipes are served until it ends or has to be stopped.

use crate::pipes::{Reader, Stream, Uses, Writer};
use crate::program::Program;
use crate::run::{Input, Options};
use crate::start::{Process, Refusal, Starter};
use crate::stop::Stop;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io;
use std::os::fd::AsFd;
use std::os::unix::ffi::OsStrExt;
use std::process::ExitStatus;
use std::time::{Duration, Instant};
use thiserror::Error;

/// How long a program that was asked to end has for it, before it is killed.
const GRACE: Duration = Duration::from_millis(200);

/// How a program ended.
#[derive(Debug, Default)]
pub struct Ended {
    /// Its status, if it was started.
    pub status: Option<ExitStatus>,
    /// What it wrote to its standard output, at its last attempt.
    pub stdout: Vec<u8>,
    /// What it wrote to its standard error, at its last attempt.
    pub stderr: Vec<u8>,
    /// Why the status is not the whole story.
    pub failure: Option<Failure>,
    /// How often it was tried.
    pub attempts: u32,
    /// How long that took.
    pub duration: Duration,
}

impl Ended {
    /// Whether it did what it should, as far as its status says.
    pub fn is_success(&self) -> bool {
        self.failure.is_none() && self.status.is_some_and(|status| status.success())
    }
}

/// What a program's status doesn't tell.
#[derive(Debug, Error)]
pub enum Failure {
    /// It was not started.
    #[error("{}: {source}", .path.display())]
    NotStarted {
        /// The program, the folder or the input that was the reason.
        path: OsString,
        /// What the system says.
        source: io::Error,
    },
    /// It was stopped because it took too long.
    #[error("timed out")]
    TimedOut,
    /// It was stopped because the run was.
    #[error("stopped")]
    Stopped,
    /// Another thread of this process has waited for it, and knows its status.
    #[error("the program's status went to another wait in this process")]
    Lost,
}

/// What a thread needs for its attempts, one after the other.
pub(crate) struct Attempts<'run> {
    options: &'run Options,
    stop: &'run Stop,
    starter: Starter,
}

/// Who gets output as it comes.
pub(crate) type Lines<'lines> = dyn FnMut(Stream, Vec<u8>) + 'lines;

struct Pipes<'run> {
    input: Option<Writer<'run>>,
    output: Reader,
    error: Reader,
}

/// What there is to wait for.
#[derive(Clone, Copy)]
enum Source {
    Process,
    Stop,
    Input,
    Output,
    Error,
}

impl<'run> Attempts<'run> {
    /// Makes the calling thread one that does nothing else (see `Starter::new`).
    pub fn new(options: &'run Options, stop: &'run Stop) -> Self {
        Self { options, stop, starter: Starter::new(stop.as_fd()) }
    }

    /// Runs a program to its end, or to that of its time.
    pub fn attempt(&mut self, program: &Program, lines: &mut Lines<'_>) -> Ended {
        match self.start(program) {
            Ok((process, pipes)) => self.serve(process, pipes, lines),
            Err(failure) => Ended { failure: Some(failure), ..Ended::default() },
        }
    }

    fn start(&mut self, program: &Program) -> Result<(Process, Pipes<'run>), Failure> {
        let options = self.options;
        let no_pipe = |error| not_started(&program.name(), error);
        let (input, stdin) = match &options.input {
            Input::File(path) => {
                let opened = File::open(path);
                (None, opened.map_err(|error| not_started(path.as_os_str(), error))?.into())
            }
            Input::Bytes(bytes) => {
                let (writer, stdin) = Writer::new((**bytes).as_ref()).map_err(no_pipe)?;
                (Some(writer), stdin)
            }
        };
        let uses = Uses { keep: options.keep, lines: options.lines };
        let (output, stdout) = Reader::new(uses).map_err(no_pipe)?;
        let (error, stderr) = Reader::new(uses).map_err(no_pipe)?;
        let streams = [stdin.as_fd(), stdout.as_fd(), stderr.as_fd()];
        let directory = options.directory.as_deref();
        let process = self.starter.start(program, &options.environment, directory, streams);
        let process = process.map_err(|refusal| match (refusal, directory) {
            (Refusal::Directory(error), Some(directory)) => {
                not_started(OsStr::from_bytes(directory.to_bytes()), error)
            }
            (Refusal::Directory(error) | Refusal::Program(error), _) => no_pipe(error),
        })?;
        Ok((process, Pipes { input, output, error }))
    }

    fn serve(&mut self, process: Process, mut pipes: Pipes<'_>, lines: &mut Lines<'_>) -> Ended {
        let session = process.session;
        let mut has_exited = false;
        let mut failure = None;
        let mut deadline = self.options.timeout.and_then(|time| Instant::now().checked_add(time));
        // As for a shell's `$(...)`, a program has ended when all who write for it have.
        while !(has_exited && pipes.output.is_closed() && pipes.error.is_closed()) {
            let is_late = deadline.is_some_and(|deadline| deadline <= Instant::now());
            if is_late && failure.is_some() {
                break;
            }
            let is_stopped = failure.is_none() && self.stop.is_set();
            if is_late || is_stopped {
                failure = Some(if is_stopped { Failure::Stopped } else { Failure::TimedOut });
                session.terminate();
                deadline = Some(Instant::now() + GRACE);
            }
            let process = (!has_exited).then_some(&process);
            let stop = failure.is_none().then_some(self.stop);
            for source in wait(process, stop, &pipes, deadline) {
                match source {
                    Source::Process => has_exited = true,
                    Source::Stop => {}
                    Source::Input => pipes.input.iter_mut().for_each(Writer::write),
                    Source::Output => {
                        pipes.output.read(&mut |line| lines(Stream::Output, line));
                    }
                    Source::Error => {
                        pipes.error.read(&mut |line| lines(Stream::Error, line));
                    }
                }
            }
        }
        if failure.is_some() {
            session.kill();
        }
        let stdout = pipes.output.finish(&mut |line| lines(Stream::Output, line));
        let stderr = pipes.error.finish(&mut |line| lines(Stream::Error, line));
        // What it has left running goes with its life line.
        let status = process.reap();
        let failure = failure.or(status.is_none().then_some(Failure::Lost));
        Ended { status, stdout, stderr, failure, ..Ended::default() }
    }
}

fn not_started(path: &OsStr, source: impl Into<io::Error>) -> Failure {
    Failure::NotStarted { path: path.to_owned(), source: source.into() }
}

/// Waits until something is to be done, or until then; says what.
fn wait(
    process: Option<&Process>,
    stop: Option<&Stop>,
    pipes: &Pipes<'_>,
    deadline: Option<Instant>,
) -> Vec<Source> {
    let input = pipes.input.as_ref().and_then(|input| input.pipe.as_ref());
    let waits = [
        (Source::Process, process.map(|process| process.descriptor.as_fd()), PollFlags::IN),
        (Source::Stop, stop.map(AsFd::as_fd), PollFlags::IN),
        (Source::Input, input.map(AsFd::as_fd), PollFlags::OUT),
        (Source::Output, pipes.output.pipe.as_ref().map(AsFd::as_fd), PollFlags::IN),
        (Source::Error, pipes.error.pipe.as_ref().map(AsFd::as_fd), PollFlags::IN),
    ];
    let open = waits.iter().filter_map(|(source, descriptor, flags)| {
        Some((*source, PollFd::from_borrowed_fd((*descriptor)?, *flags)))
    });
    let (sources, mut polled): (Vec<_>, Vec<_>) = open.unzip();
    let left = deadline.map(|deadline| deadline.saturating_duration_since(Instant::now()));
    // A time that the kernel can't count is as good as none.
    let left = left.and_then(|left| Timespec::try_from(left).ok());
    if poll(&mut polled, left.as_ref()).is_err() {
        // Interrupted, as by a debugger: the caller comes again.
        return Vec::new();
    }
    let ready = sources.into_iter().zip(&polled).filter(|(_, polled)| !polled.revents().is_empty());
    ready.map(|(source, _)| source).collect()
}
