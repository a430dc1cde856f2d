//! What every format of a CI system shows of a diagnostic, without characters that a terminal or a browser interprets.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::redact::{MAX_LINE_BYTES, floor_char_boundary};
use crate::diagnostic::{Code, Diagnostic, Label, escape_control_chars};
use crate::source::Sources;

/// The diagnostics of a run, for a CI system.
pub struct Report<'a> {
    /// The errors and warnings, in order.
    pub diagnostics: &'a [Diagnostic],
    /// The files that they quote.
    pub sources: &'a Sources,
    /// The path of the fleet's directory in its repository: empty for the root.
    pub dir: &'a str,
}

/// A diagnostic as CI systems show it.
pub(super) struct Finding {
    pub(super) code: Code,
    pub(super) is_error: bool,
    pub(super) message: String,
    pub(super) help: Option<String>,
    /// The location; that of a diagnostic without one is the start of the fleet.
    pub(super) place: Place,
    /// Whether the diagnostic has a location.
    pub(super) is_located: bool,
    pub(super) related: Vec<Place>,
    /// The number of equal findings before this one.
    pub(super) repetition: usize,
    /// A string that is the same in the next run, even if lines were added above, and differs from that of any other
    /// finding.
    pub(super) fingerprint: String,
}

/// A location in a file of the repository. It ends at the end of a line.
pub(super) struct Place {
    /// The path, relative to the root of the repository.
    pub(super) path: String,
    pub(super) line: usize,
    pub(super) column: usize,
    /// The column after the last character.
    pub(super) end_column: usize,
    pub(super) label: String,
}

impl Finding {
    /// Returns the message, the related locations and the help, one line each.
    pub(super) fn text(&self) -> String {
        let mut text = self.message.clone();
        for Place {
            path,
            line,
            column,
            label,
            ..
        } in &self.related
        {
            let separator = if label.is_empty() { "" } else { ": " };
            let _ = write!(text, "\n{path}:{line}:{column}{separator}{label}");
        }
        if let Some(help) = &self.help {
            let _ = write!(text, "\nhelp: {help}");
        }
        text
    }
}

impl Report<'_> {
    /// Returns the findings.
    pub(super) fn findings(&self) -> Vec<Finding> {
        let mut known: BTreeMap<(Code, String, String), usize> = BTreeMap::new();
        let finding = |diagnostic: &Diagnostic| {
            let message = escape_control_chars(&diagnostic.message);
            let primary = diagnostic.primary.as_ref();
            let place = primary.map_or_else(|| self.start(), |label| self.place(label));
            let key = (diagnostic.code, place.path.clone(), message.clone());
            let repetitions = known.entry(key).or_default();
            let repetition = *repetitions;
            *repetitions += 1;
            let fingerprint = fingerprint(diagnostic.code, &place.path, &message, repetition);
            Finding {
                code: diagnostic.code,
                is_error: diagnostic.is_error(),
                message,
                help: diagnostic.help.as_deref().map(escape_control_chars),
                place,
                is_located: primary.is_some(),
                related: diagnostic
                    .related
                    .iter()
                    .map(|label| self.place(label))
                    .collect(),
                repetition,
                fingerprint,
            }
        };
        self.diagnostics.iter().map(finding).collect()
    }

    fn place(&self, label: &Label) -> Place {
        let position = self.sources.position(label.span);
        let text = self.sources.text(label.span.file);
        let start = floor_char_boundary(&text, label.span.start as usize);
        // A long location is cut, so that the time does not depend on the sizes of locations.
        let longest = start + MAX_LINE_BYTES;
        let end = floor_char_boundary(&text, (label.span.end as usize).min(longest)).max(start);
        let marked = text[start..end].split('\n').next().unwrap_or_default();
        Place {
            path: self.path(self.sources.path(label.span.file)),
            line: position.line,
            column: position.column,
            end_column: position.column + marked.chars().count(),
            label: escape_control_chars(&label.text),
        }
    }

    /// Returns the start of the fleet.
    fn start(&self) -> Place {
        let first = self.sources.files().next();
        Place {
            path: self.path(first.map_or("fleet.yaml", |(_, path)| path)),
            line: 1,
            column: 1,
            end_column: 1,
            label: String::new(),
        }
    }

    fn path(&self, path: &str) -> String {
        let path = match self.dir {
            "" => path.to_owned(),
            dir => format!("{dir}/{path}"),
        };
        escape_control_chars(&path)
    }
}

/// Returns the FNV-1a hash of what identifies a finding. Lines and columns do not, because an edit moves them.
fn fingerprint(code: Code, path: &str, message: &str, repetition: usize) -> String {
    let repetition = repetition.to_string();
    let parts = [code.name(), path, message, &repetition];
    let bytes = parts
        .iter()
        .flat_map(|part| part.bytes().chain(std::iter::once(0)));
    let hash = bytes.fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    format!("{hash:016x}")
}
