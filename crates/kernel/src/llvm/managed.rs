//! Who counts references.
//!
//! A variable of a managed type holds one reference for each array in it, unless
//! [`Facts::borrowed`] says that it needs none. What is computed brings its references along
//! ([`Writer::value`]); what is only looked at ([`Writer::look`]) does not, and if it was computed
//! for that alone, a *holder* keeps it until the function ends or it is computed again.
//!
//! [`Facts::borrowed`]: super::facts::Facts::borrowed

use super::leaf;
use super::writer::{Leaves, Writer};
use crate::ir::{Binary, Expr, ExprKind, FastMath, Local};
use crate::types::Type;

impl Writer<'_, '_> {
    /// One more reference to every array in a value.
    pub(super) fn retain(&mut self, row: &[String], ty: &Type) {
        for at in leaf::owners(ty) {
            if row[at] != "null" {
                self.shared.need("mc.retain");
                self.act(format_args!("call void @mc.retain(ptr {})", row[at]));
            }
        }
    }

    /// One reference less.
    pub(super) fn release(&mut self, row: &[String], ty: &Type) {
        for at in leaf::owners(ty) {
            if row[at] != "null" {
                self.shared.need("mc.release");
                self.act(format_args!("call void @mc.release(ptr %context, ptr {})", row[at]));
            }
        }
    }

    /// Gives back what variables and holders hold, at the function's end.
    pub(super) fn release_all(&mut self) {
        for local in self.stored() {
            let ty = self.function.ty(local);
            if ty.is_managed() && !self.facts.borrowed.contains(&local) {
                let row = self.owners(local);
                self.release(&row, ty);
            }
        }
        for (holder, ty) in std::mem::take(&mut self.holders) {
            let row = self.held(&holder, &ty);
            self.release(&row, &ty);
        }
    }

    /// A variable's owners, and nothing for its other leaves.
    fn owners(&mut self, local: Local) -> Leaves {
        let ty = self.function.ty(local);
        let mut row = vec!["null".to_owned(); leaf::leaves(ty).len()];
        for at in leaf::owners(ty) {
            row[at] = self.leaf(local, at);
        }
        row
    }

    fn held(&mut self, holder: &str, ty: &Type) -> Leaves {
        let mut row = vec!["null".to_owned(); leaf::leaves(ty).len()];
        for at in leaf::owners(ty) {
            row[at] = self.op(format_args!("load ptr, ptr {holder}.{at}"));
        }
        row
    }

    /// Gives a variable a value.
    pub(super) fn assign(&mut self, local: Local, value: &Expr) {
        let ty = self.function.ty(local);
        if !ty.is_managed() {
            let row = self.sum(local, value).unwrap_or_else(|| self.value(value));
            self.set(local, &row);
        } else if self.facts.borrowed.contains(&local) {
            let row = self.uncounted(value);
            self.set(local, &row);
        } else {
            let row = self.value(value);
            let old = self.owners(local);
            self.set(local, &row);
            self.release(&old, ty);
        }
    }

    /// What a variable becomes to which something is added, or that is multiplied with something, where that may
    /// happen in any order; what is added is computed as it is written.
    fn sum(&mut self, local: Local, value: &Expr) -> Option<Leaves> {
        let ExprKind::Binary(op @ (Binary::Add | Binary::Mul), one, two) = &value.kind else {
            return None;
        };
        let is_own = |operand: &Expr| matches!(operand.kind, ExprKind::Local(own) if own == local);
        if self.function.math != FastMath::Sums || !(is_own(one) || is_own(two)) {
            return None;
        }
        let operands = (self.value(one), self.value(two));
        self.is_sum = true;
        let row = self.binary(*op, one.scalar(), &operands.0, &operands.1);
        self.is_sum = false;
        Some(row)
    }

    /// A value for a variable that counts nothing.
    fn uncounted(&mut self, value: &Expr) -> Leaves {
        match &value.kind {
            ExprKind::Local(local) => self.get(*local),
            ExprKind::Cast(inner) => self.uncounted(inner),
            ExprKind::Block(body, inner) => {
                self.statements(body);
                self.uncounted(inner)
            }
            _ => self.view(value),
        }
    }

    /// A value that is looked at and not kept: it lasts as long as nothing is assigned.
    pub(super) fn look(&mut self, expr: &Expr) -> Leaves {
        match &expr.kind {
            ExprKind::Local(local) => self.get(*local),
            ExprKind::Item(tuple, index) => {
                let row = self.look(tuple);
                row[leaf::item(&tuple.ty, *index)].to_vec()
            }
            ExprKind::Unwrap(inner) => self.look(inner).split_off(1),
            _ if expr.ty.is_managed() => {
                let row = self.value(expr);
                self.hold(&row, &expr.ty);
                row
            }
            _ => self.value(expr),
        }
    }

    /// Keeps a value's references until the function ends, or this place is come by again.
    pub(super) fn hold(&mut self, row: &[String], ty: &Type) {
        let holder = self.fresh("%h");
        for at in leaf::owners(ty) {
            self.head(format_args!("{holder}.{at} = alloca ptr"));
            self.head(format_args!("store ptr null, ptr {holder}.{at}"));
        }
        let old = self.held(&holder, ty);
        for at in leaf::owners(ty) {
            self.act(format_args!("store ptr {}, ptr {holder}.{at}", row[at]));
        }
        self.release(&old, ty);
        self.holders.push((holder, ty.clone()));
    }
}
