//! Measured times, checked.

use super::error::{Error, count};

/// Times at numbers of cores or sizes; a place may have several.
#[derive(Clone, Debug, PartialEq)]
pub struct Observations {
    pub(super) places: Vec<f64>,
    pub(super) seconds: Vec<f64>,
}

/// All times at one place.
#[derive(Clone, Debug, PartialEq)]
pub struct Level {
    /// The number of cores, or the size.
    pub at: f64,
    /// The geometric mean of the times.
    pub seconds: f64,
    /// How many times were measured.
    pub repeats: usize,
}

/// Levels as the fits want them.
#[derive(Clone, Debug)]
pub(super) struct Summary {
    pub(super) at: Vec<f64>,
    /// Mean logarithm of the times at each level.
    pub(super) log_seconds: Vec<f64>,
    pub(super) repeats: Vec<f64>,
    /// What repeats of one level differ by (sum of squares of logarithms), and its degrees of freedom.
    pub(super) pure_error: f64,
    pub(super) freedom: f64,
}

impl Observations {
    /// Times over numbers of cores.
    ///
    /// # Errors
    /// Lists of different lengths, a number of cores below 1, a time that is not positive and finite.
    ///
    /// ```
    /// use measure::laws::Observations;
    /// let error = Observations::over_cores(&[1.0, 2.0], &[3.0, -1.0]).unwrap_err();
    /// assert_eq!(error.to_string(), "a time must be more than 0 seconds, not -1 (on 2 cores)");
    /// ```
    pub fn over_cores(cores: &[f64], seconds: &[f64]) -> Result<Observations, Error> {
        if let Some(odd) = cores.iter().find(|&&n| !(n.is_finite() && n >= 1.0)) {
            return Err(Error::Bad(format!("a number of cores must be at least 1, not {odd}")));
        }
        Observations::new("cores", cores, seconds, |n| format!("on {}", cores_in_words(n)))
    }

    /// Times over sizes.
    ///
    /// # Errors
    /// Lists of different lengths, a size or a time that is not positive and finite, times that
    /// are all the same at different sizes.
    pub fn over_sizes(sizes: &[f64], seconds: &[f64]) -> Result<Observations, Error> {
        if let Some(odd) = sizes.iter().find(|&&n| !(n.is_finite() && n > 0.0)) {
            return Err(Error::Bad(format!("a size must be more than 0, not {odd}")));
        }
        let checked = Observations::new("sizes", sizes, seconds, |n| format!("at size {n}"))?;
        let first = seconds.first().copied().unwrap_or_default();
        if checked.levels().len() > 1 && seconds.iter().all(|&t| t == first) {
            let message = format!(
                "all {} times are {first} s, so nothing grows with the size; times at 4 sizes \
                 where they differ are needed",
                seconds.len()
            );
            return Err(Error::Bad(message));
        }
        Ok(checked)
    }

    fn new(
        axis: &str,
        places: &[f64],
        seconds: &[f64],
        at: impl Fn(f64) -> String,
    ) -> Result<Observations, Error> {
        if places.len() != seconds.len() {
            let (many, times) = (places.len(), seconds.len());
            return Err(Error::Bad(format!(
                "{axis} and seconds must be as many, not {many} and {times}"
            )));
        }
        for (&place, &time) in places.iter().zip(seconds) {
            if !(time.is_finite() && time > 0.0) {
                return Err(Error::Bad(format!(
                    "a time must be more than 0 seconds{}, not {time} ({})",
                    if time.is_finite() { "" } else { " and finite" },
                    at(place)
                )));
            }
        }
        Ok(Observations { places: places.to_vec(), seconds: seconds.to_vec() })
    }

    /// The times by place, in its order.
    #[must_use]
    pub fn levels(&self) -> Vec<Level> {
        let summary = self.summary();
        let means = summary.log_seconds.iter().zip(&summary.repeats);
        summary
            .at
            .iter()
            .zip(means)
            .map(|(&at, (mean, &repeats))| Level {
                at,
                seconds: mean.exp(),
                repeats: repeats as usize,
            })
            .collect()
    }

    pub(super) fn summary(&self) -> Summary {
        let mut at = self.places.clone();
        at.sort_by(f64::total_cmp);
        at.dedup();
        let mut summary = Summary {
            log_seconds: Vec::with_capacity(at.len()),
            repeats: Vec::with_capacity(at.len()),
            pure_error: 0.0,
            freedom: (self.places.len() - at.len()) as f64,
            at,
        };
        for &level in &summary.at {
            let here = self.places.iter().zip(&self.seconds).filter(|&(&place, _)| place == level);
            let logs: Vec<f64> = here.map(|(_, time)| time.ln()).collect();
            let mean = logs.iter().sum::<f64>() / logs.len() as f64;
            summary.pure_error += logs.iter().map(|log| (log - mean).powi(2)).sum::<f64>();
            summary.log_seconds.push(mean);
            summary.repeats.push(logs.len() as f64);
        }
        summary
    }

    /// Refuses what is too little for `what`.
    pub(super) fn need(
        &self,
        what: &'static str,
        times: usize,
        levels: usize,
        place: (&str, &str),
    ) -> Result<(), Error> {
        let (has, over) = (self.places.len(), self.summary().at.len());
        if has >= times && over >= levels {
            return Ok(());
        }
        let words = |times, levels| {
            format!("{} over {}", count(times, "time", "times"), count(levels, place.0, place.1))
        };
        Err(Error::NotEnough { what, needed: words(times, levels), given: words(has, over) })
    }
}

/// How errors call the places.
pub(super) const CORES: (&str, &str) = ("number of cores", "numbers of cores");
pub(super) const SIZES: (&str, &str) = ("size", "sizes");

fn cores_in_words(n: f64) -> String {
    if n == 1.0 { "1 core".to_owned() } else { format!("{n} cores") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_are_geometric_means_in_order() {
        let seen = Observations::over_cores(&[2.0, 1.0, 2.0], &[1.0, 7.0, 4.0]).unwrap();
        let levels = seen.levels();
        assert_eq!(levels.iter().map(|level| level.at).collect::<Vec<_>>(), [1.0, 2.0]);
        assert!((levels[1].seconds - 2.0).abs() < 1e-12);
        assert_eq!((levels[0].repeats, levels[1].repeats), (1, 2));
    }

    #[test]
    fn what_cannot_be_measured_is_refused() {
        let bad = [
            Observations::over_cores(&[0.0], &[1.0]),
            Observations::over_cores(&[1.0, 2.0], &[1.0]),
            Observations::over_cores(&[1.0], &[f64::NAN]),
            Observations::over_cores(&[f64::INFINITY], &[1.0]),
            Observations::over_sizes(&[-1.0], &[1.0]),
            Observations::over_sizes(&[1.0, 2.0], &[0.0, 1.0]),
            Observations::over_sizes(&[1.0, 2.0], &[0.5, 0.5]),
        ];
        for case in bad {
            assert!(matches!(case, Err(Error::Bad(_))), "{case:?}");
        }
        // On more cores just as fast: that is a measurement, of wholly serial work.
        assert!(Observations::over_cores(&[1.0, 2.0], &[0.5, 0.5]).is_ok());
    }
}
