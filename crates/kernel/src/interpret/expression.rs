//! Expressions of scalars as closures: a word for a real one, a pair for a complex one or a text.

use super::frame::{Pair, Word, range};
use super::math::{self, OfComplex, Real};
use super::{Builder, complex, scalar};
use crate::abi;
use crate::ir::{Compare, Exception, Expr, ExprKind, Local, Math, Place, Runtime, Unary, Value};
use crate::message;
use crate::types::{Scalar, Type};
use std::sync::Arc;

/// Says why what the check lets through is there.
const CHECKED: &str = "a checked program";

/// Whether values of a type are computed as words.
pub(super) fn is_word(ty: &Type) -> bool {
    match ty {
        Type::Scalar(scalar, _) => !scalar.is_complex(),
        Type::Generator => true,
        _ => false,
    }
}

impl Builder<'_> {
    /// An expression of one slot.
    pub(super) fn word(&mut self, expr: &Expr) -> Word {
        match &expr.kind {
            ExprKind::Const(value) => {
                let word = real_constant(value, expr.scalar());
                Box::new(move |_| Ok(word))
            }
            ExprKind::Local(local) => {
                let place = self.place(*local);
                Box::new(move |frame| Ok(frame.slots[place]))
            }
            ExprKind::Unary(op, operand) => self.unary_word(*op, operand),
            ExprKind::Binary(op, left, right) => {
                let op = scalar::binary(*op, left.scalar()).expect(CHECKED);
                self.two(op, left, right)
            }
            ExprKind::Compare(op, left, right) => self.compare(*op, left, right),
            ExprKind::And(left, right) => {
                let (left, right) = (self.word(left), self.word(right));
                Box::new(move |frame| if left(frame)? == 0 { Ok(0) } else { right(frame) })
            }
            ExprKind::Or(left, right) => {
                let (left, right) = (self.word(left), self.word(right));
                Box::new(move |frame| if left(frame)? == 0 { right(frame) } else { Ok(1) })
            }
            ExprKind::IfElse(test, body, orelse) => {
                let (test, body, orelse) = (self.word(test), self.word(body), self.word(orelse));
                Box::new(move |frame| if test(frame)? == 0 { orelse(frame) } else { body(frame) })
            }
            ExprKind::Cast(operand) => self.cast_word(operand, expr.scalar()),
            ExprKind::Math(math, operands) => self.math_word(*math, operands),
            ExprKind::Runtime(runtime, arguments) => self.runtime(*runtime, arguments),
            ExprKind::Load { array, place } => {
                let dtype = self.function.array(*array).dtype;
                let address = self.address(*array, place);
                Box::new(move |frame| {
                    let address = address(frame)?;
                    Ok(frame.machine.memory.load(dtype, address))
                })
            }
            ExprKind::Shape(array, axis) => {
                let place = self.place(*array) + 2 + axis;
                Box::new(move |frame| Ok(frame.slots[place]))
            }
            ExprKind::Stride(array, axis) => {
                let ndim = usize::from(self.function.array(*array).ndim);
                let place = self.place(*array) + 2 + ndim + axis;
                Box::new(move |frame| Ok(frame.slots[place]))
            }
            ExprKind::Address(array) => {
                let place = self.place(*array);
                Box::new(move |frame| Ok(frame.slots[place]))
            }
            ExprKind::Index { index, size, axis, check } => {
                let message = message::out_of_bounds(*axis);
                let site = self.site(Exception::Index, message, expr.span);
                let (index, size, check) = (self.word(index), self.word(size), *check);
                Box::new(move |frame| {
                    let index = index(frame)?.cast_signed();
                    let size = size(frame)?.cast_signed();
                    let at = if index < 0 { index.wrapping_add(size) } else { index };
                    if check && !(0..size).contains(&at) {
                        return frame.fail(&site, &[index.cast_unsigned(), size.cast_unsigned()]);
                    }
                    Ok(at.cast_unsigned())
                })
            }
            ExprKind::Length(list) => {
                let list = self.place(*list);
                Box::new(move |frame| {
                    let list = frame.slots[list];
                    Ok(frame.machine.memory.length(list))
                })
            }
            ExprKind::IsSome(value) => {
                let (at, ready) = self.somewhere(value);
                Box::new(move |frame| {
                    ready(frame)?;
                    Ok(frame.slots[at])
                })
            }
            ExprKind::Part(operand, imaginary) => {
                let operand = self.pair(operand);
                let part = usize::from(*imaginary);
                Box::new(move |frame| Ok(operand(frame)?[part]))
            }
            _ => {
                let (at, ready) = self.somewhere(expr);
                Box::new(move |frame| {
                    ready(frame)?;
                    Ok(frame.slots[at])
                })
            }
        }
    }

    /// An expression of two slots.
    pub(super) fn pair(&mut self, expr: &Expr) -> Pair {
        match &expr.kind {
            ExprKind::Const(Value::Str(text)) => {
                // The closure keeps the text alive.
                let text = Arc::clone(text);
                Box::new(move |_| Ok([text.as_ptr().expose_provenance() as u64, text.len() as u64]))
            }
            ExprKind::Const(value) => {
                let pair = complex_constant(value, expr.scalar());
                Box::new(move |_| Ok(pair))
            }
            ExprKind::Unary(op, operand) => {
                let op = complex::unary(*op, expr.scalar()).expect(CHECKED);
                let operand = self.pair(operand);
                Box::new(move |frame| Ok(op(operand(frame)?)))
            }
            ExprKind::Binary(op, left, right) => {
                let op = complex::binary(*op, expr.scalar()).expect(CHECKED);
                let (left, right) = (self.pair(left), self.pair(right));
                Box::new(move |frame| Ok(op(left(frame)?, right(frame)?)))
            }
            ExprKind::Cast(operand) => self.cast_pair(operand, expr.scalar()),
            ExprKind::Math(math, operands) => {
                let function = math::of_complex(*math, expr.scalar()).expect(CHECKED);
                let x = self.pair(&operands[0]);
                match function {
                    OfComplex::One(function) => Box::new(move |frame| Ok(function(x(frame)?))),
                    OfComplex::Two(function) => {
                        let y = self.pair(&operands[1]);
                        Box::new(move |frame| Ok(function(x(frame)?, y(frame)?)))
                    }
                    OfComplex::Test(_) => unreachable!("{CHECKED}"),
                }
            }
            ExprKind::Load { array, place } => {
                let dtype = self.function.array(*array).dtype;
                let half = dtype.real().size() as u64;
                let address = self.address(*array, place);
                Box::new(move |frame| {
                    let address = address(frame)?;
                    let memory = &frame.machine.memory;
                    Ok([memory.load(dtype, address), memory.load(dtype, address + half)])
                })
            }
            ExprKind::Complex(real, imaginary) => {
                let (real, imaginary) = (self.word(real), self.word(imaginary));
                Box::new(move |frame| Ok([real(frame)?, imaginary(frame)?]))
            }
            _ => {
                let (at, ready) = self.somewhere(expr);
                Box::new(move |frame| {
                    ready(frame)?;
                    Ok([frame.slots[at], frame.slots[at + 1]])
                })
            }
        }
    }

    fn unary_word(&mut self, op: Unary, operand: &Expr) -> Word {
        if operand.scalar().is_complex() {
            let abs = complex::abs(operand.scalar()).expect(CHECKED);
            let operand = self.pair(operand);
            return Box::new(move |frame| Ok(abs(operand(frame)?)));
        }
        let op = scalar::unary(op, operand.scalar()).expect(CHECKED);
        let operand = self.word(operand);
        Box::new(move |frame| Ok(op(operand(frame)?)))
    }

    fn two(&mut self, op: scalar::Two, left: &Expr, right: &Expr) -> Word {
        let (left, right) = (self.word(left), self.word(right));
        Box::new(move |frame| Ok(op(left(frame)?, right(frame)?)))
    }

    fn compare(&mut self, op: Compare, left: &Expr, right: &Expr) -> Word {
        match left.ty.as_scalar() {
            None => {
                let (left, right) = (self.pair(left), self.pair(right));
                Box::new(move |frame| {
                    let (left, right) = (left(frame)?, right(frame)?);
                    let memory = &frame.machine.memory;
                    Ok(holds(op, memory.text(left).cmp(memory.text(right))).into())
                })
            }
            Some(ty) if ty.is_complex() => {
                let op = complex::compare(op, ty).expect(CHECKED);
                let (left, right) = (self.pair(left), self.pair(right));
                Box::new(move |frame| Ok(op(left(frame)?, right(frame)?)))
            }
            Some(ty) => self.two(scalar::compare(op, ty).expect(CHECKED), left, right),
        }
    }

    /// A conversion to a real type.
    fn cast_word(&mut self, operand: &Expr, to: Scalar) -> Word {
        let from = operand.scalar();
        let cast = scalar::cast(from.real(), to).expect(CHECKED);
        if from.is_complex() {
            let operand = self.pair(operand);
            return Box::new(move |frame| {
                let [real, imaginary] = operand(frame)?;
                // Only a truth value asks for the imaginary part.
                let also = if to == Scalar::Bool { cast(imaginary) } else { 0 };
                Ok(cast(real) | also)
            });
        }
        let operand = self.word(operand);
        Box::new(move |frame| Ok(cast(operand(frame)?)))
    }

    /// A conversion to a complex type.
    fn cast_pair(&mut self, operand: &Expr, to: Scalar) -> Pair {
        let from = operand.scalar();
        let cast = scalar::cast(from.real(), to.real()).expect(CHECKED);
        if from.is_complex() {
            let operand = self.pair(operand);
            return Box::new(move |frame| Ok(operand(frame)?.map(cast)));
        }
        let operand = self.word(operand);
        Box::new(move |frame| Ok([cast(operand(frame)?), 0]))
    }

    /// A function whose result is one word.
    fn math_word(&mut self, math: Math, operands: &[Expr]) -> Word {
        let ty = operands[0].scalar();
        if ty.is_complex() {
            let Some(OfComplex::Test(test)) = math::of_complex(math, ty) else {
                unreachable!("{CHECKED}")
            };
            let operand = self.pair(&operands[0]);
            return Box::new(move |frame| Ok(test(operand(frame)?)));
        }
        let x = self.word(&operands[0]);
        match math::real(math, ty).expect(CHECKED) {
            Real::One(function) => Box::new(move |frame| Ok(function(x(frame)?))),
            Real::Two(function) => {
                let y = self.word(&operands[1]);
                Box::new(move |frame| Ok(function(x(frame)?, y(frame)?)))
            }
            Real::Three(function) => {
                let (y, z) = (self.word(&operands[1]), self.word(&operands[2]));
                Box::new(move |frame| Ok(function(x(frame)?, y(frame)?, z(frame)?)))
            }
        }
    }

    /// A call of the runtime's; what returns `None` is the word 0.
    pub(super) fn runtime(&mut self, runtime: Runtime, arguments: &[Expr]) -> Word {
        match runtime {
            Runtime::Random | Runtime::RandomBits => {
                let generator = arguments.first().map(|argument| self.word(argument));
                Box::new(move |frame| {
                    let bits = match &generator {
                        Some(generator) => {
                            let address = generator(frame)?;
                            draw(frame.machine.memory.generator(address))
                        }
                        None => draw(frame.machine.memory.stream()),
                    };
                    Ok(if runtime == Runtime::Random { abi::unit(bits).to_bits() } else { bits })
                })
            }
            Runtime::Seed => {
                let seed = self.word(&arguments[0]);
                Box::new(move |frame| {
                    let seed = seed(frame)?;
                    let (key, counter) = frame.machine.memory.stream();
                    (*key, *counter) = (abi::seed_key(seed.cast_signed()), 0);
                    Ok(0)
                })
            }
            Runtime::Count => {
                let (operations, bytes) = (self.word(&arguments[0]), self.word(&arguments[1]));
                Box::new(move |frame| {
                    let (operations, bytes) = (operations(frame)?, bytes(frame)?);
                    frame.machine.memory.count(operations, bytes);
                    Ok(0)
                })
            }
            _ => {
                let dtype = arguments[0].ty.as_array().expect(CHECKED).dtype;
                let code = abi::linalg(runtime, dtype);
                let arrays: Vec<_> = arguments
                    .iter()
                    .map(|argument| {
                        let (at, ready) = self.somewhere(argument);
                        (range(&argument.ty, at), ready)
                    })
                    .collect();
                Box::new(move |frame| {
                    let mut slots = Vec::new();
                    for (range, ready) in &arrays {
                        ready(frame)?;
                        slots.extend_from_slice(&frame.slots[range.clone()]);
                    }
                    Ok(frame.machine.memory.linalg(code, &slots).cast_unsigned())
                })
            }
        }
    }

    /// The address of an element.
    pub(super) fn address(&mut self, array: Local, place: &Place) -> Word {
        let base = self.place(array);
        let ty = self.function.array(array);
        let ndim = usize::from(ty.ndim);
        let (shape, strides) = (base + 2, base + 2 + ndim);
        match place {
            Place::Flat(number) => {
                let number = self.word(number);
                let size = ty.dtype.size() as u64;
                Box::new(move |frame| {
                    let number = number(frame)?;
                    debug_assert!(
                        number < frame.slots[shape..strides].iter().product::<u64>(),
                        "element {number} is not within the array"
                    );
                    Ok(frame.slots[base].wrapping_add(number.wrapping_mul(size)))
                })
            }
            Place::Indices(indices) => {
                let indices: Vec<_> = indices.iter().map(|index| self.word(index)).collect();
                Box::new(move |frame| {
                    let mut offset = 0_u64;
                    for (axis, index) in indices.iter().enumerate() {
                        let index = index(frame)?;
                        debug_assert!(
                            index < frame.slots[shape + axis],
                            "index {} is not within axis {axis} of the array",
                            index.cast_signed()
                        );
                        let stride = frame.slots[strides + axis];
                        offset = offset.wrapping_add(index.wrapping_mul(stride));
                    }
                    // Indices may be computed by what assigns the variable, so the array is looked at last.
                    Ok(frame.slots[base].wrapping_add(offset))
                })
            }
        }
    }
}

/// The next of a stream.
fn draw((key, counter): (&mut u64, &mut u64)) -> u64 {
    *counter = counter.wrapping_add(1);
    abi::random_bits(*key, *counter)
}

/// Whether a comparison holds for things of such an order.
fn holds(op: Compare, order: std::cmp::Ordering) -> bool {
    match op {
        Compare::Eq => order.is_eq(),
        Compare::Ne => order.is_ne(),
        Compare::Lt => order.is_lt(),
        Compare::Le => order.is_le(),
        Compare::Gt => order.is_gt(),
        Compare::Ge => order.is_ge(),
    }
}

/// The word of a real constant.
fn real_constant(value: &Value, scalar: Scalar) -> u64 {
    match *value {
        Value::Bool(value) => value.into(),
        Value::Int(value) => value.cast_unsigned(),
        Value::Float(value) if scalar == Scalar::F32 => u64::from((value as f32).to_bits()),
        Value::Float(value) => value.to_bits(),
        Value::None | Value::Complex(..) | Value::Str(_) => unreachable!("{CHECKED}"),
    }
}

/// The words of a complex constant.
fn complex_constant(value: &Value, scalar: Scalar) -> [u64; 2] {
    match *value {
        Value::Complex(re, im) => {
            [re, im].map(|part| real_constant(&Value::Float(part), scalar.real()))
        }
        _ => unreachable!("{CHECKED}"),
    }
}
