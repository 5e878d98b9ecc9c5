//! Statements as steps.

use super::Builder;
use super::expression::is_word;
use super::frame::{Exit, Frame, Step, range, run};
use crate::abi::owners;
use crate::ir::{Expr, ExprKind, For, Local, Piece, Place, Raise, Stmt, StmtKind};
use crate::message;
use crate::syntax::Span;
use crate::types::{Scalar, Type};

impl Builder<'_> {
    /// Statements, one after the other.
    pub(super) fn steps(&mut self, statements: &[Stmt]) -> Vec<Step> {
        statements.iter().map(|statement| self.step(statement)).collect()
    }

    fn step(&mut self, statement: &Stmt) -> Step {
        match &statement.kind {
            StmtKind::Assign(local, value) => self.assign(*local, value),
            StmtKind::Expr(value) => {
                let (at, step) = self.temporary(value);
                let owners = owners(&value.ty, at);
                Box::new(move |frame| {
                    step(frame)?;
                    frame.release(&owners);
                    Ok(())
                })
            }
            StmtKind::Store { array, place, value } => self.store(*array, place, value),
            StmtKind::SetItem { list, index, value } => self.set_item(*list, index, value),
            StmtKind::Append { list, value } => self.append(*list, value, statement.span),
            StmtKind::Shift { list, at, by } => self.shift(*list, at, by, statement.span),
            StmtKind::If { test, body, orelse } => {
                let test = self.word(test);
                let (body, orelse) = (self.steps(body), self.steps(orelse));
                Box::new(move |frame| {
                    let branch = if test(frame)? == 0 { &orelse } else { &body };
                    run(branch, frame)
                })
            }
            StmtKind::Loop { body } => {
                let body = self.steps(body);
                Box::new(move |frame| {
                    while go_on(&body, frame)? {}
                    Ok(())
                })
            }
            StmtKind::For(one) => match &one.parallel {
                Some(parallel) => self.parallel(one, parallel),
                None => self.sequential(one),
            },
            StmtKind::Break => Box::new(|_| Err(Exit::Break)),
            StmtKind::Continue => Box::new(|_| Err(Exit::Continue)),
            StmtKind::Return(None) => Box::new(|_| Err(Exit::Return)),
            StmtKind::Return(Some(value)) => {
                let put = self.put(value, 0);
                Box::new(move |frame| {
                    put(frame)?;
                    Err(Exit::Return)
                })
            }
            StmtKind::Raise(raise) => self.raise(raise, statement.span),
            StmtKind::Print(values) => self.print(values),
        }
    }

    fn assign(&mut self, local: Local, value: &Expr) -> Step {
        let to = self.place(local);
        if matches!(value.ty, Type::Scalar(..) | Type::Str | Type::Generator) {
            return self.put(value, to);
        }
        // Parts are put one by one, and a later one may read what an earlier one would have overwritten.
        let (from, put) = self.temporary(value);
        let (old, new) = (owners(&value.ty, to), owners(&value.ty, from));
        let from = range(&value.ty, from);
        Box::new(move |frame| {
            put(frame)?;
            frame.release(&old);
            frame.slots.copy_within(from.clone(), to);
            frame.forget(&new);
            Ok(())
        })
    }

    /// The place is computed before the value.
    fn store(&mut self, array: Local, place: &Place, value: &Expr) -> Step {
        let dtype = self.function.array(array).dtype;
        let address = self.address(array, place);
        if is_word(&value.ty) {
            let value = self.word(value);
            return Box::new(move |frame| {
                let (address, value) = (address(frame)?, value(frame)?);
                frame.machine.memory.store(dtype, address, value);
                Ok(())
            });
        }
        let value = self.pair(value);
        let half = dtype.real().size() as u64;
        Box::new(move |frame| {
            let (address, [real, imaginary]) = (address(frame)?, value(frame)?);
            frame.machine.memory.store(dtype, address, real);
            frame.machine.memory.store(dtype, address + half, imaginary);
            Ok(())
        })
    }

    fn sequential(&mut self, one: &For) -> Step {
        let rounds = self.rounds(one);
        let variable = self.place(one.variable);
        let body = self.steps(&one.body);
        Box::new(move |frame| {
            let Rounds { start, step, count } = rounds(frame)?;
            let mut value = start;
            for _ in 0..count {
                frame.slots[variable] = value.cast_unsigned();
                if !go_on(&body, frame)? {
                    break;
                }
                value = value.wrapping_add(step);
            }
            Ok(())
        })
    }

    /// What a counted loop counts.
    pub(super) fn rounds(
        &mut self,
        one: &For,
    ) -> impl Fn(&mut Frame<'_>) -> Result<Rounds, Exit> + Send + Sync + use<> {
        let (start, stop) = (self.word(&one.start), self.word(&one.stop));
        let step = self.word(&one.step);
        move |frame| {
            let start = start(frame)?.cast_signed();
            let stop = stop(frame)?.cast_signed();
            let step = step(frame)?.cast_signed();
            let distance = i128::from(stop) - i128::from(start);
            // Rounded up, and nothing if `stop` is on the other side.
            let rest = i128::from(distance % i128::from(step) != 0);
            let count = if (distance > 0) == (step > 0) && distance != 0 {
                distance / i128::from(step) + rest
            } else {
                0
            };
            Ok(Rounds { start, step, count: u64::try_from(count).expect("fewer than 2⁶⁴") })
        }
    }

    fn raise(&mut self, raise: &Raise, span: Span) -> Step {
        let site = self.site(raise.exception, message::parts(raise), span);
        let values = raise.message.iter().filter_map(|piece| match piece {
            Piece::Value(value) => Some(value),
            Piece::Text(_) => None,
        });
        let values: Vec<_> = values.map(|value| self.word(value)).collect();
        Box::new(move |frame| {
            let values = values.iter().map(|value| value(frame)).collect::<Result<Vec<_>, _>>()?;
            frame.fail(&site, &values)
        })
    }

    fn print(&mut self, values: &[Expr]) -> Step {
        let mut kinds = Vec::new();
        let mut parts = Vec::new();
        for value in values {
            kinds.push(message::kind(&value.ty) as u8);
            // Both complex types are one kind.
            let value = &match value.ty.as_scalar() {
                Some(Scalar::C64) => cast(value, Scalar::C128),
                _ => value.clone(),
            };
            let (at, step) = self.temporary(value);
            parts.push((range(&value.ty, at), step));
        }
        Box::new(move |frame| {
            let mut slots = Vec::new();
            for (range, step) in &parts {
                step(frame)?;
                slots.extend_from_slice(&frame.slots[range.clone()]);
            }
            frame.machine.memory.print(&kinds, &slots);
            Ok(())
        })
    }
}

fn cast(value: &Expr, to: Scalar) -> Expr {
    Expr::new(value.span, Type::scalar(to), ExprKind::Cast(Box::new(value.clone())))
}

/// What a counted loop counts.
pub(super) struct Rounds {
    pub(super) start: i64,
    pub(super) step: i64,
    pub(super) count: u64,
}

/// A round of a loop; whether there is to be another.
pub(super) fn go_on(body: &[Step], frame: &mut Frame<'_>) -> Result<bool, Exit> {
    frame.poll()?;
    match run(body, frame) {
        Ok(()) | Err(Exit::Continue) => Ok(true),
        Err(Exit::Break) => Ok(false),
        Err(exit) => Err(exit),
    }
}
