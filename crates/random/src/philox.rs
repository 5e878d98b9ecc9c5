//! Philox 4x32-10: four words that are as good as random, of a counter and a key.

use pulp::{Arch, Simd, WithSimd};

/// What a draw's numbers depend on, besides their places.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Key {
    /// Philox's own.
    key: [u32; 2],
    /// A word of the counter, so that two of 2³² draws share their numbers once in 2³³ times.
    nonce: u32,
}

/// What a generator's draws depend on, besides their numbers: made of its seed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct State(pub [u32; 4]);

impl State {
    /// The key of a generator's draw of that number.
    pub fn key(&self, draw: u64) -> Key {
        let Self([a, b, c, d]) = *self;
        let [e, f, nonce, _] = block([c, d, draw as u32, (draw >> 32) as u32], [a, b]);
        Key { key: [e, f], nonce }
    }
}

/// Blocks that are worked out side by side.
const LANES: usize = 64;
/// Two 64-bit words of each block.
const BATCH: usize = 2 * LANES;
/// Words that are made faster one by one.
const FEW: usize = 16;

impl Key {
    /// Block `number` of a counter of its own for each `purpose`, as two 64-bit words.
    #[inline]
    pub fn block(&self, number: u64, purpose: u32) -> [u64; 2] {
        let counter = [number as u32, (number >> 32) as u32, self.nonce, purpose];
        let [a, b, c, d] = block(counter, self.key).map(u64::from);
        [join(a, b), join(c, d)]
    }

    /// The words of the blocks of purpose 0 one behind the other, from word `first` on.
    pub fn words(&self, first: u64, out: &mut [u64]) {
        if out.len() > FEW {
            return Arch::new().dispatch(Fill { key: *self, first, out });
        }
        let mut number = first / 2;
        let mut block = self.block(number, 0);
        for (word, place) in out.iter_mut().zip(first..) {
            if place / 2 != number {
                number = place / 2;
                block = self.block(number, 0);
            }
            *word = block[(place % 2) as usize];
        }
    }

    /// The words of the blocks from `block` on.
    #[inline(always)]
    #[expect(clippy::needless_range_loop, reason = "a lane is a place in several arrays")]
    fn batch(&self, block: u64) -> [u64; BATCH] {
        let mut words = [[0; LANES], [0; LANES], [u64::from(self.nonce); LANES], [0; LANES]];
        for lane in 0..LANES {
            let number = block.wrapping_add(lane as u64);
            words[0][lane] = number;
            words[1][lane] = number >> 32;
        }
        rounds(&mut words, self.key);
        let mut out = [0; BATCH];
        for lane in 0..LANES {
            out[2 * lane] = join(words[0][lane], words[1][lane]);
            out[2 * lane + 1] = join(words[2][lane], words[3][lane]);
        }
        out
    }
}

struct Fill<'a> {
    key: Key,
    first: u64,
    out: &'a mut [u64],
}

impl WithSimd for Fill<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        // A batch at a time; the first one begins within a block if `first` is odd.
        let mut block = self.first / 2;
        let mut skip = (self.first % 2) as usize;
        let mut out = self.out;
        while !out.is_empty() {
            let words = self.key.batch(block);
            let length = out.len().min(BATCH - skip);
            let (now, later) = out.split_at_mut(length);
            now.copy_from_slice(&words[skip..skip + length]);
            out = later;
            skip = 0;
            block = block.wrapping_add(LANES as u64);
        }
    }
}

/// The lower halves as one word.
const fn join(low: u64, high: u64) -> u64 {
    low & LOW | high << 32
}

const LOW: u64 = u32::MAX as u64;
const MULTIPLIERS: [u64; 2] = [0xd251_1f53, 0xcd9e_8d57];
const WEYL: [u32; 2] = [0x9e37_79b9, 0xbb67_ae85];
const ROUNDS: u32 = 10;

/// Ten rounds over lanes, which the compiler makes vectors of.
///
/// The words are the lower halves, and nobody minds what is in the upper ones: so a product is one instruction,
/// and no half has to be moved but by a shift.
#[inline(always)]
#[expect(clippy::needless_range_loop, reason = "a lane is a place in several arrays")]
fn rounds<const N: usize>(words: &mut [[u64; N]; 4], key: [u32; 2]) {
    let [mut k0, mut k1] = key;
    for _ in 0..ROUNDS {
        for lane in 0..N {
            let p = (words[0][lane] & LOW) * MULTIPLIERS[0];
            let q = (words[2][lane] & LOW) * MULTIPLIERS[1];
            words[0][lane] = q >> 32 ^ words[1][lane] ^ u64::from(k0);
            words[1][lane] = q;
            words[2][lane] = p >> 32 ^ words[3][lane] ^ u64::from(k1);
            words[3][lane] = p;
        }
        k0 = k0.wrapping_add(WEYL[0]);
        k1 = k1.wrapping_add(WEYL[1]);
    }
}

#[inline]
fn block(counter: [u32; 4], key: [u32; 2]) -> [u32; 4] {
    let mut words = counter.map(|word| [u64::from(word)]);
    rounds(&mut words, key);
    words.map(|[word]| word as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The known answers that come with Random123, Salmon's own implementation.
    #[test]
    fn blocks_are_philox() {
        assert_eq!(block([0; 4], [0; 2]), [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8]);
        let ones = u32::MAX;
        assert_eq!(
            block([ones; 4], [ones; 2]),
            [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd]
        );
        assert_eq!(
            block([0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344], [0xa409_3822, 0x299f_31d0]),
            [0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1]
        );
    }

    #[test]
    fn words_do_not_depend_on_where_one_begins() {
        let key = State([1, 2, 3, 4]).key(5);
        let mut whole = vec![0; 1000];
        key.words(0, &mut whole);
        for (first, length) in [(0, 1), (1, 1), (1, 999), (63, 130), (64, 64), (500, 7), (999, 1)] {
            let mut part = vec![0; length];
            key.words(first as u64, &mut part);
            assert_eq!(part, whole[first..first + length], "{first}, {length}");
        }
        assert_eq!(key.block(250, 0), [whole[500], whole[501]]);
    }

    #[test]
    fn places_beyond_32_bits_have_numbers_of_their_own() {
        let key = State([1, 2, 3, 4]).key(5);
        let [mut low, mut high] = [[0; 2]; 2];
        key.words(10, &mut low);
        key.words(10 + (1 << 33), &mut high);
        assert_ne!(low, high);
    }
}
