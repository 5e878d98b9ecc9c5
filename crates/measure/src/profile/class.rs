//! What a thread's time goes to, seen at one moment.

use super::clock::Doing;
use serde::{Deserialize, Serialize};

/// Where time goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Class {
    /// Python's own instructions.
    Python,
    /// Compiled code: C of the interpreter or an extension, or our kernels.
    Native,
    /// Waiting for the GIL.
    GilWait,
    /// Waiting for time, a file or a socket while no other thread worked.
    Waiting,
    /// Waiting for a lock or another thread while none of Python's worked.
    Locked,
    /// Waiting while another thread worked.
    Idle,
}

impl Class {
    /// As reports name it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Python => "python",
            Self::Native => "native",
            Self::GilWait => "gil wait",
            Self::Waiting | Self::Locked => "waiting",
            Self::Idle => "idle",
        }
    }
}

/// What an instruction at which a thread is found says of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Kind {
    #[default]
    Python,
    /// Calls something that is not Python: a call of a Python function is never found here, as the
    /// function's own instructions are.
    Native,
    /// Looks whether another thread wants the GIL, and lets go of it there.
    Yields,
}

/// The kinds of an interpreter's instructions.
#[derive(Clone, Debug)]
pub struct Instructions([Kind; 256]);

impl Instructions {
    /// By their names and numbers, those with which the interpreter replaces them included.
    pub fn new<'name>(names: impl IntoIterator<Item = (&'name str, u8)>) -> Self {
        let mut kinds = [Kind::Python; 256];
        for (name, number) in names {
            kinds[usize::from(number)] = kind(name);
        }
        Self(kinds)
    }
}

fn kind(name: &str) -> Kind {
    let name = name.strip_prefix("INSTRUMENTED_").unwrap_or(name);
    if name.starts_with("JUMP_BACKWARD") || name.starts_with("RESUME") {
        return Kind::Yields;
    }
    let is_call = name.starts_with("CALL") || name.starts_with("PRECALL");
    let is_python = ["_PY", "_BOUND_METHOD", "_ALLOC_AND_ENTER"];
    if is_call {
        let enters = is_python.iter().any(|part| name.contains(part)) && !name.contains("NON_PY");
        return if enters { Kind::Python } else { Kind::Native };
    }
    // What does whatever its operands' types do, unless it was specialised for numbers or containers.
    let general = [
        "CONTAINS_OP",
        "COMPARE_OP",
        "BINARY_OP",
        "BINARY_SUBSCR",
        "BINARY_SLICE",
        "STORE_SLICE",
        "STORE_SUBSCR",
        "UNARY_NEGATIVE",
        "UNARY_INVERT",
        "GET_ITER",
        "IMPORT_NAME",
        "IMPORT_FROM",
        "LIST_EXTEND",
        "SET_UPDATE",
        "DICT_UPDATE",
        "UNPACK_SEQUENCE",
    ];
    let base = name.strip_suffix("_ADAPTIVE").unwrap_or(name);
    if general.contains(&base) || base.starts_with("FORMAT_") || base == "BUILD_STRING" {
        return Kind::Native;
    }
    if base.starts_with("CONTAINS_OP_") || base == "BINARY_OP_ADD_UNICODE" {
        return Kind::Native;
    }
    Kind::Python
}

/// What was seen of a thread.
#[derive(Clone, Copy, Debug)]
pub struct Moment {
    /// Whether it held the GIL.
    pub holds_gil: bool,
    /// The instruction that it was in.
    pub instruction: u8,
    /// What the kernel said.
    pub doing: Doing,
    /// Whether it used processor time since it was last looked at, if that is known.
    pub worked: Option<bool>,
}

impl Moment {
    /// What its time goes to; a thread that waits is [`Class::Waiting`] or [`Class::Locked`], whatever
    /// the others do. `gil` is where the GIL's own lock and condition are.
    pub fn class(&self, instructions: &Instructions, gil: &std::ops::Range<usize>) -> Class {
        let kind = instructions.0[usize::from(self.instruction)];
        if self.holds_gil {
            return if kind == Kind::Native { Class::Native } else { Class::Python };
        }
        match self.doing {
            Doing::Futex(address) if gil.contains(&address) => Class::GilWait,
            Doing::Futex(_) => Class::Locked,
            Doing::Waiting => Class::Waiting,
            Doing::Unknown if self.worked == Some(false) => Class::Waiting,
            // Woken, but not yet in.
            Doing::Running | Doing::Unknown if kind == Kind::Yields => Class::GilWait,
            Doing::Running | Doing::Unknown => Class::Native,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Class, Instructions, Kind, Moment, kind};
    use crate::profile::clock::Doing;

    #[test]
    fn instructions_by_name() {
        for native in [
            "CALL",
            "CALL_ADAPTIVE",
            "PRECALL_NO_KW_LEN",
            "PRECALL_BUILTIN_CLASS",
            "CALL_BUILTIN_FAST",
            "CALL_METHOD_DESCRIPTOR_O",
            "CALL_NON_PY_GENERAL",
            "CALL_FUNCTION_EX",
            "CALL_KW",
            "INSTRUMENTED_CALL",
            "CONTAINS_OP",
            "BINARY_OP_ADAPTIVE",
            "BINARY_OP",
            "FORMAT_VALUE",
            "BINARY_SLICE",
            "CONTAINS_OP_SET",
        ] {
            assert_eq!(kind(native), Kind::Native, "{native}");
        }
        for python in
            ["CALL_PY_EXACT_ARGS", "PRECALL_PYFUNC", "BINARY_OP_ADD_INT", "LOAD_FAST", "FOR_ITER"]
        {
            assert_eq!(kind(python), Kind::Python, "{python}");
        }
        assert_eq!(kind("JUMP_BACKWARD_NO_INTERRUPT"), Kind::Yields);
        assert_eq!(kind("RESUME_QUICK"), Kind::Yields);
    }

    #[test]
    fn classes() {
        let known = Instructions::new([("CALL", 1), ("LOAD_FAST", 2), ("JUMP_BACKWARD", 3)]);
        let of = |holds_gil, instruction, doing, worked| {
            Moment { holds_gil, instruction, doing, worked }.class(&known, &(1000..1208))
        };
        assert_eq!(of(true, 1, Doing::Running, None), Class::Native);
        assert_eq!(of(true, 2, Doing::Running, None), Class::Python);
        assert_eq!(of(true, 3, Doing::Running, None), Class::Python);
        assert_eq!(of(false, 1, Doing::Futex(1100), None), Class::GilWait);
        assert_eq!(of(false, 1, Doing::Futex(2000), None), Class::Locked);
        assert_eq!(of(false, 1, Doing::Waiting, None), Class::Waiting);
        assert_eq!(of(false, 3, Doing::Running, None), Class::GilWait);
        assert_eq!(of(false, 1, Doing::Running, None), Class::Native);
        assert_eq!(of(false, 1, Doing::Unknown, Some(false)), Class::Waiting);
        assert_eq!(of(false, 1, Doing::Unknown, Some(true)), Class::Native);
        assert_eq!(of(false, 1, Doing::Unknown, None), Class::Native);
    }
}
