//! Control groups as real machines show them.

use super::*;
use crate::tree::Tree;

const GIGABYTE: u64 = 1 << 30;

/// A user's shell under systemd.
const UNIFIED: &str = "0::/user.slice/user-1000.slice/session-3.scope\n";
const UNIFIED_MOUNT: &str = "\
22 27 0:21 / /proc rw,relatime - proc proc rw
31 23 0:28 / /sys/fs/cgroup rw,nosuid,relatime shared:9 - cgroup2 cgroup2 rw,nsdelegate
";

/// A machine that mounts version 1 and an empty version 2 beside it.
const HYBRID: &str = "\
9:name=systemd:/
4:memory:/process_api/3b2b
3:cpuset:/
2:cpu,cpuacct:/
0::/
";
const HYBRID_MOUNTS: &str = "\
31 23 0:28 / /sys/fs/cgroup rw,relatime - tmpfs tmpfs rw,mode=755
32 31 0:29 / /sys/fs/cgroup/cpu,cpuacct rw,relatime - cgroup cgroup rw,cpu,cpuacct
35 31 0:32 / /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory
41 31 0:38 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw
";

/// A container under version 1: its mount starts at its own group, not at the root.
const DOCKER: &str = "5:memory:/docker/0123\n2:cpu,cpuacct:/docker/0123\n";
const DOCKER_MOUNTS: &str = "\
32 31 0:29 /docker/0123 /sys/fs/cgroup/cpu,cpuacct ro - cgroup cgroup rw,cpu,cpuacct
35 31 0:32 /docker/0123 /sys/fs/cgroup/memory ro,nosuid - cgroup cgroup rw,memory
";

#[test]
fn a_quota_of_version_2_is_cores() {
    assert_eq!(parse_cpu_max("150000 100000\n"), Some(1.5));
    assert_eq!(parse_cpu_max("50000 100000"), Some(0.5));
    assert_eq!(parse_cpu_max("800000 50000"), Some(16.0));
    assert_eq!(parse_cpu_max("200000"), Some(2.0), "the period has a default");
}

#[test]
fn what_is_no_quota_does_not_limit() {
    for text in ["max 100000\n", "max", "", "0 100000", "-1 100000", "many 100000"] {
        assert_eq!(parse_cpu_max(text), None, "{text:?}");
    }
    assert_eq!(parse_cpu_cfs("-1\n", "100000\n"), None);
    assert_eq!(parse_cpu_cfs("250000\n", "100000\n"), Some(2.5));
    assert_eq!(parse_cpu_cfs("100000", "0"), Some(1.0), "a period of nothing is the default");
}

#[test]
fn a_memory_limit_past_any_memory_does_not_limit() {
    assert_eq!(parse_memory_limit("536870912\n"), Some(512 << 20));
    for text in ["max\n", "9223372036854771712", "9223372036854710272", "0", "", "-1"] {
        assert_eq!(parse_memory_limit(text), None, "{text:?}");
    }
}

#[test]
fn groups_of_both_versions_are_read() {
    let group = |controllers: &[&str], path: &str| Group {
        controllers: controllers.iter().map(|&name| name.to_owned()).collect(),
        path: path.into(),
    };
    let groups = parse_groups("4:cpu,cpuacct:/a:b/c\n1:name=systemd:/x\n0::/\nodd\n7:odd\n");
    let expected =
        [group(&["cpu", "cpuacct"], "/a:b/c"), group(&["name=systemd"], "/x"), group(&[], "/")];
    assert_eq!(groups, expected);
}

#[test]
fn only_mounts_of_control_groups_are_kept() {
    let mounts = parse_mounts(HYBRID_MOUNTS);
    let points: Vec<_> = mounts.iter().map(|mount| mount.point.to_str()).collect();
    let expected =
        ["/sys/fs/cgroup/cpu,cpuacct", "/sys/fs/cgroup/memory", "/sys/fs/cgroup/unified"];
    assert_eq!(points, expected.map(Some));
    assert_eq!(parse_mounts("odd\n1 2 3 - cgroup2\n"), []);
    let spaced = parse_mounts("1 2 0:3 /a\\040b /my\\040groups rw - cgroup2 none rw\n");
    assert_eq!(
        (spaced[0].top.to_str(), spaced[0].point.to_str()),
        (Some("/a b"), Some("/my groups"))
    );
}

#[test]
fn the_lowest_limit_on_the_way_up_counts() {
    let tree = Tree::new(&[
        ("proc/self/cgroup", UNIFIED),
        ("proc/self/mountinfo", UNIFIED_MOUNT),
        ("sys/fs/cgroup/user.slice/cpu.max", "400000 100000\n"),
        ("sys/fs/cgroup/user.slice/memory.max", "8589934592\n"),
        ("sys/fs/cgroup/user.slice/user-1000.slice/cpu.max", "150000 100000\n"),
        ("sys/fs/cgroup/user.slice/user-1000.slice/memory.max", "max\n"),
        ("sys/fs/cgroup/user.slice/user-1000.slice/session-3.scope/cpu.max", "max 100000\n"),
        ("sys/fs/cgroup/user.slice/user-1000.slice/session-3.scope/memory.max", "17179869184\n"),
        // Another user's limit is not ours.
        ("sys/fs/cgroup/user.slice/user-1001.slice/memory.max", "4096\n"),
    ]);
    let expected = Limits { cores: Some(1.5), memory: Some(8 * GIGABYTE) };
    assert_eq!(read_limits(tree.root()), expected);
}

#[test]
fn memory_that_slows_the_process_down_is_a_limit() {
    let tree = Tree::new(&[
        ("proc/self/cgroup", "0::/\n"),
        ("proc/self/mountinfo", UNIFIED_MOUNT),
        ("sys/fs/cgroup/memory.max", "8589934592\n"),
        ("sys/fs/cgroup/memory.high", "4294967296\n"),
    ]);
    assert_eq!(read_limits(tree.root()).memory, Some(4 * GIGABYTE));
}

#[test]
fn a_machine_with_both_versions_is_read_in_both() {
    let tree = Tree::new(&[
        ("proc/self/cgroup", HYBRID),
        ("proc/self/mountinfo", HYBRID_MOUNTS),
        ("sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us", "-1\n"),
        ("sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us", "100000\n"),
        ("sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n"),
        ("sys/fs/cgroup/memory/process_api/memory.limit_in_bytes", "2147483648\n"),
        ("sys/fs/cgroup/memory/process_api/3b2b/memory.limit_in_bytes", "9223372036854771712\n"),
        ("sys/fs/cgroup/unified/cgroup.controllers", "\n"),
    ]);
    let expected = Limits { cores: None, memory: Some(2 * GIGABYTE) };
    assert_eq!(read_limits(tree.root()), expected);
}

#[test]
fn a_container_finds_its_group_at_the_top_of_its_mount() {
    let tree = Tree::new(&[
        ("proc/self/cgroup", DOCKER),
        ("proc/self/mountinfo", DOCKER_MOUNTS),
        ("sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us", "250000\n"),
        ("sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us", "100000\n"),
        ("sys/fs/cgroup/memory/memory.limit_in_bytes", "4294967296\n"),
    ]);
    let expected = Limits { cores: Some(2.5), memory: Some(4 * GIGABYTE) };
    assert_eq!(read_limits(tree.root()), expected);
}

#[test]
fn a_limit_above_the_containers_mount_is_read_from_its_statistics() {
    let statistics = "cache 0\nhierarchical_memory_limit 1073741824\ntotal_cache 0\n";
    let tree = Tree::new(&[
        ("proc/self/cgroup", DOCKER),
        ("proc/self/mountinfo", DOCKER_MOUNTS),
        ("sys/fs/cgroup/memory/memory.limit_in_bytes", "4294967296\n"),
        ("sys/fs/cgroup/memory/memory.stat", statistics),
    ]);
    assert_eq!(read_limits(tree.root()).memory, Some(GIGABYTE));
}

#[test]
fn a_group_outside_of_the_mount_falls_back_on_its_top() {
    for group in ["0::/../../other\n", ""] {
        let tree = Tree::new(&[
            ("proc/self/cgroup", group),
            ("proc/self/mountinfo", UNIFIED_MOUNT),
            ("sys/fs/cgroup/memory.max", "1073741824\n"),
            ("sys/other/memory.max", "4096\n"),
        ]);
        assert_eq!(read_limits(tree.root()).memory, Some(GIGABYTE), "{group:?}");
    }
}

#[test]
fn groups_of_another_process_mounted_elsewhere_do_not_limit() {
    let tree = Tree::new(&[
        ("proc/self/cgroup", "0::/mine\n"),
        ("proc/self/mountinfo", "1 2 0:3 /theirs /srv/watched rw - cgroup2 none rw\n"),
        ("srv/watched/memory.max", "4096\n"),
    ]);
    assert_eq!(read_limits(tree.root()), Limits::default());
}

#[test]
fn the_usual_places_are_read_where_mounts_are_not_listed() {
    let tree = Tree::new(&[("sys/fs/cgroup/cpu.max", "300000 100000\n")]);
    assert_eq!(read_limits(tree.root()).cores, Some(3.0));
    let tree = Tree::new(&[
        ("proc/self/cgroup", "4:memory:/job/7\n"),
        ("sys/fs/cgroup/memory/job/memory.limit_in_bytes", "1073741824\n"),
    ]);
    assert_eq!(read_limits(tree.root()).memory, Some(GIGABYTE));
}

#[test]
fn a_machine_without_control_groups_has_no_limits() {
    assert_eq!(read_limits(Tree::new(&[]).root()), Limits::default());
}
