//! Reads selectors in the format of Kubernetes, and the keyword `all`.

mod text;

use std::collections::BTreeMap;

use super::form::{Mapping, form};
use super::key::Type;
use super::read;
use super::typed::{Typed, keywords};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::model::name::{label_key_problem, label_value_problem};
use crate::model::selector::{Requirement, Rule, Selector};
use crate::source::{Span, Spanned};
use crate::tree::{Entry, Node};
pub use text::parse;

form! {
    "a selector";
    struct Written {
        /// Required labels and their values.
        match_labels: Vec<Entry> = default("matchLabels"),
        /// Further requirements of labels.
        match_expressions: Vec<Expression> = default("matchExpressions"),
    }
}

form! {
    "a match expression", check check_values;
    struct Expression {
        /// Key of the label.
        key: Spanned<String> = required("key", key),
        /// Comparison of the value.
        operator: Operator = required("operator"),
        /// Values of `In` and `NotIn`.
        values: Option<Spanned<Values>> = optional(VALUES),
    }
}

const VALUES: &str = "values";

#[derive(Clone, Copy, PartialEq)]
enum Operator {
    In,
    NotIn,
    Exists,
    DoesNotExist,
}

keywords!(Operator {
    "In" => Self::In,
    "NotIn" => Self::NotIn,
    "Exists" => Self::Exists,
    "DoesNotExist" => Self::DoesNotExist,
});

/// The values of a label; `None` for an invalid one.
struct Values(Vec<Option<String>>);

impl Typed for Values {
    const TYPE: Type = Type::Sequence(&Type::String);

    fn read(node: &Node, subject: &str, diags: &mut Diagnostics) -> Option<Self> {
        let value = |node: &Node, _: &str, diags: &mut Diagnostics| Some(value(node, diags));
        read::each(node, subject, "", value, diags).map(Self)
    }
}

impl Typed for Selector {
    const TYPE: Type = Type::OneOf(&[Type::Enum(&["all"]), Written::TYPE]);

    fn read(node: &Node, _: &str, diags: &mut Diagnostics) -> Option<Self> {
        match node.text() {
            Some("all") => return Some(Self::default()),
            Some(text) => {
                let message = format!("a selector must be `all` or a mapping, not `{text}`");
                let help = "for one label, write {matchLabels: {key: value}}";
                diags.push(Diagnostic::new(Code::WrongType, node.span, message).help(help));
                return None;
            }
            None => {}
        }
        let before = diags.errors();
        let selector = read_object(node, diags)?;
        if selector.requirements.is_empty() && diags.errors() == before {
            let message = "a selector must not be empty: some tools match nothing with it, and others everything";
            diags.push(
                Diagnostic::new(Code::InvalidSelector, node.span, message)
                    .help("write `all` to select all clusters"),
            );
        }
        Some(selector)
    }
}

/// Reads the selector of an object. It can be empty.
pub(super) fn read_object(node: &Node, diags: &mut Diagnostics) -> Option<Selector> {
    let written = Written::read(node, "", diags)?;
    let mut requirements = Vec::new();
    for entry in written.match_labels {
        let key = Spanned {
            value: entry.key.text.source_text().to_string(),
            span: entry.key.span,
        };
        check_key(&key, diags);
        if let Some(value) = value(&entry.value, diags) {
            let rule = Rule::In(vec![value]);
            requirements.push(Requirement { key, rule });
        }
    }
    let expressions = written.match_expressions.into_iter();
    requirements.extend(expressions.map(requirement));
    report_contradictions(&requirements, diags);
    Some(Selector { requirements })
}

fn check_values(written: &Expression, mapping: &Mapping<'_>, diags: &mut Diagnostics) {
    let values = written.values.as_ref();
    let span = values.map_or(written.key.span, |values| values.span);
    let needs_values = matches!(written.operator, Operator::In | Operator::NotIn);
    let is_empty = match values {
        Some(values) => values.value.0.is_empty(),
        None => mapping.lacks(VALUES),
    };
    if needs_values && is_empty {
        let message = "operators `In` and `NotIn` need at least one value";
        diags.push(
            Diagnostic::new(Code::InvalidSelector, span, message)
                .help("set `values: [VALUE]`, or use `Exists`"),
        );
    } else if !needs_values && !is_empty && values.is_some() {
        let message = "operators `Exists` and `DoesNotExist` must not have `values`";
        diags.push(Diagnostic::new(Code::InvalidSelector, span, message).help("remove `values`"));
    }
}

fn requirement(written: Expression) -> Requirement {
    let values = written
        .values
        .map_or_else(Vec::new, |values| values.value.0);
    let values = values.into_iter().flatten().collect();
    let rule = match written.operator {
        Operator::In => Rule::In(values),
        Operator::NotIn => Rule::NotIn(values),
        Operator::Exists => Rule::Exists,
        Operator::DoesNotExist => Rule::DoesNotExist,
    };
    let key = written.key;
    Requirement { key, rule }
}

fn key(node: &Node, subject: &str, diags: &mut Diagnostics) -> Option<Spanned<String>> {
    let span = node.span;
    let value = read::string(node, subject, diags)?;
    let key = Spanned { value, span };
    check_key(&key, diags);
    Some(key)
}

fn value(node: &Node, diags: &mut Diagnostics) -> Option<String> {
    let text = read::string(node, "a label's value", diags)?;
    if let Some(problem) = label_value_problem(&text) {
        let message = format!("`{text}` is not a valid label value: {problem}");
        let help = "write the value that the label has on the clusters";
        diags.push(Diagnostic::new(Code::InvalidSelector, node.span, message).help(help));
    }
    Some(text)
}

fn check_key(key: &Spanned<String>, diags: &mut Diagnostics) {
    if let Some(problem) = label_key_problem(&key.value) {
        let message = format!("`{}` is not a valid label key: {problem}", key.value);
        let help = "use a key such as `team` or `example.org/team`";
        diags.push(Diagnostic::new(Code::InvalidSelector, key.span, message).help(help));
    }
}

/// Reports label keys whose requirements no value can satisfy together.
fn report_contradictions(requirements: &[Requirement], diags: &mut Diagnostics) {
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
            let message = format!("no value of label `{key}` satisfies all requirements of this selector");
            let diagnostic = Diagnostic::new(Code::InvalidSelector, *last, message);
            let help = "remove one of the requirements";
            diags.push(diagnostic.related(spans[0], "the other requirement").help(help));
        }
    }
}
