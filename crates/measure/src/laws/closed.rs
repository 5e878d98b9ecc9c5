//! The laws themselves, in closed form. All speed-ups are over one core.

/// Amdahl's law (1967): the speed-up on `n` cores of work whose share `p` is parallel.
///
/// ```
/// assert!((measure::laws::amdahl(0.95, 32.0) - 12.55).abs() < 0.01);
/// ```
#[must_use]
pub fn amdahl(p: f64, n: f64) -> f64 {
    1.0 / ((1.0 - p) + p / n)
}

/// Gustafson's law (1988): the scaled speed-up on `n` cores when the work grows with them and the
/// serial share of the time on `n` cores is `s`.
///
/// ```
/// assert_eq!(measure::laws::gustafson(0.05, 32.0), 30.45);
/// ```
#[must_use]
pub fn gustafson(s: f64, n: f64) -> f64 {
    s + (1.0 - s) * n
}

/// Gunther's universal scalability law: the speed-up on `n` cores under contention `sigma` and
/// coherency `kappa`.
///
/// ```
/// // Without coherency it is Amdahl's law.
/// let gap = measure::laws::usl(0.05, 0.0, 32.0) - measure::laws::amdahl(0.95, 32.0);
/// assert!(gap.abs() < 1e-12);
/// ```
#[must_use]
pub fn usl(sigma: f64, kappa: f64, n: f64) -> f64 {
    n / (1.0 + sigma * (n - 1.0) + kappa * n * (n - 1.0))
}

/// The number of cores past which it gets slower by the universal scalability law; infinite
/// without coherency costs.
#[must_use]
pub fn usl_peak(sigma: f64, kappa: f64) -> f64 {
    if kappa > 0.0 { ((1.0 - sigma).max(0.0) / kappa).sqrt().max(1.0) } else { f64::INFINITY }
}

/// Karp and Flatt's metric (1990): the serial fraction that a `speedup` on `n > 1` cores shows.
///
/// If it grows with the number of cores, overheads grow; if it stays, the rest is serial.
///
/// ```
/// let speedup = measure::laws::amdahl(0.9, 8.0);
/// assert!((measure::laws::karp_flatt(speedup, 8.0) - 0.1).abs() < 1e-12);
/// ```
#[must_use]
pub fn karp_flatt(speedup: f64, n: f64) -> f64 {
    (1.0 / speedup - 1.0 / n) / (1.0 - 1.0 / n)
}
