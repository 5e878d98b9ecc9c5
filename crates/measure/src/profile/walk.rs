//! A walk over CPython's frames, from a thread that holds no GIL and stops nobody.
//!
//! A sample is three reads. The states of all threads, as far as they are known from the last sample:
//! their links must still give the same list. Then of each thread the pointer to its frame and the whole
//! chunk of its data stack, in which nearly all of its frames lie: one copy, so the frames belong
//! together. Then a few words of each code object: they say whether it is the one that is known by its
//! address. Names and tables are copied once.
//!
//! Whatever is read may be torn: nothing is taken for granted, and a stack that can't be is marked so
//! and read again.

use super::lines::line;
use super::memory::{Memory, integer, word};
use super::offsets::{Gil, Offsets};
use std::collections::HashMap;
use std::ops::Range;

/// How often a sample is read again when a stack in it is torn.
const ATTEMPTS: usize = 5;
/// What is walked at the most, so that a torn link ends somewhere.
const THREADS: usize = 4096;
const FRAMES: usize = 20_000;
const HEAP_FRAMES: usize = 200;
const CHUNKS: usize = 512;
/// Bytes behind a data stack's end that a call is pushed to while we look.
const AHEAD: usize = 768;
/// Of a chunk, of a name, of a table of lines.
const CHUNK_BYTES: usize = 1 << 22;
const NAME_LENGTH: usize = 4096;
const TABLE_BYTES: usize = 1 << 20;
/// Code objects whose words are read in one call.
const CODES: usize = 512;
/// The file and the function of the interpreter's own code between a specialised call of a class and its
/// `__init__` (3.12 and 3.13), which Python shows to nobody.
const CONSTRUCTOR: &str = "__init__";
/// The owner of a frame that is a generator's, and the last owner there is but C.
const GENERATOR: u8 = 1;
const LAST_OWNER: u8 = 4;

/// Where an interpreter is.
#[derive(Clone, Copy, Debug)]
pub struct Interpreter {
    /// Its `PyInterpreterState`.
    pub state: usize,
    /// `_PyRuntime`.
    pub runtime: usize,
    /// `PyCode_Type` and `PyUnicode_Type`, which each code object and text begins with.
    pub code_type: usize,
    /// Likewise.
    pub text_type: usize,
}

/// A code object, copied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Code {
    /// The qualified name of its function.
    pub function: String,
    /// Its file.
    pub file: String,
    first_line: i32,
    table: Vec<u8>,
    instructions: usize,
    // Its pointers to file, name and table: another code object at its address has others.
    print: [usize; 3],
}

impl Code {
    /// The line of an instruction; the function's first where there is none.
    pub fn line(&self, instruction: i32) -> i32 {
        line(&self.table, self.first_line, instruction).unwrap_or(self.first_line)
    }
}

/// Where a frame is: the code's number, and the byte of the instruction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct At {
    pub code: u32,
    pub instruction: i32,
}

/// What was seen of a thread.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Seen {
    /// The kernel's number.
    pub thread: i32,
    pub holds_gil: bool,
    /// The innermost first.
    pub frames: Vec<At>,
    /// The innermost frame's instruction.
    pub opcode: u8,
    /// Whether this stack can't be.
    pub is_torn: bool,
}

/// Walks the frames of one interpreter.
#[derive(Debug)]
pub struct Walker<M> {
    memory: M,
    interpreter: Interpreter,
    offsets: Offsets,
    codes: Vec<Code>,
    known: HashMap<usize, u32>,
    threads: Vec<usize>,
    states: Vec<u8>,
    stacks: Vec<u8>,
}

/// What a frame says.
struct Link {
    code: usize,
    instruction: usize,
    previous: usize,
    owner: u8,
}

impl Link {
    fn parse(offsets: &Offsets, frame: &[u8]) -> Option<Self> {
        Some(Self {
            code: word(frame, offsets.frame_code)?,
            instruction: word(frame, offsets.frame_instruction)?,
            previous: word(frame, offsets.frame_previous)?,
            owner: *frame.get(offsets.frame_owner)?,
        })
    }
}

/// A frame on the way to its code.
struct Frame {
    seen: usize,
    code: usize,
    instruction: usize,
}

impl<M: Memory> Walker<M> {
    /// Of an interpreter whose structures have these offsets.
    pub fn new(memory: M, interpreter: Interpreter, offsets: Offsets) -> Self {
        Self {
            memory,
            interpreter,
            offsets,
            codes: Vec::new(),
            known: HashMap::new(),
            threads: Vec::new(),
            states: Vec::new(),
            stacks: Vec::new(),
        }
    }

    /// The code objects that were seen, by number.
    pub fn codes(&self) -> &[Code] {
        &self.codes
    }

    /// Where the GIL's lock and condition are.
    pub fn gil(&self) -> Range<usize> {
        let gil = match self.offsets.gil {
            Gil::Runtime { gil, .. } => self.interpreter.runtime + gil,
            Gil::Interpreter { pointer } => {
                self.memory.pointer(self.interpreter.state + pointer).unwrap_or(0)
            }
        };
        gil..gil + 256
    }

    /// Where every thread is; nothing if the list of threads can't be read.
    pub fn sample(&mut self) -> Vec<Seen> {
        let mut seen = Vec::new();
        for _ in 0..ATTEMPTS {
            if let Some(now) = self.attempt() {
                seen = now;
                if !seen.iter().any(|seen| seen.is_torn) {
                    break;
                }
            }
        }
        seen
    }

    fn attempt(&mut self) -> Option<Vec<Seen>> {
        self.read_states()?;
        let holder = self.holder();
        let (mut seen, parts) = self.places(holder)?;
        let mut stacks = std::mem::take(&mut self.stacks);
        self.memory.read(&parts, &mut stacks);
        let is_whole = stacks.len() == parts.iter().map(|part| part.1).sum::<usize>();
        let mut frames = Vec::new();
        if is_whole {
            let mut at = 0;
            for (index, parts) in parts.chunks_exact(2).enumerate() {
                let (chunk, length) = parts[1];
                let first = word(&stacks, at)?;
                let bytes = stacks.get(at + 8..at + 8 + length)?;
                at += 8 + length;
                let found = self.frames(index, first, (chunk, bytes), &mut frames);
                seen[index].is_torn = found.is_none();
            }
        }
        self.stacks = stacks;
        is_whole.then_some(())?;
        self.resolve(frames, &mut seen);
        Some(seen)
    }

    /// Copies all threads' states, and makes sure that they are all there are.
    fn read_states(&mut self) -> Option<()> {
        let (head, size) =
            (self.interpreter.state + self.offsets.threads, self.offsets.thread_size);
        for attempt in 0..3 {
            if attempt > 0 || self.threads.is_empty() {
                self.list(head);
            }
            let mut parts = vec![(head, 8)];
            parts.extend(self.threads.iter().map(|&thread| (thread, size)));
            self.memory.read(&parts, &mut self.states);
            if self.states.len() != 8 + self.threads.len() * size {
                continue;
            }
            let next = self.offsets.thread_next;
            let links = (0..self.threads.len()).map(|index| 8 + index * size + next);
            let links = std::iter::once(0).chain(links).map(|at| word(&self.states, at));
            let list = self.threads.iter().copied().chain([0]).map(Some);
            if links.eq(list) {
                return Some(());
            }
        }
        self.threads.clear();
        None
    }

    fn list(&mut self, head: usize) {
        self.threads.clear();
        let mut link = head;
        while let Some(thread) = self.memory.pointer(link).filter(|&thread| thread != 0) {
            if self.threads.len() == THREADS {
                break;
            }
            self.threads.push(thread);
            link = thread.wrapping_add(self.offsets.thread_next);
        }
    }

    /// The state of the thread that holds the GIL, 0 when nobody does.
    fn holder(&self) -> usize {
        let holder = match self.offsets.gil {
            Gil::Runtime { holder, .. } => self.memory.pointer(self.interpreter.runtime + holder),
            Gil::Interpreter { pointer } => self
                .memory
                .pointer(self.interpreter.state + pointer)
                .and_then(|gil| self.memory.get(gil, 24))
                .filter(|gil| integer(gil, 16) == Some(1))
                .and_then(|gil| word(&gil, 8)),
        };
        holder.unwrap_or(0)
    }

    /// Threads, and for each the two parts to read: the pointer to its frame, its data stack.
    #[allow(clippy::type_complexity)]
    fn places(&self, holder: usize) -> Option<(Vec<Seen>, Vec<(usize, usize)>)> {
        let offsets = &self.offsets;
        let (mut seen, mut parts) = (Vec::new(), Vec::new());
        for (index, &thread) in self.threads.iter().enumerate() {
            let state = self.states.get(8 + index * offsets.thread_size..)?;
            let chunk = word(state, offsets.thread_chunk)?;
            let top = word(state, offsets.thread_top)?.saturating_add(AHEAD);
            let end = if chunk == 0 { 0 } else { top.min(word(state, offsets.thread_limit)?) };
            let current = match offsets.current {
                Some(current) => word(state, offsets.thread_frame)?.wrapping_add(current),
                None => thread + offsets.thread_frame,
            };
            parts.push((current, 8));
            parts.push((chunk, end.saturating_sub(chunk).min(CHUNK_BYTES)));
            seen.push(Seen {
                thread: i32::try_from(word(state, offsets.thread_native)?).unwrap_or(0),
                holds_gil: thread == holder,
                ..Seen::default()
            });
        }
        Some((seen, parts))
    }

    /// Follows a thread's frames from the innermost one; nothing if they are torn.
    fn frames(
        &self,
        seen: usize,
        mut frame: usize,
        (chunk, bytes): (usize, &[u8]),
        found: &mut Vec<Frame>,
    ) -> Option<()> {
        let offsets = &self.offsets;
        let size = offsets.frame_size;
        // A recursion's older chunks; each is copied whole when the walk comes to it.
        let mut older: Vec<(usize, Vec<u8>)> = Vec::new();
        let mut link = word(bytes, 0).unwrap_or(0);
        let mut on_heap = 0;
        for _ in 0..FRAMES {
            if frame == 0 {
                return Some(());
            }
            if !frame.is_multiple_of(8) {
                return None;
            }
            let in_chunk = |chunk: usize, bytes: &[u8]| {
                let at = frame.checked_sub(chunk)?;
                bytes.get(at..at + size).and_then(|bytes| Link::parse(offsets, bytes))
            };
            let in_older = |older: &[(usize, Vec<u8>)]| {
                older.iter().rev().find_map(|(chunk, bytes)| in_chunk(*chunk, bytes))
            };
            let mut copy = in_chunk(chunk, bytes).or_else(|| in_older(&older));
            while copy.is_none() && link != 0 && older.len() < CHUNKS {
                let Some(header) = self.memory.get(link, 16) else { break };
                let length = word(&header, 8)?;
                if !(link..link.saturating_add(length)).contains(&frame) {
                    break;
                }
                older.push((link, self.memory.get(link, length.min(CHUNK_BYTES))?));
                link = word(&header, 0)?;
                copy = in_older(&older);
            }
            let Link { code, instruction, previous, owner } = match copy {
                Some(found) => found,
                // A generator's, or a shim of C's.
                None if on_heap < HEAP_FRAMES => {
                    on_heap += 1;
                    Link::parse(offsets, &self.memory.get(frame, size)?)?
                }
                None => return None,
            };
            if owner > LAST_OWNER && owner != offsets.owner_c {
                return None;
            }
            if owner != offsets.owner_c {
                found.push(Frame { seen, code, instruction });
            }
            frame = previous;
            // A generator is always run by somebody: this one was left while we looked.
            if frame == 0 && owner == GENERATOR {
                return None;
            }
        }
        None
    }

    /// Finds the frames' code objects, each of which may be another one than at the last sample.
    fn resolve(&mut self, frames: Vec<Frame>, seen: &mut [Seen]) {
        let prints = self.prints(&frames);
        for Frame { seen: index, code, instruction } in frames {
            let number = prints.get(&code).and_then(|print| self.number(code, *print));
            let seen = &mut seen[index];
            let Some(number) = number else {
                seen.is_torn = true;
                continue;
            };
            let start = code.wrapping_add(self.offsets.code_instructions);
            let offset = instruction.wrapping_sub(start) as isize;
            let end = 2 * self.codes[number as usize].instructions as isize;
            if !(-16..=end).contains(&offset) {
                seen.is_torn = true;
            }
            if seen.frames.is_empty() {
                let opcode = self.memory.get(instruction, 1);
                seen.opcode = opcode.map_or(0, |bytes| bytes[0]);
            }
            let code = &self.codes[number as usize];
            if code.file != CONSTRUCTOR || code.function != CONSTRUCTOR {
                seen.frames.push(At { code: number, instruction: offset as i32 });
            }
        }
    }

    /// What the code objects point to now.
    fn prints(&self, frames: &[Frame]) -> HashMap<usize, [usize; 3]> {
        let mut codes: Vec<usize> = frames.iter().map(|frame| frame.code).collect();
        codes.sort_unstable();
        codes.dedup();
        let pointers = [self.offsets.code_file, self.offsets.code_name, self.offsets.code_lines];
        let first = pointers.into_iter().min().unwrap_or(0);
        let length = pointers.into_iter().max().unwrap_or(0) + 8 - first;
        let mut prints = HashMap::with_capacity(codes.len());
        let (mut rest, mut bytes) = (&codes[..], Vec::new());
        while !rest.is_empty() {
            let part = &rest[..rest.len().min(CODES)];
            let parts: Vec<_> =
                part.iter().map(|code| (code.wrapping_add(first), length)).collect();
            self.memory.read(&parts, &mut bytes);
            let read = bytes.len() / length;
            for (&code, bytes) in part.iter().zip(bytes.chunks_exact(length)) {
                let print = pointers.map(|at| word(bytes, at - first).unwrap_or(0));
                prints.insert(code, print);
            }
            // What ended the read is no code object.
            let done = if read < part.len() { read + 1 } else { read };
            rest = &rest[done..];
        }
        prints
    }

    /// The number of a code object, which is copied when it is seen for the first time.
    fn number(&mut self, address: usize, print: [usize; 3]) -> Option<u32> {
        if let Some(&number) = self.known.get(&address)
            && self.codes[number as usize].print == print
        {
            return Some(number);
        }
        let code = self.copy(address, print)?;
        let number = u32::try_from(self.codes.len()).ok()?;
        self.codes.push(code);
        self.known.insert(address, number);
        Some(number)
    }

    fn copy(&self, address: usize, print: [usize; 3]) -> Option<Code> {
        let offsets = &self.offsets;
        let object = self.memory.get(address, offsets.code_instructions)?;
        if word(&object, 8)? != self.interpreter.code_type {
            return None;
        }
        let pointers = [offsets.code_file, offsets.code_name, offsets.code_lines];
        let pointers =
            [word(&object, pointers[0])?, word(&object, pointers[1])?, word(&object, pointers[2])?];
        if pointers != print {
            return None;
        }
        let [file, function, table] = pointers;
        let length = self.memory.get(table, 24).and_then(|bytes| word(&bytes, 16))?;
        if length > TABLE_BYTES {
            return None;
        }
        Some(Code {
            function: self.text(function)?,
            file: self.text(file)?,
            first_line: integer(&object, offsets.code_first_line)?,
            // Behind the bytes object's count of references, type, length and hash.
            table: self.memory.get(table.checked_add(32)?, length)?,
            instructions: integer(&object, 16).and_then(|size| usize::try_from(size).ok())?,
            print,
        })
    }

    /// A Python string.
    fn text(&self, address: usize) -> Option<String> {
        // Count of references, type, length, hash, state.
        let object = self.memory.get(address, 40)?;
        if word(&object, 8)? != self.interpreter.text_type {
            return None;
        }
        let (length, state) = (word(&object, 16)?, integer(&object, 32)?);
        let (kind, is_compact, is_ascii) =
            ((state >> 2) & 7, state & (1 << 5) != 0, state & (1 << 6) != 0);
        if !is_compact || length > NAME_LENGTH {
            return None;
        }
        let header = if is_ascii { self.offsets.text_ascii } else { self.offsets.text_other };
        let bytes = self.memory.get(address + header, length * usize::try_from(kind).ok()?)?;
        let pairs = bytes.chunks_exact(2).map(|pair| u16::from_ne_bytes([pair[0], pair[1]]));
        let quads = bytes.chunks_exact(4).map(|quad| {
            let number = u32::from_ne_bytes([quad[0], quad[1], quad[2], quad[3]]);
            char::from_u32(number).unwrap_or(char::REPLACEMENT_CHARACTER)
        });
        Some(match kind {
            1 => bytes.iter().map(|&byte| char::from(byte)).collect(),
            2 => char::decode_utf16(pairs)
                .map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER))
                .collect(),
            4 => quads.collect(),
            _ => return None,
        })
    }
}

impl<M: Memory> Walker<M> {
    /// The calling thread's stack by name, the innermost frame first: what the walk finds where the
    /// truth is known.
    pub fn own_stack(&mut self) -> Option<Vec<(String, String, i32)>> {
        let thread = trace::doing::thread();
        let seen = self.sample().into_iter().find(|seen| seen.thread == thread)?;
        let name = |at: &At| {
            let code = &self.codes[at.code as usize];
            (code.file.clone(), code.function.clone(), code.line(at.instruction))
        };
        (!seen.is_torn).then(|| seen.frames.iter().map(name).collect())
    }
}

#[cfg(test)]
mod tests;
