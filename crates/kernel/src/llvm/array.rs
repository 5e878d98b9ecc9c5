//! Arrays: elements, indices, new ones and views.

use super::bounds::Proof;
use super::leaf::number;
use super::shared::{self, LIKELY, OURS};
use super::writer::{Leaves, Writer, field};
use crate::abi::HEADER;
use crate::ir::{Exception, Expr, ExprKind, Local, Place};
use crate::message;
use crate::types::{Layout, Scalar};

impl Writer<'_, '_> {
    pub(super) fn load(&mut self, array: Local, place: &Place) -> Leaves {
        let dtype = self.function.array(array).dtype;
        let address = self.element(array, place);
        let tags = self.tags(array);
        self.load_at(&address, dtype, &tags)
    }

    /// What accesses to an array say of what they don't overlap with.
    fn tags(&self, array: Local) -> String {
        let scopes = self.scopes.get(&array).map_or("", String::as_str);
        format!("{}{scopes}", shared::tag(self.function.array(array).dtype))
    }

    /// The element at an address.
    pub(super) fn load_at(&mut self, address: &str, dtype: Scalar, tag: &str) -> Leaves {
        let ty = number(dtype);
        if dtype == Scalar::Bool {
            let byte = self.op(format_args!("load i8, ptr {address}{tag}"));
            return vec![self.op(format_args!("icmp ne i8 {byte}, 0"))];
        }
        let first = self.op(format_args!("load {ty}, ptr {address}{tag}"));
        if !dtype.is_complex() {
            return vec![first];
        }
        let second = self.offset(address, dtype.size() / 2);
        let second = self.op(format_args!("load {ty}, ptr {second}{tag}"));
        vec![first, second]
    }

    pub(super) fn store(&mut self, array: Local, place: &Place, value: &Expr) {
        let dtype = self.function.array(array).dtype;
        let address = self.element(array, place);
        let row = self.value(value);
        let tags = self.tags(array);
        self.store_at(&address, dtype, &row, &tags);
    }

    /// Writes the element at an address.
    pub(super) fn store_at(&mut self, address: &str, dtype: Scalar, row: &[String], tag: &str) {
        let ty = number(dtype);
        if dtype == Scalar::Bool {
            let byte = self.op(format_args!("zext i1 {} to i8", row[0]));
            return self.act(format_args!("store i8 {byte}, ptr {address}{tag}"));
        }
        self.act(format_args!("store {ty} {}, ptr {address}{tag}", row[0]));
        if dtype.is_complex() {
            let second = self.offset(address, dtype.size() / 2);
            self.act(format_args!("store {ty} {}, ptr {second}{tag}", row[1]));
        }
    }

    /// An element's address.
    fn element(&mut self, array: Local, place: &Place) -> String {
        let ty = self.function.array(array);
        let layout = if ty.ndim == 0 { Layout::C } else { ty.layout };
        match place {
            Place::Flat(at) => {
                let at = self.number(at);
                let data = self.leaf(array, 0);
                self.nth(&data, &at, ty.dtype)
            }
            Place::Indices(all) => {
                let indices = self.numbers(all);
                let data = self.leaf(array, 0);
                match layout {
                    Layout::Any => self.strided(array, &data, &indices),
                    Layout::C => {
                        let at = self.number_among(array, &indices, &mut (0..indices.len()));
                        self.nth(&data, &at, ty.dtype)
                    }
                    Layout::F => {
                        let at = self.number_among(array, &indices, &mut (0..indices.len()).rev());
                        self.nth(&data, &at, ty.dtype)
                    }
                }
            }
        }
    }

    /// The address of the element with that number.
    pub(super) fn nth(&mut self, data: &str, at: &str, dtype: Scalar) -> String {
        let (ty, at) = match dtype {
            Scalar::Bool => ("i8", at.to_owned()),
            Scalar::C64 | Scalar::C128 => {
                (number(dtype), self.op(format_args!("shl nuw nsw i64 {at}, 1")))
            }
            _ => (number(dtype), at.to_owned()),
        };
        self.op(format_args!("getelementptr inbounds {ty}, ptr {data}, i64 {at}"))
    }

    /// The number of an element among all, the last of `axes` counting fastest.
    fn number_among(
        &mut self,
        array: Local,
        indices: &[String],
        axes: &mut dyn Iterator<Item = usize>,
    ) -> String {
        let Some(first) = axes.next() else { return "0".to_owned() };
        let mut at = indices[first].clone();
        for axis in axes {
            let size = self.leaf(array, 2 + axis);
            let row = self.op(format_args!("mul nuw nsw i64 {at}, {size}"));
            at = self.op(format_args!("add nuw nsw i64 {row}, {}", indices[axis]));
        }
        at
    }

    fn strided(&mut self, array: Local, data: &str, indices: &[String]) -> String {
        let ndim = indices.len();
        let mut address = data.to_owned();
        for (axis, index) in indices.iter().enumerate() {
            let stride = self.leaf(array, 2 + ndim + axis);
            let bytes = self.op(format_args!("mul nsw i64 {index}, {stride}"));
            address =
                self.op(format_args!("getelementptr inbounds i8, ptr {address}, i64 {bytes}"));
        }
        address
    }

    /// Bytes from an element to the next along an axis: by the sizes where the layout says it.
    pub(super) fn stride(&mut self, array: Local, axis: usize) -> String {
        let ty = self.function.array(array);
        let ndim = usize::from(ty.ndim);
        let inner = match ty.layout {
            Layout::Any => return self.leaf(array, 2 + ndim + axis),
            Layout::C => axis + 1..ndim,
            Layout::F => 0..axis,
        };
        let mut stride = ty.dtype.size().to_string();
        for axis in inner {
            let size = self.leaf(array, 2 + axis);
            stride = self.op(format_args!("mul nuw nsw i64 {stride}, {size}"));
        }
        stride
    }

    /// An index from the start, of one that may be from the end; fails if there is no such element.
    pub(super) fn index(
        &mut self,
        whole: &Expr,
        index: &Expr,
        size: &Expr,
        axis: usize,
        check: bool,
    ) -> String {
        let proof = self.proofs.get(&std::ptr::from_ref(whole).addr()).cloned();
        let given = self.number(index);
        match proof {
            Some(Proof::Within) => return given,
            Some(Proof::Wraps) => {
                let size = self.number(size);
                return self.wrap(&given, &size);
            }
            Some(Proof::If(_)) | None => {}
        }
        if given.parse::<i64>().is_ok_and(|number| number >= 0) && !check {
            return given;
        }
        let size = self.number(size);
        if !check {
            return self.wrap(&given, &size);
        }
        let parts = message::out_of_bounds(axis);
        let site =
            self.shared.site(Exception::Index, parts, self.function, whole.span.line).to_string();
        if !self.versions {
            // Hardly ever run: little to read for LLVM counts more than speed.
            self.shared.need("mc.index");
            let at = self.op(format_args!(
                "call i64 @mc.index(ptr %context, i64 {given}, i64 {size}, i64 {site})"
            ));
            let within = self.op(format_args!("icmp sge i64 {at}, 0"));
            self.expect(&within, "fail");
            return at;
        }
        let (look, go) = (self.fresh("look"), self.fresh("go"));
        let known = match &proof {
            Some(Proof::If(known)) => {
                let from = self.here();
                self.branch(known, &go, &look);
                Some(from)
            }
            _ => None,
        };
        self.label(&look);
        let at = self.wrap(&given, &size);
        let within = self.op(format_args!("icmp ult i64 {at}, {size}"));
        let from = self.here();
        self.leave(format_args!("br i1 {within}, label %{go}, label %outside{LIKELY}"));
        self.outside.push((from.clone(), [site, given.clone(), size]));
        self.label(&go);
        match known {
            Some(known) => {
                self.op(format_args!("phi i64 [ {given}, %{known} ], [ {at}, %{from} ]"))
            }
            None => at,
        }
    }

    /// Writes where all indices that are out of bounds lead.
    pub(super) fn write_outside(&mut self) {
        let outside = std::mem::take(&mut self.outside);
        if outside.is_empty() {
            return;
        }
        self.label("outside");
        let values = [0, 1, 2].map(|at| {
            let ways: Vec<String> =
                outside.iter().map(|(from, row)| format!("[ {}, %{from} ]", row[at])).collect();
            self.op(format_args!("phi i64 {}", ways.join(", ")))
        });
        for (value, field) in values.iter().zip([field::SITE, field::VALUES, field::VALUES + 8]) {
            let address = self.offset("%context", field);
            self.act(format_args!("store i64 {value}, ptr {address}{OURS}"));
        }
        self.jump("fail");
    }

    fn wrap(&mut self, given: &str, size: &str) -> String {
        match given.parse::<i64>() {
            Ok(number) if number >= 0 => given.to_owned(),
            Ok(_) => self.op(format_args!("add i64 {given}, {size}")),
            Err(_) => {
                let negative = self.op(format_args!("icmp slt i64 {given}, 0"));
                let added = self.op(format_args!("add i64 {given}, {size}"));
                self.op(format_args!("select i1 {negative}, i64 {added}, i64 {given}"))
            }
        }
    }

    /// A new array, in C order.
    pub(super) fn allocate(&mut self, expr: &Expr, shape: &[Expr], zeroed: bool) -> Leaves {
        let array = expr.ty.as_array().expect("an array is allocated");
        let sizes = self.numbers(shape);
        self.allocate_sizes(array.dtype, &sizes, zeroed, expr.span.line)
    }

    /// A new array of these sizes, in C order.
    pub(super) fn allocate_sizes(
        &mut self,
        dtype: Scalar,
        sizes: &[String],
        zeroed: bool,
        line: u32,
    ) -> Leaves {
        let mut strides = vec![String::new(); sizes.len()];
        let mut bytes = dtype.size().to_string();
        let mut over = "false".to_owned();
        for (axis, size) in sizes.iter().enumerate().rev() {
            strides[axis].clone_from(&bytes);
            let pair = self.op(format_args!(
                "call {{ i64, i1 }} @llvm.umul.with.overflow.i64(i64 {bytes}, i64 {size})"
            ));
            bytes = self.op(format_args!("extractvalue {{ i64, i1 }} {pair}, 0"));
            let more = self.op(format_args!("extractvalue {{ i64, i1 }} {pair}, 1"));
            over = self.op(format_args!("or i1 {over}, {more}"));
        }
        let wanted = self.op(format_args!("select i1 {over}, i64 -1, i64 {bytes}"));
        let allocate = self.callback(0);
        let owner = self.op(format_args!(
            "call noalias ptr {allocate}(i64 {wanted}, i64 {})",
            u64::from(zeroed)
        ));
        let none = self.op(format_args!("icmp ne ptr {owner}, null"));
        let (bad, go) = (self.fresh("bad"), self.fresh("go"));
        self.leave(format_args!("br i1 {none}, label %{go}, label %{bad}{LIKELY}"));
        self.label(&bad);
        let wanted = [(Scalar::U64, wanted)];
        self.raise(Exception::Memory, message::no_memory(), &wanted, line);
        self.label(&go);
        let data = self.offset(&owner, HEADER);
        let mut row = vec![data, owner];
        row.extend(sizes.iter().cloned());
        row.extend(strides);
        row
    }

    /// A view of an array, without a reference of its own.
    pub(super) fn view(&mut self, expr: &Expr) -> Leaves {
        let ExprKind::View { array, offset, shape, strides } = &expr.kind else {
            unreachable!("a view is {:?}", expr.kind)
        };
        let bytes = self.number(offset);
        let sizes = self.numbers(shape);
        let strides = self.numbers(strides);
        let data = self.leaf(*array, 0);
        let owner = self.leaf(*array, 1);
        let data = self.op(format_args!("getelementptr i8, ptr {data}, i64 {bytes}"));
        let mut row = vec![data, owner];
        row.extend(sizes);
        row.extend(strides);
        row
    }

    /// A stack slot with that many leaves' room.
    pub(super) fn room(&mut self, slots: usize) -> String {
        self.stack(format_args!("[{} x i64], align 8", slots.max(1)))
    }
}
