//! A document of a delivery method as an object.

use std::rc::Rc;

use crate::plan::{Object, group_of};
use crate::source::{Span, Spanned};
use crate::tree::{Node, Scalar};

/// Returns the object of a document whose names are bound; `None` if it has no kind or no name, which was
/// reported where the document was read. Its errors are reported at the add-on, or else in the document.
pub(super) fn object(tree: Node, addon: Option<Span>, document: Span) -> Option<Object> {
    let text = |node: &Node| {
        let value = node.as_scalar().map(Scalar::as_text)?;
        let span = addon.unwrap_or(node.span);
        Some(Spanned { value, span })
    };
    let api_version = tree.get("apiVersion")?;
    let metadata = tree.get("metadata")?;
    Some(Object {
        span: addon.unwrap_or(document),
        group: group_of(api_version.text()?).into(),
        kind: Rc::from(tree.get("kind")?.text()?),
        name: text(metadata.get("name")?)?,
        namespace: metadata.get("namespace").and_then(text),
        tree,
    })
}
