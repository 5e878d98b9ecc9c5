//! NumPy: which of its functions the compiler knows. The rest of it is written in the language that is
//! compiled (see `Globals::library`).

use super::calls::{Arguments, dtype_of};
use super::elementwise::{Op, Tree};
use super::lists::as_list;
use super::scalar::{cast, floating, int64};
use super::ufunc::arity;
use super::value::{Meta, Value};
use super::{Frame, Lowering, Result};
use crate::ir::{Expr, ExprKind, Place, Runtime, StmtKind};
use crate::syntax::Span;
use crate::types::{Scalar, Type};
use std::sync::Arc;

impl Lowering<'_> {
    /// A call of NumPy's, or of something else that is known by its path.
    pub fn numpy(&mut self, frame: &mut Frame, path: &str, given: Arguments) -> Result<Value> {
        let span = given.span;
        let is_unknown = |value: &Value| match value {
            Value::Expr(expr) => expr.ty == Type::Unknown,
            _ => false,
        };
        let holds_unknown = |value: &Value| match value {
            Value::Tuple(items) | Value::Meta(Meta::List(items)) => items.iter().any(is_unknown),
            value => is_unknown(value),
        };
        if given.positional.iter().any(holds_unknown) {
            return Ok(Value::Expr(frame.unknown(span)));
        }
        let name =
            path.strip_prefix("numpy.").or(path.strip_prefix("scipy.special.")).unwrap_or("");
        let has_library = self.definition(path).is_some();
        let of_library = self.definition(&format!("ufunc.{name}"));
        let count = of_library.map(|callee| callee.function.parameters.len()).or(arity(name));
        if let Some(count) = count.filter(|_| !name.is_empty() && !has_library) {
            return self.ufunc(frame, path, count, given);
        }
        match name {
            "empty" | "ndarray" | "zeros" | "ones" | "full" | "empty_like" | "zeros_like"
            | "ones_like" | "full_like" => return self.made(frame, name, given),
            "array" | "asarray" | "ascontiguousarray" | "copy" | "asanyarray" => {
                return self.array_call(frame, name, given);
            }
            "where" if given.positional.len() == 3 => {
                let mut children = Vec::new();
                for value in given.positional {
                    children.push(self.tree(frame, span, value)?);
                }
                if children.iter().all(|child| matches!(child, Tree::Scalar(_))) {
                    let lazy = self.lazy(frame, span, Tree::Node(Op::Where, children))?;
                    return self.single(frame, &lazy).map(Value::Expr);
                }
                return self.node(frame, span, Op::Where, children);
            }
            "sum" | "prod" | "min" | "max" | "amin" | "amax" | "any" | "all" | "mean"
            | "count_nonzero" => return self.reduction(frame, name, given),
            "reshape" | "ravel" | "transpose" | "astype" | "flatten" | "swapaxes" | "view"
                if !has_library =>
            {
                return self.reshaping(frame, name, given);
            }
            "matmul" | "dot" | "vdot" | "inner" if !has_library => {
                return self.product_of(frame, name, given);
            }
            "shape" | "ndim" | "size" => {
                let mut taken = given.take(frame, &["a"])?;
                let value = taken.remove(0).unwrap_or_else(|| Value::none(span));
                let attribute = self.array_attribute(frame, span, &value, name)?;
                return attribute.ok_or_else(|| frame.error(span, path.into(), None));
            }
            "dtype" => {
                let mut taken = given.take(frame, &["dtype"])?;
                let value = taken.remove(0);
                let dtype = self.dtype(frame, span, value)?;
                return match dtype {
                    Some(dtype) => Ok(Value::Meta(Meta::Dtype(dtype))),
                    None => Err(frame.error(span, "dtype() without a type".into(), None)),
                };
            }
            "iinfo" | "finfo" => {
                let mut taken = given.take(frame, &["type"])?;
                let value = match taken.remove(0) {
                    Some(Value::Expr(expr)) if expr.ty.as_scalar().is_some() => {
                        Some(Value::Meta(Meta::Dtype(expr.scalar())))
                    }
                    other => other,
                };
                let scalar = self.dtype(frame, span, value)?.unwrap_or(Scalar::F64);
                if scalar.is_integer() != (name == "iinfo") {
                    let message = format!("numpy.{name} of {scalar}");
                    return Err(frame.error(span, message, None));
                }
                return Ok(Value::Meta(Meta::Limits(scalar.real())));
            }
            "ndindex" => {
                let items = match given.positional.as_slice() {
                    [Value::Tuple(items)] => items.clone(),
                    _ => given.positional,
                };
                let mut sizes = Vec::new();
                for item in items {
                    let size = self.run_time(frame, span, item)?;
                    sizes.push(frame.once(int64(size)));
                }
                return Ok(Value::Meta(Meta::NdIndex(sizes, None)));
            }
            "ndenumerate" => {
                let value = given.take(frame, &["arr"])?.remove(0);
                let value = value.unwrap_or_else(|| Value::none(span));
                let array = self.array(frame, span, value)?;
                let sizes = self.sizes(frame, span, array);
                return Ok(Value::Meta(Meta::NdIndex(sizes, Some(array))));
            }
            _ => {}
        }
        match path {
            "manycore.range_length" => {
                let Some(Value::Meta(Meta::Range(range, _))) = given.positional.first() else {
                    return Err(frame.error(span, "the length of a range".into(), None));
                };
                let parts = (**range).clone().map(Value::Expr).to_vec();
                self.library(frame, path, Arguments::of(span, path, parts))
            }
            _ if path.starts_with("kernel.") => self.intrinsic(frame, path, given),
            _ => self.library(frame, path, given),
        }
    }

    /// A dtype argument.
    pub fn dtype(
        &mut self,
        frame: &Frame,
        span: Span,
        value: Option<Value>,
    ) -> Result<Option<Scalar>> {
        let Some(value) = value.filter(|value| !value.is_none()) else { return Ok(None) };
        let found = match &value {
            Value::Meta(Meta::Dtype(scalar)) => Some(*scalar),
            Value::Meta(Meta::Known(path)) => dtype_of(path),
            value => value.as_str().and_then(|name| Scalar::named(name)),
        };
        match found {
            Some(scalar) => Ok(Some(scalar)),
            None => {
                let message = format!("{} is no dtype that can be compiled", value.describe());
                Err(frame.error(span, message, None))
            }
        }
    }

    /// A generator of random numbers of a stream of its own; its state is an array's.
    fn new_generator(&mut self, frame: &mut Frame, given: Arguments) -> Result<Value> {
        let span = given.span;
        let Some(key) = given.positional.into_iter().next() else {
            return Err(frame.error(span, "a generator needs a key".into(), None));
        };
        let key = cast(self.run_time(frame, span, key)?, Scalar::U64, false);
        let state = self.allocate(frame, span, Scalar::U64, vec![Expr::int(span, 2)], true);
        let place = Place::Indices(vec![Expr::int(span, 0)]);
        frame.emit(span, StmtKind::Store { array: state, place, value: key });
        Ok(Value::Expr(Expr::new(span, Type::Generator, ExprKind::Address(state))))
    }

    /// What the library is built on and Python does not have: `kernel.solve(a, b, x)` and the like.
    pub fn intrinsic(&mut self, frame: &mut Frame, path: &str, given: Arguments) -> Result<Value> {
        let span = given.span;
        let name = path.strip_prefix("kernel.").unwrap_or(path);
        let int = Type::scalar(Scalar::I64);
        let (op, ty) = match name {
            "matmul" => (Runtime::MatMul, Type::None),
            "solve" => (Runtime::Solve, int),
            "inverse" => (Runtime::Inverse, int),
            "determinant" => (Runtime::Determinant, Type::scalar(Scalar::F64)),
            "cholesky" => (Runtime::Cholesky, int),
            "eigh" => (Runtime::SymmetricEigen, int),
            "svd" => (Runtime::Svd, int),
            "qr" => (Runtime::Qr, Type::None),
            "random_bits" => (Runtime::RandomBits, Type::scalar(Scalar::U64)),
            "random" => (Runtime::Random, Type::scalar(Scalar::F64)),
            "seed" => (Runtime::Seed, Type::None),
            "promote" => {
                let mut found: Option<Scalar> = None;
                for value in given.positional {
                    let own = match &value {
                        Value::Meta(Meta::Dtype(scalar)) => Some(*scalar),
                        Value::Meta(Meta::Known(path)) => dtype_of(path),
                        _ => None,
                    };
                    let Some(own) = own else {
                        return Err(frame.error(span, "promote() of what is no type".into(), None));
                    };
                    found = Some(found.map_or(own, |found| found.promote(own)));
                }
                return Ok(Value::Meta(Meta::Dtype(found.unwrap_or(Scalar::F64))));
            }
            "floating" => {
                let mut taken = given.take(frame, &["dtype"])?;
                let dtype = self.dtype(frame, span, taken.remove(0))?.unwrap_or(Scalar::F64);
                return Ok(Value::Meta(Meta::Dtype(floating(dtype))));
            }
            "is_integer" | "is_float" | "is_complex" | "is_bool" => {
                let mut taken = given.take(frame, &["dtype"])?;
                let dtype = self.dtype(frame, span, taken.remove(0))?.unwrap_or(Scalar::F64);
                let is = match name {
                    "is_integer" => dtype.is_integer(),
                    "is_float" => dtype.is_float(),
                    "is_complex" => dtype.is_complex(),
                    _ => dtype == Scalar::Bool,
                };
                return Ok(Value::Expr(Expr::bool(span, is)));
            }
            "item" | "shift" => return self.list_intrinsic(frame, name, given),
            "generator" => return self.new_generator(frame, given),
            "is_list" => {
                let is = given.positional.first().is_some_and(|value| {
                    as_list(value).is_some() || matches!(value, Value::Meta(Meta::List(_)))
                });
                return Ok(Value::Expr(Expr::bool(span, is)));
            }
            "is_scalar" | "is_tuple" | "is_array" => {
                let value = given.positional.first();
                let is_array = match value {
                    Some(Value::Lazy(_)) => true,
                    Some(Value::Expr(expr)) => expr.ty.as_array().is_some(),
                    _ => false,
                };
                let is_scalar = match value {
                    Some(Value::Expr(expr)) => expr.ty.as_scalar().is_some(),
                    _ => false,
                };
                let is_tuple = match value {
                    Some(Value::Tuple(_) | Value::Meta(Meta::List(_))) => true,
                    Some(Value::Expr(expr)) => matches!(expr.ty, Type::Tuple(..)),
                    _ => false,
                };
                let is = match name {
                    "is_scalar" => is_scalar,
                    "is_array" => is_array,
                    _ => is_tuple,
                };
                return Ok(Value::Expr(Expr::bool(span, is)));
            }
            "fail" => {
                let text = given.positional.first().and_then(|value| value.as_str());
                let message = text.map_or_else(|| "this".to_owned(), |text| text.to_string());
                return Err(frame.error(span, message, None));
            }
            _ => return Err(frame.error(span, format!("{path} is not known"), None)),
        };
        let mut operands = Vec::new();
        for value in given.positional {
            let expr = self.run_time(frame, span, value)?;
            operands.push(frame.plain(expr));
        }
        let call = Expr::new(span, ty.clone(), ExprKind::Runtime(op, operands));
        if ty == Type::None {
            frame.emit(span, StmtKind::Expr(call));
            return Ok(Value::none(span));
        }
        Ok(Value::Expr(frame.once(call)))
    }

    /// A method of a value.
    pub fn method(
        &mut self,
        frame: &mut Frame,
        object: Value,
        name: &str,
        mut given: Arguments,
    ) -> Result<Value> {
        let span = given.span;
        let is_array = match &object {
            Value::Lazy(_) => true,
            Value::Expr(expr) => matches!(expr.ty, Type::Array(_) | Type::Scalar(..)),
            _ => false,
        };
        if let Value::Meta(Meta::Known(path)) = &object {
            let method = format!("ufunc_method.{name}");
            let mut positional = vec![Value::Meta(Meta::Known(path.clone()))];
            // These are what NumPy's own functions do.
            let own = match path.as_str() {
                "numpy.add" => "sum",
                "numpy.multiply" => "prod",
                "numpy.minimum" => "min",
                "numpy.maximum" => "max",
                "numpy.logical_and" => "all",
                "numpy.logical_or" => "any",
                _ => "",
            };
            if name == "reduce" && !own.is_empty() {
                let has_axis = given.positional.len() > 1
                    || given.keywords.iter().any(|(name, _)| name == "axis");
                if !has_axis {
                    let axis = Value::Expr(Expr::int(span, 0));
                    given.keywords.push(("axis".into(), axis));
                }
                return self.numpy(frame, &format!("numpy.{own}"), given);
            }
            positional.append(&mut given.positional);
            return self.library(frame, &method, Arguments { positional, ..given });
        }
        if let Some(text) = object.as_str() {
            return self.text_method(frame, &Arc::clone(text), name, &given);
        }
        if matches!(name, "index" | "count")
            && let Value::Tuple(items) = self.opened(frame, object.clone())
        {
            let list = self.list_of(frame, span, items)?;
            return self.list_method(frame, list, name, given);
        }
        if let Some(list) = as_list(&object) {
            return self.list_method(frame, list, name, given);
        }
        if !is_array {
            if let Value::Expr(expr) = &object
                && expr.ty == Type::Generator
            {
                given.positional.insert(0, object);
                return self.library(frame, &format!("generator.{name}"), given);
            }
            let message = format!("{} has no method {name} in compiled code", object.describe());
            return Err(frame.error(span, message, None));
        }
        match (name, &object) {
            ("item", _) if given.positional.is_empty() => {
                let array = match object {
                    Value::Expr(expr) if expr.ty.as_scalar().is_some() => {
                        return Ok(Value::Expr(expr));
                    }
                    other => self.array(frame, span, other)?,
                };
                let ndim = usize::from(frame.array(array).ndim);
                let zero = || Value::Expr(Expr::int(span, 0));
                let index = Value::Tuple((0..ndim).map(|_| zero()).collect());
                let array = Value::Expr(frame.read(span, array));
                return self.subscript(frame, span, array, index);
            }
            ("item", _) => {
                let index = match given.positional.len() {
                    1 => given.positional.remove(0),
                    _ => Value::Tuple(given.positional),
                };
                return self.subscript(frame, span, object, index);
            }
            ("fill", _) => {
                let array = self.array(frame, span, object)?;
                if given.positional.is_empty() {
                    return Err(frame.error(span, "fill() needs a value".into(), None));
                }
                self.store_all(frame, span, array, given.positional.remove(0))?;
                return Ok(Value::none(span));
            }
            ("tolist", Value::Expr(expr)) if expr.ty.as_scalar().is_some() => {
                return Ok(object);
            }
            ("tolist", _) => {
                let array = Value::Expr({
                    let array = self.array(frame, span, object)?;
                    frame.read(span, array)
                });
                let given = Arguments::of(span, "tolist", vec![array]);
                return self.library(frame, "array.tolist", given);
            }
            // Methods that are not the function of that name.
            ("compress" | "partition", _) => {
                given.positional.insert(0, object);
                return self.library(frame, &format!("array.{name}"), given);
            }
            ("is_integer" | "bit_length" | "bit_count", Value::Expr(expr))
                if expr.ty.as_scalar().is_some() =>
            {
                let given = Arguments::of(span, name, vec![object.clone()]);
                return self.library(frame, &format!("number.{name}"), given);
            }
            ("conj" | "conjugate", Value::Expr(expr)) if expr.ty.as_scalar().is_some() => {
                let operands = vec![expr.clone()];
                return self
                    .function_of_numbers(frame, span, "numpy.conj", operands, false)
                    .map(Value::Expr);
            }
            ("sort", _) => {
                given.positional.insert(0, object);
                return self.library(frame, "array.sort", given);
            }
            _ => {}
        }
        given.positional.insert(0, object);
        given.name = format!("the array's {name}");
        self.numpy(frame, &format!("numpy.{name}"), given)
    }
}
