//! Detection of keys that name secrets, and of logins in URLs.

use std::ops::Range;

/// Words in the names of secrets.
const WORDS: [&str; 8] = [
    "pass",
    "token",
    "secret",
    "credential",
    "private",
    "apikey",
    "api_key",
    "stringdata",
];

/// Returns `true` if a key names a secret, so that no message may show its value.
pub(crate) fn is_secret_key(key: &str) -> bool {
    find_secret_word(key).is_some()
}

/// Returns the byte offset of the first word in `text` that names a secret.
pub(crate) fn find_secret_word(text: &str) -> Option<usize> {
    let lower = text.to_ascii_lowercase();
    WORDS.iter().filter_map(|word| lower.find(word)).min()
}

/// Returns text with asterisks instead of the logins of URLs.
pub(crate) fn mask_logins(text: &str) -> String {
    let mut shown = String::new();
    let mut at = 0;
    for login in find_logins(text) {
        shown += &text[at..login.start];
        shown += "***";
        at = login.end;
    }
    shown + &text[at..]
}

/// Returns the ranges of the logins of all URLs in `text`: what is between `://` and `@`.
pub(crate) fn find_logins(text: &str) -> Vec<Range<usize>> {
    let is_end = |c: char| c.is_whitespace() || "/?#\"'`,;<>(){}[]".contains(c);
    let starts = text.match_indices("://").map(|(at, _)| at + 3);
    let logins = starts.filter_map(|start| {
        let host = text[start..].split(is_end).next()?;
        let end = host.rfind('@')?;
        (end > 0).then_some(start..start + end)
    });
    logins.collect()
}
