//! The thread that samples.
//!
//! A moment is drawn in each period, anywhere in it: a fixed distance would lock on to a program that
//! repeats itself, and one free draw after the other would vary more. A sample stands for its period,
//! and for those before it that were missed.

use super::class::{Class, Instructions, Moment};
use super::clock::{self, Threads, processor_time};
use super::counts::{Builder, Count, Frame, KERNELS, Profile, Span, TASKS, Thread};
use super::memory::Memory;
use super::walk::{At, Seen, Walker};
use std::collections::{BTreeMap, HashMap, HashSet};
use std::fs;
use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};
use trace::Home;
use trace::doing::{self, Doing};

/// How often native threads are listed.
const LISTING: Duration = Duration::from_millis(100);
/// How often a worker writes its profile down at the most, how many times the processor's time for it
/// it waits at least, and how often it looks whether the profile is over.
const WRITING: Duration = Duration::from_millis(50);
const PAUSE: u32 = 50;
const LOOKING: Duration = Duration::from_millis(20);
/// Of the time since the last sample, what native threads must have worked to be what is waited for.
const AT_WORK: f64 = 0.2;

/// How to sample.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// Samples in a second.
    pub hz: f64,
    /// Whether to note the process's growth.
    pub memory: bool,
}

/// Samples until it is stopped.
#[derive(Debug)]
pub struct Sampler {
    stop: Arc<AtomicBool>,
    thread: JoinHandle<Profile>,
}

impl Sampler {
    /// Starts to sample what `walker` walks; `main` is the kernel's number of the program's first
    /// thread.
    ///
    /// # Errors
    /// No thread can be started.
    pub fn start<M: Memory + Send + 'static>(
        walker: Walker<M>,
        instructions: Instructions,
        settings: Settings,
        main: i32,
    ) -> io::Result<Self> {
        let stop = Arc::new(AtomicBool::new(false));
        let is_over = Arc::clone(&stop);
        let mut sampling = Sampling::new(walker, instructions, settings, main);
        let builder = std::thread::Builder::new().name(NAME.into());
        let thread = builder.spawn(move || {
            sampling.enter();
            sampling.run(|_| is_over.load(Ordering::Relaxed));
            doing::profiled(false);
            sampling.finished()
        })?;
        Ok(Self { stop, thread })
    }

    /// Ends it, and waits for what there is.
    pub fn stop(self) -> Profile {
        self.stop.store(true, Ordering::Relaxed);
        self.thread.thread().unpark();
        // It does not panic; if it did, an empty profile says so.
        self.thread.join().unwrap_or_default()
    }
}

/// The folder's file that is there while its profile is made.
const OPEN: &str = "open";
/// What a thread that samples is called: as much as the kernel keeps.
const NAME: &str = "manycore-sample";

/// Lets workers who are told of `folder` write their profiles into it.
///
/// # Errors
/// Those of the file system.
pub fn open_folder(folder: &Path) -> io::Result<()> {
    fs::write(folder.join(OPEN), [])
}

/// Whether the profile of `folder` is still made.
pub fn is_open(folder: &Path) -> bool {
    folder.join(OPEN).exists()
}

/// Who takes part in another process's profile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// A worker of the engine's, whose parent is the zygote.
    Worker,
    /// A child of a process that takes part, which learns its processor time when it ends.
    Child,
}

/// The thread that samples for another process's profile.
static WORKING: Home<(Arc<AtomicBool>, JoinHandle<()>)> = Home::new();

/// Samples this process into `folder` until its profile is over; what a process that is killed had
/// written down last counts.
///
/// # Errors
/// No thread can be started, or nothing be written.
pub fn work_for<M: Memory + Send + 'static>(
    folder: PathBuf,
    walker: Walker<M>,
    instructions: Instructions,
    settings: Settings,
    main: i32,
    part: Part,
) -> io::Result<()> {
    let process = std::process::id();
    fs::write(folder.join(format!("{process}.begun")), [])?;
    let builder = std::thread::Builder::new().name(NAME.into());
    let stop = Arc::new(AtomicBool::new(false));
    let is_over = Arc::clone(&stop);
    let mut sampling = Sampling::new(walker, instructions, settings, main);
    sampling.part = Some(part);
    let sample = move || {
        sampling.enter();
        let (mut looked, mut written) = (Instant::now(), Instant::now());
        let mut pause = WRITING;
        sampling.run(|sampling| {
            if is_over.load(Ordering::Relaxed) {
                return true;
            }
            if looked.elapsed() < LOOKING {
                return false;
            }
            looked = Instant::now();
            if !is_open(&folder) {
                return true;
            }
            if written.elapsed() >= pause {
                let before = processor_time(sampling.own).unwrap_or(0);
                write(&folder, &format!("{process}.profile"), &sampling.finished());
                written = Instant::now();
                let cost = processor_time(sampling.own).unwrap_or(0).saturating_sub(before);
                pause = WRITING.max(PAUSE * Duration::from_nanos(cost));
            }
            false
        });
        doing::profiled(false);
        write(&folder, &format!("{process}.profile"), &sampling.finished());
        // Best effort: who waits for it has a limit.
        let _ = fs::rename(
            folder.join(format!("{process}.begun")),
            folder.join(format!("{process}.ended")),
        );
    };
    *WORKING.lock() = Some((stop, builder.spawn(sample)?));
    Ok(())
}

/// Ends this process's part in another's profile, if it takes part: all that was seen is written down.
pub fn leave() {
    let working = WORKING.lock().take();
    if let Some((stop, thread)) = working {
        stop.store(true, Ordering::Relaxed);
        thread.thread().unpark();
        let _ = thread.join();
    }
}

/// All of it, or none; the folder may be gone.
fn write(folder: &Path, name: &str, profile: &Profile) {
    let partial = folder.join(format!("{name}.partial"));
    let written = fs::write(&partial, profile.to_bytes());
    let _ = written.and_then(|()| fs::rename(&partial, folder.join(name)));
}

/// Ends what `open_folder` began: the profiles of the workers, who are waited for at most `limit`.
pub fn close_folder(folder: &Path, limit: Duration) -> Vec<Profile> {
    let _ = fs::remove_file(folder.join(OPEN));
    let end = Instant::now() + limit;
    let ending = |suffix: &str| {
        let entries = fs::read_dir(folder).into_iter().flatten().flatten();
        let paths = entries.map(|entry| entry.path());
        let has = |path: &PathBuf| path.extension().is_some_and(|extension| extension == suffix);
        paths.filter(has).collect::<Vec<_>>()
    };
    // A process that became another program has no such thread, and nor has one that ended.
    let is_alive = |path: &PathBuf| {
        let process = path.file_stem().unwrap_or_default();
        let threads = fs::read_dir(Path::new("/proc").join(process).join("task"));
        let mut threads = threads.into_iter().flatten().flatten();
        threads.any(|thread| {
            let name = fs::read_to_string(thread.path().join("comm"));
            name.is_ok_and(|name| name.trim_end() == NAME)
        })
    };
    while ending("begun").iter().any(is_alive) && Instant::now() < end {
        std::thread::sleep(Duration::from_millis(5));
    }
    let read = |path: PathBuf| Profile::from_bytes(&fs::read(path).ok()?);
    ending("profile").into_iter().filter_map(read).collect()
}

/// A moment drawn in each period.
#[derive(Debug)]
struct Pace {
    period: Duration,
    /// The beginning of the period that comes next.
    next: Instant,
    seed: u64,
}

impl Pace {
    fn new(hz: f64, now: Instant) -> Self {
        let period = Duration::from_secs_f64(1.0 / hz);
        Self { period, next: now, seed: 0x9e37_79b9_7f4a_7c15 }
    }

    /// The next moment.
    fn draw(&mut self) -> Instant {
        // xorshift64
        self.seed ^= self.seed << 13;
        self.seed ^= self.seed >> 7;
        self.seed ^= self.seed << 17;
        let fraction = (self.seed >> 11) as f64 / (1u64 << 53) as f64;
        self.next + self.period.mul_f64(fraction)
    }

    /// How many periods a sample at `now` stands for: its own, and those that were missed.
    fn advance(&mut self, now: Instant) -> u32 {
        let late = now.saturating_duration_since(self.next).as_nanos();
        let missed = late / self.period.as_nanos().max(1);
        let periods = u32::try_from(missed).unwrap_or(u32::MAX - 1) + 1;
        self.next += self.period * periods;
        periods
    }
}

struct Sampling<M> {
    walker: Walker<M>,
    instructions: Instructions,
    settings: Settings,
    main: i32,
    // Nothing in the process whose profile it is.
    part: Option<Part>,
    begin: Instant,
    own: i32,
    gil: Range<usize>,
    kernel: Threads,
    builder: Builder,
    // Places of instructions that were seen.
    places: HashMap<At, u32>,
    // Processor time at the last sample, and at the first.
    clocks: HashMap<i32, (u64, u64)>,
    // All threads, as they were listed.
    threads: Vec<i32>,
    listed: Option<Instant>,
    resident: Option<u64>,
    process_start: u64,
}

impl<M: Memory> Sampling<M> {
    fn new(walker: Walker<M>, instructions: Instructions, settings: Settings, main: i32) -> Self {
        let gil = walker.gil();
        let mut kernel = Threads::default();
        let mut builder = Builder::default();
        builder.figures().start = clock::now();
        Self {
            walker,
            instructions,
            settings,
            main,
            part: None,
            begin: Instant::now(),
            own: 0,
            gil,
            builder,
            places: HashMap::new(),
            clocks: HashMap::new(),
            threads: Vec::new(),
            listed: None,
            resident: if settings.memory { kernel.resident() } else { None },
            kernel,
            process_start: clock::process_time(),
        }
    }

    /// The calling thread is the one that samples; it may come late, and what it sees then stands for
    /// the time since the beginning.
    fn enter(&mut self) {
        self.own = doing::thread();
        doing::profiled(true);
    }

    fn run(&mut self, mut is_over: impl FnMut(&Self) -> bool) {
        let mut pace = Pace::new(self.settings.hz, self.begin);
        loop {
            let moment = pace.draw();
            loop {
                if is_over(self) {
                    return;
                }
                let Some(left) = moment.checked_duration_since(Instant::now()) else { break };
                if left.is_zero() {
                    break;
                }
                std::thread::park_timeout(left.min(LOOKING));
            }
            let periods = pace.advance(Instant::now());
            self.sample(pace.period * periods);
        }
    }

    /// Looks at all threads once, which stands for `time`.
    fn sample(&mut self, time: Duration) {
        let end = clock::now();
        let mut seen = self.walker.sample();
        let doing = doing::all();
        // Threads without Python that are at a task of the engine's are threads like others.
        let python: HashSet<i32> = seen.iter().map(|seen| seen.thread).collect();
        let native = doing.keys().filter(|thread| !python.contains(thread));
        seen.extend(native.map(|&thread| Seen { thread, ..Seen::default() }));
        seen.retain(|seen| seen.thread != self.own);
        self.builder.figures().samples += 1;
        let time = u64::try_from(time.as_nanos()).unwrap_or(u64::MAX);
        let native = self.native_work(&seen, time);
        let growth = self.growth();
        let classes: Vec<Class> = seen.iter().map(|seen| self.class(seen)).collect();
        let charged = self.charged(&seen, &classes);
        let grower = seen
            .iter()
            .position(|seen| seen.holds_gil)
            .or_else(|| classes.iter().position(|class| *class < Class::Waiting))
            .or_else(|| seen.iter().position(|seen| seen.thread == self.main));
        for (index, class) in classes.into_iter().enumerate() {
            let class = match class {
                // What it waits for works.
                Class::Locked if charged == Some(index) && native => Class::Native,
                Class::Waiting | Class::Locked if charged != Some(index) => Class::Idle,
                class => class,
            };
            let growth = if grower == Some(index) { growth } else { 0 };
            match self.stack(&seen[index], &seen, &doing, class) {
                Some(stack) => {
                    let span = (end.saturating_sub(time), end);
                    self.add(&seen[index], &stack, class, span, growth);
                }
                None => self.builder.figures().dropped += 1,
            }
        }
    }

    fn class(&mut self, seen: &Seen) -> Class {
        let worked = self.work(seen.thread).map(|time| time > 0);
        let doing =
            if seen.holds_gil { clock::Doing::Running } else { self.kernel.doing(seen.thread) };
        let instruction = seen.opcode;
        let moment = Moment { holds_gil: seen.holds_gil, instruction, doing, worked };
        moment.class(&self.instructions, &self.gil)
    }

    /// The thread whose waiting is the program's, if all wait: one that waits for something from
    /// outside, or else the first.
    fn charged(&self, seen: &[Seen], classes: &[Class]) -> Option<usize> {
        if classes.iter().any(|class| *class < Class::Waiting) {
            return None;
        }
        let outside = classes.iter().position(|class| *class == Class::Waiting);
        let main = seen.iter().position(|seen| seen.thread == self.main);
        let is_main_outside = main.filter(|&main| classes[main] == Class::Waiting);
        is_main_outside.or(outside).or(main)
    }

    /// Processor time of a thread since this was asked the last time.
    fn work(&mut self, thread: i32) -> Option<u64> {
        let now = processor_time(thread)?;
        let (first, last) = *self.clocks.entry(thread).or_insert((now, now));
        // Numbers of threads are used again.
        let first = if now < last { now } else { first };
        self.clocks.insert(thread, (first, now));
        Some(now.saturating_sub(last))
    }

    /// Whether threads that are not `seen` have worked since the last sample: BLAS's, for one.
    fn native_work(&mut self, seen: &[Seen], time: u64) -> bool {
        let seen: HashSet<i32> = seen.iter().map(|seen| seen.thread).collect();
        if self.listed.is_none_or(|listed| listed.elapsed() >= LISTING) {
            self.listed = Some(Instant::now());
            let threads = clock::threads();
            let alive: HashSet<i32> = threads.iter().map(|thread| thread.0).collect();
            self.kernel.keep(|thread| alive.contains(&thread));
            self.threads.clear();
            for (number, name) in threads.into_iter().filter(|thread| thread.0 != self.own) {
                self.threads.push(number);
                if !seen.contains(&number) {
                    let process = std::process::id();
                    let make =
                        || Thread { process, number, name, is_python: false, processor_time: 0 };
                    self.builder.thread(process, number, make);
                }
            }
        }
        let threads = std::mem::take(&mut self.threads);
        let native = threads.iter().filter(|thread| !seen.contains(thread));
        let worked: u64 = native.filter_map(|&thread| self.work(thread)).sum();
        self.threads = threads;
        worked as f64 > AT_WORK * time as f64
    }

    fn growth(&mut self) -> i64 {
        if !self.settings.memory {
            return 0;
        }
        let now = self.kernel.resident();
        let before = std::mem::replace(&mut self.resident, now);
        match (before, now) {
            (Some(before), Some(now)) => now as i64 - before as i64,
            _ => 0,
        }
    }

    /// The frames of a thread: Python's, and around or behind them what it said that it does. A task
    /// of the engine's in another thread than the one that waits for it is part of what that one does.
    /// Nothing if they could not be read.
    fn stack(
        &mut self,
        seen: &Seen,
        all: &[Seen],
        doing: &BTreeMap<i32, Vec<Doing>>,
        class: Class,
    ) -> Option<Vec<u32>> {
        let mut stack = Vec::new();
        let mut is_torn = seen.is_torn;
        let doing = doing.get(&seen.thread).map_or(&[][..], Vec::as_slice);
        let is_elsewhere = |doing: &&Doing| match doing {
            Doing::Task { asker, .. } => *asker != Some(seen.thread),
            Doing::Kernel(_) => false,
        };
        for task in doing.iter().filter(is_elsewhere) {
            if let Doing::Task { asker: Some(asker), .. } = task
                && stack.is_empty()
                && let Some(asker) = all.iter().find(|seen| seen.thread == *asker)
            {
                is_torn |= asker.is_torn;
                self.frames(asker, &mut stack);
            }
            stack.push(self.frame(task));
        }
        self.frames(seen, &mut stack);
        // Python's own frames tell as much as the task that called them.
        let is_told = |doing: &&Doing| matches!(doing, Doing::Task { is_python: true, .. });
        if class == Class::Native || seen.frames.is_empty() {
            let here = doing.iter().filter(|doing| !is_elsewhere(doing) && !is_told(doing));
            for doing in here {
                stack.push(self.frame(doing));
            }
        }
        (!is_torn).then_some(stack)
    }

    /// Adds a thread's frames of Python's, the outermost first.
    fn frames(&mut self, seen: &Seen, stack: &mut Vec<u32>) {
        for at in seen.frames.iter().rev() {
            let code = &self.walker.codes()[at.code as usize];
            let builder = &mut self.builder;
            stack.push(*self.places.entry(*at).or_insert_with(|| {
                let (file, function) = (code.file.clone(), code.function.clone());
                builder.frame(Frame { file, function, line: code.line(at.instruction) })
            }));
        }
    }

    fn frame(&mut self, doing: &Doing) -> u32 {
        let (file, function) = match doing {
            Doing::Kernel(name) => (KERNELS, format!("{name} [mc.jit]")),
            Doing::Task { op, .. } => (TASKS, format!("manycore: {op}")),
        };
        self.builder.frame(Frame { file: file.into(), function, line: 0 })
    }

    fn add(
        &mut self,
        seen: &Seen,
        stack: &[u32],
        class: Class,
        (start, end): (u64, u64),
        growth: i64,
    ) {
        if stack.is_empty() {
            return;
        }
        let process = std::process::id();
        let (number, main) = (seen.thread, self.main);
        let thread = self.builder.thread(process, number, || Thread {
            process,
            number,
            name: if number == main {
                "MainThread".into()
            } else {
                clock::name(number).unwrap_or_default()
            },
            is_python: false,
            processor_time: 0,
        });
        self.builder.figures().threads[thread as usize].is_python |= !seen.frames.is_empty();
        let stack = self.builder.stack(stack);
        let time = end - start;
        self.builder.count((thread, stack, class), Count { samples: 1, time, growth });
        self.builder.span(Span { thread, stack, class, start, end });
    }

    fn finished(&self) -> Profile {
        let mut profile = self.builder.profile();
        for thread in &mut profile.threads {
            let (first, last) = self.clocks.get(&thread.number).copied().unwrap_or_default();
            thread.processor_time = last.saturating_sub(first);
        }
        profile.end = clock::now();
        profile.own_time = processor_time(self.own).unwrap_or(0);
        profile.processor_time = clock::process_time().saturating_sub(self.process_start);
        if self.part == Some(Part::Child) {
            profile.child_time = profile.processor_time;
        }
        profile
    }
}

/// The one profile that is made at one time; a fork has the sampler, but not its thread.
static RUNNING: Home<Sampler> = Home::new();

/// Makes what `start` starts the process's sampler; nothing, and no start, if it has one.
pub fn run(start: impl FnOnce() -> io::Result<Sampler>) -> Option<io::Result<()>> {
    let mut running = RUNNING.lock();
    if running.is_some() {
        return None;
    }
    Some(start().map(|sampler| *running = Some(sampler)))
}

/// Ends the process's profile.
pub fn stop() -> Option<Profile> {
    let sampler = RUNNING.lock().take();
    sampler.map(Sampler::stop)
}

#[cfg(test)]
mod tests {
    use super::{Pace, close_folder, open_folder, write};
    use crate::profile::class::Class;
    use crate::profile::counts::tests::{frame, profile};
    use std::time::{Duration, Instant};

    #[test]
    fn a_moment_in_each_period_and_missed_ones_count() {
        let start = Instant::now();
        let mut pace = Pace::new(100.0, start);
        let mut moments = Vec::new();
        for _ in 0..1000 {
            let moment = pace.draw();
            assert_eq!(pace.advance(moment), 1);
            moments.push((moment - start).as_secs_f64() * 100.0);
        }
        assert!(moments.iter().enumerate().all(|(index, at)| at.floor() == index as f64));
        let mean = moments.iter().map(|at| at.fract()).sum::<f64>() / 1000.0;
        assert!((0.45..0.55).contains(&mean), "{mean}");
        let late = pace.next + Duration::from_millis(35);
        assert_eq!(pace.advance(late), 4);
        assert_eq!(pace.next, start + Duration::from_millis(10_040));
    }

    #[test]
    fn a_folder_of_workers_profiles() {
        let folder = tempfile::tempdir().unwrap();
        open_folder(folder.path()).unwrap();
        let sent = profile(5, &[(&[frame("a.py", "f", 1)], Class::Python, 3)]);
        write(folder.path(), "5.profile", &sent);
        std::fs::write(folder.path().join("6.profile"), b"torn").unwrap();
        // A worker that was killed is not waited for.
        std::fs::write(folder.path().join("4194999.begun"), []).unwrap();
        let start = Instant::now();
        let read = close_folder(folder.path(), Duration::from_secs(20));
        assert!(start.elapsed() < Duration::from_secs(10));
        assert_eq!(read, [sent]);
        assert!(!folder.path().join("open").exists());
    }
}
