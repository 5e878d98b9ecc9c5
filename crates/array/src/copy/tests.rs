//! Copies against the definition: each element goes to its place, and nothing else changes.

use crate::DType;
use crate::view::{Shape, Target, View};
use proptest::prelude::*;

/// An axis of an array, and what is taken of it: from where on, every how manyth.
type Cut = (usize, isize, usize);

/// A number type, or one of any size.
fn dtype(size: usize) -> DType {
    DType::Opaque("anything".into(), size)
}

/// An axis of a base array that is large enough for `length` elements `step` from each other.
fn cut(length: usize, step: isize, before: usize) -> (usize, Cut) {
    let span = length.saturating_sub(1) * step.unsigned_abs();
    let start = if step < 0 { before + span } else { before };
    (before + span + 2, (start, step, length))
}

/// The bytes of an element.
fn element(view: &View, index: &[usize]) -> Vec<u8> {
    let at: Vec<_> = index.iter().map(|&place| place..place + 1).collect();
    view.region(&at).as_bytes().expect("one element").to_vec()
}

/// All indices of a shape, in C order.
fn indices(shape: &[usize]) -> Vec<Vec<usize>> {
    shape.iter().fold(vec![vec![]], |indices, &length| {
        let longer = |index: Vec<usize>| (0..length).map(move |i| [&index[..], &[i]].concat());
        indices.into_iter().flat_map(longer).collect()
    })
}

/// Different bytes all over.
fn numbered(dtype: DType, shape: &[usize], seed: u8) -> Target {
    let mut target = Target::new(dtype, shape);
    let bytes = target.bytes().iter_mut().enumerate();
    bytes.for_each(|(place, byte)| *byte = (place as u8).wrapping_mul(31).wrapping_add(seed));
    target
}

/// A shape; for each axis of the source its step and what is before it, 0 to repeat one element; the same for
/// the target; and the order of the source's axes in memory.
#[derive(Clone, Debug)]
struct Case {
    shape: Vec<usize>,
    from: Vec<(isize, usize)>,
    to: Vec<(isize, usize)>,
    order: Vec<usize>,
    size: usize,
}

fn cases() -> impl Strategy<Value = Case> {
    let length = prop_oneof![4 => 0..6usize, 1 => 6..90usize];
    let step = || prop_oneof![3 => Just(1isize), 1 => -3..4isize];
    let sizes = prop::sample::select(vec![1usize, 2, 3, 4, 8, 12, 16, 32]);
    prop::collection::vec((length, step(), 0..3usize, step(), 0..3usize), 0..5)
        .prop_filter("not too many elements", |axes| {
            axes.iter().map(|axis| axis.0).product::<usize>() < 10_000
        })
        .prop_flat_map(move |axes| {
            let order = Just((0..axes.len()).collect::<Vec<_>>()).prop_shuffle();
            (Just(axes), order, sizes.clone())
        })
        .prop_map(|(axes, order, size)| Case {
            shape: axes.iter().map(|axis| axis.0).collect(),
            from: axes.iter().map(|axis| (axis.1, axis.2)).collect(),
            to: axes.iter().map(|axis| (if axis.3 == 0 { 1 } else { axis.3 }, axis.4)).collect(),
            order,
            size,
        })
}

impl Case {
    /// A view of the shape with those strides.
    fn source(&self) -> View {
        let axes: Vec<_> = (self.shape.iter().zip(&self.from))
            .map(|(&length, &(step, before))| match step {
                0 => (1, (0, 1, 1)),
                _ => cut(length, step, before),
            })
            .collect();
        let base: Shape = self.order.iter().map(|&axis| axes[axis].0).collect();
        let mut view = numbered(dtype(self.size), &base, 7).freeze();
        for (place, &axis) in self.order.iter().enumerate() {
            let (start, step, length) = axes[axis].1;
            view = view.slice(place, start, step, length);
        }
        let place_of = |axis| self.order.iter().position(|at| *at == axis);
        let back: Vec<_> = (0..self.shape.len()).map(place_of).collect();
        let view = view.axes(&back);
        // An axis that repeats its one element, or has none.
        let ones: Shape = view.shape().into();
        let repeated: Shape = (ones.iter().zip(&self.shape))
            .map(|(&own, &length)| if own == 1 { length } else { own })
            .collect();
        view.broadcast(&repeated)
    }

    /// The base of a target and what is written of it.
    fn target(&self) -> (Target, Vec<Cut>) {
        let axes = self.shape.iter().zip(&self.to);
        let axes = axes.map(|(&length, &(step, before))| cut(length, step, before));
        let (base, cuts): (Vec<usize>, Vec<Cut>) = axes.unzip();
        (numbered(dtype(self.size), &base, 100), cuts)
    }
}

/// What a base should hold after the elements of `each` were written to its part.
fn check(base: &View, cuts: &[Cut], before: &View, each: impl Fn(&[usize]) -> Vec<u8>) {
    for place in indices(base.shape()) {
        let within: Option<Vec<usize>> = (place.iter().zip(cuts))
            .map(|(&at, &(start, step, length))| {
                let away = at as isize - start as isize;
                let index = away / step;
                (away % step == 0 && (0..length as isize).contains(&index))
                    .then_some(index as usize)
            })
            .collect();
        let expected = within.map_or_else(|| element(before, &place), |index| each(&index));
        assert_eq!(element(base, &place), expected, "at {place:?}");
    }
}

proptest! {
    #[test]
    fn elements_go_to_their_places(case in cases()) {
        let source = case.source();
        let (mut base, cuts) = case.target();
        let before = case.target().0.freeze();
        base.sliced(&cuts).fill_from(&source);
        check(&base.freeze(), &cuts, &before, |index| element(&source, index));
    }

    #[test]
    fn one_element_goes_everywhere(case in cases(), same in any::<bool>()) {
        let bytes: Vec<u8> = (0..case.size).map(|byte| if same { 9 } else { byte as u8 }).collect();
        let (mut base, cuts) = case.target();
        let before = case.target().0.freeze();
        base.sliced(&cuts).fill(&bytes);
        check(&base.freeze(), &cuts, &before, |_| bytes.clone());
    }

    #[test]
    fn large_transpositions(rows in 1..300usize, columns in 1..300usize, size in 0..5usize) {
        let view = numbered(dtype(1 << size), &[rows, columns], 1).freeze();
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

#[test]
fn nothing_is_copied_of_nothing() {
    let mut target = Target::new(dtype(8), &[3, 0, 2]);
    target.fill_from(&numbered(dtype(8), &[3, 0, 2], 0).freeze());
    target.fill(&[0; 8]);
}
