//! Objects that are printed as they are: profiles of a delivery, and what they refer to.

use std::rc::Rc;

use super::{addon, selector};
use crate::diagnostic::Diagnostics;
use crate::model::Selector;
use crate::source::Spanned;
use crate::tree::Node;

/// A document of a file of `profiles`.
#[derive(Debug)]
pub struct Profile {
    /// The object as it was written.
    pub object: Node,
    /// What it says of clusters, where it is of a kind that does.
    pub selection: Option<Selection>,
}

/// What a profile says of clusters.
#[derive(Debug)]
pub struct Selection {
    /// Its name; empty where it has none, which is reported with the object.
    pub name: Spanned<Rc<str>>,
    /// Whether other profiles and add-ons can depend on it.
    pub is_dependency: bool,
    /// The namespace whose clusters it sees; none for all.
    pub namespace: Option<Rc<str>>,
    /// `clusterSelector`; one without a requirement matches nothing.
    pub selector: Option<Spanned<Selector>>,
    /// Whether it names clusters in other ways, too.
    pub has_references: bool,
    /// `dependsOn`.
    pub depends_on: Vec<Spanned<Rc<str>>>,
}

/// The namespace of what says none.
pub const NAMESPACE: &str = "projectsveltos";

/// The kinds that select clusters, and whether they see those of all namespaces. Others can depend
/// on these by their names alone.
const KINDS: [(&str, &str, bool); 3] = [
    ("config.projectsveltos.io", "ClusterProfile", true),
    ("config.projectsveltos.io", "Profile", false),
    ("addons.cluster.x-k8s.io", "HelmChartProxy", false),
];

/// Reads what an object says of clusters.
pub(super) fn read(object: &Node, diags: &mut Diagnostics) -> Profile {
    Profile {
        object: object.clone(),
        selection: selection(object, diags),
    }
}

fn selection(object: &Node, diags: &mut Diagnostics) -> Option<Selection> {
    let text = |key: &str| object.get(key).and_then(Node::text).unwrap_or_default();
    let (group, _) = text("apiVersion").split_once('/')?;
    let (_, _, sees_all) = KINDS
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
            let value = selector::of_object(node, diags)?;
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
        is_dependency: *sees_all,
        namespace: (!sees_all).then(|| {
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
