//! Plain scalars that YAML parsers interpret differently.

use std::fmt;

use super::typing::{Plain, type_plain};

/// The reason why YAML parsers interpret a plain scalar as different values, or print a different string.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ambiguity {
    /// `on`, `n`, `Yes`: a boolean of YAML 1.1.
    Boolean(bool),
    /// `012`, `0o14`: octal in YAML 1.1 or in 1.2, but not in both.
    Octal(String),
    /// `1_000`, `0b1`, `0X1F`: a number only in YAML 1.1 or in Go.
    Notation(String),
    /// `2020-01-01`: a timestamp in kustomize.
    Date,
    /// `1.10`, `1e3`: a number that is printed as a different string.
    Digits(String),
}

impl fmt::Display for Ambiguity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Boolean(value) => {
                write!(f, "kubectl parses it as {value}, kustomize as a string")
            }
            Self::Octal(value) => write!(
                f,
                "kubectl parses it as the octal number {value}, other YAML parsers do not"
            ),
            Self::Notation(value) => write!(
                f,
                "kubectl parses it as the number {value}, other YAML parsers as a string"
            ),
            Self::Date => f.write_str("kubectl parses it as a string, kustomize as a time"),
            Self::Digits(value) => write!(f, "as a number, it is {value}"),
        }
    }
}

/// Returns the reason to quote or rewrite a plain scalar, or `None` if all parsers agree on it.
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
        // YAML 1.1 and 1.2 agree only on this notation.
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

/// Returns `true` if the string is a date (`2020-1-2`) with or without a time. Also accepts a few strings that
/// are not dates.
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
    fn ambiguous_scalars_have_a_reason() {
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
            ("on", "kubectl parses it as true, kustomize as a string"),
            ("N", "kubectl parses it as false, kustomize as a string"),
            (
                "012",
                "kubectl parses it as the octal number 10, other YAML parsers do not",
            ),
            (
                "0o14",
                "kubectl parses it as the octal number 12, other YAML parsers do not",
            ),
            (
                "1_000",
                "kubectl parses it as the number 1000, other YAML parsers as a string",
            ),
            (
                "0b1",
                "kubectl parses it as the number 1, other YAML parsers as a string",
            ),
            (
                "2020-1-01",
                "kubectl parses it as a string, kustomize as a time",
            ),
            ("1.10", "as a number, it is 1.1"),
            ("1e3", "as a number, it is 1000"),
            ("09", "as a number, it is 9"),
        ] {
            assert_eq!(reason(text).as_deref(), Some(expected), "{text}");
        }
    }
}
