//! The caches between the cores and the memory.
//!
//! Read from `/sys/devices/system/cpu/cpu*/cache`, which lists each cache once for every processor
//! that shares it. Caches that are alike become one entry with a count; a machine with two kinds of
//! cores has two entries of a level.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crate::text::{parse_processors, parse_size, read};

/// One kind of cache and how many of it the machine has.
///
/// ```
/// for cache in &measure::Machine::detect().caches {
///     assert!(cache.instances >= 1);
///     assert!(["data", "instruction", "unified"].contains(&cache.kind));
/// }
/// ```
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct Cache {
    /// Distance from the core: 1 is the nearest.
    pub level: usize,
    /// `"data"`, `"instruction"` or `"unified"`.
    pub kind: &'static str,
    /// Size of one instance, in bytes.
    pub bytes: u64,
    /// Logical processors that share one instance.
    pub shared_by: usize,
    /// Bytes that move together; 0 where the machine does not say.
    pub line_bytes: usize,
    /// How many of these caches the machine has.
    pub instances: usize,
}

/// The caches of the `online` processors, nearest first.
pub(crate) fn read_caches(root: &Path, online: &BTreeSet<usize>) -> Vec<Cache> {
    // An index names the same cache for all the processors in its list, so most need one read.
    let mut seen = BTreeSet::new();
    let mut instances = BTreeMap::new();
    for processor in online {
        for index in 0.. {
            let folder = format!("sys/devices/system/cpu/cpu{processor}/cache/index{index}");
            let Some(level) = read(root, format!("{folder}/level")) else { break };
            let shared = read(root, format!("{folder}/shared_cpu_list"))
                .unwrap_or_else(|| processor.to_string());
            if !seen.insert((index, shared.clone())) {
                continue;
            }
            let file = |name: &str| read(root, format!("{folder}/{name}")).unwrap_or_default();
            let (kind, size) = (file("type"), file("size"));
            if let Some(cache) =
                parse_cache(&level, &kind, &size, &shared, &file("coherency_line_size"))
            {
                *instances.entry(cache).or_insert(0) += 1;
            }
        }
    }
    instances.into_iter().map(|(cache, instances)| Cache { instances, ..cache }).collect()
}

/// What the caches furthest from the cores hold, in bytes, as far as `threads` threads can reach:
/// in the worst case each runs beside another instance.
pub(crate) fn last_level_bytes(caches: &[Cache], threads: usize) -> Option<u64> {
    let last = caches.iter().map(|cache| cache.level).max()?;
    let reached = |cache: &Cache| cache.bytes * cache.instances.min(threads) as u64;
    let holds_data = |cache: &&Cache| cache.level == last && cache.kind != "instruction";
    Some(caches.iter().filter(holds_data).map(reached).sum())
}

/// One instance, from the text of its files.
fn parse_cache(level: &str, kind: &str, size: &str, shared: &str, line: &str) -> Option<Cache> {
    let kind = match kind {
        "Data" => "data",
        "Instruction" => "instruction",
        "Unified" => "unified",
        _ => return None,
    };
    Some(Cache {
        level: level.parse().ok()?,
        kind,
        bytes: parse_size(size).filter(|&bytes| bytes > 0)?,
        shared_by: parse_processors(shared).len().max(1),
        line_bytes: line.parse().unwrap_or(0),
        instances: 1,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::Tree;

    const KIND: [&str; 4] = ["Data", "Instruction", "Unified", "Unified"];
    const LEVEL: [&str; 4] = ["1", "1", "2", "3"];

    fn add(tree: &Tree, processor: usize, sizes: [&str; 4], shared: [&str; 4]) {
        for index in 0..4 {
            let folder = format!("sys/devices/system/cpu/cpu{processor}/cache/index{index}");
            let file = |name: &str, text: &str| tree.write(&format!("{folder}/{name}"), text);
            file("level", LEVEL[index]);
            file("type", KIND[index]);
            file("size", sizes[index]);
            file("shared_cpu_list", shared[index]);
            file("coherency_line_size", "64\n");
        }
    }

    fn found(caches: &[Cache]) -> Vec<(usize, &str, u64, usize, usize)> {
        let row = |c: &Cache| (c.level, c.kind, c.bytes >> 10, c.shared_by, c.instances);
        caches.iter().map(row).collect()
    }

    #[test]
    fn a_shared_cache_counts_once() {
        let tree = Tree::new(&[]);
        let sizes = ["32K", "32K", "1024K", "36608K"];
        add(&tree, 0, sizes, ["0", "0", "0", "0-1"]);
        add(&tree, 1, sizes, ["1", "1", "1", "0-1"]);
        let caches = read_caches(tree.root(), &BTreeSet::from([0, 1]));
        let expected = [
            (1, "data", 32, 1, 2),
            (1, "instruction", 32, 1, 2),
            (2, "unified", 1024, 1, 2),
            (3, "unified", 36_608, 2, 1),
        ];
        assert_eq!(found(&caches), expected);
        assert!(caches.iter().all(|cache| cache.line_bytes == 64));
    }

    #[test]
    fn two_kinds_of_cores_have_two_entries_of_a_level() {
        let tree = Tree::new(&[]);
        add(&tree, 0, ["48K", "32K", "2M", "30M"], ["0-1", "0-1", "0-1", "0-3"]);
        add(&tree, 1, ["48K", "32K", "2M", "30M"], ["0-1", "0-1", "0-1", "0-3"]);
        add(&tree, 2, ["32K", "64K", "4M", "30M"], ["2", "2", "2-3", "0-3"]);
        add(&tree, 3, ["32K", "64K", "4M", "30M"], ["3", "3", "2-3", "0-3"]);
        let caches = read_caches(tree.root(), &(0..4).collect());
        let expected = [
            (1, "data", 32, 1, 2),
            (1, "data", 48, 2, 1),
            (1, "instruction", 32, 2, 1),
            (1, "instruction", 64, 1, 2),
            (2, "unified", 2048, 2, 1),
            (2, "unified", 4096, 2, 1),
            (3, "unified", 30_720, 4, 1),
        ];
        assert_eq!(found(&caches), expected);
    }

    #[test]
    fn a_cache_of_unknown_kind_or_size_is_left_out() {
        assert_eq!(parse_cache("1", "Trace", "12K", "0", "64"), None);
        assert_eq!(parse_cache("1", "Data", "", "0", "64"), None);
        assert_eq!(parse_cache("1", "Data", "0K", "0", "64"), None);
        assert_eq!(parse_cache("one", "Data", "32K", "0", "64"), None);
        let cache = parse_cache("1", "Data", "32K", "", "").expect("a cache without details");
        assert_eq!((cache.shared_by, cache.line_bytes), (1, 0));
    }

    #[test]
    fn a_machine_that_lists_no_caches_has_an_empty_report() {
        assert_eq!(read_caches(Tree::new(&[]).root(), &(0..4).collect()), []);
        assert_eq!(last_level_bytes(&[], 4), None);
    }

    #[test]
    fn threads_reach_no_more_last_level_caches_than_there_are_threads() {
        let cache = |level, kind, bytes, instances| Cache {
            level,
            kind,
            bytes,
            shared_by: 1,
            line_bytes: 64,
            instances,
        };
        let caches = [cache(2, "unified", 512, 64), cache(3, "unified", 1000, 8)];
        assert_eq!(last_level_bytes(&caches, 1), Some(1000));
        assert_eq!(last_level_bytes(&caches, 8), Some(8000));
        assert_eq!(last_level_bytes(&caches, 64), Some(8000));
        let split = [cache(1, "data", 32, 4), cache(1, "instruction", 32, 4)];
        assert_eq!(last_level_bytes(&split, 4), Some(128));
    }
}
