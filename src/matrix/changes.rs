//! The changes of objects that belong to a row or a cell. Rows and cells with the same changes share them.

use std::collections::BTreeMap;
use std::rc::Rc;

use crate::diagnostic::escape_control_chars;
use crate::diff::change::Action;
use crate::diff::changed_object::ChangedObject;
use crate::diff::difference::Difference;
use crate::diff::line_change::contents;
use crate::diff::text::location;
use crate::diff::value::change;

/// Maximum number of fields of one change.
const MAX_FIELDS: usize = 12;
/// Maximum number of causes of one change.
const MAX_CAUSES: usize = 6;

/// The change of an object, without its name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Change {
    /// What happens to it.
    pub action: &'static str,
    /// What controllers do.
    pub consequence: &'static str,
    /// Whether a reviewer must not miss it.
    pub is_danger: bool,
    /// `Kind.group`.
    pub kind: String,
    /// The fields, each in one line.
    pub fields: Vec<String>,
    /// The lines of the input that cause it.
    pub causes: Vec<String>,
}

/// The cluster, and the add-on or `None` for the cluster's own objects.
type Place = (Rc<str>, Option<Rc<str>>);

/// The changes of all places, each set once.
#[derive(Debug, Default)]
pub struct Changes {
    /// The sets.
    pub all: Vec<Vec<Change>>,
    places: BTreeMap<Place, usize>,
}

impl Changes {
    /// Returns the changes of a difference by their places. A shared object, which belongs to no cluster, is not
    /// included.
    pub fn new(difference: &Difference) -> Self {
        let mut by_place: BTreeMap<Place, Vec<Change>> = BTreeMap::new();
        for object in &difference.objects {
            if let Some(cluster) = &object.cluster {
                let place = (cluster.as_str().into(), object.addon.clone());
                by_place
                    .entry(place)
                    .or_default()
                    .push(of(object, difference));
            }
        }
        let mut known: BTreeMap<Vec<Change>, usize> = BTreeMap::new();
        let mut changes = Self::default();
        for (place, mut found) in by_place {
            found.sort();
            found.dedup();
            let next = known.len();
            let index = *known.entry(found).or_insert(next);
            changes.places.insert(place, index);
        }
        let mut all: Vec<(usize, Vec<Change>)> =
            known.into_iter().map(|(set, index)| (index, set)).collect();
        all.sort_unstable_by_key(|(index, _)| *index);
        changes.all = all.into_iter().map(|(_, set)| set).collect();
        changes
    }

    /// Returns the index of the changes of a cluster's own objects, or of its objects of an add-on.
    pub fn find(&self, namespace: &str, name: &str, addon: Option<&Rc<str>>) -> Option<usize> {
        let place = (format!("{namespace}/{name}").into(), addon.cloned());
        self.places.get(&place).copied()
    }
}

fn of(object: &ChangedObject, difference: &Difference) -> Change {
    let consequence = object.consequence();
    let is_secret = object.is_secret();
    let fields = object.fields.iter().take(MAX_FIELDS);
    let mut fields: Vec<String> = fields.map(|field| change(is_secret, field)).collect();
    if let Some(more) = object.fields.len().checked_sub(MAX_FIELDS + 1) {
        fields.push(format!("and {} more", more + 1));
    }
    let causes = object.causes.iter().take(MAX_CAUSES);
    let causes = causes.map(|cause| {
        let line = &difference.causes[*cause];
        format!("{}  {}", location(line), contents(line))
    });
    Change {
        action: action(object.action),
        consequence: consequence.title(),
        is_danger: consequence.is_danger(),
        kind: escape_control_chars(&object.qualified_kind()),
        fields,
        causes: causes.collect(),
    }
}

fn action(action: Action) -> &'static str {
    match action {
        Action::Removed => "removed",
        Action::Changed => "changed",
        Action::Added => "added",
    }
}
