//! The small text formats that kernels speak: fields, sizes and lists of processors.
//!
//! Linux has no call that returns these facts as a structure; `lscpu`, the JVM and Go's runtime
//! read the same files. A piece that does not parse is left out, never an error.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// More than any kernel is built for (x86 stops at 8,192), so a corrupt range can't fill memory.
const MOST_PROCESSORS: usize = 1 << 16;

/// Reads `path` as if `root` were `/`; `None` if there is nothing to read.
pub(crate) fn read(root: &Path, path: impl AsRef<Path>) -> Option<String> {
    let path = path.as_ref();
    let bytes = fs::read(root.join(path.strip_prefix("/").unwrap_or(path))).ok()?;
    Some(String::from_utf8_lossy(&bytes).trim().to_owned())
}

/// The value of the first line `key: value`, as in `/proc/meminfo`, `/proc/cpuinfo` and `sysctl`.
pub(crate) fn parse_field<'a>(text: &'a str, key: &str) -> Option<&'a str> {
    let mut fields = text.lines().filter_map(|line| line.split_once(':'));
    fields.find(|(name, _)| name.trim() == key).map(|(_, value)| value.trim())
}

/// A number of bytes: `32K`, `1024 kB`, `8M`, `4096`. The units are powers of 1,024 in all of them.
pub(crate) fn parse_size(text: &str) -> Option<u64> {
    let text = text.trim();
    let digits = text.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(text.len());
    let shift = match text[digits..].trim().to_ascii_lowercase().as_str() {
        "" | "b" => 0,
        "k" | "kb" | "kib" => 10,
        "m" | "mb" | "mib" => 20,
        "g" | "gb" | "gib" => 30,
        _ => return None,
    };
    text[..digits].parse::<u64>().ok()?.checked_mul(1 << shift)
}

/// The processors in a list such as `0-3,8,10-11`.
pub(crate) fn parse_processors(text: &str) -> BTreeSet<usize> {
    let ranges = text.split(',').filter_map(|piece| {
        let (first, last) = piece.split_once('-').unwrap_or((piece, piece));
        let first: usize = first.trim().parse().ok()?;
        let last: usize = last.trim().parse().ok()?;
        Some(first..last.saturating_add(1).min(MOST_PROCESSORS))
    });
    ranges.flatten().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_is_found_by_its_whole_name() {
        let text = "Cpus_allowed:\t3\nCpus_allowed_list:\t0-1\n";
        assert_eq!(parse_field(text, "Cpus_allowed_list"), Some("0-1"));
        assert_eq!(parse_field(text, "Cpus_allowed"), Some("3"));
        assert_eq!(parse_field(text, "allowed"), None);
        assert_eq!(parse_field("no fields here", "no"), None);
    }

    #[test]
    fn the_first_of_many_fields_with_the_same_name_wins() {
        assert_eq!(parse_field("model name\t: A\n\nmodel name\t: B\n", "model name"), Some("A"));
    }

    #[test]
    fn sizes_are_read_in_every_spelling_the_kernel_uses() {
        assert_eq!(parse_size("32K\n"), Some(32 << 10));
        assert_eq!(parse_size("24684096 kB"), Some(24_684_096 << 10));
        assert_eq!(parse_size("36608 KB"), Some(36_608 << 10));
        assert_eq!(parse_size("8M"), Some(8 << 20));
        assert_eq!(parse_size("2G"), Some(2 << 30));
        assert_eq!(parse_size("4096"), Some(4096));
    }

    #[test]
    fn what_is_not_a_size_is_no_size() {
        for text in ["", "K", "max", "-1", "12 parsecs", "99999999999999999999", "1.5M"] {
            assert_eq!(parse_size(text), None, "{text:?}");
        }
        assert_eq!(parse_size(&format!("{}K", u64::MAX)), None, "past 64 bits");
    }

    #[test]
    fn a_processor_list_is_ranges_and_single_numbers() {
        let expected = BTreeSet::from([0, 1, 2, 3, 8, 10, 11]);
        assert_eq!(parse_processors("0-3,8,10-11\n"), expected);
        assert_eq!(parse_processors("0"), BTreeSet::from([0]));
    }

    #[test]
    fn what_is_not_a_processor_list_has_no_processors() {
        for text in ["", "\n", "none", "-", "3-", "7-5"] {
            assert_eq!(parse_processors(text), BTreeSet::new(), "{text:?}");
        }
        assert_eq!(parse_processors("x,2,3-y"), BTreeSet::from([2]));
    }

    #[test]
    fn a_corrupt_range_does_not_fill_memory() {
        assert_eq!(parse_processors(&format!("0-{}", usize::MAX)).len(), MOST_PROCESSORS);
    }
}
