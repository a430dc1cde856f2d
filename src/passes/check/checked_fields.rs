//! The fields of an object that rules check: found once in its template, checked for each target.

use super::formats::overlap;
use super::rules::{
    ANY, Field, FieldConstraint, Path, Rule, constraints, dotted, first_key, rejected_value, rules,
};
use crate::diagnostic::{Code, Problem};
use crate::fill::{Collector, Values};
use crate::passes::findings::Findings;
use crate::plan::{Object, Subject};
use crate::source::Span;
use crate::tree::{Entry, Node, Value};

/// The checked fields of one object.
#[derive(Debug, Default)]
pub(super) struct CheckedFields {
    fields: Vec<FieldRef>,
    constraints: Vec<&'static FieldConstraint>,
}

/// A string, or a sequence of strings, that a rule checks.
#[derive(Debug)]
struct FieldRef {
    rule: Rule,
    span: Span,
    value: FieldValue,
}

#[derive(Debug, PartialEq, Eq)]
enum FieldValue {
    /// A value that is the same for all targets.
    Final(Box<str>),
    /// The number of a value, and the path of the field inside it.
    Filled(usize, Path),
}

impl CheckedFields {
    /// Finds the checked fields of an object.
    pub(super) fn of(object: &Object, values: &mut Collector<'_>) -> Self {
        let mut fields = Self::default();
        for rule in rules(object) {
            fields.add_field(rule, &object.tree, rule.path, values);
        }
        fields.retain_constraints(constraints(object));
        fields
    }

    /// Keeps the constraints that can fail, and the compared fields that these constraints need.
    fn retain_constraints(&mut self, all: impl Iterator<Item = &'static FieldConstraint>) {
        let at = |path: Path| {
            let mut fields = self.fields.iter();
            fields.find(|field| field.rule.path == path)
        };
        let can_fail = |constraint: &&'static FieldConstraint| match constraint.paths.map(at) {
            // If both fields have the same value, the constraint fails only if it fails for two zeros.
            [Some(one), Some(other)] => {
                one.value != other.value || !(constraint.is_satisfied)("0", "0")
            }
            _ => false,
        };
        let kept: Vec<_> = all.filter(can_fail).collect();
        self.fields.retain(|field| {
            let is_needed =
                |constraint: &&FieldConstraint| constraint.paths.contains(&field.rule.path);
            field.rule.field != Field::Compared || kept.iter().any(is_needed)
        });
        self.constraints = kept;
    }

    fn add_field(&mut self, rule: Rule, node: &Node, path: Path, values: &mut Collector<'_>) {
        let first = first_key(path);
        let is_open = match (&node.value, first) {
            (Value::Mapping(entries), Some((key, _))) => is_undecided(node, entries, key),
            (Value::Mapping(_), None) => node.case().is_some(),
            (Value::Scalar(scalar), _) => scalar.text.literal().is_none(),
            (Value::Sequence(_), _) => false,
        };
        let constant = is_open.then(|| values.constant(node)).flatten();
        if let Some(constant) = constant {
            // A constant is literal, so this recursion happens only once.
            self.add_field(rule, &constant, path, values);
            return;
        }
        let value = match (&node.value, first) {
            _ if is_open => FieldValue::Filled(values.value(node), path),
            (Value::Mapping(entries), Some((ANY, rest))) => {
                for entry in entries.iter() {
                    self.add_field(rule, &entry.value, rest, values);
                }
                return;
            }
            (Value::Mapping(_), Some((key, rest))) => {
                if let Some(below) = node.get(key) {
                    self.add_field(rule, below, rest, values);
                }
                return;
            }
            (Value::Sequence(items), Some((ANY, _)))
                if items.iter().any(|item| item.each_variable().is_some()) =>
            {
                FieldValue::Filled(values.value(node), path)
            }
            (Value::Sequence(items), Some((ANY, rest))) => {
                for item in items.iter() {
                    self.add_field(rule, item, rest, values);
                }
                return;
            }
            (Value::Sequence(items), None) => {
                for item in items.iter().filter(|item| item.as_scalar().is_some()) {
                    self.add_field(rule, item, path, values);
                }
                return;
            }
            (Value::Scalar(_), None) if !node.is_null() => {
                FieldValue::Final(node.text().unwrap_or_default().into())
            }
            _ => return,
        };
        let span = node.span;
        self.fields.push(FieldRef { rule, span, value });
    }

    fn is_clean(&self, values: &Values, clean: Option<&str>) -> bool {
        let mut rest = clean;
        for field in &self.fields {
            field.strings(values, &mut |text| {
                rest = rest.and_then(|rest| rest.strip_prefix(text)?.strip_prefix('\0'));
            });
        }
        rest == Some("")
    }

    /// Checks the fields for a target. Skips fields with the strings in `clean`, which had no error before.
    pub(super) fn check(
        &self,
        values: &Values,
        subject: Subject<'_>,
        clean: &mut Option<String>,
        findings: &mut Findings,
    ) {
        if self.fields.is_empty() || self.is_clean(values, clean.as_deref()) {
            return;
        }
        let mut strings = Vec::with_capacity(self.fields.len());
        for field in &self.fields {
            field.strings(values, &mut |text| strings.push((field, text)));
        }
        let before = findings.count();
        for (field, text) in &strings {
            if let Some((code, problem)) = field.rule.problem(text) {
                findings.add(code, field.span, subject, || problem);
            }
        }
        let strings_of = |kind: Field| -> Vec<&str> {
            let matching = strings.iter().filter(|(field, _)| field.rule.field == kind);
            matching.map(|(_, text)| *text).collect()
        };
        if let Some((pods, services)) =
            overlap(&strings_of(Field::Pods), &strings_of(Field::Services))
        {
            let is_services = |(field, text): &&(&FieldRef, &str)| {
                field.rule.field == Field::Services && *text == services
            };
            if let Some((field, _)) = strings.iter().find(is_services) {
                findings.add(Code::SharedAddresses, field.span, subject, || {
                    let message = format!(
                        "the network {services} of Services overlaps the network {pods} of Pods"
                    );
                    Problem::new(message).help("set networks that do not overlap")
                });
            }
        }
        for constraint in &self.constraints {
            let text_at = |path: Path| strings.iter().find(|(field, _)| field.rule.path == path);
            if let [Some((_, one)), Some((field, other))] = constraint.paths.map(text_at)
                && !(constraint.is_satisfied)(one, other)
            {
                findings.add(Code::RefusedValue, field.span, subject, || {
                    let [first, second] = constraint.paths.map(dotted);
                    let requirement = constraint.requirement;
                    let message =
                        format!("`{second}` is `{other}` and `{first}` is `{one}`: {requirement}");
                    rejected_value(message)
                });
            }
        }
        *clean = (findings.count() == before)
            .then(|| strings.iter().flat_map(|(_, text)| [*text, "\0"]).collect());
    }
}

impl FieldRef {
    fn strings<'a>(&'a self, values: &'a Values, visit: &mut dyn FnMut(&'a str)) {
        match &self.value {
            FieldValue::Final(text) => visit(text),
            FieldValue::Filled(value, path) => {
                let Some(tree) = values.tree(*value) else {
                    if path.is_empty() {
                        values.text(*value).into_iter().for_each(visit);
                    }
                    return;
                };
                walk(tree, path, visit);
            }
        }
    }
}

/// Returns `true` if variables determine the value of a key in a mapping.
fn is_undecided(node: &Node, entries: &[Entry], key: &str) -> bool {
    match node.entry(key) {
        _ if key == ANY => entries.iter().any(|entry| entry.key.is_unresolved()),
        Some(entry) => entry.key.is_optional,
        None => {
            let is_case = node.case().is_some();
            is_case || entries.iter().any(|entry| entry.key.is_spread())
        }
    }
}

/// Visits the strings at a path.
fn walk<'a>(node: &'a Node, path: Path, visit: &mut dyn FnMut(&'a str)) {
    match (&node.value, first_key(path)) {
        (Value::Mapping(entries), Some((ANY, rest))) => {
            for entry in entries.iter() {
                walk(&entry.value, rest, visit);
            }
        }
        (Value::Sequence(items), Some((ANY, rest))) => {
            items.iter().for_each(|item| walk(item, rest, visit));
        }
        (Value::Sequence(items), None) => items.iter().filter_map(Node::text).for_each(visit),
        (_, Some((key, rest))) => {
            if let Some(below) = node.get(key) {
                walk(below, rest, visit);
            }
        }
        (_, None) if node.is_null() => {}
        (_, None) => node.text().into_iter().for_each(visit),
    }
}
