//! `fleet.yaml`, and the files that it includes.

use super::addon::{self, AddOn};
use super::clusters::{self, Clusters};
use super::fleet_source::fleet_source;
use super::groups::{self, Groups};
use super::read::{self, Mapping};
use super::safety::{self, Safety};
use super::templates::{self, TemplateFile};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::model::FleetSource;
use crate::source::{FileId, Span, Spanned};
use crate::tree::{Node, Text};

/// The `apiVersion` of a fleet.
pub const API_VERSION: &str = "kubectl-fleet.io/v1alpha1";

/// A whole `fleet.yaml`, with what it includes.
#[derive(Debug)]
pub struct Fleet {
    /// Where the file begins.
    pub span: Span,
    /// `clusters`: who wants a cluster.
    pub clusters: Vec<Clusters>,
    /// `groups`: what clusters have in common.
    pub groups: Vec<Groups>,
    /// `templates`: what objects there are.
    pub templates: Vec<TemplateFile>,
    /// `addons`: what software there is.
    pub addons: Vec<AddOn>,
    /// `profiles`: files of objects that are printed as they are.
    pub profiles: Vec<Spanned<String>>,
    /// `layers`: paths of files of add-ons' values, lowest first.
    pub layers: Vec<Spanned<Text>>,
    /// `source`: where the fleet's own repository is.
    pub source: Option<Spanned<FleetSource>>,
    /// `deliver`: how add-ons reach clusters.
    pub deliver: Option<Spanned<String>>,
    /// `cells`: the label that tells a cluster's cell.
    pub cells: Option<Spanned<String>>,
    /// `safety`: what stops a run.
    pub safety: Safety,
}

/// What one file of a fleet says.
#[derive(Debug)]
pub(super) struct Part {
    /// Where the file begins.
    span: Span,
    /// `include`: more files of a fleet.
    pub(super) include: Vec<Spanned<String>>,
    clusters: Option<Vec<Clusters>>,
    groups: Vec<Groups>,
    templates: Vec<TemplateFile>,
    addons: Vec<AddOn>,
    profiles: Vec<Spanned<String>>,
    layers: Vec<Spanned<Text>>,
    source: Option<Spanned<FleetSource>>,
    deliver: Option<Spanned<String>>,
    cells: Option<Spanned<String>>,
    safety: Option<Spanned<Safety>>,
}

/// The keys of a file.
const KEYS: [&str; 13] = [
    "apiVersion",
    "kind",
    "include",
    "clusters",
    "groups",
    "templates",
    "addons",
    "profiles",
    "layers",
    "deliver",
    "source",
    "cells",
    "safety",
];

/// Reads the documents of one file; `what` is what messages call it.
pub(super) fn read(
    file: FileId,
    what: &'static str,
    documents: &[Node],
    diags: &mut Diagnostics,
) -> Option<Part> {
    let [root] = documents else {
        let span = documents
            .get(1)
            .map_or(Span::new(file, 0..0), |second| second.span);
        let message = format!("{what} must hold one document, not {}", documents.len());
        let help = match documents.len() {
            0 => format!("begin with apiVersion: {API_VERSION}"),
            _ => "join the documents to one".to_owned(),
        };
        diags.push(Diagnostic::new(Code::NotAFleet, span, message).help(help));
        return None;
    };
    let fleet = Mapping::read(root, what, &KEYS, diags)?;
    for (key, wanted) in [("apiVersion", API_VERSION), ("kind", "Fleet")] {
        let node = fleet.require(key, diags)?;
        if node.text() != Some(wanted) {
            let found = node
                .text()
                .map_or_else(|| node.shape().to_string(), |text| format!("`{text}`"));
            let message = format!("the {key} of {what} must be `{wanted}`, not {found}");
            diags.push(
                Diagnostic::new(Code::NotAFleet, node.span, message)
                    .help(format!("write {key}: {wanted}")),
            );
        }
    }
    let list = |key: &str, diags: &mut Diagnostics| {
        let node = fleet.get(key)?;
        read::sequence(node, &format!("`{key}`"), diags)
    };
    let clusters = (!fleet.lacks("clusters")).then(|| {
        let nodes = list("clusters", diags).unwrap_or_default().iter();
        nodes
            .filter_map(|node| clusters::clusters(node, diags))
            .collect()
    });
    let groups = list("groups", diags).unwrap_or_default().iter();
    let groups = groups
        .filter_map(|node| groups::groups(node, diags))
        .collect();
    let templates = list("templates", diags).unwrap_or_default().iter();
    let templates = templates
        .filter_map(|node| templates::template(node, diags))
        .collect();
    let addons = list("addons", diags).unwrap_or_default().iter();
    let addons = addons
        .filter_map(|node| addon::addon(node, diags))
        .collect();
    let paths = |key: &str, diags: &mut Diagnostics| {
        let paths = list(key, diags).unwrap_or_default().iter();
        let path = |node| read::non_empty(node, &format!("a path of `{key}`"), diags);
        paths.filter_map(path).collect()
    };
    let (include, profiles) = (paths("include", diags), paths("profiles", diags));
    let layers = list("layers", diags).unwrap_or_default().iter();
    let layers = layers
        .filter_map(|node| read::template(node, "a path of `layers`", diags))
        .collect();
    let source = fleet
        .get("source")
        .and_then(|node| fleet_source(node, diags));
    let deliver = fleet
        .get("deliver")
        .and_then(|node| addon::deliver(node, diags));
    let cells = fleet.get("cells").and_then(|node| cells(node, diags));
    let safety = fleet.entry("safety").and_then(|entry| {
        let value = safety::safety(&entry.value, diags)?;
        let span = entry.key.span;
        Some(Spanned { value, span })
    });
    Some(Part {
        span: fleet.head(),
        include,
        clusters,
        groups,
        templates,
        addons,
        profiles,
        layers,
        source,
        deliver,
        cells,
        safety,
    })
}

/// Reads `cells`.
fn cells(node: &Node, diags: &mut Diagnostics) -> Option<Spanned<String>> {
    let cells = Mapping::read(node, "`cells`", &["label"], diags)?;
    groups::label_key(cells.require("label", diags)?, diags)
}

/// Joins the files of a fleet, `fleet.yaml` first: lists are joined, anything else is said once. A file
/// that could not be read is `None`.
pub(super) fn join(parts: Vec<Option<Part>>, diags: &mut Diagnostics) -> Option<Fleet> {
    let span = parts.first()?.as_ref()?.span;
    let lacks = |part: &Option<Part>| part.as_ref().is_some_and(|part| part.clusters.is_none());
    if parts.iter().all(lacks) {
        let message = "fleet.yaml needs the key `clusters`";
        diags.push(Diagnostic::new(Code::MissingKey, span, message));
    }
    let mut fleet = Fleet {
        span,
        clusters: Vec::new(),
        groups: Vec::new(),
        templates: Vec::new(),
        addons: Vec::new(),
        profiles: Vec::new(),
        layers: Vec::new(),
        source: None,
        deliver: None,
        cells: None,
        safety: Safety::default(),
    };
    let mut safety = None;
    for part in parts.into_iter().flatten() {
        fleet.clusters.extend(part.clusters.unwrap_or_default());
        fleet.groups.extend(part.groups);
        fleet.templates.extend(part.templates);
        fleet.addons.extend(part.addons);
        fleet.profiles.extend(part.profiles);
        fleet.layers.extend(part.layers);
        once(&mut fleet.source, part.source, "source", diags);
        once(&mut fleet.deliver, part.deliver, "deliver", diags);
        once(&mut fleet.cells, part.cells, "cells", diags);
        once(&mut safety, part.safety, "safety", diags);
    }
    fleet.safety = safety.map(|safety| safety.value).unwrap_or_default();
    groups::refuse_twins(&fleet.groups, diags);
    addon::refuse_twins(&fleet.addons, diags);
    Some(fleet)
}

fn once<T>(
    known: &mut Option<Spanned<T>>,
    said: Option<Spanned<T>>,
    key: &str,
    diags: &mut Diagnostics,
) {
    if let (Some(first), Some(second)) = (&*known, &said) {
        let message = format!("`{key}` is said in two files of the fleet");
        diags.push(
            Diagnostic::new(Code::InvalidValue, second.span, message)
                .related(first.span, "first said here")
                .help("say it in one of them"),
        );
    }
    *known = known.take().or(said);
}
