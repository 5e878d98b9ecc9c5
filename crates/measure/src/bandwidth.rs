//! How fast bytes come from memory, by the STREAM method.
//!
//! John D. McCalpin, "Memory Bandwidth and Machine Balance in Current High Performance Computers",
//! IEEE TCCA Newsletter, 1995: simple loops over arrays that no cache can hold, repeated, the best
//! time reported, because what disturbs a run only ever makes it slower. The spread of the
//! repetitions is reported too, so that a reader sees a machine that was busy.
//!
//! Every thread allocates and first touches the memory that it then works on, so that on a machine
//! with several sockets it is near. The threads are ours and not a pool's: a pool may have fewer.
//!
//! There are two loops. *Read* adds up 64-bit integers, which compilers turn into vector adds; a
//! sum of floating-point numbers must keep its order and would time the adder instead. *Copy* is
//! the C library's `memcpy`, which is what NumPy's copies use as well, and which for arrays of this
//! size writes past the cache; that is the case in which the bytes counted are the bytes moved.

use std::hint::black_box;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Barrier, OnceLock};
use std::thread::{self, Builder};
use std::time::{Duration, Instant};

use crate::cache::last_level_bytes;
use crate::machine::Machine;

/// STREAM's own number of repetitions.
const MOST_ROUNDS: usize = 10;
/// Fewer than this have no spread worth the name.
const LEAST_ROUNDS: usize = 3;
/// No round starts after this long, counted from the first.
const PATIENCE: Duration = Duration::from_millis(250);
/// Taken for the last-level cache where the machine does not list its caches, in bytes.
const USUAL_CACHE: u64 = 32 << 20;
/// The least that the clock can time: some milliseconds at any speed of today.
const LEAST_BYTES: u64 = 32 << 20;

/// What [`bandwidth`] measured.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bandwidth {
    /// Threads that ran at once.
    pub threads: usize,
    /// Bytes per second that all threads together read, in their best repetition.
    pub read: f64,
    /// Bytes per second that all threads together copied, in their best repetition. A byte counts
    /// twice, once read and once written, as in STREAM.
    pub copy: f64,
    /// How far the repetitions of read were apart: (highest − lowest) / median. Above about 0.2
    /// something else was running.
    pub spread: f64,
}

/// Measures the speed of memory with `threads` threads (at least 1) for some tenths of a second.
///
/// The arrays take four times the last-level caches that so many threads can reach, but no more
/// than an eighth of the memory that this process may use. `threads` in the answer is less than
/// what was asked if the system would not start so many. A build without optimisation measures its
/// own slowness.
///
/// ```
/// let one = measure::bandwidth(1);
/// assert_eq!(one.threads, 1);
/// assert!(one.read > 0.0 && one.copy > 0.0 && one.spread >= 0.0);
/// ```
#[must_use]
pub fn bandwidth(threads: usize) -> Bandwidth {
    let threads = threads.max(1);
    measure(threads, total_bytes(&Machine::detect(), threads))
}

/// How much memory to work on, all threads and both arrays together.
fn total_bytes(machine: &Machine, threads: usize) -> u64 {
    let cache = last_level_bytes(&machine.caches, threads).unwrap_or(USUAL_CACHE);
    let wanted = (4 * cache).max(LEAST_BYTES);
    // What others hold now is not ours to push into swap.
    match (machine.usable_memory() / 8).min(machine.memory_available / 2) {
        0 => wanted,
        most => wanted.min(most),
    }
}

/// When one thread began and ended one pass.
type Lap = (Instant, Instant);

/// The passes of one thread, one of each kind in a round.
#[derive(Default)]
struct Laps {
    read: Vec<Lap>,
    copy: Vec<Lap>,
}

/// What the threads need to know before they begin.
struct Plan {
    barrier: Barrier,
    /// Length of each of a thread's two arrays.
    words: usize,
}

fn measure(threads: usize, bytes: u64) -> Bandwidth {
    // Made when it is known how many threads the system gave us: a barrier for more would wait
    // for ever, and arrays for more would fit into the caches.
    let plan = OnceLock::new();
    let stop = AtomicBool::new(false);
    let work = || run(plan.wait(), &stop);
    let laps: Vec<Laps> = thread::scope(|scope| {
        let others: Vec<_> =
            (1..threads).map_while(|_| Builder::new().spawn_scoped(scope, work).ok()).collect();
        plan.get_or_init(|| Plan::new(others.len() + 1, bytes));
        let own = work();
        // A lost thread would be our bug, and the barrier would have held us before this.
        let others = others.into_iter().filter_map(|thread| thread.join().ok());
        std::iter::once(own).chain(others).collect()
    });
    let words = plan.wait().words;
    let moved = (laps.len() * words * 2 * size_of::<u64>()) as f64;
    let read = speeds(&laps, moved, |laps| &laps.read);
    let copy = speeds(&laps, moved, |laps| &laps.copy);
    Bandwidth { threads: laps.len(), read: best(&read), copy: best(&copy), spread: spread(&read) }
}

impl Plan {
    fn new(threads: usize, bytes: u64) -> Plan {
        let words = bytes / threads as u64 / 2 / size_of::<u64>() as u64;
        Plan { barrier: Barrier::new(threads), words: words.max(1) as usize }
    }
}

/// One thread: touch, then rounds of read and copy, each begun by all threads together.
fn run(plan: &Plan, stop: &AtomicBool) -> Laps {
    let Plan { barrier, words } = plan;
    // Not zeroes: the system hands those out without memory behind them.
    let source = vec![1_u64; *words];
    let mut target = vec![2_u64; *words];
    let mut laps = Laps::default();
    barrier.wait();
    let first = Instant::now();
    loop {
        laps.read.push(time(|| {
            black_box(sum(black_box(&source)).wrapping_add(sum(black_box(&target))));
        }));
        barrier.wait();
        laps.copy.push(time(|| black_box(&mut target).copy_from_slice(black_box(&source))));
        let rounds = laps.read.len();
        let enough = rounds >= LEAST_ROUNDS && first.elapsed() >= PATIENCE;
        // One thread decides; the second barrier keeps the others from looking before it has.
        if barrier.wait().is_leader() && (enough || rounds == MOST_ROUNDS) {
            stop.store(true, Ordering::Relaxed);
        }
        barrier.wait();
        if stop.load(Ordering::Relaxed) {
            return laps;
        }
    }
}

fn time(pass: impl FnOnce()) -> Lap {
    let begun = Instant::now();
    pass();
    (begun, Instant::now())
}

/// Never inlined, so that the machine code is the same whoever asks.
#[inline(never)]
fn sum(words: &[u64]) -> u64 {
    words.iter().fold(0, |total, word| total.wrapping_add(*word))
}

/// Bytes per second in each round. A round lasts from its first thread's start to its last one's
/// end: the speed of all together, with the stragglers.
fn speeds(laps: &[Laps], bytes: f64, kind: impl Fn(&Laps) -> &[Lap]) -> Vec<f64> {
    let rounds = laps.iter().map(|laps| kind(laps).len()).min().unwrap_or(0);
    let speed = |round: usize| {
        let begun = laps.iter().map(|laps| kind(laps)[round].0).min()?;
        let ended = laps.iter().map(|laps| kind(laps)[round].1).max()?;
        // A clock too coarse for the pass must not make it infinitely fast.
        Some(bytes / (ended - begun).max(Duration::from_nanos(1)).as_secs_f64())
    };
    (0..rounds).filter_map(speed).collect()
}

fn best(speeds: &[f64]) -> f64 {
    speeds.iter().copied().fold(0.0, f64::max)
}

fn spread(speeds: &[f64]) -> f64 {
    let mut sorted = speeds.to_vec();
    sorted.sort_by(f64::total_cmp);
    let (Some(lowest), Some(highest)) = (sorted.first(), sorted.last()) else { return 0.0 };
    let middle = sorted.len() / 2;
    let median = (sorted[middle] + sorted[(sorted.len() - 1) / 2]) / 2.0;
    (highest - lowest) / median
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cache::Cache;

    fn machine(cache: u64, memory: u64) -> Machine {
        let last = Cache {
            level: 3,
            kind: "unified",
            bytes: cache,
            shared_by: 8,
            line_bytes: 64,
            instances: 4,
        };
        Machine {
            caches: if cache == 0 { Vec::new() } else { vec![last] },
            memory_total: memory,
            memory_available: memory,
            memory_limit: None,
            ..Machine::detect()
        }
    }

    #[test]
    fn arrays_are_four_times_the_caches_that_the_threads_reach() {
        let machine = machine(32 << 20, 64 << 30);
        assert_eq!(total_bytes(&machine, 1), 128 << 20);
        assert_eq!(total_bytes(&machine, 4), 512 << 20);
        assert_eq!(total_bytes(&machine, 32), 512 << 20);
    }

    #[test]
    fn arrays_take_no_more_than_an_eighth_of_the_memory() {
        let mut machine = machine(32 << 20, 64 << 30);
        machine.memory_limit = Some(256 << 20);
        assert_eq!(total_bytes(&machine, 1), 32 << 20);
        machine.memory_available = 8 << 20;
        assert_eq!(total_bytes(&machine, 1), 4 << 20, "nor more than half of what is free");
    }

    #[test]
    fn a_machine_that_says_nothing_gets_arrays_of_the_usual_size() {
        assert_eq!(total_bytes(&machine(0, 0), 1), 4 * USUAL_CACHE);
        assert_eq!(total_bytes(&machine(1 << 10, 0), 1), LEAST_BYTES);
    }

    #[test]
    fn a_round_lasts_from_the_first_start_to_the_last_end() {
        let zero = Instant::now();
        let at = |seconds| zero + Duration::from_secs(seconds);
        let laps = |read| Laps { read, copy: Vec::new() };
        let threads = [
            laps(vec![(at(0), at(2)), (at(10), at(11))]),
            laps(vec![(at(1), at(4)), (at(10), at(12))]),
        ];
        assert_eq!(speeds(&threads, 8.0, |laps| &laps.read), [2.0, 4.0]);
        assert!(speeds(&threads, 8.0, |laps| &laps.copy).is_empty());
    }

    #[test]
    fn the_spread_is_relative_to_the_median() {
        assert_eq!(spread(&[4.0, 2.0, 3.0]), 2.0 / 3.0);
        assert_eq!(spread(&[1.0, 2.0, 4.0, 5.0]), 4.0 / 3.0);
        assert_eq!(spread(&[7.0]), 0.0);
        assert_eq!(spread(&[]), 0.0);
        assert_eq!(best(&[4.0, 9.0, 3.0]), 9.0);
    }

    #[test]
    fn the_sum_wraps_and_leaves_no_word_out() {
        assert_eq!(sum(&[u64::MAX, 1, 5]), 5);
        assert_eq!(sum(&(0..=1000).collect::<Vec<_>>()), 500_500);
        assert_eq!(sum(&[]), 0);
    }

    #[test]
    fn the_threads_share_the_memory_and_each_has_two_arrays() {
        assert_eq!(Plan::new(4, 1 << 20).words, (1 << 20) / 4 / 2 / 8);
        assert_eq!(Plan::new(1, 1 << 20).words, (1 << 20) / 2 / 8);
        assert_eq!(Plan::new(64, 8).words, 1);
    }

    #[test]
    fn all_threads_finish_and_are_counted() {
        for threads in [1, 2, 7] {
            let measured = measure(threads, 1 << 16);
            assert_eq!(measured.threads, threads);
            assert!(measured.read.is_finite() && measured.read > 0.0);
            assert!(measured.copy.is_finite() && measured.copy > 0.0);
            assert!(measured.spread.is_finite() && measured.spread >= 0.0);
        }
    }

    #[test]
    fn no_threads_means_one() {
        assert_eq!(measure(1, 0).threads, 1, "arrays of one word");
        assert_eq!(bandwidth(0).threads, 1);
    }
}
