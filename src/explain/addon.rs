//! The levels of an add-on's values on a cluster: the add-on, layers and patches. Also why a cluster does not get it.

use std::rc::Rc;

use super::absence::reasons;
use super::context::Context;
use super::installed::{self, variant};
use super::labels;
use super::level::{Level, Section, State, mark_winner};
use super::read::read_variables;
use super::selector;
use super::shown::{is_secret_at, json, shown};
use super::stack::{changed, set, trees};
use super::variables::reads_secret;
use super::{path, values};
use crate::diagnostic::is_secret_key;
use crate::plan::{AddOn, Software, Step, SubjectId, SubjectScope, Variant};
use crate::template::fill;
use crate::tree::Node;

/// Explains an add-on on a cluster.
pub(super) fn explain(
    context: &mut Context<'_>,
    addon: &AddOn,
    cluster: usize,
    keys: &[String],
) -> Vec<Section> {
    let Some(variant) = variant(addon, cluster) else {
        let title = format!(
            "`{}` does not get the add-on `{}`",
            context.cluster(cluster).name,
            addon.written.name.value
        );
        let mut sections = vec![Section::facts(title, reasons(context, addon, cluster))];
        let layers = layers(context, addon, None, cluster);
        let layers: Vec<Level> = layers.into_iter().map(|(level, _)| level).collect();
        if !layers.is_empty() {
            sections.push(Section::facts("layers that would apply", layers));
        }
        let selector = addon.written.selector.as_ref();
        for key in selector::missing_labels(selector, context.cluster(cluster)) {
            let label = labels::written(context, cluster, &key);
            let id = SubjectId::cluster(cluster);
            let read = label.map(|label| read_variables(context, id, label, is_secret_key(&key)));
            sections.extend(read.into_iter().flatten());
        }
        return sections;
    };
    let trees = trees(&variant.stack);
    let last = &trees[trees.len() - 1];
    let levels = levels(context, addon, variant, cluster);
    if keys.is_empty() {
        return overview(context, addon, variant, (cluster, levels));
    }
    let plan = context.plan();
    let variables = addon.variables();
    let scope = SubjectScope::new(
        plan.subjects(),
        context.subject(SubjectId::cluster(cluster)),
        &variables,
    );
    let (paths, more) = values::paths(last, keys);
    let mut sections = Vec::new();
    for path in &paths {
        let written = path::at(last, path);
        let id = SubjectId::cluster(cluster);
        let is_secret = is_secret_at(last, path) || reads_secret(context, id, written);
        let found = levels_at(&levels, &trees, path, is_secret);
        let value = written.map(|node| fill::node(node, &scope, &mut Vec::new()));
        sections.push(Section {
            title: path::format(path),
            value: value.map(|value| json(&value, is_secret)),
            levels: found,
        });
        sections.extend(
            written
                .into_iter()
                .flat_map(|written| read_variables(context, id, written, is_secret)),
        );
    }
    sections.extend(more);
    sections
}

/// A level, and the number of its tree: 0 is the add-on itself. `None` if it does not apply.
pub(super) type Numbered = (Level, Option<usize>);

/// Returns the levels with what each sets at a path.
pub(super) fn levels_at(
    levels: &[Numbered],
    trees: &[Node],
    path: &[String],
    is_secret: bool,
) -> Vec<Level> {
    let mut found = Vec::new();
    for (level, step) in levels {
        let level = level.clone();
        found.push(match step {
            None => level,
            Some(0) => match path::at(&trees[0], path) {
                None => level.state(State::NotSet),
                value => set(level, value, is_secret),
            },
            Some(step) => changed(level, [&trees[step - 1], &trees[*step]], path, is_secret),
        });
    }
    mark_winner(&mut found);
    found
}

/// Returns the levels of a variant in order.
pub(super) fn levels(
    context: &mut Context<'_>,
    addon: &AddOn,
    variant: &Variant,
    cluster: usize,
) -> Vec<Numbered> {
    let name = &addon.written.name;
    let mut levels = vec![(Level::new("add-on", &*name.value, name.span), Some(0))];
    levels.extend(layers(context, addon, Some(variant), cluster));
    let steps = &variant.stack.steps;
    for patch in &addon.written.patches.software {
        let is_it = |step: &Rc<Step>| matches!(&**step, Step::AddOnPatch(name, _) if name.value == patch.name.value);
        let step = steps.iter().position(is_it).map(|at| at + 1);
        let level = Level::new("patch", &*patch.name.value, patch.name.span);
        let reason = selector::mismatch(patch.selector.as_ref(), &context.named(cluster));
        levels.push(match reason.filter(|_| step.is_none()) {
            None => (level, step),
            reason => {
                let level = level.state(State::NotSelected);
                let note = reason;
                (Level { note, ..level }, None)
            }
        });
    }
    levels
}

/// Returns the layers of a cluster in order, with their paths as written and as expanded.
pub(super) fn layers(
    context: &mut Context<'_>,
    addon: &AddOn,
    variant: Option<&Variant>,
    cluster: usize,
) -> Vec<Numbered> {
    if matches!(addon.base, Software::Manifests(_)) {
        return Vec::new();
    }
    let plan = context.plan();
    let variables = addon.variables();
    let scope = SubjectScope::new(
        plan.subjects(),
        context.subject(SubjectId::cluster(cluster)),
        &variables,
    );
    let mut next = 0;
    let mut levels = Vec::new();
    for layer in &context.fleet.layers {
        let mut problems = Vec::new();
        let path = fill::text(&layer.value, &scope, &mut problems);
        let level = Level::new("layer", &*layer.value.source_text(), layer.span);
        if !problems.is_empty() {
            let level = level
                .state(State::NotSelected)
                .note("a variable of the path is not set");
            levels.push((level, None));
            continue;
        }
        let path = context.files.relative(&path, layer.span);
        let level = level.resolved(&path);
        let file = variant.and_then(|variant| match &**variant.stack.steps.get(next)? {
            Step::Layer(values) => Some(values.span),
            _ => None,
        });
        let file = file.filter(|span| context.files.sources.path(span.file) == path);
        levels.push(match file {
            Some(span) => {
                next += 1;
                let start = context.files.sources.start(span.file);
                (
                    Level {
                        span: Some(start),
                        ..level
                    },
                    Some(next),
                )
            }
            None if context.files.has(&path) => (level, None),
            None => (level.state(State::NotFound), None),
        });
    }
    levels
}

fn overview(
    context: &Context<'_>,
    addon: &AddOn,
    variant: &Variant,
    (cluster, levels): (usize, Vec<Numbered>),
) -> Vec<Section> {
    let name = &addon.written.name;
    let mut facts = vec![
        Level::new("delivery method", &*addon.delivery.name, None),
        Level::new(
            "variant",
            &*installed::name(variant, context.cluster(cluster)),
            None,
        ),
    ];
    match &variant.software {
        Software::Helm(chart) => {
            let texts = [
                ("repo", &chart.repo),
                ("chart", &chart.chart),
                ("version", &chart.version),
            ];
            let level =
                |(kind, text): (&'static str, &crate::source::Spanned<crate::tree::Text>)| {
                    Level::new(kind, shown(&text.value.source_text()), text.span)
                };
            facts.extend(texts.map(level));
        }
        Software::Manifests(manifests) => {
            facts.push(Level::new("manifests", &*manifests.path, name.span));
        }
    }
    let title = format!("add-on `{}`", name.value);
    let selection = reasons(context, addon, cluster);
    let layers = levels.into_iter().map(|(level, _)| level).collect();
    vec![
        Section::facts(title, facts),
        Section::facts("selected by", selection),
        Section::facts("levels", layers),
    ]
}
