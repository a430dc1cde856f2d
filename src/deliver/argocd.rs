//! The delivery by Argo CD: an Application for each add-on and cluster.

use std::rc::Rc;

use super::lookup::{self, Engine};
use super::object::{self, Metadata, list, map, object, of_clusters, plain, prefixed, text};
use super::values::values_of;
use crate::model::cluster::CLUSTER_LABEL;
use crate::model::{Delivery, OnRemove};
use crate::plan::{AddOn, Chart, Manifests, Object, Plan, Software, Template};
use crate::source::Span;
use crate::tree::{Node, Text};

/// Where Argo CD's own objects are.
const NAMESPACE: &str = "argocd";
/// The label that tells the add-on of what is delivered.
const ADDON_LABEL: &str = "kubectl-fleet.io/addon";
/// Deletes what an Application has applied, without waiting for it.
const FINALIZER: &str = "resources-finalizer.argocd.argoproj.io/background";

/// Returns the objects of the add-ons, each with its add-on's number: those that the hub's Argo CD
/// applies, and those that spokes apply to themselves.
pub(super) fn templates(plan: &Plan) -> Vec<(usize, Template)> {
    let spokes = plan.spokes();
    let addons = plan.addons.iter().enumerate();
    let mut templates = Vec::new();
    for (number, addon) in addons.filter(|(_, addon)| addon.delivery == Delivery::ArgoCd) {
        for is_spokes in [false, true] {
            let is_ours =
                |index: &&usize| is_spokes == (spokes.contains(index) && !addon.is_from_hub);
            let application = Application {
                plan,
                addon,
                is_spokes,
                sync_policy: sync_policy(addon.name.span),
            };
            for variant in &addon.variants {
                let clusters = variant.clusters.iter().filter(is_ours).copied();
                let clusters: Vec<usize> = clusters.collect();
                for template in application.made(&variant.software, &clusters) {
                    let is_from_spoke = is_spokes;
                    templates.push((
                        number,
                        Template {
                            is_from_spoke,
                            ..template
                        },
                    ));
                }
            }
        }
    }
    templates
}

struct Application<'a> {
    plan: &'a Plan,
    addon: &'a AddOn,
    is_spokes: bool,
    /// The same for all clusters.
    sync_policy: Node,
}

impl Application<'_> {
    fn made(&self, software: &Software, clusters: &[usize]) -> Vec<Template> {
        match software {
            _ if clusters.is_empty() => Vec::new(),
            Software::Manifests(manifests) => {
                let source = self.directory(manifests);
                let object = self.application(source, None);
                vec![of_clusters(self.addon, object, clusters)]
            }
            Software::Helm(chart) => {
                let repos = values_of(&chart.repo.value, self.addon, self.plan, clusters);
                let of_repo = |(repo, clusters): (Rc<str>, Vec<usize>)| {
                    let namespace = object::quoted(self.span(), chart.namespace.value.clone());
                    let source = self.chart(chart, &repo);
                    let object = match &chart.runtime_values {
                        None => self.application(source, Some(namespace)),
                        Some(_) => self.application_set(source, namespace),
                    };
                    of_clusters(self.addon, object, &clusters)
                };
                repos.into_iter().map(of_repo).collect()
            }
        }
    }

    fn span(&self) -> Span {
        self.addon.name.span
    }

    fn name(&self) -> Text {
        prefixed(
            &format!("{}.", self.addon.name.value),
            "CLUSTER_NAME",
            self.span(),
        )
    }

    fn labels(&self) -> Node {
        let span = self.span();
        let cluster = object::quoted(span, Text::variable("CLUSTER_NAME", span));
        let addon = text(span, &self.addon.name.value);
        map(span, [(ADDON_LABEL, addon), (CLUSTER_LABEL, cluster)])
    }

    /// Argo CD leaves what it has applied where there is no finalizer.
    fn finalizers(&self) -> Option<Node> {
        let uninstalls = self.addon.on_remove == OnRemove::Uninstall;
        uninstalls.then(|| list(self.span(), [text(self.span(), FINALIZER)]))
    }

    fn metadata(&self, finalizers: Option<Node>) -> Metadata {
        let namespace = Text::Literal(NAMESPACE.into());
        Metadata {
            labels: Some(self.labels()),
            finalizers,
            ..Metadata::new(self.name(), Some(namespace), self.span())
        }
    }

    fn application(&self, source: Node, namespace: Option<Node>) -> Object {
        let metadata = self.metadata(self.finalizers());
        let spec = self.spec(source, namespace);
        object(
            ("argoproj.io/v1alpha1", "Application"),
            metadata,
            [("spec", spec)],
        )
    }

    /// An `ApplicationSet` of the one Application: its generator finds the cluster's Secret, where the
    /// values are looked up.
    fn application_set(&self, source: Node, namespace: Node) -> Object {
        let span = self.span();
        let cluster = object::quoted(span, Text::variable("CLUSTER_NAME", span));
        let selector = map(
            span,
            [("matchLabels", map(span, [(CLUSTER_LABEL, cluster)]))],
        );
        let generator = map(span, [("clusters", map(span, [("selector", selector)]))]);
        let metadata = Metadata {
            namespace: None,
            ..self.metadata(self.finalizers())
        };
        let template = [
            ("metadata", metadata.node()),
            ("spec", self.spec(source, Some(namespace))),
        ];
        let leaves = self.addon.on_remove == OnRemove::Leave;
        let policy = [(
            "preserveResourcesOnDeletion",
            plain(span, &leaves.to_string()),
        )];
        let options = [text(span, "missingkey=error")];
        let spec = [
            ("goTemplate", plain(span, "true")),
            ("goTemplateOptions", list(span, options)),
            ("syncPolicy", map(span, policy)),
            ("generators", list(span, [generator])),
            ("template", map(span, template)),
        ];
        let kind = ("argoproj.io/v1alpha1", "ApplicationSet");
        object(kind, self.metadata(None), [("spec", map(span, spec))])
    }

    fn spec(&self, source: Node, namespace: Option<Node>) -> Node {
        let span = self.span();
        let cluster = if self.is_spokes {
            ("server", text(span, "https://kubernetes.default.svc"))
        } else {
            (
                "name",
                object::quoted(span, Text::variable("CLUSTER_NAME", span)),
            )
        };
        let namespace = namespace.map(|namespace| ("namespace", namespace));
        let destination = std::iter::once(cluster).chain(namespace);
        let project = object::quoted(span, self.addon.project.value.clone());
        map(
            span,
            [
                ("project", project),
                ("source", source),
                ("destination", map(span, destination)),
                ("syncPolicy", self.sync_policy.clone()),
            ],
        )
    }

    fn chart(&self, chart: &Chart, repo: &str) -> Node {
        let span = self.span();
        let release = object::quoted(span, chart.release.value.clone());
        let mut helm = vec![("releaseName", release)];
        if chart.runtime_values.is_some() {
            // Of an object, an `ApplicationSet` runs each text by itself: what is looked up would stay a text.
            let values = lookup::values(chart, Some(Engine::ArgoCd), span);
            helm.push(("values", values));
        } else if let Some(values) = chart.said_values() {
            let values = crate::template::fill::yaml::sorted(values);
            helm.push(("valuesObject", values));
        }
        let quoted = |text: &Text| object::quoted(span, text.clone());
        // Argo CD knows a registry of charts by its name alone, and joins the chart's to it.
        let repo = match repo.strip_prefix("oci://") {
            Some(registry) => registry.trim_end_matches('/'),
            None => repo,
        };
        map(
            span,
            [
                ("repoURL", text(span, repo)),
                ("chart", quoted(&chart.chart.value)),
                ("targetRevision", quoted(&chart.version.value)),
                ("helm", map(span, helm)),
            ],
        )
    }

    /// The folder of manifests in the fleet's own repository.
    fn directory(&self, manifests: &Manifests) -> Node {
        let span = self.span();
        // What is missing was reported with the add-on.
        let (Some(source), Some((include, recurse))) = (&self.plan.source, manifests.included())
        else {
            return map(span, []);
        };
        let (folder, _) = manifests.folder();
        let url = source.repo_url.as_ref().map_or("", |url| &url.value);
        let mut directory = vec![("include", text(span, &include))];
        if recurse {
            directory.insert(0, ("recurse", plain(span, "true")));
        }
        map(
            span,
            [
                ("repoURL", text(span, url)),
                ("path", text(span, &source.in_repository(folder))),
                ("targetRevision", text(span, &source.revision)),
                ("directory", map(span, directory)),
            ],
        )
    }
}

/// An add-on is synced by itself and again until it works: what it depends on may come later.
fn sync_policy(span: Span) -> Node {
    let on = || plain(span, "true");
    let backoff = [
        ("duration", text(span, "5s")),
        ("factor", plain(span, "2")),
        ("maxDuration", text(span, "10m")),
    ];
    let options = [
        "CreateNamespace=true",
        "ServerSideApply=true",
        "SkipDryRunOnMissingResource=true",
    ];
    map(
        span,
        [
            (
                "automated",
                map(span, [("prune", on()), ("selfHeal", on())]),
            ),
            (
                "retry",
                map(
                    span,
                    [
                        ("limit", plain(span, "-1")),
                        ("backoff", map(span, backoff)),
                    ],
                ),
            ),
            (
                "syncOptions",
                list(span, options.map(|option| text(span, option))),
            ),
        ],
    )
}
