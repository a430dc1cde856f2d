//! Objects from the documents of a delivery method, with the data of an add-on.

use crate::diagnostic::Diagnostics;
use crate::kinds::Schemas;
use crate::model::cluster::FLEET_LABEL;
use crate::model::delivery::Document;
use crate::passes::prepare::metadata::DefaultNamespace;
use crate::passes::prepare::object::object;
use crate::plan::{AddOn, Object};
use crate::source::{Span, Spanned};
use crate::tree::{Entry, Node, Role, Text};

/// Returns the object of a document of a delivery method. If the method is built in, later errors of the object are
/// reported at the add-on, otherwise in the document.
pub(super) fn bound_object(
    addon: &AddOn,
    document: &Document,
    tree: &Node,
    schemas: &Schemas,
    diags: &mut Diagnostics,
) -> Option<Object> {
    let mut found = Diagnostics::default();
    let labelled = addon.fleet.as_ref().map(|fleet| with_label(tree, fleet));
    let tree = labelled.as_ref().unwrap_or(tree);
    let object = object(tree, &DefaultNamespace::Bound, schemas, &mut found);
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

/// Returns an object with the label of the fleet. Labels that are not a mapping yet are spread.
fn with_label(tree: &Node, fleet: &str) -> Node {
    let Some(metadata) = tree.get("metadata") else {
        return tree.clone();
    };
    let span = metadata.span;
    let written = metadata.get("labels").filter(|labels| !labels.is_null());
    let mut entries = match written.map(|labels| (labels, labels.entries())) {
        Some((_, Some(entries))) => entries.to_vec(),
        Some((labels, None)) => {
            let mut spread = Entry::new("<<", labels.clone());
            spread.key.role = Role::Spread;
            vec![spread]
        }
        None => Vec::new(),
    };
    entries.retain(|entry| entry.key.text.literal() != Some(FLEET_LABEL));
    entries.push(Entry::new(FLEET_LABEL, Node::string(span, fleet)));
    let metadata = metadata.with("labels", Node::mapping(span, entries));
    tree.with("metadata", metadata)
}
