//! Lists that exist at run time: how they are made, what is in them, and of which type that is.
//!
//! A list display stays a thing of compile time until somebody changes it, keeps it in a loop, or hands it on;
//! the variable's type says from the next round of inference on that it is a list (see
//! [`Lowering::realised`]). The type of a list's items is that of all that is put into it, wherever that
//! happens. Since a list is the same one under all its names, that type is carried *back* from where
//! something is put in to where the list is from ([`Lowering::demand`]): a variable, an item of another
//! list, the place where it is made (a *site*, which has a type of its own among the variables').

use super::calls::Arguments;
use super::scalar::{cast, compare_op, int64};
use super::value::{Meta, Value};
use super::{Binding, Frame, Lowering, Result, arrays};
use crate::ir::{
    Compare, Exception, Expr, ExprKind, FunctionId, Local, Piece, Place, Stmt, StmtKind,
};
use crate::llvm::walk::{self, Node};
use crate::syntax::{self, BinaryOp, CompareOp, ExprKind as Syntax, Span};
use crate::types::{Scalar, Type};

/// Where the value of a variable that the source does not know is from.
#[derive(Clone)]
pub enum Origin {
    /// A list that is made here: the name of its type.
    Site(String),
    Value(Expr),
}

/// How many items a list has.
pub fn length(span: Span, list: Local) -> Expr {
    Expr::new(span, Type::scalar(Scalar::I64), ExprKind::Length(list))
}

/// The variable of a list, if the value is one at run time.
pub fn as_list(value: &Value) -> Option<Local> {
    match value {
        Value::Expr(Expr { ty: Type::List(_), kind: ExprKind::Local(local), .. }) => Some(*local),
        _ => None,
    }
}

impl Lowering<'_> {
    /// A list without items, made here.
    pub fn new_list(&mut self, frame: &mut Frame, span: Span) -> Local {
        let place = frame.key(&format!("[{}:{}]", span.line, span.column));
        let number = frame.made.entry(place.clone()).or_default();
        *number += 1;
        let site = format!("{place}{number}");
        let ty = frame.types.get(&site).cloned().unwrap_or_else(|| Type::list(Type::Unknown));
        let list = frame.temporary("list", Expr::new(span, ty, ExprKind::List));
        frame.origins.insert(list, Origin::Site(site));
        list
    }

    /// A list of these items.
    pub fn list_of(&mut self, frame: &mut Frame, span: Span, items: Vec<Value>) -> Result<Local> {
        let list = self.new_list(frame, span);
        for item in items {
            self.append(frame, span, list, item)?;
        }
        Ok(list)
    }

    /// What stands there, as a list at run time if it is a display; its name is one from now on.
    pub fn realised(
        &mut self,
        frame: &mut Frame,
        source: &syntax::Expr,
        value: Value,
    ) -> Result<Value> {
        let Value::Meta(Meta::List(items)) = value else { return Ok(value) };
        let key = match &source.kind {
            Syntax::Name(name) => frame.realise(name),
            _ => None,
        };
        let list = match key {
            Some(key) => {
                // Of this round nothing will be left.
                let ty = frame.types.get(&key).cloned().unwrap_or(Type::Unknown);
                let list = frame.local(".list", ty);
                frame.origins.insert(list, Origin::Site(key));
                list
            }
            None => self.list_of(frame, source.span, items)?,
        };
        Ok(Value::Expr(frame.read(source.span, list)))
    }

    /// Has the value of an expression be of a type with other lists, from the next round on.
    pub fn demand(&mut self, frame: &mut Frame, expr: &Expr, ty: &Type) -> Result<()> {
        if expr.ty == *ty {
            return Ok(());
        }
        match (&expr.kind, ty) {
            (ExprKind::Local(local), _) => self.demand_local(frame, expr.span, *local, ty),
            (ExprKind::ItemAt { list, .. }, _) => {
                self.demand_local(frame, expr.span, *list, &Type::list(ty.clone()))
            }
            (ExprKind::Item(whole, item), _) => {
                let Type::Tuple(items, named) = &whole.ty else { return Ok(()) };
                let mut items = items.to_vec();
                items[*item] = ty.clone();
                self.demand(frame, whole, &Type::Tuple(items.into(), named.clone()))
            }
            (ExprKind::Unwrap(whole), _) => {
                self.demand(frame, whole, &Type::Optional(ty.clone().into()))
            }
            (ExprKind::Block(_, last), _) => self.demand(frame, last, ty),
            (ExprKind::IfElse(_, one, two), _) => {
                self.demand(frame, one, ty)?;
                self.demand(frame, two, ty)
            }
            (ExprKind::Tuple(items), Type::Tuple(types, _)) => {
                items.iter().zip(types.iter()).try_for_each(|(item, ty)| {
                    if item.ty.has_list() { self.demand(frame, item, ty) } else { Ok(()) }
                })
            }
            (ExprKind::Some(inner), Type::Optional(ty)) => self.demand(frame, inner, ty),
            // One that holds nothing may be one of anything.
            _ if expr.ty.is_alike(ty) => Ok(()),
            _ => Err(frame.other_items(expr.span, &expr.ty, ty)),
        }
    }

    fn demand_local(
        &mut self,
        frame: &mut Frame,
        span: Span,
        local: Local,
        ty: &Type,
    ) -> Result<()> {
        let key = match frame.origins.get(&local).cloned() {
            Some(Origin::Value(expr)) => return self.demand(frame, &expr, ty),
            Some(Origin::Site(site)) => Some(site),
            None => frame.key_of(local),
        };
        let own = frame.ty(local).clone();
        let Some(key) = key else {
            let is_alike = own.is_alike(ty);
            return if is_alike { Ok(()) } else { Err(frame.other_items(span, &own, ty)) };
        };
        let before = frame.types.get(&key).cloned().unwrap_or(own);
        let Some(wider) = before.unify(ty) else {
            return Err(frame.other_items(span, &before, ty));
        };
        if frame.types.get(&key) != Some(&wider) {
            frame.types.insert(key, wider);
            frame.changed = true;
        }
        Ok(())
    }

    /// A value as an item of a list, the type of whose items becomes wider if it must.
    fn as_item(
        &mut self,
        frame: &mut Frame,
        span: Span,
        list: Local,
        value: Value,
    ) -> Result<Expr> {
        let value = self.run_time(frame, span, value)?;
        let value = match &value.kind {
            ExprKind::Local(_) => value,
            _ if value.ty.is_managed() => {
                let local = frame.temporary("item", value);
                frame.read(span, local)
            }
            _ => value,
        };
        let Some(item) = frame.ty(list).as_list().cloned() else { return Ok(value) };
        let Some(wider) = item.unify(&value.ty) else {
            let message = format!("{} put into a list of {item}", value.ty);
            let hint = "a list's items are of one type";
            return Err(frame.error(span, message, Some(hint)));
        };
        if crate::abi::slots(&wider) > crate::list::MOST_SLOTS {
            let message = format!("{wider} is too large for an item of a list");
            return Err(frame.error(span, message, None));
        }
        if wider != item {
            self.demand_local(frame, span, list, &Type::list(wider.clone()))?;
        }
        self.convert(frame, value, &wider)
    }

    /// `list.append(value)`.
    pub fn append(
        &mut self,
        frame: &mut Frame,
        span: Span,
        list: Local,
        value: Value,
    ) -> Result<()> {
        let value = self.as_item(frame, span, list, value)?;
        frame.may_grow(span, list)?;
        frame.emit(span, StmtKind::Append { list, value });
        Ok(())
    }

    /// `list[index]`, or several of them.
    pub fn list_subscript(
        &mut self,
        frame: &mut Frame,
        span: Span,
        list: Local,
        index: Value,
    ) -> Result<Value> {
        let object = Value::Expr(frame.read(span, list));
        if let Value::Meta(Meta::Slice(start, stop, step)) = index {
            let part = |part: Option<Box<Value>>| part.map_or(Value::none(span), |part| *part);
            let given = vec![object, part(start), part(stop), part(step)];
            return self.library(frame, "list.slice", Arguments::of(span, "slice", given));
        }
        let index = self.list_index(frame, span, list, index)?;
        Ok(self.list_item(frame, span, list, index))
    }

    /// An index of a list, looked at.
    fn list_index(
        &mut self,
        frame: &mut Frame,
        span: Span,
        list: Local,
        index: Value,
    ) -> Result<Expr> {
        let index = self.run_time(frame, span, index)?;
        if !matches!(&index.ty, Type::Unknown)
            && !index.ty.as_scalar().is_some_and(|s| s.is_integer() || s == Scalar::Bool)
        {
            let message = format!("a list's index of type {}", index.ty);
            return Err(frame.error(span, message, Some("use int(...)")));
        }
        let size = Box::new(length(span, list));
        let check = frame.options().boundscheck;
        let kind = ExprKind::Index { index: Box::new(int64(index)), size, axis: 0, check };
        Ok(Expr::new(span, Type::scalar(Scalar::I64), kind))
    }

    /// The item of that number, which is there.
    pub fn list_item(&mut self, frame: &mut Frame, span: Span, list: Local, index: Expr) -> Value {
        let item = frame.ty(list).as_list().cloned().unwrap_or(Type::Unknown);
        if item == Type::Unknown {
            frame.emit(span, StmtKind::Expr(index));
            return Value::Expr(frame.unknown(span));
        }
        let index = Box::new(index);
        // At once: what is done to the list later does not change it.
        let item = frame.temporary("item", Expr::new(span, item, ExprKind::ItemAt { list, index }));
        Value::Expr(frame.read(span, item))
    }

    /// A list's first items, a list of those between, and its last ones.
    pub fn list_parts(
        &mut self,
        frame: &mut Frame,
        span: Span,
        list: Local,
        front: usize,
        behind: usize,
    ) -> Result<Vec<Value>> {
        let least = Expr::int(span, (front + behind) as i64);
        let test = compare_op(Compare::Lt, length(span, list), least);
        let text = format!("not enough values to unpack: there must be {}", front + behind);
        frame.raise_if(test, Exception::Value, vec![Piece::Text(text)]);
        let number = |number: i64| Value::Expr(Expr::int(span, number));
        let mut items = Vec::new();
        for at in 0..front as i64 {
            items.push(self.list_subscript(frame, span, list, number(at))?);
        }
        let stop = (behind > 0).then(|| Box::new(number(-(behind as i64))));
        let rest = Meta::Slice(Some(Box::new(number(front as i64))), stop, None);
        items.push(self.list_subscript(frame, span, list, Value::Meta(rest))?);
        for at in (1..=behind as i64).rev() {
            items.push(self.list_subscript(frame, span, list, number(-at))?);
        }
        Ok(items)
    }

    /// `list[index] = value`, or several of them.
    pub fn list_store(
        &mut self,
        frame: &mut Frame,
        span: Span,
        list: Local,
        index: Value,
        value: Value,
    ) -> Result<()> {
        if let Value::Meta(Meta::Slice(start, stop, step)) = index {
            if step.is_some() {
                let message = "a slice with a step of a list that is assigned to".into();
                return Err(frame.error(span, message, Some("write a loop")));
            }
            let object = Value::Expr(frame.read(span, list));
            let part = |part: Option<Box<Value>>| part.map_or(Value::none(span), |part| *part);
            let given = vec![object, part(start), part(stop), value];
            let given = Arguments::of(span, "slice", given);
            return self.library(frame, "list.assign", given).map(drop);
        }
        let value = self.as_item(frame, span, list, value)?;
        let index = self.list_index(frame, span, list, index)?;
        frame.emit(span, StmtKind::SetItem { list, index, value });
        Ok(())
    }

    /// A method of a list.
    pub fn list_method(
        &mut self,
        frame: &mut Frame,
        list: Local,
        name: &str,
        mut given: Arguments,
    ) -> Result<Value> {
        let span = given.span;
        if name == "append" && given.positional.len() == 1 && given.keywords.is_empty() {
            self.append(frame, span, list, given.positional.remove(0))?;
            return Ok(Value::none(span));
        }
        let path = format!("list.{name}");
        if self.definition(&path).is_none() {
            let message = format!("a list has no method {name} in compiled code");
            return Err(frame.error(span, message, None));
        }
        given.positional.insert(0, Value::Expr(frame.read(span, list)));
        self.library(frame, &path, given)
    }

    /// What the library does to lists: `kernel.item(xs, i)`, `kernel.shift(xs, at, by)`.
    pub fn list_intrinsic(
        &mut self,
        frame: &mut Frame,
        name: &str,
        given: Arguments,
    ) -> Result<Value> {
        let span = given.span;
        let mut values = given.positional.into_iter();
        let list = values.next().as_ref().and_then(as_list);
        let Some(list) = list else {
            return Err(frame.error(span, format!("kernel.{name} of what is no list"), None));
        };
        let mut numbers = Vec::new();
        for value in values {
            numbers.push(int64(self.run_time(frame, span, value)?));
        }
        match (name, numbers.as_slice()) {
            ("item", [index]) => Ok(self.list_item(frame, span, list, index.clone())),
            ("shift", [at, by]) => {
                frame.may_grow(span, list)?;
                let (at, by) = (at.clone(), by.clone());
                frame.emit(span, StmtKind::Shift { list, at, by });
                Ok(Value::none(span))
            }
            _ => Err(frame.error(span, format!("kernel.{name} takes other arguments"), None)),
        }
    }

    /// `left op right` of lists; nothing if it is NumPy's.
    pub fn list_operation(
        &mut self,
        frame: &mut Frame,
        span: Span,
        op: BinaryOp,
        left: &Value,
        right: &Value,
    ) -> Result<Option<Value>> {
        let is_list =
            |value: &Value| as_list(value).is_some() || matches!(value, Value::Meta(Meta::List(_)));
        let is_whole = |value: &Value| match value {
            Value::Expr(expr) => {
                expr.ty.as_scalar().is_some_and(|s| s.is_integer() || s == Scalar::Bool)
            }
            _ => false,
        };
        if as_list(left).is_none() && as_list(right).is_none() {
            let repeats = op == BinaryOp::Mul
                && (is_list(left) && is_whole(right) || is_whole(left) && is_list(right));
            if !repeats {
                return Ok(None);
            }
        }
        let (path, given) = match op {
            BinaryOp::Add if is_list(left) && is_list(right) => ("list.joined", [left, right]),
            BinaryOp::Mul if is_list(left) && is_whole(right) => ("list.repeated", [left, right]),
            BinaryOp::Mul if is_whole(left) && is_list(right) => ("list.repeated", [right, left]),
            _ => {
                let is_array = |value: &Value| match value {
                    Value::Lazy(_) => true,
                    Value::Expr(expr) => matches!(expr.ty, Type::Array(_) | Type::Unknown),
                    _ => false,
                };
                if is_array(left) || is_array(right) {
                    return Ok(None);
                }
                let symbol = super::scalar::symbol(op);
                let message = format!("{} {symbol} {}", left.describe(), right.describe());
                return Err(frame.error(span, message, Some("use np.array(...) of the list")));
            }
        };
        let mut given = given.map(Clone::clone).to_vec();
        if let (BinaryOp::Mul, Value::Meta(Meta::List(items))) = (op, &given[0]) {
            // Lists among the items are the same ones each time.
            let list = self.list_of(frame, span, items.clone())?;
            given[0] = Value::Expr(frame.read(span, list));
        }
        self.library(frame, path, Arguments::of(span, "a list", given)).map(Some)
    }

    /// A comparison of lists; nothing if it is NumPy's.
    pub fn list_comparison(
        &mut self,
        frame: &mut Frame,
        span: Span,
        op: CompareOp,
        left: &Value,
        right: &Value,
    ) -> Result<Option<Value>> {
        let is_list =
            |value: &Value| as_list(value).is_some() || matches!(value, Value::Meta(Meta::List(_)));
        if !is_list(left) || !is_list(right) {
            return Ok(None);
        }
        let path = match op {
            CompareOp::Eq | CompareOp::NotEq => "list.equal",
            CompareOp::Less | CompareOp::GreaterEq => "list.less",
            CompareOp::Greater | CompareOp::LessEq => "list.less",
            CompareOp::Is | CompareOp::IsNot => {
                let (Some(one), Some(two)) = (as_list(left), as_list(right)) else {
                    return Ok(None);
                };
                let same = Expr::new(
                    span,
                    Type::scalar(Scalar::Bool),
                    ExprKind::Compare(
                        if op == CompareOp::Is { Compare::Eq } else { Compare::Ne },
                        Box::new(address(span, one)),
                        Box::new(address(span, two)),
                    ),
                );
                return Ok(Some(Value::Expr(same)));
            }
            CompareOp::In | CompareOp::NotIn => return Ok(None),
        };
        let is_swapped = matches!(op, CompareOp::Greater | CompareOp::LessEq);
        let given = if is_swapped { [right, left] } else { [left, right] };
        let given = Arguments::of(span, "a comparison", given.map(Clone::clone).to_vec());
        let found = self.library(frame, path, given)?;
        let found = self.run_time(frame, span, found)?;
        let is_not = matches!(op, CompareOp::NotEq | CompareOp::GreaterEq | CompareOp::LessEq);
        Ok(Some(Value::Expr(if is_not { super::scalar::not(found) } else { found })))
    }

    /// A list's items in a new array; of what are arrays themselves, as its rows.
    pub fn array_of_items(
        &mut self,
        frame: &mut Frame,
        span: Span,
        list: Local,
        dtype: Option<Scalar>,
    ) -> Result<Local> {
        let item = frame.ty(list).as_list().cloned().unwrap_or(Type::Unknown);
        let count = frame.once(length(span, list));
        let own = match &item {
            Type::Scalar(scalar, _) => Some(*scalar),
            Type::Unknown => Some(Scalar::F64),
            _ => None,
        };
        if let Some(own) = own {
            let dtype = dtype.unwrap_or(own);
            let array = self.allocate(frame, span, dtype, vec![count.clone()], false);
            frame.count_loop(span, count, |frame, index| {
                let place = Place::Indices(vec![index.clone()]);
                if let Value::Expr(item) = self.list_item(frame, span, list, index) {
                    let value = cast(item, dtype, false);
                    frame.emit(span, StmtKind::Store { array, place, value });
                }
                Ok(())
            })?;
            return Ok(array);
        }
        let row = |lowering: &mut Self, frame: &mut Frame, index: Expr| {
            let item = lowering.list_item(frame, span, list, index);
            let row = lowering.array(frame, span, item)?;
            match dtype {
                Some(dtype) if dtype != frame.array(row).dtype => {
                    lowering.copied(frame, span, row, dtype)
                }
                _ => Ok(row),
            }
        };
        let (first, mut some) = frame.block(|frame| row(self, frame, Expr::int(span, 0)))?;
        let ty = frame.array(first);
        let sizes: Vec<_> =
            (0..ty.ndim).map(|_| frame.local(".size", Type::scalar(Scalar::I64))).collect();
        for (axis, size) in sizes.iter().enumerate() {
            let value = arrays::shape(span, first, axis);
            some.push(Stmt { span, kind: StmtKind::Assign(*size, value) });
            frame.emit(span, StmtKind::Assign(*size, Expr::int(span, 0)));
        }
        let test = compare_op(Compare::Gt, count.clone(), Expr::int(span, 0));
        frame.emit(span, StmtKind::If { test, body: some, orelse: Vec::new() });
        let mut shape = vec![count.clone()];
        shape.extend(sizes.iter().map(|size| frame.read(span, *size)));
        let result = self.allocate(frame, span, ty.dtype, shape, false);
        frame.count_loop(span, count, |frame, index| {
            let row = row(self, frame, index.clone())?;
            for (axis, size) in sizes.iter().enumerate() {
                let own = arrays::shape(span, row, axis);
                let test = compare_op(Compare::Ne, own, frame.read(span, *size));
                let text = "setting an array element with a sequence: the rows are of different \
                            lengths";
                frame.raise_if(test, Exception::Value, vec![Piece::Text(text.into())]);
            }
            let (target, row) = (frame.read(span, result), frame.read(span, row));
            self.store(frame, span, Value::Expr(target), Value::Expr(index), Value::Expr(row))
        })?;
        Ok(result)
    }

    /// Whether a called function makes lists longer or shorter that it has been given.
    fn grows(&self, id: FunctionId) -> bool {
        let built = &self.functions[id.0 as usize];
        built.function.as_ref().is_none_or(|function| {
            let mut found = false;
            walk::statements(&function.body, &mut |node| {
                found |= match node {
                    Node::Stmt(stmt) => is_growth(stmt),
                    Node::Expr(expr) => match &expr.kind {
                        ExprKind::Call(id, given) => {
                            given.iter().any(|given| given.ty.has_list()) && self.grows(*id)
                        }
                        _ => false,
                    },
                };
            });
            found
        })
    }

    /// Refuses a call out of a parallel loop that could change lists which all rounds share.
    pub fn may_call(
        &self,
        frame: &Frame,
        span: Span,
        id: FunctionId,
        arguments: &[Expr],
    ) -> Result<()> {
        let lists = arguments.iter().filter(|argument| argument.ty.has_list());
        let shared = lists.filter_map(|argument| match argument.kind {
            ExprKind::Local(local) => Some(local),
            _ => None,
        });
        let shared: Vec<_> = shared.filter(|list| frame.is_shared(*list)).collect();
        match shared.first() {
            Some(list) if self.grows(id) => frame.may_grow(span, *list),
            _ => Ok(()),
        }
    }
}

/// Where a list is, as a number.
fn address(span: Span, list: Local) -> Expr {
    Expr::new(span, Type::scalar(Scalar::U64), ExprKind::Address(list))
}

/// Whether a value is a list display without items.
pub fn is_empty_display(value: &Value) -> bool {
    matches!(value, Value::Meta(Meta::List(items)) if items.is_empty())
}

/// Whether nothing is known yet of a list's items, or of what is in them.
pub fn is_unknown(item: &Type) -> bool {
    match item {
        Type::Unknown => true,
        Type::List(item) => is_unknown(item),
        Type::Tuple(items, _) => items.iter().any(is_unknown),
        _ => false,
    }
}

/// Whether statements may make a list longer or shorter.
pub fn may_change(body: &[Stmt]) -> bool {
    let mut found = false;
    walk::statements(body, &mut |node| {
        found |= match node {
            Node::Stmt(stmt) => is_growth(stmt),
            Node::Expr(expr) => match &expr.kind {
                ExprKind::Call(_, given) => given.iter().any(|given| given.ty.has_list()),
                _ => false,
            },
        };
    });
    found
}

fn is_growth(stmt: &Stmt) -> bool {
    matches!(stmt.kind, StmtKind::Append { .. } | StmtKind::Shift { .. })
}

impl Frame {
    /// From the next round on, a name that stands for a list display stands for a list at run time.
    fn realise(&mut self, name: &str) -> Option<String> {
        let scope = self.scopes.last()?;
        let own = format!("{}{name}", scope.prefix);
        let outer = scope.outer.iter().map(|prefix| format!("{prefix}{name}"));
        let keys = std::iter::once(own).chain(outer);
        let key = keys.into_iter().find(|key| self.bindings.contains_key(key))?;
        self.realise_key(&key);
        Some(key)
    }

    /// The same of a variable by its full name.
    pub fn realise_key(&mut self, key: &str) {
        if !self.is_realised(key) {
            self.types.insert(key.to_owned(), Type::list(Type::Unknown));
            self.has_realised = true;
        }
        self.changed = true;
    }

    /// Whether a variable is a list at run time, whatever it is given.
    pub fn is_realised(&self, key: &str) -> bool {
        matches!(self.types.get(key), Some(Type::List(_)))
    }

    /// The full name of a variable.
    fn key_of(&self, local: Local) -> Option<String> {
        let is_own = |binding: &Binding| matches!(binding, Binding::Local(own) if *own == local);
        let found = self.bindings.iter().find(|(_, binding)| is_own(binding));
        found.map(|(key, _)| key.clone()).or_else(|| {
            let narrowed = self.narrowed.iter().find(|(_, own)| **own == local);
            narrowed.map(|(key, _)| key.clone())
        })
    }

    fn other_items(&self, span: Span, own: &Type, other: &Type) -> crate::error::CompileError {
        let message = format!("{own} is used as {other}");
        let hint = "a list has items of one type: begin with one of that type, such as 0.0";
        self.error(span, message, Some(hint))
    }

    /// Whether all rounds of the parallel loop around share a variable.
    fn is_shared(&self, list: Local) -> bool {
        let outer = self.loops.iter().find(|outer| outer.is_parallel);
        outer.is_some_and(|outer| list.0 < outer.locals)
    }

    /// Refuses to make a list longer or shorter that the rounds of a parallel loop share.
    pub fn may_grow(&self, span: Span, list: Local) -> Result<()> {
        if !self.is_shared(list) {
            return Ok(());
        }
        let message = "a list that all rounds of a prange share is made longer or shorter".into();
        let hint = "give each round a place in an array, or a list of its own";
        Err(self.error(span, message, Some(hint)))
    }
}
