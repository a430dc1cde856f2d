//! Members and what `fleet.yaml` says of them become clusters.

mod field;
mod network;
mod steps;

use std::collections::BTreeMap;
use std::rc::Rc;

use super::Problems;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, did_you_mean};
use crate::input::fleet::{Clusters, Fleet};
use crate::input::list::{Fields, Member, field_entry};
use crate::input::read::is_null;
use crate::model::cluster::{BUILT_IN, CLUSTER_LABEL, Cluster, Variables};
use crate::model::name::{
    ClusterName, NameProblem, NamespaceName, label_value_problem, suggestion,
};
use crate::source::Span;
use crate::template::fill::{self, Trouble};
use crate::tree::{Entry, Node, Text};
use field::Field;
pub(super) use steps::roots;
use steps::{Step, steps};

/// The most members of a fleet.
const MEMBERS: usize = 100_000;

/// Settles every member: fields, variables, name, namespace, labels. Sorted by namespace and name.
pub fn resolve(fleet: &Fleet, members: Vec<Vec<Member>>, diags: &mut Diagnostics) -> Vec<Cluster> {
    let total: usize = members.iter().map(Vec::len).sum();
    if total > MEMBERS {
        let message = format!("the fleet has {total} members, more than the {MEMBERS} it may have");
        diags.push(
            Diagnostic::new(Code::TooManyMembers, fleet.span, message)
                .help("split the fleet into two"),
        );
        return Vec::new();
    }
    let mut clusters = Vec::with_capacity(total);
    for (entry, members) in fleet.clusters.iter().zip(members) {
        List::new(entry, diags).clusters(members, &mut clusters, diags);
    }
    refuse_duplicates(&mut clusters, diags);
    let minimum = fleet.safety.min_clusters.as_ref();
    if let Some(minimum) =
        minimum.filter(|minimum| clusters.len() < minimum.value && diags.errors() == 0)
    {
        let message = format!(
            "the fleet has {} clusters, fewer than `minClusters`",
            clusters.len()
        );
        diags.push(
            Diagnostic::new(Code::TooFewClusters, minimum.span, message)
                .help("restore the lists, or lower the number"),
        );
    }
    clusters
        .into_iter()
        .map(|settled| settled.cluster)
        .collect()
}

/// A cluster, and whether its namespace is one that it may share.
struct Settled {
    cluster: Cluster,
    shares: bool,
}

/// An entry of `clusters`, ready to be applied to its members.
struct List<'a> {
    entry: &'a Clusters,
    fields: Option<Vec<Field>>,
    shared: Rc<[(Rc<str>, Node)]>,
    steps: Vec<Step<'a>>,
    key: Rc<str>,
}

impl<'a> List<'a> {
    fn new(entry: &'a Clusters, diags: &mut Diagnostics) -> Self {
        let fields = entry.fields.as_ref().map(|fields| {
            fields
                .iter()
                .filter_map(|field| Field::new(field, diags))
                .collect()
        });
        let mut shared = Vec::new();
        for variable in &entry.variables {
            let name = variable.key.text.as_written();
            refuse_built_in(&name, variable.key.span, diags);
            if variable.value.is_literal() && !is_null(&variable.value) {
                shared.push((name, variable.value.clone()));
            }
        }
        for field in fields.iter().flatten() {
            let field: &Field = field;
            if field.name != entry.key.value {
                refuse_built_in(&field.name, field.span, diags);
            }
        }
        shared.sort_by(|a: &(Rc<str>, Node), b| a.0.cmp(&b.0));
        check_label_keys(&entry.labels, diags);
        let steps = steps(entry, diags);
        Self {
            entry,
            fields,
            shared: shared.into(),
            steps,
            key: entry.key.value.as_str().into(),
        }
    }

    fn clusters(&self, members: Vec<Member>, clusters: &mut Vec<Settled>, diags: &mut Diagnostics) {
        let mut problems = Problems::default();
        let mut seen: BTreeMap<Rc<str>, Span> = BTreeMap::new();
        let mut observed = field::Observed::default();
        for member in members {
            let Some(variables) = self.variables(member, diags) else {
                continue;
            };
            let Some(key) = variables.get(&self.key) else {
                continue;
            };
            let (name, span) = (key.text().unwrap_or_default().into(), key.span);
            if let Some(first) = seen.get(&name) {
                let message = format!("the member `{name}` is there twice");
                diags.push(
                    Diagnostic::new(Code::DuplicateMember, span, message)
                        .related(*first, "first said here"),
                );
                continue;
            }
            seen.insert(name, span);
            observed.observe(self.fields.as_deref().unwrap_or_default(), &variables);
            clusters.extend(self.cluster(variables, span, &mut problems, diags));
        }
        observed.report(self.fields.as_deref().unwrap_or_default(), diags);
        problems.report(diags);
    }

    /// A member's own variables: its fields, checked, with defaults.
    fn variables(&self, member: Member, diags: &mut Diagnostics) -> Option<Variables> {
        let before = diags.errors();
        let mut said = match member.fields {
            Fields::Mapping(entries) => entries,
            Fields::Text(text) => vec![self.plain(member.span, text, diags)?],
        };
        let is_key = |entry: &Entry| entry.key.text.literal() == Some(&self.key);
        if !said.iter().any(is_key) {
            let Some(name) = &member.name else {
                let message = format!("this member does not say its key `{}`", self.key);
                let diagnostic = Diagnostic::new(Code::MissingField, member.span, message);
                diags.push(diagnostic.related(self.entry.key.span, "the field that names it"));
                return None;
            };
            let name = Node::string(member.span, name);
            said.push(field_entry(&self.key, member.span, name));
        }
        let mut own = Vec::with_capacity(said.len() + 2);
        for entry in said {
            let Text::Literal(name) = entry.key.text else {
                continue;
            };
            self.check_name(&name, entry.key.span, diags);
            if is_null(&entry.value) {
                continue;
            }
            let field = self
                .fields
                .iter()
                .flatten()
                .find(|field| field.name == *name);
            let value = match field {
                Some(field) => field.check(entry.value, member.textual, diags),
                None => entry.value,
            };
            own.push((name, value));
        }
        for field in self.fields.iter().flatten() {
            if own.iter().any(|(name, _)| **name == *field.name) {
                continue;
            }
            match &field.default {
                Some(default) => own.push((field.name.as_str().into(), default.clone())),
                None if field.required => {
                    let message = format!("this member lacks the field `{}`", field.name);
                    let diagnostic = Diagnostic::new(Code::MissingField, member.span, message);
                    diags.push(diagnostic.related(field.span, "required here: it has no default"));
                }
                None => {}
            }
        }
        (diags.errors() == before).then(|| Variables {
            own,
            shared: Rc::clone(&self.shared),
        })
    }

    /// The field that a plain text sets.
    fn plain(&self, span: Span, text: Node, diags: &mut Diagnostics) -> Option<Entry> {
        let Some(field) = &self.entry.value else {
            let message = "this member is a plain text, and no field takes it";
            diags.push(
                Diagnostic::new(Code::WrongType, text.span, message)
                    .related(self.entry.list.span, "this list")
                    .help("name the field beside `list`: `value: type`"),
            );
            return None;
        };
        Some(field_entry(&field.value, span, text))
    }

    /// Refuses a field that a member may not say.
    fn check_name(&self, name: &str, span: Span, diags: &mut Diagnostics) {
        let is_key = *name == *self.key;
        if let Some(fixed) = self
            .entry
            .variables
            .iter()
            .find(|fixed| fixed.key.text.literal() == Some(name))
        {
            let message = format!("a member cannot say `{name}`: fleet.yaml fixes it");
            let diagnostic = Diagnostic::new(Code::FixedVariable, span, message)
                .related(fixed.key.span, "fixed here");
            diags.push(
                diagnostic.help("remove the field, or make it one of `fields` with a default"),
            );
            return;
        }
        if !is_key {
            refuse_built_in(name, span, diags);
        }
        let Some(fields) = &self.fields else { return };
        let is_value = self
            .entry
            .value
            .as_ref()
            .is_some_and(|value| value.value == name);
        if !is_key && !is_value && !fields.iter().any(|field| field.name == name) {
            let message = format!("a member has no field `{name}`");
            let help = did_you_mean(name, fields.iter().map(|field| field.name.as_str()));
            diags.push(Diagnostic::new(Code::UnknownField, span, message).help(help));
        }
    }

    fn cluster(
        &self,
        mut variables: Variables,
        span: Span,
        problems: &mut Problems,
        diags: &mut Diagnostics,
    ) -> Option<Settled> {
        let shown = variables
            .get(&self.key)
            .and_then(Node::text)
            .unwrap_or_default()
            .to_owned();
        let mut found = Vec::new();
        for step in &self.steps {
            let value = match &step.value {
                Some(value) => fill::node(value, &variables, &mut found),
                // The name's default is the key's value, and the namespace's is the name.
                None => variables.get(step.default_from(&self.key))?.clone(),
            };
            let value = if step.is_name() {
                Node { span, ..value }
            } else {
                value
            };
            if !is_null(&value) && *step.name != *self.key {
                variables.own.push((Rc::clone(&step.name), value));
            }
        }
        let labels = self.labels(&variables, span, &mut found, diags);
        if !found.is_empty() {
            problems.add(found, &shown, span);
            return None;
        }
        let text = |name: &str| {
            variables
                .get(name)
                .and_then(Node::text)
                .unwrap_or_default()
                .into()
        };
        let wrong = |what: &str, name: &str, problem: &NameProblem, written: Option<Span>| {
            wrong_name(what, name, problem, span, written)
        };
        let (name, namespace): (Rc<str>, Rc<str>) = (text("CLUSTER_NAME"), text("NAMESPACE"));
        let written = |template: &Option<crate::input::read::Template>| {
            template.as_ref().map(|template| template.span)
        };
        let name = ClusterName::new(Rc::clone(&name)).map_err(|problem| {
            diags.push(wrong("cluster", &name, &problem, written(&self.entry.name)));
        });
        let namespace = NamespaceName::new(Rc::clone(&namespace)).map_err(|problem| {
            if name.is_ok() {
                diags.push(wrong(
                    "namespace",
                    &namespace,
                    &problem,
                    written(&self.entry.namespace),
                ));
            }
        });
        let (name, namespace) = (name.ok()?, namespace.ok()?);
        let shares = self
            .entry
            .namespace
            .as_ref()
            .is_some_and(|template| template.text.literal().is_some());
        if !shares && is_reserved(namespace.as_rc()) {
            let message =
                format!("the namespace `{namespace}` is reserved: a member cannot have it");
            diags.push(
                Diagnostic::new(Code::ReservedName, span, message)
                    .help("give the member another name"),
            );
        }
        variables.own.shrink_to_fit();
        let cluster = Cluster {
            name,
            namespace,
            labels: labels?,
            variables,
            span,
        };
        Some(Settled { cluster, shares })
    }

    fn labels(
        &self,
        variables: &Variables,
        span: Span,
        found: &mut Vec<fill::Problem>,
        diags: &mut Diagnostics,
    ) -> Option<Vec<(Rc<str>, Rc<str>)>> {
        let mut labels: Vec<(Rc<str>, Rc<str>)> = Vec::with_capacity(self.entry.labels.len());
        let before = diags.errors();
        for label in &self.entry.labels {
            let (Some(scalar), Text::Literal(key)) = (label.value.as_scalar(), &label.key.text)
            else {
                continue;
            };
            if is_null(&label.value) {
                continue;
            }
            let mut problems = Vec::new();
            let value = fill::text(&scalar.text, variables, &mut problems);
            // A label whose variable may be unset is left out.
            if !problems.is_empty() && problems.iter().all(|problem| self.is_optional(problem)) {
                continue;
            }
            found.append(&mut problems);
            if let Some(problem) = label_value_problem(&value) {
                let message = format!("the label `{key}` cannot be `{value}`: {problem}");
                diags.push(
                    Diagnostic::new(Code::InvalidLabel, span, message)
                        .related(label.value.span, "set here"),
                );
            }
            labels.push((Rc::clone(key), value));
        }
        labels.sort();
        (diags.errors() == before).then_some(labels)
    }

    fn is_optional(&self, problem: &fill::Problem) -> bool {
        let Trouble::Missing(path) = &problem.kind else {
            return false;
        };
        let root = path.split('.').next().unwrap_or_default();
        self.fields.iter().flatten().any(|field| field.name == root)
    }
}

fn wrong_name(
    what: &str,
    name: &str,
    problem: &NameProblem,
    span: Span,
    written: Option<Span>,
) -> Diagnostic {
    let code = if matches!(problem, NameProblem::TooLong { .. }) {
        Code::NameTooLong
    } else {
        Code::InvalidName
    };
    let diagnostic = Diagnostic::new(
        code,
        span,
        format!("`{name}` is no name for a {what}: {problem}"),
    );
    let diagnostic = match written {
        Some(written) => diagnostic.related(written, "the name is made here"),
        None => diagnostic,
    };
    match suggestion(name) {
        Some(near) if code == Code::InvalidName => {
            diagnostic.help(format!("a name that would do: `{near}`"))
        }
        _ => diagnostic,
    }
}

fn refuse_built_in(name: &str, span: Span, diags: &mut Diagnostics) {
    if BUILT_IN.contains(&name) {
        let message = format!("`{name}` is a built-in variable: nobody sets it");
        diags.push(
            Diagnostic::new(Code::ReservedVariable, span, message).help("choose another name"),
        );
    }
}

/// Namespaces of Kubernetes and of the controllers that a fleet runs on.
pub(super) fn is_reserved(namespace: &str) -> bool {
    const CONTROLLERS: [&str; 14] = [
        "argocd",
        "projectsveltos",
        "flux-system",
        "capi-system",
        "capi-kubeadm-bootstrap-system",
        "capi-kubeadm-control-plane-system",
        "capa-system",
        "capz-system",
        "capg-system",
        "capd-system",
        "caaph-system",
        "cert-manager",
        "crossplane-system",
        "external-secrets",
    ];
    namespace == "default" || namespace.starts_with("kube-") || CONTROLLERS.contains(&namespace)
}

fn check_label_keys(labels: &[Entry], diags: &mut Diagnostics) {
    for label in labels {
        let key = label.key.text.as_written();
        let prefix = key.split_once('/').map_or("", |(prefix, _)| prefix);
        if let Some(problem) = crate::model::name::label_key_problem(&key) {
            let message = format!("`{key}` is no label key: {problem}");
            diags.push(Diagnostic::new(Code::InvalidLabel, label.key.span, message));
        } else if prefix == "kubectl-fleet.io" || prefix.ends_with(".kubectl-fleet.io") {
            let message = format!(
                "the label `{key}` is reserved: kubectl-fleet sets labels such as `{CLUSTER_LABEL}` itself"
            );
            diags.push(
                Diagnostic::new(Code::ReservedLabel, label.key.span, message)
                    .help("use a key of your own"),
            );
        }
        let is_text = label.value.as_scalar().is_some()
            && matches!(crate::input::read::kind(&label.value), "a text" | "nothing");
        if !is_text {
            let message = format!(
                "a label's value must be a text, not {}",
                crate::input::read::kind(&label.value)
            );
            let diagnostic = Diagnostic::new(Code::WrongType, label.value.span, message);
            diags.push(match label.value.text() {
                Some(text) => diagnostic.help(format!("quote it: \"{text}\"")),
                None => diagnostic,
            });
        }
    }
}

/// Sorts by namespace and name, and refuses names that two clusters have.
fn refuse_duplicates(clusters: &mut [Settled], diags: &mut Diagnostics) {
    let mut names: Vec<&Settled> = clusters.iter().collect();
    names.sort_by(|a, b| {
        a.cluster
            .name
            .cmp(&b.cluster.name)
            .then(a.cluster.span.cmp(&b.cluster.span))
    });
    for pair in names.windows(2) {
        let [first, second] = pair else { continue };
        if first.cluster.name == second.cluster.name {
            let message = format!("two members make a cluster named `{}`", first.cluster.name);
            let diagnostic = Diagnostic::new(Code::DuplicateCluster, second.cluster.span, message);
            diags.push(
                diagnostic
                    .related(first.cluster.span, "the other member")
                    .help("use a field in `name` that tells them apart"),
            );
        }
    }
    clusters.sort_by(|a, b| {
        let key = |settled: &Settled| {
            (
                settled.cluster.namespace.clone(),
                settled.cluster.name.clone(),
            )
        };
        key(a).cmp(&key(b))
    });
    for pair in clusters.windows(2) {
        let [first, second] = pair else { continue };
        if first.cluster.namespace == second.cluster.namespace && !(first.shares && second.shares) {
            if first.cluster.name == second.cluster.name {
                continue;
            }
            let message = format!(
                "two clusters get the namespace `{}`",
                first.cluster.namespace
            );
            let diagnostic = Diagnostic::new(Code::SharedNamespace, second.cluster.span, message);
            let help = "use a field in `namespace` that tells them apart, or write it without a variable to share it";
            diags.push(
                diagnostic
                    .related(first.cluster.span, "the other member")
                    .help(help),
            );
        }
    }
}
