//! Selectors, as Kubernetes writes them, and the word `all`.

mod text;

use std::collections::BTreeMap;

use super::read::{self, Mapping};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::model::name::{label_key_problem, label_value_problem};
use crate::model::selector::{Requirement, Rule, Selector};
use crate::source::{Span, Spanned};
use crate::tree::Node;
pub use text::of_text;

#[derive(Clone, Copy, PartialEq)]
enum Operator {
    In,
    NotIn,
    Exists,
    DoesNotExist,
}

/// Reads a selector.
pub(super) fn read(node: &Node, diags: &mut Diagnostics) -> Option<Spanned<Selector>> {
    if node.text() == Some("all") {
        return Some(Spanned {
            value: Selector::default(),
            span: node.span,
        });
    }
    if let Some(text) = node.text() {
        let message = format!("a selector is `all` or a mapping, not `{text}`");
        let help = "for one label write {matchLabels: {key: value}}";
        diags.push(Diagnostic::new(Code::WrongType, node.span, message).help(help));
        return None;
    }
    let before = diags.errors();
    let selector = of_object(node, diags)?;
    if selector.value.requirements.is_empty() && diags.errors() == before {
        let message = "an empty selector means nothing to some tools and everything to others";
        diags.push(Diagnostic::new(Code::InvalidSelector, node.span, message).help("write `all`"));
    }
    Some(selector)
}

/// Reads the selector of an object, which may be empty.
pub(super) fn of_object(node: &Node, diags: &mut Diagnostics) -> Option<Spanned<Selector>> {
    let selector = Mapping::read(
        node,
        "a selector",
        &["matchLabels", "matchExpressions"],
        diags,
    )?;
    let mut requirements = Vec::new();
    let labels = selector
        .get("matchLabels")
        .and_then(|node| read::mapping(node, "`matchLabels`", diags));
    for entry in labels.unwrap_or_default() {
        let key = Spanned {
            value: entry.key.text.as_written().to_string(),
            span: entry.key.span,
        };
        check_key(&key, diags);
        if let Some(value) = value(&entry.value, diags) {
            requirements.push(Requirement {
                key,
                rule: Rule::In(vec![value]),
            });
        }
    }
    let list = selector
        .get("matchExpressions")
        .and_then(|node| read::sequence(node, "`matchExpressions`", diags));
    requirements.extend(
        list.unwrap_or_default()
            .iter()
            .filter_map(|node| expression(node, diags)),
    );
    refuse_contradictions(&requirements, diags);
    Some(Spanned {
        value: Selector { requirements },
        span: node.span,
    })
}

fn expression(node: &Node, diags: &mut Diagnostics) -> Option<Requirement> {
    let entry = Mapping::read(
        node,
        "a match expression",
        &["key", "operator", "values"],
        diags,
    )?;
    let key = entry
        .require("key", diags)
        .and_then(|node| read::string(node, "`key`", diags));
    let operators = [
        ("In", Operator::In),
        ("NotIn", Operator::NotIn),
        ("Exists", Operator::Exists),
        ("DoesNotExist", Operator::DoesNotExist),
    ];
    let operator = entry
        .require("operator", diags)
        .and_then(|node| read::word(node, "`operator`", &operators, diags));
    let listed = entry
        .get("values")
        .map(|node| read::sequence(node, "`values`", diags));
    let values: Vec<_> = listed
        .flatten()
        .unwrap_or_default()
        .iter()
        .filter_map(|node| value(node, diags))
        .collect();
    let (key, operator) = (key?, operator?);
    check_key(&key, diags);
    let takes_values = matches!(operator, Operator::In | Operator::NotIn);
    let span = entry.get("values").map_or(key.span, |node| node.span);
    let is_empty = match listed {
        Some(items) => items.is_some_and(<[Node]>::is_empty),
        None => entry.lacks("values"),
    };
    if takes_values && is_empty {
        let message = "the operators In and NotIn need at least one value";
        diags.push(
            Diagnostic::new(Code::InvalidSelector, span, message)
                .help("list the `values`, or use Exists"),
        );
    } else if !takes_values && listed.flatten().is_some_and(|items| !items.is_empty()) {
        let message = "the operators Exists and DoesNotExist take no values";
        diags.push(Diagnostic::new(Code::InvalidSelector, span, message).help("remove `values`"));
    }
    let rule = match operator {
        Operator::In => Rule::In(values),
        Operator::NotIn => Rule::NotIn(values),
        Operator::Exists => Rule::Exists,
        Operator::DoesNotExist => Rule::DoesNotExist,
    };
    Some(Requirement { key, rule })
}

fn value(node: &Node, diags: &mut Diagnostics) -> Option<String> {
    let text = read::string(node, "a label's value", diags)?;
    if let Some(problem) = label_value_problem(&text.value) {
        diags.push(Diagnostic::new(
            Code::InvalidSelector,
            node.span,
            format!("no label has this value: {problem}"),
        ));
    }
    Some(text.value)
}

fn check_key(key: &Spanned<String>, diags: &mut Diagnostics) {
    if let Some(problem) = label_key_problem(&key.value) {
        let message = format!("`{}` is no label key: {problem}", key.value);
        diags.push(Diagnostic::new(Code::InvalidSelector, key.span, message));
    }
}

/// Reports keys whose requirements no cluster can meet together.
fn refuse_contradictions(requirements: &[Requirement], diags: &mut Diagnostics) {
    let mut by_key: BTreeMap<&str, Vec<&Requirement>> = BTreeMap::new();
    for requirement in requirements {
        by_key
            .entry(&requirement.key.value)
            .or_default()
            .push(requirement);
    }
    for (key, rules) in by_key {
        let mut candidates = rules
            .iter()
            .find_map(|requirement| match &requirement.rule {
                Rule::In(values) => Some(values.iter().map(|value| Some(value.as_str())).collect()),
                Rule::NotIn(_) | Rule::Exists | Rule::DoesNotExist => None,
            });
        let absent = rules
            .iter()
            .any(|requirement| matches!(requirement.rule, Rule::DoesNotExist));
        let present = rules
            .iter()
            .any(|requirement| matches!(requirement.rule, Rule::Exists));
        if let (None, true, true) = (&candidates, absent, present) {
            candidates = Some(Vec::new());
        }
        let Some(candidates) = candidates else {
            continue;
        };
        let possible = candidates
            .iter()
            .any(|value| rules.iter().all(|requirement| requirement.matches(*value)));
        if !possible && !rules.iter().any(|requirement| matches!(&requirement.rule, Rule::In(v) | Rule::NotIn(v) if v.is_empty())) {
            let spans: Vec<Span> = rules.iter().map(|requirement| requirement.key.span).collect();
            let [.., last] = spans.as_slice() else { continue };
            let message = format!("no value of the label `{key}` meets all requirements of this selector");
            let diagnostic = Diagnostic::new(Code::InvalidSelector, *last, message);
            diags.push(diagnostic.related(spans[0], "the other requirement"));
        }
    }
}
