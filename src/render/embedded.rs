//! Compilation of YAML inside a string to literal runs and holes, so that its constant parts are neither substituted
//! nor stored for each cluster.

use crate::fill::Collector;
use crate::fill::unfilled::is_hole;
use crate::template::fill::yaml::{form, has_places, sorted, with_holes};
use crate::tree::{Node, Part, Text};
use crate::yaml::print::{self, Form, Format, Place};
use crate::yaml::text::{block_lines, json_chars};

/// A piece of the YAML.
pub(super) enum Piece {
    /// Bytes that are the same for every subject.
    Literal(Vec<u8>),
    /// A value that differs between subjects, and its position.
    Hole(Node, Place),
}

/// The style of YAML inside a string of the output.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct EmbeddedStyle {
    /// The format of the YAML.
    pub(super) form: Form,
    outer: ContainerStyle,
}

/// The style of the string that contains the YAML.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum ContainerStyle {
    /// A JSON string.
    String,
    /// A `|` block with this indentation. Every mapping as YAML can be a block: it begins with a key, ends with one
    /// line break, and no line ends with a space.
    Block(usize),
}

/// Returns the pieces and the style of a string that consists of one mapping as YAML. Returns `None` for other
/// strings.
pub(super) fn compile_embedded(
    node: &Node,
    (format, place): (Format, Place),
    values: &Collector<'_>,
) -> Option<(Vec<Piece>, EmbeddedStyle)> {
    let Text::Parts(parts) = &node.as_scalar()?.text else {
        return None;
    };
    let [Part::Yaml(embedded)] = &**parts else {
        return None;
    };
    let runtime = embedded.runtime.as_ref();
    if embedded.tree.entries().is_none()
        || is_hole(&embedded.tree)
        || !runtime.is_none_or(|runtime| has_places(&embedded.tree, runtime))
    {
        return None;
    }
    let form = form(embedded.is_template);
    let mut pieces = Vec::new();
    let mut rest = Vec::new();
    with_holes(embedded, &mut rest, &mut |node, place, out| {
        if !is_hole(node) {
            return false;
        }
        if let Some(constant) = values.constant(node) {
            print::value(form, &sorted(&constant), place, out);
        } else {
            pieces.push(Piece::Literal(std::mem::take(out)));
            pieces.push(Piece::Hole(node.clone(), place));
        }
        true
    });
    pieces.push(Piece::Literal(rest));
    let outer = match format {
        Format::Json => ContainerStyle::String,
        Format::Yaml => ContainerStyle::Block(place.column() + 2),
    };
    Some((pieces, EmbeddedStyle { form, outer }))
}

impl EmbeddedStyle {
    /// Appends the start of the string.
    pub(super) fn open(self, out: &mut Vec<u8>) {
        match self.outer {
            ContainerStyle::String => out.push(b'"'),
            ContainerStyle::Block(indent) => {
                out.extend_from_slice(b" |\n");
                out.resize(out.len() + indent, b' ');
            }
        }
    }

    /// Appends a piece of the YAML.
    pub(super) fn write(self, yaml: &[u8], out: &mut Vec<u8>) {
        let yaml = std::str::from_utf8(yaml).unwrap_or_default();
        match self.outer {
            ContainerStyle::String => json_chars(out, yaml),
            ContainerStyle::Block(indent) => block_lines(out, yaml, indent),
        }
    }

    /// Appends the end of the string. The line break at the end of a block is removed, because the next line adds it.
    pub(super) fn close(self, out: &mut Vec<u8>) {
        match self.outer {
            ContainerStyle::String => out.push(b'"'),
            ContainerStyle::Block(_) => {
                out.pop();
            }
        }
    }
}
