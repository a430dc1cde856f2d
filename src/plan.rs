//! The plan: the objects of each cluster. Every output is generated from it.

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
use std::rc::Rc;

use crate::kinds::Schemas;
use crate::model::{Cluster, FleetSource, Group, Variables};
use crate::source::Span;
pub use addon::{AddOn, Manifest, Manifests, Software, Variant, VariantName, addon_variable};
pub use object::{Object, WrittenIdentity, WrittenText, group_of};
pub use object_ref::{ObjectRef, fits};
pub use printed::Printed;
pub use scope::SubjectScope;
pub use stack::{Stack, Step};
pub use subject::{Instance, Subject, SubjectId, Subjects, With};
pub use template::{Creator, Template};

/// All objects of a fleet, and the data that they are rendered with.
#[derive(Debug)]
pub struct Plan {
    /// The name of the fleet, if it has one.
    pub name: Option<Rc<str>>,
    /// The clusters, sorted by namespace and name.
    pub clusters: Vec<Cluster>,
    /// The groups, in the order of their labels in `fleet.yaml`, then sorted by name.
    pub groups: Vec<Group>,
    /// Whether the fleet is divided into cells.
    pub has_cells: bool,
    /// The schemas of kinds of objects.
    pub schemas: Rc<Schemas>,
    /// The variables that are the same for the whole fleet.
    pub constants: Variables,
    /// The Namespace of a cluster, if no template creates it.
    pub namespace: Template,
    /// The templates, in the order of `fleet.yaml`.
    pub templates: Vec<Template>,
    /// The add-ons, sorted by name.
    pub addons: Vec<AddOn>,
    /// The location of the fleet's own repository.
    pub source: Option<FleetSource>,
    /// The objects whose names end with a hash of their content.
    pub rotated: Vec<rotated::RotatedObject>,
    /// Objects that are copied unchanged, sorted by namespace and name.
    pub profiles: Vec<Object>,
    /// The profiles with a selector, as `Kind.group/name`, each with the indices of the clusters that it selects.
    pub profile_clusters: Vec<(String, Vec<usize>)>,
    /// The objects that delivery methods create for add-ons, in the order of the output.
    pub delivered: Vec<Template>,
    /// The variables that templates read, before and after patches.
    pub reads: BTreeSet<String>,
    /// The variables that decide whether optional keys of templates are rendered, each with the location of its
    /// expression. Variables that the template or an entry of its `with` can set are not included.
    pub deciding: BTreeSet<(Span, String)>,
}

impl Plan {
    /// Returns the indices of the spokes: clusters whose own Argo CD instance renders the fleet for them.
    pub fn spokes(&self) -> BTreeSet<usize> {
        let from_hub = self
            .templates
            .iter()
            .filter(|template| !template.is_from_spoke);
        let for_spokes = from_hub.filter(|template| template.objects.iter().any(Object::is_spoke));
        let instances = for_spokes.flat_map(|template| &template.instances);
        instances
            .filter_map(|instance| instance.subject.cluster_index())
            .collect()
    }

    /// Returns everything that objects can be created for.
    pub fn subjects(&self) -> Subjects<'_> {
        Subjects {
            clusters: &self.clusters,
            groups: &self.groups,
            constants: &self.constants,
        }
    }

    /// Returns the subject with an identifier.
    pub fn subject(&self, id: SubjectId) -> Subject<'_> {
        self.subjects().subject(id)
    }

    /// Returns the variables of an instance of a template.
    pub fn scope<'a>(&'a self, template: &'a Template, instance: &'a Instance) -> SubjectScope<'a> {
        SubjectScope {
            subjects: self.subjects(),
            selected: template.selected.as_deref(),
            variables: &template.variables,
            with: &instance.with,
            rotated: &self.rotated,
            repeated: None,
            id: Some(instance.subject),
            subject: self.subject(instance.subject),
        }
    }

    /// Returns the location of the add-on of a template, if its delivery method is a file of the fleet. Errors are
    /// then reported in that file.
    pub fn addon_of_own_method(&self, template: &Template) -> Option<Span> {
        let Creator::AddOn(name) = &template.creator else {
            return None;
        };
        let mut addons = self.addons.iter();
        let addon = addons.find(|addon| addon.written.name.value == *name)?;
        addon.delivery.file.map(|_| addon.written.name.span)
    }

    /// Returns the template of a section.
    pub fn template<'a>(&'a self, printed: &'a Printed) -> &'a Template {
        match printed {
            Printed::Template(index) => &self.templates[*index],
            Printed::Delivered(index) => &self.delivered[*index],
            Printed::Own(template) => template,
        }
    }

    /// Returns the templates that the hub applies, or those that a spoke applies to itself, in output order.
    pub fn printed(&self, spoke: Option<&str>) -> Vec<Printed> {
        let Some(name) = spoke else {
            let is_from_hub = |template: &Template| !template.is_from_spoke;
            return self.select(is_from_hub).collect();
        };
        let clusters = self.clusters.iter().enumerate();
        let named = clusters.filter(|(_, cluster)| **cluster.name.as_rc() == *name);
        self.printed_by(&named.map(|(index, _)| index).collect())
    }

    /// Returns the templates that some spokes apply to themselves, in output order.
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
