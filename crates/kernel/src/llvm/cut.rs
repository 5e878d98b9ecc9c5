//! Loops that read an element of the row that they write.
//!
//! In `for j in range(n): d[i, j] = min(d[i, j], d[i, k] + d[k, j])` the round `j == k` may change
//! `d[i, k]`, and so LLVM would read it in each round, one after the other. It sees for itself
//! that the rounds before that one don't, and neither those behind it, if they are a loop of their
//! own. (Index set splitting, for one index.)

use super::walk::{self, Node};
use super::writer::Writer;
use crate::ir::{Expr, ExprKind, For, Local, Place, Stmt, StmtKind};
use crate::types::Scalar;
use std::collections::{BTreeMap, BTreeSet};

impl Writer<'_, '_> {
    /// The end of the strip of rounds that begins with `from`, if it may not go over the one in
    /// which what other rounds read is written.
    pub(super) fn cut(&mut self, counted: &For, start: &str, from: &str, end: String) -> String {
        let Some(element) = changed_element(counted) else { return end };
        let element = self.leaf(element, 0);
        let round = self.op(format_args!("sub i64 {element}, {start}"));
        let before = self.op(format_args!("icmp ult i64 {from}, {round}"));
        let behind = self.op(format_args!("add i64 {round}, 1"));
        let next = self.op(format_args!("select i1 {before}, i64 {round}, i64 {behind}"));
        let near = self.op(format_args!("call i64 @llvm.umin.i64(i64 {end}, i64 {next})"));
        let over = self.op(format_args!("icmp ult i64 {round}, {from}"));
        self.op(format_args!("select i1 {over}, i64 {end}, i64 {near}"))
    }
}

/// The variable that is an index of elements read in a loop over the same axis of the same array.
fn changed_element(counted: &For) -> Option<Local> {
    let mut values: BTreeMap<Local, Vec<Option<Local>>> = BTreeMap::new();
    walk::statements(&counted.body, &mut |node| {
        if let Some(local) = walk::assigned(node) {
            values.entry(local).or_default().push(match node {
                Node::Stmt(Stmt { kind: StmtKind::Assign(_, value), .. }) => variable(value),
                _ => None,
            });
        }
    });
    let counts = |local: &Local| {
        *local == counted.variable
            || values.get(local).is_some_and(|all| *all == [Some(counted.variable)])
    };
    let mut written = BTreeSet::new();
    let mut read = Vec::new();
    walk::statements(&counted.body, &mut |node| {
        let (array, place, is_written) = match node {
            Node::Stmt(Stmt { kind: StmtKind::Store { array, place, .. }, .. }) => {
                (array, place, true)
            }
            Node::Expr(Expr { kind: ExprKind::Load { array, place }, .. }) => (array, place, false),
            _ => return,
        };
        let Place::Indices(indices) = place else { return };
        for (axis, index) in indices.iter().enumerate() {
            match variable(index) {
                Some(index) if is_written && counts(&index) => {
                    written.insert((*array, axis));
                }
                Some(index) if !is_written && !values.contains_key(&index) && !counts(&index) => {
                    read.push((*array, axis, index));
                }
                _ => {}
            }
        }
    });
    read.retain(|(array, axis, _)| {
        written.contains(&(*array, *axis)) && !values.contains_key(array)
    });
    read.first().map(|(_, _, index)| *index)
}

/// The variable that an index is.
fn variable(expr: &Expr) -> Option<Local> {
    match &expr.kind {
        ExprKind::Local(local) if expr.ty.as_scalar() == Some(Scalar::I64) => Some(*local),
        ExprKind::Index { index, .. } => variable(index),
        _ => None,
    }
}
