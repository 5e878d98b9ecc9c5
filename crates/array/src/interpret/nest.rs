//! The loops around a block: the axes of all operands at once, few and in a good order, cut into
//! tiles.

use smallvec::SmallVec;

/// Strides of all operands along an axis, first those of the inputs, then those of the outputs.
pub(super) type Strides = SmallVec<[isize; 8]>;

/// An axis, along which each operand has a stride.
#[derive(Clone, Debug)]
pub(super) struct Axis {
    /// How many elements.
    pub length: usize,
    /// How many of them are in a tile; fewer in the last.
    pub tile: usize,
    /// Whether elements along it are combined.
    pub reduced: bool,
    /// Bytes from an element to the next.
    pub strides: Strides,
}

/// Axes, the innermost last.
pub(super) type Axes = SmallVec<[Axis; 4]>;

/// Brings axes in the order in which operand `lead` has its elements in memory, backwards where its
/// stride is negative, for which `data`, the first element of each operand, moves.
pub(super) fn order(axes: &mut Axes, lead: usize, data: &mut [*mut u8]) {
    for axis in axes.iter_mut().filter(|axis| axis.strides[lead] < 0) {
        for (stride, data) in axis.strides.iter_mut().zip(&mut *data) {
            *data = data.wrapping_offset(*stride * (axis.length as isize - 1));
            *stride = -*stride;
        }
    }
    axes.sort_by_key(|axis| std::cmp::Reverse(axis.strides[lead]));
}

/// Makes one axis of neighbours that are one for all operands.
pub(super) fn merge(axes: &mut Axes) {
    let mut kept = 0;
    for next in 1..axes.len() {
        let (before, after) = axes.split_at_mut(next);
        let (outer, inner) = (&mut before[kept], &mut after[0]);
        let length = inner.length as isize;
        let is_one = |(outer, inner): (&isize, &isize)| *outer == *inner * length;
        if outer.reduced == inner.reduced && outer.strides.iter().zip(&inner.strides).all(is_one) {
            outer.length *= inner.length;
            outer.strides.copy_from_slice(&inner.strides);
        } else {
            kept += 1;
            axes.swap(kept, next);
        }
    }
    axes.truncate(kept + 1);
}

/// The longer side of a tile of two axes along which different operands have their neighbours.
const SIDE: usize = 64;

/// Cuts the axes into tiles of at most `block` elements: of the innermost axes, or of two if the
/// elements of some operand are closer to each other along another than along the innermost one.
pub(super) fn cut(axes: &mut Axes, block: usize) {
    let Some(last) = axes.len().checked_sub(1) else { return };
    let closer = (0..axes[last].strides.len()).find_map(|operand| {
        let stride = |axis: usize| axes[axis].strides[operand].unsigned_abs();
        let closer = (0..last).filter(|&axis| stride(axis) != 0 && stride(axis) < stride(last));
        closer.min_by_key(|&axis| stride(axis))
    });
    if let Some(other) = closer {
        let side = even(axes[last].length, SIDE);
        axes[last].tile = side;
        axes[other].tile = even(axes[other].length, block / side);
        return;
    }
    let mut left = block;
    for axis in axes.iter_mut().rev() {
        axis.tile = even(axis.length, left);
        left /= axis.tile;
        if axis.tile < axis.length || left < 2 {
            return;
        }
    }
}

/// The length of parts, as equal as they can be, of at most so many elements.
fn even(length: usize, most: usize) -> usize {
    if length <= most {
        return length;
    }
    length.div_ceil(length.div_ceil(most)).next_multiple_of(16).min(most)
}
