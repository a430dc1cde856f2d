//! References to objects that no template creates.
//!
//! Most references are resolved without values: the template of the reference, or another template for the
//! same subjects, contains an object with the same expressions as its name. Only for the others, the name
//! is substituted and looked up for each subject.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::rc::Rc;

use super::existing_names::ExistingNames;
use super::references::{Reference, is_of_subject, references};
use crate::diagnostic::{Code, Problem, Suggestions, join_or};
use crate::model::CAPI;
use crate::passes::findings::Findings;
use crate::plan::identity::{Name, identity_hash, kind_hash};
use crate::plan::{Instance, ObjectRef, Plan, SubjectId, SubjectScope, Template, WrittenIdentity};
use crate::template::fill;

/// The references whose targets must be looked up with the values of each subject.
pub(super) struct References<'a> {
    plan: &'a Plan,
    templates: Vec<&'a Template>,
    /// The groups and kinds of the objects.
    kinds: BTreeSet<(&'a str, &'a str)>,
    /// The numbers of the templates that create the objects, ascending.
    creators: BTreeMap<WrittenIdentity, Vec<usize>>,
    /// The references, each with the number of its template.
    open: Vec<(usize, Reference)>,
    /// The range of each template in `open`.
    of: Vec<Range<usize>>,
    /// The hash of the target's identity, the number of the reference in `open`, and that of the instance.
    asked: Vec<(u64, usize, usize)>,
}

impl<'a> References<'a> {
    /// Finds the references that need values. Objects of a kind that no template creates are assumed to
    /// exist.
    pub(super) fn new(plan: &'a Plan, templates: &[&'a Template]) -> Self {
        let mut all = Self {
            plan,
            templates: templates.to_vec(),
            kinds: BTreeSet::new(),
            creators: BTreeMap::new(),
            open: Vec::new(),
            of: Vec::new(),
            asked: Vec::new(),
        };
        for (index, template) in templates.iter().enumerate() {
            for object in &template.objects {
                all.kinds.insert((&*object.group, &*object.kind));
                let creators = all.creators.entry(object.written()).or_default();
                creators.push(index);
            }
        }
        let mut created = BTreeMap::new();
        for (index, template) in templates.iter().enumerate() {
            let start = all.open.len();
            for object in &template.objects {
                let references = references(object).into_iter().map(|reference| Reference {
                    namespace: reference
                        .namespace
                        .or_else(|| object.written_namespace().cloned()),
                    ..reference
                });
                let open = references
                    .filter(|reference| {
                        all.is_created_kind(reference)
                            && !all.resolves_without_values(index, reference, &mut created)
                    })
                    .map(|reference| (index, reference));
                let open: Vec<(usize, Reference)> = open.collect();
                all.open.extend(open);
            }
            all.of.push(start..all.open.len());
        }
        all
    }

    fn is_created_kind(&self, reference: &Reference) -> bool {
        self.kinds.contains(&(&*reference.group, &*reference.kind))
    }

    /// Returns `true` if the target exists for each instance, regardless of values. `created` contains the
    /// subjects of other templates that create the targets of earlier references.
    fn resolves_without_values(
        &self,
        template: usize,
        reference: &Reference,
        created: &mut BTreeMap<WrittenIdentity, Vec<SubjectId>>,
    ) -> bool {
        let kind = (&*reference.group, &*reference.kind);
        let namespace = reference.namespace.as_ref();
        let identity = WrittenIdentity::new(kind, namespace, &reference.name);
        let creators = self.creators.get(&identity);
        if creators.is_some_and(|creators| creators.binary_search(&template).is_ok()) {
            return true;
        }
        let own = self.templates[template];
        let is_same = |template: &Template| {
            let mut texts = std::iter::once(&reference.name).chain(&reference.namespace);
            texts.all(|text| is_of_subject(text, template))
        };
        if !is_same(own) {
            return false;
        }
        let subject = |instance: &Instance| instance.subject;
        let created = created.entry(identity).or_insert_with(|| {
            let others = creators.into_iter().flatten();
            let others = others.map(|at| self.templates[*at]);
            let others = others.filter(|other| is_same(other));
            let mut created: Vec<SubjectId> = others
                .flat_map(|other| other.instances.iter().map(subject))
                .collect();
            created.sort_unstable();
            created
        });
        let is_created = |subject| created.binary_search(&subject).is_ok();
        !created.is_empty() && own.instances.iter().map(subject).all(is_created)
    }

    /// Records the targets of the references of an instance.
    pub(super) fn ask(&mut self, template: usize, instance: usize, scope: &SubjectScope<'_>) {
        for index in self.of[template].clone() {
            let (_, reference) = &self.open[index];
            let (namespace, name) = meant(reference, scope);
            let kind = kind_hash(&reference.group, &reference.kind);
            let namespace = namespace.as_deref().map(Name::new);
            let hash = identity_hash(kind, namespace, Name::new(&name));
            self.asked.push((hash, index, instance));
        }
    }

    /// Warns of references whose targets are not among the created objects.
    pub(super) fn report(&self, made: &[(u64, ObjectRef)], findings: &mut Findings) {
        if self.asked.is_empty() {
            return;
        }
        let mut known: Vec<u64> = made.iter().map(|(hash, _)| *hash).collect();
        known.sort_unstable();
        let unknown = self.asked.iter();
        let unknown = unknown.filter(|(hash, ..)| known.binary_search(hash).is_err());
        let unknown = unknown.map(|(_, open, instance)| (*open, *instance));
        let mut unknown: Vec<(usize, usize)> = unknown.collect();
        unknown.sort_by_key(|(open, instance)| {
            let (template, reference) = &self.open[*open];
            let subject = self.templates[*template].instances[*instance].subject;
            (&reference.group, &reference.kind, subject)
        });
        let suggestions = &mut Suggestions::default();
        let mut kinds = BTreeMap::new();
        for (open, instance) in unknown {
            let (_, reference) = &self.open[open];
            let kind = (&*reference.group, &*reference.kind);
            let objects = kinds
                .entry(kind)
                .or_insert_with(|| ExistingNames::new(self.plan, &self.templates, kind, made));
            self.refuse(open, instance, (objects, &mut *suggestions), findings);
        }
    }

    fn refuse(
        &self,
        open: usize,
        instance: usize,
        (existing, suggestions): (&mut ExistingNames<'_>, &mut Suggestions),
        findings: &mut Findings,
    ) {
        let (template, reference) = &self.open[open];
        let template = self.templates[*template];
        let instance = &template.instances[instance];
        let scope = self.plan.scope(template, instance);
        let (namespace, name) = meant(reference, &scope);
        existing.select(instance.subject);
        if let Some(rotated) = existing.renamed(namespace.as_deref(), &name) {
            findings.add(Code::RotatedReference, reference.span, scope.subject, || {
                let message = format!(
                    "`rotate` renames the {} `{name}` to `{rotated}`, but this reference still uses the old name",
                    reference.kind
                );
                let help = "write the name with the same expressions as in the template of the object, in a template for the same clusters and without its own variables";
                Problem::new(message).help(help)
            });
            return;
        }
        // ClusterClasses are often created outside the fleets that use them.
        let is_class = reference.group == CAPI && reference.kind == "ClusterClass";
        if is_class && existing.names(namespace.as_deref()).is_empty() {
            return;
        }
        let kind = &reference.kind;
        findings.add(
            Code::UnknownReference,
            reference.span,
            scope.subject,
            || {
                let others = existing.names(namespace.as_deref());
                let place = namespace.map_or(String::new(), |namespace| {
                    format!(" in the namespace `{namespace}`")
                });
                let similar = suggestions.closest(&name, || others.iter().copied());
                let help = match similar {
                    Some(near) => format!("did you mean `{near}`?"),
                    None if others.is_empty() => {
                        "correct the name, or add a template that creates the object for the same clusters".to_owned()
                    }
                    None => format!("use {}", join_or(others.iter().copied())),
                };
                Problem::new(format!("no template creates the {kind} `{name}`{place}")).help(help)
            },
        );
    }
}

/// Returns the namespace and the name of the target. Errors of substitution are reported for the object.
fn meant(reference: &Reference, scope: &SubjectScope<'_>) -> (Option<Rc<str>>, Rc<str>) {
    let text = |text| fill::text(text, scope, &mut Vec::new());
    (
        reference.namespace.as_ref().map(text),
        text(&reference.name),
    )
}
