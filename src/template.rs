//! Templates: mask, parse, fill.
//!
//! Every `${…}` is masked, the text is parsed as YAML, and the expressions are put back into the
//! scalars and keys of the tree. So a value is data: it never becomes structure that the template's
//! author did not write.

mod directive;
pub mod expression;
pub mod fill;
pub mod function;
mod mask;
pub mod patch;
pub mod variables;

use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::source::{FileId, Sources, Span};
use crate::tree::{Node, Part, Slot, Text};
use crate::yaml;
use mask::Masked;
pub(crate) use mask::RESERVED;
use std::rc::Rc;

/// The variables that nobody may set.
pub const BUILT_IN: [&str; 9] = [
    "CLUSTER_NAME",
    "NAMESPACE",
    "LABELS",
    "CELL",
    "GROUP",
    "CLUSTERS",
    "WITH",
    "ADDON",
    "SOURCE",
];

/// How many pieces a file may have: expressions, and the text between them.
const EXPRESSIONS: usize = 100_000;

/// Reads a text of the platform: a template or `fleet.yaml`. Gives its documents that have content.
pub fn parse(file: FileId, sources: &Sources, diags: &mut Diagnostics) -> Vec<Node> {
    let text = sources.text(file);
    if let Some(at) = text.find(RESERVED) {
        diags.push(yaml::reserved_character(Span::new(file, at..at)));
        return Vec::new();
    }
    match expression::split(&text) {
        Ok(segments) if segments.len() > EXPRESSIONS => {
            let message = format!("more than {} expressions in one file", EXPRESSIONS / 2);
            diags.push(Diagnostic::new(
                Code::YamlBudget,
                Span::new(file, 0..0),
                message,
            ));
            Vec::new()
        }
        Ok(segments) => {
            let masked = Masked::new(file, &text, &segments, 0..text.len());
            let documents = yaml::parse(file, masked.text(), &masked, diags);
            if !directive::is_in(&text) {
                return documents;
            }
            let mark = |document| directive::marked(document, false, diags);
            documents.iter().map(mark).collect()
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
            Vec::new()
        }
    }
}

/// The text that is a variable and nothing else, as if it had been written at `span`.
pub fn variable(name: &str, span: Span) -> Text {
    variable_at(&[name], span)
}

/// The text that is what a path of names leads to, likewise.
pub(crate) fn variable_at(path: &[&str], span: Span) -> Text {
    let text: Rc<str> = format!("${{{}}}", path.join(".")).into();
    let expression = expression::Expression {
        path: path.iter().map(|name| (*name).to_owned()).collect(),
        operation: expression::Operation::None,
        range: 0..text.len(),
    };
    Text::Parts(
        [Part::Expression(Rc::new(Slot {
            text,
            span,
            expression,
            default: None,
            is_unquoted: false,
        }))]
        .into(),
    )
}
