//! Resolves the members of lists to clusters and groups.

mod cluster;
mod constants;
mod cross_member;
mod derived;
mod field;
mod group;
mod label;
mod list;
mod member;
mod network;
mod schema;
mod shared;
mod steps;

use super::cells::assign_cells;
use super::profiles::{profiles, warn_unscoped};
use super::read::{Members, Written};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, ErrorsReported};
use crate::files::Files;
use crate::input::fleet::Fleet;
use crate::input::list::MemberList;
use crate::model::{Cluster, Group, Variables};
use crate::plan::{Object, Subjects};
use cluster::ClusterList;
pub use derived::Derived;

/// Maximum number of members of a fleet.
const MAX_MEMBERS: usize = 100_000;

/// The resolved clusters, groups and shared values of a fleet.
#[derive(Debug, Default)]
pub struct ResolvedFleet {
    /// The clusters, sorted by namespace and name.
    pub clusters: Vec<Cluster>,
    /// The groups, in the order of labels in `fleet.yaml`, then by name.
    pub groups: Vec<Group>,
    /// The variables that have the same value for all clusters, regardless of their members.
    pub constants: Variables,
    /// Variables of clusters that depend on other variables.
    pub derived: Derived,
    /// Objects that are copied unchanged, sorted by namespace and name.
    pub profiles: Vec<Object>,
}

impl ResolvedFleet {
    /// Returns all targets of templates.
    pub fn subjects(&self) -> Subjects<'_> {
        Subjects {
            clusters: &self.clusters,
            groups: &self.groups,
            constants: &self.constants,
        }
    }
}

/// Resolves the fields, variables, names, labels and cells of every member.
///
/// # Errors
///
/// Returns an error if `diags` contains an error, including earlier ones.
///
/// # Panics
///
/// Panics if a member is dropped without an error, which would delete a cluster.
pub fn resolve(
    files: &mut Files,
    written: &Written,
    members: Members,
    diags: &mut Diagnostics,
) -> Result<ResolvedFleet, ErrorsReported> {
    let mut resolved = resolve_members(files, &written.fleet, members, diags);
    assign_cells(&written.fleet, &mut resolved.clusters, diags);
    resolved.profiles = profiles(&written.profiles, &written.schemas, diags);
    if let Some(name) = &written.fleet.name {
        warn_unscoped(&name.value, &written.profiles, diags);
    }
    diags.checkpoint()?;
    Ok(resolved)
}

fn resolve_members(
    files: &mut Files,
    fleet: &Fleet,
    members: Members,
    diags: &mut Diagnostics,
) -> ResolvedFleet {
    let Members {
        clusters: members,
        groups: group_members,
    } = members;
    let listed = group_members.iter().flatten();
    let all = members.iter().chain(listed);
    let total: usize = all.map(|list| list.members.len()).sum();
    if total > MAX_MEMBERS {
        let message =
            format!("the fleet has {total} members, more than the limit of {MAX_MEMBERS}");
        let help = "split the fleet into two fleets";
        diags.push(Diagnostic::new(Code::TooManyMembers, fleet.span, message).help(help));
        return ResolvedFleet::default();
    }
    let entries = fleet.clusters.iter();
    let mut lists: Vec<ClusterList<'_>> = entries
        .map(|entry| ClusterList::new(entry, fleet, diags))
        .collect();
    let clusters = resolve_clusters(fleet, &mut lists, members, files, diags);
    let groups = group::resolve_groups(fleet, group_members, &clusters, files, diags);
    ResolvedFleet {
        derived: Derived::new(&lists),
        constants: constants::constants(fleet, &mut lists, files, diags),
        clusters,
        groups,
        profiles: Vec::new(),
    }
}

fn resolve_clusters(
    fleet: &Fleet,
    lists: &mut [ClusterList<'_>],
    members: Vec<MemberList>,
    files: &mut Files,
    diags: &mut Diagnostics,
) -> Vec<Cluster> {
    let total: usize = members.iter().map(|list| list.members.len()).sum();
    let mut clusters = Vec::with_capacity(total);
    for (list, members) in lists.iter_mut().zip(members) {
        list.create_clusters(members.members, &mut clusters, files, diags);
    }
    let is_whole = clusters.len() == total || diags.errors() > 0;
    assert!(is_whole, "a member without a cluster must have an error");
    report_duplicates(&mut clusters, diags);
    let number = clusters
        .iter()
        .filter(|cluster| !cluster.is_existing)
        .count();
    if let Some(minimum) = &fleet.safety.min_clusters
        && number < minimum.value
        && diags.errors() == 0
    {
        let message = format!("the fleet has {number} clusters, fewer than `minClusters`");
        let help = "restore the missing members, or lower `minClusters`";
        diags.push(Diagnostic::new(Code::TooFewClusters, minimum.span, message).help(help));
    }
    clusters
}

/// Sorts clusters by namespace and name, and reports names and namespaces that two clusters share.
fn report_duplicates(clusters: &mut [Cluster], diags: &mut Diagnostics) {
    let mut names: Vec<&Cluster> = clusters.iter().collect();
    names.sort_by_key(|cluster| (&cluster.name, cluster.span));
    for (first, second) in names.iter().zip(names.iter().skip(1)) {
        if first.name == second.name {
            let message = format!("two members create a cluster named `{}`", first.name);
            diags.push(
                Diagnostic::new(Code::DuplicateCluster, second.span, message)
                    .related(first.span, "the other member")
                    .help("remove one of them, or add a field to `name` that distinguishes them"),
            );
        }
    }
    clusters.sort_by(|a, b| (&a.namespace, &a.name).cmp(&(&b.namespace, &b.name)));
    for (first, second) in clusters.iter().zip(clusters.iter().skip(1)) {
        let are_shared = first.namespace_may_be_shared && second.namespace_may_be_shared;
        if first.namespace == second.namespace && first.name != second.name && !are_shared {
            let message = format!("two clusters have the namespace `{}`", first.namespace);
            let help = "add a field to `namespace` that distinguishes them, or write it without a variable to share it";
            diags.push(
                Diagnostic::new(Code::SharedNamespace, second.span, message)
                    .related(first.span, "the other member")
                    .help(help),
            );
        }
    }
}
