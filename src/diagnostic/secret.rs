//! Detection of keys that name secrets.

/// Words in the names of secrets.
const WORDS: [&str; 7] = [
    "pass",
    "token",
    "secret",
    "credential",
    "private",
    "apikey",
    "api_key",
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
