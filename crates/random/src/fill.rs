//! Runs of neighbouring elements.

use crate::discrete;
use crate::distribution::{self, Counted, Measured};
use crate::philox::Key;
use crate::stream::Stream;
use pulp::{Arch, Simd, WithSimd};

/// Parameters that a distribution does not have.
#[derive(Debug, thiserror::Error)]
#[error("a distribution `{name}` with parameters {parameters:?} does not exist")]
pub struct BadParameters {
    name: &'static str,
    parameters: Vec<f64>,
}

/// The floating-point types that are drawn.
pub trait Real: Copy {
    /// Bits of a number between 0 and 1 that is drawn uniformly.
    const DIGITS: u32;

    /// The nearest number.
    fn from_f64(number: f64) -> Self;
}

impl Real for f64 {
    const DIGITS: u32 = 53;

    #[inline(always)]
    fn from_f64(number: f64) -> Self {
        number
    }
}

impl Real for f32 {
    const DIGITS: u32 = 24;

    #[inline(always)]
    fn from_f64(number: f64) -> Self {
        number as Self
    }
}

/// Where numbers are drawn from and go: a run of elements, the first one's number, and for each of the
/// distribution's parameters one value, or one for each element.
pub(crate) struct Run<'a, T> {
    pub name: &'static str,
    pub parameters: &'a [&'a [f64]],
    pub key: Key,
    pub first: u64,
    pub out: &'a mut [T],
}

/// Draws elements `first`, `first + 1`, ... of a distribution over the real numbers.
///
/// Each parameter has one value, or one for each element, in NumPy's order.
///
/// # Errors
/// There is no such distribution; then `out` holds anything.
///
/// # Panics
/// If there are more or fewer parameters than the distribution has.
pub fn numbers<T: Real>(
    measured: Measured,
    parameters: &[&[f64]],
    key: Key,
    first: u64,
    out: &mut [T],
) -> Result<(), BadParameters> {
    distribution::draw(measured, Run { name: measured.name(), parameters, key, first, out })
}

/// Draws elements `first`, `first + 1`, ... of a distribution over the integers.
///
/// # Errors
/// There is no such distribution; then `out` holds anything.
///
/// # Panics
/// If there are more or fewer parameters than the distribution has.
pub fn counts(
    counted: Counted,
    parameters: &[&[f64]],
    key: Key,
    first: u64,
    out: &mut [i64],
) -> Result<(), BadParameters> {
    discrete::draw(counted, Run { name: counted.name(), parameters, key, first, out })
}

impl<T: Copy> Run<'_, T> {
    /// Draws each element with the sampler that `make` makes of its parameters.
    pub fn draw<const N: usize, S: Fn(&mut Stream) -> T>(
        self,
        make: impl Fn([f64; N]) -> Option<S>,
    ) -> Result<(), BadParameters> {
        let Self { name, parameters, key, first, out } = self;
        let parameters: [&[f64]; N] = parameters.try_into().expect("a distribution's parameters");
        let bad = |values: [f64; N]| BadParameters { name, parameters: values.into() };
        if parameters.iter().all(|values| values.len() == 1) {
            let values = parameters.map(|values| values[0]);
            let sample = make(values).ok_or_else(|| bad(values))?;
            each(key, first, out, |_, stream| sample(stream));
            return Ok(());
        }
        let values = |element: usize| {
            parameters.map(|values| if values.len() == 1 { values[0] } else { values[element] })
        };
        for element in 0..out.len() {
            if make(values(element)).is_none() {
                return Err(bad(values(element)));
            }
        }
        each(key, first, out, |element, stream| {
            make(values(element)).expect("parameters that were seen to be good")(stream)
        });
        Ok(())
    }
}

/// Elements whose first words are made at a time; they stay in the first cache.
const BLOCK: usize = 512;

/// Sets each element to what `sample` makes of its position in `out` and its stream.
pub(crate) fn each<T>(
    key: Key,
    first: u64,
    out: &mut [T],
    mut sample: impl FnMut(usize, &mut Stream) -> T,
) {
    let mut words = [0; BLOCK];
    for (number, out) in out.chunks_mut(BLOCK).enumerate() {
        let start = number * BLOCK;
        let words = &mut words[..out.len()];
        let first = first.wrapping_add(start as u64);
        key.words(first, words);
        Arch::new().dispatch(Block { key, first, start, words, out, sample: &mut sample });
    }
}

struct Block<'a, T, F> {
    key: Key,
    first: u64,
    start: usize,
    words: &'a [u64],
    out: &'a mut [T],
    sample: &'a mut F,
}

impl<T, F: FnMut(usize, &mut Stream) -> T> WithSimd for Block<'_, T, F> {
    type Output = ();

    /// Compiled for each kind of processor: what needs only the first word becomes vector code.
    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        let Self { key, first, start, words, out, sample } = self;
        for (position, (out, word)) in out.iter_mut().zip(words).enumerate() {
            let element = first.wrapping_add(position as u64);
            *out = sample(start + position, &mut Stream::new(key, element, *word));
        }
    }
}
