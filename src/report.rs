//! Messages for people (text with the source line) and for programs (JSON).

use std::fmt::Write as _;
use std::ops::Range;

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};
use serde::Serialize;

use crate::diagnostic::{Diagnostic, Label, count, escape_control_chars, find_secret_word};
use crate::source::Sources;

/// How many messages the text form shows.
const SHOWN: usize = 20;
/// How much of a line is shown, in bytes.
const WINDOW: usize = 240;

/// Messages as text: the first 20, then how many more there are.
pub fn text(diagnostics: &[Diagnostic], sources: &Sources) -> String {
    rendered(diagnostics, sources, Renderer::styled())
}

/// Messages in at most `limit` bytes, without colours: a first line that tells the whole story, and
/// as much of the text as there is room for.
pub fn brief(diagnostics: &[Diagnostic], sources: &Sources, limit: usize) -> String {
    const CUT: &str = "…\n";
    let errors: Vec<Diagnostic> = diagnostics
        .iter()
        .filter(|one| one.is_error())
        .cloned()
        .collect();
    let Some(first) = errors.first() else {
        return String::new();
    };
    let place = |label: &Label| {
        let position = sources.position(label.span);
        let path = escape_control_chars(sources.path(label.span.file));
        format!("{path}:{}:{}: ", position.line, position.column)
    };
    let at = first.primary.as_ref().map(place).unwrap_or_default();
    let related = first.related.first().map_or(String::new(), |label| {
        format!(" ({}{})", place(label), escape_control_chars(&label.text))
    });
    let help = first.help.as_ref().map_or(String::new(), |help| {
        format!("; {}", escape_control_chars(help))
    });
    let more = match errors.len() - 1 {
        0 => String::new(),
        more => format!(" (and {})", count(more, "more error")),
    };
    let mut out = format!(
        "error[{}]: {at}{}{related}{help}{more}\n",
        first.code.name(),
        escape_control_chars(&first.message)
    );
    let is_told = errors.len() == 1 && first.primary.is_none();
    if !is_told {
        out.push('\n');
        out += &rendered(&errors, sources, Renderer::plain());
    }
    if out.len() > limit {
        let end = floor(&out, limit - CUT.len());
        let line = out[..end].rfind('\n').map_or(end, |at| at + 1);
        // A single line that is too long is cut, too.
        out.truncate(if line > 0 { line } else { end });
        out.push_str(CUT);
    }
    out
}

fn rendered(diagnostics: &[Diagnostic], sources: &Sources, renderer: Renderer) -> String {
    let renderer = renderer.decor_style(DecorStyle::Ascii);
    let mut out = String::new();
    for diagnostic in diagnostics.iter().take(SHOWN) {
        let shown = renderer.render(&[group(diagnostic, sources)]);
        for line in shown.lines().filter(|line| !is_bare_origin(line)) {
            let _ = writeln!(out, "{line}");
        }
        out.push('\n');
    }
    let rest = diagnostics.len().saturating_sub(SHOWN);
    if rest > 0 {
        let _ = writeln!(
            out,
            "… and {rest} more; `kubectl fleet validate -o json` lists all\n"
        );
    }
    out
}

/// "2 errors, 1 warning".
pub fn summary(diagnostics: &[Diagnostic]) -> String {
    let errors = diagnostics
        .iter()
        .filter(|diagnostic| diagnostic.is_error())
        .count();
    let warnings = diagnostics.len() - errors;
    match (errors, warnings) {
        (0, _) => count(warnings, "warning"),
        (_, 0) => count(errors, "error"),
        _ => format!("{}, {}", count(errors, "error"), count(warnings, "warning")),
    }
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
        group = place(group, kind, label, sources);
    }
    match &diagnostic.help {
        Some(help) => group.element(Level::HELP.message(escape_control_chars(help))),
        None => group,
    }
}

/// Adds a place with its source line, secrets blotted out. Of a very long line a part is shown.
fn place<'a>(
    group: Group<'a>,
    kind: AnnotationKind,
    label: &'a Label,
    sources: &Sources,
) -> Group<'a> {
    let text = sources.text(label.span.file);
    let position = sources.position(label.span);
    let path = escape_control_chars(sources.path(label.span.file));
    let start = floor(&text, label.span.start as usize);
    let line_start = text[..start].rfind('\n').map_or(0, |at| at + 1);
    let line_end = text[start..].find('\n').map_or(text.len(), |at| start + at);
    let end = floor(&text, label.span.end as usize).clamp(start, line_end);
    let mut line = text[line_start..line_end].to_owned();
    blot(&mut line, &text, line_start);
    let mark = start - line_start..end - line_start;
    let annotate = |mark: Range<usize>| match label.text.as_str() {
        "" => kind.span(mark),
        words => kind.span(mark).label(escape_control_chars(words)),
    };
    if line.len() <= WINDOW {
        let snippet = Snippet::source(line).path(path).line_start(position.line);
        return group.element(snippet.annotation(annotate(mark)));
    }
    let from = floor(&line, mark.start.saturating_sub(WINDOW / 2));
    let to = floor(&line, mark.start + WINDOW / 2);
    let mark = mark.start - from..mark.end.min(to) - from;
    let origin = Origin::path(path)
        .line(position.line)
        .char_column(position.column);
    let snippet = Snippet::source(line[from..to].to_owned()).line_start(position.line);
    group
        .element(origin)
        .element(snippet.annotation(annotate(mark)))
}

/// The part of a long line has its place above it, and the renderer leaves a mark for one of its own.
fn is_bare_origin(line: &str) -> bool {
    matches!(line.trim(), ":::" | "\u{1b}[1m\u{1b}[94m::: \u{1b}[0m")
}

/// The nearest place at or before an offset where a character begins.
fn floor(text: &str, offset: usize) -> usize {
    (0..=offset.min(text.len()))
        .rev()
        .find(|at| text.is_char_boundary(*at))
        .unwrap_or(0)
}

/// Blots out what may be secret: values in a `kind: Secret`, values whose key speaks of one, and
/// the lines of a PEM block. The line keeps its length.
fn blot(line: &mut String, text: &str, at: usize) {
    let before = &text[..at];
    let document = before.rfind("\n---").unwrap_or(0)
        ..text[at..].find("\n---").map_or(text.len(), |end| at + end);
    let in_secret = text[document].lines().any(|line| {
        line.split_once("kind:").is_some_and(|(_, kind)| {
            kind.trim_start_matches([' ', '"', '\''])
                .starts_with("Secret")
        })
    });
    let in_pem = before
        .rfind("-----BEGIN")
        .is_some_and(|begin| !before[begin..].contains("-----END"));
    let lower = line.to_ascii_lowercase();
    let word = find_secret_word(line);
    let colon_after = |at: usize| line[at..].find(':').map(|colon| at + colon + 1);
    let from = if in_pem || lower.contains("-----begin") {
        0
    } else if in_secret {
        colon_after(0).unwrap_or(0)
    } else if let Some(from) = word.and_then(colon_after) {
        from
    } else {
        return;
    };
    let blotted = |c: char| std::iter::repeat_n(if c == ' ' { ' ' } else { '*' }, c.len_utf8());
    let hidden: String = line[from..].chars().flat_map(blotted).collect();
    line.replace_range(from.., &hidden);
}

/// One message for programs.
#[derive(Serialize)]
struct Entry<'a> {
    code: &'a str,
    severity: &'a str,
    message: &'a str,
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    place: Option<Place<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related: Vec<Place<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    help: Option<&'a str>,
}

/// A place for programs: line and column count from 1, columns in characters.
#[derive(Serialize)]
struct Place<'a> {
    file: &'a str,
    line: usize,
    column: usize,
    #[serde(skip_serializing_if = "str::is_empty")]
    label: &'a str,
}

/// All messages as one JSON object: `{"formatVersion": "1.0", "messages": […]}`.
pub fn json(diagnostics: &[Diagnostic], sources: &Sources) -> String {
    let messages: Vec<_> = diagnostics
        .iter()
        .map(|diagnostic| entry(diagnostic, sources))
        .collect();
    format!(
        "{:#}\n",
        serde_json::json!({"formatVersion": "1.0", "messages": messages})
    )
}

fn entry<'a>(diagnostic: &'a Diagnostic, sources: &'a Sources) -> Entry<'a> {
    let place = |label: &'a Label| {
        let position = sources.position(label.span);
        let file = sources.path(label.span.file);
        Place {
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
        place: diagnostic.primary.as_ref().map(place),
        related: diagnostic.related.iter().map(place).collect(),
        help: diagnostic.help.as_deref(),
    }
}
