//! Whether a measurement was disturbed: what others did on the machine in the meantime.
//!
//! The load average says how busy the machine was in the last minute, our own work included. What
//! disturbs a measurement is what *others* took while it ran, so [`Watch`] compares the processor
//! time of the machine with that of this process and its children.

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};

use crate::text::read;

/// Repeats that differ by more than this are not one measurement.
const MOST_SPREAD: f64 = 0.1;
/// The share of the time that a hypervisor may give to others.
const MOST_STEAL: f64 = 0.01;
/// The share of the machine that other programs may use.
const MOST_OTHERS: f64 = 0.05;
/// The kernel counts in hundredths of a second; over fewer of them shares mean nothing.
const LEAST_TICKS: f64 = 20.0;

/// What the machine did during a measurement. Each part is `None` where the system does not say.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Noise {
    /// Load average of the last minute when the measurement began.
    pub load: Option<f64>,
    /// The share of the machine's time that the hypervisor gave to other guests.
    pub steal: Option<f64>,
    /// Cores that other programs kept busy.
    pub others: Option<f64>,
    /// (largest - smallest) / median over repeats of the same thing.
    pub spread: Option<f64>,
    /// Logical cores of the machine.
    pub cores: usize,
}

impl Noise {
    /// Whether a timing may be believed.
    #[must_use]
    pub fn quiet(&self) -> bool {
        self.reasons().is_empty()
    }

    fn reasons(&self) -> Vec<String> {
        let mut reasons = Vec::new();
        let load = self.load.map(|load| format!("load average {load:.1}"));
        let cores = self.cores.max(1) as f64;
        match (self.others, self.load) {
            (Some(others), _) if others > MOST_OTHERS * cores => {
                let load = load.map(|load| format!(" ({load})")).unwrap_or_default();
                let all = self.cores;
                reasons.push(format!("other programs used {others:.1} of {all} cores{load}"));
            }
            (None, Some(number)) if number > cores / 2.0 => {
                reasons.push(format!("{} on {} cores", load.unwrap_or_default(), self.cores));
            }
            _ => {}
        }
        if let Some(steal) = self.steal.filter(|&steal| steal > MOST_STEAL) {
            reasons.push(format!("the hypervisor took {:.0} % of the time", 100.0 * steal));
        }
        if let Some(spread) = self.spread.filter(|&spread| spread > MOST_SPREAD) {
            reasons.push(format!("repeats differ by {:.0} %", 100.0 * spread));
        }
        reasons
    }
}

/// `quiet`, or `not certain: ` and why.
impl fmt::Display for Noise {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let reasons = self.reasons();
        if reasons.is_empty() {
            return out.write_str("quiet");
        }
        write!(out, "not certain: {}", reasons.join(", "))
    }
}

/// A measurement that runs.
///
/// ```
/// let watch = measure::Watch::start();
/// // ... what is timed ...
/// let noise = watch.noise(Some(0.02));
/// println!("{noise}");
/// ```
#[derive(Debug)]
pub struct Watch {
    root: PathBuf,
    process: u32,
    load: Option<f64>,
    before: Option<Ticks>,
}

impl Watch {
    /// Begins to watch.
    #[must_use]
    pub fn start() -> Watch {
        Watch::over(Path::new("/"), std::process::id())
    }

    fn over(root: &Path, process: u32) -> Watch {
        let load = read(root, "proc/loadavg");
        Watch {
            root: root.to_owned(),
            process,
            load: load.and_then(|text| text.split_whitespace().next()?.parse().ok()),
            before: Ticks::read(root, process),
        }
    }

    /// What happened since; `spread` is (largest - smallest) / median of the repeats, if there were
    /// any. It may be asked more than once.
    #[must_use]
    pub fn noise(&self, spread: Option<f64>) -> Noise {
        let now = Ticks::read(&self.root, self.process);
        let mut noise = Noise { load: self.load, spread, ..Noise::default() };
        let (Some(before), Some(now)) = (&self.before, &now) else {
            noise.cores = crate::processor::fallback_cores();
            return noise;
        };
        noise.cores = now.cores;
        let total = now.total - before.total;
        let elapsed = total / now.cores.max(1) as f64;
        if elapsed >= LEAST_TICKS {
            noise.steal = Some((now.steal - before.steal).max(0.0) / total);
            let others = (now.busy - before.busy) - (now.own - before.own);
            noise.others = Some(others.max(0.0) / elapsed);
        }
        noise
    }
}

/// The kernel's counters, in ticks since the machine started.
#[derive(Debug)]
struct Ticks {
    cores: usize,
    total: f64,
    busy: f64,
    steal: f64,
    /// Of this process and its descendants.
    own: f64,
}

impl Ticks {
    fn read(root: &Path, process: u32) -> Option<Ticks> {
        let stat = read(root, "proc/stat")?;
        let cores = stat.lines().filter(|line| is_core(line)).count();
        let first = stat.lines().find(|line| line.starts_with("cpu "))?;
        let fields: Vec<f64> =
            first.split_whitespace().skip(1).filter_map(|field| field.parse().ok()).collect();
        // user nice system idle iowait irq softirq steal; what guests got is in user already.
        let [user, nice, system, idle, waiting, hard, soft, steal, ..] = fields[..] else {
            return None;
        };
        let busy = user + nice + system + hard + soft;
        let total = busy + idle + waiting + steal;
        Some(Ticks { cores, total, busy, steal, own: family(root, process) })
    }
}

fn is_core(line: &str) -> bool {
    line.strip_prefix("cpu")
        .is_some_and(|rest| rest.starts_with(|letter: char| letter.is_ascii_digit()))
}

/// Processor time of a process, its threads and its descendants, those that have ended included.
fn family(root: &Path, process: u32) -> f64 {
    let folders = std::fs::read_dir(root.join("proc")).into_iter().flatten().flatten();
    let stats: BTreeMap<u32, (u32, f64)> = folders
        .filter_map(|folder| {
            let number: u32 = folder.file_name().to_str()?.parse().ok()?;
            Some((number, parse_stat(&read(root, format!("proc/{number}/stat"))?)?))
        })
        .collect();
    let mut members = vec![process];
    let mut sum = 0.0;
    while let Some(member) = members.pop() {
        sum += stats.get(&member).map_or(0.0, |stat| stat.1);
        members
            .extend(stats.iter().filter(|(_, stat)| stat.0 == member).map(|(&number, _)| number));
    }
    sum
}

/// The parent, and the ticks of a process and its children that it has waited for. The program's
/// name, which may hold anything, is in brackets before.
fn parse_stat(stat: &str) -> Option<(u32, f64)> {
    let (_, after) = stat.rsplit_once(')')?;
    let fields: Vec<&str> = after.split_whitespace().collect();
    let parent = fields.get(1)?.parse().ok()?;
    let times = fields.get(11..15)?.iter().map(|field| field.parse::<f64>().ok());
    Some((parent, times.sum::<Option<f64>>()?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::Tree;

    fn stat(user: u32, idle: u32, steal: u32) -> String {
        format!("cpu  {user} 0 0 {idle} 0 0 0 {steal} 0 0\ncpu0 0 0\ncpu1 0 0\nintr 5\n")
    }

    fn process(parent: u32, user: u32) -> String {
        format!("7 (a ) b) S {parent} 7 7 0 -1 4194304 100 0 0 0 {user} 0 0 0 20 0 1 0 9 9 9")
    }

    #[test]
    fn what_others_take_is_told_from_our_own_and_our_childrens_work() {
        let tree = Tree::new(&[
            ("proc/loadavg", "3.5 2.0 1.0 1/200 77\n"),
            ("proc/stat", &stat(1000, 1000, 0)),
            ("proc/7/stat", &process(1, 100)),
        ]);
        let watch = Watch::over(tree.root(), 7);
        let later = Tree::new(&[
            ("proc/stat", &stat(1180, 1010, 10)),
            ("proc/7/stat", &process(1, 150)),
            ("proc/8/stat", &process(7, 30)),
            ("proc/9/stat", &process(8, 20)),
            ("proc/10/stat", &process(1, 500)),
        ]);
        let noise = Watch { root: later.root().to_owned(), ..watch }.noise(Some(0.2));
        // 200 ticks of 2 cores passed; 180 were busy, of which 100 were ours.
        assert_eq!((noise.cores, noise.others, noise.steal), (2, Some(0.8), Some(0.05)));
        assert!(!noise.quiet());
        assert_eq!(
            noise.to_string(),
            "not certain: other programs used 0.8 of 2 cores (load average 3.5), the hypervisor \
             took 5 % of the time, repeats differ by 20 %"
        );
    }

    #[test]
    fn a_quiet_machine_is_quiet() {
        let noise = Noise {
            load: Some(1.9),
            others: Some(0.05),
            steal: Some(0.0),
            cores: 2,
            ..Noise::default()
        };
        assert!(noise.quiet());
        assert_eq!(noise.to_string(), "quiet");
        let short = Noise { load: Some(1.9), cores: 2, ..Noise::default() };
        assert_eq!(short.to_string(), "not certain: load average 1.9 on 2 cores");
    }

    #[test]
    fn a_system_that_says_nothing_leaves_the_spread() {
        let watch = Watch::over(Tree::new(&[]).root(), 7);
        assert!(watch.noise(Some(0.01)).quiet());
        assert!(!watch.noise(Some(0.5)).quiet());
    }

    #[test]
    fn a_moment_is_too_short_to_count() {
        let tree = Tree::new(&[("proc/stat", &stat(10, 10, 0)), ("proc/7/stat", &process(1, 1))]);
        let noise = Watch::over(tree.root(), 7).noise(None);
        assert_eq!((noise.others, noise.steal), (None, None));
    }
}
