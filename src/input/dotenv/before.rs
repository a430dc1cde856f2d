//! The position of a word on its line.

/// The text that precedes a word on its line.
#[derive(Clone, Copy)]
pub(super) enum Before {
    /// Nothing, or `;`.
    Nothing,
    /// An assignment; perhaps of an empty value.
    Value { is_empty: bool },
    /// The command whose argument the word is, or such an argument.
    Argument,
}
