//! The lines of a `.env` file.

/// Returns an assignment for each field, or the name of a field that a `.env` file cannot set.
pub(super) fn write<'a>(
    fields: impl Iterator<Item = (&'a str, &'a str)>,
) -> Result<String, &'a str> {
    let mut out = String::new();
    for (name, value) in fields {
        if !is_name(name) {
            return Err(name);
        }
        out.push_str(name);
        out.push('=');
        out.push_str(&quote(value));
        out.push('\n');
    }
    Ok(out)
}

fn is_name(name: &str) -> bool {
    let is_part = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    name.bytes().all(is_part) && !name.starts_with(|first: char| first.is_ascii_digit())
}

/// Quotes a value for a shell.
fn quote(value: &str) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/._-+@%,".contains(&byte);
    if !value.is_empty() && value.bytes().all(is_plain) {
        value.to_owned()
    } else {
        format!("'{}'", value.replace('\'', r"'\''"))
    }
}
