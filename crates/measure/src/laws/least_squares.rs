//! Least squares with at most three unknowns, with and without signs.

/// A row of the system: as many values as there are unknowns.
pub(super) type Row = Vec<f64>;

/// The inverse of the normal equations' matrix, and its product with the right-hand side; `None`
/// where columns are dependent.
pub(super) fn solve(rows: &[Row], right: &[f64]) -> Option<(Vec<f64>, Vec<Vec<f64>>)> {
    let unknowns = rows.first()?.len();
    // Columns of unit length, or a basis of very different sizes would look singular.
    let lengths: Vec<f64> =
        (0..unknowns).map(|j| rows.iter().map(|row| row[j] * row[j]).sum::<f64>().sqrt()).collect();
    if lengths.iter().any(|&length| length.is_nan() || length <= 0.0) {
        return None;
    }
    let dot = |i: usize, j: usize| {
        rows.iter().map(|row| row[i] * row[j]).sum::<f64>() / (lengths[i] * lengths[j])
    };
    let mut left: Vec<Vec<f64>> = (0..unknowns)
        .map(|i| {
            let identity = (0..unknowns).map(|j| f64::from(u8::from(i == j)));
            (0..unknowns).map(|j| dot(i, j)).chain(identity).collect()
        })
        .collect();
    // Gauss and Jordan: the matrix is symmetric and positive, so no pivots need be looked for.
    for k in 0..unknowns {
        let pivot = left[k][k];
        if pivot.is_nan() || pivot < 1e-13 {
            return None;
        }
        left[k].iter_mut().for_each(|value| *value /= pivot);
        let base = left[k].clone();
        for (i, row) in left.iter_mut().enumerate() {
            if i != k {
                let factor = row[k];
                row.iter_mut().zip(&base).for_each(|(value, &above)| *value -= factor * above);
            }
        }
    }
    let inverse: Vec<Vec<f64>> = (0..unknowns)
        .map(|i| (0..unknowns).map(|j| left[i][unknowns + j] / (lengths[i] * lengths[j])).collect())
        .collect();
    let against: Vec<f64> = (0..unknowns)
        .map(|j| rows.iter().zip(right).map(|(row, value)| row[j] * value).sum())
        .collect();
    let solution = inverse
        .iter()
        .map(|row| row.iter().zip(&against).map(|(left, right)| left * right).sum())
        .collect();
    Some((solution, inverse))
}

/// The non-negative solution: exactly, by trying which unknowns are 0 (there are at most eight ways).
pub(super) fn solve_non_negative(rows: &[Row], right: &[f64]) -> Vec<f64> {
    let unknowns = rows.first().map_or(0, Vec::len);
    let mut best = (right.iter().map(|value| value * value).sum::<f64>(), vec![0.0; unknowns]);
    for active in 1_u32..1 << unknowns {
        let used: Vec<usize> = (0..unknowns).filter(|&j| active >> j & 1 == 1).collect();
        let part: Vec<Row> =
            rows.iter().map(|row| used.iter().map(|&j| row[j]).collect()).collect();
        let Some((some, _)) = solve(&part, right) else { continue };
        if some.iter().any(|&value| value < 0.0) {
            continue;
        }
        let mut all = vec![0.0; unknowns];
        used.iter().zip(&some).for_each(|(&j, &value)| all[j] = value);
        let error: f64 =
            rows.iter().zip(right).map(|(row, value)| (value - dot(row, &all)).powi(2)).sum();
        if error < best.0 {
            best = (error, all);
        }
    }
    best.1
}

pub(super) fn dot(left: &[f64], right: &[f64]) -> f64 {
    left.iter().zip(right).map(|(left, right)| left * right).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_exact_system_is_solved_exactly() {
        let rows = vec![
            vec![1.0, 0.5, 9.0],
            vec![1.0, 2.0, 1.0],
            vec![2.0, 1.0, 5.0],
            vec![1.0, 1.0, 1.0],
        ];
        let truth = [2.0, 3.0, 0.5];
        let right: Vec<f64> = rows.iter().map(|row| dot(row, &truth)).collect();
        for found in [solve(&rows, &right).unwrap().0, solve_non_negative(&rows, &right)] {
            found.iter().zip(truth).for_each(|(a, b)| assert!((a - b).abs() < 1e-9, "{found:?}"));
        }
    }

    #[test]
    fn a_negative_unknown_becomes_nothing() {
        let rows = vec![vec![1.0, 0.0], vec![0.0, 1.0]];
        assert_eq!(solve_non_negative(&rows, &[2.0, -1.0]), [2.0, 0.0]);
        assert_eq!(solve_non_negative(&rows, &[-2.0, -1.0]), [0.0, 0.0]);
    }

    #[test]
    fn dependent_columns_have_no_solution() {
        assert!(solve(&[vec![1.0, 2.0], vec![2.0, 4.0]], &[1.0, 2.0]).is_none());
        assert!(solve(&[vec![1.0, 0.0], vec![2.0, 0.0]], &[1.0, 2.0]).is_none());
    }
}
