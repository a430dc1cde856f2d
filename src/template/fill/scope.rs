//! The values of variables.

use std::borrow::Cow;
use std::cell::Cell;
use std::rc::Rc;

use crate::source::Span;
use crate::tree::Node;

/// A source of the values of variables.
pub trait Scope {
    /// Returns the value of a variable, or `None` if it is unset.
    fn get(&self, name: &str) -> Option<Cow<'_, Node>>;

    /// Returns the string at a path of names if the scope has it without building a node.
    ///
    /// If this is `None`, `get` can still return a value.
    fn text(&self, _path: &[String]) -> Option<&str> {
        None
    }

    /// Returns `true` if the scope decides whether a variable has a value.
    fn is_bound(&self, _name: &str) -> bool {
        true
    }

    /// Returns `true` if an entry of a sequence sets a variable.
    fn is_of_entry(&self, _name: &str) -> bool {
        false
    }

    /// Returns the location of the value at a path of names if it, or a part of it, comes from a member.
    fn member_value(&self, _path: &[String]) -> Option<Span> {
        None
    }

    /// Returns the location in `fleet.yaml` that sets or restricts a variable, so that entries of sequences of a member
    /// must not set it.
    fn fixed(&self, _name: &str) -> Option<Span> {
        None
    }

    /// Calls `visit` with each variable that `fleet.yaml` sets, and its location: clusters as entries must not set it.
    fn fixed_names(&self, _visit: &mut dyn FnMut(&str, Span)) {}

    /// Returns `true` if substituted values keep the location of the member's value that is a part of them.
    fn is_traced(&self) -> bool {
        false
    }

    /// Calls `visit` with the scope of each cluster of `CLUSTERS`.
    ///
    /// Returns `false` if `CLUSTERS` is not available.
    fn clusters(&self, _visit: &mut dyn FnMut(&dyn Scope)) -> bool {
        false
    }

    /// Returns the name of a rotated object.
    fn rotated(&self, _index: usize) -> Option<Rc<str>> {
        None
    }

    /// Returns the counter of the nodes that all values of a run repeat, if the scope belongs to a run.
    fn repeated_in_run(&self) -> Option<&Cell<usize>> {
        None
    }

    /// Returns the counter of the nodes repeated so far, if the scope is inside a repetition.
    fn repeated(&self) -> Option<&Cell<usize>> {
        None
    }
}

/// Returns the value at a path of names. A null is treated as unset.
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

/// Returns `true` if a default replaces the value: it is unset or an empty string.
pub(in crate::template) fn is_empty(value: Option<&Node>) -> bool {
    value.is_none_or(|value| value.text() == Some(""))
}
