//! Programs for tests, in few words.

use kernel::ir::{
    Binary, Compare, Expr, ExprKind, FastMath, For, Function, Local, Parallel, Place, Program,
    Stmt, StmtKind, Value, Variable,
};
use kernel::syntax::Span;
use kernel::types::{ArrayType, Scalar, Type};

pub const I64: Type = Type::Scalar(Scalar::I64, false);
pub const F64: Type = Type::Scalar(Scalar::F64, false);
pub const C128: Type = Type::Scalar(Scalar::C128, false);
pub const BOOL: Type = Type::Scalar(Scalar::Bool, false);

/// A function's variables are numbered by where they stand here.
pub fn function(parameters: &[Type], others: &[Type], result: Type, body: Vec<Stmt>) -> Function {
    let variable = |ty: &Type| Variable { name: "x".into(), ty: ty.clone() };
    Function {
        name: "f".into(),
        file: "test.py".into(),
        locals: parameters.iter().chain(others).map(variable).collect(),
        parameters: parameters.len(),
        result,
        body,
        math: FastMath::None,
    }
}

pub fn program(function: Function) -> Program {
    Program { functions: vec![function] }
}

/// A program that returns an expression of arguments.
pub fn returning(parameters: &[Type], value: Expr) -> Program {
    let ty = value.ty.clone();
    program(function(parameters, &[], ty, vec![give(value)]))
}

pub fn array(dtype: Scalar, ndim: usize) -> Type {
    Type::Array(ArrayType::new(dtype, ndim))
}

pub fn expr(ty: Type, kind: ExprKind) -> Expr {
    Expr::new(Span { line: 7, column: 0 }, ty, kind)
}

pub fn local(number: u32, ty: Type) -> Expr {
    expr(ty, ExprKind::Local(Local(number)))
}

pub fn int(value: i64) -> Expr {
    expr(I64, ExprKind::Const(Value::Int(value)))
}

pub fn float(value: f64) -> Expr {
    expr(F64, ExprKind::Const(Value::Float(value)))
}

pub fn text(value: &str) -> Expr {
    expr(Type::Str, ExprKind::Const(Value::Str(value.into())))
}

pub fn binary(op: Binary, left: Expr, right: Expr) -> Expr {
    expr(left.ty.clone(), ExprKind::Binary(op, left.into(), right.into()))
}

pub fn compare(op: Compare, left: Expr, right: Expr) -> Expr {
    expr(BOOL, ExprKind::Compare(op, left.into(), right.into()))
}

pub fn cast(value: Expr, to: Type) -> Expr {
    expr(to, ExprKind::Cast(value.into()))
}

pub fn load(number: u32, dtype: Scalar, index: Expr) -> Expr {
    let place = Place::Indices(vec![index]);
    expr(Type::scalar(dtype), ExprKind::Load { array: Local(number), place })
}

pub fn stmt(kind: StmtKind) -> Stmt {
    Stmt { span: Span { line: 7, column: 0 }, kind }
}

pub fn assign(number: u32, value: Expr) -> Stmt {
    stmt(StmtKind::Assign(Local(number), value))
}

pub fn store(number: u32, index: Expr, value: Expr) -> Stmt {
    let place = Place::Indices(vec![index]);
    stmt(StmtKind::Store { array: Local(number), place, value })
}

pub fn give(value: Expr) -> Stmt {
    stmt(StmtKind::Return(Some(value)))
}

/// `for variable in range(start, stop, step)`.
pub fn count(
    variable: u32,
    [start, stop, step]: [Expr; 3],
    parallel: Option<Parallel>,
    body: Vec<Stmt>,
) -> Stmt {
    let variable = Local(variable);
    stmt(StmtKind::For(Box::new(For { variable, start, stop, step, body, parallel })))
}
