//! Distributions over vectors: a row has a stream.

use crate::discrete::{Hypergeometric, binomial};
use crate::distribution::StandardGamma;
use crate::fill::each;
use crate::philox::Key;
use crate::stream::Stream;
use rand_distr::{Beta, Distribution};

/// Rows of one length one behind the other, from that of number `first` on.
#[derive(Debug)]
pub struct Row<'a, T> {
    /// Of the draw.
    pub key: Key,
    /// The number of the first row.
    pub first: u64,
    /// Elements of a row, at least 1.
    pub width: usize,
    /// As many rows as fit.
    pub out: &'a mut [T],
}

impl<T> Row<'_, T> {
    /// Fills each row, told its position.
    fn each(self, mut fill: impl FnMut(usize, &mut [T], &mut Stream)) {
        let Self { key, first, width, out } = self;
        let mut rows = out.chunks_exact_mut(width);
        let mut none = vec![(); rows.len()];
        each(key, first, &mut none, |position, stream| {
            fill(position, rows.next().expect("a row for each stream"), stream);
        });
    }
}

/// One for all rows, or one for each, of `width` values.
fn of_row<T>(values: &[T], position: usize, width: usize) -> &[T] {
    if values.len() == width { values } else { &values[position * width..][..width] }
}

/// How often each of some outcomes came up in `n` experiments.
///
/// `n` has one value or one for each row, `probabilities` one row or as many as there are; what is missing in
/// a row's sum is the last one's.
pub fn multinomial(n: &[i64], probabilities: &[f64], rows: Row<'_, i64>) {
    let width = rows.width;
    rows.each(|position, row, stream| {
        let mut left = of_row(n, position, 1)[0];
        let mut share = 1.0;
        let (last, others) = row.split_last_mut().expect("a row with elements");
        for (count, p) in others.iter_mut().zip(of_row(probabilities, position, width)) {
            // Of what the outcomes before left over.
            let sampler = binomial(left as f64, (p / share).clamp(0.0, 1.0));
            *count = sampler.map_or(0, |binomial| binomial.sample(stream) as i64);
            left -= *count;
            share -= p;
        }
        *last = left;
    });
}

/// How many balls of each colour are among `sample` of an urn.
pub fn multivariate_hypergeometric(colors: &[i64], sample: i64, rows: Row<'_, i64>) {
    let all: i64 = colors.iter().sum();
    rows.each(|_, row, stream| {
        let (mut left, mut others) = (sample, all);
        for (count, color) in row.iter_mut().zip(colors) {
            others -= color;
            let urn = Hypergeometric::new(*color as f64, others as f64, left as f64);
            *count = urn.map_or(0, |urn| urn.sample(stream) as i64);
            left -= *count;
        }
    });
}

/// Shares that sum up to 1.
pub fn dirichlet(alpha: &[f64], rows: Row<'_, f64>) {
    // Gamma numbers of small shapes are often all 0: then sticks are broken, piece by piece.
    if alpha.iter().all(|alpha| *alpha < 0.1) {
        return broken_sticks(alpha, rows);
    }
    let gammas: Vec<_> = alpha.iter().map(|alpha| StandardGamma::new(*alpha)).collect();
    rows.each(|_, row, stream| {
        for (share, gamma) in row.iter_mut().zip(&gammas) {
            *share = gamma.as_ref().map_or(f64::NAN, |gamma| gamma.sample(stream));
        }
        let sum: f64 = row.iter().sum();
        row.iter_mut().for_each(|share| *share /= sum);
    });
}

fn broken_sticks(alpha: &[f64], rows: Row<'_, f64>) {
    let mut rest: f64 = alpha.iter().sum();
    let pieces: Vec<_> = alpha[..alpha.len() - 1]
        .iter()
        .map(|alpha| {
            rest -= alpha;
            Beta::new(*alpha, rest).ok()
        })
        .collect();
    rows.each(|_, row, stream| {
        let mut left = 1.0;
        let (last, others) = row.split_last_mut().expect("a row with elements");
        for (share, piece) in others.iter_mut().zip(&pieces) {
            let part = piece.map_or(0.0, |beta| beta.sample(stream));
            *share = left * part;
            left *= 1.0 - part;
        }
        *last = left;
    });
}
