//! How time may grow with size: the performance-model normal form, and what caches do to it.

use std::fmt;

use super::blend::Curve;

/// `n` to a power, times a power of its binary logarithm.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Term {
    pub(super) power: f64,
    pub(super) logs: u32,
}

impl Term {
    pub(super) const fn new(power: f64, logs: u32) -> Term {
        Term { power, logs }
    }

    /// Its logarithm. Below 2 the logarithm counts as 1, so that size 1 has a time.
    pub(super) fn log(self, n: f64) -> f64 {
        self.power * n.ln() + f64::from(self.logs) * n.log2().max(1.0).ln()
    }
}

/// Time over size, but for a constant factor.
#[derive(Clone, Copy, Debug)]
pub(super) enum Shape {
    /// One term.
    Pure(Term),
    /// A constant and a term, which is `ratio` (a logarithm) as large as the term's own in the
    /// middle of the data.
    WithConstant { term: Term, ratio: f64, middle: f64 },
    /// Two terms, the first `ratio` times the second in the middle of the data.
    Sum { terms: [Term; 2], ratio: f64, middle: f64 },
    /// All of the time grows by a factor where the data leave a cache.
    Jump { term: Term, factor: f64, at: f64 },
    /// What is beyond a cache takes a factor longer.
    Ramp { term: Term, factor: f64, at: f64 },
}

impl Curve for Shape {
    fn log_seconds(&self, n: f64) -> f64 {
        match *self {
            Shape::Pure(term) => term.log(n),
            Shape::WithConstant { term, ratio, middle } => {
                log_sum(ratio, term.log(n) - term.log(middle))
            }
            Shape::Sum { terms: [first, second], ratio, middle } => log_sum(
                ratio + first.log(n) - first.log(middle),
                second.log(n) - second.log(middle),
            ),
            Shape::Jump { term, factor, at } => {
                term.log(n) + if n > at { factor.ln() } else { 0.0 }
            }
            Shape::Ramp { term, factor, at } => {
                let beyond = (1.0 - (term.log(at) - term.log(n)).exp()).max(0.0);
                term.log(n) + ((factor - 1.0) * beyond).ln_1p()
            }
        }
    }
}

/// `ln(exp(left) + exp(right))`.
fn log_sum(left: f64, right: f64) -> f64 {
    let most = left.max(right);
    most + (left.min(right) - most).exp().ln_1p()
}

/// Two shapes with one name are the same law with other constants.
impl fmt::Display for Shape {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Shape::Pure(term) => write!(out, "{term}"),
            Shape::WithConstant { term, .. } => write!(out, "constant + {term}"),
            Shape::Sum { terms: [first, second], .. } => write!(out, "{first} + {second}"),
            Shape::Jump { term, at, .. } => write!(out, "{term}, a step at {}", short(*at)),
            Shape::Ramp { term, at, .. } => write!(out, "{term}, steeper past {}", short(*at)),
        }
    }
}

fn short(size: f64) -> String {
    if size >= 1e4 { format!("{size:.1e}") } else { format!("{size:.0}") }
}

impl fmt::Display for Term {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let logs = match self.logs {
            0 => "",
            1 => "log n",
            _ => "log² n",
        };
        let named = [(0.0, ""), (0.5, "√n"), (1.0, "n"), (2.0, "n²"), (3.0, "n³")];
        let power = match named.iter().find(|(power, _)| *power == self.power) {
            Some((_, name)) => (*name).to_owned(),
            None => format!("n^{}", (self.power * 1e3).round() / 1e3),
        };
        let between = if power.is_empty() || logs.is_empty() { "" } else { " " };
        write!(out, "{power}{between}{logs}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shapes_are_named_as_one_writes_them() {
        let names = [(1.0, 0, "n"), (1.0, 1, "n log n"), (0.0, 2, "log² n"), (0.25, 0, "n^0.25")];
        for (power, logs, name) in names {
            assert_eq!(Term::new(power, logs).to_string(), name);
        }
        let ramp = Shape::Ramp { term: Term::new(1.0, 0), factor: 2.0, at: 3e6 };
        assert_eq!(ramp.to_string(), "n, steeper past 3.0e6");
    }

    #[test]
    fn a_ramp_is_steeper_by_its_factor() {
        let ramp = Shape::Ramp { term: Term::new(1.0, 0), factor: 3.0, at: 10.0 };
        let seconds = |n: f64| ramp.log_seconds(n).exp();
        assert!((seconds(5.0) - 5.0).abs() < 1e-9);
        assert!((seconds(20.0) - 40.0).abs() < 1e-9);
    }
}
