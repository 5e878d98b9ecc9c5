//! Plans: which nodes become arrays in memory, and which are computed within the task that reads them.
//!
//! A node is *pulled*: whoever reads it asks for a box of it. A view passes the box on, so a slice reaches what
//! it is a slice of, and cutting a source in another way costs nothing. An elementwise operation becomes part of
//! its reader's fused kernel. Only some nodes are *stored*, chunk by chunk, each chunk a task's result:
//! reductions, functions of blocks, what the user asked for, and what several readers would otherwise compute
//! several times.

use crate::fused::{Backend, Fused, Operation, Output, Step, ValueId};
use crate::grid::Grid;
use crate::group::{Group, narrowed};
use crate::node::{Blocks, Fold, Item, Kind, Regions};
use crate::reduce::Reducing;
use crate::view::{Shape, shape_of};
use crate::{Array, DType};
use smallvec::SmallVec;
use std::collections::HashMap;
use std::sync::Arc;

/// Of a node in its plan: inputs have smaller numbers than their readers.
pub(crate) type Id = u32;

/// Expressions, each once, and what becomes of them.
pub(crate) struct Plan {
    pub nodes: Vec<Planned>,
    pub roots: Vec<Id>,
    pub reductions: Vec<Reducing>,
    /// How many bytes may be used, about.
    pub memory: u64,
}

pub(crate) struct Planned {
    pub array: Array,
    pub inputs: SmallVec<[Id; 2]>,
    /// Whether it becomes an array, chunk by chunk.
    pub stored: bool,
    /// Whether somebody reads it in chunks that lie across its own.
    is_crossed: bool,
    /// Of an elementwise operation that is the last of a fused kernel.
    pub group: Option<Group>,
    /// Of a reduction: which of the plan's, and which of its results.
    pub reducing: Option<(usize, usize)>,
}

/// What tells whether two nodes compute the same.
#[derive(PartialEq, Eq, Hash)]
enum Key {
    Memory(usize, DType, Shape, SmallVec<[isize; 4]>),
    Source(usize),
    Iota(usize, Shape),
    Map(Operation, SmallVec<[Id; 2]>, DType),
    Slice(Id, SmallVec<[Item; 4]>),
    Axes(Id, SmallVec<[Option<usize>; 4]>),
    Broadcast(Id, Shape),
    Reshape(Id, Shape),
    Concatenate(SmallVec<[Id; 2]>, usize),
    Take(Id, usize, usize),
    Put(Id, SmallVec<[Item; 4]>, Id),
    Reduce(Id, (u8, u64), SmallVec<[usize; 4]>, DType),
    Blocks(usize, usize),
}

/// A reduction: its node, how, and the type of its result.
pub(crate) type Folded = (Id, Fold, DType);

/// Reductions of one array, cut in one way, over the same axes.
type Gathered = (Id, SmallVec<[usize; 4]>, Grid, Vec<Folded>);

/// The most steps of a fused kernel: past that, registers and compilers suffer.
const MOST_STEPS: usize = 40;
/// What an operation may cost, next to an addition, to be computed again rather than written and read.
const CHEAP: u32 = 5;
/// The same where there is no memory to write it to.
const AFFORDABLE: u32 = 300;

impl Plan {
    /// A plan to compute `roots` where about `memory` bytes may be used.
    pub fn new(roots: &[Array], memory: Option<u64>) -> Self {
        let memory = memory.unwrap_or(u64::MAX);
        let mut plan =
            Self { nodes: Vec::new(), roots: Vec::new(), reductions: Vec::new(), memory };
        plan.add(roots);
        plan.store();
        plan.gather_reductions();
        plan
    }

    /// Adds what is not there yet, inputs first, without recursion: expressions may be deep.
    fn add(&mut self, roots: &[Array]) {
        let mut known: HashMap<*const crate::node::Node, Id> = HashMap::new();
        let mut same: HashMap<Key, Id> = HashMap::new();
        let mut stack: Vec<(&Array, bool)> = roots.iter().rev().map(|root| (root, false)).collect();
        while let Some((array, is_opened)) = stack.pop() {
            let address = Arc::as_ptr(&array.0);
            if known.contains_key(&address) {
                continue;
            }
            let kind = &array.0.kind;
            let inputs = kind.inputs().iter().chain(kind.second());
            if !is_opened {
                stack.push((array, true));
                stack.extend(inputs.map(|input| (input, false)));
                continue;
            }
            let inputs: SmallVec<[Id; 2]> =
                inputs.map(|input| known[&Arc::as_ptr(&input.0)]).collect();
            // A box of it is that box of what was cut in another way.
            let id = match kind {
                Kind::Rechunk(inner) => {
                    if inner.grid().is_crossed_by(array.grid()) {
                        self.nodes[inputs[0] as usize].is_crossed = true;
                    }
                    inputs[0]
                }
                _ => *same.entry(key(array, &inputs)).or_insert_with(|| {
                    let inputs = inputs.clone();
                    let array = array.clone();
                    self.nodes.push(Planned {
                        array,
                        inputs,
                        stored: false,
                        is_crossed: false,
                        group: None,
                        reducing: None,
                    });
                    (self.nodes.len() - 1) as Id
                }),
            };
            known.insert(address, id);
        }
        self.roots = roots.iter().map(|root| known[&Arc::as_ptr(&root.0)]).collect();
    }

    /// Whether an array is so large beside the memory that readers are not to hold more of its chunks than they
    /// read.
    pub fn is_large(&self, id: Id) -> bool {
        self.node(id).array.nbytes() as u64 > self.memory / 8
    }

    pub fn node(&self, id: Id) -> &Planned {
        &self.nodes[id as usize]
    }

    /// Whether a function of blocks cuts what is so large into its outputs.
    pub fn is_shuffled(&self, id: Id) -> bool {
        let Kind::Blocks(blocks, _) = self.kind(id) else { return false };
        let each = blocks.outputs.iter();
        let bytes = each.map(|(dtype, grid)| grid.shape().iter().product::<usize>() * dtype.size());
        bytes.sum::<usize>() as u64 > self.memory / 8
    }

    /// Has the kernels compiled that are worth it.
    pub fn compile(&mut self, roots: &[Array], backend: &dyn Backend) {
        let operand_shapes = |plan: &Self, group: &Group| -> Vec<Shape> {
            group.operands.iter().map(|id| plan.node(*id).array.shape().into()).collect()
        };
        for index in 0..self.nodes.len() {
            let Some(mut group) = self.nodes[index].group.take() else { continue };
            let root = self.roots.iter().position(|root| *root as usize == index);
            let grid = root.map_or(self.nodes[index].array.grid(), |root| roots[root].grid());
            let shape = shape_of(&grid.region(0));
            let shapes = operand_shapes(self, &group);
            let shapes: Vec<_> = shapes.iter().map(|own| narrowed(own, &shape)).collect();
            let kept = vec![false; shape.len()];
            group.compile(backend, self.nodes[index].array.len(), &shapes, &shape, &kept);
            self.nodes[index].group = Some(group);
        }
        let mut reductions = std::mem::take(&mut self.reductions);
        for reducing in &mut reductions {
            let shapes = operand_shapes(self, &reducing.group);
            reducing.compile(backend, &shapes);
        }
        self.reductions = reductions;
    }

    /// What a node's task does, for people.
    pub fn describe(&self, id: Id) -> String {
        let node = self.node(id);
        match &node.group {
            Some(group) => {
                let names = group.fused.steps.iter().map(|step| step.op.name());
                names.collect::<Vec<_>>().join("+")
            }
            None => node.array.name().to_owned(),
        }
    }

    /// Which of a chunk's arrays is a node's.
    pub fn place(&self, id: Id) -> usize {
        self.node(id).reducing.map_or(0, |(_, place)| place)
    }

    /// The function that a node's chunks are made by.
    pub fn function(&self, id: Id) -> &Blocks {
        match self.kind(id) {
            Kind::Blocks(blocks, _) => blocks,
            _ => unreachable!("it is a function of blocks"),
        }
    }

    fn kind(&self, id: Id) -> &Kind {
        &self.node(id).array.0.kind
    }

    fn is_map(&self, id: Id) -> bool {
        matches!(self.kind(id), Kind::Map(..))
    }

    /// Says which nodes are stored, from the readers down to what they read.
    fn store(&mut self) {
        let costs = self.costs();
        let count = self.nodes.len();
        let mut readers: Vec<SmallVec<[Id; 4]>> = vec![SmallVec::new(); count];
        for (id, node) in self.nodes.iter().enumerate() {
            for input in &node.inputs {
                if !readers[*input as usize].contains(&(id as Id)) {
                    readers[*input as usize].push(id as Id);
                }
            }
        }
        // The kernel that a node is part of: its own number, or its only reader's. A reduction's input is part of
        // one with all that are reduced over the same axes, which go by the first of them.
        let mut kernel: Vec<Id> = (0..count as Id).collect();
        let mut repeated = vec![false; count];
        let mut crossed = vec![false; count];
        for index in (0..count).rev() {
            let id = index as Id;
            let array = &self.node(id).array;
            let own = &readers[index];
            repeated[index] = own.iter().any(|reader| match self.kind(*reader) {
                Kind::Blocks(blocks, _) => {
                    let inputs = self.node(*reader).inputs.iter().zip(&blocks.regions);
                    let mut regions = inputs.filter(|(input, _)| **input == id);
                    regions.any(|(_, regions)| match regions {
                        Regions::Same => false,
                        Regions::All => blocks.outputs[0].1.count() > 1,
                        Regions::List(list) => {
                            let each = list.iter().map(|region| {
                                region.iter().map(ExactSizeIterator::len).product::<usize>()
                            });
                            each.sum::<usize>() > array.len()
                        }
                    })
                }
                Kind::Take(..) => true,
                Kind::Map(..) | Kind::Reduce(..) => false,
                _ => repeated[*reader as usize] && !self.node(*reader).stored,
            });
            // Of what it is read through, too.
            let through = |reader: &Id| crossed[*reader as usize] && !self.node(*reader).stored;
            crossed[index] = self.node(id).is_crossed || own.iter().any(through);
            match &array.0.kind {
                Kind::Reduce(..) | Kind::Blocks(..) => self.nodes[index].stored = true,
                Kind::Memory(_) | Kind::Iota(_) => {}
                Kind::Map(..) => {
                    let mut sites: SmallVec<[(u8, Id); 4]> = SmallVec::new();
                    if self.roots.contains(&id) {
                        sites.push((4, id));
                    }
                    for reader in own {
                        let is_whole = self.node(*reader).array.len() == array.len();
                        let site = match self.kind(*reader) {
                            Kind::Map(..) if is_whole => (0, kernel[*reader as usize]),
                            Kind::Map(..) => (1, kernel[*reader as usize]),
                            Kind::Reduce(_, _, axes) => (2, self.first_reduction(own, axes)),
                            _ => (3, *reader),
                        };
                        if !sites.contains(&site) {
                            sites.push(site);
                        }
                    }
                    let is_big = array.nbytes() as u64 > self.memory / 4;
                    let limit = if is_big { AFFORDABLE } else { CHEAP };
                    let is_read_again = sites.len() > 1 || repeated[index];
                    let is_stored = is_read_again && costs[index] > limit;
                    if let ([(0, reader)], false) = (&sites[..], is_stored) {
                        kernel[index] = *reader;
                    }
                    self.nodes[index].stored = is_stored;
                }
                Kind::Source(source) => {
                    let is_big = array.nbytes() as u64 > self.memory / 4;
                    let is_root = self.roots.contains(&id);
                    let is_read_again = own.len() + usize::from(is_root) > 1 || repeated[index];
                    // What lies in rows is not read by columns: each would read all of it.
                    let is_torn = crossed[index] && !source.is_random_access();
                    self.nodes[index].stored = is_torn || !is_big && is_read_again;
                }
                _ => {}
            }
        }
    }

    /// The first of some readers that reduces over these axes.
    fn first_reduction(&self, readers: &[Id], over: &[usize]) -> Id {
        let mut all = readers.iter().filter(
            |reader| matches!(self.kind(**reader), Kind::Reduce(_, _, axes) if axes[..] == *over),
        );
        *all.next().expect("there is at least one")
    }

    /// What each node costs for an element, with all that is computed with it, next to an addition.
    fn costs(&self) -> Vec<u32> {
        let mut costs: Vec<u32> = Vec::with_capacity(self.nodes.len());
        for node in &self.nodes {
            let inputs = node.inputs.iter().map(|input| costs[*input as usize]);
            let inputs: u32 = inputs.fold(0, u32::saturating_add);
            costs.push(match &node.array.0.kind {
                Kind::Memory(_) => 0,
                Kind::Iota(_) => 1,
                Kind::Source(_) => 50,
                Kind::Map(operation, _) => inputs.saturating_add(cost(operation)),
                Kind::Reduce(..) | Kind::Blocks(..) => 0,
                Kind::Concatenate(..) | Kind::Put(..) | Kind::Take(..) | Kind::Reshape(_) => {
                    inputs.saturating_add(2)
                }
                _ => inputs,
            });
        }
        costs
    }

    /// Finds the reductions that can share a pass over their input.
    fn gather_reductions(&mut self) {
        let mut found: HashMap<(Id, SmallVec<[usize; 4]>, Grid), usize> = HashMap::new();
        let mut members: Vec<Gathered> = Vec::new();
        for (id, node) in self.nodes.iter().enumerate() {
            if let Kind::Reduce(input, fold, axes) = &node.array.0.kind {
                let grid = input.grid().clone();
                let key = (node.inputs[0], axes.clone(), grid.clone());
                let place = *found.entry(key).or_insert_with(|| {
                    members.push((node.inputs[0], axes.clone(), grid, Vec::new()));
                    members.len() - 1
                });
                members[place].3.push((id as Id, *fold, node.array.dtype().clone()));
            }
        }
        for (input, axes, grid, members) in members {
            for (place, (id, ..)) in members.iter().enumerate() {
                self.nodes[*id as usize].reducing = Some((self.reductions.len(), place));
            }
            let reducing = Reducing::new(self, input, axes, grid, members);
            self.reductions.push(reducing);
        }
    }

    /// The kernel that computes a node's elements, if it is an elementwise operation; `extend` may add steps
    /// behind the node's own value and says what is kept. If `is_own` is not set, the node is only read. An
    /// `extra` input stands behind the others.
    pub fn fuse(
        &self,
        id: Id,
        is_own: bool,
        extra: Option<DType>,
        extend: impl FnOnce(&mut Fused, ValueId) -> Output,
    ) -> (Fused, SmallVec<[Id; 4]>) {
        let mut fusing = Fusing {
            plan: self,
            operands: SmallVec::new(),
            steps: Vec::new(),
            values: HashMap::new(),
        };
        let last = fusing.value(id, is_own);
        fusing.finish(last, extra, extend)
    }

    /// Makes the kernels of all elementwise nodes that are computed on their own.
    pub fn group(&mut self) {
        let mut needed: Vec<Id> = Vec::new();
        needed.extend(self.roots.iter().filter(|root| self.is_map(**root)));
        for (id, node) in self.nodes.iter().enumerate() {
            if node.stored && self.is_map(id as Id) {
                needed.push(id as Id);
            }
            if !self.is_map(id as Id) && node.reducing.is_none() {
                needed.extend(node.inputs.iter().filter(|input| self.is_map(**input)));
            }
        }
        for reducing in &self.reductions {
            // A reduction that needs the elements one by one.
            if self.is_map(reducing.input) && !self.node(reducing.input).stored {
                needed.push(reducing.input);
            }
            needed.extend(reducing.group.operands.iter().filter(|operand| self.is_map(**operand)));
        }
        while let Some(id) = needed.pop() {
            if self.node(id).group.is_some() {
                continue;
            }
            let (fused, operands) = self
                .fuse(id, true, None, |_, value| Output::Elements(SmallVec::from_elem(value, 1)));
            needed.extend(operands.iter().filter(|operand| self.is_map(**operand)));
            self.nodes[id as usize].group = Some(Group::new(fused, operands));
        }
    }
}

struct Fusing<'a> {
    plan: &'a Plan,
    operands: SmallVec<[Id; 4]>,
    steps: Vec<Step>,
    // Of nodes: an operand's place, or, marked, a step's.
    values: HashMap<Id, Place>,
}

#[derive(Clone, Copy)]
enum Place {
    Operand(usize),
    Step(usize),
}

impl Fusing<'_> {
    fn value(&mut self, id: Id, is_last: bool) -> Place {
        if let Some(place) = self.values.get(&id) {
            return *place;
        }
        let node = self.plan.node(id);
        let is_inner = is_last || !node.stored;
        let place = match &node.array.0.kind {
            Kind::Map(operation, _) if is_inner && self.steps.len() < MOST_STEPS => {
                let shape = node.array.shape();
                let places: SmallVec<[Place; 3]> = node
                    .inputs
                    .iter()
                    .map(|input| {
                        // What is repeated is computed once, by a kernel of its own.
                        if self.plan.node(*input).array.shape() == shape {
                            self.value(*input, false)
                        } else {
                            self.operand(*input)
                        }
                    })
                    .collect();
                // Places of steps are moved behind the operands at the end.
                let operands = places.iter().map(|place| match place {
                    Place::Operand(number) => *number as ValueId,
                    Place::Step(number) => STEP | *number as ValueId,
                });
                let (operation, operands) =
                    self.simplify(operation, &node.inputs, operands.collect());
                let dtype = node.array.dtype().clone();
                self.steps.push(Step { op: operation, operands, dtype });
                Place::Step(self.steps.len() - 1)
            }
            _ => return self.operand(id),
        };
        self.values.insert(id, place);
        place
    }

    fn operand(&mut self, id: Id) -> Place {
        if let Some(Place::Operand(number)) = self.values.get(&id) {
            return Place::Operand(*number);
        }
        self.operands.push(id);
        let place = Place::Operand(self.operands.len() - 1);
        self.values.entry(id).or_insert(place);
        place
    }

    /// A power with an exponent that is known, as something simpler (NumPy does the same).
    fn simplify(
        &self,
        operation: &Operation,
        inputs: &[Id],
        operands: SmallVec<[ValueId; 3]>,
    ) -> (Operation, SmallVec<[ValueId; 3]>) {
        let named = |name: &str| Operation::Named(name.into());
        if let (Operation::Named(name), [_, exponent]) = (operation, inputs)
            && &**name == "power"
            && let Some(exponent) = self.constant(*exponent)
        {
            let simpler = match exponent {
                2.0 => Some("square"),
                0.5 => Some("sqrt"),
                -1.0 => Some("reciprocal"),
                _ => None,
            };
            if let Some(simpler) = simpler {
                return (named(simpler), operands[..1].into());
            }
        }
        (operation.clone(), operands)
    }

    /// The value of a floating-point constant.
    fn constant(&self, id: Id) -> Option<f64> {
        let Kind::Memory(view) = self.plan.kind(id) else { return None };
        if !view.strides().iter().all(|stride| *stride == 0) {
            return None;
        }
        let first = view.axes(&[]);
        let bytes = first.as_bytes()?;
        match view.dtype().scalar()? {
            kernel::types::Scalar::F64 => Some(f64::from_le_bytes(bytes.try_into().ok()?)),
            kernel::types::Scalar::F32 => {
                Some(f64::from(f32::from_le_bytes(bytes.try_into().ok()?)))
            }
            _ => None,
        }
    }

    fn finish(
        self,
        last: Place,
        extra: Option<DType>,
        extend: impl FnOnce(&mut Fused, ValueId) -> Output,
    ) -> (Fused, SmallVec<[Id; 4]>) {
        let Self { plan, operands, mut steps, .. } = self;
        // What a simplified step no longer reads is left out.
        let mut is_read = vec![false; operands.len()];
        let all = steps.iter().flat_map(|step| step.operands.iter());
        for operand in all.filter(|operand| **operand & STEP == 0) {
            is_read[usize::from(*operand)] = true;
        }
        if let Place::Operand(number) = last {
            is_read[number] = true;
        }
        let mut places = Vec::with_capacity(operands.len());
        let mut kept: SmallVec<[Id; 4]> = SmallVec::new();
        for (id, is_read) in operands.iter().zip(&is_read) {
            places.push(kept.len() as ValueId);
            if *is_read {
                kept.push(*id);
            }
        }
        let count = (kept.len() + usize::from(extra.is_some())) as ValueId;
        for step in &mut steps {
            for operand in &mut step.operands {
                *operand = match *operand & STEP {
                    0 => places[usize::from(*operand)],
                    _ => count + (*operand & !STEP),
                };
            }
        }
        let inputs = kept.iter().map(|id| plan.node(*id).array.dtype().clone());
        let inputs = inputs.chain(extra).collect();
        let last = match last {
            Place::Operand(number) => places[number],
            Place::Step(number) => count + number as ValueId,
        };
        let mut fused = Fused { inputs, steps, output: Output::Elements(SmallVec::new()) };
        fused.output = extend(&mut fused, last);
        (fused, kept)
    }
}

/// Marks the number of a step while it is not known how many operands there are.
const STEP: ValueId = 1 << 15;

fn key(array: &Array, inputs: &SmallVec<[Id; 2]>) -> Key {
    let node = &array.0;
    match &node.kind {
        Kind::Memory(view) => Key::Memory(
            view.data().addr(),
            node.dtype.clone(),
            node.shape.clone(),
            view.strides().into(),
        ),
        Kind::Source(source) => Key::Source(Arc::as_ptr(source).addr()),
        Kind::Iota(axis) => Key::Iota(*axis, node.shape.clone()),
        Kind::Map(operation, _) => Key::Map(operation.clone(), inputs.clone(), node.dtype.clone()),
        Kind::Slice(_, items) => Key::Slice(inputs[0], items.clone()),
        Kind::Axes(_, axes) => Key::Axes(inputs[0], axes.clone()),
        Kind::Broadcast(_) => Key::Broadcast(inputs[0], node.shape.clone()),
        Kind::Reshape(_) => Key::Reshape(inputs[0], node.shape.clone()),
        Kind::Rechunk(_) => unreachable!("it is what it is cut from"),
        Kind::Concatenate(_, axis, _) => Key::Concatenate(inputs.clone(), *axis),
        Kind::Take(_, axis, indices) => Key::Take(inputs[0], *axis, indices.as_ptr().addr()),
        Kind::Put(_, items, _) => Key::Put(inputs[0], items.clone(), inputs[1]),
        Kind::Reduce(_, fold, axes) => {
            let fold = match fold {
                Fold::Simple(reduction) => (*reduction as u8, 0),
                Fold::Mean => (100, 0),
                Fold::Var(ddof) => (101, ddof.to_bits()),
                Fold::Arg(is_largest) => (102, u64::from(*is_largest)),
            };
            Key::Reduce(inputs[0], fold, axes.clone(), node.dtype.clone())
        }
        Kind::Blocks(blocks, output) => Key::Blocks(Arc::as_ptr(blocks).addr(), *output),
    }
}

/// What an operation costs for an element, next to an addition.
fn cost(operation: &Operation) -> u32 {
    match operation {
        Operation::Function(_) => 30,
        Operation::Named(name) => match &**name {
            "add" | "subtract" | "multiply" | "negative" | "positive" | "absolute" | "square"
            | "cast" | "where" | "maximum" | "minimum" | "equal" | "not_equal" | "less"
            | "less_equal" | "greater" | "greater_equal" | "logical_and" | "logical_or"
            | "logical_not" | "logical_xor" | "bitwise_and" | "bitwise_or" | "bitwise_xor"
            | "invert" | "isnan" | "isfinite" | "isinf" | "conjugate" | "real" | "imag" => 1,
            "divide" | "sqrt" | "reciprocal" | "floor" | "ceil" | "trunc" | "rint" => 3,
            "floor_divide" | "remainder" | "fmod" => 6,
            _ => 15,
        },
    }
}
