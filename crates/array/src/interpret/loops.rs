//! Loops over a block's elements, made of functions on single ones.
//!
//! Each function becomes a loop of its own, which the compiler makes vectors of: once for any
//! processor, and once for those with AVX2. A function has no state, so a loop is an address, and
//! its elements may lie anywhere.
#![allow(unsafe_code)]

use kernel::interpret::Complex;
use std::marker::PhantomData;
use std::mem::MaybeUninit;
use std::ptr::NonNull;

/// An operand of a loop.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Operand {
    /// Its first element.
    pub data: *const u8,
    /// Whether there is no other: it is the same all along.
    pub repeated: bool,
}

impl Operand {
    /// One of its elements.
    ///
    /// # Safety
    /// It is there, and of that type.
    #[inline(always)]
    unsafe fn element<T: Element>(self, place: usize) -> T {
        let place = if self.repeated { 0 } else { place };
        // SAFETY: as the caller says.
        unsafe { self.data.cast::<T>().add(place).read_unaligned() }
    }
}

/// Applies a function to as many elements as the first argument says.
///
/// # Safety
/// The operands are as many and of the types that the function takes; each has so many elements, or
/// one that is repeated; there is room for so many results, apart from the operands.
pub(crate) type Loop = unsafe fn(usize, &[Operand], *mut u8);

/// Types of elements: all of their bytes mean something.
///
/// # Safety
/// They are initialised memory of any bit pattern; `bool` is only ever written.
pub(crate) unsafe trait Element: Copy + 'static {}

macro_rules! elements {
    ($($ty:ty),*) => {$(
        // SAFETY: these are numbers.
        unsafe impl Element for $ty {}
    )*};
}

elements!(bool, u8, u16, u32, u64, [u64; 2], i8, i16, i32, i64, f32, f64);
elements!(Complex<f32>, Complex<f64>);

/// An element at any address.
#[derive(Clone, Copy)]
#[repr(C, packed)]
pub(crate) struct Loose<T>(pub T);

/// The only value of a function's type.
#[inline(always)]
pub(crate) fn instance<F: Copy>() -> F {
    const { assert!(size_of::<F>() == 0, "a function without state") };
    // SAFETY: the type has no bytes to read, and a value of it was given to whoever made the loop.
    unsafe { NonNull::<F>::dangling().read() }
}

/// Elements as a slice.
///
/// # Safety
/// They are there, for as long as the slice is used.
#[inline(always)]
pub(crate) unsafe fn slice<'a, T: Element>(data: *const u8, length: usize) -> &'a [Loose<T>] {
    // SAFETY: as the caller says; they have no alignment.
    unsafe { std::slice::from_raw_parts(data.cast(), length) }
}

/// Room for elements.
///
/// # Safety
/// It is there, and nobody else's as long as the slice is used.
#[inline(always)]
pub(crate) unsafe fn room<'a, T: Element>(
    data: *mut u8,
    length: usize,
) -> &'a mut [MaybeUninit<Loose<T>>] {
    // SAFETY: as the caller says.
    unsafe { std::slice::from_raw_parts_mut(data.cast(), length) }
}

/// What a loop does, compiled within a function that may use more of the processor.
trait Body {
    /// See [`Loop`].
    ///
    /// # Safety
    /// See [`Loop`].
    unsafe fn run(length: usize, operands: &[Operand], out: *mut u8);
}

/// The loop for this processor.
fn chosen<B: Body>() -> Loop {
    unsafe fn any<B: Body>(length: usize, operands: &[Operand], out: *mut u8) {
        // SAFETY: as the caller says.
        unsafe { B::run(length, operands, out) }
    }
    #[cfg(target_arch = "x86_64")]
    {
        #[target_feature(enable = "avx2")]
        unsafe fn avx2<B: Body>(length: usize, operands: &[Operand], out: *mut u8) {
            // SAFETY: as the caller says.
            unsafe { B::run(length, operands, out) }
        }
        if is_x86_feature_detected!("avx2") {
            return avx2::<B>;
        }
    }
    any::<B>
}

/// Applies a function to each element.
#[inline(always)]
fn each<A: Element, R: Element>(
    out: &mut [MaybeUninit<Loose<R>>],
    a: &[Loose<A>],
    f: impl Fn(A) -> R,
) {
    for (out, a) in out.iter_mut().zip(a) {
        out.write(Loose(f(a.0)));
    }
}

/// Applies a function to each pair of elements.
#[inline(always)]
fn each_pair<A: Element, B: Element, R: Element>(
    out: &mut [MaybeUninit<Loose<R>>],
    a: &[Loose<A>],
    b: &[Loose<B>],
    f: impl Fn(A, B) -> R,
) {
    for ((out, a), b) in out.iter_mut().zip(a).zip(b) {
        out.write(Loose(f(a.0, b.0)));
    }
}

struct One<F, A, R>(PhantomData<(F, A, R)>);

impl<A: Element, R: Element, F: Copy + Fn(A) -> R> Body for One<F, A, R> {
    #[inline(always)]
    unsafe fn run(length: usize, operands: &[Operand], out: *mut u8) {
        // SAFETY: the caller says that the elements and the room are there.
        let (out, a) = unsafe { (room::<R>(out, length), slice::<A>(operands[0].data, length)) };
        each(out, a, instance::<F>());
    }
}

struct Two<F, A, B, R>(PhantomData<(F, A, B, R)>);

impl<A: Element, B: Element, R: Element, F: Copy + Fn(A, B) -> R> Body for Two<F, A, B, R> {
    #[inline(always)]
    unsafe fn run(length: usize, operands: &[Operand], out: *mut u8) {
        let f = instance::<F>();
        let [a, b] = [operands[0], operands[1]];
        // SAFETY: the caller says that the elements and the room are there.
        unsafe {
            let out = room::<R>(out, length);
            if a.repeated && length > 1 {
                let a = a.element::<A>(0);
                each(out, slice::<B>(b.data, length), move |b| f(a, b));
            } else if b.repeated && length > 1 {
                let b = b.element::<B>(0);
                each(out, slice::<A>(a.data, length), move |a| f(a, b));
            } else {
                each_pair(out, slice::<A>(a.data, length), slice::<B>(b.data, length), f);
            }
        }
    }
}

struct Select<T>(PhantomData<T>);

impl<T: Element> Body for Select<T> {
    #[inline(always)]
    unsafe fn run(length: usize, operands: &[Operand], out: *mut u8) {
        let [condition, a, b] = [operands[0], operands[1], operands[2]];
        let pick = |condition: u8, a: T, b: T| if condition != 0 { a } else { b };
        // SAFETY: the caller says that the elements and the room are there.
        unsafe {
            let first = |operand: Operand| operand.element::<T>(0);
            let all = |operand: Operand| slice::<T>(operand.data, length);
            let out = room::<T>(out, length);
            if condition.repeated {
                let picked = if *condition.data != 0 { a } else { b };
                if picked.repeated {
                    let value = first(picked);
                    out.iter_mut().for_each(|out| _ = out.write(Loose(value)));
                } else {
                    each(out, all(picked), |value: T| value);
                }
                return;
            }
            let condition = slice::<u8>(condition.data, length);
            match (a.repeated, b.repeated) {
                (false, false) => {
                    for (((out, condition), a), b) in
                        out.iter_mut().zip(condition).zip(all(a)).zip(all(b))
                    {
                        out.write(Loose(pick(condition.0, a.0, b.0)));
                    }
                }
                (true, false) => {
                    let a = first(a);
                    each_pair(out, condition, all(b), |condition, b| pick(condition, a, b));
                }
                (false, true) => {
                    let b = first(b);
                    each_pair(out, condition, all(a), |condition, a| pick(condition, a, b));
                }
                (true, true) => {
                    let (a, b) = (first(a), first(b));
                    each(out, condition, |condition| pick(condition, a, b));
                }
            }
        }
    }
}

/// The loop of a function of one element.
pub(crate) fn one<A: Element, R: Element, F: Copy + Fn(A) -> R>(_: F) -> Loop {
    chosen::<One<F, A, R>>()
}

/// The loop of a function of two.
pub(crate) fn two<A: Element, B: Element, R: Element, F>(_: F) -> Loop
where
    F: Copy + Fn(A, B) -> R,
{
    chosen::<Two<F, A, B, R>>()
}

/// The loop of `where`: a truth value, and two elements of which it picks one.
pub(crate) fn select<T: Element>() -> Loop {
    chosen::<Select<T>>()
}

/// The loop of a function of two elements that takes so long that nothing is gained by vectors.
pub(crate) fn long<A: Element, B: Element, R: Element, F>(_: F) -> Loop
where
    F: Copy + Fn(A, B) -> R,
{
    unsafe fn run<A: Element, B: Element, R: Element, F: Copy + Fn(A, B) -> R>(
        length: usize,
        operands: &[Operand],
        out: *mut u8,
    ) {
        let f = instance::<F>();
        let [a, b] = [operands[0], operands[1]];
        // SAFETY: the caller says that the elements and the room are there.
        unsafe {
            for (place, out) in room::<R>(out, length).iter_mut().enumerate() {
                out.write(Loose(f(a.element(place), b.element(place))));
            }
        }
    }
    run::<A, B, R, F>
}

/// The loop of such a function `f` of two elements, and of `g` of the first alone where the second is
/// `special` and the same all along.
pub(crate) fn long_unless<T: Element, F, S, G>(_: F, _special: S, _: G) -> Loop
where
    F: Copy + Fn(T, T) -> T,
    S: Copy + Fn(T) -> bool,
    G: Copy + Fn(T) -> T,
{
    unsafe fn run<T: Element, F, S, G>(length: usize, operands: &[Operand], out: *mut u8)
    where
        F: Copy + Fn(T, T) -> T,
        S: Copy + Fn(T) -> bool,
        G: Copy + Fn(T) -> T,
    {
        let [a, b] = [operands[0], operands[1]];
        let (f, special, g) = (instance::<F>(), instance::<S>(), instance::<G>());
        // SAFETY: the caller says that the elements and the room are there.
        unsafe {
            let is_special = b.repeated && special(b.element(0));
            for (place, out) in room::<T>(out, length).iter_mut().enumerate() {
                let a = a.element(place);
                out.write(Loose(if is_special { g(a) } else { f(a, b.element(place)) }));
            }
        }
    }
    run::<T, F, S, G>
}

/// The loop of such a function of three elements of one type.
pub(crate) fn long_three<T: Element, F: Copy + Fn(T, T, T) -> T>(_: F) -> Loop {
    unsafe fn run<T: Element, F: Copy + Fn(T, T, T) -> T>(
        length: usize,
        operands: &[Operand],
        out: *mut u8,
    ) {
        let f = instance::<F>();
        // SAFETY: the caller says that the elements and the room are there.
        unsafe {
            for (place, out) in room::<T>(out, length).iter_mut().enumerate() {
                let [a, b, c] = [0, 1, 2].map(|number| operands[number].element(place));
                out.write(Loose(f(a, b, c)));
            }
        }
    }
    run::<T, F>
}
