//! The subjects of a fleet: the clusters, the groups and the fleet that objects are created for.

use std::fmt;
use std::rc::Rc;

use crate::model::{Cluster, Group, Variables};
use crate::source::Span;
use crate::tree::Node;

/// The identifier of a subject. The order is that of the output.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SubjectId {
    /// The fleet as a whole.
    Fleet,
    /// An index into [`Plan::groups`](super::Plan::groups).
    Group(u32),
    /// An index into [`Plan::clusters`](super::Plan::clusters).
    Cluster(u32),
    /// The fleet as a whole, for objects that clusters share. They follow all other objects.
    Shared,
}

/// A cluster, a group or the fleet, for which objects are created.
#[derive(Clone, Copy, Debug)]
pub enum Subject<'a> {
    /// A cluster.
    Cluster(&'a Cluster),
    /// A group.
    Group(&'a Group),
    /// The fleet, with the variables that are the same for the whole fleet.
    Fleet(&'a Variables),
}

/// A subject, and an entry of `with`, for which the objects of a template are created.
#[derive(Clone, Debug)]
pub struct Instance {
    /// The subject.
    pub subject: SubjectId,
    /// The entry of `with`.
    pub with: With,
    /// The position in the output among the instances of the same subject: the number of the template's entry in
    /// fleet.yaml, then the number of the instance.
    pub order: (u32, u32),
}

/// An entry of a template's `with`.
#[derive(Clone, Debug, Default)]
pub enum With {
    /// The template has no `with`.
    #[default]
    None,
    /// An entry of a sequence.
    Entry(Rc<Node>),
    /// A cluster of the subject: an index into [`Plan::clusters`](super::Plan::clusters).
    Cluster(u32),
}

impl SubjectId {
    /// Returns the identifier of a cluster. The limits of a fleet keep indices below 32 bits.
    pub fn cluster(index: usize) -> Self {
        Self::Cluster(number(index))
    }

    /// Returns the index of the cluster. Returns `None` if the subject is not a cluster.
    pub fn cluster_index(self) -> Option<usize> {
        match self {
            Self::Cluster(index) => Some(index as usize),
            Self::Fleet | Self::Group(_) | Self::Shared => None,
        }
    }

    /// Returns the identifier of a group. There are at most as many groups as members.
    pub fn group(index: usize) -> Self {
        Self::Group(number(index))
    }
}

impl Instance {
    /// Returns the index of the cluster that the objects are created for: the subject, or an entry of `CLUSTERS`.
    pub fn cluster_index(&self) -> Option<usize> {
        match (self.subject, &self.with) {
            (_, With::Cluster(index)) => Some(*index as usize),
            (subject, With::None | With::Entry(_)) => subject.cluster_index(),
        }
    }
}

impl With {
    /// Returns `true` if this is the same entry.
    pub fn is(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::None, Self::None) => true,
            (Self::Entry(one), Self::Entry(other)) => Rc::ptr_eq(one, other),
            (Self::Cluster(one), Self::Cluster(other)) => one == other,
            _ => false,
        }
    }

    /// Returns the entry for a cluster.
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
            with: With::None,
            order: (u32::MAX, 0),
        }
    }
}

/// Everything that objects can be created for.
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
    /// Returns the subject with an identifier.
    pub fn subject(self, id: SubjectId) -> Subject<'a> {
        match id {
            SubjectId::Cluster(index) => Subject::Cluster(&self.clusters[index as usize]),
            SubjectId::Group(index) => Subject::Group(&self.groups[index as usize]),
            SubjectId::Fleet | SubjectId::Shared => Subject::Fleet(self.constants),
        }
    }
}

impl<'a> Subject<'a> {
    /// Returns the cluster. Returns `None` if the subject is not a cluster.
    pub fn cluster(self) -> Option<&'a Cluster> {
        match self {
            Self::Cluster(cluster) => Some(cluster),
            Self::Group(_) | Self::Fleet(_) => None,
        }
    }

    /// Returns the variables of the subject.
    pub fn variables(self) -> &'a Variables {
        match self {
            Self::Cluster(cluster) => &cluster.variables,
            Self::Group(group) => &group.variables,
            Self::Fleet(variables) => variables,
        }
    }

    /// Returns the location that defines the subject; `None` for the fleet.
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
