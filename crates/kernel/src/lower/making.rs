//! What makes arrays: `zeros`, `array`, `reshape`, `dot`.

use super::calls::Arguments;
use super::elementwise::{Op, Tree};
use super::scalar::{cast, common, compare_op, index_op, int64, number};
use super::value::{Meta, Value};
use super::{Frame, Lowering, Result, arrays, lists};
use crate::ir::{Binary, Compare, Exception, Expr, ExprKind, Local, Piece, Runtime, StmtKind};
use crate::syntax::{BinaryOp, Span};
use crate::types::{Layout, Scalar, Type};

impl Lowering<'_> {
    /// A shape argument: a number or a tuple of them.
    pub fn shape_argument(
        &mut self,
        frame: &mut Frame,
        span: Span,
        value: Value,
    ) -> Result<Vec<Expr>> {
        let items = match value {
            Value::Tuple(items) | Value::Meta(Meta::List(items)) => items,
            Value::Expr(expr) if matches!(expr.ty, Type::Tuple(..)) => self.items(frame, expr),
            other => vec![other],
        };
        let mut sizes = Vec::new();
        for item in items {
            let size = self.run_time(frame, span, item)?;
            match size.ty {
                Type::Scalar(scalar, _) if scalar.is_integer() => {}
                Type::Unknown => {}
                _ => {
                    let message = format!("a size of type {}", size.ty);
                    return Err(frame.error(span, message, Some("use int(...)")));
                }
            }
            let size = frame.once(int64(size));
            if !matches!(size.kind, ExprKind::Const(crate::ir::Value::Int(0..))) {
                let test = compare_op(Compare::Lt, size.clone(), Expr::int(span, 0));
                let text = Piece::Text("negative dimensions are not allowed".into());
                frame.raise_if(test, Exception::Value, vec![text]);
            }
            sizes.push(size);
        }
        Ok(sizes)
    }

    /// `zeros` and its like.
    pub fn made(&mut self, frame: &mut Frame, name: &str, given: Arguments) -> Result<Value> {
        let span = given.span;
        let is_like = name.ends_with("_like");
        let is_full = name.starts_with("full");
        let names: &[&str] = match (is_like, is_full) {
            (false, false) => &["shape", "dtype", "order"],
            (false, true) => &["shape", "fill_value", "dtype", "order"],
            (true, false) => &["a", "dtype", "order", "subok", "shape"],
            (true, true) => &["a", "fill_value", "dtype", "order", "subok", "shape"],
        };
        let mut taken = given.take(frame, names)?;
        let Some(first) = taken[0].take() else {
            return Err(frame.error(span, format!("numpy.{name} needs a shape"), None));
        };
        let at = usize::from(is_full);
        let fill = if is_full { taken[1].take() } else { None };
        let asked = taken[at + 1].take();
        let asked = self.dtype(frame, span, asked)?;
        let (sizes, like) = if is_like {
            match first {
                Value::Lazy(lazy) => (self.lazy_shape(frame, &lazy), Some(lazy.dtype())),
                Value::Expr(expr) if expr.ty.as_scalar().is_some() => {
                    (Vec::new(), expr.ty.as_scalar())
                }
                other => {
                    let array = self.array(frame, span, other)?;
                    (self.sizes(frame, span, array), Some(frame.array(array).dtype))
                }
            }
        } else {
            (self.shape_argument(frame, span, first)?, None)
        };
        let fill = match (name.split('_').next().unwrap_or(name), fill) {
            ("full", Some(fill)) => Some(self.run_time(frame, span, fill)?),
            ("ones", _) => Some(number(span, asked.or(like).unwrap_or(Scalar::F64), false, 1.0)),
            _ => None,
        };
        let own = fill.as_ref().and_then(|fill| fill.ty.as_scalar());
        let dtype = asked.or(like).or(own).unwrap_or(Scalar::F64);
        let zeroed = name.starts_with("zeros");
        let sizes = sizes.into_iter().map(|size| frame.once(size)).collect();
        let array = self.allocate(frame, span, dtype, sizes, zeroed);
        if let Some(fill) = fill {
            self.store_all(frame, span, array, Value::Expr(fill))?;
        }
        Ok(Value::Expr(frame.read(span, array)))
    }

    /// `array`, `asarray`, `copy`.
    pub fn array_call(&mut self, frame: &mut Frame, name: &str, given: Arguments) -> Result<Value> {
        let span = given.span;
        let mut taken = given.take(frame, &["a", "dtype", "copy", "order"])?;
        let Some(value) = taken[0].take() else {
            return Err(frame.error(span, format!("numpy.{name} needs an argument"), None));
        };
        let dtype = self.dtype(frame, span, taken[1].take())?;
        let array = match value {
            Value::Tuple(items) | Value::Meta(Meta::List(items)) => {
                let list = self.array_of_list(frame, span, items, dtype)?;
                return Ok(Value::Expr(frame.read(span, list)));
            }
            Value::Expr(expr) if expr.ty.as_scalar().is_some() => {
                let dtype = dtype.unwrap_or(expr.scalar());
                let array = self.allocate(frame, span, dtype, Vec::new(), false);
                self.store_all(frame, span, array, Value::Expr(expr))?;
                return Ok(Value::Expr(frame.read(span, array)));
            }
            Value::Lazy(lazy) => {
                let tree = match dtype {
                    Some(dtype) => Tree::Node(Op::Cast(dtype), vec![lazy.tree.clone()]),
                    None => lazy.tree.clone(),
                };
                let lazy = self.lazy(frame, span, tree)?;
                let array = self.materialise(frame, span, &lazy)?;
                return Ok(Value::Expr(frame.read(span, array)));
            }
            Value::Expr(Expr { ty: Type::List(_), kind: ExprKind::Local(list), .. }) => {
                if frame.ty(list).as_list().is_some_and(lists::is_unknown) {
                    return Ok(Value::Expr(frame.unknown(span)));
                }
                let array = self.array_of_items(frame, span, list, dtype)?;
                return Ok(Value::Expr(frame.read(span, array)));
            }
            other => self.array(frame, span, other)?,
        };
        let ty = frame.array(array);
        let dtype = dtype.unwrap_or(ty.dtype);
        let keeps = match name {
            "asarray" | "asanyarray" => dtype == ty.dtype,
            "ascontiguousarray" => dtype == ty.dtype && ty.layout == Layout::C,
            _ => false,
        };
        if keeps {
            return Ok(Value::Expr(frame.read(span, array)));
        }
        let copy = self.copied(frame, span, array, dtype)?;
        Ok(Value::Expr(frame.read(span, copy)))
    }

    /// A new array of an array's elements.
    pub fn copied(
        &mut self,
        frame: &mut Frame,
        span: Span,
        array: Local,
        dtype: Scalar,
    ) -> Result<Local> {
        let tree = Tree::Node(Op::Cast(dtype), vec![Tree::Array(array)]);
        let lazy = self.lazy(frame, span, tree)?;
        self.materialise(frame, span, &lazy)
    }

    /// `reshape` and its like.
    pub fn reshaping(
        &mut self,
        frame: &mut Frame,
        name: &str,
        mut given: Arguments,
    ) -> Result<Value> {
        let span = given.span;
        if given.positional.is_empty() {
            return Err(frame.error(span, format!("numpy.{name} needs an array"), None));
        }
        let value = given.positional.remove(0);
        if name == "astype" {
            let mut taken = given.take(frame, &["dtype", "order", "casting", "subok", "copy"])?;
            let Some(dtype) = self.dtype(frame, span, taken[0].take())? else {
                return Err(frame.error(span, "astype() without a type".into(), None));
            };
            if let Value::Expr(expr) = &value
                && expr.ty.as_scalar().is_some()
            {
                return Ok(Value::Expr(cast(expr.clone(), dtype, false)));
            }
            let tree = self.tree(frame, span, value)?;
            return self.node(frame, span, Op::Cast(dtype), vec![tree]);
        }
        let array = self.array(frame, span, value)?;
        let ty = frame.array(array);
        let ndim = usize::from(ty.ndim);
        match name {
            "ravel" | "flatten" => {
                let copies = name == "flatten" || ty.layout != Layout::C;
                let array = if copies { self.copied(frame, span, array, ty.dtype)? } else { array };
                let size = self.array_attribute(
                    frame,
                    span,
                    &Value::Expr(frame.read(span, array)),
                    "size",
                )?;
                let size = size.unwrap_or_else(|| Value::none(span));
                let size = self.run_time(frame, span, size)?;
                let size = frame.once(size);
                let flat = self.reshaped(frame, span, array, vec![size]);
                Ok(Value::Expr(frame.read(span, flat)))
            }
            "transpose" => {
                let items = match given.positional.as_slice() {
                    [] => given.keywords.into_iter().map(|(_, value)| value).collect(),
                    _ => given.positional,
                };
                let items = match items.as_slice() {
                    [Value::Tuple(items)] => items.clone(),
                    _ => items.into_iter().filter(|item| !item.is_none()).collect(),
                };
                let mut axes = Vec::new();
                for item in &items {
                    axes.push(self.axis(frame, span, item, ndim)?);
                }
                if axes.is_empty() {
                    axes = (0..ndim).rev().collect();
                }
                let mut sorted = axes.clone();
                sorted.sort_unstable();
                if !sorted.into_iter().eq(0..ndim) {
                    return Err(frame.error(span, "axes don't match array".into(), None));
                }
                let turned = self.transposed(frame, span, array, &axes);
                Ok(Value::Expr(frame.read(span, turned)))
            }
            "swapaxes" => {
                let taken = given.take(frame, &["axis1", "axis2"])?;
                let mut axes: Vec<_> = (0..ndim).collect();
                if let [Some(one), Some(two)] = taken.as_slice() {
                    let one = self.axis(frame, span, one, ndim)?;
                    let two = self.axis(frame, span, two, ndim)?;
                    axes.swap(one, two);
                }
                let turned = self.transposed(frame, span, array, &axes);
                Ok(Value::Expr(frame.read(span, turned)))
            }
            "reshape" => {
                given.keywords.retain(|(name, _)| name != "order");
                let items = match given.positional.as_slice() {
                    [] => given.keywords.into_iter().map(|(_, value)| value).collect(),
                    _ => given.positional,
                };
                let mut items = items;
                if let [one] = items.as_slice() {
                    items = match one.clone() {
                        Value::Tuple(items) | Value::Meta(Meta::List(items)) => items,
                        Value::Expr(expr) if matches!(expr.ty, Type::Tuple(..)) => {
                            self.items(frame, expr)
                        }
                        other => vec![other],
                    };
                }
                self.reshape(frame, span, array, items)
            }
            _ => Err(frame.error(span, format!("numpy.{name} can't be compiled"), None)),
        }
    }

    pub fn reshape(
        &mut self,
        frame: &mut Frame,
        span: Span,
        array: Local,
        items: Vec<Value>,
    ) -> Result<Value> {
        let ty = frame.array(array);
        let sizes = self.sizes(frame, span, array);
        let total = sizes.into_iter().reduce(|one, two| index_op(Binary::Mul, one, two));
        let total = frame.once(total.unwrap_or_else(|| Expr::int(span, 1)));
        let missing = items.iter().position(|item| item.as_int() == Some(-1));
        let mut shape = Vec::new();
        let mut product = Expr::int(span, 1);
        for (index, item) in items.into_iter().enumerate() {
            if Some(index) == missing {
                shape.push(Expr::int(span, 0));
                continue;
            }
            let size = self.run_time(frame, span, item)?;
            let size = frame.once(int64(size));
            product = frame.once(index_op(Binary::Mul, product, size.clone()));
            shape.push(size);
        }
        if let Some(missing) = missing {
            let nothing = compare_op(Compare::Eq, product.clone(), Expr::int(span, 0));
            let kind = ExprKind::IfElse(
                Box::new(nothing),
                Box::new(Expr::int(span, 0)),
                Box::new(index_op(Binary::FloorDiv, total.clone(), product.clone())),
            );
            let size = frame.once(Expr::new(span, Type::scalar(Scalar::I64), kind));
            product = frame.once(index_op(Binary::Mul, product, size.clone()));
            shape[missing] = size;
        }
        let message = vec![
            Piece::Text("cannot reshape array of size ".into()),
            Piece::Value(total.clone()),
            Piece::Text(" into a shape of size ".into()),
            Piece::Value(product.clone()),
        ];
        frame.raise_if(compare_op(Compare::Ne, total, product), Exception::Value, message);
        let array = match ty.layout {
            Layout::C => array,
            _ => self.copied(frame, span, array, ty.dtype)?,
        };
        let view = self.reshaped(frame, span, array, shape);
        Ok(Value::Expr(frame.read(span, view)))
    }

    /// `dot` and `@`: loops for vectors, a library's kernel for matrices.
    pub fn product_of(&mut self, frame: &mut Frame, name: &str, given: Arguments) -> Result<Value> {
        let span = given.span;
        let mut taken = given.take(frame, &["a", "b", "out"])?;
        let (one, two, out) = (taken[0].take(), taken[1].take(), taken[2].take());
        let (Some(one), Some(two)) = (one, two) else {
            return Err(frame.error(span, format!("{name} needs two arrays"), None));
        };
        let scalar = |value: &Value| match value {
            Value::Expr(expr) => expr.ty.as_scalar().is_some(),
            _ => false,
        };
        if scalar(&one) || scalar(&two) {
            return self.operate(frame, span, BinaryOp::Mul, one, two);
        }
        let one = self.array(frame, span, one)?;
        let two = self.array(frame, span, two)?;
        let (first, second) = (frame.array(one), frame.array(two));
        let (dtype, _) = common((first.dtype, false), (second.dtype, false));
        let size = |array, d| arrays::shape(span, array, d);
        let inner = usize::from(second.ndim.max(1)) - 2.min(usize::from(second.ndim));
        let last = usize::from(first.ndim).saturating_sub(1);
        let (own, other) = (size(one, last), size(two, inner));
        let message = vec![
            Piece::Text("matmul: the inner dimensions do not match: ".into()),
            Piece::Value(own.clone()),
            Piece::Text(" and ".into()),
            Piece::Value(other.clone()),
        ];
        frame.raise_if(compare_op(Compare::Ne, own.clone(), other), Exception::Value, message);
        let result = match (first.ndim, second.ndim) {
            (1, 1) => {
                let (x, y) = (Tree::Array(one), Tree::Array(two));
                let x = match name == "vdot" && first.dtype.is_complex() {
                    true => Tree::Node(Op::Function("numpy.conj".into()), vec![x]),
                    false => x,
                };
                let product = Tree::Node(Op::Binary(BinaryOp::Mul), vec![x, y]);
                let lazy = self.lazy(frame, span, product)?;
                Value::Expr(self.whole_reduction(frame, "sum", &lazy, Some(dtype), None)?)
            }
            (2, 2) if dtype.is_float() || dtype.is_complex() => {
                let convert = |lowering: &mut Self, frame: &mut Frame, array: Local| {
                    let ty = frame.array(array);
                    if ty.dtype == dtype {
                        Ok(array)
                    } else {
                        lowering.copied(frame, span, array, dtype)
                    }
                };
                let (one, two) = (convert(self, frame, one)?, convert(self, frame, two)?);
                let shape = vec![size(one, 0), size(two, 1)];
                let result = self.allocate(frame, span, dtype, shape, false);
                let operands = [one, two, result].map(|array| frame.read(span, array)).to_vec();
                let kind = ExprKind::Runtime(Runtime::MatMul, operands);
                frame.emit(span, StmtKind::Expr(Expr::new(span, Type::None, kind)));
                Value::Expr(frame.read(span, result))
            }
            _ => {
                let given = Arguments::of(
                    span,
                    name,
                    vec![Value::Expr(frame.read(span, one)), Value::Expr(frame.read(span, two))],
                );
                self.library(frame, "numpy.matmul", given)?
            }
        };
        match out.filter(|out| !out.is_none()) {
            Some(out) => {
                let array = self.array(frame, span, out)?;
                self.store_all(frame, span, array, result)?;
                Ok(Value::Expr(frame.read(span, array)))
            }
            None => Ok(result),
        }
    }
}
