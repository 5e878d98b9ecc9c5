//! Numbers: arithmetic, comparison and conversion as NumPy does them.

use super::leaf::{self, float, is_signed, number, width};
use super::writer::{Leaves, Writer};
use crate::ir::{Binary, Compare, Expr, FastMath, Unary};
use crate::types::{Kind, Scalar};

/// Whether an operation is a few instructions.
pub(super) fn is_cheap(op: Binary) -> bool {
    !matches!(op, Binary::Div | Binary::FloorDiv | Binary::Mod | Binary::Rem | Binary::Pow)
}

impl Writer<'_, '_> {
    /// The liberties of floating-point operations here. That there is neither NaN nor infinity is
    /// none of them, so that `isnan` tells the truth.
    pub(super) fn flags(&self) -> &'static str {
        match self.function.math {
            FastMath::All => "reassoc nsz arcp contract afn ",
            FastMath::Sums if self.is_sum => "reassoc ",
            FastMath::Sums | FastMath::None => "",
        }
    }

    /// A floating-point operation on two operands.
    pub(super) fn float(&mut self, op: &str, scalar: Scalar, one: &str, two: &str) -> String {
        let flags = self.flags();
        self.op(format_args!("{op} {flags}{} {one}, {two}", number(scalar)))
    }

    /// An intrinsic that is one of a family by its operands' type.
    pub(super) fn intrinsic(&mut self, name: &str, scalar: Scalar, arguments: &[&str]) -> String {
        let ty = number(scalar);
        let (family, flags) = match ty {
            "float" => ("f32", self.flags()),
            "double" => ("f64", self.flags()),
            other => (other, ""),
        };
        let arguments: Vec<String> = arguments.iter().map(|text| format!("{ty} {text}")).collect();
        self.op(format_args!("call {flags}{ty} @llvm.{name}.{family}({})", arguments.join(", ")))
    }

    pub(super) fn unary(&mut self, op: Unary, operand: &Expr, whole: &Expr) -> Leaves {
        let scalar = operand.scalar();
        let row = self.value(operand);
        if scalar.is_complex() {
            return self.unary_complex(op, scalar, &row);
        }
        let (ty, x) = (number(scalar), &row[0]);
        vec![match (op, scalar.kind()) {
            (Unary::Neg, Kind::Float) => {
                let flags = self.flags();
                self.op(format_args!("fneg {flags}{ty} {x}"))
            }
            (Unary::Neg, _) => self.op(format_args!("sub {ty} 0, {x}")),
            (Unary::Invert, Kind::Bool) | (Unary::Not, _) => {
                self.op(format_args!("xor i1 {x}, true"))
            }
            (Unary::Invert, _) => self.op(format_args!("xor {ty} {x}, -1")),
            (Unary::Abs, Kind::Float) => self.intrinsic("fabs", scalar, &[x]),
            (Unary::Abs, Kind::Signed) => {
                self.op(format_args!("call {ty} @llvm.abs.{ty}({ty} {x}, i1 false)"))
            }
            (Unary::Abs, _) => x.clone(),
            (Unary::PopCount, _) => {
                let count = self.op(format_args!("call {ty} @llvm.ctpop.{ty}({ty} {x})"));
                let unsigned = if scalar.size() == 1 { Scalar::U8 } else { Scalar::U64 };
                self.resize(&count, width(scalar), unsigned, whole.scalar())
            }
        }]
    }

    pub(super) fn binary(
        &mut self,
        op: Binary,
        scalar: Scalar,
        one: &[String],
        two: &[String],
    ) -> Leaves {
        match scalar.kind() {
            Kind::Complex => self.binary_complex(op, scalar, one, two),
            Kind::Float => vec![self.binary_float(op, scalar, &one[0], &two[0])],
            Kind::Bool => vec![self.binary_bool(op, &one[0], &two[0])],
            _ => vec![self.binary_int(op, scalar, &one[0], &two[0])],
        }
    }

    fn binary_bool(&mut self, op: Binary, a: &str, b: &str) -> String {
        let name = match op {
            Binary::Add | Binary::Or | Binary::Max | Binary::FMax => "or",
            Binary::Mul | Binary::And | Binary::Min | Binary::FMin => "and",
            _ => "xor",
        };
        self.op(format_args!("{name} i1 {a}, {b}"))
    }

    fn binary_int(&mut self, op: Binary, scalar: Scalar, a: &str, b: &str) -> String {
        let ty = number(scalar);
        let sign = if is_signed(scalar) { "s" } else { "u" };
        let plain = match op {
            Binary::Add => "add",
            Binary::Sub => "sub",
            Binary::Mul => "mul",
            Binary::And => "and",
            Binary::Or => "or",
            Binary::Xor => "xor",
            Binary::Min | Binary::FMin => {
                return self.intrinsic(&format!("{sign}min"), scalar, &[a, b]);
            }
            Binary::Max | Binary::FMax => {
                return self.intrinsic(&format!("{sign}max"), scalar, &[a, b]);
            }
            Binary::ShiftLeft | Binary::ShiftRight => return self.shift(op, scalar, a, b),
            Binary::Pow => {
                self.shared.need(format!("mc.power.{ty}"));
                return self.op(format_args!("call {ty} @mc.power.{ty}({ty} {a}, {ty} {b})"));
            }
            Binary::Div | Binary::FloorDiv | Binary::Mod | Binary::Rem | Binary::CopySign => {
                return self.divide(op, scalar, a, b);
            }
        };
        self.op(format_args!("{plain} {ty} {a}, {b}"))
    }

    fn shift(&mut self, op: Binary, scalar: Scalar, a: &str, b: &str) -> String {
        let (ty, width) = (number(scalar), width(scalar));
        let most = self.op(format_args!("call {ty} @llvm.umin.{ty}({ty} {b}, {ty} {})", width - 1));
        if op == Binary::ShiftRight {
            let name = if is_signed(scalar) { "ashr" } else { "lshr" };
            return self.op(format_args!("{name} {ty} {a}, {most}"));
        }
        let shifted = self.op(format_args!("shl {ty} {a}, {most}"));
        let fits = self.op(format_args!("icmp ult {ty} {b}, {width}"));
        self.op(format_args!("select i1 {fits}, {ty} {shifted}, {ty} 0"))
    }

    /// Quotient or remainder. LLVM's are undefined for a divisor of 0, and of -1 where the quotient
    /// overflows, so that it divides by 1 there and the result is put right.
    fn divide(&mut self, op: Binary, scalar: Scalar, a: &str, b: &str) -> String {
        let ty = number(scalar);
        if !is_signed(scalar) {
            let none = self.op(format_args!("icmp eq {ty} {b}, 0"));
            let safe = self.op(format_args!("select i1 {none}, {ty} 1, {ty} {b}"));
            let name = if matches!(op, Binary::Mod | Binary::Rem) { "urem" } else { "udiv" };
            let found = self.op(format_args!("{name} {ty} {a}, {safe}"));
            return self.op(format_args!("select i1 {none}, {ty} 0, {ty} {found}"));
        }
        if let Some(bits) = b.parse::<i64>().ok().filter(|b| *b > 1 && b.count_ones() == 1) {
            match op {
                Binary::Mod => return self.op(format_args!("and {ty} {a}, {}", bits - 1)),
                Binary::FloorDiv => {
                    return self.op(format_args!("ashr {ty} {a}, {}", bits.trailing_zeros()));
                }
                _ => {}
            }
        }
        let none = self.op(format_args!("icmp eq {ty} {b}, 0"));
        let minus = self.op(format_args!("icmp eq {ty} {b}, -1"));
        let odd = self.op(format_args!("or i1 {none}, {minus}"));
        let safe = self.op(format_args!("select i1 {odd}, {ty} 1, {ty} {b}"));
        let rest = self.op(format_args!("srem {ty} {a}, {safe}"));
        if op == Binary::Rem {
            return rest;
        }
        let some = self.op(format_args!("icmp ne {ty} {rest}, 0"));
        let mixed = self.op(format_args!("xor {ty} {rest}, {safe}"));
        let apart = self.op(format_args!("icmp slt {ty} {mixed}, 0"));
        let lower = self.op(format_args!("and i1 {some}, {apart}"));
        if op == Binary::Mod {
            let more = self.op(format_args!("select i1 {lower}, {ty} {safe}, {ty} 0"));
            return self.op(format_args!("add {ty} {rest}, {more}"));
        }
        let quotient = self.op(format_args!("sdiv {ty} {a}, {safe}"));
        let down = self.op(format_args!("sext i1 {lower} to {ty}"));
        let floor = self.op(format_args!("add {ty} {quotient}, {down}"));
        let negative = self.op(format_args!("sub {ty} 0, {a}"));
        let signed = self.op(format_args!("select i1 {minus}, {ty} {negative}, {ty} {floor}"));
        self.op(format_args!("select i1 {none}, {ty} 0, {ty} {signed}"))
    }

    pub(super) fn binary_float(&mut self, op: Binary, scalar: Scalar, a: &str, b: &str) -> String {
        match op {
            Binary::Add => self.float("fadd", scalar, a, b),
            Binary::Sub => self.float("fsub", scalar, a, b),
            Binary::Mul => self.float("fmul", scalar, a, b),
            Binary::Div => self.float("fdiv", scalar, a, b),
            Binary::Rem => self.remainder(scalar, a, b),
            Binary::FloorDiv => {
                let ty = number(scalar);
                self.need_remainder(scalar);
                self.shared.need(format!("mc.floordiv.{ty}"));
                self.op(format_args!("call {ty} @mc.floordiv.{ty}({ty} {a}, {ty} {b})"))
            }
            Binary::Mod => {
                let ty = number(scalar);
                self.need_remainder(scalar);
                self.shared.need(format!("mc.mod.{ty}"));
                self.op(format_args!("call {ty} @mc.mod.{ty}({ty} {a}, {ty} {b})"))
            }
            Binary::Min => self.intrinsic("minimum", scalar, &[a, b]),
            Binary::Max => self.intrinsic("maximum", scalar, &[a, b]),
            Binary::FMin => self.intrinsic("minimumnum", scalar, &[a, b]),
            Binary::FMax => self.intrinsic("maximumnum", scalar, &[a, b]),
            Binary::CopySign => self.intrinsic("copysign", scalar, &[a, b]),
            _ => unreachable!("{op:?} of {scalar}"),
        }
    }

    fn remainder(&mut self, scalar: Scalar, a: &str, b: &str) -> String {
        self.need_remainder(scalar);
        self.op(format_args!("frem {} {a}, {b}", number(scalar)))
    }

    /// LLVM makes a call of the C library of `frem`.
    fn need_remainder(&mut self, scalar: Scalar) {
        match scalar.real() {
            Scalar::F32 => self.shared.symbol("fmodf", "declare float @fmodf(float, float)"),
            _ => self.shared.symbol("fmod", "declare double @fmod(double, double)"),
        }
    }

    pub(super) fn compare(
        &mut self,
        op: Compare,
        scalar: Scalar,
        one: &[String],
        two: &[String],
    ) -> String {
        if scalar.is_complex() {
            return self.compare_complex(op, scalar, one, two);
        }
        let (a, b) = (&one[0], &two[0]);
        let ty = number(scalar);
        if scalar.is_float() {
            let name = match op {
                Compare::Eq => "oeq",
                Compare::Ne => "une",
                Compare::Lt => "olt",
                Compare::Le => "ole",
                Compare::Gt => "ogt",
                Compare::Ge => "oge",
            };
            return self.op(format_args!("fcmp {name} {ty} {a}, {b}"));
        }
        let sign = if is_signed(scalar) { "s" } else { "u" };
        let name = match op {
            Compare::Eq => "eq".to_owned(),
            Compare::Ne => "ne".to_owned(),
            Compare::Lt => format!("{sign}lt"),
            Compare::Le => format!("{sign}le"),
            Compare::Gt => format!("{sign}gt"),
            Compare::Ge => format!("{sign}ge"),
        };
        self.op(format_args!("icmp {name} {ty} {a}, {b}"))
    }

    /// `astype`.
    pub(super) fn convert(&mut self, row: &[String], from: Scalar, to: Scalar) -> Leaves {
        if from == to {
            return row.to_vec();
        }
        if to == Scalar::Bool {
            let zero = vec![zero(from); row.len()];
            return vec![self.compare(Compare::Ne, from, row, &zero)];
        }
        let real = self.convert_real(&row[0], from.real(), to.real());
        if !to.is_complex() {
            return vec![real];
        }
        let imaginary = match row.get(1) {
            Some(part) => self.convert_real(part, from.real(), to.real()),
            None => zero(to),
        };
        vec![real, imaginary]
    }

    fn convert_real(&mut self, x: &str, from: Scalar, to: Scalar) -> String {
        let (one, two) = (number(from), number(to));
        match (from.is_float(), to.is_float()) {
            (true, true) if from == to => x.to_owned(),
            (true, true) => {
                let name = if to == Scalar::F64 { "fpext" } else { "fptrunc" };
                self.op(format_args!("{name} {one} {x} to {two}"))
            }
            (false, true) => {
                let name = if is_signed(from) { "sitofp" } else { "uitofp" };
                self.op(format_args!("{name} {one} {x} to {two}"))
            }
            (false, false) => self.resize(x, width(from), from, to),
            (true, false) => self.truncate(x, from, to),
        }
    }

    /// An integer of another width; extended as the type that it was says.
    fn resize(&mut self, x: &str, bits: usize, from: Scalar, to: Scalar) -> String {
        let name = match bits.cmp(&width(to)) {
            std::cmp::Ordering::Equal => return x.to_owned(),
            std::cmp::Ordering::Greater => "trunc",
            std::cmp::Ordering::Less if is_signed(from) => "sext",
            std::cmp::Ordering::Less => "zext",
        };
        self.op(format_args!("{name} i{bits} {x} to {}", number(to)))
    }

    /// A float made an integer. What does not fit is undefined to LLVM and C; here it is the
    /// nearest that fits 32 or 64 bits, of which narrower types and `uint32` take the low ones, as
    /// the machine's own instructions have it in NumPy.
    fn truncate(&mut self, x: &str, from: Scalar, to: Scalar) -> String {
        let ty = number(from);
        let name = leaf_name(from);
        match to {
            Scalar::U64 => {
                let half = float(from, 9_223_372_036_854_775_808.0);
                let small = self.op(format_args!("fcmp olt {ty} {x}, {half}"));
                let low = self.op(format_args!("call i64 @llvm.fptosi.sat.i64.{name}({ty} {x})"));
                let high = self.op(format_args!("call i64 @llvm.fptoui.sat.i64.{name}({ty} {x})"));
                self.op(format_args!("select i1 {small}, i64 {low}, i64 {high}"))
            }
            _ => {
                let wide =
                    if width(to) < 32 || to == Scalar::I32 { Scalar::I32 } else { Scalar::I64 };
                let bits = number(wide);
                let found =
                    self.op(format_args!("call {bits} @llvm.fptosi.sat.{bits}.{name}({ty} {x})"));
                self.resize(&found, width(wide), wide, to)
            }
        }
    }
}

/// How intrinsics call a type.
fn leaf_name(scalar: Scalar) -> &'static str {
    if scalar == Scalar::F32 { "f32" } else { "f64" }
}

/// The spelling of a type's zero.
fn zero(scalar: Scalar) -> String {
    leaf::Leaf::Number(scalar.real()).zero().to_owned()
}
