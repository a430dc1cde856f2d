//! The functions of expressions, and which arguments they accept.

use super::pattern::pattern;

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

    /// Whether `argument` can be the one at `position`, counted from 0; if not, says why.
    pub(crate) fn check(self, position: usize, argument: &str) -> Result<(), &'static str> {
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
}
