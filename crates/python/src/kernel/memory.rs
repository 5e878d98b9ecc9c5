//! Memory of arrays that compiled functions make: counted references, and a block that Python can hold.

use manycore::kernel::abi::{HEADER, KIND};
use manycore::kernel::list;
use pyo3::prelude::*;
use std::sync::atomic::{AtomicU64, Ordering};

/// What stands in front of an array's elements; at an address that is a multiple of [`HEADER`].
#[repr(C)]
struct Header {
    /// Compiled code counts here too.
    references: AtomicU64,
    /// What `malloc` gave.
    block: *mut libc::c_void,
    unused: [u64; KIND / 8 - 2],
    /// 1 if it is a list's.
    kind: u64,
}

/// `kernel::abi::Callbacks::allocate`. By `calloc`, whose large blocks are zeros without being touched.
pub extern "C" fn allocate(bytes: u64, zeroed: u64) -> *mut u8 {
    // Room to move up to the next multiple of HEADER.
    let Some(size) = usize::try_from(bytes).ok().and_then(|bytes| bytes.checked_add(2 * HEADER))
    else {
        return std::ptr::null_mut();
    };
    // SAFETY: the block is looked at before it is used, and its header is written within it.
    unsafe {
        let block = if zeroed != 0 { libc::calloc(size, 1) } else { libc::malloc(size) };
        if block.is_null() {
            return std::ptr::null_mut();
        }
        let owner = block.cast::<u8>().add(block.align_offset(HEADER));
        owner.cast::<Header>().write(Header {
            references: AtomicU64::new(1),
            block,
            unused: [0; KIND / 8 - 2],
            kind: 0,
        });
        owner
    }
}

/// `kernel::abi::Callbacks::free`.
///
/// # Safety
/// The owner is [`allocate`]'s, and nobody has a reference to it.
pub unsafe extern "C" fn free(owner: *mut u8) {
    // SAFETY: the caller vouches for the owner, whose header says what it is and which block it is in.
    unsafe {
        let header = owner.cast::<Header>();
        if (*header).kind != 0 {
            list::clear(owner, free);
        }
        libc::free((*header).block);
    }
}

/// One reference to the memory of an array, held by Python's arrays.
#[pyclass(frozen, module = "manycore._core")]
pub struct Memory(usize);

impl Memory {
    /// Takes over a reference that compiled code has given.
    ///
    /// # Safety
    /// It has.
    pub unsafe fn new(owner: *mut u8) -> Self {
        Self(owner.expose_provenance())
    }
}

impl Drop for Memory {
    fn drop(&mut self) {
        let owner = std::ptr::with_exposed_provenance_mut::<u8>(self.0);
        // SAFETY: the reference is ours; whoever gives the last one back frees.
        unsafe {
            let references = &(*owner.cast::<Header>()).references;
            if references.fetch_sub(1, Ordering::AcqRel) == 1 {
                free(owner);
            }
        }
    }
}
