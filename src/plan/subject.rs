//! What objects are made for, and the variables that are known there.

use std::borrow::Cow;
use std::fmt;
use std::rc::Rc;

use super::rotated::Rotated;
use super::{Plan, Template};
use crate::model::{Cluster, Group, Variables};
use crate::source::Span;
use crate::template::fill::{self, ListEntry, Scope};
use crate::tree::{Node, Style, Value};

/// What objects are made for. The order is that of the output.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SubjectId {
    /// The fleet as a whole.
    Fleet,
    /// An index into [`Plan::groups`].
    Group(u32),
    /// An index into [`Plan::clusters`].
    Cluster(u32),
    /// What add-ons share: the fleet as a whole, behind everything else.
    Shared,
}

/// What a [`SubjectId`] names.
#[derive(Clone, Copy, Debug)]
pub enum Subject<'a> {
    /// A cluster.
    Cluster(&'a Cluster),
    /// A group.
    Group(&'a Group),
    /// The fleet, and the variables that all of it shares.
    Fleet(&'a Variables),
}

/// What a template's objects are made for, once.
#[derive(Clone, Debug)]
pub struct Instance {
    /// The subject.
    pub subject: SubjectId,
    /// The entry of `with`.
    pub with: With,
}

/// An entry of a template's `with`.
#[derive(Clone, Debug, Default)]
pub enum With {
    /// The template has no `with`.
    #[default]
    Nothing,
    /// An entry of a list.
    Entry(Rc<Node>),
    /// A cluster of the subject: an index into [`Plan::clusters`].
    Cluster(u32),
}

impl SubjectId {
    /// A cluster. There are far fewer than 32 bits can count.
    pub fn cluster(index: usize) -> Self {
        Self::Cluster(number(index))
    }

    /// A group. There are at most as many as members.
    pub fn group(index: usize) -> Self {
        Self::Group(number(index))
    }
}

impl With {
    /// A cluster.
    pub fn cluster(index: usize) -> Self {
        Self::Cluster(number(index))
    }
}

fn number(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX)
}

impl From<SubjectId> for Instance {
    fn from(subject: SubjectId) -> Self {
        Self {
            subject,
            with: With::Nothing,
        }
    }
}

/// All that objects can be made for.
#[derive(Clone, Copy, Debug)]
pub struct Subjects<'a> {
    /// The clusters.
    pub clusters: &'a [Cluster],
    /// The groups.
    pub groups: &'a [Group],
    /// The variables that are the same for the whole fleet.
    pub constants: &'a Variables,
}

impl<'a> Subjects<'a> {
    /// What an identifier names.
    pub fn subject(self, id: SubjectId) -> Subject<'a> {
        match id {
            SubjectId::Cluster(index) => Subject::Cluster(&self.clusters[index as usize]),
            SubjectId::Group(index) => Subject::Group(&self.groups[index as usize]),
            SubjectId::Fleet | SubjectId::Shared => Subject::Fleet(self.constants),
        }
    }
}

impl Plan {
    /// All that objects can be made for.
    pub fn subjects(&self) -> Subjects<'_> {
        Subjects {
            clusters: &self.clusters,
            groups: &self.groups,
            constants: &self.constants,
        }
    }

    /// What an identifier names.
    pub fn subject(&self, id: SubjectId) -> Subject<'_> {
        self.subjects().subject(id)
    }

    /// The variables of an instance's subject alone.
    pub fn subject_scope<'a>(&'a self, template: &'a Template, instance: &Instance) -> Scoped<'a> {
        Scoped {
            selected: template.selected.as_deref(),
            rotated: &self.rotated,
            id: Some(instance.subject),
            ..Scoped::new(self.subjects(), self.subject(instance.subject), &[])
        }
    }

    /// The variables of an instance of a template.
    pub fn scope<'a>(&'a self, template: &'a Template, instance: &'a Instance) -> Scoped<'a> {
        Scoped {
            subjects: self.subjects(),
            selected: template.selected.as_deref(),
            variables: &template.variables,
            with: &instance.with,
            rotated: &self.rotated,
            id: Some(instance.subject),
            subject: self.subject(instance.subject),
        }
    }
}

impl<'a> Subject<'a> {
    /// The cluster, if it is one.
    pub fn cluster(self) -> Option<&'a Cluster> {
        match self {
            Self::Cluster(cluster) => Some(cluster),
            Self::Group(_) | Self::Fleet(_) => None,
        }
    }

    /// Its variables.
    pub fn variables(self) -> &'a Variables {
        match self {
            Self::Cluster(cluster) => &cluster.variables,
            Self::Group(group) => &group.variables,
            Self::Fleet(variables) => variables,
        }
    }

    /// Where it comes from; the fleet comes from no place in particular.
    pub fn span(self) -> Option<Span> {
        match self {
            Self::Cluster(cluster) => Some(cluster.span),
            Self::Group(group) => Some(group.span),
            Self::Fleet(_) => None,
        }
    }
}

impl fmt::Display for Subject<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Cluster(cluster) => write!(out, "the cluster `{}`", cluster.name),
            Self::Group(group) => write!(out, "the group `{}`", group.name),
            Self::Fleet(_) => out.write_str("the fleet"),
        }
    }
}

/// The variables of a subject, behind those of a template and of an entry of its `with`.
#[derive(Clone, Copy)]
pub struct Scoped<'a> {
    /// What the subject is one of.
    pub subjects: Subjects<'a>,
    /// See [`Template::selected`].
    pub selected: Option<&'a [usize]>,
    /// The template's variables.
    pub variables: &'a [(Rc<str>, Node)],
    /// The entry.
    pub with: &'a With,
    /// The subject.
    pub subject: Subject<'a>,
    /// See [`Plan::rotated`].
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
        self.rotated.get(index)?.named(self, self.id?)
    }
}
