//! The highest rate at which a quantile of the latency stays below a limit.
//!
//! Streams of some seconds each: their rate doubles until one does not pass, then halves the gap
//! (on a logarithmic scale) until the time is spent or the gap is small. The rate that is answered
//! has passed twice, where the time allowed it, because one stream may pass by luck.

use std::thread;
use std::time::{Duration, Instant};

use super::arrivals::{Arrivals, check_seconds};
use super::bottleneck::{Bottleneck, law};
use super::client::Client;
use super::outcome::Outcome;
use super::{LoadError, in_words};
use crate::laws::Usl;
use crate::noise::{Noise, Watch};

/// How many streams the time is meant for.
const STREAMS: f64 = 12.0;
/// A stream this many times as long as the limit shows a server that falls behind by a twentieth:
/// what waits grows past the limit. It may take this share of the time.
const LIMITS: f64 = 20.0;
const MOST_OF_THE_TIME: f64 = 1.0 / 6.0;
/// The shortest and the longest stream, in seconds.
const STREAM: (f64, f64) = (0.3, 5.0);
/// A gap that is not worth another stream.
const GAP: f64 = 1.04;
/// Requests one by one before the first stream.
const PROBES: u64 = 5;
/// The share of what one client that waits for its answers could ask, to begin with.
const BEGIN: f64 = 0.25;
/// How long to look what else runs, before the server has anything to do.
const BEFORE: Duration = Duration::from_millis(250);

/// What to find.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Search {
    /// The share of requests that must be answered within the limit, such as 0.99.
    pub quantile: f64,
    /// The limit.
    pub limit: Duration,
    /// How long it may take.
    pub seconds: f64,
    /// How many requests it may send.
    pub most: u64,
}

/// What was found.
#[derive(Clone, Debug)]
pub struct Report {
    /// What was to be found.
    pub search: Search,
    /// Requests one after the other, before all else.
    pub probe: Outcome,
    /// The streams, in their order.
    pub streams: Vec<Outcome>,
    /// The highest rate that passed.
    pub held: Option<f64>,
    /// The lowest rate above it that did not.
    pub failed: Option<f64>,
    /// What keeps it from taking more.
    pub bottleneck: Bottleneck,
    /// The universal scalability law over requests at one time, where there is enough to fit it.
    pub law: Option<Usl>,
    /// What others did on the machine: before it began, and the hypervisor throughout.
    pub noise: Noise,
    /// Whether it was ended early.
    pub is_stopped: bool,
}

impl Search {
    fn check(&self) -> Result<(), LoadError> {
        check_seconds(self.seconds)?;
        if !(self.quantile > 0.0 && self.quantile < 1.0) {
            let (name, range) = ("the quantile", "above 0 and below 1");
            return Err(LoadError::Range { name, range, value: self.quantile });
        }
        if self.limit.is_zero() {
            let (name, range) = ("the limit", "above 0 seconds");
            return Err(LoadError::Range { name, range, value: 0.0 });
        }
        if self.most < PROBES {
            let (name, range) = ("the number of requests", "at least 5");
            return Err(LoadError::Range { name, range, value: self.most as f64 });
        }
        Ok(())
    }

    fn passes(&self, outcome: &Outcome) -> bool {
        outcome.quantile(self.quantile).is_some_and(|latency| latency <= self.limit)
    }

    /// The quantile and the limit: `p99 < 50 ms`.
    #[must_use]
    pub fn goal(&self) -> String {
        let percent = self.quantile * 100.0;
        let digits = usize::from((percent - percent.round()).abs() > 1e-9);
        format!("p{percent:.digits$} < {}", in_words(self.limit))
    }
}

/// Finds the highest rate. `watch` sees each stream as it ends.
///
/// # Errors
///
/// If a number of `search` is out of its range.
pub fn search(
    client: &Client,
    search: Search,
    watch: &mut dyn FnMut(&Outcome),
) -> Result<Report, LoadError> {
    search.check()?;
    let quiet = Watch::start();
    thread::sleep(BEFORE);
    let mut noise = quiet.noise(None);
    let during = Watch::start();
    let probe = client.probe(PROBES);
    let mut run = Run::new(client, search, watch);
    let alone = probe.mean();
    if let Some(alone) = alone {
        run.bracket(alone);
        run.narrow();
    }
    let Run { streams, held, failed, .. } = run;
    let law = law(&probe, &streams);
    let broken = failed.and_then(|rate| {
        streams.iter().find(|stream| stream.rate == rate && !search.passes(stream))
    });
    let bottleneck = match (alone, broken) {
        (None, _) => Bottleneck::NoAnswer(probe.counts),
        (Some(alone), _) if held.is_none() && alone > search.limit => Bottleneck::Alone(alone),
        (_, Some(stream)) => Bottleneck::of(stream, search.limit, search.quantile, law.as_ref()),
        (_, None) => Bottleneck::NotReached,
    };
    noise.steal = during.noise(None).steal.or(noise.steal);
    let is_stopped = client.is_stopped();
    Ok(Report { search, probe, streams, held, failed, bottleneck, law, noise, is_stopped })
}

struct Run<'a> {
    client: &'a Client,
    search: Search,
    watch: &'a mut dyn FnMut(&Outcome),
    begun: Instant,
    left: u64,
    streams: Vec<Outcome>,
    held: Option<f64>,
    failed: Option<f64>,
}

impl<'a> Run<'a> {
    fn new(client: &'a Client, search: Search, watch: &'a mut dyn FnMut(&Outcome)) -> Run<'a> {
        let (begun, left) = (Instant::now(), search.most - PROBES);
        Run { client, search, watch, begun, left, streams: Vec::new(), held: None, failed: None }
    }

    /// A stream of that rate, and whether it passes; nothing once time or requests are spent.
    fn stream(&mut self, rate: f64) -> Option<bool> {
        let all = self.search.seconds;
        let shows = (LIMITS * self.search.limit.as_secs_f64()).min(all * MOST_OF_THE_TIME);
        let seconds = (all / STREAMS).max(shows).clamp(STREAM.0, STREAM.1);
        let spent = self.begun.elapsed().as_secs_f64();
        // A stream that is cut short, by time or by number, says less than it seems to.
        let needed = (rate * seconds) as u64;
        if spent + seconds > self.search.seconds || needed > self.left || self.client.is_stopped() {
            return None;
        }
        let arrivals = Arrivals::new(rate, rate, seconds, self.left).ok()?;
        let outcome = self.client.run(arrivals);
        self.left -= arrivals.count().min(self.left);
        (self.watch)(&outcome);
        let passes = self.search.passes(&outcome);
        let is_whole = outcome.counts.unfinished == 0;
        self.streams.push(outcome);
        is_whole.then_some(passes)
    }

    /// Finds a rate that passes and one that does not.
    fn bracket(&mut self, alone: Duration) {
        let mut rate = (BEGIN / alone.as_secs_f64()).clamp(1.0, 1e4);
        while let Some(passes) = self.stream(rate) {
            if passes {
                self.held = Some(rate);
                rate *= 2.0;
            } else {
                self.failed = Some(rate);
                // Fewer requests would be answered no better, only by chance.
                if self.held.is_none() && self.has_errors() {
                    return;
                }
                rate /= 4.0;
            }
            let is_between = self.held.is_some() && self.failed.is_some();
            if is_between || !(0.5..=1e6).contains(&rate) {
                return;
            }
        }
    }

    /// Makes the gap small, and has the rate that holds pass twice.
    fn narrow(&mut self) {
        let mut has_passed_twice = false;
        while let (Some(held), Some(failed)) = (self.held, self.failed) {
            let is_small = failed / held <= GAP;
            if is_small && has_passed_twice {
                return;
            }
            let rate = if is_small { held } else { (held * failed).sqrt() };
            match self.stream(rate) {
                None => return,
                Some(true) => {
                    has_passed_twice = is_small;
                    self.held = Some(rate);
                }
                Some(false) => {
                    self.failed = Some(rate);
                    if is_small {
                        self.held = self.passed_below(rate);
                    }
                }
            }
        }
    }

    /// Whether the last stream got more errors than the quantile allows.
    fn has_errors(&self) -> bool {
        let allowed = 1.0 - self.search.quantile;
        self.streams.last().is_some_and(|last| {
            let counts = last.counts;
            counts.answers_in_error() as f64 > allowed * counts.total() as f64
        })
    }

    /// The highest rate that passed, of those below one that did not.
    fn passed_below(&self, rate: f64) -> Option<f64> {
        let passed = self.streams.iter().filter(|stream| self.search.passes(stream));
        passed.map(|stream| stream.rate).filter(|passed| *passed < rate).max_by(f64::total_cmp)
    }
}

impl Report {
    /// The answer in words.
    #[must_use]
    pub fn words(&self) -> String {
        let goal = self.search.goal();
        let answer = match (self.held, self.failed) {
            (Some(held), Some(failed)) => {
                let (middle, half) = ((held + failed) / 2.0, (failed - held) / 2.0);
                format!("it takes {} ± {} requests/s at {goal}", short(middle), short(half))
            }
            (Some(held), None) => format!("it takes at least {} requests/s at {goal}", short(held)),
            (None, Some(failed)) => {
                format!("it does not take {} requests/s at {goal}", short(failed))
            }
            (None, None) => format!("how much it takes at {goal} is not known"),
        };
        let stopped = if self.is_stopped { " (ended early)" } else { "" };
        format!("{answer}{stopped}; the bottleneck is {}", self.bottleneck)
    }

    /// Everything that was not answered as it should be, over all streams and the requests before.
    #[must_use]
    pub fn errors(&self) -> u64 {
        self.streams.iter().chain([&self.probe]).map(|stream| stream.counts.errors()).sum()
    }
}

/// A rate with the digits that mean something.
fn short(rate: f64) -> String {
    if rate < 10.0 { format!("{rate:.1}") } else { format!("{rate:.0}") }
}
