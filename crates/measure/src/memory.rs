//! How much memory the machine has and how much of it is free to take.

use std::path::Path;

use crate::text::{parse_field, parse_size, read};

/// In bytes; 0 where the machine does not say.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Memory {
    pub(crate) total: u64,
    pub(crate) available: u64,
}

pub(crate) fn read_memory(root: &Path) -> Memory {
    parse_meminfo(&read(root, "proc/meminfo").unwrap_or_default())
}

/// Available is the kernel's estimate, which counts the page cache that it can drop. Kernels before
/// 3.14 don't have it; then it is what the kernel's own documentation told people to add up.
fn parse_meminfo(text: &str) -> Memory {
    let bytes = |key| parse_field(text, key).and_then(parse_size);
    let total = bytes("MemTotal").unwrap_or(0);
    let free = || ["MemFree", "Buffers", "Cached"].into_iter().filter_map(bytes).sum();
    Memory { total, available: bytes("MemAvailable").unwrap_or_else(free).min(total) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MODERN: &str = "\
MemTotal:       24684096 kB
MemFree:        24490356 kB
MemAvailable:   24427448 kB
Buffers:             968 kB
Cached:            94912 kB
SwapCached:            0 kB
";

    #[test]
    fn available_is_the_kernels_own_estimate() {
        let expected = Memory { total: 24_684_096 << 10, available: 24_427_448 << 10 };
        assert_eq!(parse_meminfo(MODERN), expected);
    }

    #[test]
    fn an_old_kernel_counts_free_memory_and_caches() {
        let old = MODERN.replace("MemAvailable", "Inactive");
        let available = (24_490_356 + 968 + 94_912) << 10;
        assert_eq!(parse_meminfo(&old).available, available);
    }

    #[test]
    fn memory_is_unknown_without_meminfo() {
        assert_eq!(parse_meminfo(""), Memory::default());
        assert_eq!(parse_meminfo("MemTotal: lots\n"), Memory::default());
    }
}
