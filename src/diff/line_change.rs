//! The change of a line of the input as it is shown.

use super::inputs::InputLine;

/// Maximum length of a part of a line, in bytes.
const MAX_BYTES: usize = 100;

/// Returns the change of a line: `key: old → new`, `+ line` or `- line`.
pub fn contents(line: &InputLine) -> String {
    match (&line.before, &line.after) {
        (Some(before), Some(after)) if before == after => {
            // Asterisks replace secrets.
            let what = if after.contains('*') {
                "the change is masked"
            } else {
                "only spaces or line breaks change"
            };
            format!("{} ({what})", cut(after))
        }
        (Some(before), Some(after)) => changed(before, after),
        (Some(line), None) => format!("- {}", cut(line)),
        (None, Some(line)) => format!("+ {}", cut(line)),
        (None, None) => String::new(),
    }
}

/// Returns the parts of two lines that differ: of a flow mapping, the entries between the equal ones.
fn changed(before: &str, after: &str) -> String {
    // Quotes and expressions can contain the signs between entries.
    if [before, after]
        .iter()
        .any(|line| line.contains(['"', '\'', '$']))
    {
        return window(before, after);
    }
    let is_same = |(one, other): &(char, char)| one == other;
    let pairs = before.chars().zip(after.chars());
    let prefix: usize = pairs
        .take_while(is_same)
        .map(|(one, _)| one.len_utf8())
        .sum();
    let rest = before[prefix..]
        .chars()
        .rev()
        .zip(after[prefix..].chars().rev());
    let suffix: usize = rest
        .take_while(is_same)
        .map(|(one, _)| one.len_utf8())
        .sum();
    let start = before[..prefix]
        .rfind([',', '{', '['])
        .map_or(0, |at| at + 1);
    let tail = &before[before.len() - suffix..];
    let kept = tail.find([',', '}', ']']).unwrap_or(tail.len());
    let end = |line: &str| line.len() - suffix + kept;
    let (before, after) = (&before[start..end(before)], &after[start..end(after)]);
    let (before, after) = (before.trim(), after.trim());
    let key = before
        .split_once(": ")
        .map_or("", |(key, _)| &before[..key.len() + 2]);
    let is_one = !before.contains(", ") && !after.contains(", ");
    match after.strip_prefix(key).filter(|_| is_one) {
        Some(new) => format!("{key}{} → {}", cut(&before[key.len()..]), cut(new)),
        None => format!("{} → {}", cut(before), cut(after)),
    }
}

/// Returns two whole lines, or the parts of long lines around what differs.
fn window(before: &str, after: &str) -> String {
    let key = before
        .split_once(": ")
        .map_or("", |(key, _)| &before[..key.len() + 2]);
    let is_key = after.starts_with(key) && !key.contains(['{', '[', '"', '$']);
    let key = if is_key { key } else { "" };
    let (before, after) = (&before[key.len()..], &after[key.len()..]);
    let pairs = before.char_indices().zip(after.chars());
    let same = pairs.take_while(|((_, one), other)| one == other).count();
    // The window begins a little before the first difference.
    let skipped = if before.len().max(after.len()) > MAX_BYTES {
        same.saturating_sub(MAX_BYTES / 4)
    } else {
        0
    };
    let shown = |text: &str| {
        let start = text
            .char_indices()
            .nth(skipped)
            .map_or(text.len(), |(at, _)| at);
        let sign = if skipped > 0 { "…" } else { "" };
        format!("{sign}{}", cut(&text[start..]))
    };
    format!("{key}{} → {}", shown(before), shown(after))
}

fn cut(text: &str) -> String {
    if text.len() <= MAX_BYTES {
        return text.to_owned();
    }
    let end = (0..=MAX_BYTES).rev().find(|at| text.is_char_boundary(*at));
    format!("{}…", &text[..end.unwrap_or_default()])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diff::inputs::At;

    #[test]
    fn only_what_differs_is_shown() {
        for (before, after, expected) in [
            ("version: 1.0", "version: 1.1", "version: 1.0 → 1.1"),
            ("- a: 1", "- a: 2", "- a: 1 → 2"),
            ("x: {a: 1, b: 2, c: 3}", "x: {a: 1, b: 4, c: 3}", "b: 2 → 4"),
            ("x: {a: 1, b: 2}", "x: {a: 1}", "a: 1, b: 2 → a: 1"),
            ("[a, b]", "[a, b, c]", "b → b, c"),
            ("a", "b", "a → b"),
            ("ä: é", "ä: è", "ä: é → è"),
            (
                "password: ***",
                "password: ***",
                "password: *** (the change is masked)",
            ),
            ("a: 1", "", "a: 1 → "),
            ("a: 1", "a: 1", "a: 1 (only spaces or line breaks change)"),
            (
                "size: \"${size\"",
                "size: \"${x, y: 1\"",
                "size: \"${size\" → \"${x, y: 1\"",
            ),
        ] {
            let line = InputLine {
                path: String::new(),
                at: At::Head,
                number: 1,
                before: Some(before.to_owned()),
                after: Some(after.to_owned()),
            };
            assert_eq!(contents(&line), expected, "{before} / {after}");
        }
    }
}
