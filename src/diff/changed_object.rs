//! An object that differs between two outputs.

use std::collections::BTreeSet;
use std::rc::Rc;

use super::change::{Action, FieldChange, ObjectChange};
use super::consequence::{Consequence, Effect, effects};
use crate::plan::{Creator, Subject};
use crate::render::Rendered;

/// An object that differs.
#[derive(Debug)]
pub struct ChangedObject {
    /// What happens to it.
    pub action: Action,
    /// The group; empty for the core group.
    pub group: Rc<str>,
    /// The kind.
    pub kind: Rc<str>,
    /// The namespace; `None` for cluster-scoped objects.
    pub namespace: Option<String>,
    /// The name.
    pub name: String,
    /// The cluster that it belongs to, as `namespace/name`.
    pub cluster: Option<String>,
    /// The spoke that applies the object to itself; `None` for the objects of the hub.
    pub spoke: Option<Rc<str>>,
    /// Other clusters that the change affects, as `namespace/name`.
    pub affects: Vec<String>,
    /// The add-on that it delivers.
    pub addon: Option<Rc<str>>,
    /// The cell in the base and in the head, if they differ.
    pub cells: Option<[Option<String>; 2]>,
    /// The fields that differ; empty unless the object is changed.
    pub fields: Vec<FieldChange>,
    /// What controllers do.
    pub effects: Vec<Effect>,
    /// Indices of [`Difference::causes`]; empty if no cause is certain.
    pub causes: Vec<usize>,
}

impl ChangedObject {
    /// Replaces the effects of an object that Cluster API deletes together with its Cluster, if that is removed.
    ///
    /// `removed` are the Clusters that Cluster API deletes: a Cluster that a guard keeps is not one of them.
    pub(super) fn follow(&mut self, removed: &BTreeSet<String>) {
        let is_removed = |cluster: &String| removed.contains(cluster);
        if self.is_cluster() || !self.cluster.as_ref().is_some_and(is_removed) {
            return;
        }
        let known = self.effects.len();
        self.effects.retain(|effect| !effect.follows_cluster);
        if self.effects.len() < known {
            self.effects.push(Effect::of_cluster());
        }
    }

    /// Adds an effect; the most dangerous one remains the first.
    pub(super) fn add(&mut self, effect: Effect) {
        self.effects.push(effect);
        self.effects.sort_by_key(|effect| effect.consequence);
    }

    /// Returns `true` if selectors choose again.
    pub(super) fn reselects(&self) -> bool {
        let mut effects = self.effects.iter();
        effects.any(|effect| effect.consequence == Consequence::Reselects)
    }

    pub(super) fn key(&self) -> (&Option<String>, &str, &str, &Option<String>, &str) {
        (
            &self.cluster,
            &self.kind,
            &self.group,
            &self.namespace,
            &self.name,
        )
    }

    /// Returns the kind and the group in the form `Kind.group`.
    pub fn qualified_kind(&self) -> String {
        match &*self.group {
            "" => self.kind.to_string(),
            group => format!("{}.{group}", self.kind),
        }
    }
}

/// Returns the object that differs, without its causes.
pub(super) fn changed(
    base: Option<Rendered<'_>>,
    head: Option<Rendered<'_>>,
    fields: Vec<FieldChange>,
) -> ChangedObject {
    let written = |side: &Option<Rendered<'_>>| side.as_ref().map(|side| side.written().0.clone());
    let (old, new) = (written(&base), written(&head));
    let cell = |side: &Option<Rendered<'_>>| {
        side.as_ref()
            .and_then(Rendered::cell)
            .map(|cell| cell.to_string())
    };
    let cells = [cell(&base), cell(&head)];
    let is_moved = base.is_some() && head.is_some() && cells[0] != cells[1];
    let change = ObjectChange {
        base: old.as_ref(),
        head: new.as_ref(),
        fields: &fields,
        is_moved,
    };
    let effects = effects(&change);
    let action = change.action();
    // One side exists.
    let (identity, scope, creator) = match head.as_ref().or(base.as_ref()) {
        Some(object) => (object.identity(), object.written().2, object.creator()),
        None => unreachable!("a pair has an object"),
    };
    ChangedObject {
        action,
        group: Rc::clone(&identity.object.group),
        kind: Rc::clone(&identity.object.kind),
        namespace: identity.namespace.as_deref().map(ToOwned::to_owned),
        name: identity.name.to_string(),
        cluster: match scope.subject {
            Subject::Cluster(cluster) => Some(format!("{}/{}", cluster.namespace, cluster.name)),
            Subject::Group(_) | Subject::Fleet(_) => None,
        },
        addon: match creator {
            Creator::AddOn(name) => Some(Rc::clone(name)),
            Creator::Namespace | Creator::Template(_) | Creator::Profiles => None,
        },
        spoke: (head.as_ref().or(base.as_ref()))
            .and_then(Rendered::spoke)
            .map(|spoke| Rc::clone(spoke.name.as_rc())),
        affects: Vec::new(),
        cells: is_moved.then_some(cells),
        fields,
        effects,
        causes: Vec::new(),
    }
}
