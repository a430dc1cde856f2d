//! Members and what `fleet.yaml` says of them become clusters.

mod constants;
mod field;
mod label;
mod list;
mod member;
mod network;
mod steps;

use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::input::fleet::Fleet;
use crate::input::list::Member;
use crate::model::{Cluster, Variables};
use list::List;
pub(crate) use steps::roots;

/// The most members of a fleet.
const MEMBERS: usize = 100_000;

/// Who is in the fleet.
#[derive(Debug)]
pub struct Settled {
    /// The clusters, sorted by namespace and name.
    pub clusters: Vec<Cluster>,
    /// The variables that are the same for all of them, whatever their members say.
    pub constants: Variables,
}

/// Settles every member: fields, variables, name, namespace, labels. Sorted by namespace and name.
///
/// # Panics
///
/// If a member vanished without an error, which would be a bug of ours that deletes a cluster.
pub fn resolve(fleet: &Fleet, members: Vec<Vec<Member>>, diags: &mut Diagnostics) -> Settled {
    Settled {
        constants: constants::constants(fleet),
        clusters: clusters(fleet, members, diags),
    }
}

fn clusters(fleet: &Fleet, members: Vec<Vec<Member>>, diags: &mut Diagnostics) -> Vec<Cluster> {
    let total: usize = members.iter().map(Vec::len).sum();
    if total > MEMBERS {
        let message = format!("the fleet has {total} members, more than the {MEMBERS} it may have");
        diags.push(
            Diagnostic::new(Code::TooManyMembers, fleet.span, message)
                .help("split the fleet into two"),
        );
        return Vec::new();
    }
    let before = diags.errors();
    let mut clusters = Vec::with_capacity(total);
    for (entry, members) in fleet.clusters.iter().zip(members) {
        List::new(entry, diags).clusters(members, &mut clusters, diags);
    }
    let is_whole = clusters.len() == total || diags.errors() > before;
    assert!(is_whole, "a member that gives no cluster has an error");
    refuse_duplicates(&mut clusters, diags);
    let minimum = fleet.safety.min_clusters.as_ref();
    if let Some(minimum) =
        minimum.filter(|minimum| clusters.len() < minimum.value && diags.errors() == 0)
    {
        let message = format!(
            "the fleet has {} clusters, fewer than `minClusters`",
            clusters.len()
        );
        diags.push(
            Diagnostic::new(Code::TooFewClusters, minimum.span, message)
                .help("restore the lists, or lower the number"),
        );
    }
    clusters.into_iter().map(|made| made.cluster).collect()
}

/// A cluster, and whether its namespace is one that it may share.
struct Made {
    cluster: Cluster,
    shares: bool,
}

/// Sorts by namespace and name, and refuses names that two clusters have.
fn refuse_duplicates(clusters: &mut [Made], diags: &mut Diagnostics) {
    let mut names: Vec<&Made> = clusters.iter().collect();
    names.sort_by(|a, b| {
        let (a, b) = (&a.cluster, &b.cluster);
        a.name.cmp(&b.name).then_with(|| a.span.cmp(&b.span))
    });
    for pair in names.windows(2) {
        let [first, second] = pair else { continue };
        if first.cluster.name == second.cluster.name {
            let message = format!("two members make a cluster named `{}`", first.cluster.name);
            let diagnostic = Diagnostic::new(Code::DuplicateCluster, second.cluster.span, message);
            diags.push(
                diagnostic
                    .related(first.cluster.span, "the other member")
                    .help("remove one of them, or use a field in `name` that tells them apart"),
            );
        }
    }
    clusters.sort_by(|a, b| {
        let (a, b) = (&a.cluster, &b.cluster);
        a.namespace
            .cmp(&b.namespace)
            .then_with(|| a.name.cmp(&b.name))
    });
    for pair in clusters.windows(2) {
        let [first, second] = pair else { continue };
        if first.cluster.namespace == second.cluster.namespace && !(first.shares && second.shares) {
            if first.cluster.name == second.cluster.name {
                continue;
            }
            let message = format!(
                "two clusters get the namespace `{}`",
                first.cluster.namespace
            );
            let diagnostic = Diagnostic::new(Code::SharedNamespace, second.cluster.span, message);
            let help = "use a field in `namespace` that tells them apart, or write it without a variable to share it";
            diags.push(
                diagnostic
                    .related(first.cluster.span, "the other member")
                    .help(help),
            );
        }
    }
}
