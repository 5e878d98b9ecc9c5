//! When requests leave.

use std::time::Duration;

use super::LoadError;

/// A stream of requests whose rate is constant, or goes evenly from one to another.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Arrivals {
    from: f64,
    to: f64,
    seconds: f64,
    most: u64,
}

impl Arrivals {
    /// Requests a second at the beginning and at the end, for how many seconds; `most` bounds their
    /// number.
    ///
    /// ```
    /// use measure::load::Arrivals;
    ///
    /// let ramp = Arrivals::new(0.0, 100.0, 2.0, u64::MAX)?;
    /// assert_eq!(ramp.count(), 100);
    /// assert!(ramp.due(25).as_secs_f64() - 1.0 < 1e-9);
    /// # Ok::<(), measure::load::LoadError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// If a number is out of its range.
    pub fn new(from: f64, to: f64, seconds: f64, most: u64) -> Result<Arrivals, LoadError> {
        for rate in [from, to] {
            if !(0.0..=1e6).contains(&rate) || (from == 0.0 && to == 0.0) {
                let range = "above 0 and at most 1,000,000 requests a second";
                return Err(LoadError::Range { name: "a rate", range, value: rate });
            }
        }
        check_seconds(seconds)?;
        Ok(Arrivals { from, to, seconds, most })
    }

    /// How many requests leave; at least one.
    #[must_use]
    pub fn count(&self) -> u64 {
        (((self.from + self.to) / 2.0 * self.seconds).round() as u64).clamp(1, self.most.max(1))
    }

    /// When one of them leaves, counted from the beginning.
    #[must_use]
    pub fn due(&self, request: u64) -> Duration {
        // After t seconds a·t + k·t²/2 have left, where k is how much faster it gets in a second.
        // This form of the root has no difference of numbers that are nearly equal.
        let (a, k, before) = (self.from, (self.to - self.from) / self.seconds, request as f64);
        let root = (a * a + 2.0 * k * before).max(0.0).sqrt();
        if before == 0.0 {
            return Duration::ZERO;
        }
        Duration::from_secs_f64((2.0 * before / (a + root)).min(self.seconds))
    }

    /// Requests a second over the whole time.
    #[must_use]
    pub fn rate(&self) -> f64 {
        (self.from + self.to) / 2.0
    }
}

pub(super) fn check_seconds(seconds: f64) -> Result<(), LoadError> {
    if seconds > 0.0 && seconds <= 3600.0 {
        return Ok(());
    }
    Err(LoadError::Range { name: "seconds", range: "above 0 and at most 3600", value: seconds })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_constant_rate_is_even() {
        let arrivals = Arrivals::new(50.0, 50.0, 2.0, u64::MAX).unwrap();
        assert_eq!((arrivals.count(), arrivals.rate()), (100, 50.0));
        for request in 0..100 {
            let due = arrivals.due(request).as_secs_f64();
            assert!((due - request as f64 * 0.02).abs() < 1e-9);
        }
    }

    #[test]
    fn a_ramp_has_its_rate_everywhere() {
        let arrivals = Arrivals::new(100.0, 300.0, 10.0, u64::MAX).unwrap();
        assert_eq!(arrivals.count(), 2000);
        let before = |seconds: f64| {
            (0..2000).filter(|request| arrivals.due(*request).as_secs_f64() < seconds).count()
        };
        assert!(before(1.0).abs_diff(110) <= 1);
        assert!((before(10.0) - before(9.0)).abs_diff(290) <= 1);
        let down = Arrivals::new(300.0, 100.0, 10.0, u64::MAX).unwrap();
        assert!((9.9..=10.0).contains(&down.due(1999).as_secs_f64()));
    }

    #[test]
    fn a_number_of_requests_is_a_bound() {
        assert_eq!(Arrivals::new(50.0, 50.0, 10.0, 7).unwrap().count(), 7);
        assert_eq!(Arrivals::new(0.1, 0.1, 1.0, 7).unwrap().count(), 1);
    }

    #[test]
    fn numbers_out_of_range_are_refused() {
        for (from, to, seconds) in [(0.0, 0.0, 1.0), (-1.0, 1.0, 1.0), (1.0, f64::NAN, 1.0)] {
            let error = Arrivals::new(from, to, seconds, 1).unwrap_err();
            assert!(matches!(error, LoadError::Range { name: "a rate", .. }), "{error}");
        }
        for seconds in [0.0, -1.0, f64::NAN, 1e9] {
            assert!(Arrivals::new(1.0, 1.0, seconds, 1).is_err());
        }
    }
}
