//! Numbers depend on their places and keys, not on the pieces in which they are drawn.

use random::{
    Counted, Key, Measured, Row, State, counts, dirichlet, integers, multinomial,
    multivariate_hypergeometric, numbers, permutation,
};

const MEASURED: [(&str, &[f64]); 20] = [
    ("random", &[]),
    ("uniform", &[-1.0, 2.0]),
    ("normal", &[0.0, 1.0]),
    ("lognormal", &[0.0, 1.0]),
    ("exponential", &[2.0]),
    ("gamma", &[0.4, 2.0]),
    ("beta", &[0.5, 3.0]),
    ("chisquare", &[3.0]),
    ("noncentral_chisquare", &[0.5, 3.0]),
    ("noncentral_f", &[2.0, 3.0, 1.0]),
    ("standard_t", &[3.0]),
    ("standard_cauchy", &[]),
    ("pareto", &[3.0]),
    ("power", &[3.0]),
    ("weibull", &[3.0]),
    ("laplace", &[0.0, 1.0]),
    ("gumbel", &[0.0, 1.0]),
    ("triangular", &[0.0, 1.0, 3.0]),
    ("vonmises", &[0.0, 1.0]),
    ("wald", &[1.0, 1.0]),
];

const COUNTED: [(&str, &[f64]); 7] = [
    ("binomial", &[100.0, 0.3]),
    ("negative_binomial", &[3.0, 0.3]),
    ("poisson", &[30.0]),
    ("geometric", &[0.3]),
    ("hypergeometric", &[100.0, 50.0, 40.0]),
    ("logseries", &[0.7]),
    ("zipf", &[2.0]),
];

fn key() -> Key {
    State([1, 2, 3, 4]).key(7)
}

fn once(values: &[f64]) -> Vec<&[f64]> {
    values.iter().map(std::slice::from_ref).collect()
}

/// Draws 3,000 elements from 5 on: in one piece, and in pieces that end anywhere.
fn in_pieces<T: PartialEq + Default + Clone + std::fmt::Debug>(
    mut draw: impl FnMut(u64, &mut [T]),
) {
    let mut whole = vec![T::default(); 3000];
    draw(5, &mut whole);
    for piece in [1, 7, 511, 513] {
        let mut parts = vec![T::default(); 3000];
        for (number, part) in parts.chunks_mut(piece).enumerate() {
            draw(5 + (number * piece) as u64, part);
        }
        assert_eq!(parts, whole);
    }
}

#[test]
fn elements_do_not_depend_on_pieces() {
    for (name, values) in MEASURED {
        let measured: Measured = name.parse().unwrap();
        in_pieces(|first, out: &mut [f64]| {
            numbers(measured, &once(values), key(), first, out).unwrap();
        });
    }
    for (name, values) in COUNTED {
        let counted: Counted = name.parse().unwrap();
        in_pieces(|first, out: &mut [i64]| {
            counts(counted, &once(values), key(), first, out).unwrap();
        });
    }
    in_pieces(|first, out: &mut [u8]| integers(&[3], &[200], key(), first, out));
    in_pieces(|first, out: &mut [u64]| integers(&[0], &[u64::MAX], key(), first, out));
}

#[test]
fn a_parameter_for_each_element_is_as_one_for_all() {
    for (name, values) in MEASURED.iter().filter(|(_, values)| !values.is_empty()) {
        let measured: Measured = name.parse().unwrap();
        let [mut one, mut many] = [vec![0.0; 700], vec![0.0; 700]];
        numbers(measured, &once(values), key(), 0, &mut one).unwrap();
        let each: Vec<Vec<f64>> = values.iter().map(|value| vec![*value; 700]).collect();
        let each: Vec<&[f64]> = each.iter().map(Vec::as_slice).collect();
        numbers(measured, &each, key(), 0, &mut many).unwrap();
        assert_eq!(one, many, "{name}");
    }
}

#[test]
fn draws_have_numbers_of_their_own() {
    let state = State([1, 2, 3, 4]);
    let draw = |key| {
        let mut out = [0.0; 100];
        numbers(Measured::Random, &[], key, 0, &mut out).unwrap();
        out
    };
    let draws = [state.key(0), state.key(1), state.key(1 << 40), State([1, 2, 3, 5]).key(0)];
    for (number, key) in draws.iter().enumerate() {
        for other in &draws[..number] {
            assert!(draw(*key).iter().zip(draw(*other)).all(|(a, b)| *a != b));
        }
    }
}

#[test]
fn rows_sum_up() {
    let mut out = [0; 400];
    multinomial(
        &[50],
        &[0.1, 0.2, 0.3, 0.4],
        Row { key: key(), first: 9, width: 4, out: &mut out },
    );
    assert!(out.chunks(4).all(|row| row.iter().sum::<i64>() == 50 && row.iter().all(|n| *n >= 0)));
    let row = Row { key: key(), first: 9, width: 4, out: &mut out };
    multivariate_hypergeometric(&[5, 0, 60, 7], 33, row);
    assert!(out.chunks(4).all(|row| row.iter().sum::<i64>() == 33 && row[1] == 0 && row[0] <= 5));
    let mut out = [0.0; 400];
    for alpha in [[1.0, 2.0, 3.0, 4.0], [0.01, 0.02, 0.03, 0.04]] {
        dirichlet(&alpha, Row { key: key(), first: 9, width: 4, out: &mut out });
        assert!(out.chunks(4).all(|row| (row.iter().sum::<f64>() - 1.0).abs() < 1e-12));
    }
}

#[test]
fn a_permutation_has_every_number_once() {
    for length in [0, 1, 2, 1000] {
        let mut numbers = permutation(key(), length);
        numbers.sort_unstable();
        assert!(numbers.iter().copied().eq(0..length as i64));
    }
}

#[test]
fn what_does_not_exist_is_an_error() {
    let mut out = [0.0; 3];
    for (name, values) in [("normal", [0.0, -1.0]), ("gamma", [-1.0, 1.0]), ("wald", [0.0, 1.0])] {
        let measured: Measured = name.parse().unwrap();
        let error = numbers(measured, &once(&values), key(), 0, &mut out).unwrap_err();
        assert!(error.to_string().contains(name), "{error}");
        let many = numbers(measured, &[&values[..1], &[values[1]; 3]], key(), 0, &mut out);
        assert!(many.is_err());
    }
    assert!("nonesuch".parse::<Measured>().is_err());
}
