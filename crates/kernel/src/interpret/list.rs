//! Lists: items, one more, and room between them.

use super::Builder;
use super::frame::{Frame, Step, range};
use crate::abi::owners;
use crate::ir::{Exception, Expr, Local};
use crate::message;
use crate::syntax::Span;
use crate::types::Type;

impl Builder<'_> {
    pub(super) fn new_list(&mut self, span: Span, to: usize) -> Step {
        let site = self.site(Exception::Memory, message::no_list(), span);
        Box::new(move |frame| match frame.machine.memory.new_list() {
            Some(list) => {
                frame.slots[to] = list;
                Ok(())
            }
            None => frame.fail(&site, &[]),
        })
    }

    /// Puts an item into slots.
    pub(super) fn item(&mut self, list: Local, index: &Expr, ty: &Type, to: usize) -> Step {
        let list = self.place(list);
        let index = self.word(index);
        let (to, owners) = (range(ty, to), owners(ty, to));
        Box::new(move |frame| {
            let index = index(frame)?;
            let Frame { slots, machine, .. } = frame;
            let item = machine.memory.item(slots[list], index, to.len());
            slots[to.clone()].copy_from_slice(item);
            frame.retain(&owners);
            Ok(())
        })
    }

    pub(super) fn set_item(&mut self, list: Local, index: &Expr, value: &Expr) -> Step {
        let list = self.place(list);
        let index = self.word(index);
        let (from, ready) = self.temporary(value);
        let (from, own) = (range(&value.ty, from), owners(&value.ty, from));
        Box::new(move |frame| {
            let index = index(frame)?;
            ready(frame)?;
            frame.swap_item(list, index, from.clone());
            // What the item was is given back.
            frame.release(&own);
            Ok(())
        })
    }

    pub(super) fn append(&mut self, list: Local, value: &Expr, span: Span) -> Step {
        let site = self.site(Exception::Memory, message::no_list(), span);
        let item = self.items_type(list);
        let list = self.place(list);
        let (from, ready) = self.temporary(value);
        let (from, own) = (range(&value.ty, from), owners(&value.ty, from));
        Box::new(move |frame| {
            ready(frame)?;
            let (owner, memory) = (frame.slots[list], &mut frame.machine.memory);
            let length = memory.length(owner);
            if !memory.shift(owner, length, 1, &item) {
                return frame.fail(&site, &[]);
            }
            frame.swap_item(list, length, from.clone());
            frame.forget(&own);
            Ok(())
        })
    }

    pub(super) fn shift(&mut self, list: Local, at: &Expr, by: &Expr, span: Span) -> Step {
        let site = self.site(Exception::Memory, message::no_list(), span);
        let item = self.items_type(list);
        let list = self.place(list);
        let (at, by) = (self.word(at), self.word(by));
        Box::new(move |frame| {
            let (at, by) = (at(frame)?, by(frame)?.cast_signed());
            let owner = frame.slots[list];
            if !frame.machine.memory.shift(owner, at, by, &item) {
                return frame.fail(&site, &[]);
            }
            Ok(())
        })
    }

    fn items_type(&self, list: Local) -> Type {
        self.function.ty(list).as_list().expect("a list variable").clone()
    }
}

impl Frame<'_> {
    /// Exchanges an item with what slots hold.
    fn swap_item(&mut self, list: usize, index: u64, with: std::ops::Range<usize>) {
        let Frame { slots, machine, .. } = self;
        let item = machine.memory.item(slots[list], index, with.len());
        item.swap_with_slice(&mut slots[with]);
    }
}
