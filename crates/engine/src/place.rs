//! Where tasks run, and how the mixed lane finds out where is best.
//!
//! A task of a Python function that nobody has measured goes to a worker process: it may take a
//! minute, or bring its interpreter down. One that turns out short is not worth the way there and
//! back, so the tasks of its op then run in place; if they turn out long after all, they move again.
//!
//! Long means on a core, and kept waiting there. A task that sleeps or reads uses none, and needs
//! nobody else's. One that works with the interpreter's lock released has all of a core, however many
//! work beside it. One that needs the lock waits for those that hold it, and they for it: those go.

use std::fmt;
use std::time::Duration;

/// Where a task runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Place {
    /// Any thread of the pool.
    Thread,
    /// In this process's interpreter, where short tasks go one after the other: under its lock they
    /// could not go side by side.
    Interpreter,
    /// A worker process.
    Worker,
}

impl Place {
    /// How many there are.
    pub const COUNT: usize = 3;

    /// Its number.
    pub fn index(self) -> usize {
        self as usize
    }
}

/// A task of less than this is not worth sending, however little travels with it.
const SHORT: Duration = Duration::from_micros(100);
/// What a byte adds to that: it is written once, and mapped, at some gigabytes a second.
const NANOSECONDS_A_KILOBYTE: u64 = 400;
/// How much longer than short a task must be to go back to a worker.
const HYSTERESIS: u64 = 5;

/// What is to be measured of a task.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measured {
    /// Nobody asks.
    Nothing,
    /// The time from its begin to its end: that costs some ten nanoseconds.
    Elapsed,
    /// Also the time on a core: that costs some hundred.
    Cpu,
}

/// What a task took, in nanoseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Time {
    /// From its begin to its end.
    pub elapsed: u64,
    /// Of that, on a core, if that was measured.
    pub cpu: Option<u64>,
}

impl Time {
    /// Whether the task waited as those do that share the interpreter's lock: two of them half of
    /// their time each.
    fn is_held_up(self) -> bool {
        self.cpu.is_some_and(|cpu| self.elapsed > cpu + cpu / 2)
    }
}

/// Where the tasks of one op run, and what is known about them.
#[derive(Clone, Copy, Debug)]
pub struct Placement {
    place: Place,
    // Whether that may change.
    movable: bool,
    // Nanoseconds that a task takes; nothing before the first has ended.
    elapsed: Option<u64>,
    // Those on a core, of the tasks in place that seemed long.
    cpu: Option<u64>,
}

impl fmt::Display for Placement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.place {
            Place::Thread => "threads",
            Place::Interpreter => "this process",
            Place::Worker => "worker processes",
        })?;
        match self.mean() {
            Some(mean) => write!(f, ": a task takes {mean:.3?}"),
            None => Ok(()),
        }
    }
}

impl Placement {
    /// Tasks that always run at `place`.
    pub fn fixed(place: Place) -> Self {
        Self { place, movable: false, elapsed: None, cpu: None }
    }

    /// Tasks that start at `place` and move between workers and this interpreter as they turn out.
    pub fn movable(place: Place) -> Self {
        Self { place, movable: true, elapsed: None, cpu: None }
    }

    /// Where the next task runs.
    pub fn place(&self) -> Place {
        self.place
    }

    /// Whether measurements may change the place.
    pub fn is_movable(&self) -> bool {
        self.movable
    }

    /// What a task takes, as far as it is known.
    pub fn mean(&self) -> Option<Duration> {
        self.elapsed.map(Duration::from_nanos)
    }

    /// Whether a task can be expected to hold up those behind it.
    pub fn is_long(&self) -> bool {
        self.elapsed.is_none_or(|mean| mean > SHORT.as_nanos() as u64 * HYSTERESIS)
    }

    /// From now on the tasks run in place: they can't travel.
    pub fn keep_here(&mut self) {
        *self = Self { place: Place::Interpreter, movable: false, ..*self };
    }

    /// What the next task is to be measured by: what is known to be short needs no closer look.
    pub fn measured(&self) -> Measured {
        match self.place {
            _ if !self.movable => Measured::Nothing,
            Place::Interpreter if self.is_long() => Measured::Cpu,
            _ => Measured::Elapsed,
        }
    }

    /// Takes note of a task that has ended; `bytes` is what travelled with it, or would have.
    ///
    /// Returns whether the place has changed.
    pub fn learn(&mut self, time: Time, bytes: u64) -> bool {
        let elapsed = average(self.elapsed, time.elapsed);
        self.elapsed = Some(elapsed);
        if let Some(cpu) = time.cpu {
            self.cpu = Some(average(self.cpu, cpu));
        }
        if !self.movable {
            return false;
        }
        let short = SHORT.as_nanos() as u64 + bytes / 1000 * NANOSECONDS_A_KILOBYTE;
        let is_long = self.cpu.is_some_and(|cpu| cpu > short.saturating_mul(HYSTERESIS));
        let place = match self.place {
            Place::Worker if elapsed < short => Place::Interpreter,
            Place::Interpreter if is_long && time.is_held_up() => Place::Worker,
            place => place,
        };
        std::mem::replace(&mut self.place, place) != place
    }
}

/// A mean that is quick to believe that tasks are short, because the first may have imported a library.
fn average(mean: Option<u64>, now: u64) -> u64 {
    match mean {
        None => now,
        Some(mean) if now < mean => mean / 4 + now / 4 * 3,
        Some(mean) => mean / 4 * 3 + now / 4,
    }
}

#[cfg(test)]
mod tests {
    use super::{Measured, Place, Placement, Time};

    fn elapsed(elapsed: u64) -> Time {
        Time { elapsed, cpu: None }
    }

    /// Of a task that waits for as long as it works.
    fn held_up(cpu: u64) -> Time {
        Time { elapsed: 2 * cpu, cpu: Some(cpu) }
    }

    #[test]
    fn short_tasks_come_home_and_long_ones_leave_again() {
        let mut placement = Placement::movable(Place::Worker);
        assert!(!placement.learn(elapsed(100_000_000), 0), "the first imports a library");
        let moved = (0..10).position(|_| placement.learn(elapsed(2_000), 0));
        assert!(moved.is_some_and(|tasks| tasks < 8), "moved after {moved:?}");
        assert_eq!(placement.place(), Place::Interpreter);
        assert_eq!(placement.measured(), Measured::Elapsed, "they are short");
        assert!(!placement.learn(elapsed(10_000_000), 0));
        assert_eq!(placement.measured(), Measured::Cpu, "or not");
        assert!(placement.learn(held_up(10_000_000), 0));
        assert_eq!(placement.place(), Place::Worker);
    }

    #[test]
    fn only_what_needs_the_lock_leaves() {
        let second = 1_000_000_000;
        for (why, cpu, moves) in [
            ("it sleeps", 20_000, false),
            ("it has a core for itself", second, false),
            ("something else was in its way", second / 4 * 3, false),
            ("it waits for those that hold the lock", second / 2, true),
        ] {
            let mut placement = Placement::movable(Place::Interpreter);
            let time = Time { elapsed: second, cpu: Some(cpu) };
            assert_eq!((0..10).any(|_| placement.learn(time, 0)), moves, "{why}");
            assert!(placement.is_long(), "nobody may have to wait behind it");
        }
    }

    #[test]
    fn what_is_short_stays_however_long_it_waits() {
        let mut placement = Placement::movable(Place::Interpreter);
        let time = Time { elapsed: 50_000_000, cpu: Some(20_000) };
        assert!((0..10).all(|_| !placement.learn(time, 0)));
    }

    #[test]
    fn what_is_large_is_worth_sending_only_for_longer_work() {
        let megabytes = 100_000_000;
        let mut placement = Placement::movable(Place::Worker);
        assert!(placement.learn(elapsed(20_000_000), megabytes), "20 ms are short for 100 MB");
        let mut placement = Placement::movable(Place::Worker);
        assert!(!placement.learn(elapsed(20_000_000), 1_000));
    }

    #[test]
    fn what_cannot_travel_stays() {
        let mut placement = Placement::movable(Place::Worker);
        placement.keep_here();
        assert!((0..10).all(|_| !placement.learn(held_up(10_000_000_000), 0)));
        assert_eq!(placement.place(), Place::Interpreter);
    }
}
