//! `array[index] = value`.

use super::arrays::shape;
use super::elementwise::{Tree, load};
use super::indexing::Part;
use super::indexing::copy_rows;
use super::lists::as_list;
use super::scalar::{cast, index_op, int64};
use super::value::{Meta, Value};
use super::{Frame, Lowering, Result};
use crate::ir::{Binary, Expr, Local, Place, StmtKind};
use crate::syntax::{BinaryOp, Span};
use crate::types::{Kind, Layout, Scalar, Type};

impl Lowering<'_> {
    /// `object[index] = value`.
    pub fn store(
        &mut self,
        frame: &mut Frame,
        span: Span,
        object: Value,
        index: Value,
        value: Value,
    ) -> Result<()> {
        if let Value::Meta(Meta::Flat(array)) = object {
            if matches!(index, Value::Meta(Meta::Slice(None, None, None))) {
                let target = Value::Expr(frame.read(span, array));
                return self.store(frame, span, target, index, value);
            }
            if index.is_number() {
                let place = self.flat_place(frame, span, array, index)?;
                return self.store_one(frame, span, array, place, value);
            }
            if frame.array(array).layout != Layout::C {
                let hint = "give a C-contiguous array, or write a loop over its indices";
                let message = "a part of flat of an array that may not be C-contiguous".into();
                return Err(frame.error(span, message, Some(hint)));
            }
            let whole = self.raveled(frame, span, array)?;
            return self.store(frame, span, whole, index, value);
        }
        if matches!(object, Value::Tuple(_))
            || matches!(&object, Value::Expr(expr) if matches!(expr.ty, Type::Tuple(..)))
        {
            let hint = "tuples don't change: use an array";
            return Err(frame.error(span, "a tuple's item is assigned to".into(), Some(hint)));
        }
        if let Some(list) = as_list(&object) {
            return self.list_store(frame, span, list, index, value);
        }
        let array = self.array(frame, span, object)?;
        let ty = frame.array(array);
        if ty.readonly {
            return Err(frame.error(span, "the array may not be written to".into(), None));
        }
        let parts = self.parts(frame, span, array, index)?;
        if let Some(place) = self.place(frame, span, array, &parts) {
            return self.store_one(frame, span, array, place, value);
        }
        if let [Part::Mask(mask), rest @ ..] = parts.as_slice()
            && rest.iter().all(|part| matches!(part, Part::Slice(None, None, None)))
        {
            return self.store_masked(frame, span, array, *mask, value);
        }
        if parts.iter().any(|part| matches!(part, Part::Chosen(_) | Part::Mask(_))) {
            let (array, parts, place) = self.brought_to_front(frame, span, array, parts)?;
            let value = self.turned_value(frame, span, array, &parts, place, value)?;
            return self.scatter(frame, span, array, &parts, value);
        }
        let is_whole = parts.iter().all(|part| matches!(part, Part::Slice(None, None, None)));
        let view = if is_whole { array } else { self.view(frame, span, array, parts)? };
        self.store_all(frame, span, view, value)
    }

    fn store_one(
        &mut self,
        frame: &mut Frame,
        span: Span,
        array: Local,
        place: Place,
        value: Value,
    ) -> Result<()> {
        let dtype = frame.array(array).dtype;
        let value = match self.run_time(frame, span, value)? {
            expr if matches!(expr.ty, Type::Scalar(..) | Type::Unknown) => expr,
            expr => {
                let message = format!("{} put into an element of type {dtype}", expr.ty);
                return Err(frame.error(span, message, None));
            }
        };
        if let Some(from) = value.ty.as_scalar() {
            frame.is_no_part(span, from, dtype)?;
        }
        let value = cast(value, dtype, false);
        frame.emit(span, StmtKind::Store { array, place, value });
        Ok(())
    }

    /// What is put to where arrays of numbers say, with the numbers' dimensions in front.
    fn turned_value(
        &mut self,
        frame: &mut Frame,
        span: Span,
        array: Local,
        parts: &[Part],
        place: usize,
        value: Value,
    ) -> Result<Value> {
        let tree = self.tree(frame, span, value)?;
        let value = self.lazy(frame, span, tree)?;
        if place == 0 || value.ndim == 0 {
            return Ok(Value::Lazy(std::rc::Rc::new(value)));
        }
        let Some(target) = self.gather(frame, span, array, parts)? else {
            return Ok(Value::Lazy(std::rc::Rc::new(value)));
        };
        let ndim = self.lazy(frame, span, target)?.ndim;
        let trailing = parts.iter().filter(|part| matches!(part, Part::Slice(..))).count();
        if value.ndim != ndim {
            let message = "an array of fewer dimensions put to where arrays of numbers say".into();
            return Err(frame.error(
                span,
                message,
                Some("give it all dimensions, or write a loop"),
            ));
        }
        let own = ndim - trailing;
        let array = self.materialise(frame, span, &value)?;
        let axes: Vec<_> = (place..place + own).chain(0..place).chain(place + own..ndim).collect();
        let turned = self.transposed(frame, span, array, &axes);
        Ok(Value::Expr(frame.read(span, turned)))
    }

    /// `array[mask] = value`.
    pub fn store_masked(
        &mut self,
        frame: &mut Frame,
        span: Span,
        array: Local,
        mask: Local,
        value: Value,
    ) -> Result<()> {
        let ty = frame.array(array);
        let (ndim, front) = (usize::from(ty.ndim), usize::from(frame.array(mask).ndim));
        self.same_shape(frame, span, array, mask, front);
        let tree = self.tree(frame, span, value)?;
        let lazy = self.lazy(frame, span, tree)?;
        frame.is_no_part(span, lazy.dtype(), ty.dtype)?;
        let values = if lazy.ndim > 0 { Some(self.materialise(frame, span, &lazy)?) } else { None };
        let number = match &lazy.tree {
            Tree::Scalar(expr) => Some(cast(expr.clone(), ty.dtype, false)),
            _ => None,
        };
        let at = frame.temporary("at", Expr::int(span, 0));
        let flags = self.flat(frame, span, mask);
        let sizes: Vec<_> = (0..front).map(|d| shape(span, mask, d)).collect();
        let rest: Vec<_> = (front..ndim).map(|d| shape(span, array, d)).collect();
        self.each(frame, &flags, &sizes, None, &mut |lowering, frame, index, flag| {
            let ((), body) = frame.block(|frame| {
                let next = frame.read(span, at);
                let checked =
                    values.map(|values| lowering.checked(frame, span, values, 0, next.clone()));
                copy_rows(frame, span, &rest, &mut Vec::new(), &mut |frame, inner| {
                    let value = match (values, &number, &checked) {
                        (Some(values), _, Some(checked)) => {
                            let own = usize::from(frame.array(values).ndim);
                            let mut from = vec![checked.clone()];
                            from.extend(inner.iter().take(own - 1).cloned());
                            cast(load(frame, values, Place::Indices(from), span), ty.dtype, false)
                        }
                        (_, Some(number), _) => number.clone(),
                        _ => return,
                    };
                    let place = Place::Indices(index.iter().chain(inner).cloned().collect());
                    frame.emit(span, StmtKind::Store { array, place, value });
                })?;
                let next = index_op(Binary::Add, frame.read(span, at), Expr::int(span, 1));
                frame.emit(span, StmtKind::Assign(at, next));
                Ok(())
            })?;
            frame.emit(span, StmtKind::If { test: flag, body, orelse: Vec::new() });
            Ok(())
        })
    }

    /// `array[numbers] = value`, in the order of the numbers.
    pub fn scatter(
        &mut self,
        frame: &mut Frame,
        span: Span,
        array: Local,
        parts: &[Part],
        value: Value,
    ) -> Result<()> {
        let ty = frame.array(array);
        let tree = self.tree(frame, span, value)?;
        let Some(target @ Tree::Gather { .. }) = self.gather(frame, span, array, parts)? else {
            let message = "this index of an array that is assigned to".into();
            return Err(frame.error(span, message, Some("write a loop")));
        };
        let Tree::Gather { indices, ndim, .. } = target else { return Ok(()) };
        let source = self.lazy(frame, span, tree)?;
        frame.is_no_part(span, source.dtype(), ty.dtype)?;
        let source = match source.tree {
            Tree::Scalar(_) => source.tree,
            _ => Tree::Array(self.materialise(frame, span, &source)?),
        };
        // The numbers as an expression whose elements say where.
        let trailing = usize::from(ty.ndim) - indices.len();
        let own = ndim - trailing;
        let mut places = Vec::new();
        for index in indices {
            let lazy = self.lazy(frame, span, index)?;
            places.push(match &lazy.tree {
                Tree::Scalar(expr) => Tree::Scalar(expr.clone()),
                _ => Tree::Array(self.materialise(frame, span, &lazy)?),
            });
        }
        let Some(widest) = places.iter().find_map(|tree| match tree {
            Tree::Array(local) if usize::from(frame.array(*local).ndim) == own => Some(*local),
            _ => None,
        }) else {
            return Err(frame.error(span, "this index of an array".into(), None));
        };
        let whole = self.flat(frame, span, widest);
        let sizes: Vec<_> = (0..own).map(|d| shape(span, widest, d)).collect();
        let rest: Vec<_> = (0..trailing).map(|d| shape(span, array, places.len() + d)).collect();
        self.each(frame, &whole, &sizes, None, &mut |lowering, frame, index, _| {
            let mut to = Vec::new();
            for (axis, place) in places.iter().enumerate() {
                let number = match place {
                    Tree::Array(local) => {
                        let ndim = usize::from(frame.array(*local).ndim);
                        let from = index[index.len() - ndim..].to_vec();
                        load(frame, *local, Place::Indices(from), span)
                    }
                    Tree::Scalar(expr) => expr.clone(),
                    _ => continue,
                };
                let number = lowering.checked(frame, span, array, axis, int64(number));
                to.push(frame.once(number));
            }
            copy_rows(frame, span, &rest, &mut Vec::new(), &mut |frame, inner| {
                let value = match &source {
                    Tree::Scalar(expr) => expr.clone(),
                    Tree::Array(local) => {
                        let ndim = usize::from(frame.array(*local).ndim);
                        let all: Vec<_> = index.iter().chain(inner).cloned().collect();
                        let from = all[all.len() - ndim..].to_vec();
                        load(frame, *local, Place::Indices(from), span)
                    }
                    _ => return,
                };
                let value = cast(value, ty.dtype, false);
                let place = Place::Indices(to.iter().chain(inner).cloned().collect());
                frame.emit(span, StmtKind::Store { array, place, value });
            })
        })
    }
}

impl Frame {
    /// A complex number has no place among real ones.
    pub fn is_no_part(&self, span: Span, from: Scalar, to: Scalar) -> Result<()> {
        if !from.is_complex() || to.is_complex() {
            return Ok(());
        }
        let message = format!("a {from} number put into an array of {to}");
        Err(self.error(span, message, Some("take its .real, or make the array complex")))
    }

    /// What `array op= value` makes of an array must be of its kind, as NumPy has it (`same_kind`).
    pub fn stays_of_kind(&self, span: Span, op: BinaryOp, from: Scalar, to: Scalar) -> Result<()> {
        let is_signed = from.kind() == Kind::Signed && to.kind() == Kind::Unsigned;
        if from.kind() <= to.kind() && !is_signed {
            return Ok(());
        }
        let symbol = super::scalar::symbol(op);
        let message = format!("{symbol}= makes {from} of an array of {to}");
        let hint = format!("write a = a {symbol} ..., which makes a new array");
        Err(self.error(span, message, Some(&hint)))
    }
}
