//! Integers of a range, and permutations.

use crate::fill::each;
use crate::philox::Key;
use crate::stream::Stream;
use rand::distr::{Distribution, Uniform};
use rand::{Rng, RngExt};

/// The types of integers that are drawn.
pub trait Integer: Copy {
    /// The lowest bits.
    fn from_word(word: u64) -> Self;
}

macro_rules! integer {
    ($($ty:ty),*) => {
        $(
            impl Integer for $ty {
                #[inline(always)]
                fn from_word(word: u64) -> Self {
                    word as Self
                }
            }
        )*
    };
}

integer!(i8, i16, i32, i64, u8, u16, u32, u64);

/// Draws elements `first`, `first + 1`, ... each from `low` to `low + range`, both of which may come up.
///
/// There is one `low` and one `range`, or one for each element; signed numbers in two's complement.
///
/// # Panics
/// If there is another number of them.
pub fn integers<T: Integer>(low: &[u64], range: &[u64], key: Key, first: u64, out: &mut [T]) {
    if let ([low], [range]) = (low, range) {
        if let Some(count) = few(*range) {
            return draw_few(*low, count, key, first, out);
        }
        let uniform = Uniform::new_inclusive(0, *range).expect("a range that is not empty");
        each(key, first, out, |_, stream| T::from_word(low.wrapping_add(uniform.sample(stream))));
        return;
    }
    let value =
        |values: &[u64], element: usize| values[if values.len() == 1 { 0 } else { element }];
    each(key, first, out, |element, stream| {
        let range = value(range, element);
        let offset = match few(range) {
            Some(count) => fair(count, count.wrapping_neg() % count, stream),
            None => Uniform::new_inclusive(0, range).expect("a range").sample(stream),
        };
        T::from_word(value(low, element).wrapping_add(offset))
    });
}

/// How many integers there are, if products with 32 random bits do for them.
fn few(range: u64) -> Option<u32> {
    u32::try_from(range).ok()?.checked_add(1)
}

/// An integer below `count`: the upper half of a product (Lemire, 2019), of which those whose lower half is less
/// than `unfair` would make some integers likelier than others.
#[inline]
fn fair(count: u32, unfair: u32, stream: &mut Stream) -> u64 {
    loop {
        let product = (stream.next_u64() >> 32) * u64::from(count);
        if product as u32 >= unfair {
            return product >> 32;
        }
    }
}

fn draw_few<T: Integer>(low: u64, count: u32, key: Key, first: u64, out: &mut [T]) {
    let unfair = count.wrapping_neg() % count;
    // All products are fair nearly always, and vectors can't draw again.
    let mut worst = u32::MAX;
    each(key, first, out, |_, stream| {
        let product = (stream.next_u64() >> 32) * u64::from(count);
        worst = worst.min(product as u32);
        T::from_word(low.wrapping_add(product >> 32))
    });
    if worst < unfair {
        each(key, first, out, |_, stream| {
            T::from_word(low.wrapping_add(fair(count, unfair, stream)))
        });
    }
}

/// The numbers below `length` in an order in which any is as likely as any other.
pub fn permutation(key: Key, length: usize) -> Vec<i64> {
    let mut numbers: Vec<i64> = (0..length as i64).collect();
    // Fisher and Yates's: each is exchanged with one of those before, or stays.
    let mut others = vec![0_u64; length];
    each(key, 0, &mut others, |element, stream| stream.random_range(0..=element as u64));
    for (element, other) in others.into_iter().enumerate() {
        numbers.swap(element, other as usize);
    }
    numbers
}
