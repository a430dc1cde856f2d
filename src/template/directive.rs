//! The two keys that mean something in a template: `$each`, an item of a list that is repeated for each
//! entry of a list variable, and `$json`, a text that is a tree as JSON.

use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::source::Span;
use crate::tree::expression::{Operation, is_name};
use crate::tree::{Entry, Key, Node, Role, Scalar, Style, Text, Value};

/// The key that says what an item is repeated for.
const EACH: &str = "$each";
/// The key whose value is printed as JSON, in a text.
const JSON: &str = "$json";

/// Whether a text may hold one of the two.
pub(super) fn is_in(text: &str) -> bool {
    text.contains(EACH) || text.contains(JSON)
}

/// The tree with the entries of the two told from others.
pub(super) fn marked(node: &Node, is_item: bool, diags: &mut Diagnostics) -> Node {
    let value = match &node.value {
        Value::Scalar(_) => return node.clone(),
        Value::Sequence(items) => {
            Value::Sequence(items.iter().map(|item| marked(item, true, diags)).collect())
        }
        Value::Mapping(entries) => {
            let entry = |entry: &Entry| match entry.key.text.literal() {
                Some(EACH) => each(entry, is_item && entries.len() > 1, diags),
                Some(JSON) => json(entry, entries.len() == 1, diags),
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

fn json(entry: &Entry, is_alone: bool, diags: &mut Diagnostics) -> Entry {
    if !is_alone {
        let message = "`$json` stands for a text: its mapping says nothing else";
        let help = "write `policy: {$json: {Version: \"2012-10-17\"}}`";
        diags.push(Diagnostic::new(Code::InvalidJson, entry.key.span, message).help(help));
    }
    let key = Key {
        role: Role::Json,
        ..entry.key.clone()
    };
    let value = marked(&entry.value, false, diags);
    Entry { key, value }
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
    let text = text.unwrap_or_else(|| Text::variable_at(&["CLUSTERS"], span));
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

/// The variable that a name, a path of names, or an expression alone stands for, which may have a list as
/// its default.
fn list(node: &Node, span: Span) -> Option<Text> {
    let text = &node.as_scalar()?.text;
    if let Some(slot) = text.sole_slot() {
        let default = slot.default.as_ref();
        let is_list = slot.expression.operation == Operation::None
            || default.is_some_and(|default| default.items().is_some());
        return is_list.then(|| text.clone());
    }
    let path: Vec<&str> = text.literal()?.split('.').collect();
    path.iter()
        .all(|name| is_name(name))
        .then(|| Text::variable_at(&path, span))
}
