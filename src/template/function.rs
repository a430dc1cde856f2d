//! The functions of expressions.

use super::error::FillErrorKind;
use crate::tree::expression::Function;
use crate::tree::expression::pattern::{matching, pattern};

/// Maximum size of an evaluated string in bytes.
pub const MAX_LENGTH: usize = 4 << 20;

/// Returns the error of a value that is longer than [`MAX_LENGTH`].
pub(super) fn too_long() -> FillErrorKind {
    FillErrorKind::Failed(format!("the value is longer than {} MiB", MAX_LENGTH >> 20))
}

impl Function {
    /// Returns the result of the function for a value.
    pub(super) fn call(self, value: &str, arguments: &[String]) -> Result<String, FillErrorKind> {
        for (position, argument) in arguments.iter().enumerate() {
            self.check(position, argument)
                .map_err(|(reason, _)| FillErrorKind::Failed(reason.to_owned()))?;
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
                    return Err(too_long());
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

/// Returns the lowercase form of a character if that is a single character, otherwise the character.
fn lower(c: char) -> char {
    match c {
        // Rust's lowercase form has two characters; Go uses the simple mapping.
        'İ' => 'i',
        _ => single_or(c, c.to_lowercase()),
    }
}

/// Returns the uppercase form of a character if that is a single character, otherwise the character.
fn upper(c: char) -> char {
    single_or(c, c.to_uppercase())
}

fn single_or(c: char, mut mapped: impl ExactSizeIterator<Item = char>) -> char {
    if mapped.len() == 1 {
        mapped.next().unwrap_or(c)
    } else {
        c
    }
}

fn first_with(value: &str, change: fn(char) -> char) -> String {
    let mut rest = value.chars();
    rest.next().map(change).into_iter().chain(rest).collect()
}

fn substring<'v>(value: &'v str, offset: &str, length: Option<&str>) -> &'v str {
    // `check` accepts only `i32`, which exceeds the length of every value.
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

/// Returns the byte offset of a character of `text`, or the length of `text` if it has fewer characters.
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
