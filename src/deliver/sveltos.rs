//! The delivery by Sveltos: a `ClusterProfile` for each add-on, with the add-on's own selector.
//!
//! Variants are told apart by a label on the Cluster. What differs between them is looked up by that
//! label: values in a `ConfigMap` for each variant, manifests in one, other texts in a `dict`.

mod expression;
mod manifests;

use std::rc::Rc;

use super::lookup::{self, Engine};
use super::object::{self, Metadata, list, map, object, of_clusters, template, text};
use crate::model::{Delivery, OnRemove};
use crate::plan::{
    AddOn, Aspect, Chart, Object, Plan, Software, SubjectId, Template, Variant, VariantName,
};
use crate::source::Span;
use crate::tree::roots;
use crate::tree::{Node, Part, Style, Text};

/// Where Sveltos looks for what profiles refer to.
const NAMESPACE: &str = "projectsveltos";
/// The annotation that makes Sveltos run a `ConfigMap`'s content as a template.
const TEMPLATE: &str = "projectsveltos.io/template";

/// The objects of the add-ons, in the order of the output.
pub(super) fn templates(plan: &Plan) -> Vec<Template> {
    let addons: Vec<&AddOn> = plan
        .addons
        .iter()
        .filter(|addon| addon.delivery == Delivery::Sveltos)
        .collect();
    let values = |own: bool| {
        addons
            .iter()
            .flat_map(move |addon| values(addon, own, plan))
    };
    let manifests = |own: bool| {
        addons
            .iter()
            .flat_map(move |addon| manifests::templates(addon, own))
    };
    let profiles = addons.iter().map(|addon| {
        let profile = Profile { addon, plan };
        template(addon, profile.object(), vec![SubjectId::Shared])
    });
    values(true)
        .chain(manifests(true))
        .chain(values(false))
        .chain(manifests(false))
        .chain(profiles)
        .collect()
}

/// The values that do not stand in the profile: each cluster's own, or those that clusters share.
fn values(addon: &AddOn, own: bool, plan: &Plan) -> Vec<Template> {
    let Software::Helm(base) = &addon.base else {
        return Vec::new();
    };
    if !addon.varies.contains(&Aspect::Values) {
        let is_wanted = !own && base.runtime_values.is_some();
        let name = Text::Literal(Rc::clone(&addon.name.value));
        let object = is_wanted.then(|| config_map_of_values(addon, base, name));
        let template = object.map(|object| template(addon, object, vec![SubjectId::Shared]));
        return template.into_iter().collect();
    }
    let variants = addon.variants.iter();
    let of_variant = variants.filter_map(|variant| {
        let Software::Helm(chart) = &variant.software else {
            return None;
        };
        let is_own = variant.name == VariantName::Cluster;
        let object = config_map_of_values(addon, chart, variant_name(addon, variant));
        (is_own == own).then(|| {
            if is_own {
                of_clusters(addon, object, &variant.clusters)
            } else {
                shared(addon, (variant, chart), object, plan)
            }
        })
    });
    of_variant.collect()
}

/// The values that the clusters of a variant share. A variable that hangs on what the variant is called by is
/// the same for all of them, so that of one of them is taken.
fn shared(
    addon: &AddOn,
    (variant, chart): (&Variant, &Chart),
    object: Object,
    plan: &Plan,
) -> Template {
    let mut variables = addon.variables();
    if let Some(first) = variant.clusters.first() {
        let cluster = &plan.clusters[*first].variables;
        let names = chart.values.iter().flat_map(roots);
        let own = names.filter(|name| plan.constants.get(name).is_none());
        variables.extend(own.filter_map(|name| {
            let value = cluster.get(&name)?.clone();
            Some((Rc::from(name), value))
        }));
    }
    Template {
        variables: variables.into(),
        ..template(addon, object, vec![SubjectId::Shared])
    }
}

/// Sveltos runs this as a template where the annotation is there, and only then.
fn config_map_of_values(addon: &AddOn, chart: &Chart, name: Text) -> Object {
    let span = addon.name.span;
    let engine = chart.runtime_values.as_ref().map(|_| Engine::Sveltos);
    let annotations = engine.map(|_| map(span, [(TEMPLATE, text(span, "ok"))]));
    let data = map(span, [("values.yaml", lookup::values(chart, engine, span))]);
    let metadata = Metadata {
        annotations,
        ..Metadata::new(name, Some(Text::Literal(NAMESPACE.into())), span)
    };
    object(("v1", "ConfigMap"), metadata, [("data", data)])
}

/// The name of what belongs to a variant.
fn variant_name(addon: &AddOn, variant: &Variant) -> Text {
    let (addon, span) = (&addon.name.value, addon.name.span);
    match &variant.name {
        VariantName::Shared(name) => Text::Literal(format!("{addon}-{name}").into()),
        VariantName::Cluster => {
            let prefix = Part::Literal(format!("{addon}-").into());
            let cluster = Text::variable("CLUSTER_NAME", span);
            Text::Parts(std::iter::once(prefix).chain(cluster.parts()).collect())
        }
    }
}

/// The profile of an add-on.
struct Profile<'a> {
    addon: &'a AddOn,
    plan: &'a Plan,
}

impl Profile<'_> {
    fn object(&self) -> Object {
        let addon = self.addon;
        let span = addon.name.span;
        let mut spec = Vec::new();
        if let Some(selector) = &addon.selector {
            spec.push(("clusterSelector", object::selector(selector, span)));
        }
        spec.push(("syncMode", text(span, "Continuous")));
        if addon.on_remove == OnRemove::Leave {
            spec.push(("stopMatchingBehavior", text(span, "LeavePolicies")));
        }
        if !addon.depends_on.is_empty() {
            let names = addon.depends_on.iter().map(|name| text(span, name));
            spec.push(("dependsOn", list(span, names)));
        }
        if addon.varies.iter().any(|aspect| aspect.is_text()) || manifests::is_chosen(addon) {
            spec.push(("templateResourceRefs", list(span, [cluster(span)])));
        }
        spec.push(match &addon.base {
            Software::Helm(chart) => ("helmCharts", list(span, [self.chart(chart)])),
            Software::Manifests(_) => ("policyRefs", list(span, [self.reference()])),
        });
        object(
            ("config.projectsveltos.io/v1beta1", "ClusterProfile"),
            Metadata::new(Text::Literal(Rc::clone(&addon.name.value)), None, span),
            [("spec", map(span, spec))],
        )
    }

    fn chart(&self, chart: &Chart) -> Node {
        let addon = self.addon;
        let span = addon.name.span;
        let text = |aspect: Aspect, text: &Text| {
            if addon.varies.contains(&aspect) {
                expression::by_variant(addon, self.plan, aspect)
            } else {
                text.clone()
            }
        };
        let [repo, name, version, release, namespace] = chart
            .texts()
            .map(|(aspect, _, one)| text(aspect, &one.value));
        // Sveltos remembers a repository's URL by its name. No add-on's name has a dot.
        let repository: Text = if addon.varies.contains(&Aspect::Repo) {
            Text::Literal(self.variant('.').into())
        } else {
            Text::Literal(Rc::clone(&addon.name.value))
        };
        let slash = Part::Literal("/".into());
        let parts = repository.parts().into_iter().chain([slash]);
        let name = Text::joined(parts.chain(name.parts()));
        let entries = [
            ("repositoryURL", repo),
            ("repositoryName", repository),
            ("chartName", name),
            ("chartVersion", version),
            ("releaseName", release),
            ("releaseNamespace", namespace),
            ("helmChartAction", Text::Literal("Install".into())),
        ];
        let mut entries = entries
            .map(|(key, text)| (key, object::quoted(span, text)))
            .to_vec();
        if let Some(ownership) = object::ownership(addon) {
            let options = ["installOptions", "upgradeOptions"];
            let options = options.map(|when| (when, ownership.clone()));
            entries.push(("options", map(span, options)));
        }
        if addon.varies.contains(&Aspect::Values) || chart.runtime_values.is_some() {
            entries.push(("valuesFrom", list(span, [self.reference()])));
        } else if chart.said_values().is_some() {
            // Sveltos runs these as a template, whatever stands in them.
            let values = lookup::values(chart, Some(Engine::Sveltos), span);
            entries.push(("values", values));
        }
        map(span, entries)
    }

    /// The `ConfigMap` of the add-on, or of the cluster's variant.
    fn reference(&self) -> Node {
        let addon = self.addon;
        let name = match &addon.base {
            Software::Manifests(_) => manifests::reference(addon),
            Software::Helm(_) if addon.varies.contains(&Aspect::Values) => self.variant('-'),
            Software::Helm(_) => addon.name.value.to_string(),
        };
        let entries = [
            ("kind", "ConfigMap"),
            ("namespace", NAMESPACE),
            ("name", &name),
        ];
        let span = addon.name.span;
        map(span, entries.map(|(key, value)| (key, text(span, value))))
    }

    /// What gives the name of what belongs to the cluster's variant.
    fn variant(&self, joint: char) -> String {
        let label = expression::label(self.addon);
        format!("{}{joint}{{{{ {label} }}}}", self.addon.name.value)
    }
}

/// The cluster's own object, whose labels are watched: Sveltos sees no other change of an expression's
/// outcome than that of values.
fn cluster(span: Span) -> Node {
    let resource = [
        ("apiVersion", "cluster.x-k8s.io/v1beta2"),
        ("kind", "Cluster"),
        ("name", "{{ .Cluster.metadata.name }}"),
    ];
    let is_true = Node::scalar(span, Style::Plain, "true".into());
    map(
        span,
        [
            (
                "resource",
                map(span, resource.map(|(key, value)| (key, text(span, value)))),
            ),
            ("identifier", text(span, "Cluster")),
            ("optional", is_true),
            ("watchFields", list(span, [text(span, "metadata.labels")])),
        ],
    )
}
