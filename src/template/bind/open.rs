//! Binding of items that are repeated for a sequence that is not bound, whose entries can set any name.

use std::borrow::Cow;

use crate::template::error::{FillError, FillErrorKind};
use crate::template::fill::{Scope, lookup};
use crate::tree::expression::{Segment, references};
use crate::tree::{Entry, ExpressionSlot, Node, Text};

/// The variable that is a whole entry of a sequence.
const WITH: &str = "WITH";

/// The scope of such an item, in which `WITH` is an entry of the sequence that is not bound.
pub(super) struct Open<'a>(pub(super) &'a dyn Scope);

impl Scope for Open<'_> {
    fn get(&self, name: &str) -> Option<Cow<'_, Node>> {
        self.0.get(name).filter(|_| name != WITH)
    }

    fn text(&self, path: &[String]) -> Option<&str> {
        let is_own = path.first().is_some_and(|name| name == WITH);
        self.0.text(path).filter(|_| !is_own)
    }

    fn is_bound(&self, name: &str) -> bool {
        name != WITH && self.0.is_bound(name)
    }

    fn is_of_entry(&self, name: &str) -> bool {
        self.0.is_of_entry(name)
    }
}

/// Reports the names in such an item whose value an entry of the sequence could shadow or change.
pub(super) fn check_names(entries: &[Entry], scope: &dyn Scope, problems: &mut Vec<FillError>) {
    let mut check = |text: &Text, _| {
        for slot in text.slots() {
            check_slot(slot, scope, problems);
        }
    };
    for entry in entries {
        check(&entry.key.text, entry.key.span);
        entry.value.each_text(&mut check);
    }
}

fn check_slot(slot: &ExpressionSlot, scope: &dyn Scope, problems: &mut Vec<FillError>) {
    let segment = Segment::Expression(Box::new(slot.expression.clone()));
    for reference in references(std::slice::from_ref(&segment)) {
        let root = &*reference.path[0];
        if root == WITH || !scope.is_bound(root) {
            continue;
        }
        let is_literal = || lookup(scope, reference.path).is_none_or(|value| value.is_literal());
        let why = if scope.is_of_entry(root) {
            "is a field of an entry of the outer `$each`"
        } else if is_literal() {
            continue;
        } else {
            "contains variables"
        };
        let name = reference.path.join(".");
        let message = format!(
            "`{name}` {why} and cannot be used in an item with `$each` for a cluster's sequence, whose entries can have fields of the same name"
        );
        let span = slot.span;
        let kind = FillErrorKind::Failed(message);
        problems.push(FillError { span, kind });
    }
}
