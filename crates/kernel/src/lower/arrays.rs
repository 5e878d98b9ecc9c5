//! Arrays: how they are made of lists, turned and reshaped, and what they tell about themselves.

use super::elementwise::{Lazy, Tree};
use super::scalar::{cast, common, index_op};
use super::value::{Meta, Value};
use super::{Frame, Lowering, Result};
use crate::ir::{Binary, Expr, ExprKind, Local, Place, StmtKind, Value as Constant};
use crate::syntax::Span;
use crate::types::{ArrayType, Layout, Scalar, Type};
use std::sync::Arc;

/// A size along a dimension.
pub fn shape(span: Span, array: Local, dimension: usize) -> Expr {
    Expr::new(span, Type::scalar(Scalar::I64), ExprKind::Shape(array, dimension))
}

/// Which of the first eight sizes are known to be one: see [`ArrayType::ones`].
pub fn ones(sizes: &[Expr]) -> u8 {
    let is_one = |size: &Expr| matches!(size.kind, ExprKind::Const(Constant::Int(1)));
    let first = sizes.iter().take(8).enumerate();
    first.map(|(dimension, size)| u8::from(is_one(size)) << dimension).sum()
}

pub fn stride(span: Span, array: Local, dimension: usize) -> Expr {
    Expr::new(span, Type::scalar(Scalar::I64), ExprKind::Stride(array, dimension))
}

pub fn if_else(test: Expr, one: Expr, two: Expr) -> Expr {
    let (span, ty) = (test.span, one.ty.clone());
    if let ExprKind::Const(Constant::Bool(known)) = test.kind {
        return if known { one } else { two };
    }
    Expr::new(span, ty, ExprKind::IfElse(Box::new(test), Box::new(one), Box::new(two)))
}

pub fn known(expr: &Expr) -> Option<i64> {
    match expr.kind {
        ExprKind::Const(Constant::Int(value)) => Some(value),
        _ => None,
    }
}

impl Lowering<'_> {
    /// The variable of an array.
    pub fn array(&mut self, frame: &mut Frame, span: Span, value: Value) -> Result<Local> {
        if let Some(local) = value.as_array() {
            return Ok(local);
        }
        match value {
            Value::Lazy(lazy) => self.materialise(frame, span, &lazy),
            Value::Expr(expr) if matches!(expr.ty, Type::Array(_)) => {
                Ok(frame.temporary("array", expr))
            }
            Value::Tuple(items) | Value::Meta(Meta::List(items)) => {
                self.array_of_list(frame, span, items, None)
            }
            Value::Expr(Expr { ty: Type::List(_), kind: ExprKind::Local(list), .. }) => {
                self.array_of_items(frame, span, list, None)
            }
            Value::Expr(expr) if matches!(expr.ty, Type::Tuple(..)) => {
                let items = self.items(frame, expr);
                self.array_of_list(frame, span, items, None)
            }
            Value::Expr(expr) if matches!(expr.ty, Type::Optional(_)) => {
                let some = super::unwrap(expr);
                self.array(frame, span, Value::Expr(some))
            }
            Value::Expr(expr) if expr.ty == Type::Unknown => {
                frame.changed = true;
                Ok(frame.local(".unknown", Type::Array(ArrayType::new(Scalar::F64, 1))))
            }
            other => {
                let message = format!("{} where an array is needed", other.describe());
                Err(frame.error(span, message, None))
            }
        }
    }

    /// The array of a list's or tuple's items, which may be lists themselves.
    pub fn array_of_list(
        &mut self,
        frame: &mut Frame,
        span: Span,
        items: Vec<Value>,
        dtype: Option<Scalar>,
    ) -> Result<Local> {
        let mut flat = Vec::new();
        let mut rows = Vec::new();
        let given = items.clone();
        for item in items {
            match item {
                Value::Tuple(items) | Value::Meta(Meta::List(items)) => rows.push(items),
                Value::Expr(expr) if matches!(expr.ty, Type::Tuple(..)) => {
                    let items = self.items(frame, expr);
                    rows.push(items);
                }
                other => flat.push(other),
            }
        }
        if !rows.is_empty() && !flat.is_empty() {
            // Lists of which some are known at run time only, in their order.
            return self.stack_of_values(frame, span, given, dtype);
        }
        let mut all: Vec<Value> = Vec::new();
        let sizes = match (rows.first(), flat.is_empty()) {
            (Some(first), true) => {
                let (height, width) = (rows.len(), first.len());
                if rows.iter().any(|row| row.len() != width) {
                    let message = "lists of different lengths in an array".into();
                    return Err(frame.error(span, message, None));
                }
                all.extend(rows.into_iter().flatten());
                vec![height, width]
            }
            (None, _) => {
                let count = flat.len();
                all = flat;
                vec![count]
            }
            _ => unreachable!("rows, or none"),
        };
        let all: Vec<_> =
            all.into_iter().map(|item| self.run_time(frame, span, item)).collect::<Result<_>>()?;
        let is_row = |item: &Expr| matches!(item.ty, Type::Array(_) | Type::List(_));
        if all.iter().any(is_row) && sizes.len() == 1 {
            return self.stack(frame, span, &all, dtype);
        }
        let mut found: Option<(Scalar, bool)> = None;
        for item in &all {
            let own = match item.ty {
                Type::Scalar(scalar, weak) => (scalar, weak),
                Type::Unknown => (Scalar::F64, true),
                _ => {
                    let message = format!("{} in an array", item.ty);
                    return Err(frame.error(item.span, message, None));
                }
            };
            found = Some(found.map_or(own, |found| common(found, own)));
        }
        let dtype = dtype.or(found.map(|(scalar, _)| scalar)).unwrap_or(Scalar::F64);
        let shape = sizes.iter().map(|size| Expr::int(span, *size as i64)).collect();
        let array = self.allocate(frame, span, dtype, shape, false);
        let width = sizes.get(1).copied();
        for (number, item) in all.into_iter().enumerate() {
            let indices = match width {
                Some(width) => vec![number / width.max(1), number % width.max(1)],
                None => vec![number],
            };
            let indices = indices.into_iter().map(|index| Expr::int(span, index as i64));
            let place = Place::Indices(indices.collect());
            let value = cast(item, dtype, false);
            frame.emit(span, StmtKind::Store { array, place, value });
        }
        Ok(array)
    }

    /// Lists and arrays as the rows of an array.
    fn stack_of_values(
        &mut self,
        frame: &mut Frame,
        span: Span,
        items: Vec<Value>,
        dtype: Option<Scalar>,
    ) -> Result<Local> {
        let mut all = Vec::new();
        for item in items {
            if matches!(&item, Value::Expr(expr) if expr.ty.as_scalar().is_some()) {
                let message = "numbers beside lists in an array".into();
                return Err(frame.error(span, message, None));
            }
            let row = self.array(frame, span, item)?;
            all.push(frame.read(span, row));
        }
        self.stack(frame, span, &all, dtype)
    }

    /// Arrays of one shape as the rows of another.
    pub fn stack(
        &mut self,
        frame: &mut Frame,
        span: Span,
        items: &[Expr],
        dtype: Option<Scalar>,
    ) -> Result<Local> {
        let mut arrays = Vec::new();
        for item in items {
            arrays.push(self.array(frame, span, Value::Expr(item.clone()))?);
        }
        let Some(&first) = arrays.first() else {
            return self.array_of_list(frame, span, Vec::new(), dtype);
        };
        let ty = frame.array(first);
        let found = arrays.iter().map(|a| frame.array(*a).dtype).reduce(Scalar::promote);
        let dtype = dtype.or(found).unwrap_or(Scalar::F64);
        let mut sizes = vec![Expr::int(span, arrays.len() as i64)];
        sizes.extend((0..usize::from(ty.ndim)).map(|d| shape(span, first, d)));
        let result = self.allocate(frame, span, dtype, sizes, false);
        for (row, array) in arrays.into_iter().enumerate() {
            let index = Value::Expr(Expr::int(span, row as i64));
            let target = Value::Expr(frame.read(span, result));
            let value = Value::Expr(frame.read(span, array));
            self.store(frame, span, target, index, value)?;
        }
        Ok(result)
    }

    /// An array's elements one after the other, in C order.
    pub fn flat(&mut self, frame: &mut Frame, span: Span, array: Local) -> Lazy {
        let ty = frame.array(array);
        let tree = Tree::Array(array);
        Lazy { span, ndim: usize::from(ty.ndim), dtype: (ty.dtype, false), tree }
    }

    /// A view with the dimensions in another order.
    pub fn transposed(
        &mut self,
        frame: &mut Frame,
        span: Span,
        array: Local,
        axes: &[usize],
    ) -> Local {
        let ty = frame.array(array);
        let is_reversed = axes.iter().rev().copied().eq(0..usize::from(ty.ndim));
        let layout = match ty.layout {
            _ if ty.ndim < 2 => ty.layout,
            Layout::C if is_reversed => Layout::F,
            Layout::F if is_reversed => Layout::C,
            layout if axes.iter().copied().eq(0..usize::from(ty.ndim)) => layout,
            _ => Layout::Any,
        };
        let sizes = axes.iter().map(|axis| shape(span, array, *axis)).collect();
        let strides = axes.iter().map(|axis| stride(span, array, *axis)).collect();
        let offset = Box::new(Expr::int(span, 0));
        let kind = ExprKind::View { array, offset, shape: sizes, strides };
        let ones = axes.iter().enumerate().map(|(to, from)| u8::from(ty.is_one(*from)) << to).sum();
        let ty = Type::Array(ArrayType { layout, ones, ..ty });
        frame.temporary("transposed", Expr::new(span, ty, kind))
    }

    /// A view of a C-ordered array in another shape of as many elements.
    pub fn reshaped(
        &mut self,
        frame: &mut Frame,
        span: Span,
        array: Local,
        sizes: Vec<Expr>,
    ) -> Local {
        let ty = frame.array(array);
        let mut strides = Vec::new();
        let mut step = Expr::int(span, ty.dtype.size() as i64);
        for size in sizes.iter().rev() {
            strides.push(step.clone());
            step = index_op(Binary::Mul, step, size.clone());
            step = frame.once(step);
        }
        strides.reverse();
        let ndim = sizes.len() as u8;
        let offset = Box::new(Expr::int(span, 0));
        let ones = ones(&sizes);
        let kind = ExprKind::View { array, offset, shape: sizes, strides };
        let ty = Type::Array(ArrayType { ndim, layout: Layout::C, ones, ..ty });
        frame.temporary("reshaped", Expr::new(span, ty, kind))
    }

    /// An attribute of an array.
    pub fn array_attribute(
        &mut self,
        frame: &mut Frame,
        span: Span,
        object: &Value,
        name: &str,
    ) -> Result<Option<Value>> {
        let weak = |value: i64| {
            let kind = ExprKind::Const(Constant::Int(value));
            Value::Expr(Expr::new(span, Type::weak(Scalar::I64), kind))
        };
        if let Value::Lazy(lazy) = object {
            match name {
                "ndim" => return Ok(Some(weak(lazy.ndim as i64))),
                "dtype" => return Ok(Some(Value::Meta(Meta::Dtype(lazy.dtype())))),
                "shape" => {
                    let sizes = self.lazy_shape(frame, lazy).into_iter().map(Value::Expr);
                    return Ok(Some(Value::Tuple(sizes.collect())));
                }
                _ => {}
            }
        }
        let is_known = matches!(
            name,
            "shape"
                | "size"
                | "ndim"
                | "dtype"
                | "T"
                | "flat"
                | "real"
                | "imag"
                | "itemsize"
                | "nbytes"
                | "strides"
        );
        if !is_known {
            return Ok(None);
        }
        let array = self.array(frame, span, object.clone())?;
        let ty = frame.array(array);
        let ndim = usize::from(ty.ndim);
        let size = || {
            (0..ndim)
                .map(|d| shape(span, array, d))
                .reduce(|one, two| index_op(Binary::Mul, one, two))
                .unwrap_or_else(|| Expr::int(span, 1))
        };
        let itemsize = ty.dtype.size() as i64;
        Ok(Some(match name {
            "shape" => {
                Value::Tuple((0..ndim).map(|d| Value::Expr(shape(span, array, d))).collect())
            }
            "strides" => {
                Value::Tuple((0..ndim).map(|d| Value::Expr(stride(span, array, d))).collect())
            }
            "size" => Value::Expr(size()),
            "nbytes" => Value::Expr(index_op(Binary::Mul, size(), Expr::int(span, itemsize))),
            "ndim" => weak(ndim as i64),
            "itemsize" => weak(itemsize),
            "dtype" => Value::Meta(Meta::Dtype(ty.dtype)),
            "T" => {
                let axes: Vec<_> = (0..ndim).rev().collect();
                let turned = self.transposed(frame, span, array, &axes);
                Value::Expr(frame.read(span, turned))
            }
            "flat" => Value::Meta(Meta::Flat(array)),
            _ => {
                let value = Value::Expr(frame.read(span, array));
                let tree = self.tree(frame, span, value)?;
                let op = super::elementwise::Op::Function(format!("numpy.{name}"));
                return self.node(frame, span, op, vec![tree]).map(Some);
            }
        }))
    }
}

/// Names for a message.
pub fn tuple_field(ty: &Type, name: &str) -> Option<usize> {
    match ty {
        Type::Tuple(_, Some(named)) => {
            let named: &Arc<crate::types::Named> = named;
            named.fields.iter().position(|field| field == name)
        }
        _ => None,
    }
}
