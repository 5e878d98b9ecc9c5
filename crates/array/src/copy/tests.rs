//! Copies against the definition: each element goes to its place, and nothing else changes.

use crate::DType;
use crate::layouts::{Cut, Layout, element, indices, layouts, shapes, within};
use crate::view::Target;
use proptest::prelude::*;

/// Elements of any size.
fn dtype(size: usize) -> DType {
    DType::Opaque("anything".into(), size)
}

/// Gives elements different bytes.
fn number((place, bytes): (usize, &mut [u8])) {
    let count = bytes.len();
    let bytes = bytes.iter_mut().enumerate();
    bytes.for_each(|(byte, to)| *to = ((place * count + byte) % 251) as u8);
}

/// A source, a target, and the size of an element.
fn cases() -> impl Strategy<Value = (Layout, Layout, usize)> {
    let size = || prop::sample::select(vec![1usize, 2, 3, 4, 8, 12, 16, 32]);
    shapes(500).prop_flat_map(move |shape| (layouts(shape.clone()), layouts(shape), size()))
}

/// Writes to what `cuts` take of a base, and checks all of it.
fn check(
    base: &[usize],
    cuts: &[Cut],
    size: usize,
    write: impl FnOnce(&mut Target),
    each: impl Fn(&[usize]) -> Vec<u8>,
) {
    let mut target = Target::new(dtype(size), base);
    target.bytes().fill(170);
    write(&mut target.sliced(cuts));
    let after = target.bytes().chunks_exact(size);
    for (place, after) in indices(base).iter().zip(after) {
        let expected = within(place, cuts).map_or_else(|| vec![170; size], |index| each(&index));
        assert_eq!(after, expected, "at {place:?}");
    }
}

proptest! {
    #[test]
    fn elements_go_to_their_places((from, to, size) in cases()) {
        let source = from.view(dtype(size), number);
        let (base, cuts) = to.cuts();
        check(&base, &cuts, size, |to| to.fill_from(&source), |index| element(&source, index));
    }

    #[test]
    fn one_element_goes_everywhere((_, to, size) in cases(), same in any::<bool>()) {
        let bytes: Vec<u8> = (0..size).map(|byte| if same { 9 } else { byte as u8 }).collect();
        let (base, cuts) = to.cuts();
        check(&base, &cuts, size, |to| to.fill(&bytes), |_| bytes.clone());
    }

    #[test]
    fn large_transpositions(rows in 1..300usize, columns in 1..300usize, size in 0..5usize) {
        let mut source = Target::new(dtype(1 << size), &[rows, columns]);
        source.bytes().chunks_exact_mut(1 << size).enumerate().for_each(number);
        let view = source.freeze();
        let mut target = Target::new(dtype(1 << size), &[columns, rows]);
        target.fill_from(&view.axes(&[Some(1), Some(0)]));
        let turned = target.freeze();
        let (from, to) = (view.as_bytes().unwrap(), turned.as_bytes().unwrap());
        for place in 0..rows * columns {
            let (row, column) = (place / columns, place % columns);
            let bytes = |place: usize| place << size..(place + 1) << size;
            prop_assert_eq!(&from[bytes(place)], &to[bytes(column * rows + row)]);
        }
    }
}
