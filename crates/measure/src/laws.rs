//! Scaling laws: what times over cores, or over sizes, say about times that were not measured.
//!
//! Two questions, two methods. *What are the law's parameters?* One law is fitted by least squares
//! of the logarithms, so that an error of 2 % counts the same at 1 s and at 100 s
//! ([`fit_amdahl`], [`fit_gustafson`], [`fit_usl`]). *How long will it take on 32 cores?* No single
//! law is right, and which one is wrong shows only beyond the data; so [`Cores`] and [`Sizes`]
//! average over many, each by how well it explains what was measured, and let the truth drift away
//! from every law, more with every doubling beyond the data. That is what makes the interval
//! honest: resampling (the bootstrap) varies the noise, which is the lesser part, and covers 37 %
//! of held-out points where 90 % were stated.
//!
//! ```
//! use measure::laws::{Cores, Observations};
//!
//! let seconds = Observations::over_cores(&[1.0, 2.0, 4.0, 8.0], &[10.0, 5.5, 3.3, 2.2])?;
//! let ahead = Cores::fit(&seconds)?.predict(16.0)?;
//! assert!(ahead.low < ahead.seconds && ahead.seconds < ahead.high);
//! # Ok::<(), measure::laws::Error>(())
//! ```

mod blend;
mod closed;
mod cores;
mod error;
mod fit;
mod least_squares;
mod observations;
mod shapes;
mod sizes;

pub use blend::Forecast;
pub use closed::{amdahl, gustafson, karp_flatt, usl, usl_peak};
pub use cores::Cores;
pub use error::Error;
pub use fit::{Amdahl, Gustafson, Interval, Usl, fit_amdahl, fit_gustafson, fit_usl};
pub use observations::{Level, Observations};
pub use sizes::Sizes;
