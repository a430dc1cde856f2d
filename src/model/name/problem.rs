//! Rules for names: DNS labels and DNS subdomains.

use std::fmt;

/// Maximum length of a DNS label, and so of the name of a cluster or namespace and of a label value.
pub const LABEL_LENGTH: usize = 63;
/// Maximum length of an object's name, if its kind does not set a lower limit.
pub const NAME_LENGTH: usize = 253;

/// The reason that a string is not a valid name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NameProblem {
    /// It is empty.
    Empty,
    /// It has more characters than the limit.
    TooLong {
        /// The number of characters.
        length: usize,
        /// The maximum number of characters.
        limit: usize,
    },
    /// It contains a character that is not allowed.
    Character(char),
    /// It, or a part between dots, begins or ends with a character other than a letter or digit.
    Ends,
}

impl fmt::Display for NameProblem {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => out.write_str("it is empty"),
            Self::TooLong { length, limit } => {
                write!(
                    out,
                    "it has {length} characters, more than the limit of {limit}"
                )
            }
            Self::Character(' ') => out.write_str("it contains a space"),
            Self::Character(found) => {
                write!(
                    out,
                    "it contains `{found}` (U+{:04X}); lower-case letters, digits and - are allowed",
                    u32::from(*found)
                )
            }
            Self::Ends => out.write_str("it must begin and end with a letter or digit"),
        }
    }
}

/// For each byte, whether a DNS label can contain it.
const LABEL: [bool; 256] = {
    let mut label = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        label[byte] = matches!(byte, 0x30..=0x39 | 0x61..=0x7a | 0x2d);
        byte += 1;
    }
    label
};

/// Returns the problem of a name, which must be a DNS label, or with `dots` a DNS subdomain.
pub fn name_problem(name: &str, limit: usize, dots: bool) -> Option<NameProblem> {
    let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let inside = |byte: u8| LABEL[usize::from(byte)] || (dots && byte == b'.');
    if let Some(at) = name.bytes().position(|byte| !inside(byte)) {
        return name[at..].chars().next().map(NameProblem::Character);
    }
    if name.is_empty() {
        return Some(NameProblem::Empty);
    }
    if name.len() > limit {
        return Some(NameProblem::TooLong {
            length: name.len(),
            limit,
        });
    }
    let well_ended = |part: &[u8]| {
        part.first().copied().is_some_and(allowed) && part.last().copied().is_some_and(allowed)
    };
    let mut parts = name.as_bytes().split(|byte| dots && *byte == b'.');
    (!parts.all(well_ended)).then_some(NameProblem::Ends)
}

/// Returns a valid name similar to a string. Does not replace characters outside of ASCII, because some only look
/// like Latin letters.
pub fn suggestion(text: &str) -> Option<String> {
    if !text.is_ascii() {
        return None;
    }
    let mapped: String = text
        .to_lowercase()
        .chars()
        .map(|c| {
            if c.is_ascii_lowercase() || c.is_ascii_digit() {
                c
            } else {
                '-'
            }
        })
        .take(LABEL_LENGTH)
        .collect();
    let name = mapped.trim_matches('-');
    (!name.is_empty() && name != text).then(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_validated_like_kubernetes() {
        for (name, expected) in [
            ("a", None),
            ("user-1", None),
            ("1user", None),
            ("", Some(NameProblem::Empty)),
            ("Alice", Some(NameProblem::Character('A'))),
            ("a_b", Some(NameProblem::Character('_'))),
            ("..", Some(NameProblem::Character('.'))),
            ("a/b", Some(NameProblem::Character('/'))),
            ("\u{430}lice", Some(NameProblem::Character('\u{430}'))),
            ("-a", Some(NameProblem::Ends)),
            ("a-", Some(NameProblem::Ends)),
        ] {
            assert_eq!(name_problem(name, LABEL_LENGTH, false), expected, "{name}");
        }
        let long = "a".repeat(64);
        assert_eq!(
            name_problem(&long, 63, false),
            Some(NameProblem::TooLong {
                length: 64,
                limit: 63
            })
        );
        assert_eq!(name_problem("a.b", 253, true), None);
        assert_eq!(name_problem("a..b", 253, true), Some(NameProblem::Ends));
    }

    #[test]
    fn suggestion_is_a_valid_name() {
        for text in ["Alice", "a_b", "-x-", "a/b"] {
            let name = suggestion(text).unwrap();
            assert_eq!(
                name_problem(&name, LABEL_LENGTH, false),
                None,
                "{text} -> {name}"
            );
        }
        for text in ["__", "\u{430}lice"] {
            assert_eq!(suggestion(text), None);
        }
    }
}
