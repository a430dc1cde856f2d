//! YAML that stands in a text and differs between clusters: compiled to literal runs and holes, as
//! objects are.

use super::common::Common;
use super::program::is_hole;
use crate::source::Span;
use crate::template::fill::yaml::{sorted, too_long};
use crate::template::fill::{self, Problem, Scope};
use crate::template::function::MAX_LENGTH;
use crate::tree::{Node, Part, Text};
use crate::yaml::print::{self, DOCUMENT_END, Format, Place};

/// A text that is a tree as YAML.
#[derive(Debug)]
pub(super) struct Embedded {
    /// The bytes before a hole, the hole, and where it stands.
    holes: Vec<(Vec<u8>, Node, Place)>,
    /// The bytes behind the last hole.
    rest: Vec<u8>,
    span: Span,
}

impl Embedded {
    /// Compiles a text that is a mapping as YAML and nothing else. What an engine reads later is escaped as a
    /// whole, and so has to be filled first.
    pub(super) fn new(text: &Text, common: &Common<'_>) -> Option<Self> {
        let Text::Parts(parts) = text else {
            return None;
        };
        let [Part::Yaml(embedded)] = &**parts else {
            return None;
        };
        let is_mapping = embedded.tree.entries().is_some();
        if embedded.is_template || embedded.runtime.is_some() || !is_mapping {
            return None;
        }
        let mut holes = Vec::new();
        let mut rest = Vec::new();
        print::with_holes(
            Format::Yaml,
            &sorted(&embedded.tree),
            &mut rest,
            &mut |node, place, out| {
                if !is_hole(node) {
                    return false;
                }
                match common.value(node) {
                    Some(constant) => print::value(Format::Yaml, &sorted(&constant), place, out),
                    None => holes.push((std::mem::take(out), node.clone(), place)),
                }
                true
            },
        );
        rest.push(DOCUMENT_END);
        let span = embedded.tree.span;
        Some(Self { holes, rest, span })
    }

    /// Appends the text for a subject.
    pub(super) fn fill(&self, scope: &dyn Scope, out: &mut String, problems: &mut Vec<Problem>) {
        let mut yaml = Vec::with_capacity(1 << 10);
        let mut text = String::new();
        for (before, node, place) in &self.holes {
            yaml.extend_from_slice(before);
            text.clear();
            match node.as_scalar() {
                Some(scalar) if fill::append(&scalar.text, scope, &mut text) => {
                    let style = fill::style(scalar.style, &text);
                    print::scalar(Format::Yaml, style, &text, *place, &mut yaml);
                }
                _ => {
                    let filled = sorted(&fill::node(node, scope, problems));
                    print::value(Format::Yaml, &filled, *place, &mut yaml);
                }
            }
        }
        yaml.extend_from_slice(&self.rest);
        if yaml.len() > MAX_LENGTH {
            problems.push(too_long(self.span));
            return;
        }
        out.push_str(std::str::from_utf8(&yaml).unwrap_or_default());
    }
}
