//! Elements in files.

use crate::runs::runs;
use crate::view::{Shape, Target};
use crate::{DType, Source};
use graph::OpError;
use std::fs::File;
use std::io;
use std::ops::Range;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

/// Elements that lie one behind the other in a file, in C order; only what is asked for is read.
///
/// Files are read, not mapped: the memory of what was read counts where it is allocated, and a file that gets
/// shorter meanwhile is an error, not a signal.
pub struct Stored {
    path: PathBuf,
    file: File,
    /// Where the first element begins.
    offset: u64,
    shape: Shape,
    /// Bytes of an element.
    size: usize,
    /// Bytes of the numbers of which each is to be turned round.
    swapped: Option<usize>,
}

/// A file that can't be read any more.
#[derive(Debug, thiserror::Error)]
#[error("{}: {source}", path.display())]
pub struct StoredError {
    /// The file.
    pub path: PathBuf,
    /// What the system says.
    pub source: io::Error,
}

/// A gap between two runs that is read with them: sooner than the system answers another call.
const GAP: u64 = 4 << 10;
/// The most that is read at a time with its gaps.
const SPAN: u64 = 1 << 20;

impl Stored {
    /// Elements of a shape, the first of which begins at `offset`; `swapped` says how many bytes have the numbers
    /// whose bytes come in the other order than this machine's.
    ///
    /// # Errors
    /// The file can't be opened.
    pub fn open(
        path: &Path,
        offset: u64,
        shape: &[usize],
        dtype: &DType,
        swapped: Option<usize>,
    ) -> Result<Self, StoredError> {
        let file = File::open(path).map_err(|source| StoredError { path: path.into(), source })?;
        Ok(Self {
            path: path.into(),
            file,
            offset,
            shape: shape.into(),
            size: dtype.size(),
            swapped,
        })
    }

    fn read_bytes(&self, region: &[Range<usize>], out: &mut [u8]) -> io::Result<()> {
        if out.is_empty() {
            return Ok(());
        }
        let (firsts, length) = runs(&self.shape, region);
        let size = self.size as u64;
        let (starts, bytes) = (firsts.iter().map(|first| first * size), length as u64 * size);
        let starts: Vec<u64> = starts.collect();
        let mut out = out.chunks_mut(length * self.size);
        let mut buffer = Vec::new();
        let near = |span: &[u64], next: u64| {
            let end = span[span.len() - 1] + bytes;
            next - end <= GAP && next + bytes - span[0] <= SPAN
        };
        let mut rest = &starts[..];
        while !rest.is_empty() {
            let more = (1..rest.len()).take_while(|last| near(&rest[..*last], rest[*last]));
            let (span, later) = rest.split_at(1 + more.count());
            rest = later;
            if let [start] = span {
                let run = out.next().expect("a place for each run");
                self.file.read_exact_at(run, self.offset + start)?;
                continue;
            }
            buffer.resize((span[span.len() - 1] + bytes - span[0]) as usize, 0);
            self.file.read_exact_at(&mut buffer, self.offset + span[0])?;
            for (start, run) in span.iter().zip(&mut out) {
                run.copy_from_slice(&buffer[(start - span[0]) as usize..][..bytes as usize]);
            }
        }
        Ok(())
    }
}

impl Source for Stored {
    fn name(&self) -> &str {
        "file"
    }

    fn is_random_access(&self) -> bool {
        false
    }

    fn read(&self, region: &[Range<usize>], target: &mut Target) -> Result<(), OpError> {
        if !target.is_contiguous() {
            let mut whole = Target::new(target.dtype().clone(), target.shape());
            self.read(region, &mut whole)?;
            target.fill_from(&whole.freeze());
            return Ok(());
        }
        let out = target.bytes();
        let read = self.read_bytes(region, out);
        read.map_err(|source| match source.kind() {
            io::ErrorKind::UnexpectedEof => {
                io::Error::new(source.kind(), "it got shorter after it was opened")
            }
            _ => source,
        })
        .map_err(|source| StoredError { path: self.path.clone(), source })?;
        if let Some(width) = self.swapped {
            out.chunks_exact_mut(width).for_each(<[u8]>::reverse);
        }
        Ok(())
    }
}
