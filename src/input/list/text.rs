//! Strings of members, which must not contain expressions.

use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::source::Span;
use crate::tree::{Node, Part, Text};

/// Refuses texts that another engine might run.
pub(super) fn check_texts(node: &Node, diags: &mut Diagnostics) {
    node.each_text(&mut |text: &Text, span: Span| match text {
        Text::Literal(text) => check_text(text, span, diags),
        Text::Parts(parts) => {
            for part in parts.iter() {
                if let Part::Literal(text) = part {
                    check_text(text, span, diags);
                }
            }
        }
    });
}

pub(super) fn check_text(text: &str, span: Span, diags: &mut Diagnostics) {
    if !text.contains('{') {
        return;
    }
    if let Some(found) = ["{{", "${"]
        .into_iter()
        .find(|engine| text.contains(engine))
    {
        let message =
            format!("a member's text holds `{found}`, which another template engine might run");
        let help = "only fleet.yaml and templates may hold expressions";
        diags.push(Diagnostic::new(Code::MemberExpression, span, message).help(help));
    }
}
