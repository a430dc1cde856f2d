//! The variables of a subject, of a template and of an entry of its `with`.

use std::borrow::Cow;
use std::rc::Rc;

use super::rotated::{self, Rotated};
use super::subject::{Subject, SubjectId, Subjects, With};
use crate::model::Cluster;
use crate::template::fill::{self, ListEntry, Scope};
use crate::tree::{Node, Style, Value};

/// The variables of a subject, behind those of a template and of an entry of its `with`.
#[derive(Clone, Copy)]
pub struct Scoped<'a> {
    /// What the subject is one of.
    pub subjects: Subjects<'a>,
    /// See [`Template::selected`](super::Template::selected).
    pub selected: Option<&'a [usize]>,
    /// The template's variables.
    pub variables: &'a [(Rc<str>, Node)],
    /// The entry.
    pub with: &'a With,
    /// The subject.
    pub subject: Subject<'a>,
    /// See [`Plan::rotated`](super::Plan::rotated).
    pub rotated: &'a [Rotated],
    /// The subject's identifier, where the plan is made.
    pub id: Option<SubjectId>,
}

impl<'a> Scoped<'a> {
    /// The variables of a subject, and others before them.
    pub fn new(
        subjects: Subjects<'a>,
        subject: Subject<'a>,
        variables: &'a [(Rc<str>, Node)],
    ) -> Self {
        Self {
            subjects,
            selected: None,
            variables,
            with: &With::Nothing,
            subject,
            rotated: &[],
            id: None,
        }
    }

    /// Returns the name of a rotated object as its template writes it.
    pub fn written_name(&self, rotated: &Rotated) -> Rc<str> {
        fill::text(
            &rotated.object.name.value,
            &self.of_rotated(rotated),
            &mut Vec::new(),
        )
    }

    /// Returns the variables of a rotated object's template, regardless of what refers to it.
    fn of_rotated<'r>(&self, rotated: &'r Rotated) -> Scoped<'r>
    where
        'a: 'r,
    {
        Scoped {
            variables: &rotated.variables,
            selected: rotated.selected.as_deref(),
            ..*self
        }
    }

    /// The entry of `with`.
    fn entry(&self) -> Option<ListEntry<'a>> {
        match self.with {
            With::Nothing => None,
            With::Entry(node) => Some(ListEntry::Node(node)),
            With::Cluster(index) => {
                Some(ListEntry::Scope(&self.subjects.clusters[*index as usize]))
            }
        }
    }

    /// Whether the entry of `with` sets a variable.
    pub fn is_of_entry(&self, name: &str) -> bool {
        self.entry().is_some_and(|entry| entry.get(name).is_some())
    }

    /// The clusters of a group or of the fleet.
    fn clusters(&self) -> Option<impl Iterator<Item = &'a Cluster> + use<'a>> {
        let clusters = self.subjects.clusters;
        Some(self.cluster_indices()?.map(|index| &clusters[index]))
    }

    /// The same as indices, ascending.
    pub fn cluster_indices(&self) -> Option<impl Iterator<Item = usize> + use<'a>> {
        let selected = self.selected?;
        let of = match self.subject {
            Subject::Cluster(_) => return None,
            Subject::Group(group) => &*group.clusters,
            Subject::Fleet(_) => selected,
        };
        let is_selected = |index: &usize| selected.binary_search(index).is_ok();
        Some(of.iter().copied().filter(is_selected))
    }

    /// A value of the subject itself.
    fn of_subject(&self, name: &str) -> Option<Cow<'a, Node>> {
        let quoted = |span, text: &Rc<str>| Node::scalar(span, Style::Quoted, Rc::clone(text));
        match (name, self.subject) {
            ("CLUSTERS", _) => {
                // A list of names, for whoever takes it as it is.
                let clusters = self.clusters()?;
                let names = clusters.map(|cluster| quoted(cluster.span, cluster.name.as_rc()));
                let names: Rc<[Node]> = names.collect();
                let span = names
                    .first()
                    .map(|name| name.span)
                    .or(self.subject.span())?;
                let value = Value::Sequence(names);
                Some(Cow::Owned(Node { span, value }))
            }
            ("SOURCE", _) => Scope::get(self.subjects.constants, name),
            ("GROUP", Subject::Group(group)) => Some(Cow::Owned(quoted(group.span, &group.name))),
            (_, Subject::Cluster(cluster)) => Scope::get(cluster, name),
            (_, subject) => Scope::get(subject.variables(), name),
        }
    }
}

impl Scope for Scoped<'_> {
    fn get(&self, name: &str) -> Option<Cow<'_, Node>> {
        if let Some(value) = self.entry().and_then(|entry| entry.get(name)) {
            return Some(value);
        }
        match self.variables.iter().find(|(own, _)| **own == *name) {
            Some((_, value)) if value.is_literal() => Some(Cow::Borrowed(value)),
            // What is missing in a template's variable is told where its instances are made.
            Some((_, value)) => {
                let behind = Self {
                    variables: &[],
                    ..*self
                };
                Some(Cow::Owned(fill::node(value, &behind, &mut Vec::new())))
            }
            None => self.of_subject(name),
        }
    }

    fn text(&self, path: &[String]) -> Option<&str> {
        let name = path.first()?;
        if let Some(entry) = self.entry().filter(|entry| entry.get(name).is_some()) {
            return entry.text(path);
        }
        let is_hidden = self.variables.iter().any(|(own, _)| **own == **name);
        match self.subject {
            _ if is_hidden => None,
            Subject::Cluster(cluster) => cluster.text(path),
            subject => Scope::text(subject.variables(), path),
        }
    }

    fn clusters(&self, visit: &mut dyn FnMut(&dyn Scope)) -> bool {
        let clusters = self.clusters();
        let are_there = clusters.is_some();
        for cluster in clusters.into_iter().flatten() {
            visit(cluster);
        }
        are_there
    }

    fn rotated(&self, index: usize) -> Option<Rc<str>> {
        let rotated = self.rotated.get(index)?;
        let scope = self.of_rotated(rotated);
        let content = fill::node(rotated.content(self.id?)?, &scope, &mut Vec::new());
        Some(rotated::name(&self.written_name(rotated), &content))
    }
}
