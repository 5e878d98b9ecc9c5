//! Reading memory that may be gone by the time it is read.
//!
//! Another thread of ours frees and moves what the profiler looks at. The kernel copies it for us: an
//! address that is no longer there is a short count and no signal.

/// What can be read by address.
pub trait Memory {
    /// Replaces `into` by the parts, each an address and a length, one behind the other; up to the
    /// first that can't be read.
    fn read(&self, parts: &[(usize, usize)], into: &mut Vec<u8>);

    /// One part, if all of it is there.
    fn get(&self, address: usize, length: usize) -> Option<Vec<u8>> {
        let mut bytes = Vec::new();
        self.read(&[(address, length)], &mut bytes);
        (bytes.len() == length).then_some(bytes)
    }

    /// A pointer that stands at an address.
    fn pointer(&self, address: usize) -> Option<usize> {
        self.get(address, 8).and_then(|bytes| word(&bytes, 0))
    }
}

/// A word in bytes that were read.
pub fn word(bytes: &[u8], at: usize) -> Option<usize> {
    let bytes = bytes.get(at..at.checked_add(8)?)?;
    bytes.try_into().ok().map(usize::from_ne_bytes)
}

/// A 32-bit integer in bytes that were read.
pub fn integer(bytes: &[u8], at: usize) -> Option<i32> {
    let bytes = bytes.get(at..at.checked_add(4)?)?;
    bytes.try_into().ok().map(i32::from_ne_bytes)
}

/// This process's own memory.
#[derive(Clone, Copy, Debug, Default)]
pub struct OwnMemory;

/// As many parts as the kernel takes in one call.
#[cfg(target_os = "linux")]
const PARTS: usize = 1024;

impl Memory for OwnMemory {
    #[cfg(target_os = "linux")]
    fn read(&self, parts: &[(usize, usize)], into: &mut Vec<u8>) {
        into.clear();
        into.reserve(parts.iter().map(|part| part.1).sum());
        for parts in parts.chunks(PARTS) {
            let length: usize = parts.iter().map(|part| part.1).sum();
            let part = |&(address, length): &(usize, usize)| libc::iovec {
                iov_base: address as *mut libc::c_void,
                iov_len: length,
            };
            let remote: Vec<libc::iovec> = parts.iter().map(part).collect();
            let start = into.len();
            let spare = &mut into.spare_capacity_mut()[..length];
            let local = libc::iovec { iov_base: spare.as_mut_ptr().cast(), iov_len: length };
            // SAFETY: the kernel writes `length` bytes at most, all into `into`'s spare capacity, and
            // only those that it counts are taken for initialised. It reads the addresses for us,
            // and what it can't read is no fault of this process.
            let read = unsafe {
                let count = remote.len() as libc::c_ulong;
                let read =
                    libc::process_vm_readv(libc::getpid(), &local, 1, remote.as_ptr(), count, 0);
                let read = usize::try_from(read).unwrap_or(0).min(length);
                into.set_len(start + read);
                read
            };
            if read < length {
                return;
            }
        }
    }

    #[cfg(not(target_os = "linux"))]
    fn read(&self, _parts: &[(usize, usize)], into: &mut Vec<u8>) {
        into.clear();
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::{Memory, OwnMemory, integer, word};

    #[test]
    fn parts_come_one_behind_the_other() {
        let (first, second) = ([1u64, 2], [3u64]);
        let mut into = vec![9];
        let parts = [(first.as_ptr() as usize, 16), (second.as_ptr() as usize, 8)];
        OwnMemory.read(&parts, &mut into);
        assert_eq!((into.len(), word(&into, 8), word(&into, 16)), (24, Some(2), Some(3)));
        assert_eq!((integer(&into, 8), word(&into, 17)), (Some(2), None));
    }

    #[test]
    fn what_is_not_there_is_no_fault() {
        let there = [7u64];
        assert_eq!(OwnMemory.get(16, 8), None);
        let mut into = Vec::new();
        OwnMemory.read(&[(there.as_ptr() as usize, 8), (16, 8)], &mut into);
        assert_eq!(word(&into, 0), Some(7));
        assert_eq!(into.len(), 8);
    }

    #[test]
    fn more_parts_than_the_kernel_takes_at_once() {
        let numbers: Vec<u64> = (0..3000).collect();
        let parts: Vec<_> = numbers.iter().map(|number| (&raw const *number as usize, 8)).collect();
        let mut into = Vec::new();
        OwnMemory.read(&parts, &mut into);
        assert_eq!(word(&into, 2999 * 8), Some(2999));
    }
}
