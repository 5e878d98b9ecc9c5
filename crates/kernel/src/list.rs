//! Lists in memory, and how they grow.
//!
//! A list is an owner, as an array's memory is one (see [`crate::abi`]), with a 1 at [`KIND`]; behind the
//! header stand its fields. Its items lie one after the other in memory that it alone owns, each as a row of
//! slots. Compiled code reads the fields and writes items itself; what moves items is here.
#![allow(unsafe_code)]

use crate::abi::{Callbacks, HEADER, KIND, owners, slots};
use crate::types::Type;
use std::alloc::{Layout, alloc, dealloc, realloc};
use std::sync::atomic::{AtomicU64, Ordering};

/// The most slots of an item: which of them are owners is a bit of a word each.
pub const MOST_SLOTS: usize = 64;

/// What stands behind a list's header.
#[repr(C)]
#[derive(Debug)]
pub struct Fields {
    /// The first item's first slot.
    pub items: *mut u64,
    /// How many items there are,
    pub length: u64,
    /// and how many there is room for.
    pub capacity: u64,
    /// How many slots an item has,
    pub slots: u64,
    /// and which of them are owners, by their bits.
    pub owners: u64,
}

/// Where [`Fields::items`] is, from the owner on; the length and the capacity stand behind it.
pub const ITEMS: usize = HEADER;
/// Where [`Fields::length`] is.
pub const LENGTH: usize = HEADER + 8;
/// Where [`Fields::capacity`] is.
pub const CAPACITY: usize = HEADER + 16;

/// The slots of an item, and which of them are owners.
pub fn shape(item: &Type) -> (u64, u64) {
    let bits = owners(item, 0).into_iter().fold(0, |bits, at| bits | 1 << at);
    (slots(item) as u64, bits)
}

/// A new list, whose owner has one reference; null if there is no memory.
///
/// # Safety
/// The callbacks may be called.
pub unsafe fn new(callbacks: &Callbacks) -> *mut u8 {
    // SAFETY: as the caller says; the owner has room for what is written.
    unsafe {
        let owner = (callbacks.allocate)(size_of::<Fields>() as u64, 1);
        if !owner.is_null() {
            owner.add(KIND).cast::<u64>().write(1);
        }
        owner
    }
}

/// A list's fields.
///
/// # Safety
/// It is a list, which lives as long as the fields are used, by nobody else meanwhile.
pub unsafe fn fields<'a>(list: *mut u8) -> &'a mut Fields {
    // SAFETY: as the caller says.
    unsafe { &mut *list.add(HEADER).cast::<Fields>() }
}

/// Makes room for `by` items at `at` (their slots are 0), or takes out `-by` of them; not 0 if there is no
/// memory.
///
/// # Safety
/// The list is one of items of so many slots of which these are owners, nobody else uses it meanwhile, and
/// it has `at` items, and `-by` behind them.
pub unsafe extern "C" fn shift(
    callbacks: *const Callbacks,
    list: *mut u8,
    at: u64,
    by: i64,
    slots: u64,
    owners: u64,
) -> i32 {
    // SAFETY: as the caller says.
    let (callbacks, list) = unsafe { (&*callbacks, fields(list)) };
    (list.slots, list.owners) = (slots, owners);
    let (width, at) = (slots as usize, at as usize);
    let length = list.length as usize;
    if by >= 0 {
        let Some(wanted) = list.length.checked_add(by.cast_unsigned()) else { return 1 };
        // SAFETY: the list's memory is its own.
        if wanted > list.capacity && !unsafe { reserve(list, wanted) } {
            return 1;
        }
        // SAFETY: there is room for as many items as are wanted.
        unsafe {
            let from = list.items.add(at * width);
            let room = by as usize * width;
            from.copy_to(from.add(room), (length - at) * width);
            from.write_bytes(0, room);
        }
        list.length = wanted;
        return 0;
    }
    let count = by.unsigned_abs() as usize;
    // SAFETY: the items are there.
    unsafe {
        let from = list.items.add(at * width);
        give_back(from, count, width, owners, callbacks.free);
        from.add(count * width).copy_to(from, (length - at - count) * width);
    }
    list.length -= count as u64;
    0
}

/// The memory of so many items.
fn layout(capacity: u64, slots: u64) -> Option<Layout> {
    let words = usize::try_from(capacity.checked_mul(slots.max(1))?).ok()?;
    Layout::array::<u64>(words).ok()
}

/// Room for so many items, and half as many again. Whether there is.
///
/// # Safety
/// As for [`shift`].
unsafe fn reserve(list: &mut Fields, wanted: u64) -> bool {
    let capacity = wanted.saturating_add(list.capacity / 2).max(8);
    let Some(new) = layout(capacity, list.slots) else { return false };
    let items = match layout(list.capacity, list.slots) {
        // SAFETY: the list's items are in memory of that layout.
        Some(old) if !list.items.is_null() => unsafe {
            realloc(list.items.cast(), old, new.size())
        },
        // SAFETY: the size is not 0.
        _ => unsafe { alloc(new) },
    };
    if items.is_null() {
        return false;
    }
    (list.items, list.capacity) = (items.cast(), capacity);
    true
}

/// Gives back all that a list holds, and the memory of its items: for whoever frees its owner.
///
/// # Safety
/// It is a list that nobody has a reference to.
pub unsafe fn clear(owner: *mut u8, free: unsafe extern "C" fn(*mut u8)) {
    // SAFETY: as the caller says.
    unsafe {
        let list = fields(owner);
        if list.items.is_null() {
            return;
        }
        give_back(list.items, list.length as usize, list.slots as usize, list.owners, free);
        if let Some(layout) = layout(list.capacity, list.slots) {
            dealloc(list.items.cast(), layout);
        }
    }
}

/// Gives back what so many items own.
///
/// # Safety
/// They are items, and not used again.
unsafe fn give_back(
    items: *const u64,
    count: usize,
    width: usize,
    owners: u64,
    free: unsafe extern "C" fn(*mut u8),
) {
    if owners == 0 {
        return;
    }
    for item in 0..count {
        for slot in (0..width).filter(|slot| owners >> slot & 1 == 1) {
            // SAFETY: the slot is one of the item's, and an owner or 0.
            unsafe { release(items.add(item * width + slot).read(), free) };
        }
    }
}

/// One more reference to an owner, if it is one.
///
/// # Safety
/// It lives.
pub unsafe fn retain(owner: u64) {
    if owner != 0 {
        // SAFETY: an owner begins with an aligned word that counts references.
        unsafe { count(owner) }.fetch_add(1, Ordering::Relaxed);
    }
}

/// One reference less to an owner, if it is one; the last one frees it.
///
/// # Safety
/// The reference was the caller's.
pub unsafe fn release(owner: u64, free: unsafe extern "C" fn(*mut u8)) {
    // SAFETY: as the caller says.
    unsafe {
        if owner != 0 && count(owner).fetch_sub(1, Ordering::AcqRel) == 1 {
            free(std::ptr::with_exposed_provenance_mut(owner as usize));
        }
    }
}

unsafe fn count<'a>(owner: u64) -> &'a AtomicU64 {
    // SAFETY: as the callers say.
    unsafe { AtomicU64::from_ptr(std::ptr::with_exposed_provenance_mut(owner as usize)) }
}
