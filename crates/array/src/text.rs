//! A fused kernel as a function of Python's language, which the crate `kernel` compiles.
//!
//! A sum may be added up in any order, which lets it use vectors; what is added up is computed as it is written.

use crate::DType;
use crate::fused::{Fused, Nest, Operation, Output, Reduction, ValueId};
use kernel::types::{ArrayType, Kind, Layout, Scalar, Type};
use std::fmt::Write;

/// The source of a kernel.
pub struct Text {
    /// Defines `kernel`.
    pub source: String,
    /// What `kernel` is given: the length of each axis of the nest, then the outputs, then the inputs.
    pub arguments: Vec<Type>,
    /// Whether sums may be added up in any order.
    pub reassociates: bool,
}

/// How many numbers are added up before their sum goes to the others: so rounding errors don't grow with the count.
const BLOCK: usize = 4096;
/// How many rows are added at a time.
const ROWS: usize = 4;

impl Fused {
    /// The kernel's source for a nest, if all its types are numbers.
    pub fn text(&self, nest: &Nest) -> Option<Text> {
        let outputs = self.outputs();
        let kept = nest.reduced.iter().filter(|reduced| !**reduced).count();
        let array = |dtype: &DType, ndim: usize, ones: u8, readonly: bool| {
            let layout = Layout::C;
            Some(Type::Array(ArrayType {
                dtype: dtype.scalar()?,
                ndim: ndim as u8,
                layout,
                ones,
                readonly,
            }))
        };
        let ndim = nest.reduced.len();
        if ndim > 7 || self.steps.iter().any(|step| step.dtype.scalar().is_none()) {
            return None;
        }
        let mut arguments = vec![Type::scalar(Scalar::I64); ndim];
        for value in &outputs {
            arguments.push(array(self.dtype(*value), kept, 0, false)?);
        }
        for (dtype, ones) in self.inputs.iter().zip(&nest.ones) {
            arguments.push(array(dtype, ndim, *ones, true)?);
        }
        let source = self.loops(nest, &outputs)?;
        Some(Text { source, arguments, reassociates: matches!(self.output, Output::Reductions(_)) })
    }

    /// What computes the values of one element, a statement a line; and the values' names.
    fn element(&self, loads: &[String], outputs: &[ValueId]) -> Option<(Vec<String>, Vec<String>)> {
        let name = |value: ValueId| {
            let value = usize::from(value);
            match value.checked_sub(self.inputs.len()) {
                Some(step) => format!("t{step}"),
                None => format!("a{value}"),
            }
        };
        let mut lines = Vec::new();
        for (number, load) in loads.iter().enumerate() {
            lines.push(format!("a{number} = {load}"));
        }
        for (number, step) in self.steps.iter().enumerate() {
            let operands: Vec<_> = step.operands.iter().map(|operand| name(*operand)).collect();
            let list = operands.join(", ");
            let value = match &step.op {
                Operation::Function(_) => format!("f{number}({list})"),
                Operation::Named(op) => match &**op {
                    "cast" => format!("np.{}({list})", class(step.dtype.scalar()?)),
                    "where" => {
                        format!("{} if {} else {}", operands[1], operands[0], operands[2])
                    }
                    op => format!("np.{op}({list})"),
                },
            };
            lines.push(format!("t{number} = {value}"));
        }
        Some((lines, outputs.iter().map(|value| name(*value)).collect()))
    }

    /// The loops around it.
    fn loops(&self, nest: &Nest, outputs: &[ValueId]) -> Option<String> {
        let ndim = nest.reduced.len();
        let mut parameters = vec![names("n", ndim), names("out", outputs.len())];
        parameters.push(names("x", self.inputs.len()));
        parameters.retain(|names| !names.is_empty());
        let mut text = format!("def kernel({}):\n", parameters.join(", "));
        // Of an element, so many behind the loops' indices along the last axis but one.
        let loads = |behind: usize| -> Vec<String> {
            let index = |axis: usize, is_one: bool| match is_one {
                true => "0".to_owned(),
                false if behind > 0 && axis + 2 == ndim => format!("i{axis} + {behind}"),
                false => format!("i{axis}"),
            };
            let each = nest.ones.iter().enumerate().map(|(input, ones)| {
                let all: Vec<_> =
                    (0..ndim).map(|axis| index(axis, ones >> axis & 1 == 1)).collect();
                let all = if all.is_empty() { "()".to_owned() } else { all.join(", ") };
                format!("x{input}[{all}]")
            });
            each.collect()
        };
        let (lines, values) = self.element(&loads(0), outputs)?;
        let compute = |text: &mut String, indent: &str| {
            for line in &lines {
                text.push_str(&format!("{indent}{line}\n"));
            }
        };
        let kept: Vec<_> =
            (0..ndim).filter(|axis| !nest.reduced[*axis]).map(|axis| format!("i{axis}")).collect();
        let place = if kept.is_empty() { "()".to_owned() } else { kept.join(", ") };
        // The reduced axes at the end have their sums in variables.
        let trailing = nest.reduced.iter().rev().take_while(|reduced| **reduced).count();
        let reductions = match &self.output {
            Output::Elements(_) => None,
            Output::Reductions(reductions) => Some(reductions),
        };
        let mut indent = "    ".to_owned();
        let open = |text: &mut String, indent: &mut String, line: &str| {
            text.push_str(&format!("{indent}{line}\n"));
            indent.push_str("    ");
        };
        let combine = |number: usize, own: &str| -> Option<String> {
            let (how, value) = reductions?.get(number)?;
            combined(*how, self.dtype(*value).scalar()?, own, &values[number])
        };
        // Where whole rows are added to one, some are at a time, so that it is read and written less often.
        if trailing == 0 && ndim >= 2 && nest.reduced[ndim - 2] {
            for axis in 0..ndim - 2 {
                open(&mut text, &mut indent, &format!("for i{axis} in range(n{axis}):"));
            }
            let (outer, row, last) = (indent.clone(), ndim - 2, ndim - 1);
            let rows = format!("for i{row} in range(0, n{row} - {}, {ROWS}):", ROWS - 1);
            open(&mut text, &mut indent, &rows);
            open(&mut text, &mut indent, &format!("for i{last} in range(n{last}):"));
            for number in 0..outputs.len() {
                writeln!(text, "{indent}s{number} = out{number}[{place}]").ok()?;
            }
            for behind in 0..ROWS {
                for line in self.element(&loads(behind), outputs)?.0 {
                    writeln!(text, "{indent}{line}").ok()?;
                }
                for number in 0..outputs.len() {
                    let own = format!("s{number}");
                    writeln!(text, "{indent}{own} = {}", combine(number, &own)?).ok()?;
                }
            }
            for number in 0..outputs.len() {
                writeln!(text, "{indent}out{number}[{place}] = s{number}").ok()?;
            }
            indent = outer;
            let rows = format!("for i{row} in range(n{row} - n{row} % {ROWS}, n{row}):");
            open(&mut text, &mut indent, &rows);
            open(&mut text, &mut indent, &format!("for i{last} in range(n{last}):"));
        } else {
            for axis in 0..ndim - trailing {
                open(&mut text, &mut indent, &format!("for i{axis} in range(n{axis}):"));
            }
        }
        let Some(reductions) = reductions else {
            compute(&mut text, &indent);
            for (number, value) in values.iter().enumerate() {
                writeln!(text, "{indent}out{number}[{place}] = {value}").ok()?;
            }
            return Some(text);
        };
        if trailing == 0 {
            compute(&mut text, &indent);
            for number in 0..outputs.len() {
                let own = format!("out{number}[{place}]");
                writeln!(text, "{indent}{own} = {}", combine(number, &own)?).ok()?;
            }
            return Some(text);
        }
        for number in 0..outputs.len() {
            writeln!(text, "{indent}s{number} = out{number}[{place}]").ok()?;
        }
        let outer = indent.clone();
        for axis in ndim - trailing..ndim - 1 {
            open(&mut text, &mut indent, &format!("for i{axis} in range(n{axis}):"));
        }
        let last = ndim - 1;
        let in_blocks: Vec<bool> = reductions
            .iter()
            .map(|(how, value)| {
                let scalar = self.dtype(*value).scalar();
                *how == Reduction::Add
                    && scalar.is_some_and(|scalar| scalar.is_float() || scalar.is_complex())
            })
            .collect();
        let has_blocks = in_blocks.contains(&true);
        if has_blocks {
            open(&mut text, &mut indent, &format!("for j in range(0, n{last}, {BLOCK}):"));
            for (number, in_block) in in_blocks.iter().enumerate() {
                if *in_block {
                    let class = class(self.dtype(outputs[number]).scalar()?);
                    writeln!(text, "{indent}b{number} = np.{class}(0)").ok()?;
                }
            }
        }
        let inner = indent.clone();
        let range = match has_blocks {
            true => format!("for i{last} in range(j, min(j + {BLOCK}, n{last})):"),
            false => format!("for i{last} in range(n{last}):"),
        };
        open(&mut text, &mut indent, &range);
        compute(&mut text, &indent);
        for (number, in_block) in in_blocks.iter().enumerate() {
            let own = if *in_block { format!("b{number}") } else { format!("s{number}") };
            writeln!(text, "{indent}{own} = {}", combine(number, &own)?).ok()?;
        }
        for (number, in_block) in in_blocks.iter().enumerate() {
            if *in_block {
                writeln!(text, "{inner}s{number} = s{number} + b{number}").ok()?;
            }
        }
        for number in 0..outputs.len() {
            writeln!(text, "{outer}out{number}[{place}] = s{number}").ok()?;
        }
        Some(text)
    }
}

fn combined(how: Reduction, scalar: Scalar, own: &str, value: &str) -> Option<String> {
    let is_bool = scalar == Scalar::Bool;
    Some(match how {
        Reduction::Or => format!("{own} | {value}"),
        Reduction::And => format!("{own} & {value}"),
        Reduction::Add if is_bool => format!("{own} | {value}"),
        Reduction::Multiply if is_bool => format!("{own} & {value}"),
        Reduction::Add | Reduction::Multiply => {
            let sign = if how == Reduction::Add { '+' } else { '*' };
            let all = format!("{own} {sign} {value}");
            match scalar.kind() {
                Kind::Signed | Kind::Unsigned => format!("np.{}({all})", class(scalar)),
                _ => all,
            }
        }
        // Their order of complex numbers is NumPy's alone.
        _ if scalar.is_complex() => return None,
        Reduction::Minimum => format!("np.minimum({own}, {value})"),
        Reduction::Maximum => format!("np.maximum({own}, {value})"),
    })
}

/// NumPy's class for a type.
fn class(scalar: Scalar) -> &'static str {
    match scalar {
        Scalar::Bool => "bool_",
        other => other.name(),
    }
}

fn names(letter: &str, count: usize) -> String {
    (0..count).map(|number| format!("{letter}{number}")).collect::<Vec<_>>().join(", ")
}
