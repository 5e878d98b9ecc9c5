//! Prints how well the laws predict: published sets, parameters, sizes. `laws [data.toml] [seeds]`
#![allow(clippy::print_stdout, missing_docs)]

#[path = "../tests/evaluation/mod.rs"]
mod evaluation;

use evaluation::{
    DESIGNS, DISTANCES, Data, GROWTHS, METHODS, Point, Row, TRUTHS, beyond, coverage, growth, mean,
    median, published,
};

fn main() {
    let mut arguments = std::env::args().skip(1);
    let data: Data = match arguments.next().filter(|path| path != "-") {
        Some(path) => {
            let text = std::fs::read_to_string(&path).expect("a readable file");
            toml::from_str(&text).expect("sound TOML")
        }
        None => published(),
    };
    let seeds = arguments.next().map_or(500, |seeds| seeds.parse().expect("a number of seeds"));
    let rows: Vec<Row> = data.set.iter().filter_map(evaluation::Set::evaluate).collect();
    println!("(a) fitted to a quarter and half of the cores; mean error of held-out points, %");
    println!("{:26}{}", "", METHODS.map(|name| format!("{name:>10}")).concat());
    for row in &rows {
        let cells = row.errors.map(|error| format!("{:10.1}", 100.0 * error)).concat();
        let held = row.points.iter().filter(|point| point.held).count();
        println!("{:26}{cells}   interval holds {held}/{}", row.name, row.points.len());
    }
    for group in ["usl", "hpc", ""] {
        let some: Vec<&Row> =
            rows.iter().filter(|row| group.is_empty() || row.group == group).collect();
        if some.is_empty() {
            continue;
        }
        let over = |of: &dyn Fn(&Row) -> f64| some.iter().map(|row| of(row)).collect::<Vec<f64>>();
        let name = if group.is_empty() { "all" } else { group };
        println!("{name}: {} sets", some.len());
        for (at, method) in METHODS.iter().enumerate() {
            let errors = over(&|row| row.errors[at]);
            let [near, far] = [0, 1].map(|far| {
                let some = some.iter().filter_map(|row| row.by_distance(at)[far]);
                100.0 * mean(&some.collect::<Vec<f64>>())
            });
            println!(
                "  {method:24} mean {:5.1} (to 2x {near:5.1}, 2x-4x {far:5.1}) median {:5.1}",
                100.0 * mean(&errors),
                100.0 * median(errors)
            );
        }
        println!("  best single in hindsight mean {:5.1}", 100.0 * mean(&over(&Row::best_single)));
        let better = some.iter().filter(|row| row.errors[3] <= row.best_single()).count();
        let points: Vec<&Point> = some.iter().flat_map(|row| &row.points).collect();
        let share = |near: bool| {
            let held = points.iter().filter(|point| (point.beyond <= DISTANCES[0]) == near);
            100.0 * mean(&held.map(|point| f64::from(point.held)).collect::<Vec<f64>>())
        };
        let all = mean(&points.iter().map(|point| f64::from(point.held)).collect::<Vec<f64>>());
        let by_set = over(&|row| {
            mean(&row.points.iter().map(|one| f64::from(one.held)).collect::<Vec<f64>>())
        });
        println!(
            "  ours best in {better}; 90 % intervals hold {:.1} % of {} points (to 2x {:.1}, 2x-4x {:.1}), mean over sets {:.1}",
            100.0 * all,
            points.len(),
            share(true),
            share(false),
            100.0 * mean(&by_set)
        );
    }
    println!("(b) share of {seeds} seeds whose 90 % interval holds the truth");
    let mut all = Vec::new();
    for noise in [0.02, 0.05] {
        for truth in &TRUTHS {
            let shares: Vec<f64> =
                DESIGNS.iter().flat_map(|&design| coverage(truth, design, noise, seeds)).collect();
            let least = shares.iter().copied().fold(1.0, f64::min);
            println!(
                "  noise {:.0} % sigma {:<5} kappa {:<14} least {:5.1} mean {:5.1}",
                100.0 * noise,
                truth.sigma,
                format!("{:?}", truth.kappa),
                100.0 * least,
                100.0 * mean(&shares)
            );
            all.extend(shares);
        }
    }
    let enough = all.iter().filter(|&&share| share >= 0.9).count();
    let least = all.iter().copied().fold(1.0, f64::min);
    println!(
        "  all: least {:.1} mean {:.1}; {enough} of {} at 90 % or more",
        100.0 * least,
        100.0 * mean(&all),
        all.len()
    );
    for noise in [0.02, 0.05] {
        let (near, far) = beyond(0.05, noise, seeds.min(100));
        println!(
            "  serial fraction 0.05, noise {:.0} %: 2x {:.1} %, 4x {:.1} % error",
            100.0 * noise,
            100.0 * near,
            100.0 * far
        );
    }
    println!("(c) sizes: median error four times beyond, %, and intervals that hold the truth");
    for noise in [0.02, 0.05] {
        for function in &GROWTHS {
            let (error, held) = growth(function, noise, seeds.min(100));
            println!(
                "  noise {:.0} % {:16} {:5.1}   {:5.1}",
                100.0 * noise,
                function.0,
                100.0 * error,
                100.0 * held
            );
        }
    }
}
