//! Builds trees out of YAML events, and counts what they and their aliases cost.

use std::collections::BTreeMap;

use super::rules::{self, check_plain};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::source::Span;
use crate::tree::{Entry, Key, Node, Value};

/// How deep collections may be nested.
pub(super) const DEPTH: usize = 64;
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
    has_optional_keys: bool,
}

type Built = Result<(), Box<Diagnostic>>;

impl Builder {
    /// Returns a builder of trees whose unquoted keys may end with `?` to be optional.
    pub(super) fn new(has_optional_keys: bool) -> Self {
        Self {
            has_optional_keys,
            ..Self::default()
        }
    }

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
            Items::Mapping { entries, .. } => Value::Mapping(rules::mapping(entries, diags).into()),
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
        self.root.take().filter(|node| !node.is_null())
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
            check_plain(&node, None, diags);
            self.root = Some(node);
            return;
        };
        frame.cost.nodes += cost.nodes;
        frame.cost.bytes += cost.bytes;
        frame.cost.height = frame.cost.height.max(cost.height);
        match &mut frame.items {
            Items::Sequence(items) => {
                check_plain(&node, None, diags);
                items.push(node);
            }
            Items::Mapping { entries, key } => match key.take() {
                Some(key) => {
                    check_plain(&node, Some(&key), diags);
                    entries.push(Entry { key, value: node });
                }
                None => *key = Some(rules::key(&node, self.has_optional_keys, diags)),
            },
        }
    }
}

fn too_deep(span: Span) -> Diagnostic {
    let message = format!("collections are nested deeper than {DEPTH} levels");
    Diagnostic::new(Code::YamlBudget, span, message)
}
