//! What programs do in the interpreter.

use crate::build::*;
use crate::runtime::{self, floats, run, run_with};
use kernel::abi::{chunk, chunk_key, chunks, mix, random_bits, unit};
use kernel::interpret::{Failure, Raised};
use kernel::ir::*;
use kernel::syntax::Span;
use kernel::types::{Scalar, Type};
use std::sync::Arc;

fn raised(failure: Failure) -> Raised {
    match failure {
        Failure::Raised(raised) => *raised,
        Failure::Interrupted => panic!("interrupted"),
    }
}

#[test]
fn a_loop_counts_to_its_stop_in_either_direction() {
    for (start, stop, step, expected) in [
        (0, 10, 1, (0..10).collect::<Vec<i64>>()),
        (0, 10, 3, vec![0, 3, 6, 9]),
        (10, 0, -4, vec![10, 6, 2]),
        (5, 5, 1, vec![]),
        (5, 0, 1, vec![]),
        (0, 5, -1, vec![]),
        (i64::MAX - 2, i64::MAX, 2, vec![i64::MAX - 2]),
        (i64::MIN, i64::MAX, i64::MAX, vec![i64::MIN, -1, i64::MAX - 1]),
    ] {
        let seen = expr(Type::Str, ExprKind::Const(Value::Str("".into())));
        let body = vec![
            stmt(StmtKind::Print(vec![local(0, I64), seen])),
            // What the body does to the variable does not change the count.
            assign(0, int(99)),
        ];
        let rounds = [start, stop, step].map(int);
        let body = vec![count(0, rounds, None, body)];
        let run = run(&program(function(&[], &[I64], Type::None, body)), &[]);
        assert_eq!(run.result, Ok(vec![]));
        let expected: String = expected.iter().map(|value| format!("{value} \n")).collect();
        assert_eq!(run.output, expected);
    }
}

#[test]
fn break_and_continue_mean_the_innermost_loop() {
    // for i in range(3): for j in range(5): if j == 1: continue; if j == 3: break; print(i, j)
    let when = |value, kind| {
        let test = compare(Compare::Eq, local(1, I64), int(value));
        stmt(StmtKind::If { test, body: vec![stmt(kind)], orelse: vec![] })
    };
    let print = stmt(StmtKind::Print(vec![local(0, I64), local(1, I64)]));
    let inner = vec![when(1, StmtKind::Continue), when(3, StmtKind::Break), print];
    let inner = count(1, [int(0), int(5), int(1)], None, inner);
    let outer = count(0, [int(0), int(3), int(1)], None, vec![inner]);
    let run = run(&program(function(&[], &[I64, I64], Type::None, vec![outer])), &[]);
    assert_eq!(run.output, "0 0\n0 2\n1 0\n1 2\n2 0\n2 2\n");
}

#[test]
fn values_are_printed_as_python_prints_them() {
    let values = vec![
        int(-3),
        cast(float(0.5), Type::scalar(Scalar::F32)),
        float(1e300),
        expr(BOOL, ExprKind::Const(Value::Bool(true))),
        text("so"),
        expr(C128, ExprKind::Const(Value::Complex(1.0, -2.0))),
        cast(float(0.25), Type::scalar(Scalar::C64)),
        expr(Type::None, ExprKind::Const(Value::None)),
        cast(int(-1), Type::scalar(Scalar::U64)),
    ];
    let body = vec![stmt(StmtKind::Print(values))];
    let run = run(&program(function(&[], &[], Type::None, body)), &[]);
    let expected = "-3 0.5 1e+300 True so (1-2j) (0.25+0j) None 18446744073709551615\n";
    assert_eq!(run.output, expected);
}

/// `f(n) = 1 if n < 2 else f(n - 1) * n`, and the same without an end.
fn factorial(has_end: bool) -> Program {
    let less = binary(Binary::Sub, local(0, I64), int(1));
    let deeper = expr(I64, ExprKind::Call(FunctionId(0), vec![less]));
    let product = binary(Binary::Mul, deeper, local(0, I64));
    let test = compare(Compare::Lt, local(0, I64), int(if has_end { 2 } else { i64::MIN }));
    let value = expr(I64, ExprKind::IfElse(test.into(), int(1).into(), product.into()));
    returning(&[I64], value)
}

#[test]
fn functions_call_themselves_until_the_stack_ends() {
    assert_eq!(run(&factorial(true), &[10]).result, Ok(vec![3_628_800]));
    let failure = raised(run(&factorial(false), &[10]).result.unwrap_err());
    assert_eq!(failure.exception, Exception::Runtime);
    assert_eq!(failure.message, "maximum recursion depth exceeded");
}

#[test]
fn a_failure_says_what_where_and_in_which_function() {
    let message = vec![
        Piece::Text("no ".into()),
        Piece::Value(local(0, F64)),
        Piece::Text(" here, ".into()),
        Piece::Value(int(-1)),
    ];
    let raise = stmt(StmtKind::Raise(Raise { exception: Exception::Value, message }));
    let failing = function(&[F64], &[], I64, vec![raise]);
    let call = expr(I64, ExprKind::Call(FunctionId(1), vec![float(0.1)]));
    let mut program = returning(&[], call);
    program.functions.push(Function { name: "inner".into(), ..failing });
    let failure = raised(run(&program, &[]).result.unwrap_err());
    let expected = Raised {
        exception: Exception::Value,
        message: "no 0.1 here, -1".into(),
        span: Span { line: 7, column: 0 },
        function: "inner".into(),
        file: "test.py".into(),
    };
    assert_eq!(failure, expected);
}

fn index(of: Expr, size: Expr, check: bool) -> Expr {
    expr(I64, ExprKind::Index { index: of.into(), size: size.into(), axis: 1, check })
}

#[test]
fn indices_count_from_the_end_and_are_checked() {
    let program = returning(&[I64], index(local(0, I64), int(5), true));
    for (given, found) in [(0, 0), (4, 4), (-1, 4), (-5, 0)] {
        assert_eq!(run(&program, &[given as u64]).result, Ok(vec![found]));
    }
    for bad in [5_i64, -6, i64::MAX, i64::MIN] {
        let failure = raised(run(&program, &[bad as u64]).result.unwrap_err());
        assert_eq!(failure.exception, Exception::Index);
        let message = format!("index {bad} is out of bounds for axis 1 with size 5");
        assert_eq!(failure.message, message);
    }
    let unchecked = returning(&[I64], index(local(0, I64), int(5), false));
    assert_eq!(run(&unchecked, &[9]).result, Ok(vec![9]));
}

/// A new array of `size` float64 zeros.
fn zeros(size: Expr) -> Expr {
    expr(array(Scalar::F64, 1), ExprKind::Allocate { shape: vec![size], zeroed: true })
}

#[test]
fn arrays_are_made_shared_and_freed() {
    let ty = array(Scalar::F64, 1);
    // a = zeros(3); for i in range(3): b = a; a = zeros(3); b[i] = 1; a[i] = 2; return a
    let body = vec![
        assign(0, zeros(int(3))),
        count(
            2,
            [int(0), int(3), int(1)],
            None,
            vec![
                assign(1, local(0, ty.clone())),
                assign(0, zeros(int(3))),
                store(1, local(2, I64), float(1.0)),
                store(0, local(2, I64), float(2.0)),
            ],
        ),
        give(local(0, ty.clone())),
    ];
    let program = program(function(&[], &[ty.clone(), ty.clone(), I64], ty, body));
    let run = run_with(&program, &[], 0, |slots| floats(slots, 3));
    assert_eq!(run.result, Ok([0.0, 0.0, 2.0].map(f64::to_bits).to_vec()));
    assert_eq!(run.leaked, 0);
}

#[test]
fn a_failure_frees_what_was_made_on_the_way() {
    let ty = array(Scalar::F64, 1);
    let pair = Type::tuple([ty.clone(), I64]);
    let bad = index(int(9), int(3), true);
    let both = expr(pair.clone(), ExprKind::Tuple(vec![zeros(int(4)), bad]));
    let body = vec![assign(0, both)];
    let run = run(&program(function(&[], &[pair], Type::None, body)), &[]);
    assert!(run.result.is_err());
    assert_eq!(run.leaked, 0);
}

#[test]
fn parts_of_what_is_made_on_the_way_outlive_the_rest() {
    let ty = array(Scalar::F64, 1);
    let pair = Type::tuple([ty.clone(), ty.clone()]);
    let both = expr(pair, ExprKind::Tuple(vec![zeros(int(4)), zeros(int(2))]));
    let second = expr(ty.clone(), ExprKind::Item(both.into(), 1));
    let one = Type::Optional(Arc::new(ty.clone()));
    let some = expr(one, ExprKind::Some(second.into()));
    let value = expr(ty, ExprKind::Unwrap(some.into()));
    let run = run_with(&returning(&[], value), &[], 0, |slots| vec![slots[2]]);
    assert_eq!(run.result, Ok(vec![2]));
    assert_eq!(run.leaked, 0);
}

#[test]
fn arguments_stay_the_callers() {
    let ty = array(Scalar::F64, 1);
    let elements = [1.5_f64, 2.5, 4.0];
    let last = load(0, Scalar::F64, int(2));
    let given = runtime::array(&elements);
    let result = run(&returning(std::slice::from_ref(&ty), last), &given).result;
    assert_eq!(result, Ok(vec![4.0_f64.to_bits()]));
    // A view of an argument has no owner.
    let reversed = ExprKind::View {
        array: Local(0),
        offset: int(16).into(),
        shape: vec![int(3)],
        strides: vec![int(-8)],
    };
    let any = Type::Array(kernel::types::ArrayType {
        ones: 0,
        layout: kernel::types::Layout::Any,
        ..ty.as_array().unwrap()
    });
    let run = run(&returning(&[ty], expr(any, reversed)), &given);
    assert_eq!(run.result, Ok(vec![given[0] + 16, 0, 3, (-8_i64) as u64]));
}

#[test]
fn what_does_not_fit_into_memory_is_said() {
    let huge = zeros(int(1 << 61));
    let failure = raised(run(&returning(&[], huge), &[]).result.unwrap_err());
    assert_eq!(failure.exception, Exception::Memory);
    assert_eq!(failure.message, format!("unable to allocate {} bytes for an array", u64::MAX));
}

#[test]
fn elements_of_every_dtype_are_read_and_written() {
    for dtype in Scalar::ALL {
        // a[1] = a[0]; return a[1]
        let mut memory = [0_u64; 4];
        let value: &[u64] = match dtype {
            Scalar::F32 => &[u64::from(1.5_f32.to_bits())],
            Scalar::C64 => &[u64::from(1.5_f32.to_bits()), u64::from((-2.0_f32).to_bits())],
            Scalar::F64 => &[1.5_f64.to_bits()],
            Scalar::C128 => &[1.5_f64.to_bits(), (-2.0_f64).to_bits()],
            Scalar::Bool => &[1],
            Scalar::I8 | Scalar::I16 | Scalar::I32 | Scalar::I64 => &[-7_i64 as u64],
            _ => &[250],
        };
        let part = dtype.real().size();
        let mut bytes: Vec<u8> = Vec::new();
        for word in value {
            bytes.extend(&word.to_le_bytes()[..part]);
        }
        bytes.resize(32, 0);
        for (word, bytes) in memory.iter_mut().zip(bytes.chunks(8)) {
            *word = u64::from_le_bytes(bytes.try_into().unwrap());
        }
        let first = memory.as_mut_ptr().expose_provenance() as u64;
        let body = vec![store(0, int(1), load(0, dtype, int(0))), give(load(0, dtype, int(1)))];
        let body = function(&[array(dtype, 1)], &[], Type::scalar(dtype), body);
        let result = run(&program(body), &[first, 0, 2, dtype.size() as u64]).result;
        assert_eq!(result, Ok(value.to_vec()), "{dtype}");
    }
}

#[test]
fn texts_compare_as_their_bytes() {
    for (op, expected) in [(Compare::Eq, 0), (Compare::Lt, 1), (Compare::Ge, 0), (Compare::Ne, 1)] {
        let program = returning(&[Type::Str], compare(op, local(0, Type::Str), text("b")));
        let given = "abc";
        let slots = [given.as_ptr().expose_provenance() as u64, 3];
        assert_eq!(run(&program, &slots).result, Ok(vec![expected]), "{op:?}");
    }
}

#[test]
fn loops_end_when_they_are_asked_to() {
    let body = vec![stmt(StmtKind::Loop { body: vec![] })];
    let run = run_with(&program(function(&[], &[], Type::None, body)), &[], 1, <[u64]>::to_vec);
    assert_eq!(run.result, Err(Failure::Interrupted));
    assert_eq!(run.polls, 3);
}

fn random() -> Expr {
    expr(F64, ExprKind::Runtime(Runtime::Random, vec![]))
}

#[test]
fn random_numbers_are_the_streams_next() {
    let seed = expr(Type::None, ExprKind::Runtime(Runtime::Seed, vec![int(42)]));
    let sum = binary(Binary::Sub, random(), random());
    let body = vec![stmt(StmtKind::Expr(seed)), give(sum)];
    let run = run(&program(function(&[], &[], F64, body)), &[]);
    let draw = |n| unit(random_bits(mix(42), n));
    assert_eq!(run.result, Ok(vec![(draw(1) - draw(2)).to_bits()]));
    assert_eq!(run.stream, (mix(42), 2));

    let mut generator = [9_u64, 5];
    let bits = ExprKind::Runtime(Runtime::RandomBits, vec![local(0, Type::Generator)]);
    let program = returning(&[Type::Generator], expr(Type::scalar(Scalar::U64), bits));
    let address = generator.as_mut_ptr().expose_provenance() as u64;
    assert_eq!(runtime::run(&program, &[address]).result, Ok(vec![random_bits(9, 6)]));
    assert_eq!(generator, [9, 6]);
}

#[test]
fn a_parallel_loop_adds_up_chunk_by_chunk() {
    // total = 0.5; for i in prange(3, stop, 2): total += random() * i
    let product = binary(Binary::Mul, random(), cast(local(2, I64), F64));
    let add = assign(1, binary(Binary::Add, local(1, F64), product));
    let parallel = Parallel { reductions: vec![(Local(1), Reduction::Add)] };
    let rounds = [int(3), local(0, I64), int(2)];
    let body = vec![
        assign(1, float(0.5)),
        count(2, rounds, Some(parallel), vec![add]),
        give(local(1, F64)),
    ];
    let program = program(function(&[I64], &[F64, I64], F64, body));
    for stop in [0, 3, 4, 50, 1_001] {
        let run = run(&program, &[stop as u64]);
        let count = if stop > 3 { (stop - 3 + 1) / 2 } else { 0 };
        let mut total = 0.5;
        for number in 0..chunks(count) {
            let key = chunk_key(1, 0, number);
            let (from, to) = chunk(count, number);
            let mut partial = 0.0;
            for (n, round) in (from..to).enumerate() {
                partial += unit(random_bits(key, n as u64 + 1)) * (3 + 2 * round) as f64;
            }
            total += partial;
        }
        assert_eq!(run.result, Ok(vec![f64::to_bits(total)]));
        assert_eq!(run.stream, (1, 1));
    }
}

#[test]
fn a_parallel_loop_reduces_arrays_and_keeps_its_variables_apart() {
    let ty = array(Scalar::F64, 1);
    // counts = zeros(4); scratch = zeros(1)
    // for i in prange(1000): scratch = zeros(4); j = i % 4; scratch[j] = 1; counts[j] += scratch[j]
    let j = || local(3, I64);
    let body = vec![
        assign(1, zeros(int(4))),
        assign(3, binary(Binary::Mod, local(2, I64), int(4))),
        store(1, j(), float(1.0)),
        store(0, j(), binary(Binary::Add, load(0, Scalar::F64, j()), load(1, Scalar::F64, j()))),
    ];
    let parallel = Parallel { reductions: vec![(Local(0), Reduction::Add)] };
    let body = vec![
        assign(0, zeros(int(4))),
        assign(1, zeros(int(1))),
        assign(3, int(-1)),
        count(2, [int(0), int(1000), int(1)], Some(parallel), body),
        store(0, int(0), cast(j(), F64)),
        give(local(0, ty.clone())),
    ];
    let program = program(function(&[], &[ty.clone(), ty.clone(), I64, I64], ty, body));
    let run = run_with(&program, &[], 0, |slots| floats(slots, 4));
    assert_eq!(run.result, Ok([-1.0, 250.0, 250.0, 250.0].map(f64::to_bits).to_vec()));
    assert_eq!(run.leaked, 0);
}

#[test]
fn a_failure_in_a_parallel_loop_is_the_first_chunks() {
    let ty = array(Scalar::F64, 1);
    let bad = index(local(0, I64), int(500), true);
    let body = vec![assign(1, zeros(int(8))), stmt(StmtKind::Expr(bad))];
    let body = vec![count(0, [int(0), int(1000), int(1)], Some(Parallel::default()), body)];
    let run = run(&program(function(&[], &[I64, ty], Type::None, body)), &[]);
    let failure = raised(run.result.unwrap_err());
    assert_eq!(failure.message, "index 500 is out of bounds for axis 1 with size 500");
    assert_eq!(run.leaked, 0);
}

#[test]
fn linear_algebra_is_asked_for_with_the_dtype() {
    let matrix = array(Scalar::F32, 2);
    let given = ExprKind::Runtime(
        Runtime::Inverse,
        vec![local(0, matrix.clone()), local(0, matrix.clone())],
    );
    let program = returning(&[matrix], expr(I64, given));
    let which = kernel::abi::linalg(Runtime::Inverse, Scalar::F32);
    let result = run(&program, &[0, 0, 3, 3, 12, 4]).result;
    assert_eq!(result, Ok(vec![which * 1_000 + 3]));
}
