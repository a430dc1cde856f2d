//! The delivery by Cluster API itself: a `HelmChartProxy` of its add-on provider for Helm for each chart
//! and cluster, and a `ClusterResourceSet` for manifests.

use super::lookup::{self, Engine};
use super::object::{self, Metadata, list, map, object, of_clusters, prefixed, text};
use crate::model::cluster::CLUSTER_LABEL;
use crate::model::{Delivery, OnRemove};
use crate::plan::{AddOn, Chart, Manifest, Object, Plan, Software, Template};
use crate::source::Span;
use crate::tree::{Node, Text};

/// The objects of the add-ons, each with its add-on's number.
pub(super) fn templates(plan: &Plan) -> Vec<(usize, Template)> {
    let addons = plan.addons.iter().enumerate();
    let addons = addons.filter(|(_, addon)| addon.delivery == Delivery::Caaph);
    let mut templates = Vec::new();
    for (number, addon) in addons {
        for variant in &addon.variants {
            let objects = match &variant.software {
                Software::Helm(chart) => vec![proxy(addon, chart)],
                Software::Manifests(manifests) => resources(addon, &manifests.files),
            };
            for object in objects {
                templates.push((number, of_clusters(addon, object, &variant.clusters)));
            }
        }
    }
    templates
}

/// The object of an add-on for a cluster, in the cluster's namespace.
fn metadata(addon: &AddOn) -> Metadata {
    let span = addon.name.span;
    let name = prefixed(&format!("{}.", addon.name.value), "CLUSTER_NAME", span);
    Metadata::new(name, Some(Text::variable("NAMESPACE", span)), span)
}

/// Selects the one cluster.
fn selector(span: Span) -> Node {
    let cluster = object::quoted(span, Text::variable("CLUSTER_NAME", span));
    map(
        span,
        [("matchLabels", map(span, [(CLUSTER_LABEL, cluster)]))],
    )
}

fn proxy(addon: &AddOn, chart: &Chart) -> Object {
    let span = addon.name.span;
    let quoted = |text: &Text| object::quoted(span, text.clone());
    let mut spec = vec![
        ("clusterSelector", selector(span)),
        ("repoURL", quoted(&chart.repo.value)),
        ("chartName", quoted(&chart.chart.value)),
        ("version", quoted(&chart.version.value)),
        ("releaseName", quoted(&chart.release.value)),
        ("namespace", quoted(&chart.namespace.value)),
    ];
    if addon.on_remove == OnRemove::Leave {
        spec.push(("reconcileStrategy", text(span, "InstallOnce")));
    }
    spec.extend(object::ownership(addon).map(|options| ("options", options)));
    if chart.said_values().is_some() || chart.runtime_values.is_some() {
        let values = lookup::values(chart, Some(Engine::Caaph), span);
        spec.push(("valuesTemplate", values));
    }
    let kind = ("addons.cluster.x-k8s.io/v1alpha1", "HelmChartProxy");
    object(kind, metadata(addon), [("spec", map(span, spec))])
}

/// A `ConfigMap` of the manifests, and what applies it.
fn resources(addon: &AddOn, files: &[Manifest]) -> Vec<Object> {
    let span = addon.name.span;
    let data = files
        .iter()
        .map(|file| (&*file.name, Node::string(file.span, &file.text)));
    let config_map = object(
        ("v1", "ConfigMap"),
        metadata(addon),
        [("data", map(span, data))],
    );
    let reference = [
        ("kind", text(span, "ConfigMap")),
        ("name", object::quoted(span, metadata(addon).name)),
    ];
    let spec = [
        ("clusterSelector", selector(span)),
        ("resources", list(span, [map(span, reference)])),
        ("strategy", text(span, "Reconcile")),
    ];
    let kind = ("addons.cluster.x-k8s.io/v1beta2", "ClusterResourceSet");
    let set = object(kind, metadata(addon), [("spec", map(span, spec))]);
    vec![config_map, set]
}
