//! Values that are the written name of a rotated object after substitution. No live object has this name.
//!
//! References that are written like the name were updated or reported when the plan was created.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::references::{is_reference_key, is_reference_text, references};
use super::written_names::WrittenNames;
use crate::diagnostic::{Code, Problem};
use crate::fill::unfilled::is_hole;
use crate::fill::{Collector, Visit};
use crate::passes::findings::Findings;
use crate::plan::rotated::rotated_index;
use crate::plan::{Plan, Template, With};
use crate::source::Span;
use crate::tree::{Node, Value};

/// The rotated objects of a plan, and the names of its other objects.
pub(super) struct RotatedNames<'a> {
    plan: &'a Plan,
    names: WrittenNames<'a>,
    /// The written names of objects that are not rotated.
    others: BTreeSet<Rc<str>>,
    /// The kinds of these objects. A reference with such a kind can mean one of them, so it is checked with the
    /// references to unknown objects.
    kinds: BTreeSet<Rc<str>>,
    /// The values of the current template that can be a name.
    fields: Vec<Field>,
    /// The locations of the references of the current object that another check reads.
    known: BTreeSet<Span>,
}

/// A value that can be the name of a rotated object.
struct Field {
    content: Content,
    span: Span,
    place: Place,
}

enum Content {
    Literal(Rc<str>),
    /// The number of the value.
    Value(usize),
}

/// Where a value is.
#[derive(Clone, Default)]
struct Place {
    /// The last two keys.
    keys: Vec<Rc<str>>,
    /// The kind of the object that the value names, if its mapping has one.
    kind: Option<Rc<str>>,
}

impl Place {
    fn below(&self, key: &str, mapping: &Node) -> Self {
        let last = self.keys.last().cloned();
        let kind = mapping.get("kind").filter(|_| key == "name");
        Self {
            keys: last.into_iter().chain([key.into()]).collect(),
            kind: kind.and_then(Node::text).map(Into::into),
        }
    }
}

impl<'a> RotatedNames<'a> {
    pub(super) fn new(plan: &'a Plan, templates: &[&Template]) -> Self {
        let mut all = Self {
            plan,
            names: WrittenNames::new(plan),
            others: BTreeSet::new(),
            kinds: BTreeSet::new(),
            fields: Vec::new(),
            known: BTreeSet::new(),
        };
        let objects = templates.iter().flat_map(|template| &template.objects);
        let objects = objects.filter(|_| !plan.rotated.is_empty());
        for object in objects.filter(|object| rotated_index(&object.name.value).is_none()) {
            all.others.insert(object.name.value.source_text());
            all.kinds.insert(Rc::clone(&object.kind));
        }
        all
    }

    /// Finds the values of a template that can be a name.
    pub(super) fn prepare(&mut self, template: &Template, values: &mut Collector<'_>) {
        self.fields.clear();
        if self.plan.rotated.is_empty() {
            return;
        }
        for object in &template.objects {
            // The check of unknown references reports these.
            let known = references(object).into_iter();
            self.known = known.map(|reference| reference.span).collect();
            for entry in object.tree.entries().unwrap_or_default() {
                let key = entry.key.text.literal().unwrap_or_default();
                let place = Place::default().below(key, &object.tree);
                match key {
                    "apiVersion" | "kind" => {}
                    "metadata" => {
                        let annotations = object.annotations();
                        if let Some(annotations) = annotations.filter(|all| !is_hole(all)) {
                            self.find(
                                annotations,
                                &place.below("annotations", annotations),
                                values,
                            );
                        }
                    }
                    _ => self.find(&entry.value, &place, values),
                }
            }
        }
    }

    fn find(&mut self, node: &Node, place: &Place, values: &mut Collector<'_>) {
        let field = |content| Field {
            content,
            span: node.span,
            place: place.clone(),
        };
        match &node.value {
            Value::Scalar(_) if self.known.contains(&node.span) => {}
            Value::Scalar(scalar) if !self.names.can_include(&scalar.text) => {}
            _ if is_hole(node) => self.fields.push(field(Content::Value(values.value(node)))),
            Value::Scalar(scalar) => {
                let text = scalar.text.source_text();
                self.fields.push(field(Content::Literal(text)));
            }
            Value::Sequence(items) => items.iter().for_each(|item| self.find(item, place, values)),
            Value::Mapping(entries) => {
                for entry in entries.iter() {
                    let key = entry.key.text.literal().unwrap_or_default();
                    if is_reference_key(key) {
                        self.find(&entry.value, &place.below(key, node), values);
                    }
                }
            }
        }
    }

    /// Reports the values of an instance that are names.
    pub(super) fn check(&self, visit: &Visit<'_>, findings: &mut Findings) {
        let Some(id) = visit.scope.id.filter(|_| !self.fields.is_empty()) else {
            return;
        };
        let of_entry = self.names_of_entry(visit);
        for Field {
            content,
            span,
            place,
        } in &self.fields
        {
            let mut report = |text: &str, span: Span, place: &Place| {
                let of_entry = of_entry.get(text).into_iter().flatten().copied();
                let indices = self.names.indices(id, text).into_iter().chain(of_entry);
                if let Some(problem) = self.problem(indices, text, place) {
                    findings.add(Code::RotatedReference, span, visit.subject(), || problem);
                }
            };
            match content {
                Content::Literal(text) => report(text, *span, place),
                Content::Value(value) => {
                    if let Some(text) = visit.values.text(*value) {
                        report(text, *span, place);
                    } else if let Some(tree) = visit.values.tree(*value) {
                        each_text(tree, place, &mut report);
                    }
                }
            }
        }
    }

    /// Returns the written names of the template's own rotated objects, if they can depend on an entry of its `with`.
    fn names_of_entry(&self, visit: &Visit<'_>) -> BTreeMap<Rc<str>, Vec<usize>> {
        let mut names: BTreeMap<Rc<str>, Vec<usize>> = BTreeMap::new();
        if !matches!(visit.scope.with, With::None) {
            let objects = visit.template.objects.iter();
            for index in objects.filter_map(|object| rotated_index(&object.name.value)) {
                let name = visit.scope.written_name(&self.plan.rotated[index]);
                names.entry(name).or_default().push(index);
            }
        }
        names
    }

    fn problem(
        &self,
        indices: impl Iterator<Item = usize>,
        text: &str,
        place: &Place,
    ) -> Option<Problem> {
        let (last, parents) = place.keys.split_last()?;
        let is_explicit = place.kind.is_some()
            || is_reference_text(last)
            || **last == *"name" && parents.iter().any(|parent| is_reference_text(parent));
        let mut rotated = indices.map(|index| &self.plan.rotated[index].object);
        let object = rotated.find(|object| {
            let is_meant = |kind: &Rc<str>| *kind == object.kind && !self.kinds.contains(kind);
            let is_kind = place.kind.as_ref().is_none_or(is_meant);
            // Another object keeps this name.
            let is_other = self.others.contains(&object.name.value.source_text());
            is_kind && (is_explicit || !is_other)
        })?;
        let kind = &object.kind;
        let written = object.name.value.source_text();
        let message = format!(
            "`{}` is `{text}`, the written name of an object that `rotate` renames: {kind}",
            place.keys.join(".")
        );
        let help = format!(
            "write the name as the template of the {kind} does, next to `apiGroup: {}` and `kind: {kind}`: `{written}`",
            object.group
        );
        Some(Problem::new(message).help(help))
    }
}

/// Calls `visit` with every string of a substituted tree that can be a reference.
fn each_text(node: &Node, place: &Place, visit: &mut impl FnMut(&str, Span, &Place)) {
    match &node.value {
        Value::Scalar(_) => {
            if let Some(text) = node.text() {
                visit(text, node.span, place);
            }
        }
        Value::Sequence(items) => items.iter().for_each(|item| each_text(item, place, visit)),
        Value::Mapping(entries) => {
            for entry in entries.iter() {
                let key = entry.key.text.literal().unwrap_or_default();
                if is_reference_key(key) {
                    each_text(&entry.value, &place.below(key, node), visit);
                }
            }
        }
    }
}
