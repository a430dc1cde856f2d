//! Text and numbers as a page shows them.

use maud::{Markup, html};

use crate::diagnostic::escape_control_chars;

/// Returns text without control characters.
pub(super) fn shown(text: &str) -> String {
    escape_control_chars(text)
}

/// Returns a sentence, with the parts in backticks as code.
pub(super) fn prose(text: &str) -> Markup {
    let text = shown(text);
    html! {
        @for (at, part) in text.split('`').enumerate() {
            @if at % 2 == 1 { code { (part) } } @else { (part) }
        }
    }
}

/// Returns a number with separators of thousands.
pub(super) fn number(number: usize) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}
