//! Combining a block's elements along an axis, and the results with those of other blocks.
//!
//! Many partial results are kept at a time, which is faster as they do not wait for each other, and
//! makes the rounding of a float's sum grow with the logarithm of how many are added, as NumPy's
//! does.
#![allow(unsafe_code)]

use super::complex::{Arithmetic, sum};
use super::loops::{Element, Loose, instance, room, slice};
use super::types::{integers, typed, words};
use crate::fused::Reduction;
use kernel::interpret::Complex;
use kernel::types::{Kind, Scalar};
use std::mem::MaybeUninit;

/// What is done with a block's elements of one type.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fold {
    /// Combines the elements of a middle axis: `outer` times `length` times `inner` elements, one
    /// behind the other, to `outer` times `inner` of them. `length` is not 0.
    ///
    /// # Safety
    /// The elements are there, and room for the results apart from them.
    pub axis: unsafe fn(usize, usize, usize, *const u8, *mut u8),
    /// Combines so many elements, one behind the other, with those that are some bytes from each
    /// other, and puts the results there.
    ///
    /// # Safety
    /// The elements are there, the others apart from them.
    pub into: unsafe fn(usize, *const u8, *mut u8, isize),
}

/// The fold of a reduction of elements of a type.
pub(super) fn resolve(reduction: Reduction, of: Scalar) -> Option<Fold> {
    use Reduction::{Add, And, Maximum, Minimum, Multiply, Or};
    let kind = of.kind();
    match (reduction, kind) {
        (Add | Maximum | Or, Kind::Bool) => Some(fold(|a: u8, b: u8| u8::from(a | b != 0))),
        (Multiply | Minimum | And, Kind::Bool) => {
            Some(fold(|a: u8, b: u8| u8::from((a != 0) & (b != 0))))
        }
        (And | Or, _) => None,
        (Add, Kind::Float) => typed!(of, [F32 f32, F64 f64], Some(fold(|a: T, b: T| a + b))),
        (Multiply, Kind::Float) => typed!(of, [F32 f32, F64 f64], Some(fold(|a: T, b: T| a * b))),
        (Maximum, Kind::Float) => typed!(
            of,
            [F32 f32, F64 f64],
            Some(fold(|a: T, b: T| if (a > b) | a.is_nan() { a } else { b }))
        ),
        (Minimum, Kind::Float) => typed!(
            of,
            [F32 f32, F64 f64],
            Some(fold(|a: T, b: T| if (a < b) | a.is_nan() { a } else { b }))
        ),
        (Add, Kind::Complex) => {
            typed!(of, [C64 f32, C128 f64], Some(fold(|a: Complex<T>, b: Complex<T>| sum(a, b))))
        }
        (Multiply, Kind::Complex) => {
            typed!(of, [C64 f32, C128 f64], Some(fold(|a: Complex<T>, b: Complex<T>| a.times(b))))
        }
        (Maximum, Kind::Complex) => typed!(
            of,
            [C64 f32, C128 f64],
            Some(fold(|a: Complex<T>, b: Complex<T>| {
                if a.is_nan() || b.is_less_or_equal(a) { a } else { b }
            }))
        ),
        (Minimum, Kind::Complex) => typed!(
            of,
            [C64 f32, C128 f64],
            Some(fold(|a: Complex<T>, b: Complex<T>| {
                if a.is_nan() || a.is_less_or_equal(b) { a } else { b }
            }))
        ),
        (Add, _) => words!(of, Some(fold(|a: T, b: T| a.wrapping_add(b)))),
        (Multiply, _) => words!(of, Some(fold(|a: T, b: T| a.wrapping_mul(b)))),
        (Maximum, _) => integers!(of, Some(fold(|a: T, b: T| a.max(b)))),
        (Minimum, _) => integers!(of, Some(fold(|a: T, b: T| a.min(b)))),
    }
}

/// The fold of an associative function, for this processor.
fn fold<T: Element, F: Copy + Fn(T, T) -> T>(_: F) -> Fold {
    #[cfg(target_arch = "x86_64")]
    if is_x86_feature_detected!("avx2") {
        return Fold { axis: avx2::axis::<T, F>, into: avx2::into::<T, F> };
    }
    Fold { axis: axis::<T, F>, into: into::<T, F> }
}

#[cfg(target_arch = "x86_64")]
mod avx2 {
    use super::Element;

    #[target_feature(enable = "avx2")]
    pub(super) unsafe fn axis<T: Element, F: Copy + Fn(T, T) -> T>(
        outer: usize,
        length: usize,
        inner: usize,
        from: *const u8,
        to: *mut u8,
    ) {
        // SAFETY: as the caller says.
        unsafe { super::axis::<T, F>(outer, length, inner, from, to) }
    }

    #[target_feature(enable = "avx2")]
    pub(super) unsafe fn into<T: Element, F: Copy + Fn(T, T) -> T>(
        length: usize,
        from: *const u8,
        to: *mut u8,
        stride: isize,
    ) {
        // SAFETY: as the caller says.
        unsafe { super::into::<T, F>(length, from, to, stride) }
    }
}

/// See [`Fold::axis`].
#[inline(always)]
unsafe fn axis<T: Element, F: Copy + Fn(T, T) -> T>(
    outer: usize,
    length: usize,
    inner: usize,
    from: *const u8,
    to: *mut u8,
) {
    let f = instance::<F>();
    // SAFETY: the caller says that the elements and the room are there.
    let (from, to) =
        unsafe { (slice::<T>(from, outer * length * inner), room::<T>(to, outer * inner)) };
    if inner == 1 {
        for (row, to) in from.chunks_exact(length).zip(to) {
            to.write(Loose(row_of(row, f)));
        }
        return;
    }
    for (rows, to) in from.chunks_exact(length * inner).zip(to.chunks_exact_mut(inner)) {
        columns_of(rows, inner, to, f);
    }
}

/// Partial results that are kept at a time.
const LANES: usize = 32;
/// Elements of a row that are combined to one before they meet others: a few for each partial
/// result.
const RUN: usize = 16 * LANES;
/// Rows shorter than this are taken several at a time.
const WIDE: usize = 64;

/// Combines a row, which has an element.
#[inline(always)]
fn row_of<T: Element, F: Copy + Fn(T, T) -> T>(row: &[Loose<T>], f: F) -> T {
    let mut runs = row.chunks(RUN).map(|run| run_of(run, f));
    let first = runs.next().expect("an element");
    runs.fold(first, f)
}

/// Combines a few elements, of which there is one.
#[inline(always)]
fn run_of<T: Element, F: Copy + Fn(T, T) -> T>(run: &[Loose<T>], f: F) -> T {
    match run.len() {
        LANES.. => lanes_of::<LANES, T, F>(run, f),
        8.. => lanes_of::<8, T, F>(run, f),
        _ => run[1..].iter().fold(run[0].0, |total, x| f(total, x.0)),
    }
}

/// Combines at least `N` elements, as many at a time.
#[inline(always)]
fn lanes_of<const N: usize, T: Element, F: Copy + Fn(T, T) -> T>(run: &[Loose<T>], f: F) -> T {
    let (chunks, rest) = run.as_chunks::<N>();
    let (first, chunks) = chunks.split_first().expect("a chunk");
    let mut partial = *first;
    for chunk in chunks {
        combine(&mut partial, chunk, f);
    }
    combine(&mut partial, rest, f);
    let mut count = N;
    while count > 1 {
        count /= 2;
        for lane in 0..count {
            partial[lane].0 = f(partial[lane].0, partial[lane + count].0);
        }
    }
    partial[0].0
}

/// Combines rows of `inner` elements, of which there is one, to a row.
#[inline(always)]
fn columns_of<T: Element, F: Copy + Fn(T, T) -> T>(
    rows: &[Loose<T>],
    inner: usize,
    to: &mut [MaybeUninit<Loose<T>>],
    f: F,
) {
    if inner >= WIDE {
        let (first, rows) = rows.split_at(inner);
        let to = to.write_copy_of_slice(first);
        for row in rows.chunks_exact(inner) {
            combine(to, row, f);
        }
        return;
    }
    let mut count = (WIDE / inner).min(rows.len() / inner);
    let (first, rows) = rows.split_at(count * inner);
    let mut partial = [first[0]; WIDE];
    partial[..first.len()].copy_from_slice(first);
    for rows in rows.chunks(first.len()) {
        combine(&mut partial[..rows.len()], rows, f);
    }
    while count > 1 {
        let half = count.div_ceil(2);
        let (low, high) = partial.split_at_mut(half * inner);
        combine(low, &high[..(count - half) * inner], f);
        count = half;
    }
    to.write_copy_of_slice(&partial[..inner]);
}

/// Combines the elements of a row with the first of another's.
#[inline(always)]
fn combine<T: Element, F: Copy + Fn(T, T) -> T>(to: &mut [Loose<T>], row: &[Loose<T>], f: F) {
    for (to, x) in to.iter_mut().zip(row) {
        to.0 = f(to.0, x.0);
    }
}

/// See [`Fold::into`].
#[inline(always)]
unsafe fn into<T: Element, F: Copy + Fn(T, T) -> T>(
    length: usize,
    from: *const u8,
    to: *mut u8,
    stride: isize,
) {
    let f = instance::<F>();
    // SAFETY: the caller says that the elements are there.
    let from = unsafe { slice::<T>(from, length) };
    if stride == size_of::<T>() as isize {
        // SAFETY: so are the others, and they were written before.
        let to = unsafe { std::slice::from_raw_parts_mut(to.cast::<Loose<T>>(), length) };
        combine(to, from, f);
        return;
    }
    for (place, x) in from.iter().enumerate() {
        // SAFETY: as above.
        unsafe {
            let to = to.offset(place as isize * stride).cast::<T>();
            to.write_unaligned(f(to.read_unaligned(), x.0));
        }
    }
}
