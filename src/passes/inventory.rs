//! The objects of each cluster and of the fleet by name, as `fleet.lock` records them.

mod masked;

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use crate::input::lock::Names;
use crate::plan::{
    AddOn, Creator, Instance, Object, Plan, Software, Subject, SubjectScope, Template, With,
};
use crate::template::fill;
use crate::tree::Text;
use masked::{NameScope, is_masked_alike};

/// The mark of an object that a spoke applies to itself.
const SPOKE: &str = "spoke:";
/// The mark of a Helm release, written as `namespace/name`.
const RELEASE: &str = "release:";

/// The objects of a plan by name.
///
/// In the name of a cluster's object, `*` replaces what differs between clusters: the cluster's name and namespace, and
/// values of members. So clusters that are alike have equal names.
pub struct Inventory {
    /// The different names, by their numbers.
    names: Vec<Rc<str>>,
    /// The numbers of the names of each cluster, ascending; once for each object.
    clusters: Vec<Vec<u32>>,
    /// The identities of objects that belong to no cluster, as `Kind.group/namespace/name`.
    pub fleet: BTreeSet<Rc<str>>,
}

impl Inventory {
    /// Collects the names of all objects of a plan.
    pub fn new(plan: &Plan) -> Self {
        let delivered = plan.delivered.iter();
        let owners = delivered.filter(|template| template.objects.iter().any(has_group));
        let mut builder = Builder {
            plan,
            owners: owners.filter_map(addon_of).collect(),
            numbers: BTreeMap::new(),
            clusters: vec![Vec::new(); plan.clusters.len()],
            fleet: BTreeSet::new(),
        };
        for template in plan.templates.iter().chain(&plan.delivered) {
            for object in &template.objects {
                builder.add(template, object);
            }
        }
        for addon in &plan.addons {
            builder.add_releases(addon);
        }
        for (profile, clusters) in &plan.profile_clusters {
            builder.add_for(profile, clusters);
        }
        builder.finish()
    }

    /// Returns the names of a cluster's objects.
    pub fn of_cluster(&self, index: usize) -> Names {
        self.named(&self.clusters[index])
    }

    /// Returns the numbers of the names of a cluster's objects.
    pub fn numbers(&self, index: usize) -> &[u32] {
        &self.clusters[index]
    }

    /// Returns the names with some numbers.
    pub fn named(&self, numbers: &[u32]) -> Names {
        let mut names = Names::new();
        for number in numbers {
            let name = Rc::clone(&self.names[*number as usize]);
            *names.entry(name).or_default() += 1;
        }
        names
    }
}

struct Builder<'a> {
    plan: &'a Plan,
    /// The add-ons that have objects of other groups than the core group.
    owners: BTreeSet<&'a str>,
    numbers: BTreeMap<Rc<str>, u32>,
    clusters: Vec<Vec<u32>>,
    fleet: BTreeSet<Rc<str>>,
}

impl Builder<'_> {
    /// Adds the instances of an object.
    fn add(&mut self, template: &Template, object: &Object) {
        let is_alike = is_masked_alike(object);
        let mut known = None;
        for instance in &template.instances {
            let scope = self.plan.scope(template, instance);
            let Some(cluster) = cluster_of(instance) else {
                self.add_shared(template, object, &scope);
                continue;
            };
            if self.is_detail(template, object) {
                return;
            }
            let number = match known {
                Some(number) if is_alike => number,
                _ => {
                    let Some(name) = name(object, &scope, true, template.is_from_spoke) else {
                        continue;
                    };
                    self.number(&name)
                }
            };
            known = Some(number);
            self.clusters[cluster].push(number);
        }
    }

    /// Adds an object that belongs to no cluster. One of an add-on counts for each cluster of the add-on.
    fn add_shared(&mut self, template: &Template, object: &Object, scope: &SubjectScope<'_>) {
        let Some(identity) = name(object, scope, false, false) else {
            return;
        };
        let Some(addon) = addon_of(template) else {
            self.fleet.insert(identity.into());
            return;
        };
        // Other shared objects of add-ons, such as chart repositories and values, install nothing.
        if !has_group(object) {
            return;
        }
        let plan = self.plan;
        let mut addons = plan.addons.iter();
        let owner = addons.find(|known| *known.written.name.value == *addon);
        let owner = owner.filter(|addon| addon.delivery.shares_objects);
        for variant in owner.iter().flat_map(|addon| &addon.variants) {
            self.add_for(&identity, &variant.clusters);
        }
    }

    /// Returns `true` if an object only configures others: one of the core group, of an add-on that also has others.
    fn is_detail(&self, template: &Template, object: &Object) -> bool {
        !has_group(object) && addon_of(template).is_some_and(|name| self.owners.contains(name))
    }

    fn add_for(&mut self, name: &str, clusters: &[usize]) {
        let number = self.number(name);
        for cluster in clusters {
            self.clusters[*cluster].push(number);
        }
    }

    /// Adds the Helm releases of an add-on. Another name or namespace uninstalls a release, and installs a new one.
    fn add_releases(&mut self, addon: &AddOn) {
        let plan = self.plan;
        let variables = addon.variables();
        for variant in &addon.variants {
            let Software::Helm(chart) = &variant.software else {
                continue;
            };
            let release = chart.release(&addon.written.name);
            let texts = [&chart.namespace.value, &release.value];
            if texts.iter().all(|text| text.literal().is_some()) {
                let parts = texts.map(Text::source_text);
                self.add_for(&format!("{RELEASE}{}", parts.join("/")), &variant.clusters);
                continue;
            }
            for index in &variant.clusters {
                let subject = Subject::Cluster(&plan.clusters[*index]);
                let scope = &SubjectScope::new(plan.subjects(), subject, &variables);
                let is_masked = true;
                let scope = NameScope { scope, is_masked };
                let parts = texts.map(|text| fill::text(text, &scope, &mut Vec::new()));
                let name = format!("{RELEASE}{}", parts.join("/"));
                if !name.contains(char::is_whitespace) {
                    self.add_for(&name, &[*index]);
                }
            }
        }
    }

    fn number(&mut self, name: &str) -> u32 {
        if let Some(number) = self.numbers.get(name) {
            return *number;
        }
        let number = u32::try_from(self.numbers.len()).unwrap_or(u32::MAX);
        self.numbers.insert(name.into(), number);
        number
    }

    fn finish(mut self) -> Inventory {
        for numbers in &mut self.clusters {
            numbers.sort_unstable();
        }
        let mut names = vec![Rc::default(); self.numbers.len()];
        for (name, number) in self.numbers {
            names[number as usize] = name;
        }
        Inventory {
            names,
            clusters: self.clusters,
            fleet: self.fleet,
        }
    }
}

/// Returns the name of the add-on that a template belongs to.
fn addon_of(template: &Template) -> Option<&str> {
    match &template.creator {
        Creator::AddOn(name) => Some(name),
        _ => None,
    }
}

fn has_group(object: &Object) -> bool {
    !object.group.is_empty()
}

/// Returns the cluster that an instance creates objects for.
fn cluster_of(instance: &Instance) -> Option<usize> {
    match (instance.subject, &instance.with) {
        (_, With::Cluster(index)) => Some(*index as usize),
        (subject, _) => subject.cluster_index(),
    }
}

/// Returns `Kind.group/namespace/name`, without a namespace that is that of the cluster. Returns `None` if the name
/// cannot be substituted, which is reported when the object is filled, or is no single word.
fn name(
    object: &Object,
    scope: &SubjectScope<'_>,
    is_masked: bool,
    is_from_spoke: bool,
) -> Option<String> {
    let scope = NameScope { scope, is_masked };
    let mut errors = Vec::new();
    let mut text = |text| fill::text(text, &scope, &mut errors);
    let namespace = object.written_namespace().map(&mut text);
    let own = text(&object.name.value);
    let mut name = if is_from_spoke { SPOKE } else { "" }.to_owned();
    name.push_str(&object.qualified_kind());
    for part in namespace
        .as_deref()
        .filter(|namespace| *namespace != "*")
        .into_iter()
        .chain([&*own])
    {
        name.push('/');
        name.push_str(part);
    }
    (errors.is_empty() && !name.contains(char::is_whitespace)).then_some(name)
}
