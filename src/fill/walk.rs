//! The walk over a plan's templates, and the interface of its readers.

use std::borrow::Cow;
use std::cell::Cell;
use std::collections::BTreeSet;
use std::ops::ControlFlow;
use std::rc::Rc;

use super::collector::Collector;
use super::unfilled::Unfilled;
use super::values::Values;
use crate::plan::identity::{Identity, Name, identity_hash, kind_hash};
use crate::plan::{Instance, Object, ObjectRef, Plan, Subject, SubjectScope, Template};
use crate::template::error::FillError;

/// A reader of the values of a plan's objects.
pub trait Reader {
    /// Collects the values of a template that the reader needs.
    fn prepare(&mut self, template: &Template, values: &mut Collector<'_>);

    /// Reads an instance of the template. `Break` ends the walk.
    fn read(&mut self, visit: &mut Visit<'_>) -> ControlFlow<()>;

    /// Returns the maximum number of bytes of values that the reader can accept.
    fn room(&self) -> usize {
        usize::MAX
    }
}

/// An instance of a template, with its values.
pub struct Visit<'a> {
    /// The number of the template's section.
    pub section: usize,
    /// The number of the instance.
    pub position: usize,
    /// The template.
    pub template: &'a Template,
    /// The variables of the instance.
    pub scope: &'a SubjectScope<'a>,
    /// The values as written, by their numbers.
    pub unfilled: &'a [Unfilled],
    /// The values.
    pub values: &'a Values,
    /// The reasons why values could not be substituted.
    pub problems: &'a [FillError],
    /// The size of each object in bytes, after a reader has rendered it.
    pub sizes: Vec<usize>,
    names: &'a [Named],
    known: &'a [Name],
}

/// The numbers of the values that identify an object.
struct Named {
    name: usize,
    namespace: Option<usize>,
    kind: u64,
}

impl Visit<'_> {
    /// Returns `true` if every value could be substituted.
    pub fn is_complete(&self) -> bool {
        self.problems.is_empty()
    }

    /// Returns the subject.
    pub fn subject(&self) -> Subject<'_> {
        self.scope.subject
    }

    /// Returns the identity of an object of the template, by its number.
    pub fn identity(&self, object: usize) -> Identity<'_> {
        let text = |value: usize| self.values.text(value).unwrap_or_default();
        let named = &self.names[object];
        Identity {
            object: &self.template.objects[object],
            namespace: named.namespace.map(text).map(Cow::Borrowed),
            name: Cow::Borrowed(text(named.name)),
        }
    }

    /// Returns the properties of the name of an object.
    pub fn name(&self, object: usize) -> Name {
        self.known[self.names[object].name]
    }

    fn hash(&self, object: usize) -> u64 {
        let named = &self.names[object];
        let namespace = named.namespace.map(|value| self.known[value]);
        identity_hash(named.kind, namespace, self.name(object))
    }
}

/// A walk over templates of a plan, which collects the identities of all objects.
pub struct Walk<'a> {
    plan: &'a Plan,
    /// The hashes of the identities of all objects.
    pub identities: Vec<(u64, ObjectRef)>,
    /// The number of nodes that `$each` repeated.
    repeated: Rc<Cell<usize>>,
    /// For each cluster, whether an object is in its namespace.
    used: Vec<bool>,
    /// The namespaces that templates create.
    created: BTreeSet<Rc<str>>,
}

impl<'a> Walk<'a> {
    /// Returns a walk that has not begun.
    pub fn new(plan: &'a Plan) -> Self {
        Self {
            plan,
            identities: Vec::new(),
            repeated: Rc::default(),
            used: vec![false; plan.clusters.len()],
            created: BTreeSet::new(),
        }
    }

    /// Walks over templates, whose sections follow that of the Namespaces.
    pub fn templates(
        &mut self,
        templates: &[&Template],
        readers: &mut [&mut dyn Reader],
    ) -> ControlFlow<()> {
        let mut templates = templates.iter().enumerate();
        templates.try_for_each(|(index, template)| self.template(index + 1, template, readers))
    }

    /// Walks over the instances of a template. Its section's number is 0 for Namespaces.
    pub fn template(
        &mut self,
        section: usize,
        template: &Template,
        readers: &mut [&mut dyn Reader],
    ) -> ControlFlow<()> {
        let mut collector = Collector::new(self.plan, template);
        for reader in &mut *readers {
            reader.prepare(template, &mut collector);
        }
        let identity = |object: &Object| Named {
            name: collector.text(&object.name),
            namespace: object.namespace.as_ref().map(|text| collector.text(text)),
            kind: kind_hash(&object.group, &object.kind),
        };
        let names: Vec<Named> = template.objects.iter().map(identity).collect();
        let unfilled = collector.into_values();
        let mut known = vec![Name::default(); unfilled.len()];
        let mut open = BTreeSet::new();
        for value in names
            .iter()
            .flat_map(|named| std::iter::once(named.name).chain(named.namespace))
        {
            match unfilled[value].node.text() {
                Some(text) => known[value] = Name::new(text),
                None => _ = open.insert(value),
            }
        }
        let objects = template.instances.len() * template.objects.len();
        self.identities.reserve_exact(objects);
        let mut values = Values::default();
        let repeated = Rc::clone(&self.repeated);
        let mut sizes = Vec::with_capacity(template.objects.len());
        for (position, instance) in template.instances.iter().enumerate() {
            let scope = SubjectScope {
                repeated: Some(&*repeated),
                ..self.plan.scope(template, instance)
            };
            let room = readers.iter().map(|reader| reader.room()).min();
            let room = room.unwrap_or(usize::MAX);
            let mut problems = Vec::new();
            values.fill(&unfilled, &scope, room, &mut problems);
            // Every value is rendered at least once, so the output would exceed the limit, too.
            if values.bytes() > room {
                return ControlFlow::Break(());
            }
            if problems.is_empty() {
                for value in &open {
                    known[*value] = Name::new(values.text(*value).unwrap_or_default());
                }
            }
            let mut visit = Visit {
                section,
                position,
                template,
                scope: &scope,
                unfilled: &unfilled,
                values: &values,
                problems: &problems,
                sizes: std::mem::take(&mut sizes),
                names: &names,
                known: &known,
            };
            visit.sizes.clear();
            for reader in &mut *readers {
                reader.read(&mut visit)?;
            }
            if visit.is_complete() {
                self.record_identities(&visit, instance);
            }
            sizes = visit.sizes;
        }
        ControlFlow::Continue(())
    }

    /// Records the identities of an instance's objects.
    fn record_identities(&mut self, visit: &Visit<'_>, instance: &Instance) {
        for (index, object) in visit.template.objects.iter().enumerate() {
            let at = ObjectRef::new(visit.section, visit.position, index);
            self.identities.push((visit.hash(index), at));
            let identity = visit.identity(index);
            if let Some(index) = instance.cluster_index()
                && let namespace = self.plan.clusters[index].namespace.as_rc()
                && identity.namespace.as_deref() == Some(namespace)
            {
                self.used[index] = true;
            }
            if visit.section > 0 && object.is("", "Namespace") {
                self.created.insert((*identity.name).into());
            }
        }
    }

    /// Returns the first cluster of each namespace that must be created, sorted by namespace. The Namespace belongs
    /// to this cluster.
    pub fn namespaces(&self) -> Vec<usize> {
        let namespace = |index: usize| self.plan.clusters[index].namespace.as_rc();
        let is_missing = |index: &usize| {
            let name = namespace(*index);
            **name != *"default" && !name.starts_with("kube-") && !self.created.contains(name)
        };
        let used = (0..self.used.len()).filter(|index| self.used[*index]);
        let mut missing: Vec<usize> = used.filter(is_missing).collect();
        missing.dedup_by(|second, first| namespace(*first) == namespace(*second));
        missing
    }
}
