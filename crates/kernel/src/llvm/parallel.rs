//! Loops that run on all cores.
//!
//! The body becomes a function of its own that does the rounds of a chunk. What it reads of the
//! variables around it comes in a row of slots, the closure; what it assigns is its own. Partial
//! results go into a row for each chunk and are combined in the chunks' order, whichever was ready
//! first.

use super::counted::Rounds;
use super::facts::{self, Facts};
use super::leaf::{self, double};
use super::shared::tag;
use super::walk;
use super::writer::{Leaves, Writer, name};
use crate::abi::{self, MAX_CHUNKS};
use crate::interpret::scalar::{combination, identity};
use crate::ir::{For, Local, Parallel, Reduction};
use crate::types::{ArrayType, Layout, Scalar, Type};
use std::collections::BTreeSet;
use std::rc::Rc;

impl Writer<'_, '_> {
    pub(super) fn parallel(&mut self, counted: &For, parallel: &Parallel, rounds: &Rounds) {
        let reductions = &parallel.reductions;
        let closed = closed(counted, parallel);
        let slots = closed.iter().map(|local| abi::slots(self.function.ty(*local))).sum::<usize>();
        let closure = self.room(2 + slots);
        for (at, value) in [&rounds.start, &rounds.step].into_iter().enumerate() {
            self.pack(&closure, at, &Type::scalar(Scalar::I64), std::slice::from_ref(value));
        }
        let mut at = 2;
        for local in &closed {
            let row = self.get(*local);
            self.pack(&closure, at, self.function.ty(*local), &row);
            at += row.len();
        }
        let size: usize =
            reductions.iter().map(|(local, _)| abi::slots(self.function.ty(*local))).sum();
        let partials = self.room(size * MAX_CHUNKS as usize);
        let bytes = 8 * size;
        if reductions.iter().any(|(local, _)| self.function.ty(*local).is_managed()) {
            // Chunks that never ran own nothing.
            self.act(format_args!(
                "call void @llvm.memset.p0.i64(ptr {partials}, i8 0, i64 {}, i1 false)",
                bytes * MAX_CHUNKS as usize
            ));
        }
        let body = self.outline(counted, parallel, &closed, rounds);
        self.save_random();
        let callback = self.callback(3);
        let code = self.op(format_args!(
            "call i32 {callback}(ptr %context, ptr {body}, ptr {closure}, i64 {}, ptr {partials}, \
             i64 {bytes})",
            rounds.to
        ));
        self.reload_random();
        if !reductions.is_empty() {
            self.combine(reductions, &rounds.to, &code, &partials, bytes);
        }
        self.check(&code);
    }

    /// Writes the function that does the rounds of a chunk; its name.
    fn outline(
        &mut self,
        counted: &For,
        parallel: &Parallel,
        closed: &BTreeSet<Local>,
        rounds: &Rounds,
    ) -> String {
        let mut assigned = BTreeSet::new();
        walk::statements(&counted.body, &mut |node| assigned.extend(walk::assigned(node)));
        let reduced: BTreeSet<Local> =
            parallel.reductions.iter().map(|(local, _)| *local).collect();
        let mut borrowed = self.facts.borrowed.clone();
        borrowed.extend(closed.difference(&assigned));
        borrowed.retain(|local| !reduced.contains(local));
        let name = format!("{}.body.{}\"", name(self.function, 0).trim_end_matches('"'), {
            self.shared.outline()
        });
        let draws = facts::draws(&counted.body);
        let mut chunk = Writer::new(
            &mut *self.shared,
            self.function,
            Rc::new(Facts { borrowed, roots: self.facts.roots.clone() }),
            draws,
        );
        let number = |chunk: &mut Writer<'_, '_>, at: usize, outer: &str| {
            if outer.parse::<i64>().is_ok() {
                return outer.to_owned();
            }
            chunk.unpack("%closure", at, &Type::scalar(Scalar::I64)).swap_remove(0)
        };
        let own = Rounds {
            start: number(&mut chunk, 0, &rounds.start),
            step: number(&mut chunk, 1, &rounds.step),
            from: "%from".to_owned(),
            to: "%to".to_owned(),
        };
        let mut at = 2;
        for local in closed {
            let ty = self.function.ty(*local);
            let row = chunk.unpack("%closure", at, ty);
            at += row.len();
            let row = match (ty, parallel.reductions.iter().find(|(other, _)| other == local)) {
                (Type::Array(array), Some((_, reduction))) => {
                    chunk.identities(array, *reduction, &row, counted.start.span.line)
                }
                (_, Some((_, reduction))) => identity_of(ty.as_scalar(), *reduction),
                _ => row,
            };
            chunk.set(*local, &row);
            if !reduced.contains(local) && !chunk.facts.borrowed.contains(local) {
                chunk.retain(&row, ty);
            }
        }
        chunk.rounds(counted, &own);
        let mut at = 0;
        for (local, _) in &parallel.reductions {
            let ty = self.function.ty(*local);
            let row = chunk.get(*local);
            chunk.pack("%partials", at, ty, &row);
            at += row.len();
            for owner in leaf::owners(ty) {
                // It goes to whoever combines.
                let slot = chunk.slot(*local, owner);
                chunk.act(format_args!("store ptr null, ptr {slot}"));
            }
        }
        chunk.finish(&format!(
            "define internal i32 {name}(ptr noalias %context, ptr noalias %closure, i64 %from, \
             i64 %to, ptr noalias %partials)"
        ));
        name
    }

    /// An array like another one, of elements that change nothing.
    fn identities(
        &mut self,
        array: &ArrayType,
        reduction: Reduction,
        like: &[String],
        line: u32,
    ) -> Leaves {
        let ndim = usize::from(array.ndim);
        let mut sizes = like[2..2 + ndim].to_vec();
        let backwards = array.layout == Layout::F;
        if backwards {
            sizes.reverse();
        }
        let mut row = self.allocate_sizes(array.dtype, &sizes, false, line);
        if backwards {
            row[2..2 + ndim].reverse();
            row[2 + ndim..].reverse();
        }
        let value = identity_of(Some(array.dtype), reduction);
        self.each(&[&row], ndim, &mut |writer, addresses| {
            writer.store_at(&addresses[0], array.dtype, &value, tag(array.dtype));
        });
        row
    }

    /// Combines the chunks' results if there are all, and frees their arrays.
    fn combine(
        &mut self,
        reductions: &[(Local, Reduction)],
        count: &str,
        code: &str,
        partials: &str,
        bytes: usize,
    ) {
        let fine = self.op(format_args!("icmp eq i32 {code}, 0"));
        let chunks = self.op(format_args!("call i64 @llvm.smax.i64(i64 {count}, i64 0)"));
        let chunks =
            self.op(format_args!("call i64 @llvm.umin.i64(i64 {chunks}, i64 {MAX_CHUNKS})"));
        self.count_to(&chunks, &mut |writer, number| {
            let offset = writer.op(format_args!("mul i64 {number}, {bytes}"));
            let row =
                writer.op(format_args!("getelementptr inbounds i8, ptr {partials}, i64 {offset}"));
            let (join, add) = (writer.fresh("join"), writer.fresh("add"));
            let mut at = 0;
            let mut found = Vec::new();
            for (local, _) in reductions {
                found.push(writer.unpack(&row, at, writer.function.ty(*local)));
                at += found.last().map_or(0, Vec::len);
            }
            writer.branch(&fine, &add, &join);
            writer.label(&add);
            for ((local, reduction), partial) in reductions.iter().zip(&found) {
                writer.combine_one(*local, *reduction, partial);
            }
            writer.label(&join);
            for ((local, _), partial) in reductions.iter().zip(&found) {
                writer.release(partial, writer.function.ty(*local));
            }
        });
    }

    fn combine_one(&mut self, local: Local, reduction: Reduction, partial: &[String]) {
        let op = combination(reduction);
        let outer = self.get(local);
        match self.function.ty(local) {
            Type::Array(array) => {
                let ndim = usize::from(array.ndim);
                self.each(&[&outer, partial], ndim, &mut |writer, addresses| {
                    let one = writer.load_at(&addresses[0], array.dtype, tag(array.dtype));
                    let two = writer.load_at(&addresses[1], array.dtype, tag(array.dtype));
                    let both = writer.binary(op, array.dtype, &one, &two);
                    writer.store_at(&addresses[0], array.dtype, &both, tag(array.dtype));
                });
            }
            ty => {
                let scalar = ty.as_scalar().expect("a reduction of a scalar or an array");
                let both = self.binary(op, scalar, &outer, partial);
                self.set(local, &both);
            }
        }
    }

    /// Does something for each element of arrays of one shape, given the elements' addresses.
    fn each(
        &mut self,
        arrays: &[&[String]],
        ndim: usize,
        work: &mut dyn FnMut(&mut Self, &[String]),
    ) {
        let first = arrays.iter().map(|row| row[0].clone()).collect();
        self.each_along(arrays, ndim, 0, first, work);
    }

    fn each_along(
        &mut self,
        arrays: &[&[String]],
        ndim: usize,
        axis: usize,
        addresses: Vec<String>,
        work: &mut dyn FnMut(&mut Self, &[String]),
    ) {
        if axis == ndim {
            return work(self, &addresses);
        }
        self.count_to(&arrays[0][2 + axis], &mut |writer, index| {
            let next = arrays
                .iter()
                .zip(&addresses)
                .map(|(row, address)| {
                    let stride = &row[2 + ndim + axis];
                    let bytes = writer.op(format_args!("mul nsw i64 {index}, {stride}"));
                    writer.op(format_args!("getelementptr inbounds i8, ptr {address}, i64 {bytes}"))
                })
                .collect();
            writer.each_along(arrays, ndim, axis + 1, next, work);
        });
    }

    /// Does something for each number from 0 to one that is not negative.
    fn count_to(&mut self, end: &str, work: &mut dyn FnMut(&mut Self, &str)) {
        let at = self.stack("i64");
        let (head, body, done) = (self.fresh("head"), self.fresh("round"), self.fresh("done"));
        self.act(format_args!("store i64 0, ptr {at}"));
        self.label(&head);
        let number = self.op(format_args!("load i64, ptr {at}"));
        let more = self.op(format_args!("icmp ult i64 {number}, {end}"));
        self.branch(&more, &body, &done);
        self.label(&body);
        work(self, &number);
        let next = self.op(format_args!("add nuw nsw i64 {number}, 1"));
        self.act(format_args!("store i64 {next}, ptr {at}"));
        self.jump(&head);
        self.label(&done);
    }
}

/// The variables that a loop's body needs to be given.
fn closed(counted: &For, parallel: &Parallel) -> BTreeSet<Local> {
    let mut found: BTreeSet<Local> = parallel.reductions.iter().map(|(local, _)| *local).collect();
    walk::statements(&counted.body, &mut |node| found.extend(walk::mentioned(node)));
    found.remove(&counted.variable);
    found
}

/// What a variable is before anything has been added to it.
fn identity_of(scalar: Option<Scalar>, reduction: Reduction) -> Leaves {
    let scalar = scalar.expect("a reduction of a scalar or an array");
    let word = identity(reduction, scalar.real()).expect("a reduction that is defined");
    let real = match scalar.real() {
        Scalar::Bool => (word != 0).to_string(),
        Scalar::F32 => double(f64::from(f32::from_bits(word as u32))),
        Scalar::F64 => double(f64::from_bits(word)),
        other => leaf::integer(other, word.cast_signed()),
    };
    let zero = || double(0.0);
    if scalar.is_complex() { vec![real, zero()] } else { vec![real] }
}
