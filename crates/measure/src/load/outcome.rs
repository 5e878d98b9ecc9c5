//! What came of a stream of requests.

use std::fmt;
use std::time::Duration;

use hdrhistogram::Histogram;

use super::in_words;

/// Latencies are kept to three digits, from a microsecond to an hour.
const LONGEST: u64 = 3_600_000_000;

/// How requests ended.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Counts {
    /// Answers of status 100 to 399.
    pub answered: u64,
    /// Answers of status 400 to 499.
    pub client_errors: u64,
    /// Answers of status 500 and above.
    pub server_errors: u64,
    /// No answer in time.
    pub timed_out: u64,
    /// Nobody listened.
    pub refused: u64,
    /// The connection was closed before the answer was whole.
    pub closed: u64,
    /// Other failures: an answer that is not HTTP, no route to the host.
    pub failed: u64,
    /// Not sent, because as many as the client holds were still waiting for their answers.
    pub held_back: u64,
    /// Still waiting when the measurement was ended.
    pub unfinished: u64,
}

impl Counts {
    /// Each with its name.
    #[must_use]
    pub fn named(&self) -> [(&'static str, u64); 9] {
        [
            ("answered", self.answered),
            ("4xx", self.client_errors),
            ("5xx", self.server_errors),
            ("timed out", self.timed_out),
            ("refused", self.refused),
            ("closed", self.closed),
            ("failed", self.failed),
            ("held back", self.held_back),
            ("unfinished", self.unfinished),
        ]
    }

    /// All requests that were to leave, but for those whose end nobody saw.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.named().iter().map(|(_, count)| count).sum::<u64>() - self.unfinished
    }

    /// Requests that were not answered as they should be.
    #[must_use]
    pub fn errors(&self) -> u64 {
        self.total() - self.answered
    }

    /// Errors that the server made: what waited too long, or was not sent because too many waited,
    /// is another matter.
    pub(super) fn answers_in_error(&self) -> u64 {
        self.errors() - self.held_back - self.timed_out
    }
}

/// What came of a stream of requests.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// Requests a second that were to leave.
    pub rate: f64,
    /// From the first that was to leave to the last that ended.
    pub seconds: f64,
    /// How they ended.
    pub counts: Counts,
    latencies: Histogram<u64>,
    lags: Histogram<u64>,
}

impl Outcome {
    pub(super) fn new(rate: f64) -> Outcome {
        let histogram =
            || Histogram::new_with_bounds(1, LONGEST, 3).expect("these bounds are in order");
        let (latencies, lags) = (histogram(), histogram());
        Outcome { rate, seconds: 0.0, counts: Counts::default(), latencies, lags }
    }

    pub(super) fn note_latency(&mut self, latency: Duration) {
        self.latencies.saturating_record(latency.as_micros().max(1) as u64);
    }

    pub(super) fn note_lag(&mut self, lag: Duration) {
        self.lags.saturating_record(lag.as_micros().max(1) as u64);
    }

    /// Within which time such a share of all requests was answered. A request that was not counts as
    /// slower than all that were; `None` if the answer is among these, or there was none at all.
    #[must_use]
    pub fn quantile(&self, share: f64) -> Option<Duration> {
        let total = self.counts.total();
        let rank = ((share * total as f64).ceil() as u64).max(1);
        let answered = self.latencies.len();
        if rank > answered {
            return None;
        }
        // The histogram knows the answered only; the half keeps the rank from being rounded away.
        let within = (rank as f64 - 0.5) / answered as f64;
        Some(Duration::from_micros(self.latencies.value_at_quantile(within)))
    }

    /// The mean latency of those that were answered.
    #[must_use]
    pub fn mean(&self) -> Option<Duration> {
        (!self.latencies.is_empty()).then(|| Duration::from_secs_f64(self.latencies.mean() / 1e6))
    }

    /// How late the client itself was, at worst but for one request in a hundred. It is a part of
    /// the latencies, which count from when a request was to leave.
    #[must_use]
    pub fn lag(&self) -> Duration {
        Duration::from_micros(if self.lags.is_empty() {
            0
        } else {
            self.lags.value_at_quantile(0.99)
        })
    }

    /// Answers a second.
    #[must_use]
    pub fn throughput(&self) -> f64 {
        if self.seconds > 0.0 { self.counts.answered as f64 / self.seconds } else { 0.0 }
    }

    /// Requests that were being answered at one time, on average: J. D. C. Little, "A Proof for the
    /// Queuing Formula L = λW", 1961.
    #[must_use]
    pub fn concurrency(&self) -> f64 {
        self.throughput() * self.mean().unwrap_or_default().as_secs_f64()
    }
}

/// What came of it in one sentence.
impl fmt::Display for Outcome {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (rate, counts) = (self.throughput(), self.counts);
        write!(out, "{counts}; {rate:.1} answers/s over {:.1} s", self.seconds)?;
        let mut before = "; ";
        for (name, share) in [("p50", 0.5), ("p90", 0.9), ("p99", 0.99), ("p99.9", 0.999)] {
            if let Some(latency) = self.quantile(share) {
                write!(out, "{before}{name} {}", in_words(latency))?;
                before = ", ";
            }
        }
        if counts.errors() > 0 {
            out.write_str(" (what was not answered counts as slower than all that was)")?;
        }
        if self.quantile(0.5).is_some_and(|half| self.lag() > half / 4) {
            write!(out, "; of that the client itself was {} late", in_words(self.lag()))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcome(answered: u64, refused: u64) -> Outcome {
        let mut outcome = Outcome::new(100.0);
        for request in 1..=answered {
            outcome.note_latency(Duration::from_millis(request));
        }
        outcome.counts = Counts { answered, refused, ..Counts::default() };
        outcome.seconds = 1.0;
        outcome
    }

    fn near(found: Option<Duration>, milliseconds: f64) -> bool {
        found.is_some_and(|found| (found.as_secs_f64() * 1e3 / milliseconds - 1.0).abs() < 2e-3)
    }

    #[test]
    fn quantiles_are_ranks() {
        let outcome = outcome(100, 0);
        assert!(near(outcome.quantile(0.5), 50.0));
        assert!(near(outcome.quantile(0.99), 99.0));
        assert!(near(outcome.quantile(1.0), 100.0));
        assert!(near(outcome.mean(), 50.5));
    }

    #[test]
    fn what_failed_is_slower_than_all_that_was_answered() {
        let outcome = outcome(90, 10);
        assert!(near(outcome.quantile(0.9), 90.0));
        assert_eq!(outcome.quantile(0.91), None);
        assert_eq!((outcome.counts.total(), outcome.counts.errors()), (100, 10));
    }

    #[test]
    fn nothing_has_no_quantile() {
        assert_eq!(outcome(0, 0).quantile(0.5), None);
        assert_eq!(outcome(0, 5).quantile(0.5), None);
        assert_eq!(outcome(0, 5).mean(), None);
    }

    #[test]
    fn concurrency_is_littles() {
        let outcome = outcome(100, 0);
        assert!((outcome.concurrency() - 100.0 * 0.0505).abs() < 0.05);
    }

    #[test]
    fn what_nobody_saw_the_end_of_is_not_counted() {
        let counts = Counts { answered: 3, unfinished: 2, ..Counts::default() };
        assert_eq!((counts.total(), counts.errors()), (3, 0));
    }
}
