//! Indexing: elements, views, and arrays chosen by arrays.

use super::arrays::{if_else, known, ones, shape, stride};
use super::calls::Arguments;
use super::elementwise::{Tree, load};
use super::scalar::{cast, compare_op, index_op, int64};
use super::value::{Meta, Value};
use super::{Frame, Lowering, Result};
use crate::ir::{
    Binary, Compare, Exception, Expr, ExprKind, Local, Piece, Place, StmtKind, Value as Constant,
};
use crate::syntax::Span;
use crate::types::{ArrayType, Layout, Scalar, Type};
use std::rc::Rc;

/// A part of an index.
#[derive(Clone)]
#[allow(clippy::large_enum_variant)] // few, and short-lived
pub enum Part {
    /// One element along a dimension.
    Int(Expr),
    /// Several.
    Slice(Option<Expr>, Option<Expr>, Option<Expr>),
    /// A dimension that was not there.
    New,
    /// Elements by their numbers.
    Chosen(Tree),
    /// Elements for which a truth value is true; takes as many dimensions as the array of them has.
    Mask(Local),
}

impl Lowering<'_> {
    /// An index along a dimension, counted from the end if it is negative, and looked at.
    pub fn checked(
        &mut self,
        frame: &Frame,
        span: Span,
        array: Local,
        axis: usize,
        index: Expr,
    ) -> Expr {
        let size = Box::new(shape(span, array, axis));
        let check = frame.options().boundscheck;
        let kind = ExprKind::Index { index: Box::new(int64(index)), size, axis, check };
        Expr::new(span, Type::scalar(Scalar::I64), kind)
    }

    /// `object[index]`.
    pub fn subscript(
        &mut self,
        frame: &mut Frame,
        span: Span,
        object: Value,
        index: Value,
    ) -> Result<Value> {
        let is_part = matches!(index, Value::Meta(Meta::Slice(..)));
        match object {
            Value::Meta(Meta::List(items)) => match self.item(frame, span, items, index)? {
                // A part of a list is one; items that are tuples are not parts.
                Value::Tuple(part) if is_part => Ok(Value::Meta(Meta::List(part))),
                item => Ok(item),
            },
            Value::Tuple(items) => self.item(frame, span, items, index),
            Value::Expr(Expr { kind: ExprKind::Const(Constant::Str(text)), .. }) => {
                self.letter(frame, span, &text, index)
            }
            Value::Expr(expr) if matches!(expr.ty, Type::Tuple(..)) => {
                let items = self.items(frame, expr);
                self.item(frame, span, items, index)
            }
            Value::Meta(Meta::Flat(array)) => match index.is_number() {
                true => {
                    let place = self.flat_place(frame, span, array, index)?;
                    Ok(Value::Expr(load(frame, array, place, span)))
                }
                false => {
                    let whole = self.raveled(frame, span, array)?;
                    self.subscript(frame, span, whole, index)
                }
            },
            // `np.mgrid[...]` and the like are called by an index.
            Value::Meta(Meta::Known(path)) if path.starts_with("numpy.") => {
                self.library(frame, &path, Arguments::of(span, &path, vec![index]))
            }
            Value::Meta(meta) => {
                let message = format!("{} can't be indexed", Value::Meta(meta).describe());
                Err(frame.error(span, message, None))
            }
            Value::Expr(Expr { ty: Type::List(_), kind: ExprKind::Local(list), .. }) => {
                self.list_subscript(frame, span, list, index)
            }
            Value::Expr(expr) if expr.ty == Type::Unknown => Ok(Value::Expr(expr)),
            Value::Expr(expr) if expr.ty.as_scalar().is_some() => {
                Err(frame.error(span, format!("{} can't be indexed", expr.ty), None))
            }
            object => {
                let array = self.array(frame, span, object)?;
                self.elements(frame, span, array, index)
            }
        }
    }

    /// Where the element with a number in C order is.
    pub fn flat_place(
        &mut self,
        frame: &mut Frame,
        span: Span,
        array: Local,
        number: Value,
    ) -> Result<Place> {
        let sizes = self.sizes(frame, span, array);
        let size = Box::new(self.product(frame, span, &sizes));
        let index = Box::new(int64(self.run_time(frame, span, number)?));
        let kind = ExprKind::Index { index, size, axis: 0, check: frame.options().boundscheck };
        let number = Expr::new(span, Type::scalar(Scalar::I64), kind);
        Ok(Place::Indices(self.unravelled(frame, number, &sizes)))
    }

    /// All elements in C order, where that needs no copy in the same memory.
    pub fn raveled(&mut self, frame: &mut Frame, span: Span, array: Local) -> Result<Value> {
        let given = Arguments::of(span, "flat", vec![Value::Expr(frame.read(span, array))]);
        self.known_call(frame, "numpy.ravel", given)
    }

    pub fn item(
        &mut self,
        frame: &mut Frame,
        span: Span,
        items: Vec<Value>,
        index: Value,
    ) -> Result<Value> {
        let count = items.len() as i64;
        if let Value::Meta(Meta::Slice(start, stop, step)) = &index {
            let known = |part: &Option<Box<Value>>| match part {
                None => Some(None),
                Some(part) if part.is_none() => Some(None),
                Some(part) => part.as_int().map(Some),
            };
            let (Some(start), Some(stop), Some(step)) = (known(start), known(stop), known(step))
            else {
                let message = "a slice of a tuple must be known at compile time".into();
                return Err(frame.error(span, message, None));
            };
            let step = step.unwrap_or(1);
            let wrap = |value: i64| if value < 0 { value + count } else { value };
            let mut chosen = Vec::new();
            if step > 0 {
                let mut at = wrap(start.unwrap_or(0)).clamp(0, count);
                let stop = wrap(stop.unwrap_or(count)).clamp(0, count);
                while at < stop {
                    chosen.push(items[at as usize].clone());
                    at += step;
                }
            } else if step < 0 {
                let mut at = start.map_or(count - 1, wrap).clamp(-1, count - 1);
                let stop = stop.map_or(-1, wrap).max(-1);
                while at > stop {
                    chosen.push(items[at as usize].clone());
                    at += step;
                }
            }
            return Ok(Value::Tuple(chosen));
        }
        if let Some(number) = index.as_int() {
            let number = if number < 0 { number + count } else { number };
            return items.get(usize::try_from(number).unwrap_or(usize::MAX)).cloned().ok_or_else(
                || {
                    frame.error(
                        span,
                        format!("tuple index out of range: it has {count} items"),
                        None,
                    )
                },
            );
        }
        // Which one is known at run time: they must be of one type.
        let index = self.run_time(frame, span, index)?;
        let items: Vec<_> = items
            .into_iter()
            .map(|item| self.run_time(frame, span, item))
            .collect::<Result<_>>()?;
        let ty = items.iter().try_fold(Type::Unknown, |ty, item| ty.unify(&item.ty));
        let Some(ty) = ty.filter(|ty| matches!(ty, Type::Scalar(..))) else {
            let message = "a tuple of different types is indexed by what is known at run time only";
            return Err(frame.error(span, message.into(), Some("use constants as its indices")));
        };
        let size = Box::new(Expr::int(span, count));
        let kind = ExprKind::Index { index: Box::new(int64(index)), size, axis: 0, check: true };
        let index = frame.once(Expr::new(span, Type::scalar(Scalar::I64), kind));
        let mut result: Option<Expr> = None;
        for (number, item) in items.into_iter().enumerate() {
            let item = self.convert(frame, item, &ty)?;
            result = Some(match result {
                None => item,
                Some(others) => {
                    let number = Expr::int(span, number as i64);
                    if_else(compare_op(Compare::Eq, index.clone(), number), item, others)
                }
            });
        }
        result
            .map(Value::Expr)
            .ok_or_else(|| frame.error(span, "an empty tuple is indexed".into(), None))
    }

    /// An index in parts, one for each dimension at least.
    pub fn parts(
        &mut self,
        frame: &mut Frame,
        span: Span,
        array: Local,
        index: Value,
    ) -> Result<Vec<Part>> {
        let ndim = usize::from(frame.array(array).ndim);
        let items = match index {
            Value::Tuple(items) => items,
            Value::Expr(expr) if matches!(expr.ty, Type::Tuple(..)) => self.items(frame, expr),
            other => vec![other],
        };
        let mut parts = Vec::new();
        let mut ellipsis = None;
        for item in items {
            match item {
                Value::Meta(Meta::Ellipsis) => ellipsis = Some(parts.len()),
                Value::Meta(Meta::Slice(start, stop, step)) => {
                    let mut part = |part: Option<Box<Value>>| -> Result<Option<Expr>> {
                        let Some(part) = part.filter(|part| !part.is_none()) else {
                            return Ok(None);
                        };
                        let expr = self.run_time(frame, span, *part)?;
                        Ok(Some(int64(expr)))
                    };
                    let (start, stop, step) = (part(start)?, part(stop)?, part(step)?);
                    parts.push(Part::Slice(start, stop, step));
                }
                Value::Expr(expr) if expr.ty == Type::None => parts.push(Part::New),
                Value::Expr(expr)
                    if expr.ty.as_scalar().is_some_and(Scalar::is_integer)
                        || expr.ty == Type::Unknown =>
                {
                    parts.push(Part::Int(int64(expr)));
                }
                Value::Meta(Meta::List(items)) => {
                    let list = self.array_of_list(frame, span, items, None)?;
                    parts.push(Part::Chosen(Tree::Array(list)));
                }
                Value::Lazy(lazy) if lazy.dtype().is_integer() => {
                    parts.push(Part::Chosen(lazy.tree.clone()));
                }
                Value::Expr(expr) if expr.ty.as_scalar().is_some() => {
                    let message = format!("an index of type {}", expr.ty);
                    return Err(frame.error(span, message, Some("use int(...)")));
                }
                other => {
                    let chosen = self.array(frame, span, other)?;
                    let ty = frame.array(chosen);
                    match ty.dtype {
                        Scalar::Bool => parts.push(Part::Mask(chosen)),
                        dtype if dtype.is_integer() => {
                            parts.push(Part::Chosen(Tree::Array(chosen)));
                        }
                        dtype => {
                            let message = format!("an index of an array of {dtype}");
                            return Err(frame.error(span, message, Some("use .astype(np.int64)")));
                        }
                    }
                }
            }
        }
        let takes = |part: &Part| match part {
            Part::New => 0,
            Part::Mask(mask) => usize::from(frame.array(*mask).ndim),
            _ => 1,
        };
        let taken: usize = parts.iter().map(takes).sum();
        if taken > ndim {
            let message = format!("{taken} indices for an array of {ndim} dimensions");
            return Err(frame.error(span, message, None));
        }
        let at = ellipsis.unwrap_or(parts.len());
        let missing = (taken..ndim).map(|_| Part::Slice(None, None, None));
        parts.splice(at..at, missing);
        Ok(parts)
    }

    pub fn elements(
        &mut self,
        frame: &mut Frame,
        span: Span,
        array: Local,
        index: Value,
    ) -> Result<Value> {
        let parts = self.parts(frame, span, array, index)?;
        if let Some(place) = self.place(frame, span, array, &parts) {
            return Ok(Value::Expr(load(frame, array, place, span)));
        }
        if let [Part::Mask(mask), rest @ ..] = parts.as_slice()
            && rest.iter().all(|part| matches!(part, Part::Slice(None, None, None)))
        {
            return self.masked(frame, span, array, *mask);
        }
        if parts.iter().any(|part| matches!(part, Part::Chosen(_) | Part::Mask(_))) {
            return self.chosen(frame, span, array, parts);
        }
        let view = self.view(frame, span, array, parts)?;
        Ok(Value::Expr(frame.read(span, view)))
    }

    /// The one element that an index means, if it is one.
    pub fn place(
        &mut self,
        frame: &Frame,
        span: Span,
        array: Local,
        parts: &[Part],
    ) -> Option<Place> {
        let index = |(axis, part): (usize, &Part)| match part {
            Part::Int(index) => Some(self.checked(frame, span, array, axis, index.clone())),
            _ => None,
        };
        parts.iter().enumerate().map(index).collect::<Option<_>>().map(Place::Indices)
    }

    /// Elements chosen by arrays of numbers: these stand in front, whole dimensions behind.
    pub fn gather(
        &mut self,
        frame: &mut Frame,
        span: Span,
        array: Local,
        parts: &[Part],
    ) -> Result<Option<Tree>> {
        if !parts.iter().any(|part| matches!(part, Part::Chosen(_) | Part::Mask(_))) {
            return Ok(None);
        }
        let front =
            parts.iter().take_while(|part| matches!(part, Part::Chosen(_) | Part::Int(_))).count();
        let mut indices = Vec::new();
        for part in &parts[..front] {
            match part {
                Part::Int(index) => indices.push(Tree::Scalar(frame.once(index.clone()))),
                Part::Chosen(tree) => indices.push(tree.clone()),
                _ => {}
            }
        }
        let mut own = 0;
        for tree in &indices {
            own = own.max(self.lazy(frame, span, tree.clone())?.ndim);
        }
        let ndim = own + parts.len() - front;
        Ok(Some(Tree::Gather { array, indices, ndim }))
    }

    /// An index with arrays of numbers as one in which they stand in front: the array with its dimensions in
    /// that order, and where those of the numbers belong in the result.
    ///
    /// As NumPy has it, single numbers count as arrays then; if slices part them, their dimensions come first.
    pub fn brought_to_front(
        &mut self,
        frame: &mut Frame,
        span: Span,
        array: Local,
        parts: Vec<Part>,
    ) -> Result<(Local, Vec<Part>, usize)> {
        let parts = self.unmasked(frame, span, parts)?;
        if parts.iter().any(|part| matches!(part, Part::New)) {
            let message = "a new dimension beside arrays of numbers in an index".into();
            return Err(frame.error(span, message, Some("index in two steps")));
        }
        let whole = || Part::Slice(None, None, None);
        let is_whole = |part: &Part| matches!(part, Part::Slice(None, None, None));
        let is_number = |part: &Part| matches!(part, Part::Int(_) | Part::Chosen(_));
        // Slices first.
        let cuts: Vec<_> =
            parts.iter().map(|part| if is_number(part) { whole() } else { part.clone() }).collect();
        let array = match cuts.iter().all(is_whole) {
            true => array,
            false => self.view(frame, span, array, cuts)?,
        };
        let (front, rest): (Vec<_>, Vec<_>) =
            (0..parts.len()).partition(|axis| is_number(&parts[*axis]));
        let first = front.first().copied().unwrap_or(0);
        let is_one_row = front.iter().copied().eq(first..first + front.len());
        let array = match is_one_row && first == 0 {
            true => array,
            false => {
                let axes: Vec<_> = front.iter().chain(&rest).copied().collect();
                self.transposed(frame, span, array, &axes)
            }
        };
        let mut ordered: Vec<_> = front.iter().map(|axis| parts[*axis].clone()).collect();
        ordered.extend(rest.iter().map(|_| whole()));
        Ok((array, ordered, if is_one_row { first } else { 0 }))
    }

    /// An index whose arrays of truth values are ones of numbers.
    fn unmasked(&mut self, frame: &mut Frame, span: Span, parts: Vec<Part>) -> Result<Vec<Part>> {
        let mut all = Vec::new();
        for part in parts {
            let Part::Mask(mask) = part else {
                all.push(part);
                continue;
            };
            let mask = Value::Expr(frame.read(span, mask));
            let given = Arguments::of(span, "an index", vec![mask]);
            let found = self.library(frame, "numpy.nonzero", given)?;
            let Value::Tuple(found) = self.opened(frame, found) else {
                return Err(frame.error(span, "this index of an array".into(), None));
            };
            for numbers in found {
                all.push(Part::Chosen(self.tree(frame, span, numbers)?));
            }
        }
        Ok(all)
    }

    /// The elements that arrays of numbers choose.
    fn chosen(
        &mut self,
        frame: &mut Frame,
        span: Span,
        array: Local,
        parts: Vec<Part>,
    ) -> Result<Value> {
        let (array, parts, place) = self.brought_to_front(frame, span, array, parts)?;
        let trailing = parts.iter().filter(|part| matches!(part, Part::Slice(..))).count();
        let Some(tree) = self.gather(frame, span, array, &parts)? else {
            return Err(frame.error(span, "this index of an array".into(), None));
        };
        let lazy = self.lazy(frame, span, tree)?;
        if place == 0 {
            return Ok(Value::Lazy(Rc::new(lazy)));
        }
        // The dimensions of the numbers stand where the numbers do.
        let own = lazy.ndim - trailing;
        let result = self.materialise(frame, span, &lazy)?;
        let axes: Vec<_> = (own..own + place).chain(0..own).chain(own + place..lazy.ndim).collect();
        let turned = self.transposed(frame, span, result, &axes);
        Ok(Value::Expr(frame.read(span, turned)))
    }

    /// `array[mask]`.
    pub fn masked(
        &mut self,
        frame: &mut Frame,
        span: Span,
        array: Local,
        mask: Local,
    ) -> Result<Value> {
        let ty = frame.array(array);
        let (ndim, front) = (usize::from(ty.ndim), usize::from(frame.array(mask).ndim));
        self.same_shape(frame, span, array, mask, front);
        let flags = self.flat(frame, span, mask);
        let sizes: Vec<_> = (0..front).map(|d| shape(span, mask, d)).collect();
        let int = Type::scalar(Scalar::I64);
        let count = frame.temporary("count", Expr::int(span, 0));
        self.each(frame, &flags, &sizes, None, &mut |_, frame, _, flag| {
            let one = cast(flag, Scalar::I64, false);
            let next = index_op(Binary::Add, frame.read(span, count), one);
            frame.emit(span, StmtKind::Assign(count, next));
            Ok(())
        })?;
        let mut shape_of = vec![frame.read(span, count)];
        shape_of.extend((front..ndim).map(|d| shape(span, array, d)));
        let result = self.allocate(frame, span, ty.dtype, shape_of, false);
        let at = frame.local(".at", int);
        frame.emit(span, StmtKind::Assign(at, Expr::int(span, 0)));
        let rest: Vec<_> = (front..ndim).map(|d| shape(span, array, d)).collect();
        self.each(frame, &flags, &sizes, None, &mut |_, frame, index, flag| {
            let ((), body) = frame.block(|frame| {
                copy_rows(frame, span, &rest, &mut Vec::new(), &mut |frame, inner| {
                    let from = index.iter().chain(inner).cloned().collect();
                    let value = load(frame, array, Place::Indices(from), span);
                    let mut to = vec![frame.read(span, at)];
                    to.extend(inner.iter().cloned());
                    let place = Place::Indices(to);
                    frame.emit(span, StmtKind::Store { array: result, place, value });
                })?;
                let next = index_op(Binary::Add, frame.read(span, at), Expr::int(span, 1));
                frame.emit(span, StmtKind::Assign(at, next));
                Ok(())
            })?;
            frame.emit(span, StmtKind::If { test: flag, body, orelse: Vec::new() });
            Ok(())
        })?;
        Ok(Value::Expr(frame.read(span, result)))
    }

    /// Raises unless the first dimensions of two arrays are of one size.
    pub fn same_shape(
        &mut self,
        frame: &mut Frame,
        span: Span,
        array: Local,
        mask: Local,
        count: usize,
    ) {
        for dimension in 0..count {
            let (own, other) = (shape(span, array, dimension), shape(span, mask, dimension));
            let message = vec![
                Piece::Text("boolean index did not match indexed array along axis ".into()),
                Piece::Value(Expr::int(span, dimension as i64)),
                Piece::Text("; size of axis is ".into()),
                Piece::Value(own.clone()),
                Piece::Text(" but size of corresponding boolean axis is ".into()),
                Piece::Value(other.clone()),
            ];
            frame.raise_if(compare_op(Compare::Ne, own, other), Exception::Index, message);
        }
    }

    /// A view of an array.
    pub fn view(
        &mut self,
        frame: &mut Frame,
        span: Span,
        array: Local,
        parts: Vec<Part>,
    ) -> Result<Local> {
        let ty = frame.array(array);
        let mut offset = Expr::int(span, 0);
        let (mut sizes, mut strides) = (Vec::new(), Vec::new());
        let mut axis = 0;
        // C order is kept by numbers in front, one dimension cut, and whole ones behind.
        let (mut is_c, mut may_cut) = (ty.layout == Layout::C, true);
        for part in parts {
            match part {
                Part::Int(index) => {
                    let index = self.checked(frame, span, array, axis, index);
                    let jump = index_op(Binary::Mul, index, stride(span, array, axis));
                    offset = index_op(Binary::Add, offset, jump);
                    is_c &= may_cut;
                    axis += 1;
                }
                Part::Slice(None, None, None) => {
                    sizes.push(frame.size(span, array, axis));
                    strides.push(stride(span, array, axis));
                    may_cut = false;
                    axis += 1;
                }
                Part::Slice(start, stop, step) => {
                    let unit = step.as_ref().is_none_or(|step| known(step) == Some(1));
                    is_c &= may_cut && unit;
                    may_cut = false;
                    let size = shape(span, array, axis);
                    let (start, length) = self.cut(frame, span, size, start, stop, step.clone());
                    let own = stride(span, array, axis);
                    let jump = index_op(Binary::Mul, start, own.clone());
                    offset = index_op(Binary::Add, offset, jump);
                    sizes.push(length);
                    strides.push(match step {
                        Some(step) => index_op(Binary::Mul, own, step),
                        None => own,
                    });
                    axis += 1;
                }
                Part::New => {
                    is_c = false;
                    sizes.push(Expr::int(span, 1));
                    strides.push(Expr::int(span, ty.dtype.size() as i64));
                }
                Part::Chosen(_) | Part::Mask(_) => {
                    let message = "this combination of arrays and slices in an index".into();
                    return Err(frame.error(span, message, Some("index in two steps")));
                }
            }
        }
        let layout = if is_c || sizes.is_empty() { Layout::C } else { Layout::Any };
        let ndim = sizes.len() as u8;
        let ones = ones(&sizes);
        let kind = ExprKind::View { array, offset: Box::new(offset), shape: sizes, strides };
        let ty = Type::Array(ArrayType { ndim, layout, ones, ..ty });
        let view = frame.temporary("view", Expr::new(span, ty, kind));
        frame.apart.part(view, array);
        Ok(view)
    }

    /// Where a slice begins, and how many elements it has: Python's `slice.indices`.
    pub fn cut(
        &mut self,
        frame: &mut Frame,
        span: Span,
        size: Expr,
        start: Option<Expr>,
        stop: Option<Expr>,
        step: Option<Expr>,
    ) -> (Expr, Expr) {
        let int = |value| Expr::int(span, value);
        let step = step.unwrap_or_else(|| int(1));
        let wrap = |frame: &mut Frame, value: Expr, low: i64, high: Expr| {
            let value = match known(&value) {
                Some(value) if value >= 0 => int(value),
                Some(value) => index_op(Binary::Add, size.clone(), int(value)),
                None => {
                    let value = frame.once(value);
                    let wrapped = index_op(Binary::Add, value.clone(), size.clone());
                    if_else(compare_op(Compare::Lt, value.clone(), int(0)), wrapped, value)
                }
            };
            let value = match known(&value) {
                Some(known) if known >= low => value,
                _ => index_op(Binary::Max, value, int(low)),
            };
            index_op(Binary::Min, value, high)
        };
        let forward = |frame: &mut Frame, step: &Expr| {
            let begin = match start.clone().filter(|start| known(start) != Some(0)) {
                Some(start) => wrap(frame, start, 0, size.clone()),
                None => int(0),
            };
            let end = match stop.clone() {
                Some(stop) => wrap(frame, stop, 0, size.clone()),
                None => size.clone(),
            };
            let begin = frame.once(begin);
            let span_of = index_op(Binary::Sub, end, begin.clone());
            let length = if known(step) == Some(1) {
                span_of
            } else {
                let less = index_op(Binary::Sub, step.clone(), int(1));
                index_op(Binary::FloorDiv, index_op(Binary::Add, span_of, less), step.clone())
            };
            (begin, index_op(Binary::Max, length, int(0)))
        };
        let backward = |frame: &mut Frame, step: &Expr| {
            let last = index_op(Binary::Sub, size.clone(), int(1));
            let begin = match start.clone() {
                Some(start) => wrap(frame, start, -1, last.clone()),
                None => last.clone(),
            };
            let end = match stop.clone() {
                Some(stop) => wrap(frame, stop, -1, last),
                None => int(-1),
            };
            let begin = frame.once(begin);
            let back = index_op(Binary::Sub, int(0), step.clone());
            let less = index_op(Binary::Sub, back.clone(), int(1));
            let span_of = index_op(Binary::Sub, begin.clone(), end);
            let length = index_op(Binary::FloorDiv, index_op(Binary::Add, span_of, less), back);
            (begin, index_op(Binary::Max, length, int(0)))
        };
        let (begin, length) = match known(&step) {
            Some(step_known) if step_known > 0 => forward(frame, &step),
            Some(step_known) if step_known < 0 => backward(frame, &step),
            _ => {
                let step = frame.once(step);
                frame.raise_if(
                    compare_op(Compare::Eq, step.clone(), int(0)),
                    Exception::Value,
                    vec![Piece::Text("slice step cannot be zero".into())],
                );
                let ahead = forward(frame, &step);
                let back = backward(frame, &step);
                let test = frame.once(compare_op(Compare::Gt, step, int(0)));
                (if_else(test.clone(), ahead.0, back.0), if_else(test, ahead.1, back.1))
            }
        };
        (frame.once(begin), frame.once(length))
    }
}

/// Loops over the dimensions behind those that were chosen.
pub fn copy_rows(
    frame: &mut Frame,
    span: Span,
    sizes: &[Expr],
    index: &mut Vec<Expr>,
    body: &mut dyn FnMut(&mut Frame, &[Expr]),
) -> Result<()> {
    let Some(size) = sizes.get(index.len()) else {
        body(frame, index);
        return Ok(());
    };
    frame.count_loop(span, size.clone(), |frame, i| {
        index.push(i);
        let done = copy_rows(frame, span, sizes, index, body);
        index.pop();
        done
    })
}
