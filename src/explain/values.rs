//! The paths of the values that an explanation shows.

use super::level::{Level, Section};
use super::path::{at, leaves};
use crate::tree::Node;

/// Maximum number of values of one explanation.
const MAX_VALUES: usize = 200;

/// Returns the paths of the leaves at or below a path, and a section that states that there are more. A path without
/// a value is returned itself.
pub(super) fn paths(tree: &Node, keys: &[String]) -> (Vec<Vec<String>>, Option<Section>) {
    let Some(tree) = at(tree, keys) else {
        return (vec![keys.to_vec()], None);
    };
    let mut found = Vec::new();
    leaves(tree, &mut keys.to_vec(), MAX_VALUES + 1, &mut found);
    let more = (found.len() > MAX_VALUES).then(|| {
        let note = format!("only the first {MAX_VALUES} values are shown; name a longer path");
        Section::facts("more values", vec![Level::new("limit", note, None)])
    });
    found.truncate(MAX_VALUES);
    (found, more)
}
