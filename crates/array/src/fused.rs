//! Fused kernels: several elementwise operations, and perhaps a reduction of what they make, as one loop.
//!
//! A [`Fused`] says what is computed for each element, not where elements lie: `interpret` runs it block by
//! block, and a [`Backend`] compiles it. Its steps are NumPy's ufuncs on operands of the types that the ufunc's
//! loop takes, with every conversion written out, so nothing is left to be inferred.

use crate::DType;
use crate::view::{Target, View};
use smallvec::SmallVec;
use std::any::Any;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

/// What one element of each output is made of, from one element of each input.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Fused {
    /// The types of the inputs.
    pub inputs: Vec<DType>,
    /// In order; each makes one value.
    pub steps: Vec<Step>,
    /// What is kept of it.
    pub output: Output,
}

/// A value: that of input `i`, or, from `inputs.len()` on, that of a step.
pub type ValueId = u16;

/// One operation.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Step {
    /// Which.
    pub op: Operation,
    /// Its operands.
    pub operands: SmallVec<[ValueId; 3]>,
    /// The type of what it makes.
    pub dtype: DType,
}

/// What a step does.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Operation {
    /// The NumPy ufunc of that name; `"where"`; or `"cast"`, which is `astype`.
    Named(Arc<str>),
    /// A function of the user's.
    Function(Function),
}

/// A function that the backend knows what to do with; the same one is equal.
#[derive(Clone)]
pub struct Function {
    /// What users call it.
    pub name: Arc<str>,
    /// What the backend is to call.
    pub callable: Arc<dyn Any + Send + Sync>,
}

impl PartialEq for Function {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.callable, &other.callable)
    }
}

impl Eq for Function {}

impl Hash for Function {
    fn hash<H: Hasher>(&self, state: &mut H) {
        Arc::as_ptr(&self.callable).addr().hash(state);
    }
}

impl fmt::Debug for Function {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

impl Operation {
    /// What users call it.
    pub fn name(&self) -> &str {
        match self {
            Self::Named(name) => name,
            Self::Function(function) => &function.name,
        }
    }
}

/// What is kept.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Output {
    /// An array of each of these values.
    Elements(SmallVec<[ValueId; 1]>),
    /// These values reduced over some axes; each is of its accumulator's type.
    Reductions(SmallVec<[(Reduction, ValueId); 2]>),
}

/// How elements are combined; what a reduction starts from is whatever its target holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reduction {
    /// `+`; of truth values: or.
    Add,
    /// `*`; of truth values: and.
    Multiply,
    /// The smaller one; NaN if one is.
    Minimum,
    /// The larger one; NaN if one is.
    Maximum,
    /// Of truth values.
    And,
    /// Of truth values.
    Or,
}

impl Reduction {
    /// The ufunc that combines two elements.
    pub fn ufunc(self, dtype: &DType) -> &'static str {
        let is_bool = dtype.scalar() == Some(kernel::types::Scalar::Bool);
        match self {
            Self::Add if is_bool => "logical_or",
            Self::Multiply if is_bool => "logical_and",
            Self::Add => "add",
            Self::Multiply => "multiply",
            Self::Minimum => "minimum",
            Self::Maximum => "maximum",
            Self::And => "logical_and",
            Self::Or => "logical_or",
        }
    }
}

impl Fused {
    /// The type of a value.
    pub fn dtype(&self, value: ValueId) -> &DType {
        match self.inputs.get(usize::from(value)) {
            Some(dtype) => dtype,
            None => &self.steps[usize::from(value) - self.inputs.len()].dtype,
        }
    }

    /// The values that are kept.
    pub fn outputs(&self) -> SmallVec<[ValueId; 2]> {
        match &self.output {
            Output::Elements(values) => values.iter().copied().collect(),
            Output::Reductions(values) => values.iter().map(|(_, value)| *value).collect(),
        }
    }
}

/// Why a kernel did not end.
#[derive(Debug, thiserror::Error)]
pub enum KernelError {
    /// The run was told to stop.
    #[error("the run was stopped")]
    Stopped,
    /// A function of the user's, or NumPy, raised something.
    #[error(transparent)]
    Raised(Box<dyn std::error::Error + Send + Sync>),
}

/// How a fused kernel's loop runs: which of its axes are reduced, and along which each input has one element.
///
/// Neighbouring axes that are alike in all of that are one axis.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Nest {
    /// For each axis, whether it is reduced.
    pub reduced: SmallVec<[bool; 4]>,
    /// For each input, a bit for each axis along which it has one element.
    pub ones: SmallVec<[u8; 4]>,
}

/// A kernel for C-contiguous, aligned arrays of a nest's axes.
pub trait Compiled: Send + Sync {
    /// Runs it over a box of `shape`, which has the nest's axes: so do the inputs, each of size 1 along those that
    /// its `ones` name, and the outputs without those that are reduced.
    ///
    /// # Errors
    /// What a function of the user's raised, or [`KernelError::Stopped`] once `alarm` is not 0.
    fn run(
        &self,
        inputs: &[View],
        shape: &[usize],
        outputs: &mut [&mut Target],
        alarm: &AtomicU64,
    ) -> Result<(), KernelError>;
}

/// Makes machine code.
pub trait Backend: Send + Sync {
    /// A kernel, if it can be compiled.
    fn compile(&self, fused: &Fused, nest: &Nest) -> Option<Arc<dyn Compiled>>;

    /// The kernel if it was compiled before.
    fn compiled(&self, fused: &Fused, nest: &Nest) -> Option<Arc<dyn Compiled>>;

    /// Whether functions of the user's and ufuncs that Rust does not know can be called block by block: applies
    /// a step to views of one shape.
    ///
    /// # Errors
    /// What the function raised.
    fn apply(&self, step: &Step, inputs: &[View]) -> Result<View, KernelError>;

    /// Elements of a type that Rust does not know, combined along some axes.
    ///
    /// # Errors
    /// What NumPy raised.
    fn reduce(&self, how: Reduction, input: &View, axes: &[usize]) -> Result<View, KernelError>;
}
