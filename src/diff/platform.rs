//! Changes of what protects a fleet or decides what members can do: they belong to the platform team.

use super::difference::Difference;
use super::inputs::InputLine;

/// Keys of an entry of `clusters` or `groups` that decide what members can do.
const OF_LISTS: [&str; 9] = [
    "fields",
    "existing",
    "list",
    "at",
    "key",
    "value",
    "name",
    "namespace",
    "labels",
];

/// Keys at the root of `fleet.yaml` that only the platform team changes.
const KEYS: [(&str, &str); 9] = [
    // The first key of a file that is written in one line.
    ("apiVersion", "the whole file"),
    ("safety", "the guards and limits of the fleet"),
    ("cells", "the division into cells"),
    ("source", "the repository that controllers read"),
    ("metadata", "the name of the fleet"),
    ("include", "the files of the fleet"),
    ("clusters", "what members can set"),
    ("groups", "what groups can set"),
    (
        "templates",
        "which templates exist, and which members reach them",
    ),
];

/// A touched line that belongs to the platform team.
#[derive(Debug)]
pub struct PlatformChange<'a> {
    /// The line.
    pub line: &'a InputLine,
    /// What it decides.
    pub subject: &'static str,
}

/// Returns the touched lines that belong to the platform team, in order.
pub fn changes(difference: &Difference) -> Vec<PlatformChange<'_>> {
    let changes = difference.touched.iter().filter_map(|line| {
        Some(PlatformChange {
            line,
            subject: subject(line)?,
        })
    });
    changes.collect()
}

fn subject(line: &InputLine) -> Option<&'static str> {
    if line.path == crate::files::names::LOCK {
        return line
            .before
            .is_some()
            .then_some("clusters that must not disappear");
    }
    let [root, below @ ..] = &*line.keys else {
        return None;
    };
    let has = |known: &[&str]| below.iter().any(|key| known.contains(&key.as_str()));
    let is_list = matches!(root.as_str(), "clusters" | "groups");
    if is_list && (has(&["variables"]) || !has(&OF_LISTS)) {
        return None;
    }
    KEYS.iter()
        .find(|(known, _)| known == root)
        .map(|(_, subject)| *subject)
}
