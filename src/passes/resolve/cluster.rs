//! Creates clusters from members, each with a name, a namespace and labels.

use std::collections::BTreeSet;
use std::rc::Rc;

use super::label;
use super::list::{List, ListState, ResolvedMember};
use super::steps::Step;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::files::Files;
use crate::input::clusters::Clusters;
use crate::input::fleet::Fleet;
use crate::input::list::Member;
use crate::model::cluster::{FLEET_LABEL, VariantLabel};
use crate::model::name::{NameProblem, is_reserved_namespace, suggestion};
use crate::model::{Cluster, DnsLabel};
use crate::passes::check::names::name_code;
use crate::source::{Span, Spanned};
use crate::tree::Text;

/// Name that Argo CD gives the cluster it runs in. A project that allows this destination allows that cluster,
/// so a team must not be able to give its own cluster this name.
const IN_CLUSTER: &str = "in-cluster";

/// A cluster's labels, sorted by key.
type Labels = Rc<[(Rc<str>, Rc<str>)]>;

/// An entry of `clusters`, ready to be applied to its members.
pub(super) struct ClusterList<'a> {
    entry: &'a Clusters,
    /// The name of the fleet.
    fleet: Option<Rc<str>>,
    pub(super) list: List<'a>,
    /// Empty variants that all clusters share until add-ons are resolved.
    variants: Rc<[VariantLabel]>,
}

impl<'a> ClusterList<'a> {
    /// Compiles an entry.
    pub(super) fn new(entry: &'a Clusters, fleet: &Fleet, diags: &mut Diagnostics) -> Self {
        let members = &entry.members;
        if let Some(name) = entry
            .name
            .as_ref()
            .filter(|_| members.key.value == "CLUSTER_NAME")
        {
            let message =
                "`name` must not be set with `key: CLUSTER_NAME`, which already names the cluster";
            diags.push(
                Diagnostic::new(Code::ReservedVariable, name.span, message)
                    .related(members.key.span, "name set here")
                    .help("remove `name`"),
            );
        }
        let names = vec![
            Step::name(
                "CLUSTER_NAME",
                entry.name.as_ref(),
                &members.key.value,
                members,
            ),
            Step::name(
                "NAMESPACE",
                entry.namespace.as_ref(),
                "CLUSTER_NAME",
                members,
            ),
        ];
        label::check_keys(&entry.labels, diags);
        if entry.existing {
            check_existing(entry, diags);
        }
        Self {
            entry,
            fleet: fleet.name.as_ref().map(|name| Rc::clone(&name.value)),
            list: List::new(
                "cluster",
                (members, fleet.safety.allow_empty),
                names,
                &entry.labels,
                diags,
            ),
            variants: Rc::default(),
        }
    }

    /// Creates a cluster for each member.
    pub(super) fn create_clusters(
        &mut self,
        members: Vec<Member>,
        clusters: &mut Vec<Cluster>,
        files: &mut Files,
        diags: &mut Diagnostics,
    ) {
        let mut state = ListState::default();
        let mut labels: BTreeSet<Labels> = BTreeSet::new();
        for member in members {
            let Some(resolved) = self.list.resolve_member(member, &mut state, files, diags) else {
                continue;
            };
            let Some(mut cluster) = self.create_cluster(resolved, &mut state, diags) else {
                continue;
            };
            if let Some(equal) = labels.get(&cluster.labels) {
                cluster.labels = Rc::clone(equal);
            } else {
                labels.insert(Rc::clone(&cluster.labels));
            }
            clusters.push(cluster);
            if state.is_full() {
                break;
            }
        }
        self.list.finish(state, diags);
    }

    fn create_cluster(
        &self,
        mut member: ResolvedMember,
        state: &mut ListState,
        diags: &mut Diagnostics,
    ) -> Option<Cluster> {
        let span = member.span;
        let mut errors = Vec::new();
        let labels = if member.is_existing {
            label::existing_labels(&member, diags)
        } else {
            let mut labels =
                label::cluster_labels(&self.entry.labels, &self.list, &member, &mut errors, diags);
            if let (Some(labels), Some(fleet)) = (&mut labels, &self.fleet) {
                labels.push((FLEET_LABEL.into(), Rc::clone(fleet)));
                labels.sort();
            }
            labels
        };
        if !errors.is_empty() {
            self.list
                .record_fill_errors(errors, &member.variables, span, state);
            return None;
        }
        let (name, namespace) = (member.text("CLUSTER_NAME"), member.text("NAMESPACE"));
        let name = DnsLabel::new(Rc::clone(&name)).map_err(|problem| {
            let written = self.entry.name.as_ref();
            diags.push(invalid_name("cluster", &name, &problem, span, written));
        });
        let namespace = DnsLabel::new(Rc::clone(&namespace)).map_err(|problem| {
            // If the name is invalid, the namespace that follows from it is not reported again.
            if name.is_ok() {
                let written = self.entry.namespace.as_ref();
                diags.push(invalid_name(
                    "namespace",
                    &namespace,
                    &problem,
                    span,
                    written,
                ));
            }
        });
        let (name, namespace) = (name.ok()?, namespace.ok()?);
        let is_written = |template: &Spanned<Text>| template.value.literal().is_some();
        let written = self.entry.namespace.as_ref();
        let namespace_may_be_shared = member.is_existing || written.is_some_and(is_written);
        let is_written_here =
            written.is_some_and(|written| written.value.literal() == Some(namespace.as_rc()));
        if !is_written_here && is_reserved_namespace(namespace.as_rc()) {
            let message =
                format!("the namespace `{namespace}` is reserved for Kubernetes or a controller");
            let help = if member.is_existing {
                format!("to allow the namespace, write `namespace: {namespace}` next to `list`")
            } else {
                "rename the member, or set another `namespace`".to_owned()
            };
            diags.push(Diagnostic::new(Code::ReservedName, span, message).help(help));
        }
        if **name.as_rc() == *IN_CLUSTER {
            let message =
                format!("the name `{name}` is reserved: Argo CD uses it for its own cluster");
            let help = "rename the cluster";
            diags.push(Diagnostic::new(Code::ReservedName, span, message).help(help));
        }
        member.finish_variables(state, diags);
        Some(Cluster {
            name,
            namespace,
            labels: labels?.into(),
            variables: member.variables,
            variants: Rc::clone(&self.variants),
            namespace_may_be_shared,
            cell: None,
            is_existing: member.is_existing,
            span,
        })
    }
}

/// Reports keys that must not be set for existing clusters, because their manifests set them.
fn check_existing(entry: &Clusters, diags: &mut Diagnostics) {
    let members = &entry.members;
    let label = entry.labels.first().map(|label| label.key.span);
    let fields = members.fields.as_ref().map(|fields| {
        let first = fields.first();
        first.map_or(members.list.span, |field| field.name.span)
    });
    let namespace = entry.namespace.as_ref();
    let namespace = namespace.filter(|namespace| namespace.value.literal().is_none());
    let keys = [
        ("name", entry.name.as_ref().map(|name| name.span)),
        ("labels", label),
        ("fields", fields),
        ("value", members.value.as_ref().map(|value| value.span)),
        ("at", members.at.as_ref().map(|at| at.span)),
    ];
    let help = "remove it: the manifest sets name, namespace and labels";
    let mut report = |span, message: String, help| {
        diags.push(
            Diagnostic::new(Code::ExistingCluster, span, message)
                .related(members.list.span, "the list")
                .help(help),
        );
    };
    for (key, span) in keys {
        if let Some(span) = span {
            let message = format!("`{key}` must not be set in a list with existing clusters");
            report(span, message, help);
        }
    }
    if let Some(namespace) = namespace {
        let message = "`namespace` must not contain a variable in a list with existing clusters";
        let help = "write the namespace of manifests that do not set one";
        report(namespace.span, message.to_owned(), help);
    }
}

fn invalid_name(
    noun: &str,
    name: &str,
    problem: &NameProblem,
    span: Span,
    written: Option<&Spanned<Text>>,
) -> Diagnostic {
    let code = name_code(problem);
    let message = format!("`{name}` is not a valid {noun} name: {problem}");
    let set_at = written.map(|written| written.span);
    let diagnostic = Diagnostic::new(code, span, message).related(set_at, "name set here");
    match suggestion(name) {
        Some(similar) if code == Code::InvalidName => {
            diagnostic.help(format!("use a valid name, for example `{similar}`"))
        }
        _ if code == Code::NameTooLong => diagnostic.help("use a shorter name"),
        _ => diagnostic.help("use lower-case letters and digits, with `-` between them"),
    }
}
