//! The keys that mean something in a template: `$each` and `$item` repeat an item of a sequence, `$json`
//! is a string that is a tree as JSON, and `$case` selects one of several values.

use std::rc::Rc;

use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::source::Span;
use crate::tree::expression::{Operation, is_name};
use crate::tree::{CASE, Entry, Key, Node, Role, Scalar, Style, Text, Value};

/// The key that says what an item is repeated for.
const EACH: &str = "$each";
/// The key next to `$each` whose value each repetition gives.
const ITEM: &str = "$item";
/// The key whose value is printed as JSON, in a text.
const JSON: &str = "$json";

/// Returns `true` if a text might contain one of the keys.
pub(super) fn is_in(text: &str) -> bool {
    [EACH, JSON, CASE].iter().any(|key| text.contains(key))
}

/// Returns the tree with the roles of its keys, and reports keys in positions without a meaning.
pub(super) fn marked(node: &Node, is_item: bool, diags: &mut Diagnostics) -> Node {
    let value = match &node.value {
        Value::Scalar(_) => return node.clone(),
        Value::Sequence(items) => {
            Value::Sequence(items.iter().map(|item| marked(item, true, diags)).collect())
        }
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

/// Returns the entry with a role, and its value marked.
fn below(entry: &Entry, role: Role, diags: &mut Diagnostics) -> Entry {
    let key = Key {
        role,
        ..entry.key.clone()
    };
    let value = marked(&entry.value, false, diags);
    Entry { key, value }
}

/// Reports a key with a meaning that ends with `?`.
fn refuse_optional(key: &Key, code: Code, diags: &mut Diagnostics) {
    if key.is_optional {
        let name = key.text.as_written();
        let message = format!("`{name}` must not be optional");
        let help = "write the `?` after the key whose value this is";
        diags.push(Diagnostic::new(code, key.span, message).help(help));
    }
}

fn json(entry: &Entry, is_alone: bool, diags: &mut Diagnostics) -> Entry {
    if !is_alone {
        let message = "`$json` stands for a text: its mapping says nothing else";
        let help = "write `policy: {$json: {Version: \"2012-10-17\"}}`";
        diags.push(Diagnostic::new(Code::InvalidJson, entry.key.span, message).help(help));
    }
    refuse_optional(&entry.key, Code::InvalidJson, diags);
    below(entry, Role::Json, diags)
}

fn item(entry: &Entry, is_pair: bool, diags: &mut Diagnostics) -> Entry {
    if !is_pair {
        let message = "`$item` needs `$each` next to it, and no other key";
        let help = "write `- {$each: names, $item: \"${WITH}.example.org\"}`";
        diags.push(Diagnostic::new(Code::InvalidEach, entry.key.span, message).help(help));
    }
    refuse_optional(&entry.key, Code::InvalidEach, diags);
    below(entry, Role::Item, diags)
}

fn each(entry: &Entry, repeats: bool, diags: &mut Diagnostics) -> Entry {
    if !repeats {
        let message = "`$each` repeats an item of a list, a mapping that says something else, too";
        let help = "write `- {$each: CLUSTERS, name: \"${CLUSTER_NAME}\"}`, or `- {$each: names, $item: \"${WITH}\"}` for strings";
        diags.push(Diagnostic::new(Code::InvalidEach, entry.key.span, message).help(help));
    }
    refuse_optional(&entry.key, Code::InvalidEach, diags);
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

/// Returns the entries of a `$case`, which comes first.
fn case(entries: &[Entry], diags: &mut Diagnostics) -> Rc<[Entry]> {
    let is_case = |entry: &&Entry| entry.key.text.literal() == Some(CASE);
    let (cases, options): (Vec<&Entry>, Vec<&Entry>) = entries.iter().partition(is_case);
    let mut marked = Vec::with_capacity(entries.len());
    for entry in cases.into_iter().take(1) {
        refuse_optional(&entry.key, Code::InvalidCase, diags);
        if options.is_empty() {
            let message = "`$case` needs at least one key next to it";
            let help = "write `{$case: size, small: 1, large: 3}`";
            diags.push(Diagnostic::new(Code::InvalidCase, entry.key.span, message).help(help));
        }
        marked.push(selector(entry, diags));
    }
    for option in options {
        let name = option.key.text.literal();
        let is_plain = name.is_some_and(|name| ![EACH, ITEM, JSON].contains(&name));
        if !is_plain || option.key.is_open() {
            let message = "a key next to `$case` is a string that the value of `$case` can be";
            let help = "write `{$case: size, small: 1, large: 3}`; for a `$each`, write the `$case` below `$item`";
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
        let message = "`$case` needs a variable: a name, or one expression";
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
    path(text, span)
}

/// Returns the variable that a name or a path of names stands for.
fn path(text: &Text, span: Span) -> Option<Text> {
    let path: Vec<&str> = text.literal()?.split('.').collect();
    let is_path = path.iter().all(|name| is_name(name));
    is_path.then(|| Text::variable_at(&path, span))
}
