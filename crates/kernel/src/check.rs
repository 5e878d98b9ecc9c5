//! Whether a program keeps to what [`crate::ir`] says: for whoever makes programs, and before they run.

use crate::abi::{self, MAX_VALUES};
use crate::interpret::math::{self, OfComplex, Real};
use crate::interpret::{complex, scalar};
use crate::ir::{
    Expr, ExprKind, For, Function, FunctionId, Local, Math, Parallel, Piece, Place, Program, Raise,
    Runtime, Stmt, StmtKind, Unary, Value,
};
use crate::list;
use crate::syntax::Span;
use crate::types::{ArrayType, Layout, Scalar, Type};

/// Checks a program.
///
/// # Errors
/// The first breach, in words, with the function and the line.
pub fn check(program: &Program) -> Result<(), String> {
    if program.functions.is_empty() {
        return Err("a program without functions".into());
    }
    for function in &program.functions {
        Checker { program, function, span: Span::default(), around: Around::Function }
            .function()?;
    }
    Ok(())
}

/// What a statement is in.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Around {
    Function,
    Loop,
    /// A parallel loop's body, but for loops in it.
    Parallel,
    /// A loop in a parallel loop's body.
    LoopInParallel,
}

struct Checker<'p> {
    program: &'p Program,
    function: &'p Function,
    /// Of the statement or expression that is being checked.
    span: Span,
    around: Around,
}

impl<'p> Checker<'p> {
    fn breach<T>(&self, what: impl AsRef<str>) -> Result<T, String> {
        let Span { line, .. } = self.span;
        Err(format!("function {}, line {line}: {}", self.function.name, what.as_ref()))
    }

    fn require(&self, holds: bool, what: impl Fn() -> String) -> Result<(), String> {
        if holds { Ok(()) } else { self.breach(what()) }
    }

    fn function(&mut self) -> Result<(), String> {
        let function = self.function;
        self.require(function.parameters <= function.locals.len(), || {
            "more parameters than variables".into()
        })?;
        for variable in &function.locals {
            self.require(is_known(&variable.ty), || {
                format!("variable {} is {}", variable.name, variable.ty)
            })?;
        }
        self.require(is_known(&function.result), || format!("the result is {}", function.result))?;
        self.body(&function.body)?;
        self.require(function.result == Type::None || leaves(&function.body), || {
            format!("ends without a return of {}", function.result)
        })
    }

    fn body(&mut self, body: &'p [Stmt]) -> Result<(), String> {
        body.iter().try_for_each(|statement| {
            self.span = statement.span;
            self.statement(&statement.kind)
        })
    }

    /// A body within something else.
    fn inside(&mut self, around: Around, body: &'p [Stmt]) -> Result<(), String> {
        let outer = std::mem::replace(&mut self.around, around);
        self.body(body)?;
        self.around = outer;
        Ok(())
    }

    fn statement(&mut self, kind: &'p StmtKind) -> Result<(), String> {
        let is_parallel = matches!(self.around, Around::Parallel | Around::LoopInParallel);
        match kind {
            StmtKind::Assign(local, value) => {
                self.expr(value)?;
                let ty = self.local(*local)?;
                self.fits(&value.ty, ty)
            }
            StmtKind::Expr(value) => self.expr(value),
            StmtKind::Store { array, place, value } => {
                self.expr(value)?;
                let ty = self.array(*array)?;
                self.require(!ty.readonly, || "a store into an array that is only read".into())?;
                self.place(ty, place)?;
                self.is(value, ty.dtype)
            }
            StmtKind::SetItem { list, index, value } => {
                self.scalar(index, Scalar::I64)?;
                let item = self.item(*list)?;
                self.becomes(value, item)
            }
            StmtKind::Append { list, value } => {
                let item = self.item(*list)?;
                self.becomes(value, item)
            }
            StmtKind::Shift { list, at, by } => {
                self.item(*list)?;
                self.scalar(at, Scalar::I64)?;
                self.scalar(by, Scalar::I64)
            }
            StmtKind::If { test, body, orelse } => {
                self.scalar(test, Scalar::Bool)?;
                self.body(body)?;
                self.body(orelse)
            }
            StmtKind::Loop { body } => self.inside(self.inner_loop(), body),
            StmtKind::For(one) => self.counted(one),
            StmtKind::Break => self
                .require(matches!(self.around, Around::Loop | Around::LoopInParallel), || {
                    "a break outside of a loop, or out of a parallel one".into()
                }),
            StmtKind::Continue => self
                .require(self.around != Around::Function, || "a continue outside of a loop".into()),
            StmtKind::Return(value) => {
                self.require(!is_parallel, || "a return out of a parallel loop".into())?;
                match value {
                    Some(value) => {
                        self.expr(value)?;
                        self.require(self.function.result != Type::None, || {
                            "a return of a value where the result is None".into()
                        })?;
                        self.fits(&value.ty, &self.function.result)
                    }
                    None => self.fits(&Type::None, &self.function.result),
                }
            }
            StmtKind::Raise(raise) => self.raise(raise),
            StmtKind::Print(values) => values.iter().try_for_each(|value| {
                self.expr(value)?;
                let printed = matches!(value.ty, Type::Scalar(..) | Type::Str | Type::None);
                self.require(printed, || format!("a print of {}", value.ty))
            }),
        }
    }

    fn inner_loop(&self) -> Around {
        match self.around {
            Around::Function | Around::Loop => Around::Loop,
            Around::Parallel | Around::LoopInParallel => Around::LoopInParallel,
        }
    }

    fn counted(&mut self, one: &'p For) -> Result<(), String> {
        let variable = self.local(one.variable)?;
        self.require(variable.as_scalar() == Some(Scalar::I64), || {
            format!("a loop's variable is {variable}")
        })?;
        for bound in [&one.start, &one.stop, &one.step] {
            self.scalar(bound, Scalar::I64)?;
        }
        self.require(one.step.kind != ExprKind::Const(Value::Int(0)), || "a step of 0".into())?;
        let Some(parallel) = &one.parallel else {
            return self.inside(self.inner_loop(), &one.body);
        };
        self.reductions(parallel, &one.body)?;
        self.inside(Around::Parallel, &one.body)
    }

    fn reductions(&self, parallel: &Parallel, body: &[Stmt]) -> Result<(), String> {
        for (number, (local, reduction)) in parallel.reductions.iter().enumerate() {
            let ty = self.local(*local)?;
            let once = parallel.reductions[..number].iter().all(|(other, _)| other != local);
            self.require(once, || "a variable of two reductions".into())?;
            let dtype = ty.as_scalar().or(ty.as_array().map(|array| array.dtype));
            let is_defined = dtype.is_some_and(|dtype| {
                let op = scalar::combination(*reduction);
                let real = scalar::binary(op, dtype).zip(scalar::identity(*reduction, dtype));
                real.is_some() || complex::identity(*reduction, dtype).is_some()
            });
            self.require(is_defined, || format!("the reduction {reduction:?} of {ty}"))?;
            if let Some(array) = ty.as_array() {
                self.require(!array.readonly, || {
                    "a reduction of an array that is only read".into()
                })?;
                self.require(!assigns(body, *local), || {
                    "an array that is reduced is another one after an assignment".into()
                })?;
            }
        }
        Ok(())
    }

    fn raise(&mut self, raise: &'p Raise) -> Result<(), String> {
        let mut values = 0;
        for piece in &raise.message {
            if let Piece::Value(value) = piece {
                values += 1;
                self.expr(value)?;
                let scalar = value.ty.as_scalar();
                let shown = [Scalar::I64, Scalar::U64, Scalar::F64, Scalar::Bool];
                self.require(scalar.is_some_and(|scalar| shown.contains(&scalar)), || {
                    format!("a message with a value of {}", value.ty)
                })?;
            }
        }
        self.require(values <= MAX_VALUES, || format!("a message with {values} values"))
    }

    fn expr(&mut self, expr: &'p Expr) -> Result<(), String> {
        let outer = std::mem::replace(&mut self.span, expr.span);
        self.require(is_known(&expr.ty), || format!("an expression of type {}", expr.ty))?;
        self.kind(expr)?;
        self.span = outer;
        Ok(())
    }

    fn kind(&mut self, expr: &'p Expr) -> Result<(), String> {
        match &expr.kind {
            ExprKind::Const(value) => self.constant(value, &expr.ty),
            ExprKind::Local(local) => self.fits(self.local(*local)?, &expr.ty),
            ExprKind::Unary(op, operand) => self.unary(*op, operand, expr),
            ExprKind::Binary(op, left, right) => {
                let ty = self.operands(left, right)?;
                self.is(expr, ty)?;
                let defined =
                    scalar::binary(*op, ty).is_some() || complex::binary(*op, ty).is_some();
                self.require(defined, || format!("{op:?} of {ty}"))
            }
            ExprKind::Compare(op, left, right) => {
                self.is(expr, Scalar::Bool)?;
                if left.ty == Type::Str {
                    self.expr(left)?;
                    self.expr(right)?;
                    return self.fits(&right.ty, &Type::Str);
                }
                let ty = self.operands(left, right)?;
                let defined =
                    scalar::compare(*op, ty).is_some() || complex::compare(*op, ty).is_some();
                self.require(defined, || format!("{op:?} of {ty}"))
            }
            ExprKind::And(left, right) | ExprKind::Or(left, right) => {
                self.is(expr, Scalar::Bool)?;
                self.scalar(left, Scalar::Bool)?;
                self.scalar(right, Scalar::Bool)
            }
            ExprKind::IfElse(test, body, orelse) => {
                self.scalar(test, Scalar::Bool)?;
                self.becomes(body, &expr.ty)?;
                self.becomes(orelse, &expr.ty)
            }
            ExprKind::Cast(operand) => {
                self.expr(operand)?;
                let both = operand.ty.as_scalar().and(expr.ty.as_scalar());
                self.require(both.is_some(), || format!("a cast of {} to {}", operand.ty, expr.ty))
            }
            ExprKind::Math(math, operands) => self.math(*math, operands, expr),
            ExprKind::Call(function, arguments) => self.call(*function, arguments, expr),
            ExprKind::Runtime(runtime, arguments) => self.runtime(*runtime, arguments, expr),
            ExprKind::Load { array, place } => {
                let ty = self.array(*array)?;
                self.place(ty, place)?;
                self.is(expr, ty.dtype)
            }
            ExprKind::Shape(array, axis) | ExprKind::Stride(array, axis) => {
                let ty = self.array(*array)?;
                self.is(expr, Scalar::I64)?;
                self.require(*axis < usize::from(ty.ndim), || {
                    format!("axis {axis} of an array of {} dimensions", ty.ndim)
                })
            }
            ExprKind::Index { index, size, .. } => {
                self.is(expr, Scalar::I64)?;
                self.scalar(index, Scalar::I64)?;
                self.scalar(size, Scalar::I64)
            }
            ExprKind::Allocate { shape, .. } => {
                self.words(shape)?;
                let made = self.array_type(expr)?;
                let is_ordered = made.layout != Layout::F || made.ndim < 2;
                self.require(usize::from(made.ndim) == shape.len() && is_ordered, || {
                    format!("{} sizes for a new {}", shape.len(), expr.ty)
                })
            }
            ExprKind::View { array, offset, shape, strides } => {
                let ty = self.array(*array)?;
                self.scalar(offset, Scalar::I64)?;
                self.words(shape)?;
                self.words(strides)?;
                let view = self.array_type(expr)?;
                let ndim = usize::from(view.ndim);
                self.require(ndim == shape.len() && ndim == strides.len(), || {
                    format!("{} sizes, {} strides for {}", shape.len(), strides.len(), expr.ty)
                })?;
                let is_part = view.dtype == ty.dtype || view.dtype == ty.dtype.real();
                self.require(is_part && (view.readonly || !ty.readonly), || {
                    format!("a view of {} as {}", Type::Array(ty), expr.ty)
                })
            }
            ExprKind::List => {
                self.require(expr.ty.as_list().is_some(), || format!("a list that is {}", expr.ty))
            }
            ExprKind::Length(list) => {
                self.item(*list)?;
                self.is(expr, Scalar::I64)
            }
            ExprKind::ItemAt { list, index } => {
                self.scalar(index, Scalar::I64)?;
                let item = self.item(*list)?;
                self.fits(item, &expr.ty)
            }
            ExprKind::Address(of) => {
                let ty = self.local(*of)?;
                let has_address = matches!(ty, Type::Array(_) | Type::List(_));
                self.require(has_address, || format!("the address of {ty}"))?;
                let words = Type::Array(ArrayType::new(Scalar::U64, 1));
                if expr.ty == Type::Generator && *ty == words {
                    return Ok(());
                }
                self.is(expr, Scalar::U64)
            }
            ExprKind::Tuple(items) => {
                items.iter().try_for_each(|item| self.expr(item))?;
                let all = Type::tuple(items.iter().map(|item| item.ty.clone()));
                self.fits(&all, &expr.ty)
            }
            ExprKind::Item(whole, item) => {
                self.expr(whole)?;
                match &whole.ty {
                    Type::Tuple(items, _) if *item < items.len() => {
                        self.fits(&items[*item], &expr.ty)
                    }
                    other => self.breach(format!("item {item} of {other}")),
                }
            }
            ExprKind::Some(value) => {
                self.expr(value)?;
                match &expr.ty {
                    Type::Optional(inner) => self.fits(&value.ty, inner),
                    other => self.breach(format!("an optional value is {other}")),
                }
            }
            ExprKind::IsSome(value) => {
                self.is(expr, Scalar::Bool)?;
                self.optional(value).map(drop)
            }
            ExprKind::Unwrap(value) => {
                let inner = self.optional(value)?;
                self.fits(inner, &expr.ty)
            }
            ExprKind::Part(operand, _) => {
                self.expr(operand)?;
                let whole = operand.ty.as_scalar().filter(|scalar| scalar.is_complex());
                self.require(whole.map(Scalar::real) == expr.ty.as_scalar(), || {
                    format!("a part of {} is {}", operand.ty, expr.ty)
                })
            }
            ExprKind::Complex(real, imaginary) => {
                let part = self.operands(real, imaginary)?;
                self.require(part.is_float(), || format!("a complex number of {part}"))?;
                self.is(expr, part.complex())
            }
            ExprKind::Block(body, value) => {
                self.body(body)?;
                self.becomes(value, &expr.ty)
            }
        }
    }

    fn constant(&self, value: &Value, ty: &Type) -> Result<(), String> {
        let scalar = ty.as_scalar();
        let fits = match value {
            Value::None => matches!(ty, Type::None | Type::Optional(_)),
            Value::Bool(_) => scalar == Some(Scalar::Bool),
            Value::Int(value) => scalar.is_some_and(|scalar| {
                let extended = scalar::cast(Scalar::I64, scalar);
                scalar.is_integer()
                    && extended
                        .is_some_and(|cast| cast(value.cast_unsigned()) == value.cast_unsigned())
            }),
            Value::Float(_) => scalar.is_some_and(Scalar::is_float),
            Value::Complex(..) => scalar.is_some_and(Scalar::is_complex),
            Value::Str(_) => *ty == Type::Str,
        };
        self.require(fits, || format!("the constant {value:?} is {ty}"))
    }

    fn unary(&mut self, op: Unary, operand: &'p Expr, expr: &Expr) -> Result<(), String> {
        self.expr(operand)?;
        let Some(ty) = operand.ty.as_scalar() else {
            return self.breach(format!("{op:?} of {}", operand.ty));
        };
        let is_size = op == Unary::Abs && ty.is_complex();
        let defined =
            is_size || scalar::unary(op, ty).is_some() || complex::unary(op, ty).is_some();
        self.require(defined, || format!("{op:?} of {ty}"))?;
        match op {
            Unary::PopCount => self
                .require(expr.ty.as_scalar().is_some_and(Scalar::is_integer), || {
                    format!("a number of bits is {}", expr.ty)
                }),
            _ => self.is(expr, if is_size { ty.real() } else { ty }),
        }
    }

    fn math(&mut self, math: Math, operands: &'p [Expr], expr: &Expr) -> Result<(), String> {
        operands.iter().try_for_each(|operand| self.expr(operand))?;
        let Some(ty) = operands.first().and_then(|operand| operand.ty.as_scalar()) else {
            return self.breach(format!("{math:?} of no numbers"));
        };
        operands.iter().try_for_each(|operand| self.is(operand, ty))?;
        let arity = match (math::real(math, ty), math::of_complex(math, ty)) {
            (Some(Real::One(_)), _) | (_, Some(OfComplex::One(_) | OfComplex::Test(_))) => 1,
            (Some(Real::Two(_)), _) | (_, Some(OfComplex::Two(_))) => 2,
            (Some(Real::Three(_)), _) => 3,
            (None, None) => return self.breach(format!("{math:?} of {ty}")),
        };
        self.require(operands.len() == arity, || {
            format!("{math:?} of {} operands", operands.len())
        })?;
        self.is(expr, if math::is_test(math) { Scalar::Bool } else { ty })
    }

    fn call(
        &mut self,
        function: FunctionId,
        arguments: &'p [Expr],
        expr: &Expr,
    ) -> Result<(), String> {
        let Some(called) = self.program.functions.get(function.0 as usize) else {
            return self.breach(format!("a call of function number {}", function.0));
        };
        self.require(arguments.len() == called.parameters, || {
            format!("a call of {} with {} arguments", called.name, arguments.len())
        })?;
        for (argument, parameter) in arguments.iter().zip(&called.locals) {
            self.becomes(argument, &parameter.ty)?;
        }
        self.fits(&called.result, &expr.ty)
    }

    fn runtime(
        &mut self,
        runtime: Runtime,
        arguments: &'p [Expr],
        expr: &Expr,
    ) -> Result<(), String> {
        arguments.iter().try_for_each(|argument| self.expr(argument))?;
        let given: Vec<_> = arguments.iter().map(|argument| &argument.ty).collect();
        let wrong = || {
            let given: Vec<_> = given.iter().map(|ty| ty.to_string()).collect();
            format!("{runtime:?} of ({}) is {}", given.join(", "), expr.ty)
        };
        // How many dimensions each array has.
        let dimensions: &[u8] = match runtime {
            Runtime::Random | Runtime::RandomBits => {
                let result = if runtime == Runtime::Random { Scalar::F64 } else { Scalar::U64 };
                let drawn = matches!(given[..], [] | [Type::Generator]);
                return self.require(drawn && expr.ty.as_scalar() == Some(result), wrong);
            }
            Runtime::Seed => {
                let seeded = given.len() == 1 && given[0].as_scalar() == Some(Scalar::I64);
                return self.require(seeded && expr.ty == Type::None, wrong);
            }
            Runtime::Count => {
                let are_counts = given.iter().all(|ty| ty.as_scalar() == Some(Scalar::I64));
                let counts = given.len() == 2 && are_counts;
                return self.require(counts && expr.ty == Type::None, wrong);
            }
            Runtime::MatMul | Runtime::Solve | Runtime::Qr => &[2, 2, 2],
            Runtime::Inverse | Runtime::Cholesky => &[2, 2],
            Runtime::Determinant => &[2],
            Runtime::SymmetricEigen => &[2, 1, 2],
            Runtime::Svd => &[2, 2, 1, 2],
        };
        let arrays: Option<Vec<_>> = given.iter().map(|ty| ty.as_array()).collect();
        let fits = arrays.is_some_and(|arrays| {
            let shaped = arrays.iter().map(|array| array.ndim).eq(dimensions.iter().copied());
            let dtype = arrays[0].dtype;
            let alike = arrays.iter().all(|array| array.dtype == dtype);
            shaped && alike && (dtype.is_float() || dtype.is_complex())
        });
        let result = match runtime {
            Runtime::MatMul | Runtime::Qr => Type::None,
            Runtime::Determinant => Type::scalar(Scalar::F64),
            _ => Type::scalar(Scalar::I64),
        };
        self.require(fits && fits_into(&result, &expr.ty), wrong)
    }

    fn place(&mut self, ty: ArrayType, place: &'p Place) -> Result<(), String> {
        match place {
            Place::Indices(indices) => {
                self.words(indices)?;
                self.require(indices.len() == usize::from(ty.ndim), || {
                    format!("{} indices of an array of {} dimensions", indices.len(), ty.ndim)
                })
            }
            Place::Flat(number) => {
                self.scalar(number, Scalar::I64)?;
                self.require(ty.layout != Layout::Any, || {
                    "an element's number in any layout".into()
                })
            }
        }
    }

    /// A variable's type.
    fn local(&self, local: Local) -> Result<&'p Type, String> {
        match self.function.locals.get(local.0 as usize) {
            Some(variable) => Ok(&variable.ty),
            None => self.breach(format!("there is no variable number {}", local.0)),
        }
    }

    /// A variable's array type.
    fn array(&self, local: Local) -> Result<ArrayType, String> {
        let ty = self.local(local)?;
        ty.as_array().map_or_else(|| self.breach(format!("{ty} used as an array")), Ok)
    }

    /// The type of a list variable's items.
    fn item(&self, local: Local) -> Result<&'p Type, String> {
        let ty = self.local(local)?;
        let Some(item) = ty.as_list() else { return self.breach(format!("{ty} used as a list")) };
        let width = abi::slots(item);
        self.require(width <= list::MOST_SLOTS, || format!("items of {width} slots"))?;
        Ok(item)
    }

    fn array_type(&self, expr: &Expr) -> Result<ArrayType, String> {
        let ty = &expr.ty;
        ty.as_array().map_or_else(|| self.breach(format!("an array that is {ty}")), Ok)
    }

    fn optional(&mut self, value: &'p Expr) -> Result<&'p Type, String> {
        self.expr(value)?;
        match &value.ty {
            Type::Optional(inner) => Ok(inner),
            other => self.breach(format!("{other} used as an optional value")),
        }
    }

    /// The type that two operands share.
    fn operands(&mut self, left: &'p Expr, right: &'p Expr) -> Result<Scalar, String> {
        self.expr(left)?;
        self.expr(right)?;
        match (left.ty.as_scalar(), right.ty.as_scalar()) {
            (Some(left), Some(right)) if left == right => Ok(left),
            _ => self.breach(format!("operands {} and {}", left.ty, right.ty)),
        }
    }

    fn words(&mut self, all: &'p [Expr]) -> Result<(), String> {
        all.iter().try_for_each(|expr| self.scalar(expr, Scalar::I64))
    }

    /// Checks an expression that is to be of a scalar type.
    fn scalar(&mut self, expr: &'p Expr, scalar: Scalar) -> Result<(), String> {
        self.expr(expr)?;
        self.is(expr, scalar)
    }

    /// Checks an expression whose value is to be one of a type.
    fn becomes(&mut self, expr: &'p Expr, ty: &Type) -> Result<(), String> {
        self.expr(expr)?;
        self.fits(&expr.ty, ty)
    }

    fn is(&self, expr: &Expr, scalar: Scalar) -> Result<(), String> {
        self.require(expr.ty.as_scalar() == Some(scalar), || {
            format!("{} where {scalar} belongs", expr.ty)
        })
    }

    fn fits(&self, from: &Type, to: &Type) -> Result<(), String> {
        self.require(fits_into(from, to), || format!("{from} where {to} belongs"))
    }
}

/// Whether values of a type are ones of the other as they are: an array's layout may be forgotten, and that it
/// may be written to.
fn fits_into(from: &Type, to: &Type) -> bool {
    match (from, to) {
        (Type::Scalar(from, _), Type::Scalar(to, _)) => from == to,
        (Type::Array(from), Type::Array(to)) => {
            // In one dimension or less, C's order is Fortran's.
            let ordered = from.layout == to.layout || from.layout != Layout::Any && from.ndim < 2;
            from.dtype == to.dtype
                && from.ndim == to.ndim
                && (ordered || to.layout == Layout::Any)
                && (to.readonly || !from.readonly)
        }
        (Type::Tuple(from, _), Type::Tuple(to, _)) => {
            from.len() == to.len()
                && from.iter().zip(to.iter()).all(|(from, to)| fits_into(from, to))
        }
        (Type::Optional(from), Type::Optional(to)) => fits_into(from, to),
        (Type::List(_), Type::List(_)) => from.is_alike(to),
        _ => from == to,
    }
}

fn is_known(ty: &Type) -> bool {
    match ty {
        Type::Unknown => false,
        Type::Tuple(items, _) => items.iter().all(is_known),
        Type::Optional(inner) => is_known(inner),
        Type::List(item) => **item == Type::Unknown || is_known(item),
        _ => true,
    }
}

/// Whether the end of a body is never reached.
fn leaves(body: &[Stmt]) -> bool {
    body.iter().any(|statement| match &statement.kind {
        StmtKind::Return(_) | StmtKind::Raise(_) | StmtKind::Break | StmtKind::Continue => true,
        StmtKind::If { body, orelse, .. } => leaves(body) && leaves(orelse),
        StmtKind::Loop { body } => !breaks(body),
        _ => false,
    })
}

/// Whether a loop's body leaves the loop.
fn breaks(body: &[Stmt]) -> bool {
    body.iter().any(|statement| match &statement.kind {
        StmtKind::Break => true,
        StmtKind::If { body, orelse, .. } => breaks(body) || breaks(orelse),
        _ => false,
    })
}

/// Whether a body assigns a variable.
fn assigns(body: &[Stmt], local: Local) -> bool {
    body.iter().any(|statement| match &statement.kind {
        StmtKind::Assign(assigned, _) => *assigned == local,
        StmtKind::If { body, orelse, .. } => assigns(body, local) || assigns(orelse, local),
        StmtKind::Loop { body } => assigns(body, local),
        StmtKind::For(one) => assigns(&one.body, local),
        _ => false,
    })
}
