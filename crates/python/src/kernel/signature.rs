//! Signatures as they are written: `f8(f8[:, ::1], i8)`, in the notation of Numba and NumPy.

use manycore::kernel::types::{ArrayType, Layout, Scalar, Type};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

/// Reads a signature: the result's type, if it is written in front, and the arguments'.
pub fn parse(text: &str) -> PyResult<(Option<Type>, Vec<Type>)> {
    let mut reader = Reader { rest: text.trim() };
    let read = reader.signature();
    match read {
        Some(signature) if reader.rest.is_empty() => Ok(signature),
        _ => {
            let place = text.len() - reader.rest.len();
            let message = format!(
                "{text:?} is no signature (read up to {:?}); write one like \"f8(f8[:], i8)\"",
                &text[..place]
            );
            Err(PyValueError::new_err(message))
        }
    }
}

struct Reader<'a> {
    rest: &'a str,
}

impl<'a> Reader<'a> {
    fn take(&mut self, token: &str) -> bool {
        match self.rest.strip_prefix(token) {
            Some(rest) => {
                self.rest = rest.trim_start();
                true
            }
            None => false,
        }
    }

    fn name(&mut self) -> Option<&'a str> {
        let is_name = |character: char| character.is_alphanumeric() || "_.?".contains(character);
        let end = self.rest.find(|character| !is_name(character)).unwrap_or(self.rest.len());
        let (name, rest) = self.rest.split_at(end);
        self.rest = rest.trim_start();
        // `types.float64` and `np.float64` are float64.
        let name = name.rsplit('.').next().unwrap_or(name);
        (!name.is_empty()).then_some(name)
    }

    fn signature(&mut self) -> Option<(Option<Type>, Vec<Type>)> {
        if self.rest.starts_with('(') {
            return Some((None, self.types()?));
        }
        let first = self.ty()?;
        if self.rest.is_empty() {
            return Some((None, vec![first]));
        }
        Some((Some(first), self.types()?))
    }

    /// Types in parentheses.
    fn types(&mut self) -> Option<Vec<Type>> {
        let mut types = Vec::new();
        if !self.take("(") {
            return None;
        }
        while !self.take(")") {
            types.push(self.ty()?);
            if !self.take(",") && !self.rest.starts_with(')') {
                return None;
            }
        }
        Some(types)
    }

    fn ty(&mut self) -> Option<Type> {
        let ty = match self.name()? {
            "void" | "none" | "None" => Type::None,
            "str" | "string" | "unicode_type" => Type::Str,
            "Generator" => Type::Generator,
            "Tuple" => {
                if !self.take("(") {
                    return None;
                }
                let items = self.types()?;
                self.take(")").then(|| Type::tuple(items))?
            }
            "UniTuple" => {
                if !self.take("(") {
                    return None;
                }
                let item = self.ty()?;
                let count: usize = if self.take(",") { self.name()?.parse().ok()? } else { 0 };
                self.take(")").then(|| Type::tuple(vec![item; count]))?
            }
            "array" => return self.array(),
            name => Type::scalar(Scalar::named(name)?),
        };
        if self.take("[") { self.dimensions(&ty) } else { Some(ty) }
    }

    /// What stands between brackets: `:`, `:, ::1`.
    fn dimensions(&mut self, item: &Type) -> Option<Type> {
        let mut contiguous = Vec::new();
        loop {
            contiguous.push(if self.take("::1") {
                true
            } else if self.take(":") {
                false
            } else {
                return None;
            });
            if self.take("]") {
                break;
            }
            if !self.take(",") {
                return None;
            }
        }
        let layout = match contiguous.as_slice() {
            [.., true] => Layout::C,
            [true, ..] => Layout::F,
            _ => Layout::Any,
        };
        let dtype = item.as_scalar()?;
        let ndim = contiguous.len() as u8;
        Some(Type::Array(ArrayType { dtype, ndim, layout, ones: 0, readonly: false }))
    }

    /// As types are shown: `array(float64, 2d, C)`, `array(float64, 1d, A, readonly)`.
    fn array(&mut self) -> Option<Type> {
        if !self.take("(") {
            return None;
        }
        let dtype = Scalar::named(self.name()?)?;
        let ndim = self.take(",").then(|| self.name())??.strip_suffix('d')?.parse().ok()?;
        let layout = match self.take(",").then(|| self.name())?? {
            "C" => Layout::C,
            "F" => Layout::F,
            "A" => Layout::Any,
            _ => return None,
        };
        let readonly = self.take(",") && self.name()? == "readonly";
        self.take(")").then_some(Type::Array(ArrayType { dtype, ndim, layout, ones: 0, readonly }))
    }
}
