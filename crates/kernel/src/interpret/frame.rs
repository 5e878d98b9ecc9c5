//! What closures work on: a call's slots, and the machine that all calls of a run share.

use super::memory::Memory;
use super::{Failure, Site};
use crate::abi::slots;
use crate::types::Type;
use std::ops::Range;
use std::sync::Arc;

/// Computes a value of one slot.
pub(super) type Word = Box<dyn Fn(&mut Frame<'_>) -> Result<u64, Exit> + Send + Sync>;
/// Computes a value of two slots.
pub(super) type Pair = Box<dyn Fn(&mut Frame<'_>) -> Result<[u64; 2], Exit> + Send + Sync>;
/// Does something to the frame.
pub(super) type Step = Box<dyn Fn(&mut Frame<'_>) -> Result<(), Exit> + Send + Sync>;

/// Why a statement is not followed by the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Exit {
    Break,
    Continue,
    Return,
    /// The machine knows why.
    Fail,
}

/// What all calls of a run share.
pub(super) struct Machine {
    pub(super) memory: Memory,
    pub(super) functions: Arc<[Code]>,
    /// What [`Exit::Fail`] means.
    pub(super) failure: Failure,
    /// The address that the stack may not grow beyond.
    pub(super) floor: usize,
}

/// A call under way: its slots begin with the result's, then the parameters'.
pub(super) struct Frame<'m> {
    pub(super) slots: Vec<u64>,
    /// Those that hold arrays' owners.
    owners: &'m [usize],
    pub(super) machine: &'m mut Machine,
}

/// A function.
pub(super) struct Code {
    pub(super) body: Vec<Step>,
    /// How many slots a frame has.
    pub(super) slots: usize,
    /// Those of a frame that hold arrays' owners.
    pub(super) owners: Vec<usize>,
    /// How many of them are the result's.
    pub(super) result: usize,
    pub(super) result_owners: Vec<usize>,
    /// What is raised if calls are too deep.
    pub(super) too_deep: Site,
}

/// How much stack calls may take: threads of a pool have 2 MiB.
const STACK: usize = 1 << 20;

/// About where the stack ends at present.
fn stack() -> usize {
    let here = 0_u8;
    (&raw const here).addr()
}

impl Machine {
    /// For a run that begins here.
    pub(super) fn new(memory: Memory, functions: Arc<[Code]>) -> Self {
        let floor = stack().saturating_sub(STACK);
        Self { memory, functions, failure: Failure::Interrupted, floor }
    }
}

impl Code {
    /// Calls the function; the frame takes over the arguments' references, the caller the result's.
    pub(super) fn call(
        &self,
        machine: &mut Machine,
        arguments: &[u64],
        result: &mut [u64],
    ) -> Result<(), Exit> {
        let mut frame = Frame { slots: vec![0; self.slots], owners: &self.owners, machine };
        frame.slots[self.result..][..arguments.len()].copy_from_slice(arguments);
        let body = if stack() < frame.machine.floor {
            frame.fail(&self.too_deep, &[])
        } else {
            run(&self.body, &mut frame)
        };
        let outcome = match body {
            Ok(()) | Err(Exit::Return) => {
                result.copy_from_slice(&frame.slots[..self.result]);
                frame.forget(&self.result_owners);
                Ok(())
            }
            Err(exit) => Err(exit),
        };
        frame.release(&self.owners);
        outcome
    }
}

/// Runs one statement after the other.
pub(super) fn run(steps: &[Step], frame: &mut Frame<'_>) -> Result<(), Exit> {
    steps.iter().try_for_each(|step| step(frame))
}

impl Frame<'_> {
    /// Fails at a site.
    pub(super) fn fail<T>(&mut self, site: &Site, values: &[u64]) -> Result<T, Exit> {
        self.machine.failure = site.failure(values);
        Err(Exit::Fail)
    }

    /// Fails if the run is to end.
    pub(super) fn poll(&mut self) -> Result<(), Exit> {
        if self.machine.memory.is_interrupted() {
            self.machine.failure = Failure::Interrupted;
            return Err(Exit::Fail);
        }
        Ok(())
    }

    /// Takes one more reference to what these slots own.
    pub(super) fn retain(&mut self, owners: &[usize]) {
        for owner in owners {
            self.machine.memory.retain(self.slots[*owner]);
        }
    }

    /// Gives back what these slots own; they then own nothing.
    pub(super) fn release(&mut self, owners: &[usize]) {
        for owner in owners {
            self.machine.memory.release(std::mem::take(&mut self.slots[*owner]));
        }
    }

    /// A frame for a chunk of a parallel loop: it begins with copies of all variables.
    pub(super) fn fork(&mut self) -> Frame<'_> {
        self.retain(self.owners);
        Frame { slots: self.slots.clone(), owners: self.owners, machine: self.machine }
    }

    /// Gives back what the slots of a frame's fork own.
    pub(super) fn join(&mut self, slots: Vec<u64>) {
        Frame { slots, owners: self.owners, machine: self.machine }.release(self.owners);
    }

    /// Lets these slots own nothing, because what they own is somebody else's now.
    pub(super) fn forget(&mut self, owners: &[usize]) {
        for owner in owners {
            self.slots[*owner] = 0;
        }
    }
}

/// Where an item of a tuple begins in the tuple's slots.
pub(super) fn offset(items: &[Type], item: usize) -> usize {
    items[..item].iter().map(slots).sum()
}

/// The slots of a value of a type that begins at `place`.
pub(super) fn range(ty: &Type, place: usize) -> Range<usize> {
    place..place + slots(ty)
}
