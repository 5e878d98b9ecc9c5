//! Views: strided elements in memory that somebody keeps.
//!
//! A view is untyped (an address, a dtype, a shape, strides in bytes, an owner), because kernels take just
//! that: a container with a static element type would only multiply the code. A [`View`] is read by
//! whoever has it. A [`Target`] is written, by its one holder; [`Target::freeze`] makes a view of it, and
//! [`Canvas`] gives away disjoint parts of one array to tasks that run at one time.

use crate::DType;
use smallvec::SmallVec;
use std::alloc::{Layout, alloc, dealloc, handle_alloc_error};
use std::any::Any;
use std::fmt;
use std::ops::Range;
use std::ptr::NonNull;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Sizes, one for each axis.
pub type Shape = SmallVec<[usize; 4]>;
/// Bytes from an element to the next, for each axis.
pub type Strides = SmallVec<[isize; 4]>;
/// A box of an array: which indices along each axis.
pub type Region = SmallVec<[Range<usize>; 4]>;

/// How many indices a box has along each axis.
pub(crate) fn shape_of(region: &[Range<usize>]) -> Shape {
    region.iter().map(ExactSizeIterator::len).collect()
}

/// Whatever keeps memory alive.
pub trait Owner: Any + Send + Sync {}

impl<T: Any + Send + Sync> Owner for T {}

/// Elements that nobody changes.
#[derive(Clone)]
pub struct View {
    data: NonNull<u8>,
    dtype: DType,
    shape: Shape,
    strides: Strides,
    owner: Arc<dyn Owner>,
}

// SAFETY: a view only reads, its memory lives as long as the owner, which may go anywhere.
unsafe impl Send for View {}
// SAFETY: as above.
unsafe impl Sync for View {}

/// Memory of our own, aligned for vectors.
struct Memory {
    data: NonNull<u8>,
    layout: Layout,
    /// Whether it is of pages of its own, which go back to the operating system at once.
    is_mapped: bool,
}

// SAFETY: the memory is this object's own.
unsafe impl Send for Memory {}
// SAFETY: as above.
unsafe impl Sync for Memory {}

const ALIGNMENT: usize = 64;
/// From this size on, memory is asked for in huge pages: else the kernel spends as long on giving out small ones as
/// a fused loop on filling them. NumPy does the same.
const HUGE: usize = 4 << 20;
const HUGE_PAGE: usize = 2 << 20;

impl Memory {
    fn new(bytes: usize, zeroed: bool) -> Self {
        let alignment = if bytes >= HUGE { HUGE_PAGE } else { ALIGNMENT };
        let layout = Layout::from_size_align(bytes.max(1), alignment).expect("a size that exists");
        // SAFETY: the layout has a size.
        let data = unsafe { alloc(layout) };
        let Some(data) = NonNull::new(data) else { handle_alloc_error(layout) };
        #[cfg(target_os = "linux")]
        if bytes >= HUGE {
            use rustix::mm::{Advice, madvise};
            // SAFETY: the pages are this object's own; the advice changes nothing but their size. Where it is not
            // taken, pages are small.
            let _ = unsafe { madvise(data.as_ptr().cast(), bytes, Advice::LinuxHugepage) };
        }
        if zeroed {
            // After the advice: an allocator would write zeros to small pages.
            // SAFETY: as many bytes are there.
            unsafe { data.write_bytes(0, bytes) };
        }
        Self { data, layout, is_mapped: false }
    }

    /// Pages of its own, if they are to be had.
    fn mapped(bytes: usize) -> Self {
        use rustix::mm::{MapFlags, ProtFlags, mmap_anonymous};
        let (access, flags) = (ProtFlags::READ | ProtFlags::WRITE, MapFlags::PRIVATE);
        let layout = Layout::from_size_align(bytes, ALIGNMENT).expect("a size that exists");
        // SAFETY: new pages, where the kernel likes.
        let data = unsafe { mmap_anonymous(std::ptr::null_mut(), bytes, access, flags) };
        match data.ok().and_then(|data| NonNull::new(data.cast())) {
            Some(data) => Self { data, layout, is_mapped: true },
            None => Self::new(bytes, false),
        }
    }
}

impl Drop for Memory {
    fn drop(&mut self) {
        if self.is_mapped {
            // SAFETY: the pages are this object's own, and nobody has them any more.
            let _ = unsafe { rustix::mm::munmap(self.data.as_ptr().cast(), self.layout.size()) };
            return;
        }
        // SAFETY: it was allocated with this layout.
        unsafe { dealloc(self.data.as_ptr(), self.layout) }
    }
}

/// The strides of elements in C order.
pub fn c_strides(shape: &[usize], size: usize) -> Strides {
    let mut strides: Strides = shape.iter().map(|_| 0).collect();
    let mut stride = size;
    for (axis, length) in shape.iter().enumerate().rev() {
        strides[axis] = stride as isize;
        stride *= length.max(&1);
    }
    strides
}

impl View {
    /// A view of memory that `owner` keeps.
    ///
    /// # Safety
    /// All elements lie in memory that is valid, initialised and not changed for as long as `owner` lives.
    pub unsafe fn new(
        data: *const u8,
        dtype: DType,
        shape: Shape,
        strides: Strides,
        owner: Arc<dyn Owner>,
    ) -> Self {
        debug_assert_eq!(shape.len(), strides.len());
        let data = NonNull::new(data.cast_mut()).unwrap_or(NonNull::dangling());
        Self { data, dtype, shape, strides, owner }
    }

    /// One element, of a number type, from its bytes.
    pub fn scalar(dtype: DType, bytes: &[u8]) -> Self {
        let mut target = Target::new(dtype, &[]);
        target.bytes().copy_from_slice(bytes);
        target.freeze()
    }

    /// The address of the first element.
    pub fn data(&self) -> *const u8 {
        self.data.as_ptr()
    }

    /// What the elements are.
    pub fn dtype(&self) -> &DType {
        &self.dtype
    }

    /// How many along each axis.
    pub fn shape(&self) -> &[usize] {
        &self.shape
    }

    /// Bytes from one to the next along each axis.
    pub fn strides(&self) -> &[isize] {
        &self.strides
    }

    /// What keeps the memory.
    pub fn owner(&self) -> &Arc<dyn Owner> {
        &self.owner
    }

    /// How many elements.
    pub fn len(&self) -> usize {
        self.shape.iter().product()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Bytes of all elements.
    pub fn nbytes(&self) -> usize {
        self.len() * self.dtype.size()
    }

    /// Whether the elements lie one behind the other in C order.
    pub fn is_contiguous(&self) -> bool {
        is_contiguous(&self.shape, &self.strides, self.dtype.size())
    }

    /// Whether the elements are at addresses that their type wants.
    pub fn is_aligned(&self) -> bool {
        let size = match &self.dtype {
            DType::Number(scalar) => scalar.real().size(),
            DType::Opaque(_, size) => *size,
        };
        let align = if size.is_power_of_two() { size.min(16) } else { 1 };
        let fits = |number: usize| number.is_multiple_of(align);
        fits(self.data.addr().get())
            && self.strides.iter().all(|stride| fits(stride.unsigned_abs()))
    }

    /// The elements' bytes, if they lie one behind the other.
    pub fn as_bytes(&self) -> Option<&[u8]> {
        self.is_contiguous().then(|| {
            // SAFETY: that many bytes are there, and nobody changes them.
            unsafe { std::slice::from_raw_parts(self.data.as_ptr(), self.nbytes()) }
        })
    }

    /// The elements as `T`s, if they lie one behind the other, aligned, and are of that size.
    pub(crate) fn as_slice<T: Plain>(&self) -> Option<&[T]> {
        let fits = self.is_contiguous() && self.is_aligned() && self.dtype.size() == size_of::<T>();
        fits.then(|| {
            // SAFETY: as many plain values are there; see `as_bytes`.
            unsafe { std::slice::from_raw_parts(self.data.as_ptr().cast(), self.len()) }
        })
    }

    /// From `start` on every `step`-th of an axis, `length` of them, all of which are there.
    pub fn slice(&self, axis: usize, start: usize, step: isize, length: usize) -> Self {
        let mut view = self.clone();
        view.slice_axis(axis, start, step, length);
        view
    }

    fn slice_axis(&mut self, axis: usize, start: usize, step: isize, length: usize) {
        let last = start as isize + step * (length as isize - 1);
        let size = self.shape[axis];
        assert!(
            length == 0 || start < size && (0..size as isize).contains(&last),
            "within the axis"
        );
        if length > 0 && !self.shape.contains(&0) {
            // SAFETY: the element is there.
            self.data = unsafe { self.data.offset(self.strides[axis] * start as isize) };
        }
        self.shape[axis] = length;
        self.strides[axis] *= step;
    }

    /// The elements of a box.
    pub fn region(&self, region: &[Range<usize>]) -> Self {
        let mut view = self.clone();
        for (axis, range) in region.iter().enumerate() {
            view.slice_axis(axis, range.start, 1, range.len());
        }
        view
    }

    /// Axes in another order; `None` is a new axis of size 1, and axes of size 1 may be left out.
    pub fn axes(&self, axes: &[Option<usize>]) -> Self {
        let mut view = self.clone();
        view.shape = axes.iter().map(|axis| axis.map_or(1, |axis| self.shape[axis])).collect();
        view.strides = axes.iter().map(|axis| axis.map_or(0, |axis| self.strides[axis])).collect();
        view
    }

    /// The same elements again and again along new axes in front and axes of size 1.
    pub fn broadcast(&self, shape: &[usize]) -> Self {
        let mut view = self.clone();
        let new = shape.len() - self.shape.len();
        view.shape = shape.into();
        view.strides = (0..shape.len())
            .map(|axis| match axis.checked_sub(new) {
                Some(own) if self.shape[own] == shape[axis] => self.strides[own],
                Some(own) => {
                    assert_eq!(self.shape[own], 1, "an axis that is repeated has one element");
                    0
                }
                None => 0,
            })
            .collect();
        view
    }

    /// The same elements in another shape; they must lie one behind the other.
    pub fn reshape(&self, shape: &[usize]) -> Self {
        assert!(self.is_contiguous(), "a contiguous view");
        assert_eq!(shape.iter().product::<usize>(), self.len(), "as many elements");
        let strides = c_strides(shape, self.dtype.size());
        Self { shape: shape.into(), strides, ..self.clone() }
    }

    /// The bytes of a contiguous view's elements, as an array of them.
    pub fn as_flat_bytes(&self) -> Self {
        assert!(self.is_contiguous(), "a contiguous view");
        let shape = SmallVec::from_elem(self.nbytes(), 1);
        let dtype = kernel::types::Scalar::U8.into();
        Self { dtype, shape, strides: SmallVec::from_elem(1, 1), ..self.clone() }
    }

    /// Elements of a contiguous view by strides of our own, in elements, from the `start`-th on.
    pub(crate) fn strided(&self, start: usize, shape: &[usize], strides: &[isize]) -> Self {
        let steps = shape.iter().zip(strides);
        let last: isize = steps.map(|(size, stride)| (*size as isize - 1) * stride).sum();
        let last = start.checked_add_signed(last);
        assert!(self.is_contiguous() && strides.iter().all(|stride| *stride >= 0));
        assert!(last.is_some_and(|last| last < self.len()), "within the view");
        let size = self.dtype.size();
        // SAFETY: the first element is there, as is the last.
        let data = unsafe { self.data.add(start * size) };
        let strides = strides.iter().map(|stride| stride * size as isize).collect();
        Self { data, shape: shape.into(), strides, ..self.clone() }
    }

    /// A view of nothing, of which only dtype and shape mean something.
    pub(crate) fn stand_in(&self, dtype: DType, shape: &[usize]) -> Self {
        let strides = shape.iter().map(|_| 0).collect();
        Self { dtype, shape: shape.into(), strides, ..self.clone() }
    }

    /// The same bytes as elements of another type of the same size.
    pub fn with_dtype(&self, dtype: DType) -> Self {
        assert_eq!(dtype.size(), self.dtype.size(), "a type of the same size");
        Self { dtype, ..self.clone() }
    }

    /// The elements one behind the other: the view itself if they are, else a copy.
    pub fn contiguous(&self) -> Self {
        if self.is_contiguous() && self.is_aligned() {
            return self.clone();
        }
        let mut target = Target::new(self.dtype.clone(), &self.shape);
        target.fill_from(self);
        target.freeze()
    }

    /// The elements in memory of their own (see [`Target::apart`]).
    pub fn apart(&self) -> Self {
        let mut target = Target::apart(self.dtype.clone(), &self.shape);
        target.fill_from(self);
        target.freeze()
    }
}

pub(crate) fn is_contiguous(shape: &[usize], strides: &[isize], size: usize) -> bool {
    if shape.contains(&0) {
        return true;
    }
    let mut expected = size as isize;
    shape.iter().zip(strides).rev().all(|(length, stride)| {
        let fits = *length == 1 || *stride == expected;
        expected *= *length as isize;
        fits
    })
}

impl fmt::Debug for View {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "View({} {:?}, strides {:?})", self.dtype, self.shape, self.strides)
    }
}

/// Types without padding or bit patterns that mean nothing.
///
/// # Safety
/// As the name says.
pub unsafe trait Plain: Copy + 'static {}

macro_rules! plain {
    ($($ty:ty),*) => {
        $(
            // SAFETY: it is a number.
            unsafe impl Plain for $ty {}
        )*
    };
}

plain!(u8, u16, u32, u64, u128, i8, i16, i32, i64, f32, f64, [f32; 2], [f64; 2]);

/// Elements that their one holder writes.
pub struct Target(View);

impl Target {
    /// New memory for a C-contiguous array; the elements are whatever was there.
    pub fn new(dtype: DType, shape: &[usize]) -> Self {
        let bytes = shape.iter().product::<usize>() * dtype.size();
        Self::owning(Memory::new(bytes, false), dtype, shape)
    }

    /// The same as a part of much that memory has no room for: when it goes, its memory is the operating system's
    /// again. An allocator keeps small blocks for whoever asks next, and of thousands there is always one that keeps
    /// the others from going.
    pub fn apart(dtype: DType, shape: &[usize]) -> Self {
        const WORTH_A_CALL: usize = 8 << 10;
        const LARGE_ANYWAY: usize = 1 << 20;
        let bytes = shape.iter().product::<usize>() * dtype.size();
        if !(WORTH_A_CALL..LARGE_ANYWAY).contains(&bytes) {
            return Self::new(dtype, shape);
        }
        Self::owning(Memory::mapped(bytes), dtype, shape)
    }

    /// New memory full of zeros.
    pub fn zeros(dtype: DType, shape: &[usize]) -> Self {
        let bytes = shape.iter().product::<usize>() * dtype.size();
        Self::owning(Memory::new(bytes, true), dtype, shape)
    }

    fn owning(memory: Memory, dtype: DType, shape: &[usize]) -> Self {
        let strides = c_strides(shape, dtype.size());
        let data = memory.data;
        Self(View { data, dtype, shape: shape.into(), strides, owner: Arc::new(memory) })
    }

    /// Memory of somebody else's.
    ///
    /// # Safety
    /// All elements lie in memory that is valid for as long as `owner` lives, and that nobody else reads or
    /// writes for as long as this target, or parts of it, live.
    pub unsafe fn of(
        data: *mut u8,
        dtype: DType,
        shape: Shape,
        strides: Strides,
        owner: Arc<dyn Owner>,
    ) -> Self {
        // SAFETY: as the caller says.
        Self(unsafe { View::new(data, dtype, shape, strides, owner) })
    }

    /// The address of the first element.
    pub fn data(&mut self) -> *mut u8 {
        self.0.data.as_ptr()
    }

    /// What the elements are.
    pub fn dtype(&self) -> &DType {
        &self.0.dtype
    }

    /// How many along each axis.
    pub fn shape(&self) -> &[usize] {
        &self.0.shape
    }

    /// Bytes from one to the next along each axis.
    pub fn strides(&self) -> &[isize] {
        &self.0.strides
    }

    /// Whether the elements lie one behind the other in C order.
    pub fn is_contiguous(&self) -> bool {
        self.0.is_contiguous()
    }

    /// The bytes of all elements, which lie one behind the other.
    pub fn bytes(&mut self) -> &mut [u8] {
        assert!(self.is_contiguous(), "a contiguous target");
        // SAFETY: they are there, and this is their one holder. Memory that nobody has written is read by
        // nobody who does not take any bytes for it.
        unsafe { std::slice::from_raw_parts_mut(self.0.data.as_ptr(), self.0.nbytes()) }
    }

    /// The elements as `T`s, if they lie one behind the other, aligned, and are of that size.
    pub(crate) fn as_slice<T: Plain>(&mut self) -> Option<&mut [T]> {
        let view = &self.0;
        let fits = view.is_contiguous() && view.is_aligned() && view.dtype.size() == size_of::<T>();
        fits.then(|| {
            // SAFETY: as many plain values are there, and this is their one holder.
            unsafe { std::slice::from_raw_parts_mut(view.data.as_ptr().cast(), view.len()) }
        })
    }

    /// A part, which may be written as long as this is not.
    pub fn part(&mut self, region: &[Range<usize>]) -> Part<'_> {
        Part { target: Self(self.0.region(region)), whole: std::marker::PhantomData }
    }

    /// From `start` on every `step`-th along each axis, as [`View::slice`].
    pub fn sliced(&mut self, items: &[(usize, isize, usize)]) -> Part<'_> {
        let mut view = self.0.clone();
        for (axis, &(start, step, length)) in items.iter().enumerate() {
            view.slice_axis(axis, start, step, length);
        }
        Part { target: Self(view), whole: std::marker::PhantomData }
    }

    /// The same elements in another shape; they must lie one behind the other.
    pub fn reshaped(&mut self, shape: &[usize]) -> Part<'_> {
        Part { target: Self(self.0.reshape(shape)), whole: std::marker::PhantomData }
    }

    /// The elements as they are now, to be read before they are written again.
    pub fn peek(&mut self) -> View {
        self.0.clone()
    }

    /// The elements, which nobody writes any more.
    pub fn freeze(self) -> View {
        self.0
    }
}

/// A part of a target, on loan.
pub struct Part<'a> {
    target: Target,
    whole: std::marker::PhantomData<&'a mut Target>,
}

impl std::ops::Deref for Part<'_> {
    type Target = Target;

    fn deref(&self) -> &Target {
        &self.target
    }
}

impl std::ops::DerefMut for Part<'_> {
    fn deref_mut(&mut self) -> &mut Target {
        &mut self.target
    }
}

/// A target whose disjoint parts are written by tasks that run at one time.
pub struct Canvas {
    target: View,
    parts: Vec<(Region, AtomicBool)>,
}

impl Canvas {
    /// Parts of a target; `regions` must be disjoint, as the chunks of a grid are.
    ///
    /// # Panics
    /// If two of them that follow each other overlap.
    pub fn new(target: Target, regions: impl Iterator<Item = Region>) -> Self {
        let parts = regions.map(|region| (region, AtomicBool::new(false))).collect();
        Self { target: target.0, parts }
    }

    /// The part of that number, which must not be on loan already.
    ///
    /// # Panics
    /// If it is.
    pub fn take(&self, number: usize) -> Loan<'_> {
        let (region, taken) = &self.parts[number];
        assert!(!taken.swap(true, Ordering::AcqRel), "a part has one holder");
        Loan { target: Target(self.target.region(region)), taken }
    }

    /// The whole, once nobody writes any more.
    pub fn view(&self) -> View {
        self.target.clone()
    }
}

/// A part of a canvas, which goes back when this is dropped.
pub struct Loan<'a> {
    target: Target,
    taken: &'a AtomicBool,
}

impl std::ops::Deref for Loan<'_> {
    type Target = Target;

    fn deref(&self) -> &Target {
        &self.target
    }
}

impl std::ops::DerefMut for Loan<'_> {
    fn deref_mut(&mut self) -> &mut Target {
        &mut self.target
    }
}

impl Drop for Loan<'_> {
    fn drop(&mut self) {
        self.taken.store(false, Ordering::Release);
    }
}
