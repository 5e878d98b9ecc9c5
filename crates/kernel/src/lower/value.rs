//! What an expression stands for while it is lowered: a value at run time, or something known before.

use super::elementwise::Lazy;
use crate::globals::Callee;
use crate::ir::{Expr, ExprKind, Local, Value as Constant};
use crate::syntax::Function;
use crate::types::{Named, Scalar, Type};
use std::rc::Rc;
use std::sync::Arc;

/// What an expression stands for.
#[derive(Clone, Debug)]
pub enum Value {
    /// A value at run time; an array is always a variable.
    Expr(Expr),
    /// An array that nobody has asked the elements of yet.
    Lazy(Rc<Lazy>),
    /// A tuple of these.
    Tuple(Vec<Self>),
    /// Something that exists at compile time only.
    Meta(Meta),
}

/// Something that exists at compile time only.
#[derive(Clone, Debug)]
pub enum Meta {
    /// A module, function, type or exception by its path.
    Known(String),
    /// A function that is compiled for itself.
    Function(Arc<Callee>),
    /// One that is called for each element of arrays.
    Ufunc(Arc<Callee>),
    /// A function written within this one, which is compiled where it is called.
    Inner(Rc<Inner>),
    /// `...`.
    Ellipsis,
    /// A slice of an index.
    Slice(Option<Box<Value>>, Option<Box<Value>>, Option<Box<Value>>),
    /// `range(start, stop, step)`; whether its rounds may run at one time.
    Range(Box<[Expr; 3]>, bool),
    /// `zip(...)`.
    Zip(Vec<Value>),
    /// `enumerate(...)`, and from where it counts.
    Enumerate(Box<Value>, Box<Expr>),
    /// `reversed(...)`.
    Reversed(Box<Value>),
    /// `array.flat`.
    Flat(Local),
    /// `numpy.ndindex(...)` or, with the array, `numpy.ndenumerate(array)`.
    NdIndex(Vec<Expr>, Option<Local>),
    /// A method (or an attribute that is called) of a value.
    Method(Box<Value>, String),
    /// A list display.
    List(Vec<Value>),
    /// A dtype.
    Dtype(Scalar),
    /// A class of named tuples.
    Named(Arc<Named>),
    /// `numpy.iinfo(...)` or `numpy.finfo(...)` of it.
    Limits(Scalar),
}

/// A nested function or lambda: its source, and whose variables it sees.
#[derive(Debug)]
pub struct Inner {
    pub function: Arc<Function>,
    pub prefix: String,
    pub scope: crate::globals::Scope,
}

impl Value {
    /// `None`.
    pub fn none(span: crate::syntax::Span) -> Self {
        Self::Expr(Expr::new(span, Type::None, ExprKind::Const(Constant::None)))
    }

    /// The integer, if it is one that is known.
    pub fn as_int(&self) -> Option<i64> {
        match self {
            Self::Expr(Expr { kind: ExprKind::Const(Constant::Int(value)), .. }) => Some(*value),
            Self::Expr(Expr { kind: ExprKind::Const(Constant::Bool(value)), .. }) => {
                Some(i64::from(*value))
            }
            _ => None,
        }
    }

    /// The truth value, if it is one that is known.
    pub fn as_bool(&self) -> Option<bool> {
        match self {
            Self::Expr(Expr { kind: ExprKind::Const(Constant::Bool(value)), .. }) => Some(*value),
            _ => None,
        }
    }

    /// The text, if it is one that is known.
    pub fn as_str(&self) -> Option<&Arc<str>> {
        match self {
            Self::Expr(Expr { kind: ExprKind::Const(Constant::Str(text)), .. }) => Some(text),
            _ => None,
        }
    }

    /// Whether it is `None`.
    pub fn is_none(&self) -> bool {
        matches!(self, Self::Expr(Expr { ty: Type::None, .. }))
    }

    /// Whether it is a number, a text or a tuple of such that is known.
    pub fn is_constant(&self) -> bool {
        match self {
            Self::Expr(expr) => {
                matches!(expr.ty, Type::Scalar(..) | Type::Str)
                    && matches!(expr.kind, ExprKind::Const(_))
            }
            Self::Tuple(items) => items.iter().all(Self::is_constant),
            _ => false,
        }
    }

    /// Whether it is a single number.
    pub fn is_number(&self) -> bool {
        matches!(self, Self::Expr(Expr { ty: Type::Scalar(..) | Type::Unknown, .. }))
    }

    /// The type of an array's elements, or of a number.
    pub fn dtype(&self) -> Option<Scalar> {
        match self {
            Self::Lazy(lazy) => Some(lazy.dtype()),
            Self::Expr(Expr { ty: Type::Array(array), .. }) => Some(array.dtype),
            Self::Expr(expr) => expr.ty.as_scalar(),
            _ => None,
        }
    }

    /// The array's variable, if it is one.
    pub fn as_array(&self) -> Option<Local> {
        match self {
            Self::Expr(Expr { ty: Type::Array(_), kind: ExprKind::Local(local), .. }) => {
                Some(*local)
            }
            _ => None,
        }
    }

    /// What it is, in words for a message.
    pub fn describe(&self) -> String {
        match self {
            Self::Expr(expr) => expr.ty.to_string(),
            Self::Lazy(lazy) => format!("array({}, {}d)", lazy.dtype(), lazy.ndim),
            Self::Tuple(items) => {
                let items: Vec<_> = items.iter().map(Self::describe).collect();
                format!("({})", items.join(", "))
            }
            Self::Meta(meta) => match meta {
                Meta::Known(path) => path.clone(),
                Meta::Ufunc(callee) => format!("the ufunc {}", callee.function.name),
                Meta::Function(callee) => format!("the function {}", callee.function.name),
                Meta::Inner(inner) => format!("the function {}", inner.function.name),
                Meta::Ellipsis => "...".into(),
                Meta::Slice(..) => "a slice".into(),
                Meta::Range(..) => "a range".into(),
                Meta::Zip(_) => "a zip".into(),
                Meta::Enumerate(..) => "an enumerate".into(),
                Meta::Reversed(_) => "a reversed".into(),
                Meta::Flat(_) => "an array's flat".into(),
                Meta::NdIndex(..) => "an ndindex".into(),
                Meta::Method(object, name) => format!("{}.{name}", object.describe()),
                Meta::List(_) => "a list".into(),
                Meta::Named(named) => format!("the class {}", named.name),
                Meta::Dtype(scalar) => format!("the type {scalar}"),
                Meta::Limits(scalar) => format!("the limits of {scalar}"),
            },
        }
    }
}
