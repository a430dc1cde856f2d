//! The overview of a cluster, a group or the fleet.

use super::context::Context;
use super::installed;
use super::labels::labels;
use super::level::{Level, Section, State};
use super::selector;
use super::shown::json;
use super::variables::{is_secret_variable, names, origin};
use crate::plan::{Creator, Plan, Software, SubjectId};

/// Maximum number of objects in an overview.
const MAX_OBJECTS: usize = 200;

/// Explains a cluster, a group or the fleet.
pub(super) fn overview(context: &Context<'_>, id: SubjectId) -> Vec<Section> {
    let mut sections = Vec::new();
    if let Some(index) = id.cluster_index() {
        sections.push(member(context, index));
        sections.push(Section::facts("labels", labels(context, index)));
    }
    if let SubjectId::Group(index) = id {
        let group = &context.plan().groups[index as usize];
        let level = |index: &usize| {
            let cluster = context.cluster(*index);
            Level::new("cluster", cluster.name.to_string(), cluster.span)
        };
        sections.push(Section::facts(
            "clusters",
            group.clusters.iter().map(level).collect(),
        ));
    }
    sections.push(Section::facts("variables", variables(context, id)));
    if let Some(index) = id.cluster_index() {
        sections.push(Section::facts("groups", groups(context.plan(), index)));
        sections.push(Section::facts("add-ons", addons(context, index)));
    }
    sections.push(Section::facts("objects", objects(context, id)));
    sections.retain(|section| !section.levels.is_empty());
    sections
}

fn member(context: &Context<'_>, index: usize) -> Section {
    let cluster = context.cluster(index);
    let id = SubjectId::cluster(index);
    let mut facts = Vec::new();
    if let Some(members) = context.members(id) {
        let list = Level::new("list", members.list.value.clone(), members.list.span);
        facts.push(list.resolved(context.files.sources.path(cluster.span.file)));
    }
    facts.push(Level::new("member", cluster.name.to_string(), cluster.span));
    facts.push(Level::new("namespace", cluster.namespace.to_string(), None));
    if let Some(cell) = &cluster.cell {
        let cells = context.fleet.cells.as_ref();
        facts.push(Level::new("cell", &**cell, cells.map(|cells| cells.span)));
    }
    if cluster.is_existing {
        facts.push(
            Level::new("existing", "true", cluster.span).note("its objects are not generated"),
        );
    }
    Section::facts(format!("cluster `{}`", cluster.name), facts)
}

fn variables(context: &Context<'_>, id: SubjectId) -> Vec<Level> {
    let variables = context.variables(id);
    let level = |name: std::rc::Rc<str>| {
        let value = variables.get(&name)?;
        let level = origin(context, id, &name, value);
        let keys = [name.to_string()];
        let is_secret = is_secret_variable(context, id, &keys);
        Some(level.value(json(value, is_secret)))
    };
    names(variables).into_iter().filter_map(level).collect()
}

fn groups(plan: &Plan, cluster: usize) -> Vec<Level> {
    let groups = plan.groups.iter();
    let own = groups.filter(|group| group.clusters.binary_search(&cluster).is_ok());
    own.map(|group| {
        Level::new(
            "group",
            format!("{}={}", group.label, group.name),
            group.span,
        )
    })
    .collect()
}

fn addons(context: &Context<'_>, index: usize) -> Vec<Level> {
    let cluster = context.cluster(index);
    let level = |addon: &crate::plan::AddOn| {
        let name = &addon.written.name;
        let level = Level::new("add-on", &*name.value, name.span);
        let Some(variant) = installed::variant(addon, index) else {
            let reason = selector::mismatch(addon.written.selector.as_ref(), &context.named(index));
            let reason =
                reason.unwrap_or_else(|| "no add-on of the cluster depends on it".to_owned());
            return level.state(State::NotSelected).note(reason);
        };
        let version = match &variant.software {
            Software::Helm(chart) => {
                let subjects = context.plan().subjects();
                let subject = context.subject(SubjectId::cluster(index));
                addon.text(&chart.version.value, subjects, subject)
            }
            Software::Manifests(manifests) => std::rc::Rc::clone(&manifests.path),
        };
        let variant = installed::name(variant, cluster);
        let note = format!("`{}`, variant `{variant}`", addon.delivery.name);
        level.value(&*version).note(note)
    };
    context.plan().addons.iter().map(level).collect()
}

fn objects(context: &Context<'_>, id: SubjectId) -> Vec<Level> {
    let objects = context.output.all_objects();
    let own = objects.filter(|object| object.subject() == id);
    let level = |object: crate::render::Rendered<'_>| {
        let identity = object.identity();
        let name = format!("{}/{}", identity.object.qualified_kind(), identity.name);
        let creator = match object.creator() {
            Creator::Namespace => "namespace of the cluster".to_owned(),
            Creator::Template(_) => "template".to_owned(),
            Creator::AddOn(name) => format!("add-on `{name}`"),
            Creator::Profiles => "profiles".to_owned(),
        };
        Level::new("object", name, identity.object.span).note(creator)
    };
    own.take(MAX_OBJECTS).map(level).collect()
}
