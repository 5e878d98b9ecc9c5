//! Every rule that `kernel::ir` states, broken once.

use crate::build::*;
use kernel::check::check;
use kernel::ir::*;
use kernel::types::{ArrayType, Layout, Scalar, Type};
use std::sync::Arc;

/// What the check says of a function with these variables (0: int64, 1: float64, 2: a matrix of float64,
/// 3: an array that is only read, 4: an optional float64) and this body.
fn verdict(body: Vec<Stmt>) -> String {
    let readonly = ArrayType { readonly: true, ..ArrayType::new(Scalar::F64, 1) };
    let any = ArrayType { layout: Layout::Any, ..ArrayType::new(Scalar::F64, 2) };
    let optional = Type::Optional(Arc::new(F64));
    let locals = [I64, F64, Type::Array(any), Type::Array(readonly), optional];
    match check(&program(function(&locals, &[], Type::None, body))) {
        Ok(()) => String::new(),
        Err(message) => message,
    }
}

fn of(value: Expr) -> String {
    verdict(vec![stmt(StmtKind::Expr(value))])
}

fn math(math: Math, operands: Vec<Expr>) -> Expr {
    expr(F64, ExprKind::Math(math, operands))
}

fn parallel(reductions: Vec<(Local, Reduction)>, body: Vec<Stmt>) -> String {
    let rounds = [int(0), int(9), int(1)];
    verdict(vec![count(0, rounds, Some(Parallel { reductions }), body)])
}

#[test]
fn a_good_program_passes() {
    assert_eq!(verdict(vec![assign(0, int(1)), stmt(StmtKind::Return(None))]), "");
    assert_eq!(of(math(Math::Fma, vec![float(1.0), float(2.0), local(1, F64)])), "");
}

#[test]
fn a_breach_names_function_and_line() {
    assert_eq!(
        verdict(vec![assign(0, float(1.0))]),
        "function f, line 7: float64 where int64 belongs"
    );
}

#[test]
fn types_of_operands_are_equal_and_casts_written_out() {
    assert!(of(binary(Binary::Add, int(1), float(1.0))).contains("operands int64 and float64"));
    let narrow = expr(Type::scalar(Scalar::F32), ExprKind::Local(Local(1)));
    assert!(of(narrow).contains("float64 where float32 belongs"));
    let wide = expr(F64, ExprKind::Binary(Binary::Add, int(1).into(), int(1).into()));
    assert!(of(wide).contains("float64 where int64 belongs"));
    assert!(of(compare(Compare::Eq, int(1), float(1.0))).contains("operands"));
    assert!(
        of(expr(I64, ExprKind::Compare(Compare::Eq, int(1).into(), int(1).into())))
            .contains("int64 where bool belongs")
    );
    let or = expr(BOOL, ExprKind::Or(int(1).into(), int(1).into()));
    assert!(of(or).contains("int64 where bool belongs"));
    let test = StmtKind::If { test: int(1), body: vec![], orelse: vec![] };
    assert!(verdict(vec![stmt(test)]).contains("int64 where bool belongs"));
}

#[test]
fn operations_are_defined_for_their_operands() {
    assert!(of(binary(Binary::Div, int(1), int(1))).contains("Div of int64"));
    assert!(of(binary(Binary::And, float(1.0), float(1.0))).contains("And of float64"));
    let z = || expr(C128, ExprKind::Const(Value::Complex(0.0, 1.0)));
    assert!(of(binary(Binary::Mod, z(), z())).contains("Mod of complex128"));
    assert!(of(compare(Compare::Lt, z(), z())).contains("Lt of complex128"));
    assert!(of(expr(F64, ExprKind::Unary(Unary::Invert, float(1.0).into()))).contains("Invert"));
    assert_eq!(of(expr(F64, ExprKind::Unary(Unary::Abs, z().into()))), "");
    assert!(of(math(Math::Sin, vec![int(1)])).contains("Sin of int64"));
    assert!(of(math(Math::Sin, vec![float(1.0), float(1.0)])).contains("Sin of 2 operands"));
    assert!(of(math(Math::IsNan, vec![float(1.0)])).contains("float64 where bool belongs"));
}

#[test]
fn constants_are_of_their_types() {
    let byte = |value| expr(Type::scalar(Scalar::I8), ExprKind::Const(Value::Int(value)));
    assert_eq!(of(byte(-128)), "");
    assert!(of(byte(128)).contains("the constant Int(128) is int8"));
    assert!(of(expr(F64, ExprKind::Const(Value::Int(1)))).contains("is float64"));
    assert!(of(expr(Type::Unknown, ExprKind::Const(Value::None))).contains("unknown"));
}

#[test]
fn variables_are_there_and_arrays_are_arrays() {
    assert!(of(local(9, I64)).contains("no variable number 9"));
    assert!(of(load(0, Scalar::F64, int(0))).contains("int64 used as an array"));
    assert!(of(load(2, Scalar::F64, int(0))).contains("1 indices of an array of 2 dimensions"));
    let flat = Place::Flat(int(0).into());
    let flat = expr(F64, ExprKind::Load { array: Local(2), place: flat });
    assert!(of(flat).contains("in any layout"));
    assert!(of(expr(I64, ExprKind::Shape(Local(2), 2))).contains("axis 2"));
    assert!(verdict(vec![store(3, int(0), float(1.0))]).contains("only read"));
    let view = |shape: Vec<Expr>, readonly| {
        let ty = ArrayType { readonly, ..ArrayType::new(Scalar::F64, 1) };
        let (array, offset) = (Local(3), int(0).into());
        let strides = shape.clone();
        expr(Type::Array(ty), ExprKind::View { array, offset, shape, strides })
    };
    assert_eq!(of(view(vec![int(1)], true)), "");
    assert!(of(view(vec![int(1)], false)).contains("a view of"));
    assert!(of(view(vec![], true)).contains("0 sizes, 0 strides"));
}

#[test]
fn optional_values_are_unwrapped_in_words() {
    let optional = Type::Optional(Arc::new(F64));
    let some = |value| expr(optional.clone(), ExprKind::Some(Box::new(value)));
    assert_eq!(verdict(vec![assign(4, some(float(1.0)))]), "");
    assert!(verdict(vec![assign(4, float(1.0))]).contains("float64 where float64 or None"));
    assert!(of(some(int(1))).contains("int64 where float64 belongs"));
    assert!(of(expr(F64, ExprKind::Unwrap(float(1.0).into()))).contains("as an optional"));
}

#[test]
fn loops_are_left_from_within() {
    let leave = || stmt(StmtKind::Break);
    assert!(verdict(vec![leave()]).contains("break outside"));
    assert!(verdict(vec![stmt(StmtKind::Continue)]).contains("continue outside"));
    assert_eq!(verdict(vec![stmt(StmtKind::Loop { body: vec![leave()] })]), "");
    assert!(parallel(vec![], vec![leave()]).contains("out of a parallel"));
    assert!(parallel(vec![], vec![stmt(StmtKind::Return(None))]).contains("out of a parallel"));
    assert_eq!(parallel(vec![], vec![stmt(StmtKind::Loop { body: vec![leave()] })]), "");
    assert!(verdict(vec![count(1, [int(0), int(1), int(1)], None, vec![])]).contains("is float64"));
    assert!(verdict(vec![count(0, [int(0), int(1), int(0)], None, vec![])]).contains("step of 0"));
}

#[test]
fn reductions_have_an_identity_and_a_place() {
    assert_eq!(parallel(vec![(Local(1), Reduction::Max)], vec![]), "");
    assert!(parallel(vec![(Local(1), Reduction::Xor)], vec![]).contains("Xor of float64"));
    let twice = vec![(Local(1), Reduction::Add), (Local(1), Reduction::Mul)];
    assert!(parallel(twice, vec![]).contains("two reductions"));
    assert!(parallel(vec![(Local(3), Reduction::Add)], vec![]).contains("only read"));
    let moved = vec![assign(2, expr_of_matrix())];
    assert!(parallel(vec![(Local(2), Reduction::Add)], moved).contains("another one"));
}

fn expr_of_matrix() -> Expr {
    let shape = vec![int(1), int(1)];
    expr(array(Scalar::F64, 2), ExprKind::Allocate { shape, zeroed: true })
}

#[test]
fn a_function_returns_what_it_says() {
    let returning = |body| check(&program(function(&[], &[], I64, body))).unwrap_err();
    assert!(returning(vec![]).contains("ends without a return of int64"));
    assert!(returning(vec![give(float(1.0))]).contains("float64 where int64 belongs"));
    assert!(returning(vec![stmt(StmtKind::Return(None))]).contains("None where int64"));
    assert!(verdict(vec![give(int(1))]).contains("where the result is None"));
    let forever = vec![stmt(StmtKind::Loop { body: vec![give(int(1))] })];
    assert_eq!(check(&program(function(&[], &[], I64, forever))), Ok(()));
}

#[test]
fn calls_fit_their_functions() {
    let call = |number, arguments| expr(Type::None, ExprKind::Call(FunctionId(number), arguments));
    assert!(of(call(1, vec![])).contains("function number 1"));
    assert!(of(call(0, vec![int(1)])).contains("with 1 arguments"));
    let seed = expr(Type::None, ExprKind::Runtime(Runtime::Seed, vec![float(1.0)]));
    assert!(of(seed).contains("Seed of (float64) is None"));
    let product = expr(Type::None, ExprKind::Runtime(Runtime::MatMul, vec![expr_of_matrix(); 2]));
    assert!(of(product).contains("MatMul of (array"));
}

#[test]
fn messages_hold_four_numbers() {
    let raise = |values: Vec<Expr>| {
        let message = values.into_iter().map(Piece::Value).collect();
        verdict(vec![stmt(StmtKind::Raise(Raise { exception: Exception::Key, message }))])
    };
    assert_eq!(raise(vec![int(1); 4]), "");
    assert!(raise(vec![int(1); 5]).contains("5 values"));
    assert!(raise(vec![text("a")]).contains("a value of str"));
}

#[test]
#[should_panic(
    expected = "a program that is none: function f, line 7: float64 where int64 belongs"
)]
fn what_breaks_a_rule_is_not_run() {
    crate::runtime::run(
        &program(function(&[], &[I64], Type::None, vec![assign(0, float(1.0))])),
        &[],
    );
}
