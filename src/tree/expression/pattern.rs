//! Shell patterns of the trimming functions.

use std::mem;

/// A token of a shell pattern.
pub(crate) enum Token {
    Many,
    One,
    Literal(char),
    Set {
        negated: bool,
        ranges: Vec<(char, char)>,
    },
}

impl Token {
    fn matches(&self, c: char) -> bool {
        match self {
            Self::Many | Self::One => true,
            Self::Literal(literal) => *literal == c,
            Self::Set { negated, ranges } => {
                ranges.iter().any(|&(low, high)| low <= c && c <= high) != *negated
            }
        }
    }
}

/// Parses a shell pattern of `*`, `?`, `[a-z]`, `[^a-z]` and `\` before a character.
///
/// Returns `None` if the pattern is invalid.
pub(crate) fn pattern(text: &str) -> Option<Vec<Token>> {
    let mut chars = text.chars().peekable();
    let mut tokens = Vec::new();
    while let Some(c) = chars.next() {
        tokens.push(match c {
            '*' => Token::Many,
            '?' => Token::One,
            '\\' => Token::Literal(chars.next()?),
            '[' => {
                let negated = chars.next_if_eq(&'^').is_some();
                let mut ranges = Vec::new();
                while ranges.is_empty() || chars.next_if_eq(&']').is_none() {
                    let low = member(&mut chars)?;
                    let high = if chars.next_if_eq(&'-').is_some() {
                        member(&mut chars)?
                    } else {
                        low
                    };
                    ranges.push((low, high));
                }
                Token::Set { negated, ranges }
            }
            _ => Token::Literal(c),
        });
    }
    Some(tokens)
}

/// Parses a character of a set.
fn member(chars: &mut impl Iterator<Item = char>) -> Option<char> {
    match chars.next()? {
        '-' | ']' => None,
        '\\' => chars.next(),
        c => Some(c),
    }
}

/// Returns the number of bytes at the start of `chars` that the whole pattern matches; 0 without a match.
///
/// `reached[n]` is `true` if the first n tokens match the characters so far. All alternatives are followed at
/// the same time, so the time is at most the product of the lengths of pattern and string.
pub(crate) fn matching(
    pattern: &[Token],
    chars: impl Iterator<Item = char>,
    longest: bool,
) -> usize {
    let mut reached = vec![false; pattern.len() + 1];
    let mut next = reached.clone();
    reached[0] = true;
    let end = pattern
        .iter()
        .rposition(|token| !matches!(token, Token::Many))
        .map_or(0, |n| n + 1);
    let mut length = 0;
    let mut matched = 0;
    for c in chars {
        length += c.len_utf8();
        next.fill(false);
        for (n, token) in pattern.iter().enumerate() {
            let many = matches!(token, Token::Many);
            // A star also matches the empty string.
            reached[n + 1] |= reached[n] && many;
            next[if many { n } else { n + 1 }] |= reached[n] && token.matches(c);
        }
        mem::swap(&mut reached, &mut next);
        if !reached.contains(&true) {
            break;
        }
        if reached[end..].contains(&true) {
            matched = length;
            if !longest {
                break;
            }
        }
    }
    matched
}
