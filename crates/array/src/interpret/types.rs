//! The Rust type of a scalar type.

/// An expression in which `T` is the Rust type of a scalar type; `None` for those that are not
/// listed.
macro_rules! typed {
    ($scalar:expr, [$($variant:ident $ty:ty),*], $body:expr) => {
        match $scalar {
            $(kernel::types::Scalar::$variant => {
                #[allow(dead_code)]
                type T = $ty;
                $body
            })*
            _ => None,
        }
    };
}

/// For integers.
macro_rules! integers {
    ($scalar:expr, $body:expr) => {
        typed!(
            $scalar,
            [I8 i8, I16 i16, I32 i32, I64 i64, U8 u8, U16 u16, U32 u32, U64 u64],
            $body
        )
    };
}

/// For integers, of which only the width matters.
macro_rules! words {
    ($scalar:expr, $body:expr) => {
        typed!(
            $scalar,
            [I8 u8, I16 u16, I32 u32, I64 u64, U8 u8, U16 u16, U32 u32, U64 u64],
            $body
        )
    };
}

/// For floats.
macro_rules! floats {
    ($scalar:expr, $body:expr) => {
        typed!($scalar, [F32 f32, F64 f64], $body)
    };
}

pub(super) use {floats, integers, typed, words};
