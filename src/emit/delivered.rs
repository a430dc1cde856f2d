//! What is made: of templates, and by the deliveries of the add-ons; for the hub, or for spokes.

use std::collections::BTreeSet;
use std::rc::Rc;

use super::{argocd, caaph, flux, sveltos};
use crate::plan::{Instance, Plan, SubjectId, Template};
use crate::request::CompileOptions;

/// What is made beside the hub's templates.
pub(super) struct Made {
    is_of_spokes: bool,
    templates: Vec<Template>,
}

impl Made {
    /// What is asked for.
    pub(super) fn new(plan: &Plan, options: &CompileOptions) -> Self {
        let Some(name) = &options.spoke else {
            return Self {
                is_of_spokes: false,
                templates: delivered(plan),
            };
        };
        let clusters = plan.clusters.iter().enumerate();
        let named = clusters.filter(|(_, cluster)| **cluster.name.as_rc() == **name);
        Self::of_spokes(plan, &named.map(|(index, _)| index).collect())
    }

    /// What some spokes apply to themselves.
    pub(super) fn of_spokes(plan: &Plan, spokes: &BTreeSet<usize>) -> Self {
        let written = plan.templates.iter().filter(|one| one.is_from_spoke);
        let is_theirs = |instance: &&Instance| match instance.subject {
            SubjectId::Cluster(index) => spokes.contains(&(index as usize)),
            SubjectId::Fleet | SubjectId::Group(_) | SubjectId::Shared => false,
        };
        let written = written.map(|template| Template {
            objects: template.objects.clone(),
            variables: Rc::clone(&template.variables),
            instances: template
                .instances
                .iter()
                .filter(is_theirs)
                .cloned()
                .collect(),
            selected: template.selected.clone(),
            is_from_spoke: true,
        });
        let addons = in_order(argocd::templates(plan, Some(spokes)));
        Self {
            is_of_spokes: true,
            templates: written.chain(addons).collect(),
        }
    }

    /// All templates, in the order of the output.
    pub(super) fn templates<'a>(&'a self, plan: &'a Plan) -> Vec<&'a Template> {
        let of_hub = plan.templates.iter().filter(|one| !one.is_from_spoke);
        of_hub
            .filter(|_| !self.is_of_spokes)
            .chain(&self.templates)
            .collect()
    }
}

/// What a cluster gets is in the order of its add-ons, whatever delivers them.
fn in_order(mut templates: Vec<(usize, Template)>) -> Vec<Template> {
    templates.sort_by_key(|(addon, _)| *addon);
    templates.into_iter().map(|(_, one)| one).collect()
}

/// What the deliveries make of the add-ons, and then what is printed as it is.
fn delivered(plan: &Plan) -> Vec<Template> {
    let profiles = Template {
        objects: plan.profiles.clone(),
        variables: Rc::default(),
        instances: vec![SubjectId::Shared.into()],
        selected: None,
        is_from_spoke: false,
    };
    let mut delivered = argocd::templates(plan, None);
    delivered.extend(flux::templates(plan));
    delivered.extend(caaph::templates(plan));
    let mut delivered = in_order(delivered);
    delivered.extend(sveltos::templates(plan));
    delivered.push(profiles);
    delivered
}
