//! A run: programs in their order, a thread for each that may run at one time.
//!
//! The threads sleep. That is simpler than an event loop, and starts programs on several cores.

use crate::attempt::{Attempts, Ended, Failure};
use crate::pipes::Stream;
use crate::program::{Environment, Program};
use crate::stop::Stop;
use std::ffi::CString;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{RecvTimeoutError, SyncSender, sync_channel};
use std::thread;
use std::time::{Duration, Instant};
use thiserror::Error;

/// How often a run's watch is asked at least.
const TICK: Duration = Duration::from_millis(20);

/// How many events may wait for a watch before programs wait for it too.
const QUEUE: usize = 256;

/// Its threads keep nothing large on their stacks.
const STACK: usize = 256 << 10;

/// What programs find on their standard input.
#[derive(Clone)]
pub enum Input {
    /// A file, from its start.
    File(PathBuf),
    /// These bytes, whoever owns them.
    Bytes(Arc<dyn AsRef<[u8]> + Send + Sync>),
}

/// How programs are run.
#[derive(Clone)]
pub struct Options {
    /// How many may run at one time.
    pub jobs: usize,
    /// How long an attempt may take.
    pub timeout: Option<Duration>,
    /// How often a program that fails or times out is tried again.
    pub retries: u32,
    /// What they read.
    pub input: Input,
    /// The folder that they run in, if it isn't this process's.
    pub directory: Option<CString>,
    /// Their environment.
    pub environment: Environment,
    /// Whether output is kept for the results.
    pub keep: bool,
    /// Whether output is passed on as it comes.
    pub lines: bool,
}

impl Options {
    /// So many at a time, in this process's environment, with nothing to read and all the time.
    pub fn new(jobs: usize) -> Self {
        Self {
            jobs,
            timeout: None,
            retries: 0,
            input: Input::File("/dev/null".into()),
            directory: None,
            environment: Environment::inherited(),
            keep: true,
            lines: false,
        }
    }
}

/// What happens in a run.
#[derive(Debug)]
pub enum Event {
    /// A program has written whole lines, or a last one that isn't.
    Lines {
        /// Which of the programs.
        index: usize,
        /// Where to.
        stream: Stream,
        /// What.
        bytes: Vec<u8>,
    },
    /// A program will not be tried again.
    Ended {
        /// Which of the programs.
        index: usize,
        /// How it ended.
        ended: Ended,
    },
}

/// Who is told what happens, in the thread that has called [`run`].
pub trait Watch {
    /// Called with what has happened, and at least every 20 ms; returns whether to go on.
    fn go_on(&mut self, events: Vec<Event>) -> bool;
}

/// Why a run did not come to its end.
#[derive(Debug, Error)]
pub enum RunError {
    /// The operating system gave no thread or no descriptor.
    #[error("cannot start a run of programs: {0}")]
    System(#[from] io::Error),
    /// Whoever watches the run asked it to stop.
    #[error("the run was cancelled")]
    Cancelled,
}

/// Runs programs; returns when none is left, also when the watch has asked to stop.
///
/// # Errors
/// If the system gives no threads, or the watch has asked to stop.
pub fn run(programs: &[Program], options: &Options, watch: &mut dyn Watch) -> Result<(), RunError> {
    let stop = Stop::new().map_err(io::Error::from)?;
    let run = Run { programs, options, stop: &stop, next: AtomicUsize::new(0) };
    let (sender, events) = sync_channel(QUEUE);
    thread::scope(|scope| {
        let jobs = options.jobs.min(programs.len());
        for job in 0..jobs {
            let builder = thread::Builder::new().name("manycore-program".into()).stack_size(STACK);
            let (run, sender) = (&run, sender.clone());
            if let Err(error) = builder.spawn_scoped(scope, move || run.work(&sender))
                && job == 0
            {
                return Err(error.into());
            }
        }
        drop(sender);
        loop {
            let mut happened = Vec::new();
            match events.recv_timeout(TICK) {
                Ok(event) => happened.push(event),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => break,
            }
            happened.extend(events.try_iter());
            if !stop.is_set() && !watch.go_on(happened) {
                stop.set();
            }
        }
        if stop.is_set() { Err(RunError::Cancelled) } else { Ok(()) }
    })
}

/// Runs programs; gives their results in order.
///
/// # Errors
/// If the system gives no threads.
pub fn results(programs: &[Program], options: &Options) -> Result<Vec<Ended>, RunError> {
    struct Results(Vec<Option<Ended>>);

    impl Watch for Results {
        fn go_on(&mut self, events: Vec<Event>) -> bool {
            for event in events {
                if let Event::Ended { index, ended } = event {
                    self.0[index] = Some(ended);
                }
            }
            true
        }
    }

    let mut results = Results(programs.iter().map(|_| None).collect());
    run(programs, options, &mut results)?;
    Ok(results.0.into_iter().flatten().collect())
}

struct Run<'run> {
    programs: &'run [Program],
    options: &'run Options,
    stop: &'run Stop,
    next: AtomicUsize,
}

impl Run<'_> {
    /// Takes one program after the other until none is left.
    fn work(&self, sender: &SyncSender<Event>) {
        let mut attempts = Attempts::new(self.options, self.stop);
        while !self.stop.is_set() {
            let index = self.next.fetch_add(1, Ordering::Relaxed);
            let Some(program) = self.programs.get(index) else { return };
            // Who watches takes everything, until the last sender is gone.
            let send = |event| drop(sender.send(event));
            let ended = self.run_one(&mut attempts, program, &mut |stream, bytes| {
                send(Event::Lines { index, stream, bytes });
            });
            send(Event::Ended { index, ended });
        }
    }

    fn run_one(
        &self,
        attempts: &mut Attempts<'_>,
        program: &Program,
        lines: &mut dyn FnMut(Stream, Vec<u8>),
    ) -> Ended {
        let begin = Instant::now();
        let mut tried = 0;
        loop {
            let ended = attempts.attempt(program, lines);
            tried += 1;
            let may_help = matches!(ended.failure, None | Some(Failure::TimedOut));
            let is_last = tried > self.options.retries || self.stop.is_set();
            if ended.is_success() || !may_help || is_last {
                return Ended { attempts: tried, duration: begin.elapsed(), ..ended };
            }
        }
    }
}
