//! Python's built-in functions, and those of `math` and `random`.

use super::calls::Arguments;
use super::lists::{self, as_list};
use super::scalar::{cast, int64, number};
use super::value::{Meta, Value};
use super::{Frame, Lowering, Result, arrays};
use crate::ir::{Exception, Expr, ExprKind, Math, Piece, Runtime, StmtKind};
use crate::syntax::{BinaryOp, CompareOp, Span};
use crate::types::{Scalar, Type};

impl Lowering<'_> {
    /// Raises as `int(x)` does of what is not finite.
    pub fn finite(&mut self, frame: &mut Frame, span: Span, expr: &Expr) {
        let bool = Type::scalar(Scalar::Bool);
        let plain = frame.plain(expr.clone());
        let is_nan =
            Expr::new(span, bool.clone(), ExprKind::Math(Math::IsNan, vec![plain.clone()]));
        let text = "cannot convert float NaN to integer".into();
        frame.raise_if(is_nan, Exception::Value, vec![Piece::Text(text)]);
        let is_inf = Expr::new(span, bool, ExprKind::Math(Math::IsInf, vec![plain]));
        let text = "cannot convert float infinity to integer".into();
        frame.raise_if(is_inf, Exception::Overflow, vec![Piece::Text(text)]);
    }

    pub fn range(&mut self, frame: &mut Frame, given: Arguments, parallel: bool) -> Result<Value> {
        let span = given.span;
        let mut parts = Vec::new();
        for value in given.positional {
            let expr = self.run_time(frame, span, value)?;
            match expr.ty {
                Type::Scalar(scalar, _) if scalar.is_integer() || scalar == Scalar::Bool => {}
                Type::Unknown => {}
                _ => {
                    let message = format!("range() of {}", expr.ty);
                    return Err(frame.error(span, message, Some("use int(...)")));
                }
            }
            parts.push(int64(expr));
        }
        let (zero, one) = (Expr::int(span, 0), Expr::int(span, 1));
        let mut parts = parts.into_iter();
        let range = match (parts.next(), parts.next(), parts.next()) {
            (Some(stop), None, None) => [zero, stop, one],
            (Some(start), Some(stop), None) => [start, stop, one],
            (Some(start), Some(stop), Some(step)) => [start, stop, step],
            (None, ..) | (_, None, Some(_)) => {
                return Err(frame.error(span, "range() needs an argument".into(), None));
            }
        };
        Ok(Value::Meta(Meta::Range(Box::new(range), parallel)))
    }

    pub fn builtin(&mut self, frame: &mut Frame, name: &str, given: Arguments) -> Result<Value> {
        let span = given.span;
        match name {
            "range" => return self.range(frame, given, false),
            "isinstance" if given.positional.len() == 2 => {
                let [value, class] = given.positional.as_slice() else { unreachable!("two") };
                return self.is_instance(frame, span, value, class);
            }
            "type" if given.positional.len() == 1 => {
                let value = &given.positional[0];
                return match class_of(value) {
                    Some(class) => Ok(Value::Meta(class)),
                    None => {
                        let message = format!("type() of {}", value.describe());
                        Err(frame.error(span, message, None))
                    }
                };
            }
            "map" | "filter" if given.positional.len() > 1 => {
                return self.library(frame, &format!("builtins.{name}"), given);
            }
            "sorted" => return self.library(frame, "builtins.sorted", given),
            "zip" => return Ok(Value::Meta(Meta::Zip(given.positional))),
            "print" => {
                let mut values = Vec::new();
                for value in given.positional {
                    match self.opened(frame, value) {
                        Value::Tuple(items) => {
                            for item in items {
                                values.push(self.run_time(frame, span, item)?);
                            }
                        }
                        other => values.push(self.run_time(frame, span, other)?),
                    }
                }
                if let Some(value) = values.iter().find(|value| {
                    !matches!(value.ty, Type::Scalar(..) | Type::Str | Type::None | Type::Unknown)
                }) {
                    let message = format!("print of {}", value.ty);
                    return Err(frame.error(span, message, Some("print numbers and texts")));
                }
                frame.emit(span, StmtKind::Print(values));
                return Ok(Value::none(span));
            }
            "min" | "max" if given.positional.len() > 1 => {
                let mut values = given.positional.into_iter();
                let Some(mut result) = values.next() else { return Ok(Value::none(span)) };
                for value in values {
                    let (Value::Expr(one), Value::Expr(two)) = (result, value) else {
                        let message = format!("{name} of what are no numbers");
                        return Err(frame.error(span, message, Some("use numpy's")));
                    };
                    if one.ty == Type::Unknown || two.ty == Type::Unknown {
                        result = Value::Expr(frame.unknown(span));
                        continue;
                    }
                    let (one, two) = self.meet(frame, one, two, name)?;
                    let (one, two) = (frame.once(one), frame.once(two));
                    // As Python has it: the first of equal ones, and comparisons with NaN are false.
                    let op = if name == "min" { CompareOp::Less } else { CompareOp::Greater };
                    let ty = one.ty.clone();
                    let test = self.compare(frame, op, two.clone(), one.clone())?;
                    let kind = ExprKind::IfElse(Box::new(test), Box::new(two), Box::new(one));
                    result = Value::Expr(Expr::new(span, ty, kind));
                }
                return Ok(result);
            }
            _ => {}
        }
        let parameters: &[&str] = match name {
            "enumerate" => &["iterable", "start"],
            "sum" => &["iterable", "start"],
            "round" => &["number", "ndigits"],
            "divmod" | "pow" | "isinstance" => &["x", "y"],
            "slice" => &["start", "stop", "step"],
            _ => &["x"],
        };
        let mut taken = given.take(frame, parameters)?.into_iter();
        let first = taken.next().flatten();
        let second = taken.next().flatten();
        let third = taken.next().flatten();
        let Some(first) = first else {
            return match name {
                "tuple" => Ok(Value::Tuple(Vec::new())),
                "list" => Ok(Value::Meta(Meta::List(Vec::new()))),
                _ => Err(frame.error(span, format!("{name}() needs an argument"), None)),
            };
        };
        Ok(match name {
            "len" => self.length(frame, span, first)?,
            "enumerate" => {
                let start = match second {
                    Some(start) => int64(self.run_time(frame, span, start)?),
                    None => Expr::int(span, 0),
                };
                Value::Meta(Meta::Enumerate(Box::new(first), Box::new(start)))
            }
            "reversed" => Value::Meta(Meta::Reversed(Box::new(first))),
            "tuple" | "list" => match self.opened(frame, first) {
                Value::Meta(Meta::List(items)) | Value::Tuple(items) if name == "tuple" => {
                    Value::Tuple(items)
                }
                Value::Meta(Meta::List(items)) | Value::Tuple(items) => {
                    Value::Meta(Meta::List(items))
                }
                other if name == "list" => {
                    return self.library(
                        frame,
                        "builtins.list",
                        Arguments::of(span, name, vec![other]),
                    );
                }
                other => other,
            },
            "slice" => {
                let boxed = |value: Value| Some(Box::new(value));
                match second {
                    None => Value::Meta(Meta::Slice(None, boxed(first), None)),
                    Some(second) => {
                        Value::Meta(Meta::Slice(boxed(first), boxed(second), third.map(Box::new)))
                    }
                }
            }
            "isinstance" | "type" | "str" | "print" | "map" | "filter" | "set" | "dict"
            | "open" | "input" | "getattr" | "hasattr" => {
                return Err(frame.error(span, format!("{name}() can't be compiled"), None));
            }
            "sum" | "min" | "max" | "any" | "all" => {
                let first = match first {
                    list if as_list(&list).is_some() => {
                        let given = [Some(list), second].into_iter().flatten().collect();
                        let path = format!("list.{name}");
                        return self.library(frame, &path, Arguments::of(span, name, given));
                    }
                    Value::Meta(Meta::List(items)) | Value::Tuple(items) => {
                        return self.fold_items(frame, span, name, items, second);
                    }
                    Value::Expr(expr) if matches!(expr.ty, Type::Tuple(..)) => {
                        let items = self.items(frame, expr);
                        return self.fold_items(frame, span, name, items, second);
                    }
                    items @ Value::Meta(_) => {
                        let given = Arguments::of(span, name, vec![items]);
                        let list = self.library(frame, "builtins.list", given)?;
                        let given = [Some(list), second].into_iter().flatten().collect();
                        let path = format!("list.{name}");
                        return self.library(frame, &path, Arguments::of(span, name, given));
                    }
                    other => other,
                };
                let path = format!("numpy.{name}");
                let arguments = Arguments::of(span, name, vec![first]);
                let result = self.known_call(frame, &path, arguments)?;
                match second {
                    Some(start) => self.operate(frame, span, BinaryOp::Add, start, result)?,
                    None => result,
                }
            }
            "divmod" => {
                let Some(second) = second else {
                    return Err(frame.error(span, "divmod() needs two numbers".into(), None));
                };
                let one = self.settled(frame, first)?;
                let two = self.settled(frame, second)?;
                let whole =
                    self.operate(frame, span, BinaryOp::FloorDiv, one.clone(), two.clone())?;
                let rest = self.operate(frame, span, BinaryOp::Mod, one, two)?;
                Value::Tuple(vec![whole, rest])
            }
            "pow" => {
                let second = second.unwrap_or_else(|| Value::Expr(Expr::int(span, 1)));
                self.operate(frame, span, BinaryOp::Pow, first, second)?
            }
            "abs" => {
                let path = "numpy.absolute";
                let arguments = Arguments::of(span, name, vec![first]);
                self.known_call(frame, path, arguments)?
            }
            "round" => self.round(frame, span, first, second)?,
            "ord" if first.as_str().is_some_and(|text| text.chars().count() == 1) => {
                let letter = first.as_str().and_then(|text| text.chars().next());
                let code = Expr::int(span, letter.map_or(0, |letter| i64::from(u32::from(letter))));
                Value::Expr(Expr { ty: Type::weak(Scalar::I64), ..code })
            }
            "chr" if first.as_int().is_some() => {
                let code = first.as_int().and_then(|code| u32::try_from(code).ok());
                match code.and_then(char::from_u32) {
                    Some(letter) => super::texts::text(span, letter.encode_utf8(&mut [0; 4])),
                    None => return Err(frame.error(span, "chr() of no letter".into(), None)),
                }
            }
            "bin" | "hex" | "chr" | "ord" => {
                return Err(frame.error(span, format!("{name}() can't be compiled"), None));
            }
            other => match self.definition(&format!("builtins.{other}")) {
                Some(callee) => {
                    let mut bound = Vec::new();
                    for (parameter, value) in
                        callee.function.parameters.iter().zip([Some(first), second, third])
                    {
                        if let Some(value) = value {
                            bound.push((parameter.name.clone(), value));
                        }
                    }
                    self.inlined(frame, span, &callee, bound, true)?
                }
                None => {
                    return Err(frame.error(span, format!("{other}() can't be compiled"), None));
                }
            },
        })
    }

    /// `isinstance(value, class)`, which is known from the value's type.
    fn is_instance(
        &mut self,
        frame: &mut Frame,
        span: Span,
        value: &Value,
        class: &Value,
    ) -> Result<Value> {
        if let Value::Tuple(classes) = class {
            for class in classes {
                let is = self.is_instance(frame, span, value, class)?;
                if is.as_bool() != Some(false) {
                    return Ok(is);
                }
            }
            return Ok(Value::Expr(Expr::bool(span, false)));
        }
        if let Value::Expr(expr) = value {
            if expr.ty == Type::Unknown {
                return Ok(Value::Expr(Expr {
                    ty: Type::weak(Scalar::Bool),
                    ..frame.unknown(span)
                }));
            }
            if matches!(expr.ty, Type::Optional(_)) {
                let message = format!("isinstance() of {}", expr.ty);
                return Err(frame.error(span, message, Some("look first whether it is None")));
            }
        }
        let scalar = match value {
            Value::Expr(expr) => expr.ty.as_scalar(),
            _ => None,
        };
        let is_array = match value {
            Value::Lazy(_) => true,
            Value::Expr(expr) => expr.ty.as_array().is_some(),
            _ => false,
        };
        let is = match class {
            Value::Meta(Meta::Dtype(class)) => scalar == Some(*class),
            Value::Meta(Meta::Named(class)) => match value {
                Value::Expr(Expr { ty: Type::Tuple(_, Some(named)), .. }) => named == class,
                _ => false,
            },
            Value::Meta(Meta::Known(path)) => match path.as_str() {
                "builtins.int" => scalar.is_some_and(|s| s.is_integer() || s == Scalar::Bool),
                "builtins.float" => scalar == Some(Scalar::F64),
                "builtins.bool" => scalar == Some(Scalar::Bool),
                "builtins.complex" => scalar == Some(Scalar::C128),
                "builtins.str" => matches!(value, Value::Expr(expr) if expr.ty == Type::Str),
                "builtins.list" => {
                    as_list(value).is_some() || matches!(value, Value::Meta(Meta::List(_)))
                }
                "builtins.tuple" => match value {
                    Value::Tuple(_) => true,
                    Value::Expr(expr) => matches!(expr.ty, Type::Tuple(..)),
                    _ => false,
                },
                "numpy.ndarray" => is_array,
                "numpy.generic" | "numpy.number" => scalar.is_some(),
                "numpy.integer" => scalar.is_some_and(Scalar::is_integer),
                "numpy.floating" => scalar.is_some_and(Scalar::is_float),
                "numpy.complexfloating" => scalar.is_some_and(Scalar::is_complex),
                other => {
                    let message = format!("isinstance() of {other}");
                    return Err(frame.error(span, message, None));
                }
            },
            other => {
                let message = format!("isinstance() of {}", other.describe());
                return Err(frame.error(span, message, None));
            }
        };
        Ok(Value::Expr(Expr::bool(span, is)))
    }

    /// `sum`, `min`, `max`, `any` and `all` of a tuple.
    pub fn fold_items(
        &mut self,
        frame: &mut Frame,
        span: Span,
        name: &str,
        items: Vec<Value>,
        start: Option<Value>,
    ) -> Result<Value> {
        let mut items = items.into_iter();
        if matches!(name, "any" | "all") {
            let mut result = Expr::bool(span, name == "all");
            for item in items {
                let item = self.run_time(frame, span, item)?;
                let item = self.truth(frame, item)?;
                let (one, two) = (Box::new(result), Box::new(item));
                let kind =
                    if name == "all" { ExprKind::And(one, two) } else { ExprKind::Or(one, two) };
                result = Expr::new(span, Type::scalar(Scalar::Bool), kind);
            }
            return Ok(Value::Expr(result));
        }
        if name == "sum" {
            let zero = Expr { ty: Type::weak(Scalar::I64), ..Expr::int(span, 0) };
            let mut result = start.unwrap_or(Value::Expr(zero));
            for item in items {
                result = self.operate(frame, span, BinaryOp::Add, result, item)?;
            }
            return Ok(result);
        }
        let Some(first) = items.next() else {
            return Err(frame.error(span, format!("{name}() of nothing"), None));
        };
        let positional: Vec<_> = std::iter::once(first).chain(items).collect();
        if positional.len() == 1 {
            return Ok(positional.into_iter().next().unwrap_or_else(|| Value::none(span)));
        }
        let arguments = Arguments::of(span, name, positional);
        self.builtin(frame, name, arguments)
    }

    pub fn length(&mut self, frame: &mut Frame, span: Span, value: Value) -> Result<Value> {
        let known = |count: usize| {
            let count = Expr::int(span, count as i64);
            Value::Expr(Expr { ty: Type::weak(Scalar::I64), ..count })
        };
        Ok(match value {
            Value::Tuple(items) | Value::Meta(Meta::List(items)) => known(items.len()),
            Value::Expr(Expr { ty: Type::Tuple(items, _), .. }) => known(items.len()),
            Value::Meta(Meta::Range(range, _)) => {
                let range = Value::Meta(Meta::Range(range, false));
                let arguments = Arguments::of(span, "len", vec![range]);
                return self.numpy(frame, "manycore.range_length", arguments);
            }
            value => {
                if let Some(list) = as_list(&value) {
                    let count = lists::length(span, list);
                    return Ok(Value::Expr(Expr { ty: Type::weak(Scalar::I64), ..count }));
                }
                if let Some(text) = value.as_str() {
                    return Ok(known(text.chars().count()));
                }
                let array = self.array(frame, span, value)?;
                Value::Expr(arrays::shape(span, array, 0))
            }
        })
    }

    pub fn round(
        &mut self,
        frame: &mut Frame,
        span: Span,
        value: Value,
        digits: Option<Value>,
    ) -> Result<Value> {
        let expr = match value {
            Value::Expr(expr) if expr.ty.as_scalar().is_some() => expr,
            value => {
                let mut positional = vec![value];
                positional.extend(digits);
                let arguments = Arguments::of(span, "round", positional);
                return self.numpy(frame, "numpy.round", arguments);
            }
        };
        let digits = digits.filter(|digits| !digits.is_none());
        if expr.scalar().is_integer() {
            return Ok(Value::Expr(expr));
        }
        match digits {
            None => {
                let expr = frame.once(expr);
                self.finite(frame, span, &expr);
                let ty = expr.ty.clone();
                let rounded = Expr::new(span, ty, ExprKind::Math(Math::Round, vec![expr]));
                Ok(Value::Expr(cast(rounded, Scalar::I64, true)))
            }
            Some(digits) => {
                let arguments = Arguments::of(span, "round", vec![Value::Expr(expr), digits]);
                self.numpy(frame, "numpy.round", arguments)
            }
        }
    }

    pub fn math(
        &mut self,
        frame: &mut Frame,
        module: &str,
        name: &str,
        given: Arguments,
    ) -> Result<Value> {
        let span = given.span;
        let mut operands = Vec::new();
        for value in given.positional {
            let expr = self.run_time(frame, span, value)?;
            if expr.ty == Type::Unknown {
                return Ok(Value::Expr(frame.unknown(span)));
            }
            if expr.ty.as_scalar().is_none() {
                let message = format!("{module}.{name} of {}", expr.ty);
                let hint = format!("use numpy.{name}");
                return Err(frame.error(span, message, Some(&hint)));
            }
            operands.push(expr);
        }
        let path = format!("{module}.{name}");
        if self.definition(&path).is_some() {
            let positional = operands.into_iter().map(Value::Expr).collect();
            return self.library(frame, &path, Arguments { positional, ..given });
        }
        // Python's own number beside it: the result is Python's own too.
        let result = match (name, operands.as_slice()) {
            ("floor" | "ceil" | "trunc", [one]) => {
                if one.scalar().is_integer() {
                    return Ok(Value::Expr(one.clone()));
                }
                let one = frame.once(cast(one.clone(), Scalar::F64, true));
                self.finite(frame, span, &one);
                let op = match name {
                    "floor" => Math::Floor,
                    "ceil" => Math::Ceil,
                    _ => Math::Trunc,
                };
                let ty = one.ty.clone();
                let whole = Expr::new(span, ty, ExprKind::Math(op, vec![one]));
                return Ok(Value::Expr(cast(whole, Scalar::I64, true)));
            }
            ("fabs", _) => self.function_of_numbers(frame, span, "numpy.fabs", operands, false)?,
            ("log", [one, base]) => {
                let log = |lowering: &mut Self, frame: &mut Frame, one: &Expr| {
                    let operands = vec![one.clone()];
                    lowering.function_of_numbers(frame, span, "numpy.log", operands, false)
                };
                let (one, base) = (log(self, frame, one)?, log(self, frame, base)?);
                self.binary(frame, BinaryOp::Div, one, base, false)?
            }
            ("pow", [one, two]) => {
                let one = cast(one.clone(), Scalar::F64, true);
                let two = cast(two.clone(), Scalar::F64, true);
                self.binary(frame, BinaryOp::Pow, one, two, false)?
            }
            (
                "hypot" | "atan2" | "copysign" | "fmod" | "gcd" | "lcm" | "nextafter" | "ldexp",
                [_, _],
            ) => {
                let name = match name {
                    "atan2" => "arctan2",
                    other => other,
                };
                self.function_of_numbers(frame, span, &format!("numpy.{name}"), operands, false)?
            }
            (_, [one]) => {
                let name = match name {
                    "asin" => "arcsin",
                    "acos" => "arccos",
                    "atan" => "arctan",
                    "asinh" => "arcsinh",
                    "acosh" => "arccosh",
                    "atanh" => "arctanh",
                    "radians" => "deg2rad",
                    "degrees" => "rad2deg",
                    "phase" => "angle",
                    other => other,
                };
                if name == "sqrt" && module == "math" && !one.scalar().is_complex() {
                    let one = frame.once(cast(one.clone(), Scalar::F64, true));
                    let zero = number(span, Scalar::F64, false, 0.0);
                    let plain = frame.plain(one.clone());
                    let test = super::scalar::compare_op(crate::ir::Compare::Lt, plain, zero);
                    let text = Piece::Text("math domain error".into());
                    frame.raise_if(test, Exception::Value, vec![text]);
                    let ty = one.ty.clone();
                    return Ok(Value::Expr(Expr::new(
                        span,
                        ty,
                        ExprKind::Math(Math::Sqrt, vec![one]),
                    )));
                }
                if module == "cmath" {
                    let one = cast(one.clone(), Scalar::C128, true);
                    let path = format!("numpy.{name}");
                    return self
                        .function_of_numbers(frame, span, &path, vec![one], false)
                        .map(Value::Expr);
                }
                if name.starts_with("log") && !one.scalar().is_complex() {
                    let one = frame.once(cast(one.clone(), Scalar::F64, true));
                    let limit = if name == "log1p" { -1.0 } else { 0.0 };
                    let zero = number(span, Scalar::F64, false, limit);
                    let plain = frame.plain(one.clone());
                    let test = super::scalar::compare_op(crate::ir::Compare::Le, plain, zero);
                    let text = Piece::Text("math domain error".into());
                    frame.raise_if(test, Exception::Value, vec![text]);
                    let path = format!("numpy.{name}");
                    return self
                        .function_of_numbers(frame, span, &path, vec![one], false)
                        .map(Value::Expr);
                }
                let operand = match one.scalar() {
                    Scalar::F32 => cast(one.clone(), Scalar::F64, true),
                    _ => one.clone(),
                };
                let operands = vec![operand];
                self.function_of_numbers(frame, span, &format!("numpy.{name}"), operands, false)?
            }
            _ => return Err(frame.error(span, format!("{path} can't be compiled"), None)),
        };
        Ok(Value::Expr(result))
    }

    /// Python's `random`.
    pub fn random(&mut self, frame: &mut Frame, name: &str, given: Arguments) -> Result<Value> {
        let span = given.span;
        let draw = || {
            Expr::new(span, Type::weak(Scalar::F64), ExprKind::Runtime(Runtime::Random, Vec::new()))
        };
        match (name, given.positional.as_slice()) {
            ("random", []) => Ok(Value::Expr(draw())),
            ("uniform", [low, high]) => {
                let (low, high) = (low.clone(), high.clone());
                let low = self.settled(frame, low)?;
                let width = self.operate(frame, span, BinaryOp::Sub, high, low.clone())?;
                let part = self.operate(frame, span, BinaryOp::Mul, width, Value::Expr(draw()))?;
                self.operate(frame, span, BinaryOp::Add, low, part)
            }
            ("seed", [seed]) => {
                let seed = self.run_time(frame, span, seed.clone())?;
                let kind = ExprKind::Runtime(Runtime::Seed, vec![int64(seed)]);
                frame.emit(span, StmtKind::Expr(Expr::new(span, Type::None, kind)));
                Ok(Value::none(span))
            }
            _ => self.numpy(frame, &format!("random.{name}"), given),
        }
    }
}

/// The class of a value, if that is one that can be compared or called.
fn class_of(value: &Value) -> Option<Meta> {
    let known = |name: &str| Some(Meta::Known(format!("builtins.{name}")));
    match value {
        Value::Tuple(_) => known("tuple"),
        Value::Meta(Meta::List(_)) => known("list"),
        Value::Lazy(_) => Some(Meta::Known("numpy.ndarray".into())),
        Value::Meta(_) => None,
        Value::Expr(expr) => match &expr.ty {
            Type::Scalar(Scalar::Bool, true) => known("bool"),
            Type::Scalar(Scalar::I64, true) => known("int"),
            Type::Scalar(Scalar::F64, true) => known("float"),
            Type::Scalar(Scalar::C128, true) => known("complex"),
            Type::Scalar(scalar, _) => Some(Meta::Dtype(*scalar)),
            Type::Array(_) => Some(Meta::Known("numpy.ndarray".into())),
            Type::List(_) => known("list"),
            Type::Str => known("str"),
            Type::Tuple(_, Some(named)) => Some(Meta::Named(std::sync::Arc::clone(named))),
            Type::Tuple(..) => known("tuple"),
            _ => None,
        },
    }
}
