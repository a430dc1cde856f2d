//! Contents that objects of an add-on refer to, if clusters share its objects.
//!
//! A content has the values of a chart, or manifests. It is for all clusters, for the clusters of a variant, or for
//! one cluster. The engine records on every object the content that created it, and rejects the object from another
//! content. So each cluster has one content of manifests for an add-on, regardless of its variant: the label of the
//! cluster selects the files in it.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::rc::Rc;

use super::by_variant;
use super::data::map;
use super::lookups;
use crate::input::addon::{AddOnField, Chart};
use crate::plan::{AddOn, Manifest, Plan, Software, SubjectId, Variant, VariantName};
use crate::tree::{Node, Part, Text, roots};

/// A `ConfigMap` or `Secret` that objects of an add-on refer to.
pub(super) struct Content {
    /// Its name.
    pub(super) name: Text,
    /// Its strings by their keys.
    pub(super) data: Node,
    /// Whether an engine evaluates it as a template.
    pub(super) is_template: bool,
    /// The subjects: clusters, or all of them together.
    pub(super) subjects: Vec<SubjectId>,
    /// Variables that have one value for all clusters of the content.
    pub(super) variables: Vec<(Rc<str>, Node)>,
}

/// Returns the contents of an add-on.
pub(super) fn contents(plan: &Plan, addon: &AddOn) -> Vec<Content> {
    match &addon.base {
        Software::Helm(base) => chart_contents(plan, addon, base),
        Software::Manifests(base) => manifest_contents(addon, &base.files),
    }
}

/// Returns the name with which an object refers to the content of the cluster. Returns `None` if the values are in
/// the object itself.
pub(super) fn reference(addon: &AddOn) -> Option<String> {
    let name = addon.qualified_name();
    match &addon.base {
        Software::Manifests(_) if addon.has_cluster_in_path => {
            Some(format!("{name}-{{{{ .Cluster.metadata.name }}}}"))
        }
        Software::Manifests(_) => Some(name.to_string()),
        Software::Helm(_) if addon.varies.contains(&AddOnField::Values) => {
            Some(by_variant::name(addon, '-'))
        }
        Software::Helm(base) => base.runtime_values.is_some().then(|| name.to_string()),
    }
}

/// Returns `true` if the files in the content of manifests depend on the label of the cluster.
pub(super) fn is_selected(addon: &AddOn) -> bool {
    matches!(addon.base, Software::Manifests(_))
        && !addon.varies.is_empty()
        && !addon.has_cluster_in_path
}

fn chart_contents(plan: &Plan, addon: &AddOn, base: &Chart) -> Vec<Content> {
    if !addon.varies.contains(&AddOnField::Values) {
        let name = Text::Literal(addon.qualified_name());
        let is_content = base.runtime_values.is_some();
        return Vec::from_iter(is_content.then(|| values(addon, base, name)));
    }
    let variants = addon.variants.iter();
    let contents = variants.filter_map(|variant| {
        let Software::Helm(chart) = &variant.software else {
            return None;
        };
        let content = values(addon, chart, variant_name(addon, variant));
        Some(match variant.name {
            VariantName::Cluster => Content {
                subjects: clusters(variant),
                ..content
            },
            VariantName::Shared(_) => Content {
                variables: shared(plan, addon, variant, chart),
                ..content
            },
        })
    });
    contents.collect()
}

fn values(addon: &AddOn, chart: &Chart, name: Text) -> Content {
    let span = addon.written.name.span;
    let engine = addon.delivery.lookups.as_ref();
    let engine = engine.filter(|_| chart.runtime_values.is_some());
    Content {
        name,
        data: map(
            span,
            [("values.yaml", lookups::values(chart, engine, span))],
        ),
        is_template: engine.is_some(),
        subjects: vec![SubjectId::Shared],
        variables: addon.variables(),
    }
}

/// Returns the variables of the values that the clusters of a variant share. They are the same for all clusters of
/// the variant, so those of the first cluster are used.
fn shared(plan: &Plan, addon: &AddOn, variant: &Variant, chart: &Chart) -> Vec<(Rc<str>, Node)> {
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
    variables
}

fn manifest_contents(addon: &AddOn, files: &[Manifest]) -> Vec<Content> {
    let span = addon.written.name.span;
    let content = |name, is_template, files: Vec<(&str, Node)>, subjects| Content {
        name,
        data: map(span, files),
        is_template,
        subjects,
        variables: addon.variables(),
    };
    if addon.has_cluster_in_path {
        let content = |variant: &Variant| {
            let files = unchanged(self::files(variant));
            content(own_name(addon), false, files, clusters(variant))
        };
        return addon.variants.iter().map(content).collect();
    }
    let name = Text::Literal(addon.qualified_name());
    let shared = vec![SubjectId::Shared];
    match is_selected(addon) {
        true if addon.variants.is_empty() => Vec::new(),
        true => vec![content(name, true, variant_files(addon), shared)],
        false => vec![content(name, false, unchanged(files), shared)],
    }
}

fn clusters(variant: &Variant) -> Vec<SubjectId> {
    let clusters = variant.clusters.iter();
    clusters.map(|index| SubjectId::cluster(*index)).collect()
}

/// Returns the name of the content of a variant.
fn variant_name(addon: &AddOn, variant: &Variant) -> Text {
    match &variant.name {
        VariantName::Shared(name) => {
            Text::Literal(format!("{}-{name}", addon.qualified_name()).into())
        }
        VariantName::Cluster => own_name(addon),
    }
}

/// Returns the name of the content of one cluster.
fn own_name(addon: &AddOn) -> Text {
    let prefix = Part::Literal(format!("{}-", addon.qualified_name()).into());
    let cluster = Text::variable("CLUSTER_NAME", addon.written.name.span);
    Text::Parts(std::iter::once(prefix).chain(cluster.parts()).collect())
}

fn files(variant: &Variant) -> &[Manifest] {
    match &variant.software {
        Software::Manifests(manifests) => &manifests.files,
        Software::Helm(_) => &[],
    }
}

/// Returns the files unchanged, by name.
pub(super) fn unchanged(files: &[Manifest]) -> Vec<(&str, Node)> {
    let files = files.iter();
    files
        .map(|file| (&*file.name, Node::string(file.span, &file.text)))
        .collect()
}

/// Returns each file as a template that renders its contents for the cluster's variant.
fn variant_files(addon: &AddOn) -> Vec<(&str, Node)> {
    let mut by_file: BTreeMap<&str, Vec<(&Manifest, Vec<&str>)>> = BTreeMap::new();
    for variant in &addon.variants {
        let VariantName::Shared(name) = &variant.name else {
            continue;
        };
        for file in files(variant) {
            let texts = by_file.entry(&file.name).or_default();
            match texts.iter_mut().find(|(known, _)| known.text == file.text) {
                Some((_, names)) => names.push(name),
                None => texts.push((file, vec![name])),
            }
        }
    }
    let label = addon.label();
    let mut entries = Vec::with_capacity(by_file.len());
    for (key, texts) in by_file {
        let mut all = String::new();
        let span = texts
            .first()
            .map_or(addon.written.name.span, |(file, _)| file.span);
        for (file, names) in texts {
            let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
            let names = names.join(" ");
            let text = as_template(&file.text);
            // No string is appended to the contents: it would become part of a block scalar at their end.
            let _ = write!(
                all,
                "{{{{ if has (get .Cluster.metadata.labels `{label}`) (list {names}) }}}}\n{text}{{{{ end }}}}"
            );
        }
        entries.push((key, Node::string(span, &all)));
    }
    entries
}

/// Returns a template that renders a string.
fn as_template(text: &str) -> String {
    let escaped = text.replace("{{", "{{ `{{` }}");
    match escaped.strip_suffix('{') {
        // With a following `{`, the last one would begin an expression.
        Some(rest) => format!("{rest}{{{{ `{{` }}}}"),
        None => escaped,
    }
}
