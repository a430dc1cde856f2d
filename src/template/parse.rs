//! Reads templates: mask, parse, unmask.

use super::directive;
use super::mask::{Masked, RESERVED};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::source::{FileId, Sources, Span};
use crate::tree::Node;
use crate::tree::expression;
use crate::yaml;

/// How many pieces a file may have: expressions, and the text between them.
const EXPRESSIONS: usize = 100_000;

/// Reads a text of the platform: a template or `fleet.yaml`. Returns its documents that have content,
/// or `None` after a syntax error, as [`yaml::parse`] does.
pub fn parse(file: FileId, sources: &Sources, diags: &mut Diagnostics) -> Option<Vec<Node>> {
    let text = sources.text(file);
    if let Some(at) = text.find(RESERVED) {
        diags.push(yaml::reserved_character(Span::new(file, at..at)));
        return None;
    }
    match expression::split(&text) {
        Ok(segments) if segments.len() > EXPRESSIONS => {
            let message = format!("more than {} expressions in one file", EXPRESSIONS / 2);
            diags.push(Diagnostic::new(
                Code::YamlBudget,
                Span::new(file, 0..0),
                message,
            ));
            None
        }
        Ok(segments) => {
            let masked = Masked::new(file, &text, &segments, 0..text.len());
            let documents = yaml::parse(file, masked.text(), &masked, diags)?;
            if !directive::is_in(&text) {
                return Some(documents);
            }
            let mark = |document| directive::marked(document, false, diags);
            Some(documents.iter().map(mark).collect())
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
