//! What keeps a server from taking more.

use std::fmt;
use std::time::Duration;

use super::in_words;
use super::outcome::{Counts, Outcome};
use crate::laws::{Observations, Usl, fit_usl};

/// Less than this share of the service time is not what holds a server back.
const LEAST_SHARE: f64 = 0.1;

/// What keeps a server from taking more.
#[derive(Clone, Debug, PartialEq)]
pub enum Bottleneck {
    /// Not one of the first requests was answered as it should be.
    NoAnswer(Counts),
    /// A request that is alone takes longer than the limit.
    Alone(Duration),
    /// The client could not send in time, by so much.
    Client(Duration),
    /// More errors than the quantile allows.
    Errors(Counts),
    /// Requests wait for what only one may use; the share of the service time that they wait for at
    /// the most requests at one time.
    Contention(f64),
    /// What is served keeps what else is served busy; the share in the same way.
    Coherency(f64),
    /// They wait, and there is too little data to say for what.
    Waiting,
    /// It was not reached.
    NotReached,
}

impl Bottleneck {
    /// The bottleneck that a stream which did not pass has met.
    pub(super) fn of(failed: &Outcome, limit: Duration, quantile: f64, law: Option<&Usl>) -> Self {
        let counts = failed.counts;
        let allowed = (1.0 - quantile) * counts.total() as f64;
        if counts.answers_in_error() as f64 > allowed {
            return Bottleneck::Errors(counts);
        }
        if failed.lag() > limit / 4 {
            return Bottleneck::Client(failed.lag());
        }
        let Some(law) = law else { return Bottleneck::Waiting };
        let n = failed.concurrency().max(2.0);
        let waits = law.sigma.value * (n - 1.0);
        let crosstalk = law.kappa.value * n * (n - 1.0);
        let all = 1.0 + waits + crosstalk;
        if waits.max(crosstalk) / all < LEAST_SHARE {
            Bottleneck::Waiting
        } else if waits >= crosstalk {
            Bottleneck::Contention(waits / all)
        } else {
            Bottleneck::Coherency(crosstalk / all)
        }
    }
}

impl fmt::Display for Bottleneck {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Bottleneck::NoAnswer(counts) => write!(out, "that it does not answer: {counts}"),
            Bottleneck::Alone(latency) => {
                write!(out, "the request itself: alone it takes {}", in_words(*latency))
            }
            Bottleneck::Client(lag) => {
                let lag = in_words(*lag);
                write!(out, "the client, which sent requests {lag} late: it has too few cores")
            }
            Bottleneck::Errors(counts) => write!(out, "errors: {counts}"),
            Bottleneck::Contention(share) => {
                let share = share * 100.0;
                write!(
                    out,
                    "contention: {share:.0} % of the time goes into waiting for one another"
                )
            }
            Bottleneck::Coherency(share) => {
                let share = share * 100.0;
                write!(out, "coherency: {share:.0} % of the time goes into keeping in step")
            }
            Bottleneck::Waiting => out.write_str("waiting, for what the few numbers do not say"),
            Bottleneck::NotReached => out.write_str("not reached"),
        }
    }
}

/// The counts that are not 0.
impl fmt::Display for Counts {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let named = self.named().into_iter().filter(|(_, count)| *count > 0);
        let said: Vec<String> = named.map(|(name, count)| format!("{count} {name}")).collect();
        out.write_str(if said.is_empty() { "no requests" } else { "" })?;
        out.write_str(&said.join(", "))
    }
}

/// The universal scalability law over requests at one time: what is measured is a rate and a
/// latency, and by Little's law their product is how many are served at one time.
pub(super) fn law(probe: &Outcome, stages: &[Outcome]) -> Option<Usl> {
    let alone = probe.mean()?.as_secs_f64();
    let mut served = vec![1.0];
    let mut seconds = vec![alone];
    for stage in stages {
        // Of few answers the rate is chance; below one at a time the law says nothing.
        if stage.counts.answered >= 20 && stage.concurrency() >= 1.0 {
            served.push(stage.concurrency());
            seconds.push(1.0 / stage.throughput());
        }
    }
    fit_usl(&Observations::over_cores(&served, &seconds).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A stream of answers that each took so many milliseconds.
    fn stage(rate: f64, milliseconds: u64) -> Outcome {
        let mut stage = Outcome::new(rate);
        let answered = rate as u64;
        for _ in 0..answered {
            stage.note_latency(Duration::from_millis(milliseconds));
            stage.note_lag(Duration::from_micros(50));
        }
        stage.counts.answered = answered;
        stage.seconds = 1.0;
        stage
    }

    const LIMIT: Duration = Duration::from_millis(50);

    #[test]
    fn one_server_at_a_time_is_contention() {
        // 100 a second whatever is asked: the requests at one time grow, the rate does not.
        let stages = [stage(100.0, 20), stage(100.0, 40), stage(100.0, 80), stage(100.0, 160)];
        let law = law(&stage(100.0, 10), &stages).unwrap();
        assert!((law.sigma.value - 1.0).abs() < 0.05, "{law:?}");
        let found = Bottleneck::of(&stages[3], LIMIT, 0.99, Some(&law));
        assert!(matches!(found, Bottleneck::Contention(share) if share > 0.8), "{found}");
    }

    #[test]
    fn a_rate_that_falls_is_coherency() {
        let rate = |n: f64| 100.0 * crate::laws::usl(0.0, 0.01, n);
        let stages = [2.0, 4.0, 8.0, 16.0, 32.0]
            .map(|n| stage(rate(n).round(), (1e3 * n / rate(n)).round() as u64));
        let law = law(&stage(100.0, 10), &stages).unwrap();
        let found = Bottleneck::of(&stages[4], LIMIT, 0.99, Some(&law));
        assert!(matches!(found, Bottleneck::Coherency(_)), "{found}");
    }

    #[test]
    fn errors_and_a_late_client_are_named_first() {
        let mut failed = stage(100.0, 5);
        failed.counts.server_errors = 5;
        let found = Bottleneck::of(&failed, LIMIT, 0.99, None);
        assert_eq!(found.to_string(), "errors: 100 answered, 5 5xx");
        let mut late = stage(100.0, 60);
        for _ in 0..10 {
            late.note_lag(Duration::from_millis(40));
        }
        let found = Bottleneck::of(&late, LIMIT, 0.99, None);
        assert!(matches!(found, Bottleneck::Client(_)), "{found}");
        assert_eq!(Bottleneck::of(&stage(100.0, 60), LIMIT, 0.99, None), Bottleneck::Waiting);
    }

    #[test]
    fn few_numbers_make_no_law() {
        assert!(law(&stage(100.0, 10), &[stage(100.0, 20)]).is_none());
        assert!(law(&Outcome::new(1.0), &[]).is_none());
    }
}
