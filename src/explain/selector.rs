//! Reasons why a selector matches a cluster or not.

use super::context::Named;
use super::level::{Level, State};
use super::shown::REDACTED;
use crate::diagnostic::is_secret_key;
use crate::model::Cluster;
use crate::model::selector::{Requirement, Rule, Selector};
use crate::source::Spanned;

/// Returns a requirement in the syntax of kubectl.
pub(super) fn text(requirement: &Requirement) -> String {
    let key = &requirement.key.value;
    match &requirement.rule {
        Rule::In(_) if is_secret_key(key) => format!("{key}={REDACTED}"),
        Rule::NotIn(_) if is_secret_key(key) => format!("{key}!={REDACTED}"),
        Rule::In(values) if values.len() == 1 => format!("{key}={}", values[0]),
        Rule::NotIn(values) if values.len() == 1 => format!("{key}!={}", values[0]),
        Rule::In(values) => format!("{key} in ({})", values.join(",")),
        Rule::NotIn(values) => format!("{key} notin ({})", values.join(",")),
        Rule::Exists => key.clone(),
        Rule::DoesNotExist => format!("!{key}"),
    }
}

/// Returns the label of a cluster that a requirement reads.
fn found(requirement: &Requirement, Named { cluster, name }: &Named<'_>) -> String {
    let key = &requirement.key.value;
    match cluster.label(key) {
        Some(_) if is_secret_key(key) => format!("{name} has another `{key}`"),
        Some(value) => format!("{name} has `{key}={value}`"),
        None => format!("{name} has no label `{key}`"),
    }
}

/// Returns a level for each requirement of a selector.
pub(super) fn levels(selector: Option<&Spanned<Selector>>, cluster: &Named<'_>) -> Vec<Level> {
    let Some(selector) = selector else {
        return vec![Level::new("selector", "all", None)];
    };
    if selector.value.requirements.is_empty() {
        return vec![Level::new("selector", "all", selector.span)];
    }
    let level = |requirement: &Requirement| {
        let key = &requirement.key;
        let is_matched = requirement.matches(cluster.cluster.label(&key.value));
        let state = if is_matched {
            State::Applies
        } else {
            State::NotSelected
        };
        let level = Level::new("selector", text(requirement), key.span).state(state);
        level.note(found(requirement, cluster))
    };
    selector.value.requirements.iter().map(level).collect()
}

/// Returns the first requirement that a cluster does not satisfy, with the reason. Returns `None` if the selector matches.
pub(super) fn mismatch(
    selector: Option<&Spanned<Selector>>,
    cluster: &Named<'_>,
) -> Option<String> {
    let mut requirements = selector?.value.requirements.iter();
    let first = requirements.find(|one| !one.matches(cluster.cluster.label(&one.key.value)))?;
    Some(format!(
        "needs `{}`; {}",
        text(first),
        found(first, cluster)
    ))
}

/// Returns the keys of the labels that a selector does not match.
pub(super) fn missing_labels(
    selector: Option<&Spanned<Selector>>,
    cluster: &Cluster,
) -> Vec<String> {
    let requirements = selector
        .into_iter()
        .flat_map(|selector| &selector.value.requirements);
    let unmatched = requirements.filter(|one| !one.matches(cluster.label(&one.key.value)));
    unmatched.map(|one| one.key.value.clone()).collect()
}
