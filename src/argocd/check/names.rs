//! The names of Applications.

use super::application::is_generator_expression;
use super::fleets::FleetIndex;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::tree::Node;

/// Reports a name that an Application before already has. Argo CD would apply only one of them.
pub(super) fn check_name(
    namespace: Option<&Node>,
    application: &Node,
    fleets: &mut FleetIndex<'_>,
    diags: &mut Diagnostics,
) {
    let metadata = application.get("metadata");
    let Some(name) = metadata.and_then(|metadata| metadata.get("name")) else {
        return;
    };
    let text = name.text().unwrap_or_default();
    if text.is_empty() || is_generator_expression(text) {
        return;
    }
    let identity = match namespace.and_then(Node::text) {
        Some(namespace) => format!("{namespace}/{text}"),
        None => text.to_owned(),
    };
    if let Some(first) = fleets.applications.get(&identity) {
        let message = format!("Application `{identity}` is defined twice: each replaces the other");
        let help = "rename one of them, for example with `kubectl fleet argocd apps --name NAME`";
        let diagnostic = Diagnostic::new(Code::DuplicateApplication, name.span, message);
        diags.push(diagnostic.related(*first, "first defined here").help(help));
        return;
    }
    fleets.applications.insert(identity, name.span);
}
