//! A function compiled for arguments of certain types, and a call of it.

use super::counts;
use super::failure::{Place, raised};
use super::pack::{Packed, Slots};
use super::runtime;
use super::unpack::Unpack;
use crate::gate;
use manycore::kernel::abi::{Context, MAX_VALUES, slots as width};
use manycore::kernel::interpret::{Failure, Interpreter, Raised};
use manycore::kernel::llvm::RaiseSite;
use manycore::kernel::message;
use manycore::kernel::types::{Kind, Layout, Named, Scalar, Type};
use manycore::trace::doing::{self, Doing};
use pyo3::exceptions::{PyKeyboardInterrupt, PyOverflowError};
use pyo3::prelude::*;
use pyo3::types::PyType;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

/// As `kernel::abi` says.
pub type Entry = unsafe extern "C" fn(*mut Context, *const u64, *mut u64) -> i32;

/// What does the work.
pub enum Code {
    /// Compiled code, and what keeps it in memory.
    Native {
        entry: Entry,
        #[allow(dead_code)]
        keeper: Py<PyAny>,
    },
    /// Where there is no compiler.
    Interpreted(Interpreter),
}

/// A function compiled for arguments of certain types.
pub struct Specialisation {
    /// The function's, as profiles show it.
    pub name: String,
    pub arguments: Vec<Type>,
    pub result: Type,
    /// How many slots the result has.
    pub width: usize,
    pub code: Code,
    /// What the code may raise.
    pub raises: Vec<RaiseSite>,
    /// Slots of the arrays among the globals, and these arrays.
    pub captured: (Vec<u64>, Vec<Py<PyAny>>),
    /// The classes of the named tuples among the arguments.
    pub classes: Vec<(Arc<Named>, Py<PyType>)>,
    /// Arguments that were compiled in; they live on, as others are told from them by their addresses.
    pub objects: Vec<(u64, Py<PyAny>)>,
    /// Whether a signature asked for it; other arguments are converted then.
    pub is_declared: bool,
    /// Whether it ends at once, without loops.
    pub is_short: bool,
    /// Whether its calls are noted, with what it counts if that is known,
    pub is_counted: bool,
    /// under its name and its source's file.
    pub file: Arc<str>,
}

/// What the code raised.
enum Failed {
    /// Which one of its `Raise`, and the values in the message.
    Native(u64, [u64; MAX_VALUES]),
    Interpreted(Failure),
}

impl Specialisation {
    pub fn call<'py>(
        &self,
        py: Python<'py>,
        packed: &mut Packed<'py>,
    ) -> PyResult<Bound<'py, PyAny>> {
        const FEW: usize = 8;
        let (mut few, mut many) = ([0; FEW], Vec::new());
        let room = match few.get_mut(..self.width) {
            Some(few) => few,
            None => {
                many.resize(self.width, 0);
                &mut many
            }
        };
        let slots = &mut packed.slots;
        if !self.captured.0.is_empty() {
            slots.extend_from_slice(&self.captured.0);
        }
        let _profiled = doing::enter(|| Doing::Kernel(self.name.clone()));
        let (arguments, result) = (Address(slots.as_mut_ptr()), Address(room.as_mut_ptr()));
        let ended = runtime::call(py, self.is_short, |context| {
            let enter = |context: &mut Context| {
                // SAFETY: the slots are those of arguments of the types that the code was made for, and
                // there is room for the result's.
                unsafe { self.enter(context, arguments.get(), result.get()) }
            };
            if self.is_counted { counts::noted(self, context, enter) } else { enter(context) }
        })?;
        ended.map_err(|failed| self.exception(py, *failed))?;
        let arrays = (&*packed.arrays, &*self.captured.1);
        Unpack { py, slots: room, arrays, classes: &self.classes }.value(&self.result)
    }

    /// Calls with slots, with or without the GIL; the result, if there is one, goes to `result`.
    ///
    /// # Safety
    /// The slots are those of arguments of the types that the code was made for, and there is room for the
    /// result's.
    pub unsafe fn call_bare(&self, slots: &mut Slots, result: *mut u64) -> PyResult<()> {
        slots.extend_from_slice(&self.captured.0);
        // SAFETY: as the caller says.
        let ended =
            runtime::call_bare(|context| unsafe { self.enter(context, slots.as_ptr(), result) })?;
        ended.map_err(|failed| gate::attach(|py| self.exception(py, *failed)))
    }

    /// Calls what returns nothing with slots, with the GIL or without, until `alarm` is not 0.
    ///
    /// # Safety
    /// The slots are those of arguments of the types that the code was made for.
    pub unsafe fn call_until(&self, slots: &mut Slots, alarm: &AtomicU64) -> PyResult<()> {
        debug_assert_eq!(self.width, 0);
        slots.extend_from_slice(&self.captured.0);
        let mut result = 0;
        let ended = runtime::call_until(alarm, |context| {
            // SAFETY: as the caller says.
            unsafe { self.enter(context, slots.as_ptr(), &raw mut result) }
        })?;
        ended.map_err(|failed| gate::attach(|py| self.exception(py, *failed)))
    }

    /// Calls many times with the GIL or without, until `alarm` is not 0: `work` is given what calls with the
    /// first argument's slots and returns the result's only slot, or nothing if something was raised. The other
    /// arguments' slots are in `rest`.
    ///
    /// # Safety
    /// The slots are those of arguments of the types that the code was made for, and the result has one.
    pub unsafe fn call_each(
        &self,
        rest: &[u64],
        alarm: &AtomicU64,
        work: impl FnOnce(&mut dyn FnMut(&[u64]) -> Option<u64>),
    ) -> PyResult<()> {
        let first = width(&self.arguments[0]);
        let mut slots = vec![0; first];
        slots.extend(rest.iter().chain(&self.captured.0));
        let ended = runtime::call_until(alarm, |context| {
            let mut ended = Ok(());
            work(&mut |given| {
                slots[..first].copy_from_slice(given);
                let mut result = 0;
                // SAFETY: as the caller says.
                ended = unsafe { self.enter(context, slots.as_ptr(), &raw mut result) };
                ended.is_ok().then_some(result)
            });
            ended
        })?;
        ended.map_err(|failed| gate::attach(|py| self.exception(py, *failed)))
    }

    /// # Safety
    /// As for [`Self::call_bare`].
    unsafe fn enter(
        &self,
        context: &mut Context,
        arguments: *const u64,
        result: *mut u64,
    ) -> Result<(), Box<Failed>> {
        // SAFETY: as the caller says.
        unsafe {
            match &self.code {
                Code::Native { entry, .. } => match entry(context, arguments, result) {
                    0 => Ok(()),
                    _ => Err(Box::new(Failed::Native(context.site, context.values))),
                },
                Code::Interpreted(interpreter) => interpreter
                    .run(context, arguments, result)
                    .map_err(|failure| Box::new(Failed::Interpreted(failure))),
            }
        }
    }

    fn exception(&self, py: Python<'_>, failed: Failed) -> PyErr {
        match failed {
            Failed::Interpreted(Failure::Raised(failure)) => {
                let Raised { exception, message, span, function, file } = *failure;
                let place = Place { file: &file, line: span.line, function: &function };
                raised(py, exception, message, &place)
            }
            // The gate has closed: the process exits.
            Failed::Interpreted(Failure::Interrupted) => PyKeyboardInterrupt::new_err(()),
            Failed::Native(site, values) => self.raised(py, site, &values),
        }
    }

    /// What was raised at a site.
    fn raised(&self, py: Python<'_>, site: u64, values: &[u64]) -> PyErr {
        let Some(site) = self.raises.get(site as usize) else {
            // Nothing was raised: whoever was asked wanted an end.
            return PyKeyboardInterrupt::new_err(());
        };
        let text = message::format(&site.parts, values);
        let place = Place { file: &site.file, line: site.line, function: &site.function };
        raised(py, site.exception, text, &place)
    }
}

/// How C code calls a specialisation: its address, arguments and room for the result, as `kernel::abi` says.
pub type CCall = unsafe extern "C" fn(*const Specialisation, *const u64, *mut u64);

/// A call by C code, which can't be told of an exception: that is shown on stderr.
///
/// # Safety
/// The specialisation lives, and the slots are its own.
pub unsafe extern "C" fn call_from_c(
    specialisation: *const Specialisation,
    arguments: *const u64,
    result: *mut u64,
) {
    // SAFETY: as the caller says.
    unsafe {
        let specialisation = &*specialisation;
        let count = specialisation.arguments.iter().map(width).sum();
        let mut slots = Slots::from_slice(std::slice::from_raw_parts(arguments, count));
        if let Err(error) = specialisation.call_bare(&mut slots, result)
            && let Some(_inside) = gate::enter()
        {
            gate::attach(|py| error.write_unraisable(py, None));
        }
    }
}

/// An address that is used by the same thread, but without the GIL.
#[derive(Clone, Copy)]
struct Address(*mut u64);

// SAFETY: as the type says.
unsafe impl Send for Address {}
// SAFETY: as the type says.
unsafe impl Sync for Address {}

impl Address {
    fn get(self) -> *mut u64 {
        self.0
    }
}

/// How arguments of some types become those that a function was compiled for: what is to be done to
/// each number, in order; arrays and the like go as they are.
#[derive(Clone)]
pub struct Conversion(Vec<Step>);

#[derive(Clone, Copy)]
enum Step {
    /// So many slots as they are.
    Keep(usize),
    /// A number of the first type as one of the second.
    Number(Scalar, Scalar),
}

impl Conversion {
    /// How `given` becomes `wanted`, if nothing is lost by it.
    pub fn new(given: &[Type], wanted: &[Type]) -> Option<Self> {
        let mut steps = Vec::new();
        let all = given.len() == wanted.len()
            && given.iter().zip(wanted).all(|(given, wanted)| step(given, wanted, &mut steps));
        all.then_some(Self(steps))
    }

    /// Whether nothing has to be done.
    pub fn is_none(&self) -> bool {
        self.0.iter().all(|step| matches!(step, Step::Keep(_)))
    }

    /// The slots, converted.
    pub fn apply(&self, slots: &[u64]) -> PyResult<Slots> {
        let mut slots = slots.iter().copied();
        let mut converted = Slots::new();
        for step in &self.0 {
            match *step {
                Step::Keep(count) => converted.extend(slots.by_ref().take(count)),
                Step::Number(from, to) => {
                    let mut next = || slots.next().unwrap_or(0);
                    let parts = (next(), if from.is_complex() { next() } else { 0 });
                    number(from, to, parts, &mut converted)?;
                }
            }
        }
        Ok(converted)
    }
}

fn step(given: &Type, wanted: &Type, steps: &mut Vec<Step>) -> bool {
    match (given, wanted) {
        (Type::Scalar(from, weak), Type::Scalar(to, _)) => {
            // Python's own numbers have no width.
            let fits = from.promote(*to) == *to || (*weak && to.kind() >= from.kind());
            let fits = fits || (*weak && from.is_integer() && to.is_integer());
            steps.push(if from == to {
                Step::Keep(1 + usize::from(from.is_complex()))
            } else {
                Step::Number(*from, *to)
            });
            fits
        }
        (Type::Array(from), Type::Array(to)) => {
            steps.push(Step::Keep(width(given)));
            from.dtype == to.dtype
                && from.ndim == to.ndim
                && (from.layout == to.layout
                    || to.layout == Layout::Any
                    || from.ndim <= 1 && from.layout != Layout::Any)
                && (to.readonly || !from.readonly)
        }
        (Type::Tuple(from, _), Type::Tuple(to, _)) => {
            from.len() == to.len()
                && from.iter().zip(to.iter()).all(|(from, to)| step(from, to, steps))
        }
        (given, wanted) => {
            steps.push(Step::Keep(width(given)));
            given == wanted
        }
    }
}

/// Writes a number of one type as one of another that it fits.
fn number(from: Scalar, to: Scalar, parts: (u64, u64), slots: &mut Slots) -> PyResult<()> {
    let real = |slot: u64| match from {
        Scalar::F32 | Scalar::C64 => f64::from(f32::from_bits(slot as u32)),
        Scalar::F64 | Scalar::C128 => f64::from_bits(slot),
        Scalar::U8 | Scalar::U16 | Scalar::U32 | Scalar::U64 | Scalar::Bool => slot as f64,
        _ => slot.cast_signed() as f64,
    };
    let (first, second) = (real(parts.0), if from.is_complex() { real(parts.1) } else { 0.0 });
    let single = |value: f64| u64::from((value as f32).to_bits());
    match to {
        Scalar::F32 => slots.push(single(first)),
        Scalar::F64 => slots.push(first.to_bits()),
        Scalar::C64 => slots.extend([single(first), single(second)]),
        Scalar::C128 => slots.extend([first.to_bits(), second.to_bits()]),
        Scalar::Bool => slots.push(u64::from(parts.0 != 0)),
        integer => {
            let is_wide = matches!(from, Scalar::U64);
            let value =
                if is_wide { i128::from(parts.0) } else { i128::from(parts.0.cast_signed()) };
            let bits = 8 * integer.size() as u32;
            let is_signed = integer.kind() == Kind::Signed;
            let (low, high) = if is_signed {
                (-(1_i128 << (bits - 1)), (1_i128 << (bits - 1)) - 1)
            } else {
                (0, (1_i128 << bits) - 1)
            };
            if !(low..=high).contains(&value) {
                let message = format!("{value} does not fit {integer}");
                return Err(PyOverflowError::new_err(message));
            }
            slots.push(value as u64);
        }
    }
    Ok(())
}
