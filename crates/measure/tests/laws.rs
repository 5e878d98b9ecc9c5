//! What the laws promise, frozen: published sets, parameters under noise, growth with size.
#![allow(missing_docs)]

mod evaluation;

use evaluation::{
    DESIGNS, GROWTHS, METHODS, Row, Set, TRUTHS, beyond, coverage, growth, mean, published,
};

#[test]
fn published_sets_are_predicted_better_than_by_any_single_law() {
    let rows: Vec<Row> = published().set.iter().filter_map(Set::evaluate).collect();
    assert_eq!(rows.len(), 22);
    let over = |group: &str, at: usize| -> f64 {
        let some = rows.iter().filter(|row| row.group.starts_with(group));
        mean(&some.map(|row| row.errors[at]).collect::<Vec<f64>>())
    };
    for group in ["", "usl"] {
        for (law, name) in METHODS[..3].iter().enumerate() {
            let [single, ours] = [over(group, law), over(group, 3)];
            assert!(ours < 0.75 * single, "{group}: {ours}, {name} {single}");
        }
    }
    assert!(over("", 3) < 0.17, "{}", over("", 3));
    assert!(over("usl", 3) < 0.12, "{}", over("usl", 3));
    // At both distances, too: up to twice as far as the fit, and from there to four times.
    for far in [0, 1] {
        let at = |method: usize| {
            let some = rows.iter().filter_map(|row| row.by_distance(method)[far]);
            mean(&some.collect::<Vec<f64>>())
        };
        let best = [at(0), at(1), at(2)].into_iter().fold(f64::INFINITY, f64::min);
        assert!(at(3) < 0.75 * best, "{far}: {}, the best single law {best}", at(3));
    }
    // With hindsight one may choose the best law for each set, and does better on one of five.
    let literature: Vec<&Row> = rows.iter().filter(|row| row.group == "usl").collect();
    let worse = literature.iter().filter(|row| row.errors[3] > row.best_single());
    let worse: Vec<&str> = worse.map(|row| row.name.as_str()).collect();
    assert!(worse.is_empty() || worse == ["specsdm91"], "{worse:?}");
}

#[test]
fn intervals_hold_nine_of_ten_points_that_were_held_out() {
    let rows: Vec<Row> = published().set.iter().filter_map(Set::evaluate).collect();
    let points: Vec<f64> =
        rows.iter().flat_map(|row| &row.points).map(|point| f64::from(point.held)).collect();
    let share = mean(&points);
    assert!((0.85..=0.95).contains(&share), "{share} of {}", points.len());
}

/// The least share over designs; 500 seeds are in the example `laws`.
fn least_coverage(seeds: u32) -> f64 {
    let mut least: f64 = 1.0;
    for noise in [0.02, 0.05] {
        for truth in &TRUTHS {
            for design in DESIGNS {
                least = coverage(truth, design, noise, seeds).into_iter().fold(least, f64::min);
            }
        }
    }
    least
}

#[test]
fn parameters_are_within_their_intervals() {
    // 100 seeds tell a share of 90 % to within 6 points (two standard errors).
    let least = least_coverage(100);
    assert!(least >= 0.82, "{least}");
}

#[test]
#[ignore = "seconds when optimised, a minute when not"]
fn parameters_are_within_their_intervals_for_nine_of_ten_seeds() {
    let least = least_coverage(500);
    assert!(least >= 0.89, "{least}");
}

#[test]
fn a_clean_law_is_continued() {
    let (near, far) = beyond(0.05, 0.02, 10);
    assert!(near < 0.08 && far < 0.22, "{near} {far}");
}

#[test]
fn known_growth_is_predicted_four_times_beyond() {
    for function in &GROWTHS {
        let (error, held) = growth(function, 0.02, 5);
        assert!(error < 0.15, "{}: {error}", function.0);
        assert!(held >= 0.8, "{}: {held}", function.0);
    }
}
