//! Expressions and calls.

use super::elementwise::Op;
use super::scalar::{both, cast, int64, not, number};
use super::value::{Meta, Value};
use super::{Frame, Lowering, Result, after, arrays, is_some, known, statements};
use crate::globals::{Callee, Global};
use crate::ir::{
    Binary, Exception, Expr, ExprKind, Math, Piece, Raise, Runtime, StmtKind, Unary,
    Value as Constant,
};
use crate::syntax::{self, BinaryOp, CompareOp, Constant as Written, ExprKind as Syntax, Span};
use crate::types::{Scalar, Type};
use std::sync::Arc;

/// What a call is given.
pub struct Arguments {
    pub span: Span,
    pub name: String,
    pub positional: Vec<Value>,
    pub keywords: Vec<(String, Value)>,
}

impl Arguments {
    /// The arguments in the order of these names; nothing for what is not given.
    pub fn take(mut self, frame: &Frame, names: &[&str]) -> Result<Vec<Option<Value>>> {
        if self.positional.len() > names.len() {
            let message = format!(
                "{} takes {} arguments in compiled code, not {}",
                self.name,
                names.len(),
                self.positional.len()
            );
            return Err(frame.error(self.span, message, None));
        }
        let mut taken: Vec<_> = self.positional.drain(..).map(Some).collect();
        taken.resize_with(names.len(), || None);
        for (name, value) in self.keywords {
            match names.iter().position(|known| *known == name) {
                Some(index) if taken[index].is_none() => taken[index] = Some(value),
                _ => {
                    let message = format!("{} has no argument {name} in compiled code", self.name);
                    return Err(frame.error(self.span, message, None));
                }
            }
        }
        Ok(taken)
    }
}

impl Lowering<'_> {
    /// What an expression stands for.
    pub fn expr(&mut self, frame: &mut Frame, expr: &syntax::Expr) -> Result<Value> {
        let span = expr.span;
        Ok(match &expr.kind {
            Syntax::Constant(constant) => self.constant(frame, span, constant)?,
            Syntax::Name(name) => self.name(frame, span, name)?,
            Syntax::Unary(op, operand) => match self.expr(frame, operand)? {
                Value::Expr(expr) if !matches!(expr.ty, Type::Array(_)) => {
                    Value::Expr(self.unary(frame, *op, expr, false)?)
                }
                Value::Tuple(items) => Value::Expr(Expr::bool(span, items.is_empty())),
                value => {
                    let tree = self.tree(frame, span, value)?;
                    self.node(frame, span, Op::Unary(*op), vec![tree])?
                }
            },
            Syntax::Binary(op, left, right) => {
                let (left, right) = self.pair(frame, left, right)?;
                self.operate(frame, span, *op, left, right)?
            }
            Syntax::Bool(is_and, items) => self.bool(frame, span, *is_and, items)?,
            Syntax::Compare(first, others) => self.comparison(frame, span, first, others)?,
            Syntax::IfExp { test, body, orelse } => {
                self.if_expression(frame, span, test, body, orelse)?
            }
            Syntax::Call { function, arguments, keywords } => {
                self.call(frame, span, function, arguments, keywords)?
            }
            Syntax::Attribute(object, name) => {
                let object = self.expr(frame, object)?;
                self.attribute(frame, span, object, name)?
            }
            Syntax::Subscript(object, index) => {
                let object = self.expr(frame, object)?;
                let index = self.expr(frame, index)?;
                self.subscript(frame, span, object, index)?
            }
            Syntax::Slice { lower, upper, step } => {
                let mut part = |part: &Option<Box<syntax::Expr>>| -> Result<Option<Box<Value>>> {
                    part.as_ref().map(|part| self.expr(frame, part).map(Box::new)).transpose()
                };
                Value::Meta(Meta::Slice(part(lower)?, part(upper)?, part(step)?))
            }
            Syntax::Tuple(items) => Value::Tuple(self.all(frame, items)?),
            Syntax::List(items) => Value::Meta(Meta::List(self.all(frame, items)?)),
            Syntax::ListComp { element, generators } => {
                self.comprehension(frame, span, element, generators)?
            }
            Syntax::Lambda(function) => self.inner(frame, function),
            Syntax::Starred(_) => {
                return Err(frame.error(span, "* outside a call or a display".into(), None));
            }
            Syntax::JoinedStr(_) => {
                let hint = "f-strings are there in messages of exceptions only";
                return Err(frame.error(span, "an f-string".into(), Some(hint)));
            }
            Syntax::Unknown(what) => {
                let (what, hint) = statements::unknown(what);
                return Err(frame.error(span, format!("{what} can't be compiled"), hint));
            }
        })
    }

    fn all(&mut self, frame: &mut Frame, items: &[syntax::Expr]) -> Result<Vec<Value>> {
        let mut all = Vec::new();
        for item in items {
            if let Syntax::Starred(inner) = &item.kind {
                match self.expr(frame, inner)? {
                    Value::Tuple(items) | Value::Meta(Meta::List(items)) => all.extend(items),
                    Value::Expr(expr) if matches!(expr.ty, Type::Tuple(..)) => {
                        all.extend(self.items(frame, expr));
                    }
                    other => {
                        let message = format!("* of {}", other.describe());
                        return Err(frame.error(item.span, message, None));
                    }
                }
                continue;
            }
            all.push(self.expr(frame, item)?);
        }
        Ok(all)
    }

    /// Two operands, the left one first.
    fn pair(
        &mut self,
        frame: &mut Frame,
        left: &syntax::Expr,
        right: &syntax::Expr,
    ) -> Result<(Value, Value)> {
        let left = self.expr(frame, left)?;
        let (right, block) = frame.block(|frame| self.expr(frame, right))?;
        let left = match left {
            Value::Expr(expr) if !block.is_empty() && !statements::is_pure(&expr) => {
                self.settled(frame, Value::Expr(expr))?
            }
            other => other,
        };
        frame.blocks.last_mut().expect("a block is open").extend(block);
        Ok((left, right))
    }

    /// `left op right`.
    pub fn operate(
        &mut self,
        frame: &mut Frame,
        span: Span,
        op: BinaryOp,
        left: Value,
        right: Value,
    ) -> Result<Value> {
        let is_number = |value: &Value| match value {
            Value::Expr(expr) => matches!(expr.ty, Type::Scalar(..) | Type::Unknown),
            _ => false,
        };
        if is_number(&left) && is_number(&right) {
            let (Value::Expr(left), Value::Expr(right)) = (left, right) else { unreachable!() };
            let mut result = self.binary(frame, op, left, right, false)?;
            result.span = span;
            return Ok(Value::Expr(result));
        }
        let tuple = |value: &Value| match value {
            Value::Tuple(items) => Some(items.clone()),
            _ => None,
        };
        let left = self.opened(frame, left);
        let right = self.opened(frame, right);
        match (op, tuple(&left), tuple(&right)) {
            (BinaryOp::Add, Some(one), Some(two)) => {
                return Ok(Value::Tuple(one.into_iter().chain(two).collect()));
            }
            (BinaryOp::Mul, Some(items), None) | (BinaryOp::Mul, None, Some(items)) => {
                let times = left.as_int().or(right.as_int());
                if let Some(times) = times {
                    let count = usize::try_from(times).unwrap_or(0);
                    let all = (0..count).flat_map(|_| items.clone());
                    return Ok(Value::Tuple(all.collect()));
                }
            }
            _ => {}
        }
        for value in [&left, &right] {
            if let (Value::Meta(Meta::List(items)), BinaryOp::Mul, Some(times)) =
                (value, op, left.as_int().or(right.as_int()))
            {
                let count = usize::try_from(times).unwrap_or(0);
                let all = (0..count).flat_map(|_| items.clone());
                return Ok(Value::Meta(Meta::List(all.collect())));
            }
        }
        if op == BinaryOp::MatMul {
            let arguments = Arguments {
                span,
                name: "@".into(),
                positional: vec![left, right],
                keywords: Vec::new(),
            };
            return self.known_call(frame, "numpy.matmul", arguments);
        }
        for value in [&left, &right] {
            if let Value::Expr(expr) = value
                && matches!(expr.ty, Type::Optional(_) | Type::None | Type::Str)
            {
                let message = format!(
                    "{} of {} and {}",
                    super::scalar::symbol(op),
                    left.describe(),
                    right.describe()
                );
                let hint = match expr.ty {
                    Type::Optional(_) => Some("look first whether it is None"),
                    _ => None,
                };
                return Err(frame.error(span, message, hint));
            }
        }
        let children = vec![self.tree(frame, span, left)?, self.tree(frame, span, right)?];
        self.node(frame, span, Op::Binary(op), children)
    }

    /// A tuple at run time as one of its items.
    fn opened(&mut self, frame: &mut Frame, value: Value) -> Value {
        match value {
            Value::Expr(expr) if matches!(expr.ty, Type::Tuple(..)) => {
                Value::Tuple(self.items(frame, expr))
            }
            other => other,
        }
    }

    fn bool(
        &mut self,
        frame: &mut Frame,
        span: Span,
        is_and: bool,
        items: &[syntax::Expr],
    ) -> Result<Value> {
        // Of numbers, the result is one of them.
        let mut items = items.iter();
        let Some(first) = items.next() else { return Ok(Value::Expr(Expr::bool(span, is_and))) };
        let mut result = self.expr(frame, first)?;
        for item in items {
            let one = match result {
                Value::Expr(one) => one,
                Value::Meta(_) | Value::Tuple(_) => {
                    // It counts as true.
                    if is_and {
                        result = self.expr(frame, item)?;
                        continue;
                    }
                    return Ok(result);
                }
                Value::Lazy(_) => {
                    let message = "`and` or `or` of an array".into();
                    return Err(frame.error(span, message, Some("use & and |")));
                }
            };
            let is_bool = one.ty.as_scalar() == Some(Scalar::Bool);
            let one = if is_bool { one } else { frame.once(one) };
            let test = self.truth(frame, one.clone())?;
            if let ExprKind::Const(Constant::Bool(known)) = test.kind
                && test.ty != Type::Unknown
                && one.ty != Type::Unknown
            {
                if known == is_and {
                    result = self.expr(frame, item)?;
                    continue;
                }
                return Ok(Value::Expr(one));
            }
            let (two, block) = frame.block(|frame| {
                let value = self.expr(frame, item)?;
                self.run_time(frame, span, value)
            })?;
            let both_bool = is_bool && two.ty.as_scalar() == Some(Scalar::Bool);
            let same = one.ty.unify(&two.ty).filter(|ty| matches!(ty, Type::Scalar(..)));
            result = Value::Expr(match same {
                Some(ty) if !both_bool => {
                    let (two, more) = frame.block(|frame| self.convert(frame, two, &ty))?;
                    let two = after(block, after(more, two));
                    let one = self.convert(frame, one, &ty)?;
                    let (yes, no) = if is_and { (two, one) } else { (one, two) };
                    let kind = ExprKind::IfElse(Box::new(test), Box::new(yes), Box::new(no));
                    Expr::new(span, ty, kind)
                }
                _ => {
                    let (two, more) = frame.block(|frame| self.truth(frame, two))?;
                    let two = after(block, after(more, two));
                    let weak = Type::weak(Scalar::Bool);
                    let (test, two) = (Box::new(test), Box::new(two));
                    let kind =
                        if is_and { ExprKind::And(test, two) } else { ExprKind::Or(test, two) };
                    Expr::new(span, weak, kind)
                }
            });
        }
        Ok(result)
    }

    fn comparison(
        &mut self,
        frame: &mut Frame,
        span: Span,
        first: &syntax::Expr,
        others: &[(CompareOp, syntax::Expr)],
    ) -> Result<Value> {
        let mut left = self.expr(frame, first)?;
        let mut result: Option<Expr> = None;
        for (index, (op, right)) in others.iter().enumerate() {
            let is_last = index + 1 == others.len();
            let ((test, right), block) = frame.block(|frame| {
                let mut right = self.expr(frame, right)?;
                if !is_last {
                    right = self.settled(frame, right)?;
                }
                let test = self.compared(frame, span, *op, left.clone(), right.clone())?;
                Ok((test, right))
            })?;
            let test = match test {
                Value::Expr(test) => test,
                other if others.len() == 1 => {
                    frame.blocks.last_mut().expect("a block is open").extend(block);
                    return Ok(other);
                }
                _ => {
                    let message = "a chain of comparisons of arrays".into();
                    return Err(frame.error(span, message, Some("use (a < b) & (b < c)")));
                }
            };
            left = right;
            result = Some(match result {
                None => {
                    frame.blocks.last_mut().expect("a block is open").extend(block);
                    test
                }
                Some(so_far) => both(so_far, after(block, test)),
            });
        }
        let result = result.unwrap_or_else(|| Expr::bool(span, true));
        Ok(Value::Expr(Expr { ty: Type::weak(Scalar::Bool), ..result }))
    }

    fn compared(
        &mut self,
        frame: &mut Frame,
        span: Span,
        op: CompareOp,
        left: Value,
        right: Value,
    ) -> Result<Value> {
        let known = |value: bool| Ok(Value::Expr(Expr::bool(span, value)));
        let is = |wanted: bool| wanted == matches!(op, CompareOp::Is | CompareOp::Eq);
        if matches!(op, CompareOp::In | CompareOp::NotIn) {
            return self.contains(frame, span, left, right, op == CompareOp::In);
        }
        if left.is_none() || right.is_none() {
            let other = if left.is_none() { right } else { left };
            return match other {
                Value::Expr(expr) if matches!(expr.ty, Type::Optional(_)) => {
                    let some = is_some(expr);
                    Ok(Value::Expr(if is(true) { not(some) } else { some }))
                }
                Value::Expr(expr) if expr.ty == Type::Unknown => {
                    Ok(Value::Expr(Expr { ty: Type::scalar(Scalar::Bool), ..frame.unknown(span) }))
                }
                other => known(is(other.is_none())),
            };
        }
        if let (Value::Meta(one), Value::Meta(two)) = (&left, &right) {
            let same = match (one, two) {
                (Meta::Dtype(one), Meta::Dtype(two)) => Some(one == two),
                (Meta::Dtype(one), Meta::Known(path)) | (Meta::Known(path), Meta::Dtype(one)) => {
                    dtype_of(path).map(|two| *one == two)
                }
                (Meta::Known(one), Meta::Known(two)) => Some(one == two),
                _ => None,
            };
            if let Some(same) = same {
                return known(is(same));
            }
        }
        let left = self.opened(frame, left);
        let right = self.opened(frame, right);
        if let (Value::Tuple(one), Value::Tuple(two)) = (&left, &right) {
            if one.len() != two.len() {
                return known(!is(true));
            }
            let mut result: Option<Expr> = None;
            for (one, two) in one.iter().zip(two) {
                let equal = self.compared(frame, span, CompareOp::Eq, one.clone(), two.clone())?;
                let Value::Expr(equal) = equal else {
                    return Err(frame.error(span, "a comparison of tuples of arrays".into(), None));
                };
                result = Some(result.map_or(equal.clone(), |result| both(result, equal)));
            }
            let equal = result.unwrap_or_else(|| Expr::bool(span, true));
            return match op {
                CompareOp::Eq => Ok(Value::Expr(equal)),
                CompareOp::NotEq => Ok(Value::Expr(not(equal))),
                _ => Err(frame.error(span, "an order of tuples".into(), None)),
            };
        }
        let is_single = |value: &Value| match value {
            Value::Expr(expr) => !matches!(expr.ty, Type::Array(_)),
            _ => false,
        };
        if is_single(&left) && is_single(&right) {
            let (Value::Expr(left), Value::Expr(right)) = (left, right) else { unreachable!() };
            return self.compare(frame, op, left, right).map(Value::Expr);
        }
        if let (CompareOp::Is | CompareOp::IsNot, Some(one), Some(two)) =
            (op, left.as_array(), right.as_array())
        {
            return known((one == two) == (op == CompareOp::Is));
        }
        let children = vec![self.tree(frame, span, left)?, self.tree(frame, span, right)?];
        self.node(frame, span, Op::Compare(op), children)
    }

    fn contains(
        &mut self,
        frame: &mut Frame,
        span: Span,
        one: Value,
        many: Value,
        is_in: bool,
    ) -> Result<Value> {
        let one = self.settled(frame, one)?;
        let found = match self.opened(frame, many) {
            Value::Tuple(items) | Value::Meta(Meta::List(items)) => {
                let mut found: Option<Expr> = None;
                for item in items {
                    let equal = self.compared(frame, span, CompareOp::Eq, one.clone(), item)?;
                    let Value::Expr(equal) = equal else {
                        return Err(frame.error(span, "`in` of arrays".into(), None));
                    };
                    found = Some(match found {
                        Some(found) => {
                            let kind = ExprKind::Or(Box::new(found), Box::new(equal));
                            Expr::new(span, Type::scalar(Scalar::Bool), kind)
                        }
                        None => equal,
                    });
                }
                found.unwrap_or_else(|| Expr::bool(span, false))
            }
            many => {
                let equal = self.compared(frame, span, CompareOp::Eq, many, one)?;
                let arguments = Arguments {
                    span,
                    name: "in".into(),
                    positional: vec![equal],
                    keywords: Vec::new(),
                };
                let any = self.known_call(frame, "numpy.any", arguments)?;
                self.run_time(frame, span, any)?
            }
        };
        Ok(Value::Expr(if is_in { found } else { not(found) }))
    }

    fn if_expression(
        &mut self,
        frame: &mut Frame,
        span: Span,
        test: &syntax::Expr,
        body: &syntax::Expr,
        orelse: &syntax::Expr,
    ) -> Result<Value> {
        let test = self.test(frame, test)?;
        if let ExprKind::Const(Constant::Bool(known)) = test.kind {
            return self.expr(frame, if known { body } else { orelse });
        }
        let test = frame.once(test);
        let (one, mut then) = frame.block(|frame| {
            let value = self.expr(frame, body)?;
            self.run_time(frame, span, value)
        })?;
        let (two, mut other) = frame.block(|frame| {
            let value = self.expr(frame, orelse)?;
            self.run_time(frame, span, value)
        })?;
        let Some(ty) = one.ty.unify(&two.ty) else {
            let message = format!("{} if true, and else {}", one.ty, two.ty);
            return Err(frame.error(span, message, Some("both must be of one type")));
        };
        let (one, more) = frame.block(|frame| self.convert(frame, one, &ty))?;
        then.extend(more);
        let (two, more) = frame.block(|frame| self.convert(frame, two, &ty))?;
        other.extend(more);
        if ty.is_managed() {
            let local = frame.local(".chosen", ty);
            then.push(crate::ir::Stmt { span, kind: StmtKind::Assign(local, one) });
            other.push(crate::ir::Stmt { span, kind: StmtKind::Assign(local, two) });
            frame.emit(span, StmtKind::If { test, body: then, orelse: other });
            return Ok(Value::Expr(frame.read(span, local)));
        }
        let (one, two) = (Box::new(after(then, one)), Box::new(after(other, two)));
        Ok(Value::Expr(Expr::new(span, ty, ExprKind::IfElse(Box::new(test), one, two))))
    }

    fn attribute(
        &mut self,
        frame: &mut Frame,
        span: Span,
        object: Value,
        name: &str,
    ) -> Result<Value> {
        match &object {
            Value::Meta(Meta::Known(path)) => match self.globals.attribute(path, name) {
                Some(global) => self.global(frame, span, global),
                None => Err(frame.error(span, format!("{path} has no attribute {name}"), None)),
            },
            Value::Expr(Expr { ty: ty @ Type::Tuple(..), .. })
                if arrays::tuple_field(ty, name).is_some() =>
            {
                let field = arrays::tuple_field(ty, name).unwrap_or(0);
                let index = Value::Expr(Expr::int(span, field as i64));
                self.subscript(frame, span, object, index)
            }
            Value::Expr(expr) if expr.ty.as_scalar().is_some() => {
                let scalar = expr.scalar();
                match name {
                    "real" if scalar.is_complex() => Ok(Value::Expr(part(expr.clone(), false))),
                    "imag" if scalar.is_complex() => Ok(Value::Expr(part(expr.clone(), true))),
                    "real" => Ok(object),
                    "imag" => Ok(Value::Expr(number(span, scalar, false, 0.0))),
                    "dtype" => Ok(Value::Meta(Meta::Dtype(scalar))),
                    "shape" => Ok(Value::Tuple(Vec::new())),
                    "ndim" => Ok(Value::Expr(Expr::int(span, 0))),
                    "size" => Ok(Value::Expr(Expr::int(span, 1))),
                    _ => Ok(Value::Meta(Meta::Method(Box::new(object), name.to_owned()))),
                }
            }
            Value::Expr(Expr { ty: Type::Array(_), .. }) | Value::Lazy(_) => {
                match self.array_attribute(frame, span, &object, name)? {
                    Some(value) => Ok(value),
                    None => Ok(Value::Meta(Meta::Method(Box::new(object), name.to_owned()))),
                }
            }
            Value::Meta(Meta::Dtype(scalar)) if name == "type" || name == "dtype" => {
                Ok(Value::Meta(Meta::Dtype(*scalar)))
            }
            Value::Meta(Meta::Dtype(scalar)) if name == "itemsize" => {
                Ok(Value::Expr(Expr::int(span, scalar.size() as i64)))
            }
            Value::Expr(Expr { ty: Type::Unknown, .. }) => Ok(object),
            _ => Ok(Value::Meta(Meta::Method(Box::new(object), name.to_owned()))),
        }
    }

    fn call(
        &mut self,
        frame: &mut Frame,
        span: Span,
        function: &syntax::Expr,
        arguments: &[syntax::Expr],
        keywords: &[(String, syntax::Expr)],
    ) -> Result<Value> {
        let function = self.expr(frame, function)?;
        let mut positional = Vec::new();
        for argument in arguments {
            let is_starred = matches!(argument.kind, Syntax::Starred(_));
            let values = if is_starred {
                self.all(frame, std::slice::from_ref(argument))?
            } else {
                vec![self.expr(frame, argument)?]
            };
            positional.extend(values);
        }
        let mut named = Vec::new();
        for (name, value) in keywords {
            named.push((name.clone(), self.expr(frame, value)?));
        }
        let name = function.describe();
        let given = Arguments { span, name, positional, keywords: named };
        match function {
            Value::Meta(Meta::Function(callee)) => self.call_function(frame, &callee, given),
            Value::Meta(Meta::Inner(inner)) => {
                let scope = frame.scopes.last().map(|scope| scope.scope);
                let scope = scope.unwrap_or(frame.callee.scope);
                let bound = self.bound(frame, &inner.function, given, None)?;
                let mut outer: Vec<String> =
                    frame.scopes.iter().rev().map(|s| s.prefix.clone()).collect();
                outer.insert(0, inner.prefix.clone());
                self.in_place(frame, span, &inner.function, bound, scope, outer, false)
            }
            Value::Meta(Meta::Known(path)) => self.known_call(frame, &path, given),
            Value::Meta(Meta::Dtype(scalar)) => {
                let path = format!("numpy.{scalar}");
                self.convert_call(frame, span, &path, scalar, false, given)
            }
            Value::Meta(Meta::Method(object, name)) => self.method(frame, *object, &name, given),
            other => {
                let message = format!("{} can't be called", other.describe());
                Err(frame.error(span, message, None))
            }
        }
    }

    /// A function's parameters with what they are given.
    fn bound(
        &mut self,
        frame: &mut Frame,
        function: &Arc<syntax::Function>,
        given: Arguments,
        scope: Option<crate::globals::Scope>,
    ) -> Result<Vec<(String, Value)>> {
        let names: Vec<&str> =
            function.parameters.iter().map(|parameter| parameter.name.as_str()).collect();
        let span = given.span;
        let given = Arguments { name: function.name.clone(), ..given };
        let taken = given.take(frame, &names)?;
        let mut bound = Vec::new();
        for (parameter, value) in function.parameters.iter().zip(taken) {
            let value = match (value, &parameter.default) {
                (Some(value), _) => value,
                (None, Some(default)) => {
                    // A default is looked up where the function stands.
                    let outer = frame.scopes.last().map(|scope| scope.scope);
                    if let (Some(own), Some(last)) = (scope, frame.scopes.last_mut()) {
                        last.scope = own;
                    }
                    let value = self.expr(frame, default);
                    if let (Some(outer), Some(last)) = (outer, frame.scopes.last_mut()) {
                        last.scope = outer;
                    }
                    value?
                }
                (None, None) => {
                    let message = format!("{} needs {}", function.name, parameter.name);
                    return Err(frame.error(span, message, None));
                }
            };
            bound.push((parameter.name.clone(), value));
        }
        Ok(bound)
    }

    /// A call of a function that is compiled for itself; written out if it takes what is not there at run time.
    fn call_function(
        &mut self,
        frame: &mut Frame,
        callee: &Arc<Callee>,
        given: Arguments,
    ) -> Result<Value> {
        let span = given.span;
        let bound = self.bound(frame, &callee.function, given, Some(callee.scope))?;
        if bound.iter().any(|(_, value)| is_compile_time(value)) {
            return self.in_place(
                frame,
                span,
                &callee.function,
                bound,
                callee.scope,
                Vec::new(),
                false,
            );
        }
        let mut arguments = Vec::new();
        for (_, value) in bound {
            let value = self.run_time(frame, span, value)?;
            let value = match &value.ty {
                Type::Array(_) if !matches!(value.kind, ExprKind::Local(_)) => {
                    let local = frame.temporary("argument", value);
                    frame.read(span, local)
                }
                _ => value,
            };
            if value.ty == Type::Unknown {
                return Ok(Value::Expr(frame.unknown(span)));
            }
            arguments.push(value);
        }
        let types: Vec<_> = arguments.iter().map(|argument| argument.ty.clone()).collect();
        let id = self.function(callee, &types)?;
        let built = &self.functions[id.0 as usize];
        let (result, captured) = (built.result.clone(), built.captured.clone());
        for (number, array) in captured {
            let array = self.global(frame, span, Global::Array(number, array))?;
            arguments.push(self.run_time(frame, span, array)?);
        }
        if result == Type::Unknown {
            return Ok(Value::Expr(frame.unknown(span)));
        }
        let call = Expr::new(span, result.clone(), ExprKind::Call(id, arguments));
        if result == Type::None {
            frame.emit(span, StmtKind::Expr(call));
            return Ok(Value::none(span));
        }
        // In the order of the source, whatever stands around it.
        let local = frame.temporary("result", call);
        Ok(Value::Expr(frame.read(span, local)))
    }

    /// A call of something that is known by its path.
    pub fn known_call(&mut self, frame: &mut Frame, path: &str, given: Arguments) -> Result<Value> {
        let span = given.span;
        if let Some(dtype) = builtin_type(path) {
            return self.convert_call(frame, span, path, dtype, true, given);
        }
        let (module, name) = path.rsplit_once('.').unwrap_or(("", path));
        match module {
            "builtins" => self.builtin(frame, name, given),
            "math" | "cmath" => self.math(frame, module, name, given),
            "random" => self.random(frame, name, given),
            "manycore" if name == "prange" => self.range(frame, given, true),
            _ => self.numpy(frame, path, given),
        }
    }

    /// `int(x)`, `float(x)`, `numpy.float32(x)`.
    fn convert_call(
        &mut self,
        frame: &mut Frame,
        span: Span,
        path: &str,
        scalar: Scalar,
        weak: bool,
        given: Arguments,
    ) -> Result<Value> {
        if scalar == Scalar::C128 && weak {
            let taken = given.take(frame, &["real", "imag"])?;
            let mut parts = Vec::new();
            for part in taken {
                let part = match part {
                    Some(part) => self.run_time(frame, span, part)?,
                    None => number(span, Scalar::F64, true, 0.0),
                };
                parts.push(part);
            }
            let [real, imaginary] = parts.as_slice() else { unreachable!("two were taken") };
            if real.scalar().is_complex() {
                return Ok(Value::Expr(cast(real.clone(), scalar, weak)));
            }
            let real = Box::new(cast(real.clone(), Scalar::F64, false));
            let imaginary = Box::new(cast(imaginary.clone(), Scalar::F64, false));
            let kind = ExprKind::Complex(real, imaginary);
            return Ok(Value::Expr(Expr::new(span, Type::weak(scalar), kind)));
        }
        let mut taken = given.take(frame, &["x"])?;
        let value = match taken.remove(0) {
            Some(value) => value,
            None => return Ok(Value::Expr(number(span, scalar, weak, 0.0))),
        };
        match value {
            Value::Expr(expr) if expr.ty == Type::Unknown => Ok(Value::Expr(expr)),
            Value::Expr(expr) if scalar == Scalar::Bool && expr.ty.as_array().is_none() => {
                let truth = self.truth(frame, expr)?;
                Ok(Value::Expr(Expr { ty: Type::Scalar(Scalar::Bool, weak), ..truth }))
            }
            Value::Expr(expr) if expr.ty.as_scalar().is_some() => {
                if expr.scalar().is_complex() && !scalar.is_complex() && weak {
                    let message = format!("{path} of a complex number");
                    return Err(frame.error(span, message, Some("use .real")));
                }
                if weak && scalar == Scalar::I64 && expr.scalar().is_float() {
                    let expr = frame.once(expr);
                    self.finite(frame, span, &expr);
                    return Ok(Value::Expr(cast(expr, scalar, weak)));
                }
                Ok(Value::Expr(cast(expr, scalar, weak)))
            }
            value => {
                if let Some(array) = value.as_array()
                    && frame.array(array).ndim == 0
                {
                    let empty = Value::Tuple(Vec::new());
                    let element = self.subscript(frame, span, value, empty)?;
                    let element = self.run_time(frame, span, element)?;
                    return Ok(Value::Expr(cast(element, scalar, weak)));
                }
                let tree = self.tree(frame, span, value)?;
                self.node(frame, span, Op::Cast(scalar), vec![tree])
            }
        }
    }

    /// Raises as `int(x)` does of what is not finite.
    fn finite(&mut self, frame: &mut Frame, span: Span, expr: &Expr) {
        let bool = Type::scalar(Scalar::Bool);
        let plain = frame.plain(expr.clone());
        let is_nan =
            Expr::new(span, bool.clone(), ExprKind::Math(Math::IsNan, vec![plain.clone()]));
        let text = "cannot convert float NaN to integer".into();
        frame.raise_if(is_nan, Exception::Value, vec![Piece::Text(text)]);
        let is_inf = Expr::new(span, bool, ExprKind::Math(Math::IsInf, vec![plain]));
        let text = "cannot convert float infinity to integer".into();
        frame.raise_if(is_inf, Exception::Overflow, vec![Piece::Text(text)]);
    }

    pub fn range(&mut self, frame: &mut Frame, given: Arguments, parallel: bool) -> Result<Value> {
        let span = given.span;
        let mut parts = Vec::new();
        for value in given.positional {
            let expr = self.run_time(frame, span, value)?;
            match expr.ty {
                Type::Scalar(scalar, _) if scalar.is_integer() || scalar == Scalar::Bool => {}
                Type::Unknown => {}
                _ => {
                    let message = format!("range() of {}", expr.ty);
                    return Err(frame.error(span, message, Some("use int(...)")));
                }
            }
            parts.push(int64(expr));
        }
        let (zero, one) = (Expr::int(span, 0), Expr::int(span, 1));
        let mut parts = parts.into_iter();
        let range = match (parts.next(), parts.next(), parts.next()) {
            (Some(stop), None, None) => [zero, stop, one],
            (Some(start), Some(stop), None) => [start, stop, one],
            (Some(start), Some(stop), Some(step)) => [start, stop, step],
            (None, ..) | (_, None, Some(_)) => {
                return Err(frame.error(span, "range() needs an argument".into(), None));
            }
        };
        Ok(Value::Meta(Meta::Range(Box::new(range), parallel)))
    }

    fn builtin(&mut self, frame: &mut Frame, name: &str, given: Arguments) -> Result<Value> {
        let span = given.span;
        match name {
            "range" => return self.range(frame, given, false),
            "zip" => return Ok(Value::Meta(Meta::Zip(given.positional))),
            "print" => {
                let mut values = Vec::new();
                for value in given.positional {
                    match self.opened(frame, value) {
                        Value::Tuple(items) => {
                            for item in items {
                                values.push(self.run_time(frame, span, item)?);
                            }
                        }
                        other => values.push(self.run_time(frame, span, other)?),
                    }
                }
                if let Some(value) = values.iter().find(|value| {
                    !matches!(value.ty, Type::Scalar(..) | Type::Str | Type::None | Type::Unknown)
                }) {
                    let message = format!("print of {}", value.ty);
                    return Err(frame.error(span, message, Some("print numbers and texts")));
                }
                frame.emit(span, StmtKind::Print(values));
                return Ok(Value::none(span));
            }
            "min" | "max" if given.positional.len() > 1 => {
                let mut values = given.positional.into_iter();
                let Some(mut result) = values.next() else { return Ok(Value::none(span)) };
                for value in values {
                    let (Value::Expr(one), Value::Expr(two)) = (result, value) else {
                        let message = format!("{name} of what are no numbers");
                        return Err(frame.error(span, message, Some("use numpy's")));
                    };
                    if one.ty == Type::Unknown || two.ty == Type::Unknown {
                        result = Value::Expr(frame.unknown(span));
                        continue;
                    }
                    let (one, two) = self.meet(frame, one, two, name)?;
                    let (one, two) = (frame.once(one), frame.once(two));
                    // As Python has it: the first of equal ones, and comparisons with NaN are false.
                    let op = if name == "min" { CompareOp::Less } else { CompareOp::Greater };
                    let ty = one.ty.clone();
                    let test = self.compare(frame, op, two.clone(), one.clone())?;
                    let kind = ExprKind::IfElse(Box::new(test), Box::new(two), Box::new(one));
                    result = Value::Expr(Expr::new(span, ty, kind));
                }
                return Ok(result);
            }
            _ => {}
        }
        let parameters: &[&str] = match name {
            "enumerate" => &["iterable", "start"],
            "sum" => &["iterable", "start"],
            "round" => &["number", "ndigits"],
            "divmod" | "pow" | "isinstance" => &["x", "y"],
            "slice" => &["start", "stop", "step"],
            _ => &["x"],
        };
        let mut taken = given.take(frame, parameters)?.into_iter();
        let first = taken.next().flatten();
        let second = taken.next().flatten();
        let third = taken.next().flatten();
        let Some(first) = first else {
            return match name {
                "tuple" | "list" => Ok(Value::Tuple(Vec::new())),
                _ => Err(frame.error(span, format!("{name}() needs an argument"), None)),
            };
        };
        Ok(match name {
            "len" => self.length(frame, span, first)?,
            "enumerate" => {
                let start = match second {
                    Some(start) => int64(self.run_time(frame, span, start)?),
                    None => Expr::int(span, 0),
                };
                Value::Meta(Meta::Enumerate(Box::new(first), Box::new(start)))
            }
            "reversed" => Value::Meta(Meta::Reversed(Box::new(first))),
            "tuple" | "list" => match self.opened(frame, first) {
                Value::Meta(Meta::List(items)) | Value::Tuple(items) if name == "tuple" => {
                    Value::Tuple(items)
                }
                Value::Tuple(items) => Value::Meta(Meta::List(items)),
                other => other,
            },
            "slice" => {
                let boxed = |value: Value| Some(Box::new(value));
                match second {
                    None => Value::Meta(Meta::Slice(None, boxed(first), None)),
                    Some(second) => {
                        Value::Meta(Meta::Slice(boxed(first), boxed(second), third.map(Box::new)))
                    }
                }
            }
            "isinstance" | "type" | "str" | "print" | "sorted" | "map" | "filter" | "set"
            | "dict" | "open" | "input" | "getattr" | "hasattr" => {
                return Err(frame.error(span, format!("{name}() can't be compiled"), None));
            }
            "sum" | "min" | "max" | "any" | "all" => {
                let first = match first {
                    Value::Meta(Meta::List(items)) | Value::Tuple(items) => {
                        return self.fold_items(frame, span, name, items, second);
                    }
                    Value::Expr(expr) if matches!(expr.ty, Type::Tuple(..)) => {
                        let items = self.items(frame, expr);
                        return self.fold_items(frame, span, name, items, second);
                    }
                    Value::Meta(Meta::Range(..)) => {
                        return Err(frame.error(
                            span,
                            format!("{name}() of a range"),
                            Some("write a loop"),
                        ));
                    }
                    other => other,
                };
                let path = format!("numpy.{name}");
                let arguments = Arguments {
                    span,
                    name: name.into(),
                    positional: vec![first],
                    keywords: Vec::new(),
                };
                let result = self.known_call(frame, &path, arguments)?;
                match second {
                    Some(start) => self.operate(frame, span, BinaryOp::Add, start, result)?,
                    None => result,
                }
            }
            "divmod" => {
                let Some(second) = second else {
                    return Err(frame.error(span, "divmod() needs two numbers".into(), None));
                };
                let one = self.settled(frame, first)?;
                let two = self.settled(frame, second)?;
                let whole =
                    self.operate(frame, span, BinaryOp::FloorDiv, one.clone(), two.clone())?;
                let rest = self.operate(frame, span, BinaryOp::Mod, one, two)?;
                Value::Tuple(vec![whole, rest])
            }
            "pow" => {
                let second = second.unwrap_or_else(|| Value::Expr(Expr::int(span, 1)));
                self.operate(frame, span, BinaryOp::Pow, first, second)?
            }
            "abs" => {
                let path = "numpy.absolute";
                let arguments = Arguments {
                    span,
                    name: name.into(),
                    positional: vec![first],
                    keywords: Vec::new(),
                };
                self.known_call(frame, path, arguments)?
            }
            "round" => self.round(frame, span, first, second)?,
            "bin" | "hex" | "chr" | "ord" => {
                return Err(frame.error(span, format!("{name}() can't be compiled"), None));
            }
            other => match self.globals.library(&format!("builtins.{other}")) {
                Some(callee) => {
                    let mut bound = Vec::new();
                    for (parameter, value) in
                        callee.function.parameters.iter().zip([Some(first), second, third])
                    {
                        if let Some(value) = value {
                            bound.push((parameter.name.clone(), value));
                        }
                    }
                    self.in_place(
                        frame,
                        span,
                        &callee.function,
                        bound,
                        callee.scope,
                        Vec::new(),
                        true,
                    )?
                }
                None => {
                    return Err(frame.error(span, format!("{other}() can't be compiled"), None));
                }
            },
        })
    }

    /// `sum`, `min`, `max`, `any` and `all` of a tuple.
    fn fold_items(
        &mut self,
        frame: &mut Frame,
        span: Span,
        name: &str,
        items: Vec<Value>,
        start: Option<Value>,
    ) -> Result<Value> {
        let mut items = items.into_iter();
        if matches!(name, "any" | "all") {
            let mut result = Expr::bool(span, name == "all");
            for item in items {
                let item = self.run_time(frame, span, item)?;
                let item = self.truth(frame, item)?;
                let (one, two) = (Box::new(result), Box::new(item));
                let kind =
                    if name == "all" { ExprKind::And(one, two) } else { ExprKind::Or(one, two) };
                result = Expr::new(span, Type::scalar(Scalar::Bool), kind);
            }
            return Ok(Value::Expr(result));
        }
        if name == "sum" {
            let zero = Expr { ty: Type::weak(Scalar::I64), ..Expr::int(span, 0) };
            let mut result = start.unwrap_or(Value::Expr(zero));
            for item in items {
                result = self.operate(frame, span, BinaryOp::Add, result, item)?;
            }
            return Ok(result);
        }
        let Some(first) = items.next() else {
            return Err(frame.error(span, format!("{name}() of nothing"), None));
        };
        let positional: Vec<_> = std::iter::once(first).chain(items).collect();
        if positional.len() == 1 {
            return Ok(positional.into_iter().next().unwrap_or_else(|| Value::none(span)));
        }
        let arguments = Arguments { span, name: name.into(), positional, keywords: Vec::new() };
        self.builtin(frame, name, arguments)
    }

    fn length(&mut self, frame: &mut Frame, span: Span, value: Value) -> Result<Value> {
        let known = |count: usize| {
            let count = Expr::int(span, count as i64);
            Value::Expr(Expr { ty: Type::weak(Scalar::I64), ..count })
        };
        Ok(match value {
            Value::Tuple(items) | Value::Meta(Meta::List(items)) => known(items.len()),
            Value::Expr(Expr { ty: Type::Tuple(items, _), .. }) => known(items.len()),
            Value::Meta(Meta::Range(range, _)) => {
                let range = Value::Meta(Meta::Range(range, false));
                let arguments = Arguments {
                    span,
                    name: "len".into(),
                    positional: vec![range],
                    keywords: Vec::new(),
                };
                return self.numpy(frame, "manycore.range_length", arguments);
            }
            value => {
                if let Some(text) = value.as_str() {
                    return Ok(known(text.chars().count()));
                }
                let array = self.array(frame, span, value)?;
                Value::Expr(arrays::shape(span, array, 0))
            }
        })
    }

    fn round(
        &mut self,
        frame: &mut Frame,
        span: Span,
        value: Value,
        digits: Option<Value>,
    ) -> Result<Value> {
        let expr = match value {
            Value::Expr(expr) if expr.ty.as_scalar().is_some() => expr,
            value => {
                let mut positional = vec![value];
                positional.extend(digits);
                let arguments =
                    Arguments { span, name: "round".into(), positional, keywords: Vec::new() };
                return self.numpy(frame, "numpy.round", arguments);
            }
        };
        let digits = digits.filter(|digits| !digits.is_none());
        if expr.scalar().is_integer() {
            return Ok(Value::Expr(expr));
        }
        match digits {
            None => {
                let expr = frame.once(expr);
                self.finite(frame, span, &expr);
                let ty = expr.ty.clone();
                let rounded = Expr::new(span, ty, ExprKind::Math(Math::Round, vec![expr]));
                Ok(Value::Expr(cast(rounded, Scalar::I64, true)))
            }
            Some(digits) => {
                let arguments = Arguments {
                    span,
                    name: "round".into(),
                    positional: vec![Value::Expr(expr), digits],
                    keywords: Vec::new(),
                };
                self.numpy(frame, "numpy.round", arguments)
            }
        }
    }

    fn math(
        &mut self,
        frame: &mut Frame,
        module: &str,
        name: &str,
        given: Arguments,
    ) -> Result<Value> {
        let span = given.span;
        let mut operands = Vec::new();
        for value in given.positional {
            let expr = self.run_time(frame, span, value)?;
            if expr.ty == Type::Unknown {
                return Ok(Value::Expr(frame.unknown(span)));
            }
            if expr.ty.as_scalar().is_none() {
                let message = format!("{module}.{name} of {}", expr.ty);
                let hint = format!("use numpy.{name}");
                return Err(frame.error(span, message, Some(&hint)));
            }
            operands.push(expr);
        }
        let path = format!("{module}.{name}");
        if let Some(callee) = self.globals.library(&path) {
            let given = Arguments {
                span,
                name: path,
                positional: operands.into_iter().map(Value::Expr).collect(),
                keywords: given.keywords,
            };
            let bound = self.bound(frame, &callee.function, given, Some(callee.scope))?;
            return self.in_place(
                frame,
                span,
                &callee.function,
                bound,
                callee.scope,
                Vec::new(),
                true,
            );
        }
        // Python's own number beside it: the result is Python's own too.
        let result = match (name, operands.as_slice()) {
            ("floor" | "ceil" | "trunc", [one]) => {
                if one.scalar().is_integer() {
                    return Ok(Value::Expr(one.clone()));
                }
                let one = frame.once(cast(one.clone(), Scalar::F64, true));
                self.finite(frame, span, &one);
                let op = match name {
                    "floor" => Math::Floor,
                    "ceil" => Math::Ceil,
                    _ => Math::Trunc,
                };
                let ty = one.ty.clone();
                let whole = Expr::new(span, ty, ExprKind::Math(op, vec![one]));
                return Ok(Value::Expr(cast(whole, Scalar::I64, true)));
            }
            ("fabs", _) => self.function_of_numbers(frame, span, "numpy.fabs", operands, false)?,
            ("log", [one, base]) => {
                let log = |lowering: &mut Self, frame: &mut Frame, one: &Expr| {
                    let operands = vec![one.clone()];
                    lowering.function_of_numbers(frame, span, "numpy.log", operands, false)
                };
                let (one, base) = (log(self, frame, one)?, log(self, frame, base)?);
                self.binary(frame, BinaryOp::Div, one, base, false)?
            }
            ("pow", [one, two]) => {
                let one = cast(one.clone(), Scalar::F64, true);
                let two = cast(two.clone(), Scalar::F64, true);
                self.binary(frame, BinaryOp::Pow, one, two, false)?
            }
            ("hypot", [_, _]) | ("atan2", [_, _]) | ("copysign", [_, _]) | ("fmod", [_, _]) => {
                let name = match name {
                    "atan2" => "arctan2",
                    other => other,
                };
                self.function_of_numbers(frame, span, &format!("numpy.{name}"), operands, false)?
            }
            (_, [one]) => {
                let name = match name {
                    "asin" => "arcsin",
                    "acos" => "arccos",
                    "atan" => "arctan",
                    "asinh" => "arcsinh",
                    "acosh" => "arccosh",
                    "atanh" => "arctanh",
                    "radians" => "deg2rad",
                    "degrees" => "rad2deg",
                    "phase" => "angle",
                    other => other,
                };
                if name == "sqrt" && module == "math" && !one.scalar().is_complex() {
                    let one = frame.once(cast(one.clone(), Scalar::F64, true));
                    let zero = number(span, Scalar::F64, false, 0.0);
                    let plain = frame.plain(one.clone());
                    let test = super::scalar::compare_op(crate::ir::Compare::Lt, plain, zero);
                    let text = Piece::Text("math domain error".into());
                    frame.raise_if(test, Exception::Value, vec![text]);
                    let ty = one.ty.clone();
                    return Ok(Value::Expr(Expr::new(
                        span,
                        ty,
                        ExprKind::Math(Math::Sqrt, vec![one]),
                    )));
                }
                if module == "cmath" {
                    let one = cast(one.clone(), Scalar::C128, true);
                    let path = format!("numpy.{name}");
                    return self
                        .function_of_numbers(frame, span, &path, vec![one], false)
                        .map(Value::Expr);
                }
                if name.starts_with("log") && !one.scalar().is_complex() {
                    let one = frame.once(cast(one.clone(), Scalar::F64, true));
                    let limit = if name == "log1p" { -1.0 } else { 0.0 };
                    let zero = number(span, Scalar::F64, false, limit);
                    let plain = frame.plain(one.clone());
                    let test = super::scalar::compare_op(crate::ir::Compare::Le, plain, zero);
                    let text = Piece::Text("math domain error".into());
                    frame.raise_if(test, Exception::Value, vec![text]);
                    let path = format!("numpy.{name}");
                    return self
                        .function_of_numbers(frame, span, &path, vec![one], false)
                        .map(Value::Expr);
                }
                let operand = match one.scalar() {
                    Scalar::F32 => cast(one.clone(), Scalar::F64, true),
                    _ => one.clone(),
                };
                let operands = vec![operand];
                self.function_of_numbers(frame, span, &format!("numpy.{name}"), operands, false)?
            }
            _ => return Err(frame.error(span, format!("{path} can't be compiled"), None)),
        };
        Ok(Value::Expr(result))
    }

    /// Python's `random`.
    fn random(&mut self, frame: &mut Frame, name: &str, given: Arguments) -> Result<Value> {
        let span = given.span;
        let draw = || {
            Expr::new(span, Type::weak(Scalar::F64), ExprKind::Runtime(Runtime::Random, Vec::new()))
        };
        match (name, given.positional.as_slice()) {
            ("random", []) => Ok(Value::Expr(draw())),
            ("uniform", [low, high]) => {
                let (low, high) = (low.clone(), high.clone());
                let low = self.settled(frame, low)?;
                let width = self.operate(frame, span, BinaryOp::Sub, high, low.clone())?;
                let part = self.operate(frame, span, BinaryOp::Mul, width, Value::Expr(draw()))?;
                self.operate(frame, span, BinaryOp::Add, low, part)
            }
            ("seed", [seed]) => {
                let seed = self.run_time(frame, span, seed.clone())?;
                let kind = ExprKind::Runtime(Runtime::Seed, vec![int64(seed)]);
                frame.emit(span, StmtKind::Expr(Expr::new(span, Type::None, kind)));
                Ok(Value::none(span))
            }
            _ => self.numpy(frame, &format!("random.{name}"), given),
        }
    }

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

    /// Calls a function of the library, written out here.
    pub fn library(&mut self, frame: &mut Frame, path: &str, given: Arguments) -> Result<Value> {
        let span = given.span;
        let Some(callee) = self.globals.library(path) else {
            let message = format!("{path} can't be compiled");
            return Err(frame.error(span, message, None));
        };
        let given = Arguments { name: path.to_owned(), ..given };
        let bound = self.bound(frame, &callee.function, given, Some(callee.scope))?;
        self.in_place(frame, span, &callee.function, bound, callee.scope, Vec::new(), true)
    }
}

/// Whether a value is not there at run time.
fn is_compile_time(value: &Value) -> bool {
    match value {
        Value::Meta(Meta::List(_)) => false,
        Value::Meta(_) => true,
        Value::Tuple(items) => items.iter().any(is_compile_time),
        Value::Expr(_) | Value::Lazy(_) => false,
    }
}

/// The real or imaginary part of a complex number.
pub fn part(expr: Expr, is_imaginary: bool) -> Expr {
    let (span, ty) = (expr.span, Type::scalar(expr.scalar().real()));
    Expr::new(span, ty, ExprKind::Part(Box::new(expr), is_imaginary))
}

/// The number's absolute value.
pub fn absolute(expr: Expr) -> Expr {
    let (span, scalar) = (expr.span, expr.scalar());
    let ty = if scalar.is_complex() { Type::scalar(scalar.real()) } else { expr.ty.clone() };
    Expr::new(span, ty, ExprKind::Unary(Unary::Abs, Box::new(expr)))
}

/// Python's own number types.
fn builtin_type(path: &str) -> Option<Scalar> {
    Some(match path {
        "builtins.int" => Scalar::I64,
        "builtins.float" => Scalar::F64,
        "builtins.bool" => Scalar::Bool,
        "builtins.complex" => Scalar::C128,
        _ => return None,
    })
}

/// The dtype that a type or a text means.
pub fn dtype_of(path: &str) -> Option<Scalar> {
    builtin_type(path).or_else(|| match known(path.to_owned()) {
        Meta::Dtype(scalar) => Some(scalar),
        _ => Scalar::named(path),
    })
}

/// A shape's or an axis's operation of two numbers.
pub fn minimum(one: Expr, two: Expr, is_max: bool) -> Expr {
    let op = if is_max { Binary::Max } else { Binary::Min };
    let (span, ty) = (one.span, one.ty.clone());
    Expr::new(span, ty, ExprKind::Binary(op, Box::new(one), Box::new(two)))
}
