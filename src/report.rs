//! Rendering of diagnostics: text with source lines for terminals, JSON for programs, and the formats of CI systems.

mod finding;
mod github;
mod gitlab;
mod junit;
mod redact;
mod sarif;
mod summary;

use std::fmt::Write as _;
use std::ops::Range;
use std::rc::Rc;

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};
use serde::Serialize;

use crate::diagnostic::{Diagnostic, Label, escape_control_chars, pluralize};
use crate::source::Sources;
pub use finding::Report;
pub use github::render_github;
pub use gitlab::render_gitlab;
pub use junit::render_junit;
pub use redact::SafeLines;
use redact::{MAX_LINE_BYTES, floor_char_boundary};
pub use sarif::render_sarif;
pub use summary::summarize;

/// Maximum number of diagnostics in a report of plain text.
const MAX_SHOWN: usize = 20;

/// Renders the first 20 diagnostics with their source lines, and the number of the others.
pub fn render_text(diagnostics: &[Diagnostic], sources: &Sources) -> String {
    render(diagnostics, sources, Renderer::styled())
}

/// Renders the errors in at most `limit` bytes, without colors.
///
/// The first line has the code, location, message and help of the first error, because Argo CD might
/// show no other line. The source lines follow as far as they fit.
pub fn render_truncated(diagnostics: &[Diagnostic], sources: &Sources, limit: usize) -> String {
    const CUT: &str = "…\n";
    let errors: Vec<Diagnostic> = diagnostics
        .iter()
        .filter(|diagnostic| diagnostic.is_error())
        .cloned()
        .collect();
    let Some(first) = errors.first() else {
        return String::new();
    };
    let more = match errors.len() - 1 {
        0 => String::new(),
        more => format!(" (and {})", pluralize(more, "more error")),
    };
    let mut out = format!("error{}{more}\n", line(first, sources));
    let is_complete = errors.len() == 1 && first.primary.is_none();
    if !is_complete {
        out.push('\n');
        out += &render(&errors, sources, Renderer::plain());
    }
    if out.len() > limit {
        let end = floor_char_boundary(&out, limit - CUT.len());
        let line = out[..end].rfind('\n').map_or(end, |at| at + 1);
        // Without a line that fits, cut inside the first line.
        out.truncate(if line > 0 { line } else { end });
        out.push_str(CUT);
    }
    out
}

/// Renders the first 20 warnings, one line each, and the number of the others.
pub fn render_warnings(diagnostics: &[Diagnostic], sources: &Sources) -> String {
    let is_warning = |diagnostic: &&Diagnostic| !diagnostic.is_error();
    let warnings: Vec<&Diagnostic> = diagnostics.iter().filter(is_warning).collect();
    let mut out = String::new();
    for warning in warnings.iter().take(MAX_SHOWN) {
        let _ = writeln!(out, "warning{}", line(warning, sources));
    }
    let rest = warnings.len().saturating_sub(MAX_SHOWN);
    if rest > 0 {
        let _ = writeln!(out, "… and {}", pluralize(rest, "more warning"));
    }
    out
}

/// Returns the code, location, message and help of a diagnostic in one line.
fn line(diagnostic: &Diagnostic, sources: &Sources) -> String {
    let location = |label: &Label| {
        let position = sources.position(label.span);
        let path = escape_control_chars(sources.path(label.span.file));
        format!("{path}:{}:{}: ", position.line, position.column)
    };
    let at = diagnostic
        .primary
        .as_ref()
        .map(location)
        .unwrap_or_default();
    let related = diagnostic.related.first().map_or(String::new(), |label| {
        format!(
            " ({}{})",
            location(label),
            escape_control_chars(&label.text)
        )
    });
    let help = diagnostic.help.as_ref().map_or(String::new(), |help| {
        format!("; {}", escape_control_chars(help))
    });
    format!(
        "[{}]: {at}{}{related}{help}",
        diagnostic.code.name(),
        escape_control_chars(&diagnostic.message)
    )
}

fn render(diagnostics: &[Diagnostic], sources: &Sources, renderer: Renderer) -> String {
    let renderer = renderer.decor_style(DecorStyle::Ascii);
    let mut out = String::new();
    for diagnostic in diagnostics.iter().take(MAX_SHOWN) {
        let report = renderer.render(&[group(diagnostic, sources)]);
        for line in report.lines().filter(|line| !is_bare_origin(line)) {
            let _ = writeln!(out, "{line}");
        }
        out.push('\n');
    }
    let rest = diagnostics.len().saturating_sub(MAX_SHOWN);
    if rest > 0 {
        let _ = writeln!(
            out,
            "… and {rest} more; `kubectl fleet validate -o json` lists all\n"
        );
    }
    out
}

fn group<'a>(diagnostic: &'a Diagnostic, sources: &Sources) -> Group<'a> {
    let level = if diagnostic.is_error() {
        Level::ERROR
    } else {
        Level::WARNING
    };
    let mut group = level
        .primary_title(escape_control_chars(&diagnostic.message))
        .id(diagnostic.code.name())
        .elements(Vec::<Origin<'_>>::new());
    let labels = diagnostic
        .primary
        .iter()
        .map(|label| (AnnotationKind::Primary, label));
    let related = diagnostic
        .related
        .iter()
        .map(|label| (AnnotationKind::Context, label));
    for (kind, label) in labels.chain(related) {
        group = add_location(group, kind, label, sources);
    }
    match &diagnostic.help {
        Some(help) => group.element(Level::HELP.message(escape_control_chars(help))),
        None => group,
    }
}

/// Adds a location with its source line: secrets redacted, a long line cut around the location.
fn add_location<'a>(
    group: Group<'a>,
    kind: AnnotationKind,
    label: &'a Label,
    sources: &Sources,
) -> Group<'a> {
    let text = sources.text(label.span.file);
    let position = sources.position(label.span);
    let path = escape_control_chars(sources.path(label.span.file));
    let start = floor_char_boundary(&text, label.span.start as usize);
    let line_start = text[..start].rfind('\n').map_or(0, |at| at + 1);
    let line_end = text[start..].find('\n').map_or(text.len(), |at| start + at);
    let end = floor_char_boundary(&text, label.span.end as usize).clamp(start, line_end);
    let redacted = SafeLines::new(Rc::clone(&text)).redacted(position.line - 1);
    let line = redacted.unwrap_or_default();
    let mark = start - line_start..end - line_start;
    let annotate = |mark: Range<usize>| match label.text.as_str() {
        "" => kind.span(mark),
        note => kind.span(mark).label(escape_control_chars(note)),
    };
    if line.len() <= MAX_LINE_BYTES {
        let snippet = Snippet::source(line).path(path).line_start(position.line);
        return group.element(snippet.annotation(annotate(mark)));
    }
    let from = floor_char_boundary(&line, mark.start.saturating_sub(MAX_LINE_BYTES / 2));
    let to = floor_char_boundary(&line, mark.start + MAX_LINE_BYTES / 2);
    let mark = mark.start - from..mark.end.min(to) - from;
    let origin = Origin::path(path)
        .line(position.line)
        .char_column(position.column);
    let snippet = Snippet::source(line[from..to].to_owned()).line_start(position.line);
    group
        .element(origin)
        .element(snippet.annotation(annotate(mark)))
}

/// Returns `true` for the empty origin that the renderer adds above a cut line, which has its own.
fn is_bare_origin(line: &str) -> bool {
    matches!(line.trim(), ":::" | "\u{1b}[1m\u{1b}[94m::: \u{1b}[0m")
}

/// A diagnostic in the JSON report.
#[derive(Serialize)]
struct Entry<'a> {
    code: &'a str,
    severity: &'a str,
    message: &'a str,
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    location: Option<JsonLocation<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related: Vec<JsonLocation<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    help: Option<&'a str>,
}

/// A location in the JSON report: lines and columns count from 1, columns in characters.
#[derive(Serialize)]
struct JsonLocation<'a> {
    file: &'a str,
    line: usize,
    column: usize,
    #[serde(skip_serializing_if = "str::is_empty")]
    label: &'a str,
}

/// Renders all diagnostics and notes as one JSON object:
/// `{"formatVersion": "1.0", "messages": […], "notes": […]}`.
pub fn render_json(diagnostics: &[Diagnostic], notes: &[String], sources: &Sources) -> String {
    let messages: Vec<_> = diagnostics
        .iter()
        .map(|diagnostic| entry(diagnostic, sources))
        .collect();
    format!(
        "{:#}\n",
        serde_json::json!({"formatVersion": "1.0", "messages": messages, "notes": notes})
    )
}

fn entry<'a>(diagnostic: &'a Diagnostic, sources: &'a Sources) -> Entry<'a> {
    let location = |label: &'a Label| {
        let position = sources.position(label.span);
        let file = sources.path(label.span.file);
        JsonLocation {
            file,
            line: position.line,
            column: position.column,
            label: &label.text,
        }
    };
    Entry {
        code: diagnostic.code.name(),
        severity: if diagnostic.is_error() {
            "error"
        } else {
            "warning"
        },
        message: &diagnostic.message,
        location: diagnostic.primary.as_ref().map(location),
        related: diagnostic.related.iter().map(location).collect(),
        help: diagnostic.help.as_deref(),
    }
}
