//! Random numbers that depend on a key and their place in an array only.
//!
//! Each draw from a generator has a [`Key`], and each element of what is drawn a [`Stream`] of its own:
//! whoever asks for elements 1,000 to 2,000 gets the same numbers, in whatever pieces, order and threads.
//! The bits are Philox's (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", 2011), the
//! distributions mostly `rand_distr`'s, with NumPy's parameters.
#![forbid(unsafe_code)]

mod discrete;
mod distribution;
mod fill;
mod integers;
mod philox;
mod rows;
mod stream;

pub use distribution::{Counted, Measured, UnknownDistribution};
pub use fill::{BadParameters, Real, counts, numbers};
pub use integers::{Integer, integers, permutation};
pub use philox::{Key, State};
pub use rows::{Row, dirichlet, multinomial, multivariate_hypergeometric};
pub use stream::Stream;
