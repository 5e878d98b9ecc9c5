//! The process's one pool of threads.
//!
//! One, because two pools oversubscribe the cores, and rayon's, because kernels that split their
//! work do it with rayon too. It is made at first use, again after a fork (a child has none of its
//! parent's threads), and again when a different number of workers is asked for.

use crate::EngineError;
use rayon::ThreadPool;
use std::sync::Arc;
use trace::Home;

struct Current {
    workers: usize,
    pool: Arc<ThreadPool>,
}

static CURRENT: Home<Current> = Home::new();

/// Makes what the pool's threads would make at their first look for work.
///
/// To be called where no fork can come between, if the process is to be forked ever: a child that was
/// forked while they made it would wait for ever for threads that it doesn't have.
pub fn before_forks() {
    crossbeam_epoch::default_collector();
}

/// Cores that this process may use, counting affinity and the cgroup's quota.
pub(crate) fn usable_cores() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

/// The pool, with `workers` threads.
pub(crate) fn pool(workers: usize) -> Result<Arc<ThreadPool>, EngineError> {
    let mut current = CURRENT.lock();
    if let Some(current) = current.as_ref().filter(|current| current.workers == workers) {
        return Ok(Arc::clone(&current.pool));
    }
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(workers)
        .thread_name(|index| format!("manycore-{index}"))
        .build()
        .map_err(|source| EngineError::Threads { workers, source })?;
    let pool = Arc::new(pool);
    *current = Some(Current { workers, pool: Arc::clone(&pool) });
    Ok(pool)
}

/// Has up to `count` threads of the pool call `work` when they come to it; nobody waits for them.
///
/// For loops whose rounds the calling thread does too: whoever comes late finds nothing left to do.
///
/// # Errors
/// If the pool's threads can't be started.
pub fn spread(
    workers: usize,
    count: usize,
    work: &Arc<dyn Fn() + Send + Sync>,
) -> Result<(), EngineError> {
    let pool = pool(workers)?;
    for _ in 0..count {
        let work = Arc::clone(work);
        pool.spawn(move || work());
    }
    Ok(())
}

/// Whether this is one of the pool's threads.
pub fn is_worker() -> bool {
    rayon::current_thread_index().is_some()
}

/// Has the next run make a pool of its own, because some of this one's threads won't come back soon.
///
/// They end with the tasks that keep them.
pub(crate) fn abandon(pool: &Arc<ThreadPool>) {
    let mut current = CURRENT.lock();
    let is_current = |current: &mut Current| Arc::ptr_eq(&current.pool, pool);
    drop(current.take_if(is_current));
}
