//! The levels of an object's values: its template or delivery method, patches, and what the program adds.

use super::addition::addition;
use super::context::Context;
use super::level::{Level, Section, State, mark_winner};
use super::path::{self, at};
use super::read::read_by_template;
use super::shown::{is_secret_at, json};
use super::stack::{changed, set, trees};
use super::variables::reads_secret;
use super::{selector, values};
use crate::diagnostic::Diagnostics;
use crate::input::patch::{ObjectChange, Patch};
use crate::plan::{Creator, Object, Stack, Step, SubjectId};
use crate::render::Rendered;
use crate::template::{self, fill};
use crate::tree::Node;

/// Explains an object.
pub(super) fn explain(
    context: &mut Context<'_>,
    rendered: Rendered<'_>,
    keys: &[String],
) -> Vec<Section> {
    let template = rendered.template();
    let at_object = rendered.at().object();
    let object = &template.objects[at_object];
    let stack = template.stacks.get(at_object);
    let trees = match stack {
        Some(stack) => trees(stack),
        None => vec![written(context, object).unwrap_or_else(|| object.tree.clone())],
    };
    let levels = levels(context, rendered, (object, stack));
    if keys.is_empty() {
        return overview(context, rendered, object, levels);
    }
    let scope = context.plan().scope(template, rendered.instance());
    let filled = fill::node(&object.tree, &scope, &mut Vec::new());
    let is_secret_kind = object.kind.starts_with("Secret");
    let (paths, more) = values::paths(&filled, keys);
    let mut sections = Vec::new();
    for path in &paths {
        let written = at(&object.tree, path);
        let id = rendered.instance().subject;
        let is_secret = is_secret_at(&object.tree, path)
            || is_secret_kind && is_data(path)
            || reads_secret(context, id, written);
        let mut found = Vec::new();
        for (level, step) in &levels {
            let level = level.clone();
            found.push(match step {
                None => level,
                Some(0) => match at(&trees[0], path) {
                    None => level.state(State::NotSet),
                    value => set(level, value, is_secret),
                },
                Some(step) => changed(level, [&trees[step - 1], &trees[*step]], path, is_secret),
            });
        }
        let value = at(&filled, path);
        let before = at(&trees[trees.len() - 1], path);
        found.extend(
            addition(context, rendered, (object, path), [before, written]).map(|level| match value
                .or(written)
            {
                Some(value) => level.value(json(value, is_secret)),
                None => level,
            }),
        );
        let is_set = found.iter().any(|level| level.value.is_some());
        if let (false, Some(value)) = (is_set, value) {
            // `$each`, `$case`, a merged mapping or a variable creates the value.
            if let Some(creator) = found.first_mut() {
                creator.state = State::Applies;
                creator.span = Some(value.span);
                creator.value = Some(json(value, is_secret));
                creator.note = Some("an expression above creates it".to_owned());
            }
        }
        mark_winner(&mut found);
        sections.push(Section {
            title: path::format(path),
            value: value.map(|value| json(value, is_secret)),
            levels: found,
        });
        if value.is_some() {
            let source = deepest(&object.tree, path);
            let by = (template, rendered.instance());
            sections.extend(read_by_template(context, by, source, is_secret));
        }
    }
    sections.extend(more);
    sections
}

/// Returns `true` for the values of a Secret.
fn is_data(path: &[String]) -> bool {
    let first = path.first().map(String::as_str);
    !matches!(first, Some("apiVersion" | "kind" | "metadata" | "type"))
}

/// Returns the value at a path, or the deepest value above it.
fn deepest<'n>(tree: &'n Node, path: &[String]) -> &'n Node {
    let lengths = (0..=path.len()).rev();
    let mut found =
        lengths.filter_map(|length| at(tree, &path[..length]).map(|node| (length, node)));
    match found.next() {
        Some((length, node)) if length > 0 => node,
        _ => tree,
    }
}

/// Returns the document of an object in its template. Its file is parsed again.
fn written(context: &Context<'_>, object: &Object) -> Option<Node> {
    let sources = &context.files.sources;
    let documents = template::parse(object.span.file, sources, &mut Diagnostics::default())?;
    let is_own = |document: &Node| {
        let first = document.entries().and_then(<[_]>::first);
        first.is_some_and(|first| first.key.span == object.span)
    };
    documents.into_iter().find(is_own)
}

/// A level, and the number of its tree: 0 is the document. `None` if it does not apply.
type Numbered = (Level, Option<usize>);

/// Returns the creator of an object, and its patches.
fn levels(
    context: &Context<'_>,
    rendered: Rendered<'_>,
    (object, stack): (&Object, Option<&Stack>),
) -> Vec<Numbered> {
    let path = context.files.sources.path(object.span.file);
    let mut patches: &[Patch<ObjectChange>] = &[];
    let creator = match rendered.creator() {
        Creator::Namespace => Level::new("template", path, object.span),
        Creator::Profiles => Level::new("profile", path, object.span),
        Creator::Template(span) => {
            let mut templates = context.fleet.templates.iter();
            let template = templates.find(|template| template.file.span == *span);
            patches = template.map_or(&[], |template| &template.patches);
            let written = template.map(|template| template.file.value.source_text());
            Level::new("template", written.as_deref().unwrap_or(path), object.span).resolved(path)
        }
        Creator::AddOn(name) => {
            let mut addons = context.plan().addons.iter();
            let addon = addons.find(|addon| addon.written.name.value == *name);
            patches = addon.map_or(&[], |addon| &addon.written.patches.objects);
            let delivery = addon.map_or("", |addon| &*addon.delivery.name);
            Level::new("delivery method", delivery, object.span).note(format!("add-on `{name}`"))
        }
    };
    let mut levels = vec![(creator, Some(0))];
    let steps = stack.map_or(&[][..], |stack| &stack.steps);
    for patch in patches {
        let is_it = |step: &std::rc::Rc<Step>| matches!(&**step, Step::ObjectPatch(name, _) if name.span == patch.name.span);
        let step = steps.iter().position(is_it).map(|at| at + 1);
        let level = Level::new("patch", &*patch.name.value, patch.name.span);
        let reason = match rendered.subject() {
            SubjectId::Cluster(index) => {
                selector::mismatch(patch.selector.as_ref(), &context.named(index as usize))
            }
            _ => None,
        };
        if step.is_none() && reason.is_none() {
            continue;
        }
        let state = if step.is_some() {
            State::Applies
        } else {
            State::NotSelected
        };
        let level = level.state(state);
        levels.push((
            Level {
                note: reason,
                ..level
            },
            step,
        ));
    }
    levels
}

fn overview(
    context: &Context<'_>,
    rendered: Rendered<'_>,
    object: &Object,
    levels: Vec<Numbered>,
) -> Vec<Section> {
    let identity = rendered.identity();
    let mut facts: Vec<Level> = levels.into_iter().map(|(level, _)| level).collect();
    facts.extend(super::addition::guards(context, object));
    let cell = rendered
        .cell()
        .map(|cell| Level::new("cell", cell.to_string(), None));
    facts.extend(cell);
    vec![Section::facts(format!("object `{identity}`"), facts)]
}
