//! Checks that a controller reads exactly the files of an add-on from a directory of the fleet's repository.

use super::message::cannot_deliver;
use crate::diagnostic::Diagnostics;
use crate::files::Files;
use crate::model::Delivery;
use crate::model::delivery::Target;
use crate::plan::{AddOn, Manifests};
use crate::source::Span;

/// Reports an add-on whose delivery method deploys other files than the manifests that it names.
pub(super) fn check_directory(
    files: &mut Files,
    addon: &AddOn,
    manifests: &Manifests,
    diags: &mut Diagnostics,
) {
    let path = addon.written.software.get("manifests");
    let span = path.map_or(addon.written.name.span, |path| path.span);
    if let Some((property, help)) = problem(files, &addon.delivery, manifests, span) {
        diags.push(cannot_deliver(addon, span, &property, help));
    }
}

/// Returns how the delivery method deviates from the manifests that an add-on names, and the help. Returns `None` if
/// it deploys exactly these files.
fn problem(
    files: &mut Files,
    delivery: &Delivery,
    manifests: &Manifests,
    span: Span,
) -> Option<(String, &'static str)> {
    let reads = |key: &str| delivery.reads([Target::Manifests], &["MANIFESTS", key]);
    let selects = reads("include");
    if !selects && !reads("path") && !reads("directory") {
        return None;
    }
    if selects && manifests.include_pattern().is_none() {
        let help = "use wildcards only in the file name, or write `DIR/**/*.yaml`";
        return Some(("reads the files of a single directory".to_owned(), help));
    }
    let mut matching = |pattern: &str| files.glob(pattern, span).unwrap_or_default();
    let selected = matching(&manifests.path);
    let is_read = |path: &&String| {
        delivery
            .extensions
            .iter()
            .any(|ending| path.ends_with(&**ending))
    };
    if let Some(path) = selected.iter().find(|path| !is_read(path)) {
        let property = format!("does not read files with a name like `{path}`");
        return Some((
            property,
            "rename the file so that its name ends with `.yaml`",
        ));
    }
    if selects {
        return None;
    }
    let (directory, _) = manifests.directory();
    let all = matching(format!("{directory}/**").trim_start_matches("./"));
    // A kustomization selects the resources itself.
    let is_custom = |path: &&String| {
        let name = path.rsplit('/').next().unwrap_or_default();
        name.starts_with("kustomization.")
    };
    let read = all.iter().filter(is_read);
    let extra = read
        .filter(|path| !is_custom(path))
        .find(|path| !selected.contains(path))?;
    let property =
        format!("applies all files of the directory, including `{extra}`, which `manifests` omits");
    Some((
        property,
        "move the selected files to a directory of their own",
    ))
}
