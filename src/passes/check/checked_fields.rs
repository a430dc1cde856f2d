//! The fields of an object that rules look at: found once in its template, judged for each subject.

use super::rules::{
    ANY, Field, Path, Relation, Rule, first_key, refused_value, relations, rules, shown,
};
use super::texts::overlap;
use crate::diagnostic::{Code, Problem};
use crate::fill::{Collector, Values};
use crate::passes::findings::Findings;
use crate::plan::{Object, Subject};
use crate::source::Span;
use crate::tree::{Entry, Node, Value};

/// The fields of one object.
#[derive(Debug, Default)]
pub(super) struct CheckedFields {
    places: Vec<FieldRef>,
    relations: Vec<&'static Relation>,
}

/// A text, or a list of texts, that a rule looks at.
#[derive(Debug)]
struct FieldRef {
    rule: Rule,
    span: Span,
    what: FieldValue,
}

#[derive(Debug, PartialEq, Eq)]
enum FieldValue {
    /// The same for all subjects.
    Final(Box<str>),
    /// The number of a value, and the keys that lead on from there.
    Filled(usize, Path),
}

impl CheckedFields {
    /// Finds the fields of an object.
    pub(super) fn of(object: &Object, values: &mut Collector<'_>) -> Self {
        let mut fields = Self::default();
        for rule in rules(object) {
            fields.descend(rule, &object.tree, rule.path, values);
        }
        fields.retain_constraints(relations(object));
        fields
    }

    /// Keeps the relations that may fail, and of what is only compared the places that these need.
    fn retain_constraints(&mut self, all: impl Iterator<Item = &'static Relation>) {
        let at = |path: Path| {
            let mut places = self.places.iter();
            places.find(|place| place.rule.path == path)
        };
        let may_fail = |relation: &&'static Relation| match relation.paths.map(at) {
            // One value in both places is equal to itself: what holds for two zeros holds for it.
            [Some(one), Some(other)] => one.what != other.what || !(relation.holds)("0", "0"),
            _ => false,
        };
        let kept: Vec<_> = all.filter(may_fail).collect();
        self.places.retain(|place| {
            let is_needed = |relation: &&Relation| relation.paths.contains(&place.rule.path);
            place.rule.field != Field::Compared || kept.iter().any(is_needed)
        });
        self.relations = kept;
    }

    fn descend(&mut self, rule: Rule, node: &Node, path: Path, values: &mut Collector<'_>) {
        let first = first_key(path);
        let is_open = match (&node.value, first) {
            (Value::Mapping(entries), Some((key, _))) => is_undecided(node, entries, key),
            (Value::Mapping(_), None) => node.case().is_some(),
            (Value::Scalar(scalar), _) => scalar.text.literal().is_none(),
            (Value::Sequence(_), _) => false,
        };
        let constant = is_open.then(|| values.constant(node)).flatten();
        if let Some(constant) = constant {
            // A constant is final: it is a constant no second time.
            self.descend(rule, &constant, path, values);
            return;
        }
        let what = match (&node.value, first) {
            _ if is_open => FieldValue::Filled(values.value(node), path),
            (Value::Mapping(entries), Some((ANY, rest))) => {
                for entry in entries.iter() {
                    self.descend(rule, &entry.value, rest, values);
                }
                return;
            }
            (Value::Mapping(_), Some((key, rest))) => {
                if let Some(below) = node.get(key) {
                    self.descend(rule, below, rest, values);
                }
                return;
            }
            (Value::Sequence(items), Some((ANY, _)))
                if items.iter().any(|item| item.each().is_some()) =>
            {
                FieldValue::Filled(values.value(node), path)
            }
            (Value::Sequence(items), Some((ANY, rest))) => {
                for item in items.iter() {
                    self.descend(rule, item, rest, values);
                }
                return;
            }
            (Value::Sequence(items), None) => {
                for item in items.iter().filter(|item| item.as_scalar().is_some()) {
                    self.descend(rule, item, path, values);
                }
                return;
            }
            (Value::Scalar(_), None) if !node.is_null() => {
                FieldValue::Final(node.text().unwrap_or_default().into())
            }
            _ => return,
        };
        let span = node.span;
        self.places.push(FieldRef { rule, span, what });
    }

    fn is_known(&self, values: &Values, clean: Option<&str>) -> bool {
        let mut rest = clean;
        for place in &self.places {
            place.texts(values, &mut |text| {
                rest = rest.and_then(|rest| rest.strip_prefix(text)?.strip_prefix('\0'));
            });
        }
        rest == Some("")
    }

    /// Judges the fields for a subject, unless they are what they were when `clean` was written: then
    /// nothing was wrong with them.
    pub(super) fn check(
        &self,
        values: &Values,
        subject: Subject<'_>,
        clean: &mut Option<String>,
        findings: &mut Findings,
    ) {
        if self.places.is_empty() || self.is_known(values, clean.as_deref()) {
            return;
        }
        let mut texts = Vec::with_capacity(self.places.len());
        for place in &self.places {
            place.texts(values, &mut |text| texts.push((place, text)));
        }
        let before = findings.count();
        for (place, text) in &texts {
            if let Some((code, problem)) = place.rule.problem(text) {
                findings.add(code, place.span, subject, || problem);
            }
        }
        let of = |field: Field| -> Vec<&str> {
            let of_it = texts.iter().filter(|(place, _)| place.rule.field == field);
            of_it.map(|(_, text)| *text).collect()
        };
        if let Some((pods, services)) = overlap(&of(Field::Pods), &of(Field::Services)) {
            let is_place = |(place, text): &&(&FieldRef, &str)| {
                place.rule.field == Field::Services && *text == services
            };
            if let Some((place, _)) = texts.iter().find(is_place) {
                findings.add(Code::SharedAddresses, place.span, subject, || {
                    let message = format!(
                        "the Services' network {services} overlaps the Pods' network {pods}"
                    );
                    Problem::new(message).help("give them networks of their own")
                });
            }
        }
        for relation in &self.relations {
            let text_at = |path: Path| texts.iter().find(|(place, _)| place.rule.path == path);
            if let [Some((_, one)), Some((place, other))] = relation.paths.map(text_at)
                && !(relation.holds)(one, other)
            {
                findings.add(Code::RefusedValue, place.span, subject, || {
                    let [first, second] = relation.paths.map(shown);
                    let wanted = relation.wanted;
                    let message =
                        format!("`{second}` is `{other}` here, and `{first}` is `{one}`: {wanted}");
                    refused_value(message)
                });
            }
        }
        *clean = (findings.count() == before)
            .then(|| texts.iter().flat_map(|(_, text)| [*text, "\0"]).collect());
    }
}

impl FieldRef {
    fn texts<'a>(&'a self, values: &'a Values, visit: &mut dyn FnMut(&'a str)) {
        match &self.what {
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

/// Returns `true` if what a key of a mapping leads to depends on variables.
fn is_undecided(node: &Node, entries: &[Entry], key: &str) -> bool {
    match node.entry(key) {
        _ if key == ANY => entries.iter().any(|entry| entry.key.is_open()),
        Some(entry) => entry.key.is_optional,
        None => {
            let is_case = node.case().is_some();
            is_case || entries.iter().any(|entry| entry.key.is_spread())
        }
    }
}

/// The texts that a path leads to.
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
