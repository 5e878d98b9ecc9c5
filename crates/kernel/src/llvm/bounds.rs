//! Which indices need no check.

/// What is known of an index where it is computed.
#[derive(Clone, Debug)]
pub(super) enum Proof {
    /// It is that of an element, from the start.
    Within,
    /// It is that of an element, from the start or from the end.
    Wraps,
    /// It is that of an element, from the start, if this truth value is true.
    #[expect(dead_code)]
    If(String),
}
