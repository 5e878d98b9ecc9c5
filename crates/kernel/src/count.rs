//! Programs that count what they do: arithmetic, and bytes of arrays that they read and write.
//!
//! What a statement counts is added to two variables of its function, which the function hands to its caller
//! at its end ([`Runtime::Count`]). A loop whose rounds all do the same is counted before it begins, so that
//! its body stays as it was and is as fast as before.
//!
//! Arithmetic is that on floating-point numbers. An addition, subtraction, multiplication, division,
//! remainder, minimum, maximum or root is one operation, a fused multiplication and addition two, and any
//! other mathematical function eight (F. McMahon, "The Livermore Fortran Kernels", 1986, weighs them so); of
//! complex numbers, what the real ones need. Signs, comparisons, roundings and conversions are none. Bytes
//! are those that the program asks for, be they in memory, in a cache or, if the compiler sees to it, in a
//! register; an element that a statement names twice is asked for once.

use crate::ir::{
    Binary, Expr, ExprKind, For, Function, Local, Math, Parallel, Place, Program, Reduction,
    Runtime, Stmt, StmtKind, Unary, Value, Variable,
};
use crate::llvm::walk::{self, Node};
use crate::syntax::Span;
use crate::types::{Scalar, Type};

/// The program with counters, or nothing if it does something whose operations nobody knows.
pub fn counted(program: &Program) -> Option<Program> {
    let mut functions = program.functions.clone();
    functions.iter_mut().all(function).then_some(Program { functions })
}

/// Adds counters to a function; whether everything in it is known.
fn function(function: &mut Function) -> bool {
    let mut new = |name: &str| {
        let local = Local(function.locals.len() as u32);
        function.locals.push(Variable { name: name.to_owned(), ty: int() });
        local
    };
    let (operations, bytes) = (new(".operations"), new(".bytes"));
    let Function { locals, body, .. } = function;
    let mut counter = Counter { locals, operations, bytes, loads: Vec::new(), is_known: true };
    counter.list(body);
    let span = body.first().map_or(Span::default(), |stmt| stmt.span);
    let zero = |local| stmt(span, StmtKind::Assign(local, Expr::int(span, 0)));
    body.splice(..0, [zero(operations), zero(bytes)]);
    if !body.last().is_some_and(is_end) {
        body.push(counter.hand_over(span));
    }
    counter.is_known
}

fn is_end(stmt: &Stmt) -> bool {
    matches!(stmt.kind, StmtKind::Return(_) | StmtKind::Raise(_))
}

fn int() -> Type {
    Type::scalar(Scalar::I64)
}

fn stmt(span: Span, kind: StmtKind) -> Stmt {
    Stmt { span, kind }
}

fn binary(op: Binary, one: Expr, two: Expr) -> Expr {
    let (span, ty) = (one.span, one.ty.clone());
    Expr::new(span, ty, ExprKind::Binary(op, Box::new(one), Box::new(two)))
}

/// What is done once.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
struct Cost {
    operations: i64,
    bytes: i64,
}

impl std::ops::AddAssign for Cost {
    fn add_assign(&mut self, other: Self) {
        self.operations += other.operations;
        self.bytes += other.bytes;
    }
}

struct Counter<'f> {
    locals: &'f mut Vec<Variable>,
    operations: Local,
    bytes: Local,
    /// The elements that the statement has asked for.
    loads: Vec<(Local, Place)>,
    is_known: bool,
}

impl Counter<'_> {
    fn list(&mut self, body: &mut Vec<Stmt>) {
        for mut each in std::mem::take(body) {
            let span = each.span;
            self.loads.clear();
            if let StmtKind::For(one) = &mut each.kind {
                self.rounds(span, one, body);
                body.push(each);
                continue;
            }
            let cost = self.parts(&mut each.kind);
            match &mut each.kind {
                StmtKind::If { body, orelse, .. } => {
                    self.list(body);
                    self.list(orelse);
                }
                StmtKind::Loop { body } => self.list(body),
                StmtKind::Expr(Expr { kind: ExprKind::Runtime(what, arguments), .. }) => {
                    self.matrices(span, *what, arguments, body);
                }
                _ => {}
            }
            self.add(span, cost, None, body);
            if let StmtKind::Return(value) = &mut each.kind {
                if let Some(value) = value {
                    self.compute_first(value, body);
                }
                body.push(self.hand_over(span));
            }
            body.push(each);
        }
    }

    /// Has what a function returns computed before it hands over, if that counts too.
    fn compute_first(&mut self, value: &mut Expr, body: &mut Vec<Stmt>) {
        if !has_statements(value) {
            return;
        }
        let (span, ty) = (value.span, value.ty.clone());
        let local = Local(self.locals.len() as u32);
        self.locals.push(Variable { name: ".result".to_owned(), ty: ty.clone() });
        let result = Expr::new(span, ty, ExprKind::Local(local));
        let value = std::mem::replace(value, result);
        body.push(stmt(span, StmtKind::Assign(local, value)));
    }

    /// A counted loop: all its rounds at once, if one does as much as the other.
    fn rounds(&mut self, span: Span, one: &mut For, before: &mut Vec<Stmt>) {
        let mut cost = Cost::default();
        for each in [&mut one.start, &mut one.stop, &mut one.step] {
            cost += self.expr(each);
        }
        self.add(span, cost, None, before);
        if let (Some(count), Some(cost)) = (count(one), self.straight(&one.body)) {
            return self.add(span, cost, Some(&count), before);
        }
        self.list(&mut one.body);
        if let Some(Parallel { reductions }) = &mut one.parallel {
            reductions.extend([self.operations, self.bytes].map(|local| (local, Reduction::Add)));
        }
    }

    /// What statements do if they are always the same.
    fn straight(&mut self, body: &[Stmt]) -> Option<Cost> {
        let mut cost = Cost::default();
        for each in body {
            let is_straight = match &each.kind {
                StmtKind::Assign(..) | StmtKind::Store { .. } => true,
                // A check, most often.
                StmtKind::If { body, orelse, .. } => {
                    orelse.is_empty()
                        && body.iter().all(|each| matches!(each.kind, StmtKind::Raise(_)))
                }
                _ => false,
            };
            let mut has_block = false;
            walk::parts(each, &mut |expr| has_block |= has_statements(expr));
            if !is_straight || has_block {
                return None;
            }
            let mut copy = each.kind.clone();
            self.loads.clear();
            cost += self.parts(&mut copy);
            // What is done on a condition has got statements that count it.
            if copy != each.kind {
                return None;
            }
        }
        Some(cost)
    }

    /// What a statement's own expressions do, and what it writes.
    fn parts(&mut self, kind: &mut StmtKind) -> Cost {
        let mut cost = Cost::default();
        match kind {
            StmtKind::Assign(_, expr) | StmtKind::Expr(expr) | StmtKind::Return(Some(expr)) => {
                cost += self.expr(expr);
            }
            StmtKind::Store { place, value, .. } => {
                cost += self.place(place);
                cost += self.expr(value);
                cost.bytes += value.ty.as_scalar().map_or(0, |dtype| dtype.size() as i64);
            }
            StmtKind::SetItem { index: one, value: two, .. }
            | StmtKind::Shift { at: one, by: two, .. } => {
                cost += self.expr(one);
                cost += self.expr(two);
            }
            StmtKind::Append { value, .. } => cost += self.expr(value),
            StmtKind::If { test, .. } => cost += self.expr(test),
            StmtKind::Print(values) => values.iter_mut().for_each(|each| cost += self.expr(each)),
            StmtKind::For(_)
            | StmtKind::Loop { .. }
            | StmtKind::Break
            | StmtKind::Continue
            | StmtKind::Return(None)
            | StmtKind::Raise(_) => {}
        }
        cost
    }

    fn place(&mut self, place: &mut Place) -> Cost {
        let all = match place {
            Place::Indices(all) => all.as_mut_slice(),
            Place::Flat(one) => std::slice::from_mut(&mut **one),
        };
        self.exprs(all)
    }

    fn exprs(&mut self, all: &mut [Expr]) -> Cost {
        let mut cost = Cost::default();
        all.iter_mut().for_each(|each| cost += self.expr(each));
        cost
    }

    /// What an expression does in any case; what it may do counts itself when it does.
    fn expr(&mut self, expr: &mut Expr) -> Cost {
        let scalar = expr.ty.as_scalar();
        let mut cost = Cost::default();
        match &mut expr.kind {
            ExprKind::Const(_)
            | ExprKind::Local(_)
            | ExprKind::Shape(..)
            | ExprKind::Stride(..)
            | ExprKind::Address(_)
            | ExprKind::List
            | ExprKind::Length(_) => {}
            ExprKind::Unary(op, one) => {
                cost += self.expr(one);
                let is_modulus =
                    *op == Unary::Abs && one.ty.as_scalar().is_some_and(Scalar::is_complex);
                cost.operations += if is_modulus { 4 } else { 0 };
            }
            ExprKind::Cast(one)
            | ExprKind::Item(one, _)
            | ExprKind::Some(one)
            | ExprKind::IsSome(one)
            | ExprKind::Unwrap(one)
            | ExprKind::Part(one, _)
            | ExprKind::ItemAt { index: one, .. } => cost += self.expr(one),
            ExprKind::Binary(op, one, two) => {
                cost += self.expr(one);
                cost += self.expr(two);
                cost.operations += scalar.map_or(0, |scalar| arithmetic(*op, scalar));
            }
            ExprKind::Compare(_, one, two)
            | ExprKind::Complex(one, two)
            | ExprKind::Index { index: one, size: two, .. } => {
                cost += self.expr(one);
                cost += self.expr(two);
            }
            ExprKind::And(one, two) | ExprKind::Or(one, two) => {
                cost += self.expr(one);
                self.perhaps(two);
            }
            ExprKind::IfElse(test, one, two) => {
                cost += self.expr(test);
                self.perhaps(one);
                self.perhaps(two);
            }
            ExprKind::Math(function, all) => {
                cost += self.exprs(all);
                let parts = if scalar.is_some_and(Scalar::is_complex) { 2 } else { 1 };
                cost.operations += parts * mathematics(*function);
            }
            ExprKind::Runtime(what, all) => {
                // A product's are counted where it is a statement, as it always is.
                self.is_known &= matches!(
                    what,
                    Runtime::Random | Runtime::RandomBits | Runtime::Seed | Runtime::MatMul
                );
                cost += self.exprs(all);
            }
            ExprKind::Call(_, all)
            | ExprKind::Tuple(all)
            | ExprKind::Allocate { shape: all, .. } => {
                cost += self.exprs(all);
            }
            ExprKind::Load { array, place } => {
                cost += self.place(place);
                if !self.loads.iter().any(|(other, at)| other == array && are_alike(at, place)) {
                    self.loads.push((*array, place.clone()));
                    cost.bytes += scalar.map_or(0, |dtype| dtype.size() as i64);
                }
            }
            ExprKind::View { offset, shape, strides, .. } => {
                cost += self.expr(offset);
                cost += self.exprs(shape);
                cost += self.exprs(strides);
            }
            ExprKind::Block(body, one) => {
                self.list(body);
                let last = self.expr(one);
                self.add(one.span, last, None, body);
            }
        }
        cost
    }

    /// An expression that is not always computed.
    fn perhaps(&mut self, expr: &mut Expr) {
        let known = self.loads.len();
        let cost = self.expr(expr);
        self.loads.truncate(known);
        let mut body = Vec::new();
        self.add(expr.span, cost, None, &mut body);
        if !body.is_empty() {
            let (span, ty) = (expr.span, expr.ty.clone());
            let nothing = Expr::new(span, Type::None, ExprKind::Const(Value::None));
            let inner = std::mem::replace(expr, nothing);
            *expr = Expr::new(span, ty, ExprKind::Block(body, Box::new(inner)));
        }
    }

    /// A product of matrices: 2 m n k operations, and each matrix once.
    fn matrices(&mut self, span: Span, what: Runtime, arrays: &[Expr], body: &mut Vec<Stmt>) {
        if what != Runtime::MatMul {
            return;
        }
        let locals = arrays.iter().map(|array| match array.kind {
            ExprKind::Local(local) => Some(local),
            _ => None,
        });
        let Some([a, b, c]) =
            locals.collect::<Option<Vec<_>>>().and_then(|all| <[Local; 3]>::try_from(all).ok())
        else {
            self.is_known = false;
            return;
        };
        let size = |array, axis| Expr::new(span, int(), ExprKind::Shape(array, axis));
        let cells = |array| binary(Binary::Mul, size(array, 0), size(array, 1));
        let work = binary(Binary::Mul, cells(a), size(b, 1));
        let dtype = self.locals[a.0 as usize].ty.as_array().expect("a matrix").dtype;
        let each = if dtype.is_complex() { 8 } else { 2 };
        self.add(span, Cost { operations: each, bytes: 0 }, Some(&work), body);
        for array in [a, b, c] {
            let cost = Cost { operations: 0, bytes: dtype.size() as i64 };
            self.add(span, cost, Some(&cells(array)), body);
        }
    }

    /// Adds to the counters, as often as `times` says.
    fn add(&self, span: Span, cost: Cost, times: Option<&Expr>, body: &mut Vec<Stmt>) {
        for (local, count) in [(self.operations, cost.operations), (self.bytes, cost.bytes)] {
            if count == 0 {
                continue;
            }
            let mut more = Expr::int(span, count);
            if let Some(times) = times {
                more = binary(Binary::Mul, times.clone(), more);
            }
            let sum = binary(Binary::Add, variable(span, local), more);
            body.push(stmt(span, StmtKind::Assign(local, sum)));
        }
    }

    fn hand_over(&self, span: Span) -> Stmt {
        let both = vec![variable(span, self.operations), variable(span, self.bytes)];
        let count = Expr::new(span, Type::None, ExprKind::Runtime(Runtime::Count, both));
        stmt(span, StmtKind::Expr(count))
    }
}

fn variable(span: Span, local: Local) -> Expr {
    Expr::new(span, int(), ExprKind::Local(local))
}

fn has_statements(expr: &Expr) -> bool {
    let mut found = false;
    walk::expression(expr, &mut |node| found |= matches!(node, Node::Stmt(_)));
    found
}

/// Whether two places are the same, as far as that is plain to see.
fn are_alike(one: &Place, other: &Place) -> bool {
    let (one, other) = (walk::indices(one), walk::indices(other));
    one.len() == other.len() && one.iter().zip(other).all(|(one, other)| is_alike(one, other))
}

fn is_alike(one: &Expr, other: &Expr) -> bool {
    match (&one.kind, &other.kind) {
        (ExprKind::Const(one), ExprKind::Const(other)) => one == other,
        (ExprKind::Local(one), ExprKind::Local(other)) => one == other,
        (ExprKind::Shape(one, axis), ExprKind::Shape(other, along)) => {
            (one, axis) == (other, along)
        }
        (ExprKind::Index { index: one, .. }, ExprKind::Index { index: other, .. })
        | (ExprKind::Cast(one), ExprKind::Cast(other)) => is_alike(one, other),
        (ExprKind::Binary(op, one, two), ExprKind::Binary(other, three, four)) => {
            op == other && is_alike(one, three) && is_alike(two, four)
        }
        _ => false,
    }
}

/// How often a loop goes round, if that is plain to see.
fn count(one: &For) -> Option<Expr> {
    let is_plain = |expr: &Expr| {
        matches!(expr.kind, ExprKind::Const(_) | ExprKind::Local(_) | ExprKind::Shape(..))
    };
    let ExprKind::Const(Value::Int(step)) = one.step.kind else { return None };
    if !(is_plain(&one.start) && is_plain(&one.stop)) || step == i64::MIN {
        return None;
    }
    let (low, high) = if step > 0 { (&one.start, &one.stop) } else { (&one.stop, &one.start) };
    let span = one.start.span;
    let size = Expr::int(span, step.abs());
    let mut length = binary(Binary::Sub, high.clone(), low.clone());
    length = binary(Binary::Max, length, Expr::int(span, 0));
    if step.abs() == 1 {
        return Some(length);
    }
    let up = binary(Binary::Add, length, Expr::int(span, step.abs() - 1));
    Some(binary(Binary::FloorDiv, up, size))
}

/// The operations of arithmetic on numbers of a type.
fn arithmetic(op: Binary, scalar: Scalar) -> i64 {
    let is_complex = scalar.is_complex();
    if !(scalar.is_float() || is_complex) {
        return 0;
    }
    match op {
        Binary::Add | Binary::Sub if is_complex => 2,
        Binary::Mul if is_complex => 6,
        Binary::Div if is_complex => 11,
        Binary::CopySign => 0,
        _ => 1,
    }
}

fn mathematics(function: Math) -> i64 {
    match function {
        Math::Sqrt => 1,
        Math::Fma => 2,
        Math::Floor
        | Math::Ceil
        | Math::Trunc
        | Math::Round
        | Math::NextAfter
        | Math::IsNan
        | Math::IsInf
        | Math::IsFinite
        | Math::SignBit => 0,
        _ => 8,
    }
}
