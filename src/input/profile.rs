//! Reads `profiles`: objects that are copied unchanged, such as a `ClusterProfile` of Sveltos.

use std::rc::Rc;

use super::{addon, selector};
use crate::diagnostic::Diagnostics;
use crate::model::Selector;
use crate::source::Spanned;
use crate::tree::Node;

/// A document of a file of `profiles`.
#[derive(Debug)]
pub struct Profile {
    /// The object as written.
    pub object: Node,
    /// The clusters that it selects; `None` if its kind does not select clusters.
    pub selection: Option<Selection>,
}

/// The clusters that a profile selects.
#[derive(Debug)]
pub struct Selection {
    /// Name of the object; empty if the object has no name, which is reported later.
    pub name: Spanned<Rc<str>>,
    /// Whether other profiles and add-ons can depend on the object.
    pub is_dependency: bool,
    /// The namespace whose clusters it can select; `None` if it can select clusters of all namespaces.
    pub namespace: Option<Rc<str>>,
    /// `clusterSelector`; a selector without requirements matches no cluster.
    pub selector: Option<Spanned<Selector>>,
    /// Whether it also selects clusters with `clusterRefs` or `setRefs`.
    pub has_references: bool,
    /// `dependsOn`.
    pub depends_on: Vec<Spanned<Rc<str>>>,
}

/// Namespace of objects that do not set one.
pub const NAMESPACE: &str = "projectsveltos";

/// API group and kind of the objects that select clusters, and whether they select clusters of all namespaces.
/// Only kinds that do can be dependencies, because `dependsOn` contains no namespace.
const KINDS: [(&str, &str, bool); 3] = [
    ("config.projectsveltos.io", "ClusterProfile", true),
    ("config.projectsveltos.io", "Profile", false),
    ("addons.cluster.x-k8s.io", "HelmChartProxy", false),
];

/// Reads an object and the clusters that it selects.
pub(super) fn read(object: &Node, diags: &mut Diagnostics) -> Profile {
    Profile {
        object: object.clone(),
        selection: selection(object, diags),
    }
}

fn selection(object: &Node, diags: &mut Diagnostics) -> Option<Selection> {
    let text = |key: &str| object.get(key).and_then(Node::text).unwrap_or_default();
    let (group, _) = text("apiVersion").split_once('/')?;
    let (_, _, selects_all) = KINDS
        .iter()
        .find(|(known, kind, _)| *known == group && *kind == text("kind"))?;
    let metadata = |key: &str| object.get("metadata")?.get(key);
    let name = metadata("name");
    let spec = object.get("spec");
    let of_spec = |key: &str| {
        let value = spec?.get(key)?;
        (!value.is_null()).then_some(value)
    };
    let selector = of_spec("clusterSelector")
        .filter(|selector| selector.entries().is_some())
        .and_then(|node| {
            let value = selector::read_object(node, diags)?;
            let span = node.span;
            Some(Spanned { value, span })
        });
    let depends_on = of_spec("dependsOn")
        .and_then(|node| addon::depends_on(node, "`dependsOn`", diags))
        .unwrap_or_default();
    Some(Selection {
        name: Spanned {
            value: name.and_then(Node::text).unwrap_or_default().into(),
            span: name.map_or(object.span, |name| name.span),
        },
        is_dependency: *selects_all,
        namespace: (!selects_all).then(|| {
            let written = metadata("namespace").and_then(Node::text);
            written.unwrap_or(NAMESPACE).into()
        }),
        selector,
        has_references: ["clusterRefs", "setRefs"]
            .iter()
            .any(|key| of_spec(key).is_some()),
        depends_on,
    })
}
