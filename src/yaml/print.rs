//! Printing of trees as block-style YAML or compact JSON.

use super::text::{braced_string, has_braces, json_string, yaml_key, yaml_string};
use crate::tree::{Entry, Node, Plain, Scalar, Style, Value, type_plain};

/// The format of the output.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Format {
    /// YAML documents, to be read and applied with kubectl.
    Yaml,
    /// A compact JSON object per line, for Argo CD.
    Json,
}

/// The format of a string, and whether a template engine evaluates it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Form {
    /// The format.
    pub(crate) format: Format,
    /// Whether a Go template engine evaluates the string first, so that `{{` must be escaped.
    pub(crate) is_template: bool,
}

impl From<Format> for Form {
    fn from(format: Format) -> Self {
        let is_template = false;
        Self {
            format,
            is_template,
        }
    }
}

/// Separator of two YAML documents.
pub(crate) const SEPARATOR: &[u8] = b"---\n";

/// Terminator of a document.
pub(crate) const DOCUMENT_END: u8 = b'\n';

/// The position of a value, which is the token before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Place {
    /// The start of the document.
    Document,
    /// After `key:`, which begins in this column.
    Key(usize),
    /// After `-` in this column.
    Dash(usize),
}

/// A function that can print a node itself, given its position and the output; it returns `true` if it did.
pub(crate) type Hole<'h> = dyn FnMut(&Node, Place, &mut Vec<u8>) -> bool + 'h;

/// Prints a value without expressions, with the space or line break before it.
pub(crate) fn value(form: impl Into<Form>, node: &Node, place: Place, out: &mut Vec<u8>) {
    let printer = Printer {
        form: form.into(),
        hole: &mut |_, _, _| false,
        out,
    };
    printer.print(node, place);
}

/// Prints a string as a scalar of a style, with the space before it.
pub(crate) fn scalar(
    form: impl Into<Form>,
    style: Style,
    text: &str,
    place: Place,
    out: &mut Vec<u8>,
) {
    let form = form.into();
    if form.format == Format::Yaml && place != Place::Document {
        out.push(b' ');
    }
    match (typed(style, text), form.format) {
        (Some(typed), _) => out.extend_from_slice(typed.as_bytes()),
        _ if form.is_template && has_braces(text) => braced_string(out, text),
        (None, Format::Json) => json_string(out, text),
        (None, Format::Yaml) => yaml_string(out, text, place.column()),
    }
}

/// Prints a value; `hole` is called first with every node, and can print it.
pub(crate) fn with_holes(
    form: impl Into<Form>,
    node: &Node,
    out: &mut Vec<u8>,
    hole: &mut Hole<'_>,
) {
    let form = form.into();
    Printer { form, hole, out }.print(node, Place::Document);
}

/// Returns a value without expressions as a YAML document.
pub(crate) fn document(node: &Node) -> String {
    let mut out = Vec::new();
    value(Format::Yaml, node, Place::Document, &mut out);
    out.push(DOCUMENT_END);
    String::from_utf8(out).unwrap_or_default()
}

struct Printer<'a, 'h> {
    form: Form,
    hole: &'a mut Hole<'h>,
    out: &'a mut Vec<u8>,
}

impl Printer<'_, '_> {
    fn print(mut self, node: &Node, place: Place) {
        match self.form.format {
            Format::Json => self.json(node),
            Format::Yaml => self.yaml(node, place),
        }
    }

    fn json(&mut self, node: &Node) {
        if (self.hole)(node, Place::Document, self.out) {
            return;
        }
        match &node.value {
            Value::Scalar(scalar) => self.scalar(scalar, Place::Document),
            Value::Sequence(items) => {
                self.out.push(b'[');
                for (index, item) in items.iter().enumerate() {
                    if index > 0 {
                        self.out.push(b',');
                    }
                    self.json(item);
                }
                self.out.push(b']');
            }
            Value::Mapping(entries) => {
                self.out.push(b'{');
                for (index, entry) in entries.iter().enumerate() {
                    if index > 0 {
                        self.out.push(b',');
                    }
                    self.key(entry);
                    self.out.push(b':');
                    self.json(&entry.value);
                }
                self.out.push(b'}');
            }
        }
    }

    fn yaml(&mut self, node: &Node, place: Place) {
        if (self.hole)(node, place, self.out) {
            return;
        }
        match &node.value {
            Value::Scalar(scalar) => self.scalar(scalar, place),
            Value::Sequence(items) if items.is_empty() => self.empty(place, b"[]"),
            Value::Mapping(entries) if entries.is_empty() => self.empty(place, b"{}"),
            Value::Sequence(items) => self.yaml_sequence(items, place),
            Value::Mapping(entries) => self.yaml_mapping(entries, place),
        }
    }

    fn yaml_sequence(&mut self, items: &[Node], place: Place) {
        // A sequence has the indentation of its key.
        let column = match place {
            Place::Document => 0,
            Place::Key(column) => column,
            Place::Dash(column) => column + 2,
        };
        for (index, item) in items.iter().enumerate() {
            self.start_line(index == 0, place, column);
            self.out.push(b'-');
            self.yaml(item, Place::Dash(column));
        }
    }

    fn yaml_mapping(&mut self, entries: &[Entry], place: Place) {
        let column = match place {
            Place::Document => 0,
            Place::Key(column) | Place::Dash(column) => column + 2,
        };
        for (index, entry) in entries.iter().enumerate() {
            self.start_line(index == 0, place, column);
            self.key(entry);
            self.out.push(b':');
            self.yaml(&entry.value, Place::Key(column));
        }
    }

    /// Starts a line. The first line of a collection continues after a dash, or begins the document.
    fn start_line(&mut self, is_first: bool, place: Place, column: usize) {
        match place {
            Place::Document if is_first => {}
            Place::Dash(_) if is_first => self.out.push(b' '),
            _ => {
                self.out.push(b'\n');
                self.out.resize(self.out.len() + column, b' ');
            }
        }
    }

    fn key(&mut self, entry: &Entry) {
        let text = entry.key.text.literal().unwrap_or_default();
        match self.form.format {
            _ if self.form.is_template && has_braces(text) => braced_string(self.out, text),
            Format::Json => json_string(self.out, text),
            Format::Yaml => yaml_key(self.out, text),
        }
    }

    fn scalar(&mut self, scalar: &Scalar, place: Place) {
        let text = scalar.text.literal().unwrap_or_default();
        self::scalar(self.form, scalar.style, text, place, self.out);
    }

    fn empty(&mut self, place: Place, text: &[u8]) {
        if place != Place::Document {
            self.out.push(b' ');
        }
        self.out.extend_from_slice(text);
    }
}

impl Place {
    /// Returns the column relative to which a block scalar is indented.
    pub(crate) fn column(self) -> usize {
        match self {
            Self::Document => 0,
            Self::Key(column) | Self::Dash(column) => column,
        }
    }
}

/// Returns the output of a scalar that is not a string.
fn typed(style: Style, text: &str) -> Option<String> {
    if style == Style::Quoted {
        return None;
    }
    match type_plain(text) {
        Plain::Null => Some("null".to_owned()),
        Plain::Bool(value) => Some(value.to_string()),
        Plain::Number(number) => Some(number),
        Plain::String | Plain::Unrepresentable(_) => None,
    }
}
