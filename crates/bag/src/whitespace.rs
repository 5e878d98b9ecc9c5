//! Words as `str.split()` sees them.
//!
//! Python splits where `str.isspace()` holds: the ASCII controls 9–13 and 28–31, the space, and
//! seventeen characters beyond ASCII (bidirectional type WS, B or S, or category Zs; the set has
//! been the same since Unicode 6.3). Rust's `split_whitespace` lacks the four controls 28–31.

use crate::simd;

/// Whether `character` separates words, as `str.isspace` says.
pub fn is_whitespace(character: char) -> bool {
    matches!(
        character,
        '\u{9}'..='\u{d}'
            | '\u{1c}'..='\u{20}'
            | '\u{85}'
            | '\u{a0}'
            | '\u{1680}'
            | '\u{2000}'..='\u{200a}'
            | '\u{2028}'
            | '\u{2029}'
            | '\u{202f}'
            | '\u{205f}'
            | '\u{3000}'
    )
}

/// How many words `text` has.
///
/// ```
/// assert_eq!(bag::count_words("one  two\u{3000}three\n"), 3);
/// ```
pub fn count_words(text: &str) -> u64 {
    let mut count = 0;
    let mut white_before = 1;
    simd::white_blocks(text, |white| {
        // A word starts at each byte that is not white and stands behind one that is.
        let starts = !white & ((white << 1) | white_before);
        count += u64::from(starts.count_ones());
        white_before = white >> 63;
    });
    count
}

/// Calls `each` with each word of `text`.
///
/// ```
/// let mut words = Vec::new();
/// bag::words(" a  b\u{a0}c", |word| words.push(word));
/// assert_eq!(words, ["a", "b", "c"]);
/// ```
pub fn words<'text>(text: &'text str, mut each: impl FnMut(&'text str)) {
    word_spans(text, |start, end| each(&text[start..end]));
}

/// Calls `each` with the start and end byte of each word of `text`.
#[inline(always)]
pub(crate) fn word_spans(text: &str, mut each: impl FnMut(usize, usize)) {
    let mut position = 0;
    let mut white_before = 1;
    let mut start = None;
    simd::white_blocks(text, |white| {
        // Words start and end where white begins or ceases.
        let mut edges = white ^ ((white << 1) | white_before);
        white_before = white >> 63;
        while edges != 0 {
            let edge = position + edges.trailing_zeros() as usize;
            edges &= edges - 1;
            match start.take() {
                None => start = Some(edge),
                Some(start) => each(start, edge),
            }
        }
        position += 64;
    });
    if let Some(start) = start {
        each(start, text.len());
    }
}

#[cfg(test)]
mod tests {
    use super::{count_words, is_whitespace, words};
    use proptest::prelude::*;

    /// Text in which white space of every kind meets its near misses.
    fn text() -> impl Strategy<Value = String> {
        let white = "\t\n\u{b}\u{c}\r\u{1c}\u{1d}\u{1e}\u{1f} \u{85}\u{a0}\u{1680}\u{2000}\u{2001}\
                     \u{2002}\u{2003}\u{2004}\u{2005}\u{2006}\u{2007}\u{2008}\u{2009}\u{200a}\
                     \u{2028}\u{2029}\u{202f}\u{205f}\u{3000}";
        let near = "\0\u{8}\u{e}\u{1b}!\u{7f}\u{80}\u{84}\u{86}\u{9f}\u{a1}\u{c2}\u{167f}\u{1681}\
                    \u{1fff}\u{200b}\u{2027}\u{202a}\u{202e}\u{2030}\u{205e}\u{2060}\u{2fff}\
                    \u{3001}\u{e0a0}\u{feff}\u{10000}\u{20000}";
        let character = prop_oneof![
            4 => prop::sample::select(white.chars().collect::<Vec<_>>()),
            4 => prop::sample::select(near.chars().collect::<Vec<_>>()),
            4 => proptest::char::range('a', 'z'),
            1 => any::<char>(),
        ];
        prop::collection::vec(character, 0..300).prop_map(String::from_iter)
    }

    proptest! {
        #[test]
        fn the_fast_path_gives_the_words_of_the_plain_definition(text in text()) {
            let expected: Vec<_> = text.split(is_whitespace).filter(|w| !w.is_empty()).collect();
            let mut found = Vec::new();
            words(&text, |word| found.push(word));
            prop_assert_eq!(&found, &expected);
            prop_assert_eq!(count_words(&text), expected.len() as u64);
        }
    }

    #[test]
    fn every_white_character_is_found_at_every_place_of_a_block() {
        for character in ('\0'..=char::MAX).filter(|c| is_whitespace(*c)) {
            for place in 0..200 {
                let text = format!("{}{character}{}", "x".repeat(place), "y".repeat(100));
                assert_eq!(count_words(&text), if place == 0 { 1 } else { 2 }, "{text:?}");
            }
        }
    }
}
