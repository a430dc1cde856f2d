//! `rotate`: objects that cannot be changed are called after their content, and what refers to them
//! follows.
//!
//! Cluster API's templates of machines are immutable, or a change of them reaches no machine. Another
//! name is another object, which rolls machines out; the old one stays for those that are left.

mod cycle;

use std::rc::Rc;

use super::kinds::is_capi_group;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::passes::check::references::{identity, reads_alike};
use crate::plan::rotated::{Form, Rotated, index};
use crate::plan::{Instance, Object, SubjectId, Template, With};
use crate::source::Span;
use crate::tree::roots;
use crate::tree::{Entry, Node, Part, RotatedName, Scalar, Style, Text, Value};

/// The rotated objects of a fleet.
#[derive(Default)]
pub(super) struct Rotation {
    rotated: Vec<Rotated>,
    /// For each of them the use of a template that makes it, and whether that has entries.
    made_by: Vec<(usize, bool)>,
    /// For each template of the plan the use that it is of.
    used: Vec<usize>,
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
    index(&object.name.0).is_some()
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
            let namespace = object.namespace.as_ref().map(|(text, _)| text.clone());
            let content = object.tree.get("spec").cloned();
            let form = Form {
                subjects: subjects.clone(),
                content: content.unwrap_or_else(|| Node::mapping(object.span, Vec::new())),
            };
            let is_known = |(rotated, (made_by, _)): (&Rotated, &(usize, bool))| {
                *made_by == used
                    && is(rotated, object)
                    && reads_alike(&rotated.name.0, &object.name.0)
            };
            let known = self.rotated.iter().zip(&self.made_by).position(is_known);
            let index = known.unwrap_or_else(|| {
                self.made_by.push((used, has_entries));
                self.rotated.push(Rotated {
                    group: Rc::clone(&object.group),
                    kind: Rc::clone(&object.kind),
                    namespace,
                    name: object.name.clone(),
                    variables: Rc::clone(&template.variables),
                    selected: template.selected.clone(),
                    forms: Vec::new(),
                });
                self.rotated.len() - 1
            });
            self.rotated[index].forms.push(form);
            object.name.0 = self.name(index);
            object.tree = with_name(&object.tree, &object.name.0);
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
        if self.rotated.is_empty() {
            return self.rotated;
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
                tree: self.renamed(&object.tree, object.namespace.as_ref(), &holder),
                ..object.clone()
            };
            template.objects = template.objects.iter().map(follow).collect();
        }
        let contents: Vec<Vec<Node>> = (0..self.rotated.len())
            .map(|at| self.contents(at))
            .collect();
        for (rotated, contents) in self.rotated.iter_mut().zip(contents) {
            for (form, content) in rotated.forms.iter_mut().zip(contents) {
                form.content = content;
            }
        }
        cycle::refuse(&self.rotated, diags);
        self.rotated
    }

    /// What an object's forms hold, once references in them follow.
    fn contents(&self, at: usize) -> Vec<Node> {
        let (used, has_entries) = self.made_by[at];
        let rotated = &self.rotated[at];
        let namespace = rotated.namespace.clone().map(|text| (text, rotated.name.1));
        let forms = rotated.forms.iter().map(|form| {
            let holder = Holder {
                used,
                has_entries,
                variables: &rotated.variables,
                subjects: form.subjects.clone(),
                objects: &[],
            };
            self.renamed(&form.content, namespace.as_ref(), &holder)
        });
        forms.collect()
    }

    /// A tree whose references follow.
    fn renamed(&self, node: &Node, home: Option<&(Text, Span)>, holder: &Holder<'_>) -> Node {
        let value = match &node.value {
            Value::Scalar(_) => return node.clone(),
            Value::Sequence(items) => {
                let items = items.iter().map(|item| self.renamed(item, home, holder));
                Value::Sequence(items.collect())
            }
            Value::Mapping(entries) => {
                let renamed = |name: &Node| match self.meant(node, name, home, holder) {
                    Some(index) => quoted(name.span, self.name(index)),
                    None => self.renamed(name, home, holder),
                };
                let entry = |entry: &Entry| {
                    let value = match entry.key.text.literal() {
                        Some("name") => entry.value.map_outcomes(&renamed),
                        _ => self.renamed(&entry.value, home, holder),
                    };
                    let key = entry.key.clone();
                    Entry { key, value }
                };
                Value::Mapping(entries.iter().map(entry).collect())
            }
        };
        Node {
            span: node.span,
            value,
        }
    }

    /// The rotated object that a mapping with a name refers to.
    fn meant(
        &self,
        node: &Node,
        name: &Node,
        home: Option<&(Text, Span)>,
        holder: &Holder<'_>,
    ) -> Option<usize> {
        let (group, kind) = identity(node)?;
        let name = name.as_scalar()?.as_text();
        let written = node.get("namespace").and_then(Node::as_scalar);
        let namespace = written.map(Scalar::as_text);
        let namespace = namespace.as_ref().or(home.map(|(text, _)| text));
        (0..self.rotated.len()).find(|at| {
            let rotated = &self.rotated[*at];
            let is_there = match (&rotated.namespace, namespace) {
                (Some(one), Some(other)) => reads_alike(one, other),
                (one, other) => one.is_none() && other.is_none(),
            };
            *rotated.group == *group
                && *rotated.kind == *kind
                && is_there
                && reads_alike(&rotated.name.0, &name)
                && self.is_same_for(*at, &name, holder)
        })
    }

    /// Whether what a reference says means the object for each of its holder's subjects: it does in
    /// the object's own template, and in another one where neither has words of its own for it.
    fn is_same_for(&self, at: usize, name: &Text, holder: &Holder<'_>) -> bool {
        let (used, has_entries) = self.made_by[at];
        if used == holder.used {
            return true;
        }
        let is_own =
            |object: &Object| is(&self.rotated[at], object) && reads_alike(&object.name.0, name);
        if holder.objects.iter().any(is_own) {
            return false;
        }
        let rotated = &self.rotated[at];
        let reads = roots(&Node::quoted(rotated.name.1, name.clone()));
        let mut own = holder.variables.iter().chain(&*rotated.variables);
        let is_made = |id: &SubjectId| {
            let mut forms = rotated.forms.iter();
            forms.any(|form| form.subjects.binary_search(id).is_ok())
        };
        !has_entries
            && !holder.has_entries
            && !own.any(|(own, _)| reads.iter().any(|name| **name == **own))
            && holder.subjects.iter().all(is_made)
    }

    fn name(&self, index: usize) -> Text {
        let written = self.rotated[index].name.0.clone();
        Text::Parts([Part::Rotated(Rc::new(RotatedName { index, written }))].into())
    }
}

/// Whether both are of one kind and in one namespace.
fn is(rotated: &Rotated, object: &Object) -> bool {
    let is_there = match (&rotated.namespace, &object.namespace) {
        (Some(one), Some((other, _))) => reads_alike(one, other),
        (one, other) => one.is_none() && other.is_none(),
    };
    object.is(&rotated.group, &rotated.kind) && is_there
}

fn subjects(instances: &[Instance]) -> Vec<SubjectId> {
    instances.iter().map(|instance| instance.subject).collect()
}

fn has_entries(instances: &[Instance]) -> bool {
    let mut with = instances.iter().map(|instance| &instance.with);
    with.any(|with| !matches!(with, With::Nothing))
}

fn quoted(span: Span, text: Text) -> Node {
    let style = Style::Quoted;
    let value = Value::Scalar(Scalar { style, text });
    Node { span, value }
}

/// An object with another name.
fn with_name(tree: &Node, name: &Text) -> Node {
    let changed = |map: &Node, key: &str, change: &dyn Fn(&Node) -> Node| {
        let entry = |entry: &Entry| Entry {
            key: entry.key.clone(),
            value: if entry.key.text.literal() == Some(key) {
                change(&entry.value)
            } else {
                entry.value.clone()
            },
        };
        let entries = map.entries().unwrap_or_default().iter().map(entry);
        Node::mapping(map.span, entries.collect())
    };
    changed(tree, "metadata", &|metadata| {
        changed(metadata, "name", &|known| quoted(known.span, name.clone()))
    })
}
