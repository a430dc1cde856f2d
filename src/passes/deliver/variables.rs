//! The variables that the objects of add-ons read.

use std::collections::BTreeMap;
use std::rc::Rc;

use crate::plan::{Plan, Step, Template};
use crate::template::uses::deciding_roots;
use crate::tree::roots;

/// Returns the plan with the objects of add-ons, the variables that add-ons read, and those that decide whether
/// optional keys are rendered.
pub(super) fn with_delivered(mut plan: Plan, delivered: Vec<Template>) -> Plan {
    let variants = plan.addons.iter().flat_map(|addon| &addon.variants);
    let steps = variants.flat_map(|variant| variant.stack.steps.iter());
    // Variants share their layers.
    let layers: BTreeMap<*const Step, &Step> =
        steps.map(|step| (Rc::as_ptr(step), &**step)).collect();
    for step in layers.into_values() {
        if let Step::Layer(values) = step {
            plan.reads.extend(roots(values));
        }
    }
    for object in delivered.iter().flat_map(|template| &template.objects) {
        plan.reads.extend(roots(&object.tree));
        plan.deciding.extend(deciding_roots(&object.tree));
    }
    Plan { delivered, ..plan }
}
