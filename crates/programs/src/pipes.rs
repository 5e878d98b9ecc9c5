//! The pipes to and from a program, which are fed and emptied side by side: none waits for another.

use rustix::buffer::spare_capacity;
use rustix::fs::{OFlags, fcntl_setfl};
use rustix::io::{Errno, read, write};
use rustix::pipe::{PipeFlags, pipe_with};
use std::mem;
use std::os::fd::OwnedFd;

/// As much as a pipe holds, unless somebody has changed that.
const ROOM: usize = 64 << 10;

/// How often to read what is left in a pipe: it holds no more than this times as much, unless an
/// administrator has changed that; but one who still writes may fill it for ever.
const LAST_READS: usize = 16;

/// One of a program's two output streams.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stream {
    /// Standard output.
    Output,
    /// Standard error.
    Error,
}

/// What is to be done with output.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Uses {
    /// Keep it for the result.
    pub keep: bool,
    /// Pass on its lines.
    pub lines: bool,
}

/// Our end of a pipe that a program writes to.
#[derive(Debug)]
pub(crate) struct Reader {
    pub pipe: Option<OwnedFd>,
    uses: Uses,
    kept: Vec<u8>,
    line: Vec<u8>,
}

impl Reader {
    /// The reader, and the program's end.
    pub fn new(uses: Uses) -> Result<(Self, OwnedFd), Errno> {
        let (ours, theirs) = pipe_with(PipeFlags::CLOEXEC)?;
        fcntl_setfl(&ours, OFlags::NONBLOCK)?;
        Ok((Self { pipe: Some(ours), uses, kept: Vec::new(), line: Vec::new() }, theirs))
    }

    pub fn is_closed(&self) -> bool {
        self.pipe.is_none()
    }

    /// Reads what a pipe holds; returns whether there may be more.
    ///
    /// `lines` gets whole lines, and, at the end, one that isn't.
    pub fn read(&mut self, lines: &mut dyn FnMut(Vec<u8>)) -> bool {
        let Some(pipe) = &self.pipe else { return false };
        if !self.uses.keep {
            self.kept.clear();
        }
        let old = self.kept.len();
        self.kept.reserve(ROOM);
        match read(pipe, spare_capacity(&mut self.kept)) {
            Err(Errno::INTR) => return true,
            Err(Errno::AGAIN) => return false,
            Ok(1..) => {}
            // The end, or an error that a pipe doesn't have.
            _ => {
                self.pipe = None;
                self.end_line(lines);
                return false;
            }
        }
        if self.uses.lines {
            let new = &self.kept[old..];
            match new.iter().rposition(|byte| *byte == b'\n') {
                None => self.line.extend_from_slice(new),
                Some(newline) => {
                    let (whole, rest) = new.split_at(newline + 1);
                    self.line.extend_from_slice(whole);
                    lines(mem::replace(&mut self.line, rest.to_vec()));
                }
            }
        }
        true
    }

    /// Reads what is left; returns what is kept.
    pub fn finish(mut self, lines: &mut dyn FnMut(Vec<u8>)) -> Vec<u8> {
        let _ = (0..LAST_READS).all(|_| self.read(lines));
        self.end_line(lines);
        if !self.uses.keep {
            return Vec::new();
        }
        self.kept.shrink_to_fit();
        self.kept
    }

    fn end_line(&mut self, lines: &mut dyn FnMut(Vec<u8>)) {
        if !self.line.is_empty() {
            lines(mem::take(&mut self.line));
        }
    }
}

/// Our end of a pipe that a program reads from.
#[derive(Debug)]
pub(crate) struct Writer<'input> {
    pub pipe: Option<OwnedFd>,
    rest: &'input [u8],
}

impl<'input> Writer<'input> {
    /// The writer, and the program's end.
    pub fn new(input: &'input [u8]) -> Result<(Self, OwnedFd), Errno> {
        let (theirs, ours) = pipe_with(PipeFlags::CLOEXEC)?;
        fcntl_setfl(&ours, OFlags::NONBLOCK)?;
        let pipe = (!input.is_empty()).then_some(ours);
        Ok((Self { pipe, rest: input }, theirs))
    }

    /// Writes as much as there is room for.
    pub fn write(&mut self) {
        let Some(pipe) = &self.pipe else { return };
        match write(pipe, self.rest) {
            Err(Errno::INTR | Errno::AGAIN) => {}
            Ok(written) if written < self.rest.len() => self.rest = &self.rest[written..],
            // All, or the program has read enough.
            _ => self.pipe = None,
        }
    }
}
