//! Reads `define`: values that the documents of a delivery method share.

use std::rc::Rc;

use super::names::is_name_of_addons;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::source::Span;
use crate::template::BUILT_IN;
use crate::tree::expression::{Operation, is_name};
use crate::tree::{Entry, Node, Style, Value};

/// Maximum number of nodes that definitions add to all documents together.
const MAX_NODES: usize = 1_000_000;

/// The values of `define`.
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
    is_used: bool,
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
                    is_used: false,
                });
            } else {
                let name = key.text.source_text();
                let message = format!("`{name}` cannot be defined");
                let help = "use letters, digits and `_`, and a name that is not a variable of add-ons or clusters";
                let diagnostic = Diagnostic::new(Code::ReservedVariable, key.span, message);
                diags.push(diagnostic.help(help));
            }
        }
        Self { values, nodes: 0 }
    }

    /// Returns a copy of a tree in which each value that is only the name of a definition is replaced by the
    /// definition.
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
        let definition = self.values.iter_mut().find(|known| *known.name == *name)?;
        definition.is_used = true;
        let before = self.nodes;
        self.nodes += definition.nodes;
        if self.nodes > MAX_NODES {
            if before <= MAX_NODES {
                let message = format!("definitions expand to more than {MAX_NODES} nodes");
                let help = "use large definitions in fewer documents";
                diags.push(Diagnostic::new(Code::YamlBudget, span, message).help(help));
            }
            return None;
        }
        Some(definition.value.clone())
    }

    /// Reports the definitions that an expanded tree still names: they are not whole values there.
    pub(super) fn check_expanded(&self, tree: &Node, diags: &mut Diagnostics) {
        tree.each_text(&mut |text, _| {
            for slot in text.slots() {
                let name = &slot.expression.path[0];
                if self.values.iter().any(|known| *known.name == **name) {
                    let message = format!("definition `{name}` must be a whole value");
                    let help =
                        format!("write only ${{{name}}}, unquoted and not in another definition");
                    let diagnostic = Diagnostic::new(Code::InvalidDelivery, slot.span, message);
                    diags.push(diagnostic.help(help));
                }
            }
        });
    }

    /// Warns about definitions that no document uses.
    pub(super) fn warn_unused(&self, diags: &mut Diagnostics) {
        for Definition { name, span, .. } in self.values.iter().filter(|known| !known.is_used) {
            let message = format!("definition `{name}` is never used");
            let help = format!("remove it, or use it as a whole value: ${{{name}}}");
            diags.push(Diagnostic::new(Code::UnusedVariable, *span, message).help(help));
        }
    }
}
