//! A patch of one object.

use super::error::PatchError;
use super::merge::merge;
use super::operation::{Operation, apply};
use crate::tree::Node;

/// A patch of one object.
#[derive(Clone, Debug)]
pub enum Change {
    /// A JSON Merge Patch (RFC 7386).
    Merge(Node),
    /// A JSON Patch (RFC 6902).
    Json(Vec<Operation>),
}

impl Change {
    /// Returns the patched object. After an error of a JSON Patch, returns the object unchanged.
    pub fn apply(&self, target: &Node, problems: &mut Vec<PatchError>) -> Node {
        match self {
            Self::Merge(change) => merge(target, change, problems),
            Self::Json(operations) => apply(target, operations).unwrap_or_else(|problem| {
                problems.push(problem);
                target.clone()
            }),
        }
    }
}
