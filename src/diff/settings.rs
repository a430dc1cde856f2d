//! The settings of a fleet that belong to the platform team.

use super::change::Step;
use crate::diagnostic::Diagnostics;
use crate::source::{FileId, Sources};
use crate::template;
use crate::tree::{Entry, Node, Text};

/// What a setting decides, and whether its change weakens a guard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Setting {
    pub(super) subject: &'static str,
    pub(super) is_weaker: bool,
}

/// Keys at the root of `fleet.yaml` that only the platform team changes.
const KEYS: [(&str, &str); 9] = [
    ("safety", "the guards and limits of the fleet"),
    ("cells", "the division into cells"),
    ("source", "the repository that controllers read"),
    ("metadata", "the name of the fleet"),
    ("include", "the files of the fleet"),
    ("schemas", "the schemas that objects are compared with"),
    ("clusters", "what members can set"),
    ("groups", "what groups can set"),
    (
        "templates",
        "which templates exist, and which members reach them",
    ),
];

/// Keys of an entry of `clusters` or `groups` that decide what members can do.
const OF_LISTS: [&str; 10] = [
    "fields",
    "existing",
    "list",
    "at",
    "key",
    "value",
    "name",
    "namespace",
    "labels",
    "variablesFrom",
];

/// Returns the settings in a file of the fleet: `fleet.yaml`, or a file that it includes.
pub(super) fn fleet(sources: &Sources, id: FileId) -> Option<Node> {
    if !sources.text(id).contains("kubectl-fleet.io/") {
        return None;
    }
    let documents = template::parse(id, sources, &mut Diagnostics::default())?;
    let [root] = <[Node; 1]>::try_from(documents).ok()?;
    let version = root.get("apiVersion").and_then(Node::text)?;
    version.starts_with("kubectl-fleet.io/").then_some(root)
}

/// Returns the setting at a path, from the root of `fleet.yaml`. `None` if it does not belong to the platform team.
pub(super) fn setting(path: &[Step], sides: [Option<&Node>; 2]) -> Option<Setting> {
    let key = |at: usize| match path.get(at) {
        Some(Step::Key(key)) => Some(&**key),
        _ => None,
    };
    let root = key(0)?;
    let (_, subject) = KEYS.iter().find(|(known, _)| *known == root)?;
    if matches!(root, "clusters" | "groups") {
        let is_known = match key(2) {
            // A variable that an entry no longer sets can be set by members.
            Some("variables") => sides[1].is_none(),
            Some(key) => OF_LISTS.contains(&key),
            None => true,
        };
        if !is_known {
            return None;
        }
    }
    Some(Setting {
        subject,
        is_weaker: root == "safety" && key(1).is_some_and(|key| is_weaker(key, sides)),
    })
}

/// Returns `true` if the change of a key of `safety` weakens a guard.
fn is_weaker(key: &str, sides: [Option<&Node>; 2]) -> bool {
    let [base, head] = sides.map(|side| side.and_then(Node::text));
    match key {
        "minClusters" => {
            let number = |text: Option<&str>| text.and_then(|text| text.parse::<u64>().ok());
            number(head) < number(base)
        }
        "deletion" => {
            let strength = |text: Option<&str>| match text {
                Some("forbid") => 2,
                Some("allow") => 0,
                _ => 1,
            };
            strength(head) < strength(base)
        }
        "allowEmpty" => head == Some("true"),
        "protect" => sides[0].is_some(),
        _ => false,
    }
}

/// Calls `visit` with each path with which members can choose a file: a template, or a file of variables.
pub(super) fn each_path(fleet: &Node, visit: &mut dyn FnMut(&Text)) {
    let mut text = |node: &Node| {
        if let Some(scalar) = node.as_scalar() {
            visit(&scalar.text);
        }
    };
    let templates = fleet.get("templates").and_then(Node::items);
    for template in templates.unwrap_or_default() {
        template.get("file").into_iter().for_each(&mut text);
    }
    each_value(fleet, "variablesFrom", &mut |node| match node.items() {
        Some(items) => items.iter().for_each(&mut text),
        None => text(node),
    });
}

fn each_value(node: &Node, wanted: &str, visit: &mut dyn FnMut(&Node)) {
    for Entry { key, value } in node.entries().unwrap_or_default() {
        if key.text.literal() == Some(wanted) {
            visit(value);
        } else {
            each_value(value, wanted, visit);
        }
    }
    for item in node.items().unwrap_or_default() {
        each_value(item, wanted, visit);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Span;

    #[test]
    fn weaker_guards_are_known() {
        let file = Sources::default().add("fleet.yaml", String::new());
        let span = Span::new(file, 0..0);
        for (key, base, head, expected) in [
            ("minClusters", Some("5"), Some("4"), true),
            ("minClusters", Some("5"), Some("6"), false),
            ("minClusters", Some("5"), None, true),
            ("minClusters", None, Some("1"), false),
            ("deletion", Some("forbid"), Some("confirm"), true),
            ("deletion", Some("forbid"), None, true),
            ("deletion", None, Some("allow"), true),
            ("deletion", Some("confirm"), None, false),
            ("deletion", Some("allow"), Some("forbid"), false),
            ("allowEmpty", None, Some("true"), true),
            ("allowEmpty", Some("true"), None, false),
            ("protect", Some("A.b"), None, true),
            ("protect", Some("A.b"), Some("C.d"), true),
            ("protect", None, Some("A.b"), false),
            ("budgets", Some("128MiB"), None, false),
        ] {
            let nodes = [base, head].map(|text| text.map(|text| Node::string(span, text)));
            let sides = [nodes[0].as_ref(), nodes[1].as_ref()];
            assert_eq!(is_weaker(key, sides), expected, "{key}: {base:?} {head:?}");
        }
    }
}
