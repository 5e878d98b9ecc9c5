//! Where CPython keeps what the walk reads, by version.
//!
//! The tables are from the headers of 3.11.2, 3.12.1 and 3.13.0 on 64-bit machines. 3.13 itself says
//! where most of it is (`_Py_DebugOffsets`, which `_PyRuntime` begins with): that goes before the
//! table. Whoever uses a table checks it by a walk over a stack that he knows.

use super::memory::word;

/// Offsets in bytes, grouped by the structure that they are in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Offsets {
    /// `PyInterpreterState`: the first thread.
    pub(super) threads: usize,
    /// Where it says who holds the GIL.
    pub(super) gil: Gil,
    /// `PyThreadState`: its size, the next one, the kernel's number of the thread.
    pub(super) thread_size: usize,
    pub(super) thread_next: usize,
    pub(super) thread_native: usize,
    /// The newest chunk of the data stack, the end of what it uses of it, and of all of it.
    pub(super) thread_chunk: usize,
    pub(super) thread_top: usize,
    pub(super) thread_limit: usize,
    /// The pointer to the frame, or to the `_PyCFrame` that has it, and where in there.
    pub(super) thread_frame: usize,
    pub(super) current: Option<usize>,
    /// `_PyInterpreterFrame`: the beginning that has all these, its code and caller, where it is, who
    /// it belongs to, and which owner is only C's.
    pub(super) frame_size: usize,
    pub(super) frame_code: usize,
    pub(super) frame_previous: usize,
    pub(super) frame_instruction: usize,
    pub(super) frame_owner: usize,
    pub(super) owner_c: u8,
    /// `PyCodeObject`.
    pub(super) code_first_line: usize,
    pub(super) code_file: usize,
    pub(super) code_name: usize,
    pub(super) code_lines: usize,
    pub(super) code_instructions: usize,
    /// `PyASCIIObject` and `PyCompactUnicodeObject`: their sizes, behind which the characters stand.
    pub(super) text_ascii: usize,
    pub(super) text_other: usize,
}

/// Where the GIL is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Gil {
    /// In `_PyRuntime`: the thread that holds it, and its own structure (3.11).
    Runtime { holder: usize, gil: usize },
    /// In `PyInterpreterState`: the pointer to its structure (3.12 and later).
    Interpreter { pointer: usize },
}

const V311: Offsets = Offsets {
    threads: 16,
    gil: Gil::Runtime { holder: 576, gil: 360 },
    thread_size: 360,
    thread_next: 8,
    thread_native: 160,
    thread_chunk: 296,
    thread_top: 304,
    thread_limit: 312,
    thread_frame: 56,
    current: Some(8),
    frame_size: 80,
    frame_code: 32,
    frame_previous: 48,
    frame_instruction: 56,
    frame_owner: 69,
    owner_c: 255,
    code_first_line: 72,
    code_file: 112,
    code_name: 128,
    code_lines: 136,
    code_instructions: 184,
    text_ascii: 48,
    text_other: 72,
};

const V312: Offsets = Offsets {
    threads: 72,
    gil: Gil::Interpreter { pointer: 384 },
    thread_size: 288,
    thread_native: 144,
    thread_chunk: 232,
    thread_top: 240,
    thread_limit: 248,
    current: Some(0),
    frame_code: 0,
    frame_previous: 8,
    frame_owner: 70,
    owner_c: 3,
    code_first_line: 68,
    code_instructions: 192,
    text_ascii: 40,
    text_other: 56,
    ..V311
};

const V313: Offsets = Offsets {
    threads: 7344,
    gil: Gil::Interpreter { pointer: 16 },
    thread_size: 304,
    thread_native: 160,
    thread_frame: 72,
    current: None,
    code_instructions: 200,
    ..V312
};

impl Offsets {
    /// Those of a version, `runtime` being the beginning of its `_PyRuntime`; nothing for a version
    /// that isn't known, or that runs without a GIL.
    pub fn of(version: (u8, u8), runtime: &[u8]) -> Option<Self> {
        if !cfg!(target_pointer_width = "64") {
            return None;
        }
        match version {
            (3, 11) => Some(V311),
            (3, 12) => Some(V312),
            (3, 13) => Self::told(runtime),
            _ => None,
        }
    }

    fn told(runtime: &[u8]) -> Option<Self> {
        if runtime.get(..8)? != b"xdebugpy" || word(runtime, 16)? != 0 {
            return None;
        }
        let chunk = word(runtime, 208)?;
        Some(Self {
            threads: word(runtime, 72)?,
            gil: Gil::Interpreter { pointer: word(runtime, 112)? },
            thread_size: word(runtime, 152)?.min(4096),
            thread_next: word(runtime, 168)?,
            thread_native: word(runtime, 200)?,
            thread_chunk: chunk,
            thread_top: chunk + 8,
            thread_limit: chunk + 16,
            thread_frame: word(runtime, 184)?,
            frame_previous: word(runtime, 232)?,
            frame_code: word(runtime, 240)?,
            frame_instruction: word(runtime, 248)?,
            frame_owner: word(runtime, 264)?,
            code_file: word(runtime, 280)?,
            code_name: word(runtime, 296)?,
            code_lines: word(runtime, 304)?,
            code_first_line: word(runtime, 312)?,
            code_instructions: word(runtime, 344)?,
            ..V313
        })
        .filter(Self::is_sane)
    }

    /// Whether what is read at these offsets lies within what is copied for it.
    fn is_sane(&self) -> bool {
        let thread = [self.thread_limit, self.thread_native, self.thread_next, self.thread_frame];
        let frame = [self.frame_previous, self.frame_code, self.frame_instruction];
        let code = [self.code_file, self.code_name, self.code_lines, self.code_first_line];
        thread.iter().all(|at| at + 8 <= self.thread_size)
            && frame.iter().all(|at| at + 8 <= self.frame_size)
            && self.frame_owner < self.frame_size
            && code.iter().all(|at| at + 8 <= self.code_instructions)
            && self.code_instructions <= 4096
    }
}

#[cfg(test)]
mod tests {
    use super::{Offsets, V311, V312, V313};

    /// What `_PyRuntime` of 3.13 begins with, up to the code object's fields.
    const DEBUG_OFFSETS: usize = 352;

    /// The beginning of 3.13.0's `_PyRuntime`.
    fn runtime() -> Vec<u8> {
        let mut bytes = vec![0; DEBUG_OFFSETS];
        bytes[..8].copy_from_slice(b"xdebugpy");
        let told = [
            (72, 7344),
            (112, 16),
            (152, 304),
            (168, 8),
            (184, 72),
            (200, 160),
            (208, 232),
            (232, 8),
            (248, 56),
            (264, 70),
            (280, 112),
            (296, 128),
            (304, 136),
            (312, 68),
            (344, 200),
        ];
        for (at, value) in told {
            bytes[at..at + 8].copy_from_slice(&u64::to_ne_bytes(value));
        }
        bytes
    }

    #[test]
    fn what_an_interpreter_tells_is_what_the_table_says() {
        assert_eq!(Offsets::of((3, 13), &runtime()), Some(V313));
    }

    #[test]
    fn one_without_a_gil_or_with_odd_offsets_is_not_walked() {
        let mut free = runtime();
        free[16] = 1;
        assert_eq!(Offsets::of((3, 13), &free), None);
        let mut odd = runtime();
        odd[237] = 1;
        assert_eq!(Offsets::of((3, 13), &odd), None);
        assert_eq!(Offsets::of((3, 13), b"short"), None);
    }

    #[test]
    fn versions() {
        assert_eq!(Offsets::of((3, 11), &[]), Some(V311));
        assert_eq!(Offsets::of((3, 12), &[]), Some(V312));
        assert_eq!(Offsets::of((3, 10), &[]), None);
        assert_eq!(Offsets::of((3, 14), &runtime()), None);
        assert!([V311, V312, V313].iter().all(Offsets::is_sane));
    }
}
