//! NumPy: its universal functions, what makes arrays, what reduces them. The rest of it is written in the
//! language that is compiled (see `Globals::library`).

use super::calls::{Arguments, absolute, dtype_of, minimum, part};
use super::elementwise::{Lazy, Op, Tree};
use super::scalar::{cast, common, compare_op, floating, index_op, int64, number};
use super::value::{Meta, Value};
use super::{Frame, Lowering, Result, arrays};
use crate::ir::{
    Binary, Compare, Exception, Expr, ExprKind, Local, Math, Piece, Runtime, StmtKind, Unary,
};
use crate::syntax::{BinaryOp, CompareOp, Span, UnaryOp};
use crate::types::{Layout, Scalar, Type};
use std::rc::Rc;

/// A function of floating-point numbers.
fn math_of(name: &str) -> Option<Math> {
    Some(match name {
        "sqrt" => Math::Sqrt,
        "cbrt" => Math::Cbrt,
        "exp" => Math::Exp,
        "exp2" => Math::Exp2,
        "expm1" => Math::Expm1,
        "log" => Math::Log,
        "log2" => Math::Log2,
        "log10" => Math::Log10,
        "log1p" => Math::Log1p,
        "sin" => Math::Sin,
        "cos" => Math::Cos,
        "tan" => Math::Tan,
        "arcsin" | "asin" => Math::Asin,
        "arccos" | "acos" => Math::Acos,
        "arctan" | "atan" => Math::Atan,
        "arctan2" | "atan2" => Math::Atan2,
        "sinh" => Math::Sinh,
        "cosh" => Math::Cosh,
        "tanh" => Math::Tanh,
        "arcsinh" | "asinh" => Math::Asinh,
        "arccosh" | "acosh" => Math::Acosh,
        "arctanh" | "atanh" => Math::Atanh,
        "hypot" => Math::Hypot,
        "erf" => Math::Erf,
        "erfc" => Math::Erfc,
        "gamma" => Math::Gamma,
        "lgamma" | "gammaln" => Math::LogGamma,
        "floor" => Math::Floor,
        "ceil" => Math::Ceil,
        "trunc" | "fix" => Math::Trunc,
        "rint" => Math::Round,
        "nextafter" => Math::NextAfter,
        _ => return None,
    })
}

/// A truth value of a floating-point number.
fn predicate_of(name: &str) -> Option<Math> {
    Some(match name {
        "isnan" => Math::IsNan,
        "isinf" => Math::IsInf,
        "isfinite" => Math::IsFinite,
        "signbit" => Math::SignBit,
        _ => return None,
    })
}

fn operator_of(name: &str) -> Option<BinaryOp> {
    Some(match name {
        "add" => BinaryOp::Add,
        "subtract" => BinaryOp::Sub,
        "multiply" => BinaryOp::Mul,
        "divide" | "true_divide" => BinaryOp::Div,
        "floor_divide" => BinaryOp::FloorDiv,
        "remainder" | "mod" => BinaryOp::Mod,
        "power" | "pow" => BinaryOp::Pow,
        "bitwise_and" => BinaryOp::And,
        "bitwise_or" => BinaryOp::Or,
        "bitwise_xor" => BinaryOp::Xor,
        "left_shift" | "bitwise_left_shift" => BinaryOp::LeftShift,
        "right_shift" | "bitwise_right_shift" => BinaryOp::RightShift,
        _ => return None,
    })
}

fn comparison_of(name: &str) -> Option<CompareOp> {
    Some(match name {
        "equal" => CompareOp::Eq,
        "not_equal" => CompareOp::NotEq,
        "less" => CompareOp::Less,
        "less_equal" => CompareOp::LessEq,
        "greater" => CompareOp::Greater,
        "greater_equal" => CompareOp::GreaterEq,
        _ => return None,
    })
}

/// How many numbers a universal function takes.
fn arity(name: &str) -> Option<usize> {
    Some(match name {
        "arctan2" | "atan2" | "hypot" | "nextafter" | "minimum" | "maximum" | "fmin" | "fmax"
        | "copysign" | "fmod" | "logical_and" | "logical_or" | "logical_xor" | "float_power"
        | "logaddexp" | "logaddexp2" | "heaviside" | "gcd" | "lcm" | "ldexp" => 2,
        "negative" | "positive" | "absolute" | "abs" | "fabs" | "invert" | "bitwise_not"
        | "bitwise_invert" | "logical_not" | "square" | "sign" | "reciprocal" | "conj"
        | "conjugate" | "real" | "imag" | "angle" | "deg2rad" | "radians" | "rad2deg"
        | "degrees" | "bitwise_count" | "spacing" => 1,
        name if math_of(name).is_some() || predicate_of(name).is_some() => 1,
        name if operator_of(name).is_some() || comparison_of(name).is_some() => 2,
        _ => return None,
    })
}

impl Lowering<'_> {
    /// A universal function of numbers.
    pub fn function_of_numbers(
        &mut self,
        frame: &mut Frame,
        span: Span,
        path: &str,
        operands: Vec<Expr>,
        of_array: bool,
    ) -> Result<Expr> {
        let name = path.rsplit('.').next().unwrap_or(path);
        if operands.iter().any(|operand| operand.ty == Type::Unknown) {
            return Ok(frame.unknown(span));
        }
        if let Some(callee) = self.globals.library(&format!("ufunc.{name}")) {
            let names = callee.function.parameters.iter().map(|parameter| parameter.name.clone());
            let bound = names.zip(operands.into_iter().map(Value::Expr)).collect();
            let value = self.in_place(
                frame,
                span,
                &callee.function,
                bound,
                callee.scope,
                Vec::new(),
                true,
            )?;
            return self.run_time(frame, span, value);
        }
        let wrong = |frame: &Frame, operands: &[Expr]| {
            let types: Vec<_> = operands.iter().map(|operand| operand.ty.to_string()).collect();
            frame.error(span, format!("{path} of {}", types.join(" and ")), None)
        };
        let mut operands = operands;
        if let Some(op) = operator_of(name)
            && operands.len() == 2
        {
            let two = operands.remove(1);
            return self.binary(frame, op, operands.remove(0), two, true);
        }
        if let Some(op) = comparison_of(name)
            && operands.len() == 2
        {
            let two = operands.remove(1);
            return self.compare(frame, op, operands.remove(0), two);
        }
        let operand = |operands: &[Expr], index: usize| operands.get(index).cloned();
        let (Some(one), two) = (operand(&operands, 0), operand(&operands, 1)) else {
            return Err(wrong(frame, &operands));
        };
        let Type::Scalar(scalar, weak) = one.ty else { return Err(wrong(frame, &operands)) };
        if let Some(op) = predicate_of(name) {
            let bool = Type::scalar(Scalar::Bool);
            if !scalar.is_float() && !scalar.is_complex() {
                if op == Math::SignBit {
                    let zero = number(span, scalar, weak, 0.0);
                    return self.compare(frame, CompareOp::Less, one, zero);
                }
                return Ok(Expr::bool(span, op == Math::IsFinite));
            }
            let test = |one: Expr| Expr::new(span, bool.clone(), ExprKind::Math(op, vec![one]));
            if !scalar.is_complex() {
                return Ok(test(frame.plain(one)));
            }
            let one = frame.once(one);
            let (real, imaginary) = (test(part(one.clone(), false)), test(part(one, true)));
            let (real, imaginary) = (Box::new(real), Box::new(imaginary));
            let kind = match op {
                Math::IsFinite => ExprKind::And(real, imaginary),
                _ => ExprKind::Or(real, imaginary),
            };
            return Ok(Expr::new(span, bool, kind));
        }
        if let Some(op) = math_of(name) {
            let rounds = matches!(op, Math::Floor | Math::Ceil | Math::Trunc | Math::Round);
            if rounds && (scalar.is_integer() || scalar == Scalar::Bool) {
                return Ok(one);
            }
            let binary = matches!(op, Math::Atan2 | Math::Hypot | Math::NextAfter);
            let operands = match two {
                Some(two) if binary => {
                    let (one, two) = self.meet(frame, one, two, path)?;
                    let own = floating(one.scalar());
                    let weak = matches!(one.ty, Type::Scalar(_, true));
                    vec![cast(one, own, weak), cast(two, own, weak)]
                }
                None if !binary => vec![cast(one, floating(scalar), weak)],
                _ => return Err(wrong(frame, &operands)),
            };
            let ty = operands[0].ty.clone();
            return Ok(Expr::new(span, ty, ExprKind::Math(op, operands)));
        }
        let ty = one.ty.clone();
        let is_float = scalar.is_float();
        Ok(match (name, two) {
            ("negative", None) => self.unary(frame, UnaryOp::Neg, one, of_array)?,
            ("positive", None) => one,
            ("absolute" | "abs", None) => match scalar {
                Scalar::Bool if of_array => one,
                Scalar::Bool => cast(one, Scalar::I64, weak),
                _ => absolute(one),
            },
            ("fabs", None) => absolute(cast(one, floating(scalar), weak)),
            ("invert" | "bitwise_not" | "bitwise_invert", None) => {
                self.unary(frame, UnaryOp::Invert, one, true)?
            }
            ("logical_not", None) => super::scalar::not(self.truth(frame, one)?),
            ("square", None) => {
                let one = frame.once(one);
                self.binary(frame, BinaryOp::Mul, one.clone(), one, true)?
            }
            ("sign", None) if !scalar.is_complex() => {
                let one = frame.once(one);
                let zero = || number(span, scalar, weak, 0.0);
                let positive = self.compare(frame, CompareOp::Greater, one.clone(), zero())?;
                let negative = self.compare(frame, CompareOp::Less, one.clone(), zero())?;
                // Zeros and NaN are their own signs.
                let rest = one;
                let pick = |test: Expr, one: Expr, two: Expr| {
                    let kind = ExprKind::IfElse(Box::new(test), Box::new(one), Box::new(two));
                    Expr::new(span, ty.clone(), kind)
                };
                let lower = pick(negative, number(span, scalar, weak, -1.0), rest);
                pick(positive, number(span, scalar, weak, 1.0), lower)
            }
            ("reciprocal", None) => {
                let own = number(span, scalar, weak, 1.0);
                let op = if is_float || scalar.is_complex() {
                    BinaryOp::Div
                } else {
                    BinaryOp::FloorDiv
                };
                self.binary(frame, op, own, one, true)?
            }
            ("conj" | "conjugate", None) if scalar.is_complex() => {
                let one = frame.once(one);
                let half = part(one.clone(), true);
                let other = half.ty.clone();
                let half = Expr::new(span, other, ExprKind::Unary(Unary::Neg, Box::new(half)));
                let kind = ExprKind::Complex(Box::new(part(one, false)), Box::new(half));
                Expr::new(span, ty, kind)
            }
            ("conj" | "conjugate", None) => one,
            ("real", None) if scalar.is_complex() => part(one, false),
            ("real", None) => one,
            ("imag", None) if scalar.is_complex() => part(one, true),
            ("imag", None) => number(span, scalar, false, 0.0),
            ("angle", None) => {
                let one = frame.once(cast(one, scalar.complex(), weak));
                let operands = vec![part(one.clone(), true), part(one, false)];
                let ty = operands[0].ty.clone();
                Expr::new(span, ty, ExprKind::Math(Math::Atan2, operands))
            }
            ("deg2rad" | "radians", None) => {
                let own = floating(scalar);
                let factor = number(span, own, true, std::f64::consts::PI / 180.0);
                self.binary(frame, BinaryOp::Mul, cast(one, own, weak), factor, true)?
            }
            ("rad2deg" | "degrees", None) => {
                let own = floating(scalar);
                let factor = number(span, own, true, 180.0 / std::f64::consts::PI);
                self.binary(frame, BinaryOp::Mul, cast(one, own, weak), factor, true)?
            }
            ("bitwise_count", None) => {
                let own = absolute(one);
                let ty = own.ty.clone();
                let count = Expr::new(span, ty, ExprKind::Unary(Unary::PopCount, Box::new(own)));
                cast(count, Scalar::U8, false)
            }
            ("spacing", None) => {
                let own = cast(one, floating(scalar), weak);
                let one = frame.once(own);
                let far = number(span, one.scalar(), weak, f64::INFINITY);
                let ty = one.ty.clone();
                let sign = ExprKind::Binary(Binary::CopySign, Box::new(far), Box::new(one.clone()));
                let far = Expr::new(span, ty.clone(), sign);
                let next = ExprKind::Math(Math::NextAfter, vec![one.clone(), far]);
                let next = Expr::new(span, ty.clone(), next);
                Expr::new(span, ty, ExprKind::Binary(Binary::Sub, Box::new(next), Box::new(one)))
            }
            ("minimum" | "maximum" | "fmin" | "fmax" | "copysign" | "fmod", Some(two)) => {
                let (mut one, mut two) = self.meet(frame, one, two, path)?;
                if name == "copysign" || (name == "fmod" && one.scalar() == Scalar::Bool) {
                    let own = floating(one.scalar());
                    let weak = matches!(one.ty, Type::Scalar(_, true));
                    (one, two) = (cast(one, own, weak), cast(two, own, weak));
                }
                if one.scalar().is_complex() {
                    return Err(wrong(frame, &operands));
                }
                let op = match name {
                    "minimum" => Binary::Min,
                    "maximum" => Binary::Max,
                    "fmin" => Binary::FMin,
                    "fmax" => Binary::FMax,
                    "copysign" => Binary::CopySign,
                    _ => Binary::Rem,
                };
                let ty = one.ty.clone();
                Expr::new(span, ty, ExprKind::Binary(op, Box::new(one), Box::new(two)))
            }
            ("logical_and" | "logical_or" | "logical_xor", Some(two)) => {
                let (one, two) = (self.truth(frame, one)?, self.truth(frame, two)?);
                let op = match name {
                    "logical_and" => Binary::And,
                    "logical_or" => Binary::Or,
                    _ => Binary::Xor,
                };
                let kind = ExprKind::Binary(op, Box::new(one), Box::new(two));
                Expr::new(span, Type::scalar(Scalar::Bool), kind)
            }
            ("float_power", Some(two)) => {
                let own = if scalar.is_complex() { Scalar::C128 } else { Scalar::F64 };
                let (one, two) = (cast(one, own, false), cast(two, own, false));
                self.binary(frame, BinaryOp::Pow, one, two, true)?
            }
            _ => return Err(wrong(frame, &operands)),
        })
    }

    /// A call of NumPy's, or of something else that is known by its path.
    pub fn numpy(&mut self, frame: &mut Frame, path: &str, given: Arguments) -> Result<Value> {
        let span = given.span;
        let name =
            path.strip_prefix("numpy.").or(path.strip_prefix("scipy.special.")).unwrap_or("");
        let has_library = self.globals.library(path).is_some();
        let of_library = self.globals.library(&format!("ufunc.{name}"));
        let count = of_library.map(|callee| callee.function.parameters.len()).or(arity(name));
        if let Some(count) = count.filter(|_| !name.is_empty() && !has_library) {
            return self.ufunc(frame, path, count, given);
        }
        match name {
            "empty" | "zeros" | "ones" | "full" | "empty_like" | "zeros_like" | "ones_like"
            | "full_like" => return self.made(frame, name, given),
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
                let [start, stop, step] = (**range).clone();
                let names = ["start", "stop", "step"];
                let parts = names.into_iter().map(str::to_owned);
                let bound = parts.zip([start, stop, step].map(Value::Expr)).collect::<Vec<_>>();
                let given = Arguments {
                    span,
                    name: path.into(),
                    positional: bound.into_iter().map(|(_, value)| value).collect(),
                    keywords: Vec::new(),
                };
                self.library(frame, path, given)
            }
            _ if path.starts_with("kernel.") => self.intrinsic(frame, path, given),
            _ => self.library(frame, path, given),
        }
    }

    /// An expression of numbers alone.
    fn single(&mut self, frame: &mut Frame, lazy: &Lazy) -> Result<Expr> {
        let span = lazy.span;
        let result = frame.local(".single", Type::Scalar(lazy.dtype.0, lazy.dtype.1));
        self.each(frame, lazy, &[], None, &mut |_, frame, _, element| {
            let element = cast(element, lazy.dtype.0, lazy.dtype.1);
            frame.emit(span, StmtKind::Assign(result, element));
            Ok(())
        })?;
        Ok(frame.read(span, result))
    }

    fn ufunc(
        &mut self,
        frame: &mut Frame,
        path: &str,
        count: usize,
        mut given: Arguments,
    ) -> Result<Value> {
        let span = given.span;
        let out = given.keywords.iter().position(|(name, _)| name == "out");
        let mut out = out.map(|index| given.keywords.remove(index).1);
        let dtype = given.keywords.iter().position(|(name, _)| name == "dtype");
        let dtype = dtype.map(|index| given.keywords.remove(index).1);
        if given.positional.len() == count + 1 {
            out = given.positional.pop();
        }
        if given.positional.len() != count || !given.keywords.is_empty() {
            let message = format!("{path} takes {count} numbers or arrays in compiled code");
            return Err(frame.error(span, message, None));
        }
        let mut values = Vec::new();
        for value in given.positional {
            values.push(match value {
                Value::Tuple(items) | Value::Meta(Meta::List(items)) => {
                    let list = self.array_of_list(frame, span, items, None)?;
                    Value::Expr(frame.read(span, list))
                }
                other => other,
            });
        }
        let is_number = |value: &Value| match value {
            Value::Expr(expr) => matches!(expr.ty, Type::Scalar(..) | Type::Unknown),
            _ => false,
        };
        let result = if values.iter().all(is_number) {
            let mut operands = Vec::new();
            for value in values {
                operands.push(self.run_time(frame, span, value)?);
            }
            let result = self.function_of_numbers(frame, span, path, operands, false)?;
            Value::Expr(frame.plain(result))
        } else {
            let mut children = Vec::new();
            for value in values {
                children.push(self.tree(frame, span, value)?);
            }
            self.node(frame, span, Op::Function(path.to_owned()), children)?
        };
        let result = match self.dtype(frame, span, dtype)? {
            Some(dtype) => {
                let tree = self.tree(frame, span, result)?;
                self.node(frame, span, Op::Cast(dtype), vec![tree])?
            }
            None => result,
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

    /// A shape argument: a number or a tuple of them.
    fn shape_argument(&mut self, frame: &mut Frame, span: Span, value: Value) -> Result<Vec<Expr>> {
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
    fn made(&mut self, frame: &mut Frame, name: &str, given: Arguments) -> Result<Value> {
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
    fn array_call(&mut self, frame: &mut Frame, name: &str, given: Arguments) -> Result<Value> {
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
    fn copied(
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

    /// The number of a dimension, counted from the end if it is negative.
    fn axis(&mut self, frame: &Frame, span: Span, value: &Value, ndim: usize) -> Result<usize> {
        let Some(axis) = value.as_int() else {
            let message = "an axis must be known at compile time".into();
            return Err(frame.error(span, message, Some("write the number")));
        };
        let own = if axis < 0 { axis + ndim as i64 } else { axis };
        if own < 0 || own >= ndim as i64 {
            let message = format!("axis {axis} is out of bounds for array of dimension {ndim}");
            return Err(frame.error(span, message, None));
        }
        Ok(own as usize)
    }

    /// `sum` and its like.
    fn reduction(&mut self, frame: &mut Frame, name: &str, given: Arguments) -> Result<Value> {
        let span = given.span;
        let names: &[&str] = match name {
            "sum" | "prod" | "mean" => {
                &["a", "axis", "dtype", "out", "keepdims", "initial", "where"]
            }
            "count_nonzero" => &["a", "axis", "keepdims"],
            _ => &["a", "axis", "out", "keepdims", "initial", "where"],
        };
        let mut taken = given.take(frame, names)?;
        let mut get = |name: &str| {
            let index = names.iter().position(|known| *known == name)?;
            taken[index].take().filter(|value| !value.is_none())
        };
        let (value, axis, dtype) = (get("a"), get("axis"), get("dtype"));
        let (keepdims, out) = (get("keepdims"), get("out"));
        if get("where").is_some() {
            return Err(frame.error(span, "where= of a reduction".into(), Some("use np.where")));
        }
        let initial = get("initial");
        let dtype = self.dtype(frame, span, dtype)?;
        let keepdims = keepdims.and_then(|value| value.as_bool()).unwrap_or(false);
        let Some(value) = value else {
            return Err(frame.error(span, format!("numpy.{name} needs an array"), None));
        };
        let tree = match value {
            Value::Tuple(items) | Value::Meta(Meta::List(items)) => {
                Tree::Array(self.array_of_list(frame, span, items, None)?)
            }
            other => self.tree(frame, span, other)?,
        };
        let lazy = self.lazy(frame, span, tree)?;
        let axes = match axis {
            None => None,
            Some(Value::Tuple(items)) => {
                let mut axes = Vec::new();
                for item in &items {
                    axes.push(self.axis(frame, span, item, lazy.ndim)?);
                }
                axes.sort_unstable();
                axes.reverse();
                Some(axes)
            }
            Some(axis) => Some(vec![self.axis(frame, span, &axis, lazy.ndim)?]),
        };
        let result = match axes {
            None if keepdims => {
                let all: Vec<_> = (0..lazy.ndim).rev().collect();
                self.along(frame, span, name, lazy, &all, dtype, true)?
            }
            None => Value::Expr(self.whole_reduction(frame, name, &lazy, dtype, initial)?),
            Some(axes) if axes.len() == lazy.ndim && !keepdims => {
                Value::Expr(self.whole_reduction(frame, name, &lazy, dtype, initial)?)
            }
            Some(axes) => self.along(frame, span, name, lazy, &axes, dtype, keepdims)?,
        };
        match out {
            Some(out) => {
                let array = self.array(frame, span, out)?;
                self.store_all(frame, span, array, result)?;
                Ok(Value::Expr(frame.read(span, array)))
            }
            None => Ok(result),
        }
    }

    /// The type in which a reduction adds up.
    fn total_type(name: &str, scalar: Scalar, dtype: Option<Scalar>) -> Scalar {
        match name {
            "any" | "all" => Scalar::Bool,
            "count_nonzero" => Scalar::I64,
            "sum" | "prod" => dtype.unwrap_or(match scalar {
                Scalar::Bool | Scalar::I8 | Scalar::I16 | Scalar::I32 => Scalar::I64,
                Scalar::U8 | Scalar::U16 | Scalar::U32 => Scalar::U64,
                other => other,
            }),
            "mean" => dtype.unwrap_or(floating(scalar)),
            _ => scalar,
        }
    }

    fn whole_reduction(
        &mut self,
        frame: &mut Frame,
        name: &str,
        lazy: &Lazy,
        dtype: Option<Scalar>,
        initial: Option<Value>,
    ) -> Result<Expr> {
        let span = lazy.span;
        let total = Self::total_type(name, lazy.dtype(), dtype);
        if matches!(name, "min" | "max" | "amin" | "amax") && initial.is_none() {
            self.not_empty(frame, lazy, name);
        }
        let start = match initial {
            Some(initial) => {
                let initial = self.run_time(frame, span, initial)?;
                cast(initial, total, false)
            }
            None => identity(span, name, total),
        };
        let step = &mut |lowering: &mut Self, frame: &mut Frame, before: Expr, element: Expr| {
            lowering.step(frame, name, total, before, element)
        };
        let result = self.reduce_all(frame, lazy, start, step)?;
        if name != "mean" {
            return Ok(result);
        }
        let count = self.count_of(frame, lazy, None);
        let count = cast(count, total, false);
        self.binary(frame, BinaryOp::Div, result, count, true)
    }

    fn not_empty(&mut self, frame: &mut Frame, lazy: &Lazy, name: &str) {
        let count = self.count_of(frame, lazy, None);
        let test = compare_op(Compare::Eq, count, Expr::int(lazy.span, 0));
        let name = name.trim_start_matches('a');
        let text =
            format!("zero-size array to reduction operation {name}imum which has no identity");
        frame.raise_if(test, Exception::Value, vec![Piece::Text(text)]);
    }

    fn step(
        &mut self,
        frame: &mut Frame,
        name: &str,
        total: Scalar,
        before: Expr,
        element: Expr,
    ) -> Result<Expr> {
        Ok(match name {
            "sum" | "mean" => {
                self.binary(frame, BinaryOp::Add, before, cast(element, total, false), true)?
            }
            "prod" => {
                self.binary(frame, BinaryOp::Mul, before, cast(element, total, false), true)?
            }
            "min" | "amin" => minimum(before, cast(element, total, false), false),
            "max" | "amax" => minimum(before, cast(element, total, false), true),
            "count_nonzero" => {
                let truth = self.truth(frame, element)?;
                index_op(Binary::Add, before, cast(truth, Scalar::I64, false))
            }
            _ => {
                let truth = self.truth(frame, element)?;
                let op = if name == "any" { Binary::Or } else { Binary::And };
                let (span, ty) = (before.span, before.ty.clone());
                Expr::new(span, ty, ExprKind::Binary(op, Box::new(before), Box::new(truth)))
            }
        })
    }

    /// A reduction along these dimensions, the last first.
    #[allow(clippy::too_many_arguments)]
    fn along(
        &mut self,
        frame: &mut Frame,
        span: Span,
        name: &str,
        lazy: Lazy,
        axes: &[usize],
        dtype: Option<Scalar>,
        keepdims: bool,
    ) -> Result<Value> {
        let total = Self::total_type(name, lazy.dtype(), dtype);
        let mut lazy = lazy;
        let mut count = Expr::int(span, 1);
        for axis in axes {
            if matches!(name, "min" | "max" | "amin" | "amax") {
                self.not_empty(frame, &lazy, name);
            }
            let own = self.count_of(frame, &lazy, Some(*axis));
            count = frame.once(index_op(Binary::Mul, count, own));
            let start = identity(span, name, total);
            let step =
                &mut |lowering: &mut Self, frame: &mut Frame, before: Expr, element: Expr| {
                    lowering.step(frame, name, total, before, element)
                };
            let result = self.reduce_axis(frame, &lazy, *axis, keepdims, start, step)?;
            lazy = self.lazy(frame, span, Tree::Array(result))?;
        }
        if name == "mean" {
            let count = Tree::Scalar(frame.once(cast(count, total, false)));
            return self.node(frame, span, Op::Binary(BinaryOp::Div), vec![lazy.tree, count]);
        }
        Ok(Value::Lazy(Rc::new(lazy)))
    }

    /// `reshape` and its like.
    fn reshaping(&mut self, frame: &mut Frame, name: &str, mut given: Arguments) -> Result<Value> {
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

    fn reshape(
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
    fn product_of(&mut self, frame: &mut Frame, name: &str, given: Arguments) -> Result<Value> {
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
                let given = Arguments {
                    span,
                    name: name.into(),
                    positional: vec![
                        Value::Expr(frame.read(span, one)),
                        Value::Expr(frame.read(span, two)),
                    ],
                    keywords: Vec::new(),
                };
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

    /// What the library is built on and Python does not have: `kernel.solve(a, b, x)` and the like.
    fn intrinsic(&mut self, frame: &mut Frame, path: &str, given: Arguments) -> Result<Value> {
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
            ("tolist", _) => {
                let hint = "return the array";
                return Err(frame.error(span, "tolist() can't be compiled".into(), Some(hint)));
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

/// What a reduction of nothing gives.
fn identity(span: Span, name: &str, total: Scalar) -> Expr {
    let value = match name {
        "prod" => 1.0,
        "all" => 1.0,
        "min" | "amin" if total.is_float() => f64::INFINITY,
        "max" | "amax" if total.is_float() => f64::NEG_INFINITY,
        "min" | "amin" | "max" | "amax" => {
            let is_min = name.ends_with("min");
            let bits = total.size() as u32 * 8;
            let value = match (total.kind(), is_min) {
                (crate::types::Kind::Bool, is_min) => return Expr::bool(span, is_min),
                (crate::types::Kind::Signed, true) => i64::MAX >> (64 - bits),
                (crate::types::Kind::Signed, false) => i64::MIN >> (64 - bits),
                (_, true) => (u64::MAX >> (64 - bits)).cast_signed(),
                (_, false) => 0,
            };
            let kind = ExprKind::Const(crate::ir::Value::Int(value));
            return Expr::new(span, Type::scalar(total), kind);
        }
        _ => 0.0,
    };
    number(span, total, false, value)
}
