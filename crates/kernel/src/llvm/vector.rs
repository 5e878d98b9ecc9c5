//! Functions that LLVM calls with vectors of arguments.
//!
//! `sin`, `cos` and `tan` of large arguments are left to the C library, which takes a branch, and
//! LLVM makes no vectors of a loop with one. So the choice is made in a function that it does not
//! look into, and of which it is told a version for vectors: the same text with every type made a
//! vector, and the choice made for all at once.

use super::leaf;
use super::math::{helper, ours};
use crate::types::Scalar;
use std::fmt::Write;

/// A function with a choice: its text and the names of the versions for vectors, which must not be
/// dropped before LLVM comes to look for them.
pub(super) struct Choice {
    pub(super) text: String,
    pub(super) versions: Vec<String>,
}

/// The name of a function that makes the choice.
pub(super) fn full(name: &str, scalar: Scalar) -> String {
    format!("mc.{name}.full.f{}", leaf::width(scalar))
}

/// Writes a function that takes the C library's `symbol` for what is too large for ours.
pub(super) fn choice(name: &str, symbol: &str, scalar: Scalar) -> Choice {
    let ty = leaf::number(scalar);
    let family = format!("f{}", leaf::width(scalar));
    let lanes = if scalar == Scalar::F32 { [8, 16] } else { [4, 8] };
    let all = full(name, scalar);
    let mut text = String::new();
    let mut versions = Vec::new();
    let mut seen = Vec::new();
    for lanes in lanes {
        let near = widened(&format!("mc.{name}.{family}"), lanes, &mut seen, &mut text);
        let far = widened(&format!("mc.{name}.far.{family}"), lanes, &mut seen, &mut text);
        let version = format!("mc.{name}.full.v{lanes}{family}");
        let vector = format!("<{lanes} x {ty}>");
        write!(
            text,
            "define internal {vector} @{version}({vector} %x) nounwind willreturn memory(none) {{
  %found = call {vector} @{near}({vector} %x)
  %far = call <{lanes} x i1> @{far}({vector} %x)
  %some = call i1 @llvm.vector.reduce.or.v{lanes}i1(<{lanes} x i1> %far)
  br i1 %some, label %each, label %none, !prof !24
none:
  ret {vector} %found
each:
  %lane = phi i64 [ 0, %0 ], [ %next, %each ]
  %row = phi {vector} [ %found, %0 ], [ %filled, %each ]
  %one = extractelement {vector} %x, i64 %lane
  %large = extractelement <{lanes} x i1> %far, i64 %lane
  %ours = extractelement {vector} %row, i64 %lane
  %other = call {ty} @{symbol}({ty} %one)
  %value = select i1 %large, {ty} %other, {ty} %ours
  %filled = insertelement {vector} %row, {ty} %value, i64 %lane
  %next = add i64 %lane, 1
  %more = icmp ult i64 %next, {lanes}
  br i1 %more, label %each, label %done
done:
  ret {vector} %filled
}}

"
        )
        .expect("text can be written");
        versions.push(version);
    }
    let mapped: Vec<String> = lanes
        .iter()
        .zip(&versions)
        .map(|(lanes, version)| format!("_ZGV_LLVM_N{lanes}v_{all}({version})"))
        .collect();
    write!(
        text,
        "define internal {ty} @{all}({ty} %x) noinline nounwind willreturn memory(none) \
         \"vector-function-abi-variant\"=\"{}\" {{
  %far = call i1 @mc.{name}.far.{family}({ty} %x)
  br i1 %far, label %large, label %near, !prof !24
near:
  %found = call {ty} @mc.{name}.{family}({ty} %x)
  ret {ty} %found
large:
  %other = call {ty} @{symbol}({ty} %x)
  ret {ty} %other
}}

",
        mapped.join(",")
    )
    .expect("text can be written");
    Choice { text, versions }
}

/// Writes a helper, and what it calls, for vectors; the name of that.
fn widened(name: &str, lanes: usize, seen: &mut Vec<String>, text: &mut String) -> String {
    let wide = wide_name(name, lanes);
    if !seen.contains(&wide) {
        seen.push(wide.clone());
        let block = helper(name);
        for callee in ours(block).filter(|callee| *callee != name) {
            widened(callee, lanes, seen, text);
        }
        for line in block.lines().filter(|line| !line.starts_with(';')) {
            text.push_str(&widened_line(line, lanes));
            text.push('\n');
        }
        text.push('\n');
    }
    wide
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
