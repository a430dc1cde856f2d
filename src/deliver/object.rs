//! A document of a delivery method as an object.

use std::rc::Rc;

use crate::plan::Object;
use crate::source::Span;
use crate::tree::{Node, Scalar};

/// Returns the object of a document whose names are bound; `None` if it has no kind or no name, which was
/// reported where the document was read. Its errors are reported at the add-on, or else in the document.
pub(super) fn object(tree: Node, addon: Option<Span>, document: Span) -> Option<Object> {
    let text = |node: &Node| {
        let text = node.as_scalar().map(Scalar::as_text)?;
        Some((text, addon.unwrap_or(node.span)))
    };
    let api_version = tree.get("apiVersion")?;
    let metadata = tree.get("metadata")?;
    let group = api_version.text()?.split_once('/');
    Some(Object {
        span: addon.unwrap_or(document),
        group: group.map_or("", |(group, _)| group).into(),
        kind: Rc::from(tree.get("kind")?.text()?),
        name: text(metadata.get("name")?)?,
        namespace: metadata.get("namespace").and_then(text),
        tree,
    })
}
