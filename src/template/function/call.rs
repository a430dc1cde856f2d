//! What each function does.

use super::pattern::{matching, pattern};
use super::{MAX_LENGTH, ProblemKind};

/// How many characters a pattern with wildcards may have; matching takes time in proportion to it.
const MAX_PATTERN: usize = 256;

/// What an expression can do with a value, other than giving a default.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Function {
    /// `${#V}`: the number of characters.
    Length,
    /// `${V,}`: the first character in lower case.
    LowerFirst,
    /// `${V,,}`: lower case.
    Lower,
    /// `${V^}`: the first character in upper case.
    UpperFirst,
    /// `${V^^}`: upper case.
    Upper,
    /// `${V:offset}`, `${V:offset:length}`: characters; a negative offset counts from the end.
    Substring,
    /// `${V#pattern}`: without the shortest match of a shell pattern, of at least one character.
    TrimShortestPrefix,
    /// `${V##pattern}`: without the longest.
    TrimLongestPrefix,
    /// `${V%pattern}`: the same at the end.
    TrimShortestSuffix,
    /// `${V%%pattern}`: the same at the end.
    TrimLongestSuffix,
    /// `${V/text/other}`: with another text for the first occurrence of a text (no pattern).
    ReplaceFirst,
    /// `${V//text/other}`: for every occurrence.
    ReplaceAll,
    /// `${V/#text/other}`: for the one at the start.
    ReplacePrefix,
    /// `${V/%text/other}`: for the one at the end.
    ReplaceSuffix,
}

impl Function {
    /// What follows the name of the variable, where a longer operator comes before its beginning.
    pub(in crate::template) const OPERATORS: [(&'static str, Self); 13] = [
        (",,", Self::Lower),
        (",", Self::LowerFirst),
        ("^^", Self::Upper),
        ("^", Self::UpperFirst),
        (":", Self::Substring),
        ("##", Self::TrimLongestPrefix),
        ("#", Self::TrimShortestPrefix),
        ("%%", Self::TrimLongestSuffix),
        ("%", Self::TrimShortestSuffix),
        ("//", Self::ReplaceAll),
        ("/#", Self::ReplacePrefix),
        ("/%", Self::ReplaceSuffix),
        ("/", Self::ReplaceFirst),
    ];

    /// Whether `argument` can be the one at `position`, counted from 0; if not, says why.
    pub(in crate::template) fn check(
        self,
        position: usize,
        argument: &str,
    ) -> Result<(), &'static str> {
        match self {
            Self::Substring => match argument.parse::<i32>() {
                Ok(number) if position == 0 || number >= 0 => Ok(()),
                Ok(_) => Err("a length is not negative"),
                Err(_) => Err("an offset or length is a whole number up to 2147483647"),
            },
            Self::TrimShortestSuffix | Self::TrimLongestSuffix
                if argument.contains(['[', '\\']) =>
            {
                Err("the pattern of `%` cannot have `[` or `\\`")
            }
            Self::TrimShortestPrefix
            | Self::TrimLongestPrefix
            | Self::TrimShortestSuffix
            | Self::TrimLongestSuffix => match pattern(argument) {
                None => Err(
                    "malformed pattern: `[` starts a set as in `[a-z]`, `\\` stands before a character",
                ),
                Some(pattern) if pattern.len() > MAX_PATTERN => {
                    Err("a pattern has at most 256 characters")
                }
                Some(_) => Ok(()),
            },
            _ => Ok(()),
        }
    }

    pub(super) fn call(self, value: &str, arguments: &[String]) -> Result<String, ProblemKind> {
        for (position, argument) in arguments.iter().enumerate() {
            self.check(position, argument)
                .map_err(ProblemKind::Argument)?;
        }
        let mut arguments = arguments.iter().map(String::as_str);
        let first = arguments.next().unwrap_or_default();
        let second = arguments.next();
        let other = second.unwrap_or_default();
        Ok(match self {
            Self::Length => value.chars().count().to_string(),
            Self::LowerFirst => first_with(value, lower),
            Self::Lower => value.chars().map(lower).collect(),
            Self::UpperFirst => first_with(value, upper),
            Self::Upper => value.chars().map(upper).collect(),
            Self::Substring => substring(value, first, second).to_owned(),
            Self::TrimShortestPrefix => without_prefix(value, first, false),
            Self::TrimLongestPrefix => without_prefix(value, first, true),
            Self::TrimShortestSuffix => without_suffix(value, first, false),
            Self::TrimLongestSuffix => without_suffix(value, first, true),
            Self::ReplaceFirst => value.replacen(first, other, 1),
            Self::ReplaceAll => {
                let matches = value.matches(first).count();
                if matches.saturating_mul(other.len()) > MAX_LENGTH {
                    return Err(ProblemKind::TooLong);
                }
                value.replace(first, other)
            }
            Self::ReplacePrefix => match value.strip_prefix(first) {
                Some(rest) => format!("{other}{rest}"),
                None => value.to_owned(),
            },
            Self::ReplaceSuffix => match value.strip_suffix(first) {
                Some(rest) => format!("{rest}{other}"),
                None => value.to_owned(),
            },
        })
    }
}

/// The one counterpart of a letter in lower case.
fn lower(letter: char) -> char {
    match letter {
        // The only one with a counterpart and a longer form that Rust prefers.
        'İ' => 'i',
        _ => only(letter, letter.to_lowercase()),
    }
}

/// The one counterpart of a letter in upper case.
fn upper(letter: char) -> char {
    only(letter, letter.to_uppercase())
}

fn only(letter: char, mut counterpart: impl ExactSizeIterator<Item = char>) -> char {
    if counterpart.len() == 1 {
        counterpart.next().unwrap_or(letter)
    } else {
        letter
    }
}

fn first_with(value: &str, change: fn(char) -> char) -> String {
    let mut rest = value.chars();
    rest.next().map(change).into_iter().chain(rest).collect()
}

fn substring<'v>(value: &'v str, offset: &str, length: Option<&str>) -> &'v str {
    // Only a number passed the check, and no text has as many characters as the largest of them.
    let number = |text: &str| text.parse::<i32>().unwrap_or_default();
    let offset = number(offset);
    let count = usize::try_from(offset.unsigned_abs()).unwrap_or(usize::MAX);
    let skip = if offset < 0 {
        value.chars().count().saturating_sub(count)
    } else {
        count
    };
    let rest = &value[byte_offset(value, skip)..];
    match length {
        None => rest,
        Some(length) => {
            let take = usize::try_from(number(length)).unwrap_or(usize::MAX);
            &rest[..byte_offset(rest, take)]
        }
    }
}

/// Where in `text` the character with a number is; its end where it has fewer.
fn byte_offset(text: &str, character: usize) -> usize {
    text.char_indices()
        .nth(character)
        .map_or(text.len(), |(offset, _)| offset)
}

fn without_prefix(value: &str, text: &str, longest: bool) -> String {
    let pattern = pattern(text).unwrap_or_default();
    value[matching(&pattern, value.chars(), longest)..].to_owned()
}

fn without_suffix(value: &str, text: &str, longest: bool) -> String {
    let mut pattern = pattern(text).unwrap_or_default();
    pattern.reverse();
    value[..value.len() - matching(&pattern, value.chars().rev(), longest)].to_owned()
}
