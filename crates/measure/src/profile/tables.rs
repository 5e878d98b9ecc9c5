//! A profile by line, by function and by thread.

use super::class::Class;
use super::counts::{Count, Frame, KERNELS, Profile, TASKS};
use std::collections::HashMap;

/// Nanoseconds by what they went to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Times {
    /// Python's instructions.
    pub python: u64,
    /// Compiled code.
    pub native: u64,
    /// Waiting for the GIL.
    pub gil_wait: u64,
    /// Waiting for anything else while nobody worked.
    pub waiting: u64,
    /// Not part of what the others add up to.
    pub idle: u64,
}

impl Times {
    fn add(&mut self, class: Class, count: &Count) {
        let time = match class {
            Class::Python => &mut self.python,
            Class::Native => &mut self.native,
            Class::GilWait => &mut self.gil_wait,
            Class::Waiting | Class::Locked => &mut self.waiting,
            Class::Idle => &mut self.idle,
        };
        *time += count.time;
    }

    /// All but what was idle.
    pub fn total(&self) -> u64 {
        self.python + self.native + self.gil_wait + self.waiting
    }
}

/// Time while a line or a function was on the stack.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The place; a function's line is the first one that was seen of it.
    pub place: Frame,
    /// Whether it is the user's own code, no library's.
    pub is_user: bool,
    /// While it was anywhere on the stack.
    pub times: Times,
    /// While it was the user's innermost.
    pub own: u64,
    /// Bytes by which the process grew meanwhile.
    pub growth: i64,
    /// Samples.
    pub samples: u64,
}

/// Time of a thread.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ThreadRow {
    /// Its process.
    pub process: u32,
    /// What it is called.
    pub name: String,
    /// Whether Python runs in it.
    pub is_python: bool,
    /// What it did.
    pub times: Times,
    /// Nanoseconds of processor time.
    pub processor_time: u64,
}

impl Profile {
    /// Nanoseconds of all threads, but what was idle.
    pub fn total(&self) -> u64 {
        let busy = self.counts.iter().filter(|(key, _)| key.2 != Class::Idle);
        busy.map(|(_, count)| count.time).sum()
    }

    /// By line, the most own time first. Files under `libraries` are not the user's.
    pub fn lines(&self, libraries: &[String]) -> Vec<Row> {
        // A line with a comprehension is in two functions, and one line.
        let place = |frame: &Frame| Frame { function: String::new(), ..frame.clone() };
        self.rows(libraries, |frame| (frame.line > 0).then(|| place(frame)))
    }

    /// By function, likewise.
    pub fn functions(&self, libraries: &[String]) -> Vec<Row> {
        self.rows(libraries, |frame| Some(Frame { line: 0, ..frame.clone() }))
    }

    fn rows(&self, libraries: &[String], key: impl Fn(&Frame) -> Option<Frame>) -> Vec<Row> {
        let is_user = |frame: &Frame| {
            let is_in = |library: &String| frame.file.starts_with(library);
            let is_ours = frame.file.starts_with("<frozen")
                || [KERNELS, TASKS].contains(&frame.file.as_str());
            !is_ours && !libraries.iter().any(is_in)
        };
        // Each frame's row, made once.
        let (mut rows, mut known) = (Vec::<Row>::new(), HashMap::<Frame, usize>::new());
        let of_frame: Vec<Option<usize>> = self
            .frames
            .iter()
            .map(|frame| {
                let key = key(frame)?;
                let row = *known.entry(key).or_insert_with(|| {
                    rows.push(Row {
                        place: frame.clone(),
                        is_user: is_user(frame),
                        times: Times::default(),
                        own: 0,
                        growth: 0,
                        samples: 0,
                    });
                    rows.len() - 1
                });
                // The first line of a function that was seen, the outer function of a line.
                let place = &mut rows[row].place;
                place.line = place.line.min(frame.line);
                if frame.function.len() < place.function.len() {
                    place.function.clone_from(&frame.function);
                }
                Some(row)
            })
            .collect();
        let mut last = vec![usize::MAX; rows.len()];
        for (number, ((_, stack, class), count)) in self.counts.iter().enumerate() {
            let mut own = None;
            for &frame in &self.stacks[*stack as usize] {
                let Some(row) = of_frame[frame as usize] else { continue };
                if rows[row].is_user {
                    own = Some(row);
                }
                // A recursion counts once.
                if std::mem::replace(&mut last[row], number) != number {
                    rows[row].times.add(*class, count);
                    if *class != Class::Idle {
                        rows[row].samples += count.samples;
                    }
                }
            }
            if let Some(own) = own {
                rows[own].growth += count.growth;
                if *class != Class::Idle {
                    rows[own].own += count.time;
                }
            }
        }
        rows.retain(|row| row.times.total() > 0 || row.growth != 0);
        rows.sort_by_key(|row| std::cmp::Reverse((row.own, row.times.total())));
        rows
    }

    /// By thread: Python's first, each kind with the most time first.
    pub fn thread_rows(&self) -> Vec<ThreadRow> {
        let row = |thread: &super::counts::Thread| ThreadRow {
            process: thread.process,
            name: thread.name.clone(),
            is_python: thread.is_python,
            times: Times::default(),
            processor_time: thread.processor_time,
        };
        let mut rows: Vec<ThreadRow> = self.threads.iter().map(row).collect();
        for ((thread, _, class), count) in &self.counts {
            rows[*thread as usize].times.add(*class, count);
        }
        rows.retain(|row| row.is_python || row.processor_time > 0);
        rows.sort_by_key(|row| {
            std::cmp::Reverse((row.is_python, row.times.total(), row.processor_time))
        });
        rows
    }
}

#[cfg(test)]
mod tests {
    use crate::profile::class::Class;
    use crate::profile::counts::KERNELS;
    use crate::profile::counts::tests::{frame, profile};
    use std::slice::from_ref;

    #[test]
    fn a_comprehension_is_part_of_its_line() {
        let (outer, inner) = (frame("a.py", "f", 3), frame("a.py", "f.<locals>.<listcomp>", 3));
        let stacks = [outer.clone(), inner];
        let profile =
            profile(1, &[(&stacks, Class::Python, 2), (from_ref(&outer), Class::Python, 1)]);
        let lines = profile.lines(&[]);
        assert_eq!((lines.len(), lines[0].own, lines[0].growth), (1, 3_000_000, 20));
        assert_eq!(lines[0].place.function, "f");
        assert_eq!(profile.functions(&[]).len(), 2);
    }

    #[test]
    fn a_line_has_what_it_calls_and_a_library_is_charged_to_its_caller() {
        let (main, f) = (frame("a.py", "<module>", 1), frame("a.py", "f", 5));
        let sort = frame("/lib/numpy/sort.py", "sort", 900);
        let kernel = frame(KERNELS, "kernel g", 0);
        let profile = profile(
            1,
            &[
                (&[main.clone(), f.clone()], Class::Python, 10),
                (&[main.clone(), f.clone(), sort.clone()], Class::Native, 20),
                (&[main.clone(), f.clone(), f.clone()], Class::GilWait, 5),
                (&[main.clone(), kernel], Class::Native, 60),
                (from_ref(&main), Class::Waiting, 5),
                (from_ref(&main), Class::Idle, 1000),
            ],
        );
        let libraries = ["/lib/".to_owned()];
        let lines = profile.lines(&libraries);
        let of = |line| lines.iter().find(|row| row.place.line == line).unwrap();
        let milli = 1_000_000;
        assert_eq!((of(1).times.total(), of(1).own), (100 * milli, 65 * milli));
        assert_eq!((of(5).times.total(), of(5).own), (35 * milli, 35 * milli));
        assert_eq!((of(5).times.native, of(5).times.gil_wait), (20 * milli, 5 * milli));
        assert_eq!((of(900).times.total(), of(900).own), (20 * milli, 0));
        assert!(!of(900).is_user);
        assert_eq!((of(5).growth, of(1).growth), (30, 30));
        assert_eq!((profile.total(), lines.len(), of(5).samples), (100 * milli, 3, 3));
        let functions = profile.functions(&libraries);
        let named = |name: &str| functions.iter().find(|row| row.place.function == name).unwrap();
        assert_eq!(named("kernel g").times.native, 60 * milli);
        assert_eq!(named("f").own, 35 * milli);
        let threads = profile.thread_rows();
        assert_eq!(threads[0].times.idle, 1000 * milli);
        assert_eq!(threads[0].name, "MainThread");
    }
}
