//! Typed kernels as LLVM's text.
//!
//! Every value is a row of *leaves* (numbers and addresses), as many as it has slots in
//! [`crate::abi`]: an array of two dimensions is its address, its owner, two sizes and two strides.
//! Leaves are plain values to LLVM, variables are stack slots of single leaves, and so nothing
//! stands between it and registers. Rows of slots are only written where values pass from one
//! function to another.
//!
//! What is special about the code, by file: who counts references (`managed`), which loops come
//! twice so that one of them needs no bounds checks (`bounds`), how long loops can be stopped
//! (`counted`), and bodies that run on all cores (`parallel`).
//!
//! The text is read by LLVM 20 and later; intrinsics are declared by the reader.

mod array;
mod bounds;
mod call;
mod checked;
mod complex;
mod counted;
mod cut;
mod disjoint;
mod expression;
mod facts;
mod jam;
mod leaf;
mod list;
mod managed;
mod math;
mod parallel;
mod polynomial;
mod random;
mod scalar;
mod shared;
mod statement;
mod vector;
pub(crate) mod walk;
mod writer;

use crate::ir::{Exception, Program};
use crate::message::Part;
use std::sync::Arc;
pub use vector::MARK;

/// A program as LLVM's text, and what its caller needs to know beside it.
#[derive(Clone, Debug)]
pub struct Module {
    /// LLVM's assembly language; the function to call is [`ENTRY`]. Behind it, each behind a
    /// [`MARK`] and its name, functions to be linked if they are still called after optimisation.
    pub text: String,
    /// What [`crate::abi::Context::site`] means: what was raised, and where.
    pub raises: Vec<RaiseSite>,
    /// Functions of the C library and its mathematical part that the text calls by name.
    pub symbols: Vec<String>,
    /// Whether a call ends soon: no loops, which look at the alarm, and nothing that may have some.
    pub is_straight: bool,
}

/// The name of a module's function that is called from outside.
pub const ENTRY: &str = "entry";

/// A place where a program raises an exception.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct RaiseSite {
    /// The class.
    pub exception: Exception,
    /// What it says; the values are the context's, in order.
    pub parts: Vec<Part>,
    /// The function's source file,
    pub file: Arc<str>,
    /// the line
    pub line: u32,
    /// and the function, as the source calls it.
    pub function: String,
}

/// Writes a program as LLVM's text.
pub fn module(program: &Program) -> Module {
    shared::Shared::new(program).module()
}

#[cfg(test)]
mod tests {
    use super::module;
    use crate::abi::PrintKind;
    use crate::ir::{Exception, Expr, ExprKind, Function, Local, Math, Place, Program};
    use crate::ir::{FastMath, Stmt, StmtKind, Variable};
    use crate::message::Part;
    use crate::syntax::Span;
    use crate::types::{ArrayType, Scalar, Type};
    use std::sync::Arc;

    const LINE: Span = Span { line: 7, column: 4 };

    /// `return gamma(a[i]) + ...` of as many terms.
    fn gammas(terms: usize) -> Program {
        let (int, double) = (Type::scalar(Scalar::I64), Type::scalar(Scalar::F64));
        let array = Type::Array(ArrayType::new(Scalar::F64, 1));
        let expr = |ty: &Type, kind| Expr::new(LINE, ty.clone(), kind);
        let element = || {
            let index = Box::new(expr(&int, ExprKind::Local(Local(1))));
            let size = Box::new(expr(&int, ExprKind::Shape(Local(0), 0)));
            let at = expr(&int, ExprKind::Index { index, size, axis: 0, check: true });
            let place = Place::Indices(vec![at]);
            let load = expr(&double, ExprKind::Load { array: Local(0), place });
            expr(&double, ExprKind::Math(Math::Gamma, vec![load]))
        };
        let sum = (1..terms).fold(element(), |sum, _| {
            let op = crate::ir::Binary::Add;
            expr(&double, ExprKind::Binary(op, Box::new(sum), Box::new(element())))
        });
        let variable = |name: &str, ty: &Type| Variable { name: name.into(), ty: ty.clone() };
        let function = Function {
            name: "gammas".into(),
            file: Arc::from("here.py"),
            locals: vec![variable("a", &array), variable("i", &int)],
            parameters: 2,
            result: double,
            body: vec![Stmt { span: LINE, kind: StmtKind::Return(Some(sum)) }],
            math: FastMath::None,
        };
        Program { functions: vec![function] }
    }

    #[test]
    fn failures_of_one_kind_on_one_line_are_one_site() {
        let [site] = &module(&gammas(3)).raises[..] else { panic!("one site") };
        assert_eq!((site.exception, site.line), (Exception::Index, 7));
        assert_eq!(site.parts[1], Part::Value(PrintKind::Int));
        assert_eq!((&*site.file, &*site.function), ("here.py", "gammas"));
    }

    #[test]
    fn what_is_called_by_name_is_declared_once() {
        let module = module(&gammas(2));
        assert_eq!(module.symbols, ["tgamma"]);
        assert_eq!(module.text.matches("declare double @tgamma(double)").count(), 1);
    }

    #[test]
    fn the_same_program_has_the_same_text() {
        assert_eq!(module(&gammas(2)).text, module(&gammas(2)).text);
    }
}
