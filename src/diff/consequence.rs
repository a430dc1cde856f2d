//! What Argo CD, Flux, Sveltos, CAAPH and Cluster API do with a change: one table, with a source for each row.

mod argocd;
mod clusters;
mod conditions;
mod control_planes;
mod effect;
mod flux;
mod guards;
mod kubernetes;
mod matching;
mod page;
mod pools;
mod providers;
mod row;
mod seen;
mod sveltos;
mod table;
#[cfg(test)]
mod tests;

pub use effect::{Consequence, Effect};
pub use page::{all, rows};

use self::guards::Level;
use self::row::{Family, Row, When};
use super::change::{Action, FieldPath, ObjectChange, Step};

/// Returns what controllers do with the change of an object, the most dangerous first; never empty.
pub fn effects(change: &ObjectChange<'_>) -> Vec<Effect> {
    let mut found = Vec::new();
    each_row(change, &mut |row, path, follows_cluster| {
        push(row, path, follows_cluster, &mut found);
    });
    found.sort_by_key(|effect: &Effect| effect.consequence);
    found
}

/// Adds the effects of a row, each once.
fn push(row: &'static Row, path: Option<&[Step]>, follows_cluster: bool, found: &mut Vec<Effect>) {
    for consequence in row.consequences.iter().copied() {
        let is_same =
            |effect: &Effect| effect.consequence == consequence && effect.reason == row.reason;
        if found.iter().any(is_same) {
            continue;
        }
        found.push(Effect {
            consequence,
            reason: row.reason.into(),
            field: path.map(|steps| FieldPath(steps.to_vec())),
            source: row.source,
            follows_cluster,
        });
    }
}

/// Receives a row that applies to a change, the path of the field, and whether Cluster API deletes the object together
/// with its Cluster.
type Visit<'v> = &'v mut dyn FnMut(&'static Row, Option<&[Step]>, bool);

/// Calls `visit` with each row that applies to a change, at least once.
fn each_row(change: &ObjectChange<'_>, visit: Visit<'_>) {
    let family = change
        .head
        .or(change.base)
        .and_then(|object| table::family(&object.group, &object.kind));
    match change.action() {
        Action::Added => {
            let row = family.and_then(|family| matching::whole(family.rows, When::Added, change));
            visit(row.unwrap_or(&guards::ADDED), None, false);
        }
        Action::Removed => removed(family, change, visit),
        Action::Changed => changed(family, change, visit),
    }
}

fn removed(family: Option<&'static Family>, change: &ObjectChange<'_>, visit: Visit<'_>) {
    let Some(object) = change.base else {
        return;
    };
    let row = family.and_then(|family| matching::whole(family.rows, When::Removed, change));
    let row = row.unwrap_or(&guards::UNKNOWN_REMOVED);
    let is_owned = family.is_some_and(|family| family.is_owned);
    let levels = guards::levels(object, is_owned);
    let kept = match levels {
        [Level::Keeps, Level::Keeps] => {
            let row = match (matching::runs(row), is_owned) {
                (false, _) => &guards::KEPT,
                (true, false) => &guards::KEPT_RUNNING,
                (true, true) => &guards::OWNED_RUNNING,
            };
            return visit(row, None, is_owned);
        }
        [Level::Confirms, Level::Keeps] => Some(&guards::CONFIRMED),
        [Level::Confirms, _] => Some(&guards::CONFIRMED_BY_ARGO),
        [Level::Keeps, _] => Some(&guards::KEPT_BY_ARGO).filter(|_| matching::runs(row)),
        [Level::Deletes, Level::Keeps] => {
            Some(&guards::KEPT_BY_FLUX).filter(|_| matching::runs(row))
        }
        [Level::Deletes, _] => None,
    };
    visit(row, None, is_owned);
    if let Some(kept) = kept {
        visit(kept, None, is_owned);
    }
}

fn changed(family: Option<&'static Family>, change: &ObjectChange<'_>, visit: Visit<'_>) {
    let own: &'static [Row] = family.map_or(&[], |family| family.rows);
    let is_version =
        |path: &FieldPath| matches!(&path.0[..], [Step::Key(key)] if **key == *"apiVersion");
    let has_other_version = change.fields.iter().any(|field| is_version(&field.path));
    for field in change.fields {
        // A field that only one side has can have another name in the other version; an item cannot.
        let is_item = |step: &Step| matches!(step, Step::Named(_) | Step::Item(_));
        let is_renamed = has_other_version
            && (field.base.is_none() || field.head.is_none())
            && !field
                .whole
                .checked_sub(1)
                .is_some_and(|last| is_item(&field.path.0[last]));
        let own = if is_renamed { &[] } else { own };
        let rows = [guards::ANNOTATIONS, own, guards::METADATA];
        matching::each_row(&rows, change, field, &mut |row, path| {
            let row = match row {
                _ if is_version(&field.path) => &guards::OTHER_VERSION,
                Some(row) => row,
                None if family.is_none() => &guards::UNKNOWN_KIND,
                None if has_other_version => &guards::OTHER_VERSION,
                None => &guards::UNKNOWN_FIELD,
            };
            visit(row, Some(path), false);
        });
    }
    if change.is_moved {
        // The Application of the previous cell can treat the object as removed.
        removed(family, change, &mut |row, _, _| {
            let row = match row.consequences {
                [Consequence::Destroys, ..] => &guards::MOVED_DESTROYS,
                [Consequence::Uninstalls, ..] => &guards::MOVED_UNINSTALLS,
                [Consequence::WaitsForConfirmation, ..] => row,
                _ => &guards::MOVED,
            };
            visit(row, None, false);
        });
    } else if change.fields.is_empty() {
        visit(&guards::SAME, None, false);
    }
}
