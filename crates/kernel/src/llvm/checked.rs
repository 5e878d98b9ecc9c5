//! Checked copies of loops, as functions of their own.
//!
//! The copy of a loop that checks each index hardly ever runs ([`super::bounds`]), and most of its
//! time goes into the checks: LLVM is told not to optimise it, which nearly halves the time that a
//! function with many indices takes to compile. Variables come and go in a row of slots.

use super::bounds::Proof;
use super::counted::Rounds;
use super::facts::{self, Facts};
use super::walk::{self, Node};
use super::writer::{Writer, name};
use crate::abi;
use crate::ir::{ExprKind, For, Local, Stmt, StmtKind};
use crate::types::{Scalar, Type};
use std::collections::BTreeSet;
use std::rc::Rc;

/// Copies of fewer statements and expressions are not worth a function.
const LEAST: usize = 40;

impl Writer<'_, '_> {
    /// Writes the copy of a loop that checks its indices.
    pub(super) fn checked(&mut self, counted: &For, rounds: &Rounds) {
        let mut assigned = BTreeSet::from([counted.variable]);
        walk::statements(&counted.body, &mut |node| assigned.extend(walk::assigned(node)));
        if self.is_apart(counted, &assigned) {
            self.outlined(counted, rounds, &assigned);
        } else {
            self.versions = false;
            self.strips(counted, rounds);
            self.versions = true;
        }
    }

    /// Whether a loop is to be a function: it neither leaves this one nor calls any, which would have
    /// to know how deep the stack is, and gives no variable memory.
    fn is_apart(&self, counted: &For, assigned: &BTreeSet<Local>) -> bool {
        let mut apart = self.jam.is_none()
            && !assigned.iter().any(|local| self.function.ty(*local).is_managed());
        let mut size = 0;
        walk::statements(&counted.body, &mut |node| {
            size += 1;
            apart &= match node {
                Node::Stmt(Stmt { kind: StmtKind::For(inner), .. }) => inner.parallel.is_none(),
                Node::Stmt(stmt) => !matches!(stmt.kind, StmtKind::Return(_)),
                Node::Expr(expr) => !matches!(expr.kind, ExprKind::Call(..)),
            };
        });
        apart && size >= LEAST
    }

    fn outlined(&mut self, counted: &For, rounds: &Rounds, assigned: &BTreeSet<Local>) {
        let function = self.function;
        let mut closed = assigned.clone();
        walk::statements(&counted.body, &mut |node| closed.extend(walk::mentioned(node)));
        let int = Type::scalar(Scalar::I64);
        let Rounds { start, step, from, to } = rounds;
        let numbers = [start, step, from, to];
        let mut places = Vec::new();
        let mut slots = numbers.len();
        for local in &closed {
            places.push((*local, slots));
            slots += abi::slots(function.ty(*local));
        }
        let closure = self.room(slots);
        for (at, number) in numbers.into_iter().enumerate() {
            self.pack(&closure, at, &int, std::slice::from_ref(number));
        }
        for (local, at) in &places {
            let row = self.get(*local);
            self.pack(&closure, *at, function.ty(*local), &row);
        }

        let mut borrowed = self.facts.borrowed.clone();
        borrowed.extend(&closed);
        let facts = Rc::new(Facts { borrowed, roots: self.facts.roots.clone() });
        let draws = facts::draws(&counted.body);
        let number = self.shared.outline();
        let stem = name(function, 0);
        let callee = format!("{}.checked.{number}\"", stem.trim_end_matches('"'));
        let proofs = self.proofs.iter().filter(|(_, proof)| !matches!(proof, Proof::If(_)));
        let proofs = proofs.map(|(key, proof)| (*key, proof.clone())).collect();
        let mut copy = Writer::new(&mut *self.shared, function, facts, draws);
        copy.versions = false;
        copy.proofs = proofs;
        let mut number = |at: usize| match numbers[at].parse::<i64>() {
            Ok(_) => numbers[at].clone(),
            Err(_) => copy.unpack("%closure", at, &int).swap_remove(0),
        };
        let [start, step, from, to] = [0, 1, 2, 3].map(&mut number);
        for (local, at) in &places {
            let row = copy.unpack("%closure", *at, function.ty(*local));
            copy.set(*local, &row);
        }
        copy.strips(counted, &Rounds { start, step, from, to });
        let changed = || places.iter().filter(|(local, _)| assigned.contains(local));
        for (local, at) in changed() {
            let row = copy.get(*local);
            copy.pack("%closure", *at, function.ty(*local), &row);
        }
        copy.finish(&format!(
            "define internal i32 {callee}(ptr noalias %context, ptr noalias %closure) \
             noinline optnone cold"
        ));

        self.save_random();
        let code = self.op(format_args!("call i32 {callee}(ptr %context, ptr {closure})"));
        self.reload_random();
        self.check(&code);
        for (local, at) in changed() {
            let row = self.unpack(&closure, *at, function.ty(*local));
            self.set(*local, &row);
        }
    }
}
