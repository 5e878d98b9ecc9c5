//! Bytes to text: UTF-8, and what to do where it isn't.
//!
//! Invalid sequences are delimited as Python delimits them (both follow the Unicode standard's
//! "maximal subpart" practice, which is also what `<[u8]>::utf8_chunks` does), so `replace` and
//! `ignore` give the same text as `bytes.decode` and the strict error has the same reason.

use crate::BagError;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::path::Path;

/// What to do with bytes that are not UTF-8: the names and meaning of Python's error handlers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Errors {
    /// Fail.
    #[default]
    Strict,
    /// Put U+FFFD in the place of each invalid sequence.
    Replace,
    /// Leave invalid sequences out.
    Ignore,
}

/// How many bytes before an invalid one an error shows.
const SHOWN: usize = 32;

impl Errors {
    /// Whether a `\r` ends its line before `next`, which is no `\n`, whatever follows: where invalid
    /// bytes are left out, a `\n` behind them belongs to the `\r` before them.
    pub(crate) fn parts_return_from(self, next: u8) -> bool {
        self != Self::Ignore || next.is_ascii()
    }

    /// The text of `bytes`, a stretch of `path` from byte `offset` that no character crosses.
    /// `is_end` says that the file ends behind it.
    pub(crate) fn decode<'bytes>(
        self,
        bytes: &'bytes [u8],
        path: &Path,
        offset: u64,
        is_end: bool,
    ) -> Result<Cow<'bytes, str>, BagError> {
        let error = match simdutf8::basic::from_utf8(bytes) {
            Ok(text) => return Ok(Cow::Borrowed(text)),
            Err(_) => std::str::from_utf8(bytes).expect_err("one decoder refused it"),
        };
        let replacement = match self {
            Self::Strict => return Err(strict(bytes, path, offset, is_end, error.valid_up_to())),
            Self::Replace => "\u{fffd}",
            Self::Ignore => "",
        };
        let mut text = String::with_capacity(bytes.len());
        for chunk in bytes.utf8_chunks() {
            text.push_str(chunk.valid());
            if !chunk.invalid().is_empty() {
                text.push_str(replacement);
            }
        }
        Ok(Cow::Owned(text))
    }
}

fn strict(bytes: &[u8], path: &Path, offset: u64, is_end: bool, valid: usize) -> BagError {
    let invalid = bytes[valid..].utf8_chunks().next().map_or(1, |chunk| chunk.invalid().len());
    let end = valid + invalid;
    let reason = match bytes[valid] {
        0x80..=0xc1 | 0xf5..=0xff => "invalid start byte",
        _ if is_end && end == bytes.len() => "unexpected end of data",
        _ => "invalid continuation byte",
    };
    let from = valid.saturating_sub(SHOWN);
    BagError::Decode {
        path: path.to_owned(),
        offset: offset + valid as u64,
        window: bytes[from..end].to_vec(),
        start: valid - from,
        reason,
    }
}
