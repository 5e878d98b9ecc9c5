//! Counted loops.
//!
//! How often one goes round is known before the first round. That number is cut into strips of
//! [`STRIP`] rounds, with a look at the alarm between them, so that the inner loop has one way out
//! and LLVM vectorises it. A loop with loops inside looks in every round.

use super::bounds::Ends;
use super::leaf::number;
use super::math;
use super::shared::{HEAVY, LIKELY, PLAIN};
use super::walk::{self, Node};
use super::writer::Writer;
use crate::ir::{Expr, ExprKind, For, Runtime, Stmt, StmtKind, Value};
use crate::types::Scalar;
use std::collections::BTreeSet;

/// Rounds between two looks at the alarm.
const STRIP: i64 = 1 << 16;

/// The rounds of a counted loop: operands of LLVM's.
#[derive(Clone)]
pub(super) struct Rounds {
    /// The variable's first value.
    pub(super) start: String,
    /// What is added to it in each round.
    pub(super) step: String,
    /// The number of the first round: not 0 in a chunk of a parallel loop.
    pub(super) from: String,
    /// The number of the round that does not happen any more.
    pub(super) to: String,
}

impl Writer<'_, '_> {
    pub(super) fn counted(&mut self, counted: &For) {
        let start = self.number(&counted.start);
        let stop = self.number(&counted.stop);
        let step = self.number(&counted.step);
        let to = self.count(&start, &stop, &step);
        let rounds = Rounds { start, step, from: "0".to_owned(), to };
        match &counted.parallel {
            Some(parallel) => self.parallel(counted, parallel, &rounds),
            None => self.rounds(counted, &rounds),
        }
    }

    /// How often a loop goes round. The difference of two numbers of 64 bits fits if it has no
    /// sign.
    fn count(&mut self, start: &str, stop: &str, step: &str) -> String {
        if let [Ok(start), Ok(stop), Ok(step)] = [start, stop, step].map(str::parse::<i128>) {
            let span = if step > 0 { stop - start } else { start - stop };
            return ((span + step.abs() - 1) / step.abs()).max(0).to_string();
        }
        match step.parse::<i64>() {
            Ok(step) if step > 0 => self.count_up(start, stop, &step.to_string()),
            Ok(step) => self.count_up(stop, start, &step.unsigned_abs().to_string()),
            Err(_) => {
                let up = self.op(format_args!("icmp sgt i64 {step}, 0"));
                let low = self.op(format_args!("select i1 {up}, i64 {start}, i64 {stop}"));
                let high = self.op(format_args!("select i1 {up}, i64 {stop}, i64 {start}"));
                let size = self.op(format_args!("call i64 @llvm.abs.i64(i64 {step}, i1 false)"));
                self.count_up(&low, &high, &size)
            }
        }
    }

    fn count_up(&mut self, low: &str, high: &str, step: &str) -> String {
        let some = self.op(format_args!("icmp slt i64 {low}, {high}"));
        let span = match low {
            "0" => high.to_owned(),
            _ => self.op(format_args!("sub i64 {high}, {low}")),
        };
        let count = if step == "1" {
            span
        } else {
            let last = self.op(format_args!("add i64 {span}, -1"));
            let whole = self.op(format_args!("udiv i64 {last}, {step}"));
            self.op(format_args!("add nuw i64 {whole}, 1"))
        };
        self.op(format_args!("select i1 {some}, i64 {count}, i64 0"))
    }

    /// Writes a loop's rounds; twice if its indices' checks can be taken out of one of them.
    pub(super) fn rounds(&mut self, counted: &For, rounds: &Rounds) {
        if !self.versions {
            return self.strips(counted, rounds);
        }
        let outer = (self.proofs.clone(), self.scopes.clone());
        let ends = self.ends(rounds);
        match self.survey(counted, &ends) {
            None => self.known_rounds(counted, rounds),
            Some((mut test, proved)) => {
                let mut scopes = Vec::new();
                // In a loop without loops LLVM looks itself.
                if has_loops(&counted.body)
                    && let Some((apart, said)) = self.disjoint(counted)
                {
                    test = self.both(&test, &apart);
                    scopes = said;
                }
                let join = self.fresh("join");
                if test != "true" {
                    let (fast, slow) = (self.fresh("fast"), self.fresh("slow"));
                    self.leave(format_args!("br i1 {test}, label %{fast}, label %{slow}{LIKELY}"));
                    self.label(&slow);
                    self.checked(counted, rounds);
                    self.jump(&join);
                    self.label(&fast);
                }
                self.proofs.extend(proved);
                self.scopes.extend(scopes);
                self.known_rounds(counted, rounds);
                self.label(&join);
            }
        }
        (self.proofs, self.scopes) = outer;
    }

    /// Writes rounds of whose indices is known what can be.
    fn known_rounds(&mut self, counted: &For, rounds: &Rounds) {
        match self.jammed(counted, rounds) {
            Some(from) => self.strips(counted, &Rounds { from, ..rounds.clone() }),
            None => self.strips(counted, rounds),
        }
    }

    /// The least and the greatest value of the variable.
    fn ends(&mut self, rounds: &Rounds) -> Ends {
        let Rounds { start, step, from, to } = rounds;
        let is_whole = from == "0" && step == "1";
        let first = self.nth_value(rounds, from);
        let last = self.op(format_args!("sub i64 {to}, 1"));
        let way = self.op(format_args!("mul i64 {last}, {step}"));
        let last = self.op(format_args!("add i64 {start}, {way}"));
        let (low, high) = match step.parse::<i64>() {
            Ok(0..) => (first, last),
            Ok(_) => (last, first),
            Err(_) => (
                self.op(format_args!("call i64 @llvm.smin.i64(i64 {first}, i64 {last})")),
                self.op(format_args!("call i64 @llvm.smax.i64(i64 {first}, i64 {last})")),
            ),
        };
        Ends { low, high, is_whole }
    }

    pub(super) fn strips(&mut self, counted: &For, rounds: &Rounds) {
        let short = match (rounds.from.parse::<i64>(), rounds.to.parse::<i64>()) {
            (Ok(from), Ok(to)) => to - from <= STRIP,
            _ => false,
        };
        let innermost = is_innermost(&counted.body);
        let exit = self.fresh("exit");
        if !self.versions {
            // Volatile, so that LLVM has nothing to work out about the loop.
            let slot = self.stack("i64");
            self.act(format_args!("store i64 {}, ptr {slot}", rounds.to));
            let to = self.op(format_args!("load volatile i64, ptr {slot}"));
            self.some(&rounds.from, &to, &exit);
            self.strip(counted, rounds, &rounds.from, &to, true, &exit);
        } else if short || !innermost {
            self.some(&rounds.from, &rounds.to, &exit);
            self.strip(counted, rounds, &rounds.from, &rounds.to, !innermost, &exit);
        } else {
            // Whoever is around looks at the alarm before the first strip.
            let at = self.stack("i64");
            self.some(&rounds.from, &rounds.to, &exit);
            self.act(format_args!("store i64 {}, ptr {at}", rounds.from));
            let (head, again) = (self.fresh("strip"), self.fresh("again"));
            self.label(&head);
            let from = self.op(format_args!("load i64, ptr {at}"));
            let end = self.op(format_args!("add nuw i64 {from}, {STRIP}"));
            let end =
                self.op(format_args!("call i64 @llvm.umin.i64(i64 {end}, i64 {})", rounds.to));
            let end = match rounds.step.as_str() {
                "1" => self.cut(counted, &rounds.start, &from, end),
                _ => end,
            };
            self.strip(counted, rounds, &from, &end, false, &exit);
            self.act(format_args!("store i64 {end}, ptr {at}"));
            let more = self.op(format_args!("icmp ne i64 {end}, {}", rounds.to));
            self.leave(format_args!("br i1 {more}, label %{again}, label %{exit}"));
            self.label(&again);
            self.alarm();
            self.jump(&head);
        }
        self.label(&exit);
    }

    /// Goes to `exit` if there are no rounds.
    pub(super) fn some(&mut self, from: &str, to: &str, exit: &str) {
        let some = self.op(format_args!("icmp ult i64 {from}, {to}"));
        let go = self.fresh("go");
        self.branch(&some, &go, exit);
        self.label(&go);
    }

    /// The rounds from one to another, of which there are some; `exit` is where `break` goes.
    fn strip(
        &mut self,
        counted: &For,
        rounds: &Rounds,
        from: &str,
        to: &str,
        alarm: bool,
        exit: &str,
    ) {
        let at = self.stack("i64");
        let (body, next, done) = (self.fresh("round"), self.fresh("next"), self.fresh("done"));
        self.act(format_args!("store i64 {from}, ptr {at}"));
        self.label(&body);
        let round = self.op(format_args!("load i64, ptr {at}"));
        if alarm {
            self.alarm();
        }
        let value = self.nth_value(rounds, &round);
        self.set(counted.variable, &[value]);
        let is_heavy = is_heavy(&counted.body);
        self.is_single = is_heavy && chooses(&counted.body);
        self.loops.push((next.clone(), exit.to_owned()));
        self.statements(&counted.body);
        self.loops.pop();
        self.label(&next);
        // Once more, as it is what LLVM shall see and not something that went through the body.
        let round = self.op(format_args!("load i64, ptr {at}"));
        let round = self.op(format_args!("add nuw nsw i64 {round}, 1"));
        self.act(format_args!("store i64 {round}, ptr {at}"));
        // Not "less than": the count then is a plain difference to LLVM.
        let more = self.op(format_args!("icmp ne i64 {round}, {to}"));
        let hint = match (self.versions, is_heavy) {
            (true, true) => HEAVY,
            (true, false) => "",
            (false, _) => PLAIN,
        };
        self.leave(format_args!("br i1 {more}, label %{body}, label %{done}{hint}"));
        self.is_single = false;
        self.label(&done);
    }

    /// The variable's value in a round.
    pub(super) fn nth_value(&mut self, rounds: &Rounds, round: &str) -> String {
        let Rounds { start, step, .. } = rounds;
        let ty = number(Scalar::I64);
        if round == "0" {
            return start.clone();
        }
        let way = match step.as_str() {
            "1" => round.to_owned(),
            _ => self.op(format_args!("mul {ty} {round}, {step}")),
        };
        match (start.as_str(), step.as_str()) {
            ("0", _) => way,
            // From `start` to below `stop`, so that it does not overflow.
            (_, "1") => self.op(format_args!("add nsw {ty} {start}, {way}")),
            _ => self.op(format_args!("add {ty} {start}, {way}")),
        }
    }
}

/// Whether there are no loops in a loop's body, nor calls of functions that may have some.
fn is_innermost(body: &[Stmt]) -> bool {
    let mut innermost = true;
    walk::statements(body, &mut |node| {
        innermost &= match node {
            // A short loop that LLVM unrolls is none.
            Node::Stmt(Stmt { kind: StmtKind::For(inner), .. }) => is_short(inner),
            Node::Stmt(stmt) => !matches!(&stmt.kind, StmtKind::Loop { .. }),
            Node::Expr(expr) => !matches!(&expr.kind, ExprKind::Call(..)),
        };
    });
    innermost
}

/// Whether the body calls functions that take many instructions, and is no loop around such a body.
fn is_heavy(body: &[Stmt]) -> bool {
    let mut heavy = false;
    walk::statements(body, &mut |node| {
        if let Node::Expr(expr) = node {
            heavy |= match &expr.kind {
                ExprKind::Math(function, _) => math::is_heavy(*function),
                ExprKind::Runtime(function, _) => {
                    matches!(function, Runtime::Random | Runtime::RandomBits)
                }
                _ => false,
            };
        }
    });
    heavy && !has_loops(body)
}

/// Whether something in the body depends on a choice that is the same in each round, as of an array
/// with one element or many. LLVM would write the loop anew for every combination.
fn chooses(body: &[Stmt]) -> bool {
    let mut changed = BTreeSet::new();
    walk::statements(body, &mut |node| changed.extend(walk::assigned(node)));
    let mut chooses = false;
    walk::statements(body, &mut |node| {
        if let Node::Expr(Expr { kind: ExprKind::IfElse(test, ..), .. }) = node {
            let mut same = true;
            walk::expression(test, &mut |part| {
                same &= walk::mentioned(part).is_none_or(|local| !changed.contains(&local));
            });
            chooses |= same;
        }
    });
    chooses
}

fn has_loops(body: &[Stmt]) -> bool {
    let mut found = false;
    walk::statements(body, &mut |node| {
        found |=
            matches!(node, Node::Stmt(Stmt { kind: StmtKind::For(_) | StmtKind::Loop { .. }, .. }));
    });
    found
}

fn is_short(counted: &For) -> bool {
    let constant = |expr: &crate::ir::Expr| match &expr.kind {
        ExprKind::Const(Value::Int(value)) => Some(*value),
        _ => None,
    };
    match (constant(&counted.start), constant(&counted.stop)) {
        (Some(start), Some(stop)) => stop.abs_diff(start) <= 64,
        _ => false,
    }
}
