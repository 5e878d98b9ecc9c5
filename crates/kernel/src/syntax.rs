//! A Python function as its source has it: the part of Python's `ast` that kernels know.
//!
//! Whoever reads the source (for Python, `crates/python` by the interpreter's own `ast`) makes these.

use std::sync::Arc;

/// Where something stands in the source: line and column, from 1 and from 0 as Python counts them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Span {
    /// From 1.
    pub line: u32,
    /// From 0.
    pub column: u32,
}

/// A function.
#[derive(Clone, Debug)]
pub struct Function {
    /// As the source calls it.
    pub name: String,
    /// The file, for messages.
    pub file: Arc<str>,
    /// Where it begins.
    pub span: Span,
    /// What it is given, in order; positional or by name.
    pub parameters: Vec<Parameter>,
    /// What it does.
    pub body: Vec<Stmt>,
}

/// A parameter.
#[derive(Clone, Debug)]
pub struct Parameter {
    /// Its name.
    pub name: String,
    /// What it is if nothing is given.
    pub default: Option<Expr>,
    /// Whether it is `*name`: a tuple of what is given beside the others. It is the last one.
    pub is_rest: bool,
}

/// A statement.
#[derive(Clone, Debug)]
pub struct Stmt {
    /// Where.
    pub span: Span,
    /// What.
    pub kind: StmtKind,
}

/// What a statement is; the names are those of Python's `ast`.
#[derive(Clone, Debug)]
#[allow(missing_docs)]
pub enum StmtKind {
    Assign {
        targets: Vec<Expr>,
        value: Expr,
    },
    AugAssign {
        target: Expr,
        op: BinaryOp,
        value: Expr,
    },
    For {
        target: Expr,
        iter: Expr,
        body: Vec<Stmt>,
        orelse: Vec<Stmt>,
    },
    While {
        test: Expr,
        body: Vec<Stmt>,
        orelse: Vec<Stmt>,
    },
    If {
        test: Expr,
        body: Vec<Stmt>,
        orelse: Vec<Stmt>,
    },
    Break,
    Continue,
    Pass,
    Return(Option<Expr>),
    Expr(Expr),
    Delete(Vec<Expr>),
    Assert {
        test: Expr,
        message: Option<Expr>,
    },
    Raise(Option<Expr>),
    /// A function within this one.
    FunctionDef(Arc<Function>),
    /// Something that kernels don't know; what Python calls it, such as `"Try"`.
    Unknown(String),
}

/// An expression.
#[derive(Clone, Debug)]
pub struct Expr {
    /// Where.
    pub span: Span,
    /// What.
    pub kind: ExprKind,
}

/// What an expression is; the names are those of Python's `ast`.
#[derive(Clone, Debug)]
#[allow(missing_docs)]
pub enum ExprKind {
    Constant(Constant),
    Name(String),
    Unary(UnaryOp, Box<Expr>),
    Binary(BinaryOp, Box<Expr>, Box<Expr>),
    /// `and` if true, else `or`.
    Bool(bool, Vec<Expr>),
    Compare(Box<Expr>, Vec<(CompareOp, Expr)>),
    IfExp {
        test: Box<Expr>,
        body: Box<Expr>,
        orelse: Box<Expr>,
    },
    Call {
        function: Box<Expr>,
        arguments: Vec<Expr>,
        keywords: Vec<(String, Expr)>,
    },
    Attribute(Box<Expr>, String),
    Subscript(Box<Expr>, Box<Expr>),
    Slice {
        lower: Option<Box<Expr>>,
        upper: Option<Box<Expr>>,
        step: Option<Box<Expr>>,
    },
    Tuple(Vec<Expr>),
    List(Vec<Expr>),
    /// `[element for ... in ... if ...]`, and a generator expression, which is one too.
    ListComp {
        element: Box<Expr>,
        generators: Vec<Comprehension>,
    },
    /// `*value`.
    Starred(Box<Expr>),
    /// `target := value`.
    Named(Box<Expr>, Box<Expr>),
    Lambda(Arc<Function>),
    /// Parts of an f-string.
    JoinedStr(Vec<Expr>),
    /// Something that kernels don't know; what Python calls it, such as `"Dict"`.
    Unknown(String),
}

/// `for target in iter if ...`.
#[derive(Clone, Debug)]
#[allow(missing_docs)]
pub struct Comprehension {
    pub target: Expr,
    pub iter: Expr,
    pub ifs: Vec<Expr>,
}

/// A constant.
#[derive(Clone, Debug, PartialEq)]
#[allow(missing_docs)]
pub enum Constant {
    None,
    Ellipsis,
    Bool(bool),
    /// Those that don't fit 64 bits are refused by whoever reads the source.
    Int(i64),
    /// An integer of 2⁶³ or more that fits 64 bits without a sign.
    Unsigned(u64),
    Float(f64),
    Complex(f64, f64),
    Str(Arc<str>),
    Tuple(Vec<Constant>),
}

/// An operator with one operand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub enum UnaryOp {
    Not,
    Neg,
    Pos,
    Invert,
}

/// An operator with two operands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub enum BinaryOp {
    Add,
    Sub,
    Mul,
    Div,
    FloorDiv,
    Mod,
    Pow,
    MatMul,
    And,
    Or,
    Xor,
    LeftShift,
    RightShift,
}

/// A comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub enum CompareOp {
    Eq,
    NotEq,
    Less,
    LessEq,
    Greater,
    GreaterEq,
    Is,
    IsNot,
    In,
    NotIn,
}
