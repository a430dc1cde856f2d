//! What a change does: by consequence and by cause, dangers first.

use maud::{Markup, html};

use super::contents::Change;
use super::text::{number, prose, shown};
use crate::diagnostic::pluralize;
use crate::diff::change::Action;
use crate::diff::changed_object::ChangedObject;
use crate::diff::group::{Group, Section};
use crate::diff::inputs::InputLine;
use crate::diff::line_change::contents;
use crate::diff::text::location;
use crate::diff::value::change;
use crate::matrix::table::Matrix;

/// Maximum number of causes that are not dangerous.
const MAX_SECTIONS: usize = 200;
/// Number of names of a group that are shown without a click.
const FEW_NAMES: usize = 8;
/// Maximum number of names of a group, unless each one must be listed.
const MAX_NAMES: usize = 2000;
/// Maximum number of fields of a group, and of lines of a cause.
const MAX_LINES: usize = 12;

/// Returns the section.
pub(super) fn section(change: &Change<'_>, matrix: &Matrix) -> Markup {
    let difference = change.difference;
    let sections = difference.sections();
    let (dangers, others): (Vec<&Section<'_>>, Vec<&Section<'_>>) =
        sections.iter().partition(|section| section.is_dangerous());
    let platform = &difference.platform;
    let hidden = others.len().saturating_sub(MAX_SECTIONS);
    html! {
        section id="changes" aria-labelledby="changes-title" {
            h2 id="changes-title" { "Changes" }
            @if difference.objects.is_empty() {
                p class="empty" { "No object changes." }
            } @else {
                (summary(change, matrix))
            }
            @if !platform.is_empty() {
                div class="card platform" {
                    h3 { "For the platform team" }
                    ul {
                        @for change in platform {
                            li { (change.subject) ": " (line(&change.line)) }
                        }
                    }
                }
            }
            ul class="cards" {
                @for section in dangers { (card(change, section)) }
                @for section in others.iter().take(MAX_SECTIONS) { (card(change, section)) }
            }
            @if hidden > 0 {
                p { (pluralize(hidden, "other cause")) " not shown: run " code { "kubectl fleet diff --list" } }
            }
        }
    }
}

fn summary(change: &Change<'_>, matrix: &Matrix) -> Markup {
    let counts = change.difference.counts();
    let action = |action| counts.actions.get(&action).copied().unwrap_or(0);
    let facts = [
        ("Removed", action(Action::Removed)),
        ("Changed", action(Action::Changed)),
        ("Added", action(Action::Added)),
        ("Clusters affected", matrix.affected()),
    ];
    html! {
        dl class="facts" {
            @for (name, count) in facts { div { dt { (name) } dd { (number(count)) } } }
        }
        ul class="consequences" {
            @for (consequence, count) in &counts.consequences {
                li class=[consequence.is_danger().then_some("danger")] {
                    span class="count" { (number(*count)) }
                    (title(consequence.title(), consequence.is_danger()))
                }
            }
        }
    }
}

/// Returns a title whose danger does not depend on a color.
fn title(title: &str, is_danger: bool) -> Markup {
    html! {
        @if is_danger { strong class="danger" { "⚠ " (title) } } @else { strong { (title) } }
    }
}

fn line(line: &InputLine) -> Markup {
    html! { code class="line" { span class="at" { (location(line)) } "  " (contents(line)) } }
}

fn card(change: &Change<'_>, section: &Section<'_>) -> Markup {
    let difference = change.difference;
    let is_certain = !section.causes.is_empty();
    let lines: Vec<&InputLine> = if is_certain {
        section
            .causes
            .iter()
            .map(|cause| &difference.causes[*cause])
            .collect()
    } else {
        difference.touched.iter().collect()
    };
    html! {
        li class=(if section.is_dangerous() { "card danger" } else { "card" }) {
            @if !is_certain { p class="quiet" { "Cause not certain, one of:" } }
            @for one in lines.iter().take(MAX_LINES) { p { (line(one)) } }
            @if lines.len() > MAX_LINES { p class="quiet" { "and " (pluralize(lines.len() - MAX_LINES, "more line")) } }
            @for group in &section.groups { (group_text(group)) }
        }
    }
}

fn group_text(group: &Group<'_>) -> Markup {
    let is_danger = group.consequence.is_danger();
    let is_listed = group.consequence.is_always_listed();
    html! {
        div class="effect" {
            p {
                (title(group.consequence.title(), is_danger)) ": "
                code { (shown(&group.kind)) }
                @if let Some(addon) = &group.addon { " of " code { (shown(addon)) } }
                @if group.following > 0 { ", with " (pluralize(group.following, "other object")) }
            }
            (names(&group.objects, is_listed))
            ul class="reasons" { @for effect in &group.effects { li { (prose(&effect.reason)) } } }
            @if let Some(first) = group.objects.first() { (fields(first, group)) }
        }
    }
}

fn names(objects: &[&ChangedObject], is_listed: bool) -> Markup {
    let few = if is_listed { objects.len() } else { FEW_NAMES };
    let rest = objects.iter().skip(few);
    let more = objects.len().saturating_sub(few);
    html! {
        p class="names" { @for object in objects.iter().take(few) { code { (shown(&object.reference())) } " " } }
        @if more > 0 {
            details {
                summary { "and " (number(more)) " more" }
                p class="names" { @for object in rest.take(MAX_NAMES) { code { (shown(&object.reference())) } " " } }
                @if more > MAX_NAMES { p { "All: " code { "kubectl fleet diff --list" } } }
            }
        }
    }
}

fn fields(first: &ChangedObject, group: &Group<'_>) -> Markup {
    let more = first.fields.len().saturating_sub(MAX_LINES);
    html! {
        @if !first.fields.is_empty() {
            ul class="fields" {
                @for (at, field) in first.fields.iter().enumerate().take(MAX_LINES) {
                    li {
                        code { (change(first.is_secret(), field)) }
                        @if !group.objects.iter().all(|object| object.fields.get(at) == Some(field)) {
                            span class="quiet" { " (first)" }
                        }
                    }
                }
                @if more > 0 { li class="quiet" { "and " (pluralize(more, "more field")) } }
            }
        }
    }
}
