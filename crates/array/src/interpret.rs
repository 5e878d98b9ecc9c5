//! Runs fused kernels block by block.
//!
//! A block is a tile of the loop's innermost axes, small enough for what the steps make of it to
//! stay in the nearest cache: a few thousand elements. Each step is one loop over the block that
//! the compiler made vectors of. An operand that has its elements one behind the other is read
//! where it is, one that is the same all over the block is a scalar, and others are gathered first.
//! What a step makes goes to the output directly if there its elements are one behind the other.
//!
//! Everything that depends on the kernel alone is prepared once, by [`Interpreter::new`]; what
//! depends on the operands' layout, once a run or where the size of a tile changes. Nothing is
//! allocated for a block.
#![allow(unsafe_code)]

mod cast;
mod complex;
mod float;
mod fold;
mod integer;
mod loops;
mod nest;
mod operations;
mod truth;
mod types;

use crate::copy::copy;
use crate::fused::{Fused, KernelError, Operation, Output};
use crate::view::{Target, View, c_strides};
use fold::Fold;
use kernel::types::{Kind, Scalar};
use loops::{Loop, Operand};
use nest::{Axes, Axis};
use smallvec::SmallVec;
use std::cell::RefCell;
use std::sync::atomic::{AtomicU64, Ordering};

/// Bytes of a block in the widest type of a kernel: three of them are in the nearest cache of most
/// processors.
const BLOCK_BYTES: usize = 16 << 10;
/// Elements after which the alarm is looked at.
const ALARM_INTERVAL: usize = 100_000;

/// A kernel that is ready to run any number of times, at one time even.
#[derive(Clone, Debug)]
pub struct Interpreter {
    inputs: Vec<Scalar>,
    steps: Vec<Step>,
    kept: Kept,
    /// Elements of a block.
    block: usize,
    /// Buffers that a run needs: one for each input, which is filled only if its elements must be
    /// gathered, then those of the steps, then two for what is reduced.
    buffers: usize,
    /// Bytes from a buffer to the next.
    buffer_bytes: usize,
}

#[derive(Clone, Debug)]
struct Step {
    run: Loop,
    operands: SmallVec<[u16; 3]>,
    /// The buffer that takes what it makes, if that does not go to an output directly.
    buffer: usize,
    /// The output that it may go to directly.
    output: Option<usize>,
    /// Whether its second operand must not be negative.
    refuses_negative: Option<Scalar>,
}

#[derive(Clone, Debug)]
enum Kept {
    /// Values, and the size of their elements.
    Elements(SmallVec<[(u16, usize); 2]>),
    /// Values that are reduced.
    Reductions(SmallVec<[(Fold, u16, usize); 2]>),
}

/// What NumPy says of a negative power of integers.
#[derive(Debug, thiserror::Error)]
#[error("Integers to negative integer powers are not allowed.")]
pub struct NegativePower;

impl Interpreter {
    /// Prepares a kernel, if all of its operations are known here for their types.
    pub fn new(fused: &Fused) -> Option<Self> {
        let scalars = |values: &[u16]| -> Option<SmallVec<[Scalar; 3]>> {
            values.iter().map(|&value| fused.dtype(value).scalar()).collect()
        };
        let inputs: Vec<Scalar> =
            fused.inputs.iter().map(|dtype| dtype.scalar()).collect::<Option<_>>()?;
        let kept = match &fused.output {
            Output::Elements(values) => Kept::Elements(
                values.iter().map(|&value| (value, fused.dtype(value).size())).collect(),
            ),
            Output::Reductions(values) => {
                let fold = |&(reduction, value)| {
                    let of = fused.dtype(value).scalar()?;
                    Some((fold::resolve(reduction, of)?, value, of.size()))
                };
                Kept::Reductions(values.iter().map(fold).collect::<Option<_>>()?)
            }
        };
        let outputs = fused.outputs();
        let mut buffers = Buffers::new(fused);
        let mut steps = Vec::with_capacity(fused.steps.len());
        for (number, step) in fused.steps.iter().enumerate() {
            let Operation::Named(op) = &step.op else { return None };
            let of = scalars(&step.operands)?;
            let value = (inputs.len() + number) as u16;
            let is_kept = matches!(kept, Kept::Elements(_));
            steps.push(Step {
                run: operations::resolve(op, &of, step.dtype.scalar()?)?,
                operands: step.operands.clone(),
                buffer: buffers.assign(&step.operands),
                output: outputs.iter().position(|output| *output == value).filter(|_| is_kept),
                refuses_negative: of
                    .get(1)
                    .copied()
                    .filter(|exponent| &**op == "power" && exponent.kind() == Kind::Signed),
            });
        }
        let dtypes = fused.inputs.iter().chain(fused.steps.iter().map(|step| &step.dtype));
        let widest = dtypes.map(|dtype| dtype.size()).max().unwrap_or(1);
        let block = (BLOCK_BYTES / widest).min(4096);
        Some(Self {
            inputs,
            steps,
            kept,
            block,
            buffers: buffers.count + 2,
            // Not a power of two, so that buffers do not compete for the same lines of the cache.
            buffer_bytes: block * widest + 3 * size_of::<Line>(),
        })
    }
}

/// Which buffer takes what a step makes: one whose contents nobody needs any more.
struct Buffers {
    /// The last value that is made of each value; `usize::MAX` if it is kept.
    last: Vec<usize>,
    /// The buffer of each value. Inputs keep theirs.
    of: Vec<usize>,
    inputs: usize,
    free: Vec<usize>,
    count: usize,
}

impl Buffers {
    fn new(fused: &Fused) -> Self {
        let inputs = fused.inputs.len();
        let mut last = vec![0; inputs + fused.steps.len()];
        for (number, step) in fused.steps.iter().enumerate() {
            for &operand in &step.operands {
                last[usize::from(operand)] = inputs + number;
            }
        }
        for output in fused.outputs() {
            last[usize::from(output)] = usize::MAX;
        }
        Self { last, of: (0..inputs).collect(), inputs, free: Vec::new(), count: inputs }
    }

    /// The buffer of the next value, which is not that of an operand.
    fn assign(&mut self, operands: &[u16]) -> usize {
        let value = self.of.len();
        let buffer = self.free.pop().unwrap_or_else(|| {
            self.count += 1;
            self.count - 1
        });
        self.of.push(buffer);
        for (place, &operand) in operands.iter().enumerate() {
            let operand = usize::from(operand);
            let is_new = operands[..place].iter().all(|before| usize::from(*before) != operand);
            if operand >= self.inputs && self.last[operand] == value && is_new {
                self.free.push(self.of[operand]);
            }
        }
        buffer
    }
}

/// Memory for buffers, a line of the cache at a time.
#[derive(Clone, Copy)]
#[repr(align(64))]
struct Line {
    _bytes: [u8; 64],
}

thread_local! {
    /// The buffers of whatever runs on a thread.
    static SCRATCH: RefCell<Vec<Line>> = const { RefCell::new(Vec::new()) };
}

/// Where the elements of a tile are.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Place {
    /// One behind the other.
    Row,
    /// There is one, for all.
    Repeated,
    /// Anywhere.
    Scattered,
}

/// What all tiles of one size have in common.
#[derive(Default)]
struct Tile {
    /// Lengths along the axes.
    lengths: SmallVec<[usize; 4]>,
    /// The strides of so many elements one behind the other, in elements.
    dense: SmallVec<[isize; 4]>,
    /// How many elements.
    count: usize,
    /// For each operand.
    places: SmallVec<[Place; 8]>,
}

impl Tile {
    fn new(axes: &[Axis], lengths: SmallVec<[usize; 4]>, sizes: &[usize]) -> Self {
        let dense: SmallVec<[isize; 4]> = c_strides(&lengths, 1).into_iter().collect();
        let place = |(operand, size): (usize, &usize)| {
            let stride = |axis: usize| axes[axis].strides[operand];
            // Of tiles at the end, too, in which there may be one element by chance.
            let mut tiled = (0..axes.len()).filter(|&axis| axes[axis].tile > 1).peekable();
            if tiled.peek().is_some() && tiled.all(|axis| stride(axis) == 0) {
                return Place::Repeated;
            }
            let mut longer = (0..axes.len()).filter(|&axis| lengths[axis] > 1);
            if longer.all(|axis| stride(axis) == dense[axis] * *size as isize) {
                Place::Row
            } else {
                Place::Scattered
            }
        };
        let places = sizes.iter().enumerate().map(place).collect();
        Self { count: lengths.iter().product(), lengths, dense, places }
    }

    /// The strides of an operand.
    fn strides(&self, axes: &[Axis], operand: usize) -> SmallVec<[isize; 4]> {
        axes.iter().map(|axis| axis.strides[operand]).collect()
    }

    /// The strides of elements of that size one behind the other, or of one that is repeated.
    fn strides_of(&self, repeated: bool, size: usize) -> SmallVec<[isize; 4]> {
        let size = if repeated { 0 } else { size as isize };
        self.dense.iter().map(|dense| dense * size).collect()
    }
}

impl Interpreter {
    /// Runs the kernel over arrays of a shape.
    ///
    /// Inputs have that shape: where an input is repeated its stride is 0. So have outputs of
    /// elements. Outputs of reductions have only the axes that are not `reduced`, and what they
    /// hold is combined with the rest.
    ///
    /// # Errors
    /// [`KernelError::Stopped`] once `alarm` is not 0, and [`NegativePower`].
    pub fn run(
        &self,
        inputs: &[View],
        shape: &[usize],
        reduced: &[bool],
        outputs: &mut [&mut Target],
        alarm: &AtomicU64,
    ) -> Result<(), KernelError> {
        debug_assert!(inputs.iter().all(|input| input.shape() == shape), "inputs of the shape");
        debug_assert_eq!(inputs.len(), self.inputs.len());
        debug_assert_eq!(outputs.len(), self.kept.sizes().count());
        if shape.contains(&0) {
            return Ok(());
        }
        let mut axes = Axes::new();
        let mut kept = 0;
        for (axis, (&length, &reduced)) in shape.iter().zip(reduced).enumerate() {
            let own = kept;
            kept += usize::from(!reduced);
            if length > 1 {
                let of_inputs = inputs.iter().map(|input| input.strides()[axis]);
                let of_outputs =
                    outputs.iter().map(|output| if reduced { 0 } else { output.strides()[own] });
                let strides = of_inputs.chain(of_outputs).collect();
                axes.push(Axis { length, tile: 1, reduced, strides });
            }
        }
        let mut data: SmallVec<[*mut u8; 8]> =
            inputs.iter().map(|input| input.data().cast_mut()).collect();
        data.extend(outputs.iter_mut().map(|output| output.data()));
        nest::order(&mut axes, self.lead(inputs, shape), &mut data);
        nest::merge(&mut axes);
        nest::cut(&mut axes, self.block);
        SCRATCH.with_borrow_mut(|scratch| {
            let lines = (self.buffers * self.buffer_bytes).div_ceil(size_of::<Line>());
            if scratch.len() < lines {
                scratch.resize(lines, Line { _bytes: [0; 64] });
            }
            // SAFETY: the operands have all the elements of the axes; the buffers are there.
            unsafe { self.run_tiles(&axes, &data, scratch.as_mut_ptr().cast(), alarm) }
        })
    }

    /// The operand whose order in memory the loop follows: the first output, or the largest input
    /// of a reduction.
    fn lead(&self, inputs: &[View], shape: &[usize]) -> usize {
        if let Kept::Elements(_) = self.kept {
            return inputs.len();
        }
        let extent = |view: &View| -> usize {
            let axes = shape.iter().zip(view.strides());
            axes.filter(|(_, stride)| **stride != 0).map(|(length, _)| length).product()
        };
        let extents = inputs.iter().map(extent);
        extents.enumerate().rev().max_by_key(|(_, extent)| *extent).map_or(0, |(input, _)| input)
    }

    /// Runs the kernel tile by tile.
    ///
    /// # Safety
    /// The operands, whose first elements are at `data`, have all elements of the axes; those of
    /// the outputs may be written, and are nobody else's. There are buffers at `scratch`.
    unsafe fn run_tiles(
        &self,
        axes: &[Axis],
        data: &[*mut u8],
        scratch: *mut u8,
        alarm: &AtomicU64,
    ) -> Result<(), KernelError> {
        let sizes: SmallVec<[usize; 8]> =
            self.inputs.iter().map(|input| input.size()).chain(self.kept.sizes()).collect();
        let mut starts: SmallVec<[usize; 4]> = axes.iter().map(|_| 0).collect();
        let mut values: SmallVec<[Operand; 16]> = SmallVec::new();
        let mut gathered: SmallVec<[*const u8; 8]> = SmallVec::new();
        let mut tile = Tile::default();
        let mut since_alarm = 0;
        loop {
            let lengths: SmallVec<[usize; 4]> = (axes.iter().zip(&starts))
                .map(|(axis, start)| axis.tile.min(axis.length - start))
                .collect();
            if lengths != tile.lengths || tile.places.is_empty() {
                tile = Tile::new(axes, lengths, &sizes);
                gathered.clear();
                gathered.resize(self.inputs.len(), std::ptr::null());
            }
            let data: SmallVec<[*mut u8; 8]> = (data.iter().enumerate())
                .map(|(operand, data)| {
                    let steps = axes.iter().zip(&starts);
                    let offset: isize =
                        steps.map(|(axis, start)| axis.strides[operand] * *start as isize).sum();
                    data.wrapping_offset(offset)
                })
                .collect();
            // SAFETY: the tile's elements are among those of the axes.
            unsafe {
                self.read(axes, &tile, &data, scratch, &mut gathered, &mut values);
                self.compute(&tile, &data, scratch, &mut values)?;
                self.write(axes, &tile, &data, scratch, &values);
            }
            since_alarm += tile.count;
            if since_alarm >= ALARM_INTERVAL {
                since_alarm = 0;
                if alarm.load(Ordering::Relaxed) != 0 {
                    return Err(KernelError::Stopped);
                }
            }
            let next = (axes.iter().zip(&mut starts)).rev().any(|(axis, start)| {
                *start += axis.tile;
                let inside = *start < axis.length;
                *start = if inside { *start } else { 0 };
                inside
            });
            if !next {
                return Ok(());
            }
        }
    }

    /// Where the inputs' elements are: gathers those that are neither one behind the other nor all
    /// one.
    ///
    /// # Safety
    /// See [`Self::run_tiles`].
    unsafe fn read(
        &self,
        axes: &[Axis],
        tile: &Tile,
        data: &[*mut u8],
        scratch: *mut u8,
        gathered: &mut [*const u8],
        values: &mut SmallVec<[Operand; 16]>,
    ) {
        values.clear();
        for (input, scalar) in self.inputs.iter().enumerate() {
            let from = data[input].cast_const();
            values.push(match tile.places[input] {
                Place::Row => Operand { data: from, repeated: false },
                Place::Repeated => Operand { data: from, repeated: true },
                Place::Scattered => {
                    let to = scratch.wrapping_add(input * self.buffer_bytes);
                    // What is the same for the next tile is there already.
                    if gathered[input] != from {
                        gathered[input] = from;
                        let dense = tile.strides_of(false, scalar.size());
                        let strides = tile.strides(axes, input);
                        // SAFETY: the elements are there, and a buffer has room for a tile.
                        unsafe { copy(&tile.lengths, scalar.size(), to, &dense, from, &strides) };
                    }
                    Operand { data: to, repeated: false }
                }
            });
        }
    }

    /// Does the steps.
    ///
    /// # Safety
    /// See [`Self::run_tiles`].
    unsafe fn compute(
        &self,
        tile: &Tile,
        data: &[*mut u8],
        scratch: *mut u8,
        values: &mut SmallVec<[Operand; 16]>,
    ) -> Result<(), KernelError> {
        for step in &self.steps {
            let mut operands = [Operand { data: std::ptr::null(), repeated: true }; 3];
            let mut repeated = true;
            for (operand, value) in operands.iter_mut().zip(&step.operands) {
                *operand = values[usize::from(*value)];
                repeated &= operand.repeated;
            }
            // What is made of single elements is a single element.
            let count = if repeated { 1 } else { tile.count };
            let direct = step.output.map(|output| self.inputs.len() + output);
            let to = match direct {
                Some(output) if !repeated && tile.places[output] == Place::Row => data[output],
                _ => scratch.wrapping_add(step.buffer * self.buffer_bytes),
            };
            if let Some(scalar) = step.refuses_negative {
                let exponents = if operands[1].repeated { 1 } else { count };
                // SAFETY: as many exponents of that type are there.
                if unsafe { integer::any_negative(scalar, operands[1].data, exponents) } {
                    return Err(KernelError::Raised(Box::new(NegativePower)));
                }
            }
            // SAFETY: the operands were made for this tile, of the step's types; a buffer has room
            // for a tile, and is none of an operand.
            unsafe { (step.run)(count, &operands[..step.operands.len()], to) };
            values.push(Operand { data: to, repeated });
        }
        Ok(())
    }

    /// Takes what is kept to where it belongs.
    ///
    /// # Safety
    /// See [`Self::run_tiles`].
    unsafe fn write(
        &self,
        axes: &[Axis],
        tile: &Tile,
        data: &[*mut u8],
        scratch: *mut u8,
        values: &[Operand],
    ) {
        let data = data.iter().enumerate().skip(self.inputs.len());
        match &self.kept {
            Kept::Elements(kept) => {
                for (&(value, size), (operand, &to)) in kept.iter().zip(data) {
                    let Operand { data: from, repeated } = values[usize::from(value)];
                    if from == to.cast_const() {
                        continue;
                    }
                    let strides = tile.strides(axes, operand);
                    let dense = tile.strides_of(repeated, size);
                    // SAFETY: the elements are there, and the output's are nobody else's.
                    unsafe { copy(&tile.lengths, size, to, &strides, from, &dense) };
                }
            }
            Kept::Reductions(kept) => {
                for (&(fold, value, size), (operand, &to)) in kept.iter().zip(data) {
                    let spare = [2, 1].map(|back| {
                        scratch.wrapping_add((self.buffers - back) * self.buffer_bytes)
                    });
                    // SAFETY: as above; nobody else uses the two last buffers.
                    unsafe {
                        let reduction = Reduction { fold, size, operand, to };
                        reduction.combine(axes, tile, values[usize::from(value)], spare);
                    }
                }
            }
        }
    }
}

impl Kept {
    /// The sizes of the outputs' elements.
    fn sizes(&self) -> impl Iterator<Item = usize> {
        let sizes: SmallVec<[usize; 2]> = match self {
            Self::Elements(kept) => kept.iter().map(|(_, size)| *size).collect(),
            Self::Reductions(kept) => kept.iter().map(|(_, _, size)| *size).collect(),
        };
        sizes.into_iter()
    }
}

/// The reduction of a tile's elements.
struct Reduction {
    fold: Fold,
    size: usize,
    /// The output among the operands,
    operand: usize,
    /// and where its elements for the tile begin.
    to: *mut u8,
}

impl Reduction {
    /// Combines a tile's elements with those of the output.
    ///
    /// # Safety
    /// All of them are there, in two buffers is room for a tile each.
    unsafe fn combine(self, axes: &[Axis], tile: &Tile, value: Operand, spare: [*mut u8; 2]) {
        let [mut next, mut after] = spare;
        let mut from = value.data;
        if value.repeated {
            // SAFETY: a buffer has room for a tile.
            unsafe { copy(&[tile.count], self.size, next, &[self.size as isize], from, &[0]) };
            from = next;
            std::mem::swap(&mut next, &mut after);
        }
        // What is left of the tile: for each axis its length and, if it is not reduced, the
        // output's stride.
        let mut left: SmallVec<[(usize, Option<isize>); 4]> = (axes.iter().zip(&tile.lengths))
            .filter(|(_, length)| **length > 1)
            .map(|(axis, &length)| (length, (!axis.reduced).then(|| axis.strides[self.operand])))
            .collect();
        while let Some(place) = left.iter().rposition(|(_, stride)| stride.is_none()) {
            // Neighbours that are reduced go together.
            let first = left[..place].iter().rposition(|(_, stride)| stride.is_some());
            let first = first.map_or(0, |kept| kept + 1);
            let count = |axes: &[(usize, Option<isize>)]| axes.iter().map(|axis| axis.0).product();
            let (outer, length) = (count(&left[..first]), count(&left[first..=place]));
            // SAFETY: so many elements are there, and the buffer is another one.
            unsafe { (self.fold.axis)(outer, length, count(&left[place + 1..]), from, next) };
            from = next;
            std::mem::swap(&mut next, &mut after);
            left.drain(first..=place);
        }
        // SAFETY: as many elements are there as the output has for the tile.
        unsafe { self.combine_kept(&left, &mut from, self.to) };
    }

    /// Combines elements one behind the other with those of the output, axis by axis.
    ///
    /// # Safety
    /// All of them are there.
    unsafe fn combine_kept(
        &self,
        axes: &[(usize, Option<isize>)],
        from: &mut *const u8,
        to: *mut u8,
    ) {
        let (length, stride) = match axes {
            [] => (1, 0),
            [(length, stride)] => (*length, stride.unwrap_or(0)),
            [(length, stride), inner @ ..] => {
                for place in 0..*length as isize {
                    let to = to.wrapping_offset(place * stride.unwrap_or(0));
                    // SAFETY: as the caller says.
                    unsafe { self.combine_kept(inner, from, to) };
                }
                return;
            }
        };
        // SAFETY: as the caller says.
        unsafe { (self.fold.into)(length, *from, to, stride) };
        *from = from.wrapping_add(length * self.size);
    }
}

#[cfg(test)]
mod tests;
