//! The processor's name, its cores, and which of them the scheduler lets this process use.

use std::collections::BTreeSet;
use std::num::NonZero;
use std::path::Path;
use std::thread::available_parallelism;

use crate::text::{parse_field, parse_processors, read};

/// What is there (`model`, `physical`, `online`) and what this process may use (`allowed`).
#[derive(Debug)]
pub(crate) struct Processor {
    pub(crate) model: String,
    pub(crate) physical: usize,
    /// The logical processors that are switched on.
    pub(crate) online: BTreeSet<usize>,
    /// The part of `online` in this process's affinity mask.
    pub(crate) allowed: BTreeSet<usize>,
}

pub(crate) fn read_processor(root: &Path) -> Processor {
    let cpuinfo = read(root, "proc/cpuinfo").unwrap_or_default();
    let online = read_online(root, &cpuinfo);
    let status = read(root, "proc/self/status").unwrap_or_default();
    Processor {
        model: parse_model(&cpuinfo).unwrap_or_else(|| std::env::consts::ARCH.to_owned()),
        physical: read_physical(root, &online)
            .or_else(|| parse_physical(&cpuinfo))
            .unwrap_or(online.len())
            .clamp(1, online.len()),
        allowed: parse_allowed(&status, &online),
        online,
    }
}

/// The cores that the standard library sees, where no file says more.
pub(crate) fn fallback_cores() -> usize {
    available_parallelism().map_or(1, NonZero::get)
}

fn read_online(root: &Path, cpuinfo: &str) -> BTreeSet<usize> {
    let online = parse_processors(&read(root, "sys/devices/system/cpu/online").unwrap_or_default());
    if !online.is_empty() {
        return online;
    }
    match cpuinfo.lines().filter(|line| is_processor(line)).count() {
        0 => (0..fallback_cores()).collect(),
        processors => (0..processors).collect(),
    }
}

/// A core is one set of processors that share it. Core numbers won't do: they start again on each
/// die of some processors.
fn read_physical(root: &Path, online: &BTreeSet<usize>) -> Option<usize> {
    let siblings = |processor: &usize| {
        let folder = format!("sys/devices/system/cpu/cpu{processor}/topology");
        read(root, format!("{folder}/core_cpus_list"))
            // The name before Linux 5.3.
            .or_else(|| read(root, format!("{folder}/thread_siblings_list")))
    };
    online.iter().map(siblings).collect::<Option<BTreeSet<String>>>().map(|cores| cores.len())
}

/// Lines such as `processor : 3`; `Processor : ARMv7 ...` is a name.
fn is_processor(line: &str) -> bool {
    line.split_once(':').is_some_and(|(key, value)| {
        key.trim() == "processor" && value.trim().parse::<usize>().is_ok()
    })
}

/// Each architecture says its name under another key; 64-bit Arm gives only numbers.
fn parse_model(cpuinfo: &str) -> Option<String> {
    let named = ["model name", "cpu model", "cpu", "Model", "Hardware"]
        .into_iter()
        .filter_map(|key| parse_field(cpuinfo, key))
        .find(|name| !name.is_empty());
    if let Some(name) = named {
        return Some(name.split_whitespace().collect::<Vec<_>>().join(" "));
    }
    let implementer = parse_field(cpuinfo, "CPU implementer")?;
    let part = parse_field(cpuinfo, "CPU part")?;
    // Arm's Main ID Register; these are the designs that cloud machines run on.
    let design = match (implementer, part) {
        ("0x41", "0xd0c") => "Arm Neoverse N1",
        ("0x41", "0xd40") => "Arm Neoverse V1",
        ("0x41", "0xd49") => "Arm Neoverse N2",
        ("0x41", "0xd4f") => "Arm Neoverse V2",
        _ => return Some(format!("implementer {implementer} part {part}")),
    };
    Some(design.to_owned())
}

fn parse_physical(cpuinfo: &str) -> Option<usize> {
    let cores: Option<BTreeSet<(&str, &str)>> = cpuinfo
        .split("\n\n")
        .filter(|block| block.lines().any(is_processor))
        .map(|block| Some((parse_field(block, "physical id")?, parse_field(block, "core id")?)))
        .collect();
    cores.map(|cores| cores.len()).filter(|&cores| cores > 0)
}

/// The mask is kept for processors that could be plugged in too: `0-127` on a machine with sixteen
/// is common, so only those that are on count.
fn parse_allowed(status: &str, online: &BTreeSet<usize>) -> BTreeSet<usize> {
    let list = parse_field(status, "Cpus_allowed_list").unwrap_or_default();
    let allowed: BTreeSet<usize> = parse_processors(list).intersection(online).copied().collect();
    if allowed.is_empty() { online.clone() } else { allowed }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::Tree;

    /// Two sockets, two cores each, two threads a core, as Linux numbers them.
    fn cpuinfo(sockets: usize, cores: usize, threads: usize) -> String {
        let block = |processor: usize| {
            let (socket, core) = (processor % sockets, processor / sockets % cores);
            format!(
                "processor\t: {processor}\nvendor_id\t: GenuineIntel\n\
                 model name\t: Intel(R) Xeon(R) CPU   @ 2.50GHz\n\
                 physical id\t: {socket}\ncore id\t\t: {core}\n\n"
            )
        };
        (0..sockets * cores * threads).map(block).collect()
    }

    const GRAVITON: &str = "\
processor\t: 0
BogoMIPS\t: 243.75
Features\t: fp asimd evtstrm aes
CPU implementer\t: 0x41
CPU architecture: 8
CPU part\t: 0xd0c

processor\t: 1
CPU implementer\t: 0x41
CPU part\t: 0xd0c
";

    #[test]
    fn the_model_name_is_found_and_its_padding_dropped() {
        let name = Some("Intel(R) Xeon(R) CPU @ 2.50GHz".to_owned());
        assert_eq!(parse_model(&cpuinfo(1, 1, 1)), name);
        let power = "processor\t: 0\ncpu\t\t: POWER9, altivec supported\n";
        assert_eq!(parse_model(power), Some("POWER9, altivec supported".to_owned()));
    }

    #[test]
    fn an_arm_processor_is_named_by_its_part() {
        assert_eq!(parse_model(GRAVITON), Some("Arm Neoverse N1".to_owned()));
        let unknown = GRAVITON.replace("0xd0c", "0xfff");
        assert_eq!(parse_model(&unknown), Some("implementer 0x41 part 0xfff".to_owned()));
        assert_eq!(parse_model(""), None);
    }

    #[test]
    fn threads_of_one_core_in_cpuinfo_count_once() {
        assert_eq!(parse_physical(&cpuinfo(2, 2, 2)), Some(4));
        assert_eq!(parse_physical(&cpuinfo(1, 2, 1)), Some(2));
        assert_eq!(parse_physical(GRAVITON), None);
        assert_eq!(parse_physical(""), None);
    }

    #[test]
    fn only_processors_that_are_on_count_as_allowed() {
        let online = (0..16).collect();
        assert_eq!(parse_allowed("Cpus_allowed_list:\t0-127\n", &online), online);
        let half = parse_allowed("Cpus_allowed_list:\t8-127\n", &online);
        assert_eq!(half, (8..16).collect());
    }

    #[test]
    fn all_processors_are_allowed_where_no_mask_is_known() {
        let online = (0..4).collect();
        assert_eq!(parse_allowed("Name:\tpython\n", &online), online);
        assert_eq!(parse_allowed("Cpus_allowed_list:\t\n", &online), online);
    }

    #[test]
    fn the_topology_decides_before_cpuinfo() {
        let tree = Tree::new(&[
            ("proc/cpuinfo", &cpuinfo(1, 4, 1)),
            ("proc/self/status", "Name:\tx\nCpus_allowed_list:\t1-2\n"),
            ("sys/devices/system/cpu/online", "0-3\n"),
            ("sys/devices/system/cpu/cpu0/topology/core_cpus_list", "0,2\n"),
            ("sys/devices/system/cpu/cpu1/topology/core_cpus_list", "1,3\n"),
            ("sys/devices/system/cpu/cpu2/topology/thread_siblings_list", "0,2\n"),
            ("sys/devices/system/cpu/cpu3/topology/thread_siblings_list", "1,3\n"),
        ]);
        let processor = read_processor(tree.root());
        assert_eq!(processor.physical, 2);
        assert_eq!(processor.online, (0..4).collect());
        assert_eq!(processor.allowed, BTreeSet::from([1, 2]));
    }

    #[test]
    fn cpuinfo_decides_where_there_is_no_topology() {
        let tree = Tree::new(&[("proc/cpuinfo", &cpuinfo(2, 2, 2))]);
        let processor = read_processor(tree.root());
        assert_eq!((processor.physical, processor.online.len()), (4, 8));
        let tree = Tree::new(&[("proc/cpuinfo", GRAVITON)]);
        let processor = read_processor(tree.root());
        assert_eq!((processor.physical, processor.online.len()), (2, 2));
    }

    #[test]
    fn an_empty_tree_falls_back_on_the_standard_library() {
        let processor = read_processor(Tree::new(&[]).root());
        assert_eq!(processor.model, std::env::consts::ARCH);
        assert_eq!(processor.online.len(), fallback_cores());
        assert_eq!(processor.physical, fallback_cores());
    }
}
