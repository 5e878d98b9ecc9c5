//! A profile: what was seen how often, and its making.

use super::class::Class;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::ops::Range;

/// Spans of the timeline that are kept; what comes later is in the counts only.
const SPANS: usize = 1 << 19;

/// The files of frames that are ours and have no lines: compiled functions', and the engine's tasks'.
pub const KERNELS: &str = "<manycore>";
/// Likewise.
pub const TASKS: &str = "<manycore engine>";

/// A place in a program.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Frame {
    /// Its file.
    pub file: String,
    /// The qualified name of the function.
    pub function: String,
    /// The line, 0 where there is none.
    pub line: i32,
}

/// A thread of a process.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Thread {
    /// The process.
    pub process: u32,
    /// The kernel's number.
    pub number: i32,
    /// What it is called.
    pub name: String,
    /// Whether Python runs in it.
    pub is_python: bool,
    /// Nanoseconds of processor time while the profile was made.
    pub processor_time: u64,
}

/// How much of a thread's time went to a stack in one way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Count {
    /// Samples.
    pub samples: u64,
    /// Nanoseconds that they stand for.
    pub time: u64,
    /// Bytes by which the process grew.
    pub growth: i64,
}

/// What a count is of: a thread, a stack, by number, and a class.
pub type Key = (u32, u32, Class);

/// A thread was in a stack for so long.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Span {
    /// The thread's number in the profile.
    pub thread: u32,
    /// The stack's.
    pub stack: u32,
    /// What the time went to.
    pub class: Class,
    /// Nanoseconds on the steady clock.
    pub start: u64,
    /// Likewise.
    pub end: u64,
}

/// What was seen of a program, its processes together.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Profile {
    /// Places, named by their numbers in stacks.
    pub frames: Vec<Frame>,
    /// Stacks, the outermost frame first.
    pub stacks: Vec<Vec<u32>>,
    /// Threads, all processes'.
    pub threads: Vec<Thread>,
    /// What was counted.
    pub counts: Vec<(Key, Count)>,
    /// When, in order of time for each thread.
    pub spans: Vec<Span>,
    /// Nanoseconds on the steady clock.
    pub start: u64,
    /// Likewise.
    pub end: u64,
    /// How often the threads were looked at.
    pub samples: u64,
    /// Stacks that could not be read.
    pub dropped: u64,
    /// Nanoseconds of processor time that the sampler took.
    pub own_time: u64,
    /// Nanoseconds of processor time of the whole process.
    pub processor_time: u64,
    /// Of that, the part that its parent is told of when it ends; workers' is told to the zygote.
    pub child_time: u64,
    /// Worker processes whose profiles are in this one.
    pub workers: u32,
}

/// Makes a profile, place by place.
#[derive(Debug, Default)]
pub struct Builder {
    profile: Profile,
    frames: HashMap<Frame, u32>,
    stacks: HashMap<Vec<u32>, u32>,
    threads: HashMap<(u32, i32), u32>,
    counts: HashMap<Key, Count>,
    // The last span of each thread.
    last: HashMap<u32, usize>,
}

impl Builder {
    /// One that was made otherwise: a thread's name, what it was seen in, of which class, from when to
    /// when (seconds), and how often.
    pub fn seen(
        process: u32,
        seen: impl IntoIterator<Item = (String, Vec<Frame>, Class, (f64, f64), u64)>,
    ) -> Self {
        let mut builder = Self::default();
        let mut numbers: HashMap<String, i32> = HashMap::new();
        for (name, frames, class, times, samples) in seen {
            let next = numbers.len() as i32;
            let number = *numbers.entry(name.clone()).or_insert(next);
            let make = || Thread { process, number, name, is_python: true, processor_time: 0 };
            let thread = builder.thread(process, number, make);
            let frames: Vec<u32> = frames.into_iter().map(|frame| builder.frame(frame)).collect();
            let stack = builder.stack(&frames);
            let (start, end) = ((times.0 * 1e9) as u64, (times.1 * 1e9) as u64);
            let time = end.saturating_sub(start);
            builder.count((thread, stack, class), Count { samples, time, growth: 0 });
            builder.span(Span { thread, stack, class, start, end });
        }
        builder
    }

    /// The number of a place.
    pub fn frame(&mut self, frame: Frame) -> u32 {
        let next = self.profile.frames.len() as u32;
        *self.frames.entry(frame).or_insert_with_key(|frame| {
            self.profile.frames.push(frame.clone());
            next
        })
    }

    /// The number of a stack.
    pub fn stack(&mut self, frames: &[u32]) -> u32 {
        if let Some(&known) = self.stacks.get(frames) {
            return known;
        }
        let number = self.profile.stacks.len() as u32;
        self.profile.stacks.push(frames.to_vec());
        self.stacks.insert(frames.to_vec(), number);
        number
    }

    /// The number of a thread; `make` describes one that is new.
    pub fn thread(&mut self, process: u32, number: i32, make: impl FnOnce() -> Thread) -> u32 {
        let next = self.profile.threads.len() as u32;
        *self.threads.entry((process, number)).or_insert_with(|| {
            self.profile.threads.push(make());
            next
        })
    }

    /// Adds to what is counted.
    pub fn count(&mut self, key: Key, count: Count) {
        let known = self.counts.entry(key).or_default();
        known.samples += count.samples;
        known.time += count.time;
        known.growth += count.growth;
    }

    /// Adds to the timeline; a span that goes on where the thread's last one ended is one with it.
    pub fn span(&mut self, span: Span) {
        let spans = &mut self.profile.spans;
        if let Some(&last) = self.last.get(&span.thread) {
            let last = &mut spans[last];
            let is_same = (last.stack, last.class) == (span.stack, span.class);
            if is_same && last.end >= span.start {
                last.end = span.end;
                return;
            }
        }
        if spans.len() < SPANS {
            self.last.insert(span.thread, spans.len());
            spans.push(span);
        }
    }

    /// The profile's figures, to be set by who makes it.
    pub fn figures(&mut self) -> &mut Profile {
        &mut self.profile
    }

    /// What there is by now.
    pub fn profile(&self) -> Profile {
        let mut counts: Vec<_> = self.counts.iter().map(|(key, count)| (*key, *count)).collect();
        counts.sort_unstable_by_key(|(key, _)| *key);
        Profile { counts, ..self.profile.clone() }
    }

    /// Adds a profile's contents, its stacks cut by `cut`, its classes changed by `change`.
    fn add(
        &mut self,
        profile: &Profile,
        cut: impl Fn(&[&Frame]) -> Option<usize>,
        change: impl Fn(Class) -> Class,
    ) {
        let mut frames: HashMap<u32, u32> = HashMap::new();
        let mut stack = |builder: &mut Self, number: u32| {
            let numbers = &profile.stacks[number as usize];
            let places: Vec<&Frame> =
                numbers.iter().map(|number| &profile.frames[*number as usize]).collect();
            let first = cut(&places)?;
            let mut own = Vec::with_capacity(numbers.len());
            for &number in &numbers[first..] {
                own.push(
                    *frames
                        .entry(number)
                        .or_insert_with(|| builder.frame(profile.frames[number as usize].clone())),
                );
            }
            Some(builder.stack(&own))
        };
        let stacks: Vec<Option<u32>> =
            (0..profile.stacks.len()).map(|number| stack(self, number as u32)).collect();
        let threads: Vec<u32> = profile
            .threads
            .iter()
            .map(|thread| self.thread(thread.process, thread.number, || thread.clone()))
            .collect();
        for &((thread, stack, class), count) in &profile.counts {
            if let Some(stack) = stacks[stack as usize] {
                self.count((threads[thread as usize], stack, change(class)), count);
            }
        }
        for span in &profile.spans {
            if let Some(stack) = stacks[span.stack as usize] {
                let (thread, class) = (threads[span.thread as usize], change(span.class));
                self.span(Span { thread, stack, class, ..*span });
            }
        }
    }
}

/// When threads of these profiles worked, in order; what touches is one.
fn at_work(profiles: &[Profile]) -> Vec<Range<u64>> {
    let spans = profiles.iter().flat_map(|profile| &profile.spans);
    let worked = spans.filter(|span| span.class < Class::Waiting);
    let mut ranges: Vec<_> = worked.map(|span| span.start..span.end).collect();
    ranges.sort_unstable_by_key(|range| range.start);
    ranges.dedup_by(|next, range| {
        let touches = next.start <= range.end;
        if touches {
            range.end = range.end.max(next.end);
        }
        touches
    });
    ranges
}

impl Profile {
    /// Together with the profiles of worker processes. While they work their parent waits for them,
    /// which then is no more than that.
    pub fn merged(&self, workers: &[Profile]) -> Self {
        let mut builder = Builder::default();
        let worked =
            |profile: &Profile| profile.counts.iter().any(|(key, _)| key.2 < Class::Waiting);
        let is_waited_for = workers.iter().any(worked);
        let own = |class| if is_waited_for && class == Class::Locked { Class::Idle } else { class };
        let whole = |_: &[&Frame]| Some(0);
        builder.add(&self.yielding(&at_work(workers)), whole, own);
        for worker in workers {
            // A worker that waits, waits for its next task.
            let idle = |class| if class >= Class::Waiting { Class::Idle } else { class };
            builder.add(worker, whole, idle);
        }
        let sum = |of: fn(&Profile) -> u64| of(self) + workers.iter().map(of).sum::<u64>();
        let figures = builder.figures();
        (figures.start, figures.end) = (self.start, self.end);
        (figures.samples, figures.dropped) = (sum(|p| p.samples), sum(|p| p.dropped));
        figures.own_time = sum(|p| p.own_time);
        figures.processor_time = sum(|p| p.processor_time);
        figures.child_time = sum(|p| p.child_time);
        figures.workers = workers.len() as u32;
        builder.profile()
    }

    /// Where it waits while others work, it is idle.
    fn yielding(&self, others: &[Range<u64>]) -> Self {
        let (mut spans, mut waits) = (Vec::with_capacity(self.spans.len()), HashMap::new());
        for &span in &self.spans {
            if span.class != Class::Waiting {
                spans.push(span);
                continue;
            }
            let mut start = span.start;
            let first = others.partition_point(|other| other.end <= span.start);
            for other in others[first..].iter().take_while(|other| other.start < span.end) {
                let (begin, end) = (other.start.max(start), other.end.min(span.end));
                if begin > start {
                    spans.push(Span { start, end: begin, ..span });
                }
                spans.push(Span { class: Class::Idle, start: begin, end, ..span });
                let (idle, _) = waits.entry((span.thread, span.stack)).or_insert((0, 0));
                *idle += end - begin;
                start = end;
            }
            if start < span.end {
                spans.push(Span { start, ..span });
            }
            waits.entry((span.thread, span.stack)).or_insert((0, 0)).1 += span.end - span.start;
        }
        let mut counts = Vec::with_capacity(self.counts.len());
        for &((thread, stack, class), count) in &self.counts {
            let wait = waits.get(&(thread, stack)).filter(|_| class == Class::Waiting);
            let (idle, all) = wait.copied().unwrap_or((0, 0));
            let part = idle as f64 / (all as f64).max(1.0);
            let idle = Count {
                samples: (count.samples as f64 * part).round() as u64,
                time: (count.time as f64 * part) as u64,
                growth: 0,
            };
            counts.push(((thread, stack, Class::Idle), idle));
            let (samples, time) = (count.samples - idle.samples, count.time - idle.time);
            counts.push(((thread, stack, class), Count { samples, time, ..count }));
        }
        counts.retain(|(_, count)| *count != Count::default());
        let (frames, stacks) = (self.frames.clone(), self.stacks.clone());
        Self { frames, stacks, threads: self.threads.clone(), counts, spans, ..self.bare() }
    }

    /// Without the frames of the profiler: those of its file, and all that called it.
    pub fn without(&self, file: &str) -> Self {
        let mut builder = Builder::default();
        let cut = |frames: &[&Frame]| {
            let own = frames.iter().rposition(|frame| frame.file == file);
            let first = own.map_or(0, |own| own + 1);
            (first < frames.len()).then_some(first)
        };
        builder.add(self, cut, |class| class);
        let figures = builder.figures();
        let (frames, stacks) =
            (std::mem::take(&mut figures.frames), std::mem::take(&mut figures.stacks));
        let (threads, spans) =
            (std::mem::take(&mut figures.threads), std::mem::take(&mut figures.spans));
        let counts = Vec::new();
        *figures = Self { frames, stacks, threads, spans, counts, ..self.bare() };
        builder.profile()
    }

    /// Its figures only.
    fn bare(&self) -> Self {
        Self {
            frames: Vec::new(),
            stacks: Vec::new(),
            threads: Vec::new(),
            counts: Vec::new(),
            spans: Vec::new(),
            ..*self
        }
    }

    /// The places of a stack, the outermost first.
    pub fn places(&self, stack: u32) -> impl DoubleEndedIterator<Item = &Frame> {
        self.stacks[stack as usize].iter().map(|frame| &self.frames[*frame as usize])
    }

    /// The profile as bytes, for another process.
    pub fn to_bytes(&self) -> Vec<u8> {
        rmp_serde::to_vec(self).unwrap_or_default()
    }

    /// A profile from another process; nothing for what is none.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        rmp_serde::from_slice(bytes).ok().filter(Self::is_sound)
    }

    /// Whether all numbers are of something.
    fn is_sound(&self) -> bool {
        let frames = self.stacks.iter().flatten().all(|&at| (at as usize) < self.frames.len());
        let fits = |thread: u32, stack: u32| {
            (thread as usize) < self.threads.len() && (stack as usize) < self.stacks.len()
        };
        frames
            && self.counts.iter().all(|((thread, stack, _), _)| fits(*thread, *stack))
            && self.spans.iter().all(|span| fits(span.thread, span.stack))
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::{Builder, Class, Count, Frame, Profile, Span, Thread};
    use std::slice::from_ref;

    pub fn frame(file: &str, function: &str, line: i32) -> Frame {
        Frame { file: file.into(), function: function.into(), line }
    }

    /// One thread that was in each of the stacks for so many milliseconds, one after the other.
    pub fn profile(process: u32, stacks: &[(&[Frame], Class, u64)]) -> Profile {
        let mut builder = Builder::default();
        let thread = builder.thread(process, 7, || Thread {
            process,
            number: 7,
            name: "MainThread".into(),
            is_python: true,
            processor_time: 5_000_000,
        });
        let mut start = 1_000_000;
        builder.figures().start = start;
        for (frames, class, milliseconds) in stacks {
            let frames: Vec<u32> =
                frames.iter().map(|frame| builder.frame(frame.clone())).collect();
            let (stack, time) = (builder.stack(&frames), milliseconds * 1_000_000);
            builder.count((thread, stack, *class), Count { samples: 1, time, growth: 10 });
            builder.span(Span { thread, stack, class: *class, start, end: start + time });
            start += time;
        }
        let figures = builder.figures();
        (figures.end, figures.samples) = (start, stacks.len() as u64);
        builder.profile()
    }

    #[test]
    fn equal_stacks_are_counted_together_and_spans_that_touch_are_one() {
        let (main, work) = (frame("a.py", "<module>", 1), frame("a.py", "work", 9));
        let stack = [main.clone(), work];
        let profile = profile(
            1,
            &[
                (&stack, Class::Python, 10),
                (&stack, Class::Python, 20),
                (from_ref(&main), Class::Python, 5),
                (&stack, Class::Native, 1),
            ],
        );
        assert_eq!((profile.frames.len(), profile.stacks.len()), (2, 2));
        let times: Vec<_> =
            profile.counts.iter().map(|(key, count)| (key.1, key.2, count.time)).collect();
        let known = [
            (0, Class::Python, 30_000_000),
            (0, Class::Native, 1_000_000),
            (1, Class::Python, 5_000_000),
        ];
        assert_eq!(times, known);
        assert_eq!(profile.counts[0].1.growth, 20);
        let spans: Vec<_> = profile.spans.iter().map(|span| span.end - span.start).collect();
        assert_eq!(spans, [30_000_000, 5_000_000, 1_000_000]);
    }

    #[test]
    fn profiles_travel() {
        let sent = profile(1, &[(&[frame("größe.py", "f", 3)], Class::GilWait, 4)]);
        let bytes = sent.to_bytes();
        assert_eq!(Profile::from_bytes(&bytes), Some(sent.clone()));
        assert_eq!(Profile::from_bytes(&bytes[..bytes.len() - 1]), None);
        let mut unsound = sent;
        unsound.stacks[0][0] = 5;
        assert_eq!(Profile::from_bytes(&unsound.to_bytes()), None);
    }

    #[test]
    fn a_parent_that_waits_for_its_workers_is_idle() {
        let line = frame("a.py", "<module>", 4);
        let parent = profile(1, &[(from_ref(&line), Class::Locked, 10)]);
        let worker = profile(
            2,
            &[(&[frame("a.py", "f", 2)], Class::Python, 8), (from_ref(&line), Class::Waiting, 2)],
        );
        let merged = parent.merged(&[worker]);
        let classes: Vec<_> =
            merged.counts.iter().map(|(key, count)| (key.2, count.time)).collect();
        let known =
            [(Class::Idle, 10_000_000), (Class::Python, 8_000_000), (Class::Idle, 2_000_000)];
        assert_eq!(classes.len(), 3);
        assert!(known.iter().all(|known| classes.contains(known)), "{classes:?}");
        assert_eq!((merged.threads.len(), merged.workers, merged.samples), (2, 1, 3));
        let alone = parent.merged(&[]);
        assert_eq!(alone.counts, parent.counts);
    }

    #[test]
    fn a_parent_waits_for_children_only_while_they_work() {
        let (join, f) = (frame("a.py", "<module>", 4), frame("a.py", "f", 2));
        // The child works in the first half and from 8 to 9 ms; its parent waits for all of them.
        let parent = profile(1, &[(from_ref(&join), Class::Waiting, 10)]);
        let child = profile(
            2,
            &[
                (from_ref(&f), Class::Python, 5),
                (from_ref(&f), Class::Waiting, 3),
                (from_ref(&f), Class::Native, 1),
            ],
        );
        let merged = parent.merged(&[child]);
        let of = |class| {
            let counts = merged.counts.iter().filter(|(key, _)| key.0 == 0 && key.2 == class);
            counts.map(|(_, count)| count.time / 1_000_000).sum::<u64>()
        };
        assert_eq!((of(Class::Idle), of(Class::Waiting)), (6, 4));
        let spans = merged.spans.iter().filter(|span| span.thread == 0);
        let spans: Vec<_> =
            spans.map(|span| (span.class, (span.end - span.start) / 1_000_000)).collect();
        let (idle, waiting) = (Class::Idle, Class::Waiting);
        assert_eq!(spans, [(idle, 5), (waiting, 3), (idle, 1), (waiting, 1)]);
    }

    #[test]
    fn the_profilers_own_frames_are_cut_off() {
        let own = frame("/m/_profile.py", "run", 50);
        let cli = frame("/m/cli.py", "main", 8);
        let script = frame("a.py", "<module>", 1);
        let full = profile(
            1,
            &[
                (&[cli.clone(), own.clone(), script.clone()], Class::Python, 10),
                (&[cli, own], Class::Python, 3),
                (from_ref(&script), Class::Python, 1),
            ],
        );
        let cut = full.without("/m/_profile.py");
        assert_eq!(cut.stacks.len(), 1);
        assert_eq!(cut.counts[0].1.time, 11_000_000);
        assert_eq!((cut.start, cut.end, cut.samples), (full.start, full.end, full.samples));
    }
}
