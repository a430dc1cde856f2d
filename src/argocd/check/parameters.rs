//! Checks of a source's parameters, with the same table as the plugin.

use super::application::is_generator_expression;
use crate::argocd::parameters::PARAMETERS;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Suggestions};
use crate::source::{Span, Spanned};
use crate::tree::{Node, Shape};

/// The parameters that are compared with the fleet.
#[derive(Default)]
pub(super) struct Parameters {
    /// The cell, if it is not empty.
    pub(super) cell: Option<Spanned<String>>,
    /// Whether every cluster must be in the lock.
    pub(super) locked: Option<Spanned<String>>,
}

/// Checks the parameters, and returns those that the fleet determines.
pub(super) fn check(plugin: Option<&Node>, diags: &mut Diagnostics) -> Parameters {
    let mut found = Parameters::default();
    let list = plugin.and_then(|plugin| plugin.get("parameters"));
    let Some(list) = list else {
        return found;
    };
    let mut wrong = |span: Span, message: String, help: String| {
        diags.push(Diagnostic::new(Code::InvalidParameter, span, message).help(help));
    };
    let Some(items) = list.items() else {
        let help = "write `parameters: [{name: NAME, string: VALUE}]`".to_owned();
        let message = format!("`parameters` must be a sequence, found {}", list.shape());
        wrong(list.span, message, help);
        return found;
    };
    let mut suggestions = Suggestions::default();
    let mut seen: Vec<&str> = Vec::new();
    for item in items {
        let Some((name, text)) = item.get("name").and_then(|node| Some((node, node.text()?)))
        else {
            let help = "write `{name: NAME, string: VALUE}`".to_owned();
            wrong(item.span, "the parameter has no `name`".to_owned(), help);
            continue;
        };
        let Some(known) = PARAMETERS.iter().find(|known| known.name == text) else {
            let help = suggestions.did_you_mean(text, || PARAMETERS.map(|known| known.name));
            wrong(name.span, format!("unknown parameter `{text}`"), help);
            continue;
        };
        if seen.contains(&known.name) {
            let help = "remove one of them".to_owned();
            wrong(name.span, format!("duplicate parameter `{text}`"), help);
        }
        seen.push(known.name);
        if let Some(entry) = ["array", "map"].iter().find_map(|key| item.entry(key)) {
            let help = "write `string: VALUE`".to_owned();
            let message =
                format!("parameter `{text}` must be a string, found a sequence or a mapping");
            wrong(entry.key.span, message, help);
        }
        let Some(value) = item.get("string") else {
            continue;
        };
        let content = value.text().unwrap_or_default();
        if value.shape() != Shape::String {
            let message = format!(
                "parameter `{text}` must be a string, found {}",
                value.shape()
            );
            wrong(
                value.span,
                message,
                format!("quote the value: `string: \"{content}\"`"),
            );
        } else if known.is_boolean
            && !matches!(content, "" | "true" | "false")
            && !is_generator_expression(content)
        {
            let message = format!("parameter `{text}` must be the string `true` or `false`");
            wrong(value.span, message, "write `string: \"true\"`".to_owned());
        }
        let value = || Spanned {
            value: content.to_owned(),
            span: value.span,
        };
        match known.name {
            "cell" if !content.is_empty() => found.cell = Some(value()),
            "locked" => found.locked = Some(value()),
            _ => {}
        }
    }
    found
}
