//! Warning about dependencies between add-ons that a delivery method does not keep.

use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::plan::AddOn;

/// Warns of dependencies that the delivery method does not wait for.
pub(super) fn warn_unordered(addon: &AddOn, addons: &[AddOn], diags: &mut Diagnostics) {
    for dependency in &addon.written.depends_on {
        if addon.can_wait_for(&dependency.value, addons) {
            continue;
        }
        let message = format!(
            "add-on `{}` does not wait for `{}`: delivery method `{}` {}",
            addon.written.name.value,
            dependency.value,
            addon.delivery.name,
            addon.delivery.order_note
        );
        let help = "remove the dependency if both can be installed in any order, or set a `deliver` that keeps the order";
        diags.push(Diagnostic::new(Code::OrderNotKept, dependency.span, message).help(help));
    }
}
