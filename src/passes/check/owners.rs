//! Objects that two owners create. The configuration decides who owns an object, so that no member can move an object
//! of another cell: each cell is pruned by another Application.

use std::collections::BTreeSet;

use crate::diagnostic::{Code, Diagnostic, Diagnostics, Problem};
use crate::model::Cluster;
use crate::passes::findings::Findings;
use crate::plan::{Object, ObjectRef, Plan, Subject, SubjectId, SubjectScope};
use crate::render::Output;
use crate::render::cells::Owner;
use crate::template::fill::member_part;

/// Reports equal objects that are created for two clusters although the name of one of them contains the cluster or
/// its cell: a member decides then whether the other cluster shares its object.
pub(crate) fn check_owners(output: &Output, repeated: &[[ObjectRef; 2]], diags: &mut Diagnostics) {
    let mut reported = BTreeSet::new();
    for pair in repeated {
        let subjects = pair.map(|at| output.subject(at));
        let [first, second] = subjects;
        let owners = [(pair[0], first), (pair[1], second)]
            .map(|(at, subject)| output.cells.owner(at, subject));
        let is_claimed = match &owners {
            _ if first == second => false,
            [Owner::Cluster(_), Owner::Cluster(_)] => true,
            [first, second] => output.cells.are_enabled() && first != second,
        };
        if is_claimed && reported.insert((pair[1].section(), pair[1].object())) {
            report(output, *pair, subjects, diags);
        }
    }
}

/// Checks that a member names no Namespace that belongs to other clusters: it would decide the labels of this Namespace,
/// and in which cell it is.
pub(super) fn check_namespace_owner(
    findings: &mut Findings,
    plan: &Plan,
    object: &Object,
    scope: &SubjectScope<'_>,
    name: &str,
) {
    if !object.is("", "Namespace") || member_part(&object.name.value, scope).is_none() {
        return;
    }
    // Clusters are sorted by namespace.
    let first = (plan.clusters).partition_point(|cluster| namespace(cluster) < name);
    let inside = plan.clusters.iter().enumerate().skip(first);
    let is_other = |(index, _): &(usize, &Cluster)| match (scope.cluster(), scope.subject) {
        (Some(cluster), _) => namespace(cluster) != name,
        (None, Subject::Group(group)) => group.clusters.binary_search(index).is_err(),
        // Only the cell changes: entries of the fleet are not of another cluster.
        (None, _) => plan.has_cells,
    };
    let found = inside
        .take_while(|(_, cluster)| namespace(cluster) == name)
        .find(is_other);
    let Some((_, other)) = found else {
        return;
    };
    findings.add(Code::ContestedObject, object.name.span, scope.subject, || {
        let message = format!(
            "Namespace `{name}` is created for {}, but the cluster `{}` is in this namespace: a member must not name the Namespace of another cluster",
            scope.subject, other.name
        );
        Problem::new(message)
            .help("put a prefix that no namespace of a cluster has before the variable in the name")
    });
}

fn namespace(cluster: &Cluster) -> &str {
    cluster.namespace.as_rc()
}

fn report(
    output: &Output,
    pair: [ObjectRef; 2],
    subjects: [SubjectId; 2],
    diags: &mut Diagnostics,
) {
    let [first, second] = pair.map(|at| output.object(at).identity());
    let [one, other] = subjects.map(|subject| output.plan.subject(subject));
    let kind = &second.object.kind;
    let place = match &second.namespace {
        Some(namespace) => format!(" in the namespace `{namespace}`"),
        None => String::new(),
    };
    let message = format!(
        "{kind} `{}`{place} is created for {one} and for {other}, but it can belong to only one of them",
        second.name
    );
    let help = "put a separator that no value contains next to `${CLUSTER_NAME}` in the name, such as `${CLUSTER_NAME}.${app}`, or write a name without the cluster if the object is shared";
    diags.push(
        Diagnostic::new(Code::ContestedObject, second.object.name.span, message)
            .label(format!("for {other}"))
            .related(first.object.name.span, format!("for {one}"))
            .related(other.span(), other.to_string())
            .help(help),
    );
}
