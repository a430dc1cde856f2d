//! Checks the labels of rendered objects.

use crate::diagnostic::{Code, Problem};
use crate::model::name::{label_key_problem, label_value_problem};
use crate::passes::findings::Findings;
use crate::plan::{Object, Subject, SubjectScope};
use crate::source::Span;
use crate::tree::Node;

/// Checks the labels of an object. Selectors read those of a Cluster, which must agree with the fleet.
pub(super) fn check_labels(
    findings: &mut Findings,
    object: &Object,
    labels: &Node,
    labels_span: Span,
    scope: &SubjectScope<'_>,
) {
    let subject = scope.subject;
    let cluster = subject.cluster().filter(|_| object.is_cluster());
    for (key, value) in cluster.iter().flat_map(|cluster| cluster.printed_labels()) {
        if labels.get(key).is_none() && !value.is_empty() {
            report_conflict(findings, key, ("", value), labels_span, subject);
        }
    }
    for entry in labels.entries().unwrap_or_default() {
        let (key, value) = (entry.key.text.source_text(), entry.value.text());
        if let Some(problem) = label_key_problem(&key) {
            findings.add(Code::InvalidLabel, labels_span, subject, || {
                let message = format!("`{key}` is not a valid label key: {problem}");
                Problem::new(message)
                    .help("write `NAME` or `PREFIX/NAME`, for example `example.com/team`")
            });
        }
        check_label(
            findings,
            object,
            (&key, entry.value.span),
            value,
            labels_span,
            scope,
        );
    }
}

/// Checks a label with a valid key; `value` is `None` if it is not a string.
pub(super) fn check_label(
    findings: &mut Findings,
    object: &Object,
    (key, span): (&str, Span),
    value: Option<&str>,
    labels_span: Span,
    scope: &SubjectScope<'_>,
) {
    let subject = scope.subject;
    let cluster = scope.cluster().filter(|_| object.is_cluster());
    let expected = cluster.and_then(|cluster| cluster.printed_label(key));
    let written = value.unwrap_or_default();
    if let Some(expected) = expected.filter(|expected| *expected != written) {
        report_conflict(findings, key, (written, expected), span, subject);
    }
    let Some(value) = value else {
        findings.add(Code::InvalidLabel, labels_span, subject, || {
            let message = format!("label `{key}` must be a string");
            Problem::new(message).help("set the variable of this label to a string")
        });
        return;
    };
    if let Some(problem) = label_value_problem(value) {
        findings.add(Code::InvalidLabel, labels_span, subject, || {
            let message = format!("label `{key}` cannot have the value `{value}`: {problem}");
            Problem::new(message).help("use letters and digits, with `-`, `_` or `.` between them")
        });
    }
}

fn report_conflict(
    findings: &mut Findings,
    key: &str,
    (written, expected): (&str, &str),
    span: Span,
    subject: Subject<'_>,
) {
    findings.add(Code::LabelConflict, span, subject, || {
        let message = format!("label `{key}` is `{written}` here but `{expected}` in the fleet, so selectors would disagree");
        Problem::new(message).help("remove the label from the template")
    });
}
