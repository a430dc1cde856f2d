//! Conversion of values to YAML without expressions that parses as the same values.

use serde_json::Value;

/// Returns a string in double quotes.
pub fn quoted(text: &str) -> String {
    let escape = |c: char| match c {
        '$'
        | '\u{7f}'..='\u{9f}'
        | '\u{2028}'
        | '\u{2029}'
        | '\u{e000}'..='\u{f8ff}'
        | '\u{feff}'
        | '\u{fffe}'
        | '\u{ffff}' => format!("\\u{:04x}", u32::from(c)),
        c => c.to_string(),
    };
    Value::from(text).to_string().chars().map(escape).collect()
}

/// Returns a mapping in flow style from converted keys and values.
pub fn mapping(entries: impl IntoIterator<Item = (String, String)>) -> String {
    let entries = entries.into_iter();
    let entries: Vec<String> = entries
        .map(|(key, value)| format!("{key}: {value}"))
        .collect();
    format!("{{{}}}", entries.join(", "))
}

/// Returns a sequence in flow style from converted items.
pub fn sequence(items: impl IntoIterator<Item = String>) -> String {
    let items: Vec<String> = items.into_iter().collect();
    format!("[{}]", items.join(", "))
}

/// Returns the string without the characters that YAML files cannot contain.
pub fn carried(text: &str) -> String {
    let is_lost = |c: char| {
        matches!(
            c,
            '\u{7f}'..='\u{9f}' | '\u{e000}' | '\u{e001}' | '\u{fffe}' | '\u{ffff}'
        )
    };
    text.replace(is_lost, "")
}
