//! What `get` lists, in every form that kubectl knows; the only user of the crate for tables.

use clap::ValueEnum;
use comfy_table::{Table, presets};
use serde_json::Value as Json;

use crate::cli::terminal::{CommandResult, print_stdout};
use crate::diagnostic::escape_control_chars;
use crate::source::{Sources, Span};
use crate::tree::{Entry, Node, Style, Value};
use crate::yaml::print::document;

/// The form of a listing; without one, it is a table.
#[derive(Clone, Copy, PartialEq, ValueEnum)]
pub(super) enum ListFormat {
    /// A table with more columns
    Wide,
    /// A JSON object
    Json,
    /// The same as YAML
    Yaml,
    /// The names alone, one a line
    Name,
}

/// Rows under headings. The first column is the name.
pub(super) struct Listing {
    /// The headings.
    pub(super) head: Vec<&'static str>,
    /// How many of the columns, the last ones, only the wide table has.
    pub(super) wide: usize,
    /// The rows.
    pub(super) rows: Vec<Vec<String>>,
    /// All of it for programs.
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
                let nowhere = sources.add("", String::new());
                document(&node(&self.json, sources.start(nowhere)))
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

    fn table(&self, columns: usize) -> String {
        let mut table = Table::new();
        table.load_style(presets::NOTHING);
        table.set_header(&self.head[..columns]);
        let shown = |row: &Vec<String>| -> Vec<String> {
            row.iter()
                .take(columns)
                .map(|cell| escape_control_chars(cell))
                .collect()
        };
        table.add_rows(self.rows.iter().map(shown));
        for column in table.column_iter_mut() {
            column.set_padding((0, 3));
        }
        table
            .lines()
            .flat_map(|line| [line.trim_end().to_owned(), "\n".to_owned()])
            .collect()
    }
}

fn node(json: &Json, span: Span) -> Node {
    let value = match json {
        Json::String(text) => return Node::string(span, text),
        Json::Null | Json::Bool(_) | Json::Number(_) => {
            return Node::scalar(span, Style::Plain, json.to_string().into());
        }
        Json::Array(items) => Value::Sequence(items.iter().map(|item| node(item, span)).collect()),
        Json::Object(entries) => Value::Mapping(
            entries
                .iter()
                .map(|(key, value)| Entry::new(key, node(value, span)))
                .collect(),
        ),
    };
    Node { span, value }
}
