//! The rules for names: DNS labels and DNS subdomains.

use std::fmt;

/// The longest label of DNS, and so of a cluster, a namespace and a label's value.
pub const LABEL_LENGTH: usize = 63;
/// The longest name of an object whose kind says nothing shorter.
pub const NAME_LENGTH: usize = 253;

/// Why a text is no name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NameProblem {
    /// It is empty.
    Empty,
    /// It has more characters than the limit.
    TooLong {
        /// How many it has.
        length: usize,
        /// How many it may have.
        limit: usize,
    },
    /// It holds a character that names do not have.
    Character(char),
    /// It, or a part between dots, begins or ends with something else than a letter or digit.
    Ends,
}

impl fmt::Display for NameProblem {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => out.write_str("it is empty"),
            Self::TooLong { length, limit } => {
                write!(out, "it has {length} characters, and {limit} are allowed")
            }
            Self::Character(' ') => out.write_str("it holds a blank"),
            Self::Character(found) => {
                write!(
                    out,
                    "it holds `{found}` (U+{:04X}); lower-case letters, digits and - are allowed",
                    u32::from(*found)
                )
            }
            Self::Ends => out.write_str("it must begin and end with a letter or digit"),
        }
    }
}

/// For each byte, whether a DNS label may hold it.
const LABEL: [bool; 256] = {
    let mut label = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        label[byte] = matches!(byte, 0x30..=0x39 | 0x61..=0x7a | 0x2d);
        byte += 1;
    }
    label
};

/// What is wrong with a name: a DNS label, or with `dots` a DNS subdomain.
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

/// A name near to a text that is none. Other letters than a to z are not guessed at: what looks
/// like an `a` may be none.
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
    fn names_are_judged_as_kubernetes_does() {
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
    fn a_suggestion_is_a_name() {
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
