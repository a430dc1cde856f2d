//! `define`: values that the documents of a delivery method have in common.

use std::rc::Rc;

use super::names::is_name_of_addons;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::source::Span;
use crate::template::BUILT_IN;
use crate::tree::expression::{Operation, is_name};
use crate::tree::{Entry, Node, Style, Value};

/// Maximum number of nodes that definitions add to all documents together.
const MAX_NODES: usize = 1_000_000;

/// The values by their names.
#[derive(Default)]
pub(super) struct Definitions {
    values: Vec<Definition>,
    nodes: usize,
}

struct Definition {
    name: Rc<str>,
    span: Span,
    value: Node,
    nodes: usize,
    is_read: bool,
}

impl Definitions {
    /// Reads `define`.
    pub(super) fn read(entries: &[Entry], diags: &mut Diagnostics) -> Self {
        let mut values = Vec::new();
        for Entry { key, value } in entries {
            let name = key.text.literal().filter(|name| is_name(name));
            let is_reserved = |name: &&str| BUILT_IN.contains(name) || is_name_of_addons(name);
            if let Some(name) = name.filter(|name| !is_reserved(name)) {
                values.push(Definition {
                    name: name.into(),
                    span: key.span,
                    value: value.clone(),
                    nodes: value.count(),
                    is_read: false,
                });
            } else {
                let name = key.text.as_written();
                let message = format!("`{name}` cannot be defined");
                let help =
                    "use a name of letters, digits and `_` that no add-on and no cluster has";
                let diagnostic = Diagnostic::new(Code::ReservedVariable, key.span, message);
                diags.push(diagnostic.help(help));
            }
        }
        Self { values, nodes: 0 }
    }

    /// Returns a tree with the values in the place of expressions that are their names.
    pub(super) fn expand(&mut self, node: &Node, diags: &mut Diagnostics) -> Node {
        let value = match &node.value {
            Value::Scalar(scalar) => {
                let slot = scalar.text.sole_slot();
                let slot = slot.filter(|slot| {
                    let is_plain = slot.expression.operation == Operation::None;
                    scalar.style == Style::Plain && is_plain && slot.expression.path.len() == 1
                });
                let name = slot.map(|slot| &*slot.expression.path[0]);
                return self
                    .value(name.unwrap_or_default(), node.span, diags)
                    .unwrap_or_else(|| node.clone());
            }
            _ if node.is_literal() => return node.clone(),
            Value::Sequence(items) => {
                Value::Sequence(items.iter().map(|item| self.expand(item, diags)).collect())
            }
            Value::Mapping(entries) => {
                let entry = |entry: &Entry| Entry {
                    key: entry.key.clone(),
                    value: self.expand(&entry.value, diags),
                };
                Value::Mapping(entries.iter().map(entry).collect())
            }
        };
        let span = node.span;
        Node { span, value }
    }

    fn value(&mut self, name: &str, span: Span, diags: &mut Diagnostics) -> Option<Node> {
        let definition = self.values.iter_mut().find(|one| *one.name == *name)?;
        definition.is_read = true;
        let before = self.nodes;
        self.nodes += definition.nodes;
        if self.nodes > MAX_NODES {
            if before <= MAX_NODES {
                let message = format!("definitions expand to more than {MAX_NODES} nodes");
                diags.push(Diagnostic::new(Code::YamlBudget, span, message));
            }
            return None;
        }
        Some(definition.value.clone())
    }

    /// Reports definitions that an expanded tree still reads: in another way than as a whole value.
    pub(super) fn check_expanded(&self, tree: &Node, diags: &mut Diagnostics) {
        tree.each_text(&mut |text, _| {
            for slot in text.slots() {
                let name = &slot.expression.path[0];
                if self.values.iter().any(|one| *one.name == **name) {
                    let message = format!("the definition `{name}` can only be a whole value");
                    let help =
                        format!("write ${{{name}}} alone and unquoted, and in no other definition");
                    let diagnostic = Diagnostic::new(Code::InvalidDelivery, slot.span, message);
                    diags.push(diagnostic.help(help));
                }
            }
        });
    }

    /// Warns of definitions that no document reads.
    pub(super) fn warn_unread(&self, diags: &mut Diagnostics) {
        for one in self.values.iter().filter(|one| !one.is_read) {
            let message = format!("no document reads `{}`", one.name);
            let help = format!("remove it, or use it as a whole value: ${{{}}}", one.name);
            diags.push(Diagnostic::new(Code::UnusedVariable, one.span, message).help(help));
        }
    }
}
