//! `raise`, and what it says.

use super::scalar::{cast, int64};
use super::value::{Meta, Value};
use super::{Frame, Lowering, Result};
use crate::ir::{Exception, Piece, Raise};
use crate::syntax::{self, Constant as Written, ExprKind as Syntax, Span};
use crate::types::Scalar;

impl Lowering<'_> {
    /// What `raise` raises.
    pub fn raise(
        &mut self,
        frame: &mut Frame,
        span: Span,
        exception: Option<&syntax::Expr>,
    ) -> Result<Raise> {
        let Some(exception) = exception else {
            return Err(frame.error(span, "raise without an exception".into(), None));
        };
        let (class, arguments) = match &exception.kind {
            Syntax::Call { function, arguments, .. } => (&**function, arguments.as_slice()),
            _ => (exception, [].as_slice()),
        };
        let class = self.expr(frame, class)?;
        let Value::Meta(Meta::Known(path)) = &class else {
            let message =
                format!("{} is no exception that compiled code can raise", class.describe());
            return Err(frame.error(span, message, None));
        };
        let exception = match path.rsplit('.').next().unwrap_or(path) {
            "IndexError" => Exception::Index,
            "ZeroDivisionError" => Exception::ZeroDivision,
            "ValueError" => Exception::Value,
            "TypeError" => Exception::Type,
            "AssertionError" => Exception::Assertion,
            "OverflowError" => Exception::Overflow,
            "RuntimeError" => Exception::Runtime,
            "ArithmeticError" => Exception::Arithmetic,
            "KeyError" => Exception::Key,
            "NotImplementedError" => Exception::NotImplemented,
            "MemoryError" => Exception::Memory,
            "StopIteration" => Exception::StopIteration,
            "FloatingPointError" => Exception::FloatingPoint,
            "AttributeError" => Exception::Attribute,
            "UnboundLocalError" => Exception::UnboundLocal,
            "LinAlgError" => Exception::LinAlg,
            "Exception" => Exception::Exception,
            other => {
                let message = format!("{other} is no exception that compiled code can raise");
                return Err(frame.error(span, message, Some("raise a ValueError")));
            }
        };
        let message = match arguments {
            [] => Vec::new(),
            [message, ..] => self.message(frame, message)?,
        };
        Ok(Raise { exception, message })
    }

    /// A message's parts.
    pub fn message(&mut self, frame: &mut Frame, message: &syntax::Expr) -> Result<Vec<Piece>> {
        let parts = match &message.kind {
            Syntax::JoinedStr(parts) => parts.as_slice(),
            _ => std::slice::from_ref(message),
        };
        let mut pieces = Vec::new();
        for part in parts {
            if let Syntax::Constant(Written::Str(text)) = &part.kind {
                pieces.push(Piece::Text(text.to_string()));
                continue;
            }
            let value = self.expr(frame, part)?;
            if let Some(text) = value.as_str() {
                pieces.push(Piece::Text(text.to_string()));
                continue;
            }
            let value = self.run_time(frame, part.span, value)?;
            let value = match value.ty.as_scalar() {
                Some(Scalar::Bool) => value,
                Some(scalar) if scalar.is_float() => cast(value, Scalar::F64, false),
                Some(Scalar::U64) => value,
                Some(scalar) if scalar.is_integer() => int64(value),
                _ => {
                    let text = format!("{} in a message", value.ty);
                    return Err(frame.error(part.span, text, None));
                }
            };
            pieces.push(Piece::Value(frame.plain(value)));
        }
        let values = pieces.iter().filter(|piece| matches!(piece, Piece::Value(_))).count();
        if values > crate::abi::MAX_VALUES {
            let text = format!("{values} values in a message: {} fit", crate::abi::MAX_VALUES);
            return Err(frame.error(message.span, text, None));
        }
        Ok(pieces)
    }
}
