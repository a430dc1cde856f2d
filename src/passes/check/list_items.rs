//! `items` of an object after substitution: Argo CD replaces an object that has such a sequence with its items.

use crate::diagnostic::Code;
use crate::fill::unfilled::is_hole;
use crate::fill::{Collector, Values};
use crate::passes::findings::Findings;
use crate::passes::prepare::object::list_problem;
use crate::plan::Subject;
use crate::source::Span;
use crate::tree::Node;

/// The value that could be the `items` of an object, or contain them.
#[derive(Debug, Default)]
pub(super) struct ListItems(Option<Open>);

/// A value that depends on variables.
#[derive(Debug)]
struct Open {
    value: usize,
    span: Span,
    /// Whether the value is the object, and not its `items`.
    is_object: bool,
}

impl ListItems {
    /// Finds the value in an object, whose written `items` were already checked.
    pub(super) fn of(object: &Node, values: &mut Collector<'_>) -> Self {
        let items = object.entry("items");
        let (node, span, is_object) = match items {
            _ if is_hole(object) => (object, object.span, true),
            Some(items) if is_hole(&items.value) => (&items.value, items.key.span, false),
            _ => return Self(None),
        };
        Self(Some(Open {
            value: values.value(node),
            span: items.map_or(span, |items| items.key.span),
            is_object,
        }))
    }

    /// Reports `items` that are a sequence for this subject.
    pub(super) fn check(&self, values: &Values, subject: Subject<'_>, findings: &mut Findings) {
        let Self(Some(Open {
            value,
            span,
            is_object,
        })) = self
        else {
            return;
        };
        let tree = values.tree(*value);
        let items = tree.and_then(|tree| match is_object {
            true => tree.get("items"),
            false => Some(tree),
        });
        if items.is_some_and(|items| items.items().is_some()) {
            findings.add(Code::ObjectList, *span, subject, list_problem);
        }
    }
}
