//! Parallel loops, whose chunks run one after the other here, and give the same as on many cores.

use super::Builder;
use super::frame::{Exit, Frame, Step};
use super::memory::Memory;
use super::statement::{Rounds, go_on};
use super::{Site, complex, scalar};
use crate::abi::{HEADER, chunk, chunk_key, chunks};
use crate::ir::{Exception, For, Local, Parallel, Reduction};
use crate::message;
use crate::syntax::Span;
use crate::types::{ArrayType, Layout, Scalar, Type};

/// A variable of a reduction.
struct Reduced {
    place: usize,
    combination: Combination,
    /// If it is an array.
    array: Option<(ArrayType, Site)>,
}

/// How partial results are combined, and what they begin with.
#[derive(Clone, Copy)]
enum Combination {
    Word(Scalar, scalar::Two, u64),
    Pair(Scalar, complex::Two, [u64; 2]),
}

impl Builder<'_> {
    pub(super) fn parallel(&mut self, one: &For, parallel: &Parallel) -> Step {
        let rounds = self.rounds(one);
        let variable = self.place(one.variable);
        let reduced: Vec<_> = parallel
            .reductions
            .iter()
            .map(|(local, reduction)| self.reduced(*local, *reduction, one.start.span))
            .collect();
        let body = self.steps(&one.body);
        Box::new(move |frame| {
            let Rounds { start, step, count } = rounds(frame)?;
            let count = count.cast_signed();
            let (key, counter) = frame.machine.memory.stream();
            let stream = (*key, *counter);
            let mut partials = Vec::new();
            let mut outcome = Ok(());
            for number in 0..chunks(count) {
                let (key, counter) = frame.machine.memory.stream();
                (*key, *counter) = (chunk_key(stream.0, stream.1, number), 0);
                let mut own = frame.fork();
                outcome = reduced.iter().try_for_each(|one| one.begin(&mut own));
                let (from, to) = chunk(count, number);
                for round in from..to {
                    own.slots[variable] = start.wrapping_add(round.wrapping_mul(step)) as u64;
                    outcome = outcome.and_then(|()| go_on(&body, &mut own).map(drop));
                    if outcome.is_err() {
                        break;
                    }
                }
                partials.push(own.slots);
                if outcome.is_err() {
                    break;
                }
            }
            for partial in partials {
                for one in &reduced {
                    if outcome.is_ok() {
                        one.combine(frame, &partial);
                    }
                }
                frame.join(partial);
            }
            let (key, counter) = frame.machine.memory.stream();
            // The next loop of the run draws from other streams.
            (*key, *counter) = (stream.0, stream.1.wrapping_add(1));
            outcome
        })
    }

    fn reduced(&self, local: Local, reduction: Reduction, span: Span) -> Reduced {
        let op = scalar::combination(reduction);
        let (scalar, array) = match self.function.ty(local) {
            Type::Array(array) => {
                let site = self.site(Exception::Memory, message::no_memory(), span);
                (array.dtype, Some((*array, site)))
            }
            ty => (ty.as_scalar().expect("a reduction of a scalar or an array"), None),
        };
        let word = scalar::binary(op, scalar).zip(scalar::identity(reduction, scalar));
        let pair = complex::binary(op, scalar).zip(complex::identity(reduction, scalar));
        let combination = match (word, pair) {
            (Some((op, identity)), _) => Combination::Word(scalar, op, identity),
            (None, Some((op, identity))) => Combination::Pair(scalar, op, identity),
            (None, None) => unreachable!("a checked program"),
        };
        Reduced { place: self.place(local), combination, array }
    }
}

impl Reduced {
    /// Gives a chunk's variable the value that it begins with.
    fn begin(&self, frame: &mut Frame<'_>) -> Result<(), Exit> {
        let Some((ty, site)) = &self.array else {
            match self.combination {
                Combination::Word(_, _, identity) => frame.slots[self.place] = identity,
                Combination::Pair(_, _, identity) => {
                    frame.slots[self.place..self.place + 2].copy_from_slice(&identity);
                }
            }
            return Ok(());
        };
        let ndim = usize::from(ty.ndim);
        let size = ty.dtype.size() as u64;
        let bytes = frame.slots[self.place + 2..][..ndim].iter().product::<u64>() * size;
        let Some(owner) = frame.machine.memory.allocate(bytes, false) else {
            return frame.fail(site, &[bytes]);
        };
        frame.release(&[self.place + 1]);
        let array = &mut frame.slots[self.place..self.place + 2 + 2 * ndim];
        (array[0], array[1]) = (owner + HEADER as u64, owner);
        let mut stride = size;
        for axis in 0..ndim {
            // Elements lie as the variable's type says.
            let axis = if ty.layout == Layout::F { axis } else { ndim - 1 - axis };
            array[2 + ndim + axis] = stride;
            stride *= array[2 + axis];
        }
        for address in addresses(array, ndim) {
            self.combination.store(&mut frame.machine.memory, address);
        }
        Ok(())
    }

    /// Combines a chunk's result with those before it.
    fn combine(&self, frame: &mut Frame<'_>, partial: &[u64]) {
        let place = self.place;
        let Some((ty, _)) = &self.array else {
            match self.combination {
                Combination::Word(_, op, _) => {
                    frame.slots[place] = op(frame.slots[place], partial[place]);
                }
                Combination::Pair(_, op, _) => {
                    let pair = |slots: &[u64]| [slots[place], slots[place + 1]];
                    let value = op(pair(&frame.slots), pair(partial));
                    frame.slots[place..place + 2].copy_from_slice(&value);
                }
            }
            return;
        };
        let ndim = usize::from(ty.ndim);
        let all = addresses(&frame.slots[place..], ndim);
        for (address, partial) in all.into_iter().zip(addresses(&partial[place..], ndim)) {
            self.combination.add(&mut frame.machine.memory, address, partial);
        }
    }
}

impl Combination {
    /// Writes the value that a partial result begins with.
    fn store(self, memory: &mut Memory, address: u64) {
        match self {
            Self::Word(dtype, _, identity) => memory.store(dtype, address, identity),
            Self::Pair(dtype, _, [real, imaginary]) => {
                memory.store(dtype, address, real);
                memory.store(dtype, address + dtype.real().size() as u64, imaginary);
            }
        }
    }

    /// Combines an element with another.
    fn add(self, memory: &mut Memory, address: u64, partial: u64) {
        match self {
            Self::Word(dtype, op, _) => {
                let value = op(memory.load(dtype, address), memory.load(dtype, partial));
                memory.store(dtype, address, value);
            }
            Self::Pair(dtype, op, _) => {
                let half = dtype.real().size() as u64;
                let pair = |at: u64| [memory.load(dtype, at), memory.load(dtype, at + half)];
                let [real, imaginary] = op(pair(address), pair(partial));
                memory.store(dtype, address, real);
                memory.store(dtype, address + half, imaginary);
            }
        }
    }
}

/// The addresses of an array's elements, the last index fastest.
fn addresses(array: &[u64], ndim: usize) -> Vec<u64> {
    let mut addresses = vec![array[0]];
    for axis in 0..ndim {
        let (size, stride) = (array[2 + axis], array[2 + ndim + axis]);
        let along = |first: &u64| {
            let first = *first;
            (0..size).map(move |index| first.wrapping_add(index.wrapping_mul(stride)))
        };
        addresses = addresses.iter().flat_map(along).collect();
    }
    addresses
}
