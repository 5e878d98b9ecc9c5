//! Arrays that don't overlap.
//!
//! LLVM keeps an element of `c` in a register through a loop that stores to `c` and reads `a` only
//! if it is told that the two are different memory. Before a loop with loops inside, that is looked
//! at, and the copy of the loop without checks ([`super::bounds`]) is told by scopes: each of its
//! accesses is in its array's, and in none of the others'.

use super::shared::tag;
use super::walk::{self, Node};
use super::writer::Writer;
use crate::ir::{ExprKind, For, Local, Stmt, StmtKind};
use crate::types::Layout;
use std::collections::{BTreeMap, BTreeSet};

/// With more arrays in a loop there are too many pairs to look at.
const MOST: usize = 8;

/// What is said of accesses to arrays of a loop.
pub(super) type Scopes = Vec<(Local, String)>;

impl Writer<'_, '_> {
    /// A truth value by which none of the arrays that a loop stores to overlaps another one of its
    /// arrays, and what accesses say then; nothing if there is nothing to gain.
    pub(super) fn disjoint(&mut self, counted: &For) -> Option<(String, Scopes)> {
        let (all, stored) = self.arrays(counted);
        let told = all.iter().all(|array| self.scopes.contains_key(array));
        if stored.is_empty() || told || !(2..=MOST).contains(&all.len()) {
            return None;
        }
        let root = |array: &Local| self.facts.roots.get(array).copied().unwrap_or(*array);
        let mut pairs = Vec::new();
        let mut related = BTreeSet::new();
        for one in &stored {
            for two in all.iter().filter(|two| *two != one) {
                let is_new = !stored.contains(two) || one < two;
                if root(one) == root(two) {
                    related.extend([(*one, *two), (*two, *one)]);
                } else if is_new && self.dtype_tag(*one) == self.dtype_tag(*two) {
                    pairs.push((*one, *two));
                }
            }
        }
        let mut extents = BTreeMap::new();
        let mut test = "true".to_owned();
        for (one, two) in pairs {
            let [(low, high), (other_low, other_high)] = [one, two]
                .map(|array| extents.entry(array).or_insert_with(|| self.extent(array)).clone());
            let below = self.op(format_args!("icmp ule i64 {high}, {other_low}"));
            let above = self.op(format_args!("icmp ule i64 {other_high}, {low}"));
            let apart = self.op(format_args!("or i1 {below}, {above}"));
            test = self.both(&test, &apart);
        }
        let scopes: Vec<(Local, String)> =
            all.iter().map(|array| (*array, self.shared.scope())).collect();
        let mut said = Scopes::new();
        for (array, own) in &scopes {
            let others: Vec<&str> = scopes
                .iter()
                .filter(|(other, _)| other != array && !related.contains(&(*array, *other)))
                .map(|(_, scope)| scope.as_str())
                .collect();
            let others = others.join(", ");
            said.push((*array, format!(", !alias.scope !{{{own}}}, !noalias !{{{others}}}")));
        }
        Some((test, said))
    }

    /// The arrays in a loop that are the same ones throughout, and those that are stored to.
    fn arrays(&self, counted: &For) -> (BTreeSet<Local>, BTreeSet<Local>) {
        let (mut all, mut stored, mut changed) =
            <(BTreeSet<_>, BTreeSet<_>, BTreeSet<_>)>::default();
        walk::statements(&counted.body, &mut |node| {
            changed.extend(walk::assigned(node));
            match node {
                Node::Stmt(Stmt { kind: StmtKind::Store { array, .. }, .. }) => {
                    all.insert(*array);
                    stored.insert(*array);
                }
                Node::Expr(expr) => {
                    if let ExprKind::Load { array, .. } = &expr.kind {
                        all.insert(*array);
                    }
                }
                Node::Stmt(_) => {}
            }
        });
        all.retain(|array| !changed.contains(array));
        stored.retain(|array| !changed.contains(array));
        (all, stored)
    }

    fn dtype_tag(&self, array: Local) -> &'static str {
        tag(self.function.array(array).dtype)
    }

    /// The address of an array's first byte, and that behind its last one.
    fn extent(&mut self, array: Local) -> (String, String) {
        let ty = self.function.array(array);
        let ndim = usize::from(ty.ndim);
        let size = ty.dtype.size();
        let data = self.leaf(array, 0);
        let first = self.op(format_args!("ptrtoint ptr {data} to i64"));
        let (mut low, mut high) = (first.clone(), first);
        if ty.layout == Layout::Any {
            for axis in 0..ndim {
                let sizes = self.leaf(array, 2 + axis);
                let stride = self.leaf(array, 2 + ndim + axis);
                let last = self.op(format_args!("sub i64 {sizes}, 1"));
                let way = self.op(format_args!("mul i64 {last}, {stride}"));
                let down = self.op(format_args!("call i64 @llvm.smin.i64(i64 {way}, i64 0)"));
                let up = self.op(format_args!("call i64 @llvm.smax.i64(i64 {way}, i64 0)"));
                low = self.op(format_args!("add i64 {low}, {down}"));
                high = self.op(format_args!("add i64 {high}, {up}"));
            }
            return (low, self.op(format_args!("add i64 {high}, {size}")));
        }
        let mut bytes = size.to_string();
        for axis in 0..ndim {
            let sizes = self.leaf(array, 2 + axis);
            bytes = self.op(format_args!("mul i64 {bytes}, {sizes}"));
        }
        (low, self.op(format_args!("add i64 {high}, {bytes}")))
    }
}
