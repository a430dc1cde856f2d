//! Entries of sequences for which `$each` and `with` repeat, as scopes.

use std::borrow::Cow;
use std::cell::Cell;
use std::rc::Rc;

use super::scope::Scope;
use crate::source::Span;
use crate::template::built_in::BUILT_IN;
use crate::template::error::{FillError, FillErrorKind};
use crate::tree::{Key, Node};

/// The variable that is a whole entry of a sequence.
const WHOLE: &str = "WITH";

/// An entry of a sequence.
#[derive(Clone, Copy)]
pub enum ListEntry<'a> {
    /// A value: its fields are variables, and the whole value is `WITH`.
    Node(&'a Node),
    /// A cluster, with all its variables.
    Scope(&'a dyn Scope),
}

impl<'a> ListEntry<'a> {
    /// Returns the value of a variable that the entry sets. An entry cannot set built-in variables.
    pub fn get(self, name: &str) -> Option<Cow<'a, Node>> {
        match self {
            Self::Node(node) if name == WHOLE => Some(Cow::Borrowed(node)),
            Self::Node(_) if BUILT_IN.contains(&name) => None,
            Self::Node(node) => node.get(name).map(Cow::Borrowed),
            Self::Scope(scope) => scope.get(name),
        }
    }

    /// Returns the string at a path of names, as [`Scope::text`] does.
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

    /// Returns the location of the value at a path of names if a member wrote it.
    pub fn member_value(self, path: &[String]) -> Option<Span> {
        let Self::Scope(scope) = self else {
            let (name, keys) = path.split_first()?;
            let value = self.get(name)?;
            return member_span(&value, keys);
        };
        scope.member_value(path)
    }

    /// Pushes an error for each variable that a member sets in an entry although `outer` fixes it.
    pub fn check_fixed(self, outer: &dyn Scope, problems: &mut Vec<FillError>) {
        let entry = match self {
            Self::Node(entry) => entry,
            Self::Scope(cluster) => {
                outer.fixed_names(&mut |name, fixed| {
                    let own = cluster.get(name);
                    let own = own.map(|value| value.span).filter(|own| own.is_of_member());
                    problems.extend(own.map(|span| FillError {
                        span,
                        kind: FillErrorKind::Fixed(name.to_owned(), fixed),
                    }));
                });
                return;
            }
        };
        let keys = entry.entries().unwrap_or_default().iter();
        for Key { span, text, .. } in keys.map(|entry| &entry.key) {
            if span.is_of_member()
                && let Some(name) = text.literal()
                && let Some(fixed) = outer.fixed(name)
            {
                let (span, kind) = (*span, FillErrorKind::Fixed(name.to_owned(), fixed));
                problems.push(FillError { span, kind });
            }
        }
    }
}

/// Returns the location of the value at a path of keys in a value, if a member wrote it.
pub fn member_span(value: &Node, keys: &[String]) -> Option<Span> {
    let value = keys.iter().try_fold(value, |value, key| value.get(key))?;
    Some(value.span).filter(|span| span.is_of_member() && !value.is_null())
}

/// The variables of an entry, which override those of the scope that contains its sequence.
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

    fn member_value(&self, path: &[String]) -> Option<Span> {
        let is_own = self.entry.get(path.first()?).is_some();
        if is_own {
            self.entry.member_value(path)
        } else {
            self.outer.member_value(path)
        }
    }

    fn fixed(&self, name: &str) -> Option<Span> {
        let own = match self.entry {
            ListEntry::Scope(scope) => scope.fixed(name),
            ListEntry::Node(_) => None,
        };
        own.or_else(|| self.outer.fixed(name))
    }

    fn fixed_names(&self, visit: &mut dyn FnMut(&str, Span)) {
        self.outer.fixed_names(visit);
    }

    fn is_traced(&self) -> bool {
        self.outer.is_traced()
    }

    fn clusters(&self, visit: &mut dyn FnMut(&dyn Scope)) -> bool {
        self.outer.clusters(visit)
    }

    fn rotated(&self, index: usize) -> Option<Rc<str>> {
        self.outer.rotated(index)
    }

    fn repeated_in_run(&self) -> Option<&Cell<usize>> {
        self.outer.repeated_in_run()
    }

    fn repeated(&self) -> Option<&Cell<usize>> {
        Some(self.repeated)
    }
}
