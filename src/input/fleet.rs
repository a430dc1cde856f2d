//! Reads `fleet.yaml` and the files that it includes.

use std::collections::BTreeSet;
use std::rc::Rc;

use super::addon::{self, AddOn};
use super::clusters::Clusters;
use super::form::{Form as _, Mapping, form};
use super::groups::{self, Groups, label_key};
use super::key::{Key, Type};
use super::safety::Safety;
use super::templates::TemplateFile;
use super::typed::Typed;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::model::FleetSource;
use crate::model::name::{LABEL_LENGTH, name_problem, suggestion};
use crate::source::{FileId, Span, Spanned};
use crate::tree::{Node, Text, roots};

/// The `apiVersion` of a fleet.
pub const API_VERSION: &str = "kubectl-fleet.io/v1alpha1";

/// A whole fleet: `fleet.yaml` and the files that it includes.
#[derive(Debug)]
pub struct Fleet {
    /// Location of the beginning of the file.
    pub span: Span,
    /// `metadata.name`: the name of the fleet.
    pub name: Option<Spanned<Rc<str>>>,
    /// `clusters`: lists of clusters.
    pub clusters: Vec<Clusters>,
    /// `groups`: variables that clusters share.
    pub groups: Vec<Groups>,
    /// `templates`: objects to create.
    pub templates: Vec<TemplateFile>,
    /// `addons`: software of clusters.
    pub addons: Vec<Rc<AddOn>>,
    /// `profiles`: files of objects that are copied unchanged.
    pub profiles: Vec<Spanned<String>>,
    /// `schemas`: files of CustomResourceDefinitions.
    pub schemas: Vec<Spanned<String>>,
    /// `layers`: paths of files with add-on values, lowest precedence first.
    pub layers: Vec<Spanned<Text>>,
    /// `source`: location of the fleet's own repository.
    pub source: Option<Spanned<FleetSource>>,
    /// `deliver`: delivery method of add-ons.
    pub deliver: Option<Spanned<String>>,
    /// `cells`: label whose value is the cell of a cluster.
    pub cells: Option<Spanned<String>>,
    /// `safety`: guards and limits.
    pub safety: Safety,
    /// Variables that it reads outside of `clusters` and `groups`.
    pub reads: BTreeSet<String>,
}

form! {
    "fleet.yaml";
    /// The keys that one file of a fleet sets.
    #[derive(Debug)]
    pub(super) struct FleetFile {
        /// Location of the beginning of the file.
        span: Span = part(|| HEADER.to_vec(), header),
        /// Name of the fleet, for fleets that share a management cluster.
        metadata: Option<Metadata> = optional("metadata"),
        /// Paths or patterns of further files of the fleet.
        pub(super) include: Vec<Spanned<String>> = default("include"),
        /// Lists of members, which become clusters; required in one file of the fleet.
        clusters: Option<Vec<Clusters>> = present("clusters"),
        /// Groups of clusters, and their variables.
        groups: Vec<Groups> = default("groups"),
        /// Templates of objects.
        templates: Vec<TemplateFile> = default("templates"),
        /// Add-ons: software for clusters.
        addons: Vec<AddOn> = default("addons"),
        /// Files of objects that are copied unchanged.
        profiles: Vec<Spanned<String>> = default("profiles"),
        /// Files of CustomResourceDefinitions, whose kinds are checked.
        schemas: Vec<Spanned<String>> = default("schemas"),
        /// Paths of files of Helm values, lowest first.
        layers: Vec<Spanned<Text>> = default("layers"),
        /// Delivery method of add-ons: `sveltos`, `argocd`, `flux`, `caaph`, or the path of a file.
        deliver: Option<Spanned<String>> = optional("deliver"),
        /// Location of the fleet's own repository.
        source: Option<Spanned<FleetSource>> = optional("source"),
        /// Division of the fleet into cells.
        cells: Option<Cells> = optional("cells"),
        /// Guards and limits.
        safety: Option<Spanned<Safety>> = keyed("safety"),
        /// Variables that it reads outside of `clusters` and `groups`.
        reads: BTreeSet<String> = part(Vec::new, reads),
    }
}

form! {
    "`metadata`";
    #[derive(Debug)]
    struct Metadata {
        /// Name of the fleet: a DNS label. Add-on objects, selectors and the labels of Clusters contain it.
        name: Spanned<Rc<str>> = required("name", fleet_name),
    }
}

form! {
    "`cells`";
    #[derive(Debug)]
    struct Cells {
        /// Label whose value is the cell of a cluster.
        label: Spanned<String> = required("label", label_key),
    }
}

/// Reads the name of a fleet.
fn fleet_name(node: &Node, subject: &str, diags: &mut Diagnostics) -> Option<Spanned<Rc<str>>> {
    let name = Spanned::<Rc<str>>::read(node, subject, diags)?;
    if let Some(problem) = name_problem(&name.value, LABEL_LENGTH, false) {
        let message = format!("`{}` is not a valid name of a fleet: {problem}", name.value);
        let help = match suggestion(&name.value) {
            Some(near) => format!("use a DNS label, for example `{near}`"),
            None => "use a DNS label, for example `production`".to_owned(),
        };
        diags.push(Diagnostic::new(Code::InvalidName, name.span, message).help(help));
        return None;
    }
    Some(name)
}

/// Returns the keys of `fleet.yaml`.
pub fn keys() -> Vec<Key> {
    FleetFile::keys()
}

/// The keys that identify the format of a file; each has only one valid value.
const HEADER: [Key; 2] = [
    Key {
        name: "apiVersion",
        value: Type::Enum(&[API_VERSION]),
        is_required: true,
        doc: "Version of the format.",
    },
    Key {
        name: "kind",
        value: Type::Enum(&["Fleet"]),
        is_required: true,
        doc: "Kind of the file.",
    },
];

fn header(mapping: &Mapping<'_>, diags: &mut Diagnostics) -> Option<Span> {
    for (Key { name, .. }, expected) in HEADER.iter().zip([API_VERSION, "Fleet"]) {
        let node: Node = mapping.required(name, Typed::read, diags)?;
        if node.text() != Some(expected) {
            let found = node
                .text()
                .map_or_else(|| node.shape().to_string(), |text| format!("`{text}`"));
            let subject = mapping.subject;
            let message = format!("`{name}` of {subject} must be `{expected}`, not {found}");
            diags.push(
                Diagnostic::new(Code::NotAFleet, node.span, message)
                    .help(format!("set `{name}: {expected}`")),
            );
        }
    }
    Some(mapping.head())
}

/// Returns the variables that the mapping reads outside of `clusters` and `groups`.
#[expect(
    clippy::unnecessary_wraps,
    reason = "`part` expects a function that can fail"
)]
fn reads(mapping: &Mapping<'_>, _: &mut Diagnostics) -> Option<BTreeSet<String>> {
    let keys = FleetFile::keys().into_iter().map(|key| key.name);
    let others = keys.filter(|key| !["clusters", "groups"].contains(key));
    let values = others.filter_map(|key| mapping.get(key));
    Some(values.flat_map(roots).collect())
}

/// Reads the documents of one file; `subject` names it in messages.
pub(super) fn read(
    file: FileId,
    subject: &'static str,
    documents: &[Node],
    diags: &mut Diagnostics,
) -> Option<FleetFile> {
    let [root] = documents else {
        let span = documents
            .get(1)
            .map_or(Span::new(file, 0..0), |second| second.span);
        let message = format!(
            "{subject} must contain one document, not {}",
            documents.len()
        );
        let help = match documents.len() {
            0 => format!("begin with `apiVersion: {API_VERSION}`"),
            _ => "merge the documents into one".to_owned(),
        };
        diags.push(Diagnostic::new(Code::NotAFleet, span, message).help(help));
        return None;
    };
    let mapping = Mapping::read(root, subject, &FleetFile::keys(), diags)?;
    FleetFile::read_keys(&mapping, diags)
}

/// Merges the files of a fleet, `fleet.yaml` first: sequences are joined, and any other key must be set in
/// only one file. A file that could not be read is `None`.
pub(super) fn merge_files(parts: Vec<Option<FleetFile>>, diags: &mut Diagnostics) -> Option<Fleet> {
    let span = parts.first()?.as_ref()?.span;
    let lacks =
        |part: &Option<FleetFile>| part.as_ref().is_some_and(|part| part.clusters.is_none());
    if parts.iter().all(lacks) {
        let message = "fleet.yaml must set `clusters`";
        let help = "set `clusters: [{list: clusters.yaml}]`";
        diags.push(Diagnostic::new(Code::MissingKey, span, message).help(help));
    }
    let mut fleet = Fleet {
        span,
        name: None,
        clusters: Vec::new(),
        groups: Vec::new(),
        templates: Vec::new(),
        addons: Vec::new(),
        profiles: Vec::new(),
        schemas: Vec::new(),
        layers: Vec::new(),
        source: None,
        deliver: None,
        cells: None,
        safety: Safety::default(),
        reads: BTreeSet::new(),
    };
    let mut safety = None;
    for part in parts.into_iter().flatten() {
        fleet.clusters.extend(part.clusters.unwrap_or_default());
        fleet.groups.extend(part.groups);
        fleet.templates.extend(part.templates);
        fleet.addons.extend(part.addons.into_iter().map(Rc::new));
        fleet.profiles.extend(part.profiles);
        fleet.schemas.extend(part.schemas);
        fleet.layers.extend(part.layers);
        fleet.reads.extend(part.reads);
        let name = part.metadata.map(|metadata| metadata.name);
        set_once(&mut fleet.name, name, "metadata", diags);
        set_once(&mut fleet.source, part.source, "source", diags);
        set_once(&mut fleet.deliver, part.deliver, "deliver", diags);
        set_once(
            &mut fleet.cells,
            part.cells.map(|cells| cells.label),
            "cells",
            diags,
        );
        set_once(&mut safety, part.safety, "safety", diags);
    }
    fleet.safety = safety.map(|safety| safety.value).unwrap_or_default();
    groups::report_twins(&fleet.groups, diags);
    addon::report_twins(&fleet.addons, diags);
    if let Some(fleet_name) = &fleet.name {
        report_label_taken(fleet_name.span, &fleet.addons, diags);
    }
    Some(fleet)
}

/// Reports an add-on whose variants would be in the label with the name of the fleet.
fn report_label_taken(named_at: Span, addons: &[Rc<AddOn>], diags: &mut Diagnostics) {
    for addon in addons.iter().filter(|addon| *addon.name.value == *"fleet") {
        let message = "`fleet` is not a valid add-on name: the label `kubectl-fleet.io/fleet` is reserved for the fleet name";
        diags.push(
            Diagnostic::new(Code::InvalidName, addon.name.span, message)
                .related(named_at, "name of the fleet")
                .help("choose another name"),
        );
    }
}

fn set_once<T>(
    known: &mut Option<Spanned<T>>,
    value: Option<Spanned<T>>,
    key: &str,
    diags: &mut Diagnostics,
) {
    if let (Some(first), Some(second)) = (&*known, &value) {
        let message = format!("`{key}` is set in two files");
        diags.push(
            Diagnostic::new(Code::InvalidValue, second.span, message)
                .related(first.span, "first set here")
                .help("remove one of them"),
        );
    }
    *known = known.take().or(value);
}
