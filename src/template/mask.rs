//! Placeholders for the expressions of a template while it is parsed as YAML.

use std::ops::Range;
use std::rc::Rc;

use crate::diagnostic::Diagnostics;
use crate::source::{FileId, Span};
use crate::tree::expression::{Operation, Segment};
use crate::tree::{ExpressionSlot, Node, Part, Style, Text, Value};
use crate::yaml::{self, Mask};

/// The characters before and after the number of an expression in a placeholder.
pub(crate) const RESERVED: [char; 2] = [BEGIN, END];
const BEGIN: char = '\u{e000}';
const END: char = '\u{e001}';

/// The contents of a file with placeholders for its expressions.
pub(super) struct Masked {
    text: String,
    parts: Vec<Part>,
    /// For each piece, its start in the masked contents and in the source, in order.
    offsets: Vec<(usize, usize)>,
}

impl Masked {
    /// Replaces the expressions of `segments`, which cover `range` of the source, with placeholders.
    pub(super) fn new(
        file: FileId,
        source: &Rc<str>,
        segments: &[Segment],
        range: Range<usize>,
    ) -> Self {
        let mut masked = Self {
            text: String::with_capacity(range.len()),
            parts: Vec::new(),
            offsets: Vec::new(),
        };
        for segment in segments {
            let (range, part) = match segment {
                Segment::Text(range) => {
                    masked.offsets.push((masked.text.len(), range.start));
                    masked.text.push_str(&source[range.clone()]);
                    continue;
                }
                Segment::Dollar(range) => (range, Part::Dollar),
                Segment::Expression(expression) => {
                    let span = Span::new(file, expression.range.clone());
                    let default = default(file, source, &expression.operation);
                    let slot = ExpressionSlot {
                        text: Rc::clone(source),
                        span,
                        expression: (**expression).clone(),
                        default,
                        is_unquoted: false,
                    };
                    (&expression.range, Part::Expression(Rc::new(slot)))
                }
            };
            masked.offsets.push((masked.text.len(), range.start));
            masked.text.push(BEGIN);
            masked.text.push_str(&masked.parts.len().to_string());
            masked.text.push(END);
            masked.parts.push(part);
        }
        masked.offsets.push((masked.text.len(), range.end));
        masked
    }

    /// Returns the contents to parse.
    pub(super) fn text(&self) -> &str {
        &self.text
    }
}

impl Mask for Masked {
    fn offset(&self, masked: usize) -> usize {
        let piece = self
            .offsets
            .partition_point(|(start, _)| *start <= masked)
            .saturating_sub(1);
        let (start, source) = self.offsets[piece];
        let next = self
            .offsets
            .get(piece + 1)
            .map_or(source, |(_, next)| *next);
        // A location in a placeholder is the location of its expression.
        if self.text[start..].starts_with(BEGIN) && masked > start {
            next
        } else {
            source + masked - start
        }
    }

    fn has_optional_keys(&self) -> bool {
        true
    }

    fn contains_escaped_placeholder(&self, text: &str, written: &str) -> bool {
        text.matches(RESERVED).count() != written.matches(RESERVED).count()
    }

    fn unmask(&self, text: &str, style: Style) -> Text {
        if !text.contains(BEGIN) {
            return Text::Literal(text.into());
        }
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some((before, number, after)) = placeholder(rest) {
            if !before.is_empty() {
                parts.push(Part::Literal(before.into()));
            }
            parts.extend(
                number
                    .parse()
                    .ok()
                    .and_then(|index: usize| self.parts.get(index))
                    .cloned(),
            );
            rest = after;
        }
        if !rest.is_empty() {
            parts.push(Part::Literal(rest.into()));
        }
        if style == Style::Plain {
            close_brace(&mut parts);
        }
        Text::Parts(parts.into())
    }
}

/// Removes the second brace of `${X:={}}`.
///
/// clusterctl ends the expression at the first brace and treats the second as a literal. If the expression
/// is the whole scalar, the default is a mapping, and the second brace is already part of it.
fn close_brace(parts: &mut Vec<Part>) {
    let Some(Part::Expression(slot)) = parts.first() else {
        return;
    };
    if slot
        .default
        .as_ref()
        .is_none_or(|default| default.entries().is_none())
    {
        return;
    }
    match parts.as_slice() {
        [_, Part::Literal(rest)] if **rest == *"}" => parts.truncate(1),
        _ => {
            parts[0] = Part::Expression(Rc::new(ExpressionSlot {
                default: None,
                ..(**slot).clone()
            }));
        }
    }
}

fn placeholder(text: &str) -> Option<(&str, &str, &str)> {
    let (before, rest) = text.split_once(BEGIN)?;
    let (number, after) = rest.split_once(END)?;
    Some((before, number, after))
}

/// Returns the default of an operation parsed as YAML.
///
/// Returns `None` unless the default is a quoted string, a flow collection or a single expression: other
/// defaults are strings.
fn default(file: FileId, source: &Rc<str>, operation: &Operation) -> Option<Node> {
    let Operation::Default(segments) = operation else {
        return None;
    };
    let range_of = |segment: &Segment| match segment {
        Segment::Text(range) | Segment::Dollar(range) => range.clone(),
        Segment::Expression(expression) => expression.range.clone(),
    };
    let range = range_of(segments.first()?).start..range_of(segments.last()?).end;
    let is_expression = matches!(segments.as_slice(), [Segment::Expression(_)]);
    if !is_expression && !source[range.clone()].starts_with(['[', '{', '"', '\'']) {
        return None;
    }
    let is_map = source[range.clone()].starts_with('{');
    let mut masked = Masked::new(file, source, segments, range);
    if is_map {
        masked.text.push('}');
    }
    let mut diags = Diagnostics::default();
    let documents = yaml::parse(file, &masked.text, &masked, &mut diags)?;
    let node = documents
        .into_iter()
        .next()
        .filter(|_| diags.errors() == 0)?;
    let is_flow = !matches!(&node.value, Value::Scalar(scalar) if scalar.style == Style::Plain);
    (is_flow || is_expression).then_some(node)
}
