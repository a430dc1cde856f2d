//! Strings in a YAML file that contain YAML.

use super::mask::Mask;
use crate::source::Span;
use crate::tree::{Style, Text};

/// The locations of the lines of a string in its file.
pub struct Lines {
    span: Span,
    /// Offset of the beginning of each line, in the string and in the file. Only the first one if the string is
    /// not a YAML block, whose lines are the lines of the string.
    starts: Vec<(usize, usize)>,
}

impl Lines {
    /// Returns the locations of the lines of `text`, which the scalar at `span` of `source` contains.
    pub fn new(span: Span, text: &str, source: &str) -> Self {
        let (start, end) = (span.start as usize, span.end as usize);
        let written = source.get(start..end).unwrap_or_default();
        let mut starts = Vec::new();
        let mut at = 0;
        let mut rest = written;
        for line in text.split_inclusive('\n') {
            let expected = line.trim_end_matches('\n');
            // In a folded block, an empty line separates lines that are not joined.
            while let Some((_, next)) = rest
                .split_once('\n')
                .filter(|(empty, _)| !expected.is_empty() && empty.trim().is_empty())
            {
                rest = next;
            }
            let spaces = rest.len() - rest.trim_start_matches(' ').len();
            // A line of the block can begin with spaces of its own.
            let own = expected.len() - expected.trim_start_matches(' ').len();
            let indent = spaces.saturating_sub(own);
            if !rest[indent..].starts_with(expected) {
                // An approximation: a written string is never shorter than its value.
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
