//! The functions of expressions and their valid arguments.

use super::pattern::pattern;

/// Maximum number of characters of a pattern, which limits the time of matching.
const MAX_PATTERN: usize = 256;

/// A function that an expression can apply to a value.
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
    /// `${V##pattern}`: without the longest match.
    TrimLongestPrefix,
    /// `${V%pattern}`: the same at the end.
    TrimShortestSuffix,
    /// `${V%%pattern}`: the same at the end.
    TrimLongestSuffix,
    /// `${V/old/new}`: with the first occurrence of a string (not a pattern) replaced.
    ReplaceFirst,
    /// `${V//old/new}`: with every occurrence replaced.
    ReplaceAll,
    /// `${V/#old/new}`: with an occurrence at the start replaced.
    ReplacePrefix,
    /// `${V/%old/new}`: with an occurrence at the end replaced.
    ReplaceSuffix,
}

impl Function {
    /// Operators after the name of the variable. An operator precedes its own prefixes.
    pub(super) const OPERATORS: [(&'static str, Self); 13] = [
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

    /// Checks the argument at `position`, counted from 0.
    ///
    /// # Errors
    ///
    /// Returns the reason and its fix if the argument is invalid.
    pub(crate) fn check(
        self,
        position: usize,
        argument: &str,
    ) -> Result<(), (&'static str, &'static str)> {
        match self {
            Self::Substring => match argument.parse::<i32>() {
                Ok(number) if position == 0 || number >= 0 => Ok(()),
                Ok(_) => Err((
                    "a length must not be negative",
                    "write a length of 0 or more, for example `${NAME:0:3}`",
                )),
                Err(_) => Err((
                    "an offset or length must be an integer up to 2147483647",
                    "write integers, for example `${NAME:0:3}`",
                )),
            },
            Self::TrimShortestSuffix | Self::TrimLongestSuffix
                if argument.contains(['[', '\\']) =>
            {
                Err((
                    "the pattern of `%` must not contain `[` or `\\`",
                    "use `?` for one character and `*` for several",
                ))
            }
            Self::TrimShortestPrefix
            | Self::TrimLongestPrefix
            | Self::TrimShortestSuffix
            | Self::TrimLongestSuffix => match pattern(argument) {
                None => Err((
                    "invalid pattern: `[` must begin a set such as `[a-z]`, and `\\` must precede a character",
                    "close the set with `]`, or write `\\[` for the character `[`",
                )),
                Some(pattern) if pattern.len() > MAX_PATTERN => Err((
                    "a pattern must have at most 256 characters",
                    "use a shorter pattern",
                )),
                Some(_) => Ok(()),
            },
            _ => Ok(()),
        }
    }
}
