//! Texts that are known when the kernel is compiled: what is done to them is done then.

use super::calls::Arguments;
use super::value::{Meta, Value};
use super::{Frame, Lowering, Result};
use crate::ir::{Expr, ExprKind, Value as Constant};
use crate::syntax::Span;
use crate::types::{Scalar, Type};

/// A text.
pub fn text(span: Span, text: &str) -> Value {
    Value::Expr(Expr::new(span, Type::Str, ExprKind::Const(Constant::Str(text.into()))))
}

/// Its letters.
pub fn letters(span: Span, all: &str) -> Vec<Value> {
    all.chars().map(|letter| text(span, letter.encode_utf8(&mut [0; 4]))).collect()
}

fn number(span: Span, value: i64) -> Value {
    Value::Expr(Expr { ty: Type::weak(Scalar::I64), ..Expr::int(span, value) })
}

impl Lowering<'_> {
    /// `text[index]`.
    pub fn letter(
        &mut self,
        frame: &mut Frame,
        span: Span,
        of: &str,
        index: Value,
    ) -> Result<Value> {
        let item = self.item(frame, span, letters(span, of), index)?;
        let Value::Tuple(part) = &item else { return Ok(item) };
        let part: String = part.iter().filter_map(|one| one.as_str()).map(|one| &**one).collect();
        Ok(text(span, &part))
    }

    /// A method of a text.
    pub fn text_method(
        &mut self,
        frame: &Frame,
        of: &str,
        name: &str,
        given: &Arguments,
    ) -> Result<Value> {
        let span = given.span;
        let texts: Option<Vec<&str>> =
            given.positional.iter().map(|value| value.as_str().map(|text| &**text)).collect();
        let place = |found: Option<usize>| found.map(|at| of[..at].chars().count() as i64);
        let truth = |is| Value::Expr(Expr { ty: Type::weak(Scalar::Bool), ..Expr::bool(span, is) });
        let known = match (name, texts.as_deref()) {
            ("upper", Some([])) => text(span, &of.to_uppercase()),
            ("lower", Some([])) => text(span, &of.to_lowercase()),
            ("strip", Some([])) => text(span, of.trim()),
            ("replace", Some([one, two])) => text(span, &of.replace(one, two)),
            ("find", Some([one])) => number(span, place(of.find(one)).unwrap_or(-1)),
            ("rfind", Some([one])) => number(span, place(of.rfind(one)).unwrap_or(-1)),
            ("index", Some([one])) if of.contains(one) => {
                number(span, place(of.find(one)).unwrap_or(-1))
            }
            ("count", Some([one])) if !one.is_empty() => {
                number(span, of.matches(one).count() as i64)
            }
            ("startswith", Some([one])) => truth(of.starts_with(one)),
            ("endswith", Some([one])) => truth(of.ends_with(one)),
            ("split", Some([one])) if !one.is_empty() => {
                Value::Meta(Meta::List(of.split(one).map(|part| text(span, part)).collect()))
            }
            ("split", Some([])) => {
                let parts = of.split_whitespace().map(|part| text(span, part));
                Value::Meta(Meta::List(parts.collect()))
            }
            _ => {
                let message = format!("{of:?}.{name} can't be compiled");
                return Err(frame.error(span, message, None));
            }
        };
        Ok(known)
    }
}
