//! The labels of filled objects.

use crate::diagnostic::{Code, Problem};
use crate::model::name::{label_key_problem, label_value_problem};
use crate::passes::findings::Findings;
use crate::plan::{Object, Subject};
use crate::source::Span;
use crate::tree::Node;

/// Checks an object's labels after filling. Those of the Cluster are what selectors read.
pub(super) fn check_labels(
    findings: &mut Findings,
    object: &Object,
    labels: &Node,
    place: Span,
    subject: Subject<'_>,
) {
    let cluster = subject.cluster().filter(|_| object.is_cluster());
    for (key, value) in cluster.iter().flat_map(|cluster| cluster.printed_labels()) {
        if labels.get(key).is_none() && !value.is_empty() {
            report_conflict(findings, key, ("", value), place, subject);
        }
    }
    for entry in labels.entries().unwrap_or_default() {
        let (key, value) = (entry.key.text.as_written(), entry.value.text());
        if let Some(problem) = label_key_problem(&key) {
            findings.add(Code::InvalidLabel, place, subject, || {
                Problem::new(format!("`{key}` is no label key: {problem}"))
            });
        }
        check_label(
            findings,
            object,
            (&key, entry.value.span),
            value,
            place,
            subject,
        );
    }
}

/// Checks a label after filling; its key is a good one. `value` is a text, or it is wrong.
pub(super) fn check_label(
    findings: &mut Findings,
    object: &Object,
    (key, span): (&str, Span),
    value: Option<&str>,
    place: Span,
    subject: Subject<'_>,
) {
    let cluster = subject.cluster().filter(|_| object.is_cluster());
    let known = cluster.and_then(|cluster| cluster.printed_label(key));
    let written = value.unwrap_or_default();
    if let Some(known) = known.filter(|known| *known != written) {
        report_conflict(findings, key, (written, known), span, subject);
    }
    let Some(value) = value else {
        findings.add(Code::InvalidLabel, place, subject, || {
            Problem::new(format!("the label `{key}` must be a text"))
        });
        return;
    };
    if let Some(problem) = label_value_problem(value) {
        findings.add(Code::InvalidLabel, place, subject, || {
            Problem::new(format!("the label `{key}` cannot be `{value}`: {problem}"))
        });
    }
}

fn report_conflict(
    findings: &mut Findings,
    key: &str,
    (written, known): (&str, &str),
    span: Span,
    subject: Subject<'_>,
) {
    findings.add(Code::LabelConflict, span, subject, || {
        let message = format!("the label `{key}` is `{written}` here, and `{known}` for the fleet: selectors would not agree");
        Problem::new(message).help("remove the label from the template")
    });
}
