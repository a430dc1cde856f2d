//! Conditions of rows.

use super::row::{CAPI, Only};
use super::seen::{Seen, contains};
use crate::tree::Node;

pub(super) const UNSET: Only = Only {
    text: "it is removed",
    holds: |seen| seen.is_exact && seen.head.is_none(),
};
pub(super) const SET: Only = Only {
    text: "it is added",
    holds: |seen| seen.is_exact && seen.base.is_none(),
};
pub(super) const WAS_SET: Only = Only {
    text: "it was set before",
    holds: |seen| seen.base.is_some(),
};
pub(super) const LOWER: Only = Only {
    text: "the version is lower",
    holds: |seen| versions(seen).is_some_and(|(base, head)| head < base),
};
pub(super) const LOWER_MINOR: Only = Only {
    text: "the minor version is lower",
    holds: |seen| versions(seen).is_some_and(|(base, head)| head[..2] < base[..2]),
};
pub(super) const SKIPS: Only = Only {
    text: "a minor version is skipped",
    holds: skips,
};
pub(super) const SKIPS_UNCHECKED: Only = Only {
    text: "the version is lower or skips a minor version, and an annotation disables the check",
    holds: |seen| is_unchecked(seen, "version") && (skips(seen) || (LOWER.holds)(seen)),
};
pub(super) const CLASS_UNCHECKED: Only = Only {
    text: "it is added and an annotation disables the check of the class",
    holds: |seen| (SET.holds)(seen) && is_unchecked(seen, "class-name"),
};
pub(super) const EVEN: Only = Only {
    text: "the number is even and etcd is not external",
    holds: |seen| {
        let external = "spec kubeadmConfigSpec clusterConfiguration etcd external";
        let tree = seen.change.head.map(|object| &object.tree);
        let is_external = tree.is_some_and(|tree| super::seen::at(tree, external).is_some());
        number(seen.head).is_some_and(|head| head % 2 == 0) && !is_external
    },
};
pub(super) const AUTOSCALED: Only = Only {
    text: "annotations of the autoscaler are next to it",
    holds: |seen| {
        let metadata = seen.parent().and_then(|parent| parent.get("metadata"));
        let annotations = metadata.and_then(|metadata| metadata.get("annotations"));
        seen.head.is_some()
            && annotations
                .is_some_and(|all| all.get(MIN_SIZE).is_some() || all.get(MAX_SIZE).is_some())
    },
};
pub(super) const OUT_OF_BOUNDS: Only = Only {
    text: "the number is outside the bounds in the annotations of the autoscaler",
    holds: |seen| {
        let bound = |key: &str| {
            let annotations = seen.change.head.and_then(|object| object.annotations());
            number(annotations.and_then(|all| all.get(key)))
        };
        number(seen.head).is_some_and(|head| {
            bound(MIN_SIZE).is_some_and(|least| head < least)
                || bound(MAX_SIZE).is_some_and(|most| head > most)
        })
    },
};
pub(super) const TRUE: Only = Only {
    text: "it becomes `true`",
    holds: |seen| seen.head.and_then(Node::text) == Some("true"),
};
pub(super) const IMMUTABLE: Only = Only {
    text: "the object has `immutable: true`",
    holds: |seen| seen.was("immutable") == Some("true"),
};

/// An Application whose deletion deletes the objects that it applied.
pub(super) const HAS_FINALIZER: Only = Only {
    text: "it has a finalizer of Argo CD",
    holds: |seen| {
        let finalizers = seen
            .change
            .base
            .and_then(|object| object.tree.get("metadata")?.get("finalizers"));
        let mut finalizers = finalizers.and_then(Node::items).unwrap_or_default().iter();
        finalizers.any(|one| contains(one, "resources-finalizer.argocd.argoproj.io"))
    },
};
pub(super) const IS_FINALIZER: Only = Only {
    text: "a finalizer of Argo CD is added, and the Application is not an add-on",
    holds: |seen| {
        let labels = seen.change.head.and_then(|object| object.labels());
        let is_addon = labels.is_some_and(|labels| labels.get("kubectl-fleet.io/addon").is_some());
        !is_addon
            && seen.head.is_some_and(|node| {
                let mut items = node.items().unwrap_or_default().iter();
                contains(node, "resources-finalizer.argocd.argoproj.io")
                    || items.any(|item| contains(item, "resources-finalizer.argocd.argoproj.io"))
            })
    },
};
pub(super) const PRESERVES: Only = Only {
    text: "`preserveResourcesOnDeletion` is `true`",
    holds: |seen| seen.was("spec syncPolicy preserveResourcesOnDeletion") == Some("true"),
};
pub(super) const SUSPENDED: Only = Only {
    text: "it is suspended",
    holds: |seen| seen.was("spec suspend") == Some("true"),
};
pub(super) const PRUNES: Only = Only {
    text: "`deletionPolicy` or `prune` deletes",
    holds: |seen| match seen.was("spec deletionPolicy") {
        None | Some("MirrorPrune") => seen.was("spec prune") == Some("true"),
        Some(policy) => policy != "Orphan",
    },
};
pub(super) const LEAVES: Only = Only {
    text: "`stopMatchingBehavior` is `LeavePolicies`",
    holds: |seen| seen.was("spec stopMatchingBehavior") == Some("LeavePolicies"),
};
pub(super) const LEAVES_REMOVED: Only = Only {
    text: "an entry is removed and `stopMatchingBehavior` is not `LeavePolicies`",
    holds: |seen| (UNSET.holds)(seen) && !(LEAVES.holds)(seen),
};
pub(super) const STOPS_SYNC: Only = Only {
    text: "it becomes `OneTime` or `DryRun`",
    holds: |seen| matches!(seen.head.and_then(Node::text), Some("OneTime" | "DryRun")),
};
pub(super) const NOT_SYNCED: Only = Only {
    text: "`syncMode` is `OneTime` or `DryRun`",
    holds: |seen| matches!(seen.is("spec syncMode"), Some("OneTime" | "DryRun")),
};
pub(super) const UNINSTALL_ACTION: Only = Only {
    text: "it becomes `Uninstall`",
    holds: |seen| seen.head.and_then(Node::text) == Some("Uninstall"),
};
pub(super) const INSTALLS_ONCE: Only = Only {
    text: "`reconcileStrategy` is `InstallOnce`",
    holds: |seen| seen.was("spec reconcileStrategy") == Some("InstallOnce"),
};
pub(super) const OF_SVELTOS: Only = Only {
    text: "its namespace is `projectsveltos`",
    holds: |seen| {
        let namespace = seen
            .change
            .head
            .and_then(|object| object.written_namespace());
        namespace.and_then(|name| name.literal()) == Some("projectsveltos")
    },
};
pub(super) const OF_RESOURCE_SET: Only = Only {
    text: "its type is `addons.cluster.x-k8s.io/resource-set`",
    holds: |seen| seen.is("type") == Some("addons.cluster.x-k8s.io/resource-set"),
};
pub(super) const ARGO_CLUSTER: Only = Only {
    text: "it has the label `argocd.argoproj.io/secret-type: cluster`",
    holds: |seen| {
        let labels = seen.change.base.and_then(|object| object.labels());
        let kind = labels.and_then(|labels| labels.get("argocd.argoproj.io/secret-type"));
        kind.and_then(Node::text) == Some("cluster")
    },
};
pub(super) const IS_CLUSTER: Only = Only {
    text: "the object is a Cluster that had it",
    holds: |seen| {
        let is_cluster = seen
            .change
            .base
            .is_some_and(|object| object.is(CAPI, "Cluster"));
        seen.base.is_some() && is_cluster
    },
};
pub(super) const CONFIRMED_ALWAYS: Only = Only {
    text: "it is set in a template",
    holds: |seen| seen.head.is_some(),
};
pub(super) const RETAINED: Only = Only {
    text: "it has the annotation `services.k8s.aws/deletion-policy: retain`",
    holds: |seen| {
        let has = |object| {
            super::seen::annotation_contains(object, "services.k8s.aws/deletion-policy", "retain")
        };
        seen.change.base.is_some_and(has)
    },
};

pub(super) const MIN_SIZE: &str = "cluster.x-k8s.io/cluster-api-autoscaler-node-group-min-size";
pub(super) const MAX_SIZE: &str = "cluster.x-k8s.io/cluster-api-autoscaler-node-group-max-size";

fn skips(seen: &Seen<'_>) -> bool {
    versions(seen).is_some_and(|(base, head)| [head[0], head[1]] >= [base[0], base[1] + 2])
}

/// Returns `true` if the head disables a check of the topology.
fn is_unchecked(seen: &Seen<'_>, check: &str) -> bool {
    let annotations = seen.change.head.and_then(|object| object.annotations());
    let entries = annotations.and_then(Node::entries).unwrap_or_default();
    let start = "unsafe.topology.cluster.x-k8s.io/disable-update-";
    entries.iter().any(|entry| {
        let key = entry
            .key
            .text
            .literal()
            .and_then(|key| key.strip_prefix(start));
        key.and_then(|key| key.strip_suffix("-check")) == Some(check)
    })
}

/// Returns the versions of both sides as major, minor and patch version.
fn versions(seen: &Seen<'_>) -> Option<([u64; 3], [u64; 3])> {
    let (base, head) = seen.texts()?;
    Some((version(base)?, version(head)?))
}

fn version(text: &str) -> Option<[u64; 3]> {
    let text = text.strip_prefix('v').unwrap_or(text);
    let numbers = text
        .split_once(['-', '+'])
        .map_or(text, |(numbers, _)| numbers);
    let mut parts = numbers.split('.').map(|part| part.parse::<u32>().ok());
    let (major, minor) = (parts.next()??, parts.next()??);
    let patch = parts.next().unwrap_or(Some(0))?;
    Some([major, minor, patch].map(u64::from))
}

fn number(node: Option<&Node>) -> Option<i64> {
    node?.text()?.parse().ok()
}
