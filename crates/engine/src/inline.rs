//! The inline lane: in the caller's thread, one task after the other, always in the same order.
//!
//! A debugger and a traceback see the user's own stack. It is also how a task runs a graph of its own.

use crate::record;
use crate::run::{Run, Table};
use crate::{EngineError, Place, Watch};
use graph::{Ask, Control, Value};
use std::fmt;
use std::sync::Mutex;
use std::thread::{self, ThreadId};
use std::time::Instant;

pub(crate) fn run(
    run: Run,
    memory: Option<u64>,
    watch: &mut dyn Watch,
) -> Result<Vec<Value>, EngineError> {
    let row = record::here();
    let mut table = Table::new(&run, memory);
    let mut garbage = Vec::new();
    let within = Within {
        thread: thread::current().id(),
        control: &run.control,
        watch: Mutex::new((watch, Instant::now())),
    };
    loop {
        if let Some((id, value)) = table.next_spill() {
            let result = run.spill(&value);
            drop(value);
            drop(table.put_on_disk(id, result, &run));
            table.state.spilled(id);
            continue;
        }
        let Some(started) = table.start(&run, Place::Thread) else { break };
        let ended = run.execute(started, row, Some(&within));
        table.end(ended, &run, &mut garbage);
        garbage.clear();
        within.ask();
        if run.control.is_stopped() {
            table.state.stop();
        }
    }
    table.outcome(&run).finish(&run)
}

/// Asks the watch from within a task too: here no other thread could.
struct Within<'run> {
    thread: ThreadId,
    control: &'run Control,
    // With the time when it was last asked.
    watch: Mutex<(&'run mut dyn Watch, Instant)>,
}

impl Ask for Within<'_> {
    fn ask(&self) {
        // A task that splits its work may ask from any thread; a watch belongs to its own.
        if thread::current().id() != self.thread {
            return;
        }
        let Ok(mut guard) = self.watch.try_lock() else { return };
        let (watch, asked) = &mut *guard;
        if asked.elapsed() >= watch.interval() && !self.control.is_stopped() {
            if !watch.go_on(self.control) {
                self.control.stop();
            }
            *asked = Instant::now();
        }
    }
}

impl fmt::Debug for Within<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Within").field("thread", &self.thread).finish_non_exhaustive()
    }
}
