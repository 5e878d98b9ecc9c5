//! Which indices need no check in a loop.
//!
//! An index that is a polynomial in loops' variables and in what does not change in the loop has
//! its extremes where the variables have theirs. So a look at those before the loop tells whether
//! all the indices are within their arrays: the loop is written twice, once without checks, for
//! when they are, and once with all of them, which then raises at the right element. (Gupta,
//! Optimizing array bound checks using flow analysis, 1993; loop versioning as Java's compilers do
//! it.)
//!
//! Variables are taken out of a polynomial from the innermost loop outwards, each put at the end of
//! its range where the polynomial is largest (or smallest), so that in `for j in range(i): a[i -
//! j]` what `i` and `j` have to do with each other is not lost.
//!
//! An index that is only computed under some condition has a truth value of its own, known before
//! the loop, by which its check is skipped; LLVM takes that out of the loop where it is worth it.

use super::polynomial::{Atom, BITS, Polynomial};
use super::walk::{self, Node};
use super::writer::Writer;
use crate::ir::{Binary, Expr, ExprKind, For, Local, Stmt, StmtKind, Unary, Value};
use crate::types::{Scalar, Type};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// What is known of an index where it is computed.
#[derive(Clone, Debug)]
pub(super) enum Proof {
    /// It is that of an element, from the start.
    Within,
    /// It is that of an element, from the start or from the end.
    Wraps,
    /// It is that of an element, from the start, if this truth value is true.
    If(String),
}

/// Polynomials that are not negative if an index is within its array.
type Claim = BTreeSet<Polynomial>;

/// What can be found out about a loop's indices before it begins.
pub(super) struct Survey<'s> {
    proofs: &'s HashMap<usize, Proof>,
    /// Variables that change in the loop.
    changed: HashSet<Local>,
    /// Those that are given a value at one place in it.
    once: HashSet<Local>,
    atoms: Vec<Meaning<'s>>,
    numbers: HashMap<String, Atom>,
    /// The loops around, this one first: variable, atom.
    loops: Vec<(Local, Option<Atom>)>,
    /// Variables whose value is known here.
    known: Vec<(Local, Option<Polynomial>)>,
    /// Whether what is looked at may not be come by in a round.
    conditional: bool,
    /// Always computed: by index.
    always: Vec<(usize, Proof, Claim)>,
    /// Perhaps computed.
    perhaps: Vec<(usize, Claim)>,
}

/// What an atom stands for.
enum Meaning<'s> {
    /// A loop's variable: the least and the greatest value.
    Ranged(Polynomial, Polynomial),
    /// From 0 to this, if it is not negative: what a division by 1 more than that leaves.
    Remainder(Polynomial),
    /// What does not change in the loop.
    Fixed(&'s Expr),
    /// An operand.
    Operand(String),
}

/// The first and the last value of the variable of the loop that is looked at.
pub(super) struct Ends {
    pub(super) low: String,
    pub(super) high: String,
    /// Whether the last one is below `stop` by 1, and the first one is `start`.
    pub(super) is_whole: bool,
}

impl<'s> Survey<'s> {
    /// Looks at a loop.
    fn new(proofs: &'s HashMap<usize, Proof>, counted: &'s For, ends: &Ends) -> Self {
        let mut survey = Self {
            proofs,
            changed: HashSet::new(),
            once: HashSet::new(),
            atoms: Vec::new(),
            numbers: HashMap::new(),
            loops: Vec::new(),
            known: Vec::new(),
            conditional: false,
            always: Vec::new(),
            perhaps: Vec::new(),
        };
        // Before the loop nothing has changed.
        let [start, stop] = [&counted.start, &counted.stop].map(|bound| survey.polynomial(bound));
        let low = start.filter(|_| ends.is_whole).unwrap_or_else(|| survey.operand(&ends.low));
        let high = stop
            .filter(|_| ends.is_whole)
            .and_then(|stop| stop.plus(Vec::new(), -1))
            .unwrap_or_else(|| survey.operand(&ends.high));
        survey.changes(counted);
        survey.enter(counted, Some((low, high)));
        survey
    }

    fn operand(&mut self, operand: &str) -> Polynomial {
        let constant = operand.parse().ok().and_then(Polynomial::constant);
        constant.unwrap_or_else(|| {
            Polynomial::atom(self.number(operand, || Meaning::Operand(operand.to_owned())))
        })
    }

    fn number(&mut self, key: &str, meaning: impl FnOnce() -> Meaning<'s>) -> Atom {
        if let Some(atom) = self.numbers.get(key) {
            return *atom;
        }
        let atom = self.atoms.len() as Atom;
        self.atoms.push(meaning());
        self.numbers.insert(key.to_owned(), atom);
        atom
    }

    fn changes(&mut self, counted: &For) {
        self.changed.insert(counted.variable);
        walk::statements(&counted.body, &mut |node| {
            if let Some(local) = walk::assigned(node)
                && (!self.changed.insert(local)
                    || matches!(node, Node::Stmt(Stmt { kind: StmtKind::For(_), .. })))
            {
                self.once.remove(&local);
            } else if let Some(local) = walk::assigned(node) {
                self.once.insert(local);
            }
        });
    }

    /// Looks at a loop's body, its variable being in that range.
    fn enter(&mut self, counted: &'s For, range: Option<(Polynomial, Polynomial)>) {
        let mut steady = true;
        walk::statements(&counted.body, &mut |node| {
            steady &= walk::assigned(node) != Some(counted.variable);
        });
        let atom = range.filter(|_| steady).map(|(low, high)| {
            self.atoms.push(Meaning::Ranged(low, high));
            self.atoms.len() as Atom - 1
        });
        self.loops.push((counted.variable, atom));
        let outer = self.conditional;
        self.body(&counted.body);
        self.conditional = outer;
        self.loops.pop();
    }

    fn body(&mut self, body: &'s [Stmt]) {
        let mark = self.known.len();
        self.list(body);
        self.known.truncate(mark);
    }

    /// Statements whose variables are known behind them.
    fn list(&mut self, body: &'s [Stmt]) {
        for stmt in body {
            walk::parts(stmt, &mut |part| self.expr(part));
            match &stmt.kind {
                StmtKind::Assign(local, value) if self.once.contains(local) => {
                    let value = self.polynomial(value);
                    self.known.push((*local, value));
                }
                StmtKind::If { body, orelse, .. } => {
                    let outer = std::mem::replace(&mut self.conditional, true);
                    self.body(body);
                    self.body(orelse);
                    // What follows is not come by if the loop is left here.
                    self.conditional = outer || leaves(body) || leaves(orelse);
                }
                StmtKind::Loop { body } => {
                    let outer = std::mem::replace(&mut self.conditional, true);
                    self.body(body);
                    self.conditional = outer;
                }
                StmtKind::For(inner) if inner.parallel.is_none() => {
                    let range = self.range(inner);
                    self.enter(inner, range);
                }
                _ => {}
            }
        }
    }

    /// The range of an inner loop's variable.
    fn range(&mut self, inner: &'s For) -> Option<(Polynomial, Polynomial)> {
        let start = self.polynomial(&inner.start)?;
        let stop = self.polynomial(&inner.stop)?;
        match inner.step.kind {
            ExprKind::Const(Value::Int(1)) => Some((start, stop.plus(Vec::new(), -1)?)),
            ExprKind::Const(Value::Int(-1)) => Some((stop.plus(Vec::new(), 1)?, start)),
            _ => None,
        }
    }

    fn expr(&mut self, expr: &'s Expr) {
        let outer = self.conditional;
        match &expr.kind {
            ExprKind::Block(body, last) => {
                let mark = self.known.len();
                self.list(body);
                self.expr(last);
                self.known.truncate(mark);
                return;
            }
            ExprKind::Index { index, size, check, .. } => {
                let key = std::ptr::from_ref(expr).addr();
                if !matches!(self.proofs.get(&key), Some(Proof::Within | Proof::Wraps)) {
                    self.claim(key, index, size, *check);
                }
            }
            ExprKind::And(first, second) | ExprKind::Or(first, second) => {
                self.expr(first);
                self.conditional = true;
                self.expr(second);
                self.conditional = outer;
                return;
            }
            ExprKind::IfElse(test, one, two) => {
                self.expr(test);
                self.conditional = true;
                self.expr(one);
                self.expr(two);
                self.conditional = outer;
                return;
            }
            _ => {}
        }
        walk::operands(expr, &mut |operand| self.expr(operand));
    }

    /// Notes what must hold for an index to be within its array.
    fn claim(&mut self, key: usize, index: &'s Expr, size: &'s Expr, check: bool) -> Option<()> {
        let index = self.polynomial(index)?;
        let size = self.polynomial(size)?;
        let mut claim = Claim::new();
        let low = self.extreme(&index, false, &mut claim)?;
        let high = self.extreme(&index, true, &mut Claim::new())?;
        // One that is always from the end is as good as one that is so at times.
        let sign = low.as_constant().or(high.as_constant().filter(|high| *high < 0));
        let mut proof = Proof::Within;
        match sign {
            Some(0..) => {}
            Some(_) if !check || self.conditional => return None,
            Some(_) => {
                proof = Proof::Wraps;
                let room = self.extreme(&low.add(&size)?, false, &mut claim)?;
                claim.insert(room);
            }
            None => {
                claim.insert(low);
            }
        }
        if check {
            let room = size.sub(&index)?.plus(Vec::new(), -1)?;
            let room = self.extreme(&room, false, &mut claim)?;
            match room.as_constant() {
                Some(0..) => {}
                Some(_) => return None,
                None => {
                    claim.insert(room);
                }
            }
        }
        if self.conditional {
            self.perhaps.push((key, claim));
        } else {
            self.always.push((key, proof, claim));
        }
        Some(())
    }

    fn is_ranged(&self, atom: Atom) -> bool {
        matches!(self.atoms[atom as usize], Meaning::Ranged(..) | Meaning::Remainder(_))
    }

    /// The variable in a polynomial whose range may depend on the others'.
    fn inmost(&self, of: &Polynomial) -> Option<Atom> {
        of.terms().flat_map(|(atoms, _)| atoms).copied().filter(|atom| self.is_ranged(*atom)).max()
    }

    /// The greatest or the least that a polynomial can be, without loops' variables; what is
    /// multiplied with one must not be negative, which is one more thing to claim.
    fn extreme(&self, of: &Polynomial, greatest: bool, claim: &mut Claim) -> Option<Polynomial> {
        let zero = Polynomial::default();
        let mut rest = of.clone();
        loop {
            let Some(variable) = self.inmost(&rest) else { return Some(rest) };
            let (low, high) = match &self.atoms[variable as usize] {
                Meaning::Ranged(low, high) => (low, high),
                Meaning::Remainder(most) => {
                    if most.as_constant().is_none_or(|most| most < 0) {
                        claim.insert(most.clone());
                    }
                    (&zero, most)
                }
                _ => return None,
            };
            let mut next = Polynomial::default();
            for (atoms, coefficient) in rest.terms() {
                if !atoms.contains(&variable) {
                    next = next.plus(atoms.to_vec(), coefficient)?;
                    continue;
                }
                let others: Vec<Atom> =
                    atoms.iter().copied().filter(|atom| *atom != variable).collect();
                if others.len() + 1 != atoms.len()
                    || others.iter().any(|atom| self.is_ranged(*atom))
                {
                    return None;
                }
                claim.extend(others.iter().map(|other| Polynomial::atom(*other)));
                let end = if (coefficient > 0) == greatest { high } else { low };
                next = next.add(&end.times(&others, coefficient)?)?;
            }
            rest = next;
        }
    }

    /// An `int64` as a polynomial; nothing if it is not one, or changes in ways that are not known.
    fn polynomial(&mut self, expr: &'s Expr) -> Option<Polynomial> {
        if expr.ty.as_scalar() != Some(Scalar::I64) {
            return None;
        }
        match &expr.kind {
            ExprKind::Const(Value::Int(value)) => Polynomial::constant(*value),
            ExprKind::Local(local) => {
                let around = self.loops.iter().rev().find(|(variable, _)| variable == local);
                if let Some((_, atom)) = around {
                    return atom.map(Polynomial::atom);
                }
                if let Some((_, value)) = self.known.iter().rev().find(|(known, _)| known == local)
                {
                    return value.clone();
                }
                self.fixed(expr)
            }
            ExprKind::Binary(Binary::Add, one, two) => {
                self.polynomial(one)?.add(&self.polynomial(two)?)
            }
            ExprKind::Binary(Binary::Sub, one, two) => {
                self.polynomial(one)?.sub(&self.polynomial(two)?)
            }
            ExprKind::Binary(Binary::Mul, one, two) => {
                self.polynomial(one)?.mul(&self.polynomial(two)?)
            }
            ExprKind::Unary(Unary::Neg, one) => Polynomial::default().sub(&self.polynomial(one)?),
            ExprKind::Binary(Binary::Mod, _, divisor) => {
                let most = self.polynomial(divisor)?.plus(Vec::new(), -1)?;
                if self.inmost(&most).is_some() {
                    return None;
                }
                self.atoms.push(Meaning::Remainder(most));
                Some(Polynomial::atom(self.atoms.len() as Atom - 1))
            }
            ExprKind::Block(body, last) => {
                let mark = self.known.len();
                for stmt in body {
                    if let StmtKind::Assign(local, value) = &stmt.kind
                        && self.once.contains(local)
                    {
                        let value = self.polynomial(value);
                        self.known.push((*local, value));
                    }
                }
                let value = self.polynomial(last);
                self.known.truncate(mark);
                value
            }
            ExprKind::Cast(inner) if inner.ty.as_scalar() == Some(Scalar::I64) => {
                self.polynomial(inner)
            }
            _ => self.fixed(expr),
        }
    }

    /// An expression that does not change in the loop, and may be computed before it.
    fn fixed(&mut self, expr: &'s Expr) -> Option<Polynomial> {
        let mut fixed = true;
        walk::expression(expr, &mut |node| {
            let Node::Expr(part) = node else {
                fixed = false;
                return;
            };
            fixed &= match &part.kind {
                ExprKind::Local(local) | ExprKind::Shape(local, _) | ExprKind::Stride(local, _) => {
                    !self.changed.contains(local)
                }
                ExprKind::Const(_)
                | ExprKind::Unary(..)
                | ExprKind::Binary(..)
                | ExprKind::Compare(..)
                | ExprKind::Cast(_)
                | ExprKind::IfElse(..) => true,
                _ => false,
            } && matches!(part.ty, Type::Scalar(..));
        });
        fixed.then(|| Polynomial::atom(self.number(&key(expr), || Meaning::Fixed(expr))))
    }
}

/// The same text for the same expression, wherever it stands.
fn key(expr: &Expr) -> String {
    match &expr.kind {
        ExprKind::Local(local) => format!("v{}", local.0),
        ExprKind::Shape(array, axis) => format!("n{}.{axis}", array.0),
        kind => format!("{kind:?}"),
    }
}

/// Whether statements may leave the loop or the round.
fn leaves(body: &[Stmt]) -> bool {
    let mut found = false;
    walk::statements(body, &mut |node| {
        found |= matches!(
            node,
            Node::Stmt(Stmt {
                kind: StmtKind::Break | StmtKind::Continue | StmtKind::Return(_),
                ..
            })
        );
    });
    found
}

impl Writer<'_, '_> {
    /// Looks at a loop that is about to begin, and notes what is found out about indices that are
    /// perhaps computed. If there are some that always are: a truth value by which they are within
    /// their arrays, and what is proved then.
    pub(super) fn survey(
        &mut self,
        counted: &For,
        ends: &Ends,
    ) -> Option<(String, Vec<(usize, Proof)>)> {
        let proofs = std::mem::take(&mut self.proofs);
        let survey = Survey::new(&proofs, counted, ends);
        let Survey { atoms, always, perhaps, .. } = survey;
        let mut values = BTreeMap::new();
        let flags: Vec<(usize, Proof)> = perhaps
            .iter()
            .map(|(key, claim)| (*key, Proof::If(self.holds(claim, &atoms, &mut values))))
            .collect();
        let mut all = Claim::new();
        let mut proved = Vec::new();
        for (key, proof, claim) in always {
            all.extend(claim);
            proved.push((key, proof));
        }
        let test = (!proved.is_empty()).then(|| self.holds(&all, &atoms, &mut values));
        drop(atoms);
        self.proofs = proofs;
        self.proofs.extend(flags);
        Some((test?, proved))
    }

    /// Whether all polynomials are not negative, and could be computed without overflow.
    fn holds(
        &mut self,
        claim: &Claim,
        atoms: &[Meaning<'_>],
        values: &mut BTreeMap<Atom, String>,
    ) -> String {
        let mut tests = Vec::new();
        let mut degrees: BTreeMap<Atom, usize> = BTreeMap::new();
        for polynomial in claim {
            let mut sum = "0".to_owned();
            for (factors, coefficient) in polynomial.terms() {
                let mut product = coefficient.to_string();
                for atom in factors {
                    let degree = degrees.entry(*atom).or_default();
                    *degree = factors.len().max(*degree);
                    let value = match values.get(atom) {
                        Some(value) => value.clone(),
                        None => {
                            let value = match &atoms[*atom as usize] {
                                Meaning::Fixed(expr) => self.number(expr),
                                Meaning::Operand(operand) => operand.clone(),
                                Meaning::Ranged(..) | Meaning::Remainder(_) => {
                                    unreachable!("the extremes have been taken")
                                }
                            };
                            values.insert(*atom, value.clone());
                            value
                        }
                    };
                    product = self.op(format_args!("mul i64 {product}, {value}"));
                }
                sum = self.op(format_args!("add i64 {sum}, {product}"));
            }
            tests.push(self.op(format_args!("icmp sge i64 {sum}, 0")));
        }
        for (atom, degree) in degrees {
            let most = 1_i64 << BITS[degree];
            let up = self.op(format_args!("add i64 {}, {most}", values[&atom]));
            tests.push(self.op(format_args!("icmp ult i64 {up}, {}", 2 * most)));
        }
        tests.iter().fold("true".to_owned(), |all, test| self.both(&all, test))
    }
}
