//! A document of a delivery method as an object.

use std::rc::Rc;

use crate::plan::Object;
use crate::source::Span;
use crate::tree::{Node, Scalar, Text};

/// Returns the object of a document whose names are bound; `None` if it has no kind or no name, which was
/// reported where the document was read.
pub(super) fn object(tree: Node, span: Span) -> Option<Object> {
    let text = |node: &Node| node.as_scalar().map(Scalar::as_text);
    let api_version = tree.get("apiVersion")?.text()?;
    let group = api_version.split_once('/').map_or("", |(group, _)| group);
    let metadata = tree.get("metadata")?;
    let placed = |text: Text| (text, span);
    let namespace = metadata.get("namespace").and_then(text).map(placed);
    Some(Object {
        span,
        group: group.into(),
        kind: Rc::from(tree.get("kind")?.text()?),
        name: placed(text(metadata.get("name")?)?),
        namespace,
        tree,
    })
}
