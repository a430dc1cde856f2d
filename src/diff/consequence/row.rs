//! Rows of the table of consequences.

use super::effect::Consequence;
use super::seen::Seen;

/// A group and a kind. A kind that begins with `*` is the end of a kind, and a group that begins with `*` is the end of
/// a group.
pub(super) type Kind = (&'static str, &'static str);

pub(super) const CAPI: &str = "cluster.x-k8s.io";
pub(super) const ADDONS: &str = "addons.cluster.x-k8s.io";
pub(super) const BOOTSTRAP: &str = "bootstrap.cluster.x-k8s.io";
pub(super) const CONTROL_PLANES: &str = "controlplane.cluster.x-k8s.io";
pub(super) const INFRASTRUCTURE: &str = "infrastructure.cluster.x-k8s.io";

/// The rows of some kinds. The first row that matches a field applies to it.
#[derive(Debug)]
pub(super) struct Family {
    pub(super) kinds: &'static [Kind],
    /// Whether Cluster API makes the Cluster an owner, so that Argo CD never prunes the object.
    pub(super) is_owned: bool,
    pub(super) rows: &'static [Row],
}

/// What controllers do with one change of an object.
#[derive(Debug)]
pub(super) struct Row {
    /// The change.
    pub(super) when: When,
    /// A further condition.
    pub(super) only: Option<Only>,
    /// The consequences.
    pub(super) consequences: &'static [Consequence],
    /// One sentence for the reviewer.
    pub(super) reason: &'static str,
    /// The upstream project, its version, and the file or page that states it.
    pub(super) source: &'static str,
}

/// A change of an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum When {
    /// The object is added.
    Added,
    /// The object is removed.
    Removed,
    /// The object moves to another cell.
    Moved,
    /// A field, or a field below it, changes. `*` matches each key and item.
    Field(&'static str),
}

/// A condition of a row.
#[derive(Clone, Copy, Debug)]
pub(super) struct Only {
    /// The condition in the documentation, after “if”.
    pub(super) text: &'static str,
    pub(super) holds: fn(&Seen<'_>) -> bool,
}

impl Row {
    pub(super) const fn only(self, only: Only) -> Self {
        Self {
            only: Some(only),
            ..self
        }
    }

    pub(super) fn holds(&self, seen: &Seen<'_>) -> bool {
        self.only.is_none_or(|only| (only.holds)(seen))
    }
}

const fn row(
    when: When,
    consequences: &'static [Consequence],
    reason: &'static str,
    source: &'static str,
) -> Row {
    Row {
        when,
        only: None,
        consequences,
        reason,
        source,
    }
}

pub(super) const fn field(
    path: &'static str,
    consequences: &'static [Consequence],
    reason: &'static str,
    source: &'static str,
) -> Row {
    row(When::Field(path), consequences, reason, source)
}

pub(super) const fn removed(
    consequences: &'static [Consequence],
    reason: &'static str,
    source: &'static str,
) -> Row {
    row(When::Removed, consequences, reason, source)
}

pub(super) const fn added(
    consequences: &'static [Consequence],
    reason: &'static str,
    source: &'static str,
) -> Row {
    row(When::Added, consequences, reason, source)
}

pub(super) const fn moved(
    consequences: &'static [Consequence],
    reason: &'static str,
    source: &'static str,
) -> Row {
    row(When::Moved, consequences, reason, source)
}

impl Family {
    pub(super) fn contains(&self, group: &str, kind: &str) -> bool {
        let is = |pattern: &str, name: &str| match pattern.strip_prefix('*') {
            Some(end) => name.ends_with(end),
            None => pattern == name,
        };
        let mut kinds = self.kinds.iter();
        kinds.any(|(groups, kinds)| is(kinds, kind) && is(groups, group))
    }
}
