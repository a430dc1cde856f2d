//! Kubernetes label selectors.

use std::collections::BTreeSet;

use super::data::{list, map};
use crate::model::Selector;
use crate::model::cluster::{CLUSTER_LABEL, FLEET_LABEL};
use crate::model::selector::Rule;
use crate::source::Span;
use crate::tree::Node;

/// Returns a Kubernetes label selector, which selects no cluster of another fleet if `fleet`, the name of the fleet, is
/// set. A selector without requirements selects every cluster of a fleet.
pub(super) fn selector(selector: &Selector, fleet: Option<&str>, span: Span) -> Node {
    let mut labels: Vec<(&str, Node)> = Vec::new();
    labels.extend(fleet.map(|fleet| (FLEET_LABEL, Node::string(span, fleet))));
    let mut expressions = Vec::new();
    let mut known = BTreeSet::from([FLEET_LABEL]);
    for requirement in &selector.requirements {
        let key = requirement.key.value.as_str();
        match &requirement.rule {
            Rule::In(values) if values.len() == 1 && known.insert(key) => {
                labels.push((key, Node::string(span, &values[0])));
            }
            rule => expressions.push(expression(key, rule, span)),
        }
    }
    if selector.requirements.is_empty() {
        expressions.push(expression(CLUSTER_LABEL, &Rule::Exists, span));
    }
    let mut entries = Vec::new();
    if !labels.is_empty() {
        entries.push(("matchLabels", map(span, labels)));
    }
    if !expressions.is_empty() {
        entries.push(("matchExpressions", list(span, expressions)));
    }
    map(span, entries)
}

fn expression(key: &str, rule: &Rule, span: Span) -> Node {
    let (operator, values): (&str, &[String]) = match rule {
        Rule::In(values) => ("In", values),
        Rule::NotIn(values) => ("NotIn", values),
        Rule::Exists => ("Exists", &[]),
        Rule::DoesNotExist => ("DoesNotExist", &[]),
    };
    let mut entries = vec![
        ("key", Node::string(span, key)),
        ("operator", Node::string(span, operator)),
    ];
    if !values.is_empty() {
        let values = values.iter().map(|value| Node::string(span, value));
        entries.push(("values", list(span, values)));
    }
    map(span, entries)
}
