//! The machine report.

use std::path::Path;

use crate::cache::{Cache, read_caches};
use crate::cgroup::read_limits;
use crate::gpu::read_gpus;
use crate::memory::read_memory;
use crate::processor::read_processor;
use crate::{sysctl, vector};

/// What the machine has, and what of it this process may use.
///
/// On Linux all of it is read from `/proc` and `/sys`, on macOS from `sysctl`; elsewhere the cores
/// come from the standard library and the rest is empty.
///
/// ```
/// let machine = measure::Machine::detect();
/// println!("{}: {} of {} cores", machine.model, machine.usable_cores, machine.logical_cores);
/// assert!(machine.physical_cores <= machine.logical_cores);
/// assert!(machine.usable_memory() <= machine.memory_total);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Machine {
    /// The processor's name; the architecture where it has none.
    pub model: String,
    /// Cores that are switched on, each counted once however many threads it runs.
    pub physical_cores: usize,
    /// Threads that the cores which are switched on run at once.
    pub logical_cores: usize,
    /// Logical cores that this process may use, at least 1: its affinity or, if that is less, its
    /// quota rounded up, as the JVM and Go do. Two threads on a quota of 1.5 cores use all of it
    /// and wait a little; one would leave a third of it unused.
    pub usable_cores: usize,
    /// Logical cores in the affinity mask of this process (`taskset`, a batch system, a cpuset).
    pub affinity_cores: usize,
    /// The numbers of these cores, in order; empty where the machine does not say.
    pub allowed: Vec<usize>,
    /// Processor time that control groups (version 1 or 2) grant, in cores; `None` is no limit.
    pub cgroup_quota: Option<f64>,
    /// The kinds of cache, nearest to the core first; empty where the machine does not say.
    pub caches: Vec<Cache>,
    /// Memory of the machine, in bytes; 0 where the machine does not say.
    pub memory_total: u64,
    /// Memory that could be taken now without swapping, in bytes, for the machine as a whole: it
    /// knows nothing of `memory_limit`. `memory_total` on macOS.
    pub memory_available: u64,
    /// The lowest limit of the control groups (version 1 or 2) that this process is in, in bytes;
    /// `None` is no limit. It may be more than the machine has.
    pub memory_limit: Option<u64>,
    /// Vector instructions that the processor has and the system supports, such as `"avx2"`, by
    /// the names that Rust's feature detection uses.
    pub vector: Vec<&'static str>,
    /// The graphics processors that could compute, by name; most machines have none.
    pub gpus: Vec<String>,
}

impl Machine {
    /// Reads the report afresh. It takes a few milliseconds and never fails.
    ///
    /// ```
    /// let machine = measure::Machine::detect();
    /// assert!((1..=machine.affinity_cores).contains(&machine.usable_cores));
    /// ```
    #[must_use]
    pub fn detect() -> Machine {
        let elsewhere = if cfg!(target_os = "macos") { sysctl::read_machine() } else { None };
        elsewhere.unwrap_or_else(|| read_machine(Path::new("/")))
    }

    /// Memory that this process may hold, in bytes: the machine's, or the control groups' limit if
    /// that is less. 0 where the machine does not say.
    ///
    /// ```
    /// let machine = measure::Machine::detect();
    /// let budget = machine.usable_memory() / 10 * 8;
    /// assert!(budget <= machine.memory_total);
    /// ```
    #[must_use]
    pub fn usable_memory(&self) -> u64 {
        self.memory_limit.map_or(self.memory_total, |limit| limit.min(self.memory_total))
    }
}

/// The report of the machine whose `/proc` and `/sys` are below `root`.
fn read_machine(root: &Path) -> Machine {
    let processor = read_processor(root);
    let limits = read_limits(root);
    let memory = read_memory(root);
    let affinity_cores = processor.allowed.len();
    Machine {
        model: processor.model,
        physical_cores: processor.physical,
        logical_cores: processor.online.len(),
        usable_cores: usable_cores(affinity_cores, limits.cores),
        affinity_cores,
        allowed: processor.allowed.into_iter().collect(),
        cgroup_quota: limits.cores,
        caches: read_caches(root, &processor.online),
        memory_total: memory.total,
        memory_available: memory.available,
        memory_limit: limits.memory,
        vector: vector::detect(),
        gpus: read_gpus(root),
    }
}

fn usable_cores(affinity: usize, quota: Option<f64>) -> usize {
    let granted = quota.map_or(usize::MAX, |cores| cores.ceil() as usize);
    affinity.min(granted).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::Tree;

    #[test]
    fn a_quota_is_rounded_up_and_never_to_nothing() {
        assert_eq!(usable_cores(8, None), 8);
        assert_eq!(usable_cores(8, Some(1.5)), 2);
        assert_eq!(usable_cores(8, Some(2.0)), 2);
        assert_eq!(usable_cores(8, Some(0.1)), 1);
        assert_eq!(usable_cores(2, Some(16.0)), 2);
        assert_eq!(usable_cores(0, None), 1);
    }

    #[test]
    fn a_container_on_a_server_may_use_less_than_is_there() {
        let tree = Tree::new(&[
            ("proc/cpuinfo", "processor\t: 0\nmodel name\t: AMD EPYC 7763\n"),
            ("proc/meminfo", "MemTotal: 263856000 kB\nMemAvailable: 250000000 kB\n"),
            ("proc/self/status", "Name:\tpython\nCpus_allowed_list:\t0-15\n"),
            ("proc/self/cgroup", "0::/\n"),
            ("sys/devices/system/cpu/online", "0-63\n"),
            ("sys/fs/cgroup/cpu.max", "350000 100000\n"),
            ("sys/fs/cgroup/memory.max", "4294967296\n"),
        ]);
        let machine = read_machine(tree.root());
        assert_eq!(machine.model, "AMD EPYC 7763");
        assert_eq!((machine.logical_cores, machine.affinity_cores), (64, 16));
        assert_eq!((machine.usable_cores, machine.cgroup_quota), (4, Some(3.5)));
        assert_eq!(machine.allowed, (0..16).collect::<Vec<_>>());
        assert_eq!(machine.memory_total, 263_856_000 << 10);
        assert_eq!(machine.usable_memory(), 4 << 30);
    }

    #[test]
    fn a_limit_above_the_machines_memory_does_not_add_any() {
        let tree = Tree::new(&[
            ("proc/meminfo", "MemTotal: 1024 kB\nMemAvailable: 512 kB\n"),
            ("sys/fs/cgroup/memory.max", "4294967296\n"),
        ]);
        let machine = read_machine(tree.root());
        assert_eq!(machine.memory_limit, Some(4 << 30));
        assert_eq!(machine.usable_memory(), 1 << 20);
    }

    #[test]
    fn a_machine_that_says_nothing_still_has_a_core() {
        let machine = read_machine(Tree::new(&[]).root());
        assert!(machine.usable_cores >= 1);
        assert!(machine.physical_cores >= 1);
        assert!(machine.caches.is_empty());
        assert_eq!(machine.usable_memory(), 0);
        assert_eq!((machine.cgroup_quota, machine.memory_limit), (None, None));
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn this_machine_agrees_with_the_standard_library_on_its_cores() {
        let machine = Machine::detect();
        let cores = crate::processor::fallback_cores();
        // The standard library rounds a quota down.
        let quota = machine.cgroup_quota.map_or(f64::INFINITY, f64::floor);
        let expected = (machine.affinity_cores as f64).min(quota).max(1.0);
        assert_eq!(cores as f64, expected, "{machine:?}");
        assert!(machine.memory_available <= machine.memory_total);
        assert!(machine.memory_total > 0);
    }
}
