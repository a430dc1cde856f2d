//! Placeholders for expressions in YAML.

use crate::tree::{Style, Text};

/// The expressions of a file, which placeholders replace while YAML is parsed.
pub trait Mask {
    /// Returns the offset in the source of an offset in the masked contents.
    fn offset(&self, masked: usize) -> usize;
    /// Returns the string of a scalar or key with its expressions.
    fn unmask(&self, text: &str, style: Style) -> Text;
    /// Returns `true` if an unquoted key that ends with `?` is optional.
    fn has_optional_keys(&self) -> bool {
        false
    }
    /// Returns `true` if an escape in the source `written` of a scalar produces a placeholder.
    fn contains_escaped_placeholder(&self, _text: &str, _written: &str) -> bool {
        false
    }
}

/// The mask of contents without expressions.
pub struct NoMask;

impl Mask for NoMask {
    fn offset(&self, masked: usize) -> usize {
        masked
    }

    fn unmask(&self, text: &str, _: Style) -> Text {
        Text::Literal(text.into())
    }
}
