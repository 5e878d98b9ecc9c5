//! White space, 64 bytes at a time.
//!
//! A block of 64 bytes becomes a mask of 64 bits, one for each byte that belongs to white space;
//! words are then bit arithmetic. With AVX2 an ASCII block takes some twenty instructions. Beyond
//! ASCII, white space is two or three bytes that begin with C2, E1, E2 or E3, so only blocks with
//! one of these are looked at again, with the two bytes behind each byte beside it.

/// Calls `each` with a mask for each 64 bytes of `text`: a bit is set where the byte belongs to
/// white space, and behind the end of the text.
#[inline(always)]
pub(crate) fn white_blocks(text: &str, each: impl FnMut(u64)) {
    #[cfg(target_arch = "x86_64")]
    if std::arch::is_x86_feature_detected!("avx2")
        && std::arch::is_x86_feature_detected!("bmi1")
        && std::arch::is_x86_feature_detected!("popcnt")
    {
        // SAFETY: the processor has the features that the function is compiled for.
        unsafe { avx2::white_blocks(text.as_bytes(), each) };
        return;
    }
    portable::white_blocks(text.as_bytes(), each);
}

/// Asks for `slice[index]` to be brought into the cache; nothing happens if there is none.
#[inline(always)]
pub(crate) fn prefetch<T>(slice: &[T], index: usize) {
    #[cfg(target_arch = "x86_64")]
    if let Some(item) = slice.get(index) {
        use std::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
        // SAFETY: a prefetch reads nothing, and the address is that of a live item.
        unsafe { _mm_prefetch::<_MM_HINT_T0>(std::ptr::from_ref(item).cast()) };
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = (slice, index);
}

/// A block, and the two bytes behind it, which white space that starts in it may reach into.
const WINDOW: usize = 66;

/// Cuts `bytes` into windows and turns the masks of white space's first bytes into masks of all its
/// bytes. `starts` returns, for a window, where white space of one, two and three bytes starts.
#[inline(always)]
fn blocks(
    bytes: &[u8],
    mut starts: impl FnMut(&[u8; WINDOW]) -> (u64, u64, u64),
    mut each: impl FnMut(u64),
) {
    let mut carried = 0;
    let mut white = |window: &[u8; WINDOW]| {
        let (one, two, three) = starts(window);
        let mut white = one | carried;
        carried = 0;
        if two | three != 0 {
            white |= two | (two << 1) | three | (three << 1) | (three << 2);
            carried = (two >> 63) | (three >> 62) | (three >> 63);
        }
        white
    };
    let mut rest = bytes;
    while let Some(window) = rest.first_chunk::<WINDOW>() {
        each(white(window));
        rest = &rest[64..];
    }
    while !rest.is_empty() {
        let mut window = [b' '; WINDOW];
        window[..rest.len().min(WINDOW)].copy_from_slice(&rest[..rest.len().min(WINDOW)]);
        each(white(&window));
        rest = &rest[rest.len().min(64)..];
    }
}

mod portable {
    use super::{WINDOW, blocks};

    pub(super) fn white_blocks(bytes: &[u8], each: impl FnMut(u64)) {
        blocks(bytes, starts, each);
    }

    pub(super) fn starts(window: &[u8; WINDOW]) -> (u64, u64, u64) {
        let (mut one, mut two, mut three) = (0, 0, 0);
        for place in 0..64 {
            let bit = 1 << place;
            match (window[place], window[place + 1], window[place + 2]) {
                (9..=13 | 28..=32, ..) => one |= bit,
                (0xc2, 0x85 | 0xa0, _) => two |= bit,
                (0xe1, 0x9a, 0x80)
                | (0xe2, 0x80, 0x80..=0x8a | 0xa8 | 0xa9 | 0xaf)
                | (0xe2, 0x81, 0x9f)
                | (0xe3, 0x80, 0x80) => three |= bit,
                _ => {}
            }
        }
        (one, two, three)
    }
}

#[cfg(target_arch = "x86_64")]
mod avx2 {
    use super::{WINDOW, blocks};
    use std::arch::x86_64::{
        __m256i, _mm256_and_si256, _mm256_cmpeq_epi8, _mm256_loadu_si256, _mm256_min_epu8,
        _mm256_movemask_epi8, _mm256_or_si256, _mm256_set1_epi8, _mm256_sub_epi8,
    };

    #[target_feature(enable = "avx2,bmi1,popcnt")]
    pub(super) fn white_blocks(bytes: &[u8], each: impl FnMut(u64)) {
        blocks(bytes, |window| starts(window), each);
    }

    #[inline]
    #[target_feature(enable = "avx2")]
    fn starts(window: &[u8; WINDOW]) -> (u64, u64, u64) {
        let (low, high) = (load::<0>(window), load::<32>(window));
        let one = join(mask(ascii_white(low)), mask(ascii_white(high)));
        if join(mask(low), mask(high)) == 0 {
            // No byte has its top bit set: all ASCII.
            return (one, 0, 0);
        }
        let leads = _mm256_or_si256(lead(low), lead(high));
        if mask(leads) == 0 {
            return (one, 0, 0);
        }
        let (two_low, three_low) = beyond_ascii(low, load::<1>(window), load::<2>(window));
        let (two_high, three_high) = beyond_ascii(high, load::<33>(window), load::<34>(window));
        (one, join(mask(two_low), mask(two_high)), join(mask(three_low), mask(three_high)))
    }

    #[inline]
    #[target_feature(enable = "avx2")]
    fn load<const FROM: usize>(window: &[u8; WINDOW]) -> __m256i {
        const { assert!(FROM + 32 <= WINDOW) }
        // SAFETY: the 32 bytes from FROM lie within the window; the load needs no alignment.
        unsafe { _mm256_loadu_si256(window.as_ptr().add(FROM).cast()) }
    }

    #[inline]
    #[target_feature(enable = "avx2")]
    fn mask(vector: __m256i) -> u32 {
        _mm256_movemask_epi8(vector).cast_unsigned()
    }

    #[inline]
    fn join(low: u32, high: u32) -> u64 {
        u64::from(low) | (u64::from(high) << 32)
    }

    #[inline]
    #[target_feature(enable = "avx2")]
    fn is(vector: __m256i, byte: u8) -> __m256i {
        _mm256_cmpeq_epi8(vector, _mm256_set1_epi8(byte.cast_signed()))
    }

    /// Where a byte is one of `first..=first + more`.
    #[inline]
    #[target_feature(enable = "avx2")]
    fn within(vector: __m256i, first: u8, more: u8) -> __m256i {
        let from_first = _mm256_sub_epi8(vector, _mm256_set1_epi8(first.cast_signed()));
        let clipped = _mm256_min_epu8(from_first, _mm256_set1_epi8(more.cast_signed()));
        _mm256_cmpeq_epi8(clipped, from_first)
    }

    #[inline]
    #[target_feature(enable = "avx2")]
    fn ascii_white(bytes: __m256i) -> __m256i {
        _mm256_or_si256(within(bytes, 9, 4), within(bytes, 28, 4))
    }

    /// Where white space beyond ASCII may start.
    #[inline]
    #[target_feature(enable = "avx2")]
    fn lead(bytes: __m256i) -> __m256i {
        _mm256_or_si256(is(bytes, 0xc2), within(bytes, 0xe1, 2))
    }

    /// Where white space of two and of three bytes starts, given each byte's next two.
    #[inline]
    #[target_feature(enable = "avx2")]
    fn beyond_ascii(bytes: __m256i, next: __m256i, third: __m256i) -> (__m256i, __m256i) {
        let and = |a, b| _mm256_and_si256(a, b);
        let or = |a, b| _mm256_or_si256(a, b);
        let two = and(is(bytes, 0xc2), or(is(next, 0x85), is(next, 0xa0)));
        let is_80 = is(next, 0x80);
        let ogham = and(and(is(bytes, 0xe1), is(next, 0x9a)), is(third, 0x80));
        let spaces = or(or(within(third, 0x80, 0x0a), within(third, 0xa8, 1)), is(third, 0xaf));
        let punctuation = or(and(is_80, spaces), and(is(next, 0x81), is(third, 0x9f)));
        let general = and(is(bytes, 0xe2), punctuation);
        let ideographic = and(and(is(bytes, 0xe3), is_80), is(third, 0x80));
        (two, or(or(ogham, general), ideographic))
    }
}

#[cfg(test)]
mod tests {
    use super::{portable, white_blocks};
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn both_paths_make_the_same_masks(
            text in "[ -~]{0,70}(\u{2003}|\u{3000}|\u{a0}|\u{85}|\u{e9}|\u{65e5}|\u{2014}|\n|x){0,200}[a-z ]{0,80}"
        ) {
            let (mut fast, mut slow) = (Vec::new(), Vec::new());
            white_blocks(&text, |mask| fast.push(mask));
            portable::white_blocks(text.as_bytes(), |mask| slow.push(mask));
            prop_assert_eq!(fast, slow);
        }
    }
}
