//! Checks that strings of members contain no expressions.

use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::source::Span;
use crate::template::engine::find_marker;
use crate::tree::{Node, Part, Text};

/// Reports strings that another template engine might evaluate.
pub(super) fn check_strings(node: &Node, diags: &mut Diagnostics) {
    node.each_text(&mut |text: &Text, span: Span| match text {
        Text::Literal(text) => check_string(text, span, diags),
        Text::Parts(parts) => {
            for part in parts.iter() {
                if let Part::Literal(text) = part {
                    check_string(text, span, diags);
                }
            }
        }
    });
}

pub(super) fn check_string(text: &str, span: Span, diags: &mut Diagnostics) {
    if let Some(found) = find_marker(text) {
        let message = format!(
            "a string of a member must not contain `{found}`: another template engine might evaluate it"
        );
        let help = "move the expression to fleet.yaml or to a template";
        diags.push(Diagnostic::new(Code::MemberExpression, span, message).help(help));
    }
}
