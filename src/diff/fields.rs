//! The fields of two objects that differ.

use std::collections::BTreeSet;

use super::change::{FieldChange, FieldPath, Step};
use crate::diagnostic::is_secret_key;
use crate::template::fill::{self, Scope};
use crate::template::reads_secret;
use crate::tree::{Entry, Node, Part, Role, Text, Value};

/// A part of two written objects that can differ after substitution.
#[derive(Debug)]
pub(super) struct Point<'a> {
    pub(super) path: FieldPath,
    /// The number of steps to the part that only one side has, or of the whole path.
    pub(super) whole: usize,
    pub(super) base: Option<&'a Node>,
    pub(super) head: Option<&'a Node>,
}

impl<'a> Point<'a> {
    /// Returns `true` if the values are the same for all subjects.
    pub(super) fn is_constant(&self) -> bool {
        let is_literal = |node: Option<&'a Node>| node.is_none_or(Node::is_literal);
        is_literal(self.base) && is_literal(self.head)
    }

    /// Returns the change of a part that is the same for all subjects.
    pub(super) fn constant(self) -> FieldChange {
        FieldChange {
            path: self.path,
            whole: self.whole,
            base: self.base.cloned(),
            head: self.head.cloned(),
            is_secret: false,
        }
    }

    /// Adds the fields that differ for a subject of each side.
    pub(super) fn changes(
        &self,
        base: Option<&dyn Scope>,
        head: Option<&dyn Scope>,
        found: &mut Vec<FieldChange>,
    ) {
        let filled = |node: Option<&Node>, scope: Option<&dyn Scope>| {
            let scope = scope?;
            // Problems were reported when the outputs were compiled.
            node.map(|node| fill::node(node, scope, &mut Vec::new()))
        };
        let (base, head) = (filled(self.base, base), filled(self.head, head));
        let is_secret = self.base.is_some_and(reads_secret) || self.head.is_some_and(reads_secret);
        let mut points = Vec::new();
        compare(
            base.as_ref(),
            head.as_ref(),
            &mut self.path.clone(),
            &mut points,
        );
        let is_of_one_side = self.base.is_none() || self.head.is_none();
        found.extend(points.into_iter().map(|point| FieldChange {
            path: point.path,
            whole: if is_of_one_side {
                point.whole.min(self.whole)
            } else {
                point.whole
            },
            base: point.base.cloned(),
            head: point.head.cloned(),
            is_secret,
        }));
    }
}

/// Adds the parts of two trees that are written differently or contain expressions.
pub(super) fn compare<'a>(
    base: Option<&'a Node>,
    head: Option<&'a Node>,
    path: &mut FieldPath,
    found: &mut Vec<Point<'a>>,
) {
    let (Some(old), Some(new)) = (base, head) else {
        return match base.or(head) {
            None => {}
            Some(only) => one_side(only, base.is_some(), path.0.len(), path, found),
        };
    };
    match (&old.value, &new.value) {
        (Value::Mapping(old), Value::Mapping(new)) if is_plain(old) && is_plain(new) => {
            mappings(old, new, path, found);
        }
        (Value::Sequence(old), Value::Sequence(new)) if !repeats(old) && !repeats(new) => {
            sequences(old, new, path, found);
        }
        (Value::Scalar(one), Value::Scalar(other))
            if let Some((one, other)) = embedded(&one.text, &other.text) =>
        {
            path.0.push(Step::Yaml);
            compare(Some(one), Some(other), path, found);
            path.0.pop();
        }
        _ if old == new && old.is_literal() => {}
        _ => found.push(Point {
            path: path.clone(),
            whole: path.0.len(),
            base,
            head,
        }),
    }
}

/// Adds the leaves of a tree that only one side has. `whole` is the number of steps to the root of this tree.
fn one_side<'a>(
    only: &'a Node,
    is_base: bool,
    whole: usize,
    path: &mut FieldPath,
    found: &mut Vec<Point<'a>>,
) {
    match &only.value {
        Value::Mapping(entries) if is_plain(entries) && !entries.is_empty() => {
            for entry in entries.iter() {
                key(entry, path);
                one_side(&entry.value, is_base, whole, path, found);
                path.0.pop();
            }
        }
        Value::Sequence(items) if !repeats(items) && !items.is_empty() => {
            let names = names(items);
            for (at, item) in items.iter().enumerate() {
                path.0.push(step(names.as_deref(), at, item));
                one_side(item, is_base, whole, path, found);
                path.0.pop();
            }
        }
        _ => found.push(Point {
            path: path.clone(),
            whole,
            base: is_base.then_some(only),
            head: (!is_base).then_some(only),
        }),
    }
}

fn mappings<'a>(
    old: &'a [Entry],
    new: &'a [Entry],
    path: &mut FieldPath,
    found: &mut Vec<Point<'a>>,
) {
    let get = |entries: &'a [Entry], at: usize, wanted: &Entry| {
        // Both sides usually have the same keys in the same order.
        let is_wanted = |entry: &&Entry| entry.key.text == wanted.key.text;
        let near = entries.get(at).filter(is_wanted);
        near.or_else(|| entries.iter().find(is_wanted))
            .map(|entry| &entry.value)
    };
    for (at, entry) in new.iter().enumerate() {
        key(entry, path);
        compare(get(old, at, entry), Some(&entry.value), path, found);
        path.0.pop();
    }
    for (at, entry) in old.iter().enumerate() {
        if get(new, at, entry).is_none() {
            key(entry, path);
            compare(Some(&entry.value), None, path, found);
            path.0.pop();
        }
    }
}

/// Pairs items by their `name`, or by their position after the items that are equal at both ends.
fn sequences<'a>(
    old: &'a [Node],
    new: &'a [Node],
    path: &mut FieldPath,
    found: &mut Vec<Point<'a>>,
) {
    let mut visit = |step: Step, base: Option<&'a Node>, head: Option<&'a Node>| {
        path.0.push(step);
        compare(base, head, path, found);
        path.0.pop();
    };
    if let (Some(old_names), Some(new_names)) = (names(old), names(new)) {
        let find = |names: &[&str], name: &str| names.iter().position(|other| *other == name);
        for (name, item) in new_names.iter().zip(new) {
            let base = find(&old_names, name).map(|at| &old[at]);
            visit(Step::Named((*name).into()), base, Some(item));
        }
        for (name, item) in old_names.iter().zip(old) {
            if find(&new_names, name).is_none() {
                visit(Step::Named((*name).into()), Some(item), None);
            }
        }
        return;
    }
    let is_same = |(one, other): &(&Node, &Node)| one == other && one.is_literal();
    let start = old.iter().zip(new).take_while(is_same).count();
    let (old_rest, new_rest) = (&old[start..], &new[start..]);
    let end = old_rest.iter().rev().zip(new_rest.iter().rev());
    let end = end.take_while(is_same).count();
    let (old_rest, new_rest) = (
        &old_rest[..old_rest.len() - end],
        &new_rest[..new_rest.len() - end],
    );
    for at in 0..old_rest.len().max(new_rest.len()) {
        let (old, new) = (old_rest.get(at), new_rest.get(at));
        let steps = [old, new].map(|item| item.map(|item| step(None, start + at, item)));
        let is_named = |step: &Step| matches!(step, Step::Named(_));
        let named = steps.into_iter().flatten().find(is_named);
        visit(named.unwrap_or(Step::Item(start + at)), old, new);
    }
}

fn key(entry: &Entry, path: &mut FieldPath) {
    path.0.push(Step::Key(entry.key.text.source_text()));
}

/// Returns the step to an item: its name if all items have different ones, or if it names a secret.
fn step(names: Option<&[&str]>, at: usize, item: &Node) -> Step {
    let secret = || {
        let mut names = ["name", "key", "id"].into_iter();
        names.find_map(|key| item.get(key)?.text().filter(|name| is_secret_key(name)))
    };
    let name = names.map(|names| names[at]).or_else(secret);
    name.map_or(Step::Item(at), |name| Step::Named(name.into()))
}

/// Returns the names of items, if all items have different ones.
fn names(items: &[Node]) -> Option<Vec<&str>> {
    let name = |item| Node::get(item, "name").and_then(Node::text);
    let names: Vec<&str> = items.iter().map(name).collect::<Option<_>>()?;
    let distinct: BTreeSet<&str> = names.iter().copied().collect();
    (distinct.len() == names.len() && !names.is_empty()).then_some(names)
}

/// Returns `true` if the entries are keys and their values, without anything that decides which keys exist.
fn is_plain(entries: &[Entry]) -> bool {
    entries
        .iter()
        .all(|entry| entry.key.role == Role::Name && !entry.key.is_unresolved())
}

fn repeats(items: &[Node]) -> bool {
    items.iter().any(|item| item.each_variable().is_some())
}

/// Returns the trees that two strings embed as YAML, if they do not differ otherwise.
fn embedded<'a>(one: &'a Text, other: &'a Text) -> Option<(&'a Node, &'a Node)> {
    let sole = |text: &'a Text| match text {
        Text::Parts(parts) => match &**parts {
            [Part::Yaml(embedded)] => Some(embedded),
            _ => None,
        },
        Text::Literal(_) => None,
    };
    let (one, other) = (sole(one)?, sole(other)?);
    let is_same = one.runtime == other.runtime && one.is_template == other.is_template;
    is_same.then_some((&one.tree, &other.tree))
}

/// The path of a variable that an expression reads, such as `WITH` and `name`.
pub(super) type Reference = Vec<String>;

/// Returns the paths of the variables that a tree reads.
pub(super) fn reads(node: &Node, found: &mut BTreeSet<Reference>) {
    node.each_text(&mut |text, _| read_text(text, found));
}

fn read_text(text: &Text, found: &mut BTreeSet<Reference>) {
    use crate::tree::expression::{Segment, references};
    for slot in text.slots() {
        let segment = Segment::Expression(Box::new(slot.expression.clone()));
        for reference in references(std::slice::from_ref(&segment)) {
            found.insert(reference.path.to_vec());
        }
    }
    if let Text::Parts(parts) = text {
        for part in parts.iter() {
            if let Part::Yaml(embedded) = part {
                reads(&embedded.tree, found);
                embedded
                    .runtime
                    .iter()
                    .for_each(|runtime| reads(runtime, found));
            }
        }
    }
}
