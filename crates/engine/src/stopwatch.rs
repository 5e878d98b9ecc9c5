//! Measures a task that runs in this process.

use crate::{Measured, Time};
use rustix::time::{ClockId, clock_gettime};
use std::time::Instant;

/// What the clocks said when a task began.
pub(crate) struct Stopwatch {
    begin: Option<Instant>,
    cpu: Option<u64>,
}

impl Stopwatch {
    pub fn start(measured: Measured) -> Self {
        Self {
            begin: (measured != Measured::Nothing).then(Instant::now),
            cpu: (measured == Measured::Cpu).then(on_a_core),
        }
    }

    /// In the thread that started it.
    pub fn stop(self) -> Time {
        Time {
            elapsed: self.begin.map_or(0, |begin| begin.elapsed().as_nanos() as u64),
            cpu: self.cpu.map(|cpu| on_a_core() - cpu),
        }
    }
}

/// How many nanoseconds this thread has had a core.
fn on_a_core() -> u64 {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    time.tv_sec as u64 * 1_000_000_000 + time.tv_nsec as u64
}
