//! What can go wrong with a bag: files, encodings, types, empty reductions.

use crate::Element;
use std::io;
use std::path::PathBuf;
use thiserror::Error;

/// Why a bag could not be made or computed.
#[derive(Debug, Error)]
pub enum BagError {
    /// The operating system refused something.
    #[error("cannot {action} {}: {source}", path.display())]
    Io {
        /// What was tried, as a verb.
        action: &'static str,
        /// On which file or folder.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
    /// A folder or pattern matches no file.
    #[error("no file matches {}", pattern.display())]
    NoFiles {
        /// The folder or pattern.
        pattern: PathBuf,
    },
    /// A pattern is not one.
    #[error("{pattern:?} is not a pattern of file names: {message}")]
    Pattern {
        /// The pattern.
        pattern: String,
        /// What is wrong with it.
        message: String,
    },
    /// Bytes that are not UTF-8.
    #[error("{}: invalid UTF-8 at byte {offset}: {reason}; pass errors=\"replace\" or \"ignore\", or leave the file out", path.display())]
    Decode {
        /// The file.
        path: PathBuf,
        /// Where in the (decompressed) file the first invalid byte stands.
        offset: u64,
        /// Some bytes before the error, and the invalid ones.
        window: Vec<u8>,
        /// Where in `window` the invalid bytes start; they go to its end.
        start: usize,
        /// In Python's words.
        reason: &'static str,
    },
    /// A compressed file that ends too early.
    #[error("{}: the compressed file ends before its end-of-stream marker, after {offset} bytes of text", path.display())]
    Truncated {
        /// The file.
        path: PathBuf,
        /// Bytes that came out before the end.
        offset: u64,
    },
    /// A compressed file that is damaged, or not compressed that way.
    #[error("{}: not a valid {format} file: {source}", path.display())]
    Compressed {
        /// The file.
        path: PathBuf,
        /// `"gzip"` or `"zstd"`.
        format: &'static str,
        /// What the decoder said.
        source: io::Error,
    },
    /// A file got shorter while it was read.
    #[error("{} shrank while it was read: {expected} bytes were there, now {found}", path.display())]
    Shrank {
        /// The file.
        path: PathBuf,
        /// Bytes when the bag was made.
        expected: u64,
        /// Bytes found when it was read.
        found: u64,
    },
    /// An argument has a value that can't work.
    #[error("{argument} must be {expected}, not {value}")]
    Argument {
        /// The argument's name.
        argument: &'static str,
        /// What would do.
        expected: &'static str,
        /// What was given.
        value: String,
    },
    /// An operation on elements that don't have it.
    #[error("{operation} needs elements of type {expected}, but this bag's are {found}")]
    Type {
        /// The operation.
        operation: &'static str,
        /// What it works on.
        expected: &'static str,
        /// What the elements are.
        found: Element,
    },
    /// A reduction that has no value for no elements.
    #[error("{operation} of a bag without elements")]
    Empty {
        /// The operation.
        operation: &'static str,
    },
}
