//! Which task a process is in, where another can read it after the process has died.
//!
//! A page of shared memory without a name, with one number in it: to store it costs the worker no
//! system call, and whatever kills the worker, what it stored last is there.
//!
//! ```
//! use channel::Marker;
//!
//! let (parents, descriptor) = Marker::new(7)?;
//! let workers = Marker::open(descriptor)?;
//! assert_eq!(workers.get(), 7);
//! workers.set(42);
//! assert_eq!(parents.get(), 42);
//! # Ok::<(), std::io::Error>(())
//! ```

use memmap2::MmapRaw;
use rustix::fs::{MemfdFlags, SealFlags, fcntl_add_seals, fcntl_get_seals, memfd_create};
use std::fs::File;
use std::io;
use std::os::fd::OwnedFd;
use std::sync::atomic::{AtomicU64, Ordering};

const LENGTH: u64 = size_of::<u64>() as u64;

/// What is mapped can't be cut off.
const SEALS: SealFlags = SealFlags::GROW.union(SealFlags::SHRINK).union(SealFlags::SEAL);

/// A number that two processes share.
#[derive(Debug)]
pub struct Marker {
    map: MmapRaw,
}

impl Marker {
    /// A new one at `number`, and the descriptor by which another process opens it.
    ///
    /// # Errors
    /// Those of `memfd_create` and `mmap`.
    pub fn new(number: u64) -> io::Result<(Self, OwnedFd)> {
        let flags = MemfdFlags::CLOEXEC | MemfdFlags::ALLOW_SEALING;
        let file = File::from(memfd_create("manycore-marker", flags)?);
        file.set_len(LENGTH)?;
        fcntl_add_seals(&file, SEALS)?;
        let marker = Self { map: MmapRaw::map_raw(&file)? };
        marker.set(number);
        Ok((marker, file.into()))
    }

    /// The one behind another process's descriptor.
    ///
    /// # Errors
    /// If there is none behind it.
    pub fn open(descriptor: OwnedFd) -> io::Result<Self> {
        let file = File::from(descriptor);
        if !fcntl_get_seals(&file)?.contains(SEALS) || file.metadata()?.len() != LENGTH {
            return Err(io::Error::other("this descriptor is not a marker's"));
        }
        Ok(Self { map: MmapRaw::map_raw(&file)? })
    }

    /// Stores a number.
    pub fn set(&self, number: u64) {
        self.number().store(number, Ordering::Release);
    }

    /// The number stored last.
    pub fn get(&self) -> u64 {
        self.number().load(Ordering::Acquire)
    }

    fn number(&self) -> &AtomicU64 {
        // SAFETY: the mapping starts at a page, so it is aligned; the file holds these eight bytes and
        // is sealed against losing them; and every process that has it uses them by this function.
        unsafe { AtomicU64::from_ptr(self.map.as_mut_ptr().cast()) }
    }
}
