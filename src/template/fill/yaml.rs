//! YAML strings of trees, such as the values of a chart.

use crate::template::error::{FillError, FillErrorKind};
use crate::template::function::{MAX_LENGTH, too_long};
use crate::tree::{Embedded, Entry, Node, Value};
use crate::yaml::print::{self, DOCUMENT_END, Form, Format, Hole, Place};

/// Prefix of the placeholder of a runtime expression. Sources must not contain this character.
const MARK: char = '\u{e000}';

/// Returns the YAML of `tree`, the substituted tree of `embedded`.
pub(super) fn text(embedded: &Embedded, tree: Node, problems: &mut Vec<FillError>) -> String {
    if tree.entries().is_none() && problems.is_empty() {
        let shape = tree.shape();
        problems.push(FillError {
            span: embedded.tree.span,
            kind: FillErrorKind::Failed(format!("`values` must be a mapping, found {shape}")),
        });
    }
    let filled = Embedded {
        tree,
        ..embedded.clone()
    };
    let mut out = Vec::new();
    with_holes(&filled, &mut out, &mut |_, _, _| false);
    if out.len() > MAX_LENGTH {
        problems.push(FillError {
            span: embedded.tree.span,
            kind: too_long(),
        });
        return String::new();
    }
    String::from_utf8(out).unwrap_or_default()
}

/// Prints the YAML of a tree; `hole` can print nodes that contain variables.
pub(crate) fn with_holes(embedded: &Embedded, out: &mut Vec<u8>, hole: &mut Hole<'_>) {
    let mut expressions = Vec::new();
    let tree = match &embedded.runtime {
        Some(runtime) => with_marks(&embedded.tree, runtime, &mut expressions),
        None => embedded.tree.clone(),
    };
    let mut hole = |node: &Node, place: Place, out: &mut Vec<u8>| {
        let mark = node.text().and_then(|text| text.strip_prefix(MARK));
        let expression = mark.and_then(|index| expressions.get(index.parse::<usize>().ok()?));
        if let Some(expression) = expression {
            out.push(b' ');
            out.extend_from_slice(expression.as_bytes());
        }
        expression.is_some() || hole(node, place, out)
    };
    print::with_holes(form(embedded.is_template), &sorted(&tree), out, &mut hole);
    out.push(DOCUMENT_END);
}

/// Returns the YAML format, with escapes if a Go template engine evaluates the output.
pub(crate) fn form(is_template: bool) -> Form {
    Form {
        format: Format::Yaml,
        is_template,
    }
}

/// Returns `true` if the positions of the runtime expressions do not depend on variables.
///
/// They depend on a variable if it is a mapping, or a key, to which an expression is added.
pub(crate) fn has_places(tree: &Node, runtime: &Node) -> bool {
    let Some(added) = runtime.entries() else {
        return true;
    };
    match &tree.value {
        Value::Scalar(scalar) => scalar.text.literal().is_some(),
        Value::Sequence(items) => items.iter().all(|item| item.each_variable().is_none()),
        Value::Mapping(entries) => {
            let mut keys = entries.iter();
            keys.all(|entry| !entry.key.is_unresolved())
                && added.iter().all(|added| {
                    let mut known = entries.iter();
                    let known = known.find(|known| known.key.text == added.key.text);
                    known.is_none_or(|known| has_places(&known.value, &added.value))
                })
        }
    }
}

/// Returns the tree with a placeholder for each runtime expression.
fn with_marks<'a>(tree: &Node, runtime: &'a Node, expressions: &mut Vec<&'a str>) -> Node {
    let Some(added) = runtime.entries() else {
        expressions.extend(runtime.text());
        return Node::string(runtime.span, &format!("{MARK}{}", expressions.len() - 1));
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

/// Returns the tree with the entries of each mapping sorted by key, except mappings whose keys contain
/// variables. Subtrees that are already sorted are shared.
pub(crate) fn sorted(node: &Node) -> Node {
    resorted(node).unwrap_or_else(|| node.clone())
}

/// Returns the sorted tree, or `None` if `node` is already sorted.
fn resorted(node: &Node) -> Option<Node> {
    let value = match &node.value {
        Value::Scalar(_) => return None,
        Value::Mapping(entries) if entries.iter().any(|entry| entry.key.is_unresolved()) => {
            return None;
        }
        Value::Sequence(items) => {
            let below: Vec<Option<Node>> = items.iter().map(resorted).collect();
            if below.iter().all(Option::is_none) {
                return None;
            }
            let pairs = items.iter().zip(below);
            Value::Sequence(
                pairs
                    .map(|(item, new)| new.unwrap_or_else(|| item.clone()))
                    .collect(),
            )
        }
        Value::Mapping(entries) => {
            let below: Vec<Option<Node>> =
                entries.iter().map(|entry| resorted(&entry.value)).collect();
            let is_sorted = entries.is_sorted_by_key(|entry| entry.key.text.literal());
            if is_sorted && below.iter().all(Option::is_none) {
                return None;
            }
            let pairs = entries.iter().zip(below);
            let entry = |(entry, new): (&Entry, Option<Node>)| Entry {
                key: entry.key.clone(),
                value: new.unwrap_or_else(|| entry.value.clone()),
            };
            let mut entries: Vec<Entry> = pairs.map(entry).collect();
            entries.sort_by(|a, b| a.key.text.literal().cmp(&b.key.text.literal()));
            Value::Mapping(entries.into())
        }
    };
    let span = node.span;
    Some(Node { span, value })
}
