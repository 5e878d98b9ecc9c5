//! Rust's numbers as elements, for who uses arrays from Rust.

use crate::fused::Operation;
use crate::view::{Plain, Target, View};
use crate::{Array, DType};
use kernel::types::Scalar;

/// A Rust type that is an element's.
pub trait Element: Plain {
    /// What arrays of it are of.
    const SCALAR: Scalar;
}

macro_rules! elements {
    ($($ty:ty => $scalar:ident),*) => {
        $(impl Element for $ty {
            const SCALAR: Scalar = Scalar::$scalar;
        })*
    };
}

elements!(
    i8 => I8, i16 => I16, i32 => I32, i64 => I64, u8 => U8, u16 => U16, u32 => U32, u64 => U64, f32 => F32,
    f64 => F64, [f32; 2] => C64, [f64; 2] => C128
);

impl View {
    /// A copy of some numbers, in C order.
    ///
    /// # Panics
    /// If there are not as many as `shape` says.
    pub fn of<T: Element>(values: &[T], shape: &[usize]) -> Self {
        assert_eq!(values.len(), shape.iter().product::<usize>(), "as many values as elements");
        let mut target = Target::new(T::SCALAR.into(), shape);
        if let Some(own) = target.as_slice::<T>() {
            own.copy_from_slice(values);
        }
        target.freeze()
    }

    /// The elements in C order, if they are of that type.
    pub fn to_vec<T: Element>(&self) -> Option<Vec<T>> {
        if *self.dtype() != DType::Number(T::SCALAR) {
            return None;
        }
        self.contiguous().as_slice::<T>().map(<[T]>::to_vec)
    }
}

impl Array {
    /// A copy of some numbers, in C order.
    ///
    /// # Panics
    /// If there are not as many as `shape` says.
    pub fn of<T: Element>(values: &[T], shape: &[usize]) -> Self {
        Self::from_view(View::of(values, shape), None)
    }

    /// NumPy's ufunc of that name whose loop takes and makes elements of one type: of this array and others.
    ///
    /// # Panics
    /// If the arrays are not of one dtype.
    pub fn apply(&self, ufunc: &str, others: &[&Self]) -> Self {
        assert!(others.iter().all(|other| other.dtype() == self.dtype()), "arrays of one dtype");
        let inputs = std::iter::once(self).chain(others.iter().copied()).cloned().collect();
        Self::map(Operation::Named(ufunc.into()), inputs, self.dtype().clone())
    }
}
