//! Calls.

use super::elementwise::Op;
use super::lists::{self, as_list};
use super::scalar::{cast, number};
use super::value::{Meta, Value};
use super::{Frame, Lowering, Result, known};
use crate::globals::{Callee, Global};
use crate::ir::{Binary, Expr, ExprKind, StmtKind, Unary, Value as Constant};
use crate::syntax::{self, ExprKind as Syntax, Span};
use crate::types::{Named, Scalar, Type};
use std::sync::Arc;

/// What a call is given.
pub struct Arguments {
    pub span: Span,
    pub name: String,
    pub positional: Vec<Value>,
    pub keywords: Vec<(String, Value)>,
}

impl Arguments {
    /// Arguments without names; `name` is that of what is called.
    pub fn of(span: Span, name: &str, positional: Vec<Value>) -> Self {
        Self { span, name: name.to_owned(), positional, keywords: Vec::new() }
    }

    /// The arguments in the order of these names; nothing for what is not given.
    pub fn take(mut self, frame: &Frame, names: &[&str]) -> Result<Vec<Option<Value>>> {
        if self.positional.len() > names.len() {
            let message = format!(
                "{} takes {} arguments in compiled code, not {}",
                self.name,
                names.len(),
                self.positional.len()
            );
            return Err(frame.error(self.span, message, None));
        }
        let mut taken: Vec<_> = self.positional.drain(..).map(Some).collect();
        taken.resize_with(names.len(), || None);
        for (name, value) in self.keywords {
            match names.iter().position(|known| *known == name) {
                Some(index) if taken[index].is_none() => taken[index] = Some(value),
                _ => {
                    let message = format!("{} has no argument {name} in compiled code", self.name);
                    return Err(frame.error(self.span, message, None));
                }
            }
        }
        Ok(taken)
    }
}

impl Lowering<'_> {
    pub fn call(
        &mut self,
        frame: &mut Frame,
        span: Span,
        function: &syntax::Expr,
        arguments: &[syntax::Expr],
        keywords: &[(String, syntax::Expr)],
    ) -> Result<Value> {
        let function = self.expr(frame, function)?;
        let is_own = matches!(function, Value::Meta(Meta::Function(_) | Meta::Inner(_)));
        let is_of_lists = matches!(&function, Value::Meta(Meta::Known(path))
            if path.starts_with("heapq.") || path.starts_with("bisect."));
        let takes_lists = is_own
            || is_of_lists
            || matches!(&function, Value::Meta(Meta::Method(object, _)) if as_list(object).is_some());
        let wants_arrays = matches!(&function, Value::Meta(Meta::Known(path)) if {
            path.starts_with("numpy.") || matches!(path.as_str(), "builtins.sum" | "builtins.min"
                | "builtins.max" | "builtins.any" | "builtins.all")
        });
        let mut positional = Vec::new();
        for argument in arguments {
            let is_starred = matches!(argument.kind, Syntax::Starred(_));
            let values = if is_starred {
                self.all(frame, std::slice::from_ref(argument))?
            } else {
                let value = match &argument.kind {
                    Syntax::ListComp { element, generators } if wants_arrays => {
                        self.comprehension(frame, argument.span, element, generators, true)?
                    }
                    _ => self.expr(frame, argument)?,
                };
                // Who is given a list may change it.
                let takes = takes_lists || lists::is_empty_display(&value);
                let is_named = takes && matches!(argument.kind, Syntax::Name(_));
                vec![if is_named { self.realised(frame, argument, value)? } else { value }]
            };
            positional.extend(values);
        }
        let mut named = Vec::new();
        for (name, value) in keywords {
            named.push((name.clone(), self.expr(frame, value)?));
        }
        let name = function.describe();
        let given = Arguments { span, name, positional, keywords: named };
        match function {
            Value::Meta(Meta::Function(callee)) => self.call_function(frame, &callee, given),
            Value::Meta(Meta::Ufunc(callee)) => self.ufunc_call(frame, callee, given),
            Value::Meta(Meta::Inner(inner)) => {
                let scope = inner.scope;
                let bound = self.bound(frame, &inner.function, given, None)?;
                let mut outer: Vec<String> =
                    frame.scopes.iter().rev().map(|s| s.prefix.clone()).collect();
                outer.insert(0, inner.prefix.clone());
                self.in_place(frame, span, &inner.function, bound, scope, outer, false)
            }
            Value::Meta(Meta::Known(path)) => self.known_call(frame, &path, given),
            Value::Meta(Meta::Named(named)) => self.named_tuple(frame, &named, given),
            Value::Meta(Meta::Dtype(scalar)) => {
                let path = format!("numpy.{scalar}");
                self.convert_call(frame, span, &path, scalar, false, given)
            }
            Value::Expr(expr) if expr.ty == Type::Unknown => Ok(Value::Expr(expr)),
            Value::Meta(Meta::Method(object, name)) => self.method(frame, *object, &name, given),
            other => {
                let message = format!("{} can't be called", other.describe());
                Err(frame.error(span, message, None))
            }
        }
    }

    /// A call of what `vectorize` has made: for each element of what is given.
    fn ufunc_call(
        &mut self,
        frame: &mut Frame,
        callee: Arc<Callee>,
        given: Arguments,
    ) -> Result<Value> {
        if given.positional.iter().all(Value::is_number) {
            return self.call_function(frame, &callee, given);
        }
        let span = given.span;
        if let Some((name, _)) = given.keywords.first() {
            let message = format!("{}(..., {name}=) in compiled code", given.name);
            return Err(frame.error(span, message, None));
        }
        let mut children = Vec::new();
        for value in given.positional {
            children.push(self.tree(frame, span, value)?);
        }
        self.node(frame, span, Op::Each(callee), children)
    }

    /// A named tuple of these items.
    fn named_tuple(
        &mut self,
        frame: &mut Frame,
        named: &Arc<Named>,
        given: Arguments,
    ) -> Result<Value> {
        let span = given.span;
        let fields: Vec<&str> = named.fields.iter().map(String::as_str).collect();
        let mut items = Vec::new();
        for (item, field) in given.take(frame, &fields)?.into_iter().zip(&fields) {
            let Some(item) = item else {
                let message = format!("{} needs {field}", named.name);
                return Err(frame.error(span, message, None));
            };
            items.push(self.run_time(frame, span, item)?);
        }
        let types = items.iter().map(|item| item.ty.clone()).collect();
        let ty = Type::Tuple(types, Some(Arc::clone(named)));
        let local = frame.temporary("named", Expr::new(span, ty, ExprKind::Tuple(items)));
        Ok(Value::Expr(frame.read(span, local)))
    }

    /// A function's parameters with what they are given.
    pub fn bound(
        &mut self,
        frame: &mut Frame,
        function: &Arc<syntax::Function>,
        given: Arguments,
        scope: Option<crate::globals::Scope>,
    ) -> Result<Vec<(String, Value)>> {
        let (rest, own): (Vec<_>, Vec<_>) =
            function.parameters.iter().partition(|parameter| parameter.is_rest);
        let names: Vec<&str> = own.iter().map(|parameter| parameter.name.as_str()).collect();
        let span = given.span;
        let mut given = Arguments { name: function.name.clone(), ..given };
        let surplus = match rest.first() {
            Some(_) => given.positional.split_off(names.len().min(given.positional.len())),
            None => Vec::new(),
        };
        let mut taken = given.take(frame, &names)?;
        taken.extend(rest.iter().map(|_| Some(Value::Tuple(surplus.clone()))));
        let mut bound = Vec::new();
        for (parameter, value) in own.into_iter().chain(rest).zip(taken) {
            let value = match (value, &parameter.default) {
                (Some(value), _) => value,
                (None, Some(default)) => {
                    // A default is looked up where the function stands.
                    let outer = frame.scopes.last().map(|scope| scope.scope);
                    if let (Some(own), Some(last)) = (scope, frame.scopes.last_mut()) {
                        last.scope = own;
                    }
                    let value = self.expr(frame, default);
                    if let (Some(outer), Some(last)) = (outer, frame.scopes.last_mut()) {
                        last.scope = outer;
                    }
                    value?
                }
                (None, None) => {
                    let message = format!("{} needs {}", function.name, parameter.name);
                    return Err(frame.error(span, message, None));
                }
            };
            bound.push((parameter.name.clone(), value));
        }
        Ok(bound)
    }

    /// A call of a function that is compiled for itself; written out if it takes what is not there at run time.
    pub fn call_function(
        &mut self,
        frame: &mut Frame,
        callee: &Arc<Callee>,
        given: Arguments,
    ) -> Result<Value> {
        let span = given.span;
        let bound = self.bound(frame, &callee.function, given, Some(callee.scope))?;
        if bound.iter().any(|(_, value)| is_compile_time(value)) {
            return self.inlined(frame, span, callee, bound, false);
        }
        let has_constants = bound.iter().any(|(_, value)| is_constant(value));
        let as_given = if has_constants { bound.clone() } else { Vec::new() };
        let mut arguments = Vec::new();
        for (_, value) in bound {
            let value = self.run_time(frame, span, value)?;
            let value = match &value.ty {
                Type::Array(_) | Type::List(_) if !matches!(value.kind, ExprKind::Local(_)) => {
                    let local = frame.temporary("argument", value);
                    frame.read(span, local)
                }
                _ => value,
            };
            if value.ty == Type::Unknown {
                return Ok(Value::Expr(frame.unknown(span)));
            }
            arguments.push(value);
        }
        let types: Vec<_> = arguments.iter().map(|argument| argument.ty.clone()).collect();
        if frame.changed && types.iter().any(|ty| ty.as_list().is_some_and(lists::is_unknown)) {
            // In the next round more will be known.
            return Ok(Value::Expr(frame.unknown(span)));
        }
        let id = match self.function(callee, &types) {
            Ok(id) => id,
            Err(error) if has_constants => {
                // It may need to know what the constants are, such as an axis.
                let written_out = self.inlined(frame, span, callee, as_given, false);
                return written_out.map_err(|_| error);
            }
            Err(error) => return Err(error),
        };
        let built = &self.functions[id.0 as usize];
        let (result, captured) = (built.result.clone(), built.captured.clone());
        let parameters = built.parameters.clone();
        let arguments = arguments.into_iter().zip(&parameters);
        let mut arguments = arguments
            .map(|(argument, ty)| {
                let is_wider = argument.ty.has_list() && argument.ty != *ty;
                if is_wider { self.convert(frame, argument, ty) } else { Ok(argument) }
            })
            .collect::<Result<Vec<_>>>()?;
        self.may_call(frame, span, id, &arguments)?;
        for (number, array) in captured {
            let array = self.global(frame, span, Global::Array(number, array))?;
            arguments.push(self.run_time(frame, span, array)?);
        }
        if result == Type::Unknown {
            return Ok(Value::Expr(frame.unknown(span)));
        }
        let call = Expr::new(span, result.clone(), ExprKind::Call(id, arguments));
        if result == Type::None {
            frame.emit(span, StmtKind::Expr(call));
            return Ok(Value::none(span));
        }
        // In the order of the source, whatever stands around it.
        let local = frame.temporary("result", call);
        Ok(Value::Expr(frame.read(span, local)))
    }

    /// A call of something that is known by its path.
    pub fn known_call(&mut self, frame: &mut Frame, path: &str, given: Arguments) -> Result<Value> {
        let span = given.span;
        if let Some(dtype) = builtin_type(path) {
            return self.convert_call(frame, span, path, dtype, true, given);
        }
        let (module, name) = path.rsplit_once('.').unwrap_or(("", path));
        match module {
            "builtins" => self.builtin(frame, name, given),
            "math" | "cmath" => self.math(frame, module, name, given),
            "random" => self.random(frame, name, given),
            "manycore" if name == "prange" => self.range(frame, given, true),
            _ => self.numpy(frame, path, given),
        }
    }

    /// `int(x)`, `float(x)`, `numpy.float32(x)`.
    pub fn convert_call(
        &mut self,
        frame: &mut Frame,
        span: Span,
        path: &str,
        scalar: Scalar,
        weak: bool,
        given: Arguments,
    ) -> Result<Value> {
        if scalar == Scalar::C128 && weak {
            let taken = given.take(frame, &["real", "imag"])?;
            let mut parts = Vec::new();
            for part in taken {
                let part = match part {
                    Some(part) => self.run_time(frame, span, part)?,
                    None => number(span, Scalar::F64, true, 0.0),
                };
                parts.push(part);
            }
            let [real, imaginary] = parts.as_slice() else { unreachable!("two were taken") };
            if real.scalar().is_complex() {
                return Ok(Value::Expr(cast(real.clone(), scalar, weak)));
            }
            let real = Box::new(cast(real.clone(), Scalar::F64, false));
            let imaginary = Box::new(cast(imaginary.clone(), Scalar::F64, false));
            let kind = ExprKind::Complex(real, imaginary);
            return Ok(Value::Expr(Expr::new(span, Type::weak(scalar), kind)));
        }
        let mut taken = given.take(frame, &["x"])?;
        let value = match taken.remove(0) {
            Some(value) => value,
            None => return Ok(Value::Expr(number(span, scalar, weak, 0.0))),
        };
        if let Some(text) = value.as_str() {
            return match text.trim().parse::<f64>() {
                Ok(value) if scalar.is_float() => {
                    Ok(Value::Expr(number(span, scalar, weak, value)))
                }
                Ok(_) if let Ok(whole) = text.trim().parse::<i64>() => {
                    let kind = ExprKind::Const(Constant::Int(whole));
                    Ok(Value::Expr(cast(
                        Expr::new(span, Type::weak(Scalar::I64), kind),
                        scalar,
                        weak,
                    )))
                }
                _ => Err(frame.error(span, format!("{path} of {text:?}"), None)),
            };
        }
        match value {
            Value::Expr(expr) if expr.ty == Type::Unknown => Ok(Value::Expr(expr)),
            Value::Expr(expr) if scalar == Scalar::Bool && expr.ty.as_array().is_none() => {
                let truth = self.truth(frame, expr)?;
                Ok(Value::Expr(Expr { ty: Type::Scalar(Scalar::Bool, weak), ..truth }))
            }
            Value::Expr(expr) if expr.ty.as_scalar().is_some() => {
                if expr.scalar().is_complex() && !scalar.is_complex() && weak {
                    let message = format!("{path} of a complex number");
                    return Err(frame.error(span, message, Some("use .real")));
                }
                if weak && scalar == Scalar::I64 && expr.scalar().is_float() {
                    let expr = frame.once(expr);
                    self.finite(frame, span, &expr);
                    return Ok(Value::Expr(cast(expr, scalar, weak)));
                }
                Ok(Value::Expr(cast(expr, scalar, weak)))
            }
            value => {
                if let Some(array) = value.as_array()
                    && frame.array(array).ndim == 0
                {
                    let empty = Value::Tuple(Vec::new());
                    let element = self.subscript(frame, span, value, empty)?;
                    let element = self.run_time(frame, span, element)?;
                    return Ok(Value::Expr(cast(element, scalar, weak)));
                }
                let tree = self.tree(frame, span, value)?;
                self.node(frame, span, Op::Cast(scalar), vec![tree])
            }
        }
    }

    /// The library's definition of what stands at a path.
    pub fn definition(&mut self, path: &str) -> Option<Arc<Callee>> {
        if let Some(known) = self.library.get(path) {
            return known.clone();
        }
        let found = self.globals.library(path);
        self.library.insert(path.to_owned(), found.clone());
        found
    }

    /// A function's body with its parameters bound, written out here.
    pub fn inlined(
        &mut self,
        frame: &mut Frame,
        span: Span,
        callee: &Callee,
        bound: Vec<(String, Value)>,
        is_library: bool,
    ) -> Result<Value> {
        let (function, scope) = (&callee.function, callee.scope);
        self.in_place(frame, span, function, bound, scope, Vec::new(), is_library)
    }

    /// Calls a function of the library, written out here.
    pub fn library(&mut self, frame: &mut Frame, path: &str, given: Arguments) -> Result<Value> {
        let span = given.span;
        let Some(callee) = self.definition(path) else {
            let message = format!("{path} can't be compiled");
            return Err(frame.error(span, message, None));
        };
        let given = Arguments { name: path.to_owned(), ..given };
        let bound = self.bound(frame, &callee.function, given, Some(callee.scope))?;
        self.inlined(frame, span, &callee, bound, true)
    }
}

/// Whether a value is a constant of the source.
fn is_constant(value: &Value) -> bool {
    match value {
        Value::Expr(expr) => matches!(expr.kind, ExprKind::Const(_)),
        Value::Tuple(items) => items.iter().all(is_constant),
        _ => false,
    }
}

/// Whether a value is not there at run time.
pub fn is_compile_time(value: &Value) -> bool {
    match value {
        Value::Meta(Meta::List(_)) => false,
        Value::Meta(_) => true,
        Value::Tuple(items) => items.iter().any(is_compile_time),
        Value::Expr(_) | Value::Lazy(_) => false,
    }
}

/// The real or imaginary part of a complex number.
pub fn part(expr: Expr, is_imaginary: bool) -> Expr {
    let (span, ty) = (expr.span, Type::scalar(expr.scalar().real()));
    Expr::new(span, ty, ExprKind::Part(Box::new(expr), is_imaginary))
}

/// The number's absolute value.
pub fn absolute(expr: Expr) -> Expr {
    let (span, scalar) = (expr.span, expr.scalar());
    let ty = if scalar.is_complex() { Type::scalar(scalar.real()) } else { expr.ty.clone() };
    Expr::new(span, ty, ExprKind::Unary(Unary::Abs, Box::new(expr)))
}

/// Python's own number types.
pub fn builtin_type(path: &str) -> Option<Scalar> {
    Some(match path {
        "builtins.int" => Scalar::I64,
        "builtins.float" => Scalar::F64,
        "builtins.bool" => Scalar::Bool,
        "builtins.complex" => Scalar::C128,
        _ => return None,
    })
}

/// The dtype that a type or a text means.
pub fn dtype_of(path: &str) -> Option<Scalar> {
    builtin_type(path).or_else(|| match known(path.to_owned()) {
        Meta::Dtype(scalar) => Some(scalar),
        _ => Scalar::named(path),
    })
}

/// A shape's or an axis's operation of two numbers.
pub fn minimum(one: Expr, two: Expr, is_max: bool) -> Expr {
    let op = if is_max { Binary::Max } else { Binary::Min };
    let (span, ty) = (one.span, one.ty.clone());
    Expr::new(span, ty, ExprKind::Binary(op, Box::new(one), Box::new(two)))
}
