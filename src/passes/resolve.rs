//! Members and what `fleet.yaml` says of them become clusters.

mod cluster;
mod constants;
mod derived;
mod field;
mod group;
mod label;
mod list;
mod member;
mod network;
mod observed;
mod schema;
mod shared;
mod steps;

use super::cells::assign_cells;
use super::profiles::profiles;
use super::read::{Members, Written};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, ErrorsReported};
use crate::files::Files;
use crate::input::fleet::Fleet;
use crate::input::list::MemberList;
use crate::model::{Cluster, Group, Variables};
use crate::plan::{Object, Subjects};
use cluster::ClusterList;
pub use derived::Derived;

/// The most members of a fleet.
const MEMBERS: usize = 100_000;

/// Who is in the fleet.
#[derive(Debug, Default)]
pub struct Settled {
    /// The clusters, sorted by namespace and name.
    pub clusters: Vec<Cluster>,
    /// The groups, by label as `fleet.yaml` has them, and by name.
    pub groups: Vec<Group>,
    /// The variables that are the same for all clusters, whatever their members say.
    pub constants: Variables,
    /// Which variables of clusters hang on others.
    pub derived: Derived,
    /// Objects that are copied unchanged, sorted by namespace and name.
    pub profiles: Vec<Object>,
}

impl Settled {
    /// All that objects can be made for.
    pub fn subjects(&self) -> Subjects<'_> {
        Subjects {
            clusters: &self.clusters,
            groups: &self.groups,
            constants: &self.constants,
        }
    }
}

/// Resolves every member: fields, variables, names, labels, cells. Clusters are sorted by namespace and name.
///
/// # Errors
///
/// Returns an error if an error was pushed, also before.
///
/// # Panics
///
/// Panics if a member is dropped without an error, which would delete a cluster.
pub fn resolve(
    files: &mut Files,
    written: &Written,
    members: Members,
    diags: &mut Diagnostics,
) -> Result<Settled, ErrorsReported> {
    let mut resolved = resolve_members(files, &written.fleet, members, diags);
    assign_cells(&written.fleet, &mut resolved.clusters, diags);
    resolved.profiles = profiles(&written.profiles, diags);
    diags.checkpoint()?;
    Ok(resolved)
}

fn resolve_members(
    files: &mut Files,
    fleet: &Fleet,
    members: Members,
    diags: &mut Diagnostics,
) -> Settled {
    let Members {
        clusters: members,
        groups: group_members,
    } = members;
    let listed = group_members.iter().flatten();
    let all = members.iter().chain(listed);
    let total: usize = all.map(|list| list.members.len()).sum();
    if total > MEMBERS {
        let message = format!("the fleet has {total} members, more than the {MEMBERS} it may have");
        let help = "split the fleet into two";
        diags.push(Diagnostic::new(Code::TooManyMembers, fleet.span, message).help(help));
        return Settled::default();
    }
    let entries = fleet.clusters.iter();
    let mut lists: Vec<ClusterList<'_>> = entries
        .map(|entry| ClusterList::new(entry, diags))
        .collect();
    let clusters = clusters(fleet, &mut lists, members, files, diags);
    let groups = group::groups(fleet, group_members, &clusters, files, diags);
    Settled {
        derived: Derived::new(&lists),
        constants: constants::constants(fleet, &mut lists, files, diags),
        clusters,
        groups,
        profiles: Vec::new(),
    }
}

fn clusters(
    fleet: &Fleet,
    lists: &mut [ClusterList<'_>],
    members: Vec<MemberList>,
    files: &mut Files,
    diags: &mut Diagnostics,
) -> Vec<Cluster> {
    let total: usize = members.iter().map(|list| list.members.len()).sum();
    let mut clusters = Vec::with_capacity(total);
    for (list, members) in lists.iter_mut().zip(members) {
        list.clusters(members.members, &mut clusters, files, diags);
    }
    let is_whole = clusters.len() == total || diags.errors() > 0;
    assert!(is_whole, "a member that gives no cluster has an error");
    refuse_duplicates(&mut clusters, diags);
    let number = clusters.len();
    if let Some(minimum) = &fleet.safety.min_clusters
        && number < minimum.value
        && diags.errors() == 0
    {
        let message = format!("the fleet has {number} clusters, fewer than `minClusters`");
        let help = "restore the lists, or lower the number";
        diags.push(Diagnostic::new(Code::TooFewClusters, minimum.span, message).help(help));
    }
    clusters
}

/// Sorts by namespace and name, and refuses names that two clusters have.
fn refuse_duplicates(clusters: &mut [Cluster], diags: &mut Diagnostics) {
    let mut names: Vec<&Cluster> = clusters.iter().collect();
    names.sort_by_key(|cluster| (&cluster.name, cluster.span));
    for (first, second) in names.iter().zip(names.iter().skip(1)) {
        if first.name == second.name {
            let message = format!("two members make a cluster named `{}`", first.name);
            diags.push(
                Diagnostic::new(Code::DuplicateCluster, second.span, message)
                    .related(first.span, "the other member")
                    .help("remove one of them, or use a field in `name` that tells them apart"),
            );
        }
    }
    clusters.sort_by(|a, b| (&a.namespace, &a.name).cmp(&(&b.namespace, &b.name)));
    for (first, second) in clusters.iter().zip(clusters.iter().skip(1)) {
        let are_shared = first.shares_namespace && second.shares_namespace;
        if first.namespace == second.namespace && first.name != second.name && !are_shared {
            let message = format!("two clusters get the namespace `{}`", first.namespace);
            let help = "use a field in `namespace` that tells them apart, or write it without a variable to share it";
            diags.push(
                Diagnostic::new(Code::SharedNamespace, second.span, message)
                    .related(first.span, "the other member")
                    .help(help),
            );
        }
    }
}
