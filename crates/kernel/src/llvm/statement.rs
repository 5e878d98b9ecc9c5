//! Statements.

use super::writer::Writer;
use crate::abi;
use crate::ir::{Expr, Piece, Raise, Stmt, StmtKind};
use crate::message;
use crate::types::{Scalar, Type};

impl Writer<'_, '_> {
    pub(super) fn statements(&mut self, body: &[Stmt]) {
        if let Some(own) = self.jam.take() {
            self.together(body, &own);
            self.jam = Some(own);
            return;
        }
        for stmt in body {
            if !self.is_open() {
                return;
            }
            self.statement(stmt);
        }
    }

    pub(super) fn statement(&mut self, stmt: &Stmt) {
        match &stmt.kind {
            StmtKind::Assign(local, value) => self.assign(*local, value),
            StmtKind::Expr(expr) => {
                let row = self.value(expr);
                self.release(&row, &expr.ty);
            }
            StmtKind::Store { array, place, value } => self.store(*array, place, value),
            StmtKind::SetItem { list, index, value } => self.set_item(*list, index, value),
            StmtKind::Append { list, value } => self.append(*list, value, stmt.span.line),
            StmtKind::Shift { list, at, by } => self.shift_items(*list, at, by, stmt.span.line),
            StmtKind::If { test, body, orelse } => self.choose(test, body, orelse),
            StmtKind::Loop { body } => self.endless(body),
            StmtKind::For(counted) => self.counted(counted),
            StmtKind::Break => {
                let target = self.loops.last().expect("a loop around break").1.clone();
                self.jump(&target);
            }
            StmtKind::Continue => {
                let target = self.loops.last().expect("a loop around continue").0.clone();
                self.jump(&target);
            }
            StmtKind::Return(value) => {
                if let Some(value) = value {
                    let row = self.value(value);
                    self.pack("%result", 0, &value.ty, &row);
                }
                self.jump("done");
            }
            StmtKind::Raise(raise) => self.fail(raise, stmt.span.line),
            StmtKind::Print(values) => self.print(values),
        }
    }

    fn choose(&mut self, test: &Expr, body: &[Stmt], orelse: &[Stmt]) {
        let truth = self.number(test);
        let (yes, no, join) = (self.fresh("yes"), self.fresh("no"), self.fresh("join"));
        self.branch(&truth, &yes, if orelse.is_empty() { &join } else { &no });
        self.label(&yes);
        self.statements(body);
        let mut goes_on = self.is_open() || orelse.is_empty();
        self.jump(&join);
        if !orelse.is_empty() {
            self.label(&no);
            self.statements(orelse);
            goes_on |= self.is_open();
            self.jump(&join);
        }
        if goes_on {
            self.label(&join);
        }
    }

    fn endless(&mut self, body: &[Stmt]) {
        let (head, exit) = (self.fresh("head"), self.fresh("exit"));
        self.label(&head);
        self.alarm();
        self.loops.push((head.clone(), exit.clone()));
        self.statements(body);
        self.loops.pop();
        self.jump(&head);
        self.label(&exit);
    }

    fn fail(&mut self, raise: &Raise, line: u32) {
        let mut values = Vec::new();
        for piece in &raise.message {
            if let Piece::Value(expr) = piece {
                values.push((expr.scalar(), self.number(expr)));
            }
        }
        self.raise(raise.exception, message::parts(raise), &values, line);
    }

    fn print(&mut self, values: &[Expr]) {
        let kinds: Vec<u8> = values.iter().map(|value| message::kind(&value.ty) as u8).collect();
        let slots = values.iter().map(|value| abi::slots(&value.ty)).sum();
        let room = self.room(slots);
        let mut at = 0;
        for value in values {
            let row = self.value(value);
            if value.ty.as_scalar() == Some(Scalar::C64) {
                // There is one kind of complex number to print.
                let row = self.convert(&row, Scalar::C64, Scalar::C128);
                self.pack(&room, at, &Type::scalar(Scalar::C128), &row);
            } else {
                self.pack(&room, at, &value.ty, &row);
            }
            at += row.len();
        }
        let kinds = self.shared.data(&kinds);
        let print = self.callback(4);
        self.act(format_args!(
            "call void {print}(ptr %context, i64 {}, ptr {kinds}, ptr {room})",
            values.len()
        ));
    }
}
