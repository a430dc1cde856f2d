//! Repetition of items with `$each`.

use std::borrow::Cow;
use std::cell::Cell;

use super::entry::{ListEntry, Within};
use super::scope::{Scope, lookup};
use crate::template::error::{FillError, FillErrorKind};
use crate::tree::{ExpressionSlot, Node};

/// Maximum number of nodes of all repetitions in one value.
const MAX_NODES: usize = 200_000;

/// Calls `fill` with the scope of each entry of the sequence that an item's `$each` names.
///
/// `default` is used if the sequence is not set.
pub(in crate::template) fn repeat(
    item: &Node,
    each: &ExpressionSlot,
    default: Option<&Node>,
    scope: &dyn Scope,
    problems: &mut Vec<FillError>,
    fill: &mut dyn FnMut(&dyn Scope, &mut Vec<FillError>),
) {
    let path = &each.expression.path;
    let nodes = item.count();
    let first = Cell::new(0);
    let repeated = scope.repeated().unwrap_or(&first);
    let mut fill_entry = |entry: ListEntry<'_>| {
        repeated.set(repeated.get() + nodes);
        if repeated.get() > MAX_NODES {
            return;
        }
        entry.check_fixed(scope, problems);
        let within = Within {
            entry,
            outer: scope,
            repeated,
        };
        fill(&within, problems);
    };
    let is_clusters = path.len() == 1 && path[0] == "CLUSTERS";
    if !is_clusters || !scope.clusters(&mut |cluster| fill_entry(ListEntry::Scope(cluster))) {
        let list = lookup(scope, path);
        let list = default.map(Cow::Borrowed).or(list);
        match list.as_deref().map(Node::items) {
            Some(Some(items)) => items
                .iter()
                .for_each(|item| fill_entry(ListEntry::Node(item))),
            Some(None) => problems.push(FillError {
                span: each.span,
                kind: FillErrorKind::NotSequence(path.join(".")),
            }),
            None => problems.push(FillError::missing(each.span, path)),
        }
    }
    if repeated.get() > MAX_NODES {
        problems.push(FillError {
            span: each.span,
            kind: FillErrorKind::Failed(format!(
                "the items repeated with `$each` exceed the limit of {MAX_NODES} values"
            )),
        });
    }
}
