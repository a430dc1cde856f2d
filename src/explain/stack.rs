//! The levels of a merge, by folding it step by step.

use serde_json::Value as Json;

use super::level::{Level, State};
use super::path::at;
use super::shown::json;
use crate::plan::Stack;
use crate::tree::Node;

/// Returns the tree as its author wrote it, and the tree after each step.
pub(super) fn trees(stack: &Stack) -> Vec<Node> {
    let mut trees = vec![Node::clone(&stack.own)];
    for step in &*stack.steps {
        // The errors of a step were reported when the plan was created.
        let next = step.apply(&trees[trees.len() - 1], &mut Vec::new());
        trees.push(next);
    }
    trees
}

/// Returns a level with the value that a step sets or removes at a path.
pub(super) fn changed(
    level: Level,
    [before, after]: [&Node; 2],
    path: &[String],
    is_secret: bool,
) -> Level {
    let value = at(after, path);
    if is_same(at(before, path), value) {
        return level.state(State::NotSet);
    }
    set(level, value, is_secret)
}

/// Returns a level with the value that it sets, or with null if it removes the value.
pub(super) fn set(level: Level, value: Option<&Node>, is_secret: bool) -> Level {
    match value {
        Some(value) => Level {
            span: Some(value.span),
            ..level.value(json(value, is_secret))
        },
        None => level.value(Json::Null).note("removes the value"),
    }
}

/// Returns `true` if two values are equal, and at the same location.
pub(super) fn is_same(one: Option<&Node>, other: Option<&Node>) -> bool {
    match (one, other) {
        (Some(one), Some(other)) => one.span == other.span && one == other,
        (one, other) => one.is_none() && other.is_none(),
    }
}
