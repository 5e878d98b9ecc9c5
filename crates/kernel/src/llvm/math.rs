//! Mathematical functions: LLVM's own, our vector mathematics (`math/*.ll`), or the C library's.

use super::leaf::{float, number, width};
use super::writer::{Leaves, Writer};
use crate::ir::{Expr, ExprKind, Math, Value};
use crate::types::Scalar;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::sync::LazyLock;

/// Texts of helpers, parted by empty lines.
const SOURCES: [&str; 9] = [
    include_str!("support.ll"),
    include_str!("math/error.ll"),
    include_str!("math/exp.ll"),
    include_str!("math/hyperbolic.ll"),
    include_str!("math/inverse.ll"),
    include_str!("math/log.ll"),
    include_str!("math/power.ll"),
    include_str!("math/roots.ll"),
    include_str!("math/trig.ll"),
];

/// Helpers by name.
static HELPERS: LazyLock<BTreeMap<&'static str, &'static str>> = LazyLock::new(|| {
    let blocks = SOURCES.iter().flat_map(|source| source.split("\n\n"));
    blocks
        .filter_map(|block| {
            let definition = block.lines().find(|line| line.starts_with("define "))?;
            Some((ours(definition).next()?, block))
        })
        .collect()
});

/// A helper's text.
pub(super) fn helper(name: &str) -> &'static str {
    HELPERS.get(name).unwrap_or_else(|| unreachable!("a helper {name}"))
}

/// The names of our helpers in a text.
pub(super) fn ours(text: &'static str) -> impl Iterator<Item = &'static str> {
    text.split('@').skip(1).filter_map(|rest| {
        let end = rest.find('(')?;
        rest[..end].starts_with("mc.").then_some(&rest[..end])
    })
}

/// The text of helpers, and of those that they call.
pub(super) fn library(names: &BTreeSet<String>) -> String {
    let mut text = String::new();
    let mut waiting: Vec<String> = names.iter().cloned().collect();
    let mut seen = BTreeSet::new();
    while let Some(name) = waiting.pop() {
        let block = helper(&name);
        if seen.insert(name) {
            text.push_str(block.trim());
            text.push_str("\n\n");
            waiting.extend(ours(block).map(str::to_owned));
        }
    }
    text
}

/// Where a function comes from.
enum Source {
    /// An intrinsic of LLVM's.
    Intrinsic(&'static str),
    /// Ours, if `math/*.ll` has it for the type, else the C library's.
    Named(&'static str),
    /// A truth value.
    Test,
}

fn source(function: Math) -> Source {
    match function {
        Math::Sqrt => Source::Intrinsic("sqrt"),
        Math::Floor => Source::Intrinsic("floor"),
        Math::Ceil => Source::Intrinsic("ceil"),
        Math::Trunc => Source::Intrinsic("trunc"),
        Math::Round => Source::Intrinsic("roundeven"),
        Math::Fma => Source::Intrinsic("fma"),
        Math::IsNan | Math::IsInf | Math::IsFinite | Math::SignBit => Source::Test,
        Math::Cbrt => Source::Named("cbrt"),
        Math::Exp => Source::Named("exp"),
        Math::Exp2 => Source::Named("exp2"),
        Math::Expm1 => Source::Named("expm1"),
        Math::Log => Source::Named("log"),
        Math::Log2 => Source::Named("log2"),
        Math::Log10 => Source::Named("log10"),
        Math::Log1p => Source::Named("log1p"),
        Math::Sin => Source::Named("sin"),
        Math::Cos => Source::Named("cos"),
        Math::Tan => Source::Named("tan"),
        Math::Asin => Source::Named("asin"),
        Math::Acos => Source::Named("acos"),
        Math::Atan => Source::Named("atan"),
        Math::Atan2 => Source::Named("atan2"),
        Math::Sinh => Source::Named("sinh"),
        Math::Cosh => Source::Named("cosh"),
        Math::Tanh => Source::Named("tanh"),
        Math::Asinh => Source::Named("asinh"),
        Math::Acosh => Source::Named("acosh"),
        Math::Atanh => Source::Named("atanh"),
        Math::Pow => Source::Named("pow"),
        Math::Hypot => Source::Named("hypot"),
        Math::Erf => Source::Named("erf"),
        Math::Erfc => Source::Named("erfc"),
        Math::Gamma => Source::Named("tgamma"),
        Math::LogGamma => Source::Named("lgamma"),
        Math::NextAfter => Source::Named("nextafter"),
    }
}

/// Whether a function takes many instructions.
pub(super) fn is_heavy(function: Math) -> bool {
    matches!(source(function), Source::Named(_))
}

impl Writer<'_, '_> {
    pub(super) fn math(&mut self, function: Math, arguments: &[Expr], whole: &Expr) -> Leaves {
        let scalar = arguments[0].scalar();
        if function == Math::Pow
            && !scalar.is_complex()
            && let Some(power) = small_power(&arguments[1])
        {
            let base = self.number(&arguments[0]);
            return vec![self.small_power(scalar, &base, power)];
        }
        let rows: Vec<Leaves> = arguments.iter().map(|argument| self.value(argument)).collect();
        match source(function) {
            Source::Test => vec![self.test(function, scalar, &rows[0])],
            Source::Named(name) if scalar.is_complex() => {
                self.complex_function(name, scalar, &rows)
            }
            Source::Intrinsic("sqrt") if scalar.is_complex() => {
                self.complex_function("sqrt", scalar, &rows)
            }
            // Rounding a complex number rounds its parts.
            Source::Intrinsic(name) => (0..rows[0].len())
                .map(|part| {
                    let row: Vec<&str> = rows.iter().map(|row| &*row[part]).collect();
                    self.intrinsic(name, whole.scalar().real(), &row)
                })
                .collect(),
            Source::Named(name) => {
                let row: Vec<&str> = rows.iter().map(|row| &*row[0]).collect();
                vec![self.function_of(name, scalar, &row)]
            }
        }
    }

    /// A function of floats, by the C library's name.
    pub(super) fn function_of(&mut self, name: &str, scalar: Scalar, row: &[&str]) -> String {
        let ty = number(scalar);
        let helper = format!("mc.{name}.f{}", width(scalar));
        let arguments: Vec<String> = row.iter().map(|value| format!("{ty} {value}")).collect();
        let arguments = arguments.join(", ");
        let symbol = if scalar == Scalar::F32 { format!("{name}f") } else { name.to_owned() };
        if HELPERS.contains_key(&*helper) {
            let far = format!("mc.{name}.far.f{}", width(scalar));
            let called = if HELPERS.contains_key(&*far) {
                self.shared.vectors.choice(name, &symbol, scalar)
            } else {
                self.shared.vectors.need(&helper);
                helper
            };
            let single = if self.is_single { " noduplicate" } else { "" };
            return self.op(format_args!("call {ty} @{called}({arguments}){single}"));
        }
        self.library_call(&symbol, ty, &vec![ty; row.len()]);
        self.op(format_args!("call {ty} @{symbol}({arguments})"))
    }

    /// Declares a function of the C library that computes and does nothing else.
    fn library_call(&mut self, symbol: &str, result: &str, parameters: &[&str]) {
        let mut declaration = format!("declare {result} @{symbol}(");
        write!(declaration, "{}) nounwind willreturn memory(none)", parameters.join(", "))
            .expect("text can be written");
        self.shared.symbol(symbol, &declaration);
    }

    /// Functions of complex numbers are the C library's, of complex128: its parts are passed and
    /// returned as two floats.
    fn complex_function(&mut self, name: &str, scalar: Scalar, rows: &[Leaves]) -> Leaves {
        let symbol = format!("c{name}");
        let mut arguments = Vec::new();
        for row in rows {
            for part in self.convert(row, scalar, Scalar::C128) {
                arguments.push(format!("double {part}"));
            }
        }
        self.library_call(&symbol, "{ double, double }", &vec!["double"; arguments.len()]);
        let pair =
            self.op(format_args!("call {{ double, double }} @{symbol}({})", arguments.join(", ")));
        let parts = [0, 1]
            .map(|at| self.op(format_args!("extractvalue {{ double, double }} {pair}, {at}")));
        self.convert(&parts, Scalar::C128, scalar)
    }

    /// A power that is a few products, as NumPy has it for squares.
    fn small_power(&mut self, scalar: Scalar, base: &str, power: i32) -> String {
        let square = |writer: &mut Self| writer.float("fmul", scalar, base, base);
        match power {
            0 => float(scalar, 1.0),
            1 => base.to_owned(),
            2 => square(self),
            3 => {
                let square = square(self);
                self.float("fmul", scalar, &square, base)
            }
            4 => {
                let square = square(self);
                self.float("fmul", scalar, &square, &square)
            }
            _ => self.float("fdiv", scalar, &float(scalar, 1.0), base),
        }
    }

    /// A question about floats: by their bits, which `fastmath` has no opinion about.
    fn test(&mut self, function: Math, scalar: Scalar, row: &[String]) -> String {
        let real = scalar.real();
        let mut found: Option<String> = None;
        for part in row {
            let next = self.test_real(function, real, part);
            found = Some(match found {
                None => next,
                // Both parts finite, or one of them not a number.
                Some(one) if function == Math::IsFinite => {
                    self.op(format_args!("and i1 {one}, {next}"))
                }
                Some(one) => self.op(format_args!("or i1 {one}, {next}")),
            });
        }
        found.expect("a part of a number")
    }

    fn test_real(&mut self, function: Math, real: Scalar, part: &str) -> String {
        let (ty, bits, infinity): (_, _, u64) = match real {
            Scalar::F32 => ("float", "i32", 0x7f80_0000),
            _ => ("double", "i64", 0x7ff0_0000_0000_0000),
        };
        let word = self.op(format_args!("bitcast {ty} {part} to {bits}"));
        if function == Math::SignBit {
            return self.op(format_args!("icmp slt {bits} {word}, 0"));
        }
        let size = self.op(format_args!("and {bits} {word}, {}", most(bits)));
        let name = match function {
            Math::IsNan => "ugt",
            Math::IsInf => "eq",
            _ => "ult",
        };
        self.op(format_args!("icmp {name} {bits} {size}, {infinity}"))
    }
}

/// All bits but the sign's.
fn most(bits: &str) -> i64 {
    if bits == "i32" { i64::from(i32::MAX) } else { i64::MAX }
}

/// A constant power that takes a few products.
fn small_power(expr: &Expr) -> Option<i32> {
    let ExprKind::Const(Value::Float(power)) = expr.kind else { return None };
    (-1..=4).find(|small| f64::from(*small) == power)
}
