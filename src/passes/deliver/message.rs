//! The message about an add-on that its delivery method cannot deliver.

use crate::diagnostic::{Code, Diagnostic};
use crate::plan::AddOn;
use crate::source::Span;

/// Returns the error that a property of its delivery method prevents the delivery of an add-on.
pub(super) fn cannot_deliver(addon: &AddOn, span: Span, property: &str, help: &str) -> Diagnostic {
    let (name, method) = (&addon.written.name.value, &addon.delivery.name);
    let message = format!("add-on `{name}`: delivery method `{method}` {property}");
    Diagnostic::new(Code::CannotDeliver, span, message).help(help)
}
