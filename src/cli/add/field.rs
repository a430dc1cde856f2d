//! `FIELD=VALUE` arguments, typed as if they were written in a list.

use crate::diagnostic::Diagnostics;
use crate::input::members::{Field, Members};
use crate::source::{FileId, Span};
use crate::tree::{Node, Plain, Shape, Style, type_plain};
use crate::yaml::{self, NoMask};

/// A field of the new member.
#[derive(Clone, Debug)]
pub(super) struct FieldValue {
    pub(super) name: String,
    /// The argument as typed.
    pub(super) text: String,
    /// Its value.
    pub(super) node: Node,
}

/// Parses an argument, without its type.
pub(super) fn parse(argument: &str) -> Result<(String, String), String> {
    match argument.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok((name.to_owned(), value.to_owned())),
        _ => Err("write FIELD=VALUE, for example `type=staging`".to_owned()),
    }
}

/// Returns the fields with their types: those that the list declares, or those of YAML.
pub(super) fn typed(
    arguments: &[(String, String)],
    members: &Members,
    file: FileId,
) -> Vec<FieldValue> {
    let declared = members.fields.as_deref().unwrap_or_default();
    let typed = |(name, text): &(String, String)| {
        let field = declared.iter().find(|field| field.name.value == *name);
        let node = if field.is_some_and(accepts_only_strings) {
            Node::string(Span::new(file, 0..0), text)
        } else {
            as_written(text, file)
        };
        let (name, text) = (name.clone(), text.clone());
        FieldValue { name, text, node }
    };
    arguments.iter().map(typed).collect()
}

/// Returns `true` if no other value than a string can be valid: because of `type`, `const` or `enum`.
fn accepts_only_strings(field: &Field) -> bool {
    let is_string = |node: &Node| node.shape() == Shape::String;
    let schema = &field.schema;
    let types = schema.get("type");
    let is_type = types.is_some_and(|types| match types.items() {
        Some([one]) => one.text() == Some("string"),
        Some(_) => false,
        None => types.text() == Some("string"),
    });
    let options = schema.get("enum").and_then(Node::items);
    is_type
        || schema.get("const").is_some_and(is_string)
        || options.is_some_and(|options| !options.is_empty() && options.iter().all(is_string))
}

/// Returns the value of an argument as YAML in a list: a number, a boolean, null, a quoted string, a sequence or a
/// mapping. Any other argument is a string.
fn as_written(text: &str, file: FileId) -> Node {
    let span = Span::new(file, 0..0);
    if text.starts_with(['"', '\'', '[', '{']) {
        let parsed = yaml::parse(file, text, &NoMask, &mut Diagnostics::default());
        if let Some([node]) = parsed.as_deref()
            && (node.span.start, node.span.end) == (0, Span::new(file, 0..text.len()).end)
        {
            return node.clone();
        }
    } else if !text.is_empty() && type_plain(text) != Plain::String {
        return Node::scalar(span, Style::Plain, text.into());
    }
    Node::string(span, text)
}
