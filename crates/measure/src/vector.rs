//! Which vector instructions the processor has.
//!
//! Asked of the processor and not read from `/proc/cpuinfo`, because the answer also says whether
//! the operating system saves the registers: an instruction that it doesn't save can't be used.

/// The names that `detect` checks, as the architecture's own macro spells them.
#[cfg(any(target_arch = "x86", target_arch = "x86_64", target_arch = "aarch64"))]
macro_rules! present {
    ($detected:ident: $($name:tt)+) => {
        [$(($name, std::arch::$detected!($name))),+]
            .into_iter()
            .filter_map(|(name, present)| present.then_some(name))
            .collect()
    };
}

/// The extensions that matter to numerical loops, narrow to wide.
#[cfg(any(target_arch = "x86", target_arch = "x86_64"))]
pub(crate) fn detect() -> Vec<&'static str> {
    present!(is_x86_feature_detected:
        "sse2" "sse4.1" "sse4.2" "avx" "f16c" "fma" "avx2" "avxvnni"
        "avx512f" "avx512dq" "avx512bw" "avx512vl" "avx512vnni" "avx512bf16" "avx512fp16")
}

/// The extensions that matter to numerical loops, narrow to wide.
#[cfg(target_arch = "aarch64")]
pub(crate) fn detect() -> Vec<&'static str> {
    present!(is_aarch64_feature_detected:
        "neon" "fp16" "dotprod" "bf16" "i8mm" "sve" "sve2")
}

/// None that we know by name on this architecture.
#[cfg(not(any(target_arch = "x86", target_arch = "x86_64", target_arch = "aarch64")))]
pub(crate) fn detect() -> Vec<&'static str> {
    Vec::new()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_extension_every_64_bit_machine_has_is_reported() {
        let vector = detect();
        if cfg!(target_arch = "x86_64") {
            assert!(vector.contains(&"sse2"));
        } else if cfg!(target_arch = "aarch64") {
            assert!(vector.contains(&"neon"));
        } else {
            assert!(vector.is_empty() || cfg!(target_arch = "x86"));
        }
    }

    #[test]
    fn a_wider_extension_comes_with_the_narrower() {
        let vector = detect();
        assert!(!vector.contains(&"avx512f") || vector.contains(&"avx2"));
        assert!(!vector.contains(&"sve2") || vector.contains(&"sve"));
    }
}
