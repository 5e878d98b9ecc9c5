//! What the functions of a module share: raise sites, constants, and which helpers they need.

use super::math;
use super::vector::Vectors;
use super::writer::Writer;
use super::{Module, RaiseSite, facts};
use crate::ir::{Exception, Program};
use crate::message::Part;
use crate::types::Scalar;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt::Write;
use std::sync::Arc;

/// What the module's functions share.
pub(super) struct Shared<'a> {
    pub(super) program: &'a Program,
    /// By function: whether it draws of the context's random numbers, by whatever it calls.
    pub(super) drawing: Vec<bool>,
    /// By function: whether it may call itself.
    pub(super) recursive: Vec<bool>,
    /// Functions that are complete.
    pub(super) functions: String,
    sites: Vec<RaiseSite>,
    numbers: HashMap<RaiseSite, usize>,
    constants: String,
    texts: HashMap<Arc<str>, usize>,
    /// Helpers that the module needs (`support.ll`, `math/*.ll`), by name.
    helpers: BTreeSet<String>,
    /// Functions that LLVM has versions of for vectors.
    pub(super) vectors: Vectors,
    /// Functions of the C library, and how they are declared.
    symbols: BTreeMap<String, String>,
    outlined: usize,
    scopes: usize,
}

impl<'a> Shared<'a> {
    pub(super) fn new(program: &'a Program) -> Self {
        Self {
            program,
            drawing: facts::drawing(program),
            recursive: facts::recursive(program),
            functions: String::new(),
            sites: Vec::new(),
            numbers: HashMap::new(),
            constants: String::new(),
            texts: HashMap::new(),
            helpers: BTreeSet::new(),
            vectors: Vectors::default(),
            symbols: BTreeMap::new(),
            outlined: 0,
            scopes: 0,
        }
    }

    pub(super) fn module(mut self) -> Module {
        for id in 0..self.program.functions.len() {
            Writer::function(&mut self, id);
        }
        Writer::entry(&mut self);
        let is_straight = self.program.functions.len() == 1
            && !self.recursive[0]
            && !self.helpers.iter().any(|helper| matches!(&**helper, "mc.poll" | "mc.round"));
        let helpers = math::library(&self.helpers);
        let vectors = self.vectors.declarations();
        let mut text = String::new();
        for declaration in self.symbols.values() {
            writeln!(text, "{declaration}").expect("text can be written");
        }
        let attributes = if self.vectors.is_empty() { NARROW } else { WIDE };
        for part in [attributes, &self.constants, &helpers, &vectors, &self.functions, METADATA] {
            text.push_str(part);
            text.push('\n');
        }
        for scope in SCOPES + 1..=SCOPES + self.scopes {
            writeln!(text, "!{scope} = distinct !{{!{scope}, !{SCOPES}}}")
                .expect("text can be written");
        }
        text.push_str(&self.vectors.definitions());
        let symbols = self.symbols.into_keys().collect();
        Module { text, raises: self.sites, symbols, is_straight }
    }

    /// The number of a place where something is raised.
    pub(super) fn site(
        &mut self,
        exception: Exception,
        parts: Vec<Part>,
        function: &crate::ir::Function,
        line: u32,
    ) -> usize {
        let file = Arc::clone(&function.file);
        let site = RaiseSite { exception, parts, file, line, function: function.name.clone() };
        *self.numbers.entry(site).or_insert_with_key(|site| {
            self.sites.push(site.clone());
            self.sites.len() - 1
        })
    }

    /// The name of a constant with the bytes of a text.
    pub(super) fn text(&mut self, text: &Arc<str>) -> String {
        let next = self.texts.len();
        let number = *self.texts.entry(Arc::clone(text)).or_insert(next);
        if number == next {
            self.bytes(&format!("@text.{number}"), text.as_bytes());
        }
        format!("@text.{number}")
    }

    fn bytes(&mut self, name: &str, bytes: &[u8]) {
        let digits: String = bytes.iter().map(|byte| format!("\\{byte:02X}")).collect();
        writeln!(
            self.constants,
            "{name} = private unnamed_addr constant [{} x i8] c\"{digits}\"",
            bytes.len()
        )
        .expect("text can be written");
    }

    /// The name of a constant with these bytes.
    pub(super) fn data(&mut self, bytes: &[u8]) -> String {
        let name = format!("@data.{}", self.constants.len());
        self.bytes(&name, bytes);
        name
    }

    /// Makes sure that a helper is in the module.
    pub(super) fn need(&mut self, helper: impl Into<String>) {
        self.helpers.insert(helper.into());
    }

    /// Makes sure that a function of the C library is declared.
    pub(super) fn symbol(&mut self, name: &str, declaration: &str) {
        self.symbols.entry(name.to_owned()).or_insert_with(|| declaration.to_owned());
    }

    /// A scope of accesses that no other has.
    pub(super) fn scope(&mut self) -> String {
        self.scopes += 1;
        format!("!{}", SCOPES + self.scopes)
    }

    /// A number that no outlined body has yet.
    pub(super) fn outline(&mut self) -> usize {
        self.outlined += 1;
        self.outlined - 1
    }
}

/// Attributes of all functions. Mathematics and random numbers are so much to compute that vectors
/// of 512 bits are worth it, where there are some; memory is faster with 256, which LLVM prefers.
const NARROW: &str = "attributes #0 = { nounwind }\n";
const WIDE: &str = "attributes #0 = { nounwind \"prefer-vector-width\"=\"512\" }\n";

/// The tag of accesses to elements of a dtype: such of different ones don't overlap. Signed and
/// unsigned ones may, as in C, and the parts of complex numbers are floats.
pub(super) fn tag(dtype: Scalar) -> &'static str {
    match dtype {
        Scalar::Bool => ", !tbaa !11",
        Scalar::I8 | Scalar::U8 => ", !tbaa !12",
        Scalar::I16 | Scalar::U16 => ", !tbaa !13",
        Scalar::I32 | Scalar::U32 => ", !tbaa !14",
        Scalar::I64 | Scalar::U64 => ", !tbaa !15",
        Scalar::F32 | Scalar::C64 => ", !tbaa !16",
        Scalar::F64 | Scalar::C128 => ", !tbaa !17",
    }
}

/// The tag of accesses to what a list is: where its items are, and how many.
pub(super) const LIST: &str = ", !tbaa !18";

/// The tag of accesses to lists' items.
pub(super) const ITEMS: &str = ", !tbaa !19";

/// The tag of accesses to contexts and slots.
pub(super) const OURS: &str = ", !tbaa !10";

/// Weights of a branch whose first way is the likely one.
pub(super) const LIKELY: &str = ", !prof !20";

/// The range of sizes.
pub(super) const SIZE: &str = ", !range !21";

/// Of the branch that ends a loop of which nothing special should be made, as it hardly ever runs.
pub(super) const PLAIN: &str = ", !llvm.loop !22";

/// Of the branch that ends a loop with mathematical functions: once more of that is enough to read.
pub(super) const HEAVY: &str = ", !llvm.loop !28";

/// The number of the domain of scopes; theirs come behind it.
const SCOPES: usize = 100;

/// What the tags refer to.
const METADATA: &str = "\
!0 = !{!\"manycore\"}
!1 = !{!\"ours\", !0}
!2 = !{!\"bool\", !0}
!3 = !{!\"int8\", !0}
!4 = !{!\"int16\", !0}
!5 = !{!\"int32\", !0}
!6 = !{!\"int64\", !0}
!7 = !{!\"float32\", !0}
!8 = !{!\"float64\", !0}
!9 = !{!\"list\", !0}
!10 = !{!1, !1, i64 0}
!11 = !{!2, !2, i64 0}
!12 = !{!3, !3, i64 0}
!13 = !{!4, !4, i64 0}
!14 = !{!5, !5, i64 0}
!15 = !{!6, !6, i64 0}
!16 = !{!7, !7, i64 0}
!17 = !{!8, !8, i64 0}
!18 = !{!9, !9, i64 0}
!19 = !{!25, !25, i64 0}
!20 = !{!\"branch_weights\", i32 2000, i32 1}
!21 = !{i64 0, i64 9223372036854775807}
!22 = distinct !{!22, !23}
!23 = !{!\"llvm.loop.disable_nonforced\"}
!24 = !{!\"branch_weights\", i32 1, i32 2000}
!25 = !{!\"items\", !0}
!28 = distinct !{!28, !26, !27}
!26 = !{!\"llvm.loop.interleave.count\", i32 1}
!27 = !{!\"llvm.loop.unroll.runtime.disable\"}
!100 = distinct !{!100}
";
