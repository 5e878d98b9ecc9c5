//! Lines as Python's text mode gives them: with their end, which is always `\n`.
//!
//! *Universal newlines*: `\n`, `\r\n` and `\r` all end a line and become `\n`
//! (PEP 278, PEP 3116). The translation happens where blocks are read, and only for blocks with a
//! `\r`; behind it a line ends at `\n` and nowhere else.

use memchr::{memchr, memchr_iter};
use std::borrow::Cow;

/// The lines of `text`, each with its `\n` but perhaps the last.
///
/// ```
/// assert_eq!(bag::lines("a\n\nb").collect::<Vec<_>>(), ["a\n", "\n", "b"]);
/// ```
pub fn lines(text: &str) -> impl Iterator<Item = &str> {
    let ends = memchr_iter(b'\n', text.as_bytes()).map(|newline| newline + 1);
    let mut start = 0;
    ends.chain(std::iter::once(text.len())).filter_map(move |end| {
        let line = &text[start..end];
        start = end;
        (!line.is_empty()).then_some(line)
    })
}

/// `text` with every end of a line written as `\n`.
pub(crate) fn translate_newlines(text: Cow<'_, str>) -> Cow<'_, str> {
    let Some(first) = memchr(b'\r', text.as_bytes()) else { return text };
    let mut translated = String::with_capacity(text.len());
    translated.push_str(&text[..first]);
    let mut rest = &text[first..];
    while let Some(carriage_return) = memchr(b'\r', rest.as_bytes()) {
        translated.push_str(&rest[..carriage_return]);
        translated.push('\n');
        rest = &rest[carriage_return + 1..];
        rest = rest.strip_prefix('\n').unwrap_or(rest);
    }
    translated.push_str(rest);
    Cow::Owned(translated)
}

#[cfg(test)]
mod tests {
    use super::{lines, translate_newlines};

    #[test]
    fn all_three_ends_of_a_line_become_one() {
        let text = "a\r\nb\rc\n\r\r\nd\r";
        assert_eq!(translate_newlines(text.into()), "a\nb\nc\n\n\nd\n");
    }

    #[test]
    fn a_text_without_final_newline_keeps_its_last_line() {
        assert_eq!(lines("a\nb").collect::<Vec<_>>(), ["a\n", "b"]);
        assert_eq!(lines("").count(), 0);
    }
}
