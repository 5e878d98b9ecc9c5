//! Walks over statements and expressions, all that are inside included.

use crate::ir::{Expr, ExprKind, For, Local, Piece, Place, Stmt, StmtKind};

/// What a walk comes by.
#[derive(Clone, Copy)]
pub(crate) enum Node<'a> {
    /// A statement, before what is in it.
    Stmt(&'a Stmt),
    /// An expression, before what is in it.
    Expr(&'a Expr),
}

/// Visits everything in `body`.
pub(crate) fn statements<'a>(body: &'a [Stmt], visit: &mut dyn FnMut(Node<'a>)) {
    for stmt in body {
        visit(Node::Stmt(stmt));
        parts(stmt, &mut |expr| expression(expr, visit));
        for inner in bodies(stmt) {
            statements(inner, visit);
        }
    }
}

/// Visits an expression and everything in it.
pub(crate) fn expression<'a>(expr: &'a Expr, visit: &mut dyn FnMut(Node<'a>)) {
    visit(Node::Expr(expr));
    if let ExprKind::Block(body, _) = &expr.kind {
        statements(body, visit);
    }
    operands(expr, &mut |operand| expression(operand, visit));
}

/// The expressions of a statement, but not those of statements in it.
pub(crate) fn parts<'a>(stmt: &'a Stmt, visit: &mut dyn FnMut(&'a Expr)) {
    match &stmt.kind {
        StmtKind::Assign(_, expr) | StmtKind::Expr(expr) | StmtKind::Return(Some(expr)) => {
            visit(expr);
        }
        StmtKind::Store { place, value, .. } => {
            indices(place).iter().for_each(&mut *visit);
            visit(value);
        }
        StmtKind::SetItem { index: one, value: two, .. }
        | StmtKind::Shift { at: one, by: two, .. } => {
            visit(one);
            visit(two);
        }
        StmtKind::Append { value, .. } => visit(value),
        StmtKind::If { test, .. } => visit(test),
        StmtKind::For(counted) => {
            let For { start, stop, step, .. } = &**counted;
            [start, stop, step].into_iter().for_each(visit);
        }
        StmtKind::Raise(raise) => {
            for piece in &raise.message {
                if let Piece::Value(expr) = piece {
                    visit(expr);
                }
            }
        }
        StmtKind::Print(values) => values.iter().for_each(visit),
        StmtKind::Loop { .. } | StmtKind::Break | StmtKind::Continue | StmtKind::Return(None) => {}
    }
}

/// The statements in a statement.
pub(crate) fn bodies(stmt: &Stmt) -> Vec<&[Stmt]> {
    match &stmt.kind {
        StmtKind::If { body, orelse, .. } => vec![body, orelse],
        StmtKind::Loop { body } => vec![body],
        StmtKind::For(counted) => vec![&counted.body],
        _ => Vec::new(),
    }
}

/// The expressions that an expression is made of; a block's last among them, its statements not.
pub(crate) fn operands<'a>(expr: &'a Expr, visit: &mut dyn FnMut(&'a Expr)) {
    match &expr.kind {
        ExprKind::Const(_)
        | ExprKind::Local(_)
        | ExprKind::Shape(..)
        | ExprKind::Stride(..)
        | ExprKind::Address(_)
        | ExprKind::List
        | ExprKind::Length(_) => {}
        ExprKind::Unary(_, one)
        | ExprKind::Cast(one)
        | ExprKind::Item(one, _)
        | ExprKind::Some(one)
        | ExprKind::IsSome(one)
        | ExprKind::Unwrap(one)
        | ExprKind::Part(one, _)
        | ExprKind::ItemAt { index: one, .. }
        | ExprKind::Block(_, one) => visit(one),
        ExprKind::Binary(_, one, two)
        | ExprKind::Compare(_, one, two)
        | ExprKind::And(one, two)
        | ExprKind::Or(one, two)
        | ExprKind::Complex(one, two)
        | ExprKind::Index { index: one, size: two, .. } => {
            visit(one);
            visit(two);
        }
        ExprKind::IfElse(test, one, two) => [test, one, two].into_iter().for_each(|e| visit(e)),
        ExprKind::Math(_, all)
        | ExprKind::Call(_, all)
        | ExprKind::Runtime(_, all)
        | ExprKind::Tuple(all)
        | ExprKind::Allocate { shape: all, .. } => all.iter().for_each(visit),
        ExprKind::Load { place, .. } => indices(place).iter().for_each(visit),
        ExprKind::View { offset, shape, strides, .. } => {
            visit(offset);
            shape.iter().chain(strides).for_each(visit);
        }
    }
}

/// The expressions that say which element.
pub(crate) fn indices(place: &Place) -> &[Expr] {
    match place {
        Place::Indices(all) => all,
        Place::Flat(one) => std::slice::from_ref(one),
    }
}

/// The variables that something mentions: reads or assigns.
pub(crate) fn mentioned(node: Node<'_>) -> Option<Local> {
    match node {
        Node::Stmt(stmt) => match &stmt.kind {
            StmtKind::Assign(local, _)
            | StmtKind::Store { array: local, .. }
            | StmtKind::SetItem { list: local, .. }
            | StmtKind::Append { list: local, .. }
            | StmtKind::Shift { list: local, .. } => Some(*local),
            StmtKind::For(counted) => Some(counted.variable),
            _ => None,
        },
        Node::Expr(expr) => match &expr.kind {
            ExprKind::Local(local)
            | ExprKind::Load { array: local, .. }
            | ExprKind::Shape(local, _)
            | ExprKind::Stride(local, _)
            | ExprKind::View { array: local, .. }
            | ExprKind::Address(local)
            | ExprKind::Length(local)
            | ExprKind::ItemAt { list: local, .. } => Some(*local),
            _ => None,
        },
    }
}

/// The variable that a statement gives a value, itself.
pub(crate) fn assigned(node: Node<'_>) -> Option<Local> {
    match node {
        Node::Stmt(Stmt { kind: StmtKind::Assign(local, _), .. }) => Some(*local),
        Node::Stmt(Stmt { kind: StmtKind::For(counted), .. }) => Some(counted.variable),
        _ => None,
    }
}
