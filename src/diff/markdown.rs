//! Differences as a comment on a pull request.

use std::fmt::Write as _;

use super::change::Action;
use super::difference::Difference;
use super::group::{Group, Section};
use super::line_change::contents;
use super::text::{location, moves};
use super::value::change;
use crate::diagnostic::{escape_control_chars, pluralize};

/// Maximum length of a comment, in characters. Forges accept a little more.
const MAX_CHARS: usize = 60_000;
/// Maximum number of names of a group that is not dangerous.
const MAX_NAMES: usize = 10;
/// Maximum number of fields of a group, and of causes of a section.
const MAX_LINES: usize = 8;
/// Maximum number of weakened guards of the fleet.
const MAX_WEAKER: usize = 50;
/// The first line, by which a program finds its comment to replace it.
pub const MARKER: &str = "<!-- kubectl-fleet diff -->";

/// Returns the differences as Markdown of at most 60,000 characters. What is dangerous is never cut, unless it alone
/// is longer: then the comment says so in its first lines.
pub fn markdown(difference: &Difference) -> String {
    let mut out = format!("{MARKER}\n{}", summary(difference));
    let sections = difference.sections();
    let (dangers, others): (Vec<&Section<'_>>, Vec<&Section<'_>>) =
        sections.iter().partition(|section| section.is_dangerous());
    let mut text = String::new();
    for section in &dangers {
        section_text(difference, section, &mut text);
    }
    let room = MAX_CHARS - 200;
    if out.chars().count() + text.chars().count() > room {
        text = short_dangers(&dangers);
    }
    let is_cut = out.chars().count() + text.chars().count() > room;
    if is_cut {
        let count: usize = dangers
            .iter()
            .flat_map(|section| &section.groups)
            .map(|group| group.objects.len())
            .sum();
        let _ = write!(
            out,
            "\n**{count} dangerous changes do not fit into a comment.** Run `kubectl fleet diff --list`.\n"
        );
    } else {
        out += &text;
    }
    let mut hidden = 0;
    for section in others {
        let mut text = String::new();
        section_text(difference, section, &mut text);
        if hidden > 0 || out.chars().count() + text.chars().count() > room {
            hidden += 1;
        } else {
            out += &text;
        }
    }
    if hidden > 0 {
        let _ = write!(
            out,
            "\n{} not shown: run `kubectl fleet diff --list`.\n",
            pluralize(hidden, "other cause")
        );
    }
    out
}

fn summary(difference: &Difference) -> String {
    let counts = difference.counts();
    let action = |action| counts.actions.get(&action).copied().unwrap_or(0);
    let mut out = format!(
        "### Fleet: {} removed, {} changed, {} added\n\n{} before, {} after; {} affected.\n\n",
        action(Action::Removed),
        action(Action::Changed),
        action(Action::Added),
        pluralize(difference.counts[0], "object"),
        pluralize(difference.counts[1], "object"),
        pluralize(counts.clusters.len(), "cluster"),
    );
    let rejections = &difference.rejections;
    if !rejections.is_empty() {
        out += "⚠️ **Guards reject this change.** The error must be fixed, or the deletion allowed as it says:\n\n";
    }
    for rejection in rejections.iter().take(MAX_LINES) {
        let _ = writeln!(out, "- {}", code(&rejection.text()));
    }
    if let Some(more) = rejections
        .len()
        .checked_sub(MAX_LINES)
        .filter(|more| *more > 0)
    {
        let _ = writeln!(out, "- and {}", pluralize(more, "more error"));
    }
    if !rejections.is_empty() {
        out += "\n";
    }
    if !counts.consequences.is_empty() {
        out += "| objects | consequence |\n|---:|---|\n";
    }
    for (consequence, count) in &counts.consequences {
        let title = consequence.title();
        let title = if consequence.is_danger() {
            format!("⚠️ **{title}**")
        } else {
            title.to_owned()
        };
        let _ = writeln!(out, "| {count} | {title} |");
    }
    let platform = &difference.platform;
    if !platform.is_empty() {
        out += "\n**For the platform team:**\n\n";
    }
    let weaker = platform.iter().filter(|change| change.is_weaker).count();
    let limit = MAX_LINES.max(weaker.min(MAX_WEAKER));
    for change in platform.iter().take(limit) {
        let line = format!("{}  {}", location(&change.line), contents(&change.line));
        let warning = if change.is_weaker {
            "⚠️ **weakens a guard**: "
        } else {
            ""
        };
        let _ = writeln!(out, "- {warning}{}: {}", change.subject, code(&line));
    }
    let more = platform.len().saturating_sub(limit);
    if more > 0 {
        let hidden = weaker.saturating_sub(limit);
        let warning = match hidden {
            0 => String::new(),
            hidden => format!(", **{hidden} of them weaken a guard**"),
        };
        let _ = writeln!(out, "- and {}{warning}", pluralize(more, "more line"));
    }
    out
}

fn section_text(difference: &Difference, section: &Section<'_>, out: &mut String) {
    out.push_str("\n---\n");
    let lines: Vec<_> = match &*section.causes {
        [] => {
            out.push_str("Cause not certain, one of:\n\n");
            difference.touched.iter().collect()
        }
        causes => causes
            .iter()
            .map(|cause| &difference.causes[*cause])
            .collect(),
    };
    for line in lines.iter().take(MAX_LINES) {
        let text = format!("{}  {}", location(line), contents(line));
        let _ = writeln!(out, "{}\n", code(&text));
    }
    if let Some(more) = lines.len().checked_sub(MAX_LINES).filter(|more| *more > 0) {
        let _ = writeln!(out, "and {}\n", pluralize(more, "more line"));
    }
    for group in &section.groups {
        group_text(group, out);
    }
}

fn group_text(group: &Group<'_>, out: &mut String) {
    let is_danger = group.consequence.is_danger();
    let title = group.consequence.title();
    let title = if is_danger {
        format!("⚠️ **{title}**")
    } else {
        title.to_owned()
    };
    let addon = group
        .addon
        .as_ref()
        .map_or(String::new(), |addon| format!(" of {}", code(addon)));
    let is_whole = group.consequence.is_always_listed();
    let limit = if is_whole { usize::MAX } else { MAX_NAMES };
    let names = group.objects.iter().take(limit);
    let names: Vec<String> = names.map(|object| code(&object.reference())).collect();
    let more = group.objects.len() - names.len();
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
        "- {title}: {}{addon} {}{more}{following}",
        code(&group.kind),
        names.join(", ")
    );
    for effect in &group.effects {
        let _ = writeln!(out, "  - {}", effect.reason);
    }
    let Some(first) = group.objects.first() else {
        return;
    };
    for (at, field) in first.fields.iter().enumerate().take(MAX_LINES) {
        let mut all = group.objects.iter();
        let is_same = all.all(|object| object.fields.get(at) == Some(field));
        let differs = if is_same { "" } else { " (first)" };
        let _ = writeln!(
            out,
            "  - {}{differs}",
            code(&change(first.is_secret(), field))
        );
    }
    if let Some(more) = first
        .fields
        .len()
        .checked_sub(MAX_LINES)
        .filter(|more| *more > 0)
    {
        let _ = writeln!(out, "  - and {}", pluralize(more, "more field"));
    }
    if let Some(moves) = moves(first) {
        let _ = writeln!(out, "  - {}", code(&moves));
    }
}

/// Returns the names of everything dangerous, without fields and causes.
fn short_dangers(sections: &[&Section<'_>]) -> String {
    let mut out = String::from("\n");
    for group in sections.iter().flat_map(|section| &section.groups) {
        if group.consequence.is_danger() {
            let names: Vec<String> = group
                .objects
                .iter()
                .map(|object| object.reference())
                .collect();
            let title = group.consequence.title();
            let _ = writeln!(
                out,
                "- ⚠️ **{title}**: {}",
                code(&format!("{} {}", group.kind, names.join(" ")))
            );
        }
    }
    out
}

/// Returns text as code, in which nothing has a meaning in Markdown: no markup, link, mention or HTML.
pub fn code(text: &str) -> String {
    let text = escape_control_chars(text);
    let mut longest = 0;
    let mut run = 0;
    for character in text.chars() {
        run = if character == '`' { run + 1 } else { 0 };
        longest = longest.max(run);
    }
    let fence = "`".repeat(longest + 1);
    let pad = if text.starts_with('`') || text.ends_with('`') || text.is_empty() {
        " "
    } else {
        ""
    };
    format!("{fence}{pad}{text}{pad}{fence}")
}

#[cfg(test)]
mod tests {
    use super::code;

    #[test]
    fn code_is_inert() {
        for (text, expected) in [
            ("a", "`a`"),
            ("@team <b>", "`@team <b>`"),
            ("a`b", "``a`b``"),
            ("``", "``` `` ```"),
            ("a\nb\u{202e}", "`a\\u{a}b\\u{202e}`"),
        ] {
            assert_eq!(code(text), expected);
        }
    }
}
