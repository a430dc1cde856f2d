//! `rotate`: names immutable objects after their content, and updates the references to them.
//!
//! Machine templates of Cluster API are immutable, or changes of them do not reach machines. A new name creates a
//! new object, so that Cluster API rolls out machines. The old object is kept for the machines that still use it.

mod cycle;
mod index;
mod leftover;

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::kinds::is_capi_group;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::passes::check::references::identity;
use crate::plan::rotated::{KnownNames, RotatedObject, RotatedVariant, rotated_index};
use crate::plan::{Instance, Object, SubjectId, Template, With, WrittenIdentity};
use crate::source::Span;
use crate::tree::{Node, Part, RotatedName, Scalar, Text, roots_of_text};
use index::Index;
use leftover::{Leftovers, WrittenNames};

/// Fields that refer to an object of a kind that they do not name: the field, the group and the kind. The controller of
/// machines of Metal3 reads only the name (`api/v1beta1/metal3machine_types.go` and `baremetal/metal3machine_manager.go` of
/// Cluster API Provider Metal3).
const IMPLIED_KINDS: [(&str, &str, &str); 1] = [(
    "dataTemplate",
    "infrastructure.cluster.x-k8s.io",
    "Metal3DataTemplate",
)];

/// The rotated objects of a fleet.
#[derive(Default)]
pub(super) struct Rotation {
    known: Vec<RotatedEntry>,
    /// The indices of the objects of each template use.
    indices: BTreeMap<(usize, WrittenIdentity), usize>,
    /// The number of the template use that created each template of the plan.
    used: Vec<usize>,
}

/// A rotated object.
struct RotatedEntry {
    rotated: RotatedObject,
    /// The number of the template use that creates it.
    used: usize,
    /// Whether the template has a `with`.
    has_entries: bool,
}

impl RotatedEntry {
    /// Returns `true` if the name is that of one object for each subject: the template has no `with`, and sets no
    /// variables that the name reads.
    fn is_of_subject(&self) -> bool {
        !self.has_entries && !reads_own(&self.rotated.object.name.value, &self.rotated.variables)
    }
}

/// The template that contains a reference.
struct ReferenceContext<'a> {
    used: usize,
    has_entries: bool,
    variables: &'a [(Rc<str>, Node)],
    subjects: Vec<SubjectId>,
    /// The objects that the template creates.
    objects: &'a [Object],
    /// Their identities, determined when they are first needed.
    written: OnceCell<BTreeSet<WrittenIdentity>>,
}

impl ReferenceContext<'_> {
    /// Returns `true` if the template creates an object.
    fn creates(&self, identity: &WrittenIdentity) -> bool {
        let written = || self.objects.iter().map(Object::written).collect();
        self.written.get_or_init(written).contains(identity)
    }
}

/// The rotated objects by their identities.
type References = Index<WrittenIdentity>;

/// What decides which object a reference means.
type Context<'a> = (&'a References, &'a ReferenceContext<'a>);

/// Returns `true` if `rotate` renames the object.
fn is_rotatable(object: &Object) -> bool {
    let kind = object.kind.strip_suffix("Template");
    is_capi_group(&object.group) && kind.is_some_and(|kind| !kind.is_empty())
}

/// Returns `true` if the object was renamed.
pub(super) fn is_rotated(object: &Object) -> bool {
    rotated_index(&object.name.value).is_some()
}

/// Creates the warning that a template has no object to rename.
pub(super) fn nothing_to_rotate(span: Span) -> Diagnostic {
    let message = "`rotate` has no effect: this template creates no object that it renames";
    let help = "remove `rotate`: it renames only Cluster API kinds that end with `Template`";
    Diagnostic::new(Code::NothingToRotate, span, message).help(help)
}

impl Rotation {
    /// Renames the objects of a template that is used with `rotate`.
    pub(super) fn rename(&mut self, used: usize, template: &mut Template) {
        let subjects = subjects(&template.instances);
        let has_entries = has_entries(&template.instances);
        for object in template
            .objects
            .iter_mut()
            .filter(|object| is_rotatable(object))
        {
            let content = object.tree.get("spec").cloned();
            let form = RotatedVariant {
                subjects: subjects.clone(),
                content: content.unwrap_or_else(|| Node::mapping(object.span, Vec::new())),
            };
            let identity = (used, object.written());
            let known = self.indices.get(&identity).copied();
            let index = known.unwrap_or_else(|| {
                let rotated = RotatedObject {
                    object: object.clone(),
                    variables: Rc::clone(&template.variables),
                    selected: template.selected.clone(),
                    variants: Vec::new(),
                    by_subject: OnceCell::new(),
                    needs: Vec::new(),
                    names: KnownNames::default(),
                };
                self.known.push(RotatedEntry {
                    rotated,
                    used,
                    has_entries,
                });
                self.indices.insert(identity, self.known.len() - 1);
                self.known.len() - 1
            });
            self.known[index].rotated.variants.push(form);
            object.name.value = self.name(index);
            if let Some(metadata) = object.tree.get("metadata") {
                let metadata = metadata.with("name", object.name.node());
                object.tree = object.tree.with("metadata", metadata);
            }
        }
    }

    /// Records the number of the template use for new templates of the plan.
    pub(super) fn record_templates(&mut self, used: usize, templates: &[Template]) {
        self.used.resize(templates.len(), used);
    }

    /// Updates references to rotated objects, and returns these objects.
    pub(super) fn update_references(
        mut self,
        templates: &mut [Template],
        diags: &mut Diagnostics,
    ) -> Vec<RotatedObject> {
        if self.known.is_empty() {
            return Vec::new();
        }
        let mut references = Index::new();
        for (index, entry) in self.known.iter().enumerate() {
            let identity = entry.rotated.object.written();
            references.add(entry.used, identity, index, entry.is_of_subject());
        }
        let references = &references;
        for (template, used) in templates.iter_mut().zip(&self.used) {
            let context = ReferenceContext {
                used: *used,
                has_entries: has_entries(&template.instances),
                variables: &template.variables,
                subjects: subjects(&template.instances),
                objects: &template.objects,
                written: OnceCell::new(),
            };
            let update = |object: &Object| Object {
                tree: self.renamed(
                    &object.tree,
                    object.written_namespace(),
                    (references, &context),
                ),
                ..object.clone()
            };
            template.objects = template.objects.iter().map(update).collect();
        }
        self.report_leftovers(templates, diags);
        let contents: Vec<Vec<Node>> = self
            .known
            .iter()
            .map(|entry| self.contents(entry, references))
            .collect();
        for (known, contents) in self.known.iter_mut().zip(contents) {
            for (form, content) in known.rotated.variants.iter_mut().zip(contents) {
                form.content = content;
            }
        }
        let rotated = self.known.into_iter().map(|entry| entry.rotated);
        let mut rotated: Vec<RotatedObject> = rotated.collect();
        cycle::find_needs(&mut rotated, diags);
        rotated
    }

    /// Reports references that still contain the written name of a rotated object.
    fn report_leftovers(&self, templates: &[Template], diags: &mut Diagnostics) {
        let objects = templates.iter().flat_map(|template| &template.objects);
        let others = objects
            .filter(|object| !is_rotated(object))
            .map(|object| object.name.value.source_text());
        let rotated = self.known.iter().map(|known| (known.used, &known.rotated));
        let names = WrittenNames::new(rotated, others.collect());
        let mut found = BTreeMap::new();
        for (template, used) in templates.iter().zip(&self.used) {
            let mut leftovers = Leftovers::new(&names, (template, *used), &mut found);
            for object in &template.objects {
                leftovers.report(object);
            }
        }
        for error in found.into_values() {
            diags.push(error);
        }
    }

    /// Returns the content of an object's forms, with updated references.
    fn contents(&self, known: &RotatedEntry, references: &References) -> Vec<Node> {
        let rotated = &known.rotated;
        let forms = rotated.variants.iter().map(|form| {
            let context = ReferenceContext {
                used: known.used,
                has_entries: known.has_entries,
                variables: &rotated.variables,
                subjects: form.subjects.clone(),
                objects: &[],
                written: OnceCell::new(),
            };
            let namespace = rotated.object.written_namespace();
            self.renamed(&form.content, namespace, (references, &context))
        });
        forms.collect()
    }

    /// Returns a tree with updated references.
    fn renamed(&self, node: &Node, default: Option<&Text>, context: Context<'_>) -> Node {
        self.renamed_field(None, node, default, context)
    }

    /// Returns the value of a field with updated references.
    fn renamed_field(
        &self,
        field: Option<&str>,
        node: &Node,
        default: Option<&Text>,
        context: Context<'_>,
    ) -> Node {
        let kind = identity(node).or_else(|| implied_kind(field?, node));
        let renamed = |name: &Node| {
            let referent =
                kind.and_then(|kind| self.find_referent((node, kind), name, default, context));
            match referent {
                Some(index) => Node::quoted(name.span, self.name(index)),
                None => self.renamed(name, default, context),
            }
        };
        node.map_children(&|key, value| match key {
            Some("name") => value.map_outcomes(&renamed),
            _ => self.renamed_field(key, value, default, context),
        })
    }

    /// Returns the index of the rotated object that a mapping with a name refers to.
    ///
    /// In another template, the reference must mean the object for every subject: neither template sets variables that
    /// the name reads.
    fn find_referent(
        &self,
        (node, kind): (&Node, (&str, &str)),
        name: &Node,
        default: Option<&Text>,
        (references, context): Context<'_>,
    ) -> Option<usize> {
        let name = name.as_scalar()?.as_text();
        let written = node.get("namespace").and_then(Node::as_scalar);
        let namespace = written.map(Scalar::as_text);
        let identity = WrittenIdentity::new(kind, namespace.as_ref().or(default), &name);
        if let Some(own) = references.of_use(context.used, &identity) {
            return Some(own);
        }
        let rotated = |index: usize| &self.known[index].rotated;
        let first = context.subjects.iter().copied().take(1);
        let index = references.of_subjects(&identity, first, &rotated)?;
        let is_for = |id: &SubjectId| rotated(index).content(*id).is_some();
        let is_same = !context.has_entries
            && !reads_own(&name, context.variables)
            && !context.creates(&identity)
            && context.subjects.iter().all(is_for);
        is_same.then_some(index)
    }

    fn name(&self, index: usize) -> Text {
        let written = self.known[index].rotated.object.name.value.clone();
        Text::Parts([Part::Rotated(Rc::new(RotatedName { index, written }))].into())
    }
}

/// Returns the group and the kind that a field implies, if its value names no kind.
fn implied_kind(field: &str, node: &Node) -> Option<(&'static str, &'static str)> {
    let mut rows = IMPLIED_KINDS.iter();
    let (_, group, kind) = rows.find(|(known, ..)| *known == field)?;
    node.get("kind").is_none().then_some((*group, *kind))
}

/// Returns `true` if a string reads one of a template's own variables.
fn reads_own(text: &Text, variables: &[(Rc<str>, Node)]) -> bool {
    let reads = roots_of_text(text);
    let mut own = variables.iter();
    own.any(|(own, _)| reads.iter().any(|name| **name == **own))
}

fn subjects(instances: &[Instance]) -> Vec<SubjectId> {
    instances.iter().map(|instance| instance.subject).collect()
}

fn has_entries(instances: &[Instance]) -> bool {
    let mut with = instances.iter().map(|instance| &instance.with);
    with.any(|with| !matches!(with, With::None))
}
