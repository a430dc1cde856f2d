//! References to rotated objects that still contain the written name.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use crate::diagnostic::{Code, Diagnostic};
use crate::passes::check::references::{identity, is_reference_key, is_reference_text};
use crate::plan::Object;
use crate::plan::rotated::RotatedObject;
use crate::source::Span;
use crate::tree::{Node, Text, Value};

/// The rotated objects of a fleet, and the names of the other objects.
pub(super) struct WrittenNames<'a> {
    rotated: Vec<&'a RotatedObject>,
    /// The indices of rotated objects by their written name.
    indices: BTreeMap<Rc<str>, Vec<usize>>,
    /// The names of objects that are not rotated.
    others: BTreeSet<Rc<str>>,
}

impl<'a> WrittenNames<'a> {
    pub(super) fn new(rotated: Vec<&'a RotatedObject>, others: BTreeSet<Rc<str>>) -> Self {
        let mut indices: BTreeMap<Rc<str>, Vec<usize>> = BTreeMap::new();
        for (index, one) in rotated.iter().enumerate() {
            let name = one.object.name.value.source_text();
            indices.entry(name).or_default().push(index);
        }
        Self {
            rotated,
            indices,
            others,
        }
    }
}

/// A search in the objects of one template.
pub(super) struct Leftovers<'a> {
    pub(super) names: &'a WrittenNames<'a>,
    /// Returns `true` if the rotated object with an index is created for one of the template's subjects.
    pub(super) applies: &'a dyn Fn(usize) -> bool,
    /// The errors by location: a template has several forms.
    pub(super) found: &'a mut BTreeMap<Span, Diagnostic>,
}

impl<'a> Leftovers<'a> {
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
    fn find_written(&self, text: &Text) -> Option<&'a RotatedObject> {
        let names = self.names;
        let indices = names.indices.get(&text.source_text())?;
        let mut applicable = indices.iter().filter(|index| (self.applies)(**index));
        let index = applicable.find(|index| {
            let object = &names.rotated[**index].object;
            let kind = (&*object.group, &*object.kind);
            object.is_written(kind, object.written_namespace(), text)
        })?;
        Some(names.rotated[*index])
    }

    fn has_kind(&self, kind: &str) -> bool {
        let mut rotated = self.names.rotated.iter();
        rotated.any(|one| *one.object.kind == *kind)
    }
}
