//! Does what a program says, one operation at a time: the oracle of compiled code, and what runs where
//! there is no compiler.
//!
//! A program becomes closures once, one for each expression, over a frame of 64-bit slots in which a value
//! lies as [`crate::abi`] says: a `Word` is an expression of one slot, a
//! `Pair` one of two, a `Step` puts any value into slots, or is a statement.
//! That is simple, and a few nanoseconds an operation.
//!
//! Arrays count references as in compiled code, by the same callbacks, so that each may use the other's.

pub(crate) mod complex;
mod expression;
mod frame;
pub mod libm;
mod list;
pub(crate) mod math;
mod memory;
mod parallel;
pub(crate) mod scalar;
mod statement;
mod structure;

pub use complex::Complex;

use crate::abi::{each_owner, owners, slots};
use crate::check::check;
use crate::ir::{Exception, Function, Local, Program};
use crate::message::{self, Part};
use crate::syntax::Span;
use crate::types::Type;
use frame::{Code, Machine};
use memory::Memory;
use std::sync::Arc;

/// Why a run did not return.
#[derive(Clone, Debug, PartialEq)]
pub enum Failure {
    /// Whoever was polled wanted an end.
    Interrupted,
    /// Something was raised.
    Raised(Box<Raised>),
}

/// What was raised, and where.
#[derive(Clone, Debug, PartialEq)]
pub struct Raised {
    /// The class.
    pub exception: Exception,
    /// What it says.
    pub message: String,
    /// Where.
    pub span: Span,
    /// In which function,
    pub function: String,
    /// and file.
    pub file: Arc<str>,
}

/// A program, ready to run any number of times, at one time even.
pub struct Interpreter {
    functions: Arc<[Code]>,
    /// How many slots the arguments take.
    arguments: usize,
    /// Which of them hold owners of arrays, that the caller keeps,
    given: Vec<usize>,
    /// and which hold lists, that the caller keeps too.
    lists: Vec<usize>,
    result: usize,
}

impl Interpreter {
    /// Prepares a program.
    ///
    /// # Panics
    /// If it breaks a rule: see [`crate::check`].
    pub fn new(program: &Program) -> Self {
        if let Err(breach) = check(program) {
            panic!("a program that is none: {breach}");
        }
        let entry = &program.functions[0];
        let parameters = entry.locals[..entry.parameters].iter();
        let parameters = Type::tuple(parameters.map(|parameter| parameter.ty.clone()));
        let (mut given, mut lists) = (Vec::new(), Vec::new());
        each_owner(&parameters, 0, &mut |place, is_list| {
            if is_list { lists.push(place) } else { given.push(place) }
        });
        Self {
            functions: program.functions.iter().map(code).collect(),
            arguments: slots(&parameters),
            given,
            lists,
            result: slots(&entry.result),
        }
    }

    fn arguments(&self) -> usize {
        self.arguments
    }

    /// Runs the first function; returns its result's slots.
    fn enter(&self, memory: Memory, mut arguments: Vec<u64>) -> Result<Vec<u64>, Failure> {
        for owner in &self.given {
            arguments[*owner] = 0;
        }
        let functions = Arc::clone(&self.functions);
        let mut machine = Machine::new(memory, functions);
        for list in &self.lists {
            machine.memory.retain(arguments[*list]);
        }
        let mut result = vec![0; self.result];
        match self.functions[0].call(&mut machine, &arguments, &mut result) {
            Ok(()) => Ok(result),
            Err(_) => Err(machine.failure),
        }
    }
}

/// Where something may fail, and what it then says.
struct Site {
    exception: Exception,
    message: Vec<Part>,
    span: Span,
    function: String,
    file: Arc<str>,
}

impl Site {
    fn failure(&self, values: &[u64]) -> Failure {
        Failure::Raised(Box::new(Raised {
            exception: self.exception,
            message: message::format(&self.message, values),
            span: self.span,
            function: self.function.clone(),
            file: Arc::clone(&self.file),
        }))
    }
}

/// Makes closures of one function.
struct Builder<'p> {
    function: &'p Function,
    /// Where each variable's slots begin.
    places: Vec<usize>,
    /// How many slots the frame has so far: the result's, the variables', then those of values on the way.
    slots: usize,
    /// The slots that hold arrays' owners.
    owners: Vec<usize>,
}

fn code(function: &Function) -> Code {
    let mut builder = Builder { function, places: Vec::new(), slots: 0, owners: Vec::new() };
    builder.reserve(&function.result);
    for variable in &function.locals {
        let place = builder.reserve(&variable.ty);
        builder.places.push(place);
    }
    let body = builder.steps(&function.body);
    let span = function.body.first().map_or(Span::default(), |statement| statement.span);
    let text = Part::Text("maximum recursion depth exceeded".into());
    let too_deep = builder.site(Exception::Runtime, vec![text], span);
    Code {
        body,
        slots: builder.slots,
        owners: builder.owners,
        result: slots(&function.result),
        result_owners: owners(&function.result, 0),
        too_deep,
    }
}

impl Builder<'_> {
    /// Slots for a value of a type; the frame gives back what it holds there when it ends.
    fn reserve(&mut self, ty: &Type) -> usize {
        let place = self.slots;
        self.slots += slots(ty);
        self.owners.extend(owners(ty, place));
        place
    }

    /// Where a variable's slots begin.
    fn place(&self, local: Local) -> usize {
        self.places[local.0 as usize]
    }

    fn site(&self, exception: Exception, message: Vec<Part>, span: Span) -> Site {
        Site {
            exception,
            message,
            span,
            function: self.function.name.clone(),
            file: Arc::clone(&self.function.file),
        }
    }
}
