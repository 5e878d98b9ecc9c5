//! Views and targets of any layout, for tests.

use crate::DType;
use crate::view::{Shape, Target, View};
use proptest::prelude::*;

/// What is taken of an axis: from where on, every how manyth, how many.
pub(crate) type Cut = (usize, isize, usize);

/// How an array of some shape lies in memory.
#[derive(Clone, Debug)]
pub(crate) struct Layout {
    shape: Vec<usize>,
    /// For each axis its step, 0 to repeat one element, and how many elements are before the first.
    steps: Vec<(isize, usize)>,
    /// The axes, the outermost in memory first.
    order: Vec<usize>,
}

/// Shapes of less than so many elements.
pub(crate) fn shapes(most: usize) -> impl Strategy<Value = Vec<usize>> {
    let length = prop_oneof![8 => 1..6usize, 3 => 6..90usize, 1 => Just(0), 1 => 500..2_500usize];
    prop::collection::vec(length, 0..5).prop_filter("not too many elements", move |shape| {
        shape.iter().map(|&length| length.max(1)).product::<usize>() < most
    })
}

/// Layouts of a shape.
pub(crate) fn layouts(shape: Vec<usize>) -> impl Strategy<Value = Layout> {
    let step = prop_oneof![3 => Just(1isize), 1 => -3..4isize];
    let steps = prop::collection::vec((step, 0..3usize), shape.len());
    let order = (0..shape.len()).collect::<Vec<_>>();
    let order = prop_oneof![Just(order.clone()), Just(order).prop_shuffle()];
    (steps, order).prop_map(move |(steps, order)| Layout { shape: shape.clone(), steps, order })
}

/// An axis of a base array that is large enough for `length` elements `step` from each other.
fn cut(length: usize, step: isize, before: usize) -> (usize, Cut) {
    let span = length.saturating_sub(1) * step.unsigned_abs();
    let start = if step < 0 { before + span } else { before };
    (before + span + 1, (start, step, length))
}

impl Layout {
    /// A view whose elements have bytes that `fill` chooses by their number.
    pub fn view(&self, dtype: DType, fill: impl FnMut((usize, &mut [u8]))) -> View {
        let axes: Vec<_> = (self.shape.iter().zip(&self.steps))
            .map(|(&length, &(step, before))| match step {
                0 => (1, (0, 1, 1)),
                1 if before == 0 => (length, (0, 1, length)),
                _ => cut(length, step, before),
            })
            .collect();
        let base: Shape = self.order.iter().map(|&axis| axes[axis].0).collect();
        let size = dtype.size();
        let mut target = Target::new(dtype, &base);
        target.bytes().chunks_exact_mut(size).enumerate().for_each(fill);
        let mut view = target.freeze();
        for (place, &axis) in self.order.iter().enumerate() {
            let (start, step, length) = axes[axis].1;
            view = view.slice(place, start, step, length);
        }
        let place_of = |axis| self.order.iter().position(|at| *at == axis);
        let back: Vec<_> = (0..self.shape.len()).map(place_of).collect();
        let view = view.axes(&back);
        // An axis that repeats its one element, or has none.
        let repeated: Shape = (view.shape().iter().zip(&self.shape))
            .map(|(&own, &length)| if own == 1 { length } else { own })
            .collect();
        view.broadcast(&repeated)
    }

    /// The shape of a base for a target in C order, and what is written of it.
    pub fn cuts(&self) -> (Vec<usize>, Vec<Cut>) {
        let axes = self.shape.iter().zip(&self.steps);
        axes.map(|(&length, &(step, before))| match step {
            1 if before == 0 => (length, (0, 1, length)),
            _ => cut(length, if step == 0 { 1 } else { step }, before),
        })
        .unzip()
    }
}

/// The bytes of an element.
pub(crate) fn element(view: &View, index: &[usize]) -> Vec<u8> {
    let at: Vec<_> = index.iter().map(|&place| place..place + 1).collect();
    view.region(&at).as_bytes().expect("one element").to_vec()
}

/// All indices of a shape, in C order.
pub(crate) fn indices(shape: &[usize]) -> Vec<Vec<usize>> {
    shape.iter().fold(vec![vec![]], |indices, &length| {
        let longer = |index: Vec<usize>| (0..length).map(move |i| [&index[..], &[i]].concat());
        indices.into_iter().flat_map(longer).collect()
    })
}

/// Where an element of a base is in what was cut from it.
pub(crate) fn within(place: &[usize], cuts: &[Cut]) -> Option<Vec<usize>> {
    (place.iter().zip(cuts))
        .map(|(&at, &(start, step, length))| {
            let away = at as isize - start as isize;
            let index = away / step;
            (away % step == 0 && (0..length as isize).contains(&index)).then_some(index as usize)
        })
        .collect()
}
