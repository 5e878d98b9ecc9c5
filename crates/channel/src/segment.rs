//! Shared memory without a name: written by its maker, mapped read-only by whoever receives it.
//!
//! To get pages from the kernel takes longer than to fill them. So a segment that everybody is done
//! with is a spare for a while and is filled again, which is why it can't be sealed against writing.
//! That nobody looks meanwhile follows from who holds it: only [`Segment::write`] writes, it needs the
//! only reference in its maker's process, and a segment that has been lent to another process is held
//! here until that one has given it back (`loans.rs`). A fork of a process that has mapped a segment has
//! it too, and tells nobody when it is done: such a segment is never filled again.

use crate::packing::LARGE;
use memmap2::{Mmap, MmapOptions};
use rustix::fs::{MemfdFlags, SealFlags, fcntl_add_seals, fcntl_get_seals, memfd_create};
use std::fs::File;
use std::io;
use std::ops::Range;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::unix::fs::FileExt;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

/// Buffers start at multiples of this, as NumPy and vector loads like it.
pub(crate) const ALIGNMENT: usize = 64;

/// What is mapped can't be cut off.
const SEALS: SealFlags = SealFlags::GROW.union(SealFlags::SHRINK).union(SealFlags::SEAL);

/// How often this process has been forked.
static FORKS: AtomicU64 = AtomicU64::new(0);

/// To be called before each fork of this process that goes on to use its memory, and after it.
pub fn note_fork() {
    FORKS.fetch_add(1, Ordering::Relaxed);
}

pub(crate) fn forks() -> u64 {
    FORKS.load(Ordering::Relaxed)
}

/// Bytes that arrived: in memory of our own, or in a segment.
#[derive(Clone, Debug)]
pub struct Buffer {
    memory: Memory,
    range: Range<usize>,
}

#[derive(Clone, Debug)]
enum Memory {
    Own(Arc<Vec<u8>>),
    Shared(Arc<Segment>),
}

impl Buffer {
    pub(crate) fn own(bytes: &Arc<Vec<u8>>, range: Range<usize>) -> Self {
        Self { memory: Memory::Own(Arc::clone(bytes)), range }
    }

    pub(crate) fn shared(segment: Arc<Segment>, range: Range<usize>) -> io::Result<Self> {
        if range.start > range.end || range.end > segment.map()?.bytes.len() {
            return Err(io::Error::other("a buffer lies outside of its segment"));
        }
        Ok(Self { memory: Memory::Shared(segment), range })
    }

    /// A copy of `bytes`, which can be sent without another.
    ///
    /// # Errors
    /// Those of `memfd_create`.
    pub fn copy(bytes: &[u8], spares: &Spares) -> io::Result<Self> {
        if bytes.len() < LARGE {
            return Ok(Self::from(bytes.to_vec()));
        }
        let mut segment = spares.take(bytes.len())?;
        segment.write(bytes, 0)?;
        Self::shared(Arc::new(segment), 0..bytes.len())
    }

    /// The segment that it lies in, and where.
    pub(crate) fn place(&self) -> Option<(&Arc<Segment>, &Range<usize>)> {
        match &self.memory {
            Memory::Own(_) => None,
            Memory::Shared(segment) => Some((segment, &self.range)),
        }
    }

    /// The buffer that consists of these bytes, if they lie within this one.
    pub fn within(&self, bytes: &[u8]) -> Option<Self> {
        let start = bytes.as_ptr().addr().checked_sub(self.as_ref().as_ptr().addr())?;
        let end = start.checked_add(bytes.len())?;
        (end <= self.range.len()).then(|| {
            let range = self.range.start + start..self.range.start + end;
            Self { memory: self.memory.clone(), range }
        })
    }
}

impl AsRef<[u8]> for Buffer {
    fn as_ref(&self) -> &[u8] {
        match &self.memory {
            Memory::Own(bytes) => &bytes[self.range.clone()],
            Memory::Shared(segment) => {
                let map = segment.map.get().expect("it was mapped when this buffer was made");
                &map.bytes[self.range.clone()]
            }
        }
    }
}

impl From<Vec<u8>> for Buffer {
    fn from(bytes: Vec<u8>) -> Self {
        let range = 0..bytes.len();
        Self { memory: Memory::Own(Arc::new(bytes)), range }
    }
}

/// A piece of shared memory.
#[derive(Debug)]
pub(crate) struct Segment {
    // Needed to send it on; a process may hold more segments than descriptors.
    file: Option<Kept>,
    length: usize,
    map: OnceLock<Map>,
    /// Which loan it came by, unless this process made it.
    pub loan: Option<Loan>,
}

/// A segment's name between two processes: the number of the end that has it, and the segment's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Loan {
    pub channel: u64,
    pub number: u64,
}

impl Segment {
    fn new(length: usize) -> io::Result<Self> {
        let flags = MemfdFlags::CLOEXEC | MemfdFlags::ALLOW_SEALING;
        let file = File::from(memfd_create("manycore", flags)?);
        file.set_len(length as u64)?;
        fcntl_add_seals(&file, SEALS)?;
        let file = Some(Kept::always(file));
        Ok(Self { file, length, map: OnceLock::new(), loan: None })
    }

    /// The first `length` bytes of one that another process has lent us.
    pub fn open(descriptor: OwnedFd, length: usize, loan: Loan) -> io::Result<Self> {
        let file = File::from(descriptor);
        let is_sealed = fcntl_get_seals(&file)?.contains(SEALS);
        if !is_sealed || file.metadata()?.len() < length as u64 {
            return Err(io::Error::other("a segment must be sealed before it is sent"));
        }
        let map = OnceLock::from(Map::new(&file, length)?);
        Ok(Self { file: Kept::if_few(file), length, map, loan: Some(loan) })
    }

    fn map(&self) -> io::Result<&Map> {
        if let Some(map) = self.map.get() {
            return Ok(map);
        }
        let file = self.file.as_ref().ok_or(io::ErrorKind::NotFound)?;
        let map = Map::new(&file.file, self.length)?;
        Ok(self.map.get_or_init(|| map))
    }

    /// Writes bytes to it; nobody else may have it.
    pub fn write(&mut self, bytes: &[u8], start: usize) -> io::Result<()> {
        let file = self.file.as_ref().filter(|_| self.loan.is_none());
        file.ok_or(io::ErrorKind::ReadOnlyFilesystem)?.file.write_all_at(bytes, start as u64)
    }

    /// Its descriptor, if it was kept.
    pub fn descriptor(&self) -> Option<BorrowedFd<'_>> {
        self.file.as_ref().map(|kept| kept.file.as_fd())
    }

    pub fn length(&self) -> usize {
        self.length
    }

    /// Whether no fork of this process can have it.
    pub fn is_unshared(&self) -> bool {
        self.map.get().is_none_or(|map| map.forks == forks())
    }
}

/// A segment's bytes in this process.
#[derive(Debug)]
struct Map {
    bytes: Mmap,
    forks: u64,
}

impl Map {
    fn new(file: &File, length: usize) -> io::Result<Self> {
        let forks = forks();
        // SAFETY: the file is sealed against shrinking, so that the mapped bytes exist as long as the
        // mapping; and they stay what they are as long as anybody may look at them, as said above.
        let bytes = unsafe { MmapOptions::new().len(length).map(file) }?;
        Ok(Self { bytes, forks })
    }
}

/// An open file. Of segments that came from elsewhere only so many are kept open.
#[derive(Debug)]
struct Kept {
    file: File,
    is_counted: bool,
}

static KEPT: AtomicUsize = AtomicUsize::new(0);
const MOST_KEPT: usize = 128;

impl Kept {
    fn always(file: File) -> Self {
        Self { file, is_counted: false }
    }

    fn if_few(file: File) -> Option<Self> {
        if KEPT.fetch_add(1, Ordering::Relaxed) >= MOST_KEPT {
            KEPT.fetch_sub(1, Ordering::Relaxed);
            return None;
        }
        Some(Self { file, is_counted: true })
    }
}

impl Drop for Kept {
    fn drop(&mut self) {
        if self.is_counted {
            KEPT.fetch_sub(1, Ordering::Relaxed);
        }
    }
}

/// Segments that have come back, to be filled again; several channels may have the same ones.
#[derive(Debug, Default)]
pub struct Spares {
    segments: Mutex<Vec<Segment>>,
}

/// How many bytes of them are kept.
const MOST_SPARE: usize = 256 << 20;

impl Spares {
    /// How long whoever has nothing to do should keep them: a loop that makes a large array for each
    /// call finds them again.
    pub const KEPT: Duration = Duration::from_secs(5);

    /// A segment for so many bytes, which nobody else has.
    pub(crate) fn take(&self, length: usize) -> io::Result<Segment> {
        let mut segments = self.lock();
        // One that is far too large would keep memory that nobody uses.
        let fits = |segment: &Segment| (length..=2 * length).contains(&segment.length);
        if let Some(index) = segments.iter().rposition(fits) {
            let mut segment = segments.remove(index);
            segment.map = OnceLock::new();
            return Ok(segment);
        }
        drop(segments);
        // Not exactly: the next message may be a little longer.
        Segment::new(length.next_multiple_of((length.next_power_of_two() / 8).max(4096)))
    }

    /// Keeps a segment of our own that everybody is done with, and rather than this one an older one
    /// not.
    pub(crate) fn give(&self, segment: Segment) {
        if segment.loan.is_some() || !segment.is_unshared() {
            return;
        }
        let mut segments = self.lock();
        segments.push(segment);
        let mut sum = segments.iter().map(|segment| segment.length).sum::<usize>();
        while sum > MOST_SPARE {
            sum -= segments.remove(0).length;
        }
    }

    /// Frees them.
    pub fn clear(&self) {
        self.lock().clear();
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.lock().is_empty()
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Segment>> {
        self.segments.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
