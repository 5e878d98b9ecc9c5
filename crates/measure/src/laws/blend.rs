//! Averages over laws, each of which the truth may drift away from.
//!
//! The logarithm of the time at a place is a constant, plus the law's own, plus a drift, plus
//! noise. The drift is Brownian motion in the doublings of the place: it starts at the smallest
//! measured place, carries the last residuals on, and adds `drift²` of variance with each doubling
//! beyond the data. For a given law, drift and noise all of it is linear and normal; the blend is
//! the mixture of these normals, weighed by how likely each makes the data.

use std::f64::consts::SQRT_2;

use statrs::function::erf::erfc;

use super::least_squares::dot;
use super::observations::Summary;

/// What a law says but for a constant: the logarithm of the time at a place.
pub(super) trait Curve {
    fn log_seconds(&self, place: f64) -> f64;
}

/// A time that was not measured.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Forecast {
    /// Lower end of the 90 % interval.
    pub low: f64,
    /// The median.
    pub seconds: f64,
    /// Upper end of the 90 % interval.
    pub high: f64,
}

/// How far the truth drifts from a law in a doubling, and how much a time differs from the next,
/// as standard deviations of logarithms; with the weights that they start with.
pub(super) struct Scales<'a> {
    pub(super) drift: &'a [(f64, f64)],
    pub(super) noise: &'a [(f64, f64)],
}

/// The data as seen under one drift and noise.
pub(super) struct View {
    drift: f64,
    noise: f64,
    doublings: Vec<f64>,
    /// The lower triangle of the covariance's Cholesky factor, row by row.
    factor: Vec<Vec<f64>>,
    /// The constant's column, with the factor divided out.
    ones: Vec<f64>,
    ones_squared: f64,
    log_weight: f64,
}

impl View {
    pub(super) fn all(data: &Summary, scales: &Scales<'_>) -> Vec<View> {
        let pairs = scales.drift.iter().flat_map(|&drift| {
            scales.noise.iter().map(move |&noise| View::new(data, drift, noise))
        });
        pairs.collect()
    }

    fn new(data: &Summary, (drift, drift_weight): (f64, f64), (noise, weight): (f64, f64)) -> View {
        let doublings: Vec<f64> = data.at.iter().map(|at| at.log2()).collect();
        let levels = doublings.len();
        let mut factor: Vec<Vec<f64>> = Vec::with_capacity(levels);
        for i in 0..levels {
            let mut row = Vec::with_capacity(i + 1);
            for j in 0..=i {
                let mut value = drift * drift * (doublings[j] - doublings[0]);
                if i == j {
                    value += noise * noise / data.repeats[i];
                }
                let above = if i == j { &row } else { &factor[j] };
                value -= dot(&row, &above[..j]);
                row.push(if i == j { value.sqrt() } else { value / factor[j][j] });
            }
            factor.push(row);
        }
        let ones = forward(&factor, &vec![1.0; levels]);
        let ones_squared = dot(&ones, &ones);
        let determinant: f64 = factor.iter().enumerate().map(|(i, row)| row[i].ln()).sum();
        let log_weight = drift_weight.ln() + weight.ln()
            - determinant
            - 0.5 * ones_squared.ln()
            - data.freedom * noise.ln()
            - data.pure_error / (2.0 * noise * noise);
        View { drift, noise, doublings, factor, ones, ones_squared, log_weight }
    }

    /// The logarithm of how likely a law's residuals are, and their constant.
    pub(super) fn score(&self, residuals: &[f64]) -> (f64, f64) {
        let seen = forward(&self.factor, residuals);
        let constant = dot(&seen, &self.ones) / self.ones_squared;
        let rest = dot(&seen, &seen) - constant * constant * self.ones_squared;
        (self.log_weight - 0.5 * rest, constant)
    }

    /// What is needed of this view for forecasts at `place`.
    fn towards(&self, place: f64) -> Towards {
        let first = self.doublings[0];
        let ahead = place.log2() - first;
        // Below the smallest place the drift goes another way, and the data know nothing of it.
        let shared = |at: &f64| self.drift * self.drift * (at - first).min(ahead.max(0.0));
        let covariance: Vec<f64> = self.doublings.iter().map(shared).collect();
        let seen = forward(&self.factor, &covariance);
        let constant = 1.0 - dot(&seen, &self.ones);
        let variance = self.drift * self.drift * ahead.abs() - dot(&seen, &seen)
            + constant * constant / self.ones_squared
            + self.noise * self.noise;
        Towards {
            constant,
            residuals: backward(&self.factor, &seen),
            deviation: variance.max(1e-12).sqrt(),
        }
    }
}

/// A forecast's mean is `constant` times the law's constant, plus its residuals times these.
struct Towards {
    constant: f64,
    residuals: Vec<f64>,
    deviation: f64,
}

/// Solves `factor · x = right`.
fn forward(factor: &[Vec<f64>], right: &[f64]) -> Vec<f64> {
    let mut found = Vec::with_capacity(right.len());
    for (i, (row, &value)) in factor.iter().zip(right).enumerate() {
        let known = dot(&row[..i], &found);
        found.push((value - known) / row[i]);
    }
    found
}

/// Solves `factorᵀ · x = right`.
fn backward(factor: &[Vec<f64>], right: &[f64]) -> Vec<f64> {
    let mut found = right.to_vec();
    for i in (0..found.len()).rev() {
        found[i] /= factor[i][i];
        let known = found[i];
        found[..i].iter_mut().zip(&factor[i]).for_each(|(value, factor)| *value -= known * factor);
    }
    found
}

/// A law with its prior weight and residuals, scored under every view.
pub(super) struct Candidate<C> {
    pub(super) curve: C,
    residuals: Vec<f64>,
    /// Logarithm of the weight, and the constant, under each view.
    pub(super) scores: Vec<(f64, f64)>,
}

impl<C: Curve> Candidate<C> {
    pub(super) fn new(curve: C, log_prior: f64, data: &Summary, views: &[View]) -> Candidate<C> {
        let levels = data.at.iter().zip(&data.log_seconds);
        let residuals: Vec<f64> =
            levels.map(|(&at, seconds)| seconds - curve.log_seconds(at)).collect();
        let weigh = |view: &View| {
            let (weight, constant) = view.score(&residuals);
            (weight + log_prior, constant)
        };
        let scores = views.iter().map(weigh).collect();
        Candidate { curve, residuals, scores }
    }
}

/// Laws and what each weighs, in parts of 1.
pub(super) struct Blend<C> {
    views: Vec<View>,
    laws: Vec<(C, Vec<f64>)>,
    parts: Vec<Part>,
}

/// One normal of the mixture, at every place.
struct Part {
    law: usize,
    view: usize,
    weight: f64,
    constant: f64,
}

/// What weighs less has no say.
const LEAST_WEIGHT: f64 = 1e-7;

impl<C: Curve> Blend<C> {
    /// `None` if no law gives the data any likelihood.
    pub(super) fn new(views: Vec<View>, candidates: Vec<Candidate<C>>) -> Option<Blend<C>> {
        let all = || candidates.iter().flat_map(|candidate| candidate.scores.iter().map(|s| s.0));
        let most = all().fold(f64::NEG_INFINITY, f64::max);
        if !most.is_finite() {
            return None;
        }
        let total: f64 = all().map(|score| (score - most).exp()).sum();
        let mut laws = Vec::new();
        let mut parts = Vec::new();
        for candidate in candidates {
            let before = parts.len();
            for (view, &(score, constant)) in candidate.scores.iter().enumerate() {
                let weight = (score - most).exp() / total;
                if weight > LEAST_WEIGHT {
                    parts.push(Part { law: laws.len(), view, weight, constant });
                }
            }
            if parts.len() > before {
                laws.push((candidate.curve, candidate.residuals));
            }
        }
        let kept: f64 = parts.iter().map(|part| part.weight).sum();
        parts.iter_mut().for_each(|part| part.weight /= kept);
        Some(Blend { views, laws, parts })
    }

    /// The weight of each law that has a say.
    pub(super) fn weights(&self) -> impl Iterator<Item = (&C, f64)> {
        self.parts.iter().map(|part| (&self.laws[part.law].0, part.weight))
    }

    /// The time of a new measurement at `place`.
    pub(super) fn forecast(&self, place: f64) -> Forecast {
        let towards: Vec<Towards> = self.views.iter().map(|view| view.towards(place)).collect();
        let own: Vec<f64> = self.laws.iter().map(|(curve, _)| curve.log_seconds(place)).collect();
        let normals: Vec<Normal> = self
            .parts
            .iter()
            .map(|part| {
                let towards = &towards[part.view];
                let carried = dot(&towards.residuals, &self.laws[part.law].1);
                Normal {
                    weight: part.weight,
                    mean: own[part.law] + part.constant * towards.constant + carried,
                    deviation: towards.deviation,
                }
            })
            .collect();
        let at = |share| quantile(&normals, share).exp();
        Forecast { low: at(0.05), seconds: at(0.5), high: at(0.95) }
    }
}

struct Normal {
    weight: f64,
    mean: f64,
    deviation: f64,
}

/// Where a mixture of normals has `share` of its weight below, by bisection.
fn quantile(normals: &[Normal], share: f64) -> f64 {
    let ends = |side: f64| normals.iter().map(move |one| one.mean + side * 8.0 * one.deviation);
    let mut low = ends(-1.0).fold(f64::INFINITY, f64::min);
    let mut high = ends(1.0).fold(f64::NEG_INFINITY, f64::max);
    for _ in 0..45 {
        let middle = f64::midpoint(low, high);
        let below: f64 = normals.iter().map(|one| one.weight * one.below(middle)).sum();
        if below < share {
            low = middle;
        } else {
            high = middle;
        }
    }
    f64::midpoint(low, high)
}

impl Normal {
    fn below(&self, value: f64) -> f64 {
        let away = (value - self.mean) / self.deviation;
        // So far out there is nothing left, and most parts of a mixture are far out.
        match away {
            -8.0..=8.0 => 0.5 * erfc(-away / SQRT_2),
            _ => f64::from(u8::from(away > 0.0)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mixture_of_one_normal_has_its_quantiles() {
        let one = [Normal { weight: 1.0, mean: 3.0, deviation: 2.0 }];
        assert!((quantile(&one, 0.5) - 3.0).abs() < 1e-9);
        assert!((quantile(&one, 0.95) - (3.0 + 2.0 * 1.644_853_627)).abs() < 1e-6);
    }

    #[test]
    fn triangles_are_solved_both_ways() {
        let factor = vec![vec![2.0], vec![1.0, 3.0]];
        assert_eq!(forward(&factor, &[4.0, 11.0]), [2.0, 3.0]);
        assert_eq!(backward(&factor, &[7.0, 9.0]), [2.0, 3.0]);
    }
}
