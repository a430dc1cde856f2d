//! Checks of the keys of an add-on that some delivery methods do not support.

use super::message::cannot_deliver;
use crate::diagnostic::Diagnostics;
use crate::model::OnRemove;
use crate::plan::{AddOn, Software};

/// Reports keys of an add-on that its delivery method does not support.
pub(super) fn check_keys(addon: &AddOn, diags: &mut Diagnostics) {
    check_on_remove(addon, diags);
    check_ownership(addon, diags);
    let has_sides = || {
        let mut targets = addon.targets().into_iter();
        targets.any(|target| addon.has_sides(target))
    };
    if let Some(span) = addon.written.from_hub.filter(|_| !has_sides()) {
        let property = "does not support `from`";
        diags.push(cannot_deliver(addon, span, property, "remove `from`"));
    }
    if let Some(project) = &addon.written.project
        && !addon.reads("PROJECT")
    {
        let property = "does not support `project`";
        let help = "remove `project`";
        diags.push(cannot_deliver(addon, project.span, property, help));
    }
}

/// Reports an `onRemove` that the delivery method does not support. If no document reads it, the delivery method
/// decides.
fn check_on_remove(addon: &AddOn, diags: &mut Diagnostics) {
    if addon.reads("ON_REMOVE") {
        return;
    }
    let leave = "set `onRemove: leave`, or another `deliver` for this add-on";
    let wanted = addon.written.on_remove();
    let (property, help) = match (addon.delivery.on_remove, wanted, &addon.base) {
        (OnRemove::Uninstall, OnRemove::Leave, _) => {
            ("always uninstalls add-ons", "remove `onRemove: leave`")
        }
        (OnRemove::Leave, OnRemove::Uninstall, Software::Manifests(_)) => {
            ("never deletes manifests", leave)
        }
        (OnRemove::Leave, OnRemove::Uninstall, Software::Helm(_)) => {
            ("never uninstalls charts", leave)
        }
        _ => return,
    };
    let written = addon.written.on_remove.as_ref();
    let span = written.map_or(addon.written.name.span, |on_remove| on_remove.span);
    diags.push(cannot_deliver(addon, span, property, help));
}

/// Reports a `takeOwnership` that the delivery method does not support.
fn check_ownership(addon: &AddOn, diags: &mut Diagnostics) {
    let Some(ownership) = &addon.written.take_ownership else {
        return;
    };
    let always = addon.delivery.always_takes_over;
    let never = !always && !addon.reads("OWNERSHIP");
    let property = if !addon.is_chart() {
        "always adopts existing objects of manifests"
    } else if never && ownership.value {
        "never adopts existing objects"
    } else if always && !ownership.value {
        "always adopts existing objects"
    } else {
        return;
    };
    let help = "remove `takeOwnership`";
    diags.push(cannot_deliver(addon, ownership.span, property, help));
}
