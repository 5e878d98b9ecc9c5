//! The engine: how many workers, which lane, how much memory, and who watches.

use crate::job::Job;
use crate::run::Run;
use crate::spill::Disk;
use crate::{EngineError, Lane, Workers, inline, pool, record};
use graph::{Control, Plan, Value};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use trace::Collector;

/// How a run is to be done.
#[derive(Clone, Debug)]
pub struct Options {
    /// Where tasks run.
    pub lane: Lane,
    /// Worker threads; nothing means every core that this process may use.
    pub workers: Option<usize>,
    /// Bytes that results may hold at one time; nothing means no bound.
    pub memory: Option<u64>,
    /// What every task is recorded by, if it is to be.
    pub trace: Option<Arc<Collector>>,
    /// How often a task that failed is tried again.
    pub retries: u32,
    /// How long a task may take in a worker process, which is killed at the limit.
    pub timeout: Option<Duration>,
    /// Whether Python functions run side by side in threads: their interpreter has no lock.
    pub is_free_threaded: bool,
    /// A folder for values that the memory has no room for; nothing means that none leave it.
    pub spill: Option<PathBuf>,
    /// Worker processes, for the lanes that have them; without any, tasks run on threads.
    pub processes: Option<Arc<Workers>>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            lane: Lane::Threads,
            workers: None,
            memory: None,
            trace: None,
            retries: 0,
            timeout: None,
            is_free_threaded: false,
            spill: None,
            processes: None,
        }
    }
}

/// Looks at a run from the thread that waits for it.
pub trait Watch: Send {
    /// How often to be asked.
    fn interval(&self) -> Duration {
        Duration::from_millis(20)
    }

    /// Called now and then while the run goes on; `false` cancels it.
    fn go_on(&mut self, control: &Control) -> bool;

    /// Called once after a cancellation: what it can do to end tasks that don't ask to be stopped.
    fn interrupt(&mut self) {}
}

/// Nobody is watching.
impl Watch for () {
    fn go_on(&mut self, _: &Control) -> bool {
        true
    }
}

/// Runs plans.
#[derive(Clone, Debug)]
pub struct Engine {
    options: Options,
    workers: usize,
}

impl Engine {
    /// An engine with `options`.
    ///
    /// # Errors
    /// [`EngineError::Option`] for no workers or no memory.
    pub fn new(options: Options) -> Result<Self, EngineError> {
        let expected = "at least 1";
        if options.workers == Some(0) {
            return Err(EngineError::Option { option: "workers", expected, value: "0".into() });
        }
        if options.memory == Some(0) {
            return Err(EngineError::Option { option: "memory", expected, value: "0".into() });
        }
        let workers = options.workers.unwrap_or_else(pool::usable_cores);
        Ok(Self { options, workers })
    }

    /// How many tasks run at one time.
    pub fn workers(&self) -> usize {
        match self.options.lane {
            Lane::Inline => 1,
            Lane::Threads | Lane::Processes | Lane::Mixed => self.workers,
        }
    }

    /// An engine like this one where so many bytes are taken by what is no task's result.
    #[must_use]
    pub fn with_less_memory(&self, bytes: u64) -> Self {
        // Something must be left, or nothing would go on.
        let memory = self.options.memory.map(|all| all.saturating_sub(bytes).max(all / 4).max(1));
        Self { options: Options { memory, ..self.options.clone() }, workers: self.workers }
    }

    /// Runs `plan` and returns its outputs' values in order.
    ///
    /// # Errors
    /// The first failure of a task, or a panic in one.
    pub fn run(&self, plan: Plan) -> Result<Vec<Value>, EngineError> {
        self.run_watched(plan, &Arc::default(), &mut ())
    }

    /// Runs `plan` while `watch` looks on.
    ///
    /// # Errors
    /// The first failure of a task, a panic in one, or [`EngineError::Cancelled`].
    pub fn run_watched(
        &self,
        plan: Plan,
        control: &Arc<Control>,
        watch: &mut dyn Watch,
    ) -> Result<Vec<Value>, EngineError> {
        // A task that runs a graph of its own already has a worker: it must not wait for another.
        let nested = rayon::current_thread_index().is_some();
        let options = &self.options;
        let lane = match (options.lane, &options.processes) {
            (Lane::Inline, _) => Lane::Inline,
            _ if nested => Lane::Inline,
            (lane, Some(_)) => lane,
            (_, None) => Lane::Threads,
        };
        let processes = match (lane, &options.processes) {
            (Lane::Processes | Lane::Mixed, Some(workers)) => Some(Arc::clone(workers.shared())),
            _ => None,
        };
        let crews = [
            (lane != Lane::Inline).then(|| record::threads(self.workers)),
            (lane == Lane::Inline && !nested).then(record::caller),
            processes.as_ref().map(|processes| processes.crew()),
        ];
        let recorder = record::recorder(options.trace.as_ref(), &plan.graph, crews);
        let &Options { retries, timeout, is_free_threaded, .. } = options;
        let (control, spill) = (Arc::clone(control), options.spill.clone().map(Disk::new));
        let warm = processes.as_ref().map(|processes| processes.warm());
        let run = Run {
            number: Run::next(),
            plan,
            control,
            recorder,
            asker: Some(trace::doing::thread()),
            lane,
            retries,
            timeout,
            is_free_threaded,
            spill,
            warm,
        };
        if lane == Lane::Inline {
            return inline::run(run, options.memory, watch);
        }
        let pool = Some((pool::pool(self.workers)?, self.workers));
        let job = Job::new(run, options.memory, pool, processes, None, None);
        job.wake(job.lock());
        job.wait(watch)
    }
}
