//! Reads one file of a list. Its contents determine its format.

use std::iter::Peekable;
use std::slice::Iter;

use jsonptr::{Pointer, PointerBuf};

use super::existing;
use super::kind::ListKind;
use super::mapping::{ConfigMapValue, parse_config_map_value};
use super::member::{Fields, Member};
use super::text::{check_string, check_strings};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::source::{Span, Spanned};
use crate::tree::{Entry, Node, Shape, Value};

/// A list file, and how the entry of `fleet.yaml` that names it reads it.
#[derive(Clone, Copy, Debug)]
pub(super) struct ListFile<'a> {
    /// Contents of the file.
    pub(super) text: &'a str,
    /// Whether the whole document is a single member.
    pub(super) is_single: bool,
    /// JSON Pointer to the members in an object.
    pub(super) at: Option<&'a Spanned<PointerBuf>>,
    /// Name of the file without its extension: the name of a member that is a whole file.
    pub(super) stem: &'a str,
    /// Location of the beginning of the file.
    pub(super) start: Span,
    /// Whether a member can be a string.
    pub(super) accepts_string: bool,
    /// Kind of the list.
    pub(super) kind: ListKind,
}

/// Reads the members of one list file. Adds the locations of documents without members to `empty`.
pub(super) fn read(
    documents: &[Node],
    file: ListFile<'_>,
    empty: &mut Vec<Span>,
    diags: &mut Diagnostics,
) -> Vec<Member> {
    let mut members = Vec::new();
    if file.kind == ListKind::Existing {
        let before = diags.errors();
        for document in documents {
            existing::members(document, &mut members, diags);
        }
        // The other objects of a file are those of its clusters.
        let is_empty = members.is_empty() && diags.errors() == before;
        empty.extend(
            documents
                .first()
                .map(|document| document.span)
                .filter(|_| is_empty),
        );
        return members;
    }
    for document in documents {
        let before = (members.len(), diags.errors());
        match file.at {
            Some(at) => members.extend(members_at(document, at, file, diags)),
            None => document_members(document, file, &mut members, diags),
        }
        if before == (members.len(), diags.errors()) {
            empty.push(document.span);
        }
    }
    members
}

/// Reads the members at `at` in an object: a mapping is one member, and so is each mapping in a sequence.
fn members_at(
    document: &Node,
    at: &Spanned<PointerBuf>,
    file: ListFile<'_>,
    diags: &mut Diagnostics,
) -> Vec<Member> {
    let found = value_at(document, &at.value);
    let head = document
        .entries()
        .and_then(<[_]>::first)
        .map_or(document.span, |entry| entry.key.span);
    let Some(found) = found else {
        let message = format!("`at: {}` does not exist in this document", at.value);
        diags.push(
            Diagnostic::new(Code::NotAList, head, message)
                .related(at.span, "the pointer")
                .help("correct the pointer, or add the value to the document"),
        );
        return Vec::new();
    };
    if let Some(items) = found.items() {
        let members = items.iter().filter_map(|item| item_member(item, diags));
        return members.collect();
    }
    let Some(entries) = found.entries() else {
        let message = format!(
            "`at` must point to a mapping or a sequence of mappings, not {}",
            found.shape()
        );
        diags.push(
            Diagnostic::new(Code::NotAList, found.span, message)
                .related(at.span, "the pointer")
                .help("set `at` to the pointer of the members"),
        );
        return Vec::new();
    };
    check_strings(found, diags);
    vec![Member::new(
        Some(file.stem.into()),
        entries.first().map_or(head, |entry| entry.key.span),
        Fields::Mapping(entries.to_vec()),
    )]
}

/// Returns the value at a JSON Pointer; null counts as absent.
pub fn value_at<'a>(document: &'a Node, at: &Pointer) -> Option<&'a Node> {
    let found = at.tokens().try_fold(document, |node, token| {
        let key = token.decoded();
        match node.items() {
            Some(items) => items.get(key.parse::<usize>().ok()?),
            None => node.get(&key),
        }
    });
    found.filter(|found| !found.is_null())
}

/// Returns `true` if a document is a `ConfigMap`, whose `data` contains the members.
pub fn is_config_map(document: &Node) -> bool {
    let text = |key: &str| document.get(key).and_then(Node::text);
    (text("apiVersion"), text("kind")) == (Some("v1"), Some("ConfigMap"))
}

fn document_members(
    document: &Node,
    file: ListFile<'_>,
    members: &mut Vec<Member>,
    diags: &mut Diagnostics,
) {
    if let Some(items) = document.items() {
        members.extend(items.iter().filter_map(|item| item_member(item, diags)));
        return;
    }
    let Some(entries) = document.entries() else {
        let message = format!(
            "a list must be a ConfigMap, a mapping or a sequence of mappings, not {}",
            document.shape()
        );
        let help = "write a mapping of members, such as `alice: {TIER: large}`";
        diags.push(Diagnostic::new(Code::NotAList, document.span, message).help(help));
        return;
    };
    let object = document.get("apiVersion").zip(document.get("kind"));
    match object.and_then(|(version, kind)| version.text().zip(kind.text())) {
        Some(_) if is_config_map(document) => {
            check_config_map_keys(entries, diags);
            let Some(data) = document.get("data").filter(|data| !data.is_null()) else {
                return;
            };
            let Some(entries) = data.entries() else {
                let message = format!("`data` must be a mapping, not {}", data.shape());
                let help = "write a mapping of members, such as `alice: large`";
                diags.push(Diagnostic::new(Code::WrongType, data.span, message).help(help));
                return;
            };
            check_merged(entries, diags);
            members.reserve(entries.len());
            for entry in entries {
                match parse_config_map_value(&entry.value, file.text, file.accepts_string, diags) {
                    ConfigMapValue::String => members.extend(member(entry, true, diags)),
                    ConfigMapValue::Mapping(value) => {
                        let key = entry.key.clone();
                        members.extend(member(&Entry { key, value }, false, diags));
                    }
                    ConfigMapValue::Invalid => {}
                }
            }
        }
        Some((version, kind)) => {
            let message = format!("`{kind}` of `{version}` is not a list");
            let help = if existing::is_cluster(document) {
                "if this file contains only manifests of existing Clusters, set `existing: true` next to its `list`; otherwise remove the manifest"
            } else {
                "use a v1 ConfigMap or a mapping of members, or set `at` to the pointer of the members in the object"
            };
            diags.push(Diagnostic::new(Code::NotAList, document.span, message).help(help));
        }
        None if file.is_single => {
            let fields: Vec<Entry> = entries.to_vec();
            check_strings(document, diags);
            members.push(Member::new(
                Some(file.stem.into()),
                file.start,
                Fields::Mapping(fields),
            ));
        }
        None => {
            check_merged(entries, diags);
            let mut entries = entries.iter().peekable();
            while let Some(entry) = entries.next() {
                let fields = take_fields(entry, &mut entries, file);
                match fields.first() {
                    Some(first) => report_not_indented(entry, first, diags),
                    None => members.extend(member(entry, false, diags)),
                }
            }
        }
    }
}

/// Reports members that `<<` copies from the fields of another member: who edits that one would remove them.
fn check_merged(entries: &[Entry], diags: &mut Diagnostics) {
    let mut end = 0;
    for entry in entries {
        let span = entry.key.span;
        // Written members follow each other.
        if span.start < end {
            let name = entry.key.text.source_text();
            let message = format!("member `{name}` must not come from another entry through `<<`");
            let help = "write each member in the list; `<<` can set the fields of a member";
            diags.push(Diagnostic::new(Code::InvalidMerge, span, message).help(help));
            return;
        }
        end = entry.value.span.end.max(span.end);
    }
}

/// Takes the entries after a member without fields that cannot be members, but can be its fields.
fn take_fields<'a>(
    entry: &Entry,
    rest: &mut Peekable<Iter<'a, Entry>>,
    file: ListFile<'_>,
) -> Vec<&'a Entry> {
    let mut fields = Vec::new();
    if entry.value.is_null() && !file.accepts_string {
        let is_field = |next: &&Entry| {
            let shape = next.value.shape();
            !matches!(shape, Shape::Null | Shape::Mapping)
        };
        fields.extend(std::iter::from_fn(|| rest.next_if(is_field)));
    }
    fields
}

/// Reports fields that are written next to their member.
fn report_not_indented(entry: &Entry, first: &Entry, diags: &mut Diagnostics) {
    let [name, field] = [entry, first].map(|entry| entry.key.text.source_text());
    let message = format!(
        "`{field}` is at the level of the members: it cannot be a member, and `{name}` before it has no fields"
    );
    let help = format!("indent the fields of `{name}`");
    let diagnostic = Diagnostic::new(Code::WrongType, first.key.span, message);
    diags.push(diagnostic.related(entry.key.span, "the member").help(help));
}

/// Reports unknown keys of a `ConfigMap`: if `data` were misspelled, the list would be empty.
fn check_config_map_keys(entries: &[Entry], diags: &mut Diagnostics) {
    const KEYS: [&str; 6] = [
        "apiVersion",
        "kind",
        "metadata",
        "data",
        "binaryData",
        "immutable",
    ];
    for entry in entries {
        let key = entry.key.text.literal().unwrap_or_default();
        if !KEYS.contains(&key) {
            let message = format!("unknown key `{key}` in a ConfigMap");
            let help = diags.suggestions.did_you_mean(key, || KEYS);
            diags.push(Diagnostic::new(Code::UnknownKey, entry.key.span, message).help(help));
        }
    }
}

/// Reads an item of a sequence as a member. Its `key` field contains its name.
fn item_member(item: &Node, diags: &mut Diagnostics) -> Option<Member> {
    check_strings(item, diags);
    let Some(entries) = item.entries() else {
        let message = format!("a member must be a mapping of fields, not {}", item.shape());
        let diagnostic = Diagnostic::new(Code::WrongType, item.span, message);
        diags.push(match item.text() {
            Some(text) if !text.is_empty() => diagnostic.help(format!(
                "write `- name: {text}`, with the field that `key` of this list names"
            )),
            _ => diagnostic.help("write a mapping of fields, such as `- name: alice`"),
        });
        return None;
    };
    let fields = Fields::Mapping(entries.to_vec());
    Some(Member::new(None, item.span, fields))
}

fn member(entry: &Entry, has_string_values: bool, diags: &mut Diagnostics) -> Option<Member> {
    let name = entry.key.text.literal().unwrap_or_default();
    let span = entry.key.span;
    check_string(name, span, diags);
    check_strings(&entry.value, diags);
    let fields = match (&entry.value.value, entry.value.shape()) {
        (_, Shape::String) => Fields::Text(entry.value.clone()),
        (_, found) if has_string_values => {
            let message = format!("a value of a ConfigMap must be a string, not {found}");
            let help = match entry.value.text() {
                Some(text) => format!("quote it: \"{text}\""),
                _ => "the API server rejects this ConfigMap; use a file with a mapping of members"
                    .to_owned(),
            };
            diags.push(Diagnostic::new(Code::WrongType, entry.value.span, message).help(help));
            return None;
        }
        (Value::Mapping(fields), _) => Fields::Mapping(fields.to_vec()),
        (_, Shape::Null) => Fields::Mapping(Vec::new()),
        (_, found) => {
            let message = format!("a member must be a string or a mapping of fields, not {found}");
            let diagnostic = Diagnostic::new(Code::WrongType, entry.value.span, message);
            diags.push(match entry.value.text() {
                Some(text) => diagnostic.help(format!("quote it: \"{text}\"")),
                None => diagnostic.help("write a mapping, such as `{TIER: large}`"),
            });
            return None;
        }
    };
    Some(Member {
        has_string_values,
        ..Member::new(Some(entry.key.text.source_text()), span, fields)
    })
}
