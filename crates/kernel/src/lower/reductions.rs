//! `sum` and its like.

use super::calls::{Arguments, minimum};
use super::elementwise::{Lazy, Op, Tree};
use super::scalar::{cast, compare_op, floating, index_op, number};
use super::value::{Meta, Value};
use super::{Frame, Lowering, Result};
use crate::ir::{Binary, Compare, Exception, Expr, ExprKind, Piece};
use crate::syntax::{BinaryOp, Span};
use crate::types::{Scalar, Type};
use std::rc::Rc;

impl Lowering<'_> {
    /// The number of a dimension, counted from the end if it is negative.
    pub fn axis(&mut self, frame: &Frame, span: Span, value: &Value, ndim: usize) -> Result<usize> {
        let Some(axis) = value.as_int() else {
            let message = "an axis must be known at compile time".into();
            return Err(frame.error(span, message, Some("write the number")));
        };
        let own = if axis < 0 { axis + ndim as i64 } else { axis };
        if own < 0 || own >= ndim as i64 {
            let message = format!("axis {axis} is out of bounds for array of dimension {ndim}");
            return Err(frame.error(span, message, None));
        }
        Ok(own as usize)
    }

    /// `sum` and its like.
    pub fn reduction(&mut self, frame: &mut Frame, name: &str, given: Arguments) -> Result<Value> {
        let span = given.span;
        let names: &[&str] = match name {
            "sum" | "prod" | "mean" => {
                &["a", "axis", "dtype", "out", "keepdims", "initial", "where"]
            }
            "count_nonzero" => &["a", "axis", "keepdims"],
            _ => &["a", "axis", "out", "keepdims", "initial", "where"],
        };
        let mut taken = given.take(frame, names)?;
        let mut get = |name: &str| {
            let index = names.iter().position(|known| *known == name)?;
            taken[index].take().filter(|value| !value.is_none())
        };
        let (value, axis, dtype) = (get("a"), get("axis"), get("dtype"));
        let (keepdims, out) = (get("keepdims"), get("out"));
        if get("where").is_some() {
            return Err(frame.error(span, "where= of a reduction".into(), Some("use np.where")));
        }
        let initial = get("initial");
        let dtype = self.dtype(frame, span, dtype)?;
        let keepdims = keepdims.and_then(|value| value.as_bool()).unwrap_or(false);
        let Some(value) = value else {
            return Err(frame.error(span, format!("numpy.{name} needs an array"), None));
        };
        let tree = match value {
            Value::Tuple(items) | Value::Meta(Meta::List(items)) => {
                Tree::Array(self.array_of_list(frame, span, items, None)?)
            }
            other => self.tree(frame, span, other)?,
        };
        let lazy = self.lazy(frame, span, tree)?;
        let axes = match axis {
            None => None,
            Some(Value::Tuple(items)) => {
                let mut axes = Vec::new();
                for item in &items {
                    axes.push(self.axis(frame, span, item, lazy.ndim)?);
                }
                axes.sort_unstable();
                axes.reverse();
                Some(axes)
            }
            Some(axis) => Some(vec![self.axis(frame, span, &axis, lazy.ndim)?]),
        };
        let result = match axes {
            None if keepdims => {
                let all: Vec<_> = (0..lazy.ndim).rev().collect();
                self.along(frame, span, name, lazy, &all, dtype, true)?
            }
            None => Value::Expr(self.whole_reduction(frame, name, &lazy, dtype, initial)?),
            Some(axes) if axes.len() == lazy.ndim && !keepdims => {
                Value::Expr(self.whole_reduction(frame, name, &lazy, dtype, initial)?)
            }
            Some(axes) => self.along(frame, span, name, lazy, &axes, dtype, keepdims)?,
        };
        match out {
            Some(out) => {
                let array = self.array(frame, span, out)?;
                self.store_all(frame, span, array, result)?;
                Ok(Value::Expr(frame.read(span, array)))
            }
            None => Ok(result),
        }
    }

    /// The type in which a reduction adds up.
    pub fn total_type(name: &str, scalar: Scalar, dtype: Option<Scalar>) -> Scalar {
        match name {
            "any" | "all" => Scalar::Bool,
            "count_nonzero" => Scalar::I64,
            "sum" | "prod" => dtype.unwrap_or(match scalar {
                Scalar::Bool | Scalar::I8 | Scalar::I16 | Scalar::I32 => Scalar::I64,
                Scalar::U8 | Scalar::U16 | Scalar::U32 => Scalar::U64,
                other => other,
            }),
            "mean" => dtype.unwrap_or(floating(scalar)),
            _ => scalar,
        }
    }

    pub fn whole_reduction(
        &mut self,
        frame: &mut Frame,
        name: &str,
        lazy: &Lazy,
        dtype: Option<Scalar>,
        initial: Option<Value>,
    ) -> Result<Expr> {
        let span = lazy.span;
        let total = Self::total_type(name, lazy.dtype(), dtype);
        if matches!(name, "min" | "max" | "amin" | "amax") && initial.is_none() {
            self.not_empty(frame, lazy, name);
        }
        let start = match initial {
            Some(initial) => {
                let initial = self.run_time(frame, span, initial)?;
                cast(initial, total, false)
            }
            None => identity(span, name, total),
        };
        let step = &mut |lowering: &mut Self, frame: &mut Frame, before: Expr, element: Expr| {
            lowering.step(frame, name, total, before, element)
        };
        let result = self.reduce_all(frame, lazy, start, step)?;
        if name != "mean" {
            return Ok(result);
        }
        let count = self.count_of(frame, lazy, None);
        let count = cast(count, total, false);
        self.binary(frame, BinaryOp::Div, result, count, true)
    }

    pub fn not_empty(&mut self, frame: &mut Frame, lazy: &Lazy, name: &str) {
        let count = self.count_of(frame, lazy, None);
        let test = compare_op(Compare::Eq, count, Expr::int(lazy.span, 0));
        let name = name.trim_start_matches('a');
        let text =
            format!("zero-size array to reduction operation {name}imum which has no identity");
        frame.raise_if(test, Exception::Value, vec![Piece::Text(text)]);
    }

    pub fn step(
        &mut self,
        frame: &mut Frame,
        name: &str,
        total: Scalar,
        before: Expr,
        element: Expr,
    ) -> Result<Expr> {
        Ok(match name {
            "sum" | "mean" => {
                self.binary(frame, BinaryOp::Add, before, cast(element, total, false), true)?
            }
            "prod" => {
                self.binary(frame, BinaryOp::Mul, before, cast(element, total, false), true)?
            }
            "min" | "amin" => minimum(before, cast(element, total, false), false),
            "max" | "amax" => minimum(before, cast(element, total, false), true),
            "count_nonzero" => {
                let truth = self.truth(frame, element)?;
                index_op(Binary::Add, before, cast(truth, Scalar::I64, false))
            }
            _ => {
                let truth = self.truth(frame, element)?;
                let op = if name == "any" { Binary::Or } else { Binary::And };
                let (span, ty) = (before.span, before.ty.clone());
                Expr::new(span, ty, ExprKind::Binary(op, Box::new(before), Box::new(truth)))
            }
        })
    }

    /// A reduction along these dimensions, the last first.
    #[allow(clippy::too_many_arguments)]
    pub fn along(
        &mut self,
        frame: &mut Frame,
        span: Span,
        name: &str,
        lazy: Lazy,
        axes: &[usize],
        dtype: Option<Scalar>,
        keepdims: bool,
    ) -> Result<Value> {
        let total = Self::total_type(name, lazy.dtype(), dtype);
        let mut lazy = lazy;
        let mut count = Expr::int(span, 1);
        for axis in axes {
            if matches!(name, "min" | "max" | "amin" | "amax") {
                self.not_empty(frame, &lazy, name);
            }
            let own = self.count_of(frame, &lazy, Some(*axis));
            count = frame.once(index_op(Binary::Mul, count, own));
            let start = identity(span, name, total);
            let step =
                &mut |lowering: &mut Self, frame: &mut Frame, before: Expr, element: Expr| {
                    lowering.step(frame, name, total, before, element)
                };
            let result = self.reduce_axis(frame, &lazy, *axis, keepdims, start, step)?;
            lazy = self.lazy(frame, span, Tree::Array(result))?;
        }
        if name == "mean" {
            let count = Tree::Scalar(frame.once(cast(count, total, false)));
            return self.node(frame, span, Op::Binary(BinaryOp::Div), vec![lazy.tree, count]);
        }
        Ok(Value::Lazy(Rc::new(lazy)))
    }
}

/// What a reduction of nothing gives.
pub fn identity(span: Span, name: &str, total: Scalar) -> Expr {
    let value = match name {
        "prod" => 1.0,
        "all" => 1.0,
        "min" | "amin" if total.is_float() => f64::INFINITY,
        "max" | "amax" if total.is_float() => f64::NEG_INFINITY,
        "min" | "amin" | "max" | "amax" => {
            let is_min = name.ends_with("min");
            let bits = total.size() as u32 * 8;
            let value = match (total.kind(), is_min) {
                (crate::types::Kind::Bool, is_min) => return Expr::bool(span, is_min),
                (crate::types::Kind::Signed, true) => i64::MAX >> (64 - bits),
                (crate::types::Kind::Signed, false) => i64::MIN >> (64 - bits),
                (_, true) => (u64::MAX >> (64 - bits)).cast_signed(),
                (_, false) => 0,
            };
            let kind = ExprKind::Const(crate::ir::Value::Int(value));
            return Expr::new(span, Type::scalar(total), kind);
        }
        _ => 0.0,
    };
    number(span, total, false, value)
}
