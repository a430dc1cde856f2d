//! Trees that stand in a text as YAML.

use std::rc::Rc;

use super::{Problem, Scope, Trouble, node};
use crate::source::Span;
use crate::template::function::{MAX_LENGTH, ProblemKind};
use crate::tree::{Embedded, Entry, Node, Style, Text, Value};
use crate::yaml::print;
use crate::yaml::text::json_string;

/// What stands for an engine's expression until the rest is escaped. No source can hold it.
const MARK: char = '\u{e000}';
/// What begins an expression of a Go template.
const OPENING: &str = "{{";
/// What stands for a brace in a key until it is printed, quoted. No source can hold it.
const BRACE: char = '\u{e001}';

/// The YAML of a tree.
pub(super) fn text(embedded: &Embedded, scope: &dyn Scope, problems: &mut Vec<Problem>) -> String {
    let mut tree = node(&embedded.tree, scope, problems);
    if tree.entries().is_none() && problems.is_empty() {
        let shape = tree.shape();
        problems.push(Problem {
            span: embedded.tree.span,
            kind: Trouble::Failed(format!("values are a mapping, not {shape}")),
        });
    }
    let mut expressions = Vec::new();
    if let Some(runtime) = &embedded.runtime {
        tree = with_marks(&tree, runtime, &mut expressions);
    }
    tree = sorted(&tree);
    if embedded.is_template {
        tree = with_braces_marked(&tree);
    }
    let text = print::document(&tree, &|node, out| {
        let Some(text) = node.text() else {
            return false;
        };
        let is_mark = text.starts_with(MARK);
        let is_escaped = text.contains(BRACE);
        if is_mark {
            out.extend_from_slice(text.as_bytes());
        } else if is_escaped {
            json_string(out, text);
        }
        is_mark || is_escaped
    });
    // An escape of YAML means the same however often the engine runs; Sveltos runs it up to twice.
    let text = text.replace(BRACE, "\\u007b");
    let text = expressions
        .iter()
        .enumerate()
        .fold(text, |text, (index, expression)| {
            text.replacen(&mark(index), expression, 1)
        });
    if text.len() > MAX_LENGTH {
        problems.push(too_long(embedded.tree.span));
        return String::new();
    }
    text
}

/// A text became longer than a value may be.
pub(crate) fn too_long(span: Span) -> Problem {
    Problem {
        span,
        kind: Trouble::Failed(ProblemKind::TooLong.to_string()),
    }
}

/// The tree with a mark for each brace of a text that would begin an expression. A text with a mark is
/// printed between double quotes, so the mark can become an escape.
fn with_braces_marked(node: &Node) -> Node {
    let marked = |text: &str| -> Option<Rc<str>> {
        let begins = text.contains(OPENING);
        begins.then(|| text.replace('{', &BRACE.to_string()).into())
    };
    let value = match &node.value {
        Value::Scalar(_) => {
            let marked = node.text().and_then(marked);
            return marked.map_or_else(
                || node.clone(),
                |text| Node::scalar(node.span, Style::Quoted, text),
            );
        }
        Value::Sequence(items) => Value::Sequence(items.iter().map(with_braces_marked).collect()),
        Value::Mapping(entries) => {
            let entry = |entry: &Entry| {
                let mut key = entry.key.clone();
                if let Some(text) = key.text.literal().and_then(marked) {
                    key.text = Text::Literal(text);
                }
                let value = with_braces_marked(&entry.value);
                Entry { key, value }
            };
            Value::Mapping(entries.iter().map(entry).collect())
        }
    };
    Node {
        span: node.span,
        value,
    }
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

/// The tree with the entries of each mapping sorted by key, but for mappings whose keys are still to
/// fill.
pub(crate) fn sorted(node: &Node) -> Node {
    let is_open = |entry: &Entry| entry.key.is_open();
    let value = match &node.value {
        Value::Scalar(_) => return node.clone(),
        Value::Mapping(entries) if entries.iter().any(is_open) => return node.clone(),
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
