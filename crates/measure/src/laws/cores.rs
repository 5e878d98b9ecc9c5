//! Times on numbers of cores that were not measured.

use super::blend::{Blend, Candidate, Curve, Forecast, Scales, View};
use super::error::Error;
use super::observations::{CORES, Observations, Summary};

/// Measured on strong-scaling tables of programs: half the weight on laws that hold within 2 % a
/// doubling, and as much on each of the wider ones.
const SCALES: Scales<'static> = Scales {
    drift: &[(0.02, 0.5), (0.05, 1.0), (0.1, 1.0), (0.2, 1.0)],
    noise: &[(0.008, 1.0), (0.02, 1.0), (0.05, 0.6)],
};

/// Points along each axis of a grid of parameters, and how often it is drawn in around its weight.
const POINTS: usize = 14;
const STAGES: usize = 3;

/// A family of laws: the time on `n` cores, over that on one, with parameters `a` and `b`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Family {
    /// Contention `a`, coherency `b`; Amdahl's law where `b` is 0.
    Usl,
    /// A serial share `a`, and a cost `b` for each doubling: trees of messages.
    Overhead,
    /// A smooth bend of sharpness `a` towards the speed-up `b`.
    Knee,
    /// Amdahl's law with serial share `a` up to the speed-up `b`, then flat: cores or a bus run out.
    Saturation,
    /// `n` to the power of `-a`.
    Power,
    /// Gustafson's law, serial share `a`.
    Gustafson,
}

#[derive(Clone, Copy, Debug)]
struct Law {
    family: Family,
    a: f64,
    b: f64,
}

impl Curve for Law {
    fn log_seconds(&self, n: f64) -> f64 {
        let Law { a, b, .. } = *self;
        let amdahl = || 1.0 / n + a * (1.0 - 1.0 / n);
        match self.family {
            Family::Usl => (amdahl() + b * (n - 1.0)).ln(),
            Family::Overhead => (amdahl() + b * n.log2()).ln(),
            Family::Knee => {
                let limit = b.powf(-a);
                ((n.powf(-a) + limit) / (1.0 + limit)).ln() / a
            }
            Family::Saturation => amdahl().max(1.0 / b).ln(),
            Family::Power => -a * n.ln(),
            Family::Gustafson => -(a + (1.0 - a) * n).ln(),
        }
    }
}

impl Law {
    /// Whether what it has beyond Amdahl's law is less than 1 % of the time on `n` cores.
    fn is_amdahl_up_to(&self, n: f64) -> bool {
        let plain = Law { b: 0.0, ..*self };
        matches!(self.family, Family::Usl | Family::Overhead)
            && self.log_seconds(n) - plain.log_seconds(n) < 0.01
    }
}

/// What a parameter may be before anything is known.
#[derive(Clone, Copy)]
enum Axis {
    Zero,
    Even(f64, f64),
    /// Even in the logarithm.
    Scale(f64, f64),
}

impl Axis {
    fn range(self) -> Option<(f64, f64)> {
        match self {
            Axis::Zero => None,
            Axis::Even(low, high) => Some((low, high)),
            Axis::Scale(low, high) => Some((low.ln(), high.ln())),
        }
    }

    fn value(self, at: f64) -> f64 {
        match self {
            Axis::Zero => 0.0,
            Axis::Even(..) => at,
            Axis::Scale(..) => at.exp(),
        }
    }
}

/// A part of a family: both axes, and the weight that it starts with.
struct Region {
    family: Family,
    a: Axis,
    b: Axis,
    weight: f64,
}

fn regions() -> Vec<Region> {
    use Family::{Gustafson, Knee, Overhead, Power, Saturation, Usl};
    let share = Axis::Scale(1e-4, 1.0);
    let limit = Axis::Scale(1.0, 4096.0);
    // A serial share of exactly 0 is plausible, and a coherency of 0 more so.
    let shares = [(Axis::Zero, 0.1), (share, 0.9)];
    let mut all = Vec::new();
    for (a, a_weight) in shares {
        for (b, b_weight) in [(Axis::Zero, 0.3), (Axis::Scale(1e-6, 0.3), 0.7)] {
            all.push(Region { family: Usl, a, b, weight: 2.0 * a_weight * b_weight });
        }
        for (b, b_weight) in [(Axis::Zero, 0.3), (Axis::Scale(1e-4, 0.5), 0.7)] {
            all.push(Region { family: Overhead, a, b, weight: a_weight * b_weight });
        }
        all.push(Region { family: Saturation, a, b: limit, weight: a_weight });
    }
    all.push(Region { family: Knee, a: Axis::Scale(1.0, 12.0), b: limit, weight: 1.0 });
    all.push(Region { family: Power, a: Axis::Even(0.0, 1.25), b: Axis::Zero, weight: 0.3 });
    all.push(Region { family: Gustafson, a: Axis::Even(0.0, 0.98), b: Axis::Zero, weight: 0.3 });
    all
}

/// A range of one axis that is looked at in cells, and the share of the whole that a cell is.
struct Cells {
    range: Option<(f64, f64)>,
    at: Vec<f64>,
    log_share: f64,
}

impl Cells {
    fn of(range: Option<(f64, f64)>, whole: Option<(f64, f64)>) -> Cells {
        let (Some((low, high)), Some((first, last))) = (range, whole) else {
            return Cells { range, at: vec![0.0], log_share: 0.0 };
        };
        let width = (high - low) / POINTS as f64;
        let at = (0..POINTS).map(|cell| low + width * (cell as f64 + 0.5)).collect();
        Cells { range, at, log_share: (width / (last - first)).ln() }
    }

    /// The range around the cells that weigh something.
    fn drawn_in(&self, weights: &[f64]) -> Option<(f64, f64)> {
        let (low, high) = self.range?;
        let width = (high - low) / POINTS as f64;
        let heavy = |&cell: &usize| weights[cell] > 2e-4;
        let (Some(first), Some(last)) = ((0..POINTS).find(heavy), (0..POINTS).rev().find(heavy))
        else {
            return self.range;
        };
        Some(((self.at[first] - width).max(low), (self.at[last] + width).min(high)))
    }
}

impl Region {
    /// The region's laws, dense where the data want them.
    fn explore(&self, data: &Summary, views: &[View]) -> Vec<Candidate<Law>> {
        let (mut a_range, mut b_range) = (self.a.range(), self.b.range());
        let mut stage = 1;
        loop {
            let a_cells = Cells::of(a_range, self.a.range());
            let b_cells = Cells::of(b_range, self.b.range());
            let prior = self.weight.ln() + a_cells.log_share + b_cells.log_share;
            let grid = a_cells.at.iter().flat_map(|&a| b_cells.at.iter().map(move |&b| (a, b)));
            let candidates: Vec<_> = grid
                .map(|(a, b)| Law { family: self.family, a: self.a.value(a), b: self.b.value(b) })
                .map(|law| Candidate::new(law, prior, data, views))
                .collect();
            if stage == STAGES {
                return candidates;
            }
            let scores = || candidates.iter().flat_map(|candidate| &candidate.scores);
            let most = scores().map(|score| score.0).fold(f64::NEG_INFINITY, f64::max);
            let mut a_weights = vec![0.0; a_cells.at.len()];
            let mut b_weights = vec![0.0; b_cells.at.len()];
            let mut total = 0.0;
            for (index, candidate) in candidates.iter().enumerate() {
                let weight: f64 = candidate.scores.iter().map(|one| (one.0 - most).exp()).sum();
                a_weights[index / b_cells.at.len()] += weight;
                b_weights[index % b_cells.at.len()] += weight;
                total += weight;
            }
            a_weights.iter_mut().chain(&mut b_weights).for_each(|weight| *weight /= total);
            (a_range, b_range) = (a_cells.drawn_in(&a_weights), b_cells.drawn_in(&b_weights));
            stage += 1;
        }
    }
}

/// Predicts times over cores by an average over laws.
pub struct Cores {
    blend: Blend<Law>,
    most: f64,
}

impl Cores {
    /// Weighs every law by the data.
    ///
    /// # Errors
    /// Fewer than 3 numbers of cores.
    pub fn fit(seen: &Observations) -> Result<Cores, Error> {
        seen.need("a prediction over cores", 3, 3, CORES)?;
        let data = seen.summary();
        let views = View::all(&data, &SCALES);
        let explored = regions().iter().flat_map(|region| region.explore(&data, &views)).collect();
        let most = data.at.last().copied().unwrap_or(1.0);
        let blend = Blend::new(views, explored).ok_or_else(no_law)?;
        Ok(Cores { blend, most })
    }

    /// The time on `n` cores.
    ///
    /// # Errors
    /// `n` is not a number of cores.
    pub fn predict(&self, n: f64) -> Result<Forecast, Error> {
        if !(n.is_finite() && n >= 1.0) {
            return Err(Error::Bad(format!("a number of cores must be at least 1, not {n}")));
        }
        Ok(self.blend.forecast(n))
    }

    /// The largest number of cores that was measured.
    #[must_use]
    pub fn measured(&self) -> f64 {
        self.most
    }

    /// The name of the law that weighs most: `"Amdahl"`, `"USL"`, `"overhead"`, `"knee"`,
    /// `"saturation"`, `"power"` or `"Gustafson"`.
    #[must_use]
    pub fn best(&self) -> &'static str {
        let weight = |wanted: &dyn Fn(&Law) -> bool| -> f64 {
            self.blend.weights().filter(|(law, _)| wanted(law)).map(|(_, weight)| weight).sum()
        };
        let families = [
            (Family::Usl, "USL"),
            (Family::Overhead, "overhead"),
            (Family::Knee, "knee"),
            (Family::Saturation, "saturation"),
            (Family::Power, "power"),
            (Family::Gustafson, "Gustafson"),
        ];
        let weights =
            families.map(|(family, name)| (weight(&|law| law.family == family), family, name));
        let heaviest = weights.into_iter().max_by(|left, right| left.0.total_cmp(&right.0));
        let Some((total, family, name)) = heaviest else { return "USL" };
        let plain = |law: &Law| law.family == family && law.is_amdahl_up_to(self.most);
        if weight(&plain) > total / 2.0 {
            return "Amdahl";
        }
        name
    }
}

pub(super) fn no_law() -> Error {
    Error::Bad("no law comes near these times".into())
}

#[cfg(test)]
mod tests {
    use super::super::closed::{amdahl, usl};
    use super::*;

    fn over(cores: &[f64], law: impl Fn(f64) -> f64) -> Cores {
        let seconds: Vec<f64> = cores.iter().map(|&n| law(n)).collect();
        Cores::fit(&Observations::over_cores(cores, &seconds).unwrap()).unwrap()
    }

    #[test]
    fn clean_times_are_continued() {
        let found = over(&[1.0, 2.0, 4.0, 8.0], |n| 10.0 / amdahl(0.9, n));
        let (ahead, truth) = (found.predict(16.0).unwrap(), 10.0 / amdahl(0.9, 16.0));
        assert!((ahead.seconds / truth - 1.0).abs() < 0.1, "{ahead:?} {truth}");
        assert!(ahead.low < truth && truth < ahead.high);
        assert_eq!(found.best(), "Amdahl");
        let inside = found.predict(4.0).unwrap();
        assert!((inside.seconds / (10.0 / amdahl(0.9, 4.0)) - 1.0).abs() < 0.02, "{inside:?}");
    }

    #[test]
    fn the_interval_grows_with_every_doubling() {
        let found = over(&[1.0, 2.0, 4.0], |n| 1.0 / usl(0.05, 1e-3, n));
        let widths: Vec<f64> = [4.0, 8.0, 16.0, 32.0]
            .into_iter()
            .map(|n| found.predict(n).unwrap())
            .map(|ahead| ahead.high / ahead.low)
            .collect();
        assert!(widths.is_sorted(), "{widths:?}");
        assert_eq!(found.measured(), 4.0);
    }

    #[test]
    fn a_machine_that_runs_out_of_cores_is_recognised() {
        let found = over(&[1.0, 2.0, 4.0, 8.0, 16.0, 32.0], |n| 8.0 / n.min(4.0));
        assert!(["saturation", "knee"].contains(&found.best()), "{}", found.best());
        assert!((found.predict(64.0).unwrap().seconds - 2.0).abs() < 0.1);
    }

    #[test]
    fn below_the_smallest_measured_number_it_still_answers() {
        let found = over(&[4.0, 8.0, 16.0], |n| 16.0 / n);
        let one = found.predict(1.0).unwrap();
        assert!(one.low < 16.0 && 16.0 < one.high, "{one:?}");
        assert!(found.predict(0.5).is_err());
        assert!(found.predict(f64::NAN).is_err());
    }
}
