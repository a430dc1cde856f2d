//! Mappings that a `ConfigMap` holds in a string.

use crate::diagnostic::Diagnostics;
use crate::source::Span;
use crate::tree::{Node, Style, Text};
use crate::yaml::{self, Mask};

/// What a string holds.
pub(super) enum Held {
    /// A plain text.
    Text,
    /// A mapping, written as YAML.
    Mapping(Node),
    /// Several lines that are no YAML, which was reported.
    Broken,
}

/// What a string holds. A single line is a text wherever a member may be one.
pub(super) fn held(node: &Node, source: &str, takes_text: bool, diags: &mut Diagnostics) -> Held {
    let Some(text) = node.text().filter(|text| text.contains(':')) else {
        return Held::Text;
    };
    let has_lines = text.trim_end().contains('\n');
    if takes_text && !has_lines {
        return Held::Text;
    }
    let lines = Lines::new(node.span, text, source);
    let mut found = Diagnostics::default();
    let documents = yaml::parse(node.span.file, text, &lines, &mut found).unwrap_or_default();
    let is_mapping = |documents: &[Node]| matches!(documents, [only] if only.entries().is_some());
    if found.errors() > 0 && has_lines {
        diags.append(found);
        return Held::Broken;
    }
    if found.errors() > 0 || !is_mapping(&documents) {
        return Held::Text;
    }
    diags.append(found);
    documents
        .into_iter()
        .next()
        .map_or(Held::Text, Held::Mapping)
}

/// The places of a string's lines in its file.
struct Lines {
    span: Span,
    /// Where each line begins, in the string and in the file; one where the string is not written line
    /// by line, as a block is.
    starts: Vec<(usize, usize)>,
}

impl Lines {
    fn new(span: Span, text: &str, source: &str) -> Self {
        let (start, end) = (span.start as usize, span.end as usize);
        let written = source.get(start..end).unwrap_or_default();
        let mut starts = Vec::new();
        let mut at = 0;
        let mut rest = written;
        for line in text.split_inclusive('\n') {
            let wanted = line.trim_end_matches('\n');
            // Folded, lines that are kept apart have an empty one between them.
            while let Some((_, next)) = rest
                .split_once('\n')
                .filter(|(empty, _)| !wanted.is_empty() && empty.trim().is_empty())
            {
                rest = next;
            }
            let blanks = rest.len() - rest.trim_start_matches(' ').len();
            // A line of the block may begin with blanks of its own.
            let own = wanted.len() - wanted.trim_start_matches(' ').len();
            let indent = blanks.saturating_sub(own);
            if !rest[indent..].starts_with(wanted) {
                // Near enough: what is written is never shorter than what it means.
                let quote = usize::from(written.starts_with(['"', '\'']));
                starts = vec![(0, start + quote)];
                break;
            }
            starts.push((at, end - rest.len() + indent));
            at += line.len();
            rest = rest.split_once('\n').map_or("", |(_, rest)| rest);
        }
        Self { span, starts }
    }
}

impl Mask for Lines {
    fn offset(&self, masked: usize) -> usize {
        let line = self.starts.partition_point(|(at, _)| *at <= masked);
        let (at, start) = self.starts[line.saturating_sub(1)];
        (start + masked - at).min(self.span.end as usize)
    }

    fn unmask(&self, text: &str, _: Style) -> Text {
        Text::Literal(text.into())
    }
}
