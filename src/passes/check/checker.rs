//! Checks objects while they are rendered.

use std::ops::ControlFlow;
use std::rc::Rc;

use super::checked_fields::CheckedFields;
use super::labels::{check_label, check_labels};
use super::list_items::ListItems;
use super::metadata_keys::MetadataKeys;
use super::names::{check_name, check_reserved_namespace};
use super::owners::check_namespace_owner;
use super::rotated_names::RotatedNames;
use super::sizes::check_size;
use super::unknown_references::References;
use crate::diagnostic::{Code, Diagnostics, Problem, is_secret_key};
use crate::fill::unfilled::is_hole;
use crate::fill::{Collector, Reader, Visit};
use crate::model::cluster::CLUSTER_LABELS;
use crate::passes::findings::Findings;
use crate::plan::{Object, ObjectRef, Plan, Subject, Template};
use crate::source::Span;
use crate::template::fill;
use crate::tree::{Entry, Node, ambiguity};

/// Checks the objects of each visited template and target.
pub(crate) struct Checker<'a> {
    plan: &'a Plan,
    findings: Findings,
    /// Whether all expressions could be evaluated.
    is_complete: bool,
    references: References<'a>,
    rotated: RotatedNames<'a>,
    /// The objects of the current template.
    objects: Vec<CheckedObject>,
}

/// The parts of an object that are checked for each target.
struct CheckedObject {
    labels: Labels,
    fields: CheckedFields,
    metadata_keys: MetadataKeys,
    items: ListItems,
    /// The strings of the last fields without an error.
    clean: Option<String>,
}

/// The labels that are checked for each target.
enum Labels {
    /// The number of a value that contains all labels, whose keys depend on variables.
    Map(usize),
    /// The labels of the template: the key, the location of the value, and its number.
    Each(Vec<(Rc<str>, Span, usize)>),
}

impl<'a> Checker<'a> {
    /// Returns a checker for the visited templates of a plan.
    pub(crate) fn new(plan: &'a Plan, templates: &[&'a Template]) -> Self {
        Self {
            plan,
            findings: Findings::default(),
            is_complete: true,
            references: References::new(plan, templates),
            rotated: RotatedNames::new(plan, templates),
            objects: Vec::new(),
        }
    }

    /// Reports all findings. References to unknown objects are reported only if `objects` contains all objects.
    pub(crate) fn report(mut self, objects: Option<&[(u64, ObjectRef)]>, diags: &mut Diagnostics) {
        self.findings.addon = None;
        if let Some(objects) = objects.filter(|_| self.is_complete) {
            self.references.report(objects, &mut self.findings);
        }
        self.findings.report(diags);
    }

    fn check(&mut self, visit: &Visit<'_>, index: usize) {
        let object = &visit.template.objects[index];
        let subject = visit.scope.subject;
        let identity = visit.identity(index);
        let checked = &mut self.objects[index];
        let findings = &mut self.findings;
        checked
            .fields
            .check(visit.values, subject, &mut checked.clean, findings);
        checked
            .metadata_keys
            .check(visit.values, visit.scope, findings);
        checked.items.check(visit.values, subject, findings);
        let name = (&*identity.name, visit.name(index));
        let namespace = identity.namespace.as_deref();
        check_name(findings, object, visit.scope, name, namespace);
        check_reserved_namespace(findings, object, visit.scope, (&*identity.name, namespace));
        check_namespace_owner(findings, self.plan, object, visit.scope, &identity.name);
        let labels_span = || object.labels().map_or(object.span, |labels| labels.span);
        match &checked.labels {
            Labels::Map(map) => {
                if let Some(map) = visit.values.tree(*map) {
                    check_labels(findings, object, map, labels_span(), visit.scope);
                }
            }
            Labels::Each(labels) => {
                for (key, span, value) in labels {
                    let value = visit.values.text(*value);
                    check_label(
                        findings,
                        object,
                        (key, *span),
                        value,
                        labels_span(),
                        visit.scope,
                    );
                }
            }
        }
        if let Some(bytes) = visit.sizes.get(index) {
            check_size(findings, object, subject, *bytes, |part| {
                let filled = part.map(|node| fill::node(node, visit.scope, &mut Vec::new()));
                filled.map_or(0, |filled| string_bytes(&filled))
            });
        }
    }
}

impl Reader for Checker<'_> {
    fn prepare(&mut self, template: &Template, values: &mut Collector<'_>) {
        let checked = |object: &Object| CheckedObject {
            labels: labels(object, values),
            fields: CheckedFields::of(object, values),
            metadata_keys: MetadataKeys::of(&object.tree, values),
            items: ListItems::of(&object.tree, values),
            clean: None,
        };
        let addon = self.plan.addon_of_own_method(template);
        self.findings.addon = addon;
        self.objects = template.objects.iter().map(checked).collect();
        self.rotated.prepare(template, values);
    }

    fn read(&mut self, visit: &mut Visit<'_>) -> ControlFlow<()> {
        for (index, value) in visit.unfilled.iter().enumerate() {
            visit
                .values
                .for_each_plain(index, value, &mut |word, text| {
                    warn_ambiguity(&mut self.findings, word, text, visit.scope.subject);
                });
        }
        if !visit.is_complete() {
            self.is_complete = false;
            self.findings
                .add_errors(visit.problems.to_vec(), visit.scope.subject);
            return ControlFlow::Continue(());
        }
        if let Some(template) = visit.section.checked_sub(1) {
            self.references.ask(template, visit.position, visit.scope);
        }
        self.rotated.check(visit, &mut self.findings);
        for index in 0..self.objects.len() {
            self.check(visit, index);
        }
        ControlFlow::Continue(())
    }
}

/// Returns the labels of an object that are checked for each target. Constant labels are checked earlier, but those
/// of a Cluster must also agree with the fleet.
fn labels(object: &Object, values: &mut Collector<'_>) -> Labels {
    let labels = object.labels();
    if let Some(labels) = labels.filter(|labels| is_hole(labels)) {
        return Labels::Map(values.value(labels));
    }
    let entries = labels.and_then(Node::entries).unwrap_or_default().iter();
    let is_checked = |entry: &&Entry| {
        let is_checked_here = object.is_cluster() || !entry.value.is_literal();
        // The labels of the fleet are checked with its clusters.
        let mut variable = entry.value.variable().into_iter();
        is_checked_here && !variable.any(|path| path[0] == CLUSTER_LABELS)
    };
    let checked = entries.filter(is_checked).map(|entry| {
        let key = entry.key.text.source_text();
        (key, entry.value.span, values.value(&entry.value))
    });
    Labels::Each(checked.collect())
}

/// Warns about an unquoted string with variables that YAML parsers read differently.
fn warn_ambiguity(findings: &mut Findings, written: &Node, text: &str, subject: Subject<'_>) {
    if written.is_literal() {
        return;
    }
    if let Some(why) = ambiguity(text) {
        let source = written.as_scalar().map(|scalar| scalar.text.source_text());
        let secret = source.is_some_and(|source| is_secret_key(&source));
        findings.add(Code::AmbiguousScalar, written.span, subject, || {
            let message = if secret {
                "the value is ambiguous without quotes".to_owned()
            } else {
                format!("`{text}` is ambiguous without quotes: {why}")
            };
            Problem::new(message).help("quote the expression if the value is a string")
        });
    }
}

fn string_bytes(map: &Node) -> usize {
    let entry =
        |entry: &Entry| entry.key.text.source_text().len() + entry.value.text().map_or(0, str::len);
    map.entries().unwrap_or_default().iter().map(entry).sum()
}
