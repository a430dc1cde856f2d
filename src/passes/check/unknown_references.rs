//! References to objects that no template creates.
//!
//! Most references are resolved without values: the template of the reference, or another template for the
//! same subjects, contains an object with the same expressions as its name. Only for the others, the name
//! is substituted and looked up for each subject.

use std::collections::BTreeMap;
use std::ops::Range;
use std::rc::Rc;

use super::references::{Reference, is_of_subject, references};
use crate::diagnostic::{Code, Problem, Suggestions, join_or};
use crate::model::CAPI;
use crate::passes::findings::Findings;
use crate::plan::identity::{Name, identity_hash, kind_hash};
use crate::plan::rotated::rotated_index;
use crate::plan::{Instance, Object, ObjectRef, Plan, SubjectId, SubjectScope, Template};
use crate::template::fill;
use crate::tree::Text;

/// Maximum number of objects of a kind that a message can suggest.
const CANDIDATES: usize = 100;

/// The references whose targets must be looked up with the values of each subject.
pub(super) struct References<'a> {
    plan: &'a Plan,
    templates: Vec<&'a Template>,
    /// The objects of each group and kind.
    objects: BTreeMap<(&'a str, &'a str), ByName<'a>>,
    /// The references, each with the number of its template.
    open: Vec<(usize, Reference)>,
    /// The range of each template in `open`.
    of: Vec<Range<usize>>,
    /// The hash of the target's identity, the number of the reference in `open`, and that of the instance.
    asked: Vec<(u64, usize, usize)>,
}

/// Objects by their names as written, each with its template.
type ByName<'a> = BTreeMap<Rc<str>, Vec<(usize, &'a Object)>>;

/// A reference as written: its group and kind, its name and its namespace.
type Written = ([Rc<str>; 2], Rc<str>, Option<Rc<str>>);

impl<'a> References<'a> {
    /// Finds the references that need values. Objects of a kind that no template creates are assumed to
    /// exist.
    pub(super) fn new(plan: &'a Plan, templates: &[&'a Template]) -> Self {
        let mut all = Self {
            plan,
            templates: templates.to_vec(),
            objects: BTreeMap::new(),
            open: Vec::new(),
            of: Vec::new(),
            asked: Vec::new(),
        };
        for (index, template) in templates.iter().enumerate() {
            for object in &template.objects {
                let kind = (&*object.group, &*object.kind);
                let of_kind = all.objects.entry(kind).or_default();
                let alike = of_kind.entry(object.name.value.source_text()).or_default();
                alike.push((index, object));
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
        let kind = (&*reference.group, &*reference.kind);
        self.objects.contains_key(&kind)
    }

    /// Returns `true` if the target exists for each instance, regardless of values. `created` contains the
    /// subjects of other templates that create the targets of earlier references.
    fn resolves_without_values(
        &self,
        template: usize,
        reference: &Reference,
        created: &mut BTreeMap<Written, Vec<SubjectId>>,
    ) -> bool {
        let kind = (&*reference.group, &*reference.kind);
        let of_kind = self.objects.get(&kind);
        let name = reference.name.source_text();
        let alike = of_kind.and_then(|of_kind| of_kind.get(&name));
        let namespace = reference.namespace.as_ref();
        let is_it =
            |(_, object): &&(usize, &Object)| object.is_written(kind, namespace, &reference.name);
        let creators = alike.into_iter().flatten().filter(is_it).map(|(at, _)| *at);
        if creators.clone().any(|at| at == template) {
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
        let namespace = namespace.map(Text::source_text);
        let written = [&*reference.group, &*reference.kind].map(Rc::from);
        let created = created
            .entry((written, name, namespace))
            .or_insert_with(|| {
                let others = creators.map(|at| self.templates[at]);
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
        let unknown = self
            .asked
            .iter()
            .filter(|(hash, ..)| known.binary_search(hash).is_err());
        let suggestions = &mut Suggestions::default();
        for (_, open, instance) in unknown {
            let (template, reference) = &self.open[*open];
            self.refuse(
                reference,
                self.templates[*template],
                *instance,
                findings,
                suggestions,
            );
        }
    }

    fn refuse(
        &self,
        reference: &Reference,
        template: &Template,
        instance: usize,
        findings: &mut Findings,
        suggestions: &mut Suggestions,
    ) {
        let instance = &template.instances[instance];
        let scope = self.plan.scope(template, instance);
        let (namespace, name) = meant(reference, &scope);
        let others = self.others(reference, instance.subject, namespace.as_deref());
        if let Some((rotated, _)) = others.iter().find(|(_, written)| *written == *name) {
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
        let others: Vec<&str> = others.iter().map(|(name, _)| name.as_str()).collect();
        // ClusterClasses are often created outside the fleets that use them.
        let is_class = reference.group == CAPI && reference.kind == "ClusterClass";
        if is_class && others.is_empty() {
            return;
        }
        let kind = &reference.kind;
        findings.add(
            Code::UnknownReference,
            reference.span,
            scope.subject,
            || {
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

    /// Returns the names of the objects of a kind that are created for a subject, or for the whole fleet, in
    /// a namespace, each with its name without `rotate`.
    fn others(
        &self,
        reference: &Reference,
        subject: SubjectId,
        namespace: Option<&str>,
    ) -> Vec<(String, String)> {
        let mut names = Vec::new();
        for template in &self.templates {
            let objects = template.objects.iter();
            let of_kind = objects.filter(|object| object.is(&reference.group, &reference.kind));
            for object in of_kind {
                let instances = &template.instances;
                let start = instances.partition_point(|one| one.subject < subject);
                let same = instances[start..].iter();
                let same = same.take_while(|one| one.subject == subject);
                let of_all = instances.iter();
                let of_all = of_all.take_while(|one| one.subject.cluster_index().is_none());
                for instance in of_all.chain(same).take(CANDIDATES) {
                    let scope = self.plan.scope(template, instance);
                    let text = |text| fill::text(text, &scope, &mut Vec::new());
                    let place = object.written_namespace().map(text);
                    if place.as_deref() == namespace {
                        let rotated =
                            rotated_index(&object.name.value).map(|at| &self.plan.rotated[at]);
                        let name = text(&object.name.value);
                        let written =
                            rotated.map_or_else(|| Rc::clone(&name), |one| scope.written_name(one));
                        names.push((name.to_string(), written.to_string()));
                    }
                }
            }
        }
        names.sort_unstable();
        names.dedup();
        names.truncate(CANDIDATES);
        names
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
