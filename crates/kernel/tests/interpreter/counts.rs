//! What programs with counters count: the same as by hand, and they do the same beside.

use crate::build::*;
use crate::runtime::{self, run};
use kernel::check::check;
use kernel::count::counted;
use kernel::ir::*;
use kernel::types::{Scalar, Type};

/// Operations and bytes of a run, which must return what it does without counters.
fn counts(program: &Program, arguments: &[u64]) -> (u64, u64) {
    let plain = run(program, arguments);
    let program = counted(program).expect("all is known");
    assert_eq!(check(&program), Ok(()));
    let run = run(&program, arguments);
    assert_eq!(run.result, plain.result);
    assert_eq!(plain.counted, (0, 0));
    run.counted
}

fn rounds(n: Expr) -> [Expr; 3] {
    [int(0), n, int(1)]
}

fn sum_of_squares(test: Option<Expr>) -> Vec<Stmt> {
    let x = || load(0, Scalar::F64, local(1, I64));
    let more = binary(Binary::Add, local(2, F64), binary(Binary::Mul, x(), x()));
    let add = assign(2, more);
    let body = match test {
        None => add,
        Some(test) => stmt(StmtKind::If { test, body: vec![add], orelse: vec![] }),
    };
    let size = expr(I64, ExprKind::Shape(Local(0), 0));
    vec![assign(2, float(0.0)), count(1, rounds(size), None, vec![body]), give(local(2, F64))]
}

const NUMBERS: [f64; 5] = [1.0, -2.0, 3.0, -4.0, 5.0];

fn over_numbers(body: Vec<Stmt>) -> Program {
    program(function(&[array(Scalar::F64, 1)], &[I64, F64], F64, body))
}

#[test]
fn a_loop_counts_each_round() {
    let program = over_numbers(sum_of_squares(None));
    assert_eq!(counts(&program, &runtime::array(&NUMBERS)), (10, 40));
}

#[test]
fn a_plain_loop_s_body_stays_as_it_was() {
    let program = over_numbers(sum_of_squares(None));
    let with = counted(&program).unwrap();
    let body = |program: &Program| {
        let mut all = program.functions[0].body.iter();
        all.find_map(|stmt| match &stmt.kind {
            StmtKind::For(one) => Some(one.body.clone()),
            _ => None,
        })
    };
    assert_eq!(body(&with), body(&program));
}

#[test]
fn what_is_not_done_is_not_counted() {
    let x = || load(0, Scalar::F64, local(1, I64));
    let positive = || compare(Compare::Gt, x(), float(0.0));
    let program = over_numbers(sum_of_squares(Some(positive())));
    // All five are looked at; three are loaded again, and squared.
    assert_eq!(counts(&program, &runtime::array(&NUMBERS)), (3 * 2, 5 * 8 + 3 * 8));

    let root = expr(F64, ExprKind::Math(Math::Sqrt, vec![x()]));
    let choice = ExprKind::IfElse(positive().into(), root.into(), float(0.0).into());
    let size = expr(I64, ExprKind::Shape(Local(0), 0));
    let body = vec![
        assign(2, float(0.0)),
        count(1, rounds(size), None, vec![assign(2, expr(F64, choice))]),
        give(local(2, F64)),
    ];
    assert_eq!(counts(&over_numbers(body), &runtime::array(&NUMBERS)), (3, 5 * 8));
}

#[test]
fn strides_and_empty_loops_have_the_rounds_that_they_have() {
    for (start, stop, step, rounds) in
        [(0, 10, 3, 4), (10, 0, -4, 3), (5, 5, 1, 0), (5, 0, 1, 0), (0, 5, -1, 0)]
    {
        let more = assign(1, binary(Binary::Add, local(1, F64), float(1.0)));
        let loops = count(0, [start, stop, step].map(int), None, vec![more]);
        let body = vec![assign(1, float(0.0)), loops, give(local(1, F64))];
        let program = program(function(&[], &[I64, F64], F64, body));
        assert_eq!(counts(&program, &[]), (rounds, 0), "{start}, {stop}, {step}");
    }
}

#[test]
fn chunks_of_parallel_loops_and_functions_that_are_called_count_too() {
    let x = || load(0, Scalar::F64, local(1, I64));
    let call = expr(F64, ExprKind::Call(FunctionId(1), vec![x()]));
    let reductions = vec![(Local(2), Reduction::Add)];
    let size = expr(I64, ExprKind::Shape(Local(0), 0));
    let add = assign(2, binary(Binary::Add, local(2, F64), call));
    let test = compare(Compare::Gt, x(), float(0.0));
    let add = stmt(StmtKind::If { test, body: vec![add], orelse: vec![] });
    let body = vec![
        assign(2, float(0.0)),
        count(1, rounds(size), Some(Parallel { reductions }), vec![add]),
        give(local(2, F64)),
    ];
    let first = function(&[array(Scalar::F64, 1)], &[I64, F64], F64, body);
    let exp = expr(F64, ExprKind::Math(Math::Exp, vec![local(0, F64)]));
    let second = function(&[F64], &[], F64, vec![give(exp)]);
    let program = Program { functions: vec![first, second] };
    assert_eq!(counts(&program, &runtime::array(&NUMBERS)), (3 * (1 + 8), 5 * 8 + 3 * 8));
}

#[test]
fn what_a_return_computes_on_a_condition_is_counted() {
    let x = || local(0, F64);
    let positive = compare(Compare::Gt, x(), float(0.0));
    let root = expr(F64, ExprKind::Math(Math::Sqrt, vec![x()]));
    let choice = ExprKind::IfElse(positive.into(), root.into(), float(0.0).into());
    let program = program(function(&[F64], &[], F64, vec![give(expr(F64, choice))]));
    assert_eq!(counts(&program, &[4.0_f64.to_bits()]), (1, 0));
    assert_eq!(counts(&program, &[(-4.0_f64).to_bits()]), (0, 0));
}

#[test]
fn what_nobody_knows_is_not_counted() {
    let matrix = array(Scalar::F64, 2);
    let whole = |number| expr(matrix.clone(), ExprKind::Local(Local(number)));
    let inverse = ExprKind::Runtime(Runtime::Inverse, vec![whole(0), whole(1)]);
    let body = vec![stmt(StmtKind::Expr(expr(I64, inverse)))];
    let program = program(function(&[matrix.clone(), matrix.clone()], &[], Type::None, body));
    assert_eq!(counted(&program), None);
}
