//! Substitution that keeps which values have parts that members wrote.

use std::borrow::Cow;
use std::cell::Cell;
use std::rc::Rc;

use super::scope::Scope;
use super::substitute::node;
use crate::source::Span;
use crate::template::error::FillError;
use crate::tree::Node;

/// Substitutes the variables of a tree, as [`node`](super::node) does, for a value that is used in other expressions:
/// the location of a string with a part that comes from a member states this ([`Span::is_of_member`]).
pub fn traced(tree: &Node, scope: &dyn Scope, problems: &mut Vec<FillError>) -> Node {
    node(tree, &Traced(scope), problems)
}

/// A scope whose values keep their locations.
struct Traced<'a>(&'a dyn Scope);

impl Scope for Traced<'_> {
    fn get(&self, name: &str) -> Option<Cow<'_, Node>> {
        self.0.get(name)
    }

    fn text(&self, path: &[String]) -> Option<&str> {
        self.0.text(path)
    }

    fn is_bound(&self, name: &str) -> bool {
        self.0.is_bound(name)
    }

    fn is_of_entry(&self, name: &str) -> bool {
        self.0.is_of_entry(name)
    }

    fn member_value(&self, path: &[String]) -> Option<Span> {
        self.0.member_value(path)
    }

    fn fixed(&self, name: &str) -> Option<Span> {
        self.0.fixed(name)
    }

    fn fixed_names(&self, visit: &mut dyn FnMut(&str, Span)) {
        self.0.fixed_names(visit);
    }

    fn is_traced(&self) -> bool {
        true
    }

    fn clusters(&self, visit: &mut dyn FnMut(&dyn Scope)) -> bool {
        self.0.clusters(visit)
    }

    fn rotated(&self, index: usize) -> Option<Rc<str>> {
        self.0.rotated(index)
    }

    fn repeated_in_run(&self) -> Option<&Cell<usize>> {
        self.0.repeated_in_run()
    }

    fn repeated(&self) -> Option<&Cell<usize>> {
        self.0.repeated()
    }
}
