//! Builds trees out of YAML events: keys, merges, aliases and what they may cost.

use std::collections::BTreeMap;

use super::scalar::{Plain, ambiguity, type_plain};
use super::{DEPTH, text};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::source::Span;
use crate::tree::{Entry, Key, Node, Style, Text, Value};

/// How many nodes a file may hold, aliases expanded.
const NODES: usize = 1_000_000;
/// How many aliases a file may use.
const ALIASES: usize = 1_000;
/// How much text aliases may repeat, in bytes.
const ALIAS_BYTES: usize = 4 << 20;

/// What a node costs where it is repeated.
#[derive(Clone, Copy, Default)]
struct Cost {
    nodes: usize,
    bytes: usize,
    height: usize,
}

enum Items {
    Sequence(Vec<Node>),
    Mapping {
        entries: Vec<Entry>,
        key: Option<Key>,
    },
}

struct Frame {
    items: Items,
    span: Span,
    anchor: usize,
    cost: Cost,
}

/// A tree under construction.
#[derive(Default)]
pub(super) struct Builder {
    stack: Vec<Frame>,
    root: Option<Node>,
    anchors: BTreeMap<usize, (Node, Cost)>,
    total: usize,
    aliases: usize,
    alias_bytes: usize,
}

type Built = Result<(), Box<Diagnostic>>;

impl Builder {
    /// Begins a sequence or a mapping.
    pub(super) fn open(&mut self, mapping: bool, span: Span, anchor: usize) -> Built {
        self.count(1, span)?;
        if self.stack.len() == DEPTH {
            return Err(Box::new(too_deep(span)));
        }
        let items = if mapping {
            Items::Mapping {
                entries: Vec::new(),
                key: None,
            }
        } else {
            Items::Sequence(Vec::new())
        };
        self.stack.push(Frame {
            items,
            span,
            anchor,
            cost: Cost {
                nodes: 1,
                ..Cost::default()
            },
        });
        Ok(())
    }

    /// Ends the innermost collection.
    pub(super) fn close(&mut self, end: Span, diags: &mut Diagnostics) {
        let Some(frame) = self.stack.pop() else {
            return;
        };
        let value = match frame.items {
            Items::Sequence(items) => Value::Sequence(items.into()),
            Items::Mapping { entries, .. } => Value::Mapping(mapping(entries, diags).into()),
        };
        let last = match &value {
            Value::Sequence(items) => items.last().map(|item| item.span),
            Value::Mapping(entries) => entries.last().map(|entry| entry.value.span),
            Value::Scalar(_) => None,
        };
        // A block collection ends where the next token begins; its last item tells better.
        let end = if end.start == end.end {
            last.unwrap_or(end)
        } else {
            end
        };
        let node = Node {
            span: frame.span.to(end),
            value,
        };
        let cost = Cost {
            height: frame.cost.height + 1,
            ..frame.cost
        };
        self.finish(node, frame.anchor, cost, diags);
    }

    /// Adds a scalar.
    pub(super) fn leaf(&mut self, node: Node, anchor: usize, diags: &mut Diagnostics) -> Built {
        self.count(1, node.span)?;
        let bytes = node.text().map_or(0, str::len);
        self.finish(
            node,
            anchor,
            Cost {
                nodes: 1,
                bytes,
                height: 0,
            },
            diags,
        );
        Ok(())
    }

    /// Adds what an anchor stands for.
    pub(super) fn alias(&mut self, anchor: usize, span: Span, diags: &mut Diagnostics) -> Built {
        let Some((node, cost)) = self.anchors.get(&anchor).cloned() else {
            let message = "this alias stands inside its own anchor";
            diags.push(Diagnostic::new(Code::RecursiveAlias, span, message));
            return self.leaf(Node::string(span, ""), 0, diags);
        };
        self.aliases += 1;
        self.alias_bytes += cost.bytes;
        let over = |what: String| Err(Box::new(Diagnostic::new(Code::YamlBudget, span, what)));
        if self.aliases > ALIASES {
            return over(format!("more than {ALIASES} aliases in one file"));
        }
        if self.alias_bytes > ALIAS_BYTES {
            return over(format!(
                "the aliases of this file expand to more than {ALIAS_BYTES} bytes of text"
            ));
        }
        if self.stack.len() + cost.height > DEPTH {
            return Err(Box::new(too_deep(span)));
        }
        self.count(cost.nodes, span)?;
        self.finish(Node { span, ..node }, 0, cost, diags);
        Ok(())
    }

    /// The document that is complete; none where it has no content.
    pub(super) fn take_root(&mut self) -> Option<Node> {
        self.anchors.clear();
        self.root
            .take()
            .filter(|node| !node.as_scalar().is_some_and(is_null))
    }

    fn count(&mut self, nodes: usize, span: Span) -> Built {
        self.total = self.total.saturating_add(nodes);
        if self.total > NODES {
            let message = format!("the file expands to more than {NODES} nodes");
            return Err(Box::new(Diagnostic::new(Code::YamlBudget, span, message)));
        }
        Ok(())
    }

    fn finish(&mut self, node: Node, anchor: usize, cost: Cost, diags: &mut Diagnostics) {
        if anchor != 0 {
            self.anchors.insert(anchor, (node.clone(), cost));
        }
        let Some(frame) = self.stack.last_mut() else {
            check_plain(&node, diags);
            self.root = Some(node);
            return;
        };
        frame.cost.nodes += cost.nodes;
        frame.cost.bytes += cost.bytes;
        frame.cost.height = frame.cost.height.max(cost.height);
        match &mut frame.items {
            Items::Sequence(items) => {
                check_plain(&node, diags);
                items.push(node);
            }
            Items::Mapping { entries, key } => match key.take() {
                Some(key) => {
                    check_plain(&node, diags);
                    entries.push(Entry { key, value: node });
                }
                None => *key = Some(self::key(&node, diags)),
            },
        }
    }
}

fn too_deep(span: Span) -> Diagnostic {
    let message = format!("collections are nested deeper than {DEPTH} levels");
    Diagnostic::new(Code::YamlBudget, span, message)
}

fn is_null(scalar: &crate::tree::Scalar) -> bool {
    scalar.style == Style::Plain
        && scalar
            .text
            .literal()
            .is_some_and(|text| type_plain(text) == Plain::Null)
}

/// Judges an unquoted word: what no reader can keep is an error, what readers disagree on a warning.
fn check_plain(node: &Node, diags: &mut Diagnostics) {
    let Some(scalar) = node
        .as_scalar()
        .filter(|scalar| scalar.style == Style::Plain)
    else {
        return;
    };
    let Some(text) = scalar.text.literal() else {
        return;
    };
    if let Plain::Unrepresentable(why) = type_plain(text) {
        let message = format!("`{text}` cannot be carried: {why}");
        diags.push(
            Diagnostic::new(Code::UnrepresentableNumber, node.span, message)
                .help("quote it if it is a text"),
        );
    } else if let Some(why) = ambiguity(text) {
        let message = format!("`{text}` is ambiguous: {why}");
        let help =
            format!("write \"{text}\" if it is a text, or spell the value so that all agree");
        diags.push(Diagnostic::new(Code::AmbiguousScalar, node.span, message).help(help));
    }
}

/// A node in the place of a key.
fn key(node: &Node, diags: &mut Diagnostics) -> Key {
    let span = node.span;
    let Some(scalar) = node.as_scalar() else {
        diags.push(Diagnostic::new(
            Code::InvalidKey,
            span,
            "a key must be a string, not a collection",
        ));
        return Key {
            span,
            text: Text::Literal("".into()),
            spread: false,
        };
    };
    let plain = scalar.style == Style::Plain;
    let text = scalar.text.clone();
    let spread = plain && text.literal() == Some("<<");
    if let Some(literal) = text.literal().filter(|_| !spread) {
        check_key(literal, plain, span, diags);
    }
    Key { span, text, spread }
}

fn check_key(key: &str, plain: bool, span: Span, diags: &mut Diagnostics) {
    if text::key_too_long(key) {
        let message = "this key is longer than the 1,022 characters that Argo CD's reader accepts";
        diags.push(Diagnostic::new(Code::KeyTooLong, span, message));
    } else if let Some(why) = text::uncarried_key(key) {
        let message = format!("this key is lost on the way: {why}");
        diags.push(Diagnostic::new(Code::InvalidKey, span, message).help("choose another key"));
    }
    let ambiguous = match type_plain(key) {
        _ if !plain => return,
        Plain::Null | Plain::Bool(_) | Plain::Unrepresentable(_) => true,
        Plain::Number(number) => number != key,
        Plain::String => ambiguity(key).is_some(),
    };
    if ambiguous {
        let message = format!("the key `{key}` is not a string to every reader of YAML");
        diags.push(
            Diagnostic::new(Code::AmbiguousKey, span, message).help(format!("quote it: \"{key}\"")),
        );
    }
}

/// The entries of a mapping: literal merges spread, explicit keys winning; nothing said twice.
fn mapping(entries: Vec<Entry>, diags: &mut Diagnostics) -> Vec<Entry> {
    refuse_duplicates(&entries, diags);
    if !entries.iter().any(|entry| entry.key.spread) {
        return entries;
    }
    let explicit = |key: &Text| {
        entries
            .iter()
            .any(|entry| !entry.key.spread && entry.key.text == *key)
    };
    let mut merged = Vec::with_capacity(entries.len());
    for entry in &entries {
        match &entry.value.value {
            Value::Mapping(inner) if entry.key.spread => {
                merged.extend(
                    inner
                        .iter()
                        .filter(|entry| !explicit(&entry.key.text))
                        .cloned(),
                );
            }
            Value::Scalar(scalar)
                if entry.key.spread
                    && (scalar.style == Style::Quoted || scalar.text.sole_slot().is_none()) =>
            {
                refuse_merge(entry, diags);
            }
            Value::Sequence(_) if entry.key.spread => refuse_merge(entry, diags),
            _ => merged.push(entry.clone()),
        }
    }
    merged
}

fn refuse_merge(entry: &Entry, diags: &mut Diagnostics) {
    let message = "`<<` takes a mapping, an alias of one, or a variable that holds one";
    let help = "write the entries themselves, or quote the key if it is a text";
    diags.push(Diagnostic::new(Code::InvalidMerge, entry.value.span, message).help(help));
}

fn refuse_duplicates(entries: &[Entry], diags: &mut Diagnostics) {
    let mut order: Vec<(&str, usize)> = entries
        .iter()
        .enumerate()
        .filter_map(|(index, entry)| Some((entry.key.text.literal()?, index)))
        .collect();
    order.sort_unstable();
    for pair in order.windows(2) {
        let [(key, first), (other, second)] = pair else {
            continue;
        };
        if key == other {
            let (first, second) = (&entries[*first].key, &entries[*second].key);
            let spread = first.spread && second.spread;
            let code = if spread {
                Code::InvalidMerge
            } else {
                Code::DuplicateKey
            };
            let message = format!("the key `{key}` is said twice in one mapping");
            diags.push(
                Diagnostic::new(code, second.span, message).related(first.span, "first said here"),
            );
        }
    }
}
