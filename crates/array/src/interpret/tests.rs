//! The interpreter against plain definitions: `layout` has kernels of any shape, `values` each
//! operation.

mod layout;
mod values;

use super::Interpreter;
use crate::fused::{Fused, KernelError, Operation, Output, Step};
use crate::view::{Target, View};
use kernel::types::Scalar;
use std::sync::atomic::AtomicU64;

/// A step of that operation.
fn step(op: &str, operands: &[u16], of: Scalar) -> Step {
    Step { op: Operation::Named(op.into()), operands: operands.into(), dtype: of.into() }
}

/// A kernel that keeps elements of values.
fn elements(inputs: &[Scalar], steps: Vec<Step>, kept: &[u16]) -> Fused {
    let inputs = inputs.iter().map(|&input| input.into()).collect();
    Fused { inputs, steps, output: Output::Elements(kept.into()) }
}

/// What a kernel of one output makes of inputs.
fn run(fused: &Fused, inputs: &[View], shape: &[usize]) -> Result<View, KernelError> {
    let interpreter = Interpreter::new(fused).expect("operations that are known");
    let mut target = Target::new(fused.dtype(fused.outputs()[0]).clone(), shape);
    let reduced = vec![false; shape.len()];
    let outputs = &mut [&mut target];
    interpreter.run(inputs, shape, &reduced, outputs, &AtomicU64::new(0))?;
    Ok(target.freeze())
}
