//! Distributions over the integers.

use crate::distribution::{Counted, StandardGamma, exponential};
use crate::fill::{BadParameters, Run};
use crate::stream::Stream;
use rand::RngExt;
use rand_distr::{Binomial, Distribution, Open01, Poisson, Zeta};

pub(crate) fn draw(counted: Counted, run: Run<'_, i64>) -> Result<(), BadParameters> {
    match counted {
        Counted::Binomial => run.draw(|[n, p]| {
            let binomial = binomial(n, p)?;
            Some(move |s: &mut Stream| binomial.sample(s) as i64)
        }),
        Counted::NegativeBinomial => run.draw(|[n, p]| {
            let gamma = StandardGamma::new(n)?;
            let odds = (1.0 - p) / p;
            let valid = n > 0.0 && 0.0 < p && p <= 1.0;
            valid.then_some(move |s: &mut _| poisson(odds * gamma.sample(s), s))
        }),
        Counted::Poisson => run.draw(|[lam]| {
            let poisson = Counts::new(lam)?;
            Some(move |s: &mut _| poisson.sample(s))
        }),
        Counted::Geometric => run.draw(|[p]| {
            let rate = -(-p).ln_1p();
            let valid = 0.0 < p && p <= 1.0;
            valid.then_some(move |s: &mut _| ((exponential(s) / rate).ceil() as i64).max(1))
        }),
        Counted::Hypergeometric => run.draw(|[good, bad, sample]| {
            let urn = Hypergeometric::new(good, bad, sample)?;
            Some(move |s: &mut _| urn.sample(s) as i64)
        }),
        Counted::Logseries => {
            run.draw(|[p]| (0.0..1.0).contains(&p).then_some(move |s: &mut _| logseries(p, s)))
        }
        Counted::Zipf => run.draw(|[a]| {
            let zeta = Zeta::new(a).ok()?;
            Some(move |s: &mut Stream| {
                loop {
                    // Of numbers so large that they are no `i64`, others are drawn, as NumPy does.
                    let number: f64 = zeta.sample(s);
                    if number < i64::MAX as f64 {
                        return number as i64;
                    }
                }
            })
        }),
    }
}

/// How many of `n` trials succeed.
pub(crate) fn binomial(n: f64, p: f64) -> Option<Binomial> {
    if n >= 0.0 { Binomial::new(n as u64, p).ok() } else { None }
}

fn poisson(mean: f64, stream: &mut Stream) -> i64 {
    Counts::new(mean).map_or(0, |poisson| poisson.sample(stream))
}

/// A Poisson distribution.
enum Counts {
    /// Of a small mean, which is this, with the probability of 0.
    Few(f64, f64),
    Many(Poisson<f64>),
}

impl Counts {
    fn new(mean: f64) -> Option<Self> {
        if (0.0..12.0).contains(&mean) {
            return Some(Self::Few(mean, (-mean).exp()));
        }
        Poisson::new(mean).ok().map(Self::Many)
    }

    #[inline]
    fn sample(&self, stream: &mut Stream) -> i64 {
        match self {
            Self::Few(mean, none) => {
                // The inverse of the distribution function, which takes one uniform number.
                let mut left: f64 = stream.random();
                let (mut count, mut chance) = (0.0, *none);
                while left >= chance && chance > 0.0 {
                    left -= chance;
                    count += 1.0;
                    chance *= mean / count;
                }
                count as i64
            }
            Self::Many(poisson) => poisson.sample(stream) as i64,
        }
    }
}

/// Kemp's algorithm LK (1981).
fn logseries(p: f64, stream: &mut Stream) -> i64 {
    let v: f64 = Open01.sample(stream);
    if v >= p {
        return 1;
    }
    let u: f64 = Open01.sample(stream);
    let q = -((-p).ln_1p() * u).exp_m1();
    if v <= q * q {
        (1.0 + v.ln() / q.ln()).floor().max(1.0) as i64
    } else if v >= q {
        1
    } else {
        2
    }
}

/// How many good ones are among `sample` balls of an urn.
pub(crate) struct Hypergeometric {
    good: f64,
    bad: f64,
    sample: f64,
    envelope: Option<Envelope>,
}

/// What Stadlober's ratio of uniforms HRUA (1989) has to know, of the smaller kind and the smaller sample.
struct Envelope {
    few: f64,
    many: f64,
    sample: f64,
    centre: f64,
    width: f64,
    /// Sum of the logarithms of the mode's factorials.
    mode: f64,
    limit: f64,
}

/// Samples up to this are drawn ball by ball.
const BALLS: f64 = 10.0;

impl Hypergeometric {
    pub fn new(good: f64, bad: f64, sample: f64) -> Option<Self> {
        let valid = good >= 0.0 && bad >= 0.0 && sample >= 0.0 && good + bad >= sample;
        let few_balls = sample.min(good + bad - sample) < BALLS;
        let envelope = (valid && !few_balls).then(|| Envelope::new(good, bad, sample));
        valid.then_some(Self { good, bad, sample, envelope })
    }

    pub fn sample(&self, stream: &mut Stream) -> f64 {
        let total = self.good + self.bad;
        let is_rest = self.sample > total / 2.0;
        // The good ones among those that are drawn, or that stay.
        let drawn = if is_rest { total - self.sample } else { self.sample };
        let found = match &self.envelope {
            Some(envelope) => {
                let few = envelope.sample(stream);
                if self.good <= self.bad { few } else { drawn - few }
            }
            None => balls(self.good, total, drawn, stream),
        };
        if is_rest { self.good - found } else { found }
    }
}

fn balls(good: f64, total: f64, drawn: f64, stream: &mut Stream) -> f64 {
    let mut left = good;
    for ball in 0..drawn as u64 {
        if left == 0.0 {
            break;
        }
        if stream.random::<f64>() * (total - ball as f64) < left {
            left -= 1.0;
        }
    }
    good - left
}

impl Envelope {
    fn new(good: f64, bad: f64, sample: f64) -> Self {
        let (few, many) = (good.min(bad), good.max(bad));
        let total = few + many;
        let sample = sample.min(total - sample);
        let share = few / total;
        let mean = sample * share;
        let deviation =
            ((total - sample) * sample * share * (1.0 - share) / (total - 1.0) + 0.5).sqrt();
        // 2 sqrt(2/e) and 3 - 2 sqrt(3/e).
        let width = 1.715_527_769_921_413_5 * deviation + 0.898_916_162_058_898_8;
        let mode = ((sample + 1.0) * (few + 1.0) / (total + 2.0)).floor();
        let mut envelope =
            Self { few, many, sample, centre: mean + 0.5, width, mode: 0.0, limit: 0.0 };
        envelope.mode = envelope.factorials(mode);
        // What lies sixteen deviations away is never drawn.
        envelope.limit = sample.min(few).min((mean + 0.5 + 16.0 * deviation).floor()) + 1.0;
        envelope
    }

    /// Minus the logarithm of the probability of `k`, but for a constant.
    fn factorials(&self, k: f64) -> f64 {
        ln_factorial(k)
            + ln_factorial(self.few - k)
            + ln_factorial(self.sample - k)
            + ln_factorial(self.many - self.sample + k)
    }

    fn sample(&self, stream: &mut Stream) -> f64 {
        loop {
            let u: f64 = Open01.sample(stream);
            let v: f64 = stream.random();
            let x = self.centre + self.width * (v - 0.5) / u;
            if !(0.0..self.limit).contains(&x) {
                continue;
            }
            let k = x.floor();
            let t = self.mode - self.factorials(k);
            // Two squeezes, and the real test.
            if u * (4.0 - u) - 3.0 <= t {
                return k;
            }
            if u * (u - t) < 1.0 && 2.0 * u.ln() <= t {
                return k;
            }
        }
    }
}

/// The logarithm of `k!`: products while they are short, then Stirling's series.
fn ln_factorial(k: f64) -> f64 {
    const HALF_LN_TAU: f64 = 0.918_938_533_204_672_7;
    if k < 16.0 {
        return (2..=k as u64).map(|i| i as f64).product::<f64>().ln();
    }
    let r = 1.0 / (k * k);
    let series = (1.0 / 12.0 - r * (1.0 / 360.0 - r * (1.0 / 1260.0 - r / 1680.0))) / k;
    (k + 0.5) * k.ln() - k + HALF_LN_TAU + series
}
