//! What compiled code and whoever calls it agree on.
//!
//! A program's entry is `i32 entry(ptr context, ptr arguments, ptr result)`: 0 if it returned, else
//! [`FAILED`]. Arguments and result are rows of 8-byte slots, each value in as many as its type takes:
//!
//! | type | slots |
//! | --- | --- |
//! | bool, integers | one, extended as the type says |
//! | float32 | one: its bits in the low half |
//! | float64 | one |
//! | complex64, complex128 | two: the parts, each as a float |
//! | str | two: address of UTF-8 bytes, length |
//! | array | address, owner, a shape slot for each dimension, then a stride slot (bytes) for each |
//! | tuple | its items', one after the other |
//! | list | one: its owner (see [`crate::list`]) |
//! | optional | one (whether there is a value), then the value's |
//! | None | none |
//! | Generator | one: the address of two words, key and counter |
//!
//! An array that is given has no owner (null): the caller keeps it alive. One that is returned brings a
//! reference to its owner, if it has one; what has none is a view of an argument. A list that is given is kept
//! alive by the caller too; one that is returned brings a reference.

use crate::ir::Runtime;
use crate::types::{Scalar, Type};

/// What an entry returns if something was raised; the context says what.
pub const FAILED: i32 = 1;

/// How a message's values look in [`Context::values`].
pub const MAX_VALUES: usize = 4;

/// What compiled code is given beside its arguments; `repr(C)`, all fields of 8 bytes.
#[repr(C)]
#[derive(Debug)]
pub struct Context {
    /// Not 0 if somebody asks the kernel to call [`Callbacks::poll`]; looked at in every round of loops.
    pub alarm: *const u64,
    /// Of random numbers: which stream,
    pub key: u64,
    /// and how many have been drawn.
    pub counter: u64,
    /// Set by a failure: which one of the program's `Raise` (see `llvm::Module::raises`),
    pub site: u64,
    /// and the values in its message (bits; a float64's own).
    pub values: [u64; MAX_VALUES],
    /// What the runtime does for kernels.
    pub callbacks: *const Callbacks,
    /// Whoever calls: for callbacks.
    pub user: *mut std::ffi::c_void,
    /// Address of bytes that `print` has left for the caller to show, managed by `Callbacks::print`.
    pub output: *mut std::ffi::c_void,
    /// What a program that counts ([`crate::count`]) has done: operations,
    pub operations: u64,
    /// and bytes.
    pub bytes: u64,
}

/// The body of a parallel loop: rounds `from..to` of it, with the closure that holds what it reads, and the
/// chunk's own reductions' partials (slots) to be filled. Returns as an entry does.
pub type Body = unsafe extern "C" fn(
    context: *mut Context,
    closure: *const u8,
    from: i64,
    to: i64,
    partials: *mut u8,
) -> i32;

/// Functions that compiled code calls by address.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct Callbacks {
    /// Memory for an array of so many bytes with a reference count of 1 in front, and a 0 at [`KIND`]; zeroed
    /// if asked. Returns the *owner*: the elements begin at `owner + HEADER`. Null if there is none.
    pub allocate: unsafe extern "C" fn(bytes: u64, zeroed: u64) -> *mut u8,
    /// Frees an owner whose count has come to 0; of a list, gives back its items first
    /// ([`crate::list::clear`]).
    pub free: unsafe extern "C" fn(owner: *mut u8),
    /// Called when the alarm is set: not 0 if the kernel is to end (it then returns [`FAILED`] at once).
    pub poll: unsafe extern "C" fn(context: *mut Context) -> i32,
    /// Runs `body` over `count` rounds in [`chunks`] chunks, on all cores; `partials` has `stride` bytes for
    /// each chunk. Each chunk has a context of its own with a random stream of its own ([`chunk_key`]); when
    /// all have ended, `context.counter` has gone on by 1, so that the next loop's streams are others.
    pub parallel: unsafe extern "C" fn(
        context: *mut Context,
        body: Body,
        closure: *const u8,
        count: i64,
        partials: *mut u8,
        stride: u64,
    ) -> i32,
    /// Prints so many values: `kinds` says what each is ([`PrintKind`]), `values` holds their slots.
    pub print: unsafe extern "C" fn(
        context: *mut Context,
        count: u64,
        kinds: *const u8,
        values: *const u64,
    ),
    /// Linear algebra: which (see [`linalg`]), and its array arguments' slots one behind the other; see
    /// [`Runtime`] for what it returns (a float64 as its bits).
    pub linalg: unsafe extern "C" fn(which: u64, slots: *const u64) -> i64,
    /// [`crate::list::shift`].
    pub shift: unsafe extern "C" fn(
        callbacks: *const Callbacks,
        list: *mut u8,
        at: u64,
        by: i64,
        slots: u64,
        owners: u64,
    ) -> i32,
}

/// Bytes in front of an array's elements: the reference count, and room so that they are aligned.
pub const HEADER: usize = 64;

/// Where an owner says that it is a list's: a word there is 1.
pub const KIND: usize = 56;

/// What a printed value is.
#[repr(u8)]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub enum PrintKind {
    Int = 0,
    Unsigned = 1,
    Float = 2,
    Bool = 3,
    /// Two slots.
    Str = 4,
    /// Two slots.
    Complex = 5,
    None = 6,
    Float32 = 7,
}

/// How many chunks a parallel loop of `count` rounds has; so that the answer is the same on any number of
/// cores, it depends on nothing else.
pub fn chunks(count: i64) -> i64 {
    count.clamp(0, MAX_CHUNKS)
}

/// The most chunks of a parallel loop.
pub const MAX_CHUNKS: i64 = 64;

/// The rounds of a chunk.
pub fn chunk(count: i64, number: i64) -> (i64, i64) {
    let chunks = i128::from(chunks(count).max(1));
    let bound = |number: i64| (i128::from(count) * i128::from(number) / chunks) as i64;
    (bound(number), bound(number + 1))
}

/// The stream of random numbers of a chunk of a run whose stream is `key`, `counter`.
pub fn chunk_key(key: u64, counter: u64, chunk: i64) -> u64 {
    mix(mix(key ^ mix(counter)).wrapping_add(chunk.cast_unsigned().wrapping_mul(GAMMA)))
}

/// What a counter is multiplied with: an odd number near 2⁶⁴ divided by the golden ratio.
pub const GAMMA: u64 = 0x9e37_79b9_7f4a_7c15;

/// 64 random bits: SplitMix64's output function (Steele, Lea, Flood: Fast splittable pseudorandom number
/// generators, 2014; constants by Stafford's variant 13). The n-th number of stream `key` is
/// `mix(key + n * GAMMA)`, n from 1.
pub fn mix(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// The n-th 64 random bits of a stream, n from 1.
pub fn random_bits(key: u64, n: u64) -> u64 {
    mix(key.wrapping_add(n.wrapping_mul(GAMMA)))
}

/// The float64 in [0, 1) that 64 random bits stand for: the upper 53 of them.
pub fn unit(bits: u64) -> f64 {
    (bits >> 11) as f64 * (1.0 / (1_u64 << 53) as f64)
}

/// The stream that a seed begins; its counter is 0.
pub fn seed_key(seed: i64) -> u64 {
    mix(seed.cast_unsigned())
}

/// What [`Callbacks::linalg`] is to do, and the type of the arrays' elements.
pub fn linalg(which: Runtime, dtype: Scalar) -> u64 {
    which as u64 + LINALG_DTYPE * dtype as u64
}

/// How often a dtype (its number in [`Scalar::ALL`]) is in [`linalg`].
pub const LINALG_DTYPE: u64 = 256;

/// How many slots a value of a type takes.
pub fn slots(ty: &Type) -> usize {
    match ty {
        Type::Unknown | Type::None | Type::Object(_) => 0,
        Type::Scalar(scalar, _) => 1 + usize::from(scalar.is_complex()),
        Type::Str => 2,
        Type::Array(array) => 2 + 2 * usize::from(array.ndim),
        Type::Tuple(items, _) => items.iter().map(slots).sum(),
        Type::Optional(inner) => 1 + slots(inner),
        Type::List(_) | Type::Generator => 1,
    }
}

/// Which slots of a value hold owners, the value's slots beginning at `place`.
pub fn owners(ty: &Type, place: usize) -> Vec<usize> {
    let mut found = Vec::new();
    each_owner(ty, place, &mut |place, _| found.push(place));
    found
}

/// Calls `each` with every slot of a value that holds an owner, and whether that is a list's.
pub fn each_owner(ty: &Type, place: usize, each: &mut dyn FnMut(usize, bool)) {
    match ty {
        Type::Array(_) => each(place + 1, false),
        Type::List(_) => each(place, true),
        Type::Optional(inner) => each_owner(inner, place + 1, each),
        Type::Tuple(items, _) => {
            let mut at = place;
            for item in items.iter() {
                each_owner(item, at, each);
                at += slots(item);
            }
        }
        _ => {}
    }
}
