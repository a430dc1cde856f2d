//! Listings in the formats of kubectl.

use clap::ValueEnum;
use comfy_table::{Table, presets};
use serde_json::Value as Json;

use crate::cli::terminal::{CommandResult, print_stdout};
use crate::diagnostic::escape_control_chars;
use crate::source::{Sources, Span};
use crate::tree::{Entry, Node, Style, Value};
use crate::yaml::print::document;

/// The format of a listing. The default is a table.
#[derive(Clone, Copy, PartialEq, ValueEnum)]
pub(super) enum ListFormat {
    /// Table with more columns
    Wide,
    /// JSON object
    Json,
    /// The JSON object as YAML
    Yaml,
    /// Names only, one per line
    Name,
}

/// Rows with headings. The first column is the name.
pub(super) struct Listing {
    /// The headings.
    pub(super) head: Vec<&'static str>,
    /// Number of the last columns that only the wide table shows.
    pub(super) wide: usize,
    /// The rows.
    pub(super) rows: Vec<Vec<String>>,
    /// The content for the JSON and YAML formats.
    pub(super) json: Json,
}

impl Listing {
    /// Prints the listing.
    pub(super) fn print(&self, format: Option<ListFormat>) -> CommandResult {
        let text = match format {
            None => self.table(self.head.len() - self.wide),
            Some(ListFormat::Wide) => self.table(self.head.len()),
            Some(ListFormat::Json) => format!("{:#}\n", self.json),
            Some(ListFormat::Yaml) => {
                let mut sources = Sources::default();
                let file = sources.add("", String::new());
                document(&to_node(&self.json, sources.start(file)))
            }
            Some(ListFormat::Name) => self.names(),
        };
        print_stdout(|out| out.write_all(text.as_bytes()))
    }

    fn names(&self) -> String {
        let names = self.rows.iter().filter_map(|row| row.first());
        names
            .flat_map(|name| [escape_control_chars(name), "\n".to_owned()])
            .collect()
    }

    /// Returns the first columns as a table.
    pub(super) fn table(&self, columns: usize) -> String {
        let mut table = Table::new();
        table.load_style(presets::NOTHING);
        table.set_header(&self.head[..columns]);
        let escape = |row: &Vec<String>| -> Vec<String> {
            row.iter()
                .take(columns)
                .map(|cell| escape_control_chars(cell))
                .collect()
        };
        table.add_rows(self.rows.iter().map(escape));
        for column in table.column_iter_mut() {
            column.set_padding((0, 3));
        }
        table
            .lines()
            .flat_map(|line| [line.trim_end().to_owned(), "\n".to_owned()])
            .collect()
    }
}

/// Converts a JSON value to a node whose parts all have the same span.
fn to_node(json: &Json, span: Span) -> Node {
    let value = match json {
        Json::String(text) => return Node::string(span, text),
        Json::Null | Json::Bool(_) | Json::Number(_) => {
            return Node::scalar(span, Style::Plain, json.to_string().into());
        }
        Json::Array(items) => {
            Value::Sequence(items.iter().map(|item| to_node(item, span)).collect())
        }
        Json::Object(entries) => Value::Mapping(
            entries
                .iter()
                .map(|(key, value)| Entry::new(key, to_node(value, span)))
                .collect(),
        ),
    };
    Node { span, value }
}
