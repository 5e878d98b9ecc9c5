//! Lists: items, how many there are, one more, and room between them.

use super::leaf::{self, Leaf};
use super::shared::{ITEMS, LIKELY, LIST};
use super::writer::{Leaves, Writer, field};
use crate::abi::KIND;
use crate::ir::{Exception, Expr, ExprKind, Local, Value};
use crate::list;
use crate::message::Part;
use crate::types::Type;

impl Writer<'_, '_> {
    /// A new list.
    pub(super) fn new_list(&mut self, line: u32) -> String {
        let allocate = self.callback(0);
        let bytes = size_of::<list::Fields>();
        let list = self.op(format_args!("call noalias ptr {allocate}(i64 {bytes}, i64 1)"));
        let there = self.op(format_args!("icmp ne ptr {list}, null"));
        self.or_no_memory(&there, line);
        let kind = self.offset(&list, KIND);
        self.act(format_args!("store i64 1, ptr {kind}{LIST}"));
        list
    }

    /// Goes on if there was memory.
    fn or_no_memory(&mut self, there: &str, line: u32) {
        let (bad, go) = (self.fresh("bad"), self.fresh("go"));
        self.leave(format_args!("br i1 {there}, label %{go}, label %{bad}{LIKELY}"));
        self.label(&bad);
        let text = Part::Text("unable to allocate a list's items".to_owned());
        self.raise(Exception::Memory, vec![text], &[], line);
        self.label(&go);
    }

    fn items_type(&self, list: Local) -> Type {
        self.function.ty(list).as_list().expect("a list variable").clone()
    }

    fn list_field(&mut self, owner: &str, field: usize, leaf: Leaf) -> String {
        let address = self.offset(owner, field);
        self.op(format_args!("load {}, ptr {address}{LIST}", leaf.text()))
    }

    /// How many items a list has.
    pub(super) fn length(&mut self, list: Local) -> String {
        let owner = self.leaf(list, 0);
        self.list_field(&owner, list::LENGTH, leaf::COUNT)
    }

    /// The address of an item.
    fn item_address(&mut self, owner: &str, item: &Type, index: &str) -> String {
        let items = self.list_field(owner, list::ITEMS, Leaf::Address);
        let (width, _) = list::shape(item);
        self.op(format_args!("getelementptr inbounds [{width} x i64], ptr {items}, i64 {index}"))
    }

    /// An item, without a reference of its own.
    pub(super) fn item(&mut self, list: Local, index: &Expr) -> Leaves {
        let item = self.items_type(list);
        let index = self.number(index);
        let owner = self.leaf(list, 0);
        let address = self.item_address(&owner, &item, &index);
        self.unpack_tagged(&address, 0, &item, ITEMS)
    }

    pub(super) fn set_item(&mut self, list: Local, index: &Expr, value: &Expr) {
        let item = self.items_type(list);
        let index = self.number(index);
        let row = self.value(value);
        let owner = self.leaf(list, 0);
        let address = self.item_address(&owner, &item, &index);
        let old = item.is_managed().then(|| self.unpack_tagged(&address, 0, &item, ITEMS));
        self.pack_tagged(&address, 0, &item, &row, ITEMS);
        if let Some(old) = old {
            self.release(&old, &item);
        }
    }

    /// One more item; the list grows if there is no room for it.
    pub(super) fn append(&mut self, list: Local, value: &Expr, line: u32) {
        let item = self.items_type(list);
        let row = self.value(value);
        let owner = self.leaf(list, 0);
        let length = self.list_field(&owner, list::LENGTH, leaf::COUNT);
        let capacity = self.list_field(&owner, list::CAPACITY, leaf::COUNT);
        let room = self.op(format_args!("icmp ult i64 {length}, {capacity}"));
        let (grow, go) = (self.fresh("grow"), self.fresh("go"));
        self.leave(format_args!("br i1 {room}, label %{go}, label %{grow}{LIKELY}"));
        self.label(&grow);
        let done = self.move_items(&owner, &item, &length, "1");
        self.or_no_memory(&done, line);
        self.label(&go);
        let more = self.op(format_args!("add nuw i64 {length}, 1"));
        let address = self.offset(&owner, list::LENGTH);
        self.act(format_args!("store i64 {more}, ptr {address}{LIST}"));
        let address = self.item_address(&owner, &item, &length);
        self.pack_tagged(&address, 0, &item, &row, ITEMS);
    }

    pub(super) fn shift_items(&mut self, list: Local, at: &Expr, by: &Expr, line: u32) {
        let item = self.items_type(list);
        let is_pop = by.kind == ExprKind::Const(Value::Int(-1)) && !item.is_managed();
        let at = self.number(at);
        let by = self.number(by);
        let owner = self.leaf(list, 0);
        if !is_pop {
            let done = self.move_items(&owner, &item, &at, &by);
            return self.or_no_memory(&done, line);
        }
        // Mostly it is the last item that is taken out.
        let length = self.list_field(&owner, list::LENGTH, leaf::COUNT);
        let less = self.op(format_args!("add i64 {length}, -1"));
        let last = self.op(format_args!("icmp eq i64 {at}, {less}"));
        let (pop, inside, done) = (self.fresh("pop"), self.fresh("inside"), self.fresh("done"));
        self.branch(&last, &pop, &inside);
        self.label(&inside);
        self.move_items(&owner, &item, &at, &by);
        self.jump(&done);
        self.label(&pop);
        let address = self.offset(&owner, list::LENGTH);
        self.act(format_args!("store i64 {less}, ptr {address}{LIST}"));
        self.label(&done);
    }

    /// Calls [`list::shift`]; whether there was memory.
    fn move_items(&mut self, owner: &str, item: &Type, at: &str, by: &str) -> String {
        let callbacks = self.field(field::CALLBACKS, Leaf::Address);
        let shift = self.callback(6);
        let (slots, owners) = list::shape(item);
        let owners = owners.cast_signed();
        let code = self.op(format_args!(
            "call i32 {shift}(ptr {callbacks}, ptr {owner}, i64 {at}, i64 {by}, i64 {slots}, \
             i64 {owners})"
        ));
        self.op(format_args!("icmp eq i32 {code}, 0"))
    }
}
