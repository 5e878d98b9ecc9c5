//! A function in the making: its text, its blocks, its variables.

use super::ENTRY;
use super::facts::{self, Facts};
use super::jam::Own;
use super::leaf::{self, COUNT, Leaf};
use super::shared::{LIKELY, OURS, SIZE, Shared};
use crate::abi;
use crate::ir::{Exception, Function, Local};
use crate::message::Part;
use crate::types::{Scalar, Type};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt::{Display, Write};
use std::rc::Rc;

/// Where leaves are, as LLVM writes operands.
pub(super) type Leaves = Vec<String>;

/// A function in the making.
pub(super) struct Writer<'a, 'm> {
    pub(super) shared: &'m mut Shared<'a>,
    pub(super) function: &'a Function,
    pub(super) facts: Rc<Facts>,
    /// The first block: stack slots and their first values.
    head: String,
    /// The blocks behind it.
    text: String,
    temporaries: usize,
    /// The block that is being written.
    block: String,
    /// Whether that block goes on.
    open: bool,
    /// Variables that have stack slots.
    stored: BTreeSet<Local>,
    /// The number of the round of several that is being written, by variables of which each of the
    /// rounds but the last has its own; and such variables' slots.
    pub(super) copies: BTreeMap<Local, usize>,
    copied: BTreeSet<(Local, usize)>,
    /// Variables of which the rounds that are being written have their own.
    pub(super) jam: Option<Own>,
    /// Stack slots beside variables that hold references until the function ends.
    pub(super) holders: Vec<(String, Type)>,
    /// Where `continue` and `break` go, innermost last.
    pub(super) loops: Vec<(String, String)>,
    /// What is known of indices, by the address of their expression.
    pub(super) proofs: HashMap<usize, super::bounds::Proof>,
    /// What accesses to an array say of other arrays.
    pub(super) scopes: HashMap<Local, String>,
    /// Whether loops may come twice.
    pub(super) versions: bool,
    /// Whether what is called in this loop should not be called at more places than the text has.
    pub(super) is_single: bool,
    /// Whether an operation is a sum's, whose order is free.
    pub(super) is_sum: bool,
    /// Whether the counter of random numbers is a variable here.
    pub(super) draws: bool,
    /// Indices that turn out to be out of bounds: in which block, and site, index and size.
    pub(super) outside: Vec<(String, [String; 3])>,
    has_alarm: bool,
    /// Whether `%floor` is known: how far down the stack may go.
    has_floor: bool,
}

/// The context's fields, by their offsets.
pub(super) mod field {
    pub(in super::super) const KEY: usize = 8;
    pub(in super::super) const COUNTER: usize = 16;
    pub(in super::super) const SITE: usize = 24;
    pub(in super::super) const VALUES: usize = 32;
    pub(in super::super) const CALLBACKS: usize = 64;
    pub(in super::super) const OPERATIONS: usize = 88;
    pub(in super::super) const BYTES: usize = 96;
}

impl<'a, 'm> Writer<'a, 'm> {
    pub(super) fn new(
        shared: &'m mut Shared<'a>,
        function: &'a Function,
        facts: Rc<Facts>,
        draws: bool,
    ) -> Self {
        let mut writer = Self {
            shared,
            function,
            facts,
            head: String::new(),
            text: String::new(),
            temporaries: 0,
            block: "start".to_owned(),
            open: true,
            stored: BTreeSet::new(),
            copies: BTreeMap::new(),
            copied: BTreeSet::new(),
            jam: None,
            holders: Vec::new(),
            loops: Vec::new(),
            proofs: HashMap::new(),
            scopes: HashMap::new(),
            versions: true,
            is_single: false,
            is_sum: false,
            draws,
            outside: Vec::new(),
            has_alarm: false,
            has_floor: false,
        };
        if draws {
            writer.head("%counter = alloca i64");
            writer.head("%key = alloca i64");
        }
        writer.reload_random();
        writer
    }

    /// Writes a function of the program: `i32 name(context, result's slots, leaves of the
    /// arguments...)`.
    pub(super) fn function(shared: &'m mut Shared<'a>, id: usize) {
        let function = &shared.program.functions[id];
        let facts = Rc::new(Facts::new(function));
        let draws = facts::draws(&function.body);
        let name = name(function, id);
        let recursive = shared.recursive[id];
        let mut writer = Self::new(shared, function, facts, draws);
        let mut parameters = "ptr noalias %context, ptr noalias %result".to_owned();
        for number in 0..function.parameters {
            let local = Local(number as u32);
            let mut row = Vec::new();
            for (at, leaf) in leaf::leaves(function.ty(local)).into_iter().enumerate() {
                let range = if is_size(function.ty(local), at) { RANGE } else { "" };
                write!(parameters, ", {}{range} %p{number}.{at}", leaf.text())
                    .expect("text can be written");
                row.push(format!("%p{number}.{at}"));
            }
            writer.set(local, &row);
            if !writer.facts.borrowed.contains(&local) {
                writer.retain(&row, function.ty(local));
            }
        }
        if recursive {
            writer.has_floor = true;
            parameters.push_str(", ptr %floor");
            writer.check_stack();
            // LLVM may make a loop of the recursion.
            writer.alarm();
        }
        writer.statements(&function.body);
        // At once, before LLVM has improved it, as it does so again where it is inlined.
        let inline = if id == 0 && !recursive { " alwaysinline" } else { "" };
        writer.finish(&format!("define internal i32 {name}({parameters}){inline}"));
    }

    /// Writes the function that is called from outside.
    pub(super) fn entry(shared: &'m mut Shared<'a>) {
        let function = &shared.program.functions[0];
        let mut text = format!(
            "define i32 @{ENTRY}(ptr noalias %context, ptr noalias %arguments, \
             ptr noalias %result) #0 {{\n"
        );
        let mut arguments = String::new();
        let mut slot = 0;
        for variable in &function.locals[..function.parameters] {
            // The caller keeps arrays alive; a list is its owner.
            let mut owners = Vec::new();
            abi::each_owner(&variable.ty, 0, &mut |at, is_list| {
                if !is_list {
                    owners.push(at);
                }
            });
            for (at, leaf) in leaf::leaves(&variable.ty).into_iter().enumerate() {
                if owners.contains(&at) {
                    arguments.push_str(", ptr null");
                } else {
                    let size = is_size(&variable.ty, at);
                    let name = format!("%a{slot}");
                    unpack(&mut text, &name, "%arguments", slot, leaf, size, OURS);
                    write!(arguments, ", {} %a{slot}", leaf.text()).expect("text can be written");
                }
                slot += 1;
            }
        }
        if shared.recursive[0] {
            text.push_str(FLOOR);
            arguments.push_str(", ptr %floor");
        }
        writeln!(
            text,
            "  %code = call i32 {}(ptr %context, ptr %result{arguments})\n  ret i32 %code\n}}",
            name(function, 0)
        )
        .expect("text can be written");
        shared.functions.push_str(&text);
    }

    /// Ends the function and hands it to the module.
    pub(super) fn finish(mut self, signature: &str) {
        self.jump("done");
        self.write_outside();
        self.line("done:\n  br label %leave\nfail:\n  br label %leave\nleave:");
        self.line("  %code = phi i32 [ 0, %done ], [ 1, %fail ]");
        self.open = true;
        self.release_all();
        self.save_random();
        self.line("  ret i32 %code");
        let Self { shared, head, text, .. } = self;
        write!(
            shared.functions,
            "{signature} #0 {{\nentry:\n{head}  br label %start\nstart:\n{text}}}\n\n"
        )
        .expect("text can be written");
    }

    // Text.

    /// A line of the first block.
    pub(super) fn head(&mut self, line: impl Display) {
        writeln!(self.head, "  {line}").expect("text can be written");
    }

    fn line(&mut self, line: impl Display) {
        writeln!(self.text, "{line}").expect("text can be written");
    }

    /// A name that nothing has yet.
    pub(super) fn fresh(&mut self, stem: &str) -> String {
        self.temporaries += 1;
        format!("{stem}{}", self.temporaries)
    }

    /// An instruction without a value.
    pub(super) fn act(&mut self, instruction: impl Display) {
        if !self.open {
            // Behind a return: written, never reached.
            let dead = self.fresh("dead");
            self.label(&dead);
        }
        self.line(format_args!("  {instruction}"));
    }

    /// An instruction's value.
    pub(super) fn op(&mut self, instruction: impl Display) -> String {
        let name = self.fresh("%t");
        self.act(format_args!("{name} = {instruction}"));
        name
    }

    /// Begins a block; what was before goes on there.
    pub(super) fn label(&mut self, label: &str) {
        self.jump(label);
        self.line(format_args!("{label}:"));
        label.clone_into(&mut self.block);
        self.open = true;
    }

    /// The block that is being written: for `phi`.
    pub(super) fn here(&self) -> String {
        self.block.clone()
    }

    /// Whether what is written next can be reached.
    pub(super) fn is_open(&self) -> bool {
        self.open
    }

    pub(super) fn jump(&mut self, label: &str) {
        self.leave(format_args!("br label %{label}"));
    }

    /// Ends the block with an instruction.
    pub(super) fn leave(&mut self, instruction: impl Display) {
        if self.open {
            self.line(format_args!("  {instruction}"));
            self.open = false;
        }
    }

    pub(super) fn branch(&mut self, test: &str, yes: &str, no: &str) {
        self.leave(format_args!("br i1 {test}, label %{yes}, label %{no}"));
    }

    /// Goes to `bad` if the test fails, which it hardly ever does.
    pub(super) fn expect(&mut self, test: &str, bad: &str) {
        let good = self.fresh("go");
        self.leave(format_args!("br i1 {test}, label %{good}, label %{bad}{LIKELY}"));
        self.label(&good);
    }

    /// Whether two truth values are true.
    pub(super) fn both(&mut self, one: &str, two: &str) -> String {
        match (one, two) {
            ("true", other) | (other, "true") => other.to_owned(),
            _ => self.op(format_args!("and i1 {one}, {two}")),
        }
    }

    // Variables and rows of slots.

    /// Where a leaf of a variable is stored.
    pub(super) fn slot(&mut self, local: Local, at: usize) -> String {
        let copy = self.copies.get(&local).copied();
        let (stem, is_new) = match copy {
            Some(copy) => (format!("%c{copy}.{}", local.0), self.copied.insert((local, copy))),
            None => (format!("%v{}", local.0), self.stored.insert(local)),
        };
        if is_new {
            for (at, leaf) in leaf::leaves(self.function.ty(local)).into_iter().enumerate() {
                let (ty, zero) = (leaf.text(), leaf.zero());
                self.head(format_args!("{stem}.{at} = alloca {ty}"));
                self.head(format_args!("store {ty} {zero}, ptr {stem}.{at}"));
            }
        }
        format!("{stem}.{at}")
    }

    /// A stack slot in the first block.
    pub(super) fn stack(&mut self, ty: impl Display) -> String {
        let name = self.fresh("%s");
        self.head(format_args!("{name} = alloca {ty}"));
        name
    }

    /// Variables that have been mentioned.
    pub(super) fn stored(&self) -> Vec<Local> {
        self.stored.iter().copied().collect()
    }

    /// A leaf of a variable.
    pub(super) fn leaf(&mut self, local: Local, at: usize) -> String {
        let leaf = leaf::leaves(self.function.ty(local))[at];
        let slot = self.slot(local, at);
        self.op(format_args!("load {}, ptr {slot}", leaf.text()))
    }

    /// A variable's value; counts nothing.
    pub(super) fn get(&mut self, local: Local) -> Leaves {
        (0..leaf::leaves(self.function.ty(local)).len()).map(|at| self.leaf(local, at)).collect()
    }

    /// Gives a variable a value; counts nothing.
    pub(super) fn set(&mut self, local: Local, row: &[String]) {
        for (at, (leaf, value)) in leaf::leaves(self.function.ty(local)).iter().zip(row).enumerate()
        {
            let slot = self.slot(local, at);
            self.act(format_args!("store {} {value}, ptr {slot}", leaf.text()));
        }
    }

    /// Writes a value into a row of slots, from slot `first` on.
    pub(super) fn pack(&mut self, slots: &str, first: usize, ty: &Type, row: &[String]) {
        self.pack_tagged(slots, first, ty, row, OURS);
    }

    /// The same into memory of a kind.
    pub(super) fn pack_tagged(
        &mut self,
        slots: &str,
        first: usize,
        ty: &Type,
        row: &[String],
        tag: &str,
    ) {
        for (at, (leaf, value)) in leaf::leaves(ty).into_iter().zip(row).enumerate() {
            let (text, value) = self.as_slot(leaf, value);
            let address = self.offset(slots, 8 * (first + at));
            self.act(format_args!("store {text} {value}, ptr {address}{tag}"));
        }
    }

    /// A value from a row of slots.
    pub(super) fn unpack(&mut self, slots: &str, first: usize, ty: &Type) -> Leaves {
        self.unpack_tagged(slots, first, ty, OURS)
    }

    /// The same from memory of a kind.
    pub(super) fn unpack_tagged(
        &mut self,
        slots: &str,
        first: usize,
        ty: &Type,
        tag: &str,
    ) -> Leaves {
        let mut row = Vec::new();
        for (at, leaf) in leaf::leaves(ty).into_iter().enumerate() {
            let name = self.fresh("%t");
            let size = is_size(ty, at);
            unpack(&mut self.text, &name, slots, first + at, leaf, size, tag);
            row.push(name);
        }
        row
    }

    /// A leaf as it fills a slot.
    pub(super) fn as_slot(&mut self, leaf: Leaf, value: &str) -> (&'static str, String) {
        match leaf {
            Leaf::Address => ("ptr", value.to_owned()),
            Leaf::Number(Scalar::F64) => ("double", value.to_owned()),
            Leaf::Number(Scalar::F32) => {
                let bits = self.op(format_args!("bitcast float {value} to i32"));
                ("i64", self.op(format_args!("zext i32 {bits} to i64")))
            }
            Leaf::Number(Scalar::I64 | Scalar::U64) => ("i64", value.to_owned()),
            Leaf::Number(scalar) => {
                let extend = if leaf::is_signed(scalar) { "sext" } else { "zext" };
                ("i64", self.op(format_args!("{extend} {} {value} to i64", leaf.text())))
            }
        }
    }

    /// An address so many bytes on.
    pub(super) fn offset(&mut self, address: &str, bytes: usize) -> String {
        if bytes == 0 {
            return address.to_owned();
        }
        self.op(format_args!("getelementptr inbounds i8, ptr {address}, i64 {bytes}"))
    }

    /// A field of the context.
    pub(super) fn field(&mut self, field: usize, leaf: Leaf) -> String {
        let address = self.offset("%context", field);
        self.op(format_args!("load {}, ptr {address}{OURS}", leaf.text()))
    }

    /// The address of one of the caller's functions.
    pub(super) fn callback(&mut self, number: usize) -> String {
        let callbacks = self.field(field::CALLBACKS, Leaf::Address);
        let address = self.offset(&callbacks, 8 * number);
        self.op(format_args!("load ptr, ptr {address}{OURS}, !invariant.load !{{}}"))
    }

    // Failures.

    /// Says what is raised, and leaves; the values are leaves with their types.
    pub(super) fn raise(
        &mut self,
        exception: Exception,
        parts: Vec<Part>,
        values: &[(Scalar, String)],
        line: u32,
    ) {
        let site = self.shared.site(exception, parts, self.function, line);
        let address = self.offset("%context", field::SITE);
        self.act(format_args!("store i64 {site}, ptr {address}{OURS}"));
        for (at, (scalar, value)) in values.iter().enumerate() {
            let (text, value) = self.as_slot(Leaf::Number(*scalar), value);
            let address = self.offset("%context", field::VALUES + 8 * at);
            self.act(format_args!("store {text} {value}, ptr {address}{OURS}"));
        }
        self.jump("fail");
    }

    /// Goes on unless what returned this has failed.
    pub(super) fn check(&mut self, code: &str) {
        let fine = self.op(format_args!("icmp eq i32 {code}, 0"));
        self.expect(&fine, "fail");
    }

    /// Asks whether the kernel is to end.
    pub(super) fn alarm(&mut self) {
        if !self.versions {
            self.shared.need("mc.round");
            let code = self.op("call i32 @mc.round(ptr %context)");
            return self.check(&code);
        }
        if !self.has_alarm {
            self.has_alarm = true;
            self.head(format_args!("%alarm = load ptr, ptr %context{OURS}"));
        }
        self.shared.need("mc.poll");
        let alarm = self.op("load atomic i64, ptr %alarm monotonic, align 8");
        let quiet = self.op(format_args!("icmp eq i64 {alarm}, 0"));
        let (poll, go) = (self.fresh("poll"), self.fresh("go"));
        self.leave(format_args!("br i1 {quiet}, label %{go}, label %{poll}{LIKELY}"));
        self.label(&poll);
        let code = self.op("call i32 @mc.poll(ptr %context)");
        let fine = self.op(format_args!("icmp eq i32 {code}, 0"));
        self.branch(&fine, &go, "fail");
        self.label(&go);
    }

    /// How far down the stack may go.
    pub(super) fn floor(&mut self) -> String {
        if !self.has_floor {
            self.has_floor = true;
            self.head.push_str(FLOOR);
        }
        "%floor".to_owned()
    }

    /// Raises RecursionError's parent where the stack comes to an end.
    fn check_stack(&mut self) {
        let frame = self.op("call ptr @llvm.frameaddress.p0(i32 0)");
        let deep = self.op(format_args!("icmp ult ptr {frame}, %floor"));
        let (over, go) = (self.fresh("over"), self.fresh("go"));
        self.branch(&deep, &over, &go);
        self.label(&over);
        let text = Part::Text("maximum recursion depth exceeded".to_owned());
        let line = self.function.body.first().map_or(0, |stmt| stmt.span.line);
        self.raise(Exception::Runtime, vec![text], &[], line);
        self.label(&go);
    }
}

/// How far down the stack may go: 1 MiB from here, as threads of a pool have 2.
const FLOOR: &str = "  %frame = call ptr @llvm.frameaddress.p0(i32 0)
  %floor = getelementptr i8, ptr %frame, i64 -1048576
";

/// Of a parameter that is a size.
const RANGE: &str = " range(i64 0, -9223372036854775808)";

/// The name of a function of the program.
pub(super) fn name(function: &Function, id: usize) -> String {
    let plain: String =
        function.name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
    format!("@\"{plain}.{id}\"")
}

/// Whether a leaf is the size of an array along a dimension.
fn is_size(ty: &Type, at: usize) -> bool {
    matches!(ty, Type::Array(array) if (2..2 + usize::from(array.ndim)).contains(&at))
}

fn unpack(
    text: &mut String,
    name: &str,
    slots: &str,
    slot: usize,
    leaf: Leaf,
    size: bool,
    tag: &str,
) {
    let at = format!("{name}.at");
    let range = if size { SIZE } else { "" };
    let load = |ty: &str| format!("load {ty}, ptr {at}{tag}{range}");
    let code = match leaf {
        Leaf::Address => format!("{name} = {}", load("ptr")),
        COUNT | Leaf::Number(Scalar::U64) => format!("{name} = {}", load("i64")),
        Leaf::Number(Scalar::F64) => format!("{name} = {}", load("double")),
        Leaf::Number(Scalar::F32) => format!(
            "{name}.bits = {}\n  {name}.low = trunc i64 {name}.bits to i32\n  \
             {name} = bitcast i32 {name}.low to float",
            load("i64")
        ),
        Leaf::Number(Scalar::Bool) => {
            format!("{name}.bits = {}\n  {name} = icmp ne i64 {name}.bits, 0", load("i64"))
        }
        Leaf::Number(_) => format!(
            "{name}.bits = {}\n  {name} = trunc i64 {name}.bits to {}",
            load("i64"),
            leaf.text()
        ),
    };
    let bytes = 8 * slot;
    writeln!(text, "  {at} = getelementptr inbounds i8, ptr {slots}, i64 {bytes}\n  {code}")
        .expect("text can be written");
}
