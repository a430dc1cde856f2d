//! Construction of trees from YAML events, with limits on their size and on aliases.

use std::collections::BTreeMap;

use super::rules::{self, check_plain};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Parsed};
use crate::source::Span;
use crate::tree::{Entry, Key, Node, Value};

/// Maximum nesting depth of collections.
pub(super) const MAX_DEPTH: usize = 64;
/// Maximum number of nodes of a file after the expansion of aliases.
const MAX_NODES: usize = 1_000_000;
/// Maximum number of nodes of all files of a run: many files are kept at once.
const MAX_NODES_OF_RUN: usize = 3_000_000;
/// Maximum number of aliases of a file.
const MAX_ALIASES: usize = 1_000;
/// Maximum number of aliases of all files of a run.
const MAX_ALIASES_OF_RUN: usize = 20_000;
/// Maximum size of the scalars that the aliases of a file repeat, in bytes.
const MAX_ALIAS_BYTES: usize = 4 << 20;
/// Maximum size of the scalars that the aliases of all files of a run repeat, in bytes.
const MAX_ALIAS_BYTES_OF_RUN: usize = 64 << 20;

/// The size of a node, which is added again for each alias.
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
    /// What the file contains so far, and all files.
    pub(super) parsed: Parsed,
    has_optional_keys: bool,
}

type Built = Result<(), Box<Diagnostic>>;

impl Builder {
    /// Returns a builder. If `has_optional_keys`, an unquoted key that ends with `?` is optional.
    pub(super) fn new(has_optional_keys: bool, parsed: Parsed) -> Self {
        Self {
            parsed,
            has_optional_keys,
            ..Self::default()
        }
    }

    /// Begins a sequence or a mapping.
    ///
    /// # Errors
    ///
    /// Returns a diagnostic if a limit is exceeded.
    pub(super) fn open(&mut self, mapping: bool, span: Span, anchor: usize) -> Built {
        self.count(1, span)?;
        if self.stack.len() == MAX_DEPTH {
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
        // The parser ends a block collection at the next token, so the end of the last item is more precise.
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
    ///
    /// # Errors
    ///
    /// Returns a diagnostic if a limit is exceeded.
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

    /// Adds the value of an anchor.
    ///
    /// # Errors
    ///
    /// Returns a diagnostic if a limit is exceeded.
    pub(super) fn alias(&mut self, anchor: usize, span: Span, diags: &mut Diagnostics) -> Built {
        let Some((node, cost)) = self.anchors.get(&anchor).cloned() else {
            let message = "alias must not be inside the value of its own anchor";
            let help = "write the value instead of the alias";
            diags.push(Diagnostic::new(Code::RecursiveAlias, span, message).help(help));
            return self.leaf(Node::string(span, ""), 0, diags);
        };
        let Parsed { file, run, .. } = &mut self.parsed;
        for counts in [&mut *file, &mut *run] {
            counts.aliases += 1;
            counts.alias_bytes += cost.bytes;
        }
        let (file, run) = (*file, *run);
        let error = |message: String, help| {
            let diagnostic = Diagnostic::new(Code::YamlBudget, span, message);
            Err(Box::new(diagnostic.help(help)))
        };
        if run.aliases > MAX_ALIASES_OF_RUN || run.alias_bytes > MAX_ALIAS_BYTES_OF_RUN {
            return error(
                format!(
                    "the files of the fleet contain more than {MAX_ALIASES_OF_RUN} aliases, or these expand to more than {MAX_ALIAS_BYTES_OF_RUN} bytes"
                ),
                "use variables instead of aliases",
            );
        }
        if file.aliases > MAX_ALIASES {
            return error(
                format!("more than {MAX_ALIASES} aliases in one file"),
                "split the file, or use variables instead of aliases",
            );
        }
        if file.alias_bytes > MAX_ALIAS_BYTES {
            return error(
                format!("the aliases of this file expand to more than {MAX_ALIAS_BYTES} bytes"),
                "use variables instead of aliases",
            );
        }
        if self.stack.len() + cost.height > MAX_DEPTH {
            return Err(Box::new(too_deep(span)));
        }
        self.count(cost.nodes, span)?;
        self.finish(Node { span, ..node }, 0, cost, diags);
        Ok(())
    }

    /// Returns `true` if the files of the run exceed a limit.
    pub(super) fn is_run_exceeded(&self) -> bool {
        let run = &self.parsed.run;
        run.nodes > MAX_NODES_OF_RUN
            || run.aliases > MAX_ALIASES_OF_RUN
            || run.alias_bytes > MAX_ALIAS_BYTES_OF_RUN
    }

    /// Returns the complete document, or `None` if the document has no content.
    pub(super) fn take_root(&mut self) -> Option<Node> {
        self.anchors.clear();
        self.root.take().filter(|node| !node.is_null())
    }

    fn count(&mut self, nodes: usize, span: Span) -> Built {
        let Parsed { file, run, .. } = &mut self.parsed;
        file.nodes = file.nodes.saturating_add(nodes);
        run.nodes = run.nodes.saturating_add(nodes);
        let (message, help) = if file.nodes > MAX_NODES {
            (
                format!("the file expands to more than {MAX_NODES} nodes"),
                "split the file",
            )
        } else if run.nodes > MAX_NODES_OF_RUN {
            (
                format!("the files of the fleet contain more than {MAX_NODES_OF_RUN} nodes"),
                "remove values that no template reads, or split the fleet",
            )
        } else {
            return Ok(());
        };
        Err(Box::new(
            Diagnostic::new(Code::YamlBudget, span, message).help(help),
        ))
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

/// Returns the diagnostic of collections that exceed [`MAX_DEPTH`].
pub(super) fn too_deep(span: Span) -> Diagnostic {
    let message = format!("collections are nested deeper than {MAX_DEPTH} levels");
    Diagnostic::new(Code::YamlBudget, span, message).help("remove levels of nesting")
}
