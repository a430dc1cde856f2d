//! The variables of a subject, of a template and of an entry of its `with`.

use std::borrow::Cow;
use std::cell::Cell;
use std::rc::Rc;

use super::rotated::{self, RotatedObject};
use super::subject::{Subject, SubjectId, Subjects, With};
use crate::model::Cluster;
use crate::source::Span;
use crate::template::fill::{self, ListEntry, Scope, member_span};
use crate::tree::{Node, Style, Value};

/// The variables of a subject, hidden by those of a template and of an entry of its `with`.
#[derive(Clone, Copy)]
pub struct SubjectScope<'a> {
    /// All subjects of the fleet.
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
    pub rotated: &'a [RotatedObject],
    /// See [`Scope::repeated_in_run`].
    pub repeated: Option<&'a Cell<usize>>,
    /// The identifier of the subject; `None` while the plan is being built.
    pub id: Option<SubjectId>,
}

impl<'a> SubjectScope<'a> {
    /// Returns the variables of a subject, hidden by `variables`.
    pub fn new(
        subjects: Subjects<'a>,
        subject: Subject<'a>,
        variables: &'a [(Rc<str>, Node)],
    ) -> Self {
        Self {
            subjects,
            selected: None,
            variables,
            with: &With::None,
            subject,
            rotated: &[],
            repeated: None,
            id: None,
        }
    }

    /// Returns the name of a rotated object before the hash is appended.
    pub fn written_name(&self, rotated: &RotatedObject) -> Rc<str> {
        fill::text(
            &rotated.object.name.value,
            &self.scope_of_rotated(rotated),
            &mut Vec::new(),
        )
    }

    /// Computes the name of a rotated object.
    fn new_name(&self, rotated: &RotatedObject) -> Option<Rc<str>> {
        let scope = self.scope_of_rotated(rotated);
        let content = fill::node(rotated.content(self.id?)?, &scope, &mut Vec::new());
        Some(rotated::name(&self.written_name(rotated), &content))
    }

    /// Returns the variables of a rotated object's template, regardless of the references to it.
    fn scope_of_rotated<'r>(&self, rotated: &'r RotatedObject) -> SubjectScope<'r>
    where
        'a: 'r,
    {
        SubjectScope {
            variables: &rotated.variables,
            selected: rotated.selected.as_deref(),
            ..*self
        }
    }

    /// Returns the entry of `with`.
    fn entry(&self) -> Option<ListEntry<'a>> {
        match self.with {
            With::None => None,
            With::Entry(node) => Some(ListEntry::Node(node)),
            With::Cluster(index) => {
                Some(ListEntry::Scope(&self.subjects.clusters[*index as usize]))
            }
        }
    }

    /// Returns the cluster of the instance: the subject, or an entry of `CLUSTERS`.
    pub fn cluster(&self) -> Option<&'a Cluster> {
        match self.with {
            With::Cluster(index) => Some(&self.subjects.clusters[*index as usize]),
            With::None | With::Entry(_) => self.subject.cluster(),
        }
    }

    /// Returns `true` if the entry of `with` sets a variable.
    pub fn entry_sets(&self, name: &str) -> bool {
        self.entry().is_some_and(|entry| entry.get(name).is_some())
    }

    /// Returns the clusters of a group or of the fleet. Returns `None` if the subject is a cluster.
    fn clusters(&self) -> Option<impl Iterator<Item = &'a Cluster> + use<'a>> {
        let clusters = self.subjects.clusters;
        Some(self.cluster_indices()?.map(|index| &clusters[index]))
    }

    /// Returns the indices of the clusters of a group or of the fleet, ascending.
    pub fn cluster_indices(&self) -> Option<impl Iterator<Item = usize> + use<'a>> {
        let selected = self.selected?;
        let clusters = match self.subject {
            Subject::Cluster(_) => return None,
            Subject::Group(group) => &*group.clusters,
            Subject::Fleet(_) => selected,
        };
        let is_selected = |index: &usize| selected.binary_search(index).is_ok();
        Some(clusters.iter().copied().filter(is_selected))
    }

    /// Returns a value of the subject itself.
    fn subject_value(&self, name: &str) -> Option<Cow<'a, Node>> {
        let quoted = |span, text: &Rc<str>| Node::scalar(span, Style::Quoted, Rc::clone(text));
        match (name, self.subject) {
            ("CLUSTERS", _) => {
                // The value is a sequence of names, for templates that use it without `$each`.
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

impl Scope for SubjectScope<'_> {
    fn get(&self, name: &str) -> Option<Cow<'_, Node>> {
        if let Some(value) = self.entry().and_then(|entry| entry.get(name)) {
            return Some(value);
        }
        match self.variables.iter().find(|(own, _)| **own == *name) {
            Some((_, value)) if value.is_literal() => Some(Cow::Borrowed(value)),
            // Errors in a template's variable are reported when its instances are created.
            Some((_, value)) => {
                let hidden = Self {
                    variables: &[],
                    ..*self
                };
                Some(Cow::Owned(fill::traced(value, &hidden, &mut Vec::new())))
            }
            None => self.subject_value(name),
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

    fn member_value(&self, path: &[String]) -> Option<Span> {
        let (name, keys) = path.split_first()?;
        if let Some(entry) = self.entry().filter(|entry| entry.get(name).is_some()) {
            return entry.member_value(path);
        }
        if self.variables.iter().any(|(own, _)| **own == **name) {
            return member_span(self.get(name)?.as_ref(), keys);
        }
        match (name.as_str(), self.subject) {
            ("GROUP", Subject::Group(group)) => Some(group.span),
            (_, Subject::Cluster(cluster)) => cluster.member_value(path),
            (_, subject) => Scope::member_value(subject.variables(), path),
        }
    }

    fn fixed(&self, name: &str) -> Option<Span> {
        if let Some((_, value)) = self.variables.iter().find(|(own, _)| **own == *name) {
            return Some(value.span);
        }
        let own = match self.entry() {
            Some(ListEntry::Scope(cluster)) => cluster.fixed(name),
            _ => None,
        };
        own.or_else(|| Scope::fixed(self.subject.variables(), name))
    }

    fn fixed_names(&self, visit: &mut dyn FnMut(&str, Span)) {
        for (name, value) in self.variables {
            visit(name, value.span);
        }
        self.subject.variables().fixed_names(visit);
    }

    fn clusters(&self, visit: &mut dyn FnMut(&dyn Scope)) -> bool {
        let clusters = self.clusters();
        let has_clusters = clusters.is_some();
        for cluster in clusters.into_iter().flatten() {
            visit(cluster);
        }
        has_clusters
    }

    fn repeated_in_run(&self) -> Option<&Cell<usize>> {
        self.repeated
    }

    fn rotated(&self, index: usize) -> Option<Rc<str>> {
        let id = self.id?;
        let known = |index: usize| self.rotated.get(index)?.names.get(id, self.with);
        // What a name needs is computed before it: a chain of names can be long.
        let mut open = vec![(index, 0)];
        while let Some((at, next)) = open.pop() {
            let rotated = self.rotated.get(at)?;
            let Some(need) = rotated.needs.get(next).filter(|_| known(at).is_none()) else {
                if known(at).is_none() {
                    rotated.names.insert(id, self.with, self.new_name(rotated));
                }
                continue;
            };
            open.push((at, next + 1));
            if known(*need).is_none() {
                open.push((*need, 0));
            }
        }
        known(index)?
    }
}
