//! Shared memory without a name: written once, sealed, mapped read-only.

use memmap2::Mmap;
use rustix::fs::{MemfdFlags, SealFlags, fcntl_add_seals, fcntl_get_seals, memfd_create};
use std::fs::File;
use std::io::{self, Write};
use std::ops::Range;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::sync::Arc;

/// Buffers start at multiples of this, as NumPy and vector loads like it.
const ALIGNMENT: usize = 64;

/// No more writing, growing or shrinking: what is mapped can never change.
const SEALS: SealFlags = SealFlags::WRITE.union(SealFlags::GROW).union(SealFlags::SHRINK);

/// Bytes that arrived: in memory of our own, or in a segment.
#[derive(Clone, Debug)]
pub struct Buffer(Bytes);

#[derive(Clone, Debug)]
enum Bytes {
    Own(Arc<[u8]>),
    Shared(Arc<Mmap>, Range<usize>),
}

impl AsRef<[u8]> for Buffer {
    fn as_ref(&self) -> &[u8] {
        match &self.0 {
            Bytes::Own(bytes) => bytes,
            Bytes::Shared(map, range) => &map[range.clone()],
        }
    }
}

impl From<Vec<u8>> for Buffer {
    fn from(bytes: Vec<u8>) -> Self {
        Self(Bytes::Own(bytes.into()))
    }
}

/// A segment being written.
pub(crate) struct Writer {
    file: File,
    length: usize,
}

impl Writer {
    pub fn new() -> io::Result<Self> {
        let flags = MemfdFlags::CLOEXEC | MemfdFlags::ALLOW_SEALING;
        Ok(Self { file: memfd_create("manycore", flags)?.into(), length: 0 })
    }

    /// Appends `bytes`, and says where they start.
    pub fn append(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let start = self.length.next_multiple_of(ALIGNMENT);
        self.file.write_all(&[0; ALIGNMENT][..start - self.length])?;
        self.file.write_all(bytes)?;
        self.length = start + bytes.len();
        Ok(start)
    }

    /// Seals the segment.
    pub fn seal(&self) -> io::Result<BorrowedFd<'_>> {
        fcntl_add_seals(&self.file, SEALS)?;
        Ok(self.file.as_fd())
    }
}

/// A segment that arrived.
pub(crate) struct Reader(Arc<Mmap>);

impl Reader {
    pub fn new(descriptor: OwnedFd) -> io::Result<Self> {
        if !fcntl_get_seals(&descriptor)?.contains(SEALS) {
            return Err(io::Error::other("a segment must be sealed before it is sent"));
        }
        let file = File::from(descriptor);
        // SAFETY: the file is sealed against writing, growing and shrinking, so that the mapped bytes
        // exist and stay what they are as long as the mapping lives.
        let map = unsafe { Mmap::map(&file) }?;
        Ok(Self(Arc::new(map)))
    }

    /// The buffer at `range`.
    pub fn buffer(&self, range: Range<usize>) -> io::Result<Buffer> {
        if range.start > range.end || range.end > self.0.len() {
            return Err(io::Error::other("a buffer lies outside of its segment"));
        }
        Ok(Buffer(Bytes::Shared(Arc::clone(&self.0), range)))
    }
}
