//! One law at a time: its parameters, and how well they are known.
//!
//! Each law is a sum of functions of the number of cores with factors that can't be negative:
//! `1/n` (work that is divided), `1 - 1/n` (work that is not), `n - 1` (what cores cost each other).
//! In this basis, unlike `1/n, 1, n`, contention may be 0 while coherency is not.

use statrs::distribution::{ContinuousCDF, StudentsT};

use super::closed::{amdahl, usl, usl_peak};
use super::error::Error;
use super::least_squares::{Row, dot, solve, solve_non_negative};
use super::observations::{CORES, Observations};

/// Nominal level of the t quantile for a stated 90 %: the linearisation costs some coverage, and
/// 93 % covers at least 90 % in each of 150 simulated designs (500 seeds).
const LEVEL: f64 = 0.93;

/// No timing is better than a thousandth, even if its repeats agree by luck.
const LEAST_SPREAD: f64 = 1e-3;

/// A parameter and its 90 % interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interval {
    /// The estimate.
    pub value: f64,
    /// The interval's lower end.
    pub low: f64,
    /// Its upper end.
    pub high: f64,
}

/// Amdahl's law, fitted.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Amdahl {
    /// Time on one core.
    pub one_core: f64,
    /// The share of it that does not get faster.
    pub serial_fraction: Interval,
    /// Standard deviation of the residuals' logarithms: 0.02 is 2 %.
    pub spread: f64,
    curve: [f64; 2],
}

impl Amdahl {
    /// The law's time on `n` cores.
    #[must_use]
    pub fn seconds(&self, n: f64) -> f64 {
        dot(&by_amdahl(n), &self.curve)
    }

    /// The speed-up that no number of cores exceeds.
    #[must_use]
    pub fn limit(&self) -> f64 {
        amdahl(1.0 - self.serial_fraction.value, f64::INFINITY)
    }
}

/// Gustafson's law, fitted: throughput as a straight line over cores.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Gustafson {
    /// Time on one core.
    pub one_core: f64,
    /// The serial share of scaled work.
    pub serial_fraction: Interval,
    /// Standard deviation of the residuals' logarithms.
    pub spread: f64,
    curve: [f64; 2],
}

impl Gustafson {
    /// The law's time on `n` cores for the same work.
    #[must_use]
    pub fn seconds(&self, n: f64) -> f64 {
        1.0 / dot(&by_gustafson(n), &self.curve)
    }
}

/// The universal scalability law, fitted.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Usl {
    /// Throughput on one core: runs a second.
    pub gamma: f64,
    /// Contention: the share that waits for what only one may use.
    pub sigma: Interval,
    /// Coherency: what each pair of cores costs.
    pub kappa: Interval,
    /// The number of cores past which it gets slower; infinite if there is none.
    pub peak: f64,
    /// Standard deviation of the residuals' logarithms.
    pub spread: f64,
    curve: [f64; 3],
}

impl Usl {
    /// The law's time on `n` cores.
    #[must_use]
    pub fn seconds(&self, n: f64) -> f64 {
        dot(&by_usl(n), &self.curve)
    }

    /// The law's speed-up on `n` cores.
    #[must_use]
    pub fn speedup(&self, n: f64) -> f64 {
        usl(self.curve[1] / self.curve[0], self.curve[2] / self.curve[0], n)
    }
}

fn by_amdahl(n: f64) -> Row {
    vec![1.0 / n, 1.0 - 1.0 / n]
}

fn by_gustafson(n: f64) -> Row {
    vec![1.0, n - 1.0]
}

fn by_usl(n: f64) -> Row {
    vec![1.0 / n, 1.0 - 1.0 / n, n - 1.0]
}

/// Fits Amdahl's law.
///
/// # Errors
/// Fewer than 3 times, or fewer than 2 numbers of cores.
pub fn fit_amdahl(seen: &Observations) -> Result<Amdahl, Error> {
    seen.need("Amdahl's law", 3, 2, CORES)?;
    let (rows, curve) = fit(seen, &seen.seconds, by_amdahl)?;
    let free = Free::new(&rows, &seen.seconds);
    Ok(Amdahl {
        one_core: curve[0],
        serial_fraction: free.ratio(1, &curve),
        spread: free.spread,
        curve: [curve[0], curve[1]],
    })
}

/// Fits Gustafson's law.
///
/// # Errors
/// Fewer than 3 times, or fewer than 2 numbers of cores.
pub fn fit_gustafson(seen: &Observations) -> Result<Gustafson, Error> {
    seen.need("Gustafson's law", 3, 2, CORES)?;
    let rates: Vec<f64> = seen.seconds.iter().map(|time| 1.0 / time).collect();
    let (rows, curve) = fit(seen, &rates, by_gustafson)?;
    let free = Free::new(&rows, &rates);
    let parallel = free.ratio(1, &curve);
    let serial = |share: f64| (1.0 - share).clamp(0.0, 1.0);
    let (value, low, high) = (serial(parallel.value), serial(parallel.high), serial(parallel.low));
    Ok(Gustafson {
        one_core: 1.0 / curve[0],
        serial_fraction: Interval { value, low, high },
        spread: free.spread,
        curve: [curve[0], curve[1]],
    })
}

/// Fits the universal scalability law.
///
/// # Errors
/// Fewer than 4 times, or fewer than 3 numbers of cores.
pub fn fit_usl(seen: &Observations) -> Result<Usl, Error> {
    seen.need("the universal scalability law", 4, 3, CORES)?;
    let (rows, curve) = fit(seen, &seen.seconds, by_usl)?;
    let free = Free::new(&rows, &seen.seconds);
    Ok(Usl {
        gamma: 1.0 / curve[0],
        sigma: free.ratio(1, &curve),
        kappa: free.ratio(2, &curve),
        peak: usl_peak(curve[1] / curve[0], curve[2] / curve[0]),
        spread: free.spread,
        curve: [curve[0], curve[1], curve[2]],
    })
}

/// Minimises the squares of `ln(value / (basis · factors))` with no factor below 0, by Gauss and
/// Newton: each step is a small linear problem with signs.
fn fit(
    seen: &Observations,
    values: &[f64],
    basis: fn(f64) -> Row,
) -> Result<(Vec<Row>, Vec<f64>), Error> {
    let rows: Vec<Row> = seen.places.iter().map(|&n| basis(n)).collect();
    let error = |factors: &[f64]| -> f64 {
        let logs = rows.iter().zip(values).map(|(row, value)| (value / dot(row, factors)).ln());
        let sum: f64 = logs.map(|log| log * log).sum();
        if sum.is_nan() { f64::INFINITY } else { sum }
    };
    let scaled = |by: &[f64]| -> Vec<Row> {
        rows.iter().zip(by).map(|(row, by)| row.iter().map(|value| value / by).collect()).collect()
    };
    let mut factors = solve_non_negative(&scaled(values), &vec![1.0; values.len()]);
    let mut best = error(&factors);
    for _ in 0..30 {
        let now: Vec<f64> = rows.iter().map(|row| dot(row, &factors)).collect();
        if now.iter().any(|&value| value <= 0.0) {
            break;
        }
        let right: Vec<f64> =
            values.iter().zip(&now).map(|(value, now)| 1.0 + (value / now).ln()).collect();
        let next = solve_non_negative(&scaled(&now), &right);
        let at = |step: f64| -> Vec<f64> {
            factors.iter().zip(&next).map(|(old, new)| old + step * (new - old)).collect()
        };
        let steps = (0..10).map(|halvings| at(0.5_f64.powi(halvings)));
        let Some(better) = steps.map(|to| (error(&to), to)).find(|(sum, _)| *sum <= best) else {
            break;
        };
        let gain = best - better.0;
        (best, factors) = better;
        if gain < 1e-12 * best {
            break;
        }
    }
    if factors[0] > 0.0 {
        Ok((rows, factors))
    } else {
        Err(Error::Bad(
            "the times rise so fast with the cores that no law has a time on one".into(),
        ))
    }
}

/// The same law without its signs, from which the intervals come: an interval that is cut at 0
/// afterwards can't lose a true value, so that a parameter at its boundary needs no special case.
struct Free {
    factors: Vec<f64>,
    /// Covariance of the factors; `None` where the design does not determine them.
    covariance: Option<Vec<Vec<f64>>>,
    /// Half a 90 % interval is this many standard errors.
    quantile: f64,
    spread: f64,
}

impl Free {
    fn new(rows: &[Row], values: &[f64]) -> Free {
        let unknowns = rows[0].len();
        let scaled = |by: &[f64]| -> Vec<Row> {
            rows.iter()
                .zip(by)
                .map(|(row, by)| row.iter().map(|value| value / by).collect())
                .collect()
        };
        let start = solve(&scaled(values), &vec![1.0; values.len()]);
        let mut factors = start.map_or_else(|| vec![0.0; unknowns], |(found, _)| found);
        for _ in 0..50 {
            let exact: Vec<f64> = rows.iter().map(|row| dot(row, &factors)).collect();
            // A prediction that is not positive has no logarithm: a small one stands in.
            let now: Vec<f64> = if exact.iter().any(|&now| now <= 0.0) {
                exact.iter().zip(values).map(|(&now, value)| now.max(0.05 * value)).collect()
            } else {
                exact.clone()
            };
            let right: Vec<f64> = now
                .iter()
                .zip(&exact)
                .zip(values)
                .map(|((now, exact), value)| (value / now).ln() + (now - exact) / now)
                .collect();
            let Some((step, _)) = solve(&scaled(&now), &right) else { break };
            factors.iter_mut().zip(&step).for_each(|(factor, step)| *factor += step);
            let moves = rows.iter().zip(&now).map(|(row, now)| (dot(row, &step) / now).abs());
            if moves.fold(0.0, f64::max) < 1e-12 {
                break;
            }
        }
        let now: Vec<f64> = rows.iter().map(|row| dot(row, &factors).max(1e-300)).collect();
        let sum: f64 = values.iter().zip(&now).map(|(value, now)| (value / now).ln().powi(2)).sum();
        let freedom = (values.len() - unknowns) as f64;
        let spread = (sum / freedom).sqrt().max(LEAST_SPREAD);
        let covariance = solve(&scaled(&now), &vec![0.0; values.len()]).map(|(_, inverse)| {
            inverse
                .into_iter()
                .map(|row| row.into_iter().map(|value| value * spread * spread).collect())
                .collect()
        });
        let student = StudentsT::new(0.0, 1.0, freedom);
        let quantile =
            student.map_or(f64::INFINITY, |student| student.inverse_cdf(0.5 + LEVEL / 2.0));
        Free { factors, covariance, quantile, spread }
    }

    /// A factor over the first one, by the delta method, cut at 0.
    fn ratio(&self, of: usize, signed: &[f64]) -> Interval {
        let [first, this] = [self.factors[0], self.factors[of]];
        let Some(covariance) = self.covariance.as_ref().filter(|_| first > 0.0) else {
            return Interval { value: signed[of] / signed[0], low: 0.0, high: f64::INFINITY };
        };
        let value = this / first;
        let (to_first, to_this) = (-value / first, 1.0 / first);
        let variance = to_first * to_first * covariance[0][0]
            + 2.0 * to_first * to_this * covariance[0][of]
            + to_this * to_this * covariance[of][of];
        let half = self.quantile * variance.max(0.0).sqrt();
        let cut = |value: f64| value.max(0.0);
        Interval { value: cut(value), low: cut(value - half), high: cut(value + half) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn over(cores: &[f64], law: impl Fn(f64) -> f64) -> Observations {
        let seconds: Vec<f64> = cores.iter().map(|&n| law(n)).collect();
        Observations::over_cores(cores, &seconds).unwrap()
    }

    const CORES: [f64; 6] = [1.0, 2.0, 4.0, 8.0, 16.0, 32.0];

    #[test]
    fn exact_times_give_the_exact_law() {
        let found = fit_usl(&over(&CORES, |n| 8.0 / usl(0.03, 1e-3, n))).unwrap();
        assert!((found.sigma.value - 0.03).abs() < 1e-6, "{found:?}");
        assert!((found.kappa.value - 1e-3).abs() < 1e-7, "{found:?}");
        assert!((found.gamma - 0.125).abs() < 1e-6);
        assert!((found.peak - (0.97_f64 / 1e-3).sqrt()).abs() < 1e-3);
        assert!((found.seconds(64.0) - 8.0 / usl(0.03, 1e-3, 64.0)).abs() < 1e-5);
        let found = fit_amdahl(&over(&CORES, |n| 8.0 / amdahl(0.8, n))).unwrap();
        assert!((found.serial_fraction.value - 0.2).abs() < 1e-6);
        assert!((found.limit() - 5.0).abs() < 1e-3);
        let found =
            fit_gustafson(&over(&CORES, |n| 8.0 / super::super::gustafson(0.1, n))).unwrap();
        assert!((found.serial_fraction.value - 0.1).abs() < 1e-6, "{found:?}");
    }

    #[test]
    fn coherency_without_contention_is_reached() {
        let found = fit_usl(&over(&CORES, |n| 1.0 / usl(0.0, 2e-3, n))).unwrap();
        assert!(found.sigma.value < 1e-6 && found.sigma.low == 0.0);
        assert!((found.kappa.value - 2e-3).abs() < 1e-7);
    }

    #[test]
    fn times_that_do_not_fall_are_serial_work() {
        let found = fit_amdahl(&over(&[1.0, 2.0, 4.0], |_| 3.0)).unwrap();
        assert!((found.serial_fraction.value - 1.0).abs() < 1e-9);
    }

    #[test]
    fn too_few_times_say_how_many_are_needed() {
        let seen = Observations::over_cores(&[1.0, 2.0, 4.0], &[3.0, 2.0, 1.5]).unwrap();
        let message = fit_usl(&seen).unwrap_err().to_string();
        let expected = "the universal scalability law needs at least 4 times over 3 numbers of \
                        cores, and there are 3 times over 3 numbers of cores";
        assert_eq!(message, expected);
        let seen = Observations::over_cores(&[4.0; 5], &[1.0, 1.1, 0.9, 1.0, 1.0]).unwrap();
        assert!(matches!(fit_amdahl(&seen), Err(Error::NotEnough { .. })));
    }
}
