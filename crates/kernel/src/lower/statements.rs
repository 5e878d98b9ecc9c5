//! Statements.

use super::calls::{Arguments, is_compile_time};
use super::scalar::{cast, not};
use super::value::{Inner, Meta, Value};
use super::{Binding, Frame, Lowering, Result, is_some, lists, rename};
use crate::ir::{Exception, Expr, ExprKind, Local, Piece, StmtKind, Value as Constant};
use crate::syntax::{self, BinaryOp, ExprKind as Syntax, Span, Stmt, StmtKind as Source};
use crate::types::Type;
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

impl Lowering<'_> {
    /// A body; whether it may come to its end.
    pub fn body(&mut self, frame: &mut Frame, body: &[Stmt]) -> Result<bool> {
        for stmt in body {
            if !self.stmt(frame, stmt)? {
                return Ok(false);
            }
            // A return within a loop of a body that is lowered in place: leave the others around too.
            let exit = frame.scopes.last().and_then(|scope| scope.exit.as_ref());
            if let Some((_, flag)) = exit.and_then(|exit| exit.wrapped.as_ref())
                && is_loop(stmt)
                && has_return(stmt)
            {
                let flag = frame.read(stmt.span, *flag);
                let body = vec![crate::ir::Stmt { span: stmt.span, kind: StmtKind::Break }];
                frame.emit(stmt.span, StmtKind::If { test: flag, body, orelse: Vec::new() });
            }
        }
        Ok(true)
    }

    /// A statement; whether what stands behind it may be reached.
    fn stmt(&mut self, frame: &mut Frame, stmt: &Stmt) -> Result<bool> {
        let span = stmt.span;
        match &stmt.kind {
            Source::Pass => {}
            Source::Assign { targets, value } => {
                let source = value;
                let mut value = self.expr(frame, value)?;
                if matches!(source.kind, Syntax::Name(_)) {
                    // One list with two names.
                    value = self.realised(frame, source, value)?;
                }
                let value = match targets.as_slice() {
                    [_] => value,
                    _ => self.settled(frame, value)?,
                };
                for target in targets {
                    if let Syntax::Name(name) = &target.kind
                        && value.is_constant()
                        && frame.scopes.last().is_some_and(|scope| scope.function.is_single(name))
                    {
                        frame.constants.insert(frame.key(name), value.clone());
                    }
                    self.assign(frame, target, value.clone())?;
                }
            }
            Source::AugAssign { target, op, value } => self.augmented(frame, target, *op, value)?,
            Source::For { target, iter, body, orelse } => {
                return self.for_loop(frame, span, target, iter, body, orelse);
            }
            Source::While { test, body, orelse } => {
                return self.while_loop(frame, span, test, body, orelse);
            }
            Source::If { test, body, orelse } => {
                return self.branch(frame, span, test, body, orelse);
            }
            Source::Break | Source::Continue => {
                let Some(inner) = frame.loops.last() else {
                    return Err(frame.error(span, "break or continue outside a loop".into(), None));
                };
                let is_break = matches!(stmt.kind, Source::Break);
                if is_break && inner.is_parallel {
                    let hint = "its rounds run at one time: use range";
                    return Err(frame.error(span, "break in a prange".into(), Some(hint)));
                }
                if let (true, Some(broken)) = (is_break, inner.broken) {
                    frame.emit(span, StmtKind::Assign(broken, Expr::bool(span, true)));
                }
                frame.emit(span, if is_break { StmtKind::Break } else { StmtKind::Continue });
                return Ok(false);
            }
            Source::Return(value) => {
                let value = match value {
                    Some(value) => self.expr(frame, value)?,
                    None => Value::none(span),
                };
                self.return_value(frame, span, value)?;
                return Ok(false);
            }
            Source::Expr(value) => {
                if matches!(value.kind, Syntax::Constant(_)) {
                    return Ok(true);
                }
                match self.expr(frame, value)? {
                    Value::Expr(expr) if expr.ty.is_managed() => {
                        frame.temporary("unused", expr);
                    }
                    Value::Expr(expr) if !is_pure(&expr) => frame.emit(span, StmtKind::Expr(expr)),
                    Value::Lazy(lazy) => {
                        self.materialise(frame, span, &lazy)?;
                    }
                    _ => {}
                }
            }
            Source::Delete(targets) => {
                for target in targets {
                    self.delete(frame, target)?;
                }
            }
            Source::Assert { test, message } => {
                let test = self.test(frame, test)?;
                let message = match message {
                    Some(message) => self.message(frame, message)?,
                    None => Vec::new(),
                };
                frame.raise_if(not(test), Exception::Assertion, message);
            }
            Source::Raise(exception) => {
                let raise = self.raise(frame, span, exception.as_ref())?;
                frame.emit(span, StmtKind::Raise(raise));
                return Ok(false);
            }
            Source::FunctionDef(function) => {
                let inner = self.inner(frame, function);
                frame.bind(&function.name, inner);
            }
            Source::Unknown(what) => {
                let (what, hint) = unknown(what);
                return Err(frame.error(span, format!("{what} can't be compiled"), hint));
            }
        }
        Ok(true)
    }

    /// `del target`: of a variable there is nothing to be done.
    fn delete(&mut self, frame: &mut Frame, target: &syntax::Expr) -> Result<()> {
        let span = target.span;
        let (object, index) = match &target.kind {
            Syntax::Name(_) => return Ok(()),
            Syntax::Subscript(object, index) => (object, index),
            _ => return Err(frame.error(span, "del of this".into(), None)),
        };
        let list = self.expr(frame, object)?;
        let list = self.realised(frame, object, list)?;
        if lists::as_list(&list).is_none() {
            let hint = "only lists become shorter";
            return Err(frame.error(span, "del of an item".into(), Some(hint)));
        }
        let (path, given) = match self.expr(frame, index)? {
            Value::Meta(Meta::Slice(start, stop, None)) => {
                let part = |part: Option<Box<Value>>| part.map_or(Value::none(span), |part| *part);
                ("list.delete_slice", vec![list, part(start), part(stop)])
            }
            index => ("list.delete", vec![list, index]),
        };
        self.library(frame, path, Arguments::of(span, "del", given)).map(drop)
    }

    /// A function written within this one.
    pub fn inner(&mut self, frame: &Frame, function: &Arc<syntax::Function>) -> Value {
        let scope = frame.scopes.last();
        let prefix = scope.map(|scope| scope.prefix.clone()).unwrap_or_default();
        let scope = scope.map_or(frame.callee.scope, |scope| scope.scope);
        Value::Meta(Meta::Inner(Rc::new(Inner { function: Arc::clone(function), prefix, scope })))
    }

    /// Gives what stands on the left of `=` a value.
    pub fn assign(&mut self, frame: &mut Frame, target: &syntax::Expr, value: Value) -> Result<()> {
        match &target.kind {
            Syntax::Name(name) => self.assign_name(frame, target.span, name, value),
            Syntax::Tuple(targets) | Syntax::List(targets) => {
                let items = self.unpacked_to(frame, target.span, value, targets)?;
                // All are read before one is written: `a, b = b, a`.
                let items = items.into_iter().map(|item| match item {
                    Value::Expr(expr) if targets.len() > 1 && !expr.ty.is_managed() => {
                        Value::Expr(frame.once(expr))
                    }
                    Value::Expr(expr) if targets.len() > 1 && expr.ty.is_managed() => {
                        let (span, local) = (expr.span, frame.temporary("item", expr));
                        Value::Expr(frame.read(span, local))
                    }
                    other => other,
                });
                let items: Vec<_> = items.collect();
                for (target, item) in targets.iter().zip(items) {
                    self.assign(frame, target, item)?;
                }
                Ok(())
            }
            Syntax::Starred(inner) => self.assign(frame, inner, value),
            Syntax::Subscript(object, index) => {
                let source = object;
                let object = self.expr(frame, object)?;
                let object = self.realised(frame, source, object)?;
                let index = self.expr(frame, index)?;
                self.store(frame, target.span, object, index, value)
            }
            _ => {
                let hint = "assign to a variable or an array's elements";
                Err(frame.error(target.span, "this can't be assigned to".into(), Some(hint)))
            }
        }
    }

    pub fn assign_name(
        &mut self,
        frame: &mut Frame,
        span: Span,
        name: &str,
        value: Value,
    ) -> Result<()> {
        if value.as_str().is_some() && !frame.types.contains_key(&frame.key(name)) {
            frame.bind(name, value);
            return Ok(());
        }
        // `index = (slice(None), 0)`: its numbers are those of now.
        if let Value::Tuple(items) = value {
            if !items.iter().any(is_compile_time) {
                return self.assign_value(frame, span, name, Value::Tuple(items));
            }
            let mut settled = Vec::with_capacity(items.len());
            for item in items {
                settled.push(match item {
                    Value::Expr(expr) if expr.ty.is_managed() => {
                        let local = frame.temporary("item", expr);
                        Value::Expr(frame.read(span, local))
                    }
                    other => self.settled(frame, other)?,
                });
            }
            frame.bind(name, Value::Tuple(settled));
            return Ok(());
        }
        self.assign_value(frame, span, name, value)
    }

    fn assign_value(
        &mut self,
        frame: &mut Frame,
        span: Span,
        name: &str,
        value: Value,
    ) -> Result<()> {
        let is_display = matches!(value, Value::Meta(Meta::List(_)));
        if is_display && frame.is_realised(&frame.key(name)) {
            let list = self.run_time(frame, span, value)?;
            return self.assign_name(frame, span, name, Value::Expr(list));
        }
        if let Value::Meta(
            Meta::Function(_)
            | Meta::Ufunc(_)
            | Meta::Inner(_)
            | Meta::Known(_)
            | Meta::Dtype(_)
            | Meta::Named(_)
            | Meta::Range(..)
            | Meta::List(_)
            | Meta::Zip(_)
            | Meta::Enumerate(..)
            | Meta::Slice(..)
            | Meta::Method(..),
        ) = &value
        {
            frame.bind(name, value);
            return Ok(());
        }
        let key = frame.key(name);
        let expr = self.run_time(frame, span, value)?;
        frame.widen(&key);
        let before = frame.types.get(&key).cloned().unwrap_or(Type::Unknown);
        let Some(ty) = before.unify(&expr.ty) else {
            let base = name.split('.').next().unwrap_or(name);
            let message = format!("{base} is {before} and then {}", expr.ty);
            let hint = match (&before, &expr.ty) {
                (Type::List(_), Type::List(_)) => "a list's items are of one type",
                _ => "a variable has one type: use another name",
            };
            return Err(frame.error(span, message, Some(hint)));
        };
        let local = match frame.bindings.get(&key) {
            Some(Binding::Local(local)) => {
                let local = *local;
                if *frame.ty(local) != ty {
                    // What was made of it so far is made again.
                    frame.changed = true;
                    frame.locals[local.0 as usize].ty = ty.clone();
                }
                local
            }
            _ => {
                let local = frame.local(name, ty.clone());
                frame.bindings.insert(key.clone(), Binding::Local(local));
                if frame.scopes.len() == 1 && !name.ends_with('?') {
                    frame.defined.push((name.to_owned(), span.line));
                }
                local
            }
        };
        if ty.as_array().is_some() {
            frame.changed |= frame.apart.assigned(&key, local, &expr);
        }
        frame.types.insert(key, ty);
        let ty = frame.ty(local).clone();
        let expr = self.convert(frame, expr, &ty)?;
        frame.emit(span, StmtKind::Assign(local, expr));
        Ok(())
    }

    /// The value as one of a type that it unifies with.
    pub fn convert(&mut self, frame: &mut Frame, expr: Expr, ty: &Type) -> Result<Expr> {
        let span = expr.span;
        if expr.ty == *ty || *ty == Type::Unknown || expr.ty == Type::Unknown {
            return Ok(Expr { ty: ty.clone(), ..expr });
        }
        Ok(match (&expr.ty, ty) {
            (Type::Scalar(..), Type::Scalar(scalar, weak)) => cast(expr, *scalar, *weak),
            (Type::Array(_), Type::Array(_)) => Expr { ty: ty.clone(), ..expr },
            (Type::List(_), Type::List(_)) => {
                self.demand(frame, &expr, ty)?;
                Expr { ty: ty.clone(), ..expr }
            }
            (Type::Optional(_), Type::Optional(inner)) => {
                let optional = frame.once(expr);
                let value = self.convert(frame, super::unwrap(optional.clone()), inner)?;
                let some = Expr::new(span, ty.clone(), ExprKind::Some(Box::new(value)));
                let none = Expr::new(span, ty.clone(), ExprKind::Const(Constant::None));
                let test = Box::new(is_some(optional));
                Expr::new(span, ty.clone(), ExprKind::IfElse(test, Box::new(some), Box::new(none)))
            }
            (Type::None, Type::Optional(_)) => {
                Expr::new(span, ty.clone(), ExprKind::Const(Constant::None))
            }
            (_, Type::Optional(inner)) => {
                let value = self.convert(frame, expr, inner)?;
                Expr::new(span, ty.clone(), ExprKind::Some(Box::new(value)))
            }
            (Type::Tuple(from, _), Type::Tuple(to, _)) if from.len() == to.len() => {
                let from = from.clone();
                let tuple = frame.once(expr);
                let mut items = Vec::new();
                for (index, (from, to)) in from.iter().zip(to.iter()).enumerate() {
                    let kind = ExprKind::Item(Box::new(tuple.clone()), index);
                    let item = Expr::new(span, from.clone(), kind);
                    items.push(self.convert(frame, item, to)?);
                }
                Expr::new(span, ty.clone(), ExprKind::Tuple(items))
            }
            (from, to) => {
                return Err(frame.error(span, format!("{from} where {to} is needed"), None));
            }
        })
    }

    /// What each of these targets is given; one with a star is given a list of what is left.
    fn unpacked_to(
        &mut self,
        frame: &mut Frame,
        span: Span,
        value: Value,
        targets: &[syntax::Expr],
    ) -> Result<Vec<Value>> {
        let is_starred = |target: &syntax::Expr| matches!(target.kind, Syntax::Starred(_));
        let Some(star) = targets.iter().position(is_starred) else {
            return self.unpacked(frame, span, value, targets.len());
        };
        let behind = targets.len() - star - 1;
        if let Some(list) = lists::as_list(&value) {
            return self.list_parts(frame, span, list, star, behind);
        }
        let (Value::Tuple(mut items) | Value::Meta(Meta::List(mut items))) =
            self.opened(frame, value)
        else {
            let message = "a * takes what is left of a tuple or a list".into();
            return Err(frame.error(span, message, None));
        };
        if items.len() + 1 < targets.len() {
            let message = format!("{} values for {} variables", items.len(), targets.len() - 1);
            return Err(frame.error(span, message, None));
        }
        let end = items.len() - behind;
        let rest: Vec<_> = items.splice(star..end, []).collect();
        items.insert(star, Value::Meta(Meta::List(rest)));
        Ok(items)
    }

    /// The items of something that is unpacked into so many.
    fn unpacked(
        &mut self,
        frame: &mut Frame,
        span: Span,
        value: Value,
        count: usize,
    ) -> Result<Vec<Value>> {
        let items = match value {
            Value::Tuple(items) | Value::Meta(Meta::List(items)) => items,
            Value::Expr(expr) if matches!(expr.ty, Type::Tuple(..)) => self.items(frame, expr),
            Value::Expr(expr) if expr.ty == Type::Unknown => {
                (0..count).map(|_| Value::Expr(frame.unknown(span))).collect()
            }
            value => {
                let (object, size) = match lists::as_list(&value) {
                    Some(list) => (list, lists::length(span, list)),
                    None => {
                        let array = self.array(frame, span, value)?;
                        (array, super::arrays::shape(span, array, 0))
                    }
                };
                let test = super::scalar::compare_op(
                    crate::ir::Compare::Ne,
                    size,
                    Expr::int(span, count as i64),
                );
                let text = format!("what is unpacked does not have {count} items");
                frame.raise_if(test, Exception::Value, vec![Piece::Text(text)]);
                let item = |index: usize| {
                    let index = Value::Expr(Expr::int(span, index as i64));
                    let object = Value::Expr(frame.read(span, object));
                    self.subscript(frame, span, object, index)
                };
                (0..count).map(item).collect::<Result<_>>()?
            }
        };
        if items.len() != count {
            let message = format!("{} values for {count} variables", items.len());
            return Err(frame.error(span, message, None));
        }
        Ok(items)
    }

    /// The items of a tuple at run time.
    pub fn items(&mut self, frame: &mut Frame, tuple: Expr) -> Vec<Value> {
        let Type::Tuple(types, _) = tuple.ty.clone() else { return Vec::new() };
        if let ExprKind::Tuple(items) = tuple.kind {
            return items.into_iter().map(Value::Expr).collect();
        }
        let span = tuple.span;
        let tuple = match tuple.kind {
            ExprKind::Local(_) => tuple,
            _ => frame.once(tuple),
        };
        let item = |(index, ty): (usize, &Type)| {
            let item = ExprKind::Item(Box::new(tuple.clone()), index);
            let item = Expr::new(span, ty.clone(), item);
            if ty.is_managed() {
                let local = frame.temporary("item", item);
                return Value::Expr(frame.read(span, local));
            }
            Value::Expr(item)
        };
        types.iter().enumerate().map(item).collect()
    }

    /// A value that can be used several times.
    pub fn settled(&mut self, frame: &mut Frame, value: Value) -> Result<Value> {
        Ok(match value {
            Value::Lazy(lazy) => {
                let span = lazy.span;
                let local = self.materialise(frame, span, &lazy)?;
                Value::Expr(frame.read(span, local))
            }
            Value::Expr(expr) if matches!(expr.ty, Type::Unknown) => Value::Expr(expr),
            Value::Expr(expr) => match (&expr.ty, &expr.kind) {
                (Type::Array(_) | Type::List(_), ExprKind::Local(_)) => Value::Expr(expr),
                (Type::Array(_), _) => {
                    let (span, local) = (expr.span, frame.temporary("array", expr));
                    Value::Expr(frame.read(span, local))
                }
                _ => Value::Expr(frame.once(expr)),
            },
            Value::Tuple(items) => {
                let items = items.into_iter().map(|item| self.settled(frame, item));
                Value::Tuple(items.collect::<Result<_>>()?)
            }
            meta @ Value::Meta(_) => meta,
        })
    }

    /// The value as one at run time.
    pub fn run_time(&mut self, frame: &mut Frame, span: Span, value: Value) -> Result<Expr> {
        match value {
            Value::Expr(expr) => Ok(expr),
            Value::Lazy(lazy) => {
                let local = self.materialise(frame, span, &lazy)?;
                Ok(frame.read(span, local))
            }
            Value::Tuple(items) => {
                let items = items.into_iter().map(|item| self.run_time(frame, span, item));
                let items: Vec<_> = items.collect::<Result<_>>()?;
                let ty = Type::tuple(items.iter().map(|item| item.ty.clone()));
                Ok(Expr::new(span, ty, ExprKind::Tuple(items)))
            }
            Value::Meta(Meta::List(items)) => {
                let list = self.list_of(frame, span, items)?;
                Ok(frame.read(span, list))
            }
            Value::Meta(meta) => {
                let what = Value::Meta(meta).describe();
                let message = format!("{what} where a number or an array is needed");
                Err(frame.error(span, message, None))
            }
        }
    }

    fn augmented(
        &mut self,
        frame: &mut Frame,
        target: &syntax::Expr,
        op: BinaryOp,
        value: &syntax::Expr,
    ) -> Result<()> {
        let span = target.span;
        match &target.kind {
            Syntax::Name(name) => {
                let before = self.variable(frame, span, name)?;
                let value = self.expr(frame, value)?;
                if let (Some(list), BinaryOp::Add) = (lists::as_list(&before), op) {
                    let given = Arguments::of(span, "extend", vec![value]);
                    return self.list_method(frame, list, "extend", given).map(drop);
                }
                if let Some(array) = before.as_array() {
                    // In place, as NumPy does.
                    let result = self.operate(frame, span, op, before, value)?;
                    if let Some(dtype) = result.dtype() {
                        frame.stays_of_kind(span, op, dtype, frame.array(array).dtype)?;
                    }
                    return self.store_all(frame, span, array, result);
                }
                let result = self.operate(frame, span, op, before, value)?;
                self.assign_name(frame, span, name, result)
            }
            Syntax::Subscript(object, index) => {
                let source = object;
                let object = self.expr(frame, object)?;
                let object = self.realised(frame, source, object)?;
                let object = self.settled(frame, object)?;
                let index = self.expr(frame, index)?;
                let index = self.settled_index(frame, index)?;
                let before = self.subscript(frame, span, object.clone(), index.clone())?;
                let dtype = before.dtype().filter(|_| !before.is_number());
                let value = self.expr(frame, value)?;
                let result = self.operate(frame, span, op, before, value)?;
                if let (Some(dtype), Some(result)) = (dtype, result.dtype()) {
                    frame.stays_of_kind(span, op, result, dtype)?;
                }
                self.store(frame, span, object, index, result)
            }
            _ => Err(frame.error(span, "this can't be assigned to".into(), None)),
        }
    }

    /// An index whose parts are computed once.
    fn settled_index(&mut self, frame: &mut Frame, index: Value) -> Result<Value> {
        Ok(match index {
            Value::Meta(Meta::Slice(start, stop, step)) => {
                let mut part = |part: Option<Box<Value>>| -> Result<Option<Box<Value>>> {
                    part.map(|part| self.settled(frame, *part).map(Box::new)).transpose()
                };
                Value::Meta(Meta::Slice(part(start)?, part(stop)?, part(step)?))
            }
            Value::Tuple(items) => {
                let items = items.into_iter().map(|item| self.settled_index(frame, item));
                Value::Tuple(items.collect::<Result<_>>()?)
            }
            other => self.settled(frame, other)?,
        })
    }

    fn branch(
        &mut self,
        frame: &mut Frame,
        span: Span,
        test: &syntax::Expr,
        body: &[Stmt],
        orelse: &[Stmt],
    ) -> Result<bool> {
        let narrowed = self.narrowed(frame, test);
        let test = self.test(frame, test)?;
        if let ExprKind::Const(Constant::Bool(known)) = test.kind
            && test.ty != Type::Unknown
        {
            return self.body(frame, if known { body } else { orelse });
        }
        let way = |lowering: &mut Self, frame: &mut Frame, body: &[Stmt], is_body: bool| {
            let narrowed = narrowed.as_ref().filter(|(_, when)| *when == is_body);
            let (goes_on, block) = frame.block(|frame| {
                if let Some((key, _)) = narrowed {
                    frame.narrow(span, key);
                }
                lowering.body(frame, body)
            })?;
            if let Some((key, _)) = narrowed {
                frame.widen(key);
            }
            Ok((goes_on, block))
        };
        let before = frame.bindings.clone();
        let (goes_on, then) = way(self, frame, body, true)?;
        let after = frame.bindings.clone();
        // A variable is the same one on both ways; what is known is as it was.
        frame.bindings.retain(|_, binding| matches!(binding, Binding::Local(_)));
        frame.bindings.extend(before);
        let (other, orelse) = way(self, frame, orelse, false)?;
        if goes_on && !other {
            let behind = std::mem::replace(&mut frame.bindings, after);
            for (key, binding) in behind {
                frame.bindings.entry(key).or_insert(binding);
            }
        } else if goes_on {
            frame.join(after);
        }
        frame.emit(span, StmtKind::If { test, body: then, orelse });
        // Behind `if x is None: return`, x is something.
        if let Some((key, is_body)) = narrowed
            && ((is_body && !other) || (!is_body && !goes_on))
        {
            frame.narrow(span, &key);
        }
        Ok(goes_on || other)
    }

    /// A variable that a test finds to be there, and whether it does so for the body or for what is else.
    fn narrowed(&self, frame: &Frame, test: &syntax::Expr) -> Option<(String, bool)> {
        let Syntax::Compare(one, others) = &test.kind else { return None };
        let (Syntax::Name(name), [(op, other)]) = (&one.kind, others.as_slice()) else {
            return None;
        };
        if !matches!(other.kind, Syntax::Constant(syntax::Constant::None)) {
            return None;
        }
        let key = frame.key(name);
        match (op, frame.bindings.get(&key)?) {
            (syntax::CompareOp::IsNot, Binding::Local(local))
                if matches!(frame.ty(*local), Type::Optional(_)) =>
            {
                Some((key, true))
            }
            (syntax::CompareOp::Is, Binding::Local(local))
                if matches!(frame.ty(*local), Type::Optional(_)) =>
            {
                Some((key, false))
            }
            _ => None,
        }
    }

    fn while_loop(
        &mut self,
        frame: &mut Frame,
        span: Span,
        test: &syntax::Expr,
        body: &[Stmt],
        orelse: &[Stmt],
    ) -> Result<bool> {
        let broken = frame.begin_loop(span, !orelse.is_empty(), false);
        let before = frame.bindings.clone();
        let mut is_endless = false;
        let ((), looped) = frame.block(|frame| {
            let test = self.test(frame, test)?;
            is_endless = matches!(test.kind, ExprKind::Const(Constant::Bool(true)));
            if !is_endless {
                let out = vec![crate::ir::Stmt { span, kind: StmtKind::Break }];
                frame.emit(span, StmtKind::If { test: not(test), body: out, orelse: Vec::new() });
            }
            self.body(frame, body).map(drop)
        })?;
        frame.loops.pop();
        frame.unchanged(span, &before)?;
        frame.emit(span, StmtKind::Loop { body: looped });
        self.loop_else(frame, span, broken, orelse)?;
        let has_break = body.iter().any(has_own_break);
        Ok(!is_endless || has_break || self.is_wrapped(frame))
    }

    /// What stands in a loop's `else`: done unless the loop was left by `break`.
    pub fn loop_else(
        &mut self,
        frame: &mut Frame,
        span: Span,
        broken: Option<Local>,
        orelse: &[Stmt],
    ) -> Result<()> {
        let Some(broken) = broken else { return Ok(()) };
        let test = not(frame.read(span, broken));
        let (_, body) = frame.block(|frame| self.body(frame, orelse))?;
        frame.emit(span, StmtKind::If { test, body, orelse: Vec::new() });
        Ok(())
    }

    /// A condition, as a truth value.
    pub fn test(&mut self, frame: &mut Frame, test: &syntax::Expr) -> Result<Expr> {
        let span = test.span;
        match self.expr(frame, test)? {
            Value::Expr(expr) => self.truth(frame, expr),
            Value::Tuple(items) => Ok(Expr::bool(span, !items.is_empty())),
            Value::Meta(Meta::List(items)) => Ok(Expr::bool(span, !items.is_empty())),
            Value::Meta(_) => Ok(Expr::bool(span, true)),
            Value::Lazy(_) => {
                let hint = "use .any() or .all()";
                Err(frame.error(span, "the truth value of an array".into(), Some(hint)))
            }
        }
    }
}

impl Frame {
    /// The name of a variable among those of all bodies.
    pub fn key(&self, name: &str) -> String {
        let prefix = self.scopes.last().map(|scope| scope.prefix.as_str()).unwrap_or_default();
        format!("{prefix}{name}")
    }

    /// Has a name stand for something that is known.
    pub fn bind(&mut self, name: &str, value: Value) {
        self.binds += 1;
        let key = self.key(name);
        self.bindings.insert(key, Binding::Meta(value, self.binds));
    }

    /// Where two ways meet: what a name stands for is known if it is the same on both.
    fn join(&mut self, then: HashMap<String, Binding>) {
        let is_display = |binding: Option<&Binding>| {
            matches!(binding, Some(Binding::Meta(Value::Meta(Meta::List(_)), _)))
        };
        for (key, binding) in then {
            if is_display(Some(&binding)) && is_display(self.bindings.get(&key)) {
                let is_same = match (&binding, self.bindings.get(&key)) {
                    (Binding::Meta(_, one), Some(Binding::Meta(_, two))) => one == two,
                    _ => false,
                };
                if !is_same {
                    self.realise_key(&key);
                }
            }
            let is_text = |binding: Option<&Binding>| matches!(binding, Some(Binding::Meta(value, _)) if value.as_str().is_some());
            if is_text(Some(&binding)) && is_text(self.bindings.get(&key)) {
                let is_same = match (&binding, self.bindings.get(&key)) {
                    (Binding::Meta(_, one), Some(Binding::Meta(_, two))) => one == two,
                    _ => false,
                };
                if !is_same {
                    self.types.insert(key.clone(), Type::Str);
                    self.changed = true;
                }
            }
            match (binding, self.bindings.get(&key)) {
                (Binding::Meta(_, one), Some(Binding::Meta(_, two))) if one != *two => {
                    self.bindings.insert(key, Binding::Either);
                }
                (binding, None) => {
                    self.bindings.insert(key, binding);
                }
                _ => {}
            }
        }
    }

    /// What is known at compile time must be the same in all rounds of a loop.
    pub fn unchanged(&mut self, span: Span, before: &HashMap<String, Binding>) -> Result<()> {
        for (key, binding) in before {
            let is_same = match (binding, self.bindings.get(key)) {
                (Binding::Meta(_, one), Some(Binding::Meta(_, two))) => one == two,
                (Binding::Meta(..), _) => false,
                _ => true,
            };
            if !is_same && matches!(binding, Binding::Meta(Value::Meta(Meta::List(_)), _)) {
                self.realise_key(key);
            } else if !is_same
                && matches!(binding, Binding::Meta(value, _) if value.as_str().is_some())
            {
                self.types.insert(key.clone(), Type::Str);
                self.changed = true;
            } else if !is_same {
                let name = key.rsplit('/').next().unwrap_or(key);
                let name = name.split('.').next().unwrap_or(name);
                let message = format!("{name} is another function in each round of a loop");
                return Err(self.error(span, message, None));
            }
        }
        Ok(())
    }

    /// From here on, a variable is known to be there.
    fn narrow(&mut self, span: Span, key: &str) {
        let Some(Binding::Local(local)) = self.bindings.get(key) else { return };
        let local = *local;
        let value = super::unwrap(self.read(span, local));
        let there = self.temporary("there", value);
        self.narrowed.insert(key.to_owned(), local);
        self.bindings.insert(key.to_owned(), Binding::Local(there));
    }

    /// It no longer is.
    pub fn widen(&mut self, key: &str) {
        if let Some(local) = self.narrowed.remove(key) {
            self.bindings.insert(key.to_owned(), Binding::Local(local));
        }
    }

    /// A loop is entered; the variable that says whether it was left by `break`, if that is asked.
    pub fn begin_loop(&mut self, span: Span, asks: bool, is_parallel: bool) -> Option<Local> {
        let broken = asks.then(|| self.temporary("broken", Expr::bool(span, false)));
        let locals = self.locals.len() as u32;
        self.loops.push(super::Loop { broken, is_parallel, locals });
        broken
    }
}

/// Whether computing it can be left out.
pub fn is_pure(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Const(_) | ExprKind::Local(_) | ExprKind::Shape(..) | ExprKind::Stride(..) => {
            true
        }
        ExprKind::Unary(_, one) | ExprKind::Cast(one) | ExprKind::Item(one, _) => is_pure(one),
        ExprKind::Binary(_, one, two) | ExprKind::Compare(_, one, two) => {
            is_pure(one) && is_pure(two)
        }
        _ => false,
    }
}

fn is_loop(stmt: &Stmt) -> bool {
    matches!(stmt.kind, Source::For { .. } | Source::While { .. })
}

/// Whether a statement contains a return.
fn has_return(stmt: &Stmt) -> bool {
    if matches!(stmt.kind, Source::Return(_)) {
        return true;
    }
    let mut found = false;
    rename::bodies(stmt, &mut |body| found |= body.iter().any(has_return));
    found
}

/// Whether a statement contains a break of the loop that it stands in.
fn has_own_break(stmt: &Stmt) -> bool {
    match &stmt.kind {
        Source::Break => true,
        Source::If { body, orelse, .. } => body.iter().chain(orelse).any(has_own_break),
        Source::For { orelse, .. } | Source::While { orelse, .. } => {
            orelse.iter().any(has_own_break)
        }
        _ => false,
    }
}

/// What Python calls a construct, in words, and what to write instead.
pub fn unknown(what: &str) -> (String, Option<&'static str>) {
    let (words, hint) = match what {
        "Try" | "TryStar" => {
            ("try", Some("check before, or catch what the compiled function raises"))
        }
        "With" => ("with", None),
        "Dict" | "DictComp" => ("a dictionary", Some("use arrays, or a tuple")),
        "Set" | "SetComp" => ("a set", Some("use arrays")),
        "Yield" | "YieldFrom" => ("yield", Some("fill an array and return it")),
        "Global" | "Nonlocal" => ("global and nonlocal", Some("pass the value and return it")),
        "ClassDef" => ("a class", None),
        "Import" | "ImportFrom" => ("import", Some("import at the top of the file")),
        "Await" | "AsyncFor" | "AsyncWith" | "AsyncFunctionDef" => ("async", None),
        other => (other, None),
    };
    (words.to_owned(), hint)
}
