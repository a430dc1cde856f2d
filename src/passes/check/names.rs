//! Checks the names and namespaces of rendered objects.

use crate::diagnostic::{Code, Problem};
use crate::model::name::{LABEL_LENGTH, NameProblem, is_reserved_namespace, name_problem};
use crate::passes::findings::Findings;
use crate::passes::prepare::object::name_rule;
use crate::plan::identity::Name;
use crate::plan::{Object, SubjectScope};
use crate::source::Spanned;
use crate::template::fill::member_part;

/// Objects that other software owns, by group, kind and name: only a literal name in a template can mean them.
const RESERVED: [(&str, &str, &str); 1] = [("argoproj.io", "AppProject", "default")];

/// Checks the name and the namespace of an object.
pub(super) fn check_name(
    findings: &mut Findings,
    object: &Object,
    scope: &SubjectScope<'_>,
    (name, parsed): (&str, Name),
    namespace: Option<&str>,
) {
    let kind = &object.kind;
    let subject = scope.subject;
    if !parsed.is_label
        && let Some((limit, dots)) = name_rule(&object.group, kind)
        && let Some(problem) = name_problem(name, limit, dots)
    {
        let code = name_code(&problem);
        let is_too_long = code == Code::NameTooLong;
        findings.add(code, object.name.span, subject, || {
            let message = format!("`{name}` is not a valid {kind} name: {problem}");
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
            let message = format!(
                "the {kind} `{reserved}` is reserved for Argo CD: a variable must not name it"
            );
            Problem::new(message).help("rename the group or the member")
        });
    }
    let cluster = scope.cluster();
    if object.is_cluster()
        && let Some(cluster) = cluster.filter(|cluster| *name != **cluster.name.as_rc())
    {
        findings.add(Code::InvalidName, object.name.span, subject, || {
            let message = format!(
                "Cluster must be named `{}`, as its cluster is, not `{name}`",
                cluster.name
            );
            invalid_name(message)
        });
    }
    // The namespace of the cluster was already checked.
    let own = cluster.map(|cluster| &**cluster.namespace.as_rc());
    let other = namespace.filter(|namespace| Some(*namespace) != own);
    if let (Some(namespace), Some(Spanned { span, .. })) = (other, &object.namespace)
        && let Some(problem) = name_problem(namespace, LABEL_LENGTH, false)
    {
        findings.add(Code::InvalidName, *span, subject, || {
            invalid_name(format!(
                "`{namespace}` is not a valid namespace name: {problem}"
            ))
        });
    }
}

/// Checks that no value of a member selects or names a namespace of Kubernetes or of a controller.
pub(super) fn check_reserved_namespace(
    findings: &mut Findings,
    object: &Object,
    scope: &SubjectScope<'_>,
    (name, namespace): (&str, Option<&str>),
) {
    let own = scope.cluster().map(|cluster| &**cluster.namespace.as_rc());
    let used = namespace.filter(|namespace| Some(*namespace) != own);
    let named = Some(name).filter(|_| object.is("", "Namespace"));
    let written = object.namespace.as_ref();
    let used = used.zip(written);
    let named = named.zip(Some(&object.name));
    for (namespace, Spanned { value, span }) in used.into_iter().chain(named) {
        if is_reserved_namespace(namespace) && member_part(value, scope).is_some() {
            findings.add(Code::ReservedName, *span, scope.subject, || {
                let message = format!(
                    "the namespace `{namespace}` is reserved for Kubernetes or a controller: a member must not select it"
                );
                Problem::new(message).help("write the namespace in the template or in `variables`")
            });
        }
    }
}

/// Returns the code of an invalid name.
pub(crate) fn name_code(problem: &NameProblem) -> Code {
    match problem {
        NameProblem::TooLong { .. } => Code::NameTooLong,
        _ => Code::InvalidName,
    }
}

/// Returns the problem of a string that is not a valid name.
pub(super) fn invalid_name(message: String) -> Problem {
    let help = "change this name or the variables it uses";
    Problem::new(message).help(help)
}

/// Returns the problem of a name that exceeds its limit.
pub(super) fn name_too_long(message: String) -> Problem {
    Problem::new(message).help("shorten the name of the member, or this name")
}
