//! What the deliveries make of the add-ons.

use std::rc::Rc;

use super::{argocd, caaph, flux, sveltos};
use crate::plan::{Plan, SubjectId, Template};

/// What a cluster gets is in the order of its add-ons, whatever delivers them.
pub(super) fn in_order(mut templates: Vec<(usize, Template)>) -> Vec<Template> {
    templates.sort_by_key(|(addon, _)| *addon);
    templates.into_iter().map(|(_, one)| one).collect()
}

/// What the deliveries make of the add-ons, and then what is printed as it is.
pub(super) fn delivered(plan: &Plan) -> Vec<Template> {
    let profiles = Template {
        objects: plan.profiles.clone(),
        variables: Rc::default(),
        instances: vec![SubjectId::Shared.into()],
        selected: None,
    };
    let mut delivered = argocd::templates(plan, None);
    delivered.extend(flux::templates(plan));
    delivered.extend(caaph::templates(plan));
    let mut delivered = in_order(delivered);
    delivered.extend(sveltos::templates(plan));
    delivered.push(profiles);
    delivered
}
