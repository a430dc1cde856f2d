//! The inputs of a merge, and the merge itself.
//!
//! The plan contains the result of each merge, and every value has the location of the input that set it.
//! The inputs are kept for checks that need overridden values.

use std::fmt;
use std::rc::Rc;

use crate::source::Spanned;
use crate::template::patch::{Change, PatchError, merge_values, merge_with_nulls_below};
use crate::tree::Node;

/// A tree and its changes. Stacks share both.
#[derive(Clone, Debug)]
pub struct Stack {
    /// The tree as its author wrote it.
    pub own: Rc<Node>,
    /// The changes, in order.
    pub steps: Rc<[Rc<Step>]>,
}

/// A change of a tree.
#[derive(Debug)]
pub enum Step {
    /// A file of `layers`: values of the chart of an add-on.
    Layer(Node),
    /// A patch of an add-on: its name and its `merge`.
    AddOnPatch(Spanned<String>, Node),
    /// A patch of an object, and its name.
    ObjectPatch(Spanned<String>, Rc<Change>),
}

impl Stack {
    /// Returns the tree after all steps. The errors of a step go to `report`.
    pub fn fold(&self, report: &mut dyn FnMut(&Step, PatchError)) -> Node {
        let mut tree = Node::clone(&self.own);
        for step in &*self.steps {
            let mut errors = Vec::new();
            tree = step.apply(&tree, &mut errors);
            for error in errors {
                report(step, error);
            }
        }
        tree
    }
}

impl fmt::Display for Step {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Layer(_) => out.write_str("this layer"),
            Self::AddOnPatch(name, _) | Self::ObjectPatch(name, _) => {
                write!(out, "the patch `{}`", name.value)
            }
        }
    }
}

impl Step {
    /// Returns the tree after this step.
    pub fn apply(&self, tree: &Node, errors: &mut Vec<PatchError>) -> Node {
        match self {
            Self::Layer(values) => merge_layer(tree, values, errors),
            Self::AddOnPatch(_, merge) => {
                merge_with_nulls_below(&["helm", "values"], tree, merge, errors)
            }
            Self::ObjectPatch(_, change) => change.apply(tree, errors),
        }
    }
}

/// Merges a layer over the values of an add-on. Nulls are kept, because Helm uses them to remove a default of the
/// chart.
fn merge_layer(addon: &Node, layer: &Node, errors: &mut Vec<PatchError>) -> Node {
    let Some(helm) = addon.get("helm") else {
        return addon.clone();
    };
    let own = helm.get("values").cloned();
    let own = own.unwrap_or_else(|| Node::mapping(helm.span, Vec::new()));
    let helm = helm.with("values", merge_values(&own, layer, errors));
    addon.with("helm", helm)
}
