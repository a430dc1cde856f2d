//! Items of lists that stand for one each of another list.

use std::borrow::Cow;
use std::cell::Cell;

use super::entry::Within;
use super::{ListEntry, Problem, Scope, Trouble, is_empty, lookup, missing, node};
use crate::tree::{Node, Slot};

/// The most nodes of what is repeated in one value.
const MAX_NODES: usize = 200_000;

/// Fills an item for each entry of its list.
pub(super) fn repeat(
    item: &Node,
    each: &Slot,
    scope: &dyn Scope,
    problems: &mut Vec<Problem>,
    filled: &mut Vec<Node>,
) {
    let path = &each.expression.path;
    let nodes = item.count();
    let first = Cell::new(0);
    let repeated = scope.repeated().unwrap_or(&first);
    let default = each
        .default
        .as_ref()
        .filter(|_| is_empty(lookup(scope, path).as_deref()));
    let default = default.map(|default| node(default, scope, problems));
    let mut one = |entry: ListEntry<'_>| {
        repeated.set(repeated.get() + nodes);
        if repeated.get() > MAX_NODES {
            return;
        }
        let within = Within {
            entry,
            outer: scope,
            repeated,
        };
        filled.push(node(item, &within, problems));
    };
    let is_clusters = path.len() == 1 && path[0] == "CLUSTERS";
    if !is_clusters || !scope.clusters(&mut |cluster| one(ListEntry::Scope(cluster))) {
        let list = lookup(scope, path);
        let list = default.as_ref().map(Cow::Borrowed).or(list);
        match list.as_deref().map(Node::items) {
            Some(Some(items)) => items.iter().for_each(|item| one(ListEntry::Node(item))),
            Some(None) => problems.push(Problem {
                span: each.span,
                kind: Trouble::NotList(path.join(".")),
            }),
            None => problems.push(missing(each.span, path)),
        }
    }
    if repeated.get() > MAX_NODES {
        problems.push(Problem {
            span: each.span,
            kind: Trouble::Failed(format!(
                "what is repeated has more than {MAX_NODES} values together"
            )),
        });
    }
}
