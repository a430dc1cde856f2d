//! The output: every rendered object, with its metadata.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};

use super::cells::Cells;
use super::renderer::Renderer;
use super::section::Section;
use crate::model::{Cell, Cluster};
use crate::plan::identity::Identity;
use crate::plan::{
    Creator, Instance, Object, ObjectRef, Plan, Printed, SubjectId, SubjectScope, Template, With,
};
use crate::template::fill;
use crate::yaml::print::Format;

/// The objects of a fleet, ready to be written.
#[derive(Debug)]
pub struct Output {
    /// The format of the output.
    pub format: Format,
    /// The plan that the objects were rendered from.
    pub plan: Plan,
    /// The templates of the sections: the Namespaces, then the others.
    templates: Vec<Printed>,
    sections: Vec<Section>,
    /// The cells of the objects.
    pub cells: Cells,
    /// Each cell with its number of objects; empty if the fleet has no cells.
    pub sizes: Vec<(Cell, usize)>,
    /// The hash of the identity of each object, ascending; empty unless the options request them.
    pub identities: Vec<(u64, ObjectRef)>,
    /// The spokes and the same for the objects that each applies to itself. These objects are not written.
    pub spokes: Vec<(SubjectId, Vec<(u64, ObjectRef)>)>,
    /// The number of sections that are written; the others are those of the spokes.
    written: usize,
    /// Objects that are duplicates of others; sorted.
    skipped: Vec<ObjectRef>,
    /// The size of the output, in bytes.
    pub bytes: usize,
    /// The number of objects.
    pub count: usize,
    /// The kinds without a schema, as `Kind.group`, and the number of their objects.
    pub unchecked: BTreeMap<String, usize>,
}

/// A rendered object.
#[derive(Clone, Copy, Debug)]
pub struct Rendered<'a> {
    output: &'a Output,
    at: ObjectRef,
}

impl Output {
    /// Returns the output of a plan whose templates were rendered as sections.
    pub fn new(plan: Plan, templates: Vec<Printed>, renderer: Renderer, cells: Cells) -> Self {
        Self {
            format: renderer.format,
            plan,
            written: renderer.sections.len(),
            templates,
            sections: renderer.sections,
            cells,
            sizes: Vec::new(),
            identities: Vec::new(),
            spokes: Vec::new(),
            skipped: Vec::new(),
            bytes: renderer.bytes,
            count: 0,
            unchecked: BTreeMap::new(),
        }
    }

    /// Adds the objects that spokes apply to themselves, with their identities in the walk over `templates`. Returns
    /// their identities in the output.
    pub fn add_spokes(
        &mut self,
        templates: Vec<Printed>,
        renderer: Renderer,
        identities: &[(u64, ObjectRef)],
    ) -> Vec<(u64, ObjectRef)> {
        let first = self.sections.len();
        self.templates.extend(templates);
        self.sections.extend(renderer.sections);
        let moved = identities.iter().map(|(hash, at)| {
            let section = first + at.section() - 1;
            (*hash, ObjectRef::new(section, at.position(), at.object()))
        });
        moved.collect()
    }

    /// Returns all objects of the output, in order, and then those that each spoke applies to itself.
    pub fn all_objects(&self) -> impl Iterator<Item = Rendered<'_>> {
        let of_spokes = self.spokes.iter().flat_map(|(_, identities)| {
            let mut all: Vec<ObjectRef> = identities.iter().map(|(_, at)| *at).collect();
            all.sort_unstable();
            all
        });
        self.objects().chain(of_spokes.map(|at| self.object(at)))
    }

    /// Returns `true` if a spoke applies the object to itself.
    fn is_of_spoke(&self, at: ObjectRef) -> bool {
        at.section() >= self.written
    }

    /// Returns all objects that are written, in order.
    pub fn objects(&self) -> impl Iterator<Item = Rendered<'_>> {
        self.instances().flat_map(move |(section, position)| {
            let objects = 0..self.sections[section].program.objects.len();
            let all = objects.map(move |object| ObjectRef::new(section, position, object));
            all.filter(|at| self.is_included(*at))
                .map(|at| self.object(at))
        })
    }

    /// Returns the sections and the numbers of their instances in output order: the Namespaces, then all others by
    /// subject. The subjects of each section are in ascending order, so the sections are merged.
    fn instances(&self) -> impl Iterator<Item = (usize, usize)> {
        let ordered = |section, position| {
            let order = self.order(section, position)?;
            Some(Reverse((order, section, position)))
        };
        let firsts = (0..self.written).filter_map(|section| ordered(section, 0));
        let mut next: BinaryHeap<_> = firsts.collect();
        std::iter::from_fn(move || {
            let Reverse((_, section, position)) = next.pop()?;
            next.extend(ordered(section, position + 1));
            Some((section, position))
        })
    }

    /// Returns the sort key of an instance. Its section and its own number break ties.
    pub fn order(&self, section: usize, position: usize) -> Option<(bool, SubjectId, (u32, u32))> {
        let template = self.plan.template(&self.templates[section]);
        let instance = template.instances.get(position)?;
        Some((section > 0, instance.subject, instance.order))
    }

    /// Returns `true` if an object is part of the output: it is not a duplicate, and belongs to the requested cell.
    pub fn is_included(&self, at: ObjectRef) -> bool {
        self.is_of_spoke(at) || !self.is_skipped(at) && self.cells.is_selected(at, self.subject(at))
    }

    /// Returns `true` if an object is a duplicate of another one.
    pub fn is_skipped(&self, at: ObjectRef) -> bool {
        self.skipped.binary_search(&at).is_ok()
    }

    /// Omits the second object of each pair of duplicates.
    pub fn skip(&mut self, repeated: &[[ObjectRef; 2]]) {
        self.skipped
            .extend(repeated.iter().map(|[_, second]| *second));
        self.skipped.sort_unstable();
        self.count -= self.skipped.len();
    }

    /// Returns the objects that are duplicates of others.
    pub fn skipped(&self) -> &[ObjectRef] {
        &self.skipped
    }

    fn template(&self, at: ObjectRef) -> &Template {
        self.plan.template(&self.templates[at.section()])
    }

    /// Returns the subject of an object.
    pub fn subject(&self, at: ObjectRef) -> SubjectId {
        self.template(at).instances[at.position()].subject
    }

    /// Returns an object.
    pub fn object(&self, at: ObjectRef) -> Rendered<'_> {
        Rendered { output: self, at }
    }
}

impl<'a> Rendered<'a> {
    /// Returns the reference to the object.
    pub fn at(&self) -> ObjectRef {
        self.at
    }

    /// Returns the subject that the object was created for.
    pub fn subject(&self) -> SubjectId {
        self.output.subject(self.at)
    }

    /// Returns the indices of the clusters that the object was created for: its own, that of an entry of
    /// `with: CLUSTERS`, or those of its group or of the fleet that the selector of its template matches.
    pub fn clusters(&self) -> Vec<usize> {
        let template = self.output.template(self.at);
        let instance = &template.instances[self.at.position()];
        if let With::Cluster(index) = instance.with {
            return vec![index as usize];
        }
        let plan = &self.output.plan;
        let mut clusters = match instance.subject {
            SubjectId::Cluster(index) => vec![index as usize],
            SubjectId::Group(index) => plan.groups[index as usize].clusters.clone(),
            SubjectId::Fleet | SubjectId::Shared => (0..plan.clusters.len()).collect(),
        };
        if let Some(selected) = &template.selected {
            clusters.retain(|index| selected.binary_search(index).is_ok());
        }
        clusters
    }

    /// Returns the spoke that applies the object to itself; `None` for the objects of the hub.
    pub fn spoke(&self) -> Option<&'a Cluster> {
        let index = self.subject().cluster_index()?;
        let is_of_spoke = self.output.is_of_spoke(self.at);
        is_of_spoke.then(|| &self.output.plan.clusters[index])
    }

    /// Returns the cell of the object, if the fleet has cells. The objects of spokes have no cell.
    pub fn cell(&self) -> Option<Cell> {
        if self.output.is_of_spoke(self.at) {
            return None;
        }
        self.output.cells.cell(self.at, self.subject())
    }

    /// Returns the creator of the object.
    pub fn creator(&self) -> &'a Creator {
        &self.template().creator
    }

    /// Returns the template of the object.
    pub fn template(&self) -> &'a Template {
        self.output.template(self.at)
    }

    /// Returns the instance of the template that the object was created for.
    pub fn instance(&self) -> &'a Instance {
        &self.template().instances[self.at.position()]
    }

    /// Returns the object as written, its template, and the variables that it was rendered with.
    pub fn written(&self) -> (&'a Object, &'a Template, SubjectScope<'a>) {
        let template = self.template();
        let scope = self.output.plan.scope(template, self.instance());
        (&template.objects[self.at.object()], template, scope)
    }

    /// Returns the identity of the object. Its variables are substituted again.
    pub fn identity(&self) -> Identity<'a> {
        let (object, _, scope) = self.written();
        let text = |text| fill::text(text, &scope, &mut Vec::new()).to_string();
        Identity {
            object,
            namespace: object.written_namespace().map(text).map(Into::into),
            name: text(&object.name.value).into(),
        }
    }

    /// Returns the bytes of the object in pieces, without a trailing line break.
    pub fn pieces(&self) -> impl Iterator<Item = &'a [u8]> + use<'a> {
        let section = &self.output.sections[self.at.section()];
        section.pieces(self.at.position(), self.at.object())
    }

    /// Returns the size of the object in bytes.
    pub fn size(&self) -> usize {
        self.pieces().map(<[u8]>::len).sum()
    }
}
