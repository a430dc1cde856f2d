//! Rules for keys and values of labels and annotations.

use super::problem::{LABEL_LENGTH, NAME_LENGTH, name_problem};

/// Returns the problem of a label or annotation key, which has an optional DNS prefix and a name.
pub fn label_key_problem(key: &str) -> Option<String> {
    let name = match key.split_once('/') {
        None => key,
        Some((prefix, name)) => {
            if let Some(problem) = name_problem(prefix, NAME_LENGTH, true) {
                return Some(format!(
                    "its prefix `{prefix}` is not a DNS name: {problem}"
                ));
            }
            name
        }
    };
    if name.is_empty() {
        return Some("its name is empty".to_owned());
    }
    label_value_problem(name)
}

/// Returns the problem of a label value.
pub fn label_value_problem(value: &str) -> Option<String> {
    let alphanumeric = |byte: Option<u8>| byte.is_none_or(|byte| byte.is_ascii_alphanumeric());
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    if let Some(at) = value.bytes().position(|byte| !allowed(byte)) {
        let found = value[at..].chars().next()?;
        let code = u32::from(found);
        return Some(format!(
            "it contains `{found}` (U+{code:04X}); letters, digits, -, _ and . are allowed"
        ));
    }
    if value.len() > LABEL_LENGTH {
        return Some(format!(
            "it has {} characters, more than the limit of {LABEL_LENGTH}",
            value.len()
        ));
    }
    let well_ended = alphanumeric(value.bytes().next()) && alphanumeric(value.bytes().next_back());
    (!well_ended).then(|| "it must begin and end with a letter or digit".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn label_keys_can_have_a_prefix() {
        assert_eq!(label_key_problem("app.kubernetes.io/name"), None);
        assert_eq!(label_key_problem("Type_1.x"), None);
        for wrong in ["", "a/", "/a", "A.io/x", "a/b/c", "-a", "a b"] {
            assert!(label_key_problem(wrong).is_some(), "{wrong}");
        }
    }
}
