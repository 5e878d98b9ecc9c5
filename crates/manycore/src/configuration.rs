//! The process's settings: lane, workers, memory, retries.

use engine::{Engine, EngineError, Lane, Options, Workers, default_spill_folder};
use measure::Machine;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock, PoisonError, RwLock};
use std::time::Duration;

/// How everything in this process runs, unless a call says otherwise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Configuration {
    /// Where tasks run.
    pub lane: Lane,
    /// Worker threads; nothing means every core that the process may use.
    pub workers: Option<usize>,
    /// Bytes that results may hold; nothing means [`Configuration::default_memory`].
    pub memory: Option<u64>,
    /// How often a task that failed is tried again.
    pub retries: u32,
    /// Where values go that the memory has no room for; nothing means a folder for temporary files.
    pub spill: Option<PathBuf>,
}

/// What one run asks for; nothing means what the settings say.
#[derive(Clone, Copy, Debug, Default)]
pub struct Asked {
    /// Where its tasks run.
    pub lane: Option<Lane>,
    /// How many of them at one time.
    pub workers: Option<usize>,
    /// How often a task that failed is tried again.
    pub retries: Option<u32>,
    /// How long a task may take in a worker process.
    pub timeout: Option<Duration>,
    /// Whether Python functions run side by side in threads: the interpreter has no lock.
    pub is_free_threaded: bool,
}

static CURRENT: RwLock<Configuration> = RwLock::new(Configuration {
    lane: Lane::Mixed,
    workers: None,
    memory: None,
    retries: 0,
    spill: None,
});

impl Configuration {
    /// Worker threads, the default filled in.
    pub fn workers(&self) -> usize {
        self.workers.unwrap_or_else(|| machine().usable_cores)
    }

    /// The budget in bytes, the default filled in; nothing where the machine tells no size.
    pub fn memory(&self) -> Option<u64> {
        self.memory.or_else(Self::default_memory)
    }

    /// 80 % of what the cgroup or the machine has.
    pub fn default_memory() -> Option<u64> {
        match machine().usable_memory() {
            0 => None,
            bytes => Some(bytes / 5 * 4),
        }
    }
}

/// What the machine has, looked up once.
fn machine() -> &'static Machine {
    static MACHINE: OnceLock<Machine> = OnceLock::new();
    MACHINE.get_or_init(Machine::detect)
}

/// The current settings.
pub fn configuration() -> Configuration {
    CURRENT.read().unwrap_or_else(PoisonError::into_inner).clone()
}

/// Changes the settings, and returns what they were.
///
/// # Errors
/// [`EngineError::Option`] for no workers or no memory; then nothing is changed.
pub fn configure(new: Configuration) -> Result<Configuration, EngineError> {
    if let Some(folder) = new.spill.as_ref().filter(|folder| !folder.is_dir()) {
        let (expected, value) = ("a folder that exists", format!("{:?}", folder.display()));
        return Err(EngineError::Option { option: "spill", expected, value });
    }
    Engine::new(options(new.clone()))?;
    let mut current = CURRENT.write().unwrap_or_else(PoisonError::into_inner);
    Ok(std::mem::replace(&mut *current, new))
}

/// An engine with the current settings.
///
/// # Errors
/// Those of [`Engine::new`].
pub fn engine() -> Result<Engine, EngineError> {
    Engine::new(options(configuration()))
}

/// An engine with the current settings but for what is asked for.
///
/// # Errors
/// Those of [`Engine::new`].
pub fn engine_for(asked: Asked, processes: Option<Arc<Workers>>) -> Result<Engine, EngineError> {
    let current = configuration();
    let configuration = Configuration {
        lane: asked.lane.unwrap_or(current.lane),
        workers: asked.workers.or(current.workers),
        retries: asked.retries.unwrap_or(current.retries),
        ..current
    };
    let Asked { timeout, is_free_threaded, .. } = asked;
    Engine::new(Options { timeout, is_free_threaded, processes, ..options(configuration) })
}

fn options(configuration: Configuration) -> Options {
    Options {
        lane: configuration.lane,
        workers: Some(configuration.workers()),
        // A tenth is for what tasks need beside their results.
        memory: configuration.memory().map(|memory| (memory - memory / 10).max(1)),
        retries: configuration.retries,
        spill: Some(configuration.spill.unwrap_or_else(default_spill_folder)),
        trace: crate::tracing::collector(),
        ..Options::default()
    }
}

#[cfg(test)]
mod tests {
    use super::{Configuration, configuration, configure};
    use engine::Lane;

    #[test]
    fn a_refused_setting_changes_nothing() {
        let before = configuration();
        let refused = configure(Configuration { workers: Some(0), ..before.clone() });
        assert_eq!(
            refused.expect_err("0 workers").to_string(),
            "workers must be at least 1, not 0"
        );
        assert_eq!(configuration(), before);
        let inline = Configuration { lane: Lane::Inline, ..before.clone() };
        assert_eq!(configure(inline.clone()).expect("a good setting"), before);
        assert_eq!(configure(before).expect("a good setting"), inline);
    }
}
