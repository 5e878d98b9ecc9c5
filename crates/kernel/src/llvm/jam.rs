//! Several rounds of a loop at once.
//!
//! In a matrix product written as three loops, each sum waits for the one before it: a chain of
//! additions that can't be reordered without changing the result. But the sums of neighbouring
//! elements have nothing to do with each other. So where a loop's rounds each begin with loops that
//! add up floats, [`LANES`] rounds go through those loops together, each with variables of its own,
//! and LLVM makes vectors of them. Each sum is added up in the order that it always was. (Unroll
//! and jam; Callahan, Cocke and Kennedy, Estimating interlock and improving balance for pipelined
//! architectures, 1988.)
//!
//! What comes behind the inner loops, the *tail*, may store; it is done by one round after the
//! other. What comes before and in them, the *front*, must neither see what tails do nor fail.

use super::bounds::Proof;
use super::counted::Rounds;
use super::walk::{self, Node};
use super::writer::Writer;
use crate::ir::{Expr, ExprKind, FastMath, For, Local, Place, Stmt, StmtKind};
use crate::types::Kind;
use std::collections::BTreeSet;
use std::rc::Rc;

/// Rounds at once.
const LANES: usize = 8;

/// Fronts of more expressions would be too much text.
const MOST: usize = 100;

/// Variables of which each of the rounds has its own.
pub(super) type Own = Rc<BTreeSet<Local>>;

impl Writer<'_, '_> {
    /// Does the rounds of a loop several at once, if that is possible and of use; the number of
    /// the first round that is left.
    pub(super) fn jammed(&mut self, counted: &For, rounds: &Rounds) -> Option<String> {
        if self.jam.is_some() || self.function.math == FastMath::All || rounds.step != "1" {
            return None;
        }
        let own = Rc::new(self.own(counted)?);
        let Rounds { from, to, .. } = rounds;
        let count = self.op(format_args!("sub i64 {to}, {from}"));
        let whole = self.op(format_args!("and i64 {count}, -{LANES}"));
        let end = self.op(format_args!("add i64 {from}, {whole}"));
        let (body, exit) = (self.fresh("rounds"), self.fresh("rest"));
        self.some(from, &end, &exit);
        let at = self.stack("i64");
        self.act(format_args!("store i64 {from}, ptr {at}"));
        self.label(&body);
        self.alarm();
        let round = self.op(format_args!("load i64, ptr {at}"));
        self.each_lane(&own, |writer, lane| {
            let round = writer.op(format_args!("add nuw nsw i64 {round}, {lane}"));
            let value = writer.nth_value(rounds, &round);
            writer.set(counted.variable, &[value]);
        });
        self.jam = Some(own);
        self.statements(&counted.body);
        self.jam = None;
        let round = self.op(format_args!("load i64, ptr {at}"));
        let round = self.op(format_args!("add nuw nsw i64 {round}, {LANES}"));
        self.act(format_args!("store i64 {round}, ptr {at}"));
        let more = self.op(format_args!("icmp ne i64 {round}, {end}"));
        self.branch(&more, &body, &exit);
        self.label(&exit);
        Some(end)
    }

    /// Statements of all the rounds: loops once, what is between them for one after the other.
    pub(super) fn together(&mut self, body: &[Stmt], own: &Own) {
        for run in body.chunk_by(|one, two| is_loop(one) == is_loop(two)) {
            if is_loop(&run[0]) {
                for stmt in run {
                    self.jam = Some(Rc::clone(own));
                    self.statement(stmt);
                    self.jam = None;
                }
            } else {
                self.each_lane(own, |writer, _| writer.statements(run));
            }
        }
    }

    /// Writes something for each of the rounds. The last one's variables are those of the function,
    /// which so have their values behind the loop.
    fn each_lane(&mut self, own: &Own, mut write: impl FnMut(&mut Self, usize)) {
        for lane in 0..LANES {
            if lane + 1 < LANES {
                self.copies = own.iter().map(|local| (*local, lane)).collect();
            }
            write(self, lane);
            self.copies.clear();
        }
    }

    /// The variables of which rounds need their own, if they can be done together, and if there is
    /// a sum that waits.
    fn own(&self, counted: &For) -> Option<BTreeSet<Local>> {
        let split = counted.body.iter().rposition(is_loop)? + 1;
        let (front, tail) = counted.body.split_at(split);
        let mut own = BTreeSet::from([counted.variable]);
        let mut mentioned = BTreeSet::new();
        let mut size = 0;
        walk::statements(front, &mut |node| {
            own.extend(walk::assigned(node));
            mentioned.extend(walk::mentioned(node));
            size += 1;
        });
        own.retain(|local| self.function.ty(*local).as_scalar().is_some());
        let mut known = BTreeSet::from([counted.variable]);
        let mut reader = Reader { writer: self, own, waits: false };
        reader.front(front, &mut known)?;
        let fits = size <= MOST
            && reader.waits
            && reader.tail(tail, &known, &mentioned)
            && self.is_unseen(front, tail);
        fits.then_some(reader.own)
    }

    /// Whether a front reads none of what a tail stores.
    fn is_unseen(&self, front: &[Stmt], tail: &[Stmt]) -> bool {
        let mut read = BTreeSet::new();
        walk::statements(front, &mut |node| {
            if let Node::Expr(Expr { kind: ExprKind::Load { array, .. }, .. }) = node {
                read.insert(*array);
            }
        });
        let root = |array: &Local| self.facts.roots.get(array).copied().unwrap_or(*array);
        let mut unseen = true;
        walk::statements(tail, &mut |node| {
            if let Node::Stmt(Stmt { kind: StmtKind::Store { array, .. }, .. }) = node {
                unseen &= self.scopes.contains_key(array)
                    && read
                        .iter()
                        .all(|other| self.scopes.contains_key(other) && root(other) != root(array));
            }
        });
        unseen
    }
}

/// Looks through a loop's body.
struct Reader<'w, 'a, 'm> {
    writer: &'w Writer<'a, 'm>,
    own: BTreeSet<Local>,
    /// Whether there is a sum of floats.
    waits: bool,
}

impl Reader<'_, '_, '_> {
    /// Whether statements only compute, of what is known: `known` are variables that have got a
    /// value in this round.
    fn front(&mut self, body: &[Stmt], known: &mut BTreeSet<Local>) -> Option<()> {
        for stmt in body {
            match &stmt.kind {
                StmtKind::Assign(local, value) if self.own.contains(local) => {
                    self.is_plain(value, known).then_some(())?;
                    known.insert(*local);
                }
                StmtKind::For(inner) if inner.parallel.is_none() => {
                    // As often in each round.
                    self.own.remove(&inner.variable);
                    let mut is_same = true;
                    for bound in [&inner.start, &inner.stop, &inner.step] {
                        is_same &= self.is_plain(bound, known) && !self.mentions_own(bound);
                    }
                    is_same.then_some(())?;
                    self.front(&inner.body, &mut known.clone())?;
                    self.waits |= inner.body.iter().any(|stmt| self.is_sum(stmt, known));
                }
                _ => return None,
            }
        }
        Some(())
    }

    fn is_sum(&self, stmt: &Stmt, known: &BTreeSet<Local>) -> bool {
        let StmtKind::Assign(local, value) = &stmt.kind else { return false };
        let mut is_sum = false;
        walk::expression(value, &mut |node| is_sum |= walk::mentioned(node) == Some(*local));
        is_sum && known.contains(local) && value.scalar().kind() == Kind::Float
    }

    fn mentions_own(&self, expr: &Expr) -> bool {
        let mut found = false;
        walk::expression(expr, &mut |node| {
            found |= walk::mentioned(node).is_some_and(|local| self.own.contains(&local));
        });
        found
    }

    /// Whether an expression can't fail, does nothing, and has its variables from this round.
    fn is_plain(&self, expr: &Expr, known: &BTreeSet<Local>) -> bool {
        let mut plain = true;
        walk::expression(expr, &mut |node| {
            let Node::Expr(part) = node else {
                plain = false;
                return;
            };
            plain &= match &part.kind {
                ExprKind::Local(local) => !self.own.contains(local) || known.contains(local),
                ExprKind::Index { check, .. } => {
                    let proof = self.writer.proofs.get(&std::ptr::from_ref(part).addr());
                    !check || matches!(proof, Some(Proof::Within | Proof::Wraps))
                }
                ExprKind::Load { place: Place::Indices(_) | Place::Flat(_), .. }
                | ExprKind::Const(_)
                | ExprKind::Unary(..)
                | ExprKind::Binary(..)
                | ExprKind::Compare(..)
                | ExprKind::IfElse(..)
                | ExprKind::Cast(_)
                | ExprKind::Math(..)
                | ExprKind::Shape(..) => true,
                _ => false,
            };
        });
        plain
    }

    /// Whether a tail leaves the loop alone, and has nothing to do with other rounds' fronts, which
    /// have `mentioned` these variables.
    fn tail(&self, body: &[Stmt], known: &BTreeSet<Local>, mentioned: &BTreeSet<Local>) -> bool {
        let mut fits = true;
        walk::statements(body, &mut |node| {
            if let Some(local) = walk::assigned(node) {
                fits &= known.contains(&local) || !mentioned.contains(&local);
            }
            fits &= match node {
                Node::Stmt(stmt) => matches!(
                    stmt.kind,
                    StmtKind::Assign(..) | StmtKind::Store { .. } | StmtKind::If { .. }
                ),
                Node::Expr(expr) => match &expr.kind {
                    ExprKind::Local(local) => !self.own.contains(local) || known.contains(local),
                    ExprKind::Call(..) | ExprKind::Runtime(..) => false,
                    _ => true,
                },
            };
        });
        fits
    }
}

fn is_loop(stmt: &Stmt) -> bool {
    matches!(stmt.kind, StmtKind::For(_))
}
