//! The clusters that the arguments of a removal name.

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostic::{Code, Diagnostic, Diagnostics, join_and};
use crate::files::Files;
use crate::input::fleet::Fleet;
use crate::input::members::Members;
use crate::model::Cluster;
use crate::tree::Node;

/// Maximum number of clusters that a message shows.
const MAX_SHOWN: usize = 5;

/// Returns the indices of the clusters that are named. A name is that of a cluster, `NAMESPACE/NAME`, or the key of a
/// member, which stands for all clusters of the member.
pub(super) fn find_clusters(
    names: &[String],
    files: &mut Files,
    fleet: &Fleet,
    clusters: &[Cluster],
    diags: &mut Diagnostics,
) -> BTreeSet<usize> {
    let by_name = index_names(clusters);
    let by_key = index_keys(files, fleet, clusters);
    let mut found = BTreeSet::new();
    for name in names {
        let [matching, members] = [&by_name, &by_key].map(|index| {
            let found = index.get(name);
            found.cloned().unwrap_or_default()
        });
        let spans: BTreeSet<_> = members.iter().map(|index| clusters[*index].span).collect();
        let is_member = matching.is_empty() && spans.len() == 1;
        let all = &matching | &members;
        if all.is_empty() {
            let message = format!("there is no cluster `{name}`");
            let candidates = || by_name.keys().chain(by_key.keys()).map(String::as_str);
            let help = diags.suggestions.did_you_mean(name, candidates);
            diags.push(Diagnostic::without_location(Code::UnknownCluster, message).help(help));
        } else if all.len() == 1 || is_member {
            found.extend(all);
        } else {
            diags.push(ambiguous(name, all.iter().map(|index| &clusters[*index])));
        }
    }
    found
}

/// Returns the clusters by name, and by namespace and name.
fn index_names(clusters: &[Cluster]) -> BTreeMap<String, BTreeSet<usize>> {
    let mut names: BTreeMap<String, BTreeSet<usize>> = BTreeMap::new();
    for (index, cluster) in clusters.iter().enumerate() {
        for name in [cluster.name.to_string(), qualified(cluster)] {
            names.entry(name).or_default().insert(index);
        }
    }
    names
}

/// Returns the clusters by the key of their member.
fn index_keys(
    files: &mut Files,
    fleet: &Fleet,
    clusters: &[Cluster],
) -> BTreeMap<String, BTreeSet<usize>> {
    let lists: Vec<(BTreeSet<String>, &str)> = fleet
        .clusters
        .iter()
        .map(|entry| (list_files(files, &entry.members), &*entry.members.key.value))
        .collect();
    let mut keys: BTreeMap<String, BTreeSet<usize>> = BTreeMap::new();
    for (index, cluster) in clusters.iter().enumerate() {
        let path = files.sources.path(cluster.span.file);
        for (_, key) in lists.iter().filter(|(paths, _)| paths.contains(path)) {
            if let Some(key) = cluster.variables.get(key).and_then(Node::text) {
                keys.entry(key.to_owned()).or_default().insert(index);
            }
        }
    }
    keys
}

/// Returns the paths of the files of a list.
pub(super) fn list_files(files: &mut Files, members: &Members) -> BTreeSet<String> {
    let list = &members.list;
    let pattern = files.relative(&list.value, list.span);
    let matched = files.glob_with_captures(&pattern, list.span);
    let paths = matched.into_iter().flatten().map(|(path, _)| path);
    paths.collect()
}

fn ambiguous<'a>(name: &str, clusters: impl Iterator<Item = &'a Cluster> + Clone) -> Diagnostic {
    let names: Vec<String> = clusters.clone().take(MAX_SHOWN).map(qualified).collect();
    let message = format!(
        "`{name}` names several clusters, such as {}",
        join_and(names.iter().map(String::as_str))
    );
    let mut diagnostic = Diagnostic::without_location(Code::AmbiguousCluster, message)
        .help("write NAMESPACE/NAME of each cluster to remove");
    for cluster in clusters.take(MAX_SHOWN) {
        diagnostic = diagnostic.related(cluster.span, format!("cluster `{}`", qualified(cluster)));
    }
    diagnostic
}

fn qualified(cluster: &Cluster) -> String {
    format!("{}/{}", cluster.namespace, cluster.name)
}
