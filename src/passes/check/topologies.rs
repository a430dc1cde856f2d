//! The topology of a Cluster against the ClusterClass that the fleet prints.

use std::collections::BTreeSet;
use std::ops::ControlFlow;
use std::rc::Rc;

use super::autoscaling::has_bounds;
use super::schema_messages::describe_value;
use crate::diagnostic::{Code, Diagnostics, Problem, Suggestions, join_or};
use crate::fill::{Collector, Reader, Visit};
use crate::kinds::{Schema, Schemas, check};
use crate::model::CAPI;
use crate::passes::findings::Findings;
use crate::plan::{Object, Subject, Template};
use crate::source::Span;
use crate::template::fill;
use crate::tree::{Node, Text};

/// The keys of the workers of a topology.
const WORKERS: [&str; 2] = ["machineDeployments", "machinePools"];

/// Checks the topology of each Cluster, as the webhook of Cluster API does with a class that exists.
pub(crate) struct Topologies<'a> {
    classes: Vec<Class<'a>>,
    schemas: Schemas,
    /// The Clusters of the current template: the number of the object, and that of the value of its topology.
    open: Vec<(usize, usize)>,
    findings: Findings,
    suggestions: Suggestions,
}

/// A ClusterClass as its template writes it.
struct Class<'a> {
    name: &'a Text,
    namespace: Option<&'a Text>,
    /// The names of the classes of each kind of workers; `None` if they depend on variables.
    workers: [Option<BTreeSet<Rc<str>>>; 2],
    /// The variables; `None` if they depend on variables of the fleet, or if an extension defines more.
    variables: Option<Vec<ClassVariable>>,
}

/// A variable of a ClusterClass.
struct ClassVariable {
    name: Rc<str>,
    /// Whether a Cluster must set it.
    is_required: bool,
    schema: Rc<Schema>,
}

impl<'a> Topologies<'a> {
    /// Returns a checker for Clusters of these templates.
    pub(crate) fn new(templates: &[&'a Template]) -> Self {
        let mut schemas = Schemas::empty();
        let objects = templates.iter().flat_map(|template| &template.objects);
        let classes = objects.filter(|object| object.is(CAPI, "ClusterClass"));
        let classes = classes.map(|object| Class::new(object, &mut schemas));
        Self {
            classes: classes.collect(),
            schemas,
            open: Vec::new(),
            findings: Findings::default(),
            suggestions: Suggestions::default(),
        }
    }

    /// Reports all findings.
    pub(crate) fn report(self, diags: &mut Diagnostics) {
        self.findings.report(diags);
    }

    fn check(&mut self, topology: &Node, class: Option<usize>, subject: Subject<'_>) {
        let workers = topology.get("workers");
        let class_of = |at: &Node| {
            at.get("class")
                .and_then(|class| Some((class.text()?.to_owned(), class.span)))
        };
        let (mut problems, mut settings) = (Vec::new(), Vec::new());
        for (kind, key) in WORKERS.iter().enumerate() {
            let items = workers
                .and_then(|workers| workers.get(key))
                .and_then(Node::items);
            for item in items.unwrap_or_default() {
                if let Some((name, span)) = class_of(item)
                    && let Some(known) =
                        class.and_then(|class| self.classes[class].workers[kind].as_ref())
                    && !known.contains(&*name)
                {
                    let message = format!("the ClusterClass has no class `{name}` of `{key}`");
                    let names = || known.iter().map(|name| &**name);
                    let help = match self.suggestions.closest(&name, names) {
                        Some(near) => format!("did you mean `{near}`?"),
                        None if known.is_empty() => "define it in the ClusterClass".to_owned(),
                        None => format!("use {}", join_or(names())),
                    };
                    problems.push((span, Problem::new(message).help(help)));
                }
                if let Some(replicas) = item.get("replicas").filter(|replicas| !replicas.is_null())
                    && has_bounds(item.get("metadata"))
                {
                    let message =
                        "`replicas` must not be set with the bounds of the autoscaler".to_owned();
                    let help = "remove `replicas`: the autoscaler sets it";
                    problems.push((replicas.span, Problem::new(message).help(help)));
                }
                settings.extend(item.get("variables").and_then(|own| own.get("overrides")));
            }
        }
        for (span, problem) in problems {
            self.findings
                .add(Code::RefusedValue, span, subject, || problem);
        }
        let control_plane = topology
            .get("controlPlane")
            .and_then(|part| part.get("variables"));
        settings.extend(control_plane.and_then(|own| own.get("overrides")));
        if let Some(class) = class {
            let all = topology.get("variables");
            self.check_variables(class, all, topology.span, subject);
            for overrides in settings {
                self.check_values(class, overrides, subject);
            }
        }
    }

    /// Checks the variables of the whole Cluster, of which none may be missing.
    fn check_variables(
        &mut self,
        class: usize,
        set: Option<&Node>,
        span: Span,
        subject: Subject<'_>,
    ) {
        let Some(variables) = &self.classes[class].variables else {
            return;
        };
        let is_set = |name: &str| set.is_some_and(|set| set_names(set).any(|known| known == name));
        let missing = variables
            .iter()
            .filter(|one| one.is_required && !is_set(&one.name));
        let mut missing: Vec<Rc<str>> = missing.map(|variable| Rc::clone(&variable.name)).collect();
        let unknown = set
            .map(|set| self.check_values(class, set, subject))
            .unwrap_or_default();
        // A misspelled name is reported once.
        missing.retain(|name| !unknown.contains(name));
        for name in missing {
            self.findings.add(
                Code::RefusedValue,
                set.map_or(span, |set| set.span),
                subject,
                || {
                    let message = format!("the ClusterClass requires the variable `{name}`");
                    Problem::new(message)
                        .help(format!("add `name: {name}` with a `value` to `variables`"))
                },
            );
        }
    }

    /// Checks values of variables, and returns the names that misspelled ones mean.
    fn check_values(&mut self, class: usize, set: &Node, subject: Subject<'_>) -> Vec<Rc<str>> {
        let mut meant = Vec::new();
        let Some(variables) = &self.classes[class].variables else {
            return meant;
        };
        for item in set.items().unwrap_or_default() {
            let Some((name, value)) = item.get("name").zip(item.get("value")) else {
                continue;
            };
            let text = name.text().unwrap_or_default();
            let Some(known) = variables.iter().find(|variable| *variable.name == *text) else {
                let names = || variables.iter().map(|variable| &*variable.name);
                let near = self.suggestions.closest(text, names);
                meant.extend(near.map(Rc::from));
                let is_required = near.is_some_and(|near| {
                    variables
                        .iter()
                        .any(|variable| *variable.name == *near && variable.is_required)
                });
                let is_missing = is_required && !set_names(set).any(|name| Some(name) == near);
                let help = match near {
                    Some(near) => format!("did you mean `{near}`?"),
                    None if variables.is_empty() => "remove it".to_owned(),
                    None => format!("use {}", join_or(names())),
                };
                self.findings
                    .add(Code::RefusedValue, name.span, subject, || {
                        let missing = near
                            .filter(|_| is_missing)
                            .map(|near| format!(", and its required variable `{near}` is not set"));
                        let missing = missing.unwrap_or_default();
                        let message = format!("the ClusterClass has no variable `{text}`{missing}");
                        Problem::new(message).help(help)
                    });
                continue;
            };
            for violation in check(
                &self.schemas,
                value,
                &known.schema,
                &format!("variables.{text}"),
            ) {
                let (code, problem) = describe_value(&violation, &mut self.suggestions);
                self.findings.add(code, violation.span, subject, || problem);
            }
        }
        meant
    }
}

impl Reader for Topologies<'_> {
    fn prepare(&mut self, template: &Template, values: &mut Collector<'_>) {
        self.open.clear();
        for (index, object) in template.objects.iter().enumerate() {
            let topology = || object.tree.get("spec")?.get("topology");
            if object.is_cluster()
                && let Some(topology) = topology()
            {
                self.open.push((index, values.value(topology)));
            }
        }
    }

    fn read(&mut self, visit: &mut Visit<'_>) -> ControlFlow<()> {
        if !visit.is_complete() {
            return ControlFlow::Continue(());
        }
        for at in 0..self.open.len() {
            let (index, value) = self.open[at];
            let Some(topology) = visit.values.tree(value) else {
                continue;
            };
            let reference = topology.get("classRef");
            let text = |node: Option<&Node>| node.and_then(Node::text).map(ToOwned::to_owned);
            let name = text(
                reference
                    .and_then(|one| one.get("name"))
                    .or(topology.get("class")),
            );
            let identity = visit.identity(index);
            let namespace = text(reference.and_then(|one| one.get("namespace")))
                .or_else(|| text(topology.get("classNamespace")))
                .or_else(|| identity.namespace.as_deref().map(ToOwned::to_owned));
            let filled = |written: &Text| fill::text(written, visit.scope, &mut Vec::new());
            let class = self.classes.iter().position(|class| {
                Some(&*filled(class.name)) == name.as_deref()
                    && class.namespace.map(|one| filled(one).to_string()) == namespace
            });
            self.check(topology, class, visit.scope.subject);
        }
        ControlFlow::Continue(())
    }
}

impl<'a> Class<'a> {
    fn new(object: &'a Object, schemas: &mut Schemas) -> Self {
        let spec = object.tree.get("spec");
        let workers = spec.and_then(|spec| spec.get("workers"));
        let classes = |key: &str| {
            let items = literal_items(workers.and_then(|workers| workers.get(key)))?;
            let names = items
                .iter()
                .map(|item| Some(item.get("class")?.text()?.into()));
            names.collect()
        };
        let patches = spec
            .and_then(|spec| spec.get("patches"))
            .and_then(Node::items);
        let mut patches = patches.unwrap_or_default().iter();
        let has_extension = patches.any(|patch| patch.get("external").is_some());
        let variables = spec.and_then(|spec| spec.get("variables"));
        let variables = literal_items(variables).filter(|_| !has_extension);
        let variables = variables.and_then(|items| {
            items
                .iter()
                .map(|item| ClassVariable::new(item, schemas))
                .collect()
        });
        Self {
            name: &object.name.value,
            namespace: object.written_namespace(),
            workers: WORKERS.map(classes),
            variables,
        }
    }
}

impl ClassVariable {
    fn new(node: &Node, schemas: &mut Schemas) -> Option<Self> {
        if !node.is_literal() {
            return None;
        }
        let schema = node
            .get("schema")
            .and_then(|schema| schema.get("openAPIV3Schema"));
        let has_default = schema.is_some_and(|schema| schema.entry("default").is_some());
        let is_required = node.get("required").and_then(Node::text) == Some("true");
        Some(Self {
            name: node.get("name")?.text()?.into(),
            is_required: is_required && !has_default,
            schema: schemas.schema_of(schema?),
        })
    }
}

/// Returns the names of the variables that a sequence sets.
fn set_names(set: &Node) -> impl Iterator<Item = &str> {
    let items = set.items().unwrap_or_default().iter();
    items.filter_map(|item| item.get("name")?.text())
}

/// Returns the items of a sequence, or an empty slice if there is no sequence. Returns `None` if they depend on variables.
fn literal_items(node: Option<&Node>) -> Option<&[Node]> {
    let Some(node) = node else {
        return Some(&[]);
    };
    let items = node.items()?;
    let is_repeated = items.iter().any(|item| item.each_variable().is_some());
    (!is_repeated).then_some(items)
}
