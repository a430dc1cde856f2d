//! `$each`: an item of a list that is repeated for each entry of a list variable.

use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::source::Span;
use crate::tree::{Entry, Key, Node, Role, Scalar, Style, Text, Value};

use super::expression::{Operation, is_name};
use super::variable_at;

/// The key that says what an item is repeated for.
pub(super) const KEY: &str = "$each";

/// The tree with its `$each` entries told from others.
pub(super) fn marked(node: &Node, is_item: bool, diags: &mut Diagnostics) -> Node {
    let value = match &node.value {
        Value::Scalar(_) => return node.clone(),
        Value::Sequence(items) => {
            Value::Sequence(items.iter().map(|item| marked(item, true, diags)).collect())
        }
        Value::Mapping(entries) => {
            let entry = |entry: &Entry| match entry.key.text.literal() {
                Some(KEY) => each(entry, is_item && entries.len() > 1, diags),
                _ => Entry {
                    key: entry.key.clone(),
                    value: marked(&entry.value, false, diags),
                },
            };
            Value::Mapping(entries.iter().map(entry).collect())
        }
    };
    Node {
        span: node.span,
        value,
    }
}

fn each(entry: &Entry, repeats: bool, diags: &mut Diagnostics) -> Entry {
    if !repeats {
        let message = "`$each` repeats an item of a list, a mapping that says something else, too";
        let help = "write `- {$each: CLUSTERS, name: \"${CLUSTER_NAME}\"}`; a list of texts is taken as it is: `${list}`";
        diags.push(Diagnostic::new(Code::InvalidEach, entry.key.span, message).help(help));
    }
    let key = Key {
        role: Role::Each,
        ..entry.key.clone()
    };
    let span = entry.value.span;
    let text = list(&entry.value, span);
    if text.is_none() {
        let message = "`$each` names a list: `CLUSTERS`, or a variable";
        diags.push(
            Diagnostic::new(Code::InvalidEach, span, message).help("write the variable's name"),
        );
    }
    let text = text.unwrap_or_else(|| variable_at(&["CLUSTERS"], span));
    let scalar = Scalar {
        style: Style::Plain,
        text,
    };
    let value = Node {
        span,
        value: Value::Scalar(scalar),
    };
    Entry { key, value }
}

/// The variable that a name, a path of names, or an expression alone stands for.
fn list(node: &Node, span: Span) -> Option<Text> {
    let text = &node.as_scalar()?.text;
    if let Some(slot) = text.sole_slot() {
        return (slot.expression.operation == Operation::None).then(|| text.clone());
    }
    let path: Vec<&str> = text.literal()?.split('.').collect();
    path.iter()
        .all(|name| is_name(name))
        .then(|| variable_at(&path, span))
}
