//! Expressions.

use super::calls::Arguments;
use super::calls::part;
use super::calls::{dtype_of, is_compile_time};
use super::elementwise::Op;
use super::scalar::{both, not, number};
use super::ufunc::arity;
use super::value::{Meta, Value};
use super::{Frame, Lowering, Result, after, arrays, is_some, lists, statements, texts};
use crate::ir::{Expr, ExprKind, Local, StmtKind, Value as Constant};
use crate::syntax::{self, BinaryOp, CompareOp, ExprKind as Syntax, Span};
use crate::types::{Kind, Scalar, Type};

impl Lowering<'_> {
    /// What an expression stands for.
    pub fn expr(&mut self, frame: &mut Frame, expr: &syntax::Expr) -> Result<Value> {
        let span = expr.span;
        Ok(match &expr.kind {
            Syntax::Constant(constant) => self.constant(span, constant)?,
            Syntax::Name(name) => self.variable(frame, span, name)?,
            Syntax::Unary(op, operand) => match self.expr(frame, operand)? {
                Value::Expr(expr) if !matches!(expr.ty, Type::Array(_)) => {
                    Value::Expr(self.unary(frame, *op, expr, false)?)
                }
                Value::Tuple(items) | Value::Meta(Meta::List(items))
                    if *op == syntax::UnaryOp::Not =>
                {
                    Value::Expr(Expr::bool(span, items.is_empty()))
                }
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
                let source = object;
                let object = self.expr(frame, object)?;
                let object = self.realised(frame, source, object)?;
                self.attribute(frame, span, object, name)?
            }
            Syntax::Subscript(object, index) => {
                let source = object;
                let mut object = self.expr(frame, object)?;
                if lists::is_empty_display(&object) {
                    // Something will be put into it before.
                    object = self.realised(frame, source, object)?;
                }
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
            Syntax::List(items) => self.list_display(frame, items)?,
            Syntax::ListComp { element, generators } => {
                // The library works on arrays.
                let as_array = frame.scopes.iter().any(|scope| scope.site.is_some());
                self.comprehension(frame, span, element, generators, as_array)?
            }
            Syntax::Lambda(function) => self.inner(frame, function),
            Syntax::Named(target, value) => {
                let value = self.expr(frame, value)?;
                let value = self.settled(frame, value)?;
                self.assign(frame, target, value)?;
                self.expr(frame, target)?
            }
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

    /// `[a, b, *c]`.
    fn list_display(&mut self, frame: &mut Frame, items: &[syntax::Expr]) -> Result<Value> {
        let mut known = Vec::new();
        // From an item on whose number of items is known at run time only.
        let mut grown: Option<Local> = None;
        for item in items {
            let span = item.span;
            let Syntax::Starred(inner) = &item.kind else {
                let value = self.expr(frame, item)?;
                // One list under two names.
                let is_name = matches!(item.kind, Syntax::Name(_));
                let value = if is_name { self.realised(frame, item, value)? } else { value };
                match grown {
                    Some(list) => self.append(frame, span, list, value)?,
                    None => known.push(value),
                }
                continue;
            };
            let value = self.expr(frame, inner)?;
            let value = self.opened(frame, value);
            if let (Value::Tuple(more) | Value::Meta(Meta::List(more)), None) = (&value, grown) {
                known.extend(more.iter().cloned());
                continue;
            }
            let list = match grown {
                Some(list) => list,
                None => self.list_of(frame, span, std::mem::take(&mut known))?,
            };
            grown = Some(list);
            let given = Arguments::of(span, "*", vec![value]);
            self.list_method(frame, list, "extend", given)?;
        }
        Ok(match grown {
            Some(list) => Value::Expr(frame.read(items[0].span, list)),
            None => Value::Meta(Meta::List(known)),
        })
    }

    pub fn all(&mut self, frame: &mut Frame, items: &[syntax::Expr]) -> Result<Vec<Value>> {
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
    pub fn pair(
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
        if left.is_number() && right.is_number() {
            let (Value::Expr(left), Value::Expr(right)) = (left, right) else { unreachable!() };
            let mut result = self.binary(frame, op, left, right, false)?;
            result.span = span;
            return Ok(Value::Expr(result));
        }
        let is_unknown = |value: &Value| match value {
            Value::Expr(expr) => expr.ty == Type::Unknown,
            _ => false,
        };
        if is_unknown(&left) || is_unknown(&right) {
            return Ok(Value::Expr(frame.unknown(span)));
        }
        let tuple = |value: &Value| match value {
            Value::Tuple(items) => Some(items.clone()),
            _ => None,
        };
        let left = self.opened(frame, left);
        let right = self.opened(frame, right);
        if let (BinaryOp::Add, Some(one), Some(two)) = (op, left.as_str(), right.as_str()) {
            return Ok(texts::text(span, &format!("{one}{two}")));
        }
        if let (Value::Meta(Meta::List(items)), BinaryOp::Mul, Some(times)) =
            (&left, op, right.as_int())
        {
            // Numbers, and what exists at compile time: anything else would be the same one several times.
            const MOST: usize = 64;
            let count = usize::try_from(times).unwrap_or(0);
            let is_value = |item: &Value| item.is_number() || is_compile_time(item);
            if items.len().saturating_mul(count) <= MOST && items.iter().all(is_value) {
                let all = (0..count).flat_map(|_| items.clone());
                return Ok(Value::Meta(Meta::List(all.collect())));
            }
        }
        if let Some(result) = self.list_operation(frame, span, op, &left, &right)? {
            return Ok(result);
        }
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
        if let (Value::Meta(Meta::List(one)), Value::Meta(Meta::List(two)), BinaryOp::Add) =
            (&left, &right, op)
        {
            return Ok(Value::Meta(Meta::List(one.iter().chain(two).cloned().collect())));
        }
        if op == BinaryOp::MatMul {
            let arguments = Arguments::of(span, "@", vec![left, right]);
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
    pub fn opened(&mut self, frame: &mut Frame, value: Value) -> Value {
        match value {
            Value::Expr(expr) if matches!(expr.ty, Type::Tuple(..)) => {
                Value::Tuple(self.items(frame, expr))
            }
            other => other,
        }
    }

    /// `and` and `or`.
    pub fn bool(
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
                    let is_empty = lists::is_empty_display(&result)
                        || matches!(&result, Value::Tuple(items) if items.is_empty());
                    // Anything else counts as true.
                    if is_and != is_empty {
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

    pub fn comparison(
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

    pub fn compared(
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
        if let (Value::Tuple(one), Value::Tuple(two)) = (&left, &right)
            && !matches!(op, CompareOp::Eq | CompareOp::NotEq)
        {
            return self.order_of_tuples(frame, span, op, one, two).map(Value::Expr);
        }
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
                _ => Ok(Value::Expr(not(equal))),
            };
        }
        if let Some(result) = self.list_comparison(frame, span, op, &left, &right)? {
            return Ok(result);
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

    /// `one op two` of tuples: the first items that differ decide.
    fn order_of_tuples(
        &mut self,
        frame: &mut Frame,
        span: Span,
        op: CompareOp,
        one: &[Value],
        two: &[Value],
    ) -> Result<Expr> {
        let ([a, one @ ..], [b, two @ ..]) = (one, two) else {
            let size = |items: &[Value]| Value::Expr(Expr::int(span, items.len() as i64));
            let order = self.compared(frame, span, op, size(one), size(two))?;
            return self.run_time(frame, span, order);
        };
        let (a, b) = (self.settled(frame, a.clone())?, self.settled(frame, b.clone())?);
        let strict = match op {
            CompareOp::LessEq => CompareOp::Less,
            CompareOp::GreaterEq => CompareOp::Greater,
            other => other,
        };
        let is_last = one.is_empty() && two.is_empty();
        let own = if is_last { op } else { strict };
        let first = self.compared(frame, span, own, a.clone(), b.clone())?;
        let first = self.run_time(frame, span, first)?;
        if is_last {
            return Ok(first);
        }
        let first = frame.once(first);
        let (rest, block) = frame.block(|frame| {
            let equal = self.compared(frame, span, CompareOp::Eq, a, b)?;
            let equal = self.run_time(frame, span, equal)?;
            let (rest, block) =
                frame.block(|frame| self.order_of_tuples(frame, span, op, one, two))?;
            Ok(both(equal, after(block, rest)))
        })?;
        let (first, rest) = (Box::new(first), Box::new(after(block, rest)));
        Ok(Expr::new(span, Type::scalar(Scalar::Bool), ExprKind::Or(first, rest)))
    }

    /// `one in many`.
    pub fn contains(
        &mut self,
        frame: &mut Frame,
        span: Span,
        one: Value,
        many: Value,
        is_in: bool,
    ) -> Result<Value> {
        if let (Some(one), Some(many)) = (one.as_str(), many.as_str()) {
            return Ok(Value::Expr(Expr::bool(span, many.contains(&**one) == is_in)));
        }
        if matches!(&many, Value::Expr(expr) if expr.ty == Type::Str) {
            let message = "`in` of a text that is known at run time only".into();
            return Err(frame.error(span, message, None));
        }
        let one = self.settled(frame, one)?;
        let found = match self.opened(frame, many) {
            Value::Tuple(items) | Value::Meta(Meta::List(items)) => {
                let mut found: Option<Expr> = None;
                for item in items {
                    let equal = self.compared(frame, span, CompareOp::Eq, one.clone(), item)?;
                    let Value::Expr(equal) = equal else {
                        return Err(frame.error(span, "`in` of arrays".into(), None));
                    };
                    match equal.kind {
                        ExprKind::Const(Constant::Bool(false)) => continue,
                        ExprKind::Const(Constant::Bool(true)) if found.is_none() => {
                            return Ok(Value::Expr(Expr::bool(span, is_in)));
                        }
                        _ => {}
                    }
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
            many if lists::as_list(&many).is_some() => {
                let given = Arguments::of(span, "in", vec![many, one]);
                let found = self.library(frame, "list.contains", given)?;
                self.run_time(frame, span, found)?
            }
            many => {
                let equal = self.compared(frame, span, CompareOp::Eq, many, one)?;
                let arguments = Arguments::of(span, "in", vec![equal]);
                let any = self.known_call(frame, "numpy.any", arguments)?;
                self.run_time(frame, span, any)?
            }
        };
        Ok(Value::Expr(if is_in { found } else { not(found) }))
    }

    pub fn if_expression(
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

    pub fn attribute(
        &mut self,
        frame: &mut Frame,
        span: Span,
        object: Value,
        name: &str,
    ) -> Result<Value> {
        match &object {
            Value::Meta(Meta::Known(path)) if is_ufunc_method(self, path, name) => {
                Ok(Value::Meta(Meta::Method(Box::new(object), name.to_owned())))
            }
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
                    "itemsize" | "nbytes" => Ok(Value::Expr(Expr::int(span, scalar.size() as i64))),
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
            Value::Meta(Meta::Slice(start, stop, step))
                if matches!(name, "start" | "stop" | "step") =>
            {
                let part = match name {
                    "start" => start,
                    "stop" => stop,
                    _ => step,
                };
                Ok(part.as_deref().cloned().unwrap_or_else(|| Value::none(span)))
            }
            Value::Meta(Meta::Limits(scalar)) => match limit(*scalar, name) {
                Some(constant) => {
                    let ty = if scalar.is_float() { *scalar } else { Scalar::I64 };
                    let ty = Type::weak(if *scalar == Scalar::U64 { Scalar::U64 } else { ty });
                    Ok(Value::Expr(Expr::new(span, ty, ExprKind::Const(constant))))
                }
                None => Err(frame.error(span, format!("{scalar}'s limit {name}"), None)),
            },
            Value::Meta(Meta::Dtype(scalar)) if matches!(name, "name" | "kind" | "char") => {
                let text = match (name, scalar.kind()) {
                    ("name", _) => scalar.name(),
                    (_, Kind::Bool) => "b",
                    (_, Kind::Signed) => "i",
                    (_, Kind::Unsigned) => "u",
                    (_, Kind::Float) => "f",
                    (_, Kind::Complex) => "c",
                };
                self.constant(span, &syntax::Constant::Str(text.into()))
            }
            Value::Meta(Meta::Dtype(scalar)) if name == "itemsize" => {
                Ok(Value::Expr(Expr::int(span, scalar.size() as i64)))
            }
            Value::Expr(Expr { ty: Type::Unknown, .. }) => Ok(object),
            _ => Ok(Value::Meta(Meta::Method(Box::new(object), name.to_owned()))),
        }
    }
}

/// Whether it is `numpy.add.reduce` or the like.
fn is_ufunc_method(lowering: &mut Lowering<'_>, path: &str, name: &str) -> bool {
    let Some(function) = path.strip_prefix("numpy.") else { return false };
    let is_method = matches!(name, "reduce" | "accumulate" | "outer" | "at" | "reduceat");
    let mut of_library = || {
        let found = lowering.definition(&format!("ufunc.{function}"));
        found.is_some_and(|callee| callee.function.parameters.len() == 2)
    };
    is_method && (arity(function) == Some(2) || of_library())
}

/// What `numpy.iinfo` and `numpy.finfo` say of a type.
fn limit(scalar: Scalar, name: &str) -> Option<Constant> {
    if scalar.is_float() {
        let is_single = scalar == Scalar::F32;
        let either = |one: f32, two: f64| if is_single { f64::from(one) } else { two };
        return Some(Constant::Float(match name {
            "max" => either(f32::MAX, f64::MAX),
            "min" => either(f32::MIN, f64::MIN),
            "eps" => either(f32::EPSILON, f64::EPSILON),
            "tiny" | "smallest_normal" => either(f32::MIN_POSITIVE, f64::MIN_POSITIVE),
            _ => return None,
        }));
    }
    let bits = scalar.size() as u32 * 8;
    let is_signed = scalar.kind() == crate::types::Kind::Signed;
    Some(Constant::Int(match (name, is_signed) {
        ("max", true) => i64::MAX >> (64 - bits),
        ("min", true) => i64::MIN >> (64 - bits),
        ("max", false) => (u64::MAX >> (64 - bits)).cast_signed(),
        ("min", false) => 0,
        ("bits", _) => i64::from(bits),
        _ => return None,
    }))
}
