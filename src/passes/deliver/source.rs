//! Check that the fleet's repository is known if a delivery method reads manifests from it.

use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::model::FleetSource;
use crate::model::delivery::Target;
use crate::plan::AddOn;

/// Reports a delivery method that reads the fleet's repository, if `source` does not locate it.
pub(super) fn check_source(addon: &AddOn, source: Option<&FleetSource>, diags: &mut Diagnostics) {
    let mut targets = addon.targets();
    targets.insert(Target::Content);
    if addon.is_chart() {
        targets.insert(Target::Repository);
    }
    let reads = |keys: &[&str]| {
        let mut keys = keys.iter();
        keys.any(|key| {
            addon
                .delivery
                .reads(targets.iter().copied(), &["SOURCE", key])
        })
    };
    let has_object = source.is_some_and(|source| source.object.is_some());
    let has_url = source.is_some_and(|source| source.repo_url.is_some());
    let (is_missing, help) = if reads(&["kind", "name", "namespace"]) {
        (
            !has_object,
            "add `source: {kind: GitRepository, name: …, namespace: …}` to fleet.yaml",
        )
    } else {
        (
            !has_url && reads(&["repoURL", "revision", "path"]),
            "add `source: {repoURL: …, revision: …, path: …}` to fleet.yaml",
        )
    };
    if is_missing {
        let name = &addon.written.name;
        let message = format!(
            "add-on `{}` needs `source`: delivery method `{}` reads manifests from the fleet's repository",
            name.value, addon.delivery.name
        );
        diags.push(Diagnostic::new(Code::MissingSource, name.span, message).help(help));
    }
}
