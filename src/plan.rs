//! The plan: for each cluster its objects. What every output reads.

mod addon;
mod object;
pub mod rotated;
mod scope;
mod subject;
mod template;

use std::collections::BTreeSet;

use crate::input::origin::Origin;
use crate::model::{Cluster, Group, Variables};
pub use addon::{AddOn, Aspect, Chart, Manifest, Manifests, Software, Variant, VariantName};
pub use object::{CAPI, Object};
pub use scope::Scoped;
pub use subject::{Instance, Subject, SubjectId, Subjects, With};
pub use template::Template;

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
    pub source: Option<Origin>,
    /// The objects whose names follow their content.
    pub rotated: Vec<rotated::Rotated>,
    /// Objects that are printed as they are, sorted by namespace and name.
    pub profiles: Vec<Object>,
}

impl Plan {
    /// Indices of the clusters whose own Argo CD renders the fleet for them.
    pub fn spokes(&self) -> BTreeSet<usize> {
        let of_hub = self.templates.iter().filter(|one| !one.is_from_spoke);
        let of_spokes = of_hub.filter(|one| one.objects.iter().any(Object::is_spoke));
        let instances = of_spokes.flat_map(|template| &template.instances);
        let cluster = |instance: &Instance| match instance.subject {
            SubjectId::Cluster(index) => Some(index as usize),
            SubjectId::Fleet | SubjectId::Group(_) | SubjectId::Shared => None,
        };
        instances.filter_map(cluster).collect()
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

    /// The variables of an instance's subject alone.
    pub fn subject_scope<'a>(&'a self, template: &'a Template, instance: &Instance) -> Scoped<'a> {
        Scoped {
            selected: template.selected.as_deref(),
            rotated: &self.rotated,
            id: Some(instance.subject),
            ..Scoped::new(self.subjects(), self.subject(instance.subject), &[])
        }
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
}
