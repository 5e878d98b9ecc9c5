//! What the process's control groups leave it: cores per second and bytes.
//!
//! A limit binds everything below the group that carries it, so the one that counts is the lowest
//! on the way from the process's own group up to the root. Two versions of control groups exist,
//! and a machine may mount both; their files have different names, so each folder is asked for all.
//!
//! The path in `/proc/self/cgroup` starts at the root of the hierarchy, while the mount that a
//! container sees may start lower: `/proc/self/mountinfo` says where, as in `cgroups(7)`.

use std::path::{Path, PathBuf};

use crate::text::read;

/// Version 1 says "no limit" with the largest multiple of the page size below 2^63.
const NO_LIMIT: u64 = 1 << 62;

/// The period of a quota that does not name one, in microseconds.
const DEFAULT_PERIOD: f64 = 100_000.0;

/// `None` is "no limit".
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Limits {
    /// Seconds of processor time in a second.
    pub(crate) cores: Option<f64>,
    /// Bytes.
    pub(crate) memory: Option<u64>,
}

pub(crate) fn read_limits(root: &Path) -> Limits {
    let groups = parse_groups(&read(root, "proc/self/cgroup").unwrap_or_default());
    let mounts = match read(root, "proc/self/mountinfo").as_deref().map(parse_mounts) {
        Some(mounts) if !mounts.is_empty() => mounts,
        _ => usual_mounts(),
    };
    let folders = |controller| {
        let above = mounts.iter().flat_map(|mount| folders(mount, &groups, controller));
        above.collect::<Vec<_>>()
    };
    Limits {
        cores: folders("cpu")
            .iter()
            .filter_map(|folder| read_cores(root, folder))
            .min_by(f64::total_cmp),
        memory: folders("memory").iter().filter_map(|folder| read_memory(root, folder)).min(),
    }
}

fn read_cores(root: &Path, folder: &Path) -> Option<f64> {
    let file = |name: &str| read(root, folder.join(name));
    if let Some(text) = file("cpu.max") {
        return parse_cpu_max(&text);
    }
    parse_cpu_cfs(&file("cpu.cfs_quota_us")?, &file("cpu.cfs_period_us").unwrap_or_default())
}

/// `memory.high` counts as a limit: above it the kernel does not kill, it slows the process to a
/// crawl while it takes pages back.
fn read_memory(root: &Path, folder: &Path) -> Option<u64> {
    let file = |name: &str| read(root, folder.join(name));
    let limits = ["memory.max", "memory.high", "memory.limit_in_bytes"];
    let own = limits.into_iter().filter_map(|name| parse_memory_limit(&file(name)?)).min();
    // Version 1 repeats the limit of the groups above, which a container can't see.
    let above = file("memory.stat").and_then(|text| parse_memory_stat(&text));
    own.into_iter().chain(above).min()
}

/// Version 2: `150000 100000` is one and a half cores, `max 100000` is no limit.
fn parse_cpu_max(text: &str) -> Option<f64> {
    let (quota, period) = text.trim().split_once(' ').unwrap_or((text.trim(), ""));
    parse_cpu_cfs(quota, period)
}

/// Version 1: quota and period in microseconds, `-1` is no limit.
fn parse_cpu_cfs(quota: &str, period: &str) -> Option<f64> {
    let microseconds = |text: &str| text.trim().parse::<u64>().ok().filter(|&value| value > 0);
    let quota = microseconds(quota)? as f64;
    Some(quota / microseconds(period).map_or(DEFAULT_PERIOD, |period| period as f64))
}

/// Bytes, where `max` (version 2) and a number past any memory (version 1) are no limit.
fn parse_memory_limit(text: &str) -> Option<u64> {
    text.trim().parse().ok().filter(|&bytes| bytes > 0 && bytes < NO_LIMIT)
}

fn parse_memory_stat(text: &str) -> Option<u64> {
    let mut fields = text.lines().filter_map(|line| line.split_once(' '));
    let (_, limit) = fields.find(|(name, _)| *name == "hierarchical_memory_limit")?;
    parse_memory_limit(limit)
}

/// A line of `/proc/self/cgroup`: the group that the process is in, in one hierarchy.
#[derive(Debug, PartialEq)]
struct Group {
    /// Empty in version 2, whose one hierarchy has all the controllers.
    controllers: Vec<String>,
    path: PathBuf,
}

/// Lines such as `4:cpu,cpuacct:/docker/0123` (version 1) and `0::/user.slice` (version 2).
fn parse_groups(text: &str) -> Vec<Group> {
    let group = |line: &str| {
        let mut parts = line.splitn(3, ':').skip(1);
        let (controllers, path) = (parts.next()?, parts.next()?);
        let controllers =
            controllers.split(',').filter(|name| !name.is_empty()).map(str::to_owned).collect();
        Some(Group { controllers, path: PathBuf::from(path) })
    };
    text.lines().filter_map(group).collect()
}

/// Where a hierarchy can be read.
#[derive(Debug, PartialEq)]
struct Mount {
    /// `None` in version 2.
    controllers: Option<Vec<String>>,
    /// The group that the mount shows at its top.
    top: PathBuf,
    point: PathBuf,
}

/// Lines such as `32 31 0:29 / /sys/fs/cgroup/cpu rw,relatime - cgroup cgroup rw,cpu,cpuacct`.
fn parse_mounts(text: &str) -> Vec<Mount> {
    let mount = |line: &str| {
        let (place, system) = line.split_once(" - ")?;
        let mut place = place.split(' ').skip(3);
        let (top, point) = (unescape(place.next()?), unescape(place.next()?));
        let mut system = system.split(' ');
        let controllers = match system.next()? {
            "cgroup2" => None,
            "cgroup" => Some(system.nth(1)?.split(',').map(str::to_owned).collect()),
            _ => return None,
        };
        Some(Mount { controllers, top: top.into(), point: point.into() })
    };
    text.lines().filter_map(mount).collect()
}

/// Where systemd and the container runtimes put them, for a `/proc` that does not list mounts.
fn usual_mounts() -> Vec<Mount> {
    let mount = |controllers: Option<&str>, point: &str| Mount {
        controllers: controllers.map(|name| vec![name.to_owned()]),
        top: "/".into(),
        point: point.into(),
    };
    vec![
        mount(None, "/sys/fs/cgroup"),
        mount(Some("cpu"), "/sys/fs/cgroup/cpu"),
        mount(Some("memory"), "/sys/fs/cgroup/memory"),
    ]
}

/// `mountinfo` writes a space as `\040`, and a backslash as `\134`.
fn unescape(text: &str) -> String {
    text.replace("\\040", " ").replace("\\011", "\t").replace("\\134", "\\")
}

/// The folders with limits of `controller` below one mount: the process's group and all above it.
fn folders(mount: &Mount, groups: &[Group], controller: &str) -> Vec<PathBuf> {
    let has = |names: &[String]| names.iter().any(|name| name == controller);
    let group = match &mount.controllers {
        None => groups.iter().find(|group| group.controllers.is_empty()),
        Some(names) if has(names) => groups.iter().find(|group| has(&group.controllers)),
        Some(_) => return Vec::new(),
    };
    let below = match group.map(|group| group.path.strip_prefix(&mount.top)) {
        Some(Ok(below)) if below.components().all(|part| part.as_os_str() != "..") => below,
        // A group outside of what the mount shows, or unknown: the top is the nearest there is,
        // unless someone mounted another process's groups in a place of their own.
        _ if mount.point.starts_with("/sys/fs/cgroup") => Path::new(""),
        _ => return Vec::new(),
    };
    below.ancestors().map(|part| mount.point.join(part)).collect()
}

#[cfg(test)]
mod tests;
