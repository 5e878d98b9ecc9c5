//! The process's one pool of threads.
//!
//! One, because two pools oversubscribe the cores, and rayon's, because kernels that split their
//! work do it with rayon too. It is made at first use, again after a fork (a child has none of its
//! parent's threads), and again when a different number of workers is asked for.

use crate::EngineError;
use rayon::ThreadPool;
use std::sync::{Arc, Mutex, PoisonError};

struct Current {
    process: u32,
    workers: usize,
    pool: Arc<ThreadPool>,
}

static CURRENT: Mutex<Option<Current>> = Mutex::new(None);

/// Cores that this process may use, counting affinity and the cgroup's quota.
pub(crate) fn usable_cores() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

/// The pool, with `workers` threads.
pub(crate) fn pool(workers: usize) -> Result<Arc<ThreadPool>, EngineError> {
    let mut current = CURRENT.lock().unwrap_or_else(PoisonError::into_inner);
    let process = std::process::id();
    if let Some(current) = current.as_ref()
        && current.process == process
        && current.workers == workers
    {
        return Ok(Arc::clone(&current.pool));
    }
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(workers)
        .thread_name(|index| format!("manycore-{index}"))
        .build()
        .map_err(|source| EngineError::Threads { workers, source })?;
    let pool = Arc::new(pool);
    let previous = current.replace(Current { process, workers, pool: Arc::clone(&pool) });
    if let Some(previous) = previous.filter(|previous| previous.process != process) {
        // The threads are the parent's: dropping the pool here would wait for them for ever.
        std::mem::forget(previous);
    }
    Ok(pool)
}
