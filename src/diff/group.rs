//! Changes with the same causes and the same consequence.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::change::Action;
use super::changed_object::ChangedObject;
use super::consequence::{Consequence, Effect};
use super::difference::Difference;
use crate::model::CAPI;

/// All changes with the same causes.
#[derive(Debug)]
pub struct Section<'a> {
    /// Indices of [`Difference::causes`]; empty if no cause is certain.
    pub causes: Vec<usize>,
    /// The changes, the most dangerous first.
    pub groups: Vec<Group<'a>>,
}

/// Objects of one kind that change in the same way.
#[derive(Debug)]
pub struct Group<'a> {
    /// What controllers do; of several consequences, the most dangerous one.
    pub consequence: Consequence,
    /// What happens to the objects.
    pub action: Action,
    /// `Kind.group`.
    pub kind: String,
    /// The add-on that the objects deliver.
    pub addon: Option<Rc<str>>,
    /// The effects of the first object, each once.
    pub effects: Vec<&'a Effect>,
    /// The objects.
    pub objects: Vec<&'a ChangedObject>,
    /// The number of other objects that are added or removed together with these Clusters.
    pub following: usize,
}

impl Section<'_> {
    /// Returns `true` if a reviewer must not miss one of the changes.
    pub fn is_dangerous(&self) -> bool {
        let mut groups = self.groups.iter();
        groups.any(|group| group.consequence.is_danger())
    }
}

/// The number of changes by action, consequence, kind, cluster and add-on.
#[derive(Debug, Default)]
pub struct Counts {
    /// Added, changed and removed objects.
    pub actions: BTreeMap<Action, usize>,
    /// Objects by their most dangerous consequence.
    pub consequences: BTreeMap<Consequence, usize>,
    /// Objects by `Kind.group`.
    pub kinds: BTreeMap<String, usize>,
    /// Objects by add-on.
    pub addons: BTreeMap<Rc<str>, usize>,
    /// The clusters with a change, as `namespace/name`.
    pub clusters: BTreeSet<String>,
}

impl Difference {
    /// Returns the number of changes.
    pub fn counts(&self) -> Counts {
        let mut counts = Counts::default();
        for object in &self.objects {
            *counts.actions.entry(object.action).or_default() += 1;
            *counts.consequences.entry(object.consequence()).or_default() += 1;
            *counts.kinds.entry(object.qualified_kind()).or_default() += 1;
            if let Some(addon) = &object.addon {
                *counts.addons.entry(Rc::clone(addon)).or_default() += 1;
            }
            counts.clusters.extend(object.cluster.clone());
            counts.clusters.extend(object.affects.iter().cloned());
        }
        counts
    }

    /// Returns `true` if a reviewer must not miss one of the changes.
    pub fn is_dangerous(&self) -> bool {
        let mut objects = self.objects.iter();
        !self.rejections.is_empty()
            || objects.any(|object| object.consequence().is_danger())
            || self.platform.iter().any(|change| change.is_weaker)
    }

    /// Returns the changes by their causes, the most dangerous first.
    pub fn sections(&self) -> Vec<Section<'_>> {
        let mut by_causes: BTreeMap<&[usize], Vec<&ChangedObject>> = BTreeMap::new();
        for object in &self.objects {
            by_causes.entry(&object.causes).or_default().push(object);
        }
        let mut sections: Vec<Section<'_>> = by_causes
            .into_iter()
            .map(|(causes, objects)| Section {
                causes: causes.to_vec(),
                groups: groups(objects),
            })
            .collect();
        sections.sort_by_key(|section| {
            let worst = section
                .groups
                .first()
                .map(|group| (group.consequence, group.action));
            let objects: usize = section.groups.iter().map(|group| group.objects.len()).sum();
            (worst, std::cmp::Reverse(objects))
        });
        sections
    }
}

impl ChangedObject {
    /// Returns the most dangerous consequence.
    pub fn consequence(&self) -> Consequence {
        let all = self.effects.iter().map(|effect| effect.consequence);
        all.min().unwrap_or(Consequence::Unknown)
    }

    /// Returns the reasons that are not in the table of consequences.
    fn own_reasons(&self) -> impl Iterator<Item = &str> {
        self.effects
            .iter()
            .filter_map(|effect| match &effect.reason {
                Cow::Owned(reason) => Some(reason.as_str()),
                Cow::Borrowed(_) => None,
            })
    }

    /// Returns `true` if this is the Cluster of Cluster API.
    pub fn is_cluster(&self) -> bool {
        *self.group == *CAPI && *self.kind == *"Cluster"
    }

    /// Returns `true` if the object is a Secret.
    pub fn is_secret(&self) -> bool {
        self.group.is_empty() && *self.kind == *"Secret"
    }

    /// Returns `namespace/name`, or the name of a cluster-scoped object, and the clusters on which it is applied or which it affects.
    pub fn reference(&self) -> String {
        let name = match &self.namespace {
            Some(namespace) => format!("{namespace}/{}", self.name),
            None => self.name.clone(),
        };
        let of_addon = self.affects.iter().map(String::as_str);
        let mut places = self.spoke.as_deref().into_iter().chain(of_addon);
        match (places.next(), places.count()) {
            (Some(place), 0) => format!("{name} (on {place})"),
            (Some(place), more) => format!("{name} (on {place} and {more} more)"),
            (None, _) => name,
        }
    }
}

/// What the changes of a group have in common: the consequence, the action, the kind, the add-on, the fields, and the
/// cells and reasons that depend on the object.
type Key<'a> = (
    Consequence,
    Action,
    String,
    Option<Rc<str>>,
    String,
    Option<&'a [Option<String>; 2]>,
    Vec<&'a str>,
);

fn groups(objects: Vec<&ChangedObject>) -> Vec<Group<'_>> {
    // Clusters that are added or removed as a whole.
    let is_whole =
        |object: &&&ChangedObject| object.action != Action::Changed && object.is_cluster();
    let whole: BTreeSet<(Action, &str)> = objects
        .iter()
        .filter(is_whole)
        .filter_map(|object| Some((object.action, object.cluster.as_deref()?)))
        .collect();
    let follows = |object: &ChangedObject| {
        let cluster = object.cluster.as_deref();
        !object.is_cluster()
            && cluster.is_some_and(|cluster| whole.contains(&(object.action, cluster)))
    };
    let mut following: BTreeMap<(Action, &str), usize> = BTreeMap::new();
    let mut found: BTreeMap<Key<'_>, Group<'_>> = BTreeMap::new();
    for object in objects {
        if follows(object) {
            if let Some(cluster) = &object.cluster {
                *following.entry((object.action, cluster)).or_default() += 1;
            }
            continue;
        }
        let paths: Vec<String> = object
            .fields
            .iter()
            .map(|field| field.path.to_string())
            .collect();
        let key = (
            object.consequence(),
            object.action,
            object.qualified_kind(),
            object.addon.clone(),
            paths.join(" "),
            object.cells.as_ref(),
            object.own_reasons().collect(),
        );
        let group = found.entry(key).or_insert_with(|| Group {
            consequence: object.consequence(),
            action: object.action,
            kind: object.qualified_kind(),
            addon: object.addon.clone(),
            effects: object.effects.iter().collect(),
            objects: Vec::new(),
            following: 0,
        });
        group.objects.push(object);
    }
    let mut groups: Vec<Group<'_>> = found.into_values().collect();
    for group in &mut groups {
        let clusters = group.objects.iter().filter(is_whole);
        let names = clusters.filter_map(|object| object.cluster.as_deref());
        group.following = names
            .filter_map(|name| following.get(&(group.action, name)))
            .sum();
    }
    groups
}
