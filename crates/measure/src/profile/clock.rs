//! What a thread does, by the kernel: its processor time, and whether it waits.

use std::collections::HashMap;
use std::fs::{self, File};
use std::io::Read;

/// Nanoseconds on the system's steady clock, which is one for all processes.
pub fn now() -> u64 {
    clock(libc::CLOCK_MONOTONIC).unwrap_or(0)
}

/// Nanoseconds of processor time that a thread of ours has used.
#[cfg(target_os = "linux")]
pub fn processor_time(thread: i32) -> Option<u64> {
    // The kernel's name for that clock (`CPUCLOCK_PERTHREAD | CPUCLOCK_SCHED`).
    clock((!thread << 3) | 6)
}

/// Nothing: the clocks of other threads are Linux's.
#[cfg(not(target_os = "linux"))]
pub fn processor_time(_thread: i32) -> Option<u64> {
    None
}

/// Nanoseconds of processor time that this process has used.
pub fn process_time() -> u64 {
    clock(libc::CLOCK_PROCESS_CPUTIME_ID).unwrap_or(0)
}

fn clock(clock: libc::clockid_t) -> Option<u64> {
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: `time` is ours, and a clock that doesn't exist is an error of the call.
    let failed = unsafe { libc::clock_gettime(clock, &mut time) };
    (failed == 0).then_some(time.tv_sec as u64 * 1_000_000_000 + time.tv_nsec as u64)
}

/// What a thread is doing in the kernel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doing {
    /// Running, or ready to.
    Running,
    /// Waiting for the futex at this address: a lock, a condition, another thread.
    Futex(usize),
    /// Waiting for something else: time, a file, a socket.
    Waiting,
    /// The kernel doesn't tell.
    Unknown,
}

/// The system call of a futex on this machine.
const FUTEX: &str = if cfg!(target_arch = "aarch64") { "98" } else { "202" };

impl Doing {
    /// By the text of `/proc/PID/task/TID/syscall`.
    pub fn parse(text: &str) -> Self {
        let mut words = text.split_ascii_whitespace();
        match words.next() {
            None => Self::Unknown,
            Some("running") => Self::Running,
            Some(FUTEX) => {
                let address = words.next().and_then(|word| word.strip_prefix("0x"));
                let address = address.and_then(|hex| usize::from_str_radix(hex, 16).ok());
                Self::Futex(address.unwrap_or(0))
            }
            Some(_) => Self::Waiting,
        }
    }
}

/// Files of the kernel's that are read at each sample, kept open.
#[derive(Debug, Default)]
pub struct Threads {
    calls: HashMap<i32, Option<File>>,
    resident: Option<File>,
}

impl Threads {
    /// What one of our threads is doing.
    pub fn doing(&mut self, thread: i32) -> Doing {
        let open = || File::open(format!("/proc/self/task/{thread}/syscall")).ok();
        let file = self.calls.entry(thread).or_insert_with(open);
        let mut text = [0; 256];
        let length = file.as_ref().map_or(0, |file| read(file, &mut text));
        Doing::parse(std::str::from_utf8(&text[..length]).unwrap_or(""))
    }

    /// Closes the files of all threads but these.
    pub fn keep(&mut self, is_alive: impl Fn(i32) -> bool) {
        self.calls.retain(|&thread, _| is_alive(thread));
    }

    /// Bytes of this process that are in memory.
    pub fn resident(&mut self) -> Option<u64> {
        if self.resident.is_none() {
            self.resident = File::open("/proc/self/statm").ok();
        }
        let mut text = [0; 128];
        let length = read(self.resident.as_ref()?, &mut text);
        resident(std::str::from_utf8(&text[..length]).ok()?, page_size())
    }
}

#[cfg(unix)]
fn read(file: &File, into: &mut [u8]) -> usize {
    use std::os::unix::fs::FileExt;
    file.read_at(into, 0).unwrap_or(0)
}

/// By the text of `/proc/PID/statm`.
fn resident(text: &str, page: u64) -> Option<u64> {
    text.split_ascii_whitespace().nth(1)?.parse::<u64>().ok().map(|pages| pages * page)
}

fn page_size() -> u64 {
    // Of what `getauxval` has, without a call: the page is the same for all processes.
    static PAGE: std::sync::OnceLock<u64> = std::sync::OnceLock::new();
    *PAGE.get_or_init(|| {
        let mut bytes = Vec::new();
        let read = File::open("/proc/self/auxv").and_then(|mut file| file.read_to_end(&mut bytes));
        let words: Vec<u64> = bytes
            .chunks_exact(8)
            .filter_map(|bytes| bytes.try_into().ok().map(u64::from_ne_bytes))
            .collect();
        let page = words.chunks_exact(2).find(|pair| pair[0] == 6).map(|pair| pair[1]);
        read.ok().and(page).unwrap_or(4096)
    })
}

/// The threads of this process: their numbers and names.
pub fn threads() -> Vec<(i32, String)> {
    let Ok(entries) = fs::read_dir("/proc/self/task") else { return Vec::new() };
    let number = |entry: fs::DirEntry| entry.file_name().to_str()?.parse().ok();
    let numbers = entries.flatten().filter_map(number);
    numbers.map(|number| (number, name(number).unwrap_or_default())).collect()
}

/// What a thread is called by the kernel.
pub fn name(thread: i32) -> Option<String> {
    let text = fs::read_to_string(format!("/proc/self/task/{thread}/comm")).ok()?;
    Some(text.trim_end().to_owned())
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::{Doing, Threads, name, now, processor_time, resident, threads};
    use std::time::{Duration, Instant};
    use trace::doing::thread as this_thread;

    #[test]
    fn what_the_kernel_says_of_a_thread() {
        assert_eq!(Doing::parse("running\n"), Doing::Running);
        let futex = format!("{} 0x55d0c8 0x80 0x0 0x0 0x0 0x0 0x7ffd 0x7f0\n", super::FUTEX);
        assert_eq!(Doing::parse(&futex), Doing::Futex(0x55_d0c8));
        assert_eq!(Doing::parse("7 0x7ffd 0x1 0xffff 0x0 0x0 0x0 0x7ffd 0x7f0"), Doing::Waiting);
        assert_eq!(Doing::parse("-1 0x7ffd 0x7f0"), Doing::Waiting);
        assert_eq!(Doing::parse(""), Doing::Unknown);
        assert_eq!(Doing::parse(&format!("{} what", super::FUTEX)), Doing::Futex(0));
    }

    #[test]
    fn a_thread_that_sleeps_waits_and_one_that_spins_has_a_clock() {
        let (tell, told) = std::sync::mpsc::channel();
        let sleeper = std::thread::spawn(move || {
            tell.send(this_thread()).unwrap();
            std::thread::park();
        });
        let thread = told.recv().unwrap();
        let mut files = Threads::default();
        let end = Instant::now() + Duration::from_secs(5);
        while !matches!(files.doing(thread), Doing::Futex(_) | Doing::Unknown) {
            assert!(Instant::now() < end, "{:?}", files.doing(thread));
            std::thread::sleep(Duration::from_millis(1));
        }
        assert!(threads().iter().any(|(number, _)| *number == thread));
        sleeper.thread().unpark();
        sleeper.join().unwrap();
        let (before, start) = (processor_time(this_thread()).unwrap(), now());
        while processor_time(this_thread()).unwrap() < before + 2_000_000 {}
        assert!(now() >= start + 1_900_000);
        assert!(name(this_thread()).is_some());
    }

    #[test]
    fn resident_memory() {
        assert_eq!(resident("5000 1000 300 1 0 400 0\n", 4096), Some(4_096_000));
        assert_eq!(resident("", 4096), None);
        let size = Threads::default().resident().unwrap();
        assert!((1 << 19..1 << 40).contains(&size), "{size}");
    }
}
