//! The subjects of a fleet: the clusters, the groups and the fleet that objects are created for.

use std::fmt;
use std::rc::Rc;

use crate::model::{Cluster, Group, Variables};
use crate::source::Span;
use crate::tree::Node;

/// What objects are made for. The order is that of the output.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SubjectId {
    /// The fleet as a whole.
    Fleet,
    /// An index into [`Plan::groups`](super::Plan::groups).
    Group(u32),
    /// An index into [`Plan::clusters`](super::Plan::clusters).
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
    /// The position in the output among the instances of the same subject: the number of the template's
    /// entry in fleet.yaml, and that of the instance.
    pub order: (u32, u32),
}

/// An entry of a template's `with`.
#[derive(Clone, Debug, Default)]
pub enum With {
    /// The template has no `with`.
    #[default]
    Nothing,
    /// An entry of a list.
    Entry(Rc<Node>),
    /// A cluster of the subject: an index into [`Plan::clusters`](super::Plan::clusters).
    Cluster(u32),
}

impl SubjectId {
    /// A cluster. There are far fewer than 32 bits can count.
    pub fn cluster(index: usize) -> Self {
        Self::Cluster(number(index))
    }

    /// Returns the index of the cluster, if it is one.
    pub fn cluster_index(self) -> Option<usize> {
        match self {
            Self::Cluster(index) => Some(index as usize),
            Self::Fleet | Self::Group(_) | Self::Shared => None,
        }
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
            order: (u32::MAX, 0),
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
