//! What the removal of clusters does to their add-ons, and what remains to be done after the merge.

use std::collections::BTreeMap;

use crate::diagnostic::join_and;
use crate::model::{Deletion, OnRemove};
use crate::plan::{AddOn, Plan};

/// Returns a note for each delivery method and fate of the add-ons of some clusters; empty if there is nothing to
/// tell.
pub(super) fn effects(plan: &Plan, deletion: Deletion, removed: &[usize]) -> String {
    let is_on = |addon: &&AddOn| {
        let mut variants = addon.variants.iter();
        variants.any(|variant| removed.iter().any(|index| variant.clusters.contains(index)))
    };
    let mut notes = String::new();
    if deletion == Deletion::Forbid {
        notes.push_str(
            "note: `deletion: forbid` keeps every object of the clusters: after the merge, delete each Cluster with `kubectl delete`\n",
        );
    }
    let mut by_fate: BTreeMap<(&str, Fate), Vec<&str>> = BTreeMap::new();
    for addon in plan.addons.iter().filter(is_on) {
        let fate = (&*addon.delivery.title, Fate::new(addon, deletion));
        by_fate
            .entry(fate)
            .or_default()
            .push(&addon.written.name.value);
    }
    for ((title, fate), addons) in by_fate {
        let addons = join_and(addons);
        let note = match fate {
            Fate::Stays => format!("{addons} ({title}) stays installed: `onRemove: leave`"),
            Fate::Selected => format!(
                "{title} keeps {addons} until the Cluster loses its labels, and uninstalls nothing from a Cluster that is being deleted"
            ),
            Fate::Confirmed => format!(
                "{addons} ({title}): Argo CD deletes the objects of these add-ons in the sync that you confirm; Flux keeps them, so delete them after the Cluster is gone"
            ),
            Fate::Kept => format!(
                "{addons} ({title}): the objects of these add-ons are kept, so delete them after the Cluster is gone"
            ),
            Fate::Deleted => format!(
                "{addons} ({title}) is uninstalled while the Cluster is deleted: `deletion: allow`"
            ),
        };
        for part in ["note: ", &note, "\n"] {
            notes.push_str(part);
        }
    }
    notes
}

/// What happens to an add-on of a removed cluster.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Fate {
    Stays,
    Selected,
    Confirmed,
    Kept,
    Deleted,
}

impl Fate {
    fn new(addon: &AddOn, deletion: Deletion) -> Self {
        match deletion {
            _ if addon.written.on_remove() == OnRemove::Leave => Self::Stays,
            _ if addon.delivery.shares_objects => Self::Selected,
            Deletion::Confirm => Self::Confirmed,
            Deletion::Forbid => Self::Kept,
            Deletion::Allow => Self::Deleted,
        }
    }
}
