//! The objects of documents into which the data of an add-on is bound.

use crate::diagnostic::Diagnostics;
use crate::model::delivery::Document;
use crate::passes::prepare::metadata::Home;
use crate::passes::prepare::object::object;
use crate::plan::{AddOn, Object};
use crate::source::{Span, Spanned};
use crate::tree::{Node, Text};

/// Returns the object of a document of a delivery method. Later errors of an object of a built-in method are
/// reported at the add-on, and others in the document.
pub(super) fn bound_object(
    addon: &AddOn,
    document: &Document,
    tree: &Node,
    diags: &mut Diagnostics,
) -> Option<Object> {
    let mut found = Diagnostics::default();
    let object = object(tree, &Home::Bound, &mut found);
    for diagnostic in found.into_sorted() {
        diags.push(diagnostic.related(addon.name.span, "for this add-on"));
    }
    let object = object?;
    let place = |span: Span| match addon.delivery.file {
        Some(_) => span,
        None => addon.name.span,
    };
    let placed = |text: Spanned<Text>| Spanned {
        span: place(text.span),
        ..text
    };
    Some(Object {
        span: place(document.span),
        name: placed(object.name),
        namespace: object.namespace.map(placed),
        ..object
    })
}
