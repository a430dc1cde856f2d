//! A source of an Application.

use std::rc::Rc;

use super::application::{Application, is_generator_expression};
use super::fleets::{Fleet, FleetDir, FleetIndex};
use super::parameters;
use crate::argocd::plugin;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, did_you_mean, join_and};
use crate::model::Deletion;
use crate::model::cell::FLEET;
use crate::source::Span;
use crate::tree::Node;

/// The annotation that says of which files Argo CD takes notice.
const MANIFEST_GENERATE_PATHS: &str = "argocd.argoproj.io/manifest-generate-paths";

/// Checks a source; tells whether it is a fleet.
pub(super) fn check(
    application: &Application<'_>,
    source: &Node,
    fleets: &mut FleetIndex<'_>,
    diags: &mut Diagnostics,
) -> bool {
    let has = |key: &str| source.get(key).is_some();
    // A chart is no folder, and a source that is only referred to prints nothing.
    if has("chart") || (has("ref") && !has("path") && !has("plugin")) {
        return false;
    }
    let path = source.get("path").and_then(Node::text).unwrap_or(".");
    let place = source.get("path").map_or(source.span, |node| node.span);
    let folder = normalize_path(path, "").and_then(|path| fleets.dir(&path));
    let plugin = source.get("plugin");
    let name = plugin.and_then(|plugin| plugin.get("name"));
    let is_ours = name
        .and_then(Node::text)
        .is_some_and(|name| name.starts_with(plugin::NAME));
    if !is_ours && folder.is_none() {
        return false;
    }
    check_name(name, place, diags);
    check_manifest_paths(application, path, diags);
    let cell = parameters::check(plugin, diags);
    let place = cell.as_ref().map_or(place, |cell| cell.span);
    if let Some(folder) = folder {
        check_overrides(&folder, source, diags);
        if let Some(fleet) = &folder.fleet {
            let text = cell.as_ref().map(|cell| cell.value.as_str());
            check_cell(fleet, text, place, diags);
            check_prune(application, fleet, diags);
        }
    }
    true
}

fn check_name(name: Option<&Node>, source: Span, diags: &mut Diagnostics) {
    let known = [plugin::name(false), plugin::name(true)];
    let known = || known.iter().map(String::as_str);
    let Some((name, text)) = name.and_then(|node| Some((node, node.text()?))) else {
        let message = "the source is a fleet, and names no plugin: Argo CD would take its lists for manifests";
        let help = format!("write plugin: {{name: {}}}", plugin::NAME);
        diags.push(Diagnostic::new(Code::UnknownPlugin, source, message).help(help));
        return;
    };
    if is_generator_expression(text) || known().any(|known| known == text) {
        return;
    }
    let message = format!("`{text}` is no name of this version's plugin");
    let help = did_you_mean(text, known().collect::<Vec<_>>());
    diags.push(Diagnostic::new(Code::UnknownPlugin, name.span, message).help(help));
}

/// Without the annotation Argo CD takes notice of every commit. With it, the folder has to be there:
/// a new file of a list would be missed, else.
fn check_manifest_paths(application: &Application<'_>, path: &str, diags: &mut Diagnostics) {
    let Some(watched) = application.annotation(MANIFEST_GENERATE_PATHS) else {
        return;
    };
    let Some(text) = watched.text().filter(|text| !is_generator_expression(text)) else {
        return;
    };
    let mut items = text
        .split(';')
        .map(str::trim)
        .filter(|item| !item.is_empty());
    if is_generator_expression(path)
        || text.trim().is_empty()
        || items.any(|item| covers(item, path))
    {
        return;
    }
    let message =
        format!("Argo CD would take no notice of changes in `{path}`, which holds the fleet");
    let help = "write `.`: every input of a fleet lies in its folder";
    diags.push(Diagnostic::new(Code::UnwatchedFolder, watched.span, message).help(help));
}

/// Whether all of a folder is below a path of the annotation.
fn covers(item: &str, folder: &str) -> bool {
    let Some(folder) = normalize_path(folder, "") else {
        return false;
    };
    let item = match item.strip_prefix('/') {
        Some(absolute) => normalize_path(absolute, ""),
        None => normalize_path(item, &folder),
    };
    item.is_some_and(|item| {
        item == "." || folder == item || folder.starts_with(&format!("{item}/"))
    })
}

/// A path from the root of the repository on, seen from a folder; none if it leaves the repository.
fn normalize_path(path: &str, from: &str) -> Option<String> {
    if path.starts_with('/') || is_generator_expression(path) {
        return None;
    }
    let mut parts: Vec<&str> = Vec::new();
    for part in from.split('/').chain(path.split('/')) {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(if parts.is_empty() {
        ".".to_owned()
    } else {
        parts.join("/")
    })
}

fn check_overrides(folder: &Rc<FleetDir>, source: &Node, diags: &mut Diagnostics) {
    if folder.overrides.is_empty() {
        return;
    }
    let span = source.get("path").map_or(source.span, |node| node.span);
    let files = join_and(folder.overrides.iter().map(String::as_str));
    let message =
        format!("the fleet's folder holds {files}: Argo CD lets it override the parameters");
    let help = "remove the file, and say the parameters in the Application";
    diags.push(Diagnostic::new(Code::ParameterOverride, span, message).help(help));
}

fn check_cell(fleet: &Fleet, cell: Option<&str>, place: Span, diags: &mut Diagnostics) {
    let diagnostic = match (cell, &fleet.cells) {
        (None, None) => return,
        (None, Some(_)) => {
            let message = "the fleet has cells, and the Application names none";
            let help = "make an Application for each cell: kubectl fleet argocd apps";
            Diagnostic::new(Code::MissingParameter, place, message).help(help)
        }
        (Some(cell), _) if is_generator_expression(cell) => return,
        (Some(cell), None) => {
            let message = format!("there is no cell `{cell}`: the fleet has no cells");
            Diagnostic::new(Code::EmptyCell, place, message).help("remove the parameter")
        }
        (Some(cell), Some(cells)) if cell == FLEET || cells.contains(cell) => return,
        (Some(cell), Some(cells)) => {
            let message = format!("no cluster is in the cell `{cell}`");
            let help = did_you_mean(cell, cells.iter().map(String::as_str).collect::<Vec<_>>());
            Diagnostic::new(Code::EmptyCell, place, message).help(help)
        }
    };
    diags.push(diagnostic);
}

fn check_prune(application: &Application<'_>, fleet: &Fleet, diags: &mut Diagnostics) {
    if fleet.deletion != Deletion::Allow {
        return;
    }
    if let Some(span) = application.prunes() {
        let message = "Argo CD prunes by itself, and the fleet says `deletion: allow`: a cluster that vanishes from the output is deleted";
        let help = "remove `deletion` from `safety` of fleet.yaml, or let a person sync";
        diags.push(Diagnostic::new(Code::UnguardedPrune, span, message).help(help));
    }
}
