//! Times at sizes that were not measured.

use super::blend::{Blend, Candidate, Forecast, Scales, View};
use super::cores::no_law;
use super::error::Error;
use super::observations::{Observations, SIZES, Summary};
use super::shapes::{Shape, Term};

const SCALES: Scales<'static> = Scales {
    drift: &[(0.02, 1.0), (0.06, 1.0), (0.15, 1.0), (0.3, 0.5)],
    noise: &[(0.005, 1.0), (0.015, 1.0), (0.04, 1.0), (0.1, 1.0)],
};

/// The powers of the performance-model normal form (Calotoiu et al. 2013), each with how likely it
/// is before anything is known: whole and half powers are what algorithms have.
const POWERS: [(f64, f64); 18] = [
    (0.0, 1.0),
    (0.25, RARE),
    (1.0 / 3.0, RARE),
    (0.5, 1.0),
    (2.0 / 3.0, RARE),
    (0.75, RARE),
    (1.0, 1.0),
    (1.25, RARE),
    (4.0 / 3.0, RARE),
    (1.5, 1.0),
    (5.0 / 3.0, RARE),
    (1.75, RARE),
    (2.0, 1.0),
    (2.25, RARE),
    (2.5, 0.1),
    (8.0 / 3.0, RARE),
    (2.75, RARE),
    (3.0, 1.0),
];
const RARE: f64 = 0.05;
const LOGS: [f64; 3] = [1.0, 0.5, 0.1];

/// What sums of two terms are made of.
const SIMPLE: [Term; 8] = [
    Term::new(0.0, 1),
    Term::new(0.5, 0),
    Term::new(1.0, 0),
    Term::new(1.0, 1),
    Term::new(1.5, 0),
    Term::new(2.0, 0),
    Term::new(2.0, 1),
    Term::new(3.0, 0),
];

/// What caches may bend.
const BENT: [Term; 6] = [
    Term::new(0.5, 0),
    Term::new(1.0, 0),
    Term::new(1.0, 1),
    Term::new(1.5, 0),
    Term::new(2.0, 0),
    Term::new(3.0, 0),
];

/// Weights of one term, a constant and a term, two terms, and a breakpoint.
const SHARES: [f64; 4] = [1.0, 0.5, 0.1, 0.6];

/// Constants of a sum are tried from a thousandth to a hundred times its other term.
const RATIOS: usize = 24;
/// Factors of a breakpoint are tried from 1.05 to 12.
const FACTORS: usize = 12;

/// Predicts times over sizes by an average over shapes.
pub struct Sizes {
    blend: Blend<Shape>,
    most: f64,
}

impl Sizes {
    /// Weighs every shape by the data. `breakpoints` are the sizes at which the data leave a cache,
    /// where the bytes of an element are known; if there are none, a break may lie between any two
    /// measured sizes but the first.
    ///
    /// # Errors
    /// Fewer than 4 sizes.
    pub fn fit(seen: &Observations, breakpoints: &[f64]) -> Result<Sizes, Error> {
        seen.need("a prediction over sizes", 4, 4, SIZES)?;
        let data = seen.summary();
        let breaks = if breakpoints.is_empty() { gaps(&data.at) } else { breakpoints.to_vec() };
        let views = View::all(&data, &SCALES);
        let candidates = shapes(&data, &breaks)
            .into_iter()
            .map(|(shape, weight)| Candidate::new(shape, weight.ln(), &data, &views))
            .collect();
        let most = data.at.last().copied().unwrap_or_default();
        Ok(Sizes { blend: Blend::new(views, candidates).ok_or_else(no_law)?, most })
    }

    /// The time at size `n`.
    ///
    /// # Errors
    /// `n` is not a size.
    pub fn predict(&self, n: f64) -> Result<Forecast, Error> {
        if !(n.is_finite() && n > 0.0) {
            return Err(Error::Bad(format!("a size must be more than 0, not {n}")));
        }
        Ok(self.blend.forecast(n))
    }

    /// The largest size that was measured.
    #[must_use]
    pub fn measured(&self) -> f64 {
        self.most
    }

    /// The shape that weighs most, such as `"n log n"` or `"n, a step at 1.2e4"`.
    #[must_use]
    pub fn best(&self) -> String {
        let mut names: Vec<(String, f64)> = Vec::new();
        for (shape, weight) in self.blend.weights() {
            let name = shape.to_string();
            match names.iter_mut().find(|(known, _)| *known == name) {
                Some((_, sum)) => *sum += weight,
                None => names.push((name, weight)),
            }
        }
        let heaviest = names.into_iter().max_by(|left, right| left.1.total_cmp(&right.1));
        heaviest.map(|(name, _)| name).unwrap_or_default()
    }
}

/// The middles between measured sizes, without the first: one size below a break says nothing.
fn gaps(at: &[f64]) -> Vec<f64> {
    at.windows(2).skip(1).map(|pair| (pair[0] * pair[1]).sqrt()).collect()
}

/// Every shape with its weight.
fn shapes(data: &Summary, breaks: &[f64]) -> Vec<(Shape, f64)> {
    let middle = (data.at.iter().map(|at| at.ln()).sum::<f64>() / data.at.len() as f64).exp();
    let ratios: Vec<f64> = (0..RATIOS)
        .map(|at| 1e-3_f64.ln() + 1e5_f64.ln() * (at as f64 + 0.5) / RATIOS as f64)
        .collect();
    let mut all = Vec::new();
    let terms = terms();
    let total: f64 = terms.iter().map(|(_, weight)| weight).sum();
    for &(term, weight) in &terms {
        all.push((Shape::Pure(term), SHARES[0] * weight / total));
        for &ratio in &ratios {
            let shape = Shape::WithConstant { term, ratio, middle };
            all.push((shape, SHARES[1] * weight / total / RATIOS as f64));
        }
    }
    let pairs: Vec<[Term; 2]> = SIMPLE
        .iter()
        .enumerate()
        .flat_map(|(at, &first)| SIMPLE[at + 1..].iter().map(move |&second| [first, second]))
        .collect();
    // Terms that are far apart let one raised last size pass for the beginning of a steep law.
    let likely = |pair: &[Term; 2]| (-(pair[0].power - pair[1].power).abs() / 0.5).exp();
    let total: f64 = pairs.iter().map(likely).sum();
    for &terms in &pairs {
        for &ratio in &ratios {
            let weight = SHARES[2] * likely(&terms) / total / RATIOS as f64;
            all.push((Shape::Sum { terms, ratio, middle }, weight));
        }
    }
    let weight = 0.5 * SHARES[3] / (breaks.len() * BENT.len() * FACTORS) as f64;
    for &at in breaks {
        for term in BENT {
            for step in 0..FACTORS {
                let share = (step as f64 + 0.5) / FACTORS as f64;
                let factor = 1.05 * (12.0_f64 / 1.05).powf(share);
                all.push((Shape::Jump { term, factor, at }, weight));
                all.push((Shape::Ramp { term, factor, at }, weight));
            }
        }
    }
    all
}

fn terms() -> Vec<(Term, f64)> {
    let mut all = Vec::new();
    for (power, likely) in POWERS {
        for (logs, factor) in (0_u32..).zip(LOGS) {
            // A constant is no term, and the square of a logarithm alone is rarer than others.
            match (power == 0.0, logs) {
                (true, 0) => {}
                (true, 2) => all.push((Term::new(power, logs), 0.5 * likely * factor)),
                _ => all.push((Term::new(power, logs), likely * factor)),
            }
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn over(sizes: &[f64], time: impl Fn(f64) -> f64) -> Sizes {
        let seconds: Vec<f64> = sizes.iter().map(|&n| time(n)).collect();
        Sizes::fit(&Observations::over_sizes(sizes, &seconds).unwrap(), &[]).unwrap()
    }

    const SIZES: [f64; 6] = [1e3, 2e3, 4e3, 8e3, 16e3, 32e3];

    #[test]
    fn the_shape_of_clean_times_is_named() {
        assert_eq!(over(&SIZES, |n| 1e-6 * n).best(), "n");
        assert_eq!(over(&SIZES, |n| 1e-6 * n * n.log2()).best(), "n log n");
        assert_eq!(over(&SIZES, |n| 1e-9 * n * n).best(), "n²");
    }

    #[test]
    fn four_times_beyond_the_data_is_near_the_truth() {
        let found = over(&SIZES, |n| 1e-6 * n * n.log2());
        let (ahead, truth) = (found.predict(128e3).unwrap(), 1e-6 * 128e3 * 128e3_f64.log2());
        assert!((ahead.seconds / truth - 1.0).abs() < 0.05, "{ahead:?} {truth}");
        assert!(ahead.low < truth && truth < ahead.high);
        assert_eq!(found.measured(), 32e3);
    }

    #[test]
    fn a_cache_that_is_left_is_not_a_steep_law() {
        let found = over(&SIZES, |n| 1e-6 * n * if n > 6e3 { 2.5 } else { 1.0 });
        let ahead = found.predict(128e3).unwrap();
        assert!((ahead.seconds / (2.5e-6 * 128e3) - 1.0).abs() < 0.1, "{ahead:?}");
        assert!(found.best().contains("step"), "{}", found.best());
    }

    #[test]
    fn three_sizes_are_not_enough() {
        let seen = Observations::over_sizes(&[1.0, 2.0, 4.0], &[1.0, 2.0, 4.0]).unwrap();
        let message = Sizes::fit(&seen, &[]).err().unwrap().to_string();
        assert_eq!(
            message,
            "a prediction over sizes needs at least 4 times over 4 sizes, and there are 3 \
             times over 3 sizes"
        );
        assert!(over(&SIZES, |n| n).predict(-1.0).is_err());
    }

    #[test]
    fn size_one_has_a_time() {
        let found = over(&[1.0, 2.0, 4.0, 8.0, 16.0], |n| 1e-3 * n);
        assert!(found.predict(1.0).unwrap().seconds.is_finite());
    }
}
