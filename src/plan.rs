//! The plan: for each cluster its objects. What every output reads.

mod addon;
pub mod identity;
mod object;
mod object_ref;
mod printed;
pub mod rotated;
mod scope;
mod stack;
mod subject;
mod template;

use std::collections::BTreeSet;

use crate::model::{Cluster, FleetSource, Group, Variables};
use crate::source::Span;
pub use addon::{AddOn, Manifest, Manifests, Software, Variant, VariantName, addon_variable};
pub use object::{Object, group_of};
pub use object_ref::{ObjectRef, fits};
pub use printed::Printed;
pub use scope::Scoped;
pub use stack::{Stack, Step};
pub use subject::{Instance, Subject, SubjectId, Subjects, With};
pub use template::{Creator, Template};

/// Everything that will be printed.
#[derive(Debug)]
pub struct Plan {
    /// The clusters, sorted by namespace and name.
    pub clusters: Vec<Cluster>,
    /// The groups, by label as `fleet.yaml` has them, and by name.
    pub groups: Vec<Group>,
    /// Whether the fleet is divided into cells.
    pub has_cells: bool,
    /// The variables that are the same for the whole fleet.
    pub constants: Variables,
    /// The Namespace that a cluster gets where no template makes it.
    pub namespace: Template,
    /// The templates, in the order of `fleet.yaml`.
    pub templates: Vec<Template>,
    /// The add-ons, sorted by name.
    pub addons: Vec<AddOn>,
    /// Where the fleet's own repository is.
    pub source: Option<FleetSource>,
    /// The objects whose names follow their content.
    pub rotated: Vec<rotated::Rotated>,
    /// Objects that are copied unchanged, sorted by namespace and name.
    pub profiles: Vec<Object>,
    /// The objects that delivery methods create for add-ons, in the order of the output.
    pub delivered: Vec<Template>,
    /// The variables that templates read, in any of their forms.
    pub reads: BTreeSet<String>,
    /// The variables that decide about optional keys of templates, each with the location of its
    /// expression, but for those that the template or an entry of its `with` can set.
    pub deciding: BTreeSet<(Span, String)>,
}

impl Plan {
    /// Indices of the clusters whose own Argo CD renders the fleet for them.
    pub fn spokes(&self) -> BTreeSet<usize> {
        let of_hub = self.templates.iter().filter(|one| !one.is_from_spoke);
        let of_spokes = of_hub.filter(|one| one.objects.iter().any(Object::is_spoke));
        let instances = of_spokes.flat_map(|template| &template.instances);
        instances
            .filter_map(|instance| instance.subject.cluster_index())
            .collect()
    }

    /// All that objects can be made for.
    pub fn subjects(&self) -> Subjects<'_> {
        Subjects {
            clusters: &self.clusters,
            groups: &self.groups,
            constants: &self.constants,
        }
    }

    /// What an identifier names.
    pub fn subject(&self, id: SubjectId) -> Subject<'_> {
        self.subjects().subject(id)
    }

    /// The variables of an instance of a template.
    pub fn scope<'a>(&'a self, template: &'a Template, instance: &'a Instance) -> Scoped<'a> {
        Scoped {
            subjects: self.subjects(),
            selected: template.selected.as_deref(),
            variables: &template.variables,
            with: &instance.with,
            rotated: &self.rotated,
            id: Some(instance.subject),
            subject: self.subject(instance.subject),
        }
    }

    /// Returns the location of the add-on of a template, if a file of the fleet is its delivery method:
    /// errors are then reported in that file.
    pub fn addon_of_own_method(&self, template: &Template) -> Option<Span> {
        let Creator::AddOn(name) = &template.creator else {
            return None;
        };
        let mut addons = self.addons.iter();
        let addon = addons.find(|addon| addon.name.value == *name)?;
        addon.delivery.file.map(|_| addon.name.span)
    }

    /// Returns a template that is printed.
    pub fn template<'a>(&'a self, printed: &'a Printed) -> &'a Template {
        match printed {
            Printed::Template(index) => &self.templates[*index],
            Printed::Delivered(index) => &self.delivered[*index],
            Printed::Own(template) => template,
        }
    }

    /// Returns the templates that the hub prints, or those that a spoke prints, in the order of the
    /// output.
    pub fn printed(&self, spoke: Option<&str>) -> Vec<Printed> {
        let Some(name) = spoke else {
            let is_of_hub = |template: &Template| !template.is_from_spoke;
            return self.select(is_of_hub).collect();
        };
        let clusters = self.clusters.iter().enumerate();
        let named = clusters.filter(|(_, cluster)| **cluster.name.as_rc() == *name);
        self.printed_by(&named.map(|(index, _)| index).collect())
    }

    /// Returns the templates that some spokes print, in the order of the output.
    pub fn printed_by(&self, spokes: &BTreeSet<usize>) -> Vec<Printed> {
        let is_printed = |instance: &&Instance| {
            let cluster = instance.subject.cluster_index();
            cluster.is_some_and(|index| spokes.contains(&index))
        };
        let templates = self.select(|template| template.is_from_spoke);
        let own = templates.map(|printed| {
            let template = self.template(&printed);
            let instances = template.instances.iter().filter(is_printed);
            template.part(template.objects.clone(), instances.cloned().collect())
        });
        own.map(|template| Printed::Own(Box::new(template)))
            .collect()
    }

    fn select(
        &self,
        is_printed: impl Fn(&Template) -> bool + Copy,
    ) -> impl Iterator<Item = Printed> {
        let indices = |templates: &[Template]| {
            let numbered = templates.iter().enumerate();
            let printed = numbered.filter(|(_, template)| is_printed(template));
            printed.map(|(index, _)| index).collect::<Vec<usize>>()
        };
        let templates = indices(&self.templates).into_iter().map(Printed::Template);
        templates.chain(indices(&self.delivered).into_iter().map(Printed::Delivered))
    }
}
