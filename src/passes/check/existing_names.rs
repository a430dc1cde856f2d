//! The names of the objects of a kind that exist for a subject, to explain a reference to an unknown object.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;

use crate::plan::rotated::rotated_index;
use crate::plan::{ObjectRef, Plan, SubjectId, Template};
use crate::template::fill;

/// Maximum number of names that a message can suggest.
const MAX_NAMES: usize = 100;

/// The objects of a kind.
pub(super) struct ExistingNames<'a> {
    plan: &'a Plan,
    templates: &'a [&'a Template],
    /// The objects of each cluster, ascending.
    objects: Vec<(SubjectId, ObjectRef)>,
    /// The names of objects of groups and of the fleet.
    shared: Names,
    /// The names of objects of the selected subject.
    own: (Option<SubjectId>, Names),
}

/// A namespace and a name.
type Place = (Option<String>, String);

#[derive(Default)]
struct Names {
    all: BTreeSet<Place>,
    /// The names of rotated objects by their written names.
    renamed: BTreeMap<Place, String>,
}

impl<'a> ExistingNames<'a> {
    /// Finds the objects of a kind among those of some templates.
    pub(super) fn new(
        plan: &'a Plan,
        templates: &'a [&'a Template],
        (group, kind): (&str, &str),
        created: &[(u64, ObjectRef)],
    ) -> Self {
        let mut names = Self {
            plan,
            templates,
            objects: Vec::new(),
            shared: Names::default(),
            own: (None, Names::default()),
        };
        for (_, at) in created {
            // The first section has Namespaces.
            let Some(section) = at.section().checked_sub(1) else {
                continue;
            };
            let template = templates[section];
            if template.objects[at.object()].is(group, kind) {
                let subject = template.instances[at.position()].subject;
                match subject.cluster_index() {
                    Some(_) => names.objects.push((subject, *at)),
                    None => add(plan, template, *at, &mut names.shared),
                }
            }
        }
        names.objects.sort_unstable();
        names
    }

    /// Selects the subject of the next questions.
    pub(super) fn select(&mut self, subject: SubjectId) {
        if self.own.0 == Some(subject) {
            return;
        }
        let mut names = Names::default();
        let start = self.objects.partition_point(|(known, _)| *known < subject);
        let objects = self.objects[start..].iter();
        for (_, at) in objects.take_while(|(known, _)| *known == subject) {
            let template = self.templates[at.section() - 1];
            add(self.plan, template, *at, &mut names);
        }
        self.own = (Some(subject), names);
    }

    /// Returns the first names in a namespace.
    pub(super) fn names(&self, namespace: Option<&str>) -> Vec<&str> {
        let all = [&self.shared, &self.own.1].map(|names| names.of(namespace).take(MAX_NAMES));
        let mut names: Vec<&str> = all.into_iter().flatten().collect();
        names.sort_unstable();
        names.dedup();
        names.truncate(MAX_NAMES);
        names
    }

    /// Returns the new name of an object whose written name this is.
    pub(super) fn renamed(&self, namespace: Option<&str>, name: &str) -> Option<&str> {
        let place = (namespace.map(str::to_owned), name.to_owned());
        let mut all = [&self.own.1, &self.shared].into_iter();
        all.find_map(|names| Some(names.renamed.get(&place)?.as_str()))
    }
}

impl Names {
    fn of<'a>(&'a self, namespace: Option<&str>) -> impl Iterator<Item = &'a str> {
        let namespace = namespace.map(str::to_owned);
        let start = (namespace.clone(), String::new());
        let from = self.all.range((Bound::Included(start), Bound::Unbounded));
        let same = from.take_while(move |(known, _)| *known == namespace);
        same.map(|(_, name)| name.as_str())
    }
}

fn add(plan: &Plan, template: &Template, at: ObjectRef, names: &mut Names) {
    let scope = plan.scope(template, &template.instances[at.position()]);
    let object = &template.objects[at.object()];
    let text = |text| fill::text(text, &scope, &mut Vec::new()).to_string();
    let namespace = object.written_namespace().map(text);
    let name = text(&object.name.value);
    if let Some(index) = rotated_index(&object.name.value) {
        let written = scope.written_name(&plan.rotated[index]).to_string();
        let place = (namespace.clone(), written);
        names.renamed.entry(place).or_insert_with(|| name.clone());
    }
    names.all.insert((namespace, name));
}
