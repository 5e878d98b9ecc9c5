//! Where tasks run, and how the mixed lane finds out where is best.
//!
//! A task of a Python function that nobody has measured goes to a worker process: it may take a
//! minute, or bring its interpreter down. One that turns out short is not worth the way there and
//! back, so the tasks of its op then run in place; if they turn out long after all, they move again.
//!
//! Long means on a core, and kept waiting there. A task that sleeps or reads uses none, and needs
//! nobody else's. One that works with the interpreter's lock released has all of a core, however many
//! work beside it. One that needs the lock waits for those that hold it, and they for it: those go.
//!
//! A worker that has only just started imports what a task needs, for as long as a second: for that
//! much work nobody goes, and threads that know a task stand in until the first worker has answered.
//!
//! An interpreter without a lock leaves nothing to find out: all of them run in threads.

use crate::Lane;
use graph::{Kind, Op};
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
    /// Also what it did in that time: that costs some microseconds.
    Closely,
}

/// What a task took, in nanoseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Time {
    /// From its begin to its end.
    pub elapsed: u64,
    /// Of that, how much it had a core, and how much it waited for something other than a core, if
    /// that was measured.
    pub closely: Option<(u64, u64)>,
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
    // Whether they have moved to workers, none of which has answered yet.
    settling: bool,
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
    /// Where the tasks of `op` run at first, and whether that may change.
    ///
    /// `is_limited`: they have a time limit, and only a worker can be stopped in the middle of a task.
    /// `is_free_threaded`: the interpreter has no lock, so threads serve its functions as well as
    /// processes do, and nothing has to travel.
    pub fn of(op: &dyn Op, lane: Lane, is_limited: bool, is_free_threaded: bool) -> Self {
        let travels = op.kind() == Kind::Python && op.remote().is_some();
        match lane {
            Lane::Processes if travels => Self::fixed(Place::Worker),
            Lane::Mixed if travels && is_limited => Self::fixed(Place::Worker),
            Lane::Mixed if travels && is_free_threaded => Self::fixed(Place::Thread),
            Lane::Mixed if travels && op.is_trusted() => Self::movable(Place::Interpreter),
            Lane::Mixed if travels => Self::movable(Place::Worker),
            _ => Self::fixed(Place::Thread),
        }
    }

    /// Tasks that always run at `place`.
    pub fn fixed(place: Place) -> Self {
        Self { place, movable: false, elapsed: None, cpu: None, settling: false }
    }

    /// Tasks that start at `place` and move between workers and this interpreter as they turn out.
    pub fn movable(place: Place) -> Self {
        Self { place, movable: true, elapsed: None, cpu: None, settling: false }
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

    /// Whether a thread may run tasks that are a worker's, because no worker has answered yet.
    pub fn is_settling(&self) -> bool {
        self.settling
    }

    /// From now on the tasks run in place: they can't travel.
    pub fn keep_here(&mut self) {
        *self = Self { place: Place::Interpreter, movable: false, settling: false, ..*self };
    }

    /// What the next task is to be measured by: what is known to be short needs no closer look.
    pub fn measured(&self) -> Measured {
        match self.place {
            _ if !self.movable => Measured::Nothing,
            Place::Interpreter if self.is_long() => Measured::Closely,
            Place::Worker if self.settling => Measured::Closely,
            _ => Measured::Elapsed,
        }
    }

    /// Takes note of a task that has ended; `bytes` is what travelled with it, or would have, and
    /// `wait` the nanoseconds that each task would add to that until the workers are ready.
    ///
    /// Returns whether the place has changed.
    pub fn learn(&mut self, time: Time, bytes: u64, wait: u64) -> bool {
        let elapsed = average(self.elapsed, time.elapsed);
        self.elapsed = Some(elapsed);
        // Two tasks that share the interpreter's lock have it for half of their time each.
        let mut shares = false;
        match time.closely {
            Some((cpu, waited)) => {
                self.cpu = Some(average(self.cpu, cpu));
                shares = waited > cpu / 2;
            }
            // Only a worker's, or short.
            None => self.settling = false,
        }
        if !self.movable {
            return false;
        }
        let short = SHORT.as_nanos() as u64 + bytes / 1000 * NANOSECONDS_A_KILOBYTE;
        let worth = short.saturating_mul(HYSTERESIS).saturating_add(wait);
        let is_long = self.cpu.is_some_and(|cpu| cpu > worth);
        let place = match self.place {
            Place::Worker if elapsed < short => Place::Interpreter,
            Place::Interpreter if is_long && shares => Place::Worker,
            place => place,
        };
        let has_moved = std::mem::replace(&mut self.place, place) != place;
        self.settling |= has_moved && place == Place::Worker;
        has_moved
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
    use crate::Lane;
    use graph::{Answer, Context, Kind, Op, OpError, Remote, Request, Value};

    /// A Python function that could travel; nobody calls it here.
    struct Function {
        is_trusted: bool,
    }

    impl Op for Function {
        fn name(&self) -> String {
            "function".into()
        }

        fn kind(&self) -> Kind {
            Kind::Python
        }

        fn remote(&self) -> Option<&dyn Remote> {
            Some(self)
        }

        fn is_trusted(&self) -> bool {
            self.is_trusted
        }

        fn run(&self, _: Vec<Value>, _: &Context<'_>) -> Result<Value, OpError> {
            Err("it is only placed".into())
        }
    }

    impl Remote for Function {
        fn request(&self, _: &[Value], _: u32) -> Result<Request, OpError> {
            Err("it is only placed".into())
        }

        fn answer(&self, _: Answer, _: &Context<'_>) -> Result<Value, OpError> {
            Err("it is only placed".into())
        }
    }

    #[test]
    fn functions_stay_in_threads_when_there_is_no_interpreter_lock() {
        let place = |is_trusted, lane, is_limited, is_free_threaded| {
            let op = Function { is_trusted };
            let placement = Placement::of(&op, lane, is_limited, is_free_threaded);
            (placement.place(), placement.is_movable())
        };
        for is_trusted in [false, true] {
            assert_eq!(place(is_trusted, Lane::Mixed, false, true), (Place::Thread, false));
            assert_eq!(place(is_trusted, Lane::Mixed, true, true), (Place::Worker, false));
            assert_eq!(place(is_trusted, Lane::Processes, false, true), (Place::Worker, false));
        }
        assert_eq!(place(false, Lane::Mixed, false, false), (Place::Worker, true));
        assert_eq!(place(true, Lane::Mixed, false, false), (Place::Interpreter, true));
    }

    fn elapsed(elapsed: u64) -> Time {
        Time { elapsed, closely: None }
    }

    fn closely(cpu: u64, waited: u64) -> Time {
        Time { elapsed: cpu + waited, closely: Some((cpu, waited)) }
    }

    /// Of a task that waits for as long as it works.
    fn held_up(cpu: u64) -> Time {
        closely(cpu, cpu)
    }

    #[test]
    fn short_tasks_come_home_and_long_ones_leave_again() {
        let mut placement = Placement::movable(Place::Worker);
        assert!(!placement.learn(elapsed(100_000_000), 0, 0), "the first imports a library");
        let moved = (0..10).position(|_| placement.learn(elapsed(2_000), 0, 0));
        assert!(moved.is_some_and(|tasks| tasks < 8), "moved after {moved:?}");
        assert_eq!(placement.place(), Place::Interpreter);
        assert_eq!(placement.measured(), Measured::Elapsed, "they are short");
        assert!(!placement.learn(elapsed(10_000_000), 0, 0));
        assert_eq!(placement.measured(), Measured::Closely, "or not");
        assert!(placement.learn(held_up(10_000_000), 0, 0));
        assert_eq!(placement.place(), Place::Worker);
    }

    #[test]
    fn only_what_needs_the_lock_leaves() {
        let second = 1_000_000_000;
        for (why, cpu, waited, moves) in [
            ("it sleeps", 20_000, second, false),
            ("it has a core for itself", second, 0, false),
            ("it waits a little", second, second / 4, false),
            ("it waits for those that hold the lock", second, second, true),
        ] {
            let mut placement = Placement::movable(Place::Interpreter);
            let time = closely(cpu, waited);
            assert_eq!((0..10).any(|_| placement.learn(time, 0, 0)), moves, "{why}");
            assert!(placement.is_long(), "nobody may have to wait behind it");
        }
    }

    #[test]
    fn what_is_short_stays_however_long_it_waits() {
        let mut placement = Placement::movable(Place::Interpreter);
        let time = closely(20_000, 50_000_000);
        assert!((0..10).all(|_| !placement.learn(time, 0, 0)));
    }

    #[test]
    fn for_little_work_no_worker_is_waited_for() {
        let time = held_up(10_000_000);
        let mut placement = Placement::movable(Place::Interpreter);
        assert!((0..10).all(|_| !placement.learn(time, 0, 20_000_000)));
        assert!(placement.learn(time, 0, 1_000_000));
        assert!(placement.is_settling());
        assert!(!placement.learn(time, 0, 1_000_000), "a thread stood in");
        assert!(placement.is_settling());
        placement.learn(elapsed(10_000_000), 0, 0);
        assert!(!placement.is_settling(), "a worker has answered");
    }

    #[test]
    fn what_is_large_is_worth_sending_only_for_longer_work() {
        let megabytes = 100_000_000;
        let mut placement = Placement::movable(Place::Worker);
        assert!(placement.learn(elapsed(20_000_000), megabytes, 0), "20 ms are short for 100 MB");
        let mut placement = Placement::movable(Place::Worker);
        assert!(!placement.learn(elapsed(20_000_000), 1_000, 0));
    }

    #[test]
    fn what_cannot_travel_stays() {
        let mut placement = Placement::movable(Place::Worker);
        placement.keep_here();
        assert!((0..10).all(|_| !placement.learn(held_up(10_000_000_000), 0, 0)));
        assert_eq!(placement.place(), Place::Interpreter);
    }
}
