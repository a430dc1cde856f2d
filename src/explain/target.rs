//! The thing to explain: `CLUSTER`, `CLUSTER/ADDON`, `CLUSTER/KIND/NAME`, each with a path.

use super::path;
use crate::plan::Object;

/// The thing to explain, as written.
#[derive(Debug, PartialEq, Eq)]
pub struct Target<'a> {
    /// The name of a cluster, `LABEL=VALUE` of a group, or `@fleet`.
    pub subject: &'a str,
    /// The part of the subject.
    pub part: Part<'a>,
}

/// A part of a subject.
#[derive(Debug, PartialEq, Eq)]
pub enum Part<'a> {
    /// The subject itself, or a variable.
    Subject(Vec<String>),
    /// An add-on, by its name.
    AddOn(&'a str, Vec<String>),
    /// An object: its kind, and its name with an optional path. Names of roles can contain `:`.
    Object(&'a str, &'a str),
}

impl<'a> Target<'a> {
    /// Parses the argument of a command.
    ///
    /// # Errors
    ///
    /// Returns the reason if it is not valid.
    pub fn parse(text: &'a str) -> Result<Self, String> {
        let path_start = text.find(':').unwrap_or(text.len());
        // The key of a label can contain a slash.
        let label = text[..path_start].find('=').unwrap_or(0);
        let end = text[label..]
            .find(['/', ':'])
            .map_or(text.len(), |at| label + at);
        let subject = &text[..end];
        if subject.is_empty() {
            return Err("expected CLUSTER, CLUSTER/ADDON or CLUSTER/KIND/NAME".to_owned());
        }
        let part = match text[end..].strip_prefix('/') {
            None => Part::Subject(path::parse(
                text[end..].strip_prefix(':').unwrap_or_default(),
            )?),
            Some(rest) => {
                let (first, separator) = match rest.find(['/', ':']) {
                    Some(at) => (&rest[..at], &rest[at..]),
                    None => (rest, ""),
                };
                if let Some(name) = separator.strip_prefix('/') {
                    Part::Object(first, name)
                } else {
                    let path = separator.strip_prefix(':').unwrap_or_default();
                    Part::AddOn(first, path::parse(path)?)
                }
            }
        };
        Ok(Self { subject, part })
    }
}

/// Returns `true` if an object has a kind, written as `Kind` or `Kind.group`.
pub fn is_kind(object: &Object, kind: &str) -> bool {
    object.kind.eq_ignore_ascii_case(kind) || object.qualified_kind().eq_ignore_ascii_case(kind)
}

#[cfg(test)]
mod tests {
    use super::{Part, Target};

    #[test]
    fn targets_are_parsed() {
        let keys = |keys: &[&str]| keys.iter().map(ToString::to_string).collect();
        for (text, subject, part) in [
            ("a", "a", Part::Subject(keys(&[]))),
            ("a:size.cpu", "a", Part::Subject(keys(&["size", "cpu"]))),
            ("a:x[\"k=v\"]", "a", Part::Subject(keys(&["x", "k=v"]))),
            ("a/cni", "a", Part::AddOn("cni", keys(&[]))),
            (
                "a/cni:helm.version",
                "a",
                Part::AddOn("cni", keys(&["helm", "version"])),
            ),
            ("a/Cluster/b:spec", "a", Part::Object("Cluster", "b:spec")),
            (
                "x.io/team=a/Role/b",
                "x.io/team=a",
                Part::Object("Role", "b"),
            ),
            ("@fleet", "@fleet", Part::Subject(keys(&[]))),
        ] {
            assert_eq!(Target::parse(text), Ok(Target { subject, part }), "{text}");
        }
        assert!(Target::parse("/x").is_err());
    }
}
