//! The token before a word on its line.

/// The token that precedes a word on its line.
#[derive(Clone, Copy)]
pub(super) enum PrecedingToken {
    /// The beginning of the line, or `;`.
    Nothing,
    /// An assignment, and whether its value is empty.
    Value { is_empty: bool },
    /// The command whose argument the word is, or such an argument.
    Argument,
}
