//! Calls: of the program's functions, and of what the caller does for kernels.

use super::leaf;
use super::shared::OURS;
use super::walk::{self, Node};
use super::writer::{Leaves, Writer, field, name};
use crate::abi;
use crate::ir::{Expr, FunctionId, Runtime};

impl Writer<'_, '_> {
    /// A call of a function of the program. It borrows its arguments: whoever calls keeps them
    /// alive.
    pub(super) fn call(&mut self, id: FunctionId, arguments: &[Expr]) -> Leaves {
        let number = id.0 as usize;
        let callee = &self.shared.program.functions[number];
        // What is assigned while arguments are computed must not free one that was looked at
        // before.
        let calm = arguments.iter().all(|argument| !has_statements(argument));
        let mut text = String::new();
        for argument in arguments {
            let row = if calm { self.look(argument) } else { self.keep(argument) };
            for (leaf, value) in leaf::leaves(&argument.ty).into_iter().zip(row) {
                text.push_str(&format!(", {} {value}", leaf.text()));
            }
        }
        if self.shared.recursive[number] {
            text.push_str(", ptr ");
            text.push_str(&self.floor());
        }
        let room = self.room(abi::slots(&callee.result));
        if self.shared.drawing[number] {
            self.save_random();
        }
        let code = self
            .op(format_args!("call i32 {}(ptr %context, ptr {room}{text})", name(callee, number)));
        if self.shared.drawing[number] {
            self.reload_random();
        }
        self.check(&code);
        self.unpack(&room, 0, &callee.result)
    }

    pub(super) fn runtime(&mut self, what: Runtime, arguments: &[Expr]) -> Leaves {
        match what {
            Runtime::Random => vec![self.random(arguments)],
            Runtime::RandomBits => vec![self.random_bits(arguments)],
            Runtime::Seed => {
                let seed = self.number(&arguments[0]);
                self.seed(&seed);
                Vec::new()
            }
            Runtime::Count => {
                for (argument, field) in arguments.iter().zip([field::OPERATIONS, field::BYTES]) {
                    let more = self.number(argument);
                    let address = self.offset("%context", field);
                    let before = self.op(format_args!("load i64, ptr {address}{OURS}"));
                    let sum = self.op(format_args!("add i64 {before}, {more}"));
                    self.act(format_args!("store i64 {sum}, ptr {address}{OURS}"));
                }
                Vec::new()
            }
            Runtime::MatMul
            | Runtime::Solve
            | Runtime::Inverse
            | Runtime::Determinant
            | Runtime::Cholesky
            | Runtime::SymmetricEigen
            | Runtime::Svd
            | Runtime::Qr => self.linear_algebra(what, arguments),
        }
    }

    fn linear_algebra(&mut self, what: Runtime, arguments: &[Expr]) -> Leaves {
        let slots = arguments.iter().map(|argument| abi::slots(&argument.ty)).sum();
        let room = self.room(slots);
        let mut at = 0;
        for argument in arguments {
            let row = self.look(argument);
            self.pack(&room, at, &argument.ty, &row);
            at += row.len();
        }
        let callback = self.callback(5);
        let dtype = arguments[0].ty.as_array().expect("matrices").dtype;
        let which = abi::linalg(what, dtype);
        let answer = self.op(format_args!("call i64 {callback}(i64 {which}, ptr {room})"));
        match what {
            Runtime::MatMul | Runtime::Qr => Vec::new(),
            Runtime::Determinant => vec![self.op(format_args!("bitcast i64 {answer} to double"))],
            _ => vec![answer],
        }
    }

    /// A value for certain to outlive what is assigned meanwhile.
    fn keep(&mut self, expr: &Expr) -> Leaves {
        let row = self.value(expr);
        if expr.ty.is_managed() {
            self.hold(&row, &expr.ty);
        }
        row
    }
}

fn has_statements(expr: &Expr) -> bool {
    let mut found = false;
    walk::expression(expr, &mut |node| found |= matches!(node, Node::Stmt(_)));
    found
}
