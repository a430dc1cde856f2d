//! Warns of clusters whose objects nothing guards, because they are no objects of Cluster API.

use std::collections::BTreeSet;

use super::cells::identifying_variables;
use super::prepare::guard::is_guarded;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::input::fleet::Fleet;
use crate::model::Deletion;
use crate::model::cell::Identifying;
use crate::plan::{Creator, Instance, Object, Plan, Template};

/// Groups whose objects are no clusters: those of Kubernetes, and of tools that configure or deploy.
const OTHER_GROUPS: [&str; 13] = [
    "apps",
    "argoproj.io",
    "autoscaling",
    "batch",
    "bitnami.com",
    "cert-manager.io",
    "external-secrets.io",
    "helm.toolkit.fluxcd.io",
    "kustomize.toolkit.fluxcd.io",
    "kyverno.io",
    "policy",
    "services.k8s.aws",
    "source.toolkit.fluxcd.io",
];

/// Warns of templates that create objects of a cluster if no object of the cluster has a guard. Kinds that could
/// represent a cluster are suggested for `safety.protect`.
pub(super) fn warn_unprotected(fleet: &Fleet, plan: &Plan, diags: &mut Diagnostics) {
    let safety = &fleet.safety;
    if safety.deletion == Deletion::Allow {
        return;
    }
    let of_hub = plan.templates.iter();
    let of_hub: Vec<&Template> = of_hub.filter(|template| !template.is_from_spoke).collect();
    let clusters = |template: &Template| {
        let instances = template.instances.iter();
        let clusters = instances.filter_map(Instance::cluster_index);
        clusters.collect::<Vec<usize>>()
    };
    let has_guard = |object: &Object| is_guarded(object, &safety.protect);
    let guarding = of_hub
        .iter()
        .filter(|template| template.objects.iter().any(has_guard));
    let guarded: BTreeSet<usize> = guarding.flat_map(|template| clusters(template)).collect();
    let identifying = identifying_variables(fleet);
    let mut reported = BTreeSet::new();
    for template in of_hub {
        let Creator::Template(span) = template.creator else {
            continue;
        };
        let kinds = template
            .objects
            .iter()
            .filter(|object| could_be_cluster(object, &identifying));
        let kinds: BTreeSet<String> = kinds.map(Object::qualified_kind).collect();
        let open = clusters(template).into_iter().find_map(|index| {
            let cluster = &plan.clusters[index];
            (!cluster.is_existing && !guarded.contains(&index)).then_some(cluster)
        });
        if let Some(cluster) = open.filter(|_| !kinds.is_empty() && reported.insert(span)) {
            let kinds: Vec<String> = kinds.into_iter().collect();
            let message = format!(
                "no object of the cluster `{}` is guarded against deletion, because it has no Cluster of Cluster API",
                cluster.name
            );
            let help = format!(
                "name the kind that represents the cluster: `safety: {{protect: [{}]}}`",
                kinds.join(", ")
            );
            diags.push(
                Diagnostic::new(Code::UnprotectedCluster, span, message)
                    .related(cluster.span, "the cluster")
                    .help(help),
            );
        }
    }
}

/// Returns `true` for an object of another API that is named after its cluster.
fn could_be_cluster(object: &Object, identifying: &Identifying) -> bool {
    let group = &*object.group;
    let is_of_kubernetes = group.is_empty() || group.ends_with("k8s.io");
    let is_other = |other: &&str| {
        let rest = group.strip_suffix(*other);
        rest.is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
    };
    let is_named = |name: &str| identifying.clusters.contains(name);
    !is_of_kubernetes
        && !OTHER_GROUPS.iter().any(is_other)
        && object.name.value.contains_value(is_named)
}
