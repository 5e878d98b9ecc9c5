//! Typed kernels: what inference makes, the interpreter does and LLVM compiles.
//!
//! A program is structured (loops and branches, no jumps) and small: array expressions, reductions and
//! NumPy's functions have become loops over single elements before. Every expression has one type, every
//! conversion is written out ([`ExprKind::Cast`]), and operands of one operation are of one type.
//!
//! **Arrays** are values: an address, an owner, a shape and strides. Only variables hold them, so that who
//! counts references knows where: an expression that makes an array ([`ExprKind::Allocate`], a view, a call)
//! gives the variable that it is assigned to one reference, [`ExprKind::Local`] one more; the
//! function's end gives all variables' back. An array's owner is null where the caller keeps it alive.
//!
//! **Lists** are references: what is done to one is seen wherever it is known. They are counted as arrays are,
//! and hold references to what is in them.
//!
//! **Errors** leave a function at once with what [`Raise`] says.

use crate::syntax::Span;
use crate::types::{ArrayType, Scalar, Type};
use std::sync::Arc;

/// A variable of a function.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Local(pub u32);

/// A function of a program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FunctionId(pub u32);

/// A function and all that it calls; the first is the one to be called from outside.
#[derive(Clone, Debug, PartialEq)]
pub struct Program {
    /// In the order of their ids.
    pub functions: Vec<Function>,
}

/// A function for arguments of certain types.
#[derive(Clone, Debug, PartialEq)]
pub struct Function {
    /// As the source calls it.
    pub name: String,
    /// The source's file.
    pub file: Arc<str>,
    /// The variables; the first are the parameters.
    pub locals: Vec<Variable>,
    /// How many parameters there are.
    pub parameters: usize,
    /// What it returns.
    pub result: Type,
    /// What it does; if it ends without a return, the result is `None`.
    pub body: Vec<Stmt>,
    /// How exactly it computes.
    pub math: FastMath,
}

/// A variable.
#[derive(Clone, Debug, PartialEq)]
pub struct Variable {
    /// As the source calls it; something with a dot if the source does not know it.
    pub name: String,
    /// Of its values.
    pub ty: Type,
}

/// Which liberties floating-point arithmetic may take.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum FastMath {
    /// None.
    #[default]
    None,
    /// What a variable is added to, or multiplied with, may be taken in any order.
    Sums,
    /// All but that there were no NaN and no infinity (`fastmath=True`).
    All,
}

/// A statement.
#[derive(Clone, Debug, PartialEq)]
pub struct Stmt {
    /// Where the source has it.
    pub span: Span,
    /// What it does.
    pub kind: StmtKind,
}

/// What a statement does.
#[derive(Clone, Debug, PartialEq)]
pub enum StmtKind {
    /// Gives a variable a value of its type.
    Assign(Local, Expr),
    /// Computes something for what it does on the way.
    Expr(Expr),
    /// Writes an element of an array; the indices are within it.
    Store {
        /// The array.
        array: Local,
        /// Which element.
        place: Place,
        /// Of the array's dtype.
        value: Expr,
    },
    /// Gives an item of a list, which is there, another value.
    SetItem {
        /// The list.
        list: Local,
        /// Which item, `int64`.
        index: Expr,
        /// Of the items' type.
        value: Expr,
    },
    /// One more item at a list's end.
    Append {
        /// The list.
        list: Local,
        /// Of the items' type.
        value: Expr,
    },
    /// Makes room in a list for items that are given a value at once, or takes some out of it.
    Shift {
        /// The list.
        list: Local,
        /// From which item on, `int64`; none of them need be there.
        at: Expr,
        /// So many places, `int64`; if it is negative, so many items are taken out.
        by: Expr,
    },
    /// One or the other.
    If {
        /// A truth value.
        test: Expr,
        /// If it is true.
        body: Vec<Stmt>,
        /// If it is not.
        orelse: Vec<Stmt>,
    },
    /// Over and over, until a `Break`.
    Loop {
        /// What.
        body: Vec<Stmt>,
    },
    /// For each `start + i * step`, on this side of `stop`.
    For(Box<For>),
    /// Leaves the innermost loop.
    Break,
    /// Goes on with the innermost loop's next round.
    Continue,
    /// Leaves the function; with a value unless the result is `None`.
    Return(Option<Expr>),
    /// Fails.
    Raise(Raise),
    /// Prints values with spaces between them and a newline behind.
    Print(Vec<Expr>),
}

/// A counted loop.
#[derive(Clone, Debug, PartialEq)]
pub struct For {
    /// An `int64` variable; what the body does to it does not change the count.
    pub variable: Local,
    /// `int64`.
    pub start: Expr,
    /// `int64`.
    pub stop: Expr,
    /// `int64`, not 0 (whoever makes the loop has seen to it).
    pub step: Expr,
    /// What is done for each.
    pub body: Vec<Stmt>,
    /// Set if the rounds may run at one time.
    pub parallel: Option<Parallel>,
}

/// How a loop runs on all cores: cut into chunks that depend on the count alone, each of which has its
/// own random numbers. Variables that the body assigns are each chunk's own.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Parallel {
    /// Variables that each chunk adds up from the operation's identity; the chunks' are combined in order,
    /// behind what the variable was before. An array's elements are combined one by one.
    pub reductions: Vec<(Local, Reduction)>,
}

/// How partial results are combined.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub enum Reduction {
    Add,
    Mul,
    Min,
    Max,
    And,
    Or,
    Xor,
}

/// Which element of an array.
#[derive(Clone, Debug, PartialEq)]
pub enum Place {
    /// By an index for each dimension, `int64`, not negative.
    Indices(Vec<Expr>),
    /// By its number among all; the array's layout is C or F.
    Flat(Box<Expr>),
}

/// An expression.
#[derive(Clone, Debug, PartialEq)]
pub struct Expr {
    /// Where the source has it.
    pub span: Span,
    /// Of its value.
    pub ty: Type,
    /// What it computes.
    pub kind: ExprKind,
}

/// What an expression computes. Scalars `T` below are of the expression's own type unless it says otherwise.
#[derive(Clone, Debug, PartialEq)]
pub enum ExprKind {
    /// A constant.
    Const(Value),
    /// A variable's value.
    Local(Local),
    /// `-x`, `~x`, `not x`, `abs(x)` and the like.
    Unary(Unary, Box<Expr>),
    /// Both operands of one type; so is the result, but for the absolute value and comparisons.
    Binary(Binary, Box<Expr>, Box<Expr>),
    /// A truth value, of two operands of one type: numbers, or texts.
    Compare(Compare, Box<Expr>, Box<Expr>),
    /// `and`: the second only if the first is true. Both are truth values.
    And(Box<Expr>, Box<Expr>),
    /// `or`: the second only if the first is not. Both are truth values.
    Or(Box<Expr>, Box<Expr>),
    /// The first if the truth value is true, else the second, and the other is not computed.
    IfElse(Box<Expr>, Box<Expr>, Box<Expr>),
    /// The same number in another type, as NumPy's `astype` converts: to an integer towards zero, to a truth
    /// value whether it is not zero, from complex the real part.
    Cast(Box<Expr>),
    /// A mathematical function; operands and result are of one floating-point (or complex) type.
    Math(Math, Vec<Expr>),
    /// A call of a function of the program; the arguments are of its parameters' types.
    Call(FunctionId, Vec<Expr>),
    /// A call of the runtime's.
    Runtime(Runtime, Vec<Expr>),
    /// An element of an array; the indices are within it.
    Load {
        /// The array.
        array: Local,
        /// Which element.
        place: Place,
    },
    /// The size along a dimension, `int64`.
    Shape(Local, usize),
    /// Bytes from an element to the next along a dimension, `int64`.
    Stride(Local, usize),
    /// An index from the end made one from the start; fails with `IndexError` if there is no such element
    /// and `check` is set. `int64`.
    Index {
        /// As the source has it, `int64`.
        index: Box<Expr>,
        /// How many elements there are, `int64`.
        size: Box<Expr>,
        /// Which dimension of the array, for the message.
        axis: usize,
        /// Whether to look.
        check: bool,
    },
    /// A new array of that shape (`int64` each, not negative), in C order; of zeros if `zeroed`.
    Allocate {
        /// A size for each dimension.
        shape: Vec<Expr>,
        /// Whether the elements are zeros, or whatever the memory held.
        zeroed: bool,
    },
    /// An array of some of another's elements, in the same memory.
    View {
        /// The other array.
        array: Local,
        /// Added to its address, in bytes, `int64`.
        offset: Box<Expr>,
        /// A size for each dimension of the view, `int64`.
        shape: Vec<Expr>,
        /// Bytes from an element to the next for each, `int64`.
        strides: Vec<Expr>,
    },
    /// The address of an array's first element, or of a list, `uint64`; of an array of two words, a generator.
    Address(Local),
    /// A new list, without items.
    List,
    /// How many items a list has, `int64`.
    Length(Local),
    /// An item of a list, which is there.
    ItemAt {
        /// The list.
        list: Local,
        /// Which item, `int64`.
        index: Box<Expr>,
    },
    /// A tuple of these.
    Tuple(Vec<Expr>),
    /// An item of a tuple.
    Item(Box<Expr>, usize),
    /// A value where there may be none.
    Some(Box<Expr>),
    /// Whether there is a value.
    IsSome(Box<Expr>),
    /// The value of one that is there.
    Unwrap(Box<Expr>),
    /// The real or imaginary part of a complex number.
    Part(Box<Expr>, bool),
    /// A complex number of two parts.
    Complex(Box<Expr>, Box<Expr>),
    /// Runs statements, then is an expression.
    Block(Vec<Stmt>, Box<Expr>),
}

/// A constant.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// `None`, or the absence of an optional value.
    None,
    /// Truth.
    Bool(bool),
    /// Any integer type's, its bits extended as the type says.
    Int(i64),
    /// float32 and float64.
    Float(f64),
    /// complex64 and complex128.
    Complex(f64, f64),
    /// A text.
    Str(Arc<str>),
}

/// An operation on one operand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Unary {
    /// `-x`; wraps around.
    Neg,
    /// `~x` of integers.
    Invert,
    /// `not x` of truth values.
    Not,
    /// `abs(x)`; of the smallest integer itself. Of a complex number: a float of its parts' type.
    Abs,
    /// The number of bits that are set, of an integer.
    PopCount,
}

/// An operation on two operands of one type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Binary {
    /// `a + b`; wraps around. Of truth values: or.
    Add,
    /// `a - b`; wraps around.
    Sub,
    /// `a * b`; wraps around. Of truth values: and.
    Mul,
    /// `a / b` of floats and complex numbers, as IEEE 754 says (no error).
    Div,
    /// `a // b`, rounded down; of integers 0 if `b` is 0 (whoever makes it has looked for that first).
    FloorDiv,
    /// `a % b` with the sign of `b`; of integers 0 if `b` is 0.
    Mod,
    /// C's `a % b`, with the sign of `a`.
    Rem,
    /// `a ** b` of integers, `b` not negative; wraps around.
    Pow,
    /// Bits, or truth values.
    And,
    /// Bits, or truth values.
    Or,
    /// Bits, or truth values.
    Xor,
    /// `a << b`; 0 if `b` is the width or more.
    ShiftLeft,
    /// `a >> b`, of signed integers with copies of the sign; as by the width less 1 if `b` is the width or more.
    ShiftRight,
    /// The smaller one; NaN if one is.
    Min,
    /// The larger one; NaN if one is.
    Max,
    /// The smaller one; the other if one is NaN.
    FMin,
    /// The larger one; the other if one is NaN.
    FMax,
    /// The first with the sign of the second, of floats.
    CopySign,
}

/// A comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub enum Compare {
    Eq,
    Ne,
    Lt,
    Le,
    Gt,
    Ge,
}

/// A mathematical function of one, two or three operands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub enum Math {
    Sqrt,
    Cbrt,
    Exp,
    Exp2,
    Expm1,
    Log,
    Log2,
    Log10,
    Log1p,
    Sin,
    Cos,
    Tan,
    Asin,
    Acos,
    Atan,
    Atan2,
    Sinh,
    Cosh,
    Tanh,
    Asinh,
    Acosh,
    Atanh,
    Pow,
    Hypot,
    Erf,
    Erfc,
    Gamma,
    LogGamma,
    Floor,
    Ceil,
    Trunc,
    /// To the nearest, halves to even.
    Round,
    /// `a * b + c`, rounded once.
    Fma,
    /// `numpy.nextafter`.
    NextAfter,
    /// Whether an operand is NaN: the result is a truth value.
    IsNan,
    /// Whether it is infinite: a truth value.
    IsInf,
    /// Whether it is neither: a truth value.
    IsFinite,
    /// Whether its sign bit is set: a truth value.
    SignBit,
}

/// What a kernel has done for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Runtime {
    /// A float64 in [0, 1) of 53 bits: the next of the run's stream, or of the chunk's.
    Random,
    /// 64 random bits, `uint64`.
    RandomBits,
    /// Begins the stream anew from a seed (`int64`); `None`.
    Seed,
    /// Matrix product of two matrices of one floating-point type into a third, the arguments being three
    /// arrays; `None`.
    MatMul,
    /// `x` such that `a @ x = b`: arguments `a` (n × n), `b` (n × k), `x` (n × k), all of one type; an
    /// `int64` that is not 0 if `a` is singular.
    Solve,
    /// The inverse of the first argument into the second; an `int64` that is not 0 if it is singular.
    Inverse,
    /// The determinant of a square matrix, a float64.
    Determinant,
    /// The lower Cholesky factor of the first argument into the second; an `int64` that is not 0 if it
    /// is not positive definite.
    Cholesky,
    /// Eigenvalues (1-d, ascending) and eigenvectors (columns) of a symmetric matrix into the second and third
    /// argument; an `int64` that is not 0 if they were not found.
    SymmetricEigen,
    /// Thin singular value decomposition of the first argument (m × n, k the smaller) into u (m × k), s (k)
    /// and vt (k × n); an `int64` that is not 0 if it was not found.
    Svd,
    /// Thin QR decomposition of the first argument into q and r; `None`.
    Qr,
    /// Adds operations and bytes, two `int64`, to what the run has done ([`crate::count`]); `None`.
    Count,
}

/// A failure: which exception, and what it says.
#[derive(Clone, Debug, PartialEq)]
pub struct Raise {
    /// The class.
    pub exception: Exception,
    /// What it says: texts, and numbers that are put between them.
    pub message: Vec<Piece>,
}

/// A part of a message.
#[derive(Clone, Debug, PartialEq)]
pub enum Piece {
    /// As it stands.
    Text(String),
    /// An `int64`'s, `uint64`'s, float64's or truth value's; at most four in a message.
    Value(Expr),
}

/// The exceptions that kernels raise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub enum Exception {
    Index,
    ZeroDivision,
    Value,
    Type,
    Assertion,
    Overflow,
    Runtime,
    Arithmetic,
    Key,
    NotImplemented,
    Memory,
    StopIteration,
    FloatingPoint,
    Attribute,
    UnboundLocal,
    /// `numpy.linalg.LinAlgError`.
    LinAlg,
    Exception,
}

impl Expr {
    /// An expression.
    pub fn new(span: Span, ty: Type, kind: ExprKind) -> Self {
        Self { span, ty, kind }
    }

    /// An `int64` constant.
    pub fn int(span: Span, value: i64) -> Self {
        Self::new(span, Type::scalar(Scalar::I64), ExprKind::Const(Value::Int(value)))
    }

    /// A truth value.
    pub fn bool(span: Span, value: bool) -> Self {
        Self::new(span, Type::scalar(Scalar::Bool), ExprKind::Const(Value::Bool(value)))
    }

    /// The scalar type of its value.
    ///
    /// # Panics
    /// If it is no scalar.
    pub fn scalar(&self) -> Scalar {
        self.ty.as_scalar().expect("a scalar expression")
    }
}

impl Function {
    /// A variable's type.
    pub fn ty(&self, local: Local) -> &Type {
        &self.locals[local.0 as usize].ty
    }

    /// A variable's array type.
    ///
    /// # Panics
    /// If it is no array.
    pub fn array(&self, local: Local) -> ArrayType {
        self.ty(local).as_array().expect("an array variable")
    }
}
