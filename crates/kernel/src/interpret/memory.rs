//! All that the interpreter does to memory that is not its own.
//!
//! A [`Memory`] is a promise: whoever makes one vouches for the context, the arguments and the program,
//! and with that for every address that the program computes. So the rest of the interpreter is safe code.
#![allow(unsafe_code)]

use super::scalar::Word;
use super::{Failure, Interpreter};
use crate::abi::{Callbacks, Context};
use crate::list;
use crate::types::{Scalar, Type};
use std::sync::atomic::{AtomicU64, Ordering};

impl Interpreter {
    /// Runs the program on slots, as [`crate::abi`] says of compiled code.
    ///
    /// # Errors
    /// What the program raises.
    ///
    /// # Safety
    /// The program's indices are within its arrays; the context's addresses are valid; `arguments` are the
    /// slots of values of the first function's parameters' types, and there is room for one of its result's
    /// at `result`.
    pub unsafe fn run(
        &self,
        context: &mut Context,
        arguments: *const u64,
        result: *mut u64,
    ) -> Result<(), Failure> {
        let slots = |address: *const u64, count: usize| {
            // SAFETY: There are as many slots as the parameters' types take, the caller promises.
            (0..count).map(move |slot| unsafe { address.add(slot).read() })
        };
        let arguments = slots(arguments, self.arguments()).collect();
        let values = self.enter(Memory { context }, arguments)?;
        for (slot, value) in values.into_iter().enumerate() {
            // SAFETY: There is room for the result's slots, the caller promises.
            unsafe { result.add(slot).write(value) };
        }
        Ok(())
    }
}

/// The memory of a run. Addresses are words, as slots hold them.
pub(super) struct Memory {
    context: *mut Context,
}

impl Memory {
    fn context(&mut self) -> &mut Context {
        // SAFETY: The context outlives the run and is used by nobody else meanwhile.
        unsafe { &mut *self.context }
    }

    fn callbacks(&mut self) -> Callbacks {
        let callbacks = self.context().callbacks;
        // SAFETY: The context's addresses are valid.
        unsafe { *callbacks }
    }

    /// Reads an element. It may lie anywhere: NumPy's arrays need not be aligned.
    pub(super) fn load(&self, scalar: Scalar, address: u64) -> u64 {
        fn read<T: Word>(address: u64) -> u64 {
            // SAFETY: The program reads elements of arrays only.
            unsafe { pointer::<T>(address).read_unaligned() }.word()
        }
        match scalar {
            // Any byte but 0 is true; a Rust `bool` must be 0 or 1.
            Scalar::Bool => u64::from(read::<u8>(address) != 0),
            Scalar::I8 => read::<i8>(address),
            Scalar::I16 => read::<i16>(address),
            Scalar::I32 => read::<i32>(address),
            Scalar::I64 => read::<i64>(address),
            Scalar::U8 => read::<u8>(address),
            Scalar::U16 => read::<u16>(address),
            Scalar::U32 => read::<u32>(address),
            Scalar::U64 => read::<u64>(address),
            Scalar::F32 | Scalar::C64 => read::<f32>(address),
            Scalar::F64 | Scalar::C128 => read::<f64>(address),
        }
    }

    /// Writes an element.
    pub(super) fn store(&mut self, scalar: Scalar, address: u64, word: u64) {
        fn write<T: Word>(address: u64, word: u64) {
            // SAFETY: The program writes elements of arrays only.
            unsafe { pointer::<T>(address).write_unaligned(T::of(word)) }
        }
        match scalar.size() / (1 + usize::from(scalar.is_complex())) {
            1 => write::<u8>(address, word),
            2 => write::<u16>(address, word),
            4 => write::<u32>(address, word),
            _ => write::<u64>(address, word),
        }
    }

    /// A text's bytes.
    pub(super) fn text(&self, [address, length]: [u64; 2]) -> &[u8] {
        // SAFETY: A text's slots are the address of so many bytes, which nobody changes.
        unsafe { std::slice::from_raw_parts(pointer(address), length as usize) }
    }

    /// Memory for a new array, which has one reference; nothing if there is not as much.
    pub(super) fn allocate(&mut self, bytes: u64, zeroed: bool) -> Option<u64> {
        // SAFETY: The callback may be called with any size.
        let owner = unsafe { (self.callbacks().allocate)(bytes, zeroed.into()) };
        (!owner.is_null()).then(|| owner.expose_provenance() as u64)
    }

    /// Takes one more reference to an array's memory or a list, if anybody counts them.
    pub(super) fn retain(&mut self, owner: u64) {
        // SAFETY: The owners that slots hold live.
        unsafe { list::retain(owner) }
    }

    /// Gives a reference back.
    pub(super) fn release(&mut self, owner: u64) {
        let free = self.callbacks().free;
        // SAFETY: The reference was the frame's.
        unsafe { list::release(owner, free) }
    }

    /// A new list; nothing if there is no memory.
    pub(super) fn new_list(&mut self) -> Option<u64> {
        // SAFETY: The callbacks may be called.
        let owner = unsafe { list::new(&self.callbacks()) };
        (!owner.is_null()).then(|| owner.expose_provenance() as u64)
    }

    /// How many items a list has.
    pub(super) fn length(&self, list: u64) -> u64 {
        // SAFETY: The slot is that of a list which lives.
        unsafe { list::fields(pointer(list)) }.length
    }

    /// The slots of an item, which is there.
    pub(super) fn item(&mut self, list: u64, index: u64, width: usize) -> &mut [u64] {
        // SAFETY: The slot is that of a list, whose items have so many slots; nobody else uses it.
        unsafe {
            let items = list::fields(pointer(list)).items;
            if width == 0 {
                return &mut [];
            }
            std::slice::from_raw_parts_mut(items.add(index as usize * width), width)
        }
    }

    /// Moves a list's items; whether there was memory.
    pub(super) fn shift(&mut self, list: u64, at: u64, by: i64, item: &Type) -> bool {
        let (slots, owners) = list::shape(item);
        let callbacks = self.callbacks();
        // SAFETY: The list is one of such items, and those that are taken out are there.
        unsafe {
            (callbacks.shift)(&raw const callbacks, pointer(list), at, by, slots, owners) == 0
        }
    }

    /// Whether the run is to end.
    pub(super) fn is_interrupted(&mut self) -> bool {
        let alarm = self.context().alarm;
        // SAFETY: The alarm is an aligned word that others write at any time.
        let rings = unsafe { AtomicU64::from_ptr(alarm.cast_mut()) }.load(Ordering::Relaxed) != 0;
        // SAFETY: The callback is called with the context that it came in.
        rings && unsafe { (self.callbacks().poll)(self.context) } != 0
    }

    /// The stream of random numbers that the program draws from: its key and counter.
    pub(super) fn stream(&mut self) -> (&mut u64, &mut u64) {
        let context = self.context();
        (&mut context.key, &mut context.counter)
    }

    /// Adds to what the run has done.
    pub(super) fn count(&mut self, operations: u64, bytes: u64) {
        let context = self.context();
        context.operations = context.operations.wrapping_add(operations);
        context.bytes = context.bytes.wrapping_add(bytes);
    }

    /// The stream of a generator: the address of its key, then its counter.
    pub(super) fn generator(&mut self, address: u64) -> (&mut u64, &mut u64) {
        // SAFETY: A generator's slot is the address of two words, which nobody else uses meanwhile.
        let [key, counter] = unsafe { &mut *pointer::<[u64; 2]>(address) };
        (key, counter)
    }

    /// Prints values.
    pub(super) fn print(&mut self, kinds: &[u8], values: &[u64]) {
        let print = self.callbacks().print;
        // SAFETY: There are as many kinds as it says, and the slots that they call for.
        unsafe { print(self.context, kinds.len() as u64, kinds.as_ptr(), values.as_ptr()) }
    }

    /// Calls linear algebra on arrays.
    pub(super) fn linalg(&mut self, which: u64, slots: &[u64]) -> i64 {
        // SAFETY: The slots are those of arrays of the shapes that the operation wants.
        unsafe { (self.callbacks().linalg)(which, slots.as_ptr()) }
    }
}

fn pointer<T>(address: u64) -> *mut T {
    std::ptr::with_exposed_provenance_mut(address as usize)
}
