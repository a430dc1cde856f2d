//! Reasons why an object does not exist.

use super::context::Context;
use super::installed;
use super::level::{Level, Section, State};
use super::selector;
use crate::builtin;
use crate::diagnostic::Diagnostics;
use crate::input::templates::{ForEach, TemplateFile};
use crate::plan::{Creator, SubjectId, Template};
use crate::source::Span;
use crate::template;
use crate::tree::Node;

/// Explains why an object of a kind does not exist for a subject.
pub(super) fn explain(
    context: &mut Context<'_>,
    id: SubjectId,
    kind: &str,
    name: &str,
) -> Vec<Section> {
    let mut levels: Vec<Level> = Vec::new();
    for template in &context.fleet.templates {
        if creates(context, template, kind) {
            levels.push(of_template(context, template, id));
        }
    }
    let delivered = context.plan().delivered.iter();
    let delivered = delivered.filter(|template| has_kind(template, kind));
    for template in delivered {
        if let Creator::AddOn(name) = &template.creator {
            levels.extend(of_addon(context, name, id));
        }
    }
    let others = others(context, kind, name);
    let levels_of_others = others.into_iter().map(|(place, qualified, span)| {
        Level::new("object", format!("{qualified}/{name}"), span).note(place)
    });
    levels.extend(levels_of_others);
    levels.dedup_by(|one, other| one.kind == other.kind && one.name == other.name);
    if levels.is_empty() {
        let note = "no template and no add-on creates an object of this kind";
        levels.push(
            Level::new("kind", kind, None)
                .state(State::NotFound)
                .note(note),
        );
    }
    let subject = context.subject(id);
    let title = format!("{subject} has no object `{kind}/{name}`");
    vec![Section::facts(title, levels)]
}

/// Maximum number of other objects with the same name that are listed.
const MAX_OTHERS: usize = 5;

/// Returns objects with the same name: those of another group, and those of other subjects.
fn others(context: &Context<'_>, kind: &str, name: &str) -> Vec<(String, String, Span)> {
    let kind = kind.split('.').next().unwrap_or(kind);
    let objects = context.output.all_objects();
    let found = objects.filter_map(|object| {
        let identity = object.identity();
        let is_named = *identity.name == *name && identity.object.kind.eq_ignore_ascii_case(kind);
        is_named.then(|| {
            let place = format!("it exists for {}", context.subject(object.subject()));
            (
                place,
                identity.object.qualified_kind(),
                identity.object.span,
            )
        })
    });
    found.take(MAX_OTHERS).collect()
}

fn has_kind(template: &Template, kind: &str) -> bool {
    let mut objects = template.objects.iter();
    objects.any(|object| super::target::is_kind(object, kind))
}

/// Returns `true` if a template contains an object of a kind. Its file is read if no cluster uses it.
fn creates(context: &mut Context<'_>, template: &TemplateFile, kind: &str) -> bool {
    let span = template.file.span;
    let mut known = context.plan().templates.iter();
    if known.any(|known| known.creator == Creator::Template(span) && has_kind(known, kind)) {
        return true;
    }
    let Some(path) = template.file.value.literal() else {
        return false;
    };
    let file = if let Some(built_in) = path.strip_prefix("builtin:").and_then(builtin::find) {
        Some(context.files.add_builtin(path, built_in.text))
    } else {
        let path = context.files.relative(path, span);
        context.files.read(&path, Some(span)).ok()
    };
    let documents = file.and_then(|file| {
        template::parse(file, &context.files.sources, &mut Diagnostics::default())
    });
    let name = kind.split('.').next().unwrap_or(kind);
    let is_kind = |document: &Node| {
        let found = document.get("kind").and_then(Node::text);
        found.is_some_and(|found| found.eq_ignore_ascii_case(name))
    };
    documents.unwrap_or_default().iter().any(is_kind)
}

fn of_template(context: &Context<'_>, template: &TemplateFile, id: SubjectId) -> Level {
    let level = Level::new(
        "template",
        &*template.file.value.source_text(),
        template.file.span,
    );
    let cluster = id.cluster_index().map(|index| context.named(index));
    let reason = match (&template.for_each, &cluster) {
        (ForEach::Cluster, Some(cluster)) if cluster.cluster.is_existing => {
            Some("objects of existing clusters are not generated".to_owned())
        }
        (ForEach::Cluster, Some(cluster)) => {
            selector::mismatch(template.selector.as_ref(), cluster)
        }
        (ForEach::Cluster, None) => Some("it is for clusters".to_owned()),
        (ForEach::Fleet, _) => Some("it is for the fleet: use `@fleet` as the name".to_owned()),
        (ForEach::Group(label), _) => Some(format!(
            "it is for groups: use `{}=VALUE` as the name",
            label.value
        )),
    };
    match reason {
        Some(reason) => level.state(State::NotSelected).note(reason),
        None => level.note("it creates objects of this kind with other names"),
    }
}

fn of_addon(context: &Context<'_>, name: &str, id: SubjectId) -> Option<Level> {
    let mut addons = context.plan().addons.iter();
    let addon = addons.find(|addon| *addon.written.name.value == *name)?;
    let level = Level::new("add-on", name, addon.written.name.span);
    let Some(index) = id.cluster_index() else {
        return Some(level);
    };
    if installed::variant(addon, index).is_some() {
        return Some(level.note("it creates objects of this kind with other names"));
    }
    let reason = selector::mismatch(addon.written.selector.as_ref(), &context.named(index));
    let reason = reason.unwrap_or_else(|| "no add-on of the cluster depends on it".to_owned());
    Some(level.state(State::NotSelected).note(reason))
}
