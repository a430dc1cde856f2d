//! JSON Patch (RFC 6902) on trees with expressions.

use std::collections::BTreeMap;
use std::rc::Rc;

use jsonptr::{Pointer, PointerBuf, Token};

use super::error::PatchError;
use crate::source::{Span, Spanned};
use crate::tree::{Entry, Key, Node, Plain, Role, Scalar, Style, Text, Value, type_plain};

/// Maximum number of nodes of a patched object.
const MAX_NODES: usize = 200_000;

/// One operation of a JSON Patch.
#[derive(Clone, Debug)]
pub struct Operation {
    /// `op`, with `value` or `from`.
    pub action: Action,
    /// `path`.
    pub path: Spanned<PointerBuf>,
    /// The location of the operation.
    pub span: Span,
}

/// The keyword of an operation, with the member that the keyword requires in addition to `path`.
#[derive(Clone, Debug)]
pub enum Action {
    /// `add`, with `value`.
    Add(Node),
    /// `remove`.
    Remove,
    /// `replace`, with `value`.
    Replace(Node),
    /// `move`, with `from`.
    Move(PointerBuf),
    /// `copy`, with `from`.
    Copy(PointerBuf),
    /// `test`, with `value`.
    Test(Node),
}

/// Applies operations in order.
///
/// # Errors
///
/// Returns the error of the first operation that fails; in this case no operation is applied.
pub(super) fn apply(target: &Node, operations: &[Operation]) -> Result<Node, PatchError> {
    let mut tree = target.clone();
    for (index, operation) in operations.iter().enumerate() {
        let error = |reason: String, is_too_large| PatchError {
            span: operation.span,
            message: format!("operation {} {reason}", index + 1),
            help: if is_too_large {
                "remove operations that copy values"
            } else {
                operation.action.help()
            },
            is_too_large,
        };
        operation
            .apply(&mut tree)
            .map_err(|reason| error(reason, false))?;
        if tree.count() > MAX_NODES {
            let reason = format!("exceeds the limit of {MAX_NODES} nodes in one object");
            return Err(error(reason, true));
        }
    }
    Ok(tree)
}

impl Operation {
    fn apply(&self, tree: &mut Node) -> Result<(), String> {
        let path = &self.path.value;
        let fails = |reason: String| format!("({}) fails: {reason}", self.action.keyword());
        let no_path = || fails(format!("`{path}` does not exist"));
        let no_position = || fails(format!("`{path}` is not a valid position"));
        let no_from = || fails("`from` does not exist".to_owned());
        let is_optional = match &self.action {
            Action::Move(from) | Action::Copy(from) => is_optional(tree, from),
            _ => false,
        };
        match &self.action {
            Action::Add(value) => self.add(tree, value.clone()).ok_or_else(no_position),
            Action::Remove => remove(tree, path).map(drop).ok_or_else(no_path),
            Action::Replace(value) => find_mut(tree, path)
                .map(|found| *found = value.clone())
                .ok_or_else(no_path),
            Action::Move(from) if path.starts_with(from) && path != from => {
                Err(fails(format!("`{path}` is inside the moved value")))
            }
            Action::Move(from) => {
                let value = remove(tree, from).ok_or_else(no_from)?;
                self.add(tree, value).ok_or_else(no_position)
            }
            Action::Copy(from) => {
                let value = find(tree, from).ok_or_else(no_from)?.clone();
                self.add(tree, value).ok_or_else(no_position)
            }
            Action::Test(value) => match find(tree, path).ok_or_else(no_path)? {
                found if !found.is_literal() => Err(format!(
                    "(test) fails: `{path}` contains a variable, whose value is unknown when patches are applied"
                )),
                found if is_same_json(found, value) => Ok(()),
                _ => Err(fails(format!("the value at `{path}` differs"))),
            },
        }?;
        if !matches!(self.action, Action::Remove | Action::Test(_)) {
            set_optional(tree, path, is_optional);
        }
        Ok(())
    }

    /// Adds a value at the path; returns `None` if the path does not exist. A new key has the location
    /// of the path.
    fn add(&self, tree: &mut Node, value: Node) -> Option<()> {
        let Some((parent, token)) = self.path.value.split_back() else {
            *tree = value;
            return Some(());
        };
        let parent = find_mut(tree, parent)?;
        if parent.case().is_some() {
            return None;
        }
        let known = position(parent, &token);
        match (&mut parent.value, known) {
            (Value::Mapping(entries), Some(at)) => Rc::make_mut(entries)[at].value = value,
            (Value::Mapping(entries), None) => {
                let key = Key {
                    span: self.path.span,
                    text: Text::Literal(token.decoded().into()),
                    role: Role::Name,
                    is_optional: false,
                };
                let all = entries.iter().cloned().chain([Entry { key, value }]);
                *entries = all.collect();
            }
            (Value::Sequence(items), _) => {
                let at = token.to_index().ok()?.for_len_incl(items.len()).ok()?;
                let mut all = items.to_vec();
                all.insert(at, value);
                *items = all.into();
            }
            (Value::Scalar(_), _) => return None,
        }
        Some(())
    }
}

impl Action {
    /// Returns the help for an operation that fails.
    fn help(&self) -> &'static str {
        match self {
            Self::Add(_) => {
                "set `path` to a new key of an existing mapping, or to a position in a sequence"
            }
            Self::Remove | Self::Replace(_) => "set `path` to an existing value",
            Self::Move(_) | Self::Copy(_) => {
                "set `from` to an existing value, and `path` to a new position"
            }
            Self::Test(_) => "change `value`, or remove the operation",
        }
    }

    fn keyword(&self) -> &'static str {
        match self {
            Self::Add(_) => "add",
            Self::Remove => "remove",
            Self::Replace(_) => "replace",
            Self::Move(_) => "move",
            Self::Copy(_) => "copy",
            Self::Test(_) => "test",
        }
    }
}

/// Removes the value at a pointer and returns it; returns `None` if the pointer does not resolve.
fn remove(tree: &mut Node, pointer: &Pointer) -> Option<Node> {
    let (parent, token) = pointer.split_back()?;
    let parent = find_mut(tree, parent)?;
    let at = position(parent, &token)?;
    match &mut parent.value {
        Value::Mapping(entries) => {
            let mut all = entries.to_vec();
            let removed = all.remove(at);
            *entries = all.into();
            Some(removed.value)
        }
        Value::Sequence(items) => {
            let mut all = items.to_vec();
            let removed = all.remove(at);
            *items = all.into();
            Some(removed)
        }
        Value::Scalar(_) => None,
    }
}

/// Returns the value at a pointer; `None` if the pointer does not resolve.
fn find<'a>(tree: &'a Node, pointer: &Pointer) -> Option<&'a Node> {
    pointer.tokens().try_fold(tree, |node, token| {
        let at = position(node, &token)?;
        match &node.value {
            Value::Mapping(entries) => Some(&entries[at].value),
            Value::Sequence(items) => Some(&items[at]),
            Value::Scalar(_) => None,
        }
    })
}

/// Returns the value at a pointer for modification. Shared collections on the path are copied.
fn find_mut<'a>(tree: &'a mut Node, pointer: &Pointer) -> Option<&'a mut Node> {
    pointer.tokens().try_fold(tree, |node, token| {
        let at = position(node, &token)?;
        match &mut node.value {
            Value::Mapping(entries) => Some(&mut Rc::make_mut(entries)[at].value),
            Value::Sequence(items) => Some(&mut Rc::make_mut(items)[at]),
            Value::Scalar(_) => None,
        }
    })
}

/// Returns `true` if a pointer resolves to the value of an optional key.
fn is_optional(tree: &Node, pointer: &Pointer) -> bool {
    let entry = || {
        let (parent, token) = pointer.split_back()?;
        let parent = find(tree, parent)?;
        parent.entries()?.get(position(parent, &token)?)
    };
    entry().is_some_and(|entry| entry.key.is_optional)
}

/// Sets whether the key of a value is optional.
fn set_optional(tree: &mut Node, pointer: &Pointer, is_optional: bool) {
    let Some((parent, token)) = pointer.split_back() else {
        return;
    };
    if let Some(parent) = find_mut(tree, parent)
        && let Some(at) = position(parent, &token)
        && let Value::Mapping(entries) = &mut parent.value
    {
        Rc::make_mut(entries)[at].key.is_optional = is_optional;
    }
}

/// Returns the index of the entry or item that a token of a pointer names.
fn position(node: &Node, token: &Token<'_>) -> Option<usize> {
    match &node.value {
        // The value that a `$case` selects is unknown when patches are applied.
        Value::Mapping(_) if node.case().is_some() => None,
        Value::Mapping(entries) => {
            let name = token.decoded();
            let is_named = |entry: &Entry| literal_key(entry) == Some(&*name);
            entries.iter().position(is_named)
        }
        Value::Sequence(items) => token.to_index().ok()?.for_len(items.len()).ok(),
        Value::Scalar(_) => None,
    }
}

fn literal_key(entry: &Entry) -> Option<&str> {
    let text = entry.key.text.literal();
    text.filter(|_| entry.key.role == Role::Name)
}

/// Returns `true` if both trees are literals of the same JSON value.
fn is_same_json(left: &Node, right: &Node) -> bool {
    match (&left.value, &right.value) {
        (Value::Scalar(left), Value::Scalar(right)) => {
            json_scalar(left).is_some_and(|left| Some(left) == json_scalar(right))
        }
        (Value::Sequence(left), Value::Sequence(right)) => {
            left.len() == right.len() && left.iter().zip(&**right).all(|(a, b)| is_same_json(a, b))
        }
        (Value::Mapping(left), Value::Mapping(right)) => {
            let (Some(left), Some(right)) = (by_key(left), by_key(right)) else {
                return false;
            };
            let is_same =
                |(a, b): ((&str, &Node), (&str, &Node))| a.0 == b.0 && is_same_json(a.1, b.1);
            left.len() == right.len() && left.into_iter().zip(right).all(is_same)
        }
        _ => false,
    }
}

/// Returns the type of a literal, with its contents if the type is string.
fn json_scalar(scalar: &Scalar) -> Option<(Plain, &str)> {
    let text = scalar.text.literal()?;
    Some(match scalar.style {
        Style::Quoted => (Plain::String, text),
        Style::Plain => match type_plain(text) {
            Plain::String | Plain::Unrepresentable(_) => (Plain::String, text),
            typed => (typed, ""),
        },
    })
}

/// Returns the entries sorted by key; `None` if one of the keys is not a literal.
fn by_key(entries: &[Entry]) -> Option<BTreeMap<&str, &Node>> {
    let entry = |entry| Some((literal_key(entry)?, &entry.value));
    entries.iter().map(entry).collect()
}
