//! The variables that a value reads.

use super::context::Context;
use super::labels;
use super::level::{Level, Section, State, mark_winner};
use super::path;
use super::shown::json;
use super::variables::variable;
use crate::model::cluster::CLUSTER_LABELS;
use crate::plan::{Instance, SubjectId, Template, With};
use crate::template::fill;
use crate::tree::expression::{Operation, Segment};
use crate::tree::{ExpressionSlot, Node};

/// Maximum number of variables of one value.
const MAX_VARIABLES: usize = 20;

/// Returns a section for each variable that a value of an add-on reads.
pub(super) fn read_variables(
    context: &mut Context<'_>,
    id: SubjectId,
    written: &Node,
    is_secret: bool,
) -> Vec<Section> {
    let slots = slots(written);
    let section = |(keys, slot): (Vec<String>, Option<&ExpressionSlot>)| {
        let section = variable(context, id, &keys, is_secret);
        titled(with_default(section, slot, is_secret))
    };
    slots.into_iter().map(section).collect()
}

/// Returns a section for each variable that a value of a template reads: entries of `with` and variables of the
/// template hide those of the subject.
pub(super) fn read_by_template(
    context: &mut Context<'_>,
    (template, instance): (&Template, &Instance),
    written: &Node,
    is_secret: bool,
) -> Vec<Section> {
    let mut sections = Vec::new();
    for (keys, slot) in slots(written) {
        if let ([root, key], Some(index)) = (&*keys, instance.subject.cluster_index())
            && root == CLUSTER_LABELS
        {
            let label = labels::written(context, index, key);
            let read =
                label.map(|label| read_variables(context, instance.subject, label, is_secret));
            sections.extend(read.into_iter().flatten());
            continue;
        }
        let plan = context.plan();
        let scope = plan.scope(template, instance);
        let mut section = variable(context, instance.subject, &keys, is_secret);
        let mut hiding = Vec::new();
        if let Some((_, value)) = template
            .variables
            .iter()
            .find(|(name, _)| **name == *keys[0])
        {
            let level = Level::new("template variables", &*keys[0], value.span);
            hiding.push(set(level, path::at(value, &keys[1..]), is_secret));
        }
        if scope.entry_sets(&keys[0]) {
            let value = fill::Scope::get(&scope, &keys[0]);
            let level = Level::new("with", &*keys[0], None);
            let value = value.as_ref().and_then(|value| path::at(value, &keys[1..]));
            hiding.push(set(level, value, is_secret));
        }
        let is_hidden = hiding.iter().any(|level| level.state == State::Applies);
        if is_hidden || matches!(instance.with, With::Entry(_)) {
            for level in &mut section.levels {
                if is_hidden && level.state == State::Wins {
                    level.state = State::Overridden;
                }
            }
            mark_winner(&mut hiding);
            section.levels.extend(hiding);
            let value = fill::lookup(&scope, &keys);
            section.value = value.map(|value| json(&value, is_secret));
        }
        sections.push(titled(with_default(section, slot, is_secret)));
    }
    sections
}

fn set(level: Level, value: Option<&Node>, is_secret: bool) -> Level {
    match value {
        Some(value) => Level {
            span: Some(value.span),
            ..level.value(json(value, is_secret))
        },
        None => level.state(State::NotSet),
    }
}

/// Adds the default of an expression as the level that wins if the variable is not set.
fn with_default(mut section: Section, slot: Option<&ExpressionSlot>, is_secret: bool) -> Section {
    let is_empty = section
        .value
        .as_ref()
        .is_none_or(|value| value == "" || value.is_null());
    let Some((slot, default)) = slot.and_then(|slot| Some((slot, default(slot)?))) else {
        return section;
    };
    let name = format!("${{{}}}", slot.expression.path.join("."));
    let default = json(&default, is_secret);
    let level = Level::new("default of the expression", name, slot.span);
    let state = if is_empty {
        State::Wins
    } else {
        State::Overridden
    };
    let level = level.value(default.clone()).state(state);
    section.levels.insert(0, level);
    if is_empty {
        section.value = Some(default);
    }
    section
}

/// Returns the default of an expression, without the values of expressions in it.
fn default(slot: &ExpressionSlot) -> Option<Node> {
    let Operation::Default(segments) = &slot.expression.operation else {
        return None;
    };
    let text = |segment: &Segment| match segment {
        Segment::Text(range) => slot.text[range.clone()].to_owned(),
        Segment::Dollar(_) => "$".to_owned(),
        Segment::Expression(expression) => format!("${{{}}}", expression.path.join(".")),
    };
    let written: String = segments.iter().map(text).collect();
    let default = slot.default.clone();
    Some(default.unwrap_or_else(|| Node::string(slot.span, &written)))
}

fn titled(section: Section) -> Section {
    Section {
        title: format!("variable {}", section.title),
        ..section
    }
}

/// Returns the paths of the variables that a value reads, each with the first expression that reads it.
fn slots(node: &Node) -> Vec<(Vec<String>, Option<&ExpressionSlot>)> {
    let mut found: Vec<(Vec<String>, Option<&ExpressionSlot>)> = Vec::new();
    node.each_text(&mut |text, _| {
        for slot in text.slots() {
            let path = slot.expression.path.clone();
            if !found.iter().any(|(known, _)| *known == path) {
                found.push((path, Some(slot)));
            }
        }
    });
    found.truncate(MAX_VARIABLES);
    found
}
