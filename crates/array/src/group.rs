//! One fused kernel of a plan: what it reads, and how it is run on a box of it.
//!
//! A kernel is compiled where that is worth its while, and interpreted block by block else. Compiled code is made
//! for elements in C order: what lies otherwise is copied some rows at a time, so that the copy stays in cache.

use crate::fused::{Backend, Compiled, Fused, KernelError, Nest, Operation, Output, Step};
use crate::interpret::Interpreter;
use crate::plan::Id;
use crate::view::{Shape, Target, View};
use smallvec::{SmallVec, smallvec};
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

/// A fused kernel with the nodes whose elements it reads.
pub(crate) struct Group {
    pub fused: Fused,
    pub operands: SmallVec<[Id; 4]>,
    code: Code,
    compiled: Option<(Nest, Arc<dyn Compiled>)>,
}

enum Code {
    Interpreted(Box<Interpreter>),
    /// Some step is only known to the backend: one after the other, each of a whole box.
    Stepwise(Vec<Stage>),
}

enum Stage {
    Interpreted(Box<Interpreter>),
    Applied,
}

/// How many elements, times steps, are worth to compile for: that takes some 20 ms, in which the interpreter does
/// about so much.
const WORTH: usize = 20_000_000;
/// Bytes of what is copied at a time so that its elements lie in C order.
const BLOCK: usize = 1 << 18;

impl Group {
    pub fn new(fused: Fused, operands: SmallVec<[Id; 4]>) -> Self {
        let code = match Interpreter::new(&fused) {
            Some(interpreter) => Code::Interpreted(Box::new(interpreter)),
            None => {
                let stage = |step: &Step| {
                    Interpreter::new(&single(&fused, step))
                        .map_or(Stage::Applied, |one| Stage::Interpreted(Box::new(one)))
                };
                Code::Stepwise(fused.steps.iter().map(stage).collect())
            }
        };
        Self { fused, operands, code, compiled: None }
    }

    /// Has it compiled, if so many elements are worth it or it was compiled before; `shapes` are the operands' for a
    /// box of `shape`.
    pub fn compile(
        &mut self,
        backend: &dyn Backend,
        elements: usize,
        shapes: &[Shape],
        shape: &[usize],
        reduced: &[bool],
    ) {
        if self.fused.steps.is_empty() && matches!(self.fused.output, Output::Elements(_)) {
            return;
        }
        let nest = nest(shapes.iter().map(|shape| &shape[..]), shape, reduced);
        let work = elements.saturating_mul(self.fused.steps.len().max(1));
        let is_worth = work >= WORTH;
        let compiled = if is_worth {
            backend.compile(&self.fused, &nest)
        } else {
            backend.compiled(&self.fused, &nest)
        };
        self.compiled = compiled.map(|compiled| (nest, compiled));
    }

    /// Whether machine code runs.
    pub fn is_compiled(&self) -> bool {
        self.compiled.is_some()
    }

    /// Runs it over a box of `shape`; `inputs` broadcast to it, and `outputs` have the axes that are not reduced.
    pub fn run(
        &self,
        inputs: &[View],
        shape: &[usize],
        reduced: &[bool],
        outputs: &mut [&mut Target],
        backend: Option<&dyn Backend>,
        alarm: &AtomicU64,
    ) -> Result<(), KernelError> {
        if shape.contains(&0) {
            return Ok(());
        }
        if let Some((made_for, compiled)) = &self.compiled {
            let nest = nest(inputs.iter().map(View::shape), shape, reduced);
            if nest == *made_for {
                return run_compiled(&**compiled, inputs, shape, reduced, outputs, alarm);
            }
        }
        let broadcast = |inputs: &[View]| -> SmallVec<[View; 4]> {
            inputs.iter().map(|input| input.broadcast(shape)).collect()
        };
        let stages = match &self.code {
            Code::Interpreted(interpreter) => {
                return interpreter.run(&broadcast(inputs), shape, reduced, outputs, alarm);
            }
            Code::Stepwise(stages) => stages,
        };
        let backend = backend.ok_or_else(|| KernelError::Raised("no backend".into()))?;
        let mut values: Vec<View> = inputs.to_vec();
        for (stage, step) in stages.iter().zip(&self.fused.steps) {
            let operands: SmallVec<[View; 3]> =
                step.operands.iter().map(|operand| values[usize::from(*operand)].clone()).collect();
            values.push(match stage {
                Stage::Applied => backend.apply(step, &operands)?,
                Stage::Interpreted(interpreter) => {
                    let own = broadcast_shape(operands.iter().map(View::shape));
                    let mut target = Target::new(step.dtype.clone(), &own);
                    let operands: SmallVec<[View; 3]> =
                        operands.iter().map(|operand| operand.broadcast(&own)).collect();
                    let kept = vec![false; own.len()];
                    interpreter.run(&operands, &own, &kept, &mut [&mut target], alarm)?;
                    target.freeze()
                }
            });
        }
        let kept = self.fused.outputs();
        if let Output::Elements(_) = &self.fused.output {
            for (output, value) in outputs.iter_mut().zip(&kept) {
                output.fill_from(&values[usize::from(*value)].broadcast(shape));
            }
            return Ok(());
        }
        let inputs: SmallVec<[View; 4]> =
            kept.iter().map(|value| values[usize::from(*value)].broadcast(shape)).collect();
        let combining = combining(&self.fused);
        if let Some(interpreter) = Interpreter::new(&combining) {
            return interpreter.run(&inputs, shape, reduced, outputs, alarm);
        }
        let axes: SmallVec<[usize; 4]> = (0..reduced.len()).filter(|axis| reduced[*axis]).collect();
        let Output::Reductions(reductions) = &combining.output else { return Ok(()) };
        for (((how, _), input), output) in reductions.iter().zip(&inputs).zip(outputs.iter_mut()) {
            let dtype = input.dtype().clone();
            let all = backend.reduce(*how, input, &axes)?;
            let op = Operation::Named(how.ufunc(&dtype).into());
            let step = Step { op, operands: smallvec![0, 1], dtype };
            let all = backend.apply(&step, &[output.peek(), all])?;
            output.fill_from(&all);
        }
        Ok(())
    }
}

/// One step as a kernel of its own.
fn single(fused: &Fused, step: &Step) -> Fused {
    let inputs: Vec<_> =
        step.operands.iter().map(|operand| fused.dtype(*operand).clone()).collect();
    let operands = (0..inputs.len() as u16).collect();
    let value = inputs.len() as u16;
    let step = Step { operands, ..step.clone() };
    Fused { inputs, steps: vec![step], output: Output::Elements(SmallVec::from_elem(value, 1)) }
}

/// The reductions of a kernel, of values that are there.
fn combining(fused: &Fused) -> Fused {
    let Output::Reductions(reductions) = &fused.output else { unreachable!("it reduces") };
    let inputs = reductions.iter().map(|(_, value)| fused.dtype(*value).clone()).collect();
    let numbered = reductions.iter().enumerate();
    let output =
        Output::Reductions(numbered.map(|(place, (how, _))| (*how, place as u16)).collect());
    Fused { inputs, steps: Vec::new(), output }
}

/// The shape that shapes broadcast to.
pub(crate) fn broadcast_shape<'a>(shapes: impl Iterator<Item = &'a [usize]> + Clone) -> Shape {
    let ndim = shapes.clone().map(<[usize]>::len).max().unwrap_or(0);
    let mut all: Shape = SmallVec::from_elem(1, ndim);
    for shape in shapes {
        let new = ndim - shape.len();
        for (axis, size) in shape.iter().enumerate() {
            if *size != 1 {
                all[axis + new] = *size;
            }
        }
    }
    all
}

/// The shape of what a box of `shape` reads of an array of shape `own`, which broadcasts to all that the box is of.
pub(crate) fn narrowed(own: &[usize], shape: &[usize]) -> Shape {
    let new = shape.len() - own.len();
    let axes = own.iter().zip(&shape[new..]);
    axes.map(|(own, all)| if *own == 1 { 1 } else { *all }).collect()
}

/// An axis: how long it is, which inputs have one element along it, and whether it is reduced.
type Merged = (usize, SmallVec<[bool; 8]>, bool);

/// The axes of a box that differ from their neighbours, each with how long it is.
fn merge<'a>(
    shapes: impl Iterator<Item = &'a [usize]>,
    shape: &[usize],
    reduced: &[bool],
) -> (Nest, Shape) {
    let is_one: SmallVec<[SmallVec<[bool; 4]>; 4]> = shapes
        .map(|own| {
            let new = shape.len() - own.len();
            (0..shape.len()).map(|axis| axis < new || own[axis - new] == 1).collect()
        })
        .collect();
    let mut merged: SmallVec<[Merged; 4]> = SmallVec::new();
    for (axis, size) in shape.iter().enumerate().filter(|(_, size)| **size != 1) {
        let ones: SmallVec<[bool; 8]> = is_one.iter().map(|input| input[axis]).collect();
        match merged.last_mut() {
            Some((length, others, is_reduced))
                if *others == ones && *is_reduced == reduced[axis] =>
            {
                *length *= size;
            }
            _ => merged.push((*size, ones, reduced[axis])),
        }
    }
    let ones = (0..is_one.len()).map(|input| {
        let axes = merged.iter().enumerate();
        axes.fold(0_u8, |bits, (axis, (_, ones, _))| bits | u8::from(ones[input]) << axis.min(7))
    });
    let nest = Nest { ones: ones.collect(), reduced: merged.iter().map(|axis| axis.2).collect() };
    (nest, merged.iter().map(|axis| axis.0).collect())
}

fn nest<'a>(shapes: impl Iterator<Item = &'a [usize]>, shape: &[usize], reduced: &[bool]) -> Nest {
    merge(shapes, shape, reduced).0
}

/// Runs compiled code on a box, whose elements are brought into C order where they are not.
fn run_compiled(
    compiled: &dyn Compiled,
    inputs: &[View],
    shape: &[usize],
    reduced: &[bool],
    outputs: &mut [&mut Target],
    alarm: &AtomicU64,
) -> Result<(), KernelError> {
    let in_order = |view: &View| view.is_contiguous() && view.is_aligned();
    let are_in_order = inputs.iter().all(in_order) && outputs.iter().all(|out| out.is_contiguous());
    if are_in_order {
        return run_in_order(compiled, inputs, shape, reduced, outputs, alarm);
    }
    // The first axis that has several elements, so many of them that a copy of a block stays in cache.
    let Some(axis) = shape.iter().position(|size| *size != 1) else {
        return run_in_order(compiled, inputs, shape, reduced, outputs, alarm);
    };
    let widest = inputs.iter().map(|input| input.dtype().size()).max().unwrap_or(8);
    let row = shape[axis + 1..].iter().product::<usize>() * widest;
    let rows = (BLOCK / row.max(1)).max(1);
    for start in (0..shape[axis]).step_by(rows) {
        let length = rows.min(shape[axis] - start);
        let mut own: Shape = shape.into();
        own[axis] = length;
        let inputs: SmallVec<[View; 4]> = inputs
            .iter()
            .map(|input| {
                let new = shape.len() - input.shape().len();
                match axis.checked_sub(new) {
                    Some(at) if input.shape()[at] != 1 => input.slice(at, start, 1, length),
                    _ => input.clone(),
                }
            })
            .map(|input| input.contiguous())
            .collect();
        if reduced[axis] {
            run_block(compiled, &inputs, &own, reduced, outputs, alarm)?;
            continue;
        }
        let at = reduced[..axis].iter().filter(|reduced| !**reduced).count();
        let mut parts: SmallVec<[_; 2]> = outputs
            .iter_mut()
            .map(|output| {
                let mut region: SmallVec<[_; 4]> =
                    output.shape().iter().map(|size| 0..*size).collect();
                region[at] = start..start + length;
                output.part(&region)
            })
            .collect();
        let mut parts: SmallVec<[&mut Target; 2]> =
            parts.iter_mut().map(|part| &mut **part).collect();
        run_block(compiled, &inputs, &own, reduced, &mut parts, alarm)?;
    }
    Ok(())
}

/// Runs compiled code on inputs in C order; outputs may lie otherwise.
fn run_block(
    compiled: &dyn Compiled,
    inputs: &[View],
    shape: &[usize],
    reduced: &[bool],
    outputs: &mut [&mut Target],
    alarm: &AtomicU64,
) -> Result<(), KernelError> {
    if outputs.iter().all(|output| output.is_contiguous()) {
        return run_in_order(compiled, inputs, shape, reduced, outputs, alarm);
    }
    let is_reduction = reduced.contains(&true);
    let mut own: SmallVec<[Target; 2]> = outputs
        .iter_mut()
        .map(|output| {
            let mut own = Target::new(output.dtype().clone(), output.shape());
            if is_reduction {
                own.fill_from(&output.peek());
            }
            own
        })
        .collect();
    {
        let mut targets: SmallVec<[&mut Target; 2]> = own.iter_mut().collect();
        run_in_order(compiled, inputs, shape, reduced, &mut targets, alarm)?;
    }
    for (output, own) in outputs.iter_mut().zip(own) {
        output.fill_from(&own.freeze());
    }
    Ok(())
}

fn run_in_order(
    compiled: &dyn Compiled,
    inputs: &[View],
    shape: &[usize],
    reduced: &[bool],
    outputs: &mut [&mut Target],
    alarm: &AtomicU64,
) -> Result<(), KernelError> {
    let (nest, merged) = merge(inputs.iter().map(View::shape), shape, reduced);
    let inputs: SmallVec<[View; 4]> = inputs
        .iter()
        .zip(&nest.ones)
        .map(|(input, ones)| {
            let axes = merged.iter().enumerate();
            let own: Shape =
                axes.map(|(axis, size)| if ones >> axis & 1 == 1 { 1 } else { *size }).collect();
            input.contiguous().reshape(&own)
        })
        .collect();
    let kept: Shape = merged
        .iter()
        .zip(&nest.reduced)
        .filter(|(_, reduced)| !**reduced)
        .map(|(size, _)| *size)
        .collect();
    let mut outputs: SmallVec<[_; 2]> =
        outputs.iter_mut().map(|output| output.reshaped(&kept)).collect();
    let mut outputs: SmallVec<[&mut Target; 2]> =
        outputs.iter_mut().map(|output| &mut **output).collect();
    compiled.run(&inputs, &merged, &mut outputs, alarm)
}
