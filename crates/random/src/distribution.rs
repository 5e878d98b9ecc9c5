//! Distributions over the real numbers.

use crate::fill::{BadParameters, Real, Run};
use crate::stream::Stream;
use rand::{Rng, RngExt};
use rand_distr::{Beta, Distribution, Exp1, Gamma, Open01, Poisson, StandardNormal};
use std::f64::consts::PI;
use std::fmt;
use std::str::FromStr;

/// A name that no distribution has.
#[derive(Debug, thiserror::Error)]
#[error("there is no distribution `{0}`")]
pub struct UnknownDistribution(String);

macro_rules! names {
    ($(#[$doc:meta])* $ty:ident { $($(#[$what:meta])* $variant:ident = $name:literal,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum $ty {
            $($(#[$what])* $variant,)*
        }

        impl $ty {
            /// NumPy's name.
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)*
                }
            }
        }

        impl FromStr for $ty {
            type Err = UnknownDistribution;

            fn from_str(name: &str) -> Result<Self, UnknownDistribution> {
                match name {
                    $($name => Ok(Self::$variant),)*
                    _ => Err(UnknownDistribution(name.into())),
                }
            }
        }

        impl fmt::Display for $ty {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.name())
            }
        }
    };
}

names! {
    /// A distribution over the real numbers.
    Measured {
        /// Uniform in [0, 1).
        Random = "random",
        /// `low`, and `high - low`.
        Uniform = "uniform",
        /// `loc`, `scale`.
        Normal = "normal",
        /// `mean` and `sigma` of the logarithm.
        Lognormal = "lognormal",
        /// `scale`.
        Exponential = "exponential",
        /// `shape`, `scale`.
        Gamma = "gamma",
        /// `a`, `b`.
        Beta = "beta",
        /// `df`.
        Chisquare = "chisquare",
        /// `df`, `nonc`.
        NoncentralChisquare = "noncentral_chisquare",
        /// `dfnum`, `dfden`.
        F = "f",
        /// `dfnum`, `dfden`, `nonc`.
        NoncentralF = "noncentral_f",
        /// `df`.
        StandardT = "standard_t",
        /// Nothing.
        StandardCauchy = "standard_cauchy",
        /// `a`.
        Pareto = "pareto",
        /// `a`.
        Power = "power",
        /// `a`.
        Weibull = "weibull",
        /// `loc`, `scale`.
        Laplace = "laplace",
        /// `loc`, `scale`.
        Logistic = "logistic",
        /// `loc`, `scale`.
        Gumbel = "gumbel",
        /// `scale`.
        Rayleigh = "rayleigh",
        /// `left`, `mode`, `right`.
        Triangular = "triangular",
        /// `mu`, `kappa`.
        Vonmises = "vonmises",
        /// `mean`, `scale`.
        Wald = "wald",
    }
}

names! {
    /// A distribution over the integers.
    Counted {
        /// `n`, `p`.
        Binomial = "binomial",
        /// `n`, `p`.
        NegativeBinomial = "negative_binomial",
        /// `lam`.
        Poisson = "poisson",
        /// `p`.
        Geometric = "geometric",
        /// `ngood`, `nbad`, `nsample`.
        Hypergeometric = "hypergeometric",
        /// `p`.
        Logseries = "logseries",
        /// `a`.
        Zipf = "zipf",
    }
}

pub(crate) fn draw<T: Real>(measured: Measured, run: Run<'_, T>) -> Result<(), BadParameters> {
    let real = T::from_f64;
    match measured {
        Measured::Random => run.draw(|[]| Some(move |s: &mut _| real(uniform::<T>(s)))),
        Measured::Uniform => run.draw(|[low, range]| {
            range.is_finite().then_some(move |s: &mut _| real(low + range * uniform::<T>(s)))
        }),
        Measured::Normal => run.draw(|[loc, scale]| {
            (scale >= 0.0).then_some(move |s: &mut _| real(loc + scale * normal(s)))
        }),
        Measured::Lognormal => run.draw(|[mean, sigma]| {
            (sigma >= 0.0).then_some(move |s: &mut _| real((mean + sigma * normal(s)).exp()))
        }),
        Measured::Exponential => run.draw(|[scale]| {
            (scale >= 0.0).then_some(move |s: &mut _| real(scale * exponential(s)))
        }),
        Measured::Gamma => run.draw(|[shape, scale]| {
            let gamma = StandardGamma::new(shape)?;
            (scale >= 0.0).then_some(move |s: &mut _| real(scale * gamma.sample(s)))
        }),
        Measured::Beta => run.draw(|[a, b]| {
            let beta = Beta::new(a, b).ok()?;
            Some(move |s: &mut Stream| real(beta.sample(s)))
        }),
        Measured::Chisquare => run.draw(|[df]| {
            let chisquare = Chisquare::new(df)?;
            Some(move |s: &mut _| real(chisquare.sample(s)))
        }),
        Measured::NoncentralChisquare => run.draw(|[df, nonc]| {
            let chisquare = NoncentralChisquare::new(df, nonc)?;
            Some(move |s: &mut _| real(chisquare.sample(s)))
        }),
        Measured::F => run.draw(|[num, den]| {
            let (over, under) = (Chisquare::new(num)?, Chisquare::new(den)?);
            Some(move |s: &mut _| real((over.sample(s) / num) / (under.sample(s) / den)))
        }),
        Measured::NoncentralF => run.draw(|[num, den, nonc]| {
            let (over, under) = (NoncentralChisquare::new(num, nonc)?, Chisquare::new(den)?);
            Some(move |s: &mut _| real((over.sample(s) / num) / (under.sample(s) / den)))
        }),
        Measured::StandardT => run.draw(|[df]| {
            let chisquare = Chisquare::new(df)?;
            Some(move |s: &mut _| real(normal(s) / (chisquare.sample(s) / df).sqrt()))
        }),
        Measured::StandardCauchy => {
            run.draw(|[]| Some(move |s: &mut _| real((PI * (open(s) - 0.5)).tan())))
        }
        Measured::Pareto => run
            .draw(|[a]| (a > 0.0).then_some(move |s: &mut _| real((exponential(s) / a).exp_m1()))),
        Measured::Power => run.draw(|[a]| {
            (a > 0.0).then_some(move |s: &mut _| real((-(-exponential(s)).exp_m1()).powf(1.0 / a)))
        }),
        Measured::Weibull => run.draw(|[a]| {
            let power = if a == 0.0 { 0.0 } else { 1.0 / a };
            let scale = if a == 0.0 { 0.0 } else { 1.0 };
            (a >= 0.0).then_some(move |s: &mut _| real(scale * exponential(s).powf(power)))
        }),
        Measured::Laplace => run.draw(|[loc, scale]| {
            // An exponential number on either side.
            let laplace = move |s: &mut Stream| {
                let u = 2.0 * open(s) - 1.0;
                -u.signum() * (-u.abs()).ln_1p()
            };
            (scale >= 0.0).then_some(move |s: &mut _| real(loc + scale * laplace(s)))
        }),
        Measured::Logistic => run.draw(|[loc, scale]| {
            let logit = |u: f64| (u / (1.0 - u)).ln();
            (scale >= 0.0).then_some(move |s: &mut _| real(loc + scale * logit(open(s))))
        }),
        Measured::Gumbel => run.draw(|[loc, scale]| {
            (scale >= 0.0).then_some(move |s: &mut _| real(loc - scale * exponential(s).ln()))
        }),
        Measured::Rayleigh => run.draw(|[scale]| {
            (scale >= 0.0).then_some(move |s: &mut _| real(scale * (2.0 * exponential(s)).sqrt()))
        }),
        Measured::Triangular => run.draw(|[left, mode, right]| {
            let base = right - left;
            let share = (mode - left) / base;
            let triangular = move |s: &mut _| {
                let u = uniform::<f64>(s);
                if u <= share {
                    left + (u * base * (mode - left)).sqrt()
                } else {
                    right - ((1.0 - u) * base * (right - mode)).sqrt()
                }
            };
            (left <= mode && mode <= right && left < right)
                .then_some(move |s: &mut _| real(triangular(s)))
        }),
        Measured::Vonmises => run.draw(|[mu, kappa]| {
            let vonmises = Vonmises::new(kappa)?;
            Some(move |s: &mut _| real(wrap(mu + vonmises.sample(s))))
        }),
        Measured::Wald => run.draw(|[mean, scale]| {
            let wald = move |s: &mut _| {
                // The smaller root of Michael, Schucany and Haas's equation, or the larger one; written
                // so that nothing cancels out.
                let y = normal(s);
                let w = mean * y * y / (2.0 * scale);
                let smaller = mean / (1.0 + w + (w * (w + 2.0)).sqrt());
                let is_smaller = uniform::<f64>(s) * (mean + smaller) <= mean;
                if is_smaller { smaller } else { mean * (mean / smaller) }
            };
            (mean > 0.0 && scale > 0.0).then_some(move |s: &mut _| real(wald(s)))
        }),
    }
}

/// Uniform in [0, 1), with as many digits as the type has.
#[inline(always)]
fn uniform<T: Real>(stream: &mut Stream) -> f64 {
    const { assert!(T::DIGITS < 64) };
    let one = (1_u64 << T::DIGITS) as f64;
    (stream.next_u64() >> (64 - T::DIGITS)) as f64 * (1.0 / one)
}

/// Uniform in (0, 1).
#[inline]
fn open(stream: &mut Stream) -> f64 {
    Open01.sample(stream)
}

#[inline]
pub(crate) fn normal(stream: &mut Stream) -> f64 {
    StandardNormal.sample(stream)
}

#[inline]
pub(crate) fn exponential(stream: &mut Stream) -> f64 {
    Exp1.sample(stream)
}

/// A gamma distribution of scale 1; that of shape 0 is 0.
pub(crate) struct StandardGamma(Option<Gamma<f64>>);

impl StandardGamma {
    pub fn new(shape: f64) -> Option<Self> {
        if shape == 0.0 { Some(Self(None)) } else { Some(Self(Some(Gamma::new(shape, 1.0).ok()?))) }
    }

    #[inline]
    pub fn sample(&self, stream: &mut Stream) -> f64 {
        self.0.map_or(0.0, |gamma| gamma.sample(stream))
    }
}

struct Chisquare(StandardGamma);

impl Chisquare {
    fn new(df: f64) -> Option<Self> {
        if df > 0.0 { StandardGamma::new(df / 2.0).map(Self) } else { None }
    }

    #[inline]
    fn sample(&self, stream: &mut Stream) -> f64 {
        2.0 * self.0.sample(stream)
    }
}

enum NoncentralChisquare {
    /// A chi-square number of one degree of freedom fewer, and the square of a shifted normal one.
    Shifted(StandardGamma, f64),
    /// Half of the degrees of freedom, to which a Poisson number is added.
    Mixed(f64, Option<Poisson<f64>>),
}

impl NoncentralChisquare {
    fn new(df: f64, nonc: f64) -> Option<Self> {
        if !(df > 0.0 && nonc >= 0.0) {
            return None;
        }
        if df > 1.0 {
            return Some(Self::Shifted(StandardGamma::new((df - 1.0) / 2.0)?, nonc.sqrt()));
        }
        let more = if nonc == 0.0 { None } else { Some(Poisson::new(nonc / 2.0).ok()?) };
        Some(Self::Mixed(df / 2.0, more))
    }

    fn sample(&self, stream: &mut Stream) -> f64 {
        match self {
            Self::Shifted(gamma, shift) => {
                2.0 * gamma.sample(stream) + (normal(stream) + shift).powi(2)
            }
            Self::Mixed(half, more) => {
                let more = more.map_or(0.0, |poisson| poisson.sample(stream));
                StandardGamma::new(half + more).map_or(f64::NAN, |gamma| 2.0 * gamma.sample(stream))
            }
        }
    }
}

/// Angles around 0.
enum Vonmises {
    Everywhere,
    /// Best and Fisher's rejection (1979), with `kappa` and the envelope's parameter.
    Envelope(f64, f64),
    /// So narrow that it is normal.
    Narrow(f64),
}

impl Vonmises {
    fn new(kappa: f64) -> Option<Self> {
        Some(match kappa {
            0.0..1e-8 => Self::Everywhere,
            1e-8..1e-5 => Self::Envelope(kappa, 1.0 / kappa + kappa),
            1e-5..1e6 => {
                let r = 1.0 + (1.0 + 4.0 * kappa * kappa).sqrt();
                let rho = (r - (2.0 * r).sqrt()) / (2.0 * kappa);
                Self::Envelope(kappa, (1.0 + rho * rho) / (2.0 * rho))
            }
            1e6.. => Self::Narrow((1.0 / kappa).sqrt()),
            _ => return None,
        })
    }

    fn sample(&self, stream: &mut Stream) -> f64 {
        let (kappa, s) = match *self {
            Self::Everywhere => return PI * (2.0 * uniform::<f64>(stream) - 1.0),
            Self::Envelope(kappa, s) => (kappa, s),
            Self::Narrow(scale) => return scale * normal(stream),
        };
        loop {
            let z = (PI * uniform::<f64>(stream)).cos();
            let w = (1.0 + s * z) / (s + z);
            let y = kappa * (s - w);
            let v = open(stream);
            if y * (2.0 - y) >= v || (y / v).ln() + 1.0 >= y {
                let angle = w.clamp(-1.0, 1.0).acos();
                return if stream.random() { angle } else { -angle };
            }
        }
    }
}

/// An angle in [-π, π].
fn wrap(angle: f64) -> f64 {
    if angle.abs() <= PI { angle } else { (angle + PI).rem_euclid(2.0 * PI) - PI }
}
