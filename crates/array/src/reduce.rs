//! Reductions: partial results of chunks, merged by a tree.
//!
//! All reductions of one array over the same axes share a pass over it: its partial results are *states*, one for
//! each distinct way of adding up. Sums of float32 are added up in float64. A variance has the mean and the sum of
//! squared distances from it; within a chunk both come from distances from the chunk's first element, which are of
//! about the size of the spread whatever the mean is, and chunks are merged by the formula of Chan, Golub and LeVeque
//! (Updating formulae and a pairwise algorithm for computing sample variances, 1979). Where a variance is asked for, the
//! mean is taken from it.

use crate::fused::{Backend, Fused, Operation, Output, Reduction, Step};
use crate::grid::Grid;
use crate::group::{Group, narrowed};
use crate::interpret::Interpreter;
use crate::lower::Chunk;
use crate::node::Fold;
use crate::plan::{Folded, Id, Plan};
use crate::pull::{Pull, items, lengths, op_error};
use crate::view::{Shape, Target, View, shape_of};
use crate::{DType, arg};
use graph::OpError;
use kernel::types::{Kind, Scalar};
use smallvec::{SmallVec, smallvec};
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

/// Reductions of one array over the same axes.
pub(crate) struct Reducing {
    pub input: Id,
    /// Of the input.
    pub grid: Grid,
    pub axes: SmallVec<[usize; 4]>,
    pub members: Vec<Member>,
    pub states: Vec<State>,
    /// Computes a chunk's sums; its last input, if there is a variance, is the first element.
    pub group: Group,
    /// Computes what sums start from, from the first elements.
    first: Option<Group>,
}

/// One reduction.
pub(crate) struct Member {
    pub id: Id,
    fold: Fold,
    dtype: DType,
    /// Which of the states it is made of.
    state: usize,
}

/// What is known of a part of the elements.
#[derive(Clone, PartialEq)]
pub(crate) enum State {
    /// The elements combined.
    Combined(Reduction, DType),
    /// Their mean, and the sum of squared distances from it: two views of float64.
    Moments,
    /// The smallest or largest, and its index among all: two views.
    Arg(bool),
}

impl State {
    fn views(&self) -> usize {
        match self {
            Self::Combined(..) => 1,
            Self::Moments | Self::Arg(_) => 2,
        }
    }
}

impl Reducing {
    pub fn new(
        plan: &Plan,
        input: Id,
        axes: SmallVec<[usize; 4]>,
        grid: Grid,
        members: Vec<Folded>,
    ) -> Self {
        let has_moments = members.iter().any(|(_, fold, _)| matches!(fold, Fold::Var(_)));
        let element = plan.node(input).array.dtype().clone();
        let mut states: Vec<State> = Vec::new();
        let members = members
            .into_iter()
            .map(|(id, fold, dtype)| {
                let wanted = match fold {
                    Fold::Simple(how @ (Reduction::Add | Reduction::Multiply)) => {
                        State::Combined(how, wide(&dtype))
                    }
                    Fold::Simple(how @ (Reduction::And | Reduction::Or)) => {
                        State::Combined(how, Scalar::Bool.into())
                    }
                    Fold::Simple(how) => State::Combined(how, element.clone()),
                    Fold::Mean if has_moments && is_real(&element) => State::Moments,
                    Fold::Mean => State::Combined(Reduction::Add, wide(&dtype)),
                    Fold::Var(_) => State::Moments,
                    Fold::Arg(is_largest) => State::Arg(is_largest),
                };
                let known = states.iter().position(|state| *state == wanted);
                let state = known.unwrap_or_else(|| {
                    states.push(wanted);
                    states.len() - 1
                });
                Member { id, fold, dtype, state }
            })
            .collect();
        let extra = has_moments.then(|| DType::from(Scalar::F64));
        let is_own = !plan.node(input).stored;
        let (fused, operands) = plan.fuse(input, is_own, extra, |fused, value| {
            let mut kept = SmallVec::new();
            for state in &states {
                match state {
                    State::Combined(how, dtype) => kept.push((*how, cast(fused, value, dtype))),
                    State::Moments => {
                        let wide = cast(fused, value, &Scalar::F64.into());
                        let first = fused.inputs.len() as u16 - 1;
                        let distance = push(fused, "subtract", &[wide, first], Scalar::F64);
                        let squared = push(fused, "square", &[distance], Scalar::F64);
                        kept.extend([(Reduction::Add, distance), (Reduction::Add, squared)]);
                    }
                    State::Arg(_) => {}
                }
            }
            Output::Reductions(kept)
        });
        let starts = states.iter().any(State::starts);
        let first = starts.then(|| {
            let (fused, operands) = plan.fuse(input, is_own, None, |fused, value| {
                let started = states.iter().filter(|state| state.starts());
                let values = started.map(|state| match state {
                    State::Moments => cast(fused, value, &Scalar::F64.into()),
                    _ => value,
                });
                Output::Elements(values.collect())
            });
            Group::new(fused, operands)
        });
        let group = Group::new(fused, operands);
        Self { input, grid, axes, members, states, group, first }
    }

    /// Bytes of all states of one element of the result.
    pub fn bytes(&self) -> usize {
        let each = self.states.iter().map(|state| match state {
            State::Combined(_, dtype) => dtype.size(),
            State::Moments | State::Arg(_) => 16,
        });
        each.sum()
    }

    /// For each of the input's axes, whether it is reduced.
    pub fn reduced(&self) -> SmallVec<[bool; 4]> {
        (0..self.grid.ndim()).map(|axis| self.axes.contains(&axis)).collect()
    }

    /// Compiles the kernel, if that is worth it.
    pub fn compile(&mut self, backend: &dyn Backend, plan: &[Shape]) {
        if self.group.fused.outputs().is_empty() {
            return;
        }
        let shape = shape_of(&self.grid.region(0));
        let reduced = self.reduced();
        let mut shapes: Vec<Shape> = plan.iter().map(|own| narrowed(own, &shape)).collect();
        if self.has_moments() {
            shapes.push(self.first_shape(&shape));
        }
        let elements = self.grid.shape().iter().product();
        self.group.compile(backend, elements, &shapes, &shape, &reduced);
    }

    fn has_moments(&self) -> bool {
        self.states.contains(&State::Moments)
    }

    fn has_arg(&self) -> bool {
        self.states.iter().any(|state| matches!(state, State::Arg(_)))
    }

    /// Of the first elements of a box: one along each reduced axis.
    fn first_shape(&self, shape: &[usize]) -> Shape {
        let axes = shape.iter().enumerate();
        axes.map(|(axis, size)| if self.axes.contains(&axis) { 1 } else { *size }).collect()
    }

    /// The states of a chunk of the input.
    pub fn partial(&self, pull: &Pull<'_>, number: usize) -> Result<Chunk, OpError> {
        let own = items(&self.grid.region(number));
        let shape = lengths(&own);
        let reduced = self.reduced();
        let kept: Shape = shape
            .iter()
            .zip(&reduced)
            .filter(|(_, reduced)| !**reduced)
            .map(|(size, _)| *size)
            .collect();
        // Who looks for a place only has the elements themselves.
        let mut inputs = match self.group.fused.outputs().is_empty() {
            true => SmallVec::new(),
            false => pull.operands(&self.group, self.input, &own)?,
        };
        let elements = if self.has_arg() { Some(pull.elements(self.input, &own)?) } else { None };
        if pull.is_collecting() {
            return Ok(Chunk::default());
        }
        let count: usize = self.axes.iter().map(|axis| shape[*axis]).product();
        let mut starts = self.first_elements(pull, &inputs, &shape, count)?.into_iter();
        let mut first = None;
        let mut sums: Vec<Target> = Vec::new();
        for state in &self.states {
            match state {
                State::Combined(how, dtype) => {
                    let mut target = Target::new(dtype.clone(), &kept);
                    match starts_from(*how) {
                        None => match starts.next() {
                            Some(start) => target.fill_from(&start.reshape(&kept)),
                            None => target = Target::zeros(dtype.clone(), &kept),
                        },
                        Some(0) => target = Target::zeros(dtype.clone(), &kept),
                        Some(_) => target.fill(&one(dtype)),
                    }
                    sums.push(target);
                }
                State::Moments => {
                    first = starts.next();
                    let zeros = || Target::zeros(Scalar::F64.into(), &kept);
                    sums.extend([zeros(), zeros()]);
                }
                State::Arg(_) => {}
            }
        }
        if self.has_moments() {
            let nothing = || Target::zeros(Scalar::F64.into(), &self.first_shape(&shape)).freeze();
            inputs.push(first.clone().unwrap_or_else(nothing));
        }
        if !sums.is_empty() && count > 0 {
            let mut targets: SmallVec<[&mut Target; 4]> = sums.iter_mut().collect();
            self.group
                .run(&inputs, &shape, &reduced, &mut targets, pull.backend(), pull.alarm())
                .map_err(op_error)?;
        }
        let mut sums = sums.into_iter().map(Target::freeze);
        let mut views: SmallVec<[View; 1]> = SmallVec::new();
        for state in &self.states {
            match state {
                State::Combined(..) => views.extend(sums.next()),
                State::Moments => {
                    let (distances, squares) = (sums.next(), sums.next());
                    let (Some(distances), Some(squares)) = (distances, squares) else { continue };
                    views.extend(moments(first.as_ref(), &distances, &squares, count));
                }
                State::Arg(is_largest) => {
                    if let Some(elements) = &elements {
                        let whole = self.grid.shape();
                        views.extend(arg::partial(
                            elements,
                            &own,
                            &whole,
                            &self.axes,
                            *is_largest,
                        )?);
                    }
                }
            }
        }
        Ok(Chunk { views, count: count as u64, ..Chunk::default() })
    }

    /// The elements that sums start from, of a box whose operands are there; none of a box without elements.
    fn first_elements(
        &self,
        pull: &Pull<'_>,
        inputs: &[View],
        shape: &[usize],
        count: usize,
    ) -> Result<Vec<View>, OpError> {
        let Some(group) = self.first.as_ref().filter(|_| count > 0) else { return Ok(Vec::new()) };
        let own = self.first_shape(shape);
        let inputs: SmallVec<[View; 4]> = inputs
            .iter()
            .map(|input| {
                let new = shape.len() - input.shape().len();
                let axes = input.shape().iter().enumerate();
                let region: SmallVec<[_; 4]> =
                    axes.map(|(axis, size)| 0..(*size).min(own[axis + new])).collect();
                input.region(&region)
            })
            .collect();
        let values = group.fused.outputs();
        let mut targets: Vec<Target> = values
            .iter()
            .map(|value| Target::new(group.fused.dtype(*value).clone(), &own))
            .collect();
        {
            let mut outputs: SmallVec<[&mut Target; 2]> = targets.iter_mut().collect();
            let kept = vec![false; own.len()];
            group
                .run(&inputs, &own, &kept, &mut outputs, pull.backend(), pull.alarm())
                .map_err(op_error)?;
        }
        Ok(targets.into_iter().map(Target::freeze).collect())
    }

    /// The states of two parts as those of both.
    pub fn merge(
        &self,
        chunks: &[&Chunk],
        backend: Option<&dyn Backend>,
        alarm: &AtomicU64,
    ) -> Result<Chunk, OpError> {
        let Some((first, rest)) = chunks.split_first() else {
            return Err("nothing to merge".into());
        };
        let mut all = Chunk::clone(first);
        for other in rest.iter().filter(|other| other.count > 0) {
            if all.count == 0 {
                all = Chunk::clone(other);
                continue;
            }
            let mut views: SmallVec<[View; 1]> = SmallVec::new();
            let mut place = 0;
            for state in &self.states {
                let (own, new) = (&all.views[place..], &other.views[place..]);
                match state {
                    State::Combined(how, dtype) => {
                        let name = how.ufunc(dtype);
                        views.push(apply(name, &[&own[0], &new[0]], dtype, backend, alarm)?);
                    }
                    State::Moments => {
                        let counts = (all.count as f64, other.count as f64);
                        views.extend(merge_moments(&own[..2], &new[..2], counts));
                    }
                    State::Arg(is_largest) => {
                        views.extend(arg::merge(&own[..2], &new[..2], *is_largest)?);
                    }
                }
                place += state.views();
            }
            all = Chunk { views, count: all.count + other.count, ..Chunk::default() };
        }
        Ok(all)
    }

    /// The results, one for each member.
    pub fn finish(
        &self,
        chunk: &Chunk,
        backend: Option<&dyn Backend>,
        alarm: &AtomicU64,
    ) -> Result<Chunk, OpError> {
        let mut views: SmallVec<[View; 1]> = SmallVec::new();
        for member in &self.members {
            let place: usize = self.states[..member.state].iter().map(State::views).sum();
            let state = &self.states[member.state];
            let own = &chunk.views[place..];
            let view = match (member.fold, state) {
                (Fold::Mean, State::Combined(_, dtype)) => {
                    let count = count_as(dtype, chunk.count as f64);
                    apply("divide", &[&own[0], &count], dtype, backend, alarm)?
                }
                (Fold::Var(ddof), _) => {
                    // As NumPy, which divides by 0 where there are too few.
                    let count = (chunk.count as f64 - ddof).max(0.0);
                    let dtype = Scalar::F64.into();
                    apply("divide", &[&own[1], &count_as(&dtype, count)], &dtype, backend, alarm)?
                }
                (Fold::Arg(_), _) => own[1].clone(),
                _ => own[0].clone(),
            };
            views.push(match view.dtype() == &member.dtype {
                true => view,
                false => apply("cast", &[&view], &member.dtype, backend, alarm)?,
            });
        }
        Ok(Chunk { views, count: chunk.count, ..Chunk::default() })
    }
}

impl State {
    /// Whether it starts from a first element.
    fn starts(&self) -> bool {
        match self {
            Self::Combined(how, _) => starts_from(*how).is_none(),
            Self::Moments => true,
            Self::Arg(_) => false,
        }
    }
}

/// What combining starts from: 0, 1, or an element.
fn starts_from(how: Reduction) -> Option<u8> {
    match how {
        Reduction::Add | Reduction::Or => Some(0),
        Reduction::Multiply | Reduction::And => Some(1),
        Reduction::Minimum | Reduction::Maximum => None,
    }
}

fn is_real(dtype: &DType) -> bool {
    dtype.scalar().is_some_and(|scalar| !scalar.is_complex())
}

/// The type that sums of a type are added up in.
fn wide(dtype: &DType) -> DType {
    match dtype {
        DType::Number(Scalar::F32) => Scalar::F64.into(),
        DType::Opaque(name, _) if &**name == "<f2" => Scalar::F64.into(),
        DType::Number(Scalar::C64) => Scalar::C128.into(),
        other => other.clone(),
    }
}

/// A 1 of a type, as bytes.
fn one(dtype: &DType) -> SmallVec<[u8; 16]> {
    let mut bytes: SmallVec<[u8; 16]> = smallvec![0; dtype.size()];
    match dtype.scalar() {
        Some(Scalar::F32 | Scalar::C64) => bytes[..4].copy_from_slice(&1_f32.to_ne_bytes()),
        Some(Scalar::F64 | Scalar::C128) => bytes[..8].copy_from_slice(&1_f64.to_ne_bytes()),
        Some(scalar) if scalar.kind() != Kind::Bool && cfg!(target_endian = "big") => {
            bytes[scalar.size() - 1] = 1;
        }
        _ => bytes[0] = 1,
    }
    bytes
}

fn push(fused: &mut Fused, name: &str, operands: &[u16], dtype: impl Into<DType>) -> u16 {
    let (op, operands) = (Operation::Named(name.into()), operands.into());
    fused.steps.push(Step { op, operands, dtype: dtype.into() });
    (fused.inputs.len() + fused.steps.len() - 1) as u16
}

fn cast(fused: &mut Fused, value: u16, dtype: &DType) -> u16 {
    if fused.dtype(value) == dtype {
        return value;
    }
    push(fused, "cast", &[value], dtype.clone())
}

/// A count as an element of a float or complex type.
fn count_as(dtype: &DType, count: f64) -> View {
    let mut bytes = vec![0; dtype.size()];
    bytes[..8].copy_from_slice(&count.to_ne_bytes());
    View::scalar(dtype.clone(), &bytes)
}

/// One operation on small arrays.
fn apply(
    name: &str,
    inputs: &[&View],
    dtype: &DType,
    backend: Option<&dyn Backend>,
    alarm: &AtomicU64,
) -> Result<View, OpError> {
    let shape = inputs[0].shape();
    let step = Step {
        op: Operation::Named(Arc::from(name)),
        operands: (0..inputs.len() as u16).collect(),
        dtype: dtype.clone(),
    };
    let fused = Fused {
        inputs: inputs.iter().map(|input| input.dtype().clone()).collect(),
        steps: vec![step],
        output: Output::Elements(smallvec![inputs.len() as u16]),
    };
    let views: SmallVec<[View; 2]> = inputs.iter().map(|input| input.broadcast(shape)).collect();
    let Some(interpreter) = Interpreter::new(&fused) else {
        let backend = backend.ok_or_else(|| format!("{name} of {dtype} needs NumPy"))?;
        return backend.apply(&fused.steps[0], &views).map_err(op_error);
    };
    let mut target = Target::new(dtype.clone(), shape);
    let kept = vec![false; shape.len()];
    interpreter.run(&views, shape, &kept, &mut [&mut target], alarm).map_err(op_error)?;
    Ok(target.freeze())
}

/// Mean and sum of squared distances of elements, from sums of distances from the first and of their squares.
fn moments(first: Option<&View>, distances: &View, squares: &View, count: usize) -> [View; 2] {
    let shape = distances.shape();
    let (mut mean, mut rest) =
        (Target::zeros(Scalar::F64.into(), shape), Target::zeros(Scalar::F64.into(), shape));
    if let (Some(first), Some(distances), Some(squares), Some(means), Some(rests)) = (
        first.and_then(View::as_slice::<f64>),
        distances.as_slice::<f64>(),
        squares.as_slice::<f64>(),
        mean.as_slice::<f64>(),
        rest.as_slice::<f64>(),
    ) {
        let count = count as f64;
        for place in 0..means.len() {
            let distance = distances[place];
            means[place] = first[place] + distance / count;
            // Rounding may take more away than there is.
            let left = squares[place] - distance * distance / count;
            rests[place] = if left < 0.0 { 0.0 } else { left };
        }
    }
    [mean.freeze(), rest.freeze()]
}

fn merge_moments(own: &[View], new: &[View], (count, more): (f64, f64)) -> [View; 2] {
    let shape = own[0].shape();
    let (mut mean, mut rest) =
        (Target::zeros(Scalar::F64.into(), shape), Target::zeros(Scalar::F64.into(), shape));
    if let (Some(means), Some(rests), Some(a), Some(b), Some(c), Some(d)) = (
        mean.as_slice::<f64>(),
        rest.as_slice::<f64>(),
        own[0].as_slice::<f64>(),
        own[1].as_slice::<f64>(),
        new[0].as_slice::<f64>(),
        new[1].as_slice::<f64>(),
    ) {
        let all = count + more;
        for place in 0..means.len() {
            let distance = c[place] - a[place];
            means[place] = a[place] + distance * (more / all);
            rests[place] = b[place] + d[place] + distance * distance * (count * more / all);
        }
    }
    [mean.freeze(), rest.freeze()]
}
