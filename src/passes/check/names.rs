//! The names and namespaces of filled objects.

use crate::diagnostic::{Code, Problem};
use crate::model::name::{LABEL_LENGTH, NameProblem, name_problem};
use crate::passes::findings::Findings;
use crate::passes::prepare::object::name_rule;
use crate::plan::identity::Name;
use crate::plan::{Object, Subject};
use crate::source::Spanned;

/// Objects that others own, by group, kind and name: only a template that writes the name out means them.
const RESERVED: [(&str, &str, &str); 1] = [("argoproj.io", "AppProject", "default")];

/// Checks an object's name and namespace.
pub(super) fn check_name(
    findings: &mut Findings,
    object: &Object,
    subject: Subject<'_>,
    (name, known): (&str, Name),
    namespace: Option<&str>,
) {
    let kind = &object.kind;
    if !known.is_label
        && let Some((limit, dots)) = name_rule(&object.group, kind)
        && let Some(problem) = name_problem(name, limit, dots)
    {
        let code = name_code(&problem);
        let is_too_long = code == Code::NameTooLong;
        findings.add(code, object.name.span, subject, || {
            let message = format!("`{name}` is no name for a {kind}: {problem}");
            if is_too_long {
                name_too_long(message)
            } else {
                invalid_name(message)
            }
        });
    }
    if object.name.value.literal().is_none()
        && let Some((_, kind, reserved)) = RESERVED
            .iter()
            .find(|(group, kind, reserved)| name == *reserved && object.is(group, kind))
    {
        findings.add(Code::ReservedName, object.name.span, subject, || {
            let message =
                format!("the {kind} `{reserved}` is Argo CD's own: no variable can name it");
            Problem::new(message).help("choose another name for the group or the member")
        });
    }
    let cluster = subject.cluster();
    if object.is_cluster()
        && let Some(cluster) = cluster.filter(|cluster| *name != **cluster.name.as_rc())
    {
        findings.add(Code::InvalidName, object.name.span, subject, || {
            let message = format!("this Cluster is named `{name}`, and the cluster is `{}`: its labels would not be found", cluster.name);
            invalid_name(message)
        });
    }
    // The cluster's own namespace was checked with the cluster.
    let own = cluster.map(|cluster| &**cluster.namespace.as_rc());
    let other = namespace.filter(|namespace| Some(*namespace) != own);
    if let (Some(namespace), Some(Spanned { span, .. })) = (other, &object.namespace)
        && let Some(problem) = name_problem(namespace, LABEL_LENGTH, false)
    {
        findings.add(Code::InvalidName, *span, subject, || {
            invalid_name(format!(
                "`{namespace}` is no name for a namespace: {problem}"
            ))
        });
    }
}

/// Returns the code of the error of a name.
pub(crate) fn name_code(problem: &NameProblem) -> Code {
    match problem {
        NameProblem::TooLong { .. } => Code::NameTooLong,
        _ => Code::InvalidName,
    }
}

/// Returns the problem of a string that is not a name.
pub(super) fn invalid_name(message: String) -> Problem {
    let help = "mend the text here, or the variables in it; a Cluster is named \"${CLUSTER_NAME}\"";
    Problem::new(message).help(help)
}

/// Returns the problem of a name that is longer than its limit.
pub(super) fn name_too_long(message: String) -> Problem {
    Problem::new(message).help("shorten the member's name or what is added to it")
}
