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
    let mut found = Found::default();
    match change.action() {
        Action::Added => added(change, &mut found),
        Action::Removed => removed(change, &mut found),
        Action::Changed => changed(change, &mut found),
    }
    found.0.sort_by_key(|effect| effect.consequence);
    found.0
}

/// The effects that were found, each once.
#[derive(Default)]
struct Found(Vec<Effect>);

impl Found {
    fn push(&mut self, row: &'static Row, path: Option<&[Step]>, follows_cluster: bool) {
        for consequence in row.consequences.iter().copied() {
            let is_same =
                |effect: &&Effect| effect.consequence == consequence && effect.reason == row.reason;
            if self.0.iter().any(|effect| is_same(&effect)) {
                continue;
            }
            self.0.push(Effect {
                consequence,
                reason: row.reason.into(),
                field: path.map(|steps| FieldPath(steps.to_vec())),
                source: row.source,
                follows_cluster,
            });
        }
    }
}

fn family(change: &ObjectChange<'_>) -> Option<&'static Family> {
    let object = change.head.or(change.base)?;
    table::family(&object.group, &object.kind)
}

fn added(change: &ObjectChange<'_>, found: &mut Found) {
    let row = family(change).and_then(|family| matching::whole(family.rows, When::Added, change));
    found.push(row.unwrap_or(&guards::ADDED), None, false);
}

fn removed(change: &ObjectChange<'_>, found: &mut Found) {
    let Some(object) = change.base else {
        return;
    };
    let family = family(change);
    let row = match family {
        None => &guards::UNKNOWN_REMOVED,
        Some(family) => {
            matching::whole(family.rows, When::Removed, change).unwrap_or(&guards::DELETED)
        }
    };
    let is_owned = family.is_some_and(|family| family.is_owned);
    let levels = guards::levels(object, is_owned);
    let kept = match levels {
        [Level::Keeps, Level::Keeps] => {
            let row = match (matching::runs(row), is_owned) {
                (false, _) => &guards::KEPT,
                (true, false) => &guards::KEPT_RUNNING,
                (true, true) => &guards::OWNED_RUNNING,
            };
            found.push(row, None, is_owned);
            return;
        }
        [Level::Confirms, Level::Keeps] => Some(&guards::CONFIRMED),
        [Level::Confirms, _] => Some(&guards::CONFIRMED_BY_ARGO),
        [Level::Keeps, _] => Some(&guards::KEPT_BY_ARGO).filter(|_| matching::runs(row)),
        [Level::Deletes, Level::Keeps] => {
            Some(&guards::KEPT_BY_FLUX).filter(|_| matching::runs(row))
        }
        [Level::Deletes, _] => None,
    };
    found.push(row, None, is_owned);
    if let Some(kept) = kept {
        found.push(kept, None, is_owned);
    }
}

fn changed(change: &ObjectChange<'_>, found: &mut Found) {
    let family = family(change);
    let own: &'static [Row] = family.map_or(&[], |family| family.rows);
    let is_version =
        |path: &FieldPath| matches!(&path.0[..], [Step::Key(key)] if **key == *"apiVersion");
    let has_other_version = change.fields.iter().any(|field| is_version(&field.path));
    let own = if has_other_version { &[] } else { own };
    let rows = [guards::ANNOTATIONS, own, guards::METADATA];
    for field in change.fields {
        let values = [field.base.as_ref(), field.head.as_ref()];
        matching::each_row(&rows, change, &field.path.0, values, &mut |row, path| {
            let row = match row {
                Some(row) => row,
                None if family.is_none() => &guards::UNKNOWN_KIND,
                None if has_other_version => &guards::OTHER_VERSION,
                None => &guards::UNKNOWN_FIELD,
            };
            found.push(row, Some(path), false);
        });
    }
    if found.0.is_empty() {
        found.push(&guards::UNKNOWN_KIND, None, false);
    }
}
