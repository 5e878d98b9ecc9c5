//! What observations and questions can be wrong in.

/// Why nothing can be said.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Error {
    /// Too few times, or times at too few places.
    #[error("{what} needs at least {needed}, and there {} {given}", be(given))]
    NotEnough {
        /// What was asked for.
        what: &'static str,
        /// How many are needed, in words.
        needed: String,
        /// How many there are, in words.
        given: String,
    },
    /// A number that cannot be one.
    #[error("{0}")]
    Bad(String),
}

fn be(given: &str) -> &'static str {
    if given.starts_with("1 ") { "is" } else { "are" }
}

/// "1 time", "3 times".
pub(super) fn count(number: usize, one: &str, many: &str) -> String {
    if number == 1 { format!("1 {one}") } else { format!("{number} {many}") }
}
