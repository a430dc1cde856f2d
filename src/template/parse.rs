//! Parsing of templates.

use super::directive;
use super::mask::{Masked, RESERVED};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::source::{FileId, Sources, Span};
use crate::tree::Node;
use crate::tree::expression;
use crate::yaml;

/// Maximum number of segments of a file: expressions, and the strings between them.
const MAX_SEGMENTS: usize = 100_000;

/// Parses a template or `fleet.yaml`, and returns the documents that have content.
///
/// Returns `None` after a syntax error, as [`yaml::parse`] does.
pub fn parse(file: FileId, sources: &Sources, diags: &mut Diagnostics) -> Option<Vec<Node>> {
    let text = sources.text(file);
    if let Some(at) = text.find(RESERVED) {
        diags.push(yaml::reserved_character(Span::new(file, at..at)));
        return None;
    }
    match expression::split(&text) {
        Ok(segments) if segments.len() > MAX_SEGMENTS => {
            let message = format!("more than {} expressions in one file", MAX_SEGMENTS / 2);
            let span = Span::new(file, 0..0);
            let help = "split the file";
            diags.push(Diagnostic::new(Code::YamlBudget, span, message).help(help));
            None
        }
        Ok(segments) => {
            let masked = Masked::new(file, &text, &segments, 0..text.len());
            let documents = yaml::parse(file, masked.text(), &masked, diags)?;
            if !directive::may_contain_directive(&text) {
                return Some(documents);
            }
            let resolve = |document| directive::resolve_directives(document, false, diags);
            Some(documents.iter().map(resolve).collect())
        }
        Err(errors) => {
            for error in errors {
                let diagnostic = Diagnostic::new(
                    Code::ExpressionSyntax,
                    Span::new(file, error.range),
                    error.message,
                );
                diags.push(match error.help {
                    Some(help) => diagnostic.help(help),
                    None => diagnostic,
                });
            }
            None
        }
    }
}
