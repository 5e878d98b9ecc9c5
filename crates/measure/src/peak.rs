//! How fast the cores compute, and read what is in their first cache: the roof of a roofline.
//!
//! Chains of fused multiplications and additions on registers, more of them than one takes to finish, and
//! sums over an array of half a first-level cache; vectors as wide as the processor has. As for
//! [`bandwidth`](crate::bandwidth), the best repetition counts.
//!
//! S. Williams, A. Waterman and D. Patterson, "Roofline: An Insightful Visual Performance Model for
//! Multicore Architectures", Communications of the ACM 52(4), 2009; with caches: A. Ilic, F. Pratas and
//! L. Sousa, "Cache-aware Roofline Model", IEEE Computer Architecture Letters 13(1), 2014.

use std::hint::black_box;
use std::thread::{self, Builder};
use std::time::{Duration, Instant};

use pulp::{Arch, Simd, WithSimd};

/// Vectors that are computed on at one time: four cycles of two units, and some to spare.
const CHAINS: usize = 12;
/// Numbers in the array that is read.
const NUMBERS: usize = 2 << 10;
/// Numbers in a line of the cache.
const LINE: usize = 8;
/// How long each loop is tried, and how long one try lasts at least.
const PATIENCE: Duration = Duration::from_millis(60);
const LEAST: Duration = Duration::from_millis(2);

/// What [`peak`] measured.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Peak {
    /// Threads that ran at once.
    pub threads: usize,
    /// Operations on float64 a second, of all threads together; a fused multiplication and addition
    /// counts as two.
    pub operations: f64,
    /// Bytes a second that all threads together read from their first-level caches.
    pub cache: f64,
}

/// Measures with `threads` threads (at least 1) for some tenths of a second.
///
/// `threads` in the answer is less than what was asked if the system would not start so many.
///
/// ```
/// let one = measure::peak(1);
/// assert_eq!(one.threads, 1);
/// assert!(one.operations > 0.0 && one.cache > 0.0);
/// ```
#[must_use]
pub fn peak(threads: usize) -> Peak {
    let arch = Arch::new();
    let computing = |rounds| arch.dispatch(Compute { rounds }) as f64;
    let reading = |rounds| {
        // From a line's beginning on: a vector across two lines takes twice as long.
        let room = vec![1.0_f64; NUMBERS + LINE];
        let first = room.as_ptr().align_offset(LINE * size_of::<f64>()).min(LINE);
        arch.dispatch(Read { rounds, array: &room[first..first + NUMBERS] });
        (rounds * NUMBERS * size_of::<f64>()) as f64
    };
    let (threads, operations) = together(threads.max(1), &computing);
    let (_, cache) = together(threads, &reading);
    Peak { threads, operations, cache }
}

/// Runs `work` on threads at one time: how many there were, and the sum of their best speeds.
fn together(threads: usize, work: &(dyn Fn(usize) -> f64 + Sync)) -> (usize, f64) {
    let speeds: Vec<f64> = thread::scope(|scope| {
        let others: Vec<_> = (1..threads)
            .map_while(|_| Builder::new().spawn_scoped(scope, || best(work)).ok())
            .collect();
        let own = best(work);
        let others = others.into_iter().filter_map(|thread| thread.join().ok());
        std::iter::once(own).chain(others).collect()
    });
    (speeds.len(), speeds.iter().sum())
}

/// What `work` does in a second, in its best repetition; it is told how many rounds to do.
fn best(work: &dyn Fn(usize) -> f64) -> f64 {
    let begin = Instant::now();
    let (mut rounds, mut best) = (1, 0.0_f64);
    while begin.elapsed() < PATIENCE {
        let start = Instant::now();
        let done = work(rounds);
        let time = start.elapsed();
        best = best.max(done / time.max(Duration::from_nanos(1)).as_secs_f64());
        if time < LEAST {
            rounds *= 2;
        }
    }
    best
}

/// Rounds of one operation on each chain; answers how many operations that were.
struct Compute {
    rounds: usize,
}

impl WithSimd for Compute {
    type Output = usize;

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) -> usize {
        let factor = simd.splat_f64s(black_box(0.999));
        let term = simd.splat_f64s(black_box(0.001));
        let mut chains = [simd.splat_f64s(1.0); CHAINS];
        for _ in 0..self.rounds {
            for chain in &mut chains {
                *chain = simd.mul_add_f64s(*chain, factor, term);
            }
        }
        for chain in chains {
            black_box(simd.reduce_sum_f64s(chain));
        }
        self.rounds * CHAINS * S::F64_LANES * 2
    }
}

/// Rounds of a sum over an array.
struct Read<'a> {
    rounds: usize,
    array: &'a [f64],
}

impl WithSimd for Read<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let mut sums = [simd.splat_f64s(0.0); 8];
        for _ in 0..self.rounds {
            let (vectors, _) = S::as_simd_f64s(black_box(self.array));
            for eight in vectors.chunks_exact(8) {
                for (sum, vector) in sums.iter_mut().zip(eight) {
                    *sum = simd.add_f64s(*sum, *vector);
                }
            }
        }
        for sum in sums {
            black_box(simd.reduce_sum_f64s(sum));
        }
    }
}
