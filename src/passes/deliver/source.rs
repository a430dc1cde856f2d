//! Check that the fleet's repository is known if a delivery method reads manifests from it.

use crate::diagnostic::{Code, Diagnostic, Diagnostics, join_and};
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
    let reads = |keys: &[&'static str]| -> Vec<String> {
        let targets = || targets.iter().copied();
        let keys = keys.iter();
        let read = keys.filter(|key| addon.delivery.reads(targets(), &["SOURCE", key]));
        read.map(|key| format!("source.{key}")).collect()
    };
    let has_object = source.is_some_and(|source| source.object.is_some());
    let has_url = source.is_some_and(|source| source.repo_url.is_some());
    let of_object = reads(&["kind", "name", "namespace"]);
    let (missing, help) = if of_object.is_empty() {
        let of_url = Some(reads(&["repoURL", "revision", "path"]));
        let help = "add `source: {repoURL: https://git.example.org/fleet.git}` to fleet.yaml, with the URL of the fleet's repository";
        (of_url.filter(|keys| !has_url && !keys.is_empty()), help)
    } else {
        let help = "add `source: {kind: GitRepository, name: flux-system, namespace: flux-system}` to fleet.yaml, with the object of the fleet's repository";
        (Some(of_object).filter(|_| !has_object), help)
    };
    if let Some(keys) = missing {
        let name = &addon.written.name;
        let message = format!(
            "add-on `{}` needs `source`: delivery method `{}` reads {}",
            name.value,
            addon.delivery.name,
            join_and(keys.iter().map(String::as_str))
        );
        diags.push(Diagnostic::new(Code::MissingSource, name.span, message).help(help));
    }
}
