//! An entry of `clusters`, applied to its members.

use std::collections::btree_map::Entry as MapEntry;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::Made;
use super::field::{Field, Observed};
use super::label;
use super::steps::{Step, steps};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::input::clusters::Clusters;
use crate::input::list::Member;
use crate::input::read::Template;
use crate::model::cluster::{BUILT_IN, NAMES, VariantLabel};
use crate::model::name::{NameProblem, suggestion};
use crate::model::{Cluster, ClusterName, NamespaceName, Variables};
use crate::passes::Problems;
use crate::source::Span;
use crate::template::fill;
use crate::tree::{Node, Value};

/// The most text that the variables of a list's members may hold, in bytes.
const VARIABLE_BYTES: usize = 256 << 20;

/// A cluster's labels.
type Labels = Rc<[(Rc<str>, Rc<str>)]>;

/// An entry of `clusters`, ready to be applied to its members.
pub(super) struct List<'a> {
    pub(super) entry: &'a Clusters,
    pub(super) fields: Option<Vec<Field>>,
    pub(super) shared: Rc<[(Rc<str>, Node)]>,
    steps: Vec<Step<'a>>,
    pub(super) key: Rc<str>,
    /// The field that a plain text sets.
    pub(super) value: Option<Rc<str>>,
    /// Shared by all until they are known.
    variants: Rc<[VariantLabel]>,
}

impl<'a> List<'a> {
    /// Compiles what the entry says.
    pub(super) fn new(entry: &'a Clusters, diags: &mut Diagnostics) -> Self {
        let fields = entry.fields.as_ref().map(|fields| {
            fields
                .iter()
                .filter_map(|field| Field::new(field, diags))
                .collect()
        });
        // `key: CLUSTER_NAME` is the one way for a list to say a built-in variable.
        if entry.key.value != "CLUSTER_NAME" {
            refuse_built_in(&entry.key.value, entry.key.span, diags);
        }
        if let Some(value) = &entry.value {
            refuse_built_in(&value.value, value.span, diags);
        }
        let mut shared = Vec::new();
        for variable in &entry.variables {
            let name = variable.key.text.as_written();
            refuse_built_in(&name, variable.key.span, diags);
            if variable.value.is_literal() && !variable.value.is_null() {
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
        label::check_keys(&entry.labels, diags);
        let steps = steps(entry, diags);
        Self {
            entry,
            fields,
            shared: shared.into(),
            steps,
            key: entry.key.value.as_str().into(),
            variants: Rc::default(),
            value: entry
                .value
                .as_ref()
                .map(|value| value.value.as_str().into()),
        }
    }

    /// Makes the members clusters.
    pub(super) fn clusters(
        &self,
        members: Vec<Member>,
        clusters: &mut Vec<Made>,
        diags: &mut Diagnostics,
    ) {
        let mut problems = Problems::default();
        let mut seen: BTreeMap<Rc<str>, Span> = BTreeMap::new();
        let mut observed = Observed::default();
        let mut labels: BTreeSet<Labels> = BTreeSet::new();
        let mut bytes = 0;
        for member in members {
            let Some(variables) = self.variables(member, diags) else {
                continue;
            };
            let Some(key) = variables.get(&self.key) else {
                continue;
            };
            let (name, span) = (shared_text(key), key.span);
            match seen.entry(name) {
                MapEntry::Vacant(entry) => {
                    entry.insert(span);
                }
                MapEntry::Occupied(first) => {
                    let message = format!("the member `{}` is there twice", first.key());
                    diags.push(
                        Diagnostic::new(Code::DuplicateMember, span, message)
                            .related(*first.get(), "first said here")
                            .help("remove one of them"),
                    );
                    continue;
                }
            }
            observed.observe(self.fields.as_deref().unwrap_or_default(), &variables);
            let Some(mut made) = self.cluster(variables, span, &mut problems, diags) else {
                continue;
            };
            let own = &mut made.cluster.variables.own;
            bytes += own
                .iter()
                .map(|(_, value)| value.text().map_or(0, str::len))
                .sum::<usize>();
            own.retain(|(name, _)| !NAMES.contains(&&**name));
            own.shrink_to_fit();
            if let Some(known) = labels.get(&made.cluster.labels) {
                made.cluster.labels = Rc::clone(known);
            } else {
                labels.insert(Rc::clone(&made.cluster.labels));
            }
            if bytes > VARIABLE_BYTES {
                let message = format!(
                    "the variables of the members so far hold more than {VARIABLE_BYTES} bytes"
                );
                diags.push(Diagnostic::new(Code::TooManyMembers, span, message));
                break;
            }
            clusters.push(made);
        }
        observed.report(self.fields.as_deref().unwrap_or_default(), diags);
        problems.report(diags);
    }

    fn cluster(
        &self,
        mut variables: Variables,
        span: Span,
        problems: &mut Problems,
        diags: &mut Diagnostics,
    ) -> Option<Made> {
        let shown = variables
            .get(&self.key)
            .map(shared_text)
            .unwrap_or_default();
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
            if !value.is_null() && *step.name != *self.key {
                variables.own.push((Rc::clone(&step.name), value));
            }
        }
        let labels = self.labels(&variables, span, &mut found, diags);
        if !found.is_empty() {
            // What `steps` refuses already is not missing, too.
            found.retain(|problem| problem.kind != fill::Trouble::Missing("LABELS".to_owned()));
            problems.add(found, &shown, Some(span), &variables);
            return None;
        }
        let text = |name: &str| variables.get(name).map(shared_text).unwrap_or_default();
        let (name, namespace) = (text("CLUSTER_NAME"), text("NAMESPACE"));
        let name = ClusterName::new(Rc::clone(&name)).map_err(|problem| {
            let written = self.entry.name.as_ref();
            diags.push(wrong_name("cluster", &name, &problem, span, written));
        });
        let namespace = NamespaceName::new(Rc::clone(&namespace)).map_err(|problem| {
            // A name that is wrong already is not reported again as the namespace.
            if name.is_ok() {
                let written = self.entry.namespace.as_ref();
                diags.push(wrong_name("namespace", &namespace, &problem, span, written));
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
        let cluster = Cluster {
            name,
            namespace,
            labels: labels?.into(),
            variables,
            variants: Rc::clone(&self.variants),
            shares_namespace: shares,
            cell: None,
            span,
        };
        Some(Made { cluster, shares })
    }
}

/// The text of a value; empty if it is none.
fn shared_text(value: &Node) -> Rc<str> {
    match &value.value {
        Value::Scalar(scalar) => scalar.text.as_written(),
        Value::Sequence(_) | Value::Mapping(_) => Rc::default(),
    }
}

fn wrong_name(
    what: &str,
    name: &str,
    problem: &NameProblem,
    span: Span,
    written: Option<&Template>,
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
        Some(written) => diagnostic.related(written.span, "the name is made here"),
        None => diagnostic,
    };
    match suggestion(name) {
        Some(near) if code == Code::InvalidName => {
            diagnostic.help(format!("a name that would do: `{near}`"))
        }
        _ => diagnostic,
    }
}

/// Reports a built-in variable's name.
pub(super) fn refuse_built_in(name: &str, span: Span, diags: &mut Diagnostics) {
    if BUILT_IN.contains(&name) {
        let message = format!("`{name}` is a built-in variable: nobody sets it");
        diags.push(
            Diagnostic::new(Code::ReservedVariable, span, message).help("choose another name"),
        );
    }
}

/// Namespaces of Kubernetes and of the controllers that a fleet runs on.
fn is_reserved(namespace: &str) -> bool {
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
