//! Array expressions: nothing is computed before somebody asks for elements, and then in one loop.
//!
//! `sum(a * b + 1)` makes no array: its loop computes an element of the expression at a time. Where operands are
//! of different shapes (NumPy's broadcasting) there are two loops, one for the common case that all are of
//! the result's shape, which vectorises, and one that repeats what has one element along a dimension. Where it is
//! known beforehand that there is one (`a[:, None]`, `keepdims=True`), one loop does both.

use super::arrays::{if_else, ones, shape, stride};
use super::calls::Arguments;
use super::indexing::copy_rows;
use super::scalar::{both, cast, compare_op, index_op, not};
use super::value::Value;
use super::{Frame, Lowering, Result};
use crate::globals::Callee;
use crate::ir::{
    Binary, Compare, Exception, Expr, ExprKind, Local, Piece, Place, Stmt, StmtKind,
    Value as Constant,
};
use crate::syntax::{BinaryOp, CompareOp, Span, UnaryOp};
use crate::types::{ArrayType, Layout, Scalar, Type};
use std::rc::Rc;
use std::sync::Arc;

/// An array expression.
#[derive(Clone, Debug)]
pub struct Lazy {
    pub span: Span,
    pub ndim: usize,
    pub dtype: (Scalar, bool),
    pub tree: Tree,
}

/// How an element of it is computed.
#[derive(Clone, Debug)]
pub enum Tree {
    /// The same for all: a constant or a variable.
    Scalar(Expr),
    /// An array's element at the same place.
    Array(Local),
    /// An array's element at a place that others say, and behind that at the same place.
    Gather { array: Local, indices: Vec<Tree>, ndim: usize },
    /// An operation on elements.
    Node(Op, Vec<Tree>),
}

/// An operation on elements.
#[derive(Clone, Debug)]
pub enum Op {
    Unary(UnaryOp),
    Binary(BinaryOp),
    Compare(CompareOp),
    Cast(Scalar),
    /// The second where the first is true, else the third.
    Where,
    /// NumPy's function of that name.
    Function(String),
    /// A function that was compiled for numbers.
    Each(Arc<Callee>),
}

impl Lazy {
    /// The elements' type.
    pub fn dtype(&self) -> Scalar {
        self.dtype.0
    }
}

impl Tree {
    fn ndim(&self, frame: &Frame) -> usize {
        match self {
            Self::Scalar(_) => 0,
            Self::Array(local) => usize::from(frame.array(*local).ndim),
            Self::Gather { ndim, .. } => *ndim,
            Self::Node(_, children) => {
                children.iter().map(|child| child.ndim(frame)).max().unwrap_or(0)
            }
        }
    }

    /// Calls `each` with every array whose shape the result's depends on, and how many of its last
    /// dimensions those are, behind so many others.
    fn leaves(&self, frame: &Frame, each: &mut dyn FnMut(Local, usize, usize)) {
        match self {
            Self::Scalar(_) => {}
            Self::Array(local) => each(*local, 0, usize::from(frame.array(*local).ndim)),
            Self::Gather { array, indices, .. } => {
                let skipped = indices.len();
                let trailing = usize::from(frame.array(*array).ndim) - skipped;
                let mut inner: Vec<(Local, usize, usize)> = Vec::new();
                indices.iter().for_each(|index| {
                    index.leaves(frame, &mut |local, from, ndim| inner.push((local, from, ndim)));
                });
                for (local, from, ndim) in inner {
                    // They stand in front of the trailing dimensions: see `extent`.
                    each(local, from, ndim + trailing);
                }
                if trailing > 0 {
                    each(*array, skipped, trailing);
                }
            }
            Self::Node(_, children) => children.iter().for_each(|child| child.leaves(frame, each)),
        }
    }

    /// All arrays that are read.
    pub fn arrays(&self, found: &mut Vec<Local>) {
        match self {
            Self::Scalar(_) => {}
            Self::Array(local) => found.push(*local),
            Self::Gather { array, indices, .. } => {
                found.push(*array);
                indices.iter().for_each(|index| index.arrays(found));
            }
            Self::Node(_, children) => children.iter().for_each(|child| child.arrays(found)),
        }
    }

    /// Whether every element depends on those at its own place only.
    fn is_local(&self) -> bool {
        match self {
            Self::Scalar(_) | Self::Array(_) => true,
            Self::Gather { .. } => false,
            Self::Node(_, children) => children.iter().all(Self::is_local),
        }
    }
}

/// A leaf's size along a dimension of the result.
struct Extent {
    /// Of the result, from its first.
    dimension: usize,
    size: Expr,
}

impl Lowering<'_> {
    /// The value as an operand of an array expression.
    pub fn tree(&mut self, frame: &mut Frame, span: Span, value: Value) -> Result<Tree> {
        Ok(match value {
            Value::Lazy(lazy) => lazy.tree.clone(),
            Value::Expr(expr) if expr.ty.as_scalar().is_some() || expr.ty == Type::Unknown => {
                Tree::Scalar(frame.once(expr))
            }
            other => Tree::Array(self.array(frame, span, other)?),
        })
    }

    /// An operation on operands of which one at least is an array.
    pub fn node(
        &mut self,
        frame: &mut Frame,
        span: Span,
        op: Op,
        children: Vec<Tree>,
    ) -> Result<Value> {
        let tree = Tree::Node(op, children);
        self.lazy(frame, span, tree).map(|lazy| Value::Lazy(Rc::new(lazy)))
    }

    pub fn lazy(&mut self, frame: &mut Frame, span: Span, tree: Tree) -> Result<Lazy> {
        let dtype = self.element_type(frame, span, &tree)?;
        let ndim = tree.ndim(frame);
        Ok(Lazy { span, ndim, dtype, tree })
    }

    /// The type of an expression's elements.
    fn element_type(
        &mut self,
        frame: &mut Frame,
        span: Span,
        tree: &Tree,
    ) -> Result<(Scalar, bool)> {
        Ok(match tree {
            Tree::Scalar(expr) => match expr.ty {
                Type::Scalar(scalar, weak) => (scalar, weak),
                _ => (Scalar::F64, true),
            },
            Tree::Array(local) | Tree::Gather { array: local, .. } => {
                (frame.array(*local).dtype, false)
            }
            Tree::Node(op, children) => {
                let mut operands = Vec::with_capacity(children.len());
                for child in children {
                    if let Tree::Scalar(expr) = child {
                        operands.push(expr.clone());
                        continue;
                    }
                    let (scalar, weak) = self.element_type(frame, span, child)?;
                    let local = frame.local(".type", Type::Scalar(scalar, weak));
                    operands.push(frame.read(span, local));
                }
                let (result, _) = frame.block(|frame| self.element(frame, op, operands))?;
                match result.ty {
                    Type::Scalar(scalar, weak) => (scalar, weak),
                    _ => (Scalar::F64, false),
                }
            }
        })
    }

    /// One element's worth of an operation.
    fn element(&mut self, frame: &mut Frame, op: &Op, mut operands: Vec<Expr>) -> Result<Expr> {
        let mut next = || operands.remove(0);
        match op {
            Op::Unary(op) => {
                let one = next();
                self.unary(frame, *op, one, true)
            }
            Op::Binary(op) => {
                let (one, two) = (next(), next());
                self.binary(frame, *op, one, two, true)
            }
            Op::Compare(op) => {
                let (one, two) = (next(), next());
                self.compare(frame, *op, one, two)
            }
            Op::Cast(scalar) => Ok(cast(next(), *scalar, false)),
            Op::Where => {
                let (test, one, two) = (next(), next(), next());
                let test = self.truth(frame, test)?;
                let (one, two) = self.meet(frame, one, two, "where")?;
                let (span, ty) = (test.span, one.ty.clone());
                let kind = ExprKind::IfElse(Box::new(test), Box::new(one), Box::new(two));
                Ok(Expr::new(span, ty, kind))
            }
            Op::Each(callee) => {
                let span = operands.first().map(|one| one.span).unwrap_or_default();
                let operands = operands.into_iter().map(Value::Expr).collect();
                let given = Arguments::of(span, &callee.function.name, operands);
                let result = self.call_function(frame, callee, given)?;
                let result = self.run_time(frame, span, result)?;
                if !matches!(result.ty, Type::Scalar(..) | Type::Unknown) {
                    let message = format!("{} gives {}", callee.function.name, result.ty);
                    return Err(frame.error(span, message, Some("return a number")));
                }
                Ok(result)
            }
            Op::Function(name) => {
                let span = operands.first().map(|one| one.span).unwrap_or_default();
                self.function_of_numbers(frame, span, name, operands, true)
            }
        }
    }

    /// The expression's element at `index`.
    fn at(&mut self, frame: &mut Frame, tree: &Tree, index: &[Expr]) -> Result<Expr> {
        Ok(match tree {
            Tree::Scalar(expr) => expr.clone(),
            Tree::Array(array) => {
                let ndim = usize::from(frame.array(*array).ndim);
                let indices = frame.within(*array, 0, &index[index.len() - ndim..]);
                load(frame, *array, Place::Indices(indices), index_span(index))
            }
            Tree::Gather { array, indices, .. } => {
                let span = index_span(index);
                let trailing = usize::from(frame.array(*array).ndim) - indices.len();
                let split = index.len() - trailing;
                let (front, back) = index.split_at(split);
                let mut all = Vec::new();
                for (axis, tree) in indices.iter().enumerate() {
                    let chosen = self.at(frame, tree, front)?;
                    let chosen = super::scalar::int64(chosen);
                    all.push(self.checked(frame, span, *array, axis, chosen));
                }
                all.extend(frame.within(*array, indices.len(), back));
                load(frame, *array, Place::Indices(all), span)
            }
            Tree::Node(op, children) => {
                let mut operands = Vec::with_capacity(children.len());
                for child in children {
                    operands.push(self.at(frame, child, index)?);
                }
                self.element(frame, op, operands)?
            }
        })
    }

    /// The result's shape, and whether every operand has it; raises if they don't go together.
    fn shape_of(&mut self, frame: &mut Frame, lazy: &Lazy) -> (Vec<Expr>, Option<Expr>) {
        let span = lazy.span;
        let mut leaves = Vec::new();
        lazy.tree.leaves(frame, &mut |local, from, ndim| {
            if !leaves.contains(&(local, from, ndim)) {
                leaves.push((local, from, ndim));
            }
        });
        let mut extents: Vec<Extent> = Vec::new();
        for (local, from, ndim) in leaves {
            let own = usize::from(frame.array(local).ndim) - from;
            for dimension in 0..own.min(ndim) {
                // One element goes with any number.
                if !frame.array(local).is_one(from + dimension) {
                    let size = frame.size(span, local, from + dimension);
                    extents.push(Extent { dimension: lazy.ndim - ndim + dimension, size });
                }
            }
        }
        let mut shape = Vec::with_capacity(lazy.ndim);
        let mut same: Option<Expr> = None;
        for dimension in 0..lazy.ndim {
            let mut sizes = extents
                .iter()
                .filter(|extent| extent.dimension == dimension)
                .map(|e| e.size.clone());
            let Some(first) = sizes.next() else {
                shape.push(Expr::int(span, 1));
                continue;
            };
            let others: Vec<_> = sizes.collect();
            let size = frame.temporary("size", first.clone());
            for other in &others {
                let (one, now) = (Expr::int(span, 1), frame.read(span, size));
                let differs = compare_op(Compare::Ne, other.clone(), now.clone());
                let is_one = compare_op(Compare::Eq, now.clone(), one.clone());
                let ((), mut wrong) = frame
                    .block(|frame| {
                        let message = vec![
                            Piece::Text("operands could not be broadcast together: sizes ".into()),
                            Piece::Value(now),
                            Piece::Text(" and ".into()),
                            Piece::Value(other.clone()),
                        ];
                        let test = compare_op(Compare::Ne, other.clone(), one);
                        frame.raise_if(test, Exception::Value, message);
                        Ok(())
                    })
                    .unwrap_or_default();
                let grow = Stmt { span, kind: StmtKind::Assign(size, other.clone()) };
                let choose = StmtKind::If {
                    test: is_one,
                    body: vec![grow],
                    orelse: std::mem::take(&mut wrong),
                };
                let body = vec![Stmt { span, kind: choose }];
                frame.emit(span, StmtKind::If { test: differs, body, orelse: Vec::new() });
            }
            if !others.is_empty() {
                for size_of_one in std::iter::once(&first).chain(&others) {
                    let now = frame.read(span, size);
                    let equal = compare_op(Compare::Eq, size_of_one.clone(), now);
                    same = Some(match same {
                        Some(same) => both(same, equal),
                        None => equal,
                    });
                }
            }
            shape.push(frame.read(span, size));
        }
        (shape, same)
    }

    /// Loops over an expression's elements: `body` is given their index and what each is.
    ///
    /// It is called once for each form of the loop.
    #[allow(clippy::type_complexity)]
    pub fn each(
        &mut self,
        frame: &mut Frame,
        lazy: &Lazy,
        shape: &[Expr],
        same: Option<Expr>,
        body: &mut dyn FnMut(&mut Self, &mut Frame, &[Expr], Expr) -> Result<()>,
    ) -> Result<()> {
        let span = lazy.span;
        let Some(same) = same else {
            return self.nest(frame, lazy, shape, &mut Vec::new(), body);
        };
        let ((), plain) =
            frame.block(|frame| self.nest(frame, lazy, shape, &mut Vec::new(), body))?;
        let ((), repeating) = frame.block(|frame| {
            let tree = self.repeated(frame, span, &lazy.tree, shape);
            self.nest(frame, &Lazy { tree, ..lazy.clone() }, shape, &mut Vec::new(), body)
        })?;
        frame.emit(span, StmtKind::If { test: same, body: plain, orelse: repeating });
        Ok(())
    }

    #[allow(clippy::type_complexity)]
    fn nest(
        &mut self,
        frame: &mut Frame,
        lazy: &Lazy,
        shape: &[Expr],
        index: &mut Vec<Expr>,
        body: &mut dyn FnMut(&mut Self, &mut Frame, &[Expr], Expr) -> Result<()>,
    ) -> Result<()> {
        let Some(size) = shape.get(index.len()) else {
            let element = self.at(frame, &lazy.tree, index)?;
            return body(self, frame, index, element);
        };
        frame.count_loop(lazy.span, size.clone(), |frame, i| {
            index.push(i);
            let done = self.nest(frame, lazy, shape, index, body);
            index.pop();
            done
        })
    }

    /// The expression with views for its arrays, of `shape`: what has one element along a dimension is there as
    /// often as it is needed, since the next is no byte further.
    fn repeated(&mut self, frame: &mut Frame, span: Span, tree: &Tree, shape: &[Expr]) -> Tree {
        match tree {
            Tree::Scalar(_) => tree.clone(),
            Tree::Array(array) => Tree::Array(self.stretched(frame, span, *array, 0, shape)),
            Tree::Gather { array, indices, ndim } => {
                let trailing = usize::from(frame.array(*array).ndim) - indices.len();
                let (front, back) = shape.split_at(shape.len() - trailing);
                let array = self.stretched(frame, span, *array, indices.len(), back);
                let indices = indices.iter().map(|index| self.repeated(frame, span, index, front));
                Tree::Gather { array, indices: indices.collect(), ndim: *ndim }
            }
            Tree::Node(op, children) => {
                let children = children.iter().map(|one| self.repeated(frame, span, one, shape));
                Tree::Node(op.clone(), children.collect())
            }
        }
    }

    /// A view of an array whose dimensions from `first` on are the last of `shape`.
    fn stretched(
        &mut self,
        frame: &mut Frame,
        span: Span,
        array: Local,
        first: usize,
        shape: &[Expr],
    ) -> Local {
        let ty = frame.array(array);
        let ndim = usize::from(ty.ndim);
        if first == ndim {
            return array;
        }
        let (mut sizes, mut strides) = (Vec::new(), Vec::new());
        for dimension in 0..ndim {
            let (size, step) = (frame.size(span, array, dimension), stride(span, array, dimension));
            if dimension < first {
                sizes.push(size);
                strides.push(step);
            } else {
                let is_one = compare_op(Compare::Eq, size, Expr::int(span, 1));
                sizes.push(shape[shape.len() - ndim + dimension].clone());
                strides.push(if_else(is_one, Expr::int(span, 0), step));
            }
        }
        let offset = Box::new(Expr::int(span, 0));
        let kind = ExprKind::View { array, offset, shape: sizes, strides };
        let ty = Type::Array(ArrayType { layout: Layout::Any, ones: 0, readonly: true, ..ty });
        frame.temporary("stretched", Expr::new(span, ty, kind))
    }

    /// The expression's elements in a new array.
    pub fn materialise(&mut self, frame: &mut Frame, span: Span, lazy: &Lazy) -> Result<Local> {
        if let Tree::Array(local) = lazy.tree {
            return Ok(local);
        }
        let result = self.filled(frame, span, lazy)?;
        if lazy.ndim > 0 {
            self.notes.push((span.line, format!("one loop makes an array of {}", lazy.dtype())));
        }
        Ok(result)
    }

    /// A new array of the expression's elements.
    fn filled(&mut self, frame: &mut Frame, span: Span, lazy: &Lazy) -> Result<Local> {
        let dtype = lazy.dtype();
        let (shape, same) = self.shape_of(frame, lazy);
        let result = self.allocate(frame, span, dtype, shape.clone(), false);
        self.each(frame, lazy, &shape, same, &mut |_, frame, index, element| {
            let value = cast(element, dtype, false);
            let place = Place::Indices(index.to_vec());
            frame.emit(span, StmtKind::Store { array: result, place, value });
            Ok(())
        })?;
        Ok(result)
    }

    /// A new array.
    pub fn allocate(
        &mut self,
        frame: &mut Frame,
        span: Span,
        dtype: Scalar,
        shape: Vec<Expr>,
        zeroed: bool,
    ) -> Local {
        let ty = ArrayType { ones: ones(&shape), ..ArrayType::new(dtype, shape.len()) };
        let ty = Type::Array(ty);
        let array =
            frame.temporary("array", Expr::new(span, ty, ExprKind::Allocate { shape, zeroed }));
        frame.apart.made(array);
        array
    }

    /// `array[...] = value`, in place.
    pub fn store_all(
        &mut self,
        frame: &mut Frame,
        span: Span,
        array: Local,
        value: Value,
    ) -> Result<()> {
        let ty = frame.array(array);
        if ty.readonly {
            return Err(frame.error(span, "the array may not be written to".into(), None));
        }
        let value = match value {
            Value::Tuple(items) | Value::Meta(super::value::Meta::List(items)) => {
                let list = self.array_of_list(frame, span, items, None)?;
                Value::Expr(frame.read(span, list))
            }
            other => other,
        };
        let tree = self.tree(frame, span, value)?;
        let lazy = self.lazy(frame, span, tree)?;
        frame.is_no_part(span, lazy.dtype(), ty.dtype)?;
        let ndim = usize::from(ty.ndim);
        if lazy.ndim > ndim {
            let message = format!("an array of {} dimensions put into one of {ndim}", lazy.ndim);
            return Err(frame.error(span, message, None));
        }
        let mut read = Vec::new();
        lazy.tree.arrays(&mut read);
        let is_local = lazy.tree.is_local();
        read.retain(|other| {
            (*other != array || !is_local)
                && frame.array(*other).dtype == ty.dtype
                && !frame.are_apart(array, *other)
        });
        read.sort_unstable();
        read.dedup();
        let mut overlap: Option<Expr> = None;
        for other in read {
            let test = self.overlaps(frame, span, array, other, is_local);
            overlap = Some(match overlap {
                Some(overlap) => {
                    let kind = ExprKind::Or(Box::new(overlap), Box::new(test));
                    Expr::new(span, Type::scalar(Scalar::Bool), kind)
                }
                None => test,
            });
        }
        let Some(overlap) = overlap else { return self.store_lazy(frame, span, array, &lazy) };
        // One loop for both ways: into the array itself, or into another that is copied then.
        let overlap = frame.once(overlap);
        let target = frame.local(".target", frame.ty(array).clone());
        let shape: Vec<_> = (0..ndim).map(|d| frame.size(span, array, d)).collect();
        let ((), other) = frame.block(|frame| {
            let room = self.allocate(frame, span, ty.dtype, shape.clone(), false);
            let room = Expr { ty: frame.ty(array).clone(), ..frame.read(span, room) };
            frame.emit(span, StmtKind::Assign(target, room));
            Ok(())
        })?;
        let own = StmtKind::Assign(target, frame.read(span, array));
        let own = vec![Stmt { span, kind: own }];
        frame.emit(span, StmtKind::If { test: overlap.clone(), body: other, orelse: own });
        self.store_lazy(frame, span, target, &lazy)?;
        let ((), copy) = frame.block(|frame| {
            copy_rows(frame, span, &shape, &mut Vec::new(), &mut |frame, index| {
                let place = Place::Indices(index.to_vec());
                let value = load(frame, target, place.clone(), span);
                frame.emit(span, StmtKind::Store { array, place, value });
            })
        })?;
        frame.emit(span, StmtKind::If { test: overlap, body: copy, orelse: Vec::new() });
        Ok(())
    }

    /// Stores what shares no memory with the array, or element for element only.
    fn store_lazy(
        &mut self,
        frame: &mut Frame,
        span: Span,
        array: Local,
        lazy: &Lazy,
    ) -> Result<()> {
        let ty = frame.array(array);
        let ndim = usize::from(ty.ndim);
        let shape: Vec<_> = (0..ndim).map(|d| frame.size(span, array, d)).collect();
        let (own, same) = self.shape_of(frame, lazy);
        let mut equal = same;
        for (index, size) in own.iter().enumerate() {
            let wanted = shape[ndim - own.len() + index].clone();
            if matches!(size.kind, ExprKind::Const(Constant::Int(1))) {
                continue;
            }
            let differs = compare_op(Compare::Ne, size.clone(), wanted.clone());
            let not_one = compare_op(Compare::Ne, size.clone(), Expr::int(span, 1));
            frame.raise_if(
                both(differs, not_one),
                Exception::Value,
                vec![
                    Piece::Text("could not broadcast an array of size ".into()),
                    Piece::Value(size.clone()),
                    Piece::Text(" into one of size ".into()),
                    Piece::Value(wanted.clone()),
                ],
            );
            let test = compare_op(Compare::Eq, size.clone(), wanted);
            equal = Some(match equal {
                Some(equal) => both(equal, test),
                None => test,
            });
        }
        // The loop runs over the array's elements, of which the expression may have fewer.
        let wide = Lazy { ndim, ..lazy.clone() };
        self.each(frame, &wide, &shape, equal, &mut |_, frame, index, element| {
            let value = cast(element, ty.dtype, false);
            let place = Place::Indices(index.to_vec());
            frame.emit(span, StmtKind::Store { array, place, value });
            Ok(())
        })
    }

    /// Whether two arrays share memory; not if they are the same view and `is_local`.
    fn overlaps(
        &mut self,
        frame: &mut Frame,
        span: Span,
        one: Local,
        two: Local,
        is_local: bool,
    ) -> Expr {
        let (low, high) = self.extent(frame, span, one);
        let (from, to) = self.extent(frame, span, two);
        let shared = both(compare_op(Compare::Lt, low, to), compare_op(Compare::Lt, from, high));
        let (ndim, other) = (frame.array(one).ndim, frame.array(two).ndim);
        if !is_local || ndim != other {
            return shared;
        }
        let mut equal = compare_op(Compare::Eq, address(span, one), address(span, two));
        for dimension in 0..usize::from(ndim) {
            let stride = |array| {
                Expr::new(span, Type::scalar(Scalar::I64), ExprKind::Stride(array, dimension))
            };
            equal = both(equal, compare_op(Compare::Eq, stride(one), stride(two)));
        }
        both(shared, not(equal))
    }

    /// The addresses between which an array's elements lie.
    fn extent(&mut self, frame: &mut Frame, span: Span, array: Local) -> (Expr, Expr) {
        let ty = frame.array(array);
        let mut low = frame.once(address(span, array));
        let mut high = low.clone();
        for dimension in 0..usize::from(ty.ndim) {
            let int = |kind| Expr::new(span, Type::scalar(Scalar::I64), kind);
            let size = int(ExprKind::Shape(array, dimension));
            let stride = int(ExprKind::Stride(array, dimension));
            let last = index_op(Binary::Sub, size, Expr::int(span, 1));
            let reach = frame.once(index_op(Binary::Mul, last, stride));
            let zero = || Expr::int(span, 0);
            low = index_op(Binary::Add, low, index_op(Binary::Min, reach.clone(), zero()));
            high = index_op(Binary::Add, high, index_op(Binary::Max, reach, zero()));
        }
        let size = Expr::int(span, ty.dtype.size() as i64);
        (frame.once(low), frame.once(index_op(Binary::Add, high, size)))
    }

    /// All elements reduced to one number: `step` is given what there is and the next element.
    pub fn reduce_all(
        &mut self,
        frame: &mut Frame,
        lazy: &Lazy,
        start: Expr,
        step: &mut dyn FnMut(&mut Self, &mut Frame, Expr, Expr) -> Result<Expr>,
    ) -> Result<Expr> {
        let span = lazy.span;
        let (shape, same) = self.shape_of(frame, lazy);
        let total = frame.temporary("total", start);
        self.each(frame, lazy, &shape, same, &mut |lowering, frame, _, element| {
            let before = frame.read(span, total);
            let after = step(lowering, frame, before, element)?;
            frame.emit(span, StmtKind::Assign(total, after));
            Ok(())
        })?;
        self.notes.push((span.line, "a reduction in one loop, without an array between".into()));
        Ok(frame.read(span, total))
    }

    /// The elements along one dimension reduced to one number each.
    pub fn reduce_axis(
        &mut self,
        frame: &mut Frame,
        lazy: &Lazy,
        axis: usize,
        keepdims: bool,
        start: Expr,
        step: &mut dyn FnMut(&mut Self, &mut Frame, Expr, Expr) -> Result<Expr>,
    ) -> Result<Local> {
        let span = lazy.span;
        let dtype = start.scalar();
        let (shape, same) = self.shape_of(frame, lazy);
        let mut kept = shape.clone();
        if keepdims {
            kept[axis] = Expr::int(span, 1);
        } else {
            kept.remove(axis);
        }
        let result = self.allocate(frame, span, dtype, kept, false);
        self.store_all(frame, span, result, Value::Expr(start))?;
        self.each(frame, lazy, &shape, same, &mut |lowering, frame, index, element| {
            let mut place = index.to_vec();
            if keepdims {
                place[axis] = Expr::int(span, 0);
            } else {
                place.remove(axis);
            }
            let before = load(frame, result, Place::Indices(place.clone()), span);
            let after = step(lowering, frame, before, element)?;
            let value = cast(after, dtype, false);
            let place = Place::Indices(place);
            frame.emit(span, StmtKind::Store { array: result, place, value });
            Ok(())
        })?;
        Ok(result)
    }

    /// How many elements an expression has.
    pub fn count_of(&mut self, frame: &mut Frame, lazy: &Lazy, axis: Option<usize>) -> Expr {
        let (shape, _) = self.shape_of(frame, lazy);
        match axis {
            Some(axis) => shape[axis].clone(),
            None => shape
                .into_iter()
                .reduce(|one, two| index_op(Binary::Mul, one, two))
                .unwrap_or_else(|| Expr::int(lazy.span, 1)),
        }
    }

    /// The shape that an expression has.
    pub fn lazy_shape(&mut self, frame: &mut Frame, lazy: &Lazy) -> Vec<Expr> {
        self.shape_of(frame, lazy).0
    }
}

/// The address of an array's first element, as a number.
fn address(span: Span, array: Local) -> Expr {
    let address = Expr::new(span, Type::scalar(Scalar::U64), ExprKind::Address(array));
    Expr::new(span, Type::scalar(Scalar::I64), ExprKind::Cast(Box::new(address)))
}

impl Frame {
    /// How many elements there are along a dimension.
    pub fn size(&self, span: Span, array: Local, dimension: usize) -> Expr {
        if self.array(array).is_one(dimension) {
            return Expr::int(span, 1);
        }
        shape(span, array, dimension)
    }

    /// An index into the dimensions from `first` on: 0 where there is one element.
    fn within(&self, array: Local, first: usize, index: &[Expr]) -> Vec<Expr> {
        let ty = self.array(array);
        let place = |(dimension, index): (usize, &Expr)| {
            if ty.is_one(first + dimension) { Expr::int(index.span, 0) } else { index.clone() }
        };
        index.iter().enumerate().map(place).collect()
    }
}

fn index_span(index: &[Expr]) -> Span {
    index.first().map(|index| index.span).unwrap_or_default()
}

/// An element of an array.
pub fn load(frame: &Frame, array: Local, place: Place, span: Span) -> Expr {
    let ty = Type::scalar(frame.array(array).dtype);
    Expr::new(span, ty, ExprKind::Load { array, place })
}
