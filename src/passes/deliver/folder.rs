//! What a controller reads of a folder in the fleet's repository, and that it is what an add-on means.

use crate::files::Files;
use crate::model::Delivery;
use crate::model::delivery::Target;
use crate::plan::Manifests;
use crate::source::Span;

/// What a delivery does otherwise than manifests are meant, and what to do.
pub(super) fn problem(
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
        let help =
            "let wildcards stand in the name of the files alone, or write `folder/**/*.yaml`";
        return Some(("reads one folder".to_owned(), help));
    }
    let mut matching = |pattern: &str| files.glob(pattern, span).unwrap_or_default();
    let chosen = matching(&manifests.path);
    let is_read = |path: &&String| {
        delivery
            .extensions
            .iter()
            .any(|ending| path.ends_with(&**ending))
    };
    if let Some(path) = chosen.iter().find(|path| !is_read(path)) {
        let what = format!("reads no file that is called as `{path}`");
        return Some((what, "give it a name that ends with .yaml"));
    }
    if selects {
        return None;
    }
    let (folder, _) = manifests.directory();
    let all = matching(format!("{folder}/**").trim_start_matches("./"));
    // A kustomization decides by itself what there is.
    let is_custom = |path: &&String| {
        let name = path.rsplit('/').next().unwrap_or_default();
        name.starts_with("kustomization.")
    };
    let read = all.iter().filter(is_read);
    let left = read
        .filter(|path| !is_custom(path))
        .find(|path| !chosen.contains(path))?;
    let what = format!("applies a folder as a whole, and `{left}` is not meant");
    Some((what, "move the files into a folder of their own"))
}
