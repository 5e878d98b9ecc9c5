//! What a task returns: anything that knows its size.
//!
//! The size is what the memory budget counts, so it must be about right, not exact: buffers and
//! strings by their length, small things by `size_of`.

use crate::OpError;
use std::any::Any;
use std::fs::File;
use std::io::Write;
use std::sync::Arc;

/// The contents of a [`Value`].
pub trait Data: Any + Send + Sync {
    /// Bytes of memory that this value keeps alive.
    fn bytes(&self) -> usize;

    /// This value as one that can be written to disk, if it can.
    fn spill(&self) -> Option<&dyn Spill> {
        None
    }
}

/// A value that can be written to disk and come back.
pub trait Spill {
    /// Writes the value to a file; what is returned reads it again.
    ///
    /// # Errors
    /// [`std::io::Error`] of the file, or what keeps the value from being written at all.
    fn spill(&self, file: &mut dyn Write) -> Result<Box<dyn Load>, OpError>;
}

/// Reads a value from the file that it was written to.
pub trait Load: Send + Sync {
    /// Reads it from where it was written to, `start`, which is a multiple of 4096. Several threads may do so at
    /// one time, so the file's position is nobody's.
    ///
    /// # Errors
    /// [`std::io::Error`] of the file.
    fn load(&self, file: &File, start: u64) -> Result<Value, OpError>;
}

/// A task's result, shared by the tasks that read it and freed with the last of them.
pub type Value = Arc<dyn Data>;

/// Wraps `data` as a value.
pub fn value(data: impl Data) -> Value {
    Arc::new(data)
}

/// The value as a `T`, or nothing if it is of another type.
pub fn downcast<T: Data>(value: &Value) -> Option<&T> {
    (value.as_ref() as &dyn Any).downcast_ref()
}

macro_rules! plain_data {
    ($($type:ty),*) => {
        $(impl Data for $type {
            fn bytes(&self) -> usize {
                size_of::<Self>()
            }
        })*
    };
}

plain_data!((), bool, u64, i64, f64, usize);

impl Data for Vec<u8> {
    fn bytes(&self) -> usize {
        self.len()
    }
}
