//! The machine as macOS tells it, through the `sysctl` command.
//!
//! The command and not the call, because the call needs unsafe code for what is asked once in the
//! life of a process. There are no control groups and no affinity: all cores may be used.

use std::process::Command;

use crate::cache::Cache;
use crate::machine::Machine;
use crate::processor::fallback_cores;
use crate::text::parse_field;
use crate::vector;

/// Asks the command; `None` if it can't be run.
pub(crate) fn read_machine() -> Option<Machine> {
    let output =
        Command::new("/usr/sbin/sysctl").args(["hw", "machdep.cpu.brand_string"]).output().ok()?;
    parse_machine(&String::from_utf8_lossy(&output.stdout))
}

/// `None` if the text does not say how much memory there is, so is not what we take it for.
fn parse_machine(text: &str) -> Option<Machine> {
    let number = |key: &str| parse_field(text, key)?.parse::<u64>().ok();
    let cores = |key: &str| number(key).map(|cores| cores as usize).filter(|&cores| cores > 0);
    let memory = number("hw.memsize")?;
    let logical = cores("hw.logicalcpu").unwrap_or_else(fallback_cores);
    Some(Machine {
        model: parse_field(text, "machdep.cpu.brand_string")
            .unwrap_or(std::env::consts::ARCH)
            .to_owned(),
        physical_cores: cores("hw.physicalcpu").unwrap_or(logical).min(logical),
        logical_cores: logical,
        usable_cores: logical,
        affinity_cores: logical,
        allowed: Vec::new(),
        cgroup_quota: None,
        caches: parse_caches(text, logical),
        memory_total: memory,
        memory_available: memory,
        memory_limit: None,
        vector: vector::detect(),
        gpus: Vec::new(),
    })
}

/// `hw.cacheconfig` says how many processors share the memory and each level of cache.
fn parse_caches(text: &str, logical: usize) -> Vec<Cache> {
    let number = |key: &str| parse_field(text, key)?.parse::<u64>().ok();
    let sharing: Vec<usize> = parse_field(text, "hw.cacheconfig")
        .unwrap_or_default()
        .split_whitespace()
        .map_while(|number| number.parse().ok())
        .collect();
    let cache = |(level, kind, key): (usize, &'static str, &str)| {
        let shared_by = sharing.get(level).copied().unwrap_or(1).clamp(1, logical);
        Some(Cache {
            level,
            kind,
            bytes: number(key).filter(|&bytes| bytes > 0)?,
            shared_by,
            line_bytes: number("hw.cachelinesize").unwrap_or(0) as usize,
            instances: logical.div_ceil(shared_by),
        })
    };
    let caches = [
        (1, "data", "hw.l1dcachesize"),
        (1, "instruction", "hw.l1icachesize"),
        (2, "unified", "hw.l2cachesize"),
        (3, "unified", "hw.l3cachesize"),
    ];
    caches.into_iter().filter_map(cache).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const LAPTOP: &str = "\
hw.ncpu: 8
hw.physicalcpu: 4
hw.logicalcpu: 8
hw.memsize: 17179869184
hw.cachelinesize: 64
hw.cacheconfig: 8 2 2 8 0 0 0 0 0 0
hw.l1icachesize: 32768
hw.l1dcachesize: 32768
hw.l2cachesize: 262144
hw.l3cachesize: 8388608
machdep.cpu.brand_string: Intel(R) Core(TM) i7-7820HQ CPU @ 2.90GHz
";

    #[test]
    fn a_laptop_is_read_from_its_fields() {
        let machine = parse_machine(LAPTOP).expect("a machine");
        assert_eq!(machine.model, "Intel(R) Core(TM) i7-7820HQ CPU @ 2.90GHz");
        assert_eq!((machine.physical_cores, machine.logical_cores), (4, 8));
        assert_eq!(machine.usable_memory(), 16 << 30);
        let caches: Vec<_> =
            machine.caches.iter().map(|c| (c.level, c.bytes >> 10, c.instances)).collect();
        assert_eq!(caches, [(1, 32, 4), (1, 32, 4), (2, 256, 4), (3, 8192, 1)]);
    }

    #[test]
    fn a_cache_that_is_not_there_is_left_out() {
        let machine = parse_machine(&LAPTOP.replace("hw.l3cachesize: 8388608\n", ""));
        assert_eq!(machine.expect("a machine").caches.len(), 3);
    }

    #[test]
    fn text_without_memory_is_no_machine() {
        assert_eq!(parse_machine(""), None);
        assert_eq!(parse_machine("hw.memsize: plenty\n"), None);
    }
}
