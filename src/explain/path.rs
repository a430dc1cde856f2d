//! Paths of values: `spec.replicas`, `metadata.labels["example.com/team"]`, `spec.items[0]`, or a JSON Pointer.

use std::fmt::Write as _;

use crate::tree::{Node, Value};

/// Returns the keys of a path.
///
/// # Errors
///
/// Returns the reason if the path is not valid.
pub fn parse(path: &str) -> Result<Vec<String>, String> {
    if let Some(pointer) = path.strip_prefix('/') {
        let key = |key: &str| key.replace("~1", "/").replace("~0", "~");
        return Ok(pointer.split('/').map(key).collect());
    }
    let mut keys = Vec::new();
    let mut rest = path;
    while !rest.is_empty() {
        if let Some(inner) = rest.strip_prefix('[') {
            let (key, after) =
                bracket(inner).ok_or("`[` needs a number or a string in quotes, and `]`")?;
            keys.push(key.to_owned());
            rest = after;
        } else {
            let end = rest.find(['.', '[']).unwrap_or(rest.len());
            if end == 0 {
                return Err("a key is empty".to_owned());
            }
            keys.push(rest[..end].to_owned());
            rest = &rest[end..];
        }
        match rest.strip_prefix('.') {
            Some("") => return Err("it ends with a dot".to_owned()),
            Some(after) => rest = after,
            None if rest.is_empty() || rest.starts_with('[') => {}
            None => return Err("expected `.` or `[` after `]`".to_owned()),
        }
    }
    Ok(keys)
}

/// Returns the key in brackets, and the rest after them.
fn bracket(inner: &str) -> Option<(&str, &str)> {
    for quote in ['"', '\''] {
        if let Some(quoted) = inner.strip_prefix(quote) {
            let (key, rest) = quoted.split_once(quote)?;
            return Some((key, rest.strip_prefix(']')?));
        }
    }
    let (key, rest) = inner.split_once(']')?;
    let is_number = !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then_some((key, rest))
}

/// Returns a path in the form that [`parse`] accepts.
pub fn format(path: &[String]) -> String {
    let mut out = String::new();
    for key in path {
        let is_plain = |char: char| char.is_ascii_alphanumeric() || matches!(char, '-' | '_' | '$');
        if !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_digit()) {
            let _ = write!(out, "[{key}]");
        } else if !key.is_empty() && key.chars().all(is_plain) {
            out += if out.is_empty() { "" } else { "." };
            out += key;
        } else if key.contains('"') {
            let _ = write!(out, "['{key}']");
        } else {
            let _ = write!(out, "[\"{key}\"]");
        }
    }
    out
}

/// Returns the value at a path.
pub fn at<'n>(node: &'n Node, path: &[String]) -> Option<&'n Node> {
    path.iter().try_fold(node, |node, key| match &node.value {
        Value::Sequence(items) => items.get(key.parse::<usize>().ok()?),
        Value::Mapping(_) => node.get(key),
        Value::Scalar(_) => None,
    })
}

/// Adds the paths of the leaves of a tree: scalars, and empty collections. Stops at `limit` paths.
pub fn leaves(node: &Node, path: &mut Vec<String>, limit: usize, found: &mut Vec<Vec<String>>) {
    if found.len() >= limit {
        return;
    }
    let mut below = |key: String, node: &Node, found: &mut Vec<Vec<String>>| {
        path.push(key);
        leaves(node, path, limit, found);
        path.pop();
    };
    match &node.value {
        Value::Sequence(items) if !items.is_empty() => {
            for (index, item) in items.iter().enumerate() {
                below(index.to_string(), item, found);
            }
        }
        Value::Mapping(entries) if !entries.is_empty() => {
            for entry in entries.iter() {
                below(
                    entry.key.text.source_text().to_string(),
                    &entry.value,
                    found,
                );
            }
        }
        _ => found.push(path.clone()),
    }
}

#[cfg(test)]
mod tests {
    use super::{format, parse};

    #[test]
    fn paths_are_parsed_and_formatted() {
        for (path, keys) in [
            ("spec.replicas", &["spec", "replicas"][..]),
            ("a[0].b", &["a", "0", "b"]),
            ("a[\"x.y/z\"].b", &["a", "x.y/z", "b"]),
            ("[\"x y\"]", &["x y"]),
            ("a['say \"x\"']", &["a", "say \"x\""]),
        ] {
            let parsed = parse(path).unwrap();
            assert_eq!(parsed, keys, "{path}");
            assert_eq!(format(&parsed), path);
        }
        assert_eq!(parse("/a~1b/0/~0").unwrap(), ["a/b", "0", "~"]);
        for wrong in ["a.", ".a", "a..b", "a[", "a[x]", "a[\"x]", "a[0]b"] {
            assert!(parse(wrong).is_err(), "{wrong}");
        }
    }
}
