//! An `ApplicationSet`: its template, and what its controller merges over the template.

use super::fleets::FleetIndex;
use super::single::check_application;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::source::{Sources, Span};
use crate::tree::{Node, Value};
use crate::yaml::{Lines, parse_part};

/// Checks the Applications that an `ApplicationSet` creates.
///
/// The controller merges the template of a generator over that of the `ApplicationSet`, and then `templatePatch`
/// over both (`mergeGeneratorTemplate` and `applyTemplatePatch` of Argo CD 3.5.7).
pub(super) fn check(
    set: &Node,
    sources: &Sources,
    fleets: &mut FleetIndex<'_>,
    diags: &mut Diagnostics,
) {
    let spec = set.get("spec");
    let Some(template) = spec.and_then(|spec| spec.get("template")) else {
        let message = "the ApplicationSet has no `spec.template`, so it was not checked";
        let help = "set `spec.template`";
        diags.push(Diagnostic::new(Code::UncheckedSource, set.span, message).help(help));
        return;
    };
    let patch = spec.and_then(|spec| spec.get("templatePatch"));
    let patch = patch.and_then(|patch| read_patch(patch, sources, diags));
    let generators = spec.and_then(|spec| spec.get("generators"));
    let generators = generators.and_then(Node::items).unwrap_or_default();
    let mut templates: Vec<Node> = generators.iter().flat_map(own_templates).collect();
    // The template itself is used by generators without one.
    if templates.len() < generators.len() || templates.is_empty() {
        templates.push(Node::mapping(template.span, Vec::new()));
    }
    let mut is_fleet = false;
    for own in &templates {
        let merged = merge(template, own);
        let merged = match &patch {
            Some(patch) => merge(&merged, patch),
            None => merged,
        };
        is_fleet |= check_application(&merged, fleets, diags);
    }
    if is_fleet {
        check_policy(set, diags);
    }
}

/// Returns the templates of a generator, such as `list` or `matrix`.
fn own_templates(generator: &Node) -> impl Iterator<Item = Node> {
    let kinds = generator.entries().unwrap_or_default().iter();
    let template = |kind: &Node| {
        kind.get("template")
            .filter(|own| own.entries().is_some())
            .cloned()
    };
    kinds.filter_map(move |entry| template(&entry.value))
}

/// Reads `templatePatch`, a string with YAML.
fn read_patch(patch: &Node, sources: &Sources, diags: &mut Diagnostics) -> Option<Node> {
    let text = patch.text().filter(|text| !text.trim().is_empty())?;
    let source = sources.text(patch.span.file);
    let lines = Lines::new(patch.span, text, &source);
    let mut found = Diagnostics::default();
    let documents = parse_part(patch.span.file, text, &lines, &mut found).unwrap_or_default();
    let first = documents.into_iter().next();
    let read = first.filter(|first| found.errors() == 0 && first.entries().is_some());
    if read.is_none() {
        let message = "`templatePatch` is not YAML before its template expressions are evaluated, so it was not checked";
        let help = "write the expressions in quotes, or check the generated Applications";
        diags.push(Diagnostic::new(Code::UncheckedSource, patch.span, message).help(help));
    }
    read
}

/// Merges mappings; every other value of `over` replaces that of `base`. Sequences are appended, because finalizers and
/// options of both remain or could remain.
fn merge(base: &Node, over: &Node) -> Node {
    match (&base.value, &over.value) {
        (Value::Mapping(_), Value::Mapping(entries)) => {
            entries.iter().fold(base.clone(), |merged, entry| {
                let Some(key) = entry.key.text.literal() else {
                    return merged;
                };
                let value = match merged.get(key) {
                    Some(known) => merge(known, &entry.value),
                    None => entry.value.clone(),
                };
                merged.with(key, value)
            })
        }
        (Value::Sequence(first), Value::Sequence(second)) => Node {
            span: over.span,
            value: Value::Sequence(first.iter().chain(&**second).cloned().collect()),
        },
        _ => over.clone(),
    }
}

/// Checks the finalizer that an `ApplicationSet` adds to its Applications by default.
fn check_policy(set: &Node, diags: &mut Diagnostics) {
    let policy = set.get("spec").and_then(|spec| spec.get("syncPolicy"));
    let preserve = policy.and_then(|policy| policy.get("preserveResourcesOnDeletion"));
    if preserve.and_then(Node::text) == Some("true") {
        return;
    }
    let message = "the ApplicationSet adds a finalizer to its Applications: deleting an Application deletes its clusters";
    let help = "set `preserveResourcesOnDeletion: true` in `spec.syncPolicy` of the ApplicationSet";
    let kind: Option<Span> = set.get("kind").map(|kind| kind.span);
    let span = preserve.map(|node| node.span).or(kind);
    diags.push(Diagnostic::new(Code::DeletingFinalizer, span, message).help(help));
}
