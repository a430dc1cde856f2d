//! What was cut out of a text before it is parsed.

use crate::tree::{Style, Text};

/// Texts whose expressions were cut out before YAML is read, and put back into the tree.
pub trait Mask {
    /// The offset in the author's text of an offset in the masked text.
    fn offset(&self, masked: usize) -> usize;
    /// The text of a scalar or key, with its expressions.
    fn unmask(&self, text: &str, style: Style) -> Text;
    /// Returns `true` if an unquoted key that ends with `?` is optional.
    fn has_optional_keys(&self) -> bool {
        false
    }
    /// Whether a scalar, written so, gets by an escape what stands for an expression.
    fn is_forged(&self, _text: &str, _written: &str) -> bool {
        false
    }
}

/// Text that nothing was cut out of.
pub struct Unmasked;

impl Mask for Unmasked {
    fn offset(&self, masked: usize) -> usize {
        masked
    }

    fn unmask(&self, text: &str, _: Style) -> Text {
        Text::Literal(text.into())
    }
}
