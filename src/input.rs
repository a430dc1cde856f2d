//! Files of the fleet as written: values are typed and have their locations, and no name is resolved.

pub mod addon;
pub mod clusters;
pub mod delivery;
pub mod dotenv;
pub mod empty;
pub mod fleet;
mod fleet_source;
mod form;
pub mod groups;
pub mod key;
pub mod list;
pub mod lock;
pub mod members;
pub mod patch;
pub mod profile;
pub(crate) mod read;
pub mod safety;
pub mod selector;
pub mod shared;
pub mod templates;
mod typed;

use std::collections::BTreeSet;

use crate::diagnostic::{Code, Diagnostic, Diagnostics, ErrorsReported};
use crate::files::{Files, names};
use crate::kinds::{NotADefinition, Schemas};
use crate::source::{FileId, Span, Spanned};
use crate::template;
use crate::tree::Node;
use crate::yaml::{self, NoMask};
use clusters::Clusters;
use empty::empty;
use fleet::{Fleet, FleetFile};
use list::{ListKind, MemberList};
use profile::{Profile, ProfileKind};

/// Reads `fleet.yaml` and the files that it includes.
///
/// # Errors
///
/// Returns an error if `fleet.yaml` cannot be used; the reason is in `diags`.
pub fn read_fleet(files: &mut Files, diags: &mut Diagnostics) -> Result<Fleet, ErrorsReported> {
    let file = files.read(names::FLEET, None).map_err(|diagnostic| {
        let is_missing = diagnostic.code == Code::NoSuchFile;
        diags.push(if is_missing {
            let named = ["fleet.yml", "Fleet.yaml"]
                .into_iter()
                .find(|name| files.has(name));
            let help = match named {
                Some(named) => format!("rename {named} to fleet.yaml"),
                None => {
                    "run the command in the directory that contains it, or with `-C DIR`".to_owned()
                }
            };
            Diagnostic::without_location(Code::NoFleet, "the directory does not contain fleet.yaml")
                .help(help)
        } else {
            diagnostic
        });
        ErrorsReported
    })?;
    let mut parts = Vec::new();
    part(file, files, &mut BTreeSet::from([file]), &mut parts, diags);
    fleet::merge_files(parts, diags).ok_or(ErrorsReported)
}

/// Reads one file of the fleet, then the files that it includes.
fn part(
    file: FileId,
    files: &mut Files,
    known: &mut BTreeSet<FileId>,
    parts: &mut Vec<Option<FleetFile>>,
    diags: &mut Diagnostics,
) {
    let what = if parts.is_empty() {
        names::FLEET
    } else {
        "an included file"
    };
    let documents = template::parse(file, &files.sources, diags);
    let part = documents.and_then(|documents| fleet::read(file, what, &documents, diags));
    let included = part.as_ref().map(|part| part.include.clone());
    parts.push(part);
    for Spanned { value, span } in included.unwrap_or_default() {
        let before = diags.errors();
        let paths = matching(files, &value, span, diags);
        if diags.errors() > before {
            parts.push(None);
        }
        for path in paths {
            match files.read(&path, Some(span)) {
                Ok(file) if known.insert(file) => self::part(file, files, known, parts, diags),
                Ok(_) => {
                    let message = format!("`{path}` is already part of the fleet");
                    let help = "include each file only once, and never include fleet.yaml";
                    diags.push(Diagnostic::new(Code::InvalidValue, span, message).help(help));
                }
                Err(diagnostic) => {
                    diags.push(diagnostic);
                    parts.push(None);
                }
            }
        }
    }
}

/// Returns the files that match a path or pattern in `fleet.yaml`.
fn matching(files: &mut Files, path: &str, span: Span, diags: &mut Diagnostics) -> Vec<String> {
    let path = files.relative(path, span);
    files.glob(&path, span).unwrap_or_else(|diagnostic| {
        diags.push(diagnostic);
        Vec::new()
    })
}

/// Reads the files of `profiles`; objects of some `kinds` select clusters.
pub fn read_profiles(
    files: &mut Files,
    fleet: &Fleet,
    kinds: &[ProfileKind],
    diags: &mut Diagnostics,
) -> Vec<Profile> {
    let allow_empty = fleet.safety.allow_empty;
    let mut profiles = Vec::new();
    for Spanned { value, span } in &fleet.profiles {
        for path in matching(files, value, *span, diags) {
            match files.read(&path, Some(*span)) {
                Ok(file) => profiles.extend(objects(files, file, *span, allow_empty, diags)),
                Err(diagnostic) => diags.push(diagnostic),
            }
        }
    }
    profiles
        .iter()
        .map(|object| profile::read(object, kinds, diags))
        .collect()
}

/// Returns the documents of a file whose objects are copied unchanged; `referenced_at` is where it is named.
pub(crate) fn objects(
    files: &Files,
    file: FileId,
    referenced_at: Span,
    allow_empty: bool,
    diags: &mut Diagnostics,
) -> Vec<Node> {
    let text = files.sources.text(file);
    let Some(documents) = yaml::parse(file, &text, &NoMask, diags) else {
        return Vec::new();
    };
    if documents.is_empty() && !allow_empty {
        let path = files.sources.path(file);
        diags.push(empty(
            referenced_at,
            &format!("`{path}` contains no object"),
        ));
    }
    documents
}

/// Returns the built-in schemas and those of the CustomResourceDefinitions in the files of `schemas`.
pub fn read_schemas(files: &mut Files, fleet: &Fleet, diags: &mut Diagnostics) -> Schemas {
    let mut schemas = Schemas::new();
    for Spanned { value, span } in &fleet.schemas {
        for path in matching(files, value, *span, diags) {
            let file = match files.read(&path, Some(*span)) {
                Ok(file) => file,
                Err(diagnostic) => {
                    diags.push(diagnostic);
                    continue;
                }
            };
            // Warnings about strings that parsers read differently do not concern definitions.
            let mut found = Diagnostics::default();
            found.parsed = diags.parsed;
            let documents = objects(files, file, *span, false, &mut found);
            diags.parsed = found.parsed;
            let errors = found.into_sorted().into_iter();
            errors
                .filter(Diagnostic::is_error)
                .for_each(|error| diags.push(error));
            for document in documents {
                add_definitions(&mut schemas, &document, diags);
            }
        }
    }
    schemas
}

/// Adds the CustomResourceDefinition of a document, or those of a `List`, which kubectl prints.
fn add_definitions(schemas: &mut Schemas, document: &Node, diags: &mut Diagnostics) {
    let is_list = document.get("kind").and_then(Node::text) == Some("List");
    if let Some(items) = document
        .get("items")
        .and_then(Node::items)
        .filter(|_| is_list)
    {
        for item in items {
            add_definitions(schemas, item, diags);
        }
        return;
    }
    if let Err(problem) = schemas.add_definition(document) {
        let message = match problem {
            NotADefinition::Kind => {
                "the document is not a CustomResourceDefinition of `apiextensions.k8s.io/v1`"
                    .to_owned()
            }
            NotADefinition::Field(field) => format!("the CustomResourceDefinition lacks `{field}`"),
        };
        let help = "write what `kubectl get crd NAME -o yaml` prints";
        diags.push(Diagnostic::new(Code::NotADefinition, document.span, message).help(help));
    }
}

/// Reads the list of each `clusters` entry.
pub fn read_clusters(files: &mut Files, fleet: &Fleet, diags: &mut Diagnostics) -> Vec<MemberList> {
    let allow_empty = fleet.safety.allow_empty;
    let entries = fleet.clusters.iter();
    let read = |entry: &Clusters| {
        let kind = if entry.existing {
            ListKind::Existing
        } else {
            ListKind::Members
        };
        list::read(files, &entry.members, kind, allow_empty, diags)
    };
    entries.map(read).collect()
}

/// Reads the list of each `groups` entry; `None` if the entry has no list.
pub fn read_groups(
    files: &mut Files,
    fleet: &Fleet,
    diags: &mut Diagnostics,
) -> Vec<Option<MemberList>> {
    let allow_empty = fleet.safety.allow_empty;
    let entries = fleet.groups.iter();
    let mut read = |members| list::read(files, members, ListKind::Members, allow_empty, diags);
    entries
        .map(|entry| entry.members.as_ref().map(&mut read))
        .collect()
}
