//! Products of real matrices.
//!
//! Goto's order of loops (Goto and van de Geijn, Anatomy of high-performance matrix multiplication, 2008): blocks of
//! both matrices are copied into *strips*, in the order in which registers take them. A strip of the left one has
//! as many rows as fit into registers, one of the right one three vectors' columns. A tile of the result, one
//! strip times another, stays in registers over a block's whole depth.
#![allow(unsafe_code)]

use crate::product::Strided;
use faer::Accum;
use pulp::{Arch, Simd, WithSimd};
use std::cell::RefCell;

/// Vectors beside one another in a tile.
const VECTORS: usize = 3;
/// A block's depth: a strip of the left matrix stays in the first cache,
const DEPTH: usize = 320;
/// strips of the right one: such a block stays in the second cache,
const STRIPS: usize = 10;
/// and rows of the left one, for each of which a block of the right one is read from there.
const ROWS: usize = 1024;

/// What vectors are made of.
pub trait Real: Copy + 'static {
    type Vector<S: Simd>: Copy;

    const ZERO: Self;

    fn splat<S: Simd>(simd: S, value: Self) -> Self::Vector<S>;

    /// `a * b + c`
    fn mul_add<S: Simd>(
        simd: S,
        a: Self::Vector<S>,
        b: Self::Vector<S>,
        c: Self::Vector<S>,
    ) -> Self::Vector<S>;

    fn add<S: Simd>(simd: S, a: Self::Vector<S>, b: Self::Vector<S>) -> Self::Vector<S>;

    fn plus(self, other: Self) -> Self;

    /// Calls with this thread's memory for strips, of so many elements at least; new memory would be given out by the
    /// kernel page by page, each time.
    fn with_memory(elements: usize, call: impl FnOnce(*mut Self));
}

macro_rules! real {
    ($number:ident, $vector:ident, $splat:ident, $mul_add:ident, $add:ident) => {
        impl Real for $number {
            type Vector<S: Simd> = S::$vector;

            const ZERO: Self = 0.0;

            #[inline(always)]
            fn splat<S: Simd>(simd: S, value: Self) -> S::$vector {
                simd.$splat(value)
            }

            #[inline(always)]
            fn mul_add<S: Simd>(
                simd: S,
                a: S::$vector,
                b: S::$vector,
                c: S::$vector,
            ) -> S::$vector {
                simd.$mul_add(a, b, c)
            }

            #[inline(always)]
            fn add<S: Simd>(simd: S, a: S::$vector, b: S::$vector) -> S::$vector {
                simd.$add(a, b)
            }

            #[inline(always)]
            fn plus(self, other: Self) -> Self {
                self + other
            }

            fn with_memory(elements: usize, call: impl FnOnce(*mut Self)) {
                thread_local!(static MEMORY: RefCell<Vec<$number>> = const { RefCell::new(Vec::new()) });
                MEMORY.with_borrow_mut(|memory| {
                    if memory.len() < elements + LINE {
                        *memory = vec![0.0; elements + LINE];
                    }
                    let start = memory.as_ptr().align_offset(LINE);
                    call(memory[start..].as_mut_ptr());
                });
            }
        }
    };
}

/// Bytes that caches keep together.
const LINE: usize = 64;

real!(f32, f32s, splat_f32s, mul_add_f32s, add_f32s);
real!(f64, f64s, splat_f64s, mul_add_f64s, add_f64s);

/// `a @ b` into `out`, or only the half below the diagonal and with it: above, there is then anything.
///
/// # Safety
/// All elements are there and of type `T`, initialised but for those that are replaced; nobody else reads or
/// writes `out`.
pub unsafe fn product<T: Real>(a: Strided, b: Strided, out: Strided, accum: Accum, is_lower: bool) {
    let depth = DEPTH.min(a.shape[1]);
    let rows = ROWS.min(a.shape[0]).next_multiple_of(8);
    // As many as the longest vectors need.
    let columns = STRIPS * VECTORS * 64 / size_of::<T>();
    let columns = columns.min(b.shape[1].next_multiple_of(VECTORS * 64 / size_of::<T>()));
    T::with_memory((rows + columns) * depth, |left| {
        // SAFETY: it has as many elements.
        let right = unsafe { left.add(rows * depth) };
        Arch::new().dispatch(Product::<T> { a, b, out, accum, is_lower, left, right });
    });
}

struct Product<T> {
    a: Strided,
    b: Strided,
    out: Strided,
    accum: Accum,
    is_lower: bool,
    /// Where the strips are.
    left: *mut T,
    right: *mut T,
}

impl<T: Real> WithSimd for Product<T> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        // Sums, a row of vectors and a number for all lanes fill 32 registers, or 16.
        // SAFETY: whoever made it has said so.
        unsafe {
            match size_of::<S::f64s>() {
                64 => self.blocks::<S, 8>(simd),
                _ => self.blocks::<S, 4>(simd),
            }
        }
    }
}

impl<T: Real> Product<T> {
    /// Multiplies, block by block; a strip of the left matrix has `H` rows.
    ///
    /// # Safety
    /// As for [`product`].
    #[inline(always)]
    unsafe fn blocks<S: Simd, const H: usize>(&self, simd: S) {
        let Self { a, b, out, left, right, .. } = *self;
        let ([rows, inside], columns) = (a.shape, b.shape[1]);
        let width = VECTORS * size_of::<T::Vector<S>>() / size_of::<T>();
        for row in (0..rows).step_by(ROWS) {
            let height = ROWS.min(rows - row);
            let end = if self.is_lower { columns.min(row + height) } else { columns };
            for start in (0..inside).step_by(DEPTH) {
                let depth = DEPTH.min(inside - start);
                let accum = if start == 0 { self.accum } else { Accum::Add };
                // SAFETY: the block is within the matrix, and strips of so many rows are within the memory.
                unsafe { strips(left, H, a.turned().at::<T>(start, row), [depth, height]) };
                for column in (0..end).step_by(STRIPS * width) {
                    let breadth = (STRIPS * width).min(end - column);
                    // SAFETY: as above.
                    unsafe { strips(right, width, b.at::<T>(start, column), [depth, breadth]) };
                    for i in (0..height).step_by(H) {
                        for j in (0..breadth).step_by(width) {
                            if self.is_lower && column + j >= row + i + H {
                                break;
                            }
                            let shape = [H.min(height - i), width.min(breadth - j)];
                            // SAFETY: the tile is within the result, the strips have just been written.
                            unsafe {
                                let out = out.at::<T>(row + i, column + j);
                                let strips = (
                                    left.add(i * depth).cast_const(),
                                    right.add(j * depth).cast_const(),
                                );
                                tile::<T, S, H>(simd, strips, depth, out, shape, accum);
                            }
                        }
                    }
                }
            }
        }
    }
}

/// Copies a block, so many rows and columns from `from` on, into strips of `width` columns, row by row; the last is
/// filled up with zeros.
///
/// # Safety
/// The block is there, and memory for the strips.
#[inline(always)]
unsafe fn strips<T: Real>(
    mut to: *mut T,
    width: usize,
    from: Strided,
    [rows, columns]: [usize; 2],
) {
    for start in (0..columns).step_by(width) {
        let count = width.min(columns - start);
        // SAFETY: as the caller says.
        unsafe {
            if count == width && from.strides[1] == 1 {
                for row in 0..rows {
                    let source = from.element::<T>(row, start);
                    source.copy_to_nonoverlapping(to.add(row * width), width);
                }
            } else {
                for column in 0..count {
                    for row in 0..rows {
                        *to.add(row * width + column) = *from.element(row, start + column);
                    }
                }
                for column in count..width {
                    for row in 0..rows {
                        *to.add(row * width + column) = T::ZERO;
                    }
                }
            }
            to = to.add(width * rows);
        }
    }
}

/// Multiplies two strips; `shape` says how many rows and columns of the tile are the result's.
///
/// # Safety
/// The strips are `depth` long, and the tile is within the result.
#[inline(always)]
unsafe fn tile<T: Real, S: Simd, const H: usize>(
    simd: S,
    (mut left, mut right): (*const T, *const T),
    depth: usize,
    out: Strided,
    shape: [usize; 2],
    accum: Accum,
) {
    let lanes = size_of::<T::Vector<S>>() / size_of::<T>();
    let is_whole = shape == [H, VECTORS * lanes] && out.strides[1] == 1;
    // SAFETY: as the caller says; of a tile that is not whole, only that part is touched.
    unsafe {
        if is_whole {
            for i in 0..H {
                for vector in 0..VECTORS {
                    prefetch(out.element::<T>(i, vector * lanes));
                }
            }
        }
        let mut sums = [[T::splat(simd, T::ZERO); VECTORS]; H];
        for _ in 0..depth {
            let row: [T::Vector<S>; VECTORS] = right.cast::<[_; VECTORS]>().read_unaligned();
            for (i, sums) in sums.iter_mut().enumerate() {
                let number = T::splat(simd, *left.add(i));
                for (sum, vector) in sums.iter_mut().zip(row) {
                    *sum = T::mul_add(simd, number, vector, *sum);
                }
            }
            left = left.add(H);
            right = right.add(VECTORS * lanes);
        }
        if is_whole {
            for (i, sums) in sums.into_iter().enumerate() {
                let row: *mut [T::Vector<S>; VECTORS] = out.element::<T>(i, 0).cast();
                let mut values = sums;
                if matches!(accum, Accum::Add) {
                    let old = row.read_unaligned();
                    for (value, old) in values.iter_mut().zip(old) {
                        *value = T::add(simd, *value, old);
                    }
                }
                row.write_unaligned(values);
            }
        } else {
            // A copy: sums of which somebody has the address are not kept in registers.
            let mut copy = [[T::splat(simd, T::ZERO); VECTORS]; H];
            for (copy, sums) in copy.iter_mut().zip(sums) {
                *copy = sums;
            }
            let numbers: *const T = (&raw const copy).cast();
            for i in 0..shape[0] {
                for j in 0..shape[1] {
                    let to = out.element::<T>(i, j);
                    let number = *numbers.add(i * VECTORS * lanes + j);
                    *to = if matches!(accum, Accum::Add) { to.read().plus(number) } else { number };
                }
            }
        }
    }
}

/// Has a line brought into the first cache.
#[inline(always)]
fn prefetch<T>(line: *const T) {
    #[cfg(target_arch = "x86_64")]
    {
        use std::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
        // SAFETY: it may be any address.
        unsafe { _mm_prefetch::<_MM_HINT_T0>(line.cast()) };
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = line;
}
