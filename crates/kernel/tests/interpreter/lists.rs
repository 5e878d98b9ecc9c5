//! Lists: what is put into them, moved, and given back when nobody knows them any more.

use crate::build::*;
use crate::runtime::{array, run};
use kernel::abi::slots;
use kernel::check::check;
use kernel::ir::*;
use kernel::types::{Scalar, Type};

fn list_of(item: &Type) -> Type {
    Type::list(item.clone())
}

fn new(number: u32, item: &Type) -> Stmt {
    assign(number, expr(list_of(item), ExprKind::List))
}

fn append(number: u32, value: Expr) -> Stmt {
    stmt(StmtKind::Append { list: Local(number), value })
}

fn shift(number: u32, at: i64, by: i64) -> Stmt {
    stmt(StmtKind::Shift { list: Local(number), at: int(at), by: int(by) })
}

fn set(number: u32, index: i64, value: Expr) -> Stmt {
    stmt(StmtKind::SetItem { list: Local(number), index: int(index), value })
}

fn item(number: u32, index: Expr, ty: &Type) -> Expr {
    expr(ty.clone(), ExprKind::ItemAt { list: Local(number), index: index.into() })
}

fn length(number: u32) -> Expr {
    expr(I64, ExprKind::Length(Local(number)))
}

/// Statements that print a list of numbers.
fn show(number: u32, variable: u32, ty: &Type) -> Stmt {
    let print = stmt(StmtKind::Print(vec![item(number, local(variable, I64), ty)]));
    count(variable, [int(0), length(number), int(1)], None, vec![print])
}

#[test]
fn items_are_put_between_others_and_taken_out() {
    let mut body = vec![new(0, &I64)];
    body.extend((0..20).map(|value| append(0, int(value))));
    // From 1 to 17 nothing is left; two zeros come behind the first, of which one is given a value.
    body.extend([shift(0, 1, -16), shift(0, 1, 2), set(0, 2, int(50)), show(0, 1, &I64)]);
    let run = run(&program(function(&[], &[list_of(&I64), I64], Type::None, body)), &[]);
    assert_eq!(run.result, Ok(vec![]));
    assert_eq!(run.output, "0\n0\n50\n17\n18\n19\n");
    assert_eq!(run.leaked, 0);
}

#[test]
fn a_list_is_the_same_one_under_all_its_names() {
    let inner = list_of(&F64);
    let outer = list_of(&inner);
    // b = a; outer holds it twice; what is put into b is seen through outer[1].
    let body = vec![
        new(0, &F64),
        assign(1, local(0, inner.clone())),
        new(2, &inner),
        append(2, local(0, inner.clone())),
        append(2, local(1, inner.clone())),
        append(1, float(2.5)),
        assign(0, item(2, int(1), &inner)),
        show(0, 3, &F64),
        // One of the two is replaced, the other is dropped.
        assign(1, expr(inner.clone(), ExprKind::List)),
        set(2, 0, local(1, inner.clone())),
        shift(2, 1, -1),
    ];
    let run =
        run(&program(function(&[], &[inner.clone(), inner, outer, I64], Type::None, body)), &[]);
    assert_eq!((run.result, run.output.as_str()), (Ok(vec![]), "2.5\n"));
    assert_eq!(run.leaked, 0);
}

#[test]
fn items_of_several_slots_keep_their_parts_together() {
    let numbers = kernel_array();
    let pair = Type::tuple([I64, numbers.clone()]);
    let given = [1.5, 2.5];
    let made = |value, of| expr(pair.clone(), ExprKind::Tuple(vec![int(value), of]));
    let sizes = ExprKind::Allocate { shape: vec![int(1)], zeroed: true };
    let body = vec![
        new(1, &pair),
        append(1, made(7, local(0, numbers.clone()))),
        append(1, made(8, expr(numbers.clone(), sizes))),
        assign(2, item(1, int(0), &pair)),
        shift(1, 0, -1),
        assign(2, item(1, int(0), &pair)),
        stmt(StmtKind::Print(vec![expr(I64, ExprKind::Item(local(2, pair.clone()).into(), 0))])),
    ];
    let program = program(function(&[numbers], &[list_of(&pair), pair], Type::None, body));
    let run = run(&program, &array(&given));
    assert_eq!((run.result, run.output.as_str(), run.leaked), (Ok(vec![]), "8\n", 0));
}

fn kernel_array() -> Type {
    crate::build::array(Scalar::F64, 1)
}

#[test]
fn what_is_put_into_a_list_is_of_its_items_type() {
    let of = |body| check(&program(function(&[], &[list_of(&I64), F64], Type::None, body)));
    assert_eq!(of(vec![new(0, &I64), append(0, int(1))]), Ok(()));
    assert!(of(vec![append(0, float(1.0))]).unwrap_err().contains("float64 where int64 belongs"));
    assert!(of(vec![append(1, float(1.0))]).unwrap_err().contains("float64 used as a list"));
    // One that holds nothing may be one of anything, but not the other way round.
    let nothing = expr(Type::list(Type::Unknown), ExprKind::List);
    assert_eq!(of(vec![assign(0, nothing)]), Ok(()));
    assert!(of(vec![assign(0, expr(list_of(&F64), ExprKind::List))]).is_err());
    assert_eq!(slots(&list_of(&F64)), 1);
}
