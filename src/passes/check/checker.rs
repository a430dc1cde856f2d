//! The reader that checks objects after substitution.

use std::ops::ControlFlow;
use std::rc::Rc;

use super::checked_fields::CheckedFields;
use super::labels::{check_label, check_labels};
use super::names::check_name;
use super::sizes::check_size;
use super::unknown_references::References;
use crate::diagnostic::{Code, Diagnostics, Problem, is_secret_key};
use crate::fill::unfilled::is_hole;
use crate::fill::{Collector, Reader, Visit};
use crate::model::cluster::PRINTED_LABELS;
use crate::passes::findings::Findings;
use crate::plan::{Object, ObjectRef, Plan, Subject, Template};
use crate::source::Span;
use crate::template::fill;
use crate::tree::{Entry, Node, ambiguity};

/// Checks objects while the plan is walked.
pub(crate) struct Checker<'a> {
    plan: &'a Plan,
    findings: Findings,
    /// Whether everything could be filled.
    is_complete: bool,
    references: References<'a>,
    /// The objects of the current template.
    objects: Vec<CheckedObject>,
}

/// The parts of an object that are checked for each subject.
struct CheckedObject {
    labels: Labels,
    fields: CheckedFields,
    /// The fields for which nothing was wrong last.
    clean: Option<String>,
}

/// Labels that are checked for each subject.
enum Labels {
    /// The number of a value that is all of them: their keys are not known before.
    Map(usize),
    /// The template's own by their keys: the location of each value, and its number.
    Each(Vec<(Rc<str>, Span, usize)>),
}

impl<'a> Checker<'a> {
    /// Returns a checker for the templates of a plan that are walked.
    pub(crate) fn new(plan: &'a Plan, templates: &[&'a Template]) -> Self {
        Self {
            plan,
            findings: Findings::default(),
            is_complete: true,
            references: References::new(plan, templates),
            objects: Vec::new(),
        }
    }

    /// Reports everything that was found. References to unknown objects are reported if all objects are
    /// known.
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
        let name = (&*identity.name, visit.name(index));
        check_name(
            findings,
            object,
            subject,
            name,
            identity.namespace.as_deref(),
        );
        let place = || object.labels().map_or(object.span, |labels| labels.span);
        match &checked.labels {
            Labels::Map(map) => {
                if let Some(map) = visit.values.tree(*map) {
                    check_labels(findings, object, map, place(), subject);
                }
            }
            Labels::Each(labels) => {
                for (key, span, value) in labels {
                    let value = visit.values.text(*value);
                    check_label(findings, object, (key, *span), value, place(), subject);
                }
            }
        }
        if let Some(bytes) = visit.sizes.get(index) {
            check_size(findings, object, subject, *bytes, |part| {
                let filled = part.map(|node| fill::node(node, visit.scope, &mut Vec::new()));
                filled.map_or(0, |filled| text_bytes(&filled))
            });
        }
    }
}

impl Reader for Checker<'_> {
    fn prepare(&mut self, template: &Template, values: &mut Collector<'_>) {
        let checked = |object: &Object| CheckedObject {
            labels: labels(object, values),
            fields: CheckedFields::of(object, values),
            clean: None,
        };
        let addon = self.plan.addon_of_own_method(template);
        self.findings.addon = addon;
        self.objects = template.objects.iter().map(checked).collect();
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
        for index in 0..self.objects.len() {
            self.check(visit, index);
        }
        ControlFlow::Continue(())
    }
}

/// Returns the labels of an object that are checked for each subject. Constant ones are checked before,
/// but those of the Cluster must also agree with the fleet's.
fn labels(object: &Object, values: &mut Collector<'_>) -> Labels {
    let labels = object.labels();
    if let Some(labels) = labels.filter(|labels| is_hole(labels)) {
        return Labels::Map(values.value(labels));
    }
    let entries = labels.and_then(Node::entries).unwrap_or_default().iter();
    let is_checked = |entry: &&Entry| {
        let is_wanted = object.is_cluster() || !entry.value.is_literal();
        // The labels of the fleet were checked with its clusters.
        let mut variable = entry.value.variable().into_iter();
        is_wanted && !variable.any(|path| path[0] == PRINTED_LABELS)
    };
    let checked = entries.filter(is_checked).map(|entry| {
        let key = entry.key.text.as_written();
        (key, entry.value.span, values.value(&entry.value))
    });
    Labels::Each(checked.collect())
}

/// Warns of an unquoted text that became, by its variables, what readers disagree about.
fn warn_ambiguity(findings: &mut Findings, written: &Node, text: &str, subject: Subject<'_>) {
    if written.is_literal() {
        return;
    }
    if let Some(why) = ambiguity(text) {
        let source = written.as_scalar().map(|scalar| scalar.text.as_written());
        let secret = source.is_some_and(|source| is_secret_key(&source));
        findings.add(Code::AmbiguousScalar, written.span, subject, || {
            let message = if secret {
                "the value is ambiguous where it is filled in without quotes".to_owned()
            } else {
                format!("`{text}` is ambiguous where it is filled in without quotes: {why}")
            };
            Problem::new(message).help("quote the expression if it is a text")
        });
    }
}

fn text_bytes(map: &Node) -> usize {
    let entry =
        |entry: &Entry| entry.key.text.as_written().len() + entry.value.text().map_or(0, str::len);
    map.entries().unwrap_or_default().iter().map(entry).sum()
}
