//! Expressions of any type as steps that put a value into slots: arrays, tuples, optional values, calls.
//!
//! Whoever puts a value that counts references somewhere gives it references of its own. Values on the way
//! have slots in the frame as variables do, so that a failure anywhere gives them back.

use super::Builder;
use super::expression::is_word;
use super::frame::{Exit, Frame, Step, Word, offset, range, run};
use crate::abi::{HEADER, owners, slots};
use crate::ir::{Exception, Expr, ExprKind, FunctionId, Local, Value};
use crate::message;
use crate::types::Type;

impl Builder<'_> {
    /// Puts an expression's value into slots that own nothing. What it reads, it reads before it writes,
    /// unless the value is one of several: then the slots are not a variable's.
    pub(super) fn put(&mut self, expr: &Expr, to: usize) -> Step {
        match &expr.kind {
            ExprKind::Const(Value::None) => {
                let none = range(&expr.ty, to);
                Box::new(move |frame| {
                    frame.slots[none.clone()].fill(0);
                    Ok(())
                })
            }
            ExprKind::Local(local) => self.copy(self.place(*local), &expr.ty, to),
            ExprKind::IfElse(test, body, orelse) => {
                let test = self.word(test);
                let (body, orelse) = (self.put(body, to), self.put(orelse, to));
                Box::new(move |frame| if test(frame)? == 0 { orelse(frame) } else { body(frame) })
            }
            ExprKind::Block(statements, value) => {
                let statements = self.steps(statements);
                let value = self.put(value, to);
                Box::new(move |frame| {
                    run(&statements, frame)?;
                    value(frame)
                })
            }
            ExprKind::Call(function, arguments) => self.call(*function, arguments, expr, to),
            ExprKind::Runtime(runtime, arguments) if expr.ty == Type::None => {
                let call = self.runtime(*runtime, arguments);
                Box::new(move |frame| call(frame).map(drop))
            }
            ExprKind::Allocate { shape, zeroed } => self.allocate(expr, shape, *zeroed, to),
            ExprKind::View { array, offset, shape, strides } => {
                let offset = self.word(offset);
                let layout = shape.iter().chain(strides).map(|word| self.word(word)).collect();
                self.view(*array, offset, layout, to)
            }
            ExprKind::List => self.new_list(expr.span, to),
            ExprKind::ItemAt { list, index } => self.item(*list, index, &expr.ty, to),
            ExprKind::Tuple(items) => {
                let mut at = to;
                let mut steps = Vec::new();
                for item in items {
                    steps.push(self.put(item, at));
                    at += slots(&item.ty);
                }
                Box::new(move |frame| run(&steps, frame))
            }
            ExprKind::Some(value) => {
                let value = self.put(value, to + 1);
                Box::new(move |frame| {
                    value(frame)?;
                    frame.slots[to] = 1;
                    Ok(())
                })
            }
            ExprKind::Item(whole, _) | ExprKind::Unwrap(whole) => {
                let (at, ready) = self.somewhere(whole);
                let copy = self.copy(at + part_offset(expr), &expr.ty, to);
                Box::new(move |frame| {
                    ready(frame)?;
                    copy(frame)
                })
            }
            _ if is_word(&expr.ty) => {
                let word = self.word(expr);
                Box::new(move |frame| {
                    frame.slots[to] = word(frame)?;
                    Ok(())
                })
            }
            _ => {
                let pair = self.pair(expr);
                Box::new(move |frame| {
                    let pair = pair(frame)?;
                    frame.slots[to..to + 2].copy_from_slice(&pair);
                    Ok(())
                })
            }
        }
    }

    /// Where an expression's value is once the step is done: a variable's or a part of one where it lies, so
    /// that nobody counts references to look at it; anything else in slots of its own.
    pub(super) fn somewhere(&mut self, expr: &Expr) -> (usize, Step) {
        match self.lies(expr) {
            Some(at) => (at, Box::new(|_| Ok(()))),
            None => self.temporary(expr),
        }
    }

    /// Where a variable or a part of one lies.
    fn lies(&self, expr: &Expr) -> Option<usize> {
        match &expr.kind {
            ExprKind::Local(local) => Some(self.place(*local)),
            ExprKind::Item(whole, _) | ExprKind::Unwrap(whole) => {
                Some(self.lies(whole)? + part_offset(expr))
            }
            _ => None,
        }
    }

    /// Puts a value into slots of its own. A loop comes here again, so what they held is given back first.
    pub(super) fn temporary(&mut self, expr: &Expr) -> (usize, Step) {
        let to = self.reserve(&expr.ty);
        let owners = owners(&expr.ty, to);
        let put = self.put(expr, to);
        if owners.is_empty() {
            return (to, put);
        }
        let step = move |frame: &mut Frame<'_>| {
            frame.release(&owners);
            put(frame)
        };
        (to, Box::new(step))
    }

    fn copy(&self, from: usize, ty: &Type, to: usize) -> Step {
        let (from, owners) = (range(ty, from), owners(ty, to));
        if from.len() == 1 && owners.is_empty() {
            let from = from.start;
            return Box::new(move |frame| {
                frame.slots[to] = frame.slots[from];
                Ok(())
            });
        }
        Box::new(move |frame| {
            frame.slots.copy_within(from.clone(), to);
            frame.retain(&owners);
            Ok(())
        })
    }

    fn call(&mut self, id: FunctionId, arguments: &[Expr], expr: &Expr, to: usize) -> Step {
        // The arguments lie side by side as the called function's parameters do.
        let types = arguments.iter().map(|argument| argument.ty.clone());
        let all = Type::tuple(types);
        let at = self.reserve(&all);
        let (given, given_owners) = (range(&all, at), owners(&all, at));
        let Type::Tuple(types, _) = &all else { unreachable!("a tuple") };
        let steps: Vec<_> = (0..arguments.len())
            .map(|number| self.put(&arguments[number], at + offset(types, number)))
            .collect();
        let result = range(&expr.ty, to);
        let number = id.0 as usize;
        Box::new(move |frame| {
            frame.release(&given_owners);
            run(&steps, frame)?;
            let functions = std::sync::Arc::clone(&frame.machine.functions);
            let arguments = frame.slots[given.clone()].to_vec();
            frame.forget(&given_owners);
            functions[number].call(frame.machine, &arguments, &mut frame.slots[result.clone()])
        })
    }

    fn allocate(&mut self, expr: &Expr, shape: &[Expr], zeroed: bool, to: usize) -> Step {
        let dtype = expr.ty.as_array().expect("an array").dtype;
        let site = self.site(Exception::Memory, message::no_memory(), expr.span);
        let shape: Vec<_> = shape.iter().map(|size| self.word(size)).collect();
        let ndim = shape.len();
        Box::new(move |frame| {
            let shape = shape.iter().map(|size| size(frame)).collect::<Result<Vec<_>, _>>()?;
            let size = dtype.size() as u64;
            let bytes = shape.iter().fold(size, |bytes, size| bytes.saturating_mul(*size));
            let Some(owner) = frame.machine.memory.allocate(bytes, zeroed) else {
                return frame.fail(&site, &[bytes]);
            };
            let mut stride = dtype.size() as u64;
            let slots = &mut frame.slots[to..to + 2 + 2 * ndim];
            (slots[0], slots[1]) = (owner + HEADER as u64, owner);
            for (axis, size) in shape.into_iter().enumerate().rev() {
                slots[2 + axis] = size;
                slots[2 + ndim + axis] = stride;
                stride = stride.wrapping_mul(size);
            }
            Ok(())
        })
    }

    /// A view whose shape and strides are `layout`.
    fn view(&mut self, array: Local, offset: Word, layout: Vec<Word>, to: usize) -> Step {
        let array = self.place(array);
        Box::new(move |frame| {
            let offset = offset(frame)?;
            let layout = layout.iter().map(|word| word(frame)).collect::<Result<Vec<_>, Exit>>()?;
            let (address, owner) = (frame.slots[array], frame.slots[array + 1]);
            frame.machine.memory.retain(owner);
            (frame.slots[to], frame.slots[to + 1]) = (address.wrapping_add(offset), owner);
            frame.slots[to + 2..][..layout.len()].copy_from_slice(&layout);
            Ok(())
        })
    }
}

/// Where an item or the value of an optional begins in the whole.
fn part_offset(expr: &Expr) -> usize {
    match &expr.kind {
        ExprKind::Item(whole, item) => match &whole.ty {
            Type::Tuple(items, _) => offset(items, *item),
            _ => unreachable!("an item of a tuple"),
        },
        _ => 1,
    }
}
