//! `rotate`: objects that cannot be changed are called after their content, and what refers to them
//! follows.
//!
//! Cluster API's templates of machines are immutable, or a change of them reaches no machine. Another
//! name is another object, which rolls machines out; the old one stays for those that are left.

mod cycle;

use std::rc::Rc;

use super::kinds::is_capi_group;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::passes::check::references::identity;
use crate::plan::rotated::{Rotated, RotatedVariant, rotated_index};
use crate::plan::{Instance, Object, SubjectId, Template, With};
use crate::source::Span;
use crate::tree::{Node, Part, RotatedName, Scalar, Text, roots_of_text};

/// The rotated objects of a fleet.
#[derive(Default)]
pub(super) struct Rotation {
    known: Vec<Known>,
    /// For each template of the plan the use that it is of.
    used: Vec<usize>,
}

/// A rotated object.
struct Known {
    rotated: Rotated,
    /// The use of a template that makes it.
    used: usize,
    /// Whether that has entries.
    has_entries: bool,
}

/// Who refers to something: the template's use, its variables, and what it is made for.
struct Holder<'a> {
    used: usize,
    has_entries: bool,
    variables: &'a [(Rc<str>, Node)],
    subjects: Vec<SubjectId>,
    /// What the template makes itself.
    objects: &'a [Object],
}

/// Whether an object is renamed.
fn is_meant(object: &Object) -> bool {
    let kind = object.kind.strip_suffix("Template");
    is_capi_group(&object.group) && kind.is_some_and(|kind| !kind.is_empty())
}

/// Whether an object was renamed.
pub(super) fn is_rotated(object: &Object) -> bool {
    rotated_index(&object.name.value).is_some()
}

/// Warns that a template has nothing to rename.
pub(super) fn nothing(span: Span) -> Diagnostic {
    let message = "this template makes no object that would be renamed";
    let help = "remove `rotate`; it is for kinds of Cluster API that end with Template";
    Diagnostic::new(Code::NothingToRotate, span, message).help(help)
}

impl Rotation {
    /// Renames the objects of a template that is used with `rotate`.
    pub(super) fn rename(&mut self, used: usize, template: &mut Template) {
        let subjects = subjects(&template.instances);
        let has_entries = has_entries(&template.instances);
        for object in template.objects.iter_mut().filter(|one| is_meant(one)) {
            let content = object.tree.get("spec").cloned();
            let form = RotatedVariant {
                subjects: subjects.clone(),
                content: content.unwrap_or_else(|| Node::mapping(object.span, Vec::new())),
            };
            let is_known = |known: &Known| {
                known.used == used && is(&known.rotated, object, &object.name.value)
            };
            let known = self.known.iter().position(is_known);
            let index = known.unwrap_or_else(|| {
                let rotated = Rotated {
                    object: object.clone(),
                    variables: Rc::clone(&template.variables),
                    selected: template.selected.clone(),
                    variants: Vec::new(),
                };
                self.known.push(Known {
                    rotated,
                    used,
                    has_entries,
                });
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

    /// Notes of which use the plan's templates are that are new.
    pub(super) fn note(&mut self, used: usize, templates: &[Template]) {
        self.used.resize(templates.len(), used);
    }

    /// Lets references follow; gives the rotated objects.
    pub(super) fn follow(
        mut self,
        templates: &mut [Template],
        diags: &mut Diagnostics,
    ) -> Vec<Rotated> {
        if self.known.is_empty() {
            return Vec::new();
        }
        for (template, used) in templates.iter_mut().zip(&self.used) {
            let holder = Holder {
                used: *used,
                has_entries: has_entries(&template.instances),
                variables: &template.variables,
                subjects: subjects(&template.instances),
                objects: &template.objects,
            };
            let follow = |object: &Object| Object {
                tree: self.renamed(&object.tree, object.written_namespace(), &holder),
                ..object.clone()
            };
            template.objects = template.objects.iter().map(follow).collect();
        }
        let contents: Vec<Vec<Node>> = self.known.iter().map(|one| self.contents(one)).collect();
        for (known, contents) in self.known.iter_mut().zip(contents) {
            for (form, content) in known.rotated.variants.iter_mut().zip(contents) {
                form.content = content;
            }
        }
        let rotated: Vec<Rotated> = self.known.into_iter().map(|one| one.rotated).collect();
        cycle::refuse(&rotated, diags);
        rotated
    }

    /// What an object's forms hold, once references in them follow.
    fn contents(&self, known: &Known) -> Vec<Node> {
        let rotated = &known.rotated;
        let forms = rotated.variants.iter().map(|form| {
            let holder = Holder {
                used: known.used,
                has_entries: known.has_entries,
                variables: &rotated.variables,
                subjects: form.subjects.clone(),
                objects: &[],
            };
            self.renamed(&form.content, rotated.object.written_namespace(), &holder)
        });
        forms.collect()
    }

    /// A tree whose references follow.
    fn renamed(&self, node: &Node, home: Option<&Text>, holder: &Holder<'_>) -> Node {
        let renamed = |name: &Node| match self.meant(node, name, home, holder) {
            Some(index) => Node::quoted(name.span, self.name(index)),
            None => self.renamed(name, home, holder),
        };
        node.map_children(&|key, value| match key {
            Some("name") => value.map_outcomes(&renamed),
            _ => self.renamed(value, home, holder),
        })
    }

    /// The rotated object that a mapping with a name refers to.
    fn meant(
        &self,
        node: &Node,
        name: &Node,
        home: Option<&Text>,
        holder: &Holder<'_>,
    ) -> Option<usize> {
        let kind = identity(node)?;
        let name = name.as_scalar()?.as_text();
        let written = node.get("namespace").and_then(Node::as_scalar);
        let namespace = written.map(Scalar::as_text);
        let namespace = namespace.as_ref().or(home);
        self.known.iter().position(|known| {
            let object = &known.rotated.object;
            object.is_written(kind, namespace, &name) && is_same_for(known, &name, holder)
        })
    }

    fn name(&self, index: usize) -> Text {
        let written = self.known[index].rotated.object.name.value.clone();
        Text::Parts([Part::Rotated(Rc::new(RotatedName { index, written }))].into())
    }
}

/// Whether what a reference says means the object for each of its holder's subjects: it does in the object's
/// own template, and in another one where neither has words of its own for it.
fn is_same_for(known: &Known, name: &Text, holder: &Holder<'_>) -> bool {
    if known.used == holder.used {
        return true;
    }
    let rotated = &known.rotated;
    let mut objects = holder.objects.iter();
    if objects.any(|object| is(rotated, object, name)) {
        return false;
    }
    let reads = roots_of_text(&rotated.object.name.value);
    let mut own = holder.variables.iter().chain(&*rotated.variables);
    let is_made = |id: &SubjectId| rotated.content(*id).is_some();
    !known.has_entries
        && !holder.has_entries
        && !own.any(|(own, _)| reads.iter().any(|name| **name == **own))
        && holder.subjects.iter().all(is_made)
}

/// Whether an object is the rotated one, or would be if the rotated one had this name.
fn is(rotated: &Rotated, object: &Object, name: &Text) -> bool {
    let Object { group, kind, .. } = &rotated.object;
    object.is_written((group, kind), rotated.object.written_namespace(), name)
}

fn subjects(instances: &[Instance]) -> Vec<SubjectId> {
    instances.iter().map(|instance| instance.subject).collect()
}

fn has_entries(instances: &[Instance]) -> bool {
    let mut with = instances.iter().map(|instance| &instance.with);
    with.any(|with| !matches!(with, With::None))
}
