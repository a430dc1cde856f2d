//! Warns about add-ons that install the same software on different clusters. A label that moves a cluster from one to
//! the other changes the owner of the software, and the old owner uninstalls it.

use std::collections::BTreeSet;

use super::owned::{Change, Owned, Owner, Owners};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};

/// Warns about every add-on that has software in common with an earlier one, on other clusters. `conflicts` contains
/// owners that meet on a cluster.
pub(super) fn warn_release_moves(
    Owners { owners, uses }: &Owners<'_>,
    conflicts: &BTreeSet<(usize, usize)>,
    diags: &mut Diagnostics,
) {
    let mut warned = BTreeSet::new();
    for (owned, uses) in uses {
        // The first owner of each kind is enough: owners of a kind do not differ for the others.
        let mut firsts: Vec<usize> = Vec::new();
        for at in uses.iter().map(|one| one.owner) {
            let can_move = |first: &&usize| {
                let is_conflict = conflicts.contains(&(**first, at));
                **first != at && !is_conflict && can_move(owners[**first].change, owners[at].change)
            };
            if let Some(first) = firsts.iter().find(can_move)
                && warned.insert(at)
            {
                warn(owned, [&owners[*first], &owners[at]], diags);
            }
            let mut known = firsts.iter().map(|first| owners[*first].change);
            if !known.any(|change| change == owners[at].change) {
                firsts.push(at);
            }
        }
    }
}

/// Returns `true` if a label can move a cluster from one add-on to the other, and one of them uninstalls then.
fn can_move(first: Change, second: Change) -> bool {
    let is_sure = |change: Change| match change {
        Change::Never => None,
        Change::Label { is_named, is_left } => Some((is_named, is_left)),
    };
    let (Some(first), Some(second)) = (is_sure(first), is_sure(second)) else {
        return false;
    };
    !(first.0 && second.0 || first.1 && second.1)
}

fn warn(shared: &Owned, [first, second]: [&Owner<'_>; 2], diags: &mut Diagnostics) {
    let what = match shared {
        Owned::Release(namespace, name) => {
            format!("install the release `{name}` in the namespace `{namespace}` of")
        }
        Owned::Object(object) => format!("apply the object `{object}` to"),
    };
    let message = format!(
        "add-ons `{}` and `{}` {what} different clusters: a label that moves a cluster from one to the other uninstalls it",
        first.name.value, second.name.value
    );
    let help = "use one add-on for all of these clusters, with a patch for those that differ";
    diags.push(
        Diagnostic::new(Code::ReleaseMoves, second.name.span, message)
            .related(first.name.span, "the other add-on")
            .help(help),
    );
}
