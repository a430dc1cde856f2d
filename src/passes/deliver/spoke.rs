//! Check that the spoke whose objects were requested exists.

use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::plan::Plan;

/// Reports a requested spoke that does not exist.
pub(super) fn check_spoke_exists(plan: &Plan, spoke: Option<&str>, diags: &mut Diagnostics) {
    let Some(name) = spoke else {
        return;
    };
    let spokes = plan.spokes();
    let names = || {
        spokes
            .iter()
            .map(|index| &**plan.clusters[*index].name.as_rc())
    };
    if !names().any(|known| known == name) {
        let message = format!(
            "cluster `{name}` is not a spoke; Argo CD would delete everything it deployed there"
        );
        let help = if spokes.is_empty() {
            "add the template `builtin:argocd-spoke`, or remove the parameter `spoke`".to_owned()
        } else {
            diags.suggestions.did_you_mean(name, names)
        };
        diags.push(Diagnostic::without_location(Code::UnknownCluster, message).help(help));
    }
}
