//! Versions, networks and names as Cluster API and its providers read them.

use std::net::IpAddr;

use ipnet::IpNet;

use crate::diagnostic::{Code, Problem};
use crate::model::name::{NAME_LENGTH, name_problem};

/// What a name is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Letters {
    /// Whatever Kubernetes takes.
    Any,
    /// Letters, digits, `-` and `_`, a letter or digit first.
    Word,
    /// Letters and digits, at least two, with `-` between them.
    Dashed,
    /// The same in lower case.
    LowerDashed,
    /// Lower-case letters and digits, a letter first.
    Lower,
    /// Anything without two words that are trade marks.
    Unbranded,
    /// Those of names in Kubernetes.
    Dns,
    /// Those of names in AWS' IAM.
    Iam,
}

impl Letters {
    /// Whether a name is made of these, and what it is to be made of.
    pub(super) fn judge(self, text: &str) -> (bool, &'static str) {
        let ends = |is: fn(char) -> bool| text.starts_with(is) && text.ends_with(is);
        let is_lower = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
        let is_dashed = text.len() > 1
            && ends(|c| c.is_ascii_alphanumeric())
            && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
        match self {
            Self::Any => (true, ""),
            Self::Word => (
                text.starts_with(|c: char| c.is_ascii_alphanumeric())
                    && text
                        .chars()
                        .all(|c| c.is_ascii_alphanumeric() || "-_".contains(c)),
                "it begins with a letter or digit; letters, digits, - and _ are allowed",
            ),
            Self::Dashed => (
                is_dashed,
                "it has two characters or more; letters, digits and, between them, - are allowed",
            ),
            Self::LowerDashed => (
                is_dashed && !text.contains(|c: char| c.is_ascii_uppercase()),
                "it has two characters or more; lower-case letters, digits and, between them, - are allowed",
            ),
            Self::Lower => (
                text.starts_with(|c: char| c.is_ascii_lowercase()) && text.chars().all(is_lower),
                "it begins with a letter; lower-case letters and digits are allowed",
            ),
            Self::Dns => (
                name_problem(text, NAME_LENGTH, true).is_none(),
                "it begins and ends with a letter or digit; lower-case letters, digits, - and . are allowed",
            ),
            Self::Iam => (
                text.chars()
                    .all(|c| c.is_ascii_alphanumeric() || "_+=,.@-".contains(c)),
                "letters, digits and _+=,.@- are allowed",
            ),
            Self::Unbranded => {
                let lower = text.to_ascii_lowercase();
                (
                    !["microsoft", "windows"]
                        .iter()
                        .any(|word| lower.contains(word)),
                    "Azure refuses `microsoft` and `windows` in it",
                )
            }
        }
    }
}

/// What a number is to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Amount {
    /// One or more.
    Positive,
    /// An odd number: that many machines vote on what etcd holds.
    Members,
    /// None, or one.
    OneOrNone,
    /// A number, or a percentage.
    Share,
    /// Seconds until a node is given up: 30 or more, or 0 for never.
    StartupSeconds,
}

impl Amount {
    /// Whether a text is that, and what is wanted.
    pub(super) fn judge(self, text: &str) -> (bool, &'static str) {
        let number: Option<i64> = text.parse().ok();
        let is = |is: fn(i64) -> bool| number.is_some_and(is);
        match self {
            Self::Positive => (is(|number| number > 0), "a number from 1 on is wanted"),
            Self::Members => (
                is(|number| number < 1 || number % 2 == 1),
                "an odd number is wanted, as etcd runs on these machines",
            ),
            Self::OneOrNone => (is(|number| matches!(number, 0 | 1)), "0 or 1 is wanted"),
            Self::Share => {
                let share = text.strip_suffix('%').unwrap_or(text);
                (
                    share.parse::<i64>().is_ok(),
                    "a number, or a percentage such as 25%, is wanted",
                )
            }
            Self::StartupSeconds => (
                is(|number| number == 0 || number >= 30),
                "30 seconds or more are wanted, or 0 for no limit",
            ),
        }
    }
}

/// Whether a text is the tag of a container image.
pub(super) fn is_image_tag(text: &str) -> bool {
    let is_word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    text.len() <= 128
        && text.bytes().next().is_some_and(is_word)
        && text
            .bytes()
            .all(|byte| is_word(byte) || b".-".contains(&byte))
}

/// Cluster API takes a semantic version, and puts the `v` before it that is missing.
pub(super) fn version_problem(text: &str) -> Option<(Code, Problem)> {
    let bare = text.strip_prefix('v').unwrap_or(text);
    let (code, message) = if !is_semantic(bare) {
        let message = format!("`{text}` is no version of the form v1.2.3");
        (Code::InvalidVersion, message)
    } else if bare == text {
        let message = format!("`{text}` lacks the v that Cluster API will put before it");
        (Code::VersionWithoutV, message)
    } else {
        return None;
    };
    let problem = Problem::new(message).help("write for example v1.34.0");
    Some((code, problem))
}

/// Whether a text is a version as Cluster API's parser has it, which is that of semver.org.
fn is_semantic(text: &str) -> bool {
    let number = |text: &str| {
        let is_number = text.bytes().all(|byte| byte.is_ascii_digit());
        is_number && (text.len() < 2 || !text.starts_with('0')) && text.parse::<u64>().is_ok()
    };
    let is_word = |text: &str| {
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
        !text.is_empty() && text.bytes().all(allowed)
    };
    let is_tag = |text: &str| {
        let is_number = text.bytes().all(|byte| byte.is_ascii_digit());
        is_word(text) && (!is_number || number(text))
    };
    let (text, build) = cut(text, '+');
    let (text, tags) = cut(text, '-');
    let mut numbers = text.split('.');
    numbers.clone().count() == 3
        && numbers.all(number)
        && build.is_none_or(|build| build.split('.').all(is_word))
        && tags.is_none_or(|tags| tags.split('.').all(is_tag))
}

/// What stands before a mark, and what stands behind it if it is there.
fn cut(text: &str, mark: char) -> (&str, Option<&str>) {
    match text.split_once(mark) {
        Some((before, behind)) => (before, Some(behind)),
        None => (text, None),
    }
}

/// A network as Go reads it: bits behind the prefix may be set.
pub(crate) fn network(text: &str) -> Option<IpNet> {
    let (address, prefix) = text.split_once('/')?;
    let is_number = !prefix.is_empty() && prefix.bytes().all(|byte| byte.is_ascii_digit());
    let address: IpAddr = address.parse().ok()?;
    let prefix = prefix.parse().ok().filter(|_| is_number)?;
    IpNet::new(address, prefix).ok()
}

/// Two networks that have addresses in common.
pub(crate) fn overlap<'a>(pods: &[&'a str], services: &[&'a str]) -> Option<(&'a str, &'a str)> {
    let pairs = pods
        .iter()
        .flat_map(|pods| services.iter().map(move |services| (*pods, *services)));
    let overlaps = |(one, other): &(&str, &str)| {
        let (Some(one), Some(other)) = (network(one), network(other)) else {
            return false;
        };
        one.contains(&other.network()) || other.contains(&one.network())
    };
    pairs.into_iter().find(overlaps)
}
