//! Random elements.

use crate::runs::runs;
use crate::view::{Plain, Shape, Target};
use crate::{DType, Source};
use ::random::{Counted, Integer, Key, Measured};
use graph::OpError;
use kernel::types::Scalar;
use std::ops::Range;

/// What is drawn.
#[derive(Clone, Debug)]
pub enum Draw {
    /// Real numbers, `float64` or `float32`, of a distribution with these parameters.
    Numbers(Measured, Vec<f64>),
    /// `int64`s of a distribution with these parameters.
    Counts(Counted, Vec<f64>),
    /// Integers from the first to the sum of both, as 64-bit words.
    Integers(u64, u64),
}

/// Random elements, which depend on a key and their places only: so they need not be kept.
pub struct Generated {
    draw: Draw,
    key: Key,
    shape: Shape,
}

impl Generated {
    /// An array of such elements.
    pub fn new(draw: Draw, key: Key, shape: &[usize]) -> Self {
        Self { draw, key, shape: shape.into() }
    }

    /// Draws each run of a box with a function of its first element's number and its elements.
    fn fill<T: Plain>(
        &self,
        region: &[Range<usize>],
        target: &mut Target,
        draw: impl Fn(u64, &mut [T]) -> Result<(), OpError>,
    ) -> Result<(), OpError> {
        let (firsts, length) = runs(&self.shape, region);
        let out =
            target.as_slice::<T>().ok_or("random numbers are of the type that was asked for")?;
        if out.is_empty() {
            return Ok(());
        }
        firsts.iter().zip(out.chunks_mut(length)).try_for_each(|(first, run)| draw(*first, run))
    }

    fn integers<T: Plain + Integer>(
        &self,
        (low, range): (u64, u64),
        region: &[Range<usize>],
        target: &mut Target,
    ) -> Result<(), OpError> {
        self.fill(region, target, |first, out: &mut [T]| {
            ::random::integers(&[low], &[range], self.key, first, out);
            Ok(())
        })
    }
}

impl Source for Generated {
    fn name(&self) -> &str {
        match &self.draw {
            Draw::Numbers(measured, _) => measured.name(),
            Draw::Counts(counted, _) => counted.name(),
            Draw::Integers(..) => "integers",
        }
    }

    fn is_random_access(&self) -> bool {
        true
    }

    fn read(&self, region: &[Range<usize>], target: &mut Target) -> Result<(), OpError> {
        if !target.is_contiguous() {
            let mut whole = Target::new(target.dtype().clone(), target.shape());
            self.read(region, &mut whole)?;
            target.fill_from(&whole.freeze());
            return Ok(());
        }
        let key = self.key;
        let scalar = match target.dtype() {
            DType::Number(scalar) => *scalar,
            DType::Opaque(..) => return Err("random elements are numbers".into()),
        };
        match &self.draw {
            Draw::Numbers(measured, values) => {
                let values: Vec<&[f64]> = values.iter().map(std::slice::from_ref).collect();
                if scalar == Scalar::F32 {
                    return self.fill::<f32>(region, target, |first, out| {
                        Ok(::random::numbers(*measured, &values, key, first, out)?)
                    });
                }
                self.fill::<f64>(region, target, |first, out| {
                    Ok(::random::numbers(*measured, &values, key, first, out)?)
                })
            }
            Draw::Counts(counted, values) => {
                let values: Vec<&[f64]> = values.iter().map(std::slice::from_ref).collect();
                self.fill::<i64>(region, target, |first, out| {
                    Ok(::random::counts(*counted, &values, key, first, out)?)
                })
            }
            Draw::Integers(low, range) => {
                let bounds = (*low, *range);
                match scalar {
                    Scalar::I8 => self.integers::<i8>(bounds, region, target),
                    Scalar::I16 => self.integers::<i16>(bounds, region, target),
                    Scalar::I32 => self.integers::<i32>(bounds, region, target),
                    Scalar::I64 => self.integers::<i64>(bounds, region, target),
                    Scalar::U16 => self.integers::<u16>(bounds, region, target),
                    Scalar::U32 => self.integers::<u32>(bounds, region, target),
                    Scalar::U64 => self.integers::<u64>(bounds, region, target),
                    _ => self.integers::<u8>(bounds, region, target),
                }
            }
        }
    }
}
