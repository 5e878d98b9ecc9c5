//! A compiled function whose arguments are settled but for the first.

use super::pack::Packed;
use super::specialisation::Specialisation;
use manycore::kernel::abi::slots as width;
use manycore::kernel::types::Type;
use pyo3::prelude::*;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

/// A compiled function that is called with many values of its first argument's type.
pub struct Prepared {
    specialisation: Arc<Specialisation>,
    /// The other arguments' slots, and the arrays that they point into.
    rest: Vec<u64>,
    #[allow(dead_code)]
    arrays: Vec<Py<PyAny>>,
}

impl Prepared {
    /// What remains of arguments without the first; nothing if they have a state of their own, or if results
    /// take more than a slot.
    pub fn new(specialisation: Arc<Specialisation>, packed: Packed<'_>) -> Option<Self> {
        let first = width(specialisation.arguments.first()?);
        if packed.has_streams() || width(&specialisation.result) != 1 {
            return None;
        }
        let rest = packed.slots[first..].to_vec();
        let arrays = packed.arrays.into_iter().map(Bound::unbind).collect();
        Some(Self { specialisation, rest, arrays })
    }

    /// The type of what it returns.
    pub fn result(&self) -> &Type {
        &self.specialisation.result
    }

    /// As [`Specialisation::call_each`].
    pub fn call_each(
        &self,
        alarm: &AtomicU64,
        work: impl FnOnce(&mut dyn FnMut(&[u64]) -> Option<u64>),
    ) -> PyResult<()> {
        // SAFETY: the slots were made of arguments of these types, which live in `arrays` or in the caller's
        // hands, and results take one.
        unsafe { self.specialisation.call_each(&self.rest, alarm, work) }
    }
}
