//! What a task returns: anything that knows its size.
//!
//! The size is what the memory budget counts, so it must be about right, not exact: buffers and
//! strings by their length, small things by `size_of`.

use std::any::Any;
use std::sync::Arc;

/// The contents of a [`Value`].
pub trait Data: Any + Send + Sync {
    /// Bytes of memory that this value keeps alive.
    fn bytes(&self) -> usize;
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
