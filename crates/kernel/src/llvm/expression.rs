//! Expressions.

use super::leaf;
use super::walk::{self, Node};
use super::writer::{Leaves, Writer};
use crate::ir::{Compare, Expr, ExprKind, Stmt, Value};
use crate::types::{Scalar, Type};

impl Writer<'_, '_> {
    /// An expression's value, with a reference for each array in it.
    pub(super) fn value(&mut self, expr: &Expr) -> Leaves {
        let row = match &expr.kind {
            ExprKind::Const(value) => self.constant(value, &expr.ty),
            ExprKind::Local(_) | ExprKind::Item(..) | ExprKind::Unwrap(_) => {
                let row = self.look(expr);
                self.retain(&row, &expr.ty);
                row
            }
            ExprKind::Unary(op, one) => self.unary(*op, one, expr),
            ExprKind::Binary(op, one, two) => {
                let (one, two) = (self.value(one), self.value(two));
                self.binary(*op, expr.scalar(), &one, &two)
            }
            ExprKind::Compare(op, one, two) => {
                let (a, b) = (self.value(one), self.value(two));
                vec![match one.ty {
                    Type::Str => self.compare_text(*op, &a, &b),
                    _ => self.compare(*op, one.scalar(), &a, &b),
                }]
            }
            ExprKind::And(one, two) => vec![self.shortcut(one, two, true)],
            ExprKind::Or(one, two) => vec![self.shortcut(one, two, false)],
            ExprKind::IfElse(test, one, two) => self.either(test, one, two),
            ExprKind::Cast(inner) => {
                let row = self.value(inner);
                self.convert(&row, inner.scalar(), expr.scalar())
            }
            ExprKind::Math(function, arguments) => self.math(*function, arguments, expr),
            ExprKind::Call(id, arguments) => self.call(*id, arguments),
            ExprKind::Runtime(what, arguments) => self.runtime(*what, arguments),
            ExprKind::Load { array, place } => self.load(*array, place),
            ExprKind::Shape(array, axis) => vec![self.leaf(*array, 2 + axis)],
            ExprKind::Stride(array, axis) => vec![self.stride(*array, *axis)],
            ExprKind::Index { index, size, axis, check } => {
                vec![self.index(expr, index, size, *axis, *check)]
            }
            ExprKind::Allocate { shape, zeroed } => self.allocate(expr, shape, *zeroed),
            ExprKind::View { .. } => {
                let row = self.view(expr);
                self.retain(&row, &expr.ty);
                row
            }
            ExprKind::List => vec![self.new_list(expr.span.line)],
            ExprKind::Length(list) => vec![self.length(*list)],
            ExprKind::ItemAt { list, index } => {
                let row = self.item(*list, index);
                self.retain(&row, &expr.ty);
                row
            }
            ExprKind::Address(array) => {
                let address = self.leaf(*array, 0);
                if expr.ty == Type::Generator {
                    return vec![address];
                }
                vec![self.op(format_args!("ptrtoint ptr {address} to i64"))]
            }
            ExprKind::Tuple(items) => items.iter().flat_map(|item| self.value(item)).collect(),
            ExprKind::Some(inner) => {
                let mut row = vec!["true".to_owned()];
                row.extend(self.value(inner));
                row
            }
            ExprKind::IsSome(inner) => vec![self.look(inner).swap_remove(0)],
            ExprKind::Part(inner, imaginary) => {
                vec![self.value(inner).swap_remove(usize::from(*imaginary))]
            }
            ExprKind::Complex(real, imaginary) => {
                vec![self.number(real), self.number(imaginary)]
            }
            ExprKind::Block(body, inner) => {
                self.statements(body);
                self.value(inner)
            }
        };
        debug_assert_eq!(row.len(), leaf::leaves(&expr.ty).len(), "{expr:?}");
        row
    }

    /// The value of an expression of one leaf.
    pub(super) fn number(&mut self, expr: &Expr) -> String {
        self.value(expr).swap_remove(0)
    }

    /// The values of expressions of one leaf.
    pub(super) fn numbers(&mut self, all: &[Expr]) -> Vec<String> {
        all.iter().map(|expr| self.number(expr)).collect()
    }

    fn constant(&mut self, value: &Value, ty: &Type) -> Leaves {
        match value {
            Value::None => {
                leaf::leaves(ty).into_iter().map(|leaf| leaf.zero().to_owned()).collect()
            }
            Value::Bool(truth) => vec![truth.to_string()],
            Value::Int(number) => vec![leaf::integer(scalar(ty), *number)],
            Value::Float(number) => vec![leaf::float(scalar(ty), *number)],
            Value::Complex(real, imaginary) => {
                vec![leaf::float(scalar(ty), *real), leaf::float(scalar(ty), *imaginary)]
            }
            Value::Str(text) => vec![self.shared.text(text), text.len().to_string()],
        }
    }

    /// `and`, or `or`: the second operand is computed only if the first does not decide.
    fn shortcut(&mut self, one: &Expr, two: &Expr, and: bool) -> String {
        let first = self.number(one);
        if is_plain(two) {
            let second = self.number(two);
            let (yes, no) = if and { (&*second, "false") } else { ("true", &*second) };
            return self.op(format_args!("select i1 {first}, i1 {yes}, i1 {no}"));
        }
        let from = self.here();
        let (more, join) = (self.fresh("more"), self.fresh("join"));
        let (yes, no) = if and { (&more, &join) } else { (&join, &more) };
        self.branch(&first, yes, no);
        self.label(&more);
        let second = self.number(two);
        let last = self.here();
        self.label(&join);
        self.op(format_args!("phi i1 [ {}, %{from} ], [ {second}, %{last} ]", !and))
    }

    fn either(&mut self, test: &Expr, one: &Expr, two: &Expr) -> Leaves {
        let row = leaf::leaves(&one.ty);
        let truth = self.number(test);
        if is_plain(one) && is_plain(two) {
            let (a, b) = (self.value(one), self.value(two));
            return row
                .iter()
                .zip(a.iter().zip(&b))
                .map(|(leaf, (a, b))| {
                    let ty = leaf.text();
                    self.op(format_args!("select i1 {truth}, {ty} {a}, {ty} {b}"))
                })
                .collect();
        }
        let (yes, no, join) = (self.fresh("yes"), self.fresh("no"), self.fresh("join"));
        self.branch(&truth, &yes, &no);
        self.label(&yes);
        let a = self.value(one);
        let from = self.here();
        self.jump(&join);
        self.label(&no);
        let b = self.value(two);
        let other = self.here();
        self.label(&join);
        row.iter()
            .zip(a.iter().zip(&b))
            .map(|(leaf, (a, b))| {
                self.op(format_args!("phi {} [ {a}, %{from} ], [ {b}, %{other} ]", leaf.text()))
            })
            .collect()
    }

    fn compare_text(&mut self, op: Compare, one: &[String], two: &[String]) -> String {
        self.shared.need("mc.compare");
        self.shared.symbol("memcmp", "declare i32 @memcmp(ptr, ptr, i64)");
        let order = self.op(format_args!(
            "call i64 @mc.compare(ptr {}, i64 {}, ptr {}, i64 {})",
            one[0], one[1], two[0], two[1]
        ));
        self.compare(op, Scalar::I64, &[order], &["0".to_owned()])
    }
}

/// The scalar type that a constant has.
fn scalar(ty: &Type) -> Scalar {
    ty.as_scalar().expect("a number's type")
}

/// Whether an expression is computed by a few instructions that can't fail, so that it costs less
/// to compute it in vain than to jump over it.
fn is_plain(expr: &Expr) -> bool {
    let mut plain = !expr.ty.is_managed();
    let mut size = 0;
    walk::expression(expr, &mut |node| {
        size += 1;
        plain &= match node {
            Node::Stmt(Stmt { .. }) => false,
            Node::Expr(expr) => {
                matches!(
                    &expr.kind,
                    ExprKind::Const(_)
                        | ExprKind::Local(_)
                        | ExprKind::Unary(..)
                        | ExprKind::Compare(..)
                        | ExprKind::Cast(_)
                        | ExprKind::Shape(..)
                        | ExprKind::And(..)
                        | ExprKind::Or(..)
                        | ExprKind::Part(..)
                        | ExprKind::Item(..)
                        | ExprKind::IsSome(_)
                        | ExprKind::Unwrap(_)
                ) || matches!(&expr.kind, ExprKind::Binary(op, ..) if super::scalar::is_cheap(*op))
            }
        };
    });
    plain && size <= 12
}
