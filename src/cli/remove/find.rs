//! The clusters that the arguments of a removal name.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use crate::cli::list_edit::list_files;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, join_and};
use crate::files::Files;
use crate::input::fleet::Fleet;
use crate::input::lock::Key;
use crate::model::Cluster;
use crate::tree::Node;

/// Maximum number of clusters that a message shows.
const MAX_SHOWN: usize = 5;

/// What is removed.
#[derive(Default)]
pub(super) struct Found {
    /// The indices of the clusters.
    pub(super) removed: BTreeSet<usize>,
    /// Clusters that are only in the lock.
    pub(super) lines: BTreeSet<Key>,
}

/// Returns the clusters that are named. A name is that of a cluster, `NAMESPACE/NAME`, or the key of a member, which
/// stands for all clusters of the member. `locked` are the clusters in the lock.
pub(super) fn find_clusters<'k>(
    names: &[String],
    files: &mut Files,
    fleet: &Fleet,
    clusters: &[Cluster],
    locked: impl Iterator<Item = &'k Key>,
    diags: &mut Diagnostics,
) -> Found {
    let by_name = index_names(clusters);
    let by_key = index_keys(files, fleet, clusters);
    let only_locked = index_locked(clusters, locked);
    let mut found = Found::default();
    for name in names {
        let [matching, members] = [&by_name, &by_key].map(|index| {
            let found = index.get(name);
            found.cloned().unwrap_or_default()
        });
        let spans: BTreeSet<_> = members.iter().map(|index| clusters[*index].span).collect();
        let is_member = matching.is_empty() && spans.len() == 1;
        let all = &matching | &members;
        let lines = only_locked.get(name).map_or(&[][..], Vec::as_slice);
        match (all.len(), lines) {
            (0, []) => {
                let message = format!("there is no cluster `{name}`");
                let candidates = || by_name.keys().chain(by_key.keys()).map(String::as_str);
                let similar = diags.suggestions.closest(name, candidates);
                let help = match similar {
                    Some(similar) => format!(
                        "write a name that `kubectl fleet get clusters` prints, for example `{similar}`"
                    ),
                    None => "write a name that `kubectl fleet get clusters` prints".to_owned(),
                };
                diags.push(Diagnostic::without_location(Code::UnknownCluster, message).help(help));
            }
            (0, [line]) => _ = found.lines.insert((*line).clone()),
            (1, []) => found.removed.extend(all),
            (_, []) if is_member => found.removed.extend(all),
            _ => diags.push(ambiguous(
                name,
                all.iter().map(|index| &clusters[*index]),
                lines,
            )),
        }
    }
    found
}

/// Returns the clusters that only the lock contains, by name, and by namespace and name.
fn index_locked<'k>(
    clusters: &[Cluster],
    locked: impl Iterator<Item = &'k Key>,
) -> BTreeMap<String, Vec<&'k Key>> {
    let known: BTreeSet<Key> = clusters.iter().map(lock_key).collect();
    let mut names: BTreeMap<String, Vec<&Key>> = BTreeMap::new();
    for key in locked.filter(|key| !known.contains(key)) {
        let (namespace, name) = key;
        for name in [name.to_string(), format!("{namespace}/{name}")] {
            names.entry(name).or_default().push(key);
        }
    }
    names
}

/// Returns the namespace and the name of a cluster, as in the lock.
pub(super) fn lock_key(cluster: &Cluster) -> Key {
    let (namespace, name) = (cluster.namespace.as_rc(), cluster.name.as_rc());
    (Rc::clone(namespace), Rc::clone(name))
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

fn ambiguous<'a>(
    name: &str,
    clusters: impl Iterator<Item = &'a Cluster> + Clone,
    lines: &[&Key],
) -> Diagnostic {
    let only_locked = lines
        .iter()
        .map(|(namespace, name)| format!("{namespace}/{name}"));
    let names = clusters.clone().map(qualified).chain(only_locked);
    let names: Vec<String> = names.take(MAX_SHOWN).collect();
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
