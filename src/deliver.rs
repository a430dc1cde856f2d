//! Delivery methods: the objects that bring add-ons to clusters.

mod argocd;
mod caaph;
mod flux;
mod lookup;
mod object;
mod sveltos;
mod values;

use std::rc::Rc;

use crate::plan::{Creator, Plan, SubjectId, Template};

/// Returns the objects of all add-ons, and then those that are copied unchanged, in the order of the
/// output.
pub fn templates(plan: &Plan) -> Vec<Template> {
    let profiles = Template {
        creator: Creator::Profiles,
        objects: plan.profiles.clone(),
        variables: Rc::default(),
        instances: vec![SubjectId::Shared.into()],
        selected: None,
        is_from_spoke: false,
    };
    let mut templates = argocd::templates(plan);
    templates.extend(flux::templates(plan));
    templates.extend(caaph::templates(plan));
    // A cluster's objects are in the order of its add-ons, regardless of the delivery method.
    templates.sort_by_key(|(addon, _)| *addon);
    let mut templates: Vec<Template> = templates.into_iter().map(|(_, one)| one).collect();
    templates.extend(sveltos::templates(plan));
    templates.push(profiles);
    templates
}
