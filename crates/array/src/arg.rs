//! Where the smallest or largest element is.
//!
//! The first of several that are alike; NaN is smaller and larger than all others, as for NumPy.

use crate::DType;
use crate::node::Item;
use crate::view::{Plain, Shape, Target, View};
use graph::OpError;
use kernel::types::Scalar;
use smallvec::SmallVec;

/// Elements that have an order.
trait Ordered: Plain {
    /// Whether this goes before the other, which comes earlier.
    fn beats(self, other: Self, is_largest: bool) -> bool;
}

macro_rules! integers {
    ($($ty:ty),*) => {$(
        impl Ordered for $ty {
            fn beats(self, other: Self, is_largest: bool) -> bool {
                if is_largest { self > other } else { self < other }
            }
        }
    )*};
}

macro_rules! floats {
    ($($ty:ty),*) => {$(
        impl Ordered for $ty {
            fn beats(self, other: Self, is_largest: bool) -> bool {
                let is_past = if is_largest { self > other } else { self < other };
                is_past || self.is_nan() && !other.is_nan()
            }
        }
        impl Ordered for [$ty; 2] {
            fn beats(self, other: Self, is_largest: bool) -> bool {
                let is_nan = |value: Self| value[0].is_nan() || value[1].is_nan();
                if is_nan(self) || is_nan(other) {
                    return is_nan(self) && !is_nan(other);
                }
                if is_largest { self > other } else { self < other }
            }
        }
    )*};
}

integers!(u8, u16, u32, u64, i8, i16, i32, i64);
floats!(f32, f64);

macro_rules! for_number {
    ($dtype:expr, $function:ident ( $($argument:expr),* )) => {
        match $dtype.scalar() {
            Some(Scalar::Bool | Scalar::U8) => $function::<u8>($($argument),*),
            Some(Scalar::I8) => $function::<i8>($($argument),*),
            Some(Scalar::I16) => $function::<i16>($($argument),*),
            Some(Scalar::I32) => $function::<i32>($($argument),*),
            Some(Scalar::I64) => $function::<i64>($($argument),*),
            Some(Scalar::U16) => $function::<u16>($($argument),*),
            Some(Scalar::U32) => $function::<u32>($($argument),*),
            Some(Scalar::U64) => $function::<u64>($($argument),*),
            Some(Scalar::F32) => $function::<f32>($($argument),*),
            Some(Scalar::F64) => $function::<f64>($($argument),*),
            Some(Scalar::C64) => $function::<[f32; 2]>($($argument),*),
            Some(Scalar::C128) => $function::<[f64; 2]>($($argument),*),
            None => return Err(format!("elements of {} have no order here", $dtype).into()),
        }
    };
}

/// The smallest or largest elements of a box along the reduced axes, and their indices along these in the whole
/// array, in C order.
pub(crate) fn partial(
    elements: &View,
    own: &[Item],
    whole: &[usize],
    axes: &[usize],
    is_largest: bool,
) -> Result<[View; 2], OpError> {
    let ndim = whole.len();
    let kept: SmallVec<[usize; 4]> = (0..ndim).filter(|axis| !axes.contains(axis)).collect();
    let order: SmallVec<[Option<usize>; 4]> = kept.iter().chain(axes).copied().map(Some).collect();
    let sorted = elements.axes(&order).contiguous();
    let shape: Shape = kept.iter().map(|axis| own[*axis].2).collect();
    let lengths: Shape = axes.iter().map(|axis| own[*axis].2).collect();
    let mut value = Target::zeros(elements.dtype().clone(), &shape);
    let mut index = Target::zeros(Scalar::I64.into(), &shape);
    let count: usize = lengths.iter().product();
    if count == 0 || shape.contains(&0) {
        return Ok([value.freeze(), index.freeze()]);
    }
    for_number!(elements.dtype(), search(&sorted, count, is_largest, &mut value, &mut index));
    // Places within the box are indices of the whole.
    if let Some(index) = index.as_slice::<i64>() {
        for index in index {
            let mut place = *index as usize;
            let (mut all, mut stride) = (0, 1);
            for (axis, length) in axes.iter().zip(&lengths).rev() {
                all += (own[*axis].0 + place % length) * stride;
                place /= length;
                stride *= whole[*axis];
            }
            *index = all as i64;
        }
    }
    Ok([value.freeze(), index.freeze()])
}

fn search<T: Ordered>(
    sorted: &View,
    count: usize,
    is_largest: bool,
    value: &mut Target,
    index: &mut Target,
) {
    let (Some(sorted), Some(values), Some(indices)) =
        (sorted.as_slice::<T>(), value.as_slice::<T>(), index.as_slice::<i64>())
    else {
        return;
    };
    for ((row, value), index) in sorted.chunks_exact(count).zip(values).zip(indices) {
        let (mut best, mut place) = (row[0], 0);
        for (number, element) in row.iter().enumerate().skip(1) {
            if element.beats(best, is_largest) {
                (best, place) = (*element, number);
            }
        }
        (*value, *index) = (best, place as i64);
    }
}

/// The better one of two parts' each.
pub(crate) fn merge(own: &[View], new: &[View], is_largest: bool) -> Result<[View; 2], OpError> {
    let dtype: &DType = own[0].dtype();
    let mut value = Target::new(dtype.clone(), own[0].shape());
    let mut index = Target::new(Scalar::I64.into(), own[0].shape());
    value.fill_from(&own[0]);
    index.fill_from(&own[1]);
    for_number!(dtype, choose(&new[0], &new[1], is_largest, &mut value, &mut index));
    Ok([value.freeze(), index.freeze()])
}

fn choose<T: Ordered>(
    new_value: &View,
    new_index: &View,
    is_largest: bool,
    value: &mut Target,
    index: &mut Target,
) {
    let (Some(new_values), Some(new_indices), Some(values), Some(indices)) = (
        new_value.as_slice::<T>(),
        new_index.as_slice::<i64>(),
        value.as_slice::<T>(),
        index.as_slice::<i64>(),
    ) else {
        return;
    };
    for place in 0..values.len() {
        let (new, own) = (new_values[place], values[place]);
        let is_tie = !new.beats(own, is_largest) && !own.beats(new, is_largest);
        // Parts come in any order along several axes: the first index wins.
        if new.beats(own, is_largest) || is_tie && new_indices[place] < indices[place] {
            (values[place], indices[place]) = (new, new_indices[place]);
        }
    }
}
