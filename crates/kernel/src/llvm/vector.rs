//! Functions that LLVM calls while it optimises, and looks into when it has done so.
//!
//! Mathematical functions (`math/*.ll`) and random numbers are straight code in which there is
//! nothing to improve. So the optimiser is shown declarations, and told of versions for vectors:
//! the same text with every type made a vector. The definitions come behind the module's text, each
//! behind a [`MARK`]; whoever compiles it links those that are called in the end, and has them
//! inlined.
//!
//! `sin`, `cos` and `tan` of large arguments are left to the C library, for all lanes of a vector
//! if one of them is large.

use super::leaf;
use super::math::{helper, ours};
use crate::types::Scalar;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

/// What is in front of each definition: its name follows, and the line's end.
pub const MARK: &str = "\n;; ";

/// The functions of a module.
#[derive(Default)]
pub(super) struct Vectors {
    /// Declarations by name.
    declared: BTreeMap<String, String>,
    /// The names of versions for vectors, which must not be dropped before LLVM looks for them.
    versions: BTreeSet<String>,
    /// Definitions by name, and what they call.
    parts: BTreeMap<String, String>,
}

impl Vectors {
    pub(super) fn is_empty(&self) -> bool {
        self.declared.is_empty()
    }

    /// Makes sure that a helper of straight code can be called.
    pub(super) fn need(&mut self, name: &str) {
        if self.declared.contains_key(name) {
            return;
        }
        let (result, types) = signature(helper(name));
        self.define(name);
        for lanes in lanes(types[0]) {
            self.widen(name, lanes);
        }
        self.declare(name, result, &types);
    }

    /// Makes sure that a function can be called which takes the C library's `symbol` for what is
    /// too large for ours; its name.
    pub(super) fn choice(&mut self, name: &str, symbol: &str, scalar: Scalar) -> String {
        let ty = leaf::number(scalar);
        let family = format!("f{}", leaf::width(scalar));
        let (near, far) = (format!("mc.{name}.{family}"), format!("mc.{name}.far.{family}"));
        let full = format!("mc.{name}.full.{family}");
        if self.declared.contains_key(&full) {
            return full;
        }
        let library = format!("declare {ty} @{symbol}({ty}) nounwind willreturn memory(none)\n");
        self.parts.insert(symbol.to_owned(), library);
        self.define(&near);
        self.define(&far);
        self.parts.insert(full.clone(), one_choice(&full, &near, &far, symbol, ty));
        for lanes in lanes(ty) {
            let near = self.widen(&near, lanes);
            let far = self.widen(&far, lanes);
            let version = wide_name(&full, lanes);
            let text = wide_choice(&version, &near, &far, symbol, (lanes, ty));
            self.parts.insert(version, text);
        }
        self.declare(&full, ty, &[ty]);
        full
    }

    /// Declares a function and its versions.
    fn declare(&mut self, name: &str, result: &str, types: &[&str]) {
        let mut text = String::new();
        let mut mapped = Vec::new();
        for lanes in lanes(types[0]) {
            let version = wide_name(name, lanes);
            let row: Vec<String> = types.iter().map(|ty| format!("<{lanes} x {ty}>")).collect();
            writeln!(text, "declare <{lanes} x {result}> @{version}({}) {PURE}", row.join(", "))
                .expect("text can be written");
            mapped.push(format!("_ZGV_LLVM_N{lanes}{}_{name}({version})", "v".repeat(row.len())));
            self.versions.insert(version);
        }
        writeln!(
            text,
            "declare {result} @{name}({}) {PURE} \"vector-function-abi-variant\"=\"{}\"",
            types.join(", "),
            mapped.join(",")
        )
        .expect("text can be written");
        self.declared.insert(name.to_owned(), text);
    }

    /// Adds a helper's definition, and those of what it calls.
    fn define(&mut self, name: &str) {
        let block = helper(name);
        if self
            .parts
            .insert(name.to_owned(), code(block).map(|line| format!("{line}\n")).collect())
            .is_none()
        {
            ours(block).for_each(|callee| self.define(callee));
        }
    }

    /// The same for vectors; the name of that.
    fn widen(&mut self, name: &str, lanes: usize) -> String {
        let wide = wide_name(name, lanes);
        if !self.parts.contains_key(&wide) {
            let block = helper(name);
            let text = code(block).map(|line| widened_line(line, lanes) + "\n").collect();
            self.parts.insert(wide.clone(), text);
            for callee in ours(block).filter(|callee| *callee != name) {
                self.widen(callee, lanes);
            }
        }
        wide
    }

    /// What the module says of the functions.
    pub(super) fn declarations(&self) -> String {
        let mut text: String = self.declared.values().map(String::as_str).collect();
        if !self.versions.is_empty() {
            let kept: Vec<String> =
                self.versions.iter().map(|name| format!("ptr @{name}")).collect();
            writeln!(
                text,
                "@llvm.compiler.used = appending global [{} x ptr] [{}], section \"llvm.metadata\"",
                kept.len(),
                kept.join(", ")
            )
            .expect("text can be written");
        }
        text
    }

    /// What comes behind the module.
    pub(super) fn definitions(&self) -> String {
        self.parts.iter().map(|(name, text)| format!("{MARK}{name}\n{text}")).collect()
    }
}

const PURE: &str = "nounwind willreturn speculatable memory(none)";

/// How many values of a type vectors of 128 to 512 bits have, or such of larger types beside it.
fn lanes(ty: &str) -> impl Iterator<Item = usize> {
    let most = if ty == "float" { 16 } else { 8 };
    [2, 4, 8, 16].into_iter().filter(move |lanes| *lanes <= most)
}

/// The types of a helper's result and arguments.
fn signature(block: &str) -> (&str, Vec<&str>) {
    let line = block.lines().find(|line| line.starts_with("define ")).expect("a definition");
    let (head, rest) = line.split_once('(').expect("parameters");
    let (parameters, _) = rest.split_once(')').expect("parameters");
    let result = head.split(' ').nth(2).expect("a type");
    (result, parameters.split(", ").filter_map(|parameter| parameter.split(' ').next()).collect())
}

/// A helper's lines but for comments.
fn code(block: &str) -> impl Iterator<Item = &str> {
    block.lines().filter(|line| !line.trim_start().starts_with(';'))
}

fn one_choice(name: &str, near: &str, far: &str, symbol: &str, ty: &str) -> String {
    format!(
        "define internal {ty} @{name}({ty} %x) alwaysinline nounwind willreturn memory(none) {{
  %far = call i1 @{far}({ty} %x)
  br i1 %far, label %large, label %near
near:
  %found = call {ty} @{near}({ty} %x)
  br label %done
large:
  %other = call {ty} @{symbol}({ty} %x) cold
  br label %done
done:
  %value = phi {ty} [ %found, %near ], [ %other, %large ]
  ret {ty} %value
}}
"
    )
}

fn wide_choice(
    name: &str,
    near: &str,
    far: &str,
    symbol: &str,
    (lanes, ty): (usize, &str),
) -> String {
    let vector = format!("<{lanes} x {ty}>");
    format!(
        "define internal {vector} @{name}({vector} %x) alwaysinline nounwind willreturn memory(none) {{
start:
  %found = call {vector} @{near}({vector} %x)
  %far = call <{lanes} x i1> @{far}({vector} %x)
  %some = call i1 @llvm.vector.reduce.or.v{lanes}i1(<{lanes} x i1> %far)
  br i1 %some, label %each, label %done
each:
  %lane = phi i64 [ 0, %start ], [ %next, %each ]
  %row = phi {vector} [ %found, %start ], [ %filled, %each ]
  %one = extractelement {vector} %x, i64 %lane
  %large = extractelement <{lanes} x i1> %far, i64 %lane
  %ours = extractelement {vector} %row, i64 %lane
  %other = call {ty} @{symbol}({ty} %one) cold
  %value = select i1 %large, {ty} %other, {ty} %ours
  %filled = insertelement {vector} %row, {ty} %value, i64 %lane
  %next = add i64 %lane, 1
  %more = icmp ult i64 %next, {lanes}
  br i1 %more, label %each, label %done
done:
  %value.all = phi {vector} [ %found, %start ], [ %filled, %each ]
  ret {vector} %value.all
}}
"
    )
}

/// `mc.sin.f64` or `llvm.fma.f64` for vectors: `mc.sin.v8f64`.
fn wide_name(name: &str, lanes: usize) -> String {
    let parts: Vec<String> = name
        .split('.')
        .map(|part| {
            let is_type = part.starts_with(['f', 'i']) && part[1..].parse::<u32>().is_ok();
            if is_type { format!("v{lanes}{part}") } else { part.to_owned() }
        })
        .collect();
    parts.join(".")
}

/// A line of straight code with every type a vector's, and every constant that many times.
fn widened_line(line: &str, lanes: usize) -> String {
    let mut wide = String::new();
    let mut ty = "";
    for token in tokens(line) {
        match token {
            "double" | "float" | "i1" | "i8" | "i16" | "i32" | "i64" => {
                ty = token;
                write!(wide, "<{lanes} x {token}>").expect("text can be written");
            }
            _ if token.starts_with('@') => {
                wide.push('@');
                wide.push_str(&wide_name(&token[1..], lanes));
            }
            _ if token.starts_with(|c: char| c.is_ascii_digit() || c == '-')
                || matches!(token, "true" | "false") =>
            {
                write!(wide, "splat ({ty} {token})").expect("text can be written");
            }
            _ => wide.push_str(token),
        }
    }
    wide
}

/// Words of a line, and what is between them.
fn tokens(line: &str) -> impl Iterator<Item = &str> {
    let is_word = |c: char| c.is_ascii_alphanumeric() || "_.%@-".contains(c);
    let mut rest = line;
    std::iter::from_fn(move || {
        let first = rest.chars().next()?;
        let end = rest.find(|c| is_word(c) != is_word(first)).unwrap_or(rest.len());
        let (token, after) = rest.split_at(end);
        rest = after;
        Some(token)
    })
}

#[cfg(test)]
mod tests {
    use super::widened_line;

    #[test]
    fn a_line_for_vectors_has_vectors_of_types_and_constants() {
        assert_eq!(
            widened_line("  %a = fcmp ogt double %x, 0x41", 4),
            "  %a = fcmp ogt <4 x double> %x, splat (double 0x41)"
        );
        assert_eq!(
            widened_line("  %b = call double @llvm.fma.f64(double %x, double -1.0, double %y)", 8),
            "  %b = call <8 x double> @llvm.fma.v8f64(<8 x double> %x, \
             <8 x double> splat (double -1.0), <8 x double> %y)"
        );
        assert_eq!(
            widened_line("  %c = select i1 %far, i64 63, i64 %n", 2),
            "  %c = select <2 x i1> %far, <2 x i64> splat (i64 63), <2 x i64> %n"
        );
    }
}
