//! Trees that stand in a text as YAML.

use super::{Problem, Scope, Trouble, node};
use crate::template::function::{MAX_LENGTH, ProblemKind};
use crate::tree::{Embedded, Entry, Node, Value};
use crate::yaml::print;
use crate::yaml::text::json_string;

/// What stands for an engine's expression until the rest is escaped. No source can hold it.
const MARK: char = '\u{e000}';
/// What begins an expression of a Go template.
const OPENING: &str = "{{";

/// The YAML of a tree.
pub(super) fn text(embedded: &Embedded, scope: &dyn Scope, problems: &mut Vec<Problem>) -> String {
    let mut tree = node(&embedded.tree, scope, problems);
    let mut expressions = Vec::new();
    if let Some(runtime) = &embedded.runtime {
        tree = with_marks(&tree, runtime, &mut expressions);
    }
    let text = print::document(&sorted(&tree), &|node, out| {
        let Some(text) = node.text() else {
            return false;
        };
        let is_mark = text.starts_with(MARK);
        let is_escaped = embedded.is_template && text.contains(OPENING);
        if is_mark {
            out.extend_from_slice(text.as_bytes());
        } else if is_escaped {
            json_string(out, text);
        }
        is_mark || is_escaped
    });
    let text = if embedded.is_template {
        escaped(text)
    } else {
        text
    };
    let text = expressions
        .iter()
        .enumerate()
        .fold(text, |text, (index, expression)| {
            text.replacen(&mark(index), expression, 1)
        });
    if text.len() > MAX_LENGTH {
        problems.push(Problem {
            span: embedded.tree.span,
            kind: Trouble::Failed(ProblemKind::TooLong.to_string()),
        });
        return String::new();
    }
    text
}

/// The YAML without the engine's opening braces, which stand between double quotes. An escape of YAML
/// means the same however often the engine runs; Sveltos runs it up to twice.
fn escaped(mut text: String) -> String {
    while text.contains(OPENING) {
        text = text.replace(OPENING, "\\u007b{");
    }
    text
}

fn mark(index: usize) -> String {
    format!("{MARK}{index}{MARK}")
}

/// The tree with a mark for each expression.
fn with_marks<'a>(tree: &Node, runtime: &'a Node, expressions: &mut Vec<&'a str>) -> Node {
    let Some(added) = runtime.entries() else {
        expressions.extend(runtime.text());
        return Node::string(runtime.span, &mark(expressions.len() - 1));
    };
    let mut entries = tree.entries().unwrap_or_default().to_vec();
    for entry in added {
        let at = entries
            .iter()
            .position(|known| known.key.text == entry.key.text);
        let empty = Node::mapping(entry.value.span, Vec::new());
        let below = at.map_or(&empty, |at| &entries[at].value);
        let value = with_marks(below, &entry.value, expressions);
        match at {
            Some(at) => entries[at].value = value,
            None => entries.push(Entry {
                key: entry.key.clone(),
                value,
            }),
        }
    }
    Node::mapping(tree.span, entries)
}

/// The tree with the entries of each mapping sorted by key.
fn sorted(node: &Node) -> Node {
    let value = match &node.value {
        Value::Scalar(_) => return node.clone(),
        Value::Sequence(items) => Value::Sequence(items.iter().map(sorted).collect()),
        Value::Mapping(entries) => {
            let entry = |entry: &Entry| Entry {
                key: entry.key.clone(),
                value: sorted(&entry.value),
            };
            let mut entries: Vec<Entry> = entries.iter().map(entry).collect();
            entries.sort_by(|a, b| a.key.text.literal().cmp(&b.key.text.literal()));
            Value::Mapping(entries.into())
        }
    };
    Node {
        span: node.span,
        value,
    }
}
