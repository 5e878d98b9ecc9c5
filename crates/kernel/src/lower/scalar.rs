//! Arithmetic of single numbers: which type a result has, and Python's rules and errors.

use super::lists::length;
use super::{Frame, Lowering};
use crate::error::CompileError;
use crate::ir::{
    Binary, Compare, Exception, Expr, ExprKind, Math, Piece, Raise, StmtKind, Unary,
    Value as Constant,
};
use crate::syntax::{BinaryOp, CompareOp, Span, UnaryOp};
use crate::types::{Kind, Scalar, Type};

type Result<T> = std::result::Result<T, CompileError>;

/// The type in which two operands meet, as NumPy 2 has it, and whether both are Python's own.
pub fn common(one: (Scalar, bool), two: (Scalar, bool)) -> (Scalar, bool) {
    match (one, two) {
        ((one, true), (two, true)) => (one.promote(two), true),
        ((one, false), (two, false)) => (one.promote(two), false),
        ((weak, true), (strong, false)) | ((strong, false), (weak, true)) => {
            let is_integer = strong.is_integer() || strong == Scalar::Bool;
            let scalar = match (weak.kind(), strong.kind()) {
                (Kind::Bool, _) => strong,
                (_, Kind::Bool) => weak,
                (Kind::Signed | Kind::Unsigned, _) => strong,
                (Kind::Float, _) if is_integer => Scalar::F64,
                (Kind::Float, _) => strong,
                (Kind::Complex, Kind::Float | Kind::Complex) => strong.complex(),
                (Kind::Complex, _) => Scalar::C128,
            };
            (scalar, false)
        }
    }
}

/// The type of a mathematical function's operands.
pub fn floating(scalar: Scalar) -> Scalar {
    match scalar {
        Scalar::F32 | Scalar::C64 | Scalar::C128 => scalar,
        _ => Scalar::F64,
    }
}

fn weight(expr: &Expr) -> Option<(Scalar, bool)> {
    match expr.ty {
        Type::Scalar(scalar, weak) => Some((scalar, weak)),
        _ => None,
    }
}

/// A number as a constant of a type.
pub fn number(span: Span, scalar: Scalar, weak: bool, value: f64) -> Expr {
    let constant = match scalar.kind() {
        Kind::Bool => Constant::Bool(value != 0.0),
        Kind::Signed | Kind::Unsigned => Constant::Int(value as i64),
        Kind::Float => Constant::Float(value),
        Kind::Complex => Constant::Complex(value, 0.0),
    };
    Expr::new(span, Type::Scalar(scalar, weak), ExprKind::Const(constant))
}

/// The same number in another type.
pub fn cast(expr: Expr, scalar: Scalar, weak: bool) -> Expr {
    let Some((from, _)) = weight(&expr) else { return expr };
    let ty = Type::Scalar(scalar, weak);
    if from == scalar {
        return Expr { ty, ..expr };
    }
    let constant = match (&expr.kind, scalar.kind()) {
        (ExprKind::Const(Constant::Bool(value)), Kind::Signed | Kind::Unsigned) => {
            Some(Constant::Int(i64::from(*value)))
        }
        (ExprKind::Const(Constant::Bool(value)), Kind::Float) => {
            Some(Constant::Float(f64::from(u8::from(*value))))
        }
        (ExprKind::Const(Constant::Int(value)), Kind::Float) if from != Scalar::U64 => {
            let value = *value as f64;
            Some(Constant::Float(if scalar == Scalar::F32 {
                f64::from(value as f32)
            } else {
                value
            }))
        }
        (ExprKind::Const(Constant::Int(value)), Kind::Signed | Kind::Unsigned)
            if scalar.size() == 8 || (0..128).contains(value) =>
        {
            Some(Constant::Int(*value))
        }
        (ExprKind::Const(Constant::Int(value)), Kind::Complex) if from != Scalar::U64 => {
            Some(Constant::Complex(*value as f64, 0.0))
        }
        (ExprKind::Const(Constant::Float(value)), Kind::Float) => {
            Some(Constant::Float(if scalar == Scalar::F32 {
                f64::from(*value as f32)
            } else {
                *value
            }))
        }
        (ExprKind::Const(Constant::Float(value)), Kind::Complex) => {
            Some(Constant::Complex(*value, 0.0))
        }
        _ => None,
    };
    let span = expr.span;
    match constant {
        Some(constant) => Expr::new(span, ty, ExprKind::Const(constant)),
        None => Expr::new(span, ty, ExprKind::Cast(Box::new(expr))),
    }
}

/// `int64`.
pub fn int64(expr: Expr) -> Expr {
    cast(expr, Scalar::I64, false)
}

/// An `int64` operation, with what is known computed.
pub fn index_op(op: Binary, one: Expr, two: Expr) -> Expr {
    let span = one.span;
    let known = |expr: &Expr| match expr.kind {
        ExprKind::Const(Constant::Int(value)) => Some(value),
        _ => None,
    };
    match (op, known(&one), known(&two)) {
        (Binary::Add, Some(one), Some(two)) => Expr::int(span, one.wrapping_add(two)),
        (Binary::Sub, Some(one), Some(two)) => Expr::int(span, one.wrapping_sub(two)),
        (Binary::Mul, Some(one), Some(two)) => Expr::int(span, one.wrapping_mul(two)),
        (Binary::Add | Binary::Sub, _, Some(0)) | (Binary::Mul, _, Some(1)) => one,
        (Binary::Add, Some(0), _) | (Binary::Mul, Some(1), _) => two,
        (Binary::Mul, Some(0), _) | (Binary::Mul, _, Some(0)) => Expr::int(span, 0),
        _ => {
            let kind = ExprKind::Binary(op, Box::new(one), Box::new(two));
            Expr::new(span, Type::scalar(Scalar::I64), kind)
        }
    }
}

/// A comparison of two `int64`.
pub fn compare_op(op: Compare, one: Expr, two: Expr) -> Expr {
    let span = one.span;
    let kind = ExprKind::Compare(op, Box::new(one), Box::new(two));
    Expr::new(span, Type::scalar(Scalar::Bool), kind)
}

/// `a and b` of truth values.
pub fn both(one: Expr, two: Expr) -> Expr {
    let span = one.span;
    Expr::new(span, Type::scalar(Scalar::Bool), ExprKind::And(Box::new(one), Box::new(two)))
}

/// `not a` of a truth value.
pub fn not(one: Expr) -> Expr {
    let span = one.span;
    if let ExprKind::Const(Constant::Bool(value)) = one.kind {
        return Expr::bool(span, !value);
    }
    Expr::new(span, Type::scalar(Scalar::Bool), ExprKind::Unary(Unary::Not, Box::new(one)))
}

impl Lowering<'_> {
    /// Both operands in the type in which they meet.
    pub fn meet(&self, frame: &Frame, one: Expr, two: Expr, what: &str) -> Result<(Expr, Expr)> {
        let (Some(first), Some(second)) = (weight(&one), weight(&two)) else {
            let message = format!("{what} of {} and {}", one.ty, two.ty);
            return Err(frame.error(one.span, message, None));
        };
        let (scalar, weak) = common(first, second);
        Ok((cast(one, scalar, weak), cast(two, scalar, weak)))
    }

    /// `op` on a number.
    pub fn unary(
        &mut self,
        frame: &mut Frame,
        op: UnaryOp,
        one: Expr,
        of_array: bool,
    ) -> Result<Expr> {
        let span = one.span;
        let Some((scalar, weak)) = weight(&one) else {
            if op == UnaryOp::Not {
                return Ok(not(self.truth(frame, one)?));
            }
            return Err(frame.error(span, format!("{op:?} of {}", one.ty), None));
        };
        let one = match (op, scalar) {
            (UnaryOp::Not, _) => return Ok(not(self.truth(frame, one)?)),
            (UnaryOp::Invert, Scalar::Bool) if of_array || !weak => {
                return Ok(Expr::new(
                    span,
                    one.ty.clone(),
                    ExprKind::Unary(Unary::Not, Box::new(one)),
                ));
            }
            (_, Scalar::Bool) => cast(one, Scalar::I64, weak),
            _ => one,
        };
        let ty = one.ty.clone();
        Ok(match op {
            UnaryOp::Pos => one,
            UnaryOp::Neg => match one.kind {
                ExprKind::Const(Constant::Int(value)) => {
                    Expr::new(span, ty, ExprKind::Const(Constant::Int(value.wrapping_neg())))
                }
                ExprKind::Const(Constant::Float(value)) => {
                    Expr::new(span, ty, ExprKind::Const(Constant::Float(-value)))
                }
                _ => Expr::new(span, ty, ExprKind::Unary(Unary::Neg, Box::new(one))),
            },
            UnaryOp::Invert if scalar.is_integer() || scalar == Scalar::Bool => {
                Expr::new(span, ty, ExprKind::Unary(Unary::Invert, Box::new(one)))
            }
            UnaryOp::Invert | UnaryOp::Not => {
                return Err(frame.error(span, format!("~ of {ty}, which is no integer"), None));
            }
        })
    }

    /// `one op two` of numbers; of an array's elements as NumPy does it, which raises nothing.
    pub fn binary(
        &mut self,
        frame: &mut Frame,
        op: BinaryOp,
        one: Expr,
        two: Expr,
        of_array: bool,
    ) -> Result<Expr> {
        let span = one.span;
        if one.ty == Type::Unknown || two.ty == Type::Unknown {
            return Ok(frame.unknown(span));
        }
        let is_quiet = of_array || frame.options().numpy_errors;
        if op == BinaryOp::Pow {
            return self.power(frame, one, two, of_array);
        }
        let (mut one, mut two) = self.meet(frame, one, two, symbol(op))?;
        let (mut scalar, mut weak) = weight(&one).expect("both are numbers");
        let is_bitwise = matches!(op, BinaryOp::And | BinaryOp::Or | BinaryOp::Xor);
        // Python's truth values are integers in arithmetic; NumPy's are when one is divided.
        let keeps_bool = is_bitwise || (of_array && matches!(op, BinaryOp::Add | BinaryOp::Mul));
        if scalar == Scalar::Bool && !keeps_bool {
            scalar = if of_array && op != BinaryOp::Div { Scalar::I8 } else { Scalar::I64 };
            (one, two) = (cast(one, scalar, weak), cast(two, scalar, weak));
        }
        if op == BinaryOp::Div && !scalar.is_float() && !scalar.is_complex() {
            scalar = Scalar::F64;
            weak &= true;
            (one, two) = (cast(one, scalar, weak), cast(two, scalar, weak));
        }
        let is_refused = match op {
            BinaryOp::FloorDiv | BinaryOp::Mod => scalar.is_complex(),
            BinaryOp::LeftShift | BinaryOp::RightShift => !scalar.is_integer(),
            _ => is_bitwise && !scalar.is_integer() && scalar != Scalar::Bool,
        };
        if is_refused {
            return Err(frame.error(span, format!("{} of {scalar}", symbol(op)), None));
        }
        if let Some(known) = fold(op, &one, &two) {
            return Ok(known);
        }
        let divides = matches!(op, BinaryOp::Div | BinaryOp::FloorDiv | BinaryOp::Mod);
        if divides && !is_quiet {
            two = self.not_zero(
                frame,
                two,
                if op == BinaryOp::Div {
                    "division by zero"
                } else {
                    match (scalar.is_integer(), op) {
                        (true, BinaryOp::Mod) => "integer modulo by zero",
                        (true, _) => "integer division or modulo by zero",
                        (false, BinaryOp::Mod) => "float modulo by zero",
                        (false, _) => "float floor division by zero",
                    }
                },
            );
        }
        let op = match op {
            BinaryOp::Add => Binary::Add,
            BinaryOp::Sub => Binary::Sub,
            BinaryOp::Mul => Binary::Mul,
            BinaryOp::Div => Binary::Div,
            BinaryOp::FloorDiv => Binary::FloorDiv,
            BinaryOp::Mod => Binary::Mod,
            BinaryOp::And => Binary::And,
            BinaryOp::Or => Binary::Or,
            BinaryOp::Xor => Binary::Xor,
            BinaryOp::LeftShift => Binary::ShiftLeft,
            BinaryOp::RightShift => Binary::ShiftRight,
            BinaryOp::Pow | BinaryOp::MatMul => {
                return Err(frame.error(span, "@ of numbers".into(), Some("use *")));
            }
        };
        let kind = ExprKind::Binary(op, Box::new(one), Box::new(two));
        Ok(Expr::new(span, Type::Scalar(scalar, weak), kind))
    }

    /// The divisor, once it has been seen that it is not zero.
    fn not_zero(&mut self, frame: &mut Frame, divisor: Expr, message: &str) -> Expr {
        let span = divisor.span;
        let scalar = divisor.scalar();
        let is_known = match divisor.kind {
            ExprKind::Const(Constant::Int(value)) => value != 0,
            ExprKind::Const(Constant::Float(value)) => value != 0.0,
            _ => false,
        };
        if is_known {
            return divisor;
        }
        let divisor = frame.once(divisor);
        let zero = number(span, scalar, false, 0.0);
        let plain = Expr { ty: Type::scalar(scalar), ..divisor.clone() };
        let test = compare_op(Compare::Eq, plain, zero);
        let raise = Raise {
            exception: Exception::ZeroDivision,
            message: vec![Piece::Text(message.into())],
        };
        let body = vec![crate::ir::Stmt { span, kind: StmtKind::Raise(raise) }];
        frame.emit(span, StmtKind::If { test, body, orelse: Vec::new() });
        divisor
    }

    fn power(&mut self, frame: &mut Frame, one: Expr, two: Expr, of_array: bool) -> Result<Expr> {
        let span = one.span;
        let (Some(base), Some(exponent)) = (weight(&one), weight(&two)) else {
            return Err(frame.error(span, format!("** of {} and {}", one.ty, two.ty), None));
        };
        let known = match two.kind {
            ExprKind::Const(Constant::Int(value)) => Some(value as f64),
            ExprKind::Const(Constant::Float(value)) => Some(value),
            _ => None,
        };
        let (mut scalar, weak) = common(base, exponent);
        if scalar == Scalar::Bool {
            scalar = if of_array { Scalar::I8 } else { Scalar::I64 };
        }
        if scalar.is_integer() {
            match known {
                Some(known) if known < 0.0 && !of_array => scalar = Scalar::F64,
                Some(known) if known >= 0.0 => {}
                _ => {
                    let limit = "Integers to negative integer powers are not allowed.";
                    let two = cast(two, scalar, weak);
                    let two = frame.once(two);
                    if scalar.kind() == Kind::Signed {
                        let zero = number(span, scalar, false, 0.0);
                        let plain = Expr { ty: Type::scalar(scalar), ..two.clone() };
                        frame.raise_if(
                            compare_op(Compare::Lt, plain, zero),
                            Exception::Value,
                            vec![Piece::Text(limit.into())],
                        );
                    }
                    let one = Box::new(cast(one, scalar, weak));
                    let kind = ExprKind::Binary(Binary::Pow, one, Box::new(two));
                    return Ok(Expr::new(span, Type::Scalar(scalar, weak), kind));
                }
            }
        }
        let ty = Type::Scalar(scalar, weak);
        let one = cast(one, scalar, weak);
        let times = |one: Expr, two: Expr| {
            let kind = ExprKind::Binary(Binary::Mul, Box::new(one), Box::new(two));
            Expr::new(span, ty.clone(), kind)
        };
        match known {
            Some(0.0) => return Ok(number(span, scalar, weak, 1.0)),
            Some(1.0) => return Ok(one),
            Some(2.0) => {
                let one = frame.once(one);
                return Ok(times(one.clone(), one));
            }
            Some(3.0) => {
                let one = frame.once(one);
                return Ok(times(times(one.clone(), one.clone()), one));
            }
            Some(4.0) if scalar.is_integer() => {
                let one = frame.once(one);
                let square = frame.once(times(one.clone(), one));
                return Ok(times(square.clone(), square));
            }
            Some(0.5) if scalar.is_float() => {
                return Ok(Expr::new(span, ty, ExprKind::Math(Math::Sqrt, vec![one])));
            }
            Some(-1.0) if scalar.is_float() => {
                let kind = ExprKind::Binary(
                    Binary::Div,
                    Box::new(number(span, scalar, weak, 1.0)),
                    Box::new(one),
                );
                return Ok(Expr::new(span, ty, kind));
            }
            _ => {}
        }
        let two = cast(two, scalar, weak);
        let kind = if scalar.is_integer() {
            ExprKind::Binary(Binary::Pow, Box::new(one), Box::new(two))
        } else {
            ExprKind::Math(Math::Pow, vec![one, two])
        };
        Ok(Expr::new(span, ty, kind))
    }

    /// `one op two` of numbers or texts.
    pub fn compare(
        &mut self,
        frame: &mut Frame,
        op: CompareOp,
        one: Expr,
        two: Expr,
    ) -> Result<Expr> {
        let span = one.span;
        let compare = match op {
            CompareOp::Eq | CompareOp::Is => Compare::Eq,
            CompareOp::NotEq | CompareOp::IsNot => Compare::Ne,
            CompareOp::Less => Compare::Lt,
            CompareOp::LessEq => Compare::Le,
            CompareOp::Greater => Compare::Gt,
            CompareOp::GreaterEq => Compare::Ge,
            CompareOp::In | CompareOp::NotIn => {
                return Err(frame.error(span, "`in` of a number".into(), None));
            }
        };
        match (&one.ty, &two.ty) {
            (Type::Unknown, _) | (_, Type::Unknown) => {
                return Ok(Expr { ty: Type::scalar(Scalar::Bool), ..frame.unknown(span) });
            }
            (Type::Str, Type::Str) => {
                if let (ExprKind::Const(Constant::Str(one)), ExprKind::Const(Constant::Str(two))) =
                    (&one.kind, &two.kind)
                {
                    let is_known = match compare {
                        Compare::Eq => Some(one == two),
                        Compare::Ne => Some(one != two),
                        _ => None,
                    };
                    if let Some(known) = is_known {
                        return Ok(Expr::bool(span, known));
                    }
                }
                return Ok(compare_op(compare, one, two));
            }
            (Type::Optional(inner), other) | (other, Type::Optional(inner))
                if matches!(**inner, Type::Scalar(..)) && matches!(other, Type::Scalar(..)) =>
            {
                let (optional, plain, flipped) = if matches!(one.ty, Type::Optional(_)) {
                    (one, two, false)
                } else {
                    (two, one, true)
                };
                let optional = frame.once(optional);
                let some = super::is_some(optional.clone());
                let value = super::unwrap(optional);
                let test = if flipped {
                    self.compare(frame, op, plain, value)?
                } else {
                    self.compare(frame, op, value, plain)?
                };
                return Ok(both(some, test));
            }
            (Type::Str | Type::None, _) | (_, Type::Str | Type::None) => {
                return Ok(Expr::bool(span, compare == Compare::Ne));
            }
            _ => {}
        }
        let (one, two) = self.meet(frame, one, two, "a comparison")?;
        if one.scalar().is_complex() && !matches!(compare, Compare::Eq | Compare::Ne) {
            let hint = "compare their real parts or absolute values";
            return Err(frame.error(span, "an order of complex numbers".into(), Some(hint)));
        }
        if let (ExprKind::Const(Constant::Int(one)), ExprKind::Const(Constant::Int(two))) =
            (&one.kind, &two.kind)
        {
            return Ok(Expr::bool(
                span,
                match compare {
                    Compare::Eq => one == two,
                    Compare::Ne => one != two,
                    Compare::Lt => one < two,
                    Compare::Le => one <= two,
                    Compare::Gt => one > two,
                    Compare::Ge => one >= two,
                },
            ));
        }
        let (one, two) = (frame.plain(one), frame.plain(two));
        Ok(compare_op(compare, one, two))
    }

    /// Whether a value counts as true.
    pub fn truth(&mut self, frame: &mut Frame, expr: Expr) -> Result<Expr> {
        let span = expr.span;
        Ok(match &expr.ty {
            Type::Scalar(Scalar::Bool, _) => Expr { ty: Type::scalar(Scalar::Bool), ..expr },
            Type::Scalar(scalar, _) => match expr.kind {
                ExprKind::Const(Constant::Int(value)) => Expr::bool(span, value != 0),
                ExprKind::Const(Constant::Float(value)) => Expr::bool(span, value != 0.0),
                _ => {
                    let zero = number(span, *scalar, false, 0.0);
                    let expr = frame.plain(expr);
                    compare_op(Compare::Ne, expr, zero)
                }
            },
            Type::None => Expr::bool(span, false),
            Type::Unknown => Expr { ty: Type::scalar(Scalar::Bool), ..expr },
            Type::Optional(inner) if matches!(**inner, Type::Scalar(..)) => {
                let optional = frame.once(expr);
                let value = self.truth(frame, super::unwrap(optional.clone()))?;
                both(super::is_some(optional), value)
            }
            Type::Tuple(items, _) => Expr::bool(span, !items.is_empty()),
            Type::List(_) => match expr.kind {
                ExprKind::Local(list) => {
                    compare_op(Compare::Ne, length(span, list), Expr::int(span, 0))
                }
                _ => unreachable!("only variables hold lists"),
            },
            Type::Str => match &expr.kind {
                ExprKind::Const(Constant::Str(text)) => Expr::bool(span, !text.is_empty()),
                _ => {
                    let empty = ExprKind::Const(Constant::Str("".into()));
                    compare_op(Compare::Ne, expr, Expr::new(span, Type::Str, empty))
                }
            },
            other => {
                let message = format!("the truth value of {other}");
                return Err(frame.error(span, message, Some("use .any() or .all(), or `is None`")));
            }
        })
    }
}

/// Constant folding of Python's own integers and floats, where nothing can go wrong.
fn fold(op: BinaryOp, one: &Expr, two: &Expr) -> Option<Expr> {
    let (ExprKind::Const(left), ExprKind::Const(right)) = (&one.kind, &two.kind) else {
        return None;
    };
    let constant = match (left, right, one.scalar()) {
        (Constant::Int(one), Constant::Int(two), Scalar::I64) => Constant::Int(match op {
            BinaryOp::Add => one.checked_add(*two)?,
            BinaryOp::Sub => one.checked_sub(*two)?,
            BinaryOp::Mul => one.checked_mul(*two)?,
            BinaryOp::FloorDiv if *two > 0 => one.div_euclid(*two),
            BinaryOp::Mod if *two > 0 => one.rem_euclid(*two),
            BinaryOp::LeftShift
                if (0..62).contains(two) && one.leading_zeros() > 1 + *two as u32 =>
            {
                one << two
            }
            _ => return None,
        }),
        (Constant::Float(one), Constant::Float(two), Scalar::F64) => Constant::Float(match op {
            BinaryOp::Add => one + two,
            BinaryOp::Sub => one - two,
            BinaryOp::Mul => one * two,
            BinaryOp::Div if *two != 0.0 => one / two,
            _ => return None,
        }),
        _ => return None,
    };
    Some(Expr::new(one.span, one.ty.clone(), ExprKind::Const(constant)))
}

/// An operator as the source writes it.
pub fn symbol(op: BinaryOp) -> &'static str {
    match op {
        BinaryOp::Add => "+",
        BinaryOp::Sub => "-",
        BinaryOp::Mul => "*",
        BinaryOp::Div => "/",
        BinaryOp::FloorDiv => "//",
        BinaryOp::Mod => "%",
        BinaryOp::Pow => "**",
        BinaryOp::MatMul => "@",
        BinaryOp::And => "&",
        BinaryOp::Or => "|",
        BinaryOp::Xor => "^",
        BinaryOp::LeftShift => "<<",
        BinaryOp::RightShift => ">>",
    }
}
