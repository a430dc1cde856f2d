//! Differences as text for a terminal.

use std::fmt::Write as _;

use super::change::Action;
use super::changed_object::ChangedObject;
use super::difference::Difference;
use super::group::{Group, Section};
use super::inputs::{At, InputLine};
use super::line_change::contents;
use super::value::change;
use crate::diagnostic::{escape_control_chars, pluralize};

/// Maximum number of names of a group that is not dangerous.
const MAX_NAMES: usize = 4;
/// Maximum number of sections that are not dangerous.
const MAX_SECTIONS: usize = 40;
/// Maximum number of causes of a section, and of fields of a group.
const MAX_LINES: usize = 6;

/// Maximum number of changes that belong to the platform team.
const MAX_PLATFORM: usize = 40;

/// The beginning of a bold text, for terminals.
const BOLD: &str = "\u{1b}[1m";
const RED: &str = "\u{1b}[1;31m";
const RESET: &str = "\u{1b}[0m";

/// Returns the differences as text. With `is_complete`, lists every object and every cause.
pub fn text(difference: &Difference, is_complete: bool) -> String {
    let mut out = summary(difference, is_complete);
    let sections = difference.sections();
    let mut hidden = 0;
    let mut shown = 0;
    for section in &sections {
        if !section.is_dangerous() && !is_complete && shown >= MAX_SECTIONS {
            hidden += 1;
            continue;
        }
        shown += 1;
        section_text(difference, section, is_complete, &mut out);
    }
    if hidden > 0 {
        let _ = writeln!(
            out,
            "\n… and {}; `--list` shows all",
            pluralize(hidden, "more cause")
        );
    }
    out
}

/// Returns the number of changes by action, consequence, kind, cluster and add-on.
fn summary(difference: &Difference, is_complete: bool) -> String {
    let counts = difference.counts();
    let action = |action| counts.actions.get(&action).copied().unwrap_or(0);
    let [base, head] = difference.counts;
    let mut out = format!(
        "{BOLD}{} removed, {} changed, {} added{RESET}: {} before, {} after; {} affected\n",
        action(Action::Removed),
        action(Action::Changed),
        action(Action::Added),
        pluralize(base, "object"),
        pluralize(head, "object"),
        pluralize(counts.clusters.len(), "cluster"),
    );
    for (consequence, count) in &counts.consequences {
        let color = if consequence.is_danger() { RED } else { "" };
        let reset = if consequence.is_danger() { RESET } else { "" };
        let title = consequence.title();
        let _ = writeln!(out, "{count:>7}  {color}{title}{reset}");
    }
    out += &rejections(difference);
    let list = |title: &str, entries: Vec<(String, usize)>| {
        let shown: Vec<String> = entries
            .iter()
            .map(|(name, count)| format!("{} {count}", escape_control_chars(name)))
            .collect();
        (!shown.is_empty()).then(|| format!("{title}: {}\n", shown.join(", ")))
    };
    let kinds = counts.kinds.into_iter().collect();
    let addons = counts
        .addons
        .iter()
        .map(|(name, count)| (name.to_string(), *count));
    out.extend(list("kinds", kinds));
    out.extend(list("add-ons", addons.collect()));
    let platform = &difference.platform;
    let limit = if is_complete {
        usize::MAX
    } else {
        MAX_PLATFORM
    };
    for change in platform.iter().take(limit) {
        let (at, line) = (location(&change.line), contents(&change.line));
        let weaker = if change.is_weaker {
            format!("{RED}weakens a guard{RESET}: ")
        } else {
            String::new()
        };
        let _ = writeln!(
            out,
            "{BOLD}platform{RESET}: {weaker}{at}  {line} ({})",
            change.subject
        );
    }
    if let Some(more) = platform.len().checked_sub(limit).filter(|more| *more > 0) {
        let _ = writeln!(out, "platform: and {}", pluralize(more, "more line"));
    }
    out
}

/// Returns why guards reject the head. The messages are on stderr, with their fixes.
fn rejections(difference: &Difference) -> String {
    let rejections = &difference.rejections;
    let Some(first) = rejections.first() else {
        return String::new();
    };
    let more = match rejections.len() - 1 {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    format!("{RED}rejected{RESET}: {}{more}\n", first.text())
}

fn section_text(
    difference: &Difference,
    section: &Section<'_>,
    is_complete: bool,
    out: &mut String,
) {
    out.push('\n');
    if section.causes.is_empty() {
        let lines: Vec<String> = difference.touched.iter().map(location).collect();
        let limit = if is_complete { lines.len() } else { MAX_LINES };
        let more = lines.len().saturating_sub(limit);
        let shown = lines[..lines.len() - more].join(", ");
        let more = if more > 0 {
            format!(" and {more} more")
        } else {
            String::new()
        };
        let _ = writeln!(out, "{BOLD}cause not certain{RESET}: one of {shown}{more}");
    }
    let limit = if is_complete { usize::MAX } else { MAX_LINES };
    for cause in section.causes.iter().take(limit) {
        let line = &difference.causes[*cause];
        let _ = writeln!(out, "{BOLD}{}{RESET}  {}", location(line), contents(line));
    }
    if let Some(more) = section
        .causes
        .len()
        .checked_sub(limit)
        .filter(|more| *more > 0)
    {
        let _ = writeln!(out, "and {}", pluralize(more, "more line"));
    }
    for group in &section.groups {
        group_text(group, is_complete, out);
    }
}

/// Returns the path and the number of a line.
pub fn location(line: &InputLine) -> String {
    let side = match line.at {
        At::Base => " (base)",
        At::Head => "",
    };
    format!("{}:{}{side}", escape_control_chars(&line.path), line.number)
}

fn group_text(group: &Group<'_>, is_complete: bool, out: &mut String) {
    let is_danger = group.consequence.is_danger();
    let (color, reset) = if is_danger { (RED, RESET) } else { ("", "") };
    let title = group.consequence.title();
    let addon = group
        .addon
        .as_ref()
        .map_or(String::new(), |addon| format!(" {addon}"));
    let names: Vec<String> = group.objects.iter().map(|object| name(object)).collect();
    let is_whole = group.consequence.is_always_listed() || is_complete;
    let limit = if is_whole { names.len() } else { MAX_NAMES };
    let more = names.len().saturating_sub(limit);
    let shown = names[..names.len() - more].join(", ");
    let more = if more > 0 {
        format!(" and {more} more")
    } else {
        String::new()
    };
    let following = match group.following {
        0 => String::new(),
        count => format!(", with {}", pluralize(count, "other object")),
    };
    let _ = writeln!(
        out,
        "  {color}{title}{reset}: {}{addon} {shown}{more}{following}",
        escape_control_chars(&group.kind)
    );
    for effect in &group.effects {
        let _ = writeln!(out, "    {}", effect.reason);
    }
    let Some(first) = group.objects.first() else {
        return;
    };
    let limit = if is_complete { usize::MAX } else { MAX_LINES };
    for (at, field) in first.fields.iter().enumerate().take(limit) {
        let mut all = group.objects.iter();
        let is_same = all.all(|object| object.fields.get(at) == Some(field));
        if !is_same && is_complete {
            for object in &group.objects {
                if let Some(field) = object.fields.get(at) {
                    let change = change(object.is_secret(), field);
                    let _ = writeln!(out, "    {}  {change}", name(object));
                }
            }
            continue;
        }
        let differs = if is_same { "" } else { " (first)" };
        let _ = writeln!(out, "    {}{differs}", change(first.is_secret(), field));
    }
    if let Some(more) = first
        .fields
        .len()
        .checked_sub(limit)
        .filter(|more| *more > 0)
    {
        let _ = writeln!(out, "    and {}", pluralize(more, "more field"));
    }
    if let Some(moves) = moves(first) {
        let _ = writeln!(out, "    {}", escape_control_chars(&moves));
    }
}

/// Returns the cells that an object moves between.
pub(super) fn moves(object: &ChangedObject) -> Option<String> {
    let [base, head] = object.cells.as_ref()?;
    let cell = |cell: &Option<String>| match cell {
        Some(cell) => format!("the cell {cell}"),
        None => "no cell".to_owned(),
    };
    Some(format!("moves from {} to {}", cell(base), cell(head)))
}

/// Returns the namespace and the name of an object.
fn name(object: &ChangedObject) -> String {
    escape_control_chars(&object.reference())
}
