//! Reads `profiles`: objects that are copied unchanged.

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
    /// Kind of the object, as `Kind.group`.
    pub kind: String,
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
    /// The namespaces and names of the Helm releases that it installs. Names that Sveltos computes are not included.
    pub releases: Vec<(Rc<str>, Spanned<Rc<str>>)>,
}

/// A kind of objects that select clusters.
#[derive(Debug)]
pub struct ProfileKind {
    /// The API group.
    pub group: &'static str,
    /// The kind.
    pub kind: &'static str,
    /// The namespace of objects that do not set one; `None` if objects have no namespace and select clusters of all
    /// namespaces. Only these can be dependencies, because `dependsOn` contains no namespace.
    pub default_namespace: Option<&'static str>,
}

/// Reads an object and the clusters that it selects.
pub(super) fn read(object: &Node, kinds: &[ProfileKind], diags: &mut Diagnostics) -> Profile {
    Profile {
        object: object.clone(),
        selection: selection(object, kinds, diags),
    }
}

fn selection(object: &Node, kinds: &[ProfileKind], diags: &mut Diagnostics) -> Option<Selection> {
    let text = |key: &str| object.get(key).and_then(Node::text).unwrap_or_default();
    let (group, _) = text("apiVersion").split_once('/')?;
    let known = kinds
        .iter()
        .find(|known| known.group == group && known.kind == text("kind"))?;
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
        kind: format!("{}.{group}", known.kind),
        name: Spanned {
            value: name.and_then(Node::text).unwrap_or_default().into(),
            span: name.map_or(object.span, |name| name.span),
        },
        is_dependency: known.default_namespace.is_none(),
        namespace: known.default_namespace.map(|default| {
            let written = metadata("namespace").and_then(Node::text);
            written.unwrap_or(default).into()
        }),
        selector,
        has_references: ["clusterRefs", "setRefs"]
            .iter()
            .any(|key| of_spec(key).is_some()),
        depends_on,
        releases: of_spec("helmCharts").map_or_else(Vec::new, releases),
    })
}

/// Returns the releases of `helmCharts` of Sveltos. Both parts can be templates, and an entry can also uninstall a release
/// (`HelmChart` in `api/v1beta1/spec.go` of Sveltos' addon-controller 1.6.0).
fn releases(charts: &Node) -> Vec<(Rc<str>, Spanned<Rc<str>>)> {
    let release = |chart: &Node| {
        let text = |key: &str| {
            let node = chart.get(key)?;
            let text = node.text().filter(|text| !text.contains("{{"))?;
            Some(Spanned {
                value: text.into(),
                span: node.span,
            })
        };
        let action = chart.get("helmChartAction").and_then(Node::text);
        let is_installed = action != Some("Uninstall");
        Some((text("releaseNamespace")?.value, text("releaseName")?)).filter(|_| is_installed)
    };
    let charts = charts.items().unwrap_or_default();
    charts.iter().filter_map(release).collect()
}
