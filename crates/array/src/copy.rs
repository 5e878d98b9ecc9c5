//! Copies elements from one layout to another.
//!
//! The axes of both sides are first brought to a normal form: none of size 1, the target's strides
//! positive and falling, and neighbours that are one axis on both sides merged. What is left is a
//! run of bytes, or a loop over elements that moves them as integers of their size. Where the
//! source's elements are neighbours along another axis than the target's, both are walked in tiles
//! of a cache line a side, so that each line is touched once.
#![allow(unsafe_code)]

use crate::view::{Target, View};
use smallvec::SmallVec;
use std::mem::MaybeUninit;
use std::ops::Range;

/// An axis of a copy.
#[derive(Clone, Copy, Debug)]
struct Axis {
    length: usize,
    /// Bytes from an element to the next in the target.
    to: isize,
    /// And in the source.
    from: isize,
}

type Axes = SmallVec<[Axis; 6]>;

impl Target {
    /// Copies a view of the same dtype and shape.
    ///
    /// # Panics
    /// If it is of another.
    pub fn fill_from(&mut self, view: &View) {
        assert_eq!(self.shape(), view.shape(), "a view of the same shape");
        assert_eq!(self.dtype(), view.dtype(), "a view of the same dtype");
        let size = self.dtype().size();
        let to = self.data();
        // SAFETY: the elements of both are there; the target's are nobody else's, so they are not
        // the view's.
        unsafe { copy(self.shape(), size, to, self.strides(), view.data(), view.strides()) };
    }

    /// Makes all elements the one with these bytes.
    ///
    /// # Panics
    /// If they are not as many as an element has.
    pub fn fill(&mut self, element: &[u8]) {
        let size = self.dtype().size();
        assert_eq!(element.len(), size, "the bytes of one element");
        let to = self.data();
        if self.is_contiguous() && element.iter().all(|byte| *byte == element[0]) {
            let bytes = self.shape().iter().product::<usize>() * size;
            if bytes > 0 {
                // SAFETY: that many bytes are there.
                unsafe { to.write_bytes(element[0], bytes) };
            }
            return;
        }
        let zeros: SmallVec<[isize; 6]> = self.shape().iter().map(|_| 0).collect();
        // SAFETY: the elements are there, and the element is read again and again.
        unsafe { copy(self.shape(), size, to, self.strides(), element.as_ptr(), &zeros) };
    }
}

/// Copies elements of `size` bytes from one array to another.
///
/// # Safety
/// All elements of both are there, those of the target may be written, and no element is in both.
pub(crate) unsafe fn copy(
    shape: &[usize],
    size: usize,
    mut to: *mut u8,
    to_strides: &[isize],
    mut from: *const u8,
    from_strides: &[isize],
) {
    let mut axes = Axes::new();
    for ((&length, &to_stride), &from_stride) in shape.iter().zip(to_strides).zip(from_strides) {
        let mut axis = Axis { length, to: to_stride, from: from_stride };
        match length {
            0 => return,
            1 => continue,
            _ if to_stride < 0 => {
                let last = length as isize - 1;
                // SAFETY: the last element of the axis is there, from which the axis is walked
                // backwards.
                unsafe {
                    to = to.offset(last * to_stride);
                    from = from.offset(last * from_stride);
                }
                axis = Axis { length, to: -to_stride, from: -from_stride };
            }
            _ => {}
        }
        let place = axes.iter().rposition(|before| before.to >= axis.to).map_or(0, |last| last + 1);
        axes.insert(place, axis);
    }
    merge(&mut axes);
    // SAFETY: the normal form has the same elements, and the caller says that they are there.
    unsafe {
        match size {
            1 => copy_axes::<u8>(&axes, to, from),
            2 => copy_axes::<u16>(&axes, to, from),
            4 => copy_axes::<u32>(&axes, to, from),
            8 => copy_axes::<u64>(&axes, to, from),
            16 => copy_axes::<u128>(&axes, to, from),
            // Bytes are the innermost axis of whatever else there is.
            _ => {
                axes.push(Axis { length: size, to: 1, from: 1 });
                merge(&mut axes);
                copy_axes::<u8>(&axes, to, from);
            }
        }
    }
}

/// Makes one axis of neighbours that are one on both sides.
fn merge(axes: &mut Axes) {
    let mut kept = 0;
    for next in 1..axes.len() {
        let (outer, inner) = (axes[kept], axes[next]);
        let length = inner.length as isize;
        if outer.to == inner.to * length && outer.from == inner.from * length {
            axes[kept] = Axis { length: outer.length * inner.length, ..inner };
        } else {
            kept += 1;
            axes[kept] = inner;
        }
    }
    axes.truncate(kept + 1);
}

/// Runs shorter than this are copied element by element: calling `memcpy` takes longer.
const SHORT_RUN: usize = 64;

/// Copies elements that are moved as `T`s along axes in normal form.
///
/// # Safety
/// As [`copy`].
unsafe fn copy_axes<T: Copy>(axes: &Axes, to: *mut u8, from: *const u8) {
    let size = size_of::<T>() as isize;
    let Some((&inner, outer)) = axes.split_last() else {
        // SAFETY: there is one element.
        unsafe { move_one::<T>(to, from) };
        return;
    };
    if inner.to == size && inner.from == size && inner.length * size_of::<T>() >= SHORT_RUN {
        let bytes = inner.length * size_of::<T>();
        // SAFETY: the run is there on both sides, and they do not overlap.
        walk(outer, to, from, |to, from| unsafe { from.copy_to_nonoverlapping(to, bytes) });
        return;
    }
    // The axis along which the source's elements are closer to each other, if it is worth tiles.
    let closer = (0..outer.len())
        .filter(|&axis| {
            let outer = outer[axis];
            outer.length >= 4 && outer.from != 0 && outer.from.abs() < inner.from.abs()
        })
        .min_by_key(|axis| outer[*axis].from.abs());
    if let Some(closer) = closer
        && inner.length >= 4
    {
        let mut rest: Axes = outer.into();
        let across = rest.remove(closer);
        // SAFETY: the elements of the two axes are there from each place of the others on.
        walk(&rest, to, from, |to, from| unsafe { transpose::<T>(across, inner, to, from) });
        return;
    }
    // Two axes within one call, as rows may be short.
    let (row, outer) = match outer.split_last() {
        Some((&row, outer)) => (row, outer),
        None => (Axis { length: 1, to: 0, from: 0 }, outer),
    };
    walk(outer, to, from, |mut to, mut from| {
        for _ in 0..row.length {
            // SAFETY: the row is there; addresses past the last row are not looked at.
            unsafe { copy_row::<T>(inner, to, from) };
            to = to.wrapping_offset(row.to);
            from = from.wrapping_offset(row.from);
        }
    });
}

/// Calls a function with the addresses of each element of some axes.
fn walk(axes: &[Axis], to: *mut u8, from: *const u8, mut each: impl FnMut(*mut u8, *const u8)) {
    let Some((&last, rest)) = axes.split_last() else {
        return each(to, from);
    };
    let (mut row_to, mut row_from) = (to, from);
    let mut index: SmallVec<[usize; 6]> = rest.iter().map(|_| 0).collect();
    loop {
        let (mut to, mut from) = (row_to, row_from);
        for _ in 0..last.length {
            each(to, from);
            to = to.wrapping_offset(last.to);
            from = from.wrapping_offset(last.from);
        }
        let mut axis = rest.len();
        loop {
            let Some(next) = axis.checked_sub(1) else { return };
            axis = next;
            let Axis { length, to, from } = rest[axis];
            index[axis] += 1;
            row_to = row_to.wrapping_offset(to);
            row_from = row_from.wrapping_offset(from);
            if index[axis] < length {
                break;
            }
            index[axis] = 0;
            row_to = row_to.wrapping_offset(-to * length as isize);
            row_from = row_from.wrapping_offset(-from * length as isize);
        }
    }
}

/// Copies an element.
///
/// # Safety
/// It is there on both sides.
#[inline(always)]
unsafe fn move_one<T: Copy>(to: *mut u8, from: *const u8) {
    // SAFETY: as the caller says; elements may lie anywhere.
    unsafe { to.cast::<T>().write_unaligned(from.cast::<T>().read_unaligned()) }
}

/// Copies the elements of an axis, in loops that are made for the usual strides.
///
/// # Safety
/// They are there on both sides.
#[inline(always)]
unsafe fn copy_row<T: Copy>(axis: Axis, to: *mut u8, from: *const u8) {
    let size = size_of::<T>() as isize;
    let Axis { length, to: to_stride, from: from_stride } = axis;
    // SAFETY: the caller says that the elements are there.
    unsafe {
        match (to_stride == size, from_stride) {
            (true, 0) => {
                let element = from.cast::<T>().read_unaligned();
                for place in 0..length {
                    to.cast::<T>().add(place).write_unaligned(element);
                }
            }
            // With strides that the compiler knows, it makes vectors of them.
            (true, stride) if stride == size => strided::<T>(length, to, size, from, size),
            (true, stride) if stride == -size => strided::<T>(length, to, size, from, -size),
            (true, stride) if stride == 2 * size => strided::<T>(length, to, size, from, 2 * size),
            (true, stride) => strided::<T>(length, to, size, from, stride),
            (false, stride) => strided::<T>(length, to, to_stride, from, stride),
        }
    }
}

/// Copies elements that are so many bytes from each other.
///
/// # Safety
/// They are there on both sides.
#[inline(always)]
unsafe fn strided<T: Copy>(
    length: usize,
    to: *mut u8,
    to_stride: isize,
    from: *const u8,
    from_stride: isize,
) {
    for place in 0..length as isize {
        // SAFETY: the caller says that the elements are there.
        unsafe { move_one::<T>(to.offset(place * to_stride), from.offset(place * from_stride)) };
    }
}

/// Bytes of a line of the cache.
const LINE: usize = 64;

/// Copies two axes, of which the target's elements are neighbours along `inner`, the source's along
/// `across`.
///
/// Tiles are a line of the cache a side. Their order is one that needs few pages of memory at a
/// time: one of each row of the source, in each of which some lines are read, of all the rows.
///
/// # Safety
/// The elements are there on both sides.
unsafe fn transpose<T: Copy>(across: Axis, inner: Axis, to: *mut u8, from: *const u8) {
    let side = const { LINE / size_of::<T>() };
    for page in blocks(0..inner.length, 64 * side) {
        for lines in blocks(0..across.length, 8 * side) {
            for columns in blocks(page.clone(), side) {
                for rows in blocks(lines.clone(), side) {
                    let (row, column) = (rows.start as isize, columns.start as isize);
                    let across = Axis { length: rows.len(), ..across };
                    let inner = Axis { length: columns.len(), ..inner };
                    // SAFETY: the caller says that the elements are there.
                    unsafe {
                        let to = to.offset(row * across.to + column * inner.to);
                        let from = from.offset(row * across.from + column * inner.from);
                        transpose_tile::<T>(across, inner, to, from);
                    }
                }
            }
        }
    }
}

/// Parts of a range, of so many each but the last.
fn blocks(range: Range<usize>, length: usize) -> impl Iterator<Item = Range<usize>> {
    let end = range.end;
    range.step_by(length).map(move |start| start..end.min(start + length))
}

/// Copies a tile; a whole one by way of memory in the nearest cache, so that each line is touched
/// once.
///
/// # Safety
/// The elements are there on both sides.
#[inline(always)]
unsafe fn transpose_tile<T: Copy>(across: Axis, inner: Axis, to: *mut u8, from: *const u8) {
    let side = const { LINE / size_of::<T>() };
    let size = size_of::<T>() as isize;
    let is_plain = inner.to == size && across.from == size;
    if !is_plain || across.length < side || inner.length < side {
        for row in 0..across.length as isize {
            // SAFETY: as the caller says.
            unsafe {
                let (to, from) = (to.offset(row * across.to), from.offset(row * across.from));
                strided::<T>(inner.length, to, inner.to, from, inner.from);
            }
        }
        return;
    }
    let mut tile = [[MaybeUninit::<T>::uninit(); LINE]; LINE];
    for column in 0..side {
        let line = from.wrapping_offset(column as isize * inner.from);
        // The tiles that come next: on the source's side the next rows, on the target's the next
        // lines.
        prefetch(line.wrapping_offset(side as isize * inner.from));
        prefetch_to_write(to.wrapping_offset(column as isize * across.to + LINE as isize));
        for (row, lines) in tile[..side].iter_mut().enumerate() {
            // SAFETY: as the caller says.
            lines[column].write(unsafe { line.cast::<T>().add(row).read_unaligned() });
        }
    }
    for (row, line) in tile[..side].iter().enumerate() {
        // SAFETY: as the caller says.
        unsafe {
            let to = to.offset(row as isize * across.to);
            to.copy_from_nonoverlapping(line.as_ptr().cast(), LINE);
        }
    }
}

/// Says that memory will be read soon, if it is there.
#[inline(always)]
fn prefetch(address: *const u8) {
    #[cfg(target_arch = "x86_64")]
    // SAFETY: this is a hint, for any address.
    unsafe {
        std::arch::x86_64::_mm_prefetch::<{ std::arch::x86_64::_MM_HINT_T0 }>(address.cast());
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = address;
}

/// Says that memory will be written soon, if it is there.
#[inline(always)]
fn prefetch_to_write(address: *const u8) {
    #[cfg(target_arch = "x86_64")]
    // SAFETY: this is a hint, for any address.
    unsafe {
        std::arch::x86_64::_mm_prefetch::<{ std::arch::x86_64::_MM_HINT_ET0 }>(address.cast());
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = address;
}

#[cfg(test)]
mod tests;
