//! A box of an array as runs of elements that are neighbours in the whole, in C order.

use std::ops::Range;

/// The runs of a box of an array of a shape: each one's first element's number, and how many elements each has.
///
/// What lies behind the last axis of which the box has a part only belongs to one run.
pub fn runs(shape: &[usize], region: &[Range<usize>]) -> (Vec<u64>, usize) {
    let cut = (0..shape.len()).rev().find(|axis| region[*axis].len() != shape[*axis]).unwrap_or(0);
    let length = region[cut.min(region.len())..].iter().map(ExactSizeIterator::len).product();
    let mut firsts = vec![0];
    for (axis, (size, range)) in shape.iter().zip(region).enumerate() {
        let places = if axis < cut { range.clone() } else { range.start..range.start + 1 };
        let along = |first: u64| {
            let first = first * *size as u64;
            places.clone().map(move |place| first + place as u64)
        };
        firsts = firsts.into_iter().flat_map(along).collect();
    }
    (firsts, length)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_are_one_run() {
        assert_eq!(runs(&[], &[]), (vec![0], 1));
        assert_eq!(runs(&[5], std::slice::from_ref(&(1..4))), (vec![1], 3));
        assert_eq!(runs(&[4, 3], &[1..3, 0..3]), (vec![3], 6));
        assert_eq!(runs(&[4, 3], &[1..3, 1..2]), (vec![4, 7], 1));
        assert_eq!(runs(&[2, 4, 3], &[0..2, 2..4, 0..3]), (vec![6, 18], 6));
        assert_eq!(runs(&[2, 4, 3], &[1..2, 0..4, 0..3]), (vec![12], 12));
        assert_eq!(runs(&[3, 0], &[0..3, 0..0]).1, 0);
    }
}
