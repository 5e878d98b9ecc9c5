//! Where tasks run, and how the mixed lane finds out where is best.
//!
//! A task of a Python function that nobody has measured goes to a worker process: it may take a
//! minute, or bring its interpreter down. One that turns out short is not worth the way there and
//! back, so the tasks of its op then run in place; if they turn out long after all, they move again.
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

/// Where the tasks of one op run, and what is known about them.
#[derive(Clone, Copy, Debug)]
pub struct Placement {
    place: Place,
    // Whether that may change.
    movable: bool,
    // Nanoseconds that a task takes; nothing before the first has ended.
    mean: Option<u64>,
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
        Self { place, movable: false, mean: None }
    }

    /// Tasks that start at `place` and move between workers and this interpreter as they turn out.
    pub fn movable(place: Place) -> Self {
        Self { place, movable: true, mean: None }
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
        self.mean.map(Duration::from_nanos)
    }

    /// Whether a task can be expected to hold up those behind it.
    pub fn is_long(&self) -> bool {
        self.mean.is_none_or(|mean| mean > SHORT.as_nanos() as u64 * HYSTERESIS)
    }

    /// From now on the tasks run in place: they can't travel.
    pub fn keep_here(&mut self) {
        *self = Self { place: Place::Interpreter, movable: false, ..*self };
    }

    /// Takes note of a task that has ended; `bytes` is what travelled with it, or would have.
    ///
    /// Returns whether the place has changed.
    pub fn learn(&mut self, nanoseconds: u64, bytes: u64) -> bool {
        // Quick to believe that tasks are short, because the first one may have imported a library.
        self.mean = Some(match self.mean {
            None => nanoseconds,
            Some(mean) if nanoseconds < mean => mean / 4 + nanoseconds / 4 * 3,
            Some(mean) => mean / 4 * 3 + nanoseconds / 4,
        });
        if !self.movable {
            return false;
        }
        let mean = self.mean.unwrap_or_default();
        let short = SHORT.as_nanos() as u64 + bytes / 1000 * NANOSECONDS_A_KILOBYTE;
        let place = match self.place {
            Place::Worker if mean < short => Place::Interpreter,
            Place::Interpreter if mean > short.saturating_mul(HYSTERESIS) => Place::Worker,
            place => place,
        };
        std::mem::replace(&mut self.place, place) != place
    }
}

#[cfg(test)]
mod tests {
    use super::{Place, Placement};
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

    #[test]
    fn short_tasks_come_home_and_long_ones_leave_again() {
        let mut placement = Placement::movable(Place::Worker);
        assert!(!placement.learn(100_000_000, 0), "the first imports a library");
        let moved = (0..10).position(|_| placement.learn(2_000, 0));
        assert!(moved.is_some_and(|tasks| tasks < 8), "moved after {moved:?}");
        assert_eq!(placement.place(), Place::Interpreter);
        let moved = (0..10).position(|_| placement.learn(10_000_000, 0));
        assert_eq!((moved, placement.place()), (Some(0), Place::Worker));
    }

    #[test]
    fn what_is_large_is_worth_sending_only_for_longer_work() {
        let megabytes = 100_000_000;
        let mut placement = Placement::movable(Place::Worker);
        assert!(placement.learn(20_000_000, megabytes), "20 ms are short for 100 MB");
        let mut placement = Placement::movable(Place::Worker);
        assert!(!placement.learn(20_000_000, 1_000));
    }

    #[test]
    fn what_cannot_travel_stays() {
        let mut placement = Placement::movable(Place::Worker);
        placement.keep_here();
        assert!((0..10).all(|_| !placement.learn(10_000_000_000, 0)));
        assert_eq!(placement.place(), Place::Interpreter);
    }
}
