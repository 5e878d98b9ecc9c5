//! gzip as Python's `gzip` reads it: several members, zeros behind each, and nothing at all.

use flate2::bufread::GzDecoder;
use std::io::{self, BufRead, Read};

/// The text of all members.
///
/// Not flate2's `MultiGzDecoder`: it takes the zeros that tapes and some archivers pad a file with
/// for the start of a member, and an empty file for a truncated one.
pub(crate) struct Members<R> {
    // Nothing: the end of the file has come.
    member: Option<GzDecoder<R>>,
}

impl<R: BufRead> Members<R> {
    pub fn new(mut input: R) -> io::Result<Self> {
        let is_empty = input.fill_buf()?.is_empty();
        Ok(Self { member: (!is_empty).then(|| GzDecoder::new(input)) })
    }
}

impl<R: BufRead> Read for Members<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while let Some(member) = &mut self.member {
            let count = member.read(buffer)?;
            if count > 0 || buffer.is_empty() {
                return Ok(count);
            }
            let input = self.member.take().map(GzDecoder::into_inner);
            self.member = input.map(behind_zeros).transpose()?.flatten().map(GzDecoder::new);
        }
        Ok(0)
    }
}

/// The input from its next byte on that is not zero; nothing if there is none.
fn behind_zeros<R: BufRead>(mut input: R) -> io::Result<Option<R>> {
    loop {
        let bytes = input.fill_buf()?;
        let (length, zeros) = (bytes.len(), bytes.iter().take_while(|byte| **byte == 0).count());
        input.consume(zeros);
        match (length, zeros) {
            (0, _) => return Ok(None),
            _ if zeros < length => return Ok(Some(input)),
            _ => {}
        }
    }
}
