//! Measures a task that runs in this process.

use crate::{Measured, Time};
use rustix::time::{ClockId, clock_gettime};
use std::fs::File;
use std::io::Read;
use std::time::Instant;

/// What the clocks said when a task began.
pub(crate) struct Stopwatch {
    begin: Option<Instant>,
    scheduled: Option<Scheduled>,
}

impl Stopwatch {
    pub fn start(measured: Measured) -> Self {
        Self {
            begin: (measured != Measured::Nothing).then(Instant::now),
            scheduled: (measured == Measured::Closely).then(Scheduled::now),
        }
    }

    /// In the thread that started it.
    pub fn stop(self) -> Time {
        let elapsed = self.begin.map_or(0, |begin| begin.elapsed().as_nanos() as u64);
        let closely = self.scheduled.map(|begin| {
            let end = Scheduled::now();
            let (cpu, queued) = (end.cpu - begin.cpu, end.queued - begin.queued);
            (cpu, elapsed.saturating_sub(cpu + queued))
        });
        Time { elapsed, closely }
    }
}

/// What the scheduler has done with this thread so far, in nanoseconds.
struct Scheduled {
    /// It had a core.
    cpu: u64,
    /// It could have used one, and others had them.
    queued: u64,
}

impl Scheduled {
    fn now() -> Self {
        let cpu = clock_gettime(ClockId::ThreadCPUTime);
        let cpu = cpu.tv_sec as u64 * 1_000_000_000 + cpu.tv_nsec as u64;
        // A kernel that does not count it has the task wait for something else.
        Self { cpu, queued: queued().unwrap_or(0) }
    }
}

/// The second of the file's numbers. The first is the time on a core, but as of the last tick.
fn queued() -> Option<u64> {
    let mut text = [0; 64];
    let count = File::open("/proc/thread-self/schedstat").ok()?.read(&mut text).ok()?;
    let text = std::str::from_utf8(&text[..count]).ok()?;
    text.split_whitespace().nth(1)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::Stopwatch;
    use crate::Measured;
    use std::time::{Duration, Instant};

    const TIME: Duration = Duration::from_millis(20);

    #[test]
    fn work_is_told_from_waiting() {
        let half = TIME.as_nanos() as u64 / 2;
        let stopwatch = Stopwatch::start(Measured::Closely);
        std::thread::sleep(TIME);
        let (cpu, waited) = stopwatch.stop().closely.expect("it was asked for");
        assert!(cpu < half && waited > half, "{cpu} ns on a core, {waited} ns not");

        let stopwatch = Stopwatch::start(Measured::Closely);
        let begin = Instant::now();
        while begin.elapsed() < TIME {}
        let time = stopwatch.stop();
        let (_, waited) = time.closely.expect("it was asked for");
        assert!(time.elapsed >= 2 * half && waited < half, "{time:?}");
    }

    #[test]
    fn nobody_pays_for_what_nobody_asks() {
        assert_eq!(Stopwatch::start(Measured::Nothing).stop().elapsed, 0);
        assert_eq!(Stopwatch::start(Measured::Elapsed).stop().closely, None);
    }
}
