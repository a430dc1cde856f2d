//! Formats of versions, networks and names that Cluster API and its providers accept.

use std::net::IpAddr;

use ipnet::IpNet;
use semver::Version;

use crate::diagnostic::{Code, Problem};
use crate::model::name::{NAME_LENGTH, name_problem};

/// The characters that a name can contain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NameFormat {
    /// Any valid Kubernetes name.
    Any,
    /// Letters, digits, `-` and `_`; the first character is a letter or digit.
    Word,
    /// At least two letters and digits, with `-` between them.
    Dashed,
    /// At least two lower-case letters and digits, with `-` between them.
    LowerDashed,
    /// Lower-case letters and digits; the first character is a letter.
    Lower,
    /// Any characters, without two trade marks.
    Unbranded,
    /// A Kubernetes DNS name.
    Dns,
    /// A name in AWS IAM.
    Iam,
}

impl NameFormat {
    /// Returns `true` if a name has this format, and the requirement for messages.
    pub(super) fn check(self, text: &str) -> (bool, &'static str) {
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
                "it must begin with a letter or digit and contain only letters, digits, - and _",
            ),
            Self::Dashed => (
                is_dashed,
                "it must have at least two characters, and contain only letters and digits with - between them",
            ),
            Self::LowerDashed => (
                is_dashed && !text.contains(|c: char| c.is_ascii_uppercase()),
                "it must have at least two characters, and contain only lower-case letters and digits with - between them",
            ),
            Self::Lower => (
                text.starts_with(|c: char| c.is_ascii_lowercase()) && text.chars().all(is_lower),
                "it must begin with a letter and contain only lower-case letters and digits",
            ),
            Self::Dns => (
                name_problem(text, NAME_LENGTH, true).is_none(),
                "it must begin and end with a letter or digit, and contain only lower-case letters, digits, - and .",
            ),
            Self::Iam => (
                text.chars()
                    .all(|c| c.is_ascii_alphanumeric() || "_+=,.@-".contains(c)),
                "it must contain only letters, digits and _+=,.@-",
            ),
            Self::Unbranded => {
                let lower = text.to_ascii_lowercase();
                (
                    !["microsoft", "windows"]
                        .iter()
                        .any(|word| lower.contains(word)),
                    "Azure rejects names with `microsoft` or `windows`",
                )
            }
        }
    }
}

/// The required format of a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Amount {
    /// At least one.
    Positive,
    /// An odd number of machines that run etcd members.
    EtcdMembers,
    /// Zero or one.
    OneOrNone,
    /// A number or a percentage.
    Share,
    /// Seconds until a node startup fails: at least 30, or 0 to disable the limit.
    StartupSeconds,
}

impl Amount {
    /// Returns `true` if a string has this format, and the requirement for messages.
    pub(super) fn check(self, text: &str) -> (bool, &'static str) {
        let number: Option<i64> = text.parse().ok();
        let is = |is: fn(i64) -> bool| number.is_some_and(is);
        match self {
            Self::Positive => (is(|number| number > 0), "must be a number of at least 1"),
            Self::EtcdMembers => (
                is(|number| number < 1 || number % 2 == 1),
                "must be odd, because etcd runs on these machines",
            ),
            Self::OneOrNone => (is(|number| matches!(number, 0 | 1)), "must be 0 or 1"),
            Self::Share => {
                let share = text.strip_suffix('%').unwrap_or(text);
                (
                    share.parse::<i64>().is_ok(),
                    "must be a number, or a percentage such as 25%",
                )
            }
            Self::StartupSeconds => (
                is(|number| number == 0 || number >= 30),
                "must be at least 30 seconds, or 0 for no limit",
            ),
        }
    }
}

/// Returns `true` if a string is a container image tag.
pub(super) fn is_image_tag(text: &str) -> bool {
    let is_word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    text.len() <= 128
        && text.bytes().next().is_some_and(is_word)
        && text
            .bytes()
            .all(|byte| is_word(byte) || b".-".contains(&byte))
}

/// Returns the problem of a string that is not a semantic version with a `v`. Cluster API would add a missing `v`.
pub(super) fn version_problem(text: &str) -> Option<(Code, Problem)> {
    let bare = text.strip_prefix('v').unwrap_or(text);
    let (code, message) = if !is_semantic(bare) {
        let message = format!("`{text}` is not a version of the form v1.2.3");
        (Code::InvalidVersion, message)
    } else if bare == text {
        let message = format!("version `{text}` must begin with `v`, which Cluster API would add");
        (Code::VersionWithoutV, message)
    } else {
        return None;
    };
    let problem = Problem::new(message).help("write a version such as `v1.34.0`");
    Some((code, problem))
}

/// Returns `true` if a string is a version as semver.org and the parser of Cluster API define it. That parser stores the
/// numbers of a prerelease in 64 bits (github.com/blang/semver/v4, `NewPRVersion`).
fn is_semantic(text: &str) -> bool {
    let is_tag = |tag: &str| {
        let is_number = tag.bytes().all(|byte| byte.is_ascii_digit());
        !is_number || tag.parse::<u64>().is_ok()
    };
    let version = Version::parse(text);
    version.is_ok_and(|version| version.pre.is_empty() || version.pre.split('.').all(is_tag))
}

/// Parses a network like Go does: bits after the prefix can be set.
pub(crate) fn network(text: &str) -> Option<IpNet> {
    let (address, prefix) = text.split_once('/')?;
    let is_number = !prefix.is_empty() && prefix.bytes().all(|byte| byte.is_ascii_digit());
    let address: IpAddr = address.parse().ok()?;
    let prefix = prefix.parse().ok().filter(|_| is_number)?;
    IpNet::new(address, prefix).ok()
}

/// Returns the first two networks that have addresses in common.
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
