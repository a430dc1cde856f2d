//! Objects that two owners create. The configuration decides who owns an object, so that no member can move an object
//! of another cell: each cell is pruned by another Application.

use std::collections::BTreeSet;

use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::plan::{ObjectRef, SubjectId};
use crate::render::Output;
use crate::render::cells::Owner;

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
