//! Integers of a range, and permutations.

use crate::fill::each;
use crate::philox::Key;
use rand::RngExt;
use rand::distr::{Distribution, Uniform};

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
        let uniform = Uniform::new_inclusive(0, *range).expect("a range that is not empty");
        each(key, first, out, |_, stream| T::from_word(low.wrapping_add(uniform.sample(stream))));
        return;
    }
    let value =
        |values: &[u64], element: usize| values[if values.len() == 1 { 0 } else { element }];
    each(key, first, out, |element, stream| {
        let offset = stream.random_range(0..=value(range, element));
        T::from_word(value(low, element).wrapping_add(offset))
    });
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
