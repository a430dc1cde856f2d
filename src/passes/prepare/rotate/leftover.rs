//! References to rotated objects that still contain the written name.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::index::Index;
use crate::diagnostic::{Code, Diagnostic};
use crate::passes::check::references::{identity, is_reference_key, is_reference_text};
use crate::plan::rotated::RotatedObject;
use crate::plan::{Object, Template, WrittenText};
use crate::source::Span;
use crate::tree::{Node, Text, Value};

/// The rotated objects of a fleet, and the names of the other objects.
pub(super) struct WrittenNames<'a> {
    rotated: Vec<&'a RotatedObject>,
    /// The rotated objects by their written names.
    indices: Index<WrittenText>,
    /// The kinds of the rotated objects.
    kinds: BTreeSet<&'a str>,
    /// The names of objects that are not rotated.
    others: BTreeSet<Rc<str>>,
}

impl<'a> WrittenNames<'a> {
    /// Returns the names of rotated objects, each with the number of the template use that creates it.
    pub(super) fn new(
        rotated: impl Iterator<Item = (usize, &'a RotatedObject)>,
        others: BTreeSet<Rc<str>>,
    ) -> Self {
        let mut names = Self {
            rotated: Vec::new(),
            indices: Index::new(),
            kinds: BTreeSet::new(),
            others,
        };
        for (used, one) in rotated {
            let name = (&one.object.name.value).into();
            names.indices.add(used, name, names.rotated.len(), true);
            names.kinds.insert(&one.object.kind);
            names.rotated.push(one);
        }
        names
    }
}

/// A search in the objects of one template.
pub(super) struct Leftovers<'a, 'b> {
    names: &'b WrittenNames<'a>,
    template: &'b Template,
    /// The number of the template use that created the template.
    used: usize,
    /// The errors by location: a template has several forms.
    found: &'b mut BTreeMap<Span, Diagnostic>,
    /// The rotated objects of names that were found before.
    known: BTreeMap<WrittenText, Option<usize>>,
}

impl<'a, 'b> Leftovers<'a, 'b> {
    pub(super) fn new(
        names: &'b WrittenNames<'a>,
        (template, used): (&'b Template, usize),
        found: &'b mut BTreeMap<Span, Diagnostic>,
    ) -> Self {
        Self {
            names,
            template,
            used,
            found,
            known: BTreeMap::new(),
        }
    }

    /// Reports the strings of an object that are the written name of a rotated object of the same cluster.
    pub(super) fn report(&mut self, object: &Object) {
        for entry in object.tree.entries().unwrap_or_default() {
            let key = entry.key.text.literal().unwrap_or_default();
            if !["apiVersion", "kind", "metadata"].contains(&key) {
                self.search(&entry.value, &[key]);
            }
        }
    }

    fn search(&mut self, node: &Node, path: &[&str]) {
        match &node.value {
            Value::Scalar(scalar) => self.check(node, &scalar.as_text(), path),
            Value::Sequence(items) => {
                for item in items.iter() {
                    self.search(item, path);
                }
            }
            Value::Mapping(entries) => {
                // A reference with a kind was updated, is reported as an unknown reference, or means another object.
                let kind = node.get("kind").and_then(Node::text);
                let is_other = kind.is_some_and(|kind| !self.has_kind(kind));
                let has_kind = identity(node).is_some() || is_other;
                for entry in entries.iter() {
                    let key = entry.key.text.literal().unwrap_or_default();
                    let is_skipped =
                        !is_reference_key(key) || has_kind && ["name", "namespace"].contains(&key);
                    if !is_skipped {
                        let path: Vec<&str> = path.iter().copied().chain([key]).collect();
                        self.search(&entry.value, &path);
                    }
                }
            }
        }
    }

    fn check(&mut self, node: &Node, text: &Text, path: &[&str]) {
        let Some(rotated) = self.find_written(text) else {
            return;
        };
        let Some((last, parents)) = path.split_last() else {
            return;
        };
        let parent = parents.last().copied().unwrap_or_default();
        let is_explicit = is_reference_text(last) || *last == "name" && is_reference_text(parent);
        let place = [parent, *last].into_iter().filter(|key| !key.is_empty());
        let place = place.collect::<Vec<_>>().join(".");
        // Another object keeps this name.
        if !is_explicit && self.names.others.contains(&text.source_text()) {
            return;
        }
        let kind = &rotated.object.kind;
        let message = format!(
            "`{place}` contains the written name of an object that `rotate` renames: {kind}"
        );
        let group = &rotated.object.group;
        let help = if *last == "name" {
            format!(
                "add `apiGroup: {group}` and `kind: {kind}` next to `name`, or remove `rotate` from the template of the {kind}"
            )
        } else {
            format!(
                "remove `rotate` from the template of the {kind}, or use another name for what this field means"
            )
        };
        let error = Diagnostic::new(Code::RotatedReference, node.span, message)
            .related(rotated.object.name.span, "written name")
            .help(help);
        self.found.insert(node.span, error);
    }

    /// Returns the rotated object with a written name, if it is created for one of the same subjects.
    fn find_written(&mut self, text: &Text) -> Option<&'a RotatedObject> {
        let Self {
            names,
            template,
            used,
            ..
        } = *self;
        let index = self.known.entry(text.into()).or_insert_with_key(|name| {
            let subjects = template.instances.iter().map(|instance| instance.subject);
            let rotated = |index: usize| names.rotated[index];
            let own = names.indices.of_use(used, name);
            own.or_else(|| names.indices.of_subjects(name, subjects, &rotated))
        });
        index.map(|index| names.rotated[index])
    }

    fn has_kind(&self, kind: &str) -> bool {
        self.names.kinds.contains(kind)
    }
}
