//! The parameters of a source, by the table that the plugin reads them by.

use super::application::is_generator_expression;
use crate::argocd::parameters::TABLE;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, did_you_mean};
use crate::source::{Span, Spanned};
use crate::tree::{Node, Shape};

/// Checks the parameters; gives the cell.
pub(super) fn check(plugin: Option<&Node>, diags: &mut Diagnostics) -> Option<Spanned<String>> {
    let mut wrong = |span: Span, message: String, help: String| {
        diags.push(Diagnostic::new(Code::InvalidParameter, span, message).help(help));
    };
    let list = plugin?.get("parameters")?;
    let Some(items) = list.items() else {
        let help = "write a list of `name` and `string`".to_owned();
        wrong(list.span, "the parameters are no list".to_owned(), help);
        return None;
    };
    let mut cell = None;
    let mut said: Vec<&str> = Vec::new();
    for item in items {
        let Some((name, text)) = item.get("name").and_then(|node| Some((node, node.text()?)))
        else {
            let help = "write `name` and `string`".to_owned();
            wrong(item.span, "a parameter has no name".to_owned(), help);
            continue;
        };
        let Some(known) = TABLE.iter().find(|known| known.name == text) else {
            let help = did_you_mean(text, TABLE.map(|known| known.name));
            wrong(name.span, format!("there is no parameter `{text}`"), help);
            continue;
        };
        if said.contains(&known.name) {
            let help = "remove one of them".to_owned();
            wrong(
                name.span,
                format!("the parameter `{text}` is there twice"),
                help,
            );
        }
        said.push(known.name);
        if let Some(entry) = ["array", "map"].iter().find_map(|key| item.entry(key)) {
            let help = format!("write string: …, since `{text}` is one text");
            wrong(
                entry.key.span,
                format!("the parameter `{text}` is a text, not a list or a map"),
                help,
            );
        }
        let Some(value) = item.get("string") else {
            continue;
        };
        let given = value.text().unwrap_or_default();
        if value.shape() != Shape::Text {
            let message = format!("the parameter `{text}` is a text, not {}", value.shape());
            wrong(value.span, message, format!("quote it: \"{given}\""));
        } else if known.is_boolean
            && !matches!(given, "" | "true" | "false")
            && !is_generator_expression(given)
        {
            let message = format!("the parameter `{text}` is neither `true` nor `false`");
            wrong(
                value.span,
                message,
                "write \"true\" or \"false\"".to_owned(),
            );
        }
        if known.name == "cell" && !given.is_empty() {
            cell = Some(Spanned {
                value: given.to_owned(),
                span: value.span,
            });
        }
    }
    cell
}
