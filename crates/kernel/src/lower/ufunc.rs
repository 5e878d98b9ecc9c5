//! NumPy's universal functions.

use super::calls::{Arguments, absolute, part};
use super::elementwise::{Lazy, Op, Tree};
use super::scalar::{as_real, cast, floating, number};
use super::value::{Meta, Value};
use super::{Frame, Lowering, Result};
use crate::ir::{Binary, Expr, ExprKind, Math, StmtKind, Unary};
use crate::syntax::{BinaryOp, CompareOp, Span, UnaryOp};
use crate::types::{Kind, Scalar, Type};

/// A function of floating-point numbers.
fn math_of(name: &str) -> Option<Math> {
    Some(match name {
        "sqrt" => Math::Sqrt,
        "cbrt" => Math::Cbrt,
        "exp" => Math::Exp,
        "exp2" => Math::Exp2,
        "expm1" => Math::Expm1,
        "log" => Math::Log,
        "log2" => Math::Log2,
        "log10" => Math::Log10,
        "log1p" => Math::Log1p,
        "sin" => Math::Sin,
        "cos" => Math::Cos,
        "tan" => Math::Tan,
        "arcsin" | "asin" => Math::Asin,
        "arccos" | "acos" => Math::Acos,
        "arctan" | "atan" => Math::Atan,
        "arctan2" | "atan2" => Math::Atan2,
        "sinh" => Math::Sinh,
        "cosh" => Math::Cosh,
        "tanh" => Math::Tanh,
        "arcsinh" | "asinh" => Math::Asinh,
        "arccosh" | "acosh" => Math::Acosh,
        "arctanh" | "atanh" => Math::Atanh,
        "hypot" => Math::Hypot,
        "erf" => Math::Erf,
        "erfc" => Math::Erfc,
        "gamma" => Math::Gamma,
        "lgamma" | "gammaln" => Math::LogGamma,
        "floor" => Math::Floor,
        "ceil" => Math::Ceil,
        "trunc" | "fix" => Math::Trunc,
        "rint" => Math::Round,
        "nextafter" => Math::NextAfter,
        _ => return None,
    })
}

/// A truth value of a floating-point number.
fn predicate_of(name: &str) -> Option<Math> {
    Some(match name {
        "isnan" => Math::IsNan,
        "isinf" => Math::IsInf,
        "isfinite" => Math::IsFinite,
        "signbit" => Math::SignBit,
        _ => return None,
    })
}

fn operator_of(name: &str) -> Option<BinaryOp> {
    Some(match name {
        "add" => BinaryOp::Add,
        "subtract" => BinaryOp::Sub,
        "multiply" => BinaryOp::Mul,
        "divide" | "true_divide" => BinaryOp::Div,
        "floor_divide" => BinaryOp::FloorDiv,
        "remainder" | "mod" => BinaryOp::Mod,
        "power" | "pow" => BinaryOp::Pow,
        "bitwise_and" => BinaryOp::And,
        "bitwise_or" => BinaryOp::Or,
        "bitwise_xor" => BinaryOp::Xor,
        "left_shift" | "bitwise_left_shift" => BinaryOp::LeftShift,
        "right_shift" | "bitwise_right_shift" => BinaryOp::RightShift,
        _ => return None,
    })
}

fn comparison_of(name: &str) -> Option<CompareOp> {
    Some(match name {
        "equal" => CompareOp::Eq,
        "not_equal" => CompareOp::NotEq,
        "less" => CompareOp::Less,
        "less_equal" => CompareOp::LessEq,
        "greater" => CompareOp::Greater,
        "greater_equal" => CompareOp::GreaterEq,
        _ => return None,
    })
}

/// How many numbers a universal function takes.
pub fn arity(name: &str) -> Option<usize> {
    Some(match name {
        "arctan2" | "atan2" | "hypot" | "nextafter" | "minimum" | "maximum" | "fmin" | "fmax"
        | "copysign" | "fmod" | "logical_and" | "logical_or" | "logical_xor" | "float_power"
        | "logaddexp" | "logaddexp2" | "heaviside" | "gcd" | "lcm" | "ldexp" => 2,
        "negative" | "positive" | "absolute" | "abs" | "fabs" | "invert" | "bitwise_not"
        | "bitwise_invert" | "logical_not" | "square" | "sign" | "reciprocal" | "conj"
        | "conjugate" | "real" | "imag" | "angle" | "deg2rad" | "radians" | "rad2deg"
        | "degrees" | "bitwise_count" | "spacing" => 1,
        name if math_of(name).is_some() || predicate_of(name).is_some() => 1,
        name if operator_of(name).is_some() || comparison_of(name).is_some() => 2,
        _ => return None,
    })
}

impl Lowering<'_> {
    /// A universal function of numbers.
    pub fn function_of_numbers(
        &mut self,
        frame: &mut Frame,
        span: Span,
        path: &str,
        operands: Vec<Expr>,
        of_array: bool,
    ) -> Result<Expr> {
        let name = path.rsplit('.').next().unwrap_or(path);
        if operands.iter().any(|operand| operand.ty == Type::Unknown) {
            return Ok(frame.unknown(span));
        }
        if let Some(callee) = self.definition(&format!("ufunc.{name}")) {
            let names = callee.function.parameters.iter().map(|parameter| parameter.name.clone());
            let bound = names.zip(operands.into_iter().map(Value::Expr)).collect();
            let value = self.inlined(frame, span, &callee, bound, true)?;
            return self.run_time(frame, span, value);
        }
        let wrong = |frame: &Frame, operands: &[Expr]| {
            let types: Vec<_> = operands.iter().map(|operand| operand.ty.to_string()).collect();
            frame.error(span, format!("{path} of {}", types.join(" and ")), None)
        };
        let mut operands = operands;
        if let Some(op) = operator_of(name)
            && operands.len() == 2
        {
            let two = operands.remove(1);
            return self.binary(frame, op, operands.remove(0), two, true);
        }
        if let Some(op) = comparison_of(name)
            && operands.len() == 2
        {
            let two = operands.remove(1);
            return self.compare(frame, op, operands.remove(0), two);
        }
        let operand = |operands: &[Expr], index: usize| operands.get(index).cloned();
        let (Some(one), two) = (operand(&operands, 0), operand(&operands, 1)) else {
            return Err(wrong(frame, &operands));
        };
        let Type::Scalar(scalar, weak) = one.ty else { return Err(wrong(frame, &operands)) };
        if let Some(op) = predicate_of(name) {
            let bool = Type::scalar(Scalar::Bool);
            if !scalar.is_float() && !scalar.is_complex() {
                if op == Math::SignBit {
                    let zero = number(span, scalar, weak, 0.0);
                    return self.compare(frame, CompareOp::Less, one, zero);
                }
                return Ok(Expr::bool(span, op == Math::IsFinite));
            }
            let test = |one: Expr| Expr::new(span, bool.clone(), ExprKind::Math(op, vec![one]));
            if !scalar.is_complex() {
                return Ok(test(frame.plain(one)));
            }
            let one = frame.once(one);
            let (real, imaginary) = (test(part(one.clone(), false)), test(part(one, true)));
            let (real, imaginary) = (Box::new(real), Box::new(imaginary));
            let kind = match op {
                Math::IsFinite => ExprKind::And(real, imaginary),
                _ => ExprKind::Or(real, imaginary),
            };
            return Ok(Expr::new(span, bool, kind));
        }
        if let Some(op) = math_of(name) {
            let rounds = matches!(op, Math::Floor | Math::Ceil | Math::Trunc | Math::Round);
            let keeps = rounds && name != "rint";
            if keeps && (scalar.is_integer() || scalar == Scalar::Bool) {
                return Ok(one);
            }
            let binary = matches!(op, Math::Atan2 | Math::Hypot | Math::NextAfter);
            let operands = match two {
                Some(two) if binary => {
                    let (one, two) = (as_real(one), as_real(two));
                    let (one, two) = self.meet(frame, one, two, path)?;
                    let own = floating(one.scalar());
                    let weak = matches!(one.ty, Type::Scalar(_, true));
                    vec![cast(one, own, weak), cast(two, own, weak)]
                }
                None if !binary => vec![cast(one, floating(scalar), weak)],
                _ => return Err(wrong(frame, &operands)),
            };
            let ty = operands[0].ty.clone();
            return Ok(Expr::new(span, ty, ExprKind::Math(op, operands)));
        }
        let ty = one.ty.clone();
        let is_float = scalar.is_float();
        Ok(match (name, two) {
            ("negative", None) => self.unary(frame, UnaryOp::Neg, one, of_array)?,
            ("positive", None) => one,
            ("absolute" | "abs", None) => match scalar {
                Scalar::Bool if of_array => one,
                Scalar::Bool => cast(one, Scalar::I64, weak),
                _ => absolute(one),
            },
            ("fabs", None) => absolute(cast(one, floating(scalar), weak)),
            ("invert" | "bitwise_not" | "bitwise_invert", None) => {
                self.unary(frame, UnaryOp::Invert, one, true)?
            }
            ("logical_not", None) => super::scalar::not(self.truth(frame, one)?),
            ("square", None) => {
                let one = frame.once(one);
                self.binary(frame, BinaryOp::Mul, one.clone(), one, true)?
            }
            ("sign", None) if !scalar.is_complex() => {
                let one = frame.once(one);
                let zero = || number(span, scalar, weak, 0.0);
                let positive = self.compare(frame, CompareOp::Greater, one.clone(), zero())?;
                if scalar.kind() == Kind::Unsigned {
                    let kind = ExprKind::Cast(Box::new(positive));
                    return Ok(Expr::new(span, ty, kind));
                }
                let negative = self.compare(frame, CompareOp::Less, one.clone(), zero())?;
                // Zeros and NaN are their own signs.
                let rest = one;
                let pick = |test: Expr, one: Expr, two: Expr| {
                    let kind = ExprKind::IfElse(Box::new(test), Box::new(one), Box::new(two));
                    Expr::new(span, ty.clone(), kind)
                };
                let lower = pick(negative, number(span, scalar, weak, -1.0), rest);
                pick(positive, number(span, scalar, weak, 1.0), lower)
            }
            ("reciprocal", None) if is_float || scalar.is_complex() => {
                let own = number(span, scalar, weak, 1.0);
                self.binary(frame, BinaryOp::Div, own, one, true)?
            }
            ("reciprocal", None) => {
                // Towards 0, and of 0 what C makes of infinity: the least number, of which narrow types have no bits.
                let one = frame.once(one);
                let known = |value: f64| number(span, scalar, weak, value);
                let bits = 8 * scalar.size() as i32;
                let (is_signed, last) = match scalar.kind() {
                    Kind::Signed if bits >= 32 => (true, -(2.0_f64.powi(bits - 1))),
                    kind => (kind == Kind::Signed, 0.0),
                };
                let mut result = known(0.0);
                let special = [(-1.0, -1.0), (0.0, last), (1.0, 1.0)];
                for (given, made) in &special[usize::from(!is_signed)..] {
                    let test = self.compare(frame, CompareOp::Eq, one.clone(), known(*given))?;
                    let kind =
                        ExprKind::IfElse(Box::new(test), Box::new(known(*made)), Box::new(result));
                    result = Expr::new(span, ty.clone(), kind);
                }
                result
            }
            ("conj" | "conjugate", None) if scalar.is_complex() => {
                let one = frame.once(one);
                let half = part(one.clone(), true);
                let other = half.ty.clone();
                let half = Expr::new(span, other, ExprKind::Unary(Unary::Neg, Box::new(half)));
                let kind = ExprKind::Complex(Box::new(part(one, false)), Box::new(half));
                Expr::new(span, ty, kind)
            }
            ("conj" | "conjugate", None) => one,
            ("real", None) if scalar.is_complex() => part(one, false),
            ("real", None) => one,
            ("imag", None) if scalar.is_complex() => part(one, true),
            ("imag", None) => number(span, scalar, false, 0.0),
            ("angle", None) => {
                let one = frame.once(cast(one, scalar.complex(), weak));
                let operands = vec![part(one.clone(), true), part(one, false)];
                let ty = operands[0].ty.clone();
                Expr::new(span, ty, ExprKind::Math(Math::Atan2, operands))
            }
            ("deg2rad" | "radians", None) => {
                let own = floating(scalar);
                let factor = number(span, own, true, std::f64::consts::PI / 180.0);
                self.binary(frame, BinaryOp::Mul, cast(one, own, weak), factor, true)?
            }
            ("rad2deg" | "degrees", None) => {
                let own = floating(scalar);
                let factor = number(span, own, true, 180.0 / std::f64::consts::PI);
                self.binary(frame, BinaryOp::Mul, cast(one, own, weak), factor, true)?
            }
            ("bitwise_count", None) => {
                let own = absolute(one);
                let ty = own.ty.clone();
                let count = Expr::new(span, ty, ExprKind::Unary(Unary::PopCount, Box::new(own)));
                cast(count, Scalar::U8, false)
            }
            ("spacing", None) => {
                let own = cast(one, floating(scalar), weak);
                let one = frame.once(own);
                let far = number(span, one.scalar(), weak, f64::INFINITY);
                let ty = one.ty.clone();
                let sign = ExprKind::Binary(Binary::CopySign, Box::new(far), Box::new(one.clone()));
                let far = Expr::new(span, ty.clone(), sign);
                let next = ExprKind::Math(Math::NextAfter, vec![one.clone(), far]);
                let next = Expr::new(span, ty.clone(), next);
                Expr::new(span, ty, ExprKind::Binary(Binary::Sub, Box::new(next), Box::new(one)))
            }
            ("minimum" | "maximum" | "fmin" | "fmax" | "copysign" | "fmod", Some(two)) => {
                let (one, two) = match name {
                    "copysign" => (as_real(one), as_real(two)),
                    _ => (one, two),
                };
                let (mut one, mut two) = self.meet(frame, one, two, path)?;
                if name == "copysign" || (name == "fmod" && one.scalar() == Scalar::Bool) {
                    let own = floating(one.scalar());
                    let weak = matches!(one.ty, Type::Scalar(_, true));
                    (one, two) = (cast(one, own, weak), cast(two, own, weak));
                }
                if one.scalar().is_complex() {
                    return Err(wrong(frame, &operands));
                }
                let op = match name {
                    "minimum" => Binary::Min,
                    "maximum" => Binary::Max,
                    "fmin" => Binary::FMin,
                    "fmax" => Binary::FMax,
                    "copysign" => Binary::CopySign,
                    _ => Binary::Rem,
                };
                let ty = one.ty.clone();
                Expr::new(span, ty, ExprKind::Binary(op, Box::new(one), Box::new(two)))
            }
            ("logical_and" | "logical_or" | "logical_xor", Some(two)) => {
                let (one, two) = (self.truth(frame, one)?, self.truth(frame, two)?);
                let op = match name {
                    "logical_and" => Binary::And,
                    "logical_or" => Binary::Or,
                    _ => Binary::Xor,
                };
                let kind = ExprKind::Binary(op, Box::new(one), Box::new(two));
                Expr::new(span, Type::scalar(Scalar::Bool), kind)
            }
            ("float_power", Some(two)) => {
                let own = if scalar.is_complex() { Scalar::C128 } else { Scalar::F64 };
                let (one, two) = (cast(one, own, false), cast(two, own, false));
                self.binary(frame, BinaryOp::Pow, one, two, true)?
            }
            _ => return Err(wrong(frame, &operands)),
        })
    }

    /// An expression of numbers alone.
    pub fn single(&mut self, frame: &mut Frame, lazy: &Lazy) -> Result<Expr> {
        let span = lazy.span;
        let result = frame.local(".single", Type::Scalar(lazy.dtype.0, lazy.dtype.1));
        self.each(frame, lazy, &[], None, &mut |_, frame, _, element| {
            let element = cast(element, lazy.dtype.0, lazy.dtype.1);
            frame.emit(span, StmtKind::Assign(result, element));
            Ok(())
        })?;
        Ok(frame.read(span, result))
    }

    pub fn ufunc(
        &mut self,
        frame: &mut Frame,
        path: &str,
        count: usize,
        mut given: Arguments,
    ) -> Result<Value> {
        let span = given.span;
        let out = given.keywords.iter().position(|(name, _)| name == "out");
        let mut out = out.map(|index| given.keywords.remove(index).1);
        let dtype = given.keywords.iter().position(|(name, _)| name == "dtype");
        let dtype = dtype.map(|index| given.keywords.remove(index).1);
        let only = given.keywords.iter().position(|(name, _)| name == "where");
        let only = only.map(|index| given.keywords.remove(index).1);
        if given.positional.len() == count + 1 {
            out = given.positional.pop();
        }
        if given.positional.len() != count || !given.keywords.is_empty() {
            let message = format!("{path} takes {count} numbers or arrays in compiled code");
            return Err(frame.error(span, message, None));
        }
        let mut values = Vec::new();
        for value in given.positional {
            values.push(match value {
                Value::Tuple(items) | Value::Meta(Meta::List(items)) => {
                    let list = self.array_of_list(frame, span, items, None)?;
                    Value::Expr(frame.read(span, list))
                }
                other => other,
            });
        }
        let result = if values.iter().all(Value::is_number) {
            let mut operands = Vec::new();
            for value in values {
                operands.push(self.run_time(frame, span, value)?);
            }
            let result = self.function_of_numbers(frame, span, path, operands, false)?;
            Value::Expr(frame.plain(result))
        } else {
            let mut children = Vec::new();
            for value in values {
                children.push(self.tree(frame, span, value)?);
            }
            self.node(frame, span, Op::Function(path.to_owned()), children)?
        };
        let result = match self.dtype(frame, span, dtype)? {
            Some(dtype) => {
                let tree = self.tree(frame, span, result)?;
                self.node(frame, span, Op::Cast(dtype), vec![tree])?
            }
            None => result,
        };
        let out = out.filter(|out| !out.is_none());
        let result = match only.filter(|only| only.as_bool() != Some(true)) {
            Some(only) => {
                let only = self.tree(frame, span, only)?;
                let result = self.tree(frame, span, result)?;
                // Elsewhere nothing is stored; what that is without `out`, NumPy leaves open.
                let other = match &out {
                    Some(out) => self.tree(frame, span, out.clone())?,
                    None => Tree::Scalar(Expr::int(span, 0)),
                };
                self.node(frame, span, Op::Where, vec![only, result, other])?
            }
            None => result,
        };
        match out {
            Some(out) => {
                let array = self.array(frame, span, out)?;
                self.store_all(frame, span, array, result)?;
                Ok(Value::Expr(frame.read(span, array)))
            }
            None => Ok(result),
        }
    }
}
