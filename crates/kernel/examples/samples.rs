//! Writes the LLVM text of some sample programs, for `tests/test_kernel_llvm.py`.

#![allow(clippy::print_stdout)]
use kernel::ir::*;
use kernel::llvm;
use kernel::syntax::Span;
use kernel::types::*;
use std::sync::Arc;

const S: Span = Span { line: 3, column: 0 };
fn t(s: Scalar) -> Type {
    Type::scalar(s)
}
fn e(ty: Type, kind: ExprKind) -> Expr {
    Expr::new(S, ty, kind)
}
fn i(n: i64) -> Expr {
    Expr::int(S, n)
}
fn f(x: f64) -> Expr {
    e(t(Scalar::F64), ExprKind::Const(Value::Float(x)))
}
fn v(ty: &Type, n: u32) -> Expr {
    e(ty.clone(), ExprKind::Local(Local(n)))
}
fn b(op: Binary, x: Expr, y: Expr) -> Expr {
    e(x.ty.clone(), ExprKind::Binary(op, x.into(), y.into()))
}
fn c(op: Compare, x: Expr, y: Expr) -> Expr {
    e(t(Scalar::Bool), ExprKind::Compare(op, x.into(), y.into()))
}
fn s(kind: StmtKind) -> Stmt {
    Stmt { span: S, kind }
}
fn set(n: u32, x: Expr) -> Stmt {
    s(StmtKind::Assign(Local(n), x))
}
fn ret(x: Expr) -> Stmt {
    s(StmtKind::Return(Some(x)))
}
fn range(n: u32, start: Expr, stop: Expr, body: Vec<Stmt>) -> Stmt {
    s(StmtKind::For(Box::new(For {
        variable: Local(n),
        start,
        stop,
        step: i(1),
        body,
        parallel: None,
    })))
}
fn prange(n: u32, stop: Expr, body: Vec<Stmt>, red: Vec<(Local, Reduction)>) -> Stmt {
    s(StmtKind::For(Box::new(For {
        variable: Local(n),
        start: i(0),
        stop,
        step: i(1),
        body,
        parallel: Some(Parallel { reductions: red }),
    })))
}
fn shape(a: u32, k: usize) -> Expr {
    e(t(Scalar::I64), ExprKind::Shape(Local(a), k))
}
fn at(a: u32, axis: usize, x: Expr) -> Expr {
    e(
        t(Scalar::I64),
        ExprKind::Index { index: x.into(), size: shape(a, axis).into(), axis, check: true },
    )
}
fn load(d: Scalar, a: u32, idx: Vec<Expr>) -> Expr {
    let idx = idx.into_iter().enumerate().map(|(k, x)| at(a, k, x)).collect();
    e(t(d), ExprKind::Load { array: Local(a), place: Place::Indices(idx) })
}
fn store(a: u32, idx: Vec<Expr>, value: Expr) -> Stmt {
    let idx = idx.into_iter().enumerate().map(|(k, x)| at(a, k, x)).collect();
    s(StmtKind::Store { array: Local(a), place: Place::Indices(idx), value })
}
fn arr(d: Scalar, n: usize) -> Type {
    Type::Array(ArrayType::new(d, n))
}
fn m(x: Math, args: Vec<Expr>) -> Expr {
    e(args[0].ty.clone(), ExprKind::Math(x, args))
}
fn rnd() -> Expr {
    e(t(Scalar::F64), ExprKind::Runtime(Runtime::Random, vec![]))
}
fn func(
    name: &str,
    locals: Vec<Type>,
    parameters: usize,
    result: Type,
    body: Vec<Stmt>,
) -> Function {
    let locals = locals
        .into_iter()
        .enumerate()
        .map(|(k, ty)| Variable { name: format!("v{k}"), ty })
        .collect();
    Function {
        name: name.into(),
        file: Arc::from("sample.py"),
        locals,
        parameters,
        result,
        body,
        math: FastMath(false),
    }
}
fn call(id: u32, ty: Type, args: Vec<Expr>) -> Expr {
    e(ty, ExprKind::Call(FunctionId(id), args))
}
fn cast(to: Scalar, x: Expr) -> Expr {
    e(t(to), ExprKind::Cast(x.into()))
}

fn main() {
    use Binary::*;
    let (int, fl, bo) = (t(Scalar::I64), t(Scalar::F64), t(Scalar::Bool));
    let a1 = arr(Scalar::F64, 1);
    let a2 = arr(Scalar::F64, 2);
    let mut out: Vec<(&str, Vec<Function>)> = Vec::new();
    out.push((
        "add",
        vec![func(
            "add",
            vec![int.clone(); 2],
            2,
            int.clone(),
            vec![ret(b(Add, v(&int, 0), v(&int, 1)))],
        )],
    ));
    for (name, op) in [
        ("floordiv", FloorDiv),
        ("mod", Mod),
        ("rem", Rem),
        ("pow", Pow),
        ("shl", ShiftLeft),
        ("shr", ShiftRight),
        ("min", Min),
    ] {
        for (n, ty) in [
            ("i8", Scalar::I8),
            ("u8", Scalar::U8),
            ("i64", Scalar::I64),
            ("f64", Scalar::F64),
            ("f32", Scalar::F32),
        ] {
            if matches!(op, Pow | ShiftLeft | ShiftRight) && ty.is_float() {
                continue;
            }
            let ty = t(ty);
            let name: &str = Box::leak(format!("{name}_{n}").into_boxed_str());
            out.push((
                name,
                vec![func(
                    name,
                    vec![ty.clone(); 2],
                    2,
                    ty.clone(),
                    vec![ret(b(op, v(&ty, 0), v(&ty, 1)))],
                )],
            ));
        }
    }
    for to in
        [Scalar::I8, Scalar::U8, Scalar::I32, Scalar::U32, Scalar::I64, Scalar::U64, Scalar::Bool]
    {
        let name: &str = Box::leak(format!("cast_{to}").into_boxed_str());
        out.push((
            name,
            vec![func(name, vec![fl.clone()], 1, t(to), vec![ret(cast(to, v(&fl, 0)))])],
        ));
    }
    // locals: 0 a, 1 i, 2 s
    out.push((
        "sum",
        vec![func(
            "sum",
            vec![a1.clone(), int.clone(), fl.clone()],
            1,
            fl.clone(),
            vec![
                set(2, f(0.0)),
                range(
                    1,
                    i(0),
                    shape(0, 0),
                    vec![set(2, b(Add, v(&fl, 2), load(Scalar::F64, 0, vec![v(&int, 1)])))],
                ),
                ret(v(&fl, 2)),
            ],
        )],
    ));
    // out-of-bounds reads: 0 a, 1 k
    out.push((
        "get",
        vec![func(
            "get",
            vec![a1.clone(), int.clone()],
            2,
            fl.clone(),
            vec![ret(load(Scalar::F64, 0, vec![v(&int, 1)]))],
        )],
    ));
    // axpy into out: 0 x, 1 y, 2 out, 3 i
    out.push((
        "axpy",
        vec![func(
            "axpy",
            vec![a1.clone(), a1.clone(), a1.clone(), int.clone()],
            3,
            Type::None,
            vec![range(
                3,
                i(0),
                shape(0, 0),
                vec![store(
                    2,
                    vec![v(&int, 3)],
                    b(
                        Add,
                        b(Mul, f(2.0), load(Scalar::F64, 0, vec![v(&int, 3)])),
                        load(Scalar::F64, 1, vec![v(&int, 3)]),
                    ),
                )],
            )],
        )],
    ));
    // stencil: 0 a, 1 out, 2 i, 3 j
    out.push((
        "stencil",
        vec![func(
            "stencil",
            vec![a2.clone(), a2.clone(), int.clone(), int.clone()],
            2,
            Type::None,
            vec![range(
                2,
                i(1),
                b(Sub, shape(0, 0), i(1)),
                vec![range(
                    3,
                    i(1),
                    b(Sub, shape(0, 1), i(1)),
                    vec![store(
                        1,
                        vec![v(&int, 2), v(&int, 3)],
                        b(
                            Mul,
                            f(0.25),
                            b(
                                Add,
                                b(
                                    Add,
                                    load(
                                        Scalar::F64,
                                        0,
                                        vec![b(Sub, v(&int, 2), i(1)), v(&int, 3)],
                                    ),
                                    load(
                                        Scalar::F64,
                                        0,
                                        vec![b(Add, v(&int, 2), i(1)), v(&int, 3)],
                                    ),
                                ),
                                b(
                                    Add,
                                    load(
                                        Scalar::F64,
                                        0,
                                        vec![v(&int, 2), b(Sub, v(&int, 3), i(1))],
                                    ),
                                    load(
                                        Scalar::F64,
                                        0,
                                        vec![v(&int, 2), b(Add, v(&int, 3), i(1))],
                                    ),
                                ),
                            ),
                        ),
                    )],
                )],
            )],
        )],
    ));
    // matmul: 0 a, 1 b, 2 c, 3 i, 4 j, 5 k
    out.push((
        "matmul",
        vec![func(
            "matmul",
            vec![a2.clone(), a2.clone(), a2.clone(), int.clone(), int.clone(), int.clone()],
            3,
            Type::None,
            vec![range(
                3,
                i(0),
                shape(0, 0),
                vec![range(
                    4,
                    i(0),
                    shape(1, 1),
                    vec![range(
                        5,
                        i(0),
                        shape(0, 1),
                        vec![store(
                            2,
                            vec![v(&int, 3), v(&int, 4)],
                            b(
                                Add,
                                load(Scalar::F64, 2, vec![v(&int, 3), v(&int, 4)]),
                                b(
                                    Mul,
                                    load(Scalar::F64, 0, vec![v(&int, 3), v(&int, 5)]),
                                    load(Scalar::F64, 1, vec![v(&int, 5), v(&int, 4)]),
                                ),
                            ),
                        )],
                    )],
                )],
            )],
        )],
    ));
    // triangle sum with i - j: 0 a, 1 i, 2 j, 3 s
    out.push((
        "triangle",
        vec![func(
            "triangle",
            vec![a1.clone(), int.clone(), int.clone(), fl.clone()],
            1,
            fl.clone(),
            vec![
                range(
                    1,
                    i(0),
                    shape(0, 0),
                    vec![range(
                        2,
                        i(0),
                        v(&int, 1),
                        vec![set(
                            3,
                            b(
                                Add,
                                v(&fl, 3),
                                b(
                                    Mul,
                                    load(Scalar::F64, 0, vec![b(Sub, v(&int, 1), v(&int, 2))]),
                                    load(Scalar::F64, 0, vec![v(&int, 2)]),
                                ),
                            ),
                        )],
                    )],
                ),
                ret(v(&fl, 3)),
            ],
        )],
    ));
    // wrapping a[i - 1]: 0 a, 1 i, 2 s
    out.push((
        "wraps",
        vec![func(
            "wraps",
            vec![a1.clone(), int.clone(), fl.clone()],
            1,
            fl.clone(),
            vec![
                range(
                    1,
                    i(0),
                    shape(0, 0),
                    vec![set(
                        2,
                        b(
                            Add,
                            v(&fl, 2),
                            b(
                                Mul,
                                load(Scalar::F64, 0, vec![b(Sub, v(&int, 1), i(1))]),
                                load(Scalar::F64, 0, vec![v(&int, 1)]),
                            ),
                        ),
                    )],
                ),
                ret(v(&fl, 2)),
            ],
        )],
    ));
    // conditional a[i - 1] where i > 0, flat index i * n + j of 1-d: 0 a, 1 n, 2 m, 3 i, 4 j, 5 s
    out.push((
        "flat",
        vec![func(
            "flat",
            vec![a1.clone(), int.clone(), int.clone(), int.clone(), int.clone(), fl.clone()],
            3,
            fl.clone(),
            vec![
                range(
                    3,
                    i(0),
                    v(&int, 1),
                    vec![range(
                        4,
                        i(0),
                        v(&int, 2),
                        vec![
                            set(
                                5,
                                b(
                                    Add,
                                    v(&fl, 5),
                                    load(
                                        Scalar::F64,
                                        0,
                                        vec![b(Add, b(Mul, v(&int, 3), v(&int, 2)), v(&int, 4))],
                                    ),
                                ),
                            ),
                            s(StmtKind::If {
                                test: c(Compare::Gt, v(&int, 3), i(0)),
                                body: vec![set(
                                    5,
                                    b(
                                        Add,
                                        v(&fl, 5),
                                        load(
                                            Scalar::F64,
                                            0,
                                            vec![b(
                                                Add,
                                                b(Mul, b(Sub, v(&int, 3), i(1)), v(&int, 2)),
                                                v(&int, 4),
                                            )],
                                        ),
                                    ),
                                )],
                                orelse: vec![],
                            }),
                        ],
                    )],
                ),
                ret(v(&fl, 5)),
            ],
        )],
    ));
    // range given: out of bounds in the middle after effects: 0 a, 1 n, 2 i
    out.push((
        "fill",
        vec![func(
            "fill",
            vec![a1.clone(), int.clone(), int.clone(), int.clone()],
            3,
            Type::None,
            vec![range(
                3,
                v(&int, 1),
                v(&int, 2),
                vec![store(0, vec![v(&int, 3)], cast(Scalar::F64, v(&int, 3)))],
            )],
        )],
    ));
    // while loop: collatz steps. 0 n, 1 steps
    out.push((
        "collatz",
        vec![func(
            "collatz",
            vec![int.clone(), int.clone()],
            1,
            int.clone(),
            vec![
                s(StmtKind::Loop {
                    body: vec![
                        s(StmtKind::If {
                            test: c(Compare::Le, v(&int, 0), i(1)),
                            body: vec![s(StmtKind::Break)],
                            orelse: vec![],
                        }),
                        s(StmtKind::If {
                            test: c(Compare::Eq, b(Mod, v(&int, 0), i(2)), i(0)),
                            body: vec![set(0, b(FloorDiv, v(&int, 0), i(2)))],
                            orelse: vec![set(0, b(Add, b(Mul, v(&int, 0), i(3)), i(1)))],
                        }),
                        set(1, b(Add, v(&int, 1), i(1))),
                    ],
                }),
                ret(v(&int, 1)),
            ],
        )],
    ));
    // fib, recursive
    out.push((
        "fib",
        vec![func(
            "fib",
            vec![int.clone()],
            1,
            int.clone(),
            vec![
                s(StmtKind::If {
                    test: c(Compare::Lt, v(&int, 0), i(2)),
                    body: vec![ret(v(&int, 0))],
                    orelse: vec![],
                }),
                ret(b(
                    Add,
                    call(0, int.clone(), vec![b(Sub, v(&int, 0), i(1))]),
                    call(0, int.clone(), vec![b(Sub, v(&int, 0), i(2))]),
                )),
            ],
        )],
    ));
    out.push((
        "forever",
        vec![func(
            "forever",
            vec![int.clone()],
            1,
            int.clone(),
            vec![ret(b(Add, i(1), call(0, int.clone(), vec![b(Add, v(&int, 0), i(1))])))],
        )],
    ));
    // allocate, view, return: 0 n, 1 a, 2 i, 3 v
    let view = |ty: Type, a: u32, off: Expr, sh: Vec<Expr>, st: Vec<Expr>| {
        e(ty, ExprKind::View { array: Local(a), offset: off.into(), shape: sh, strides: st })
    };
    out.push((
        "make",
        vec![func(
            "make",
            vec![int.clone(), a1.clone(), int.clone(), a1.clone()],
            1,
            a1.clone(),
            vec![
                set(1, e(a1.clone(), ExprKind::Allocate { shape: vec![v(&int, 0)], zeroed: true })),
                range(
                    2,
                    i(0),
                    v(&int, 0),
                    vec![store(1, vec![v(&int, 2)], cast(Scalar::F64, v(&int, 2)))],
                ),
                set(3, view(a1.clone(), 1, i(8), vec![b(Sub, shape(1, 0), i(1))], vec![i(8)])),
                ret(v(&a1, 3)),
            ],
        )],
    ));
    // reassign arrays in a loop, call with temporaries, tuple results
    let pair = Type::tuple([a1.clone(), int.clone()]);
    out.push((
        "tuples",
        vec![
            func(
                "outer",
                vec![int.clone(), a1.clone(), int.clone(), pair.clone(), fl.clone()],
                1,
                fl.clone(),
                vec![
                    set(1, e(a1.clone(), ExprKind::Allocate { shape: vec![i(1)], zeroed: true })),
                    range(
                        2,
                        i(1),
                        v(&int, 0),
                        vec![
                            set(3, call(1, pair.clone(), vec![v(&int, 2), v(&a1, 1)])),
                            set(1, e(a1.clone(), ExprKind::Item(v(&pair, 3).into(), 0))),
                            set(
                                4,
                                b(
                                    Add,
                                    v(&fl, 4),
                                    call(
                                        2,
                                        fl.clone(),
                                        vec![e(
                                            a1.clone(),
                                            ExprKind::Allocate {
                                                shape: vec![v(&int, 2)],
                                                zeroed: true,
                                            },
                                        )],
                                    ),
                                ),
                            ),
                        ],
                    ),
                    ret(b(
                        Add,
                        v(&fl, 4),
                        call(
                            2,
                            fl.clone(),
                            vec![e(a1.clone(), ExprKind::Item(v(&pair, 3).into(), 0))],
                        ),
                    )),
                ],
            ),
            func(
                "inner",
                vec![int.clone(), a1.clone(), a1.clone()],
                2,
                pair.clone(),
                vec![
                    set(
                        2,
                        e(a1.clone(), ExprKind::Allocate { shape: vec![v(&int, 0)], zeroed: true }),
                    ),
                    store(2, vec![i(-1)], b(Add, f(1.0), load(Scalar::F64, 1, vec![i(-1)]))),
                    ret(e(pair.clone(), ExprKind::Tuple(vec![v(&a1, 2), v(&int, 0)]))),
                ],
            ),
            func(
                "last",
                vec![a1.clone()],
                1,
                fl.clone(),
                vec![ret(load(Scalar::F64, 0, vec![i(-1)]))],
            ),
        ],
    ));
    // optional
    let opt = Type::Optional(Arc::new(fl.clone()));
    out.push((
        "optional",
        vec![func(
            "optional",
            vec![fl.clone()],
            1,
            opt.clone(),
            vec![
                s(StmtKind::If {
                    test: c(Compare::Lt, v(&fl, 0), f(0.0)),
                    body: vec![ret(e(opt.clone(), ExprKind::Const(Value::None)))],
                    orelse: vec![],
                }),
                ret(e(opt.clone(), ExprKind::Some(m(Math::Sqrt, vec![v(&fl, 0)]).into()))),
            ],
        )],
    ));
    out.push((
        "raises",
        vec![func(
            "raises",
            vec![int.clone()],
            1,
            int.clone(),
            vec![
                s(StmtKind::If {
                    test: c(Compare::Lt, v(&int, 0), i(0)),
                    body: vec![s(StmtKind::Raise(Raise {
                        exception: Exception::Value,
                        message: vec![Piece::Text("n is ".into()), Piece::Value(v(&int, 0))],
                    }))],
                    orelse: vec![],
                }),
                s(StmtKind::Print(vec![
                    e(Type::Str, ExprKind::Const(Value::Str("n =".into()))),
                    v(&int, 0),
                ])),
                ret(v(&int, 0)),
            ],
        )],
    ));
    // pi: 0 n, 1 i, 2 acc, 3 x, 4 y
    let hit = vec![
        set(3, rnd()),
        set(4, rnd()),
        s(StmtKind::If {
            test: c(
                Compare::Lt,
                b(Add, b(Mul, v(&fl, 3), v(&fl, 3)), b(Mul, v(&fl, 4), v(&fl, 4))),
                f(1.0),
            ),
            body: vec![set(2, b(Add, v(&int, 2), i(1)))],
            orelse: vec![],
        }),
    ];
    let pi = |parallel: bool| {
        func(
            "pi",
            vec![int.clone(), int.clone(), int.clone(), fl.clone(), fl.clone()],
            1,
            int.clone(),
            vec![
                set(2, i(0)),
                if parallel {
                    prange(1, v(&int, 0), hit.clone(), vec![(Local(2), Reduction::Add)])
                } else {
                    range(1, i(0), v(&int, 0), hit.clone())
                },
                ret(v(&int, 2)),
            ],
        )
    };
    out.push(("pi", vec![pi(false)]));
    if std::env::args().nth(2).is_some() {
        out.push(("ppi", vec![pi(true)]));
        // parallel with array reduction: 0 a, 1 hist, 2 i, 3 scale ; hist[i % size] += a[i] * scale
        out.push((
            "histogram",
            vec![func(
                "histogram",
                vec![a1.clone(), a1.clone(), int.clone(), fl.clone(), fl.clone()],
                2,
                fl.clone(),
                vec![
                    set(3, f(2.0)),
                    set(4, f(100.0)),
                    prange(
                        2,
                        shape(0, 0),
                        vec![
                            store(
                                1,
                                vec![b(Mod, v(&int, 2), shape(1, 0))],
                                b(
                                    Add,
                                    load(Scalar::F64, 1, vec![b(Mod, v(&int, 2), shape(1, 0))]),
                                    b(Mul, v(&fl, 3), load(Scalar::F64, 0, vec![v(&int, 2)])),
                                ),
                            ),
                            set(
                                4,
                                e(
                                    fl.clone(),
                                    ExprKind::Binary(
                                        Max,
                                        v(&fl, 4).into(),
                                        load(Scalar::F64, 0, vec![v(&int, 2)]).into(),
                                    ),
                                ),
                            ),
                        ],
                        vec![(Local(1), Reduction::Add), (Local(4), Reduction::Max)],
                    ),
                    ret(v(&fl, 4)),
                ],
            )],
        ));
        // parallel that fails in a round
        out.push((
            "pfail",
            vec![func(
                "pfail",
                vec![a1.clone(), int.clone(), int.clone()],
                2,
                Type::None,
                vec![prange(
                    2,
                    v(&int, 1),
                    vec![store(0, vec![v(&int, 2)], cast(Scalar::F64, v(&int, 2)))],
                    vec![],
                )],
            )],
        ));
    }
    for (name, k) in
        [("exp", Math::Exp), ("sin", Math::Sin), ("isnan", Math::IsNan), ("gamma", Math::Gamma)]
    {
        let result = if k == Math::IsNan { bo.clone() } else { fl.clone() };
        out.push((
            name,
            vec![func(
                name,
                vec![fl.clone()],
                1,
                result.clone(),
                vec![ret(e(result, ExprKind::Math(k, vec![v(&fl, 0)])))],
            )],
        ));
    }
    // fused sin(x)**2 + exp(-y)*z : 0 x 1 y 2 z 3 out 4 i
    out.push((
        "fused",
        vec![func(
            "fused",
            vec![a1.clone(), a1.clone(), a1.clone(), a1.clone(), int.clone()],
            4,
            Type::None,
            vec![range(
                4,
                i(0),
                shape(0, 0),
                vec![store(
                    3,
                    vec![v(&int, 4)],
                    b(
                        Add,
                        m(
                            Math::Pow,
                            vec![
                                m(Math::Sin, vec![load(Scalar::F64, 0, vec![v(&int, 4)])]),
                                f(2.0),
                            ],
                        ),
                        b(
                            Mul,
                            m(
                                Math::Exp,
                                vec![e(
                                    fl.clone(),
                                    ExprKind::Unary(
                                        Unary::Neg,
                                        load(Scalar::F64, 1, vec![v(&int, 4)]).into(),
                                    ),
                                )],
                            ),
                            load(Scalar::F64, 2, vec![v(&int, 4)]),
                        ),
                    ),
                )],
            )],
        )],
    ));
    let cx = t(Scalar::C128);
    for (name, op) in [("cmul", Mul), ("cdiv", Div)] {
        out.push((
            name,
            vec![func(
                name,
                vec![cx.clone(); 2],
                2,
                cx.clone(),
                vec![ret(b(op, v(&cx, 0), v(&cx, 1)))],
            )],
        ));
    }
    out.push((
        "cexp",
        vec![func(
            "cexp",
            vec![cx.clone()],
            1,
            cx.clone(),
            vec![ret(m(Math::Exp, vec![v(&cx, 0)]))],
        )],
    ));
    out.push((
        "cabs",
        vec![func(
            "cabs",
            vec![cx.clone()],
            1,
            fl.clone(),
            vec![ret(e(fl.clone(), ExprKind::Unary(Unary::Abs, v(&cx, 0).into())))],
        )],
    ));
    out.push((
        "streq",
        vec![func(
            "streq",
            vec![Type::Str; 2],
            2,
            bo.clone(),
            vec![ret(c(Compare::Lt, v(&Type::Str, 0), v(&Type::Str, 1)))],
        )],
    ));

    let folder = std::env::args().nth(1).expect("a folder");
    for (name, functions) in out {
        let module = llvm::module(&Program { functions });
        let raises: String = module.raises.iter().map(|r| format!("; {r:?}\n")).collect();
        std::fs::write(
            format!("{folder}/{name}.ll"),
            format!("; {:?}\n{raises}{}", module.symbols, module.text),
        )
        .expect("writes");
    }
}
