//! Checks of one source of an Application.

use std::rc::Rc;

use super::application::{Application, is_generator_expression};
use super::fleets::{Directory, Fleet, FleetDir, FleetIndex};
use super::parameters::{self, Parameters};
use crate::argocd::plugin;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, join_and};
use crate::model::Deletion;
use crate::model::cell::FLEET;
use crate::source::Span;
use crate::tree::Node;

/// Annotation with the paths that Argo CD watches.
const MANIFEST_GENERATE_PATHS: &str = "argocd.argoproj.io/manifest-generate-paths";

/// Checks a source, and returns `true` if the source is a fleet.
pub(super) fn check(
    application: &Application<'_>,
    source: &Node,
    fleets: &mut FleetIndex<'_>,
    diags: &mut Diagnostics,
) -> bool {
    let has = |key: &str| source.get(key).is_some();
    // A chart has no directory, and a source with only `ref` provides value files, not manifests.
    if has("chart") || (has("ref") && !has("path") && !has("plugin")) {
        return false;
    }
    let path = source.get("path").and_then(Node::text).unwrap_or(".");
    let span = source.get("path").map_or(source.span, |node| node.span);
    let known = normalize_path(path, "").map(|path| fleets.dir(&path));
    let is_file = matches!(known, Some(Directory::File));
    let dir = match &known {
        Some(Directory::Fleet(dir)) => Some(dir),
        _ => None,
    };
    let plugin = source.get("plugin");
    let name = plugin.and_then(|plugin| plugin.get("name"));
    let is_plugin = name
        .and_then(Node::text)
        .is_some_and(|name| name.starts_with(plugin::NAME) || is_generator_expression(name));
    if !is_plugin && dir.is_none() {
        return false;
    }
    if is_file {
        let message = format!("`{path}` is a file; Argo CD requires a directory");
        let help = "write the directory of `fleet.yaml`";
        diags.push(Diagnostic::new(Code::NotADirectory, span, message).help(help));
        return true;
    }
    check_name(name, span, diags);
    check_environment(plugin, diags);
    check_manifest_paths(application, path, diags);
    let Parameters { cell, locked } = parameters::check(plugin, diags);
    let at = span;
    let span = cell.as_ref().map_or(span, |cell| cell.span);
    if let Some(dir) = dir {
        check_overrides(dir, source, diags);
        if dir.has_lock && locked.is_none() {
            report_lock(at, diags);
        }
        if let Some(fleet) = &dir.fleet {
            let cell = cell.as_ref().map(|cell| cell.value.as_str());
            check_cell(fleet, cell, span, diags);
            check_prune(application, fleet, diags);
        }
    }
    report_unchecked(path, dir.map(|dir| &**dir), at, diags);
    true
}

/// Reports that the Application was not compared with its fleet.
fn report_unchecked(path: &str, dir: Option<&FleetDir>, span: Span, diags: &mut Diagnostics) {
    let (why, help) = match dir {
        Some(dir) if dir.fleet.is_some() => return,
        Some(_) => (
            format!("the fleet in `{path}` has errors"),
            format!("run `kubectl fleet validate {path}`"),
        ),
        None if is_generator_expression(path) => (
            format!("`{path}` depends on a generator"),
            "check the generated Applications: `kubectl get applications -n argocd -o yaml`"
                .to_owned(),
        ),
        None => (
            format!("there is no fleet in `{path}`"),
            "run the command in the root of the repository that contains the fleet".to_owned(),
        ),
    };
    let message = format!("{why}, so cells and guards were not checked");
    diags.push(Diagnostic::new(Code::UncheckedSource, span, message).help(help));
}

/// Warns that a cluster which is not in the lock can disappear.
fn report_lock(span: Span, diags: &mut Diagnostics) {
    let message = "the fleet has a fleet.lock, but the Application does not require that it contains every cluster";
    let help = "add `{name: locked, string: \"true\"}` to `plugin.parameters`";
    diags.push(Diagnostic::new(Code::UnrequiredLock, span, message).help(help));
}

/// Warns of variables that the plugin does not read.
fn check_environment(plugin: Option<&Node>, diags: &mut Diagnostics) {
    let env = plugin.and_then(|plugin| plugin.get("env"));
    let Some(first) = env.and_then(Node::items).and_then(<[_]>::first) else {
        return;
    };
    let message = "the plugin reads no environment variables, so `env` has no effect";
    let help = "write `parameters: [{name: cell, string: CELL}]` in place of `env`";
    diags.push(Diagnostic::new(Code::UnreadEnvironment, first.span, message).help(help));
}

fn check_name(name: Option<&Node>, source: Span, diags: &mut Diagnostics) {
    let known = [plugin::name(false), plugin::name(true)];
    let known = || known.iter().map(String::as_str);
    let Some((name, text)) = name.and_then(|node| Some((node, node.text()?))) else {
        let message = "the source is a fleet, but names no plugin: Argo CD would treat its lists as manifests";
        let help = format!("set `plugin: {{name: {}}}`", plugin::NAME);
        diags.push(Diagnostic::new(Code::UnknownPlugin, source, message).help(help));
        return;
    };
    if is_generator_expression(text) || known().any(|known| known == text) {
        return;
    }
    let message = format!("`{text}` is not the plugin of this version");
    let help = diags.suggestions.did_you_mean(text, known);
    diags.push(Diagnostic::new(Code::UnknownPlugin, name.span, message).help(help));
}

/// Checks that the annotation, if it is set, covers the whole directory.
///
/// Otherwise Argo CD misses new files of a list. Without the annotation, Argo CD renders each commit.
fn check_manifest_paths(application: &Application<'_>, path: &str, diags: &mut Diagnostics) {
    let Some(annotation) = application.annotation(MANIFEST_GENERATE_PATHS) else {
        return;
    };
    let Some(text) = annotation
        .text()
        .filter(|text| !is_generator_expression(text))
    else {
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
    let message = format!("Argo CD ignores changes in `{path}`, the fleet's directory");
    let help = "set the annotation to `.`";
    diags.push(Diagnostic::new(Code::UnwatchedFolder, annotation.span, message).help(help));
}

/// Returns `true` if a path of the annotation contains the directory.
fn covers(item: &str, dir: &str) -> bool {
    let Some(dir) = normalize_path(dir, "") else {
        return false;
    };
    let item = match item.strip_prefix('/') {
        Some(absolute) => normalize_path(absolute, ""),
        None => normalize_path(item, &dir),
    };
    item.is_some_and(|item| item == "." || dir == item || dir.starts_with(&format!("{item}/")))
}

/// Returns a path relative to the repository's root, or `None` if it is absolute, points outside or is not known yet.
///
/// `path` is relative to the directory `from`.
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

fn check_overrides(dir: &Rc<FleetDir>, source: &Node, diags: &mut Diagnostics) {
    if dir.overrides.is_empty() {
        return;
    }
    let span = source.get("path").map_or(source.span, |node| node.span);
    let files = join_and(dir.overrides.iter().map(String::as_str));
    let message = format!(
        "the fleet's directory contains {files}, which overrides the Application's parameters"
    );
    let help = "delete the file, and set the parameters in the Application";
    diags.push(Diagnostic::new(Code::ParameterOverride, span, message).help(help));
}

fn check_cell(fleet: &Fleet, cell: Option<&str>, span: Span, diags: &mut Diagnostics) {
    let diagnostic = match (cell, &fleet.cells) {
        (None, None) => return,
        (None, Some(_)) => {
            let message = "the fleet has cells, but the Application sets no `cell`";
            let help = "create an Application for each cell: kubectl fleet argocd apps";
            Diagnostic::new(Code::MissingParameter, span, message).help(help)
        }
        (Some(cell), _) if is_generator_expression(cell) => return,
        (Some(cell), None) => {
            let message = format!("cell `{cell}` does not exist: the fleet has no cells");
            Diagnostic::new(Code::EmptyCell, span, message).help("remove the parameter `cell`")
        }
        (Some(cell), Some(cells)) if cell == FLEET || cells.contains(cell) => return,
        (Some(cell), Some(cells)) => {
            let message = format!("cell `{cell}` has no cluster");
            let help = {
                let names = || cells.iter().map(String::as_str);
                diags.suggestions.did_you_mean(cell, names)
            };
            Diagnostic::new(Code::EmptyCell, span, message).help(help)
        }
    };
    diags.push(diagnostic);
}

fn check_prune(application: &Application<'_>, fleet: &Fleet, diags: &mut Diagnostics) {
    if fleet.deletion != Deletion::Allow {
        return;
    }
    if let Some(span) = application.prunes() {
        let message = "Argo CD prunes automatically and the fleet sets `deletion: allow`: a cluster that is missing from the output is deleted";
        let help = "remove `deletion: allow` from `safety` in fleet.yaml, or set `prune: false`";
        diags.push(Diagnostic::new(Code::UnguardedPrune, span, message).help(help));
    }
}
