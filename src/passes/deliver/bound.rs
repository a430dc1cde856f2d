//! Objects from the documents of a delivery method, with the data of an add-on.

use crate::diagnostic::Diagnostics;
use crate::model::delivery::Document;
use crate::passes::prepare::metadata::DefaultNamespace;
use crate::passes::prepare::object::object;
use crate::plan::{AddOn, Object};
use crate::source::{Span, Spanned};
use crate::tree::{Node, Text};

/// Returns the object of a document of a delivery method. If the method is built in, later errors of the object are
/// reported at the add-on, otherwise in the document.
pub(super) fn bound_object(
    addon: &AddOn,
    document: &Document,
    tree: &Node,
    diags: &mut Diagnostics,
) -> Option<Object> {
    let mut found = Diagnostics::default();
    let object = object(tree, &DefaultNamespace::Bound, &mut found);
    for diagnostic in found.into_sorted() {
        diags.push(diagnostic.related(addon.written.name.span, "created for this add-on"));
    }
    let object = object?;
    let location = |span: Span| match addon.delivery.file {
        Some(_) => span,
        None => addon.written.name.span,
    };
    let relocated = |text: Spanned<Text>| Spanned {
        span: location(text.span),
        ..text
    };
    Some(Object {
        span: location(document.span),
        name: relocated(object.name),
        namespace: object.namespace.map(relocated),
        ..object
    })
}
