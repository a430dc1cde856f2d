//! The values of variables.

use std::borrow::Cow;
use std::cell::Cell;
use std::rc::Rc;

use crate::tree::Node;

/// Gives variables their values.
pub trait Scope {
    /// The value of a variable; none where it is unset.
    fn get(&self, name: &str) -> Option<Cow<'_, Node>>;

    /// The text that a path of names leads to, where it is at hand. Where there is none, `get` may
    /// still have a value.
    fn text(&self, _path: &[String]) -> Option<&str> {
        None
    }

    /// Returns `true` if it is known whether a variable has a value.
    fn is_bound(&self, _name: &str) -> bool {
        true
    }

    /// Returns `true` if an entry of a list sets a variable.
    fn is_of_entry(&self, _name: &str) -> bool {
        false
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
pub(in crate::template) fn is_empty(value: Option<&Node>) -> bool {
    value.is_none_or(|value| value.text() == Some(""))
}
