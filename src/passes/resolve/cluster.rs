//! Members become clusters: with a name, a namespace and labels.

use std::collections::BTreeSet;
use std::rc::Rc;

use super::label;
use super::list::{List, Run, SettledMember};
use super::steps::Step;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::files::Files;
use crate::input::clusters::Clusters;
use crate::input::list::Member;
use crate::model::cluster::VariantLabel;
use crate::model::name::{NameProblem, suggestion};
use crate::model::{Cluster, DnsLabel};
use crate::passes::check::names::name_code;
use crate::source::{Span, Spanned};
use crate::tree::Text;

/// What Argo CD calls the cluster that it runs in. A project whose destination has this name reaches that one, so
/// that a team which called its cluster so would be let into it.
const IN_CLUSTER: &str = "in-cluster";

/// A cluster's labels, sorted by key.
type Labels = Rc<[(Rc<str>, Rc<str>)]>;

/// An entry of `clusters`, ready to be applied to its members.
pub(super) struct ClusterList<'a> {
    entry: &'a Clusters,
    pub(super) list: List<'a>,
    /// Shared by all until they are known.
    variants: Rc<[VariantLabel]>,
}

impl<'a> ClusterList<'a> {
    /// Compiles what the entry says.
    pub(super) fn new(entry: &'a Clusters, diags: &mut Diagnostics) -> Self {
        let members = &entry.members;
        if let Some(name) = entry
            .name
            .as_ref()
            .filter(|_| members.key.value == "CLUSTER_NAME")
        {
            let message = "`key: CLUSTER_NAME` names the cluster already";
            diags.push(
                Diagnostic::new(Code::ReservedVariable, name.span, message)
                    .related(members.key.span, "named here")
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
        Self {
            entry,
            list: List::new("cluster", members, names, diags),
            variants: Rc::default(),
        }
    }

    /// Makes the members clusters.
    pub(super) fn clusters(
        &mut self,
        members: Vec<Member>,
        clusters: &mut Vec<Cluster>,
        files: &mut Files,
        diags: &mut Diagnostics,
    ) {
        if members.iter().any(|member| member.is_existing) {
            self.refuse_names(diags);
        }
        let mut run = Run::default();
        let mut labels: BTreeSet<Labels> = BTreeSet::new();
        for member in members {
            let Some(settled) = self.list.settle(member, &mut run, files, diags) else {
                continue;
            };
            let Some(mut cluster) = self.cluster(settled, &mut run, diags) else {
                continue;
            };
            if let Some(known) = labels.get(&cluster.labels) {
                cluster.labels = Rc::clone(known);
            } else {
                labels.insert(Rc::clone(&cluster.labels));
            }
            clusters.push(cluster);
            if run.is_full() {
                break;
            }
        }
        self.list.finish(run, diags);
    }

    fn cluster(
        &self,
        mut member: SettledMember,
        run: &mut Run,
        diags: &mut Diagnostics,
    ) -> Option<Cluster> {
        let span = member.span;
        let mut found = Vec::new();
        let labels = if member.is_existing {
            label::existing(&member, diags)
        } else {
            label::labels(&self.entry.labels, &self.list, &member, &mut found, diags)
        };
        if !found.is_empty() {
            self.list.unfilled(found, &member.variables, span, run);
            return None;
        }
        let (name, namespace) = (member.text("CLUSTER_NAME"), member.text("NAMESPACE"));
        let name = DnsLabel::new(Rc::clone(&name)).map_err(|problem| {
            let written = self.entry.name.as_ref();
            diags.push(wrong_name("cluster", &name, &problem, span, written));
        });
        let namespace = DnsLabel::new(Rc::clone(&namespace)).map_err(|problem| {
            // A name that is wrong already is not reported again as the namespace.
            if name.is_ok() {
                let written = self.entry.namespace.as_ref();
                diags.push(wrong_name("namespace", &namespace, &problem, span, written));
            }
        });
        let (name, namespace) = (name.ok()?, namespace.ok()?);
        let is_written = |template: &Spanned<Text>| template.value.literal().is_some();
        let shares = member.is_existing || self.entry.namespace.as_ref().is_some_and(is_written);
        if !shares && is_reserved(namespace.as_rc()) {
            let message =
                format!("the namespace `{namespace}` is reserved: a member cannot have it");
            let help = "give the member another name";
            diags.push(Diagnostic::new(Code::ReservedName, span, message).help(help));
        }
        if **name.as_rc() == *IN_CLUSTER {
            let message = format!("the name `{name}` is reserved: a member cannot have it");
            let help = "give the cluster another name: this is what Argo CD calls its own";
            diags.push(Diagnostic::new(Code::ReservedName, span, message).help(help));
        }
        member.close(run, diags);
        Some(Cluster {
            name,
            namespace,
            labels: labels?.into(),
            variables: member.variables,
            variants: Rc::clone(&self.variants),
            shares_namespace: shares,
            cell: None,
            exists: member.is_existing,
            span,
        })
    }

    /// A cluster that exists already is what its manifest says.
    fn refuse_names(&self, diags: &mut Diagnostics) {
        let entry = self.entry;
        let label = entry.labels.first().map(|label| label.key.span);
        let fields = entry.members.fields.as_ref();
        let field = fields.map(|fields| {
            fields
                .first()
                .map_or(entry.members.list.span, |field| field.name.span)
        });
        let said = [
            ("name", entry.name.as_ref().map(|name| name.span)),
            ("namespace", entry.namespace.as_ref().map(|one| one.span)),
            ("labels", label),
            ("fields", field),
            ("value", entry.members.value.as_ref().map(|one| one.span)),
        ];
        for (key, span) in said {
            if let Some(span) = span {
                let message = format!(
                    "`{key}` says what is made, and this list has clusters that exist already"
                );
                diags.push(
                    Diagnostic::new(Code::ExistingCluster, span, message)
                        .related(entry.members.list.span, "this list")
                        .help("remove it: name, namespace and labels are those of the manifest"),
                );
            }
        }
    }
}

fn wrong_name(
    what: &str,
    name: &str,
    problem: &NameProblem,
    span: Span,
    written: Option<&Spanned<Text>>,
) -> Diagnostic {
    let code = name_code(problem);
    let message = format!("`{name}` is no name for a {what}: {problem}");
    let made_at = written.map(|written| written.span);
    let diagnostic = Diagnostic::new(code, span, message).related(made_at, "the name is made here");
    match suggestion(name) {
        Some(near) if code == Code::InvalidName => {
            diagnostic.help(format!("a name that would do: `{near}`"))
        }
        _ => diagnostic,
    }
}

/// Namespaces of Kubernetes and of the controllers that a fleet runs on.
fn is_reserved(namespace: &str) -> bool {
    const CONTROLLERS: &str = "argocd projectsveltos flux-system capi-system capi-kubeadm-bootstrap-system \
        capi-kubeadm-control-plane-system capa-system capz-system capg-system capd-system \
        caaph-system cert-manager crossplane-system external-secrets";
    let mut controllers = CONTROLLERS.split(' ');
    namespace == "default"
        || namespace.starts_with("kube-")
        || controllers.any(|reserved| reserved == namespace)
}
