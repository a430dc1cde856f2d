//! An `ApplicationSet`: its template, and what its controller merges over the template.

use super::fleets::FleetIndex;
use super::merge::{find_directive, merge_templates, patch};
use super::names::check_name;
use super::single::check_application;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::source::{Sources, Span};
use crate::tree::Node;
use crate::yaml::{Lines, parse_part};

/// Checks the Applications that an `ApplicationSet` creates.
///
/// The controller merges the template of a generator over that of the `ApplicationSet`, and then `templatePatch`
/// over both (`mergeGeneratorTemplate` and `applyTemplatePatch` of Argo CD 3.5.7). It ignores the templates of
/// generators in `matrix` and `merge` (`getParams` reads only their parameters).
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
    let over = spec.and_then(|spec| spec.get("templatePatch"));
    let over = over.and_then(|patch| read_patch(patch, sources, diags));
    let generators = spec.and_then(|spec| spec.get("generators"));
    let generators = generators.and_then(Node::items).unwrap_or_default();
    let own: Vec<Option<&Node>> = generators.iter().flat_map(own_templates).collect();
    let merged = own
        .iter()
        .flatten()
        .map(|own| merge_templates(template, own));
    // The template itself is used by generators without one.
    let is_used = own.is_empty() || own.contains(&None);
    let itself = is_used.then(|| template.clone());
    let mut is_fleet = false;
    for template in itself.into_iter().chain(merged) {
        let application = match &over {
            Some(over) => patch(&template, over),
            None => template,
        };
        let metadata = set.get("metadata");
        let namespace = metadata.and_then(|metadata| metadata.get("namespace"));
        check_name(namespace, &application, fleets, diags);
        is_fleet |= check_application(&application, fleets, diags);
    }
    if is_fleet {
        check_policy(set, diags);
    }
}

/// Returns the templates of a generator, such as `list` or `matrix`.
fn own_templates(generator: &Node) -> impl Iterator<Item = Option<&Node>> {
    let kinds = generator.entries().unwrap_or_default().iter();
    let kinds = kinds.filter(|entry| entry.key.text.literal() != Some("selector"));
    kinds.map(|entry| {
        let own = entry.value.get("template");
        own.filter(|own| own.entries().is_some())
    })
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
    if let Some(directive) = read.as_ref().and_then(find_directive) {
        let message = "`templatePatch` contains a directive of strategic merge patches, which was not checked";
        let help = "check the generated Applications";
        diags.push(Diagnostic::new(Code::UncheckedSource, directive, message).help(help));
    }
    if read.is_none() {
        let message = "`templatePatch` is not YAML before its template expressions are evaluated, so it was not checked";
        let help = "write the expressions in quotes, or check the generated Applications";
        diags.push(Diagnostic::new(Code::UncheckedSource, patch.span, message).help(help));
    }
    read
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
