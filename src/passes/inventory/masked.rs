//! The values that names of objects are substituted with: without hashes, and with `*` for what differs between clusters.

use std::borrow::Cow;
use std::rc::Rc;

use crate::plan::rotated::rotated_index;
use crate::plan::{Object, SubjectScope};
use crate::template::fill::{self, Scope};
use crate::tree::{Entry, Node, Text, Value, roots_of_text};

/// The variables of each cluster.
const OF_CLUSTERS: [&str; 3] = ["CLUSTER_NAME", "NAMESPACE", "CELL"];
/// The variables that are the same for all objects of a template.
const OF_TEMPLATES: [&str; 2] = ["ADDON", "FLEET"];
const MASK: &str = "*";

/// The variables of a name.
pub(super) struct NameScope<'a> {
    pub(super) scope: &'a SubjectScope<'a>,
    /// Whether `*` replaces values of members and of single clusters.
    pub(super) is_masked: bool,
}

impl Scope for NameScope<'_> {
    fn get(&self, name: &str) -> Option<Cow<'_, Node>> {
        let value = self.scope.get(name)?;
        let differs = || {
            let path = [name.to_owned()];
            OF_CLUSTERS.contains(&name) || self.scope.member_value(&path).is_some()
        };
        Some(if self.is_masked && differs() {
            Cow::Owned(mask(&value))
        } else {
            value
        })
    }

    /// Returns the written name, which does not change with the content.
    fn rotated(&self, index: usize) -> Option<Rc<str>> {
        let rotated = self.scope.rotated.get(index)?;
        Some(fill::text(
            &rotated.object.name.value,
            self,
            &mut Vec::new(),
        ))
    }
}

/// Replaces all strings of a value.
fn mask(node: &Node) -> Node {
    let span = node.span;
    match &node.value {
        _ if node.is_null() => node.clone(),
        Value::Scalar(_) => Node::string(span, MASK),
        Value::Sequence(items) => Node {
            span,
            value: Value::Sequence(items.iter().map(mask).collect()),
        },
        Value::Mapping(entries) => {
            let masked = entries.iter().map(|entry| Entry {
                key: entry.key.clone(),
                value: mask(&entry.value),
            });
            Node::mapping(span, masked.collect())
        }
    }
}

/// Returns `true` if an object has the same masked name for all clusters.
pub(super) fn is_masked_alike(object: &Object) -> bool {
    let is_alike = |text: &Text| {
        let roots = roots_of_text(text);
        let is_alike = |root: &str| OF_CLUSTERS.contains(&root) || OF_TEMPLATES.contains(&root);
        rotated_index(text).is_none() && roots.iter().all(|root| is_alike(root))
    };
    object.written_namespace().is_none_or(is_alike) && is_alike(&object.name.value)
}
