//! Expressions: what an array is computed from.
//!
//! Building one runs nothing. Arguments are checked by whoever speaks to the user; here they are right.

use crate::fused::Operation;
use crate::grid::Grid;
use crate::group::broadcast_shape;
use crate::view::{Region, Shape, View};
use crate::{BlockFunction, DType, Source};
use smallvec::SmallVec;
use std::sync::Arc;

/// An array that is computed when somebody asks for it.
#[derive(Clone)]
pub struct Array(pub(crate) Arc<Node>);

/// An array's node.
pub(crate) struct Node {
    pub dtype: DType,
    pub shape: Shape,
    /// How it is cut where it becomes an array in memory; any box of it can be asked for all the same.
    pub grid: Grid,
    pub kind: Kind,
}

/// From `start` on every `step`-th index, so many.
pub type Item = (usize, isize, usize);

/// What a node is.
pub(crate) enum Kind {
    /// Elements in memory.
    Memory(View),
    /// Elements that are read or made by region.
    Source(Arc<dyn Source>),
    /// The index along an axis, `int64`.
    Iota(usize),
    /// One operation for each element.
    Map(Operation, SmallVec<[Array; 2]>),
    Slice(Array, SmallVec<[Item; 4]>),
    Axes(Array, SmallVec<[Option<usize>; 4]>),
    Broadcast(Array),
    /// In C order.
    Reshape(Array),
    Rechunk(Array),
    /// Behind one another along an axis, with where each begins.
    Concatenate(Vec<Array>, usize, Vec<usize>),
    Take(Array, usize, Arc<[i64]>),
    /// The first, with a box's elements from the second.
    Put(Array, SmallVec<[Item; 4]>, Array),
    Reduce(Array, Fold, SmallVec<[usize; 4]>),
    Blocks(Arc<Blocks>, usize),
}

/// What a reduction is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Fold {
    /// Elements combined one by one.
    Simple(crate::fused::Reduction),
    /// The arithmetic mean.
    Mean,
    /// The mean of the squared distances from the mean, with so much taken from the count.
    Var(f64),
    /// The first index of the smallest (`false`) or largest (`true`) element, NaN being both.
    Arg(bool),
}

/// A function of regions of arrays, which makes chunks.
pub(crate) struct Blocks {
    pub name: String,
    pub function: Arc<dyn BlockFunction>,
    pub inputs: Vec<Array>,
    pub regions: Vec<Regions>,
    /// Of each output.
    pub outputs: Vec<(DType, Grid)>,
    /// A chunk is what one call makes; or so many calls, one after the other, add to it.
    pub added: Option<usize>,
}

/// What a block function is given of an input.
pub enum Regions {
    /// The chunk of the same index, as NumPy broadcasts indices.
    Same,
    /// All.
    All,
    /// A box for each chunk; where several calls add to each, all first calls' come first.
    List(Vec<Region>),
}

impl Array {
    pub(crate) fn new(dtype: DType, grid: Grid, kind: Kind) -> Self {
        Self(Arc::new(Node { dtype, shape: grid.shape(), grid, kind }))
    }

    /// The type of the elements.
    pub fn dtype(&self) -> &DType {
        &self.0.dtype
    }

    /// How many along each axis.
    pub fn shape(&self) -> &[usize] {
        &self.0.shape
    }

    /// How it is cut into chunks.
    pub fn grid(&self) -> &Grid {
        &self.0.grid
    }

    /// How many elements.
    pub fn len(&self) -> usize {
        self.0.shape.iter().product()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Bytes of all elements.
    pub fn nbytes(&self) -> usize {
        self.len() * self.0.dtype.size()
    }

    /// Elements in memory.
    pub fn from_view(view: View, grid: Option<Grid>) -> Self {
        let grid = grid.unwrap_or_else(|| {
            let mut order: SmallVec<[usize; 4]> = (0..view.shape().len()).collect();
            order.sort_by_key(|axis| std::cmp::Reverse(view.strides()[*axis].unsigned_abs()));
            Grid::chosen(view.shape(), view.dtype().size(), order.into_iter())
        });
        Self::new(view.dtype().clone(), grid, Kind::Memory(view))
    }

    /// One element everywhere.
    pub fn full(value: &View, shape: &[usize], grid: Option<Grid>) -> Self {
        let order = 0..shape.len();
        let grid = grid.unwrap_or_else(|| Grid::chosen(shape, value.dtype().size(), order));
        Self::from_view(value.broadcast(shape), Some(grid))
    }

    /// Elements that are read or made by region.
    pub fn from_source(source: Arc<dyn Source>, dtype: DType, grid: Grid) -> Self {
        Self::new(dtype, grid, Kind::Source(source))
    }

    /// The index along `axis`, `int64`.
    pub fn iota(shape: &[usize], axis: usize, grid: Option<Grid>) -> Self {
        let dtype = DType::from(kernel::types::Scalar::I64);
        let grid = grid.unwrap_or_else(|| Grid::chosen(shape, 8, 0..shape.len()));
        Self::new(dtype, grid, Kind::Iota(axis))
    }

    /// One operation on the elements of arrays of shapes that broadcast.
    pub fn map(operation: Operation, inputs: SmallVec<[Self; 2]>, dtype: DType) -> Self {
        let shape = broadcast_shape(inputs.iter().map(Self::shape));
        // The largest counts most; of two alike, the one that can't be had in any other cut.
        let grid = {
            let mut sorted: SmallVec<[&Self; 4]> = inputs.iter().collect();
            sorted.sort_by_key(|input| {
                let is_memory = matches!(input.0.kind, Kind::Memory(_) | Kind::Iota(_));
                (std::cmp::Reverse(input.len()), is_memory)
            });
            Grid::broadcast(&shape, sorted.iter().map(|input| input.grid()))
        };
        Self::new(dtype, grid, Kind::Map(operation, inputs))
    }

    /// Some of the elements along each axis.
    pub fn slice(&self, items: &[Item]) -> Self {
        let all = items.iter().zip(self.shape()).all(|(item, size)| *item == (0, 1, *size));
        if all {
            return self.clone();
        }
        let grid = self.grid().slice(items);
        let kind = match &self.0.kind {
            Kind::Memory(view) => {
                let mut view = view.clone();
                for (axis, &(start, step, length)) in items.iter().enumerate() {
                    view = view.slice(axis, start, step, length);
                }
                Kind::Memory(view)
            }
            _ => Kind::Slice(self.clone(), items.into()),
        };
        Self::new(self.dtype().clone(), grid, kind)
    }

    /// Axes in another order, new ones of size 1 (`None`), and without some of size 1.
    pub fn axes(&self, axes: &[Option<usize>]) -> Self {
        let grid = self.grid().axes(axes);
        let kind = match &self.0.kind {
            Kind::Memory(view) => Kind::Memory(view.axes(axes)),
            _ => Kind::Axes(self.clone(), axes.into()),
        };
        Self::new(self.dtype().clone(), grid, kind)
    }

    /// The elements again and again along axes that are new or of size 1.
    pub fn broadcast(&self, shape: &[usize]) -> Self {
        if shape == self.shape() {
            return self.clone();
        }
        let size = self.dtype().size();
        let chosen = Grid::chosen(shape, size, 0..shape.len());
        let grid = Grid::broadcast(shape, [self.grid(), &chosen].into_iter());
        let kind = match &self.0.kind {
            Kind::Memory(view) => Kind::Memory(view.broadcast(shape)),
            _ => Kind::Broadcast(self.clone()),
        };
        Self::new(self.dtype().clone(), grid, kind)
    }

    /// The elements in C order in another shape.
    pub fn reshape(&self, shape: &[usize]) -> Self {
        if shape == self.shape() {
            return self.clone();
        }
        if let Kind::Memory(view) = &self.0.kind
            && view.is_contiguous()
        {
            return Self::from_view(view.reshape(shape), None);
        }
        // A box is had from rows of the input: chunks are rows, of about as many elements as the input's.
        let item = self.dtype().size();
        let grid = Grid::chosen(shape, item, 0..shape.len().min(1));
        Self::new(self.dtype().clone(), grid, Kind::Reshape(self.clone()))
    }

    /// Cut in another way.
    pub fn rechunk(&self, grid: Grid) -> Self {
        let kind = match &self.0.kind {
            Kind::Memory(view) => Kind::Memory(view.clone()),
            Kind::Iota(axis) => Kind::Iota(*axis),
            _ => Kind::Rechunk(self.clone()),
        };
        Self::new(self.dtype().clone(), grid, kind)
    }

    /// Arrays of one dtype behind one another.
    pub fn concatenate(inputs: Vec<Self>, axis: usize) -> Self {
        let mut starts = vec![0];
        let mut bounds = vec![0];
        for input in &inputs {
            let start = starts[starts.len() - 1];
            bounds.extend(input.grid().bounds(axis)[1..].iter().map(|bound| start + bound));
            starts.push(start + input.shape()[axis]);
        }
        bounds.dedup();
        if bounds.len() == 1 {
            bounds.push(0);
        }
        let largest = inputs.iter().max_by_key(|input| input.len()).expect("there are some");
        let grid = largest.grid().with_bounds(axis, bounds.into());
        Self::new(inputs[0].dtype().clone(), grid, Kind::Concatenate(inputs, axis, starts))
    }

    /// The elements at some indices of an axis.
    pub fn take(&self, indices: Arc<[i64]>, axis: usize) -> Self {
        let own = self.shape()[axis];
        let mut shape: Shape = self.shape().into();
        shape[axis] = indices.len();
        // As many in a chunk as there are in this array's.
        let size = own.div_ceil(self.grid().blocks(axis)).max(1);
        let bounds: Arc<[usize]> = match indices.len() {
            0 => Arc::from([0, 0]),
            length => (0..length).step_by(size).chain([length]).collect(),
        };
        let grid = self.grid().with_bounds(axis, bounds);
        Self::new(self.dtype().clone(), grid, Kind::Take(self.clone(), axis, indices))
    }

    /// The array with other elements in a box.
    pub fn put(&self, items: &[Item], value: &Self) -> Self {
        let shape: Shape = items.iter().map(|(_, _, length)| *length).collect();
        let kind = Kind::Put(self.clone(), items.into(), value.broadcast(&shape));
        Self::new(self.dtype().clone(), self.grid().clone(), kind)
    }

    /// Elements combined along some axes, which are gone then.
    pub fn reduce(&self, fold: Fold, axes: &[usize], dtype: DType) -> Self {
        let kept = (0..self.shape().len()).filter(|axis| !axes.contains(axis)).map(Some);
        let kept: SmallVec<[Option<usize>; 4]> = kept.collect();
        let mut sorted: SmallVec<[usize; 4]> = axes.into();
        sorted.sort_unstable();
        let grid = self.grid().axes(&kept);
        Self::new(dtype, grid, Kind::Reduce(self.clone(), fold, sorted))
    }

    /// What a function makes of regions of arrays, chunk by chunk; all outputs have as many chunks.
    pub fn blocks(
        name: &str,
        function: Arc<dyn BlockFunction>,
        inputs: Vec<Self>,
        regions: Vec<Regions>,
        outputs: Vec<(DType, Grid)>,
    ) -> Vec<Self> {
        let name = name.to_owned();
        let blocks = Blocks { name, function, inputs, regions, outputs, added: None };
        let blocks = Arc::new(blocks);
        let each = blocks.outputs.iter().enumerate().map(|(number, (dtype, grid))| {
            Self::new(dtype.clone(), grid.clone(), Kind::Blocks(Arc::clone(&blocks), number))
        });
        each.collect()
    }

    /// The sum of what a function makes of regions of arrays, `calls` for each chunk.
    pub fn sums(
        name: &str,
        function: Arc<dyn BlockFunction>,
        inputs: Vec<Self>,
        regions: Vec<Regions>,
        (dtype, grid): (DType, Grid),
        calls: usize,
    ) -> Self {
        let (name, outputs) = (name.to_owned(), vec![(dtype.clone(), grid.clone())]);
        let blocks = Blocks { name, function, inputs, regions, outputs, added: Some(calls) };
        Self::new(dtype, grid, Kind::Blocks(Arc::new(blocks), 0))
    }

    /// What kind of node it is.
    pub fn name(&self) -> &str {
        self.0.kind.name()
    }
}

impl Kind {
    /// The arrays that it is computed from.
    pub fn inputs(&self) -> &[Array] {
        match self {
            Self::Memory(_) | Self::Source(_) | Self::Iota(_) => &[],
            Self::Map(_, inputs) => inputs,
            Self::Slice(input, _)
            | Self::Axes(input, _)
            | Self::Broadcast(input)
            | Self::Reshape(input)
            | Self::Rechunk(input)
            | Self::Take(input, ..)
            | Self::Reduce(input, ..) => std::slice::from_ref(input),
            Self::Concatenate(inputs, ..) => inputs,
            // Its two are not beside each other: see `second`.
            Self::Put(input, ..) => std::slice::from_ref(input),
            Self::Blocks(blocks, _) => &blocks.inputs,
        }
    }

    /// One more input, of those that hold two.
    pub fn second(&self) -> Option<&Array> {
        match self {
            Self::Put(_, _, value) => Some(value),
            _ => None,
        }
    }

    pub fn name(&self) -> &str {
        match self {
            Self::Memory(_) => "array",
            Self::Source(source) => source.name(),
            Self::Iota(_) => "arange",
            Self::Map(operation, _) => operation.name(),
            Self::Slice(..) => "slice",
            Self::Axes(..) => "transpose",
            Self::Broadcast(_) => "broadcast",
            Self::Reshape(_) => "reshape",
            Self::Rechunk(_) => "rechunk",
            Self::Concatenate(..) => "concatenate",
            Self::Take(..) => "take",
            Self::Put(..) => "put",
            Self::Reduce(_, fold, _) => fold.name(),
            Self::Blocks(blocks, _) => &blocks.name,
        }
    }
}

impl Fold {
    /// What users call it.
    pub fn name(self) -> &'static str {
        use crate::fused::Reduction;
        match self {
            Self::Simple(Reduction::Add) => "sum",
            Self::Simple(Reduction::Multiply) => "prod",
            Self::Simple(Reduction::Minimum) => "min",
            Self::Simple(Reduction::Maximum) => "max",
            Self::Simple(Reduction::And) => "all",
            Self::Simple(Reduction::Or) => "any",
            Self::Mean => "mean",
            Self::Var(_) => "var",
            Self::Arg(false) => "argmin",
            Self::Arg(true) => "argmax",
        }
    }
}

impl Drop for Node {
    /// A long chain is taken apart link by link: the call stack would not hold it.
    fn drop(&mut self) {
        fn take(kind: &mut Kind, waiting: &mut Vec<Array>) {
            let is_leaf = matches!(kind, Kind::Memory(_) | Kind::Source(_) | Kind::Iota(_));
            if is_leaf {
                return;
            }
            match std::mem::replace(kind, Kind::Iota(0)) {
                Kind::Map(_, inputs) => waiting.extend(inputs),
                Kind::Concatenate(inputs, ..) => waiting.extend(inputs),
                Kind::Put(input, _, value) => waiting.extend([input, value]),
                Kind::Slice(input, _)
                | Kind::Axes(input, _)
                | Kind::Broadcast(input)
                | Kind::Reshape(input)
                | Kind::Rechunk(input)
                | Kind::Take(input, ..)
                | Kind::Reduce(input, ..) => waiting.push(input),
                Kind::Blocks(blocks, _) => {
                    if let Some(mut blocks) = Arc::into_inner(blocks) {
                        waiting.append(&mut blocks.inputs);
                    }
                }
                Kind::Memory(_) | Kind::Source(_) | Kind::Iota(_) => {}
            }
        }
        let mut waiting = Vec::new();
        take(&mut self.kind, &mut waiting);
        while let Some(array) = waiting.pop() {
            if let Some(mut node) = Arc::into_inner(array.0) {
                take(&mut node.kind, &mut waiting);
            }
        }
    }
}
