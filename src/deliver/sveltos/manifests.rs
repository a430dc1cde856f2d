//! Manifests for Sveltos.
//!
//! Sveltos remembers on every object which `ConfigMap` it comes from, and refuses it from another one. So a cluster has
//! one for an add-on, whatever its variant: the cluster's label chooses what is in it.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::rc::Rc;

use super::super::object::{Metadata, map, object, of_clusters, template, text};
use super::{NAMESPACE, TEMPLATE};
use crate::plan::{AddOn, Manifest, Object, Software, SubjectId, Template, Variant, VariantName};
use crate::tree::{Node, Part, Text};

/// Whether the content hangs on the cluster's label.
pub(super) fn is_chosen(addon: &AddOn) -> bool {
    matches!(addon.base, Software::Manifests(_)) && !addon.varies.is_empty() && !addon.is_by_cluster
}

/// The name by which a profile refers to the `ConfigMap`.
pub(super) fn reference(addon: &AddOn) -> String {
    if addon.is_by_cluster {
        format!("{}-{{{{ .Cluster.metadata.name }}}}", addon.name.value)
    } else {
        addon.name.value.to_string()
    }
}

/// The `ConfigMap`s: those of each cluster alone, or those that clusters share.
pub(super) fn templates(addon: &AddOn, own: bool) -> Vec<Template> {
    let Software::Manifests(base) = &addon.base else {
        return Vec::new();
    };
    if addon.is_by_cluster {
        let variants = addon.variants.iter().filter(|_| own);
        let of = |variant: &Variant| {
            let object = config_map(addon, own_name(addon), false, &plain(files(variant)));
            of_clusters(addon, object, &variant.clusters)
        };
        return variants.map(of).collect();
    }
    if own || (is_chosen(addon) && addon.variants.is_empty()) {
        return Vec::new();
    }
    let name = Text::Literal(Rc::clone(&addon.name.value));
    let object = if is_chosen(addon) {
        config_map(addon, name, true, &chosen(addon))
    } else {
        config_map(addon, name, false, &plain(&base.files))
    };
    vec![template(addon, object, vec![SubjectId::Shared])]
}

fn own_name(addon: &AddOn) -> Text {
    let prefix = Part::Literal(format!("{}-", addon.name.value).into());
    let cluster = Text::variable("CLUSTER_NAME", addon.name.span).parts();
    Text::Parts(std::iter::once(prefix).chain(cluster).collect())
}

fn config_map(addon: &AddOn, name: Text, runs: bool, data: &[(Rc<str>, Node)]) -> Object {
    let span = addon.name.span;
    let metadata = Metadata {
        annotations: runs.then(|| map(span, [(TEMPLATE, text(span, "ok"))])),
        ..Metadata::new(name, Some(Text::Literal(NAMESPACE.into())), span)
    };
    let data = data.iter().map(|(key, node)| (&**key, node.clone()));
    let data = [("data", map(span, data))];
    object(("v1", "ConfigMap"), metadata, data)
}

fn files(variant: &Variant) -> &[Manifest] {
    match &variant.software {
        Software::Manifests(manifests) => &manifests.files,
        Software::Helm(_) => &[],
    }
}

/// Files as they are written.
fn plain(files: &[Manifest]) -> Vec<(Rc<str>, Node)> {
    let entry = |file: &Manifest| (Rc::from(&*file.name), Node::string(file.span, &file.text));
    files.iter().map(entry).collect()
}

/// Each file with what it holds for which variants, as a template.
fn chosen(addon: &AddOn) -> Vec<(Rc<str>, Node)> {
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
    let entry = |(key, texts): (&str, Vec<(&Manifest, Vec<&str>)>)| {
        let mut all = String::new();
        let span = texts.first().map_or(addon.name.span, |(file, _)| file.span);
        for (file, names) in texts {
            let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
            let names = names.join(" ");
            let text = as_template(&file.text);
            // What stands behind the text would be a part of it, where that ends in a block scalar.
            let _ = write!(
                all,
                "{{{{ if has (get .Cluster.metadata.labels `{label}`) (list {names}) }}}}\n{text}{{{{ end }}}}"
            );
        }
        (Rc::from(key), Node::string(span, &all))
    };
    by_file.into_iter().map(entry).collect()
}

/// A template that gives the text.
fn as_template(text: &str) -> String {
    let escaped = text.replace("{{", "{{ `{{` }}");
    match escaped.strip_suffix('{') {
        // It would begin an expression with what stands behind it.
        Some(rest) => format!("{rest}{{{{ `{{` }}}}"),
        None => escaped,
    }
}
