//! Pulling: how a task gets a box of a node.
//!
//! The way down from a node to the chunks that it is made of is walked twice. When the graph is made, to find which
//! tasks a task reads ([`Pull::collect`]); nothing is computed then, but what would be allocated is added up. And when
//! the task runs, with the values of those tasks, in the order in which they were found. There is one walk for both,
//! so they can't differ.

use crate::DType;
use crate::fused::{Backend, KernelError};
use crate::group::Group;
use crate::lower::Chunk;
use crate::node::{Item, Kind};
use crate::plan::{Id, Plan};
use crate::view::{Region, Shape, Target, View, c_strides, shape_of};
use graph::{Context, OpError, Stopped, Value, downcast};
use smallvec::SmallVec;
use std::cell::RefCell;
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

/// Along each axis, which elements of a chunk, and where they go.
type Found = SmallVec<[(Item, Range<usize>); 4]>;

/// Which elements along each axis.
pub(crate) type Items = SmallVec<[Item; 4]>;

/// A chunk of fewer bytes is not cut into pieces: a task for each would cost more than it saves.
const DIVISIBLE: usize = 1 << 18;

/// Bytes between two elements that are taken, for which it is faster to read them too than to ask twice.
const GAP: usize = 1 << 16;

/// How much is read at a time, in gaps.
const MOST_GAPS: usize = 64;

/// Pulls boxes of nodes.
pub(crate) struct Pull<'a> {
    pub plan: &'a Plan,
    pub backend: Option<&'a Arc<dyn Backend>>,
    way: Way<'a>,
}

enum Way<'a> {
    /// Finds the chunks that are read: which node, and the chunk's number. And adds up what is allocated.
    Collect(RefCell<Collected>, View),
    /// Takes their values, in the same order.
    Run(RefCell<std::vec::IntoIter<Value>>, &'a Context<'a>),
}

/// What a walk reads of a stored node: which of its chunks, and which elements of that.
pub(crate) struct Read {
    pub id: Id,
    pub number: usize,
    pub inside: Items,
    /// Whether these are few enough to be cut out, so that the task need not have the whole chunk.
    pub is_piece: bool,
}

/// What a walk finds.
#[derive(Default)]
pub(crate) struct Collected {
    pub chunks: Vec<Read>,
    /// Bytes that are allocated on the way,
    pub made: usize,
    /// that come with the chunks, or with pieces of them,
    pub received: usize,
    /// and that are read of arrays in memory, files and the like.
    pub read: usize,
}

/// All elements of a box.
pub(crate) fn items(region: &[Range<usize>]) -> Items {
    region.iter().map(|range| (range.start, 1, range.len())).collect()
}

pub(crate) fn lengths(items: &[Item]) -> Shape {
    items.iter().map(|item| item.2).collect()
}

impl<'a> Pull<'a> {
    /// One that only finds what is read.
    pub fn collect(plan: &'a Plan) -> Self {
        // Stands for whatever would be computed: one element, again and again.
        let dummy = Target::zeros(DType::Opaque("".into(), 1), &[]).freeze();
        Self { plan, backend: None, way: Way::Collect(RefCell::default(), dummy) }
    }

    /// One that takes the values of what was found.
    pub fn run(
        plan: &'a Plan,
        backend: Option<&'a Arc<dyn Backend>>,
        inputs: Vec<Value>,
        context: &'a Context<'a>,
    ) -> Self {
        Self { plan, backend, way: Way::Run(RefCell::new(inputs.into_iter()), context) }
    }

    /// What was found since the last time.
    pub fn collected(&self) -> Collected {
        match &self.way {
            Way::Collect(collected, _) => collected.take(),
            Way::Run(..) => Collected::default(),
        }
    }

    pub fn backend(&self) -> Option<&dyn Backend> {
        self.backend.map(|backend| &**backend)
    }

    /// Whether nothing is to be computed.
    pub fn is_collecting(&self) -> bool {
        matches!(self.way, Way::Collect(..))
    }

    /// What stands for an array that is not computed, which would be `bytes` large.
    pub fn stand_in(&self, dtype: &DType, shape: &[usize]) -> Option<View> {
        match &self.way {
            Way::Collect(collected, dummy) => {
                collected.borrow_mut().made += shape.iter().product::<usize>() * dtype.size();
                Some(dummy.stand_in(dtype.clone(), shape))
            }
            Way::Run(..) => None,
        }
    }

    pub fn alarm(&self) -> &AtomicU64 {
        static NEVER: AtomicU64 = AtomicU64::new(0);
        match &self.way {
            Way::Collect(..) => &NEVER,
            Way::Run(_, context) => context.control.alarm(),
        }
    }

    /// Takes note of what is read that no task makes; what is repeated is read once.
    fn reads(&self, view: &View) {
        if let Way::Collect(collected, _) = &self.way {
            let own = view.shape().iter().zip(view.strides());
            let is_stand_in = view.strides().iter().all(|stride| *stride == 0);
            let own =
                own.map(|(size, stride)| if *stride == 0 && !is_stand_in { 1 } else { *size });
            collected.borrow_mut().read += own.product::<usize>() * view.dtype().size();
        }
    }

    /// Some elements of a stored node's chunk.
    fn chunk(
        &self,
        id: Id,
        number: usize,
        region: &Region,
        inside: Items,
    ) -> Result<View, OpError> {
        match &self.way {
            Way::Collect(collected, dummy) => {
                let dtype = self.plan.node(id).array.dtype();
                let shape = lengths(&inside);
                let bytes = |shape: &[usize]| shape.iter().product::<usize>() * dtype.size();
                let (all, own) = (bytes(&shape_of(region)), bytes(&shape));
                let is_piece = all >= DIVISIBLE && own <= all / 4 && self.plan.is_large(id);
                let mut collected = collected.borrow_mut();
                collected.received += if is_piece { own } else { all };
                collected.chunks.push(Read { id, number, inside, is_piece });
                Ok(dummy.stand_in(dtype.clone(), &shape))
            }
            Way::Run(values, _) => {
                let value = values.borrow_mut().next().ok_or("a task has its inputs")?;
                let chunk = downcast::<Chunk>(&value).ok_or("an array's task reads chunks")?;
                if chunk.is_piece {
                    return Ok(chunk.views[0].clone());
                }
                Ok(sliced(&chunk.views[self.plan.place(id)], &inside))
            }
        }
    }

    /// Some elements of a node: from its chunks, or computed here.
    pub fn elements(&self, id: Id, items: &[Item]) -> Result<View, OpError> {
        let node = self.plan.node(id);
        if items.iter().any(|item| item.2 == 0) {
            return Ok(Target::new(node.array.dtype().clone(), &lengths(items)).freeze());
        }
        if node.stored { self.stored(id, items) } else { self.compute(id, items) }
    }

    /// Writes some elements of a node.
    pub fn fill(&self, id: Id, items: &[Item], target: &mut Target) -> Result<(), OpError> {
        let node = self.plan.node(id);
        if items.iter().any(|item| item.2 == 0) {
            return Ok(());
        }
        if !node.stored {
            match (&node.array.0.kind, &node.group) {
                (Kind::Map(..), Some(group)) => return self.map(id, group, items, Some(target)),
                (Kind::Source(source), _) if items.iter().all(|item| item.1 == 1) => {
                    if !self.is_collecting() {
                        source.read(&bounding(items), target)?;
                    }
                    return Ok(());
                }
                (Kind::Concatenate(..), _) => return self.concatenate(id, items, target),
                _ => {}
            }
        }
        let view = self.elements(id, items)?;
        if !self.is_collecting() {
            target.fill_from(&view);
        }
        Ok(())
    }

    /// Some elements of a node, from its chunks.
    fn stored(&self, id: Id, items: &[Item]) -> Result<View, OpError> {
        let (items, flipped) = forwards(items);
        let grid = self.plan.node(id).array.grid();
        let box_of = bounding(&items);
        let view = if let Some(number) = grid.chunk_around(&box_of) {
            let region = grid.region(number);
            let inside = items.iter().zip(&region);
            let inside = inside.map(|(item, own)| (item.0 - own.start, item.1, item.2));
            self.chunk(id, number, &region, inside.collect())?
        } else {
            let mut parts = Vec::new();
            let mut failed = None;
            grid.overlapping(&box_of, &mut |number, _| {
                let region = grid.region(number);
                let found: Option<Found> =
                    items.iter().zip(&region).map(|(item, own)| within(item, own)).collect();
                if let (Some(found), None) = (found, &failed) {
                    let inside = found.iter().map(|(item, _)| *item);
                    let to = found.iter().map(|(_, range)| range.clone());
                    match self.chunk(id, number, &region, inside.collect()) {
                        Ok(view) => parts.push((view, to.collect())),
                        Err(error) => failed = Some(error),
                    }
                }
            });
            if let Some(error) = failed {
                return Err(error);
            }
            self.assemble(self.plan.node(id).array.dtype(), &lengths(&items), parts)
        };
        Ok(flip(view, &flipped))
    }

    /// One array of parts, and where each goes.
    fn assemble(&self, dtype: &DType, shape: &[usize], parts: Vec<(View, Region)>) -> View {
        if let Some(view) = self.stand_in(dtype, shape) {
            return view;
        }
        let mut target = Target::new(dtype.clone(), shape);
        for (view, to) in parts {
            target.part(&to).fill_from(&view);
        }
        target.freeze()
    }

    /// Computes some elements of a node, whether it is stored or not.
    pub fn compute(&self, id: Id, items: &[Item]) -> Result<View, OpError> {
        let node = self.plan.node(id);
        let (dtype, shape) = (node.array.dtype(), lengths(items));
        let input = |number: usize| node.inputs[number];
        match &node.array.0.kind {
            Kind::Memory(view) => {
                let view = sliced(view, items);
                self.reads(&view);
                Ok(view)
            }
            Kind::Source(source) => {
                let (items, flipped) = forwards(items);
                let region = bounding(&items);
                let whole = shape_of(&region);
                let view = match self.stand_in(dtype, &whole) {
                    Some(view) => {
                        self.reads(&view);
                        view
                    }
                    None => {
                        let mut target = Target::new(dtype.clone(), &whole);
                        source.read(&region, &mut target)?;
                        target.freeze()
                    }
                };
                let inside: Items = items.iter().map(|item| (0, item.1, item.2)).collect();
                Ok(flip(sliced(&view, &inside), &flipped))
            }
            Kind::Iota(axis) => {
                let (start, step, length) = items[*axis];
                let mut target = Target::new(dtype.clone(), &[length]);
                for (place, bytes) in target.bytes().chunks_exact_mut(8).enumerate() {
                    let value = start as i64 + step as i64 * place as i64;
                    bytes.copy_from_slice(&value.to_ne_bytes());
                }
                let mut axes: SmallVec<[Option<usize>; 4]> = shape.iter().map(|_| None).collect();
                axes[*axis] = Some(0);
                Ok(target.freeze().axes(&axes).broadcast(&shape))
            }
            Kind::Map(..) => {
                let group = node.group.as_ref().ok_or("an operation has its kernel")?;
                if let Some(view) = self.stand_in(dtype, &shape) {
                    self.map(id, group, items, None)?;
                    return Ok(view);
                }
                let mut target = Target::new(dtype.clone(), &shape);
                self.map(id, group, items, Some(&mut target))?;
                Ok(target.freeze())
            }
            Kind::Slice(_, own) => {
                let inner = own.iter().zip(items).map(|(own, item)| {
                    let start = own.0 as isize + own.1 * item.0 as isize;
                    (start.cast_unsigned(), own.1 * item.1, item.2)
                });
                self.elements(input(0), &inner.collect::<Items>())
            }
            Kind::Axes(inner, axes) => {
                let mut own: Items = inner.shape().iter().map(|_| (0, 1, 1)).collect();
                for (axis, item) in axes.iter().zip(items) {
                    if let Some(axis) = axis {
                        own[*axis] = *item;
                    }
                }
                Ok(self.elements(input(0), &own)?.axes(axes))
            }
            Kind::Broadcast(inner) => {
                Ok(self.elements(input(0), &narrow(items, inner.shape()))?.broadcast(&shape))
            }
            Kind::Reshape(inner) => self.reshape(input(0), inner.shape(), id, items),
            Kind::Concatenate(..) => {
                let mut target = match self.stand_in(dtype, &shape) {
                    Some(_) => Target::new(DType::Opaque("".into(), 0), &[]),
                    None => Target::new(dtype.clone(), &shape),
                };
                self.concatenate(id, items, &mut target)?;
                let stand_in = self.stand_in(dtype, &shape);
                Ok(stand_in.unwrap_or_else(|| target.freeze()))
            }
            Kind::Take(_, axis, indices) => self.take(input(0), *axis, indices, items),
            Kind::Put(_, own, _) => self.put(id, own, items),
            Kind::Rechunk(_) | Kind::Reduce(..) | Kind::Blocks(..) => {
                unreachable!("a {} is not computed in another's task", node.array.name())
            }
        }
    }

    /// Runs an elementwise node's kernel on a box; while collecting there is no target.
    fn map(
        &self,
        id: Id,
        group: &Group,
        items: &[Item],
        target: Option<&mut Target>,
    ) -> Result<(), OpError> {
        let inputs = self.operands(group, id, items)?;
        if self.is_collecting() {
            return Ok(());
        }
        let target = target.ok_or("a kernel writes somewhere")?;
        let (shape, kept) = (lengths(items), vec![false; items.len()]);
        group
            .run(&inputs, &shape, &kept, &mut [target], self.backend(), self.alarm())
            .map_err(op_error)
    }

    /// A kernel's inputs for a box of a node.
    pub fn operands(
        &self,
        group: &Group,
        id: Id,
        items: &[Item],
    ) -> Result<SmallVec<[View; 4]>, OpError> {
        debug_assert_eq!(self.plan.node(id).array.shape().len(), items.len());
        let each = group.operands.iter().map(|operand| {
            self.elements(*operand, &narrow(items, self.plan.node(*operand).array.shape()))
        });
        each.collect()
    }

    fn reshape(&self, input: Id, inner: &[usize], id: Id, items: &[Item]) -> Result<View, OpError> {
        let (items, flipped) = forwards(items);
        let outer = self.plan.node(id).array.shape();
        let strides = c_strides(outer, 1);
        let place = |last: bool| -> usize {
            let each = items.iter().zip(&strides).map(|(item, stride)| {
                let index =
                    if last { item.0 + item.1.cast_unsigned() * (item.2 - 1) } else { item.0 };
                index * stride.cast_unsigned()
            });
            each.sum()
        };
        // The elements from the first to the last of the box, and the smallest box of the input that holds them.
        let (first, last) = (place(false), place(true));
        let own = c_strides(inner, 1);
        let (mut low, mut high, mut start) = (first, last, 0);
        let mut region: Items = inner.iter().map(|size| (0, 1, *size)).collect();
        for (axis, stride) in own.iter().enumerate() {
            let stride = stride.cast_unsigned();
            let (from, to) = (low / stride, high / stride);
            region[axis] = (from, 1, to - from + 1);
            start += from * stride;
            if from != to {
                break;
            }
            (low, high) = (low % stride, high % stride);
        }
        let view = self.elements(input, &region)?;
        let view = match self.stand_in(view.dtype(), &lengths(&items)) {
            Some(stand_in) => stand_in,
            None => {
                let strides: SmallVec<[isize; 4]> =
                    strides.iter().zip(&items).map(|(stride, item)| stride * item.1).collect();
                view.contiguous().strided(first - start, &lengths(&items), &strides)
            }
        };
        Ok(flip(view, &flipped))
    }

    fn concatenate(&self, id: Id, items: &[Item], target: &mut Target) -> Result<(), OpError> {
        let node = self.plan.node(id);
        let Kind::Concatenate(_, axis, starts) = &node.array.0.kind else {
            unreachable!("it is a concatenation")
        };
        let (items, flipped) = forwards(items);
        for (number, input) in node.inputs.iter().enumerate() {
            let Some((item, to)) = within(&items[*axis], &(starts[number]..starts[number + 1]))
            else {
                continue;
            };
            let mut own = items.clone();
            own[*axis] = item;
            if self.is_collecting() {
                self.fill(*input, &own, target)?;
                continue;
            }
            // Backwards, the parts come from the other end.
            let mut places: Items = items.iter().map(|item| (0, 1, item.2)).collect();
            places[*axis] = (to.start, 1, to.len());
            for axis in &flipped {
                let (start, _, length) = places[*axis];
                places[*axis] = (items[*axis].2 - 1 - start, -1, length);
            }
            self.fill(*input, &own, &mut target.sliced(&places))?;
        }
        Ok(())
    }

    fn take(
        &self,
        input: Id,
        axis: usize,
        indices: &[i64],
        items: &[Item],
    ) -> Result<View, OpError> {
        let (start, step, length) = items[axis];
        let index = |place: usize| {
            indices[(start as isize + step * place as isize).cast_unsigned()] as usize
        };
        // In order, and where what lies between two is more than it takes to ask again, apart.
        let mut order: Vec<(usize, usize)> =
            (0..length).map(|place| (index(place), place)).collect();
        order.sort_unstable();
        let others = items.iter().enumerate().filter(|(other, _)| *other != axis);
        let row = others.map(|(_, item)| item.2).product::<usize>()
            * self.plan.node(input).array.dtype().size();
        let gap = (GAP / row.max(1)).max(1);
        let dtype = self.plan.node(input).array.dtype();
        let mut target = match self.stand_in(dtype, &lengths(items)) {
            Some(_) => None,
            None => Some(Target::new(dtype.clone(), &lengths(items))),
        };
        let mut own: Items = items.into();
        let mut region: Region = items.iter().map(|item| 0..item.2).collect();
        let mut rest = &order[..];
        while let Some(first) = rest.first() {
            let within = |pair: &&[(usize, usize)]| {
                pair[1].0 - pair[0].0 <= gap && pair[1].0 - first.0 <= MOST_GAPS * gap
            };
            let (near, far) = rest.split_at(1 + rest.windows(2).take_while(within).count());
            rest = far;
            let (low, high) = (near[0].0, near[near.len() - 1].0);
            own[axis] = (low, 1, high - low + 1);
            let view = self.elements(input, &own)?;
            let Some(target) = &mut target else { continue };
            // As many as lie behind one another, here and there, are copied at once.
            for run in near.chunk_by(|one, next| *next == (one.0 + 1, one.1 + 1)) {
                let (first, place) = run[0];
                region[axis] = place..place + run.len();
                target.part(&region).fill_from(&view.slice(axis, first - low, 1, run.len()));
            }
        }
        match target {
            Some(target) => Ok(target.freeze()),
            None => Ok(self.stand_in(dtype, &lengths(items)).ok_or("nothing is computed")?),
        }
    }

    fn put(&self, id: Id, own: &[Item], items: &[Item]) -> Result<View, OpError> {
        let node = self.plan.node(id);
        let (items, flipped) = forwards(items);
        let base = self.elements(node.inputs[0], &items)?;
        let found: Option<SmallVec<[(Item, Item); 4]>> =
            items.iter().zip(own).map(|(item, own)| common(item, own)).collect();
        let value = match &found {
            Some(found) => {
                let inside: Items = found.iter().map(|(_, from)| *from).collect();
                Some(self.elements(node.inputs[1], &inside)?)
            }
            None => None,
        };
        let view = match self.stand_in(base.dtype(), &lengths(&items)) {
            Some(view) => view,
            None => {
                let mut target = Target::new(base.dtype().clone(), &lengths(&items));
                target.fill_from(&base);
                if let (Some(found), Some(value)) = (found, value) {
                    let to: Items = found.iter().map(|(to, _)| *to).collect();
                    target.sliced(&to).fill_from(&value);
                }
                target.freeze()
            }
        };
        Ok(flip(view, &flipped))
    }
}

/// An error of a kernel as one of a task.
pub(crate) fn op_error(error: KernelError) -> OpError {
    match error {
        KernelError::Stopped => Box::new(Stopped),
        KernelError::Raised(error) => error,
    }
}

/// The elements of a view.
pub(crate) fn sliced(view: &View, items: &[Item]) -> View {
    let mut view = view.clone();
    for (axis, &(start, step, length)) in items.iter().enumerate() {
        view = view.slice(axis, start, step, length);
    }
    view
}

/// The box of an input that is broadcast to what a box is of.
pub(crate) fn narrow(items: &[Item], shape: &[usize]) -> Items {
    let own = &items[items.len() - shape.len()..];
    own.iter().zip(shape).map(|(item, size)| if *size == 1 { (0, 1, 1) } else { *item }).collect()
}

/// The same elements with positive steps, and the axes that are backwards.
fn forwards(items: &[Item]) -> (Items, SmallVec<[usize; 4]>) {
    let mut flipped = SmallVec::new();
    let each = items.iter().enumerate().map(|(axis, &(start, step, length))| {
        if step > 0 {
            return (start, step, length);
        }
        flipped.push(axis);
        let last = start as isize + step * (length as isize - 1);
        (last.cast_unsigned(), -step, length)
    });
    let items = each.collect();
    (items, flipped)
}

fn flip(mut view: View, axes: &[usize]) -> View {
    for axis in axes {
        let length = view.shape()[*axis];
        if length > 0 {
            view = view.slice(*axis, length - 1, -1, length);
        }
    }
    view
}

/// The smallest box with all elements; steps are positive.
fn bounding(items: &[Item]) -> Region {
    let each = items.iter().map(|&(start, step, length)| {
        start..if length == 0 { start } else { start + step.cast_unsigned() * (length - 1) + 1 }
    });
    each.collect()
}

/// Which of some indices lie within a range: as indices of the range, and their places among all. The step is
/// positive.
fn within(item: &Item, range: &Range<usize>) -> Option<(Item, Range<usize>)> {
    let &(start, step, length) = item;
    let step = step.cast_unsigned();
    let first = range.start.saturating_sub(start).div_ceil(step);
    let end = range.end.saturating_sub(start).div_ceil(step).min(length);
    (first < end).then(|| {
        let own = start + first * step - range.start;
        ((own, step.cast_signed(), end - first), first..end)
    })
}

/// Where two rows of indices meet: as places in each. The first's step is positive.
fn common(one: &Item, other: &Item) -> Option<(Item, Item)> {
    let meets = |place: usize| {
        let index = one.0 as isize + one.1 * place as isize - other.0 as isize;
        let own = index / other.1;
        (index % other.1 == 0 && (0..other.2 as isize).contains(&own)).then_some(own)
    };
    let mut found = (0..one.2).filter_map(|place| meets(place).map(|own| (place, own)));
    let first = found.next()?;
    let Some(second) = found.next() else {
        return Some(((first.0, 1, 1), (first.1.cast_unsigned(), 1, 1)));
    };
    let count = 2 + found.count();
    let steps = ((second.0 - first.0).cast_signed(), second.1 - first.1);
    Some(((first.0, steps.0, count), (first.1.cast_unsigned(), steps.1, count)))
}
