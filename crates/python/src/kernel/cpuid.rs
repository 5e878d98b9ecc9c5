//! What machine code may depend on of the processor, as it says itself: asking LLVM would mean to load it.

use pyo3::prelude::*;

/// Who made the processor, its model and what it can do, as one text; nothing where it is not known how to ask.
#[pyfunction]
pub fn processor() -> Option<String> {
    #[cfg(target_arch = "x86_64")]
    return Some(x86::processor());
    #[cfg(not(target_arch = "x86_64"))]
    None
}

#[cfg(target_arch = "x86_64")]
mod x86 {
    use std::arch::x86_64::{__cpuid_count, _xgetbv};
    use std::fmt::Write;

    /// Where CPUID says what LLVM looks for (`llvm/lib/TargetParser/Host.cpp`): leaf, subleaf, and which of the
    /// registers EAX, EBX, ECX and EDX hold it. Others have the number of the core, and sizes.
    const LEAVES: [(u32, u32, [bool; 4]); 11] = [
        (0x0, 0, [false, true, true, true]),
        (0x1, 0, [true, false, true, true]),
        (0x7, 0, [false, true, true, true]),
        (0x7, 1, [true, true, true, true]),
        (0xd, 1, [true, false, false, false]),
        (0x14, 0, [false, true, false, false]),
        (0x19, 0, [false, true, false, false]),
        (0x24, 0, [false, true, false, false]),
        (0x8000_0001, 0, [false, false, true, true]),
        (0x8000_0008, 0, [false, true, false, false]),
        (0x8000_0021, 0, [true, false, false, false]),
    ];
    /// In ECX of leaf 1: whether there is XGETBV.
    const OSXSAVE: u32 = 1 << 27;

    pub fn processor() -> String {
        let mut text = "x86-64".to_owned();
        for (leaf, subleaf, wanted) in LEAVES {
            // A leaf beyond the last has what another one has.
            if leaf > __cpuid_count(leaf & 0x8000_0000, 0).eax {
                continue;
            }
            let found = __cpuid_count(leaf, subleaf);
            let registers = [found.eax, found.ebx, found.ecx, found.edx];
            let _ = write!(text, " {leaf:x}.{subleaf}");
            for (register, _) in registers.iter().zip(wanted).filter(|(_, is_wanted)| *is_wanted) {
                let _ = write!(text, ":{register:x}");
            }
        }
        if __cpuid_count(1, 0).ecx & OSXSAVE != 0 {
            // SAFETY: the processor has the instruction. What it tells is which registers the system saves.
            let _ = write!(text, " {:x}", unsafe { saved_registers() });
        }
        text
    }

    #[target_feature(enable = "xsave")]
    fn saved_registers() -> u64 {
        // SAFETY: the first of these registers is there.
        unsafe { _xgetbv(0) }
    }
}
