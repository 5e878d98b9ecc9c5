//! What compiled functions did while somebody counted: calls, time, operations and bytes.

use super::specialisation::Specialisation;
use manycore::kernel::abi::Context;
use pyo3::prelude::*;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

static ARE_KEPT: AtomicBool = AtomicBool::new(false);
static COUNTS: Mutex<BTreeMap<(String, Arc<str>), Counts>> = Mutex::new(BTreeMap::new());

#[derive(Clone, Copy, Default)]
struct Counts {
    calls: u64,
    seconds: f64,
    operations: u64,
    bytes: u64,
}

/// Whether functions are to be called as those that count.
#[inline]
pub fn are_kept() -> bool {
    ARE_KEPT.load(Ordering::Relaxed)
}

/// Calls a function, and adds that call. One that fails is not added: it left what it had counted behind.
#[cold]
pub fn noted<E>(
    function: &Specialisation,
    context: &mut Context,
    call: impl FnOnce(&mut Context) -> Result<(), E>,
) -> Result<(), E> {
    let begin = Instant::now();
    call(context)?;
    let time = begin.elapsed();
    let mut counts = COUNTS.lock().unwrap_or_else(PoisonError::into_inner);
    let key = (function.name.clone(), Arc::clone(&function.file));
    let all = counts.entry(key).or_default();
    all.calls += 1;
    all.seconds += time.as_secs_f64();
    all.operations += context.operations;
    all.bytes += context.bytes;
    Ok(())
}

/// From now on functions are called as those that count, or no more.
#[pyfunction]
pub fn count_kernels(kept: bool) {
    ARE_KEPT.store(kept, Ordering::Relaxed);
}

/// Of a function its name and file; calls, operations, bytes; seconds.
type Row = ((String, String), (u64, u64, u64), f64);

/// Takes what was counted.
#[pyfunction]
pub fn kernel_counts() -> Vec<Row> {
    let taken = std::mem::take(&mut *COUNTS.lock().unwrap_or_else(PoisonError::into_inner));
    let row = |((name, file), counts): ((String, Arc<str>), Counts)| {
        let Counts { calls, seconds, operations, bytes } = counts;
        ((name, file.to_string()), (calls, operations, bytes), seconds)
    };
    taken.into_iter().map(row).collect()
}
