//! Reads the file of a delivery method: its capabilities, then one document for each object.

mod definitions;
mod document;
mod head;
mod names;

use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::model::delivery::Delivery;
use crate::source::{FileId, Span};
use crate::tree::Node;

pub use head::keys;
pub use names::{NAMES, Name, fields_of_entries, is_name_of_addons};

/// Reads the documents of a delivery method's file. Returns `None` if its first document is missing or
/// invalid.
pub fn delivery(
    name: &str,
    file: FileId,
    documents: &[Node],
    diags: &mut Diagnostics,
) -> Option<Delivery> {
    let Some((first, objects)) = documents.split_first() else {
        let span = Span::new(file, 0..0);
        let message = "the file of the delivery method is empty";
        let help = "write `kind: Delivery` in the first document, and an object with `$for` in each of the others";
        diags.push(Diagnostic::new(Code::InvalidDelivery, span, message).help(help));
        return None;
    };
    let mut head = head::read(name, first, diags)?;
    for object in objects {
        let document = document::read(object, &mut head, diags);
        head.delivery.documents.extend(document);
    }
    head.definitions.warn_unused(diags);
    if objects.is_empty() {
        let message = "this delivery method creates no object";
        let help = "add a document with `$for: chart` or `$for: manifests`";
        diags.push(Diagnostic::new(Code::InvalidDelivery, first.span, message).help(help));
    }
    Some(head.delivery)
}
