//! The delivery by Flux: a `HelmRelease` or a Kustomization for each add-on and cluster, beside the
//! cluster's kubeconfig, and a `HelmRepository` for each repository of charts.

mod repository;

use std::collections::BTreeMap;
use std::rc::Rc;

use super::object::{self, Metadata, list, map, object, of_clusters, plain, prefixed, text};
use super::values::values_of;
use crate::model::FluxSourceRef;
use crate::model::{Delivery, OnRemove};
use crate::plan::{AddOn, Chart, Manifests, Object, Plan, Software, SubjectId, Template};
use crate::source::Span;
use crate::template::fill;
use crate::tree::{Node, Part, Text};

/// The objects of the add-ons, each with its add-on's number, and then the repositories.
pub(super) fn templates(plan: &Plan) -> Vec<(usize, Template)> {
    let addons = plan.addons.iter().enumerate();
    let addons = addons.filter(|(_, addon)| addon.delivery == Delivery::Flux);
    let Some(source) = plan
        .source
        .as_ref()
        .and_then(|source| source.object.as_ref())
    else {
        return Vec::new();
    };
    let mut templates = Vec::new();
    let mut repositories: BTreeMap<Rc<str>, &AddOn> = BTreeMap::new();
    for (number, addon) in addons {
        let release = Release {
            plan,
            addon,
            source,
        };
        for variant in &addon.variants {
            match &variant.software {
                Software::Manifests(manifests) => {
                    let object = release.kustomization(manifests);
                    templates.push((number, of_clusters(addon, object, &variant.clusters)));
                }
                Software::Helm(chart) => {
                    let repos = values_of(&chart.repo.value, addon, plan, &variant.clusters);
                    for (url, clusters) in repos {
                        let url = repository::one_url(&url);
                        let object = release.helm_release(chart, url);
                        templates.push((number, of_clusters(addon, object, &clusters)));
                        repositories.entry(url.into()).or_insert(addon);
                    }
                }
            }
        }
    }
    let last = plan.addons.len();
    let mut repositories: Vec<(String, Template)> = repositories
        .into_iter()
        .map(|(url, addon)| {
            let object = repository::repository(&url, addon.name.span, source);
            let template = object::template(addon, object, vec![SubjectId::Shared]);
            (repository::name(&url), template)
        })
        .collect();
    repositories.sort_by(|a, b| a.0.cmp(&b.0));
    templates.extend(
        repositories
            .into_iter()
            .map(|(_, template)| (last, template)),
    );
    templates
}

struct Release<'a> {
    plan: &'a Plan,
    addon: &'a AddOn,
    source: &'a FluxSourceRef,
}

impl Release<'_> {
    fn span(&self) -> Span {
        self.addon.name.span
    }

    /// The object of an add-on for a cluster, in the namespace that has its kubeconfig.
    fn metadata(&self) -> Metadata {
        let span = self.span();
        let name = name_of(&self.addon.name.value, span);
        Metadata::new(name, Some(Text::variable("NAMESPACE", span)), span)
    }

    fn helm_release(&self, chart: &Chart, url: &str) -> Object {
        let span = self.span();
        let quoted = |text: &Text| object::quoted(span, text.clone());
        let repository = [
            ("kind", text(span, "HelmRepository")),
            ("name", text(span, &repository::name(url))),
            ("namespace", text(span, &self.source.namespace)),
        ];
        let of_chart = [
            ("chart", quoted(&chart.chart.value)),
            ("version", quoted(&chart.version.value)),
            ("sourceRef", map(span, repository)),
        ];
        let install = [
            ("createNamespace", plain(span, "true")),
            ("strategy", retried(span)),
        ];
        let mut spec = vec![
            ("interval", text(span, "10m")),
            ("releaseName", quoted(&chart.release.value)),
            ("targetNamespace", quoted(&chart.namespace.value)),
            ("storageNamespace", quoted(&chart.namespace.value)),
            ("chart", map(span, [("spec", map(span, of_chart))])),
        ];
        spec.extend(self.depends_on(|software| matches!(software, Software::Helm(_))));
        spec.push(("install", map(span, install)));
        spec.push(("upgrade", map(span, [("strategy", retried(span))])));
        if self.addon.on_remove == OnRemove::Leave {
            spec.extend(left(span));
        }
        let values = chart.said_values();
        spec.extend(values.map(|values| ("values", fill::yaml::sorted(values))));
        spec.push(("kubeConfig", kube_config(span)));
        let kind = ("helm.toolkit.fluxcd.io/v2", "HelmRelease");
        object(kind, self.metadata(), [("spec", map(span, spec))])
    }

    fn kustomization(&self, manifests: &Manifests) -> Object {
        let span = self.span();
        let (folder, _) = manifests.folder();
        let source = self.plan.source.as_ref();
        let folder = source.map_or(String::new(), |source| source.in_repository(folder));
        let path = match folder.as_str() {
            "." => "./".to_owned(),
            folder => format!("./{folder}"),
        };
        let prunes = self.addon.on_remove == OnRemove::Uninstall;
        let reference = [
            ("kind", text(span, &self.source.kind)),
            ("name", text(span, &self.source.name)),
            ("namespace", text(span, &self.source.namespace)),
        ];
        let mut spec = vec![
            ("interval", text(span, "10m")),
            ("retryInterval", text(span, "1m")),
            ("path", text(span, &path)),
            ("prune", plain(span, &prunes.to_string())),
            ("sourceRef", map(span, reference)),
        ];
        spec.extend(self.depends_on(|software| matches!(software, Software::Manifests(_))));
        spec.push(("kubeConfig", kube_config(span)));
        let kind = ("kustomize.toolkit.fluxcd.io/v1", "Kustomization");
        object(kind, self.metadata(), [("spec", map(span, spec))])
    }

    /// What an object waits for: objects of its own kind.
    fn depends_on(&self, is_of_kind: impl Fn(&Software) -> bool) -> Option<(&'static str, Node)> {
        let span = self.span();
        let needed = self.addon.depends_on.iter().filter(|needed| {
            let mut addons = self.plan.addons.iter();
            addons.any(|addon| {
                addon.name.value == **needed
                    && addon.delivery == Delivery::Flux
                    && is_of_kind(&addon.base)
            })
        });
        let item = |needed: &Rc<str>| {
            let name = object::quoted(span, name_of(needed, span));
            map(span, [("name", name)])
        };
        let items: Vec<Node> = needed.map(item).collect();
        (!items.is_empty()).then(|| ("dependsOn", list(span, items)))
    }
}

/// Tried again for as long as it fails, in place. The other strategy uninstalls a first release that is not ready
/// in time, such as that of a network add-on whose nodes are still on their way, or one that took over what was
/// there.
fn retried(span: Span) -> Node {
    let strategy = [
        ("name", text(span, "RetryOnFailure")),
        ("retryInterval", text(span, "1m")),
    ];
    map(span, strategy)
}

/// Helm uninstalls a release whose `HelmRelease` goes: what has this annotation stays, and no hook runs.
fn left(span: Span) -> [(&'static str, Node); 2] {
    let keep = map(span, [("helm.sh/resource-policy", text(span, "keep"))]);
    [
        ("commonMetadata", map(span, [("annotations", keep)])),
        (
            "uninstall",
            map(span, [("disableHooks", plain(span, "true"))]),
        ),
    ]
}

fn name_of(addon: &str, span: Span) -> Text {
    prefixed(&format!("{addon}."), "CLUSTER_NAME", span)
}

/// The kubeconfig that Cluster API keeps beside the Cluster.
fn kube_config(span: Span) -> Node {
    let suffix = Part::Literal("-kubeconfig".into());
    let parts = Text::variable("CLUSTER_NAME", span).parts();
    let name = Text::joined(parts.into_iter().chain([suffix]));
    let secret = map(span, [("name", object::quoted(span, name))]);
    map(span, [("secretRef", secret)])
}
