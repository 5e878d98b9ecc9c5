//! The memory of a hash table: zeroed slots on huge pages.
//!
//! A table of 32 MB spreads over 8,192 pages of 4 KiB, more than any TLB holds, and then a look-up
//! costs a page walk beside its cache miss: with 2 MiB pages counting 166 million words of a
//! vocabulary of 700,000 took 0.85 of the CPU time (medians of three, interleaved). Most Linux systems
//! give huge pages only to those who ask (`madvise`).

use memmap2::{Advice, MmapMut};
use std::ops::{Deref, DerefMut};

/// One word and its count; `count` is 0 where there is none. Half a cache line.
#[derive(Clone, Copy, Debug, Default, bytemuck::Pod, bytemuck::Zeroable)]
#[repr(C)]
pub(crate) struct Slot {
    // A word of up to 16 bytes, padded with zeros; or a longer one's hash and place in the arena.
    pub low: u64,
    pub high: u64,
    pub length: u64,
    pub count: u64,
}

/// A power of two of slots.
pub(crate) struct Slots(Memory);

enum Memory {
    Heap(Vec<Slot>),
    Pages(MmapMut),
}

/// Below this size huge pages gain nothing.
const LARGE: usize = 4 << 20;

impl Slots {
    pub fn new(capacity: usize) -> Self {
        let bytes = capacity * size_of::<Slot>();
        if bytes >= LARGE
            && let Ok(pages) = MmapMut::map_anon(bytes)
        {
            // A wish: where the system knows no huge pages, small ones do.
            #[cfg(target_os = "linux")]
            let _ = pages.advise(Advice::HugePage);
            return Self(Memory::Pages(pages));
        }
        Self(Memory::Heap(vec![Slot::default(); capacity]))
    }
}

impl Deref for Slots {
    type Target = [Slot];

    #[inline(always)]
    fn deref(&self) -> &[Slot] {
        match &self.0 {
            Memory::Heap(slots) => slots,
            Memory::Pages(pages) => bytemuck::cast_slice(pages),
        }
    }
}

impl DerefMut for Slots {
    #[inline(always)]
    fn deref_mut(&mut self) -> &mut [Slot] {
        match &mut self.0 {
            Memory::Heap(slots) => slots,
            Memory::Pages(pages) => bytemuck::cast_slice_mut(pages),
        }
    }
}
