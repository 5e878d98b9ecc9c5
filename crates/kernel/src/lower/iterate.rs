//! `for`, and what it runs over.

use super::scalar::{compare_op, index_op, int64, not};
use super::texts::letters;
use super::value::{Meta, Value};
use super::{Frame, Lowering, Result, after, arrays, lists, rename};
use crate::ir::{
    Binary, Compare, Exception, Expr, ExprKind, For, Local, Parallel, Piece, Place, Reduction,
    StmtKind,
};
use crate::syntax::{self, BinaryOp, Comprehension, ExprKind as Syntax, Span, Stmt};
use crate::types::{Scalar, Type};

/// Something with so many items, one for each number.
enum Items {
    Range {
        start: Expr,
        step: Expr,
    },
    Array(Local),
    /// Of which nothing is known yet.
    Unknown,
    /// If it is marked, the list may have become shorter.
    List(Local, bool),
    Flat(Local, Vec<Expr>),
    Index(Vec<Expr>),
    IndexAndElement(Local, Vec<Expr>),
    Count(Expr, Box<Self>),
    Both(Vec<Self>),
    Backwards(Expr, Box<Self>),
}

impl Items {
    /// Whether there are those of a list, of which there may be more or fewer in the next round.
    fn has_list(&self) -> bool {
        match self {
            Self::List(..) => true,
            Self::Count(_, items) | Self::Backwards(_, items) => items.has_list(),
            Self::Both(all) => all.iter().any(Self::has_list),
            _ => false,
        }
    }

    /// The lists among it may become shorter meanwhile.
    fn check(&mut self) {
        match self {
            Self::List(_, may_be_shorter) => *may_be_shorter = true,
            Self::Count(_, items) | Self::Backwards(_, items) => items.check(),
            Self::Both(all) => all.iter_mut().for_each(Self::check),
            _ => {}
        }
    }
}

impl Frame {
    /// A loop that looks in each round how many there are to be.
    fn emit_rounds(
        &mut self,
        span: Span,
        variable: Local,
        count: Expr,
        mut looped: Vec<crate::ir::Stmt>,
    ) {
        let next = self.temporary("next", Expr::int(span, 0));
        let number = self.read(span, next);
        let out = vec![crate::ir::Stmt { span, kind: StmtKind::Break }];
        let test = compare_op(Compare::Ge, number.clone(), count);
        let more = index_op(Binary::Add, number.clone(), Expr::int(span, 1));
        let head = [
            StmtKind::If { test, body: out, orelse: Vec::new() },
            StmtKind::Assign(variable, number),
            StmtKind::Assign(next, more),
        ];
        let head = head.map(|kind| crate::ir::Stmt { span, kind });
        looped.splice(0..0, head);
        self.emit(span, StmtKind::Loop { body: looped });
    }
}

impl Lowering<'_> {
    pub fn for_loop(
        &mut self,
        frame: &mut Frame,
        span: Span,
        target: &syntax::Expr,
        iter: &syntax::Expr,
        body: &[Stmt],
        orelse: &[Stmt],
    ) -> Result<bool> {
        let iter = self.expr(frame, iter)?;
        if let Some(items) = self.unrolled(frame, &iter) {
            return self.unroll(frame, span, target, items, body, orelse);
        }
        let is_parallel = matches!(&iter, Value::Meta(Meta::Range(_, true)))
            && frame.callee.options.parallel
            && !frame.loops.iter().any(|outer| outer.is_parallel);
        let (count, items) = self.iterate(frame, span, iter)?;
        let (parallel, private) = match is_parallel {
            true => {
                let (parallel, private) = self.reductions(frame, span, target, body)?;
                (Some(parallel), private)
            }
            false => (None, Vec::new()),
        };
        let broken = frame.begin_loop(span, !orelse.is_empty(), is_parallel);
        let before = frame.bindings.clone();
        let variable = frame.local(".round", Type::scalar(Scalar::I64));
        let ((), looped) = frame.block(|frame| {
            let number = frame.read(span, variable);
            let item = self.item_of(frame, span, &items, number)?;
            self.assign(frame, target, item)?;
            self.body(frame, body).map(drop)
        })?;
        frame.loops.pop();
        frame.unchanged(span, &before)?;
        if parallel.is_some() {
            self.notes.push((span.line, "the rounds of prange run on all cores".into()));
        }
        if items.has_list() && lists::may_change(&looped) {
            frame.emit_rounds(span, variable, count, looped);
        } else {
            let (start, step) = (Expr::int(span, 0), Expr::int(span, 1));
            let looped = For { variable, start, stop: count, step, body: looped, parallel };
            frame.emit(span, StmtKind::For(Box::new(looped)));
        }
        for key in private {
            if let Some(binding @ super::Binding::Local(_)) = frame.bindings.get_mut(&key) {
                *binding = super::Binding::Private;
            }
        }
        self.loop_else(frame, span, broken, orelse)?;
        Ok(true)
    }

    /// The items of a tuple or list, which are of types of their own.
    fn unrolled(&mut self, frame: &mut Frame, iter: &Value) -> Option<Vec<Value>> {
        match iter {
            Value::Tuple(items) | Value::Meta(Meta::List(items)) => Some(items.clone()),
            Value::Expr(expr) if matches!(expr.ty, Type::Tuple(..)) => {
                Some(self.items(frame, expr.clone()))
            }
            Value::Expr(Expr { kind: ExprKind::Const(crate::ir::Value::Str(text)), .. }) => {
                Some(letters(Span::default(), text))
            }
            Value::Meta(Meta::Enumerate(inner, start)) => {
                let items = self.unrolled(frame, inner)?;
                let number = |(index, item): (usize, Value)| {
                    let index =
                        Expr { ty: Type::weak(Scalar::I64), ..Expr::int(start.span, index as i64) };
                    let count = index_op(Binary::Add, (**start).clone(), index);
                    let count = Expr { ty: Type::weak(Scalar::I64), ..count };
                    Value::Tuple(vec![Value::Expr(count), item])
                };
                Some(items.into_iter().enumerate().map(number).collect())
            }
            Value::Meta(Meta::Zip(all)) => {
                let all: Option<Vec<_>> = all.iter().map(|one| self.unrolled(frame, one)).collect();
                let all = all?;
                let count = all.iter().map(Vec::len).min()?;
                let row = |index: usize| {
                    Value::Tuple(all.iter().map(|items| items[index].clone()).collect())
                };
                Some((0..count).map(row).collect())
            }
            Value::Meta(Meta::Reversed(inner)) => {
                let mut items = self.unrolled(frame, inner)?;
                items.reverse();
                Some(items)
            }
            _ => None,
        }
    }

    /// A loop over a tuple, written out. Each round is a loop of one round, so that it can be left.
    fn unroll(
        &mut self,
        frame: &mut Frame,
        span: Span,
        target: &syntax::Expr,
        items: Vec<Value>,
        body: &[Stmt],
        orelse: &[Stmt],
    ) -> Result<bool> {
        let leaves = body.iter().any(has_jump);
        let asks = leaves || !orelse.is_empty();
        let broken = frame.begin_loop(span, asks, false);
        for item in items {
            let item = self.settled(frame, item)?;
            if !leaves {
                self.assign(frame, target, item)?;
                if !self.body(frame, body)? {
                    frame.loops.pop();
                    return Ok(false);
                }
                continue;
            }
            let ((), mut round) = frame.block(|frame| {
                self.assign(frame, target, item)?;
                self.body(frame, body).map(drop)
            })?;
            round.push(crate::ir::Stmt { span, kind: StmtKind::Break });
            let ((), guarded) = frame.block(|frame| {
                // `continue` would go round once more: both leave the loop of one round.
                replace_continue(&mut round);
                frame.emit(span, StmtKind::Loop { body: round });
                Ok(())
            })?;
            let Some(broken) = broken else { continue };
            let test = not(frame.read(span, broken));
            frame.emit(span, StmtKind::If { test, body: guarded, orelse: Vec::new() });
        }
        frame.loops.pop();
        if !orelse.is_empty() {
            self.loop_else(frame, span, broken, orelse)?;
        }
        Ok(true)
    }

    /// How many items there are, and what they are.
    fn iterate(&mut self, frame: &mut Frame, span: Span, iter: Value) -> Result<(Expr, Items)> {
        Ok(match iter {
            Value::Meta(Meta::Range(range, _)) => {
                let [start, stop, step] = *range;
                let (start, step) = (frame.once(int64(start)), frame.once(int64(step)));
                let stop = int64(stop);
                (self.count(frame, span, &start, stop, &step), Items::Range { start, step })
            }
            Value::Meta(Meta::Enumerate(inner, start)) => {
                let (count, items) = self.iterate(frame, span, *inner)?;
                let start = frame.once(int64(*start));
                (count, Items::Count(start, Box::new(items)))
            }
            Value::Meta(Meta::Zip(all)) => {
                let mut count: Option<Expr> = None;
                let mut both = Vec::new();
                for one in all {
                    let (own, items) = self.iterate(frame, span, one)?;
                    let own = if items.has_list() { own } else { frame.once(own) };
                    count = Some(match count {
                        Some(count) => index_op(Binary::Min, count, own),
                        None => own,
                    });
                    both.push(items);
                }
                (count.unwrap_or_else(|| Expr::int(span, 0)), Items::Both(both))
            }
            Value::Meta(Meta::Reversed(inner)) => {
                let (count, mut items) = self.iterate(frame, span, *inner)?;
                let count = frame.once(count);
                items.check();
                (count.clone(), Items::Backwards(count, Box::new(items)))
            }
            Value::Meta(Meta::Flat(array)) => {
                let sizes = self.sizes(frame, span, array);
                (self.product(frame, span, &sizes), Items::Flat(array, sizes))
            }
            Value::Meta(Meta::NdIndex(sizes, array)) => {
                let count = self.product(frame, span, &sizes);
                match array {
                    Some(array) => (count, Items::IndexAndElement(array, sizes)),
                    None => (count, Items::Index(sizes)),
                }
            }
            Value::Meta(Meta::List(items)) => {
                let list = self.list_of(frame, span, items)?;
                (lists::length(span, list), Items::List(list, false))
            }
            Value::Meta(meta) => {
                let message = format!("a loop over {}", Value::Meta(meta).describe());
                return Err(frame.error(span, message, None));
            }
            Value::Expr(expr) if expr.ty == Type::Unknown => (Expr::int(span, 0), Items::Unknown),
            Value::Expr(Expr { ty: Type::List(_), kind: ExprKind::Local(list), .. }) => {
                (lists::length(span, list), Items::List(list, false))
            }
            other => {
                let array = self.array(frame, span, other)?;
                if frame.array(array).ndim == 0 {
                    let message = "a loop over an array of no dimensions".into();
                    return Err(frame.error(span, message, None));
                }
                (arrays::shape(span, array, 0), Items::Array(array))
            }
        })
    }

    pub fn sizes(&mut self, frame: &mut Frame, span: Span, array: Local) -> Vec<Expr> {
        let ndim = usize::from(frame.array(array).ndim);
        (0..ndim).map(|d| arrays::shape(span, array, d)).collect()
    }

    pub fn product(&mut self, frame: &mut Frame, span: Span, sizes: &[Expr]) -> Expr {
        let product = sizes.iter().cloned().reduce(|one, two| index_op(Binary::Mul, one, two));
        frame.once(product.unwrap_or_else(|| Expr::int(span, 1)))
    }

    /// How many numbers a range has.
    fn count(
        &mut self,
        frame: &mut Frame,
        span: Span,
        start: &Expr,
        stop: Expr,
        step: &Expr,
    ) -> Expr {
        let int = |value| Expr::int(span, value);
        let known = match step.kind {
            ExprKind::Const(crate::ir::Value::Int(step)) => Some(step),
            _ => None,
        };
        if known == Some(1) {
            let length = index_op(Binary::Sub, stop, start.clone());
            return length;
        }
        let stop = frame.once(stop);
        let forward = {
            let less = index_op(Binary::Sub, step.clone(), int(1));
            let length = index_op(Binary::Sub, stop.clone(), start.clone());
            index_op(Binary::FloorDiv, index_op(Binary::Add, length, less), step.clone())
        };
        let backward = {
            let back = index_op(Binary::Sub, int(0), step.clone());
            let less = index_op(Binary::Sub, back.clone(), int(1));
            let length = index_op(Binary::Sub, start.clone(), stop);
            index_op(Binary::FloorDiv, index_op(Binary::Add, length, less), back)
        };
        match known {
            Some(step) if step > 0 => frame.once(forward),
            Some(step) if step < 0 => frame.once(backward),
            _ => {
                frame.raise_if(
                    compare_op(Compare::Eq, step.clone(), int(0)),
                    Exception::Value,
                    vec![Piece::Text("range() arg 3 must not be zero".into())],
                );
                let test = compare_op(Compare::Gt, step.clone(), int(0));
                let kind = ExprKind::IfElse(Box::new(test), Box::new(forward), Box::new(backward));
                frame.once(Expr::new(span, Type::scalar(Scalar::I64), kind))
            }
        }
    }

    /// The item of that number.
    fn item_of(
        &mut self,
        frame: &mut Frame,
        span: Span,
        items: &Items,
        number: Expr,
    ) -> Result<Value> {
        let weak = |expr: Expr| Value::Expr(Expr { ty: Type::weak(Scalar::I64), ..expr });
        Ok(match items {
            Items::Range { start, step } => {
                let offset = index_op(Binary::Mul, number, step.clone());
                weak(index_op(Binary::Add, start.clone(), offset))
            }
            Items::Array(array) => {
                if frame.array(*array).ndim == 1 {
                    let place = Place::Indices(vec![number]);
                    return Ok(Value::Expr(super::elementwise::load(frame, *array, place, span)));
                }
                let array = Value::Expr(frame.read(span, *array));
                self.subscript(frame, span, array, Value::Expr(number))?
            }
            Items::Unknown => Value::Expr(frame.unknown(span)),
            Items::List(list, true) => {
                let list = Value::Expr(frame.read(span, *list));
                self.subscript(frame, span, list, Value::Expr(number))?
            }
            Items::List(list, false) => self.list_item(frame, span, *list, number),
            Items::Flat(array, sizes) => {
                let index = self.unravelled(frame, number, sizes);
                let place = Place::Indices(index);
                Value::Expr(super::elementwise::load(frame, *array, place, span))
            }
            Items::Index(sizes) => {
                let index = self.unravelled(frame, number, sizes);
                Value::Tuple(index.into_iter().map(weak).collect())
            }
            Items::IndexAndElement(array, sizes) => {
                let index = self.unravelled(frame, number, sizes);
                let place = Place::Indices(index.clone());
                let element = super::elementwise::load(frame, *array, place, span);
                let index = Value::Tuple(index.into_iter().map(weak).collect());
                Value::Tuple(vec![index, Value::Expr(element)])
            }
            Items::Count(start, items) => {
                let item = self.item_of(frame, span, items, number.clone())?;
                let count = weak(index_op(Binary::Add, start.clone(), number));
                Value::Tuple(vec![count, item])
            }
            Items::Both(all) => {
                let items =
                    all.iter().map(|items| self.item_of(frame, span, items, number.clone()));
                Value::Tuple(items.collect::<Result<_>>()?)
            }
            Items::Backwards(count, items) => {
                let last = index_op(Binary::Sub, count.clone(), Expr::int(span, 1));
                let number = index_op(Binary::Sub, last, number);
                self.item_of(frame, span, items, number)?
            }
        })
    }

    /// The index of an element from its number in C order.
    pub fn unravelled(&mut self, frame: &mut Frame, number: Expr, sizes: &[Expr]) -> Vec<Expr> {
        let mut index = Vec::with_capacity(sizes.len());
        let mut rest = number;
        for (dimension, size) in sizes.iter().enumerate().rev() {
            if dimension == 0 {
                index.push(rest.clone());
                break;
            }
            let whole = frame.once(rest);
            index.push(frame.once(index_op(Binary::Mod, whole.clone(), size.clone())));
            rest = index_op(Binary::FloorDiv, whole, size.clone());
        }
        index.reverse();
        index
    }

    /// `[element for ... in ...]`: a list, or for whoever wants one at once an array.
    pub fn comprehension(
        &mut self,
        frame: &mut Frame,
        span: Span,
        element: &syntax::Expr,
        generators: &[Comprehension],
        as_array: bool,
    ) -> Result<Value> {
        let Some(Comprehension { target, iter, ifs }) = generators.first() else {
            return Err(frame.error(span, "a comprehension over nothing".into(), None));
        };
        let iter = self.expr(frame, iter)?;
        let is_single = generators.len() == 1;
        if is_single
            && ifs.is_empty()
            && let Some(items) = self.unrolled(frame, &iter)
        {
            let mut list = Vec::new();
            for item in items {
                self.assign(frame, target, item)?;
                let value = self.expr(frame, element)?;
                list.push(self.settled(frame, value)?);
            }
            return Ok(Value::Meta(Meta::List(list)));
        }
        if as_array
            && is_single
            && let Some(array) =
                self.array_of_elements(frame, span, element, &generators[0], iter.clone())?
        {
            return Ok(array);
        }
        let list = self.new_list(frame, span);
        self.generate(frame, span, iter, generators, &mut |lowering, frame| {
            let value = lowering.expr(frame, element)?;
            lowering.append(frame, span, list, value)
        })?;
        Ok(Value::Expr(frame.read(span, list)))
    }

    /// Does something for all that a comprehension runs over; `iter` is the first of that.
    fn generate(
        &mut self,
        frame: &mut Frame,
        span: Span,
        iter: Value,
        generators: &[Comprehension],
        body: &mut dyn FnMut(&mut Self, &mut Frame) -> Result<()>,
    ) -> Result<()> {
        let [Comprehension { target, ifs, .. }, rest @ ..] = generators else {
            return body(self, frame);
        };
        let mut round = |lowering: &mut Self, frame: &mut Frame, item: Value| {
            lowering.assign(frame, target, item)?;
            let mut test = Expr::bool(span, true);
            for condition in ifs {
                let (own, block) = frame.block(|frame| lowering.test(frame, condition))?;
                test = super::scalar::both(test, after(block, own));
            }
            let ((), inner) = frame.block(|frame| match rest.first() {
                Some(next) => {
                    let iter = lowering.expr(frame, &next.iter)?;
                    lowering.generate(frame, span, iter, rest, body)
                }
                None => body(lowering, frame),
            })?;
            if ifs.is_empty() {
                frame.blocks.last_mut().expect("a block is open").extend(inner);
            } else {
                frame.emit(span, StmtKind::If { test, body: inner, orelse: Vec::new() });
            }
            Ok(())
        };
        if let Some(items) = self.unrolled(frame, &iter) {
            return items.into_iter().try_for_each(|item| round(self, frame, item));
        }
        let (count, mut items) = self.iterate(frame, span, iter)?;
        items.check();
        let count = frame.once(count);
        frame.begin_loop(span, false, false);
        let done = frame.count_loop(span, count, |frame, number| {
            let item = self.item_of(frame, span, &items, number)?;
            round(self, frame, item)
        });
        frame.loops.pop();
        done
    }

    /// A comprehension's elements in a new array, if they are numbers.
    fn array_of_elements(
        &mut self,
        frame: &mut Frame,
        span: Span,
        element: &syntax::Expr,
        Comprehension { target, ifs, .. }: &Comprehension,
        iter: Value,
    ) -> Result<Option<Value>> {
        let (count, items) = self.iterate(frame, span, iter)?;
        let count = frame.once(count);
        let none = Expr::int(span, 0);
        let count = frame.once(index_op(Binary::Max, count, none));
        // What an element is, is found out by lowering one that is thrown away.
        let (made, _) = frame.block(|frame| {
            let item = self.item_of(frame, span, &items, Expr::int(span, 0))?;
            self.assign(frame, target, item)?;
            let value = self.expr(frame, element)?;
            self.settled(frame, value)
        })?;
        let dtype = match &made {
            Value::Expr(expr) if expr.ty.as_scalar().is_some() => expr.scalar(),
            Value::Expr(expr) if expr.ty == Type::Unknown => Scalar::F64,
            _ => return Ok(None),
        };
        let array = self.allocate(frame, span, dtype, vec![count.clone()], false);
        let at = frame.temporary("filled", Expr::int(span, 0));
        frame.begin_loop(span, false, false);
        let filled = frame.count_loop(span, count, |frame, number| {
            let item = self.item_of(frame, span, &items, number)?;
            self.assign(frame, target, item)?;
            let mut test = Expr::bool(span, true);
            for condition in ifs {
                let (own, block) = frame.block(|frame| self.test(frame, condition))?;
                test = super::scalar::both(test, after(block, own));
            }
            let ((), body) = frame.block(|frame| {
                let value = self.expr(frame, element)?;
                let value = self.run_time(frame, span, value)?;
                if value.ty.as_scalar().is_none() {
                    let message = format!("{} in a comprehension", value.ty);
                    return Err(frame.error(span, message, None));
                }
                let value = super::scalar::cast(value, dtype, false);
                let place = Place::Indices(vec![frame.read(span, at)]);
                frame.emit(span, StmtKind::Store { array, place, value });
                let next = index_op(Binary::Add, frame.read(span, at), Expr::int(span, 1));
                frame.emit(span, StmtKind::Assign(at, next));
                Ok(())
            })?;
            frame.emit(span, StmtKind::If { test, body, orelse: Vec::new() });
            Ok(())
        });
        frame.loops.pop();
        filled?;
        if ifs.is_empty() {
            return Ok(Some(Value::Expr(frame.read(span, array))));
        }
        let stop = Value::Expr(frame.read(span, at));
        let slice = Value::Meta(Meta::Slice(None, Some(Box::new(stop)), None));
        let whole = Value::Expr(frame.read(span, array));
        self.subscript(frame, span, whole, slice).map(Some)
    }

    /// What the rounds of a parallel loop add up, and the variables that each round has for itself; anything
    /// that they hand on otherwise is an error.
    fn reductions(
        &mut self,
        frame: &mut Frame,
        span: Span,
        target: &syntax::Expr,
        body: &[Stmt],
    ) -> Result<(Parallel, Vec<String>)> {
        let mut found: Vec<(String, Reduction)> = Vec::new();
        let mut uses = Uses::default();
        uses.body(body);
        let mut own = std::collections::HashSet::new();
        own_names(target, &mut own);
        for (name, kinds) in &uses.updates {
            let key = frame.key(name);
            if !matches!(frame.bindings.get(&key), Some(super::Binding::Local(_))) {
                continue;
            }
            let reads = uses.reads.get(name).copied().unwrap_or(0);
            let [first, rest @ ..] = kinds.as_slice() else { continue };
            if reads > 0 || rest.iter().any(|kind| kind != first) || uses.plain.contains(name) {
                if uses.first_is_read(body, name) {
                    let base = name.split('.').next().unwrap_or(name);
                    let message = format!("{base} goes from one round of prange to the next");
                    let hint = "the rounds run at one time: only `x += ...`, `x *= ...`, \
                                `x = min(x, ...)` and the like add up";
                    return Err(frame.error(span, message, Some(hint)));
                }
                continue;
            }
            found.push((name.clone(), *first));
        }
        for name in &uses.plain {
            let key = frame.key(name);
            let is_outer = matches!(frame.bindings.get(&key), Some(super::Binding::Local(_)));
            if is_outer && !own.contains(name) && uses.first_is_read(body, name) {
                let base = name.split('.').next().unwrap_or(name);
                let message = format!("{base} goes from one round of prange to the next");
                let hint = "the rounds run at one time: give it a value in each, or add up";
                return Err(frame.error(span, message, Some(hint)));
            }
        }
        // Arrays into which all rounds add at places that do not depend on the round.
        for (name, kind, depends) in &uses.elements {
            let key = frame.key(name);
            let is_outer = match frame.bindings.get(&key) {
                Some(super::Binding::Local(local)) => frame.ty(*local).as_array().is_some(),
                _ => false,
            };
            let by_round = depends.iter().any(|name| own.contains(name));
            let reads = uses.reads.get(name).copied().unwrap_or(0);
            if is_outer && !by_round && reads == 0 && !found.iter().any(|(other, _)| other == name)
            {
                found.push((name.clone(), *kind));
            }
        }
        let private = uses.plain.iter().chain(&own).filter(|name| {
            // A variable that says whether another has a value lives and dies with that.
            !name.ends_with('?') && found.iter().all(|(other, _)| other != *name)
        });
        let private = private.map(|name| frame.key(name)).collect();
        let mut reductions = Vec::new();
        for (name, kind) in found {
            let key = frame.key(&name);
            if let Some(super::Binding::Local(local)) = frame.bindings.get(&key) {
                reductions.push((*local, kind));
            }
        }
        reductions.sort_by_key(|(local, _)| *local);
        Ok((Parallel { reductions }, private))
    }
}

fn own_names(target: &syntax::Expr, names: &mut std::collections::HashSet<String>) {
    match &target.kind {
        Syntax::Name(name) => {
            names.insert(name.clone());
        }
        Syntax::Tuple(items) => items.iter().for_each(|item| own_names(item, names)),
        _ => {}
    }
}

/// How a loop's body uses names.
#[derive(Default)]
struct Uses {
    /// `name op= ...`, and `name = min(name, ...)`.
    updates: std::collections::BTreeMap<String, Vec<Reduction>>,
    /// `name[...] op= ...`, and the names in the index.
    elements: Vec<(String, Reduction, Vec<String>)>,
    /// Otherwise assigned.
    plain: std::collections::BTreeSet<String>,
    /// How often it is read otherwise.
    reads: std::collections::BTreeMap<String, usize>,
}

fn reduction_of(op: BinaryOp) -> Option<Reduction> {
    Some(match op {
        BinaryOp::Add | BinaryOp::Sub => Reduction::Add,
        BinaryOp::Mul => Reduction::Mul,
        BinaryOp::And => Reduction::And,
        BinaryOp::Or => Reduction::Or,
        BinaryOp::Xor => Reduction::Xor,
        _ => return None,
    })
}

impl Uses {
    fn body(&mut self, body: &[Stmt]) {
        for stmt in body {
            self.stmt(stmt);
        }
    }

    fn stmt(&mut self, stmt: &Stmt) {
        match &stmt.kind {
            syntax::StmtKind::AugAssign { target, op, value } => {
                self.read(value);
                match (&target.kind, reduction_of(*op)) {
                    (Syntax::Name(name), Some(kind)) => {
                        self.updates.entry(name.clone()).or_default().push(kind);
                    }
                    (Syntax::Name(name), _) => {
                        *self.reads.entry(name.clone()).or_default() += 1;
                        self.plain.insert(name.clone());
                    }
                    (Syntax::Subscript(object, index), kind) => {
                        self.read(index);
                        match (&object.kind, kind) {
                            (Syntax::Name(name), Some(kind)) => {
                                let mut names = Vec::new();
                                names_in(index, &mut names);
                                self.elements.push((name.clone(), kind, names));
                            }
                            _ => self.read(object),
                        }
                    }
                    _ => self.read(target),
                }
            }
            syntax::StmtKind::Assign { targets, value } => {
                if let [syntax::Expr { kind: Syntax::Name(name), .. }] = targets.as_slice()
                    && let Some(kind) = self.own_update(name, value)
                {
                    self.updates.entry(name.clone()).or_default().push(kind);
                    return;
                }
                self.read(value);
                for target in targets {
                    self.target(target);
                }
            }
            syntax::StmtKind::For { target, iter, .. } => {
                self.read(iter);
                self.target(target);
            }
            syntax::StmtKind::FunctionDef(_) => {}
            _ => rename::expressions(stmt, &mut |expr| self.read(expr)),
        }
        rename::bodies(stmt, &mut |body| self.body(body));
    }

    /// `name = name + ...`, `name = min(name, ...)`.
    fn own_update(&mut self, name: &str, value: &syntax::Expr) -> Option<Reduction> {
        let is_name = |expr: &syntax::Expr| matches!(&expr.kind, Syntax::Name(own) if own == name);
        let (kind, one, two) = match &value.kind {
            Syntax::Binary(op, one, two) if *op != BinaryOp::Sub => {
                (reduction_of(*op)?, &**one, &**two)
            }
            Syntax::Call { function, arguments, keywords } if keywords.is_empty() => {
                let kind = match &function.kind {
                    Syntax::Name(name) if name == "min" => Reduction::Min,
                    Syntax::Name(name) if name == "max" => Reduction::Max,
                    Syntax::Attribute(_, name) if name == "minimum" => Reduction::Min,
                    Syntax::Attribute(_, name) if name == "maximum" => Reduction::Max,
                    _ => return None,
                };
                let [one, two] = arguments.as_slice() else { return None };
                (kind, one, two)
            }
            _ => return None,
        };
        let other = if is_name(one) {
            two
        } else if is_name(two) {
            one
        } else {
            return None;
        };
        self.read(other);
        Some(kind)
    }

    fn target(&mut self, target: &syntax::Expr) {
        match &target.kind {
            Syntax::Name(name) => {
                self.plain.insert(name.clone());
            }
            Syntax::Tuple(items) | Syntax::List(items) => {
                items.iter().for_each(|item| self.target(item));
            }
            _ => self.read(target),
        }
    }

    fn read(&mut self, expr: &syntax::Expr) {
        if let Syntax::Name(name) = &expr.kind {
            *self.reads.entry(name.clone()).or_default() += 1;
        }
        rename::children(expr, &mut |child| self.read(child));
    }

    /// Whether a round may read the name before it has given it a value.
    fn first_is_read(&self, body: &[Stmt], name: &str) -> bool {
        let mut given = false;
        reads_first(body, name, &mut given)
    }
}

fn names_in(expr: &syntax::Expr, names: &mut Vec<String>) {
    if let Syntax::Name(name) = &expr.kind {
        names.push(name.clone());
    }
    rename::children(expr, &mut |child| names_in(child, names));
}

fn reads_first(body: &[Stmt], name: &str, given: &mut bool) -> bool {
    let reads = |expr: &syntax::Expr| {
        let mut names = Vec::new();
        names_in(expr, &mut names);
        names.iter().any(|other| other == name)
    };
    for stmt in body {
        if *given {
            return false;
        }
        match &stmt.kind {
            syntax::StmtKind::Assign { targets, value } => {
                if reads(value) {
                    return true;
                }
                for target in targets {
                    match &target.kind {
                        Syntax::Name(_) | Syntax::Tuple(_) | Syntax::List(_) => {
                            *given |= reads(target);
                        }
                        _ if reads(target) => return true,
                        _ => {}
                    }
                }
            }
            syntax::StmtKind::If { test, body, orelse } => {
                if reads(test) {
                    return true;
                }
                let (mut one, mut two) = (false, false);
                if reads_first(body, name, &mut one) || reads_first(orelse, name, &mut two) {
                    return true;
                }
                *given |= one && two;
            }
            syntax::StmtKind::For { target, iter, body, orelse } => {
                if reads(iter) {
                    return true;
                }
                let mut inner = reads(target);
                if reads_first(body, name, &mut inner) || reads_first(orelse, name, &mut false) {
                    return true;
                }
            }
            syntax::StmtKind::While { test, body, orelse } => {
                if reads(test)
                    || reads_first(body, name, &mut false)
                    || reads_first(orelse, name, &mut false)
                {
                    return true;
                }
            }
            _ => {
                let mut found = false;
                rename::expressions(stmt, &mut |expr| found |= reads(expr));
                if found {
                    return true;
                }
            }
        }
    }
    false
}

/// Whether a statement contains a break or continue of the loop that it stands in.
fn has_jump(stmt: &Stmt) -> bool {
    match &stmt.kind {
        syntax::StmtKind::Break | syntax::StmtKind::Continue => true,
        syntax::StmtKind::If { body, orelse, .. } => body.iter().chain(orelse).any(has_jump),
        _ => false,
    }
}

/// In a loop of one round, `continue` leaves it.
fn replace_continue(body: &mut [crate::ir::Stmt]) {
    for stmt in body {
        match &mut stmt.kind {
            kind @ StmtKind::Continue => *kind = StmtKind::Break,
            StmtKind::If { body, orelse, .. } => {
                replace_continue(body);
                replace_continue(orelse);
            }
            _ => {}
        }
    }
}
