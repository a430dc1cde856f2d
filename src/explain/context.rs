//! The compiled fleet that is explained.

use crate::files::Files;
use crate::input::fleet::Fleet;
use crate::input::members::Members;
use crate::model::{Cluster, Variables};
use crate::plan::{Plan, Subject, SubjectId};
use crate::render::Output;

/// A cluster, and what notes call it.
pub(super) struct Named<'a> {
    pub(super) cluster: &'a Cluster,
    pub(super) name: String,
}

/// A compiled fleet, and its directory.
pub struct Context<'a> {
    /// The fleet as written.
    pub fleet: &'a Fleet,
    /// The output.
    pub output: &'a Output,
    /// The directory.
    pub files: &'a mut Files,
    /// Whether several clusters share the explanation, so that it must not contain the name of one.
    pub is_shared: bool,
}

impl<'a> Context<'a> {
    /// Returns the plan.
    pub(super) fn plan(&self) -> &'a Plan {
        &self.output.plan
    }

    /// Returns the index of the cluster with a name.
    pub(super) fn find_cluster(&self, name: &str) -> Option<usize> {
        let mut clusters = self.plan().clusters.iter();
        clusters.position(|cluster| **cluster.name.as_rc() == *name)
    }

    /// Returns a cluster.
    pub(super) fn cluster(&self, index: usize) -> &'a Cluster {
        &self.plan().clusters[index]
    }

    /// Returns a cluster, and what notes call it.
    pub(super) fn named(&self, index: usize) -> Named<'a> {
        let cluster = self.cluster(index);
        let name = if self.is_shared {
            "the cluster".to_owned()
        } else {
            format!("`{}`", cluster.name)
        };
        Named { cluster, name }
    }

    /// Returns the list of the subject's member. Returns `None` for the fleet, and for groups without a list.
    pub(super) fn members(&self, id: SubjectId) -> Option<&'a Members> {
        let list = self.variables(id).shared.decided.list?;
        let clusters = self.fleet.clusters.iter().map(|entry| &entry.members);
        let groups = self.fleet.groups.iter();
        let groups = groups.filter_map(|entry| entry.members.as_ref());
        clusters
            .chain(groups)
            .find(|members| members.list.span == list)
    }

    /// Returns the variables of a subject.
    pub(super) fn variables(&self, id: SubjectId) -> &'a Variables {
        self.plan().subject(id).variables()
    }

    /// Returns a subject.
    pub(super) fn subject(&self, id: SubjectId) -> Subject<'a> {
        self.plan().subject(id)
    }
}
