//! Entries of lists, as scopes: what `$each` and `with` repeat for.

use std::borrow::Cow;
use std::cell::Cell;
use std::rc::Rc;

use super::scope::Scope;
use crate::template::built_in::BUILT_IN;
use crate::tree::Node;

/// The variable that is a whole entry of a list.
const WHOLE: &str = "WITH";

/// An entry of a list.
#[derive(Clone, Copy)]
pub enum ListEntry<'a> {
    /// A value: its fields are variables, and all of it is `WITH`.
    Node(&'a Node),
    /// A cluster, with all of its variables.
    Scope(&'a dyn Scope),
}

impl<'a> ListEntry<'a> {
    /// The value of a variable that the entry sets. A built-in variable is nobody's to set.
    pub fn get(self, name: &str) -> Option<Cow<'a, Node>> {
        match self {
            Self::Node(node) if name == WHOLE => Some(Cow::Borrowed(node)),
            Self::Node(_) if BUILT_IN.contains(&name) => None,
            Self::Node(node) => node.get(name).map(Cow::Borrowed),
            Self::Scope(scope) => scope.get(name),
        }
    }

    /// The text that a path of names leads to, as [`Scope::text`].
    pub fn text(self, path: &[String]) -> Option<&'a str> {
        match self {
            Self::Node(node) => {
                let (name, keys) = path.split_first()?;
                let value = match name.as_str() {
                    WHOLE => node,
                    name if BUILT_IN.contains(&name) => return None,
                    name => node.get(name)?,
                };
                let value = keys.iter().try_fold(value, |value, key| value.get(key))?;
                value.text().filter(|_| !value.is_null())
            }
            Self::Scope(scope) => scope.text(path),
        }
    }
}

/// The variables of an entry, before those of the scope that its list is known in.
pub(super) struct Within<'a> {
    pub(super) entry: ListEntry<'a>,
    pub(super) outer: &'a dyn Scope,
    pub(super) repeated: &'a Cell<usize>,
}

impl Scope for Within<'_> {
    fn get(&self, name: &str) -> Option<Cow<'_, Node>> {
        self.entry.get(name).or_else(|| self.outer.get(name))
    }

    fn text(&self, path: &[String]) -> Option<&str> {
        let is_own = self.entry.get(path.first()?).is_some();
        if is_own {
            self.entry.text(path)
        } else {
            self.outer.text(path)
        }
    }

    fn is_bound(&self, name: &str) -> bool {
        self.entry.get(name).is_some() || self.outer.is_bound(name)
    }

    fn is_of_entry(&self, name: &str) -> bool {
        self.entry.get(name).is_some() || self.outer.is_of_entry(name)
    }

    fn clusters(&self, visit: &mut dyn FnMut(&dyn Scope)) -> bool {
        self.outer.clusters(visit)
    }

    fn rotated(&self, index: usize) -> Option<Rc<str>> {
        self.outer.rotated(index)
    }

    fn repeated(&self) -> Option<&Cell<usize>> {
        Some(self.repeated)
    }
}
