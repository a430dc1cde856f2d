//! Conditions of rows.

use super::row::{CAPI, Only};
use super::seen::{Seen, contains};
use crate::plan::Object;
use crate::tree::Node;

pub(super) const UNSET: Only = Only {
    text: "it is removed",
    holds: |seen| seen.is_whole && Seen::lacks(seen.head),
};
pub(super) const SET: Only = Only {
    text: "it is added",
    holds: |seen| seen.is_whole && Seen::lacks(seen.base),
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
    text: "the pool has `replicas` and annotations of the autoscaler",
    holds: |seen| {
        let pool = seen.item();
        let metadata = pool.and_then(|pool| pool.get("metadata"));
        let annotations = metadata.and_then(|metadata| metadata.get("annotations"));
        let is_autoscaled = annotations
            .is_some_and(|all| all.get(MIN_SIZE).is_some() || all.get(MAX_SIZE).is_some());
        is_autoscaled && pool.is_some_and(|pool| pool.get("replicas").is_some())
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
    holds: |seen| has_finalizer(seen.change.base),
};
pub(super) const IS_FINALIZER: Only = Only {
    text: "the Application gets the first finalizer of Argo CD",
    holds: |seen| has_finalizer(seen.change.head) && !has_finalizer(seen.change.base),
};
pub(super) const LOSES_FINALIZER: Only = Only {
    text: "the Application loses the last finalizer of Argo CD",
    holds: |seen| has_finalizer(seen.change.base) && !has_finalizer(seen.change.head),
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
pub(super) const NO_LONGER_RETAINED: Only = Only {
    text: "it was `retain`",
    holds: |seen| no_longer(seen, "retain"),
};
pub(super) const NO_LONGER_RETAIN: Only = Only {
    text: "it was `Retain`",
    holds: |seen| no_longer(seen, "Retain"),
};
/// A Kustomization whose deletion, or whose change, deletes more than before.
pub(super) const NO_LONGER_ORPHAN: Only = Only {
    text: "it was `Orphan`, or becomes `Delete`",
    holds: |seen| no_longer(seen, "Orphan") || seen.head.and_then(Node::text) == Some("Delete"),
};
pub(super) const NO_LONGER_LEAVES: Only = Only {
    text: "it was `LeavePolicies`",
    holds: |seen| no_longer(seen, "LeavePolicies"),
};
pub(super) const NO_LONGER_TRUE: Only = Only {
    text: "it was `true`",
    holds: |seen| no_longer(seen, "true"),
};
pub(super) const NO_LONGER_KEEP: Only = Only {
    text: "it was `keep`",
    holds: |seen| no_longer(seen, "keep"),
};
/// A release whose objects have `helm.sh/resource-policy: keep`.
pub(super) const KEEPS_OBJECTS: Only = Only {
    text: "`spec.commonMetadata` contains `helm.sh/resource-policy: keep`",
    holds: |seen| {
        seen.was("spec commonMetadata annotations helm.sh/resource-policy") == Some("keep")
    },
};
pub(super) const WAS_LOAD_BALANCER: Only = Only {
    text: "it was `LoadBalancer`",
    holds: |seen| no_longer(seen, "LoadBalancer"),
};
pub(super) const IS_LOAD_BALANCER: Only = Only {
    text: "its type is `LoadBalancer`",
    holds: |seen| seen.was("spec type") == Some("LoadBalancer"),
};
pub(super) const SAME_GROUP: Only = Only {
    text: "the group is the same",
    holds: |seen| {
        let group = |version: &str| version.split_once('/').map(|(group, _)| group.to_owned());
        let texts = seen.texts();
        texts.is_some_and(|(base, head)| group(base) == group(head))
    },
};
/// `CONFIG_MAP` ⟶ `API_AND_CONFIG_MAP` ⟶ `API`, never back.
pub(super) const LESS_API: Only = Only {
    text: "it was `API`, or becomes `CONFIG_MAP`",
    holds: |seen| {
        seen.texts().is_some_and(|(base, head)| {
            base.eq_ignore_ascii_case("api") || head.eq_ignore_ascii_case("config_map")
        })
    },
};
pub(super) const FORCES: Only = Only {
    text: "it contains `Force=true` or `Replace=true`, and did not",
    holds: |seen| {
        let has = |node: Option<&Node>, option| node.is_some_and(|node| contains(node, option));
        let is_new = |option| has(seen.head, option) && !has(seen.base, option);
        is_new("Force=true") || is_new("Replace=true")
    },
};
pub(super) const ENABLED: Only = Only {
    text: "it becomes `enabled`",
    holds: |seen| {
        let text = seen.head.and_then(Node::text);
        text.is_some_and(|text| text.eq_ignore_ascii_case("enabled"))
    },
};
pub(super) const IS_SET: Only = Only {
    text: "it is set",
    holds: |seen| !Seen::lacks(seen.head),
};

pub(super) const MIN_SIZE: &str = "cluster.x-k8s.io/cluster-api-autoscaler-node-group-min-size";
pub(super) const MAX_SIZE: &str = "cluster.x-k8s.io/cluster-api-autoscaler-node-group-max-size";

/// Returns `true` if a scalar had a value, and has another one or is removed.
fn no_longer(seen: &Seen<'_>, value: &str) -> bool {
    let [base, head] = [seen.base, seen.head].map(|side| side.and_then(Node::text));
    base == Some(value) && head != Some(value)
}

/// Returns `true` if Argo CD deletes the objects of an Application with it.
fn has_finalizer(object: Option<&Object>) -> bool {
    let finalizers = object.and_then(|object| object.tree.get("metadata")?.get("finalizers"));
    let mut finalizers = finalizers.and_then(Node::items).unwrap_or_default().iter();
    finalizers.any(|one| contains(one, "resources-finalizer.argocd.argoproj.io"))
}

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
