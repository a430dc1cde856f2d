//! Strings that are printed as plain YAML scalars.

use crate::tree::{Plain, type_plain};

/// Returns `true` if every YAML 1.1 or 1.2 parser reads the plain scalar as this string.
pub(super) fn is_plain_text(s: &str) -> bool {
    if is_name(s) {
        return !is_yaml_keyword(s);
    }
    has_plain_form(s) && !is_yaml_keyword(s) && !looks_numeric(s) && type_plain(s) == Plain::String
}

/// Returns `true` if the string consists of letters, digits, `-`, `_` and `.`, as most substituted strings do.
fn is_name(s: &str) -> bool {
    let is_inner = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    s.starts_with(|first: char| first.is_ascii_alphabetic()) && s.bytes().all(is_inner)
}

fn has_plain_form(s: &str) -> bool {
    let starts_well = match s.as_bytes() {
        [b'-', next, ..] => {
            (next.is_ascii_alphanumeric() || *next == b'-') && !s.starts_with("---")
        }
        [first, ..] => {
            !first.is_ascii() || first.is_ascii_alphanumeric() || b"/_.$(+".contains(first)
        }
        [] => false,
    };
    let is_inner = |c: char| {
        if c.is_ascii() {
            matches!(c, ' '..='~')
        } else {
            c.is_alphanumeric()
        }
    };
    let breaks = |pair: &[u8]| matches!(pair, b": " | b" #");
    starts_well
        && !s.ends_with([' ', ':'])
        && !s.starts_with("...")
        && s.chars().all(is_inner)
        && !s.as_bytes().windows(2).any(breaks)
}

/// Returns `true` for keywords that a YAML parser treats as a boolean, a null or a number, in any case and with
/// any sign.
fn is_yaml_keyword(s: &str) -> bool {
    const KEYWORDS: [&str; 12] = [
        "y", "n", "yes", "no", "on", "off", "true", "false", "null", "inf", "infinity", "nan",
    ];
    s.len() < 12 && {
        let word = s.trim_start_matches(['+', '-', '.']);
        KEYWORDS
            .iter()
            .any(|keyword| word.eq_ignore_ascii_case(keyword))
    }
}

/// Returns `true` if the string could be a number, a date or a time in any YAML version.
///
/// Versions and addresses (`1.2.3`, `10.0.0.1`), and strings with other characters, cannot.
fn looks_numeric(s: &str) -> bool {
    let body = s.strip_prefix(['+', '-']).unwrap_or(s);
    let is_numeric = |byte: u8| byte.is_ascii_hexdigit() || b"xXoOtTzZ_,.:+- ".contains(&byte);
    let is_version = |s: &str| {
        let numbers = s.split_once(['-', '+']).map_or(s, |(numbers, _)| numbers);
        numbers.split('.').count() > 2 && numbers.split('.').all(|part| part.parse::<u32>().is_ok())
    };
    body.starts_with(|c: char| c.is_ascii_digit() || "._,:".contains(c))
        && body.bytes().all(is_numeric)
        && !is_version(s)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_are_plain_if_every_parser_agrees() {
        for text in [
            "a",
            "10.96.0.0/12",
            "v1.34.0",
            "1.34.0",
            "1.2.3-beta.1",
            "10.0.0.1",
            "https://x.y/z",
            "t3.large",
            "a b",
            "--flag=x",
            "-c",
            "/bin/sh",
            "$(NODE)",
            "512Mi",
            "Zoë",
            "a,b=c@d",
            "it's",
            ".spec.x",
            "a:b",
            "arn:aws:iam::1:role/x",
            "yess",
        ] {
            assert!(is_plain_text(text), "{text}");
        }
        for text in [
            "",
            "y",
            "No",
            "NULL",
            "~",
            "on",
            "-.inf",
            ".NaN",
            "1",
            "012",
            "1_000",
            "0x1F",
            "1e3",
            "12e45",
            "1.10",
            "2020-01-01",
            "12:30:45",
            "1,000",
            "<<",
            "=",
            "- a",
            "a: b",
            "a:",
            "a #b",
            " a",
            "a ",
            "---",
            "...",
            "*a",
            "@a",
            "{}",
            "[]",
            "a\tb",
            "\u{1f600}",
            "+1",
            "-1",
            "#",
        ] {
            assert!(!is_plain_text(text), "{text}");
        }
    }
}
