//! Where readers of YAML disagree about a plain scalar.

use std::fmt;

use super::typing::{Plain, type_plain};

/// Why readers of YAML take a plain scalar for different values, or print it otherwise than it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ambiguity {
    /// `on`, `n`, `Yes`: a boolean of YAML 1.1.
    Boolean(bool),
    /// `012`, `0o14`: octal in YAML 1.1 or in 1.2, never in both.
    Octal(String),
    /// `1_000`, `0b1`, `0X1F`: a number of YAML 1.1 or of Go alone.
    Notation(String),
    /// `2020-01-01`: a time for kustomize.
    Date,
    /// `1.10`, `1e3`: a number that is printed otherwise.
    Digits(String),
}

impl fmt::Display for Ambiguity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Boolean(value) => write!(f, "kubectl reads {value}, kustomize reads text"),
            Self::Octal(value) => write!(
                f,
                "kubectl reads the octal number {value}, other YAML readers do not"
            ),
            Self::Notation(value) => write!(
                f,
                "kubectl reads the number {value}, other YAML readers read text"
            ),
            Self::Date => f.write_str("kubectl reads text, kustomize reads a time"),
            Self::Digits(value) => write!(f, "it is the number {value}"),
        }
    }
}

/// Why a plain scalar should be quoted or spelled otherwise; `None` where all readers agree on it.
pub fn ambiguity(text: &str) -> Option<Ambiguity> {
    match type_plain(text) {
        Plain::Bool(value) if !text.eq_ignore_ascii_case(&value.to_string()) => {
            Some(Ambiguity::Boolean(value))
        }
        Plain::Number(value) if value != text => numeric_ambiguity(text, value),
        Plain::String if is_date(text) => Some(Ambiguity::Date),
        Plain::Null
        | Plain::Bool(_)
        | Plain::Number(_)
        | Plain::String
        | Plain::Unrepresentable(_) => None,
    }
}

fn numeric_ambiguity(text: &str, value: String) -> Option<Ambiguity> {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    Some(match unsigned.as_bytes() {
        _ if text.contains('_') => Ambiguity::Notation(value),
        // YAML 1.1 and 1.2 agree on this form alone.
        [b'0', b'x', ..] if unsigned.len() == text.len() => return None,
        [b'0', b'x' | b'X' | b'b' | b'B', ..] => Ambiguity::Notation(value),
        [b'0', b'o' | b'O', ..] => Ambiguity::Octal(value),
        [b'0', digits @ ..]
            if digits.iter().all(|digit| matches!(digit, b'0'..=b'7')) && !digits.is_empty() =>
        {
            Ambiguity::Octal(value)
        }
        _ => Ambiguity::Digits(value),
    })
}

/// Whether the text is a date (`2020-1-2`), with or without a time; a few that are neither count too.
fn is_date(text: &str) -> bool {
    if !text.starts_with(|first: char| first.is_ascii_digit()) {
        return false;
    }
    let date = text
        .split_once(['T', 't', ' '])
        .map_or(text, |(date, _)| date);
    let parts: Vec<&str> = date.split('-').collect();
    let is_number = |part: &&str| part.bytes().all(|byte| byte.is_ascii_digit());
    matches!(
        parts.iter().map(|part| part.len()).collect::<Vec<_>>()[..],
        [4, 1..=2, 1..=2]
    ) && parts.iter().all(is_number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ambiguous_scalars_say_why() {
        let reason = |text| ambiguity(text).map(|ambiguity| ambiguity.to_string());
        for text in [
            "true",
            "FALSE",
            "null",
            "~",
            "1",
            "-17",
            "1.5",
            "0x1f",
            "1.2.3",
            "a-b",
            "10.0.0.0/8",
            "12:30:45",
            "nO",
        ] {
            assert_eq!(reason(text), None, "{text}");
        }
        for (text, expected) in [
            ("on", "kubectl reads true, kustomize reads text"),
            ("N", "kubectl reads false, kustomize reads text"),
            (
                "012",
                "kubectl reads the octal number 10, other YAML readers do not",
            ),
            (
                "0o14",
                "kubectl reads the octal number 12, other YAML readers do not",
            ),
            (
                "1_000",
                "kubectl reads the number 1000, other YAML readers read text",
            ),
            (
                "0b1",
                "kubectl reads the number 1, other YAML readers read text",
            ),
            ("2020-1-01", "kubectl reads text, kustomize reads a time"),
            ("1.10", "it is the number 1.1"),
            ("1e3", "it is the number 1000"),
            ("09", "it is the number 9"),
        ] {
            assert_eq!(reason(text).as_deref(), Some(expected), "{text}");
        }
    }
}
