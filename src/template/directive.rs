//! The directives of a template, which are keys: `$each` and `$item` repeat an item of a sequence, `$json`
//! encodes a tree as a JSON string, and `$case` selects one of several values.

use std::rc::Rc;

use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::source::Span;
use crate::tree::expression::{Operation, is_name};
use crate::tree::{CASE, Entry, Key, Node, Role, Scalar, Style, Text, Value};

/// The key that names the sequence for which an item is repeated.
const EACH: &str = "$each";
/// The key next to `$each` whose value each repetition produces.
const ITEM: &str = "$item";
/// The key whose value is encoded as a JSON string.
const JSON: &str = "$json";

/// Returns `true` if the contents of a file might contain a directive.
pub(super) fn may_contain_directive(text: &str) -> bool {
    [EACH, JSON, CASE].iter().any(|key| text.contains(key))
}

/// Returns the tree with the role of each directive set, and reports misplaced directives.
pub(super) fn resolve_directives(node: &Node, is_item: bool, diags: &mut Diagnostics) -> Node {
    let value = match &node.value {
        Value::Scalar(_) => return node.clone(),
        Value::Sequence(items) => Value::Sequence(
            items
                .iter()
                .map(|item| resolve_directives(item, true, diags))
                .collect(),
        ),
        Value::Mapping(entries) if node.get(CASE).is_some() => Value::Mapping(case(entries, diags)),
        Value::Mapping(entries) => {
            let is_repeated = is_item && entries.len() > 1;
            let is_pair = node.get(EACH).is_some() && entries.len() == 2;
            let entry = |entry: &Entry| match entry.key.text.literal() {
                Some(EACH) => each(entry, is_repeated, diags),
                Some(ITEM) => item(entry, is_pair, diags),
                Some(JSON) => json(entry, entries.len() == 1, diags),
                _ => below(entry, entry.key.role, diags),
            };
            Value::Mapping(entries.iter().map(entry).collect())
        }
    };
    Node {
        span: node.span,
        value,
    }
}

/// Returns the entry with a role, and with the directives of its value resolved.
fn below(entry: &Entry, role: Role, diags: &mut Diagnostics) -> Entry {
    let key = Key {
        role,
        ..entry.key.clone()
    };
    let value = resolve_directives(&entry.value, false, diags);
    Entry { key, value }
}

/// Reports a directive whose key ends with `?`.
fn report_optional(key: &Key, code: Code, diags: &mut Diagnostics) {
    if key.is_optional {
        let name = key.text.source_text();
        let message = format!("`{name}` must not be optional");
        let help = format!("move the `?` to the key whose value contains `{name}`");
        diags.push(Diagnostic::new(code, key.span, message).help(help));
    }
}

fn json(entry: &Entry, is_only_key: bool, diags: &mut Diagnostics) -> Entry {
    if !is_only_key {
        let message = "`$json` must be the only key of its mapping";
        let help = "write `policy: {$json: {Version: \"2012-10-17\"}}`";
        diags.push(Diagnostic::new(Code::InvalidJson, entry.key.span, message).help(help));
    }
    report_optional(&entry.key, Code::InvalidJson, diags);
    below(entry, Role::Json, diags)
}

fn item(entry: &Entry, is_pair: bool, diags: &mut Diagnostics) -> Entry {
    if !is_pair {
        let message = "`$item` requires `$each` next to it and no other key";
        let help = "write `- {$each: names, $item: \"${WITH}.example.org\"}`";
        diags.push(Diagnostic::new(Code::InvalidEach, entry.key.span, message).help(help));
    }
    report_optional(&entry.key, Code::InvalidEach, diags);
    below(entry, Role::Item, diags)
}

fn each(entry: &Entry, repeats: bool, diags: &mut Diagnostics) -> Entry {
    if !repeats {
        let message =
            "`$each` must be in a mapping that is an item of a sequence and has another key";
        let help = "write `- {$each: CLUSTERS, name: \"${CLUSTER_NAME}\"}`, or `- {$each: names, $item: \"${WITH}\"}` for strings";
        diags.push(Diagnostic::new(Code::InvalidEach, entry.key.span, message).help(help));
    }
    report_optional(&entry.key, Code::InvalidEach, diags);
    let key = Key {
        role: Role::Each,
        ..entry.key.clone()
    };
    let span = entry.value.span;
    let text = list(&entry.value, span);
    if text.is_none() {
        let message = "`$each` must name a sequence: `CLUSTERS` or a variable";
        diags.push(
            Diagnostic::new(Code::InvalidEach, span, message)
                .help("write `$each: NAME`, where `NAME` is a variable"),
        );
    }
    let text = text.unwrap_or_else(|| Text::variable("CLUSTERS", span));
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

/// Returns the entries of a mapping with `$case`; the entry of `$case` is the first.
fn case(entries: &[Entry], diags: &mut Diagnostics) -> Rc<[Entry]> {
    let is_case = |entry: &&Entry| entry.key.text.literal() == Some(CASE);
    let (cases, options): (Vec<&Entry>, Vec<&Entry>) = entries.iter().partition(is_case);
    let mut marked = Vec::with_capacity(entries.len());
    for entry in cases.into_iter().take(1) {
        report_optional(&entry.key, Code::InvalidCase, diags);
        if options.is_empty() {
            let message = "`$case` requires at least one key next to it";
            let help = "write `{$case: size, small: 1, large: 3}`";
            diags.push(Diagnostic::new(Code::InvalidCase, entry.key.span, message).help(help));
        }
        marked.push(selector(entry, diags));
    }
    for option in options {
        let name = option.key.text.literal();
        let is_plain = name.is_some_and(|name| ![EACH, ITEM, JSON].contains(&name));
        if !is_plain || option.key.is_unresolved() {
            let message =
                "a key next to `$case` must be a string, without variables, `?` or directives";
            let help = "write `{$case: size, small: 1, large: 3}`; to repeat an item, write `$case` below `$item`";
            diags.push(Diagnostic::new(Code::InvalidCase, option.key.span, message).help(help));
        }
        marked.push(below(option, option.key.role, diags));
    }
    marked.into()
}

/// Returns the entry of `$case` with its expression.
fn selector(entry: &Entry, diags: &mut Diagnostics) -> Entry {
    let span = entry.value.span;
    let scalar = entry.value.as_scalar();
    let text = scalar.and_then(|scalar| match scalar.text.sole_slot() {
        Some(_) => Some(scalar.as_text()),
        None => path(&scalar.text, span),
    });
    if text.is_none() {
        let message = "`$case` must be the name of a variable or a single expression";
        let help = "write `$case: size` or `$case: ${size:=small}`";
        diags.push(Diagnostic::new(Code::InvalidCase, span, message).help(help));
    }
    let style = Style::Quoted;
    let text = text.unwrap_or_else(|| Text::variable("CLUSTER_NAME", span));
    let value = Value::Scalar(Scalar { style, text });
    let key = Key {
        role: Role::Case,
        ..entry.key.clone()
    };
    Entry {
        key,
        value: Node { span, value },
    }
}

/// Returns the variable that a name, a path of names or a single expression represents.
///
/// An expression can have a sequence as its default; other defaults return `None`.
fn list(node: &Node, span: Span) -> Option<Text> {
    let text = &node.as_scalar()?.text;
    if let Some(slot) = text.sole_slot() {
        let default = slot.default.as_ref();
        let is_list = slot.expression.operation == Operation::None
            || default.is_some_and(|default| default.items().is_some());
        return is_list.then(|| text.clone());
    }
    path(text, span)
}

/// Returns the variable that a name or a path of names represents.
fn path(text: &Text, span: Span) -> Option<Text> {
    let path: Vec<&str> = text.literal()?.split('.').collect();
    let is_path = path.iter().all(|name| is_name(name));
    is_path.then(|| Text::variable_at(&path, span))
}
