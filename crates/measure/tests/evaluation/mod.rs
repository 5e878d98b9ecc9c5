//! How well laws predict what was held out, and how often stated intervals hold the truth.
//! Shared by the tests, which freeze the figures, and the example `laws`, which prints them.

use measure::laws::{
    Cores, Forecast, Interval, Observations, Sizes, amdahl, fit_amdahl, fit_gustafson, fit_usl, usl,
};
use random::State;

#[derive(serde::Deserialize)]
pub struct Data {
    pub set: Vec<Set>,
}

#[derive(serde::Deserialize)]
pub struct Set {
    pub name: String,
    pub group: String,
    kind: String,
    n: Vec<f64>,
    value: Vec<f64>,
}

/// Laws that are fitted alone, and ours.
pub const METHODS: [&str; 4] = ["Amdahl", "Gustafson", "USL", "ours"];

/// What became of a set: mean |ln(predicted / measured)| by method, over its held-out points.
pub struct Row {
    pub name: String,
    pub group: String,
    pub errors: [f64; 4],
    pub points: Vec<Point>,
}

/// A held-out point.
pub struct Point {
    /// How many times as many cores as the fit's largest.
    pub beyond: f64,
    /// Whether our interval holds it.
    pub held: bool,
    /// |ln(predicted / measured)| by method.
    pub errors: [f64; 4],
}

/// The distances beyond the fit at which errors are told: to the first, and on to the second.
pub const DISTANCES: [f64; 2] = [2.01, 4.01];

impl Row {
    /// The best single law's error, chosen with hindsight.
    pub fn best_single(&self) -> f64 {
        self.errors[..3].iter().copied().fold(f64::INFINITY, f64::min)
    }

    /// A method's mean error by distance; of a distance at which nothing was held out, none.
    pub fn by_distance(&self, method: usize) -> [Option<f64>; 2] {
        [0, 1].map(|far| {
            let errors: Vec<f64> = self
                .points
                .iter()
                .filter(|point| usize::from(point.beyond > DISTANCES[0]) == far)
                .map(|point| point.errors[method])
                .collect();
            (!errors.is_empty()).then(|| mean(&errors))
        })
    }
}

pub fn published() -> Data {
    toml::from_str(include_str!("../data.toml")).expect("data.toml is sound")
}

impl Set {
    fn seconds(&self) -> Vec<f64> {
        if self.kind == "seconds" {
            self.value.clone()
        } else {
            self.value.iter().map(|rate| 1.0 / rate).collect()
        }
    }

    /// Fits on a quarter and on half of the largest number of cores (if that leaves three numbers),
    /// and compares with what was measured up to four times beyond.
    pub fn evaluate(&self) -> Option<Row> {
        let seconds = self.seconds();
        let levels = Observations::over_cores(&self.n, &seconds).ok()?.levels();
        let most = levels.last()?.at;
        let mut cuts: Vec<f64> = [most / 4.0, most / 2.0]
            .into_iter()
            .filter_map(|cut| {
                let fitted: Vec<f64> =
                    levels.iter().map(|level| level.at).filter(|&at| at <= cut + 1e-9).collect();
                (fitted.len() >= 3).then(|| fitted[fitted.len() - 1])
            })
            .collect();
        cuts.dedup();
        let mut points = Vec::new();
        for cut in cuts {
            let (n, t): (Vec<f64>, Vec<f64>) =
                self.n.iter().zip(&seconds).filter(|&(&n, _)| n <= cut).unzip();
            let seen = Observations::over_cores(&n, &t).ok()?;
            let ours = Cores::fit(&seen).ok()?;
            let by_amdahl = fit_amdahl(&seen).ok()?;
            let by_gustafson = fit_gustafson(&seen).ok()?;
            // Three times determine three parameters but not how well they are known, so `fit_usl`
            // wants more; each time given twice is the same fit, and a fair opponent.
            let twice = Observations::over_cores(&[&n[..], &n].concat(), &[&t[..], &t].concat());
            let by_usl = fit_usl(&twice.ok()?).ok()?;
            for level in
                levels.iter().filter(|level| level.at > cut && level.at <= DISTANCES[1] * cut)
            {
                let ahead = ours.predict(level.at).ok()?;
                let amdahl = by_amdahl.seconds(level.at);
                let [gustafson, usl] = [by_gustafson.seconds(level.at), by_usl.seconds(level.at)];
                let said = [amdahl, gustafson, usl, ahead.seconds];
                points.push(Point {
                    beyond: level.at / cut,
                    held: (ahead.low..=ahead.high).contains(&level.seconds),
                    errors: said.map(|said| (said / level.seconds).ln().abs()),
                });
            }
        }
        let errors = [0, 1, 2, 3].map(|method| {
            mean(&points.iter().map(|point| point.errors[method]).collect::<Vec<f64>>())
        });
        (!points.is_empty()).then(|| Row {
            name: self.name.clone(),
            group: self.group.clone(),
            errors,
            points,
        })
    }
}

pub fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

pub fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// Normal numbers that depend on the seed alone.
fn normals(seed: u32, count: usize) -> Vec<f64> {
    let mut out = vec![0.0; count];
    let normal = "normal".parse().expect("a distribution's name");
    random::numbers(normal, &[&[0.0], &[1.0]], State([seed, 1, 2, 3]).key(0), 0, &mut out)
        .expect("its parameters");
    out
}

/// A law with known parameters that is measured with noise, again and again.
pub struct Truth {
    pub sigma: f64,
    /// `None` has Amdahl's law fitted.
    pub kappa: Option<f64>,
}

pub const TRUTHS: [Truth; 9] = [
    Truth { sigma: 0.0, kappa: None },
    Truth { sigma: 0.02, kappa: None },
    Truth { sigma: 0.2, kappa: None },
    Truth { sigma: 0.0, kappa: Some(0.0) },
    Truth { sigma: 0.05, kappa: Some(0.0) },
    Truth { sigma: 0.02, kappa: Some(1e-3) },
    Truth { sigma: 0.0, kappa: Some(1e-3) },
    Truth { sigma: 0.1, kappa: Some(1e-4) },
    Truth { sigma: 0.03, kappa: Some(1e-4) },
];

/// Which numbers of cores are measured, and how often each.
pub const DESIGNS: [(&[f64], usize); 5] = [
    (&[1.0, 2.0, 4.0, 8.0], 3),
    (&[1.0, 2.0, 4.0, 8.0], 5),
    (&[1.0, 2.0, 4.0, 8.0, 16.0, 32.0], 3),
    (&[1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0], 5),
    (&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0], 3),
];

/// The share of seeds for which the stated interval of each parameter holds the truth.
pub fn coverage(truth: &Truth, design: (&[f64], usize), noise: f64, seeds: u32) -> Vec<f64> {
    let n: Vec<f64> = design.0.iter().flat_map(|&n| vec![n; design.1]).collect();
    let speedup = |n| usl(truth.sigma, truth.kappa.unwrap_or(0.0), n);
    let holds =
        |interval: Interval, value| f64::from((interval.low..=interval.high).contains(&value));
    let mut sums = vec![0.0; 1 + usize::from(truth.kappa.is_some())];
    for seed in 0..seeds {
        let noises = normals(seed, n.len());
        let seconds: Vec<f64> =
            n.iter().zip(noises).map(|(&n, z)| 3.0 / speedup(n) * (1.0 + noise * z)).collect();
        let seen = Observations::over_cores(&n, &seconds).expect("times");
        match truth.kappa {
            None => {
                let law = fit_amdahl(&seen).expect("enough times");
                sums[0] += holds(law.serial_fraction, truth.sigma);
            }
            Some(kappa) => {
                let law = fit_usl(&seen).expect("enough times");
                sums[0] += holds(law.sigma, truth.sigma);
                sums[1] += holds(law.kappa, kappa);
            }
        }
    }
    sums.iter().map(|sum| sum / f64::from(seeds)).collect()
}

/// A function of known growth: its name, time, and smallest size.
pub type Growth = (&'static str, fn(f64) -> f64, f64);

pub const GROWTHS: [Growth; 11] = [
    ("n", |n| n, 1000.0),
    ("n log n", |n| n * n.log2(), 1000.0),
    ("n^2", |n| n * n, 1000.0),
    ("n^1.5", |n| n.powf(1.5), 1000.0),
    ("n^3", |n| n.powi(3), 100.0),
    ("sqrt n", f64::sqrt, 1000.0),
    ("log n", f64::log2, 1000.0),
    ("n^2 log n", |n| n * n * n.log2(), 1000.0),
    ("constant + n", |n| 8000.0 + n, 1000.0),
    ("n, cache step", |n| if n > 12_000.0 { 2.5 * n } else { n }, 1000.0),
    ("n, cache ramp", |n| n + 2.0 * (n - 9000.0).max(0.0), 1000.0),
];

/// The median error four times beyond seven doublings with five repeats, and how often the interval
/// holds the truth.
pub fn growth(growth: &Growth, noise: f64, seeds: u32) -> (f64, f64) {
    let (_, time, first) = *growth;
    let sizes: Vec<f64> =
        (0..7).flat_map(|doubling| vec![first * 2.0_f64.powi(doubling); 5]).collect();
    let place = 4.0 * sizes[sizes.len() - 1];
    let ahead = |seed| -> Forecast {
        let noises = normals(seed, sizes.len());
        let seconds: Vec<f64> =
            sizes.iter().zip(noises).map(|(&n, z)| 1e-6 * time(n) * (noise * z).exp()).collect();
        let seen = Observations::over_sizes(&sizes, &seconds).expect("times");
        Sizes::fit(&seen, &[]).and_then(|fit| fit.predict(place)).expect("enough sizes")
    };
    let truth = 1e-6 * time(place);
    let all: Vec<Forecast> = (0..seeds).map(ahead).collect();
    let held = all.iter().filter(|one| (one.low..=one.high).contains(&truth)).count();
    let errors = all.iter().map(|one| (one.seconds / truth - 1.0).abs()).collect();
    (median(errors), held as f64 / f64::from(seeds))
}

/// Times of a clean law on 1 to 8 cores, four of each with noise; the error two and four times
/// beyond, as medians over the seeds.
pub fn beyond(serial: f64, noise: f64, seeds: u32) -> (f64, f64) {
    let n: Vec<f64> = [1.0, 2.0, 4.0, 8.0].iter().flat_map(|&n| vec![n; 4]).collect();
    let errors = |seed| {
        let noises = normals(seed, n.len());
        let time = |n| 3.0 / amdahl(1.0 - serial, n);
        let seconds: Vec<f64> =
            n.iter().zip(noises).map(|(&n, z)| time(n) * (1.0 + noise * z)).collect();
        let fit = Cores::fit(&Observations::over_cores(&n, &seconds).expect("times"));
        let fit = fit.expect("enough cores");
        [16.0, 32.0].map(|n| (fit.predict(n).expect("cores").seconds / time(n)).ln().abs())
    };
    let all: Vec<[f64; 2]> = (0..seeds).map(errors).collect();
    let of = |at: usize| median(all.iter().map(|errors| errors[at]).collect());
    (of(0), of(1))
}
