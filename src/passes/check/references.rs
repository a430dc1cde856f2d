//! References between Cluster API objects, and their locations.

use crate::model::CAPI;
use crate::plan::{Object, Template, With, group_of};
use crate::source::Span;
use crate::tree::{Node, Text, roots_of_text};

const CONTROL_PLANES: &str = "controlplane.cluster.x-k8s.io";

/// The references of kinds: the group, the kind (`None` for all kinds of the group), and the keys of the
/// reference, separated by spaces.
#[rustfmt::skip]
const REFERENCES: [(&str, Option<&str>, &str); 10] = [
    (CAPI, Some("Cluster"), "spec controlPlaneRef"),
    (CAPI, Some("Cluster"), "spec infrastructureRef"),
    (CAPI, Some("Machine"), "spec bootstrap configRef"),
    (CAPI, Some("Machine"), "spec infrastructureRef"),
    (CAPI, None, "spec template spec bootstrap configRef"),
    (CAPI, None, "spec template spec infrastructureRef"),
    (CONTROL_PLANES, None, "spec machineTemplate spec infrastructureRef"),
    (CONTROL_PLANES, None, "spec machineTemplate infrastructureRef"),
    (CAPI, Some("Cluster"), CLASS),
    (CAPI, Some("Cluster"), "spec topology"),
];
const CLASS: &str = "spec topology classRef";
const CLUSTER_CLASS: Option<(&str, &str)> = Some((CAPI, "ClusterClass"));

/// A reference from an object to another object.
#[derive(Debug)]
pub(crate) struct Reference {
    /// Location of the name.
    pub(crate) span: Span,
    /// Group of the target.
    pub(crate) group: String,
    /// Kind of the target.
    pub(crate) kind: String,
    /// Name of the target.
    pub(crate) name: Text,
    /// Namespace of the target; that of the object if the reference has none.
    pub(crate) namespace: Option<Text>,
}

/// Returns the references of an object in known fields. A group or kind from a variable is unknown.
pub(crate) fn references(object: &Object) -> Vec<Reference> {
    let mut found = Vec::new();
    for (group, kind, path) in &REFERENCES {
        let is_of_kind = *object.group == **group && kind.is_none_or(|kind| *object.kind == *kind);
        let node = path
            .split(' ')
            .try_fold(&object.tree, |node, key| node.get_definite(key));
        let Some(node) = node.filter(|_| is_of_kind) else {
            continue;
        };
        let text = |key: &str| {
            let value = node.get_definite(key).filter(|value| !value.is_null())?;
            Some((value.as_scalar()?.as_text(), value.span))
        };
        let (meant, name, namespace) = if node.get("class").is_some() {
            (CLUSTER_CLASS, text("class"), text("classNamespace"))
        } else if *path == CLASS {
            (CLUSTER_CLASS, text("name"), text("namespace"))
        } else {
            (identity(node), text("name"), text("namespace"))
        };
        if let (Some((group, kind)), Some((name, span))) = (meant, name) {
            found.push(Reference {
                span,
                group: group.to_owned(),
                kind: kind.to_owned(),
                name,
                namespace: namespace.map(|(text, _)| text),
            });
        }
    }
    found
}

/// Returns the group and the kind of a reference.
pub(crate) fn identity(reference: &Node) -> Option<(&str, &str)> {
    let kind = reference.get("kind")?.text()?;
    Some((group(reference)?, kind))
}

/// Returns the group of a reference, or `None` if it is missing or a variable decides it.
pub(crate) fn group(reference: &Node) -> Option<&str> {
    match (reference.get("apiGroup"), reference.get("apiVersion")) {
        (Some(group), _) => group.text(),
        (None, version) => Some(group_of(version?.text()?)),
    }
}

/// Returns `true` if a string in a template depends only on the subject: the template has no entries, and no
/// variables of its own that the string reads.
pub(super) fn is_of_subject(text: &Text, template: &Template) -> bool {
    let roots = roots_of_text(text);
    let is_own = |name: &String| template.variables.iter().any(|(own, _)| **own == **name);
    let mut with = template.instances.iter().map(|instance| &instance.with);
    with.all(|with| matches!(with, With::None)) && !roots.iter().any(is_own)
}

/// Mappings whose strings are not references, and fields that contain a name and are not references to a live object: the
/// name of a cluster, and the key with which data of an earlier template is kept (`api/v1beta1/metal3datatemplate_types.go`
/// of Cluster API Provider Metal3).
const NOT_REFERENCES: [&str; 5] = [
    "metadata",
    "labels",
    "matchLabels",
    "clusterName",
    "templateReference",
];

/// Returns `true` if the value below a key can be the name of another object.
pub(crate) fn is_reference_key(key: &str) -> bool {
    !NOT_REFERENCES.contains(&key)
}

/// Returns `true` if a key says that its value refers to another object.
pub(crate) fn is_reference_text(key: &str) -> bool {
    let ends = ["Ref", "Reference", "Template", "TemplateName", "RefName"];
    ends.iter().any(|end| key.ends_with(end))
}
