//! Explanations as text and as JSON.

use std::fmt::Write as _;

use serde_json::{Map, Value as Json, json};

use super::level::{Explanation, Level, Section, State};
use crate::diagnostic::escape_control_chars;
use crate::source::{Sources, Span};

/// Maximum number of characters of a value in text.
const MAX_VALUE: usize = 72;
/// Escape sequences of a terminal that strike text out.
const STRIKE: [&str; 2] = ["\u{1b}[9m", "\u{1b}[29m"];

/// Renders an explanation as tables. Overridden values are struck out with escape sequences of a terminal.
pub fn to_text(explanation: &Explanation, sources: &Sources) -> String {
    let sections = explanation.sections.iter();
    let texts: Vec<String> = sections
        .map(|section| section_text(section, sources))
        .collect();
    texts.join("\n")
}

fn section_text(section: &Section, sources: &Sources) -> String {
    let title = escape_control_chars(&section.title);
    let is_value = section
        .levels
        .iter()
        .any(|level| level.state == State::Wins || level.state == State::NotSet);
    let mut out = match &section.value {
        Some(value) => format!("{title} = {}\n", shown(value)),
        None if is_value => format!("{title} is not set\n"),
        None => format!("{title}:\n"),
    };
    let rows: Vec<[String; 5]> = section
        .levels
        .iter()
        .map(|level| row(level, sources))
        .collect();
    let width = |column: usize| {
        let cells = rows.iter().map(|row| row[column].chars().count());
        cells.max().unwrap_or_default()
    };
    let widths: Vec<usize> = (0..5).map(width).collect();
    for (row, level) in rows.iter().zip(&section.levels) {
        let mut line = String::new();
        for (column, cell) in row.iter().enumerate() {
            if widths[column] == 0 {
                continue;
            }
            let is_struck = column == 3 && level.state == State::Overridden;
            let [begin, end] = if is_struck { STRIKE } else { ["", ""] };
            let padding = widths[column] - cell.chars().count();
            let _ = write!(line, "  {begin}{cell}{end}{:padding$}", "");
        }
        out += line.trim_end();
        out.push('\n');
    }
    out
}

/// Returns the cells of a level: its state, kind, name and note, value, and location.
fn row(level: &Level, sources: &Sources) -> [String; 5] {
    let state = match level.state {
        State::Applies => "",
        state => state.name(),
    };
    let mut name = escape_control_chars(&level.name);
    if let Some(resolved) = &level.resolved {
        let _ = write!(name, " -> {}", escape_control_chars(resolved));
    }
    if let Some(note) = &level.note {
        let _ = write!(name, " ({})", escape_control_chars(note));
    }
    let value = level.value.as_ref().map(shown).unwrap_or_default();
    let location = level.span.map(|span| {
        let (file, line, column) = location(span, sources);
        format!("{}:{line}:{column}", escape_control_chars(file))
    });
    [
        state.to_owned(),
        level.kind.to_owned(),
        name,
        value,
        location.unwrap_or_default(),
    ]
}

/// Returns a value on one line, cut to a length.
fn shown(value: &Json) -> String {
    let text = escape_control_chars(&value.to_string());
    match text.char_indices().nth(MAX_VALUE) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

fn location(span: Span, sources: &Sources) -> (&str, usize, usize) {
    let position = sources.position(span);
    (sources.path(span.file), position.line, position.column)
}

/// Renders an explanation as JSON.
pub fn to_json(explanation: &Explanation, sources: &Sources) -> Json {
    let section = |section: &Section| {
        let levels = section
            .levels
            .iter()
            .map(|level| level_json(level, sources));
        let mut json = json!({"title": section.title, "levels": levels.collect::<Vec<_>>()});
        if let Some(value) = &section.value {
            json["value"] = value.clone();
        }
        json
    };
    json!({
        "formatVersion": "1.0",
        "subject": explanation.subject,
        "sections": explanation.sections.iter().map(section).collect::<Vec<_>>(),
    })
}

fn level_json(level: &Level, sources: &Sources) -> Json {
    let mut json = Map::new();
    json.insert("kind".to_owned(), json!(level.kind));
    json.insert("name".to_owned(), json!(level.name));
    json.insert("state".to_owned(), json!(level.state.name()));
    if let Some(resolved) = &level.resolved {
        json.insert("resolved".to_owned(), json!(resolved));
    }
    if let Some(value) = &level.value {
        json.insert("value".to_owned(), value.clone());
    }
    if let Some(note) = &level.note {
        json.insert("note".to_owned(), json!(note));
    }
    if let Some(span) = level.span {
        let (file, line, column) = location(span, sources);
        json.insert(
            "location".to_owned(),
            json!({"file": file, "line": line, "column": column}),
        );
    }
    Json::Object(json)
}
