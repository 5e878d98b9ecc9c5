//! Python's `ast` nodes as the kernel's syntax.
//!
//! By the names of their classes, without the module `ast`: what `compile` returns needs no import.

use manycore::kernel::error::CompileError;
use manycore::kernel::syntax::{
    BinaryOp, CompareOp, Comprehension, Constant, Expr, ExprKind, Function, Parameter, Span, Stmt,
    StmtKind, UnaryOp,
};
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyComplex, PyComplexMethods, PyFloat, PyInt, PyList, PyString, PyTuple};
use std::sync::Arc;

/// Why a function's source can't be read.
pub enum Unread {
    Refused(Box<CompileError>),
    Failed(PyErr),
}

impl From<PyErr> for Unread {
    fn from(error: PyErr) -> Self {
        Self::Failed(error)
    }
}

type Read<T> = Result<T, Unread>;

/// Reads a `FunctionDef` or `Lambda` node, whose lines are `shift` further down in the file.
pub fn function(node: &Bound<'_, PyAny>, file: &Arc<str>, shift: i64) -> Read<Function> {
    Reader { file: Arc::clone(file), shift, function: String::new() }.function(node)
}

/// A constant, if it is one that kernels know.
pub fn constant(value: &Bound<'_, PyAny>) -> PyResult<Option<Constant>> {
    Ok(Some(if value.is_none() {
        Constant::None
    } else if value.is(value.py().Ellipsis()) {
        Constant::Ellipsis
    } else if let Ok(truth) = value.cast_exact::<PyBool>() {
        Constant::Bool(truth.is_true())
    } else if value.is_exact_instance_of::<PyInt>() {
        match value.extract::<i64>() {
            Ok(integer) => Constant::Int(integer),
            Err(_) => match value.extract::<u64>() {
                Ok(integer) => Constant::Unsigned(integer),
                Err(_) => return Ok(None),
            },
        }
    } else if let Ok(float) = value.cast_exact::<PyFloat>() {
        Constant::Float(float.value())
    } else if let Ok(complex) = value.cast_exact::<PyComplex>() {
        Constant::Complex(complex.real(), complex.imag())
    } else if let Ok(text) = value.cast_exact::<PyString>() {
        match text.to_str() {
            Ok(text) => Constant::Str(text.into()),
            Err(_) => return Ok(None),
        }
    } else if let Ok(items) = value.cast_exact::<PyTuple>() {
        let items: Option<Vec<_>> =
            items.iter().map(|item| constant(&item)).collect::<PyResult<_>>()?;
        match items {
            Some(items) => Constant::Tuple(items),
            None => return Ok(None),
        }
    } else {
        return Ok(None);
    }))
}

struct Reader {
    file: Arc<str>,
    shift: i64,
    function: String,
}

/// What a node is: the name of its class.
fn kind(node: &Bound<'_, PyAny>) -> PyResult<String> {
    Ok(node.get_type().name()?.to_str()?.to_owned())
}

fn list<'py>(node: &Bound<'py, PyAny>, name: &str) -> PyResult<Bound<'py, PyList>> {
    Ok(node.getattr(name)?.cast_into::<PyList>()?)
}

/// An attribute that may be `None`.
fn optional<'py>(node: &Bound<'py, PyAny>, name: &str) -> PyResult<Option<Bound<'py, PyAny>>> {
    let value = node.getattr(name)?;
    Ok((!value.is_none()).then_some(value))
}

impl Reader {
    fn span(&self, node: &Bound<'_, PyAny>) -> PyResult<Span> {
        let line = node.getattr("lineno")?.extract::<i64>()? + self.shift;
        Ok(Span { line: line as u32, column: node.getattr("col_offset")?.extract()? })
    }

    fn refuse<T>(&self, span: Span, message: impl Into<String>, hint: &str) -> Read<T> {
        Err(Unread::Refused(Box::new(CompileError {
            function: self.function.clone(),
            file: Arc::clone(&self.file),
            span,
            message: message.into(),
            hint: (!hint.is_empty()).then(|| hint.to_owned()),
        })))
    }

    fn function(&mut self, node: &Bound<'_, PyAny>) -> Read<Function> {
        let span = self.span(node)?;
        let is_lambda = kind(node)? == "Lambda";
        let name =
            if is_lambda { "<lambda>".to_owned() } else { node.getattr("name")?.extract()? };
        let outer = std::mem::replace(&mut self.function, name.clone());
        let parameters = self.parameters(node, span)?;
        let body = if is_lambda {
            let value = self.expr(&node.getattr("body")?)?;
            vec![Stmt { span: value.span, kind: StmtKind::Return(Some(value)) }]
        } else {
            self.body(node, "body")?
        };
        self.function = outer;
        Ok(Function { name, file: Arc::clone(&self.file), span, parameters, body })
    }

    fn parameters(&mut self, node: &Bound<'_, PyAny>, span: Span) -> Read<Vec<Parameter>> {
        let arguments = node.getattr("args")?;
        if let Some(rest) = optional(&arguments, "kwarg")? {
            let name: String = rest.getattr("arg")?.extract()?;
            let message = format!("a compiled function can't have **{name}");
            return self.refuse(span, message, "give it a parameter for each value");
        }
        let mut parameters = Vec::new();
        for names in ["posonlyargs", "args", "kwonlyargs"] {
            for parameter in list(&arguments, names)? {
                let name = parameter.getattr("arg")?.extract()?;
                parameters.push(Parameter { name, default: None, is_rest: false });
            }
            if names == "args" {
                // The defaults are those of the last parameters that may be positional.
                let defaults = list(&arguments, "defaults")?;
                let first = parameters.len() - defaults.len();
                for (parameter, default) in parameters[first..].iter_mut().zip(defaults) {
                    parameter.default = Some(self.expr(&default)?);
                }
            }
        }
        let keywords = list(&arguments, "kw_defaults")?;
        let first = parameters.len() - keywords.len();
        for (parameter, default) in parameters[first..].iter_mut().zip(keywords) {
            if !default.is_none() {
                parameter.default = Some(self.expr(&default)?);
            }
        }
        if let Some(rest) = optional(&arguments, "vararg")? {
            let nothing = ExprKind::Constant(Constant::Tuple(Vec::new()));
            parameters.push(Parameter {
                name: rest.getattr("arg")?.extract()?,
                default: Some(Expr { span, kind: nothing }),
                is_rest: true,
            });
        }
        Ok(parameters)
    }

    fn body(&mut self, node: &Bound<'_, PyAny>, name: &str) -> Read<Vec<Stmt>> {
        let mut body = Vec::new();
        for statement in list(node, name)? {
            let statement = self.statement(&statement)?;
            // Docstrings say nothing to a machine.
            if !matches!(
                &statement.kind,
                StmtKind::Expr(Expr { kind: ExprKind::Constant(Constant::Str(_)), .. })
            ) {
                body.push(statement);
            }
        }
        Ok(body)
    }

    fn statement(&mut self, node: &Bound<'_, PyAny>) -> Read<Stmt> {
        let span = self.span(node)?;
        let kind = match kind(node)?.as_str() {
            "Assign" => StmtKind::Assign {
                targets: self.all(node, "targets")?,
                value: self.part(node, "value")?,
            },
            "AnnAssign" => match self.maybe(node, "value")? {
                Some(value) => {
                    StmtKind::Assign { targets: vec![self.part(node, "target")?], value }
                }
                None => StmtKind::Pass,
            },
            "AugAssign" => StmtKind::AugAssign {
                target: self.part(node, "target")?,
                op: binary(&kind(&node.getattr("op")?)?),
                value: self.part(node, "value")?,
            },
            "For" => StmtKind::For {
                target: self.part(node, "target")?,
                iter: self.part(node, "iter")?,
                body: self.body(node, "body")?,
                orelse: self.body(node, "orelse")?,
            },
            "While" => StmtKind::While {
                test: self.part(node, "test")?,
                body: self.body(node, "body")?,
                orelse: self.body(node, "orelse")?,
            },
            "If" => StmtKind::If {
                test: self.part(node, "test")?,
                body: self.body(node, "body")?,
                orelse: self.body(node, "orelse")?,
            },
            "Break" => StmtKind::Break,
            "Continue" => StmtKind::Continue,
            "Pass" => StmtKind::Pass,
            "Return" => StmtKind::Return(self.maybe(node, "value")?),
            "Expr" => StmtKind::Expr(self.part(node, "value")?),
            "Delete" => StmtKind::Delete(self.all(node, "targets")?),
            "Assert" => StmtKind::Assert {
                test: self.part(node, "test")?,
                message: self.maybe(node, "msg")?,
            },
            "Raise" => StmtKind::Raise(self.maybe(node, "exc")?),
            "Match" => return self.choice(node, span),
            "FunctionDef" => StmtKind::FunctionDef(Arc::new(self.function(node)?)),
            other => StmtKind::Unknown(other.to_owned()),
        };
        Ok(Stmt { span, kind })
    }

    /// `match`, as branches.
    fn choice(&mut self, node: &Bound<'_, PyAny>, span: Span) -> Read<Stmt> {
        // No name of the source's has such a character.
        let name = ExprKind::Name(format!("match@{}", span.line));
        let subject = Expr { span, kind: name };
        let value = self.part(node, "subject")?;
        let assign = StmtKind::Assign { targets: vec![subject.clone()], value };
        let mut branches = Vec::new();
        for case in list(node, "cases")? {
            let pattern = case.getattr("pattern")?;
            let span = self.span(&pattern)?;
            let (mut test, names) = self.pattern(&pattern, &subject)?;
            if let Some(guard) = self.maybe(&case, "guard")? {
                test = Expr { span, kind: ExprKind::Bool(true, vec![test, guard]) };
            }
            branches.push((span, test, names, self.body(&case, "body")?));
        }
        let mut orelse = Vec::new();
        for (span, test, mut names, body) in branches.into_iter().rev() {
            // The condition may ask for the name.
            names.push(Stmt { span, kind: StmtKind::If { test, body, orelse } });
            orelse = names;
        }
        let mut body = vec![Stmt { span, kind: assign }];
        body.extend(orelse);
        let test = Expr { span, kind: ExprKind::Constant(Constant::Bool(true)) };
        Ok(Stmt { span, kind: StmtKind::If { test, body, orelse: Vec::new() } })
    }

    /// When a pattern fits, and what it gives names to.
    fn pattern(&mut self, node: &Bound<'_, PyAny>, subject: &Expr) -> Read<(Expr, Vec<Stmt>)> {
        let span = self.span(node)?;
        let expr = |kind| Expr { span, kind };
        let compare =
            |op, value| expr(ExprKind::Compare(Box::new(subject.clone()), vec![(op, value)]));
        Ok(match kind(node)?.as_str() {
            "MatchValue" => (compare(CompareOp::Eq, self.part(node, "value")?), Vec::new()),
            "MatchSingleton" => {
                let constant = self.constant(node, span)?;
                (compare(CompareOp::Is, expr(constant)), Vec::new())
            }
            "MatchOr" => {
                let mut tests = Vec::new();
                for pattern in list(node, "patterns")? {
                    let (test, body) = self.pattern(&pattern, subject)?;
                    if !body.is_empty() {
                        return self.refuse(span, "a name in a case of several", "use if and elif");
                    }
                    tests.push(test);
                }
                (expr(ExprKind::Bool(false, tests)), Vec::new())
            }
            "MatchAs" if optional(node, "pattern")?.is_none() => {
                let mut body = Vec::new();
                if let Some(name) = optional(node, "name")? {
                    let targets = vec![expr(ExprKind::Name(name.extract()?))];
                    let value = subject.clone();
                    body.push(Stmt { span, kind: StmtKind::Assign { targets, value } });
                }
                (expr(ExprKind::Constant(Constant::Bool(true))), body)
            }
            _ => {
                let message = "a case that is no number, text or None";
                return self.refuse(span, message, "use if and elif");
            }
        })
    }

    fn part(&mut self, node: &Bound<'_, PyAny>, name: &str) -> Read<Expr> {
        self.expr(&node.getattr(name)?)
    }

    fn boxed(&mut self, node: &Bound<'_, PyAny>, name: &str) -> Read<Box<Expr>> {
        self.part(node, name).map(Box::new)
    }

    fn maybe(&mut self, node: &Bound<'_, PyAny>, name: &str) -> Read<Option<Expr>> {
        optional(node, name)?.map(|value| self.expr(&value)).transpose()
    }

    fn all(&mut self, node: &Bound<'_, PyAny>, name: &str) -> Read<Vec<Expr>> {
        list(node, name)?.iter().map(|item| self.expr(&item)).collect()
    }

    fn expr(&mut self, node: &Bound<'_, PyAny>) -> Read<Expr> {
        let span = self.span(node)?;
        let kind = match kind(node)?.as_str() {
            "Constant" => self.constant(node, span)?,
            "Name" => ExprKind::Name(node.getattr("id")?.extract()?),
            "UnaryOp" => self.unary(node, span)?,
            "BinOp" => ExprKind::Binary(
                binary(&kind(&node.getattr("op")?)?),
                self.boxed(node, "left")?,
                self.boxed(node, "right")?,
            ),
            "BoolOp" => {
                let is_and = kind(&node.getattr("op")?)? == "And";
                ExprKind::Bool(is_and, self.all(node, "values")?)
            }
            "Compare" => {
                let operators = list(node, "ops")?.iter().map(|op| kind(&op));
                let operators: Vec<_> = operators.collect::<PyResult<_>>()?;
                let operators = operators.iter().map(|op| compare(op));
                let operands = self.all(node, "comparators")?;
                ExprKind::Compare(self.boxed(node, "left")?, operators.zip(operands).collect())
            }
            "IfExp" => ExprKind::IfExp {
                test: self.boxed(node, "test")?,
                body: self.boxed(node, "body")?,
                orelse: self.boxed(node, "orelse")?,
            },
            "Call" => return self.call(node, span),
            "Attribute" => {
                ExprKind::Attribute(self.boxed(node, "value")?, node.getattr("attr")?.extract()?)
            }
            "Subscript" => {
                ExprKind::Subscript(self.boxed(node, "value")?, self.boxed(node, "slice")?)
            }
            "Slice" => ExprKind::Slice {
                lower: self.maybe(node, "lower")?.map(Box::new),
                upper: self.maybe(node, "upper")?.map(Box::new),
                step: self.maybe(node, "step")?.map(Box::new),
            },
            "Tuple" => ExprKind::Tuple(self.all(node, "elts")?),
            "List" => ExprKind::List(self.all(node, "elts")?),
            "ListComp" | "GeneratorExp" => ExprKind::ListComp {
                element: self.boxed(node, "elt")?,
                generators: self.generators(node)?,
            },
            "Starred" => ExprKind::Starred(self.boxed(node, "value")?),
            "NamedExpr" => ExprKind::Named(self.boxed(node, "target")?, self.boxed(node, "value")?),
            "Lambda" => ExprKind::Lambda(Arc::new(self.function(node)?)),
            "JoinedStr" => ExprKind::JoinedStr(self.all(node, "values")?),
            "FormattedValue" => {
                const NO_CONVERSION: i32 = -1;
                let conversion: i32 = node.getattr("conversion")?.extract()?;
                if conversion != NO_CONVERSION || optional(node, "format_spec")?.is_some() {
                    ExprKind::Unknown("a format in an f-string".to_owned())
                } else {
                    return self.part(node, "value");
                }
            }
            other => ExprKind::Unknown(other.to_owned()),
        };
        Ok(Expr { span, kind })
    }

    fn constant(&self, node: &Bound<'_, PyAny>, span: Span) -> Read<ExprKind> {
        let value = node.getattr("value")?;
        match constant(&value)? {
            Some(constant) => Ok(ExprKind::Constant(constant)),
            None if value.is_instance_of::<PyInt>() => {
                let message = format!("the integer {value} does not fit 64 bits");
                self.refuse(span, message, "write it as a float, such as 1e30")
            }
            None => Ok(ExprKind::Unknown(format!("a constant of type {}", kind(&value)?))),
        }
    }

    /// An operation on one operand; on a number it is a number.
    fn unary(&mut self, node: &Bound<'_, PyAny>, span: Span) -> Read<ExprKind> {
        let operator = match kind(&node.getattr("op")?)?.as_str() {
            "Not" => UnaryOp::Not,
            "USub" => UnaryOp::Neg,
            "UAdd" => UnaryOp::Pos,
            _ => UnaryOp::Invert,
        };
        let operand = self.part(node, "operand")?;
        let ExprKind::Constant(constant) = &operand.kind else {
            return Ok(ExprKind::Unary(operator, Box::new(operand)));
        };
        Ok(ExprKind::Constant(match (operator, constant) {
            (UnaryOp::Neg, Constant::Int(value)) if *value != i64::MIN => Constant::Int(-value),
            (UnaryOp::Neg, Constant::Unsigned(value)) if *value == i64::MIN.unsigned_abs() => {
                Constant::Int(i64::MIN)
            }
            (UnaryOp::Neg, Constant::Unsigned(value)) => {
                let message = format!("the integer -{value} does not fit 64 bits");
                return self.refuse(span, message, "write it as a float, such as -1e30");
            }
            (UnaryOp::Neg, Constant::Float(value)) => Constant::Float(-value),
            (UnaryOp::Neg, Constant::Complex(real, imag)) => Constant::Complex(-real, -imag),
            _ => return Ok(ExprKind::Unary(operator, Box::new(operand))),
        }))
    }

    fn call(&mut self, node: &Bound<'_, PyAny>, span: Span) -> Read<Expr> {
        let mut keywords = Vec::new();
        for keyword in list(node, "keywords")? {
            let Some(name) = optional(&keyword, "arg")? else {
                let kind = ExprKind::Unknown("** in a call".to_owned());
                return Ok(Expr { span, kind });
            };
            keywords.push((name.extract()?, self.part(&keyword, "value")?));
        }
        let function = self.boxed(node, "func")?;
        let arguments = self.all(node, "args")?;
        Ok(Expr { span, kind: ExprKind::Call { function, arguments, keywords } })
    }

    fn generators(&mut self, node: &Bound<'_, PyAny>) -> Read<Vec<Comprehension>> {
        let each = list(node, "generators")?;
        each.iter()
            .map(|generator| {
                Ok(Comprehension {
                    target: self.part(&generator, "target")?,
                    iter: self.part(&generator, "iter")?,
                    ifs: self.all(&generator, "ifs")?,
                })
            })
            .collect()
    }
}

fn binary(operator: &str) -> BinaryOp {
    match operator {
        "Add" => BinaryOp::Add,
        "Sub" => BinaryOp::Sub,
        "Mult" => BinaryOp::Mul,
        "Div" => BinaryOp::Div,
        "FloorDiv" => BinaryOp::FloorDiv,
        "Mod" => BinaryOp::Mod,
        "Pow" => BinaryOp::Pow,
        "MatMult" => BinaryOp::MatMul,
        "BitAnd" => BinaryOp::And,
        "BitOr" => BinaryOp::Or,
        "BitXor" => BinaryOp::Xor,
        "LShift" => BinaryOp::LeftShift,
        "RShift" => BinaryOp::RightShift,
        other => unreachable!("Python has no operator {other} of two operands"),
    }
}

fn compare(operator: &str) -> CompareOp {
    match operator {
        "Eq" => CompareOp::Eq,
        "NotEq" => CompareOp::NotEq,
        "Lt" => CompareOp::Less,
        "LtE" => CompareOp::LessEq,
        "Gt" => CompareOp::Greater,
        "GtE" => CompareOp::GreaterEq,
        "Is" => CompareOp::Is,
        "IsNot" => CompareOp::IsNot,
        "In" => CompareOp::In,
        "NotIn" => CompareOp::NotIn,
        other => unreachable!("Python has no comparison {other}"),
    }
}
