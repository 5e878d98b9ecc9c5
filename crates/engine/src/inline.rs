//! The inline lane: in the caller's thread, one task after the other, always in the same order.
//!
//! A debugger and a traceback see the user's own stack. It is also how a task runs a graph of its own.

use crate::run::{Run, Table};
use crate::{EngineError, Lane, Options, Watch};
use graph::{Control, Plan, Value};
use std::sync::Arc;
use std::time::Instant;
use trace::{Recorder, Trace};

pub(crate) fn run(
    plan: Plan,
    options: &Options,
    control: &Arc<Control>,
    watch: &mut dyn Watch,
) -> Result<(Vec<Value>, Trace), EngineError> {
    let recorder = options.trace.then(|| Recorder::new(1));
    let run = Run { plan, control: Arc::clone(control), recorder, lane: Lane::Inline };
    let mut table = Table::new(&run, options.memory);
    let mut garbage = Vec::new();
    let mut asked = Instant::now();
    while let Some(started) = table.start(&run) {
        let ended = run.execute(started, 0);
        table.end(ended, &run, &mut garbage);
        garbage.clear();
        if asked.elapsed() >= watch.interval() {
            if !watch.go_on(control) {
                control.stop();
                table.state.stop();
            }
            asked = Instant::now();
        }
    }
    table.outcome(&run)
}
