//! Checks that a delivery method has documents for an add-on, and that they read every key that the add-on sets.

use std::collections::BTreeSet;

use super::message::cannot_deliver;
use crate::diagnostic::{Diagnostic, Diagnostics, join_or};
use crate::model::delivery::Target;
use crate::plan::{AddOn, Software};
use crate::source::Span;
use crate::tree::Node;

/// The keys of `helm`, each with the names that contain its value. A document must read one of the names.
const KEYS: [(&str, &[&str]); 7] = [
    ("repo", &["CHART.repo", "CHART.registry", "REPOSITORY"]),
    ("chart", &["CHART.name"]),
    ("version", &["CHART.version"]),
    ("release", &["CHART.release"]),
    ("namespace", &["CHART.namespace"]),
    ("values", &["CHART.values", "CHART.text", "CHART.content"]),
    ("runtimeValues", &["CHART.text", "CHART.content"]),
];
/// The names that contain manifests.
const MANIFESTS: &[&str] = &["MANIFESTS"];

/// Reports an add-on for which the delivery method has no document, and the keys of the add-on that its documents do
/// not read. Returns `false` if a document is missing.
pub(super) fn check_documents(addon: &AddOn, diags: &mut Diagnostics) -> bool {
    let before = diags.errors();
    for target in addon.targets() {
        let is_content = target.is_shared() && !addon.delivery.has_documents(Target::Content);
        for (target, is_missing) in [
            (target, !addon.delivery.has_documents(target)),
            (Target::Content, is_content),
        ] {
            if is_missing {
                report_missing(addon, target, diags);
            }
        }
    }
    let is_whole = diags.errors() == before;
    let mut reported = BTreeSet::new();
    let variants = addon.variants.iter().map(|variant| &variant.software);
    for software in variants.chain([&addon.base]) {
        let target = addon.target(software);
        if !addon.delivery.has_documents(target) {
            continue;
        }
        for (key, names) in set_keys(software, addon.delivery.lookups.is_some()) {
            let is_read = names.iter().any(|name| {
                let path: Vec<&str> = name.split('.').collect();
                addon.delivery.reads([target], &path)
            });
            if !is_read && reported.insert((key, target)) {
                report_unread(addon, (key, names), target, diags);
            }
        }
    }
    is_whole
}

/// Returns the keys that the software of an add-on sets, with the names that contain their values.
fn set_keys(
    software: &Software,
    has_lookups: bool,
) -> Vec<(&'static str, &'static [&'static str])> {
    let Software::Helm(chart) = software else {
        return vec![("manifests", MANIFESTS)];
    };
    let is_set = |key: &str| match key {
        "values" => chart.non_empty_values().is_some(),
        "runtimeValues" => has_lookups && chart.runtime_values.is_some(),
        _ => true,
    };
    KEYS.into_iter().filter(|(key, _)| is_set(key)).collect()
}

fn report_missing(addon: &AddOn, target: Target, diags: &mut Diagnostics) {
    let target = target.name();
    let property = format!("has no document for `{target}`");
    let help =
        format!("add a document with `$for: {target}`, or set another `deliver` for this add-on");
    let diagnostic = cannot_deliver(addon, addon.written.name.span, &property, &help);
    diags.push(related(diagnostic, addon));
}

fn report_unread(
    addon: &AddOn,
    (key, names): (&str, &[&str]),
    target: Target,
    diags: &mut Diagnostics,
) {
    let changes = addon
        .written
        .patches
        .software
        .iter()
        .map(|patch| &patch.change);
    let mut software = std::iter::once(&addon.written.software).chain(changes);
    let span = software.find_map(|software| location(software, key));
    // The default release name is that of the add-on. A method can choose another one.
    if span.is_none() && key == "release" {
        return;
    }
    let property = format!("does not read `{key}`");
    let help = format!(
        "read {} in the document with `$for: {}`, or set another `deliver` for this add-on",
        join_or(names.iter().copied()),
        target.name()
    );
    let span = span.unwrap_or(addon.written.name.span);
    let diagnostic = cannot_deliver(addon, span, &property, &help);
    diags.push(related(diagnostic, addon));
}

/// Returns the location of a key that an add-on or a patch of it sets.
fn location(software: &Node, key: &str) -> Option<Span> {
    let helm = software.get("helm").and_then(|helm| helm.entry(key));
    Some(helm.or_else(|| software.entry(key))?.key.span)
}

/// Adds the location of a method's own file.
fn related(diagnostic: Diagnostic, addon: &AddOn) -> Diagnostic {
    match addon.delivery.file {
        Some(file) => diagnostic.related(file, "the delivery method"),
        None => diagnostic,
    }
}
