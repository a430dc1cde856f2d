//! Fills the expressions of texts and trees with the values of variables.

mod entry;
mod json;
mod repeat;
pub(crate) mod yaml;

use std::borrow::Cow;
use std::cell::Cell;
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::rc::Rc;

use super::expression::Operation;
use super::function::{MAX_LENGTH, ProblemKind};
use crate::source::Span;
use crate::tree::{Entry, Key, Node, Part, Role, Scalar, Slot, Style, Text, Value};
use crate::yaml::scalar::{Plain, is_plain_safe, type_plain};
use crate::yaml::text::{key_too_long, uncarried_key};
pub use entry::ListEntry;
use yaml::too_long;

/// Gives variables their values.
pub trait Scope {
    /// The value of a variable; none where it is unset.
    fn get(&self, name: &str) -> Option<Cow<'_, Node>>;

    /// The text that a path of names leads to, where it is at hand. Where there is none, `get` may
    /// still have a value.
    fn text(&self, _path: &[String]) -> Option<&str> {
        None
    }

    /// Gives `visit` the variables of each of `CLUSTERS`; false where there is no such variable.
    fn clusters(&self, _visit: &mut dyn FnMut(&dyn Scope)) -> bool {
        false
    }

    /// The name of a rotated object.
    fn rotated(&self, _index: usize) -> Option<Rc<str>> {
        None
    }

    /// How many nodes were repeated so far, inside of something that is repeated.
    fn repeated(&self) -> Option<&Cell<usize>> {
        None
    }
}

/// Why something cannot be filled, and where the template asks for it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// The expression or key.
    pub span: Span,
    /// What is wrong.
    pub kind: Trouble,
}

/// What is wrong with a variable's value, or that it has none.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Trouble {
    /// The variable, with the keys that lead into it, is not set.
    Missing(String),
    /// The variable is a list or a map, and stands inside a text.
    NotText(String),
    /// A function refused.
    Failed(String),
    /// `<<` was given something other than a map.
    NotMap(String),
    /// `$each` was given something other than a list.
    NotList(String),
    /// `$json` was given something other than a map or a list, or stands beside other keys; why.
    NotJson(&'static str),
    /// A file has a variable that only a shell knows; the variable, then what it needs.
    Unknown(String, String),
    /// A filled key is there already.
    DuplicateKey(String),
    /// A filled key is longer than Go's YAML readers take.
    LongKey,
    /// A filled key does not arrive; why.
    LostKey(&'static str),
}

/// Fills a text. What cannot be filled is left out and told in `problems`.
pub fn text(text: &Text, scope: &dyn Scope, problems: &mut Vec<Problem>) -> Rc<str> {
    let parts = match text {
        Text::Literal(text) => return Rc::clone(text),
        Text::Parts(parts) => parts,
    };
    if let [Part::Expression(slot)] = &**parts
        && let Operation::None = slot.expression.operation
    {
        return slot_text(slot, scope, problems);
    }
    let mut filled = String::with_capacity(64);
    if append(text, scope, &mut filled) {
        return filled.into();
    }
    for part in parts.iter() {
        match part {
            Part::Literal(text) => filled.push_str(text),
            Part::Dollar => filled.push('$'),
            Part::Yaml(embedded) => filled.push_str(&yaml::text(embedded, scope, problems)),
            Part::Rotated(name) => {
                filled.push_str(&scope.rotated(name.index).unwrap_or_default());
            }
            Part::Expression(slot) => {
                filled.push_str(&slot_text(slot, scope, problems));
                if filled.len() > MAX_LENGTH {
                    problems.push(too_long(slot.span));
                    break;
                }
            }
        }
    }
    filled.into()
}

/// Appends a text in which only plain variables are left to fill, and each of them is a text at hand.
/// Else nothing is appended: [`text`] knows more, and tells what is wrong.
pub fn append(text: &Text, scope: &dyn Scope, out: &mut String) -> bool {
    let parts = match text {
        Text::Literal(text) => {
            out.push_str(text);
            return true;
        }
        Text::Parts(parts) => parts,
    };
    let start = out.len();
    let is_appended = parts.iter().all(|part| {
        let text = match part {
            Part::Literal(text) => Some(&**text),
            Part::Dollar => Some("$"),
            Part::Expression(slot) if slot.expression.operation == Operation::None => {
                scope.text(&slot.expression.path)
            }
            Part::Expression(_) | Part::Yaml(_) | Part::Rotated(_) => None,
        };
        out.push_str(text.unwrap_or_default());
        text.is_some() && out.len() - start <= MAX_LENGTH
    });
    if !is_appended {
        out.truncate(start);
    }
    is_appended
}

fn slot_text(slot: &Slot, scope: &dyn Scope, problems: &mut Vec<Problem>) -> Rc<str> {
    let expression = &slot.expression;
    if let Operation::None = expression.operation {
        match lookup(scope, &expression.path).as_deref() {
            Some(Node {
                value:
                    Value::Scalar(Scalar {
                        text: Text::Literal(text),
                        ..
                    }),
                ..
            }) => return Rc::clone(text),
            Some(value) => problems.push(not_text(slot.span, &expression.path, value)),
            None => problems.push(missing(slot.span, &expression.path)),
        }
        return Rc::default();
    }
    if slot.is_unquoted
        && is_empty(lookup(scope, &expression.path).as_deref())
        && let Some(default) = slot.default.as_ref().and_then(Node::as_scalar)
    {
        return text(&default.as_text(), scope, problems);
    }
    let mut not_texts = Vec::new();
    let evaluated = expression.evaluate(&slot.text, &mut |path| {
        let value = lookup(scope, path)?;
        if value.text().is_none() {
            not_texts.push(not_text(slot.span, path, &value));
        }
        value.text().map(|text| Cow::Owned(text.to_owned()))
    });
    if !not_texts.is_empty() {
        problems.append(&mut not_texts);
        return Rc::default();
    }
    match evaluated {
        Ok(text) => text.into(),
        Err(found) => {
            problems.extend(found.into_iter().map(|problem| Problem {
                span: Span::new(slot.span.file, problem.range),
                kind: match problem.kind {
                    ProblemKind::Missing(path) => Trouble::Missing(path.join(".")),
                    other => Trouble::Failed(other.to_string()),
                },
            }));
            Rc::default()
        }
    }
}

fn missing(span: Span, path: &[String]) -> Problem {
    Problem {
        span,
        kind: Trouble::Missing(path.join(".")),
    }
}

/// Why a value is no text: it is a list or a map, or its file leaves something of it open.
fn not_text(span: Span, path: &[String], value: &Node) -> Problem {
    let open = value
        .as_scalar()
        .and_then(|scalar| scalar.text.slots().next());
    let kind = match open {
        Some(slot) => Trouble::Unknown(path.join("."), slot.expression.path.join(".")),
        None => Trouble::NotText(path.join(".")),
    };
    Problem { span, kind }
}

/// The value that a path of names leads to; a null is as good as unset.
pub fn lookup<'s>(scope: &'s dyn Scope, path: &[String]) -> Option<Cow<'s, Node>> {
    let (first, rest) = path.split_first()?;
    let mut node = scope.get(first)?;
    for key in rest {
        node = match node {
            Cow::Borrowed(node) => Cow::Borrowed(node.get(key)?),
            Cow::Owned(node) => Cow::Owned(node.get(key)?.clone()),
        };
    }
    (!node.is_null()).then_some(node)
}

/// Whether a default stands in for a value.
fn is_empty(value: Option<&Node>) -> bool {
    value.is_none_or(|value| value.text() == Some(""))
}

/// Fills a tree. What cannot be filled is left out and told in `problems`.
pub fn node(node: &Node, scope: &dyn Scope, problems: &mut Vec<Problem>) -> Node {
    let value = match &node.value {
        Value::Scalar(scalar) => return self::scalar(node.span, scalar, scope, problems),
        _ if node.is_literal() => return node.clone(),
        Value::Mapping(_) if let Some(tree) = node.json() => {
            return json::text(node, tree, scope, problems);
        }
        Value::Sequence(items) => {
            let mut filled = Vec::with_capacity(items.len());
            for item in items.iter() {
                match item.each() {
                    Some(each) => repeat::repeat(item, each, scope, problems, &mut filled),
                    None => filled.push(self::node(item, scope, problems)),
                }
            }
            Value::Sequence(filled.into())
        }
        Value::Mapping(entries) => Value::Mapping(mapping(entries, scope, problems).into()),
    };
    Node {
        span: node.span,
        value,
    }
}

fn scalar(span: Span, scalar: &Scalar, scope: &dyn Scope, problems: &mut Vec<Problem>) -> Node {
    let style = match (scalar.style, &scalar.text) {
        (style, Text::Literal(text)) => return Node::scalar(span, style, Rc::clone(text)),
        (style, Text::Parts(_)) => style,
    };
    if style == Style::Plain
        && let Some(slot) = scalar.text.sole_slot()
        && let Some(whole) = whole(slot, scope, problems)
    {
        return Node { span, ..whole };
    }
    let filled = text(&scalar.text, scope, problems);
    Node::scalar(span, self::style(style, &filled), filled)
}

/// The style of a filled text. One that was written as an unquoted word is typed as one where it
/// could stand as one, and means something that can be carried.
pub fn style(written: Style, filled: &str) -> Style {
    let is_plain =
        || is_plain_safe(filled) && !matches!(type_plain(filled), Plain::Unrepresentable(_));
    match written {
        Style::Plain if is_plain() => Style::Plain,
        Style::Plain | Style::Quoted => Style::Quoted,
    }
}

/// What stands for an expression that is a plain scalar of its own: a list or map as it is, or the
/// template's default.
fn whole(slot: &Slot, scope: &dyn Scope, problems: &mut Vec<Problem>) -> Option<Node> {
    let expression = &slot.expression;
    if let Operation::Call { .. } = expression.operation {
        return None;
    }
    let value = lookup(scope, &expression.path);
    let is_empty = is_empty(value.as_deref());
    match &slot.default {
        Some(default) if is_empty => Some(node(default, scope, problems)),
        _ => match value?.into_owned() {
            value if value.as_scalar().is_none() => Some(value),
            value => untyped(&value),
        },
    }
}

/// The list or the map that a text without types is in flow style, as a `.env` of the platform has it.
fn untyped(value: &Node) -> Option<Node> {
    let scalar = value.as_scalar()?;
    let text = scalar
        .text
        .literal()
        .filter(|text| text.starts_with(['[', '{']))?;
    (scalar.style == Style::Plain).then(|| crate::yaml::flow(value.span, text))?
}

fn mapping(entries: &[Entry], scope: &dyn Scope, problems: &mut Vec<Problem>) -> Vec<Entry> {
    let mut filled: Vec<Entry> = Vec::new();
    let mut places: BTreeSet<Rc<str>> = BTreeSet::new();
    // Explicit keys win over what is spread, wherever they stand.
    for entry in entries.iter().filter(|entry| entry.key.role == Role::Name) {
        let key = text(&entry.key.text, scope, problems);
        if !places.insert(Rc::clone(&key)) {
            problems.push(Problem {
                span: entry.key.span,
                kind: Trouble::DuplicateKey(key.to_string()),
            });
        }
        // Keys without a variable were checked where they were read.
        if let Some(kind) = key_trouble(&key).filter(|_| entry.key.text.literal().is_none()) {
            let span = entry.key.span;
            problems.push(Problem { span, kind });
        }
    }
    for entry in entries.iter().filter(|entry| entry.key.role != Role::Each) {
        if entry.key.is_spread() {
            let map = spread(entry, scope, problems);
            filled.reserve(map.as_ref().and_then(Node::entries).map_or(0, <[_]>::len));
            for inner in map.iter().flat_map(|map| map.entries().unwrap_or_default()) {
                let key = inner.key.text.as_written();
                if places.insert(key) {
                    filled.push(inner.clone());
                }
            }
        } else {
            let key = text(&entry.key.text, scope, problems);
            let key = Key {
                text: Text::Literal(key),
                ..entry.key.clone()
            };
            filled.push(Entry {
                key,
                value: node(&entry.value, scope, problems),
            });
        }
    }
    filled
}

fn key_trouble(key: &str) -> Option<Trouble> {
    if key_too_long(key) {
        Some(Trouble::LongKey)
    } else {
        uncarried_key(key).map(Trouble::LostKey)
    }
}

fn spread(entry: &Entry, scope: &dyn Scope, problems: &mut Vec<Problem>) -> Option<Node> {
    let slot = entry.value.as_scalar()?.text.sole_slot()?;
    let before = problems.len();
    let map = whole(slot, scope, problems);
    let is_map = map.as_ref().is_some_and(|map| map.entries().is_some());
    if !is_map && problems.len() == before {
        let path = slot.expression.path.join(".");
        let kind = match lookup(scope, &slot.expression.path) {
            None => Trouble::Missing(path),
            Some(_) => Trouble::NotMap(path),
        };
        problems.push(Problem {
            span: slot.span,
            kind,
        });
    }
    let map = map.filter(|_| is_map)?;
    match entry.value.as_scalar()?.style {
        Style::Quoted => Some(strings(&map)),
        Style::Plain => Some(map),
    }
}

/// The map with its scalars made strings.
fn strings(map: &Node) -> Node {
    let is_string = |entry: &Entry| match &entry.value.value {
        Value::Scalar(scalar) => scalar.style == Style::Quoted,
        Value::Sequence(_) | Value::Mapping(_) => true,
    };
    if map
        .entries()
        .is_some_and(|entries| entries.iter().all(is_string))
    {
        return map.clone();
    }
    let string = |entry: &Entry| {
        let mut entry = entry.clone();
        if let Value::Scalar(scalar) = &mut entry.value.value {
            scalar.style = Style::Quoted;
        }
        entry
    };
    let entries = map.entries().unwrap_or_default().iter().map(string);
    Node::mapping(map.span, entries.collect())
}

impl Trouble {
    /// The trouble in words.
    pub fn message(&self) -> String {
        let mut message = String::new();
        let _ = match self {
            Self::Missing(name) => write!(message, "the variable `{name}` is not set"),
            Self::NotText(name) => write!(
                message,
                "the variable `{name}` is a list or a map, and stands inside a text"
            ),
            Self::Failed(why) => write!(message, "{why}"),
            Self::NotMap(name) => write!(
                message,
                "`<<` takes a map, and the variable `{name}` is none"
            ),
            Self::NotList(name) => write!(
                message,
                "`$each` and `with` take a list, and the variable `{name}` is none"
            ),
            Self::Unknown(name, needed) => write!(
                message,
                "the value of `{name}` needs `${needed}`, which its file does not set"
            ),
            Self::DuplicateKey(key) => write!(
                message,
                "the key `{key}` is said twice in one mapping, once by a variable"
            ),
            Self::LongKey => write!(
                message,
                "it is longer than the 1,022 characters that Argo CD's reader accepts"
            ),
            Self::NotJson(why) | Self::LostKey(why) => write!(message, "{why}"),
        };
        message
    }
}
