//! A runtime for programs in tests: memory that is counted, output that is kept, a bell to ring.

use kernel::abi::{Body, Callbacks, Context, HEADER, KIND, PrintKind, slots};
use kernel::interpret::{Failure, Interpreter};
use kernel::ir::Program;
use kernel::message;
use std::alloc::{Layout, alloc, alloc_zeroed, dealloc};
use std::cell::{Cell, RefCell};
use std::ptr::null_mut;

thread_local! {
    static LIVE: Cell<usize> = const { Cell::new(0) };
    static OUTPUT: RefCell<String> = const { RefCell::new(String::new()) };
    static POLLS: Cell<usize> = const { Cell::new(0) };
}

/// What a run left.
pub struct Run {
    /// The result's slots.
    pub result: Result<Vec<u64>, Failure>,
    pub output: String,
    /// Arrays that the run made and did not free: the result's are freed.
    pub leaked: usize,
    /// How often the runtime was asked whether to end.
    pub polls: usize,
    /// The random stream's key and counter.
    pub stream: (u64, u64),
    /// The operations and bytes that the program counted.
    pub counted: (u64, u64),
}

/// Runs a program on arguments' slots, if it is one.
pub fn run(program: &Program, arguments: &[u64]) -> Run {
    run_with(program, arguments, 0, |slots| slots.to_vec())
}

/// Runs a program with an alarm, and looks at the result before its arrays are freed.
pub fn run_with(
    program: &Program,
    arguments: &[u64],
    alarm: u64,
    look: impl Fn(&[u64]) -> Vec<u64>,
) -> Run {
    POLLS.set(0);
    OUTPUT.take();
    let before = LIVE.get();
    let mut context = Context {
        alarm: &raw const alarm,
        key: 1,
        counter: 0,
        site: 0,
        values: [0; 4],
        callbacks: &raw const CALLBACKS,
        user: null_mut(),
        output: null_mut(),
        operations: 0,
        bytes: 0,
    };
    let entry = &program.functions[0];
    let count: usize = entry.locals[..entry.parameters].iter().map(|one| slots(&one.ty)).sum();
    assert_eq!(arguments.len(), count, "slots of the arguments");
    let mut result = vec![0; slots(&entry.result)];
    let interpreter = Interpreter::new(program);
    // SAFETY: The slots are as many as the types take, and tests index arrays within their bounds.
    let outcome = unsafe { interpreter.run(&mut context, arguments.as_ptr(), result.as_mut_ptr()) };
    let result = outcome.map(|()| {
        let seen = look(&result);
        if entry.result.as_array().is_some() && result[1] != 0 {
            let owner = result[1] as usize as *mut u8;
            // SAFETY: The run has handed over its reference, and it is the only one.
            unsafe {
                assert_eq!(owner.cast::<u64>().read(), 1, "references of the result");
                free(owner);
            }
        }
        seen
    });
    Run {
        result,
        output: OUTPUT.take(),
        leaked: LIVE.get() - before,
        polls: POLLS.get(),
        stream: (context.key, context.counter),
        counted: (context.operations, context.bytes),
    }
}

/// The elements of a contiguous array of float64, from its slots.
pub fn floats(array: &[u64], count: usize) -> Vec<u64> {
    let first = array[0] as usize as *const u64;
    // SAFETY: The array has so many elements, the test says.
    (0..count).map(|index| unsafe { first.add(index).read() }).collect()
}

/// The slots of an array that the test keeps alive.
pub fn array<T>(elements: &[T]) -> [u64; 4] {
    let size = size_of::<T>() as u64;
    [elements.as_ptr().expose_provenance() as u64, 0, elements.len() as u64, size]
}

static CALLBACKS: Callbacks =
    Callbacks { allocate, free, poll, parallel, print, linalg, shift: kernel::list::shift };

fn layout(bytes: usize) -> Layout {
    Layout::from_size_align(bytes + HEADER, HEADER).expect("a size")
}

unsafe extern "C" fn allocate(bytes: u64, zeroed: u64) -> *mut u8 {
    if bytes > 1 << 40 {
        return null_mut();
    }
    let layout = layout(bytes as usize);
    // SAFETY: The size is not 0; the header has room for two words.
    unsafe {
        let owner = if zeroed == 0 { alloc(layout) } else { alloc_zeroed(layout) };
        owner.cast::<[u64; 2]>().write([1, bytes]);
        owner.add(KIND).cast::<u64>().write(0);
        LIVE.set(LIVE.get() + 1);
        owner
    }
}

unsafe extern "C" fn free(owner: *mut u8) {
    LIVE.set(LIVE.get() - 1);
    // SAFETY: `allocate` has made it, and noted the size.
    unsafe {
        if owner.add(KIND).cast::<u64>().read() != 0 {
            kernel::list::clear(owner, free);
        }
    }
    // SAFETY: as above.
    unsafe { dealloc(owner, layout(owner.cast::<[u64; 2]>().read()[1] as usize)) }
}

unsafe extern "C" fn poll(_: *mut Context) -> i32 {
    POLLS.set(POLLS.get() + 1);
    i32::from(POLLS.get() == 3)
}

unsafe extern "C" fn parallel(
    _: *mut Context,
    _: Body,
    _: *const u8,
    _: i64,
    _: *mut u8,
    _: u64,
) -> i32 {
    unreachable!("the interpreter runs parallel loops itself")
}

unsafe extern "C" fn print(_: *mut Context, count: u64, kinds: *const u8, values: *const u64) {
    let mut values = values;
    let mut words = Vec::new();
    for number in 0..count as usize {
        // SAFETY: There are as many kinds, each with its slots.
        unsafe {
            let kind = *kinds.add(number);
            let width = match kind {
                4 | 5 => 2,
                6 => 0,
                _ => 1,
            };
            let slots = std::slice::from_raw_parts(values, width);
            words.push(if kind == PrintKind::Str as u8 {
                let bytes =
                    std::slice::from_raw_parts(slots[0] as usize as *const u8, slots[1] as usize);
                String::from_utf8_lossy(bytes).into_owned()
            } else {
                use PrintKind::{Bool, Complex, Float, Float32, Int, None, Str, Unsigned};
                let kinds = [Int, Unsigned, Float, Bool, Str, Complex, None, Float32];
                message::text(kinds[usize::from(kind)], slots)
            });
            values = values.add(width);
        }
    }
    OUTPUT.with_borrow_mut(|output| {
        output.push_str(&words.join(" "));
        output.push('\n');
    });
}

/// What it was asked for is what it answers.
unsafe extern "C" fn linalg(which: u64, slots: *const u64) -> i64 {
    // SAFETY: There are the slots of one matrix at least.
    let rows = unsafe { slots.add(2).read() };
    (which * 1_000 + rows).cast_signed()
}
