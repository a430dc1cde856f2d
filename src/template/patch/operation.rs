//! JSON Patch (RFC 6902), by a library, on trees with expressions.
//!
//! Every scalar of the tree and of the patch becomes a short text that stands for it, equal for
//! equal scalars; the library moves those about, and the tree is made again of them.

use std::collections::BTreeMap;

use json_patch::{PatchError, PatchErrorKind, PatchOperation};
use serde_json::{Map, Value as Json};

use super::Problem;
use crate::source::Span;
use crate::tree::{Entry, Key, Node, Role, Style, Text, Value};
use crate::tree::{Plain, type_plain};

/// The most nodes that a patched object may have.
const NODES: usize = 200_000;
/// Begins the name of a key that is more than a text.
const KEY: char = '\u{e000}';

/// One operation of a JSON Patch.
#[derive(Clone, Debug)]
pub struct Operation {
    /// `op`, `path` and `from` as JSON, without the value.
    pub json: Map<String, Json>,
    /// `value`, where the operation has one.
    pub value: Option<Node>,
    /// Where it was written.
    pub span: Span,
}

/// Applies operations in order; none where one of them fails.
pub fn apply(target: &Node, operations: &[Operation]) -> Result<Node, Problem> {
    let mut codec = Codec {
        span: target.span,
        nodes: Vec::new(),
        known: BTreeMap::new(),
        keys: Vec::new(),
    };
    let mut json = codec.encode(target);
    for (index, operation) in operations.iter().enumerate() {
        let problem = |message: String, is_too_large| Problem {
            span: operation.span,
            message,
            is_too_large,
        };
        let mut encoded = operation.json.clone();
        if let Some(value) = &operation.value {
            encoded.insert("value".to_owned(), codec.encode(value));
        }
        let name = operation
            .json
            .get("op")
            .and_then(Json::as_str)
            .unwrap_or_default()
            .to_owned();
        let parsed: PatchOperation =
            serde_json::from_value(Json::Object(encoded)).map_err(|error| {
                problem(
                    format!("operation {} is no JSON Patch: {error}", index + 1),
                    false,
                )
            })?;
        if let PatchOperation::Test(test) = &parsed
            && json
                .pointer(test.path.as_str())
                .is_some_and(|found| codec.has_variable(found))
        {
            let message = format!(
                "operation {} tests `{}`, which holds a variable",
                index + 1,
                test.path
            );
            return Err(problem(message, false));
        }
        let order = removed_from(&parsed).and_then(|path| Order::of(&json, path));
        json_patch::patch(&mut json, &[parsed]).map_err(|error| {
            problem(
                format!("operation {} ({name}) fails: {}", index + 1, reason(&error)),
                false,
            )
        })?;
        if let Some(order) = order {
            order.restore(&mut json);
        }
        if size(&json) > NODES {
            let message = format!(
                "operation {} makes the object larger than {NODES} nodes",
                index + 1
            );
            return Err(problem(message, true));
        }
    }
    Ok(codec.decode(&json))
}

fn reason(error: &PatchError) -> String {
    let path = &error.path;
    match error.kind {
        PatchErrorKind::TestFailed => format!("the value at `{path}` is another"),
        PatchErrorKind::InvalidFromPointer => "`from` leads to nothing".to_owned(),
        PatchErrorKind::InvalidPointer => format!("`{path}` leads to nothing"),
        PatchErrorKind::CannotMoveInsideItself => format!("`{path}` lies inside of what is moved"),
        _ => format!("at `{path}`"),
    }
}

/// What an operation takes away.
fn removed_from(operation: &PatchOperation) -> Option<&str> {
    match operation {
        PatchOperation::Remove(remove) => Some(remove.path.as_str()),
        PatchOperation::Move(moved) => Some(moved.from.as_str()),
        _ => None,
    }
}

/// The keys of a map in order: the library puts the last one in the place of one it removes.
struct Order {
    path: String,
    keys: Vec<String>,
}

impl Order {
    /// The order of the map that holds what a pointer leads to.
    fn of(json: &Json, path: &str) -> Option<Self> {
        let path = path.rsplit_once('/')?.0.to_owned();
        let keys = json.pointer(&path)?.as_object()?.keys().cloned().collect();
        Some(Self { path, keys })
    }

    fn restore(self, json: &mut Json) {
        let Some(map) = json.pointer_mut(&self.path).and_then(Json::as_object_mut) else {
            return;
        };
        let mut left = std::mem::take(map);
        for key in self.keys {
            if let Some(value) = left.shift_remove(&key) {
                map.insert(key, value);
            }
        }
        map.extend(left);
    }
}

fn size(json: &Json) -> usize {
    1 + match json {
        Json::Array(items) => items.iter().map(size).sum(),
        Json::Object(entries) => entries.values().map(size).sum(),
        _ => 0,
    }
}

struct Codec {
    span: Span,
    nodes: Vec<Node>,
    known: BTreeMap<(char, String), usize>,
    keys: Vec<Key>,
}

impl Codec {
    fn encode(&mut self, node: &Node) -> Json {
        match &node.value {
            Value::Scalar(_) => Json::from(self.scalar(node)),
            Value::Sequence(items) => items.iter().map(|item| self.encode(item)).collect(),
            Value::Mapping(entries) => {
                let entry = |entry: &Entry| (self.key(&entry.key), self.encode(&entry.value));
                entries.iter().map(entry).collect()
            }
        }
    }

    /// The number of a scalar, the same for equal ones.
    fn scalar(&mut self, node: &Node) -> usize {
        let new = self.nodes.len();
        let identity = node.as_scalar().map(|scalar| match scalar.text.literal() {
            Some(text) if scalar.style == Style::Plain => match type_plain(text) {
                Plain::Null => ('n', String::new()),
                Plain::Bool(value) => ('b', value.to_string()),
                Plain::Number(number) => ('d', number),
                Plain::String | Plain::Unrepresentable(_) => ('s', text.to_owned()),
            },
            Some(text) => ('s', text.to_owned()),
            None if scalar.style == Style::Plain => ('p', scalar.text.as_written().to_string()),
            None => ('q', scalar.text.as_written().to_string()),
        });
        let index = identity.map_or(new, |identity| *self.known.entry(identity).or_insert(new));
        if index == new {
            self.nodes.push(node.clone());
        }
        index
    }

    fn key(&mut self, key: &Key) -> String {
        match key.text.literal() {
            Some(text) if key.role == Role::Name => text.to_owned(),
            _ => {
                self.keys.push(key.clone());
                format!("{KEY}{}", self.keys.len() - 1)
            }
        }
    }

    fn has_variable(&self, json: &Json) -> bool {
        match json {
            Json::Array(items) => items.iter().any(|item| self.has_variable(item)),
            Json::Object(entries) => entries
                .iter()
                .any(|(key, value)| key.starts_with(KEY) || self.has_variable(value)),
            _ => self.node(json).is_none_or(|node| !node.is_literal()),
        }
    }

    fn node(&self, json: &Json) -> Option<&Node> {
        self.nodes.get(usize::try_from(json.as_u64()?).ok()?)
    }

    fn decode(&self, json: &Json) -> Node {
        let value = match json {
            Json::Array(items) => {
                Value::Sequence(items.iter().map(|item| self.decode(item)).collect())
            }
            Json::Object(entries) => {
                let entry = |(key, value): (&String, &Json)| Entry {
                    key: self.decode_key(key),
                    value: self.decode(value),
                };
                Value::Mapping(entries.iter().map(entry).collect())
            }
            _ => {
                let empty = || Node::scalar(self.span, Style::Plain, "".into());
                return self.node(json).cloned().unwrap_or_else(empty);
            }
        };
        Node {
            span: self.span,
            value,
        }
    }

    fn decode_key(&self, text: &str) -> Key {
        let special = text
            .strip_prefix(KEY)
            .and_then(|number| self.keys.get(number.parse::<usize>().ok()?));
        special.cloned().unwrap_or_else(|| Key {
            span: self.span,
            text: Text::Literal(text.into()),
            role: Role::Name,
        })
    }
}
