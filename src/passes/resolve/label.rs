//! Resolves the labels of clusters, which selectors read.

use std::collections::BTreeSet;
use std::rc::Rc;

use super::list::{List, ResolvedMember};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::input::read::wrong_type;
use crate::model::cluster::CLUSTER_LABEL;
use crate::model::name::{label_key_problem, label_value_problem, reserved_for};
use crate::source::Span;
use crate::template::error::{FillError, FillErrorKind};
use crate::template::fill;
use crate::tree::{Entry, Node, Role, Shape, Text};

/// Checks the keys of an entry's labels, and that their values are strings.
pub(super) fn check_keys(labels: &[Entry], diags: &mut Diagnostics) {
    for label in labels.iter().filter(|label| !label.key.is_spread()) {
        check_key(&label.key.text.source_text(), label.key.span, diags);
        let is_text = label.value.as_scalar().is_some()
            && matches!(label.value.shape(), Shape::String | Shape::Null);
        if !is_text {
            wrong_type(&label.value, "a label's value", "a string", diags);
        }
    }
}

fn check_key(key: &str, span: Span, diags: &mut Diagnostics) {
    if check_key_syntax(key, span, diags) && reserved_for(key) == Some("kubectl-fleet") {
        let message = format!(
            "label `{key}` is reserved: kubectl-fleet sets labels such as `{CLUSTER_LABEL}`"
        );
        let help = "use a label key with your own prefix";
        diags.push(Diagnostic::new(Code::ReservedLabel, span, message).help(help));
    }
}

/// Checks the key of a label that a member sets.
fn check_member_key(key: &str, span: Span, diags: &mut Diagnostics) {
    if !check_key_syntax(key, span, diags) {
        return;
    }
    if let Some(owner) = reserved_for(key) {
        let message = format!("label `{key}` is reserved for {owner}: a member must not set it");
        let help = "use a label key with your own prefix, or set it in `labels` of fleet.yaml";
        diags.push(Diagnostic::new(Code::ReservedLabel, span, message).help(help));
    }
}

/// Returns `true` if a string is a valid label key; reports one that is not.
fn check_key_syntax(key: &str, span: Span, diags: &mut Diagnostics) -> bool {
    let problem = label_key_problem(key);
    if let Some(problem) = &problem {
        let message = format!("`{key}` is not a valid label key: {problem}");
        let help = "write `NAME` or `PREFIX/NAME`, for example `example.com/team`";
        diags.push(Diagnostic::new(Code::InvalidLabel, span, message).help(help));
    }
    problem.is_none()
}

/// A cluster's labels, sorted by key.
pub(super) type Labels = Vec<(Rc<str>, Rc<str>)>;

/// Returns the labels of a cluster. Pushes errors of substitution to `errors`.
pub(super) fn cluster_labels(
    written: &[Entry],
    list: &List<'_>,
    member: &ResolvedMember,
    errors: &mut Vec<FillError>,
    diags: &mut Diagnostics,
) -> Option<Labels> {
    let before = diags.errors();
    let mut labels: Labels = Vec::with_capacity(written.len());
    for label in written.iter().filter(|label| label.key.role == Role::Name) {
        let (Some(scalar), Text::Literal(key)) = (label.value.as_scalar(), &label.key.text) else {
            continue;
        };
        if label.value.is_null() {
            continue;
        }
        let mut problems = Vec::new();
        let value = fill::text(&scalar.as_text(), &member.variables, &mut problems);
        if is_omitted(list, &problems) {
            continue;
        }
        errors.append(&mut problems);
        check_value(key, &value, member.span, label.value.span, diags);
        labels.push((Rc::clone(key), value));
    }
    for label in written.iter().filter(|label| label.key.is_spread()) {
        let mut problems = Vec::new();
        let whole = Node::mapping(label.key.span, vec![label.clone()]);
        let spread = fill::node(&whole, &member.variables, &mut problems);
        if is_omitted(list, &problems) {
            continue;
        }
        errors.append(&mut problems);
        spread_labels(&spread, (written, member.span), &mut labels, diags);
    }
    labels.sort();
    (diags.errors() == before).then_some(labels)
}

/// Returns the labels of an existing cluster.
pub(super) fn existing_labels(member: &ResolvedMember, diags: &mut Diagnostics) -> Option<Labels> {
    let before = diags.errors();
    let mut labels = Vec::new();
    let map = member.variables.get("labels").and_then(Node::entries);
    for entry in map.unwrap_or_default() {
        let key = entry.key.text.source_text();
        // Add-ons select existing clusters by labels that kubectl-fleet sets on other clusters. Those of variants are
        // compared when these are known.
        let is_own = match reserved_for(&key) {
            Some("kubectl-fleet") if *key == *CLUSTER_LABEL => {
                entry.value.text() == Some(&member.text("name"))
            }
            owner => owner == Some("kubectl-fleet"),
        };
        if !is_own {
            check_member_key(&key, entry.key.span, diags);
        }
        add_label(entry, member.span, &mut labels, diags);
    }
    labels.sort();
    (diags.errors() == before).then_some(labels)
}

/// Adds the labels of a mapping that a member or its files set. Labels with a key in `labels` of fleet.yaml win, also if
/// the cluster does not have them.
fn spread_labels(
    map: &Node,
    (written, member): (&[Entry], Span),
    labels: &mut Labels,
    diags: &mut Diagnostics,
) {
    let written = written.iter().map(|label| label.key.text.source_text());
    let set = labels.iter().map(|(known, _)| Rc::clone(known));
    let known: BTreeSet<Rc<str>> = set.chain(written).collect();
    for entry in map.entries().unwrap_or_default() {
        let name = entry.key.text.source_text();
        if entry.value.is_null() || known.contains(&name) {
            continue;
        }
        if entry.key.span.is_of_member() {
            check_member_key(&name, entry.key.span, diags);
        } else {
            check_key(&name, entry.key.span, diags);
        }
        add_label(entry, member, labels, diags);
    }
}

/// Adds one label.
fn add_label(
    Entry { key, value }: &Entry,
    member: Span,
    labels: &mut Labels,
    diags: &mut Diagnostics,
) {
    let Some(text) = value.text().filter(|_| value.shape() == Shape::String) else {
        wrong_type(value, "a label's value", "a string", diags);
        return;
    };
    let key = key.text.source_text();
    check_value(&key, text, member, value.span, diags);
    labels.push((key, text.into()));
}

fn check_value(key: &str, value: &str, member: Span, set_at: Span, diags: &mut Diagnostics) {
    if let Some(problem) = label_value_problem(value) {
        let message = format!("label `{key}` cannot have the value `{value}`: {problem}");
        let help = "use letters and digits, with `-`, `_` or `.` between them";
        let diagnostic = Diagnostic::new(Code::InvalidLabel, member, message).help(help);
        diags.push(diagnostic.related(set_at, "set here"));
    }
}

/// Returns `true` if only optional fields are missing: a label whose variable can be unset is omitted.
fn is_omitted(list: &List<'_>, problems: &[FillError]) -> bool {
    let is_optional = |problem: &FillError| {
        let FillErrorKind::Missing(path) = &problem.kind else {
            return false;
        };
        let root = path.split('.').next().unwrap_or_default();
        list.fields.named(root).is_some()
    };
    !problems.is_empty() && problems.iter().all(is_optional)
}
