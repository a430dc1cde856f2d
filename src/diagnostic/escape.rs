//! Escaping of characters that a terminal interprets.

use std::fmt::Write as _;

/// Returns the string with each control or bidirectional character as `\u{…}`, so that a name in a
/// file cannot move the cursor or reorder a message.
pub fn escape_control_chars(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        let hidden = character.is_control()
            || matches!(character, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' | '\u{e000}'..='\u{f8ff}' | '\u{fffe}' | '\u{ffff}');
        if hidden {
            let _ = write!(out, "\\u{{{:x}}}", u32::from(character));
        } else {
            out.push(character);
        }
    }
    out
}
