//! Bodies of functions that are lowered where they are called, and how these return.

use super::scalar::cast;
use super::value::{Meta, Value};
use super::{Exit, Frame, Inlined, Lowering, Result, rename};
use crate::globals::Scope;
use crate::ir::{Expr, StmtKind};
use crate::syntax::{self, Span, Stmt, StmtKind as Source};
use crate::types::{Scalar, Type};
use std::sync::Arc;

impl Lowering<'_> {
    /// Returns from the function, or from the body that is lowered in place.
    pub fn return_value(&mut self, frame: &mut Frame, span: Span, value: Value) -> Result<()> {
        if frame.scopes.last().is_some_and(|scope| scope.exit.is_some()) {
            return self.return_in_place(frame, span, value);
        }
        if frame.loops.iter().any(|inner| inner.is_parallel) {
            return Err(frame.error(span, "return in a prange".into(), None));
        }
        let expr = match (self.run_time(frame, span, value)?, frame.declared) {
            (expr, Some(to))
                if expr
                    .ty
                    .as_scalar()
                    .is_some_and(|from| to.is_complex() || !from.is_complex()) =>
            {
                cast(expr, to, false)
            }
            (expr, _) => expr,
        };
        if expr.ty == Type::Generator {
            let hint = "make it where it is used, or give it to the function";
            return Err(frame.error(span, "a generator is returned".into(), Some(hint)));
        }
        let Some(ty) = frame.result.unify(&expr.ty) else {
            let message =
                format!("the function returns {} and elsewhere {}", expr.ty, frame.result);
            return Err(frame.error(span, message, Some("return values of one type")));
        };
        if ty != frame.result {
            frame.changed |= frame.result != Type::Unknown;
            frame.result = ty.clone();
        }
        let is_none = ty == Type::None;
        let expr = self.convert(frame, expr, &ty)?;
        frame.emit(span, StmtKind::Return((!is_none).then_some(expr)));
        Ok(())
    }

    fn return_in_place(&mut self, frame: &mut Frame, span: Span, value: Value) -> Result<()> {
        let depth = frame.blocks.len();
        let Some(exit) = frame.scopes.last_mut().and_then(|scope| scope.exit.as_mut()) else {
            return Ok(());
        };
        if let Some((name, flag)) = exit.wrapped.clone() {
            self.assign_name(frame, span, &name, value)?;
            frame.emit(span, StmtKind::Assign(flag, Expr::bool(span, true)));
            frame.emit(span, StmtKind::Break);
        } else if depth == exit.blocks {
            exit.value = Some(value);
        } else {
            exit.needs_wrap = true;
        }
        Ok(())
    }

    /// Lowers a function's body here, its parameters being these values; its result.
    #[allow(clippy::too_many_arguments)]
    pub fn in_place(
        &mut self,
        frame: &mut Frame,
        span: Span,
        function: &Arc<syntax::Function>,
        arguments: Vec<(String, Value)>,
        scope: Scope,
        outer: Vec<String>,
        is_library: bool,
    ) -> Result<Value> {
        const DEEPEST: usize = 40;
        if frame.scopes.len() > DEEPEST {
            let message =
                format!("{} calls itself where it can only be written out", function.name);
            return Err(frame.error(span, message, None));
        }
        let renamed = self.renamed(function);
        let function = &renamed.function;
        let is_inside = frame.scopes.iter().any(|scope| scope.site.is_some());
        let site = (is_library && !is_inside).then_some(span);
        for is_wrapped in [false, true] {
            let prefix = self.prefix(frame, span, &function.name);
            let exit = Exit {
                blocks: frame.blocks.len() + 1,
                value: None,
                needs_wrap: false,
                wrapped: None,
            };
            frame.scopes.push(Inlined {
                prefix,
                names: rename::assigned(function),
                scope,
                outer: outer.clone(),
                function: Arc::clone(&renamed),
                site,
                exit: Some(exit),
            });
            let (goes_on, block) = frame.block(|frame| {
                for (name, value) in &arguments {
                    self.parameter(frame, span, name, value.clone(), function)?;
                }
                if !is_wrapped {
                    return self.body(frame, &function.body);
                }
                let flag = frame.local(".returned", Type::scalar(Scalar::Bool));
                frame.emit(span, StmtKind::Assign(flag, Expr::bool(span, false)));
                if let Some(exit) = frame.scopes.last_mut().and_then(|scope| scope.exit.as_mut()) {
                    exit.wrapped = Some((".result".into(), flag));
                }
                let ((), mut body) = frame.block(|frame| {
                    let goes_on = self.body(frame, &function.body)?;
                    if goes_on && !always_returns(&function.body) {
                        self.return_in_place(frame, span, Value::none(span))?;
                    }
                    Ok(())
                })?;
                body.push(crate::ir::Stmt { span, kind: StmtKind::Break });
                frame.emit(span, StmtKind::Loop { body });
                Ok(true)
            })?;
            let result = frame.bindings.get(&frame.key(".result")).cloned();
            let Some(Inlined { exit: Some(exit), .. }) = frame.scopes.pop() else { continue };
            if exit.needs_wrap {
                continue;
            }
            frame.blocks.last_mut().expect("a block is open").extend(block);
            return Ok(match (exit.wrapped, exit.value, result) {
                (Some(_), _, Some(result)) => frame.value(span, result),
                (None, Some(value), _) => value,
                // It always raises: nothing is reached behind it, whatever it is said to be.
                (None, None, _) if !goes_on => {
                    Value::Expr(Expr { ty: Type::weak(Scalar::Bool), ..Expr::bool(span, false) })
                }
                _ => Value::none(span),
            });
        }
        Err(frame.error(span, format!("{} can't be written out here", function.name), None))
    }

    /// Binds a parameter of a body that is lowered here; one that the body assigns becomes a variable.
    fn parameter(
        &mut self,
        frame: &mut Frame,
        span: Span,
        name: &str,
        value: Value,
        function: &syntax::Function,
    ) -> Result<()> {
        let is_assigned = rename::is_assigned(&function.body, name);
        let is_display = matches!(value, Value::Meta(Meta::List(_)));
        match value {
            value if is_display && frame.is_realised(&frame.key(name)) => {
                self.assign_name(frame, span, name, value)?;
            }
            Value::Meta(_) | Value::Lazy(_) => frame.bind(name, value),
            Value::Tuple(_) => {
                let value = self.settled(frame, value)?;
                frame.bind(name, value);
            }
            Value::Expr(expr) if is_assigned => {
                self.assign_name(frame, span, name, Value::Expr(expr))?;
            }
            value => {
                let value = self.settled(frame, value)?;
                frame.bind(name, value);
            }
        }
        Ok(())
    }

    /// Whether the innermost body that is lowered in place returns by leaving loops.
    pub fn is_wrapped(&self, frame: &Frame) -> bool {
        let exit = frame.scopes.last().and_then(|scope| scope.exit.as_ref());
        exit.is_some_and(|exit| exit.wrapped.is_some())
    }
}

/// Whether the end of a body can't be reached, as far as can be seen.
fn always_returns(body: &[Stmt]) -> bool {
    body.last().is_some_and(|last| match &last.kind {
        Source::Return(_) | Source::Raise(_) => true,
        Source::If { body, orelse, .. } => always_returns(body) && always_returns(orelse),
        _ => false,
    })
}
