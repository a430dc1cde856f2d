//! Repetition of items with `$each`.

use std::borrow::Cow;
use std::cell::Cell;

use super::entry::{ListEntry, Within};
use super::scope::{Scope, lookup};
use crate::template::error::{FillError, FillErrorKind};
use crate::tree::{ExpressionSlot, Node};

/// Maximum number of nodes of all repetitions in one value.
const MAX_NODES: usize = 200_000;
/// Maximum number of nodes of all repetitions in all objects of a run, which limits its time: a short input can repeat
/// all entries of a sequence for each of its entries.
const MAX_NODES_OF_RUN: usize = 5_000_000;

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
    let (first, own) = (Cell::new(0), Cell::new(0));
    let run = scope.repeated_in_run().unwrap_or(&own);
    let repeated = scope.repeated().unwrap_or(&first);
    let mut fill_entry = |entry: ListEntry<'_>| {
        repeated.set(repeated.get() + nodes);
        run.set(run.get() + nodes);
        if repeated.get() > MAX_NODES || run.get() > MAX_NODES_OF_RUN {
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
    if run.get() > MAX_NODES_OF_RUN {
        problems.push(too_many(each, MAX_NODES_OF_RUN, " in all objects"));
        return;
    }
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
        problems.push(too_many(each, MAX_NODES, ""));
    } else if run.get() > MAX_NODES_OF_RUN {
        problems.push(too_many(each, MAX_NODES_OF_RUN, " in all objects"));
    }
}

fn too_many(each: &ExpressionSlot, limit: usize, place: &str) -> FillError {
    let message =
        format!("the items repeated with `$each` exceed the limit of {limit} values{place}");
    FillError {
        span: each.span,
        kind: FillErrorKind::Failed(message),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{Sources, Span};
    use crate::tree::{Entry, Text};

    /// A scope of a run that has repeated some nodes.
    struct Run(Node, Cell<usize>);

    impl Scope for Run {
        fn get(&self, _: &str) -> Option<Cow<'_, Node>> {
            Some(Cow::Borrowed(&self.0))
        }

        fn repeated_in_run(&self) -> Option<&Cell<usize>> {
            Some(&self.1)
        }
    }

    #[test]
    fn repetitions_of_a_run_are_limited() {
        let file = Sources::default().add("a.yaml", String::new());
        let span = Span::new(file, 0..0);
        let text = Text::variable("ports", span);
        let slot = text.sole_slot().map(|slot| ExpressionSlot::clone(slot));
        let item = Node::mapping(span, vec![Entry::new("port", Node::string(span, "1"))]);
        for (before, expected) in [(0, (2, 0)), (MAX_NODES_OF_RUN, (0, 1))] {
            let ports = vec![item.clone(), item.clone()];
            let list = Node {
                span,
                value: crate::tree::Value::Sequence(ports.into()),
            };
            let run = Run(list, Cell::new(before));
            let (mut filled, mut problems) = (0, Vec::new());
            let each = slot.as_ref().unwrap();
            repeat(&item, each, None, &run, &mut problems, &mut |_, _| {
                filled += 1;
            });
            assert_eq!((filled, problems.len()), expected);
            assert!(run.1.get() > before);
        }
    }
}
