//! Walks over interpreters that are written down here, byte by byte.

use super::{At, Interpreter, Walker};
use crate::profile::memory::Memory;
use crate::profile::offsets::{Gil, Offsets};
use std::cell::RefCell;
use std::collections::BTreeMap;

const STATE: usize = 0x10_000;
const RUNTIME: usize = 0x20_000;
const CODE_TYPE: usize = 0x30_000;
const TEXT_TYPE: usize = 0x30_100;
const CHUNK: usize = 0x50_000;

/// Memory in pieces.
#[derive(Default)]
struct Image {
    pieces: BTreeMap<usize, Vec<u8>>,
    // How often each read before one address gives something torn.
    torn: RefCell<usize>,
}

impl Image {
    fn put(&mut self, address: usize, at: usize, bytes: &[u8]) {
        let piece = self.pieces.entry(address).or_default();
        piece.resize(piece.len().max(at + bytes.len()), 0);
        piece[at..at + bytes.len()].copy_from_slice(bytes);
    }

    fn word(&mut self, address: usize, at: usize, value: usize) {
        self.put(address, at, &value.to_ne_bytes());
    }

    fn text(&mut self, address: usize, offsets: &Offsets, text: &str) {
        self.word(address, 8, TEXT_TYPE);
        self.word(address, 16, text.chars().count());
        let is_ascii = text.is_ascii();
        let kind: i32 = if is_ascii { 1 } else { 2 };
        let state = kind << 2 | 1 << 5 | i32::from(is_ascii) << 6;
        self.put(address, 32, &state.to_ne_bytes());
        let header = if is_ascii { offsets.text_ascii } else { offsets.text_other };
        if is_ascii {
            self.put(address, header, text.as_bytes());
        } else {
            let units: Vec<u8> = text.encode_utf16().flat_map(u16::to_ne_bytes).collect();
            self.put(address, header, &units);
        }
    }

    /// A code of ten instructions, two a line: each entry is a line on and has columns.
    fn code(&mut self, address: usize, offsets: &Offsets, function: &str, first: i32) {
        let table: Vec<u8> = (0..5).flat_map(|_| [0xd9, 0, 0]).collect();
        self.word(address, 8, CODE_TYPE);
        self.put(address, 16, &10i32.to_ne_bytes());
        self.put(address, offsets.code_first_line, &first.to_ne_bytes());
        for (at, pointer) in [
            (offsets.code_file, address + 0x1000),
            (offsets.code_name, address + 0x2000),
            (offsets.code_lines, address + 0x3000),
        ] {
            self.word(address, at, pointer);
        }
        self.put(address, offsets.code_instructions, &[7; 20]);
        self.text(address + 0x1000, offsets, "/data/größe.py");
        self.text(address + 0x2000, offsets, function);
        self.word(address + 0x3000, 16, table.len());
        self.put(address + 0x3000, 32, &table);
    }

    fn frame(
        &mut self,
        offsets: &Offsets,
        (piece, at): (usize, usize),
        code: usize,
        instruction: usize,
        previous: usize,
        owner: u8,
    ) -> usize {
        self.word(piece, at + offsets.frame_code, code);
        self.word(piece, at + offsets.frame_previous, previous);
        let start = code + offsets.code_instructions;
        self.word(piece, at + offsets.frame_instruction, start + instruction);
        self.put(piece, at + offsets.frame_owner, &[owner]);
        self.put(piece, at + offsets.frame_size, &[]);
        piece + at
    }

    fn thread(
        &mut self,
        offsets: &Offsets,
        state: usize,
        next: usize,
        native: usize,
        frame: usize,
    ) {
        self.word(state, offsets.thread_next, next);
        self.word(state, offsets.thread_native, native);
        self.word(state, offsets.thread_chunk, CHUNK);
        self.word(state, offsets.thread_top, CHUNK + 0x400);
        self.word(state, offsets.thread_limit, CHUNK + 0x500);
        self.put(state, offsets.thread_size, &[]);
        match offsets.current {
            Some(current) => {
                self.word(state, offsets.thread_frame, state + 0x800);
                self.word(state + 0x800, current, frame);
            }
            None => self.word(state, offsets.thread_frame, frame),
        }
    }
}

impl Memory for Image {
    fn read(&self, parts: &[(usize, usize)], into: &mut Vec<u8>) {
        into.clear();
        for &(address, length) in parts {
            let Some((start, piece)) = self.pieces.range(..=address).next_back() else { return };
            let Some(bytes) = piece.get(address - start..address - start + length) else { return };
            into.extend_from_slice(bytes);
            let mut torn = self.torn.borrow_mut();
            if *start == CHUNK && length > 8 && *torn > 0 {
                *torn -= 1;
                let end = into.len();
                into[end - length..].fill(0xaa);
            }
        }
    }
}

/// Two threads: the first in `leaf` called by `main`, the second in a generator of `main`.
fn image(offsets: &Offsets) -> Image {
    let mut image = Image::default();
    let (main, leaf) = (0x100_000, 0x200_000);
    image.code(main, offsets, "main", 1);
    image.code(leaf, offsets, "Leaf.größe", 40);
    image.put(CHUNK, 0x500, &[]);
    let root = image.frame(offsets, (CHUNK, 0x40), main, 4, 0, 0);
    let shim = image.frame(offsets, (CHUNK, 0x100), main, 0, root, offsets.owner_c);
    let top = image.frame(offsets, (CHUNK, 0x200), leaf, 8, shim, 0);
    let generator = image.frame(offsets, (0x60_000, 0), leaf, 0, root, 1);
    let (first, second) = (0x70_000, 0x80_000);
    image.thread(offsets, first, second, 11, top);
    image.thread(offsets, second, 0, 12, generator);
    image.word(STATE, offsets.threads, first);
    match offsets.gil {
        Gil::Runtime { holder, .. } => image.word(RUNTIME, holder, second),
        Gil::Interpreter { pointer } => {
            image.word(STATE, pointer, 0x90_000);
            image.word(0x90_000, 8, second);
            image.put(0x90_000, 16, &1i32.to_ne_bytes());
            image.put(0x90_000, 24, &[]);
        }
    }
    image
}

fn walker(image: Image, offsets: Offsets) -> Walker<Image> {
    let interpreter =
        Interpreter { state: STATE, runtime: RUNTIME, code_type: CODE_TYPE, text_type: TEXT_TYPE };
    Walker::new(image, interpreter, offsets)
}

fn versions() -> impl Iterator<Item = Offsets> {
    [(3, 11), (3, 12)].into_iter().filter_map(|version| Offsets::of(version, &[]))
}

fn lines(walker: &Walker<Image>, frames: &[At]) -> Vec<(String, i32)> {
    let name = |at: &At| {
        let code = &walker.codes()[at.code as usize];
        (code.function.clone(), code.line(at.instruction))
    };
    frames.iter().map(name).collect()
}

#[test]
fn stacks_of_two_threads() {
    for offsets in versions() {
        let mut walker = walker(image(&offsets), offsets);
        for _ in 0..2 {
            let seen = walker.sample();
            assert_eq!(seen.iter().map(|seen| seen.thread).collect::<Vec<_>>(), [11, 12]);
            assert!(seen.iter().all(|seen| !seen.is_torn));
            assert_eq!([seen[0].holds_gil, seen[1].holds_gil], [false, true]);
            let names = lines(&walker, &seen[0].frames);
            assert_eq!(names, [("Leaf.größe".to_owned(), 43), ("main".to_owned(), 3)]);
            let names = lines(&walker, &seen[1].frames);
            assert_eq!(names, [("Leaf.größe".to_owned(), 41), ("main".to_owned(), 3)]);
            assert_eq!(seen[0].opcode, 7);
            assert_eq!(walker.codes()[0].file, "/data/größe.py");
            assert_eq!(walker.codes().len(), 2);
        }
    }
}

#[test]
fn what_the_interpreter_calls_a_constructor_by_is_no_frame() {
    for offsets in versions() {
        let mut image = image(&offsets);
        let init = 0x300_000;
        image.code(init, &offsets, "__init__", 0);
        image.text(init + 0x1000, &offsets, "__init__");
        let shim = image.frame(&offsets, (CHUNK, 0x300), init, 0, CHUNK + 0x100, 0);
        image.word(CHUNK, 0x200 + offsets.frame_previous, shim);
        let mut walker = walker(image, offsets);
        let seen = walker.sample();
        assert!(!seen[0].is_torn);
        let names = lines(&walker, &seen[0].frames);
        assert_eq!(names, [("Leaf.größe".to_owned(), 43), ("main".to_owned(), 3)]);
    }
}

#[test]
fn a_torn_copy_is_read_again() {
    let offsets = versions().next().unwrap();
    let image = image(&offsets);
    *image.torn.borrow_mut() = 3;
    let mut walker = walker(image, offsets);
    let seen = walker.sample();
    assert!(!seen[0].is_torn);
    assert_eq!(seen[0].frames.len(), 2);
}

#[test]
fn what_stays_torn_is_said_to_be() {
    let offsets = versions().next().unwrap();
    let image = image(&offsets);
    *image.torn.borrow_mut() = usize::MAX;
    let mut walker = walker(image, offsets);
    let seen = walker.sample();
    assert!(seen[0].is_torn);
}

#[test]
fn a_code_object_at_the_address_of_another_is_another() {
    let offsets = versions().next().unwrap();
    let mut walker = walker(image(&offsets), offsets);
    walker.sample();
    let name = 0x2a0_000;
    walker.memory.text(name, &offsets, "new");
    walker.memory.word(0x200_000, offsets.code_name, name);
    let seen = walker.sample();
    assert_eq!(lines(&walker, &seen[0].frames)[0], ("new".to_owned(), 43));
}

#[test]
fn a_thread_that_ends_is_gone_and_a_generator_without_a_caller_is_torn() {
    let offsets = versions().next().unwrap();
    let mut walker = walker(image(&offsets), offsets);
    assert_eq!(walker.sample().len(), 2);
    walker.memory.word(STATE, offsets.threads, 0x80_000);
    walker.memory.word(0x60_000, offsets.frame_previous, 0);
    let seen = walker.sample();
    assert_eq!(seen.len(), 1);
    assert!(seen[0].is_torn);
}

#[test]
fn an_interpreter_that_is_not_there_has_no_threads() {
    let offsets = versions().next().unwrap();
    assert!(walker(Image::default(), offsets).sample().is_empty());
}

#[test]
fn links_in_a_circle_end() {
    let offsets = versions().next().unwrap();
    let mut image = image(&offsets);
    image.word(CHUNK, 0x40 + offsets.frame_previous, CHUNK + 0x200);
    image.word(0x80_000, offsets.thread_next, 0x80_000);
    assert!(walker(image, offsets).sample().is_empty());
}

#[test]
fn frames_of_an_older_chunk() {
    let offsets = versions().next().unwrap();
    let mut image = image(&offsets);
    let old = 0x40_000;
    image.word(CHUNK, 0, old);
    image.word(old, 8, 0x1000);
    image.put(old, 0x1000, &[]);
    let root = image.frame(&offsets, (old, 0x800), 0x100_000, 0, 0, 0);
    image.word(CHUNK, 0x40 + offsets.frame_previous, root);
    let mut walker = walker(image, offsets);
    let seen = walker.sample();
    assert_eq!(seen[0].frames.len(), 3);
    assert!(!seen[0].is_torn);
}
