//! Labels of clusters: what selectors read.

use std::rc::Rc;

use super::list::{List, SettledMember};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::input::read::wrong_type;
use crate::model::cluster::CLUSTER_LABEL;
use crate::model::name::{label_key_problem, label_value_problem};
use crate::source::Span;
use crate::template::error::{FillError, FillErrorKind};
use crate::template::fill;
use crate::tree::{Entry, Node, Role, Shape, Text};

/// Checks the keys of an entry's labels, and that their values are texts.
pub(super) fn check_keys(labels: &[Entry], diags: &mut Diagnostics) {
    for label in labels.iter().filter(|label| !label.key.is_spread()) {
        check_key(&label.key.text.as_written(), label.key.span, diags);
        let is_text = label.value.as_scalar().is_some()
            && matches!(label.value.shape(), Shape::Text | Shape::Nothing);
        if !is_text {
            wrong_type(&label.value, "a label's value", "a string", diags);
        }
    }
}

fn check_key(key: &str, span: Span, diags: &mut Diagnostics) {
    let prefix = key.split_once('/').map_or("", |(prefix, _)| prefix);
    if is_key(key, span, diags) && is_of(prefix, "kubectl-fleet.io") {
        let message = format!(
            "the label `{key}` is reserved: kubectl-fleet sets labels such as `{CLUSTER_LABEL}` itself"
        );
        let help = "use a key of your own";
        diags.push(Diagnostic::new(Code::ReservedLabel, span, message).help(help));
    }
}

/// Returns `true` if a string is the key of a label; reports one that is not.
fn is_key(key: &str, span: Span, diags: &mut Diagnostics) -> bool {
    let problem = label_key_problem(key);
    if let Some(problem) = &problem {
        let message = format!("`{key}` is no label key: {problem}");
        diags.push(Diagnostic::new(Code::InvalidLabel, span, message));
    }
    problem.is_none()
}

fn is_of(prefix: &str, domain: &str) -> bool {
    prefix
        .strip_suffix(domain)
        .is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}

/// Prefixes of labels by which controllers decide, which no member may say.
const CONTROLLERS: [&str; 2] = ["argocd.argoproj.io", "cluster.x-k8s.io"];

/// A cluster's labels, sorted by key.
pub(super) type Labels = Vec<(Rc<str>, Rc<str>)>;

/// The labels of a cluster; what cannot be filled is told in `found`.
pub(super) fn labels(
    written: &[Entry],
    list: &List<'_>,
    member: &SettledMember,
    found: &mut Vec<FillError>,
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
        if is_left_out(list, &problems) {
            continue;
        }
        found.append(&mut problems);
        check_value(key, &value, member.span, label.value.span, diags);
        labels.push((Rc::clone(key), value));
    }
    for label in written.iter().filter(|label| label.key.is_spread()) {
        let mut problems = Vec::new();
        let whole = Node::mapping(label.key.span, vec![label.clone()]);
        let spread = fill::node(&whole, &member.variables, &mut problems);
        if is_left_out(list, &problems) {
            continue;
        }
        found.append(&mut problems);
        spread_labels(&spread, member.span, &mut labels, diags);
    }
    labels.sort();
    (diags.errors() == before).then_some(labels)
}

/// Returns the labels of a cluster that exists already: whatever they are, they are its own.
pub(super) fn existing(member: &SettledMember, diags: &mut Diagnostics) -> Option<Labels> {
    let before = diags.errors();
    let mut labels = Vec::new();
    let map = member.variables.get("labels").and_then(Node::entries);
    for entry in map.unwrap_or_default() {
        is_key(&entry.key.text.as_written(), entry.key.span, diags);
        add(entry, member.span, &mut labels, diags);
    }
    labels.sort();
    (diags.errors() == before).then_some(labels)
}

/// Adds the labels of a map that a member, or what it shares, says; explicit ones win.
fn spread_labels(map: &Node, member: Span, labels: &mut Labels, diags: &mut Diagnostics) {
    for entry in map.entries().unwrap_or_default() {
        let name = entry.key.text.as_written();
        if entry.value.is_null() || labels.iter().any(|(known, _)| *known == name) {
            continue;
        }
        check_key(&name, entry.key.span, diags);
        let prefix = name.split_once('/').map_or("", |(prefix, _)| prefix);
        if CONTROLLERS.iter().any(|domain| is_of(prefix, domain)) {
            let message = format!("the label `{name}` is a controller's: no member may say it");
            let help = "use a key of your own, or write it in `labels` of fleet.yaml";
            diags.push(Diagnostic::new(Code::ReservedLabel, entry.key.span, message).help(help));
        }
        add(entry, member, labels, diags);
    }
}

/// Adds a label as it is.
fn add(Entry { key, value }: &Entry, member: Span, labels: &mut Labels, diags: &mut Diagnostics) {
    let Some(text) = value.text().filter(|_| value.shape() == Shape::Text) else {
        wrong_type(value, "a label's value", "a string", diags);
        return;
    };
    let key = key.text.as_written();
    check_value(&key, text, member, value.span, diags);
    labels.push((key, text.into()));
}

fn check_value(key: &str, value: &str, member: Span, set_at: Span, diags: &mut Diagnostics) {
    if let Some(problem) = label_value_problem(value) {
        let message = format!("the label `{key}` cannot be `{value}`: {problem}");
        diags
            .push(Diagnostic::new(Code::InvalidLabel, member, message).related(set_at, "set here"));
    }
}

/// Whether only fields are missing that a member may leave out: a label whose variable may be unset is left
/// out.
fn is_left_out(list: &List<'_>, problems: &[FillError]) -> bool {
    let is_optional = |problem: &FillError| {
        let FillErrorKind::Missing(path) = &problem.kind else {
            return false;
        };
        let root = path.split('.').next().unwrap_or_default();
        list.fields.iter().any(|field| field.name == root)
    };
    !problems.is_empty() && problems.iter().all(is_optional)
}
