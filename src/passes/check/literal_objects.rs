//! Objects that are copied unchanged, against the schemas of their kinds.

use super::schema_messages::{describe_all, unknown_code, unknown_kind};
use crate::diagnostic::{Diagnostic, Diagnostics, Suggestions};
use crate::kinds::{Schemas, Unknown, check};
use crate::tree::Node;

/// Reports what the schema of its kind does not allow in an object of a workload cluster, or in each object of a `List`.
///
/// The version of the cluster is unknown, so it can serve other versions of the kinds of Kubernetes itself.
pub(crate) fn check_schema(schemas: &Schemas, object: &Node, diags: &mut Diagnostics) {
    let text = |key: &str| object.get(key).and_then(Node::text);
    let (Some(api_version), Some(kind)) = (text("apiVersion"), text("kind")) else {
        return;
    };
    if let (true, Some(items)) = (kind == "List", object.get("items").and_then(Node::items)) {
        for item in items {
            check_schema(schemas, item, diags);
        }
        return;
    }
    let mut suggestions = Suggestions::default();
    match schemas.kind(api_version, kind) {
        Ok(known) => {
            let violations = check(schemas, object, &known.root, "");
            for (span, code, problem) in describe_all(&violations, kind, &mut suggestions) {
                diags.push(Diagnostic::from_problem(code, span, problem));
            }
        }
        Err(Unknown::Unchecked | Unknown::BuiltInVersion(_)) => {}
        Err(unknown) => {
            let span = object
                .entry("apiVersion")
                .map_or(object.span, |entry| entry.value.span);
            let problem = unknown_kind(api_version, kind, &unknown, &mut suggestions);
            diags.push(Diagnostic::from_problem(
                unknown_code(&unknown),
                span,
                problem,
            ));
        }
    }
}
